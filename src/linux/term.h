/*
 * The live view in a terminal, for --foreground and `stretchctl replay`.
 *
 * On a terminal a few lines are redrawn in place; elsewhere (pipe, file, journal)
 * one plain line per change of state or LED, and one a second at most otherwise.
 * Colour: only on a terminal, NO_COLOR unset, TERM not "dumb". Blocks and dots
 * of Unicode: only where the locale's codeset is UTF-8, else ASCII.
 *
 * The width is asked for at every redraw, so a resized window needs no signal.
 * A caller that wants Unicode need not call setlocale(): the environment's locale
 * is looked at without taking it on.
 */
#ifndef STRETCH_LINUX_TERM_H
#define STRETCH_LINUX_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "stretch/lamp.h"

#define TERM_WIDTH_MIN 40
#define TERM_WIDTH_MAX 200
#define TERM_LINES_MAX 6
#define TERM_LINE_BYTES 1024 /* holds a line of 200 columns with colours */

struct term_title {
	const char *exercise, *side;
	const char *source; /* "simulated", "replayed", "" for real sensors */
	double speed;       /* shown when it is not 1 */
};

/* NAN and NULL are "nothing to show". */
struct term_view {
	double t_s, angle_deg, band_low_deg, band_high_deg;
	double counted_s, prescribed_s;
	const char *state;  /* "counting" */
	const char *led;    /* id of the pattern, "count" */
	const char *advice; /* plain words: "hold still" */
	const char *pelvis; /* verdict, NULL without a pelvis sensor */
	struct lamp lamp;
	int hold_index, holds, holds_done; /* as term_hold_words(); index 0: not shown */
};

struct term_style {
	bool in_place, colour, utf8;
	int columns;
};

struct term;

#define TERM_WORDS_MAX 64

/*
 * "hold 4, 2 of 3 done": a short one is done again, so that there may be more of them than
 * are planned; "hold 4" where none are (holds 0).
 */
void term_hold_words(int hold, int holds, int done, char *text, size_t size);

/* Starts a view on out, which stays the caller's. NULL: no memory. */
struct term *term_open(FILE *out, const struct term_title *title);

/* Redraws, or prints a line where one is due. 0, or -errno of the write. */
int term_show(struct term *term, const struct term_view *view);

/* Leaves the last view standing, cursor below it and visible. NULL allowed. */
void term_close(struct term *term);

/* What kind of terminal out is, from the system, TERM, NO_COLOR, the locale. */
struct term_style term_style_of(FILE *out);

/*
 * The drawing itself: fills lines with at most TERM_LINES_MAX lines, none wider
 * than style->columns (clamped to 40..200), and returns how many.
 */
int term_draw(const struct term_style *style, const struct term_title *title,
	const struct term_view *view, char lines[TERM_LINES_MAX][TERM_LINE_BYTES]);

/* One plain line without a newline. */
void term_plain(const struct term_view *view, char line[TERM_LINE_BYTES]);

/* Columns that text takes: UTF-8 counted by character, colours not at all. */
int term_columns(const char *text);

#endif
