/*
 * `stretchctl simulate` to `stretchctl replay` through files: results, hold seconds
 * and thigh elevation of the session folder against the recording's truth columns and
 * the wearer's plan (`simulate --plan`). The hold seconds' truth is that of the second
 * judge (tests/support/truth_judge.c). Limits as in test_end_to_end_wearer.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/programs.h"
#include "../support/temp_files.h"
#include "../support/truth_judge.h"

#define OPTIONS_MAX 16

struct run {
	const char *exercise, *sensors, *seed;
	enum truth_kind kind;
	double prescribed_s;
	const char *options[OPTIONS_MAX]; /* of simulate */
};

/* clang-format off */
static const struct run runs[] = {
	{ "lying-strap", "1", "11", TRUTH_RAISE, 30,
		{ "--hold", "33", "--hold", "33::drop", "--hold", "15" } },
	{ "lying-towel", "2", "12", TRUTH_RAISE, 30,
		{ "--hold", "34::exhale", "--hold", "34::sway", "--hold", "12",
			"--clock-ppm", "0", "--rate", "52" } },
	{ "lying-hands", "1", "13", TRUTH_RAISE, 20,
		{ "--hold", "25", "--hold", "25::low", "--hold", "10",
			"--prescribed-s", "20", "--person", "supple", "--rate", "208" } },
	{ "doorway", "2", "14", TRUTH_DOORWAY, 10,
		{ "--hold", "13", "--hold", "13", "--hold", "5", "--person", "stiff" } },
	{ "seated-leg", "1", "15", TRUTH_TIMED, 30,
		{ "--hold", "33", "--hold", "15", "--hold", "33" } },
	{ "seated-butterfly", "2", "16", TRUTH_LEAN, 30,
		{ "--hold", "33", "--hold", "33::sway", "--hold", "15" } },
};
/* clang-format on */

static struct program_end simulate(const struct run *run, const char *last,
	const char *value)
{
	const char *words[PROGRAM_WORDS_MAX] = { "stretchctl", "simulate", "--exercise",
		run->exercise, "--sensors", run->sensors, "--seed", run->seed };
	int n = 8;
	struct program_end end;

	for (int i = 0; i < OPTIONS_MAX && run->options[i] != NULL; i++)
		words[n++] = run->options[i];
	words[n++] = last;
	words[n] = value;
	end = program_run(words);
	assert_string_equal(end.err, "");
	assert_int_equal(end.status, 0);
	return end;
}

static void replay(const struct run *run, const char *file, const char *folder)
{
	char dose[32];
	/* exercise and side: as the recording says */
	const char *words[] = { "stretchctl", "replay", file, "--output", folder, dose,
		"reps=3", NULL };
	struct program_end end;

	snprintf(dose, sizeof dose, "hold_s=%g", run->prescribed_s);
	end = program_run(words);
	assert_string_equal(end.err, "");
	assert_int_equal(end.status, 0);
}

static void load(struct csv_table *table, const char *folder, const char *file)
{
	char path[512];

	snprintf(path, sizeof path, "%s%s%s", folder, *file ? "/" : "", file);
	if (!csv_table_load(table, path))
		fail_msg("%s is not a whole table", path);
}

static double cell(const struct csv_table *table, size_t row, const char *name)
{
	const char *text = csv_table_text(table, row, name);
	char *end;
	double value;

	assert_non_null(text);
	value = strtod(text, &end);
	assert_true(end != text && *end == '\0');
	return value;
}

/* Thigh elevation of samples.csv against the recording's rows of the same time. */
static double elevation_rms(const struct csv_table *samples,
	const struct truth_series *truth, double from_s, double to_s)
{
	double *t_s = csv_table_column(samples, "t_s");
	double *thigh = csv_table_column(samples, "thigh_elevation_deg");
	double square = 0.0, n = 0.0;

	assert_non_null(t_s);
	assert_non_null(thigh);
	for (size_t i = 0, k = 0; i < samples->rows; i++) {
		while (k + 1 < truth->count && truth->t_s[k] < t_s[i] - 1e-7)
			k++;
		assert_true(fabs(truth->t_s[k] - t_s[i]) < 1e-6);
		if (t_s[i] < from_s || t_s[i] > to_s)
			continue;
		assert_true(isfinite(thigh[i]));
		square += (thigh[i] - truth->thigh_deg[k]) *
			(thigh[i] - truth->thigh_deg[k]);
		n += 1.0;
	}
	free(t_s);
	free(thigh);
	assert_true(n > 25.0);
	return sqrt(square / n);
}

static int check_hold(const struct run *run, const struct csv_table *holds,
	const struct csv_table *plan, const struct csv_table *samples,
	const struct truth_series *truth, size_t i)
{
	double best = truth_best_raise_deg(truth, cell(plan, 0, "entry_s"));
	bool lean = run->kind == TRUTH_LEAN;
	double seconds = truth_hold_s(truth, run->kind, lean ? 3.0 : 0.8 * best,
		lean ? 45.0 : fmin(best + 15.0, 90.0), cell(plan, i, "entry_s"),
		cell(plan, i, run->kind == TRUTH_TIMED ? "leave_s" : "flat_s"));
	double hold_s = cell(holds, i, "hold_s");
	double rms_deg = elevation_rms(samples, truth, cell(plan, i, "settled_s"),
		cell(plan, i, "leave_s"));
	const char *result = csv_table_text(holds, i, "result");
	const char *intended = csv_table_text(plan, i, "intended");

	assert_non_null(result);
	assert_non_null(intended);
	printf("# %s, %s sensor(s), hold %zu (%s): %s, planned %s; %.2f s, truth %.2f; "
	       "elevation %.2f deg RMS\n",
		run->exercise, run->sensors, i + 1, csv_table_text(plan, i, "habit"),
		result, intended, hold_s, seconds, rms_deg);
	return (strcmp(result, intended) != 0) + (fabs(hold_s - seconds) > 0.5) +
		(rms_deg > 1.0);
}

static int check_run(const struct run *run)
{
	struct csv_table recording, plan, samples, holds;
	struct program_end end;
	double *t_s, *thigh, *pelvis;
	char file[256], folder[300];
	int bad = 0;

	snprintf(file, sizeof file, "%s", temp_path(run->exercise));
	snprintf(folder, sizeof folder, "%s.session", file);
	end = simulate(run, "--plan", NULL);
	load(&plan, temp_write_text("plan.csv", end.out), "");
	simulate(run, "--output", file);
	replay(run, file, folder);
	load(&recording, file, "");
	load(&samples, folder, "samples.csv");
	load(&holds, folder, "holds.csv");
	t_s = csv_table_column(&recording, "t_s");
	thigh = csv_table_column(&recording, "truth_thigh_elevation_deg");
	pelvis = csv_table_column(&recording, "truth_pelvis_tilt_deg");
	assert_true(t_s != NULL && thigh != NULL && pelvis != NULL);
	assert_int_equal(holds.rows, plan.rows);
	for (size_t i = 0; i < plan.rows; i++) {
		const struct truth_series truth = { recording.rows, t_s, thigh, pelvis };

		bad += check_hold(run, &holds, &plan, &samples, &truth, i);
	}
	free(t_s);
	free(thigh);
	free(pelvis);
	csv_table_free(&recording);
	csv_table_free(&plan);
	csv_table_free(&samples);
	csv_table_free(&holds);
	return bad;
}

static void test_simulate_and_replay(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		bad += check_run(&runs[i]);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simulate_and_replay),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
