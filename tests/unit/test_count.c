/*
 * Repetitions: the two thresholds by hand, then every counted and timed exercise
 * done by the simulated wearer, whose script says how many there were.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/judge.h"
#include "stretch/count.h"

#define REPS 8

/* size 20: begins at 20, ends at 10; beyond 110 it is something else. */
static void test_thresholds(void **state)
{
	static const struct {
		double deg;
		enum count_event event;
	} course[] = {
		{ 0, COUNT_NOTHING }, { 19.9, COUNT_NOTHING }, { 5, COUNT_NOTHING },
		{ 20, COUNT_BEGAN }, { 50, COUNT_NOTHING }, { 10.1, COUNT_NOTHING },
		{ 30, COUNT_NOTHING }, { 10, COUNT_DONE }, { 15, COUNT_NOTHING },
		{ 25, COUNT_BEGAN }, { 111, COUNT_GONE }, { 90, COUNT_NOTHING },
		{ 30, COUNT_NOTHING }, { -25, COUNT_NOTHING }, { 21, COUNT_NOTHING },
		{ 9, COUNT_NOTHING }, { 21, COUNT_BEGAN }, { -3, COUNT_DONE },
	};
	struct count_state count;

	(void)state;
	count_init(&count);
	for (size_t i = 0; i < sizeof course / sizeof course[0]; i++) {
		enum count_event event = count_step(&count, 20.0, course[i].deg);

		if (event != course[i].event)
			fail_msg("step %zu at %.1f: event %d", i, course[i].deg, event);
	}
	assert_true(fabs(count.peak_deg - 21.0) < 1e-9);
}

static void start(struct judge_run *run, enum exercise_id exercise, int32_t sensors,
	enum side side, double rate_hz)
{
	judge_init(run, exercise, sensors);
	run->param.side = side;
	run->param.rate_hz = rate_hz;
	run->inputs.settings.side = (int32_t)side;
}

static void expect_rep(const struct hold_row *row, int32_t index)
{
	assert_int_equal(row->hold_index, index);
	assert_int_equal(row->result, RESULT_DONE);
	assert_true(isnan(row->prescribed_s));
	assert_int_equal(row->angle_quantity, QUANTITY_NONE);
	assert_int_equal(row->angle_method, METHOD_NOT_MEASURED);
	assert_int_equal(row->pelvis_method, METHOD_NOT_MEASURED);
	assert_int_equal(row->pelvis_verdict, -1);
	/* a second at the top, up and down at 50 deg/s at most */
	assert_true(row->hold_s > 1.0 && row->hold_s < 6.0);
}

/* Eight repetitions asked for and done: eight rows, then the closing check. */
static void test_every_counted_exercise(void **state)
{
	static struct judge_run run;
	static const double rates_hz[] = { 52, 104, 208 };
	int cases = 0, per_exercise = effort_times(12, 12, 4); /* few: at 52 Hz */

	(void)state;
	for (int ex = 0; ex < EX_COUNT; ex++) {
		if (exercises[ex].judging != JUDGE_COUNTED)
			continue;
		for (int i = 0; i < per_exercise; i++, cases++) {
			start(&run, (enum exercise_id)ex, 1 + i % 2,
				i % 4 < 2 ? SIDE_LEFT : SIDE_RIGHT, rates_hz[i / 4]);
			run.param.hold_count = REPS;
			run.inputs.settings.reps = REPS;
			judge_start(&run);
			judge_all(&run);
			if (run.hold_count != REPS)
				fail_msg("%s, %d sensors, %s, %.0f Hz: %d repetitions",
					exercise_names[ex], 1 + i % 2,
					side_names[run.param.side], rates_hz[i / 4],
					run.hold_count);
			for (int32_t k = 0; k < REPS; k++)
				expect_rep(&run.holds[k], k + 1);
			assert_int_equal(run.state.hold.reps_done, REPS);
			assert_int_equal(run.state.hold.phase, HOLD_IDLE);
		}
	}
	printf("# %d sets of %d repetitions, all counted\n", cases, REPS);
	assert_int_equal(cases, 6 * per_exercise);
}

