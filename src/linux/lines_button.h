/*
 * One push button behind a GPIO line: contact bounce taken out, one descriptor.
 *
 * With interrupts: an edge starts a 10 ms timer, every further edge starts it
 * anew, and the level is looked at when it runs out. Without: the level is read
 * every 10 ms and believed when it is the same twice.
 */
#ifndef STRETCH_LINUX_LINES_BUTTON_H
#define STRETCH_LINUX_LINES_BUTTON_H

#include "lines_backend.h"

struct button {
	struct backend_request *request;
	int poll_fd, timer_fd;
	bool edges;
	int reported; /* level that the caller knows */
	int seen;     /* polled: level of the last look */
	bool moving;
	int64_t moved_ns;
};

/* 0 or -errno; nothing is left open then. The request stays the caller's. */
int button_open(struct button *button, struct backend_request *request);

/* As lines_button_read(). */
int button_read(struct button *button, struct line_edge *edge);

void button_close(struct button *button);

#endif
