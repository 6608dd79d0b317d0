/*
 * Verdict on the pelvis from quarter-second means; see pelvis.h for the two
 * ways. Means of two and more seconds are used throughout because breathing
 * moves a belt sensor by one to two degrees and must not alarm.
 */
#include "stretch/pelvis.h"

#include <math.h>
#include <string.h>

#define BINS_PER_S 4
#define STEP_DEG 1.5   /* a rise of this much in a second is an exhale step */
#define EARLY_FROM_S 2
#define EARLY_TO_S 7
#define LATE_S 5
#define SETTLE_US 1000000

const char *const pelvis_verdict_names[PELVIS_VERDICT_COUNT] = {
	[PELVIS_QUIET] = "quiet",
	[PELVIS_NO_SIGN] = "no_sign",
	[PELVIS_DOUBTFUL] = "doubtful",
	[PELVIS_MOVING] = "moving",
};

const char *const method_names[METHOD_COUNT] = {
	[METHOD_NOT_MEASURED] = "not_measured",
	[METHOD_INFERRED] = "inferred",
	[METHOD_MEASURED] = "measured",
};

void pelvis_init(struct pelvis_state *s)
{
	memset(s, 0, sizeof *s);
	s->tremor_since_us = INT64_MIN;
}

void pelvis_begin(struct pelvis_state *s, const struct pelvis_input *in)
{
	pelvis_init(s);
	s->in_hold = true;
	s->start_us = s->bin_start_us = in->t_us;
	s->roll_start_deg = in->roll_deg;
	s->start_deg = in->pelvis_deg;
}

/* Mean of the bins from age `from` on, n of them; NAN when there are fewer. */
static double mean_of(const struct pelvis_state *s, int from, int n)
{
	double sum = 0.0;

	if (s->filled < from + n)
		return NAN;
	for (int age = from; age < from + n; age++)
		sum += s->mean_deg[(s->head - age + PELVIS_BINS) % PELVIS_BINS];
	return sum / n;
}

static double bin(const struct pelvis_state *s, int age)
{
	return s->mean_deg[(s->head - age + PELVIS_BINS) % PELVIS_BINS];
}

static void close_bin(struct pelvis_state *s)
{
	int second = s->total / BINS_PER_S;
	double mean = s->sum_deg / s->n;

	s->head = (s->head + 1) % PELVIS_BINS;
	s->mean_deg[s->head] = mean;
	if (s->filled < PELVIS_BINS)
		s->filled++;
	if (second >= EARLY_FROM_S && second < EARLY_TO_S) {
		s->early_sum_deg += mean;
		s->early_n++;
	}
	s->total++;
	s->sum_deg = 0.0;
	s->n = 0;
}

static void add(struct pelvis_state *s, int64_t t_us, double value_deg)
{
	while (t_us - s->bin_start_us >= PELVIS_BIN_US) {
		if (s->n > 0)
			close_bin(s);
		s->bin_start_us += PELVIS_BIN_US;
	}
	s->sum_deg += value_deg;
	s->n++;
}

static enum pelvis_verdict judge_measured(const struct pelvis_state *s,
	const struct pelvis_curve *curve, const struct settings *set,
	const struct pelvis_input *in)
{
	int mean_bins = (int)lround(set->pelvis_mean_s * BINS_PER_S);
	double excess = mean_of(s, 0, mean_bins);
	double late = mean_of(s, 0, LATE_S * BINS_PER_S);
	bool grown = s->early_n > 0 && s->total >= (EARLY_TO_S + LATE_S) * BINS_PER_S &&
		late - s->early_sum_deg / s->early_n > set->pelvis_growth_deg;

	if (!curve->valid)
		return grown ? PELVIS_MOVING : PELVIS_DOUBTFUL;
	if (excess > set->pelvis_excess_deg || grown) /* NAN: not yet */
		return PELVIS_MOVING;
	if (in->thigh_deg > curve->top_deg + set->pelvis_range_deg)
		return PELVIS_DOUBTFUL;
	return PELVIS_QUIET;
}

/* Rise over the last seconds without the quick steps of breathing out. */
static double slow_rise(const struct pelvis_state *s, int bins)
{
	double rise = 0.0;

	if (s->filled < bins + BINS_PER_S)
		return 0.0;
	for (int age = 0; age < bins; age++) {
		double second = bin(s, age) - bin(s, age + BINS_PER_S);

		if (second < STEP_DEG)
			rise += bin(s, age) - bin(s, age + 1);
	}
	return rise;
}

static bool jumped(const struct pelvis_state *s, const struct settings *set)
{
	int bins = (int)lround(set->pelvis_jump_s * BINS_PER_S);

	return s->filled > bins &&
		fabs(bin(s, 0) - bin(s, bins)) > set->pelvis_jump_deg;
}

static enum pelvis_verdict judge_inferred(struct pelvis_state *s,
	const struct settings *set, const struct pelvis_input *in)
{
	int rise_bins = (int)lround(set->pelvis_rise_window_s * BINS_PER_S);
	bool late = (double)(in->t_us - s->start_us) >
		(set->pelvis_rise_after_s + set->pelvis_rise_window_s) * 1e6;
	bool shaking = in->tremor_rad_s * DEG_PER_RAD > set->pelvis_tremor_deg_s;

	if (!shaking)
		s->tremor_since_us = INT64_MIN;
	else if (s->tremor_since_us == INT64_MIN)
		s->tremor_since_us = in->t_us;
	if (jumped(s, set))
		return PELVIS_MOVING;
	if (late && slow_rise(s, rise_bins) > set->pelvis_rise_deg)
		return PELVIS_DOUBTFUL;
	if (fabs(in->roll_deg - s->roll_start_deg) > set->pelvis_roll_deg)
		return PELVIS_DOUBTFUL;
	if (shaking && (double)(in->t_us - s->tremor_since_us) >
		set->pelvis_tremor_s * 1e6)
		return PELVIS_DOUBTFUL;
	return PELVIS_NO_SIGN;
}

static void keep_worst(struct pelvis_state *s, int64_t t_us,
	enum pelvis_verdict verdict)
{
	if (s->pending > s->worst && t_us - s->pending_us >= SETTLE_US)
		s->worst = s->pending;
	if (verdict > s->pending) {
		s->pending = verdict;
		s->pending_us = t_us;
	}
}

enum pelvis_verdict pelvis_step(struct pelvis_state *s,
	const struct pelvis_curve *curve, const struct settings *set,
	const struct pelvis_input *in)
{
	enum pelvis_verdict verdict;

	if (!s->in_hold || !in->ok)
		return PELVIS_NONE;
	if (in->measured) {
		double base = curve->valid ? pelvis_curve_at(curve, in->thigh_deg) : 0.0;

		add(s, in->t_us, in->pelvis_deg - base);
		verdict = judge_measured(s, curve, set, in);
	} else {
		add(s, in->t_us, in->thigh_deg);
		verdict = judge_inferred(s, set, in);
	}
	keep_worst(s, in->t_us, verdict);
	return verdict;
}
