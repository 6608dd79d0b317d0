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

	snprintf(folder, sizeof folder, "%s", rig.run.files[rig.run.at].store.target);
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

	snprintf(path, sizeof path, "%s/samples.csv", rig.run.files[rig.run.at].store.target);
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

/* ---- sensors that fail while somebody wears them ---- */

static struct {
	double from_s, to_s; /* wearer's time */
	enum site site;
	bool both;
} cut;

static void pull(struct live_rig *r, double t_s)
{
	bool out = t_s >= cut.from_s && t_s < cut.to_s;

	for (int site = 0; site < r->param.sensors; site++) {
		struct emul *chip = &r->chip[site];

		if (site != (int)cut.site && !cut.both)
			continue;
		if (chip->refuses && !out)
			emul_power_cycle(chip);
		chip->refuses = out;
	}
}

/* Into the second hold, so many seconds after it settled. */
static void run_cut(int sensors, enum site site, double after_s, double length_s)
{
	live_init(&rig, sensors, 3);
	assert_null(wearer_init(&rig.wearer, &rig.param));
	cut.from_s = rig.wearer.plan.holds[1].settled_s + after_s;
	cut.to_s = cut.from_s + length_s;
	cut.site = site;
	cut.both = false;
	rig.world = pull;
	live_run(&rig, temp_path("state"));
}

static double state_after(const char *state, double t_s)
{
	struct csv_table rows;
	char path[PATH_MAX + 16];
	double *at, found = NAN;
	double shift_s = (double)rig.sensors.origin_us * 1e-6 - rig.start_s;

	snprintf(path, sizeof path, "%s/samples.csv", rig.run.files[rig.run.at].store.target);
	assert_true(csv_table_load(&rows, path));
	at = csv_table_column(&rows, "t_s");
	for (size_t i = 0; i < rows.rows && isnan(found); i++)
		if (at[i] + shift_s >= t_s &&
			strcmp(csv_table_text(&rows, i, "state"), state) == 0)
			found = at[i] + shift_s - t_s;
	free(at);
	csv_table_free(&rows);
	return found;
}

static void check_events(const char *site)
{
	assert_int_equal(rig.events, 2);
	assert_int_equal(rig.event[0].kind, EVENT_FAULT);
	assert_string_equal(rig.event[0].word[0], site);
	assert_string_equal(rig.event[0].word[1], "nack");
	assert_int_equal(rig.event[1].kind, EVENT_RECOVERED);
	assert_string_equal(rig.event[1].word[0], site);
	/* Product: recovery within 2 s of the fault's end. */
	assert_true(rig.event_s[1] - cut.to_s < 2.0);
	printf("# recovered %.2f s after plugging in\n", rig.event_s[1] - cut.to_s);
}

/* Away for half a second: a pause, not one second of it is counted, and it goes on. */
static void test_pulled_shortly(void **state)
{
	double without_s;

	(void)state;
	run_cut(1, SITE_THIGH, 8.0, 0.5);
	check_events("thigh");
	assert_int_equal(rig.holds, 3);
	assert_int_equal(rig.hold[1].result, RESULT_DONE);
	without_s = true_seconds(1) - rig.hold[1].hold_s;
	printf("# half a second unplugged in a hold: %.2f s are not counted, state %s\n",
		without_s, hold_result_names[rig.hold[1].result]);
	assert_true(without_s >= 0.5 && without_s < 4.0);
	assert_true(sqrt(rig.square[1] / rig.errors[1]) < 0.5);
	check_replay();
}

