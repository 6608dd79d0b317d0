/*
 * How a hold ends: pause, cap, time, leg, button, pain. Expected values: worked by hand
 * from the rules (band 56..85 deg, 30 s, pause at most 2 s) on angles at 100 Hz.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"

static void test_pause_and_end(void **state)
{
	struct hold_rig rig;
	double out_s;

	(void)state;
	/* 1.8 s at 55, just below the band: a pause, and it does not count; 3 deg
	 * are still, so the band alone decides */
	rig_count(&rig, 58.0, 10.0);
	out_s = rig.credit_to_s;
	rig_stay(&rig, 1.8, 55.0);
	rig_assert_phase(&rig, HOLD_PAUSED);
	rig_stay(&rig, 8.0, 58.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.state.drops, 1);
	assert_int_equal(rig.ended, 0);
	/* lost: 1.8 s, and the interval that leads back */
	assert_close(rig.credit_gap_s, 1.81, 1e-6);
	assert_close(rig.state.counted_s, rig.t_s - rig.credit_from_s - 1.81, 1e-6);
	assert_close(rig.state.longest_s, out_s - rig.credit_from_s, 1e-6);
	/* 2.2 s: over, after 2 s */
	rig_count(&rig, 58.0, 10.0);
	out_s = rig.t_s;
	rig_stay(&rig, 2.2, 55.0);
	rig_stay(&rig, 1.0, 58.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_LEFT_BAND);
	assert_close(rig.ends[0].at_s, out_s + 2.0, 2.0 * RIG_DT_S);
	assert_close(rig.ends[0].counted_s, 10.0, 0.05);
}

static void test_pause_at_the_limit(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 200 samples outside: from the last good one to the next, 2.01 s. Once 2.00
	 * are over, so at 199 (2.00 s) it is still a pause. */
	rig_count(&rig, 70.0, 10.0);
	for (int i = 0; i < 199; i++)
		rig_step(&rig, 55.5);
	rig_stay(&rig, 5.0, 70.0);
	assert_int_equal(rig.ended, 0);
	rig_count(&rig, 70.0, 10.0);
	for (int i = 0; i < 202; i++)
		rig_step(&rig, 55.5);
	assert_int_equal(rig.ended, 1);
}

/* To lower the leg at the end costs no second more where drops are looked for. */
static void test_lowering_is_no_drop(void **state)
{
	(void)state;
	for (double seconds = 1.0; seconds <= 8.0; seconds *= 2.0) {
		double counted_s[2];

		for (int i = 0; i < 2; i++) {
			struct hold_rig rig;

			rig_count(&rig, 70.0, 12.0);
			rig.settings.drop_deg = i == 0 ? 90.0 : 7.0;
			rig_move(&rig, seconds, 0.0);
			rig_stay(&rig, 4.0, 0.0);
			assert_int_equal(rig.ended, 1);
			counted_s[i] = rig.ends[0].counted_s;
		}
		assert_true(counted_s[0] > 12.0);
		assert_close(counted_s[1], counted_s[0], 1e-9);
	}
}

/*
 * Lower, but still in the band. The level is a mean of 10 s on the way down, so a drop
 * by 8 after 10 s at 76 is over 7 at once and 8 stay 8, while a leg that sinks by
 * 0.5 deg/s is never lower than 0.5 * 10 = 5 deg below it.
 */
