/*
 * Around a hold: bad data, gaps, faults, rest, closing, idle. Expected values: worked by
 * hand from the rules (2 s of fault, 10 s of gap, 10 s of rest, 10 min) at 100 Hz.
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

static void test_gap_is_not_credited(void **state)
{
	struct hold_rig rig;
	double before, gap_from_s;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	before = rig.state.counted_s;
	gap_from_s = rig.t_s;
	rig_skip(&rig, 1.0);
	rig_stay(&rig, 10.0, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
	assert_int_equal(rig.state.drops, 1);
	/* of 11 s of time, the 1.01 s with the gap and the 10 ms after it are lost */
	assert_close(rig.state.counted_s - before, rig.t_s - gap_from_s - 1.02, 1e-6);
	assert_close(rig.credit_gap_s, 1.02, 1e-6);
	assert_true((rig.state.flags & FLAG_BIT(FLAG_GAP)) != 0);
}

static void test_bad_data_are_not_credited(void **state)
{
	static const enum flag bad[] = { FLAG_STALE, FLAG_GAP, FLAG_FROZEN,
		FLAG_SATURATED, FLAG_ABSENT };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct hold_rig rig;
		double from_s;

		rig_count(&rig, 70.0, 10.0);
		from_s = rig.t_s;
		rig_bad(&rig, 1.0, FLAG_BIT(bad[i]));
		rig_assert_phase(&rig, HOLD_PAUSED);
		rig_stay(&rig, 5.0, 70.0);
		rig_assert_phase(&rig, HOLD_COUNTING);
		assert_close(rig.credit_gap_s, 1.01, 0.011);
		assert_close(rig.state.counted_s, 10.0 + rig.t_s - from_s -
			rig.credit_gap_s, 0.02);
		assert_true((rig.state.flags & FLAG_BIT(bad[i])) != 0);
	}
}

static void test_fault_ends_the_hold(void **state)
{
	struct hold_rig rig;
	double from_s;

	(void)state;
	rig_count(&rig, 70.0, 10.0);
	from_s = rig.t_s;
	rig_bad(&rig, 1.9, FLAG_BIT(FLAG_ABSENT));
	assert_int_equal(rig.ended, 0);
	rig_bad(&rig, 0.3, FLAG_BIT(FLAG_ABSENT));
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_SENSOR);
	assert_close(rig.ends[0].at_s, from_s + 2.0, 0.03);
	/* still nothing: shown as trouble, until the data are back; then ready with
	 * the reference kept: the setup is not asked again */
	rig_bad(&rig, 4.0, FLAG_BIT(FLAG_ABSENT));
	rig_assert_phase(&rig, HOLD_FAULT);
	rig_stay(&rig, 0.1, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
}

