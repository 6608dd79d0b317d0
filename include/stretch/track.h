/*
 * A motion as a sum of moves and waves over time, several channels at once.
 *
 * A move goes from 0 to delta and stays there; a wave swells, swings and fades.
 * Both have a continuous second derivative, so that an accelerometer on the
 * moving body reads no jumps. The value at a time depends on nothing but that
 * time: any sampling rate sees the same motion.
 */
#ifndef STRETCH_TRACK_H
#define STRETCH_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/random.h"

#define TRACK_MOVES_MAX 512
#define TRACK_WAVES_MAX 320

enum track_shape {
	TRACK_EASE, /* minimum jerk; peak speed = 1.875 delta / length */
	TRACK_RAMP  /* constant speed, eased in and out over blend_s */
};

#define TRACK_EASE_PEAK 1.875 /* peak speed over mean speed of TRACK_EASE */

struct track_move {
	double start_s, length_s, delta;
	double blend_s; /* TRACK_RAMP: at most half the length */
	int32_t channel;
	int32_t shape; /* enum track_shape */
};

struct track_wave {
	double start_s, length_s;
	double ease_s; /* swelling and fading, each at most half the length */
	double amplitude, frequency_hz, phase_rad;
	int32_t channel;
};

struct track {
	int32_t move_count, wave_count;
	bool full; /* something did not fit and is missing */
	struct track_move moves[TRACK_MOVES_MAX];
	struct track_wave waves[TRACK_WAVES_MAX];
};

void track_init(struct track *track);
void track_add_move(struct track *track, const struct track_move *move);
void track_add_wave(struct track *track, const struct track_wave *wave);

/*
 * Random swaying as a sum of count waves between two frequencies: standard
 * deviation deviation (in the channel's unit) away from the ends.
 */
void track_add_wander(struct track *track, const struct track_wave *frame,
	double deviation, double low_hz, double high_hz, int count,
	struct random *random);

/* All channels at time t_s into value[0..channels-1]. */
void track_at(const struct track *track, double t_s, double *value, int channels);

/* Minimum-jerk step: 0 below 0, 1 above 1, 10 x^3 - 15 x^4 + 6 x^5 between. */
double track_ease(double x);

/* The x in 0..1 at which track_ease has that value (0..1). */
double track_ease_inverse(double value);

#endif
