/*
 * Which seconds of a hold count, fed with scripted angles at 100 Hz. Expected values:
 * worked by hand from the rules (band 56..85 deg, 30 s, still within 6 deg over 1.5 s)
 * and from the closed form of the minimum-jerk rise for the moment of band entry.
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

static void test_whole_hold(void **state)
{
	struct hold_rig rig;
	double band_s, out_s;

	(void)state;
	rig_init(&rig);
	band_s = rig_raise(&rig, 70.0);
	rig_stay(&rig, 35.0, 70.0);
	rig_assert_phase(&rig, HOLD_DONE);
	out_s = rig.t_s + 3.0 * track_ease_inverse((70.0 - 56.0) / 68.0);
	rig_lower(&rig);
	rig_assert_phase(&rig, HOLD_REST);
	assert_int_equal(rig.ended, 1);
	rig_assert_end(&rig, 0, RESULT_DONE, REASON_NONE);
	assert_int_equal(rig.begun, 1);
	assert_int_equal(rig.state.drops, 0);
	/* no second before the band, and the seconds add up to the credits */
	assert_true(rig.credit_from_s >= band_s - 1e-9);
	assert_close(rig.credited_s, rig.state.counted_s, 1e-9);
	/* one run without a hole: it is as long as its ends lie apart */
	assert_close(rig.state.counted_s, rig.credit_to_s - rig.credit_from_s, 1e-6);
	assert_close(rig.state.longest_s, rig.state.counted_s, 1e-9);
	/* a rise that slows down over 14 deg takes a second to come within 6 deg;
	 * going, the band is left or stillness lost, whichever comes first */
	assert_true(rig.credit_from_s <= band_s + 1.0);
	assert_true(rig.credit_to_s <= out_s + RIG_DT_S);
	assert_true(rig.credit_to_s >= out_s - 0.5);
	printf("# band entry %.2f s, counted from %.2f s to %.2f s, left at %.2f s\n",
		band_s, rig.credit_from_s, rig.credit_to_s, out_s);
}

static void test_done_at_the_prescribed_second(void **state)
{
	struct hold_rig rig;
	double done_s;

	(void)state;
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 40.0, 70.0);
	done_s = rig_when(&rig, HOLD_DONE, 0.0);
	assert_close(done_s - rig.credit_from_s, 30.0, 2.0 * RIG_DT_S);
	/* and runs on: counting goes on in done */
	assert_true(rig.out.counting);
	assert_close(rig.state.counted_s, rig.t_s - rig.credit_from_s, 1e-6);
	assert_true(rig.state.counted_s > 36.0);
	assert_int_equal(rig.ended, 0);
}

static void test_back_dated_to_band_entry(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 4 deg/s is still (6 deg in 1.5 s at the most): every second from the band's
	 * edge on counts, and none before */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 17.0, 2.0 + 3.5 * 17.0); /* at 56 after 54/3.5 = 15.43 s */
	rig_stay(&rig, 5.0, 61.5);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_close(rig.credit_from_s, 3.0 - RIG_DT_S + 54.0 / 3.5, 1.5 * RIG_DT_S);
	assert_close(rig.state.counted_s, rig.t_s - rig.credit_from_s, 1e-6);
}

static void test_back_dated_to_stillness(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* into the band, then 10 deg/s within it from 58 to 80 deg, then at rest:
	 * counts only from when the low-passed angle was within 6 deg of its end */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 2.8, 58.0);
	rig_ramp(&rig, 2.2, 80.0); /* arrives at 8.0 s */
	rig_stay(&rig, 5.0, 80.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	/* the low-passed ramp lags by 10/(2 pi) = 1.6 deg: at 74.0 when the angle is
	 * at 75.6, 0.44 s before the end, give or take a bin of 50 ms */
	assert_close(rig.credit_from_s, 7.99 - 0.44, 0.08);
}

