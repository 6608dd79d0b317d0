/*
 * Median of the last intervals, kept sorted by insertion: 15 numbers, so moving
 * them is cheaper than anything cleverer. A gap itself is not learned.
 */
#include "stretch/timebase.h"

#include <string.h>

void timebase_init(struct timebase *tb)
{
	memset(tb, 0, sizeof *tb);
}

int64_t timebase_median_us(const struct timebase *tb)
{
	return tb->count > 0 ? tb->sorted_us[tb->count / 2] : 0;
}

static void remove_sorted(struct timebase *tb, int64_t dt_us)
{
	int i = 0;

	while (tb->sorted_us[i] != dt_us)
		i++;
	for (; i + 1 < tb->count; i++)
		tb->sorted_us[i] = tb->sorted_us[i + 1];
	tb->count--;
}

static void learn(struct timebase *tb, int64_t dt_us)
{
	int i;

	if (tb->count == TIMEBASE_MEDIAN_N)
		remove_sorted(tb, tb->recent_us[tb->next]);
	tb->recent_us[tb->next] = dt_us;
	tb->next = (tb->next + 1) % TIMEBASE_MEDIAN_N;
	for (i = tb->count; i > 0 && tb->sorted_us[i - 1] > dt_us; i--)
		tb->sorted_us[i] = tb->sorted_us[i - 1];
	tb->sorted_us[i] = dt_us;
	tb->count++;
}

struct timebase_step timebase_step(struct timebase *tb, int64_t t_us,
	double gap_factor, int64_t gap_min_us)
{
	struct timebase_step step = { 0 };
	double limit_us;

	if (!tb->started) {
		tb->started = true;
		tb->last_us = t_us;
		return step;
	}
	step.dt_us = t_us - tb->last_us;
	if (step.dt_us <= 0) {
		step.dt_us = 0;
		step.backwards = true;
		return step;
	}
	tb->last_us = t_us;
	limit_us = gap_factor * (double)timebase_median_us(tb);
	if (limit_us < (double)gap_min_us)
		limit_us = (double)gap_min_us;
	step.gap = (double)step.dt_us > limit_us;
	if (!step.gap)
		learn(tb, step.dt_us);
	return step;
}