static void test_fault_in_ready(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_bad(&rig, 1.9, FLAG_BIT(FLAG_ABSENT));
	rig_assert_phase(&rig, HOLD_READY);
	rig_bad(&rig, 0.3, FLAG_BIT(FLAG_ABSENT));
	rig_assert_phase(&rig, HOLD_FAULT);
	rig_stay(&rig, 0.1, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
}

static bool asked_again(const struct hold_rig *rig)
{
	for (int32_t i = 0; i < rig->changed; i++)
		if (rig->changes[i].phase == HOLD_NEED_REFERENCE &&
			rig->changes[i].event == HOLD_EV_LONG_GAP)
			return true;
	return false;
}

static void test_long_gap_asks_for_the_reference(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* in a hold */
	rig_count(&rig, 70.0, 10.0);
	rig_skip(&rig, 10.5);
	rig_step(&rig, 70.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	assert_true(asked_again(&rig));
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_SENSOR);
	assert_int_equal(rig.rows, 1);
	/* 9.5 s end the hold and keep the reference */
	rig_count(&rig, 70.0, 10.0);
	rig_skip(&rig, 9.5);
	rig_stay(&rig, 3.0, 70.0);
	rig_assert_end(&rig, 0, RESULT_SHORT, REASON_SENSOR);
	assert_false(asked_again(&rig));
	/* in ready and at rest */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_skip(&rig, 10.5);
	rig_step(&rig, 2.0);
	assert_true(asked_again(&rig));
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 1.0, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
	rig_skip(&rig, 10.5);
	rig_step(&rig, 2.0);
	assert_true(asked_again(&rig));
}

static void test_long_fault_asks_for_the_reference(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* rows come, but for 11 s none has a reading: as long without data as in a
	 * gap, and the wearer may have moved the strap */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_bad(&rig, 11.0, FLAG_BIT(FLAG_ABSENT));
	rig_assert_phase(&rig, HOLD_FAULT);
	rig_stay(&rig, 0.5, 2.0);
	assert_true(asked_again(&rig));
	/* in a hold likewise */
	rig_count(&rig, 70.0, 10.0);
	rig_bad(&rig, 11.0, FLAG_BIT(FLAG_ABSENT));
	rig_stay(&rig, 0.5, 70.0);
	assert_true(asked_again(&rig));
	/* 8 s do not */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_bad(&rig, 8.0, FLAG_BIT(FLAG_ABSENT));
	rig_stay(&rig, 0.5, 2.0);
	assert_false(asked_again(&rig));
	rig_assert_phase(&rig, HOLD_READY);
	/* no rows for 11 s while the fault already stands */
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_bad(&rig, 3.0, FLAG_BIT(FLAG_ABSENT));
	rig_skip(&rig, 11.0);
	rig_stay(&rig, 0.5, 2.0);
	assert_true(asked_again(&rig));
}

static void test_rest_then_ready(void **state)
{
	struct hold_rig rig;
	double end_s;

	(void)state;
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	rig_lower(&rig);
	end_s = rig.ends[0].at_s;
	rig_stay(&rig, 15.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	/* rest_s after the end */
	assert_close(rig_when(&rig, HOLD_READY, 0.0), end_s + 10.0, 2.0 * RIG_DT_S);
	assert_int_equal(rig.rows, 1);
	/* a leg that is not flat does not become ready, however long it rests */
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	rig_move(&rig, 3.0, 19.5);
	rig_move(&rig, 0.2, 25.0);
	rig_stay(&rig, 60.0, 25.0);
	rig_assert_phase(&rig, HOLD_REST);
	/* results are shown for 2 s before the rest */
	rig_count(&rig, 70.0, 5.0);
	rig_ramp(&rig, 1.0, 2.0);
	rig_assert_phase(&rig, HOLD_SHORT);
	rig_stay(&rig, 2.5, 2.0);
	rig_assert_phase(&rig, HOLD_REST);
}

/* 30 s are 30 s: `done` comes with the sample that credits the last of them, and the
 * one before has not got them yet. */
static void test_done_with_the_prescribed_second(void **state)
{
	struct hold_rig rig;
	double before_s = 0.0;

	(void)state;
	rig_init(&rig);
	rig_raise(&rig, 70.0);
	while (rig.state.counted_s < 30.0 && rig.t_s < 100.0) {
		before_s = rig.state.counted_s;
		rig_step(&rig, 70.0);
	}
	rig_assert_phase(&rig, HOLD_DONE);
	assert_true(rig.out.counting);
	assert_close(before_s, 30.0 - RIG_DT_S, RIG_DT_S);
	assert_close(rig.state.counted_s, 30.0, RIG_DT_S);
}

static void test_last_hold_closes(void **state)
{
	struct hold_rig rig;
	double closing_s;

	(void)state;
	rig_init(&rig);
	for (int i = 0; i < 3; i++) {
		rig_raise(&rig, 70.0);
		rig_stay(&rig, 33.0, 70.0);
		rig_lower(&rig);
		rig_stay(&rig, i < 2 ? 12.0 : 3.0, 2.0);
	}
	assert_int_equal(rig.ended, 3);
	assert_int_equal(rig.rows, 3);
	rig_assert_phase(&rig, HOLD_CLOSING);
	closing_s = rig_when(&rig, HOLD_CLOSING, 0.0);
	/* 30 s to lie still, then it ends without the check */
	rig_stay(&rig, 40.0, 2.0);
	rig_assert_phase(&rig, HOLD_IDLE);
	assert_close(rig_when(&rig, HOLD_IDLE, 0.0), closing_s + 30.0, 2.0 * RIG_DT_S);
}

static void test_check_closes(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig.plan.reps = 1;
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_assert_phase(&rig, HOLD_CLOSING);
	rig.extra.closed = true;
	rig_step(&rig, 2.0);
	rig_assert_phase(&rig, HOLD_IDLE);
}

/* The other leg is next: closing leads to restrap, whichever way it ends. */
static void test_closing_leads_to_restrap(void **state)
{
	(void)state;
	for (int still = 0; still < 2; still++) {
		struct hold_rig rig;

		rig_init(&rig);
		hold_init(&rig.state, HOLD_CLOSING, 0);
		rig.plan.other_leg_next = true;
		rig_stay(&rig, 20.0, 2.0);
		rig_assert_phase(&rig, HOLD_CLOSING);
		rig.extra.closed = still != 0;
		rig_step(&rig, 2.0);
		rig_assert_phase(&rig, still ? HOLD_RESTRAP : HOLD_CLOSING);
		rig_stay(&rig, 11.0, 2.0); /* closing_s is 30 */
		rig_assert_phase(&rig, HOLD_RESTRAP);
	}
}

/*
 * Out of restrap: its blinks are seen twice (4 s), then it is enough that the
 * sensor was moved at any time since; a press or next leads on at once.
 */
static void test_restrap_waits_for_the_sensor(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	hold_init(&rig.state, HOLD_RESTRAP, 0);
	rig.unaligned = true;
	rig_stay(&rig, 60.0, 0.0);
	rig_assert_phase(&rig, HOLD_RESTRAP);

	rig_init(&rig);
	hold_init(&rig.state, HOLD_RESTRAP, 0);
	rig.unaligned = true;
	rig_stay(&rig, 1.0, 0.0);
	rig.extra.moved = true;
	rig_step(&rig, 0.0);
	rig_stay(&rig, 2.9, 0.0);
	rig_assert_phase(&rig, HOLD_RESTRAP);
	rig_stay(&rig, 0.2, 0.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);

	for (int way = 0; way < 3; way++) {
		rig_init(&rig);
		hold_init(&rig.state, HOLD_RESTRAP, 0);
		rig.unaligned = true;
		rig_stay(&rig, 1.0, 0.0);
		rig.extra.press = way == 0;
		rig.extra.next = way == 1;
		rig.extra.begin = way == 2;
		rig_step(&rig, 0.0);
		rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	}
}

static void test_a_short_one_is_repeated(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* one hold asked, the first is short: another one is ready */
	rig_init(&rig);
	rig.plan.reps = 1;
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 10.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 14.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	rig_raise(&rig, 70.0);
	rig_stay(&rig, 33.0, 70.0);
	rig_lower(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig_assert_phase(&rig, HOLD_CLOSING);
	assert_int_equal(rig.state.index, 2);
	rig_assert_end(&rig, 1, RESULT_DONE, REASON_NONE);
}

static void test_idle_after_10_minutes(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig.rate_hz = 25.0;
	rig_stay(&rig, 599.0, 2.0);
	rig_assert_phase(&rig, HOLD_READY);
	rig_stay(&rig, 2.0, 2.0);
	rig_assert_phase(&rig, HOLD_IDLE);
	/* movement wakes it, and gives it 10 minutes again */
	rig.unaligned = true;
	rig.extra.moved = true;
	rig_step(&rig, 10.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	rig_stay(&rig, 500.0, 2.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	rig_stay(&rig, 110.0, 2.0);
	rig_assert_phase(&rig, HOLD_IDLE);
}

/* Straps that cannot be learned keep nobody in an exercise; a press is not that word. */
static void test_next_leaves_before_a_reference(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig.unaligned = true;
	hold_init(&rig.state, HOLD_NEED_REFERENCE, 0);
	rig_stay(&rig, 5.0, 0.0);
	rig.extra.press = true;
	rig_step(&rig, 0.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	rig.extra.next = true;
	rig_step(&rig, 0.0);
	rig_assert_phase(&rig, HOLD_CLOSING);
	assert_int_equal(rig.rows, 0);
}

static void test_wakes_after_a_long_night(void **state)
{
	struct hold_rig rig;

	(void)state;
	/* dark from the start, worn only an hour later */
	rig_init(&rig);
	rig.rate_hz = 25.0;
	rig.unaligned = true;
	hold_init(&rig.state, HOLD_IDLE, 0);
	rig_stay(&rig, 3600.0, 0.0);
	rig_assert_phase(&rig, HOLD_IDLE);
	rig.extra.moved = true;
	rig_step(&rig, 0.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	rig_stay(&rig, 300.0, 0.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
}

static void test_long_press_takes_the_reference(void **state)
{
	struct hold_rig rig;

	(void)state;
	rig_init(&rig);
	rig_stay(&rig, 3.0, 2.0);
	rig.unaligned = true;
	rig.extra.reference = true;
	rig_step(&rig, 2.0);
	rig_assert_phase(&rig, HOLD_NEED_REFERENCE);
	/* not in a hold */
	rig_count(&rig, 70.0, 5.0);
	rig.extra.reference = true;
	rig_step(&rig, 70.0);
	rig_assert_phase(&rig, HOLD_COUNTING);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gap_is_not_credited),
		cmocka_unit_test(test_bad_data_are_not_credited),
		cmocka_unit_test(test_fault_ends_the_hold),
		cmocka_unit_test(test_fault_in_ready),
		cmocka_unit_test(test_long_gap_asks_for_the_reference),
		cmocka_unit_test(test_long_fault_asks_for_the_reference),
		cmocka_unit_test(test_rest_then_ready),
		cmocka_unit_test(test_done_with_the_prescribed_second),
		cmocka_unit_test(test_last_hold_closes),
		cmocka_unit_test(test_check_closes),
		cmocka_unit_test(test_closing_leads_to_restrap),
		cmocka_unit_test(test_restrap_waits_for_the_sensor),
		cmocka_unit_test(test_a_short_one_is_repeated),
		cmocka_unit_test(test_idle_after_10_minutes),
		cmocka_unit_test(test_next_leaves_before_a_reference),
		cmocka_unit_test(test_wakes_after_a_long_night),
		cmocka_unit_test(test_long_press_takes_the_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
