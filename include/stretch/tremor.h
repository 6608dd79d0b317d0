/*
 * Tremor: the part of the turning rate between 4 and 12 Hz.
 *
 * A second-order band-pass (state-variable form, trapezoidal, so that its centre
 * does not shift with the sampling rate) on each gyroscope axis; the mean square
 * is taken over about a second. Below 30 Hz sampling it says nothing.
 */
#ifndef STRETCH_TREMOR_H
#define STRETCH_TREMOR_H

#include "stretch/vec.h"

#define TREMOR_MIN_RATE_HZ 30.0

struct tremor_state {
	double low[3], band[3];  /* integrators of each axis */
	double dt_s, gain;       /* the interval that gain belongs to */
	double square;           /* mean square now, (rad/s)^2 */
	double now_square;       /* of this sample alone */
};

void tremor_init(struct tremor_state *state);

/* dt_s: since the sample before; 0 is ignored. Above 1/30 s the state clears. */
void tremor_step(struct tremor_state *state, double dt_s, struct vec3 gyr_rad_s);

#endif
