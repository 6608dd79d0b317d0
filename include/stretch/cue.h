/*
 * Is the other leg raised? No sensor can tell which leg it is on, but that this thigh
 * has not moved for a minute after it was asked to rise, it can.
 */
#ifndef STRETCH_CUE_H
#define STRETCH_CUE_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/vec.h"

#define CUE_MOVED_DEG 10.0 /* the other leg and the pelvis take this thigh along by less */

struct cue_state {
	bool asked;
	int64_t since_us;  /* of the cue, or of the last movement after it */
	struct vec3 up;    /* then; unit, sensor frame */
};

void cue_init(struct cue_state *state);

/*
 * One good sample of the thigh's up direction. asked: the wearer is shown to raise the
 * leg. true: for limit_s since then the thigh has stayed within CUE_MOVED_DEG.
 */
bool cue_step(struct cue_state *state, bool asked, int64_t t_us, struct vec3 up,
	double limit_s);

#endif
