/*
 * What a session asks for, where the prescription gives one edge of the band or both.
 * Expected values: the rules by hand (0.8 times the best of three calm raises; that raise
 * and 15 degrees, at most 90), and the simulated wearer's raises of 70 degrees.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "stretch/session_plan.h"

static struct judge_run run;

static void begin(enum exercise_id exercise, double target_lo_deg, double cap_deg)
{
	judge_init(&run, exercise, 1);
	run.inputs.settings.hold_s = 10.0;
	run.inputs.settings.target_lo_deg = target_lo_deg;
	run.inputs.settings.cap_deg = cap_deg;
	assert_null(session_init(&run.state, &run.inputs));
}

static void band_is(enum exercise_id exercise, double target_lo_deg, double cap_deg,
	double best_deg, double low_deg, double high_deg)
{
	begin(exercise, target_lo_deg, cap_deg);
	session_complete_band(&run.state.plan, &run.inputs.settings, best_deg);
	assert_close(run.state.plan.band_low_deg, low_deg, 1e-9);
	assert_close(run.state.plan.band_high_deg, high_deg, 1e-9);
}

static void test_band_of_raises(void **state)
{
	(void)state;
	band_is(EX_LYING_TOWEL, NAN, NAN, 50.0, 40.0, 65.0);
	band_is(EX_LYING_TOWEL, NAN, NAN, 80.0, 64.0, 90.0);
	band_is(EX_LYING_TOWEL, 30.0, 44.0, 80.0, 30.0, 44.0);
	band_is(EX_LYING_TOWEL, 30.0, NAN, 50.0, 30.0, 65.0);
	/* a cap below the raises: 0.8 of what is allowed */
	band_is(EX_LYING_TOWEL, NAN, 60.0, 85.0, 48.0, 60.0);
	band_is(EX_LYING_TOWEL, NAN, 60.0, 50.0, 40.0, 60.0);
	/* more is asked for than was raised: room above that */
	band_is(EX_LYING_TOWEL, 60.0, NAN, 40.0, 60.0, 75.0);
	band_is(EX_LYING_TOWEL, 80.0, NAN, 40.0, 80.0, 90.0);
}

/* Raises are asked for while an edge is open; with known straps, too. */
static void test_raises_asked_for(void **state)
{
	(void)state;
	for (int known = 0; known < 2; known++) {
		begin(EX_LYING_TOWEL, 50.0, 80.0);
		run.inputs.have_alignment = known;
		assert_int_equal(session_raises(&run.inputs), known ? 0 : 1);
		run.inputs.settings.cap_deg = NAN;
		assert_int_equal(session_raises(&run.inputs), 3);
		run.inputs.settings.cap_deg = 80.0;
		run.inputs.settings.target_lo_deg = NAN;
		assert_int_equal(session_raises(&run.inputs), 3);
	}
}

/* In the doorway the lower edge is where the leg may sink to. */
static void test_target_in_the_doorway(void **state)
{
	(void)state;
	begin(EX_DOORWAY, NAN, NAN);
	assert_close(run.state.plan.band_low_deg, 40.0, 1e-9); /* 15 below arrival */
	begin(EX_DOORWAY, 75.0, NAN);
	assert_close(run.state.plan.band_low_deg, 75.0, 1e-9);
	assert_close(run.state.plan.down_deg, 40.0, 1e-9);
	begin(EX_DOORWAY, 20.0, NAN); /* a leg there has come off the wall */
	assert_close(run.state.plan.band_low_deg, 40.0, 1e-9);
	/* let down from 95 to 82: above 75 it counts, with 85 asked for it is too low */
	for (int i = 0; i < 2; i++) {
		judge_init(&run, EX_DOORWAY, 1);
		run.param.hold_count = 1;
		run.inputs.settings.target_lo_deg = i == 0 ? 75.0 : 85.0;
		judge_start(&run);
		judge_all(&run);
		assert_int_equal(run.hold_count, 1);
		assert_int_equal(run.holds[0].result, i == 0 ? RESULT_DONE : RESULT_SHORT);
	}
}

/* Raises of 70 degrees and a cap of 60: who holds at 55 is done. */
static void test_a_cap_below_the_raises(void **state)
{
	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	run.param.hold_count = 1;
	run.param.holds[0].angle_deg = 54.0;
	run.inputs.settings.cap_deg = 60.0;
	judge_start(&run);
	judge_all(&run);
	assert_int_equal(run.hold_count, 1);
	assert_int_equal(run.holds[0].result, RESULT_DONE);
}

static void test_prescription_or_nothing(void **state)
{
	(void)state;
	/* the leaflet gives no hold time: refused, and said why */
	judge_init(&run, EX_LYING_HANDS, 1);
	assert_non_null(session_init(&run.state, &run.inputs));
	run.inputs.settings.hold_s = 20.0;
	assert_null(session_init(&run.state, &run.inputs));
	judge_init(&run, EX_WALL_STAND, 1);
	run.inputs.settings.hold_s = 20.0;
	assert_non_null(session_init(&run.state, &run.inputs));
}

/* A cap is a limit of the wearer's: it holds in the doorway as well, where the
 * exercise itself would allow 105 degrees. */
static void test_prescribed_cap_in_the_doorway(void **state)
{
	static struct session_inputs in;
	static struct session_state session;

	(void)state;
	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	in.settings.exercise = EX_DOORWAY;
	assert_null(session_init(&session, &in));
	assert_true(fabs(session.plan.band_high_deg - 105.0) < 1e-9);
	in.settings.cap_deg = 80.0;
	assert_null(session_init(&session, &in));
	assert_true(fabs(session.plan.band_high_deg - 80.0) < 1e-9);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_band_of_raises),
		cmocka_unit_test(test_raises_asked_for),
		cmocka_unit_test(test_target_in_the_doorway),
		cmocka_unit_test(test_a_cap_below_the_raises),
		cmocka_unit_test(test_prescription_or_nothing),
		cmocka_unit_test(test_prescribed_cap_in_the_doorway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
