/*
 * stretchd's loop on emulated chips: a whole set, and what goes wrong with sensors
 * while somebody wears them. Truth is the wearer's own; the second judge of holds
 * (truth_judge.c) has seen neither chips nor samples.
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

#include "../support/live_rig.h"
#include "../support/programs.h"
#include "../support/temp_files.h"
#include "../support/truth_judge.h"

#define STEP_S 0.01

static struct live_rig rig;

static int make_folder(void **state)
{
	(void)state;
	temp_make();
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

/* Seconds that truly count in the planned hold i. */
static double true_seconds(int i)
{
	const struct wearer_plan *plan = &rig.wearer.plan;
	size_t n = (size_t)(plan->end_s / STEP_S);
	double *v = malloc(3 * n * sizeof *v), best, seconds;
	struct truth_series series = { n, v, v + n, v + 2 * n };

	assert_non_null(v);
	for (size_t k = 0; k < n; k++) {
		struct truth truth =
			wearer_truth_at(plan, &rig.param, (double)k * STEP_S);

		v[k] = (double)k * STEP_S;
		v[n + k] = truth.thigh_elevation_deg;
		v[2 * n + k] = truth.pelvis_tilt_deg;
	}
	best = truth_best_raise_deg(&series, plan->holds[0].entry_s);
	seconds = truth_hold_s(&series, TRUTH_RAISE, 0.8 * best, fmin(best + 15.0, 90.0),
		plan->holds[i].entry_s, plan->holds[i].flat_s);
	free(v);
	return seconds;
}

static void same_file(const char *one, const char *other, const char *name)
{
	char path[2][PATH_MAX + 16];
	size_t size[2];
	char *text[2];

	snprintf(path[0], sizeof path[0], "%s/%s", one, name);
	snprintf(path[1], sizeof path[1], "%s/%s", other, name);
	for (int i = 0; i < 2; i++) {
		text[i] = temp_read(path[i], &size[i]);
		assert_non_null(text[i]);
	}
	if (size[0] != size[1] || memcmp(text[0], text[1], size[0]) != 0)
		fail_msg("%s: the replay differs (%zu and %zu bytes)", name, size[0],
			size[1]);
	free(text[0]);
	free(text[1]);
}

/* The session's folder, judged again from its files: the same bytes. */
static void check_replay(void)
{
	char folder[PATH_MAX], again[PATH_MAX];
	const char *words[] = { "stretchctl", "replay", folder, "--output", again, NULL };
	struct program_end end;

	snprintf(folder, sizeof folder, "%s", rig.run.store.target);
	snprintf(again, sizeof again, "%s", temp_path("again"));
	end = program_run(words);
	if (end.status != 0)
		fail_msg("replay: %s", end.err);
	same_file(folder, again, "samples.csv");
	same_file(folder, again, "holds.csv");
}

/* The table of feedback: what the lamp may say in a state. */
static void check_leds(void)
{
	/* clang-format off */
	static const struct { const char *state, *leds; } table[] = {
		{ "need_reference", " wait fix " }, { "ready", " go " },
		{ "entering", " move fix " }, { "counting", " count fix " },
		{ "paused", " count pause fix " }, { "done", " done " },
		{ "short", " short " }, { "rest", " wait " }, { "closing", " wait " },
		{ "fault", " fault " }, { "idle", " off " }, { "over", " short " },
	};
	/* clang-format on */
	struct csv_table rows;
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/samples.csv", rig.run.store.target);
	assert_true(csv_table_load(&rows, path));
	for (size_t i = 0; i < rows.rows; i++) {
		const char *at = csv_table_text(&rows, i, "state");
		char led[40];
		bool right = false;

		snprintf(led, sizeof led, " %s ", csv_table_text(&rows, i, "led"));
		for (size_t k = 0; k < sizeof table / sizeof table[0]; k++)
			right = right || (strcmp(table[k].state, at) == 0 &&
						 strstr(table[k].leds, led) != NULL);
		if (!right)
			fail_msg("row %zu: state %s shows %s", i, at, led);
	}
	csv_table_free(&rows);
}

static void report(const char *what)
{
	double worst_deg = 0.0, worst_s = 0.0;

	for (int i = 0; i < rig.holds; i++) {
		worst_deg = fmax(worst_deg, sqrt(rig.square[i] / rig.errors[i]));
		worst_s = fmax(worst_s, fabs(rig.hold[i].hold_s - true_seconds(i)));
	}
	printf("# %s: hold seconds within %.3f of the truth, thigh %.3f deg RMS in "
	       "holds; LED id %.0f ms behind its sample (p50), %.0f ms (p99); %.1f "
	       "wake-ups/s\n",
		what, worst_s, worst_deg, live_lag_ms(&rig, 0.5), live_lag_ms(&rig, 0.99),
		(double)rig.loop.wakeups * 1e6 /
			(double)(rig.bus.now_us - rig.begun_us));
}

static void check_set(const char *what)
{
	report(what);
	assert_int_equal(rig.holds, rig.wearer.plan.hold_count);
	for (int i = 0; i < rig.holds; i++) {
		assert_int_equal(rig.hold[i].result, rig.wearer.plan.holds[i].intended);
		assert_true(fabs(rig.hold[i].hold_s - true_seconds(i)) < 0.1);
		assert_true(sqrt(rig.square[i] / rig.errors[i]) < 0.1);
	}
	assert_true(live_lag_ms(&rig, 0.99) <= 150.0);
	assert_int_equal(rig.events, 0);
	assert_int_equal(rig.absent[SITE_THIGH], 0);
	assert_int_equal(rig.loop.events_lost, 0);
	check_leds();
	check_replay();
}

static void test_one_sensor(void **state)
{
	(void)state;
	live_init(&rig, 1, 1);
	live_run(&rig, temp_path("state"));
	check_set("one MPU-6050");
}

static void test_two_sensors(void **state)
{
	(void)state;
	live_init(&rig, 2, 2);
	rig.kind[SITE_THIGH] = EMUL_LSM6DSO;
	rig.kind[SITE_PELVIS] = EMUL_LSM6DSL;
	rig.address[SITE_THIGH] = 0x6A;
	rig.address[SITE_PELVIS] = 0x6B;
	live_run(&rig, temp_path("state"));
	check_set("LSM6DSO and LSM6DSL");
	assert_true(rig.absent[SITE_PELVIS] <= 2);
	assert_true((double)rig.loop.wakeups * 1e6 <
		25.0 * (double)(rig.bus.now_us - rig.begun_us));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_one_sensor, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			test_two_sensors, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
