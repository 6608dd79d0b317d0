/*
 * Is the wearer still, and which way is up while he is?
 *
 * Looks at quarter-second means over a window: still when no mean direction
 * strays from the window's by more than a limit and the gyroscope shows no
 * shaking. Works for one or two sensors; a missing reading breaks the window.
 */
#ifndef STRETCH_STILL_H
#define STRETCH_STILL_H

#include "stretch/sample.h"

#define STILL_BIN_US 250000
#define STILL_BINS_MAX 24 /* windows up to 6 s */

struct still_param {
	double window_s;      /* 3.0: a pose must be kept that long */
	/* direction of a bin against the window: thigh 1.2, so that the tail of a
	 * movement stays out of a reference; pelvis 2.5, because breathing moves it */
	double stray_deg[SITE_COUNT];
	double shake_rad_s;   /* 0.14: gyroscope about its own mean, rms; 8 deg/s of
	                       * tremor is what the product puts up with */
	double move_deg;      /* 8.0: a bin this far from the window is movement */
};

struct still_bin {
	struct vec3 up_sum[SITE_COUNT];
	struct vec3 gyr_sum[SITE_COUNT];
	double gyr_square_sum[SITE_COUNT];
	int32_t n;
	bool whole; /* every sensor present in every sample, no gap */
};

struct still_state {
	struct still_bin bins[STILL_BINS_MAX]; /* ring, newest at head */
	int32_t head, filled;
	int64_t bin_start_us;
	bool started;
	bool still;          /* at the end of the last complete bin */
	int64_t still_since_us; /* start of the window that became still */
	int64_t moved_us;    /* last bin that was clearly movement; INT64_MIN: none */
	struct vec3 up[SITE_COUNT]; /* mean over the window, unit, when still */
	/* how quiet the window is, when still: the gyroscope's rms about the mean of a
	 * bin, in the least quiet one */
	double quiet_rad_s[SITE_COUNT];
};

struct still_param still_default(void);
void still_init(struct still_state *state);

/* One sample: up directions (sensor frame, unit) and gyroscope readings of the
 * sites in the mask (bit = enum site). ok = false: a gap or a missing reading. */
void still_step(struct still_state *state, const struct still_param *param,
	int64_t t_us, unsigned sites, const struct vec3 up[SITE_COUNT],
	const struct vec3 gyr_rad_s[SITE_COUNT], bool ok);

/* How long the sites of the mask have been quiet by now, in seconds up to the window:
 * the progress towards still. 0: moving. */
double still_for_s(
	const struct still_state *state, const struct still_param *param, unsigned sites);

#endif
