/* A wearer's truth, judged a second time; see wearer_truth.h. */
#include "wearer_truth.h"

#include <math.h>
#include <stdlib.h>

#include "stretch/exercise.h"

#define STEP_S 0.01
/* The settings' defaults: band of a lean, band of a raise from the best raise. */
#define LEAN_LOW_DEG 3.0
#define LEAN_CAP_DEG 45.0
#define BAND_PART 0.8
#define BAND_ABOVE_DEG 15.0
#define BAND_TOP_DEG 90.0

struct wearer_truth wearer_truth_make(const struct wearer_plan *plan,
	const struct wearer_param *param)
{
	size_t n = (size_t)(plan->end_s / STEP_S);
	double *values = malloc(3 * n * sizeof *values);

	if (values == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct truth truth;

		values[i] = (double)i * STEP_S;
		truth = wearer_truth_at(plan, param, values[i]);
		values[n + i] = truth.thigh_elevation_deg;
		values[2 * n + i] = truth.pelvis_tilt_deg;
	}
	return (struct wearer_truth){ { n, values, values + n, values + 2 * n }, values };
}

void wearer_truth_free(struct wearer_truth *truth)
{
	free(truth->values);
	truth->values = NULL;
}

enum truth_kind wearer_truth_kind(const struct wearer_param *param)
{
	switch (exercises[param->exercise].judging) {
	case JUDGE_DOORWAY: return TRUTH_DOORWAY;
	case JUDGE_LEAN: return param->sensors == 2 ? TRUTH_LEAN : TRUTH_TIMED;
	default: return TRUTH_RAISE;
	}
}

double wearer_truth_seconds(const struct wearer_truth *truth,
	const struct wearer_plan *plan, const struct wearer_param *param, int i)
{
	const struct wearer_hold_plan *hold = &plan->holds[i];
	enum truth_kind kind = wearer_truth_kind(param);
	double best = truth_best_raise_deg(&truth->series, plan->holds[0].entry_s);
	double low = BAND_PART * best, cap = fmin(best + BAND_ABOVE_DEG, BAND_TOP_DEG);

	if (kind == TRUTH_LEAN) {
		low = LEAN_LOW_DEG;
		cap = LEAN_CAP_DEG;
	}
	return truth_hold_s(&truth->series, kind, low, cap, hold->entry_s,
		kind == TRUTH_TIMED ? hold->leave_s : hold->flat_s);
}
