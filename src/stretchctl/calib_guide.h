/*
 * The dialogue of a calibration: what the sensor does, how far it is, which directions
 * are missing. A step function over the collector: see calib_screen.h for who prints.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_GUIDE_H
#define STRETCH_STRETCHCTL_CALIB_GUIDE_H

#include "stretch/calib_collect.h"
#include "stretchctl/calib_screen.h"

struct calib_guide {
	int32_t parameters; /* what is aimed at: 6 or 9 */
	double window_s;
	int32_t shown;   /* windows that have their line */
	int32_t next;    /* named direction asked for; -1: none yet, or enough */
	int32_t missing; /* directions, or faces to be taken again */
	bool asked;      /* next is known */
	enum calib_now now;
};

/* Begins; text gets how to hold the sensor. */
void calib_guide_begin(struct calib_guide *guide, int32_t parameters,
	const struct calib_collect_param *param, struct guide_text *text);

/* After each sample: new lines, and the status of the moment. */
void calib_guide_step(struct calib_guide *guide, const struct calib_collect *collect,
	struct guide_text *text);

#endif
