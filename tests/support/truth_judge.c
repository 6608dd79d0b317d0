/* The counting rule on true angles; see truth_judge.h. */
#include "truth_judge.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW_S 1.5
#define RANGE_DEG 6.0
#define PAUSE_S 2.0
#define ARRIVE_DEG 55.0
#define FALL_DEG 8.0
#define PUSH_DEG 3.0
#define SLOW_S 2.0
#define SEAT_DEG 5.0
#define TWO_PI 6.28318530717958647692

static double signal_at(const struct truth_series *s, enum truth_kind kind, size_t i)
{
	return kind == TRUTH_LEAN ? -s->pelvis_deg[i] : s->thigh_deg[i];
}

/* First-order low-pass at 1 Hz of the whole series. Caller frees. */
static double *low_passed(const struct truth_series *s, enum truth_kind kind)
{
	double *low = malloc((s->count + 1) * sizeof *low);

	if (low == NULL)
		abort();
	for (size_t i = 0; i < s->count; i++) {
		double x = signal_at(s, kind, i), weight;

		if (i == 0) {
			low[i] = x;
			continue;
		}
		weight = exp(-TWO_PI * (s->t_s[i] - s->t_s[i - 1]));
		low[i] = weight * low[i - 1] + (1.0 - weight) * x;
	}
	return low;
}

/* Within RANGE_DEG over the last WINDOW_S? */
static bool still_at(const struct truth_series *s, const double *low, size_t i)
{
	double least = low[i], most = low[i];

	for (size_t k = i; s->t_s[i] - s->t_s[k] < WINDOW_S; k--) {
		least = fmin(least, low[k]);
		most = fmax(most, low[k]);
		if (k == 0 || most - least > RANGE_DEG)
			return false;
	}
	return true;
}

/* Mean of the thigh over the last span_s. */
static double mean_of(const struct truth_series *s, size_t i, double span_s)
{
	double sum = 0.0, n = 0.0;

	for (size_t k = i;; k--) {
		sum += s->thigh_deg[k];
		n += 1.0;
		if (k == 0 || s->t_s[i] - s->t_s[k] > span_s)
			return sum / n;
	}
}

/* Doorway: what has been seen since the attempt began. */
struct doorway {
	double top_deg, bottom_deg;
	bool fallen;
};

/* Sway is no push: means of SLOW_S are compared. */
static bool in_doorway_band(struct doorway *d, const struct truth_series *s, size_t i)
{
	double slow = mean_of(s, i, SLOW_S);

	if (!d->fallen) {
		d->top_deg = fmax(d->top_deg, mean_of(s, i, 1.0));
		d->fallen = d->top_deg >= ARRIVE_DEG &&
			s->thigh_deg[i] <= d->top_deg - FALL_DEG;
		d->bottom_deg = slow;
		return d->fallen;
	}
	d->bottom_deg = fmin(d->bottom_deg, slow);
	return slow <= d->bottom_deg + PUSH_DEG;
}

double truth_hold_s(const struct truth_series *s, enum truth_kind kind, double low_deg,
	double cap_deg, double from_s, double to_s)
{
	double *low = low_passed(s, kind);
	struct doorway doorway = { 0.0, 0.0, false };
	double counted_s = 0.0, until_s = -1.0, band_s = -1.0;

	for (size_t i = 1; i < s->count && s->t_s[i] < to_s; i++) {
		double x = signal_at(s, kind, i), begin_s;
		bool in_band;

		if (s->t_s[i] < from_s)
			continue;
		in_band = kind == TRUTH_DOORWAY ? in_doorway_band(&doorway, s, i)
			: kind == TRUTH_TIMED	? x <= SEAT_DEG
						: x >= low_deg && x <= cap_deg;
		if (!in_band)
			band_s = -1.0;
		else if (band_s < 0.0)
			band_s = s->t_s[i];
		if (!in_band || !still_at(s, low, i))
			continue;
		if (until_s < 0.0 && s->t_s[i] - WINDOW_S < band_s)
			continue; /* not arrived yet */
		begin_s = fmax(band_s, s->t_s[i] - WINDOW_S);
		if (until_s >= 0.0 && begin_s - until_s > PAUSE_S)
			break; /* away for too long: that was another hold */
		begin_s = fmax(begin_s, until_s);
		counted_s += s->t_s[i] - begin_s;
		until_s = s->t_s[i];
	}
	free(low);
	return counted_s;
}

double truth_best_raise_deg(const struct truth_series *s, double before_s)
{
	double best = 0.0;

	for (size_t i = 0; i < s->count && s->t_s[i] < before_s; i++)
		best = fmax(best, s->thigh_deg[i]);
	return best;
}
