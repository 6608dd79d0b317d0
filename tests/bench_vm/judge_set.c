/*
 * Was the set judged as it was played? The truth is the wearer's own plan; seconds of
 * holds come from the second judge (truth_judge.h), which has seen neither chips nor
 * samples.
 *
 *   bench_vm set FOLDER ORIGIN_US START_US HOLD_S HOLDS CLEAN
 *
 * ORIGIN_US is the clock's time of the session's t_s = 0, START_US that of the wearer's
 * time 0. The first CLEAN of the holds must be right: result, seconds within 0.1 s,
 * thigh angle within 0.1 deg RMS. The others are printed.
 */
#include "bench_vm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/programs.h"
#include "../support/truth_judge.h"
#include "world.h"

#define STEP_S 0.01
#define PATH_SIZE 512

static struct {
	struct wearer_param param;
	struct wearer_state wearer;
	double shift_s; /* wearer's time = t_s + that */
	struct csv_table holds, samples;
} j;

static bool load(struct csv_table *table, const char *folder, const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (csv_table_load(table, path))
		return true;
	fprintf(stderr, "%s cannot be read\n", path);
	return false;
}

static double true_seconds(const struct wearer_hold_plan *hold)
{
	const struct wearer_plan *plan = &j.wearer.plan;
	size_t n = (size_t)(plan->end_s / STEP_S);
	double *v = malloc(3 * n * sizeof *v), best, seconds;
	struct truth_series series = { n, v, v + n, v + 2 * n };

	if (v == NULL)
		return NAN;
	for (size_t k = 0; k < n; k++) {
		struct truth truth = wearer_truth_at(plan, &j.param, (double)k * STEP_S);

		v[k] = (double)k * STEP_S;
		v[n + k] = truth.thigh_elevation_deg;
		v[2 * n + k] = truth.pelvis_tilt_deg;
	}
	best = truth_best_raise_deg(&series, plan->holds[0].entry_s);
	seconds = truth_hold_s(&series, TRUTH_RAISE, 0.8 * best, fmin(best + 15.0, 90.0),
		hold->entry_s, hold->flat_s);
	free(v);
	return seconds;
}

/* Root mean square of the thigh's error while the pose is held; NAN: no angle there. */
static double angle_error_deg(const struct wearer_hold_plan *hold)
{
	double *t_s = csv_table_column(&j.samples, "t_s");
	double *deg = csv_table_column(&j.samples, "thigh_elevation_deg");
	double square = 0.0, n = 0.0;

	for (size_t i = 0; i < j.samples.rows; i++) {
		double at_s = t_s[i] + j.shift_s, error;

		if (at_s < hold->settled_s || at_s > hold->leave_s || !isfinite(deg[i]))
			continue;
		error = deg[i] - wearer_truth_at(&j.wearer.plan, &j.param, at_s)
					 .thigh_elevation_deg;
		square += error * error;
		n += 1.0;
	}
	free(t_s);
	free(deg);
	return n > 0.0 ? sqrt(square / n) : (double)NAN;
}

static bool judge_hold(int index, bool clean)
{
	const struct wearer_hold_plan *hold = &j.wearer.plan.holds[index];
	const char *result, *wanted = hold_result_names[hold->intended];
	double seconds, truth = true_seconds(hold), error = angle_error_deg(hold);
	bool right;

	if ((size_t)index >= j.holds.rows) {
		printf("hold %d was not noticed\n", index + 1);
		return !clean;
	}
	result = csv_table_text(&j.holds, (size_t)index, "result");
	seconds = strtod(csv_table_text(&j.holds, (size_t)index, "hold_s"), NULL);
	printf("hold %d%s: %s %s, %.2f s (truth %.2f), thigh %.3f deg RMS\n", index + 1,
		clean ? "" : " (thigh unplugged in it)", result,
		csv_table_text(&j.holds, (size_t)index, "reason"), seconds, truth, error);
	right = strcmp(result, wanted) == 0 && fabs(seconds - truth) < 0.1 && error < 0.1;
	return right || !clean;
}

int bench_set(int argc, char **argv)
{
	int holds, clean;
	bool right = true;

	if (argc != 7 || !load(&j.holds, argv[1], "holds.csv") ||
		!load(&j.samples, argv[1], "samples.csv")) {
		fprintf(stderr, "bench_vm set FOLDER ORIGIN_US START_US HOLD_S HOLDS "
				"CLEAN\n");
		return 3;
	}
	j.shift_s = (strtod(argv[2], NULL) - strtod(argv[3], NULL)) * 1e-6;
	holds = atoi(argv[5]);
	clean = atoi(argv[6]);
	j.param = world_wearer(strtod(argv[4], NULL), holds);
	if (wearer_init(&j.wearer, &j.param) != NULL)
		return 3;
	for (int i = 0; i < holds; i++)
		right = judge_hold(i, i < clean) && right;
	return right ? 0 : 1;
}