static void test_a_drop_within_the_band(void **state)
{
	struct hold_rig rig;
	double left_s;

	(void)state;
	rig_count(&rig, 76.0, 10.0);
	left_s = rig.credit_to_s;
	rig_move(&rig, 0.5, 68.0);
	rig_stay(&rig, 1.0, 68.0);
	rig_assert_phase(&rig, HOLD_PAUSED);
	rig_stay(&rig, 2.0, 68.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_DROPPED);
	assert_close(rig.ends[0].counted_s, 10.0, 0.5);
	/* 7 of 8 deg down within the 0.5 s, and 2 s later it is over */
	assert_in_range((uintmax_t)(1e3 * (rig.ends[0].at_s - left_s)), 2000, 2500);
	/* 1 s there and back again is a pause */
	rig_count(&rig, 76.0, 10.0);
	rig_move(&rig, 0.3, 68.0);
	rig_stay(&rig, 0.4, 68.0);
	rig_move(&rig, 0.3, 76.0);
	rig_stay(&rig, 25.0, 76.0);
	rig_assert_phase(&rig, HOLD_DONE);
	assert_int_equal(rig.state.drops, 1);
	/* 12 deg in 24 s is creep; 6 deg at once is within the band and no drop */
	rig_count(&rig, 76.0, 8.0);
	rig_ramp(&rig, 24.0, 64.0);
	rig_assert_phase(&rig, HOLD_DONE);
	rig_count(&rig, 76.0, 8.0);
	rig_move(&rig, 1.0, 70.0);
	rig_stay(&rig, 22.0, 70.0);
	rig_assert_phase(&rig, HOLD_DONE);
	/* a stretch that deepens by exhale steps, and eases by the last of them */
	rig_count(&rig, 70.0, 6.0);
	for (int i = 1; i <= 4; i++) {
		rig_move(&rig, 1.0, 70.0 + 3.0 * i);
		rig_stay(&rig, 4.0, 70.0 + 3.0 * i);
	}
	rig_move(&rig, 1.0, 79.0);
	rig_stay(&rig, 5.0, 79.0);
	rig_assert_phase(&rig, HOLD_DONE);
	assert_int_equal(rig.state.drops, 0);
	/* a drop by the wearer's own limit */
	rig_init(&rig);
	rig.settings.drop_deg = 10.0;
	rig_raise(&rig, 76.0);
	rig_stay(&rig, 10.0, 76.0);
	rig_move(&rig, 2.0, 68.0);
	rig_stay(&rig, 22.0, 68.0);
	rig_assert_phase(&rig, HOLD_DONE);
}

static void test_nearly(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 80 % of 30 s are 24 s */
	rig_count(&rig, 70.0, 24.1);
	rig_stay(&rig, 3.0, 50.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_NEARLY);
	rig_count(&rig, 70.0, 23.5);
	rig_stay(&rig, 3.0, 50.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_LEFT_BAND);
	/* trouble of the sensor is not the wearer's "nearly" */
	rig_count(&rig, 70.0, 25.0);
	rig_bad(&rig, 3.0, FLAG_BIT(FLAG_ABSENT));
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_SENSOR);
}

static void test_leg_down_ends(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 12.0);
	rig_ramp(&rig, 1.0, 2.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_LEG_DOWN);
	assert_close(rig.ends[0].counted_s, 12.0, 0.4);
}

static void test_past_the_cap(void **state)
{
	struct hold_rig rig;
	double past_s;

	(void)state;
	/* 1.5 s at 87, above 85: a pause with a word to mend it */
	rig_init(&rig);
	rig_raise(&rig, 80.0);
	rig_stay(&rig, 10.0, 80.0);
	rig_move(&rig, 0.5, 87.0);
	past_s = rig.t_s;
	rig_stay(&rig, 1.0, 87.0);
	rig_assert_phase(&rig, HOLD_PAUSED);
	assert_true(rig.out.fix);
	assert_true((rig.out.flags & FLAG_BIT(FLAG_PAST_CAP)) != 0);
	assert_true(rig.credit_to_s <= past_s);
	rig_move(&rig, 0.4, 80.0);
	rig_stay(&rig, 4.0, 80.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	/* 3 s at 87: the hold is short, for that reason */
	rig_move(&rig, 0.5, 87.0);
	rig_stay(&rig, 3.0, 87.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_PAST_CAP);
}

static void test_over(void **state)
{
	struct hold_rig rig;
	double over_s;

	(void)state;
	/* up to 95 within a second, 5 above the limit of 90, and staying: over,
	 * two seconds after 90 deg were passed */
	rig_init(&rig);
	rig_raise(&rig, 80.0);
	rig_stay(&rig, 10.0, 80.0);
	over_s = rig.t_s + 10.0 / 15.0;
	rig_ramp(&rig, 1.0, 95.0);
	rig_stay(&rig, 4.0, 95.0);
	rig_assert_end(&rig, 0, RESULT_OVER, REASON_PAST_CAP);
	assert_close(rig.ends[0].at_s, over_s + 2.0, 3.0 * RIG_DT_S);
	/* straight through the band on the way in */
	rig_init(&rig);
	rig_raise(&rig, 100.0);
	rig_stay(&rig, 3.0, 100.0);
	rig_assert_end(&rig, 0, RESULT_OVER, REASON_PAST_CAP);
	assert_close(rig.ends[0].counted_s, 0.0, 0.0);
	/* after done too */
	rig_count(&rig, 70.0, 31.0 - 2.0);
	rig_stay(&rig, 3.0, 70.0);
	rig_assert_phase(&rig, HOLD_DONE);
	rig_ramp(&rig, 1.0, 95.0);
	rig_stay(&rig, 4.0, 95.0);
	rig_assert_end(&rig, 0, RESULT_OVER, REASON_PAST_CAP);
	/* two short visits above the limit do not add up */
	rig_count(&rig, 70.0, 5.0);
	for (int i = 0; i < 3; i++) {
		rig_ramp(&rig, 0.2, 92.0);
		rig_stay(&rig, 0.8, 92.0);
		rig_ramp(&rig, 0.2, 84.0);
		rig_stay(&rig, 0.3, 84.0);
	}
	assert_true(rig.ended == 0 || rig.ends[0].result != RESULT_OVER);
}

static void test_too_long(void **state)
{
	struct hold_rig rig;
	double from_s;

	(void)state;
	/* twice the prescribed time: over, at 60 s from the first counted one */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 70.0, 70.0);
	from_s = rig.credit_from_s;
	rig_assert_end(&rig, 0, RESULT_OVER, REASON_TOO_LONG);
	assert_close(rig.ends[0].at_s, from_s + 60.0, 2.0 * RIG_DT_S);
	assert_close(rig.ends[0].counted_s, 60.0, 2.0 * RIG_DT_S);
}

