/*
 * The dialogue of a calibration: what the sensor does, how far it is, what to do
 * next. On a terminal one line is redrawn in place; elsewhere one line a window.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_GUIDE_H
#define STRETCH_STRETCHCTL_CALIB_GUIDE_H

#include <stdio.h>

#include "stretch/calib_collect.h"

struct calib_guide {
	FILE *out;
	bool in_place;
	int columns;
	int32_t parameters; /* what is aimed at: 6 or 9 */
	double window_s;
	int32_t shown; /* windows that have their line */
	int32_t next;  /* named direction asked for; -1: none yet, or enough */
	int64_t drawn_us;
	bool due;           /* something new is to be shown */
	enum calib_now now; /* as drawn last */
};

void calib_guide_begin(struct calib_guide *guide, FILE *out, int32_t parameters,
	const struct calib_collect_param *param);

/* After each sample. */
void calib_guide_step(
	struct calib_guide *guide, const struct calib_collect *collect, int64_t t_us);

/* Leaves the line; before the verdict is printed. */
void calib_guide_end(struct calib_guide *guide, const struct calib_collect *collect);

/* The line of the moment, without a newline: state, progress, count. */
void calib_guide_line(const struct calib_guide *guide,
	const struct calib_collect *collect, char *text, size_t size);

#endif
