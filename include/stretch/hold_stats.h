/*
 * The figures of one hold, gathered sample by sample without keeping any.
 *
 * Means, slope and scatter over the counted samples, but for the last second or
 * two before counting was left: they belong to the leaving, not to the hold. Peaks
 * go from entry to end. The median comes from a histogram of MEDIAN_BIN_DEG and is
 * good to half a bin.
 */
#ifndef STRETCH_HOLD_STATS_H
#define STRETCH_HOLD_STATS_H

#include "stretch/rows.h"

#define MEDIAN_BIN_DEG 0.25
#define MEDIAN_LOW_DEG (-60.0)
#define MEDIAN_BINS 1000 /* up to 190 degrees */

struct mean {
	int32_t n;
	double sum;
};

/* Regression of the angle on time since the start, in running form (Welford). */
struct trend {
	int32_t n;
	double mean_t, mean_y, var_t, var_y, cov;
	double last_t;
};

struct hold_stats {
	int64_t start_us;       /* first counted moment */
	int32_t n;              /* counted samples */
	struct trend trend;     /* settled: what is more than a block ago */
	struct trend waiting, block; /* the last whole second, the one now filling */
	int64_t block_us;       /* when block began */
	uint32_t histogram[MEDIAN_BINS];
	double peak_deg, exit_rate_deg_s;
	struct mean thigh, flexion, flexion_low, flexion_high, pelvis, error;
	double pelvis_peak_deg, out_of_plane_deg;
	double tremor_square_sum;
	int32_t tremor_n;
	double level_deg;       /* plateau before the latest quick rise */
	int64_t level_us;
	bool rising;            /* risen since then, but not yet for long */
	int64_t rise_us;
	int32_t steps;
	int32_t gaps, faults;
	enum confidence worst;
};

struct hold_moment {
	int64_t t_us;
	bool counted;
	double angle_deg;       /* of the hold's quantity; NAN: none */
	double low_deg;         /* low-passed signal, for steps */
	double rate_deg_s;
	double tremor_square;   /* (rad/s)^2 in 4-12 Hz; NAN: not known */
	const struct judged_row *row;
	enum confidence confidence;
	double error_deg;
	bool gap, bad, leaving; /* leaving: after the hold ended */
};

void hold_stats_init(struct hold_stats *stats);
void hold_stats_add(struct hold_stats *stats, const struct hold_moment *moment);

/* Fills the figures of the row; identity and verdict are the caller's. counted_s: all
 * seconds credited; the angles end up to 2 s before. Below 15 s no rate of creep. */
void hold_stats_fill(const struct hold_stats *stats, bool lying, double counted_s,
	struct hold_row *row);

#endif
