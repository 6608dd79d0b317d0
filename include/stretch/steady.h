/*
 * How steady an angle is: still, moving, bouncing, and how fast.
 *
 * Still: the angle, low-passed at 1 Hz, stays within a range over a window.
 * Bounce: three successive half-swings of the unfiltered angle within a window.
 */
#ifndef STRETCH_STEADY_H
#define STRETCH_STEADY_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/setting.h"

#define STEADY_BIN_US 50000
#define STEADY_BINS 128 /* windows up to 6.3 s */
#define STEADY_SWINGS 3

struct steady_state {
	bool started;
	int64_t t_us;
	double low_deg;   /* low-passed at still_cutoff_hz */
	double last_deg;  /* unfiltered */
	double rate_deg_s; /* low-passed at 3 Hz */
	/* extremes of low_deg, a ring of 50 ms bins, newest at head */
	double bin_min[STEADY_BINS], bin_max[STEADY_BINS];
	int32_t head, filled;
	int64_t bin_start_us;
	/* turning points of the unfiltered angle */
	int32_t direction; /* +1 rising, -1 falling, 0 not known yet */
	double extreme_deg;
	int64_t extreme_us;
	int64_t swing_start_us[STEADY_SWINGS]; /* newest first */
	int32_t swings;
	int64_t bounce_us;   /* latest moment of a bounce; INT64_MIN: never */
	bool still;
};

void steady_init(struct steady_state *state);

/* One angle, unfiltered; ignored when time did not advance. Settings give ranges,
 * windows and cut-off. */
void steady_step(struct steady_state *state, const struct settings *settings,
	int64_t t_us, double angle_deg);

/* Data were bad: a window must not span that. Bounce memory is kept. */
void steady_break(struct steady_state *state);

/* Range of the low-passed angle over the last window_s; INFINITY before that. */
double steady_range(const struct steady_state *state, double window_s);

/* Lowest low-passed angle of the last window_s seconds; of now before that. */
double steady_lowest(const struct steady_state *state, double window_s);

#endif