static void test_button_stops_at_once(void **state)
{
	struct hold_rig rig;
	double press_s;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	press_s = rig.t_s;
	rig_assert_phase(&rig, HOLD_STOPPED);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_BUTTON);
	assert_close(rig.ends[0].at_s, press_s, 1e-9);
	assert_close(rig.ends[0].counted_s, 10.0, 0.05);
	rig_stay(&rig, 5.0, 70.0);
	assert_close(rig.state.counted_s, rig.ends[0].counted_s, 0.0);
	/* while entering and while paused too */
	rig_init(&rig);
	rig_raise(&rig, 40.0);
	rig.extra.press = true;
	rig_step(&rig, 40.0);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_BUTTON);
	rig_count(&rig, 70.0, 10.0);
	rig_stay(&rig, 1.0, 50.0);
	rig.extra.press = true;
	rig_step(&rig, 50.0);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_BUTTON);
	/* by name */
	rig_count(&rig, 70.0, 10.0);
	rig.extra.stop = REASON_FATIGUE;
	rig_step(&rig, 70.0);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_FATIGUE);
}

static void test_second_press_is_pain(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 4.5 s later */
	rig_count(&rig, 70.0, 10.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	assert_int_equal(rig.rows, 0); /* the row waits for that */
	rig_stay(&rig, 4.5, 70.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	assert_int_equal(rig.state.reason, REASON_PAIN);
	assert_int_equal(rig.state.result, RESULT_STOPPED);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_PAIN)) != 0);
	/* a second press at once, while the result is shown */
	rig_count(&rig, 70.0, 10.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	rig_stay(&rig, 0.3, 70.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	assert_int_equal(rig.state.reason, REASON_PAIN);
	/* one press alone is not */
	rig_count(&rig, 70.0, 10.0);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	rig_stay(&rig, 4.0, 70.0);
	assert_int_equal(rig.state.reason, REASON_BUTTON);
}

static void test_press_in_rest_is_pain(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 34.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 1.0, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
	assert_int_equal(rig.rows, 0);
	rig.extra.press = true;
	rig_step(&rig, 2.0);
	/* the hold was held all the same */
	assert_int_equal(rig.state.result, RESULT_DONE);
	assert_int_equal(rig.state.reason, REASON_PAIN);
	rig_stay(&rig, 12.0, 2.0);
	assert_int_equal(rig.rows, 1);
}

static void test_press_in_done_stops(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* the time is reached: done, and the press ends it at once */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 34.0, 70.0);
	rig_assert_phase(&rig, HOLD_DONE);
	rig.extra.press = true;
	rig_step(&rig, 70.0);
	assert_int_equal(rig.ended, 1);
	assert_int_equal(rig.ends[0].result, RESULT_DONE);
	rig_assert_phase(&rig, HOLD_REST);
}

