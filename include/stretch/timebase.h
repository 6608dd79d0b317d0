/*
 * Sample clock of a stream whose time stamps need not be even.
 *
 * Learns the usual interval (median of the last ones) and names what is not
 * usual. A gap is never credited to a hold and never filled in.
 */
#ifndef STRETCH_TIMEBASE_H
#define STRETCH_TIMEBASE_H

#include <stdbool.h>
#include <stdint.h>

#define TIMEBASE_MEDIAN_N 15 /* odd; short enough to follow a change of rate */

struct timebase {
	int64_t last_us;
	bool started;
	int count, next;
	int64_t recent_us[TIMEBASE_MEDIAN_N]; /* in order of arrival */
	int64_t sorted_us[TIMEBASE_MEDIAN_N]; /* the same, ascending */
};

struct timebase_step {
	int64_t dt_us; /* since the sample before; 0 for the first */
	bool gap;      /* dt > max(gap_factor * median, gap_min) */
	bool backwards; /* time did not advance: the sample must be dropped */
};

void timebase_init(struct timebase *tb);

/* gap_factor: multiples of the median interval; gap_min_us: never a gap below. */
struct timebase_step timebase_step(struct timebase *tb, int64_t t_us,
	double gap_factor, int64_t gap_min_us);

/* Median interval, microseconds; 0 before two samples. */
int64_t timebase_median_us(const struct timebase *tb);

#endif
