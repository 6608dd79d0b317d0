/*
 * LEDs, buzzer and button as one thing that may be pulled out and plugged in again.
 *
 * A USB adapter takes its lines along when it goes. Then nothing is lit and nothing is
 * pressed until the same names are there again: looked for once a second, taken, and
 * lit as they should be by then. All lines are taken or none, so that those on another
 * chip are taken anew too.
 */
#ifndef STRETCH_LINUX_PANEL_H
#define STRETCH_LINUX_PANEL_H

#include "lamp.h"

enum panel_news { PANEL_SAME, PANEL_GONE, PANEL_BACK };

struct panel {
	struct lamp_driver lamps;
	struct line_request requests[LINES_MAX]; /* names stand in the settings */
	size_t count;                            /* 0: none is wired */
	const char *consumer;
	struct lines *lines; /* NULL: none wired, or gone */
	bool lost;           /* an answer said that the chip is no more */
	int64_t look_us;     /* not looked after before */
	uint64_t losses;
};

/*
 * Takes the lines that the settings ask for, which must stay in their place. 0 or
 * what lines_open says; after an error too panel_show looks whether they have come.
 * Without any wired line it is 0, and the rest does nothing.
 */
int panel_open(struct panel *panel, const struct settings *settings,
	const char *consumer, struct problem *problem);

/*
 * Shows the picture, and once a second looks after the lines. now_us is
 * CLOCK_MONOTONIC. PANEL_GONE: the lines were closed, panel_button_fd() is another
 * one; PANEL_BACK: they are open again.
 */
enum panel_news panel_show(
	struct panel *panel, const struct lamp *lamp, int64_t now_us);

/* Wired, but not there: a failed panel_open, or gone since. */
bool panel_missing(const struct panel *panel);

/* To poll for reading; -1 while there is no button. */
int panel_button_fd(const struct panel *panel);

/* As lines_button_read; -ENODEV: it is gone, do not poll that descriptor any more. */
int panel_button_read(struct panel *panel, struct line_edge *edge);

/* All dark, and released. */
void panel_close(struct panel *panel);

#endif