static void test_needs_an_entry(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* in the band from the first sample on: knee bent, never flat */
	rig_init(&rig);
	rig_stay(&rig, 20.0, 70.0);
	rig_assert_phase(&rig, HOLD_READY);
	assert_close(rig.state.counted_s, 0.0, 0.0);
	assert_int_equal(rig.begun, 0);
	assert_true((rig.flags & FLAG_BIT(FLAG_STARTED_IN_BAND)) != 0);
	/* down and up again is an entry, and the flag is gone */
	rig_move(&rig, 3.0, 2.0);
	rig.flags = 0;
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 5.0, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.flags, 0);
	/* so is coming down after a hold, but not low enough */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 34.0, 70.0);
	rig_move(&rig, 3.0, 19.0); /* below 20: leg down, the hold is over */
	rig_move(&rig, 0.5, 30.0); /* never still at 20 or less */
	rig_stay(&rig, 12.0, 30.0);
	rig_move(&rig, 2.0, 70.0);
	rig_stay(&rig, 12.0, 70.0);
	assert_int_equal(rig.begun, 1);
	rig_assert_phase(&rig, HOLD_REST);
}

static void test_entry_rise(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 14 deg are no rise */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_move(&rig, 2.0, 15.9);
	rig_stay(&rig, 2.0, 15.9);
	rig_assert_phase(&rig, HOLD_READY);
	/* 16 are, and going back at once is not yet an attempt */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_move(&rig, 1.0, 18.0);
	rig_assert_phase(&rig, HOLD_ENTERING);
	rig_move(&rig, 1.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	assert_int_equal(rig.ended, 0);
	assert_int_equal(rig.state.index, 0);
}

static void test_entry_within_20_s(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* stops half way, at 40 deg: an attempt that never came into the band. Last
	 * low (within 3 deg) at 3.2 s; 20 s later it is over. */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 2.0, 42.0); /* 20 deg/s: at 5 deg after 0.15 s */
	rig_stay(&rig, 30.0, 42.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_BELOW_BAND);
	assert_close(rig.ends[0].at_s, 3.0 - RIG_DT_S + 0.15 + 20.0, 2.0 * RIG_DT_S);
	assert_close(rig.ends[0].counted_s, 0.0, 0.0);
	/* a rise so slow that it takes longer than 20 s is none */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 90.0, 62.0); /* 0.67 deg/s: from 5 to 17 deg 18 s, to 56 77 s */
	assert_close(rig.state.counted_s, 0.0, 0.0);
	assert_true(rig.begun <= 1);
}

static void test_slow_lean_is_an_entry(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* a lean: 3 deg of gain begin the band. Leaning by 5 deg at 2 deg/s is still
	 * all the time, and yet a rise of 3 deg from where it was still before. */
	rig_init(&rig);
	rig.plan.judging = JUDGE_LEAN;
	rig.plan.flat_deg = rig.plan.rise_deg = rig.plan.band_low_deg = 3.0;
	rig.plan.band_high_deg = 45.0;
	rig.plan.down_deg = 1.5;
	rig_stay(&rig, 3.0, 0.0);
	rig_ramp(&rig, 2.5, 5.0);
	rig_stay(&rig, 5.0, 5.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
}

static void test_fast_entry(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* 60 deg/s: counts, flagged, told at once */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 68.0 / 60.0, 70.0);
	assert_true(rig.fixes > 0);
	rig_stay(&rig, 6.0, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_FAST_ENTRY)) != 0);
	assert_close(rig.state.entry_rate_deg_s, 60.0, 1.5);
	/* 30 deg/s: no flag, no fix */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_ramp(&rig, 68.0 / 30.0, 70.0);
	rig_stay(&rig, 6.0, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.fixes, 0);
	assert_int_equal(rig.state.flags, 0);
	assert_close(rig.state.entry_rate_deg_s, 30.0, 1.0);
}

static void test_swinging_never_counts(void **state)
{
	static const double hz[] = { 0.5, 1.0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct hold_rig rig;

		/* from the first moment in the band on: not a second */
		rig_init(&rig);
		rig_raise(&rig, 70.0);
		rig_wave(&rig, 30.0, 70.0, 6.0, hz[i]);
		assert_close(rig.state.counted_s, 0.0, 0.0);
		assert_int_equal(rig.state.result, RESULT_SHORT);
		/* in the middle of a hold: the hold ends, and what it counts after
		 * the swing began is less than the time a swing takes to show */
		rig_count(&rig, 70.0, 10.0);
		rig_wave(&rig, 10.0, 70.0, 6.0, hz[i]);
		assert_int_equal(rig.ended, 1);
		assert_int_equal(rig.ends[0].result, RESULT_SHORT);
		assert_true(rig.ends[0].counted_s < 10.0 + 1.0 / hz[i]);
		assert_true(rig.ends[0].reason == REASON_NOT_STILL ||
			rig.ends[0].reason == REASON_BOUNCE);
		assert_true((rig.ends[0].flags & FLAG_BIT(FLAG_BOUNCE)) != 0);
		assert_true(rig.fixes > 0);
	}
}