static void test_end_of_the_recording(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	hold_finish(&rig.state, llround(rig.t_s * 1e6), &rig.out);
	assert_true(rig.out.row_due && rig.out.hold_ended);
	assert_int_equal(rig.state.result, RESULT_SHORT);
	assert_int_equal(rig.state.reason, REASON_END);
	/* a finished one stays done */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	hold_finish(&rig.state, llround(rig.t_s * 1e6), &rig.out);
	assert_int_equal(rig.state.result, RESULT_DONE);
	/* without a hold there is no row */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	hold_finish(&rig.state, llround(rig.t_s * 1e6), &rig.out);
	assert_false(rig.out.row_due);
}

/* 40 s into a rest of 60 s the row is written; the press is noted beside it. */
static void test_late_press_in_rest_is_noted(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig.plan.rest_s = 60.0;
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 34.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 40.0, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
	assert_int_equal(rig.rows, 1);
	assert_int_equal(rig.state.late_pain, 0);
	rig.flags = 0;
	rig.extra.press = true;
	rig_step(&rig, 2.0);
	assert_int_equal(rig.state.late_pain, 1);
	assert_true((rig.flags & FLAG_BIT(FLAG_PAIN)) != 0);
	assert_int_equal(rig.state.reason, REASON_NONE); /* as it was written */
	rig_assert_phase(&rig, HOLD_REST);
}

/* stretchctl stop --reason pain: it is never too late to say, nor too early. */
static void test_pain_by_name(void **state)
{
	static const enum hold_phase ended[] = { HOLD_SHORT, HOLD_REST };
	struct hold_rig rig;

	(void)state;
	/* in the hold: it stops it, and the flag is there as of two presses */
	rig_count(&rig, 70.0, 10.0);
	rig.extra.stop = REASON_PAIN;
	rig_step(&rig, 70.0);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_PAIN);
	assert_true((rig.ends[0].flags & FLAG_BIT(FLAG_PAIN)) != 0);
	/* the time is reached and the leg still up: done, and it hurt */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 34.0, 70.0);
	rig_assert_phase(&rig, HOLD_DONE);
	rig.extra.stop = REASON_PAIN;
	rig_step(&rig, 70.0);
	rig_assert_end(&rig, 0, RESULT_DONE, REASON_PAIN);
	/* the leg came down after 10 s: short; then, before the row, it is said */
	for (int i = 0; i < 2; i++) {
		rig_count(&rig, 70.0, 10.0);
		rig_lower(&rig);
		rig_stay(&rig, 3.0 * i, 2.0);
		rig_assert_phase(&rig, ended[i]);
		rig.extra.stop = REASON_PAIN;
		rig_step(&rig, 2.0);
		assert_int_equal(rig.rows, 0);
		assert_int_equal(rig.state.result, RESULT_SHORT);
		assert_int_equal(rig.state.reason, REASON_PAIN);
		assert_true((rig.state.flags & FLAG_BIT(FLAG_PAIN)) != 0);
	}
	/* ready for the next one, the row is written: noted beside it */
	rig_stay(&rig, 12.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	assert_int_equal(rig.rows, 1);
	assert_int_equal(rig.state.late_pain, 0);
	rig.extra.stop = REASON_PAIN;
	rig_step(&rig, 2.0);
	assert_int_equal(rig.state.late_pain, 1);
	rig_assert_phase(&rig, HOLD_READY);
	/* before any hold there is nothing to mark; fatigue afterwards is no pain */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig.extra.stop = REASON_PAIN;
	rig_step(&rig, 2.0);
	assert_int_equal(rig.state.late_pain, 0);
	rig_count(&rig, 70.0, 10.0);
	rig_lower(&rig);
	rig.extra.stop = REASON_FATIGUE;
	rig_step(&rig, 2.0);
	assert_int_equal(rig.state.reason, REASON_LEG_DOWN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pause_and_end),
		cmocka_unit_test(test_pause_at_the_limit),
		cmocka_unit_test(test_lowering_is_no_drop),
		cmocka_unit_test(test_a_drop_within_the_band),
		cmocka_unit_test(test_nearly),
		cmocka_unit_test(test_leg_down_ends),
		cmocka_unit_test(test_past_the_cap),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_button_stops_at_once),
		cmocka_unit_test(test_second_press_is_pain),
		cmocka_unit_test(test_press_in_rest_is_pain),
		cmocka_unit_test(test_late_press_in_rest_is_noted),
		cmocka_unit_test(test_pain_by_name),
		cmocka_unit_test(test_press_in_done_stops),
		cmocka_unit_test(test_end_of_the_recording),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
