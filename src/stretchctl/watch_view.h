/*
 * What the daemon says, as one struct: for `status`, `watch` and its plain lines.
 *
 * watch_hear takes an object of the control socket; watch_draw makes cells of the
 * struct and a size, and knows nothing of terminals: so it can be tried at any size.
 */
#ifndef STRETCH_STRETCHCTL_WATCH_VIEW_H
#define STRETCH_STRETCHCTL_WATCH_VIEW_H

#include <jansson.h>
#include <stdbool.h>

#include "stretch/sample.h"

#define WATCH_WORD 32
#define WATCH_TEXT 160
#define WATCH_COLUMNS 200 /* a larger screen keeps a margin */
#define WATCH_ROWS 60

/* Numbers that are not known are NAN, counts 0, texts "". */
struct watch_view {
	bool connected;
	char notice[4 * WATCH_TEXT]; /* without a connection, or the answer to a key */
	bool waiting;            /* no session runs */
	char why[4 * WATCH_TEXT]; /* and why not */

	char exercise[WATCH_WORD], side[WATCH_WORD], wearer[WATCH_WORD + 1];
	char session[96];
	int step, steps;

	double t_s, angle_deg, band_low_deg, band_high_deg, counted_s, prescribed_s;
	double pelvis_tilt_deg;
	int hold, holds, holds_done;
	char told[WATCH_TEXT];   /* a hold that is on the disk; the reader clears it */
	char state[WATCH_WORD], led[WATCH_WORD], advice[WATCH_TEXT];
	char pelvis[WATCH_WORD], pelvis_method[WATCH_WORD];
	char method[WATCH_WORD], confidence[WATCH_WORD];
	char flags[2 * WATCH_TEXT];
	bool red, amber, green, buzzer;

	char source[WATCH_TEXT], storage_error[WATCH_TEXT], clock_source[WATCH_WORD];
	char sensor[SITE_COUNT][WATCH_TEXT]; /* "thigh: MPU-6050 at 0x68, 101.2/s, ok" */
	double gaps, clients;
};

void watch_clear(struct watch_view *view);

/* A line of the daemon: hello, session, row, hold, answer to watch or status, error.
 * Returns true when it had a row. */
bool watch_hear(struct watch_view *view, const json_t *object);

/* "still below target: 43 of 50 deg" while the leg is to be up, else the band; "" when
 * there is none. */
void watch_target(const struct watch_view *view, char *text, size_t size);

/* One line for a pipe, without newline. */
void watch_line(const struct watch_view *view, char *text, size_t size);

/* ---- drawing ---- */

enum watch_style {
	WATCH_PLAIN = 0,
	WATCH_RED = 1,
	WATCH_AMBER = 2,
	WATCH_GREEN = 3,
	WATCH_COLOUR = 3, /* mask */
	WATCH_BOLD = 4,
	WATCH_REVERSE = 8,
	WATCH_DIM = 16
};

struct watch_cell {
	char glyph; /* printable ASCII */
	unsigned char style;
};

struct watch_cells {
	int columns, rows;
	struct watch_cell cell[WATCH_ROWS][WATCH_COLUMNS];
};

/* Fills all cells of a screen that size; larger than the limits is cut. */
void watch_draw(const struct watch_view *view, int columns, int rows,
	struct watch_cells *cells);

#endif