static void test_sway_counts(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 5.0);
	rig_wave(&rig, 20.0, 70.0, 1.5, 0.7);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.state.drops, 0);
	assert_close(rig.state.counted_s, 25.0, 0.1);
}

static void test_drift_does_not_count(void **state)
{
	struct hold_rig rig;
	double before;

	(void)state;
	/* 5 deg/s within the band: not still once 6 deg have passed */
	rig_init(&rig);
	rig.plan.band_low_deg = 30.0;
	rig_raise(&rig, 35.0);
	rig_stay(&rig, 5.0, 35.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	before = rig.state.counted_s;
	rig_ramp(&rig, 8.0, 75.0);
	assert_int_equal(rig.ended, 1);
	assert_int_equal(rig.ends[0].result, RESULT_SHORT);
	/* 6 deg at 5 deg/s are 1.2 s; the low-pass adds 0.16 s */
	assert_true(rig.ends[0].counted_s - before < 1.5);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_NOT_STILL);
}

static void test_exhale_steps_count(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_count(&rig, 70.0, 5.0);
	for (int i = 1; i <= 4; i++) {
		rig_move(&rig, 1.0, 70.0 + 3.0 * i);
		rig_stay(&rig, 3.0, 70.0 + 3.0 * i);
	}
	assert_int_equal(rig.state.drops, 0);
	assert_close(rig.state.counted_s, 21.0, 0.1);
	assert_int_equal(rig.fixes, 0);
}

static void test_two_seconds_after_a_bounce(void **state)
{
	struct hold_rig rig;
	double end_s;

	(void)state;
	/* a quick bounce at 3 Hz, 10 deg: the low-pass hardly sees it */
	rig_count(&rig, 70.0, 10.0);
	rig_wave(&rig, 1.0, 70.0, 5.0, 3.0);
	end_s = rig.t_s;
	assert_true((rig.out.flags & FLAG_BIT(FLAG_BOUNCE)) != 0);
	assert_true(rig.out.fix);
	rig_stay(&rig, 1.5, 70.0);
	assert_false(rig.out.counting);
	assert_true(rig.out.fix);
	rig_stay(&rig, 6.0, 70.0);
	/* the last half-swing ends at a quarter of a period before the wave does:
	 * two seconds from there, or the hold has ended by then */
	if (rig.ended == 0)
		assert_true(rig.credit_last_from_s >= end_s - 1.0 / 12.0 + 2.0);
	else
		assert_int_equal(rig.ends[0].result, RESULT_SHORT);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_BOUNCE)) != 0);
}

static void timed(struct hold_rig *rig)
{
	rig_init(rig);
	rig->plan.timed = true;
	rig->plan.judging = JUDGE_LEAN;
	rig->plan.band_low_deg = 3.0;
	rig->plan.band_high_deg = 45.0;
	rig->thigh_rise_deg = 1.0;
}

