/*
 * Steadiness of an angle; see steady.h. Extremes are kept in 50 ms bins, so the
 * window costs the same at 25 Hz and at 1000 Hz and any rate sees the same one.
 */
#include "stretch/steady.h"

#include <math.h>
#include <string.h>

#define RATE_CUTOFF_HZ 3.0
#define TWO_PI 6.28318530717958647692

void steady_init(struct steady_state *s)
{
	memset(s, 0, sizeof *s);
	s->bounce_us = INT64_MIN;
}

void steady_break(struct steady_state *s)
{
	s->started = false;
	s->filled = 0;
	s->still = false;
	s->rate_deg_s = 0.0;
	s->direction = 0;
	s->swings = 0;
}

static void start(struct steady_state *s, int64_t t_us, double angle_deg)
{
	s->started = true;
	s->t_us = t_us;
	s->low_deg = s->last_deg = angle_deg;
	s->head = 0;
	s->filled = 0;
	s->bin_min[0] = s->bin_max[0] = angle_deg;
	s->bin_start_us = t_us;
	s->direction = 0;
	s->extreme_deg = angle_deg;
	s->extreme_us = t_us;
}

/* Exact first-order step for any interval: y += (1 - exp(-dt w)) (x - y). The rate
 * is the low-passed difference quotient, right on a ramp at any sampling rate. */
static void filter(struct steady_state *s, double cutoff_hz, double dt_s, double x)
{
	double slope_deg_s = (x - s->last_deg) / dt_s;

	s->low_deg += (1.0 - exp(-TWO_PI * cutoff_hz * dt_s)) * (x - s->low_deg);
	s->rate_deg_s += (1.0 - exp(-TWO_PI * RATE_CUTOFF_HZ * dt_s)) *
		(slope_deg_s - s->rate_deg_s);
	s->last_deg = x;
}

static void keep_extremes(struct steady_state *s, int64_t t_us)
{
	while (t_us - s->bin_start_us >= STEADY_BIN_US) {
		s->head = (s->head + 1) % STEADY_BINS;
		if (s->filled < STEADY_BINS - 1)
			s->filled++;
		s->bin_start_us += STEADY_BIN_US;
		s->bin_min[s->head] = s->bin_max[s->head] = s->low_deg;
	}
	if (s->low_deg < s->bin_min[s->head])
		s->bin_min[s->head] = s->low_deg;
	if (s->low_deg > s->bin_max[s->head])
		s->bin_max[s->head] = s->low_deg;
}

/* A turn counts once the angle has come back by a whole half-swing. */
static void find_swings(struct steady_state *s, const struct settings *set,
	int64_t t_us, double x)
{
	double size = set->bounce_half_swing_deg;
	int64_t since_us;

	if (s->direction >= 0 ? x > s->extreme_deg : x < s->extreme_deg) {
		s->extreme_deg = x;
		s->extreme_us = t_us;
	}
	if (fabs(x - s->extreme_deg) >= size) {
		for (int i = STEADY_SWINGS - 1; i > 0; i--)
			s->swing_start_us[i] = s->swing_start_us[i - 1];
		s->swing_start_us[0] = s->extreme_us;
		if (s->swings < STEADY_SWINGS)
			s->swings++;
		s->direction = x > s->extreme_deg ? 1 : -1;
		s->extreme_deg = x;
		s->extreme_us = t_us;
	}
	since_us = t_us - s->swing_start_us[STEADY_SWINGS - 1];
	if (s->swings < STEADY_SWINGS || (double)since_us > set->bounce_window_s * 1e6)
		return;
	/* the latest swing is what the wearer must come to rest from */
	if (s->bounce_us == INT64_MIN || s->extreme_us > s->bounce_us)
		s->bounce_us = s->extreme_us;
}

/* Lowest and highest low_deg of the last window_s; false: not that long yet. */
static bool extremes(const struct steady_state *s, double window_s, double *low,
	double *high)
{
	int32_t need = (int32_t)lround(window_s * 1e6 / STEADY_BIN_US);

	*low = *high = s->low_deg;
	if (!s->started || s->filled < need)
		return false;
	for (int32_t age = 0; age <= need; age++) {
		int32_t i = (s->head - age + STEADY_BINS) % STEADY_BINS;

		if (s->bin_min[i] < *low)
			*low = s->bin_min[i];
		if (s->bin_max[i] > *high)
			*high = s->bin_max[i];
	}
	return true;
}

double steady_range(const struct steady_state *s, double window_s)
{
	double low, high;

	return extremes(s, window_s, &low, &high) ? high - low : (double)INFINITY;
}

double steady_lowest(const struct steady_state *s, double window_s)
{
	double low, high;

	(void)extremes(s, window_s, &low, &high);
	return low;
}

void steady_step(struct steady_state *s, const struct settings *set, int64_t t_us,
	double angle_deg)
{
	if (!s->started) {
		start(s, t_us, angle_deg);
		return;
	}
	if (t_us <= s->t_us)
		return;
	filter(s, set->still_cutoff_hz, (double)(t_us - s->t_us) * 1e-6, angle_deg);
	s->t_us = t_us;
	keep_extremes(s, t_us);
	find_swings(s, set, t_us, angle_deg);
	s->still = steady_range(s, set->still_window_s) <= set->still_range_deg;
}
