/*
 * Around the holds of a session: leaving it before the reference, its end, what is told in
 * words and by the lamp. Expected values by hand from the rules; each test says which.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"

static struct judge_run run;

/*
 * The other leg is raised for 70 s: 60 s after the cue that can be told, as long as the
 * cue stands, and with two sensors, whose pelvis is taken along, too. Of calm holds and of
 * one that is begun 50 s after the cue it is never said.
 */
static void test_the_other_leg(void **state)
{
	static const struct {
		enum wearer_habit_id habit;
		double rest_s;
		bool told;
	} cases[] = { { HABIT_OTHER_LEG, 15.0, true }, { HABIT_NONE, 15.0, false },
		{ HABIT_NONE, 58.0, false } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		double cue_s = NAN, first_s = NAN;
		bool before = false;

		judge_init(&run, EX_LYING_TOWEL, 1 + (int32_t)i % 2);
		run.param.hold_count = 2;
		run.param.rest_s = cases[i / 2].rest_s;
		run.param.holds[0].habit = (int32_t)cases[i / 2].habit;
		if (cases[i / 2].told)
			run.param.holds[0].hold_s = 70.0;
		judge_start(&run);
		while (judge_step(&run)) {
			bool told = (run.out.judged.flags & FLAG_BIT(FLAG_OTHER_LEG)) != 0;
			bool ready = run.out.judged.state == HOLD_READY;
			double t_s = (double)run.sample.t_us * 1e-6;

			if (ready && !before)
				cue_s = t_s;
			before = ready;
			if (!told)
				continue;
			assert_true(ready);
			assert_non_null(strstr(session_advice(&run.state), "other one"));
			if (isnan(first_s))
				first_s = t_s - cue_s;
		}
		assert_int_equal(!isnan(first_s), cases[i / 2].told);
		if (cases[i / 2].told)
			assert_close(first_s, 60.0, 0.05);
	}
}

/* `next` while the straps are being learned: the exercise is left, and nothing is said of
 * a strap whose zero was never known. A press there is no next. */
static void test_next_before_the_reference(void **state)
{
	int32_t seen = 0;

	(void)state;
	for (int by_name = 0; by_name < 2; by_name++) {
		judge_init(&run, EX_LYING_TOWEL, 1);
		judge_start(&run);
		while (run.samples < 3000 && !run.state.finished) {
			assert_true(wearer_step(&run.wearer, &run.param, &run.sample,
				&run.truth));
			if (run.samples++ == 1200)
				run.sample.event.kind = by_name ? EVENT_NEXT : EVENT_PRESS;
			session_step(&run.state, &run.inputs, &run.sample, &run.out);
			seen += run.out.judged.state == HOLD_CLOSING;
		}
		assert_int_equal(run.state.finished, by_name);
		assert_true(isnan(run.state.slip_deg) && !run.state.slipped);
	}
	assert_true(seen > 0);
	assert_int_equal(run.state.hold.phase, HOLD_IDLE);
}

/*
 * Raises of 70 degrees where the cap is 60: on its way the lamp says so above 60 and not
 * below, whatever the strap does to the sensor, within the 2 degrees that a lying thigh is
 * off level and the 1.5 s that fix stays; with a cap of 80, or none, never.
 */
static void test_a_cap_holds_for_the_raises(void **state)
{
	static const double caps_deg[] = { 60.0, 80.0, NAN };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		double below_s = 0.0;
		int32_t told = 0;

		judge_init(&run, EX_LYING_TOWEL, 1);
		run.inputs.settings.cap_deg = caps_deg[i];
		judge_start(&run);
		while (judge_step(&run) && run.out.judged.state == HOLD_NEED_REFERENCE) {
			bool fix = run.out.judged.led == LED_FIX;
			double t_s = (double)run.sample.t_us * 1e-6;

			if (run.truth.thigh_elevation_deg > 58.0)
				below_s = t_s;
			if (run.truth.thigh_elevation_deg > 62.0)
				assert_int_equal(fix, i == 0);
			if (t_s - below_s > 1.5)
				assert_false(fix);
			if (!fix)
				continue;
			told++;
			assert_non_null(strstr(session_advice(&run.state), "past the cap"));
		}
		assert_int_equal(run.state.hold.phase, HOLD_READY);
		assert_int_equal(told > 0, i == 0);
	}
}

static void test_finish_gives_the_open_row_once(void **state)
{
	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	judge_start(&run);
	while (judge_step(&run) && run.out.counted_s < 10.0)
		;
	session_finish(&run.state, &run.inputs, &run.out);
	assert_true(run.out.hold_due && run.out.finished);
	assert_int_equal(run.out.hold.reason, REASON_END);
	assert_close(run.out.hold.hold_s, 10.0, 0.1);
	session_finish(&run.state, &run.inputs, &run.out);
	assert_false(run.out.hold_due);
}

/* No sample is judged any more: nothing is claimed, 0 deg least of all. */
static void test_a_row_after_the_end_is_empty(void **state)
{
	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 2);
	judge_start(&run);
	while (judge_step(&run) && run.out.counted_s < 5.0)
		;
	assert_true(isfinite(run.out.judged.thigh_elevation_deg));
	session_finish(&run.state, &run.inputs, &run.out);
	for (int i = 0; i < 2; i++) {
		const struct judged_row *row = &run.out.judged;

		assert_true(isnan(row->thigh_elevation_deg));
		assert_true(isnan(row->pelvis_tilt_deg));
		assert_true(isnan(row->hip_flexion_deg));
		assert_true(isnan(row->signal_deg));
		assert_int_equal(row->hip_flexion_method, METHOD_NOT_MEASURED);
		assert_int_equal(row->thigh_elevation_confidence, CONFIDENCE_NONE);
		assert_int_equal(row->pelvis_verdict, -1);
		assert_int_equal(row->hold_index, INT32_MIN);
		assert_false(row->counting);
		assert_true(run.out.finished);
		assert_false(run.out.judged_due);
		run.sample.t_us += 10000;
		session_step(&run.state, &run.inputs, &run.sample, &run.out);
		assert_true(row->t_us == run.sample.t_us);
	}
}

/* The disk is full from the third second on, until it is told otherwise. */
static void test_storage_events_reach_the_lamp(void **state)
{
	int32_t led = -1;

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	judge_start(&run);
	for (int i = 0; i < 400; i++) {
		assert_true(wearer_step(&run.wearer, &run.param, &run.sample, NULL));
		if (i == 200)
			assert_int_equal(event_parse("fault:storage:full",
				&run.sample.event), 0);
		if (i == 300)
			assert_int_equal(event_parse("recovered:storage",
				&run.sample.event), 0);
		session_step(&run.state, &run.inputs, &run.sample, &run.out);
		led = run.out.judged.led;
		assert_int_equal(led, i >= 200 && i < 300 ? LED_FAULT : LED_WAIT);
		assert_int_equal(run.out.changed && i > 0, i == 200 || i == 300);
	}
	/* a sensor's own event is seen in its data, not here */
	assert_int_equal(event_parse("fault:thigh:nack", &run.sample.event), 0);
	run.sample.t_us += 10000;
	session_step(&run.state, &run.inputs, &run.sample, &run.out);
	assert_int_equal(run.out.judged.led, LED_WAIT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_other_leg),
		cmocka_unit_test(test_next_before_the_reference),
		cmocka_unit_test(test_a_cap_holds_for_the_raises),
		cmocka_unit_test(test_finish_gives_the_open_row_once),
		cmocka_unit_test(test_a_row_after_the_end_is_empty),
		cmocka_unit_test(test_storage_events_reach_the_lamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
