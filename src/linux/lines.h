/*
 * GPIO lines for LEDs, buzzer and button, whichever libgpiod is installed.
 *
 * lines_gpiod1.c speaks the API of libgpiod 1.x, lines_gpiod2.c that of 2.x; the
 * Makefile compiles exactly one. A line is named by its line name ("GPIO17") or
 * by chip label and offset ("pinctrl-bcm2835:17"): chip numbers change between
 * kernels and are not accepted.
 *
 * Outputs are taken dark and made dark before they are released. On many
 * kernels a released line stays driven as it was.
 */
#ifndef STRETCH_LINUX_LINES_H
#define STRETCH_LINUX_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define LINES_MAX 8
#define LINES_LABEL_MAX 65

enum line_direction {
	LINE_OUTPUT, /* starts dark */
	LINE_BUTTON, /* input, pulled towards "not pressed" where the chip can */
	LINE_PULSES  /* input whose rising edges are wanted; driven by what is on it */
};

struct line_request {
	const char *name;
	enum line_direction direction;
	bool active_low;
};

struct line_edge {
	int64_t t_ns; /* CLOCK_MONOTONIC when the contact first moved */
	bool pressed; /* the new level, active_low applied, after it settled */
};

struct lines;

/*
 * Takes all count (at most LINES_MAX) lines or none. At most one is a button.
 * Returns 0, or -errno with what is wrong and what to do in problem: -ENOENT no
 * such line or chip, -ENOTUNIQ on several chips, -EBUSY somebody else has it,
 * -EACCES no right, -ENODEV no GPIO chip at all, -EINVAL a bad name or one line
 * twice, or what the kernel said.
 */
int lines_open(struct lines **lines, const struct line_request *requests,
	size_t count, const char *consumer, struct problem *problem);

/* Sets output number index. 0 or -errno. */
int lines_set(struct lines *lines, size_t index, bool on);

/* Level of line number index: 1 or 0 with active_low applied, or -errno. */
int lines_get(struct lines *lines, size_t index);

/* To poll for reading; -1 without a button. */
int lines_button_fd(const struct lines *lines);

/*
 * The button's new level, once it has been the same for 10 ms: 1 and *edge, 0
 * when nothing is new, -errno. A chip without interrupts is polled behind the
 * same descriptor.
 */
int lines_button_read(struct lines *lines, struct line_edge *edge);

/*
 * Rising edges of a LINE_PULSES that came since the last call: how many, and the
 * kernel's CLOCK_MONOTONIC time of the newest; or -errno. The kernel keeps sixteen.
 */
int lines_pulses(struct lines *lines, size_t index, int64_t *newest_ns);

/*
 * Is the chip of a line no longer the one that the line was taken from? It was pulled
 * out then, and may be back: all lines have to be closed and opened again. No line is
 * touched for the answer.
 */
bool lines_gone(const struct lines *lines);

/* Outputs dark, all lines released. NULL is allowed. */
void lines_close(struct lines *lines);

/*
 * Splits "label:offset". 1 and both parts for such a name, 0 for a plain line
 * name, -EINVAL for neither (empty, over-long, an offset that is no number).
 */
int lines_name_split(const char *name, char label[LINES_LABEL_MAX],
	unsigned int *offset);

/* The library behind it: "1.6.3 (API 1)". */
const char *lines_library(void);

#endif