static void test_timed_begins_by_button_only(void **state)
{
	struct hold_rig rig;
	double press_s;

	(void)state;
	timed(&rig);
	rig_stay(&rig, 20.0, 0.0);
	rig_assert_phase(&rig, HOLD_READY);
	rig.extra.press = true;
	rig_step(&rig, 0.0);
	press_s = rig.t_s;
	rig_assert_phase(&rig, HOLD_ENTERING);
	rig_stay(&rig, 5.0, 0.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	/* from the press on, but for the sample of the press itself */
	assert_close(rig.credit_from_s, press_s + RIG_DT_S, RIG_DT_S);
	/* the thigh leaves its place by 8 deg: not counted, told */
	rig.thigh_rise_deg = 8.0;
	rig_stay(&rig, 1.0, 0.0);
	rig_assert_phase(&rig, HOLD_PAUSED);
	assert_true((rig.out.flags & FLAG_BIT(FLAG_KNEE_UP)) != 0);
	assert_true(rig.out.fix);
	rig.thigh_rise_deg = 4.0;
	rig_stay(&rig, 3.0, 0.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	/* a press ends it: any press during a hold stops */
	rig.extra.press = true;
	rig_step(&rig, 0.0);
	rig_assert_end(&rig, 0, RESULT_STOPPED, REASON_BUTTON);
}

static void doorway(struct hold_rig *rig)
{
	rig_init(rig);
	rig->plan.judging = JUDGE_DOORWAY;
	rig->plan.entry_time_s = 60.0;
	rig->plan.down_deg = rig->plan.band_low_deg = 40.0;
	rig->plan.band_high_deg = 105.0;
	rig->plan.prescribed_s = 10.0;
	rig->plan.hold_max_s = 20.0;
}

static void test_doorway(void **state)
{
	struct hold_rig rig;
	double fall_s;

	(void)state;
	/* up to 90 and staying: the leg has not been let down, nothing counts */
	doorway(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_move(&rig, 6.0, 90.0);
	rig_stay(&rig, 8.0, 90.0);
	assert_close(rig.state.counted_s, 0.0, 0.0);
	/* 7 deg lower: still nothing, 8 are asked */
	rig_ramp(&rig, 1.4, 83.0);
	rig_stay(&rig, 5.0, 83.0);
	assert_close(rig.state.counted_s, 0.0, 0.0);
	/* 13 lower at 5 deg/s, then still: counts from the fall on */
	fall_s = rig.t_s;
	rig_ramp(&rig, 1.2, 77.0);
	rig_stay(&rig, 4.0, 77.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_true(rig.credit_from_s >= fall_s);
	assert_int_equal(rig.fixes, 0);
	/* pushed up by 4 deg: pauses, with a flag; 3 are allowed */
	rig_move(&rig, 1.0, 79.5);
	rig_stay(&rig, 1.0, 79.5);
	rig_assert_phase(&rig, HOLD_COUNTING);
	rig_move(&rig, 0.5, 81.0);
	rig_stay(&rig, 1.0, 81.0);
	rig_assert_phase(&rig, HOLD_PAUSED);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_PUSH_UP)) != 0);
	rig_move(&rig, 0.5, 77.0);
	rig_stay(&rig, 9.0, 77.0);
	rig_assert_phase(&rig, HOLD_DONE);
	/* let down on and on, 20 deg at 2.5 deg/s: 3.75 in 1.5 s are still */
	doorway(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_move(&rig, 6.0, 90.0);
	rig_ramp(&rig, 1.6, 82.0);
	rig_ramp(&rig, 8.0, 62.0);
	rig_stay(&rig, 4.0, 62.0);
	rig_assert_phase(&rig, HOLD_DONE);
	/* arriving at 50 deg only is not high enough to fall from */
	doorway(&rig);
	rig_raise(&rig, 52.0);
	rig_ramp(&rig, 2.0, 42.0);
	rig_stay(&rig, 5.0, 42.0);
	assert_close(rig.state.counted_s, 0.0, 0.0);
	/* let down at 30 deg/s: too fast, told */
	doorway(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_move(&rig, 6.0, 90.0);
	rig_stay(&rig, 2.0, 90.0);
	assert_int_equal(rig.fixes, 0);
	rig_ramp(&rig, 0.6, 72.0);
	assert_true(rig.fixes > 0);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_FAST_ENTRY)) != 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_hold),
		cmocka_unit_test(test_done_at_the_prescribed_second),
		cmocka_unit_test(test_back_dated_to_band_entry),
		cmocka_unit_test(test_back_dated_to_stillness),
		cmocka_unit_test(test_needs_an_entry),
		cmocka_unit_test(test_entry_rise),
		cmocka_unit_test(test_entry_within_20_s),
		cmocka_unit_test(test_slow_lean_is_an_entry),
		cmocka_unit_test(test_fast_entry),
		cmocka_unit_test(test_swinging_never_counts),
		cmocka_unit_test(test_sway_counts),
		cmocka_unit_test(test_drift_does_not_count),
		cmocka_unit_test(test_exhale_steps_count),
		cmocka_unit_test(test_two_seconds_after_a_bounce),
		cmocka_unit_test(test_timed_begins_by_button_only),
		cmocka_unit_test(test_doorway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