/* Away for five seconds: the hold ends by its rule, the next one is as ever. */
static void test_pulled_long(void **state)
{
	double fault_s;

	(void)state;
	run_cut(1, SITE_THIGH, 8.0, 5.0);
	check_events("thigh");
	assert_int_equal(rig.hold[1].result, RESULT_SHORT);
	assert_int_equal(rig.hold[1].reason, REASON_SENSOR);
	/* Pulled out 8 s after the pose was reached; the band was entered before. */
	assert_true(rig.hold[1].hold_s >= 8.0 && rig.hold[1].hold_s < 10.0);
	/* Two seconds' pause, two of `short`, then `fault`, though no reading comes. */
	fault_s = state_after("fault", cut.from_s);
	printf("# five seconds unplugged: fault shown after %.2f s\n", fault_s);
	assert_true(fault_s < 4.5);
	/* By the rule of the hold: ready, the reference kept. */
	assert_true(state_after("ready", cut.to_s) < 2.0);
	assert_int_equal(rig.hold[0].result, RESULT_DONE);
	assert_int_equal(rig.hold[rig.holds - 1].result, RESULT_DONE);
	check_replay();
}

/* The pelvis sensor fails: the thigh's angle goes on, and says what it lacks. */
static void test_pelvis_pulled(void **state)
{
	(void)state;
	run_cut(2, SITE_PELVIS, 5.0, 10.0);
	check_events("pelvis");
	assert_int_equal(rig.absent[SITE_THIGH], 0);
	assert_true(rig.absent[SITE_PELVIS] > 900);
	assert_int_equal(rig.holds, 3);
	assert_int_equal(rig.hold[1].result, RESULT_DONE);
	assert_true(fabs(rig.hold[1].hold_s - true_seconds(1)) < 0.1);
	assert_true(sqrt(rig.square[1] / rig.errors[1]) < 0.1);
	/* Ten of thirty seconds were not seen: nothing of the pelvis is claimed. */
	assert_int_equal(rig.hold[0].hip_flexion_method, METHOD_MEASURED);
	assert_int_equal(rig.hold[0].pelvis_verdict, PELVIS_QUIET);
	assert_int_equal(rig.hold[1].hip_flexion_method, METHOD_INFERRED);
	assert_int_equal(rig.hold[1].angle_method, METHOD_INFERRED);
	assert_int_equal(rig.hold[1].angle_confidence, CONFIDENCE_LOW);
	assert_int_equal(rig.hold[1].pelvis_method, METHOD_INFERRED);
	assert_int_equal(rig.hold[1].pelvis_verdict, PELVIS_DOUBTFUL);
	assert_true(isnan(rig.hold[1].pelvis_share));
	assert_int_equal(rig.hold[2].hip_flexion_method, METHOD_MEASURED);
	check_replay();
}

/*
 * Away for longer than 10 s, and back with the leg still up: the reference is asked
 * for again, and taken when the leg lies flat, not before.
 */
static void test_thigh_pulled(void **state)
{
	(void)state;
	run_cut(2, SITE_THIGH, 5.0, 10.0);
	check_events("thigh");
	assert_true(rig.absent[SITE_THIGH] > 900);
	assert_int_equal(rig.holds, 3);
	assert_int_equal(rig.hold[1].result, RESULT_SHORT);
	assert_int_equal(rig.hold[1].reason, REASON_SENSOR);
	assert_int_equal(rig.hold[2].result, RESULT_DONE);
	assert_true(sqrt(rig.square[2] / rig.errors[2]) < 0.1);
	check_replay();
}

/* Clocks 5 % off either way, at about 200 Hz: seconds are those of the host. */
static void test_clock_error(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		live_init(&rig, 1, 4);
		rig.rate = CHIP_RATE_200;
		rig.rate_error[SITE_THIGH] = 0.05 * sign;
		live_run(&rig, temp_path(sign < 0 ? "slow" : "fast"));
		report(sign < 0 ? "200 Hz, clock 5 % slow" : "200 Hz, clock 5 % fast");
		assert_int_equal(rig.holds, 3);
		for (int i = 0; i < rig.holds; i++)
			assert_true(fabs(rig.hold[i].hold_s - true_seconds(i)) < 0.1);
	}
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, temp_set_up, temp_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_sensor),
		TEST(test_two_sensors),
		TEST(test_clock_error),
		TEST(test_pulled_shortly),
		TEST(test_pulled_long),
		TEST(test_pelvis_pulled),
		TEST(test_thigh_pulled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
