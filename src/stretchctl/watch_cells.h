/*
 * What the full-screen view is made of: cells, and letters, words and large digits put
 * into them. Whatever falls outside the screen is left out.
 */
#ifndef STRETCH_STRETCHCTL_WATCH_CELLS_H
#define STRETCH_STRETCHCTL_WATCH_CELLS_H

#include "stretchctl/watch_view.h"

#define WATCH_DIGIT_ROWS 5

void watch_put(struct watch_cells *cells, int row, int column, const char *text,
	int style);

/* Columns from to to - 1. */
void watch_fill(struct watch_cells *cells, int row, int from, int to, char glyph,
	int style);

/* Words from row on, broken at blanks; none from row end on. The rows that they want. */
int watch_words(struct watch_cells *cells, int row, int end, const char *text,
	int style);

/* Digits, '-' and '.' of blocks, WATCH_DIGIT_ROWS * scale high. */
void watch_digits(struct watch_cells *cells, int row, int column, const char *text,
	int scale, int style);

/* Dots are one block wide, digits three, with one block between. */
int watch_digits_width(const char *text, int scale);

#endif