/* Half of the least movement is none; the wrong leg's direction is none. */
static void test_what_is_no_repetition(void **state)
{
	static struct judge_run run;

	(void)state;
	for (int ex = 0; ex < EX_COUNT; ex++) {
		if (exercises[ex].judging != JUDGE_COUNTED)
			continue;
		start(&run, (enum exercise_id)ex, 2, SIDE_LEFT, 104.0);
		run.param.hold_count = REPS;
		run.param.angle_deg = 0.5 * exercises[ex].count_two.size_deg;
		run.inputs.settings.reps = REPS;
		judge_start(&run);
		judge_all(&run);
		if (run.hold_count != 0)
			fail_msg("%s: %d repetitions", exercise_names[ex], run.hold_count);
	}
	/* the sensor on the right leg, said to be on the left: inwards is not out */
	start(&run, EX_SIDE_KICK, 1, SIDE_RIGHT, 104.0);
	run.param.hold_count = REPS;
	run.inputs.settings.side = SIDE_LEFT;
	judge_start(&run);
	judge_all(&run);
	assert_int_equal(run.hold_count, 0);
}

/* No dose in the leaflet: repetitions go on until the wearer says next. */
static void test_without_a_number(void **state)
{
	static struct judge_run run;

	(void)state;
	start(&run, EX_BRIDGE, 1, SIDE_LEFT, 104.0);
	run.param.hold_count = 5;
	judge_start(&run);
	run.state.plan.reps = 0;
	judge_all(&run);
	assert_int_equal(run.hold_count, 5);
}

/* Timed: one row each, no verdict; foam rolling begins each pause by itself. */
static void test_timed_exercises(void **state)
{
	static const enum exercise_id timed[] = { EX_ALTERNATE_BEND, EX_FOAM_ROLL };
	static struct judge_run run;

	(void)state;
	for (int i = 0; i < 4; i++) {
		start(&run, timed[i / 2], 1 + i % 2, SIDE_RIGHT, 104.0);
		run.param.hold_count = 2;
		run.inputs.settings.reps = 2;
		judge_start(&run);
		for (int32_t e = 0; e < run.wearer.plan.event_count; e++)
			assert_true(timed[i / 2] != EX_FOAM_ROLL ||
				run.wearer.plan.events[e].event.kind != EVENT_PRESS);
		judge_all(&run);
		assert_int_equal(run.hold_count, 2);
		for (int32_t k = 0; k < 2; k++) {
			assert_int_equal(run.holds[k].result, RESULT_DONE);
			assert_int_equal(run.holds[k].pelvis_verdict, -1);
			assert_int_equal(run.holds[k].angle_quantity, QUANTITY_NONE);
		}
	}
}

/* A pause of half the time, then rolling again: short, and told as such. */
static void test_a_short_pause(void **state)
{
	static struct judge_run run;

	(void)state;
	start(&run, EX_FOAM_ROLL, 1, SIDE_LEFT, 104.0);
	run.param.hold_count = 2;
	run.param.holds[0].hold_s = 30.0;
	run.param.rest_s = 5.0;
	run.inputs.settings.reps = 2;
	judge_start(&run);
	judge_all(&run);
	assert_int_equal(run.hold_count, 2);
	assert_int_equal(run.holds[0].result, RESULT_SHORT);
	assert_true(fabs(run.holds[0].hold_s - 35.0) < 2.0);
	assert_int_equal(run.holds[1].result, RESULT_DONE);
}

static void test_refused(void **state)
{
	static struct judge_run run;

	(void)state;
	judge_init(&run, EX_WALL_STAND, 1);
	run.inputs.settings.hold_s = 30.0;
	assert_non_null(strstr(session_init(&run.state, &run.inputs), "not safe"));
	/* every other one says what it comes from and what it cannot see */
	for (int ex = 0; ex < EX_COUNT; ex++) {
		assert_true(strlen(exercises[ex].source) == 3);
		assert_true(strlen(exercises[ex].blind_spot) > 5);
		assert_int_not_equal(exercises[ex].start_pose, POSE_NONE);
		assert_int_not_equal(exercises[ex].align_one[1], POSE_NONE);
		assert_int_not_equal(exercises[ex].align_two[1], POSE_NONE);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_every_counted_exercise),
		cmocka_unit_test(test_what_is_no_repetition),
		cmocka_unit_test(test_without_a_number),
		cmocka_unit_test(test_timed_exercises),
		cmocka_unit_test(test_a_short_pause),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
