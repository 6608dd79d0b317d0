/*
 * What begins a hold and what does not, and how its end is named: cases that test
 * persons showed to be judged wrong. Expected values follow from the scripts.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/judge.h"

/* A lean, two sensors: band 3..45 of the pelvis, thigh in its place. */
static void begin_lean(struct hold_rig *rig)
{
	rig_init(rig);
	rig->plan.judging = JUDGE_LEAN;
	rig->plan.band_low_deg = rig->plan.flat_deg = rig->plan.rise_deg = 3.0;
	rig->plan.down_deg = 1.5;
	rig->plan.band_high_deg = 45.0;
	rig->thigh_rise_deg = 1.0;
	rig_stay(rig, 3.0, 0.0);
}

/* Rest is 10 s, shown 2 s after the end; the leg goes up after 6 s and stays. */
static void test_a_rise_in_the_rest_is_no_entry(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	rig_lower(&rig);
	rig_stay(&rig, 6.0, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
	rig_move(&rig, 3.0, 70.0);
	rig_stay(&rig, 15.0, 70.0);
	assert_int_equal(rig.begun, 1);
	rig_assert_phase(&rig, HOLD_REST);
	/* down again: `go`, and the next rise is a hold */
	rig_lower(&rig);
	rig_stay(&rig, 2.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 5.0, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.begun, 2);
}

/* A sway at rest that stays below a rise is no reason to wait longer. */
static void test_a_small_lift_in_the_rest_does_not_matter(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	rig_lower(&rig);
	rig_stay(&rig, 5.0, 2.0);
	rig_move(&rig, 1.0, 14.0);
	rig_move(&rig, 1.0, 2.0);
	rig_stay(&rig, 5.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
}

/* Slumped back by 5 deg at rest; straight again is 5 deg up and still no lean. */
static void test_back_to_the_start_pose_is_no_rise(void **state)
{
	struct hold_rig rig;

	(void)state;
	begin_lean(&rig);
	rig_move(&rig, 1.0, -5.0);
	rig_stay(&rig, 3.0, -5.0);
	rig_move(&rig, 1.0, 0.5);
	rig_stay(&rig, 25.0, 0.5);
	assert_int_equal(rig.begun, 0);
	rig_assert_phase(&rig, HOLD_READY);
	/* from the slump right into a lean is one */
	rig_move(&rig, 1.0, -5.0);
	rig_stay(&rig, 3.0, -5.0);
	rig_move(&rig, 2.0, 20.0);
	rig_stay(&rig, 4.0, 20.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
}

/* Standing up from the floor turns the pelvis by 15 deg, and the thigh by 90. */
static void test_getting_up_is_no_lean(void **state)
{
	struct hold_rig rig;

	(void)state;
	begin_lean(&rig);
	rig.thigh_rise_deg = 90.0;
	rig_move(&rig, 2.0, 15.0);
	rig_stay(&rig, 30.0, 15.0);
	assert_int_equal(rig.begun, 0);
	assert_close(rig.credited_s, 0.0, 0.0);
}

/* In a lean for 5 s, then up: the pelvis alone would go on counting. */
static void test_getting_up_ends_a_lean(void **state)
{
	struct hold_rig rig;

	(void)state;
	begin_lean(&rig);
	rig_move(&rig, 2.0, 20.0);
	rig_stay(&rig, 5.0, 20.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	rig.thigh_rise_deg = 90.0;
	rig_stay(&rig, 0.1, 20.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_LEG_DOWN);
	/* a knee that comes up a little is not getting up */
	begin_lean(&rig);
	rig_move(&rig, 2.0, 20.0);
	rig.thigh_rise_deg = 12.0;
	rig_stay(&rig, 5.0, 20.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
}

/* Stillness is lost first; what it was is known a second later. */
static void test_a_pause_is_named_by_the_worst_in_it(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	rig_wave(&rig, 5.0, 70.0, 6.0, 1.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_BOUNCE);

	/* 18 deg down in 1 s: not still after 0.4 s, out of the band after 0.6 */
	rig_count(&rig, 70.0, 10.0);
	rig_move(&rig, 1.0, 52.0);
	rig_stay(&rig, 4.0, 52.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_LEFT_BAND);

	/* wandering about inside the band is only that */
	rig_count(&rig, 70.0, 10.0);
	for (int i = 0; i < 4; i++) {
		rig_ramp(&rig, 0.8, 78.9);
		rig_ramp(&rig, 0.8, 70.0);
	}
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_NOT_STILL);
}

/* One sensor, leaning: the button begins and ends. */
static void begin_timed(struct hold_rig *rig)
{
	rig_init(rig);
	rig->plan.judging = JUDGE_LEAN;
	rig->plan.timed = true;
	rig->thigh_rise_deg = 0.0;
	rig_stay(rig, 3.0, 0.0);
	rig->extra.press = true;
	rig_stay(rig, 8.0, 0.0);
	rig_assert_phase(rig, HOLD_COUNTING);
	rig->thigh_rise_deg = 10.0; /* the knee comes up: short after 2 s */
	rig_stay(rig, 5.0, 0.0);
	rig_assert_phase(rig, HOLD_REST);
}

static void test_a_press_that_comes_too_late_is_no_pain(void **state)
{
	struct hold_rig rig;

	(void)state;
	begin_timed(&rig);
	rig.extra.press = true;
	rig_stay(&rig, 2.0, 0.0);
	rig_assert_phase(&rig, HOLD_REST);
	assert_int_equal(rig.state.reason, REASON_LEFT_BAND);
	/* the second one is */
	rig.extra.press = true;
	rig_stay(&rig, 0.1, 0.0);
	assert_int_equal(rig.state.reason, REASON_PAIN);
}

/* Lying, the leg's way down ends a hold: the press has no other meaning. */
static void test_a_press_after_a_raise_is_pain(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	rig_lower(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
	rig.extra.press = true;
	rig_stay(&rig, 0.1, 2.0);
	assert_int_equal(rig.state.reason, REASON_PAIN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rise_in_the_rest_is_no_entry),
		cmocka_unit_test(test_a_small_lift_in_the_rest_does_not_matter),
		cmocka_unit_test(test_back_to_the_start_pose_is_no_rise),
		cmocka_unit_test(test_getting_up_is_no_lean),
		cmocka_unit_test(test_getting_up_ends_a_lean),
		cmocka_unit_test(test_a_pause_is_named_by_the_worst_in_it),
		cmocka_unit_test(test_a_press_that_comes_too_late_is_no_pain),
		cmocka_unit_test(test_a_press_after_a_raise_is_pain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
