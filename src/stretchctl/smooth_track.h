/*
 * Orientation of a whole recording at once, for `replay --smooth`: the filter
 * forwards and backwards over every sensor, kept as up directions by row.
 */
#ifndef STRETCH_STRETCHCTL_SMOOTH_TRACK_H
#define STRETCH_STRETCHCTL_SMOOTH_TRACK_H

#include "linux/problem.h"
#include "stretch/session.h"

struct smooth_track {
	struct vec3 *up[SITE_COUNT]; /* by row; NULL: that sensor is not used */
	size_t count;                /* rows */
};

/*
 * Reads path and smooths what inputs->mode uses, calibrated by the inputs. Returns 0
 * or a negative error as recording_open does, -ENOMEM without memory.
 */
int smooth_track_build(struct smooth_track *track, const char *path,
	const struct session_inputs *inputs, struct problem *problem);

void smooth_track_free(struct smooth_track *track);

#endif
