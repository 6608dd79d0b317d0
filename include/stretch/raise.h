/*
 * Calm raises from one resting pose: how high, how fast, and where up was on the way.
 *
 * The leg's tilt from the pose is its angle, whatever the strap: it sorts the up
 * directions into bins, from which afterwards come the flexion axis, the band and the
 * pelvis curve. A leg turns about one axis: what leaves the plane was no raise.
 */
#ifndef STRETCH_RAISE_H
#define STRETCH_RAISE_H

#include "stretch/align.h"
#include "stretch/pelvis.h"
#include "stretch/steady.h"

#define RAISE_BIN_DEG 5.0
#define RAISE_BINS 28 /* 0..140 degrees */
#define RAISE_DOWN_DEG 10.0

struct raise_bin {
	struct vec3 up_sum[SITE_COUNT];
	int32_t n;
};

struct raise_track {
	bool based, raising;
	int64_t rest_us; /* last still in the pose */
	int64_t away_us; /* last time that the thigh was anywhere else */
	struct vec3 base_up[SITE_COUNT]; /* the pose, unit, sensor frame */
	double quietest_rad_s; /* thigh, of all still windows; 0: none yet */
	struct steady_state tilt;
	double peak_deg, rate_deg_s; /* of the raise that is on */
	int32_t raised;              /* good ones so far */
	double best_deg;
	struct raise_bin bins[RAISE_BINS];
};

void raise_init(struct raise_track *track);

/* From that pose on; what was seen from another one is forgotten. */
void raise_begin(struct raise_track *track, const struct vec3 up[SITE_COUNT]);

/* Tilt of the thigh from the pose, degrees. */
double raise_tilt_deg(const struct raise_track *track, const struct vec3 up[SITE_COUNT]);

/* One sample. need_deg: the least angle of a raise. true: one is over, and counts. */
bool raise_step(struct raise_track *track, const struct settings *settings,
	double need_deg, int64_t t_us, const struct vec3 up[SITE_COUNT]);

/* The same movements as raises from another pose: the first one was no start pose.
 * false: seen from there they are none, and are forgotten. */
bool raise_rebase(struct raise_track *track, const struct vec3 up[SITE_COUNT]);

/* Pose and direction of the raise, in its own plane: an alignment. */
enum align_result raise_solve(const struct raise_track *track, enum site site,
	struct alignment *out);

/* Pelvis over thigh, by both alignments. */
void raise_curve(const struct raise_track *track,
	const struct alignment align[SITE_COUNT], struct pelvis_curve *curve);

#endif
