/*
 * What a guide says, on a terminal or as plain text.
 *
 * A guide is a step function: state and sample in, text out. Lines stay; the status
 * is the line of the moment. On a terminal it is redrawn in place, elsewhere it comes
 * as a line now and then, when nothing else was said.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_SCREEN_H
#define STRETCH_STRETCHCTL_CALIB_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define GUIDE_LINES_MAX 6
#define GUIDE_LINE_BYTES 640

struct guide_text {
	int count;
	char line[GUIDE_LINES_MAX][GUIDE_LINE_BYTES];
	bool status_changed; /* another word: worth a redraw at once */
	char status[160];
};

/* Empties it; a guide's step does that first. */
void guide_text_clear(struct guide_text *text);

/* One line more, without newline; one too many is left out. */
void guide_text_add(struct guide_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "[###.......]" for a part of 0..1, into 13 bytes. */
void guide_bar(char bar[13], double part);

struct guide_screen {
	FILE *out;
	bool in_place;
	int columns;
	bool begun;
	int64_t drawn_us, said_us; /* status redrawn; anything said as plain text */
};

void guide_screen_open(struct guide_screen *screen, FILE *out);

/* t_us: of the sample. */
void guide_screen_show(
	struct guide_screen *screen, const struct guide_text *text, int64_t t_us);

/* Leaves the line, before the verdict is printed. */
void guide_screen_close(struct guide_screen *screen);

#endif
