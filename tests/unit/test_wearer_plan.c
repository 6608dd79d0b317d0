/*
 * The simulated wearer's script: planned holds and their truth. Expected values come from
 * the parameters by hand; each test says how. Habits: test_wearer_habit.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "../support/plain_wearer.h"

static struct wearer_state wearer;

static const struct wearer_hold_plan *begin(const struct wearer_param *param)
{
	assert_null(wearer_init(&wearer, param));
	return wearer_hold_truth(&wearer, 0);
}

static double thigh(const struct wearer_param *param, double t_s)
{
	return wearer_truth_at(&wearer.plan, param, t_s).thigh_elevation_deg;
}

static void test_lying_script(void **state)
{
	/* strap 4, still 5; raises of 70 at 25 deg/s: 1.875 x 70 / 25 = 5.25 up, 2
	 * top, 5.25 down, 2 flat = 14.5 each; 4 flat: first hold at 56.5. Entry at
	 * 20: 6.5625; hold 33; down 5.25; rest 15; at last 8 more */
	struct wearer_param param = plain_script(EX_LYING_TOWEL);
	const struct wearer_hold_plan *hold = begin(&param);

	(void)state;
	assert_int_equal(wearer.plan.hold_count, 3);
	assert_null(wearer_hold_truth(&wearer, 3));
	assert_null(wearer_hold_truth(&wearer, -1));
	for (int i = 0; i < 3; i++) {
		double start = 56.5 + i * (6.5625 + 33.0 + 5.25 + 15.0);

		hold = wearer_hold_truth(&wearer, i);
		assert_close(hold->entry_s, start, 1e-9);
		assert_close(hold->settled_s, start + 6.5625, 1e-9);
		assert_close(hold->leave_s, start + 39.5625, 1e-9);
		assert_close(hold->flat_s, start + 44.8125, 1e-9);
		assert_close(hold->angle_deg, 70.0, 1e-9);
		assert_close(hold->prescribed_s, 30.0, 0.0);
		assert_int_equal(hold->intended, RESULT_DONE);
		/* the truth crosses the band's lower edge, 0.8 x 70, there */
		assert_close(thigh(&param, hold->band_s), 56.0, 1e-6);
		assert_close(thigh(&param, hold->out_s), 56.0, 1e-6);
	}
	assert_close(wearer.plan.band_low_deg, 56.0, 1e-9);
	assert_close(wearer.plan.cap_deg, 85.0, 1e-9);
	assert_close(wearer.plan.end_s, hold->flat_s + 23.0, 1e-9);
	/* tops of the three calm raises */
	for (int i = 0; i < 3; i++)
		assert_close(thigh(&param, 9.0 + 14.5 * i + 6.0), 70.0, 1e-9);
}

static void test_truth_is_the_script(void **state)
{
	struct wearer_param param = plain_script(EX_LYING_STRAP);
	const struct wearer_hold_plan *hold;

	(void)state;
	param.pelvic_a_deg = 4.0; /* a constant: gone from the reference */
	param.pelvic_b = 0.1;
	param.pelvic_c_per_deg = 0.003;
	hold = begin(&param);
	for (double x = 0.0; x <= 1.0; x += 0.05) {
		struct truth truth =
			wearer_truth_at(&wearer.plan, &param, hold->entry_s + x * 6.5625);
		double raise = 70.0 * x * x * x * (10 - 15 * x + 6 * x * x);
		double tilt = 0.1 * raise + 0.003 * raise * raise;

		assert_close(truth.thigh_elevation_deg, raise, 1e-6);
		assert_close(truth.pelvis_tilt_deg, tilt, 1e-6);
		assert_close(truth.hip_flexion_deg, raise - tilt, 1e-6);
	}
}

static void test_doorway_falls(void **state)
{
	/* 95, 1.5 s on the wall, then 13 in 13/5 + 0.5 s: straight part 5 deg/s */
	struct wearer_param param = plain_script(EX_DOORWAY);
	const struct wearer_hold_plan *hold = begin(&param);
	double fall = hold->settled_s - 3.1;

	(void)state;
	assert_close(thigh(&param, fall - 0.1), 95.0, 1e-9);
	assert_close(thigh(&param, fall + 1.0) - thigh(&param, fall + 2.0), 5.0, 1e-9);
	assert_close(thigh(&param, hold->settled_s), 82.0, 1e-9);
	assert_close(hold->angle_deg, 82.0, 1e-9);
	assert_close(hold->hold_s, 13.0, 1e-9);
	assert_close(wearer.plan.band_low_deg, 55.0, 0.0);
	/* with a pelvis sensor three calm raises before: 4 + 5 + 3 x 14.5 + 4, with
	 * the thigh's alone one */
	assert_close(hold->entry_s, 56.5, 1e-9);
	param.sensors = 1;
	hold = begin(&param);
	assert_close(hold->entry_s, 27.5, 1e-9);
}

static void test_button_of_one_sensor(void **state)
{
	struct wearer_param param = plain_script(EX_SEATED_LEG);
	const struct wearer_hold_plan *hold;
	int presses = 0;
	struct sample s;

	(void)state;
	param.sensors = 1;
	param.announce = true;
	param.holds[1].hold_s = 10.0;
	begin(&param);
	while (wearer_step(&wearer, &param, &s, NULL)) {
		assert_false(s.imu[SITE_PELVIS].present);
		if (s.t_us == 0) {
			assert_int_equal(s.event.kind, EVENT_START);
			assert_string_equal(s.event.word[0], "seated-leg");
			assert_string_equal(s.event.word[1], "right");
		} else if (s.event.kind != EVENT_NONE) {
			hold = wearer_hold_truth(&wearer, presses / 2);
			assert_int_equal(s.event.kind, EVENT_PRESS);
			assert_close((double)s.t_us * 1e-6,
				presses % 2 == 0 ? hold->entry_s : hold->leave_s,
				0.5 / 104.0 + 0.01);
			presses++;
		}
	}
	assert_int_equal(presses, 6);
	assert_int_equal(wearer.plan.holds[0].intended, RESULT_DONE);
	assert_int_equal(wearer.plan.holds[1].intended, RESULT_STOPPED);
	param.sensors = 2;
	begin(&param);
	assert_int_equal(wearer.plan.event_count, 1);
	assert_int_equal(wearer.plan.holds[1].intended, RESULT_SHORT);
}

static void test_every_preset(void **state)
{
	struct wearer_param param;
	struct sample s;
	struct truth truth;

	(void)state;
	/* all that the table of exercises does not refuse */
	assert_int_equal(wearer_preset_count, EX_COUNT - 1);
	assert_null(wearer_preset_lookup("wall-stand"));
	for (size_t i = 0; i < wearer_preset_count; i++)
		for (int k = 0; k < 4; k++) {
			const struct wearer_preset *preset = &wearer_presets[i];
			const struct wearer_hold_plan *last = NULL;
			bool counted =
				exercises[preset->exercise].judging == JUDGE_COUNTED;

			assert_ptr_equal(
				wearer_preset_lookup(exercise_names[preset->exercise]),
				preset);
			param = wearer_from_preset(
				preset, (enum side)(k % 2), 1 + k / 2, 5, 20.0);
			param.rate_hz = 25.0;
			begin(&param);
			assert_int_equal(wearer.plan.hold_count, 3);
			for (int h = 0; h < 3; h++) {
				const struct wearer_hold_plan *hold =
					wearer_hold_truth(&wearer, h);

				assert_true(
					last == NULL || hold->entry_s >= last->flat_s);
				assert_true(hold->settled_s >= hold->entry_s);
				assert_true(hold->leave_s > hold->settled_s);
				assert_true(hold->flat_s > hold->leave_s);
				assert_int_equal(
					hold->intended == RESULT_DONE, h < 2 || counted);
				last = hold;
			}
			if (!counted)
				assert_close(last->hold_s, 10.0, 0.0);
			while (wearer_step(&wearer, &param, &s, &truth)) {
				assert_true(vec3_finite(s.imu[0].acc_m_s2));
				assert_true(vec3_finite(s.imu[0].gyr_rad_s));
				assert_true(vec3_norm(s.imu[0].acc_m_s2) < 20.0);
			}
		}
}

static void test_finish(void **state)
{
	/* "next" half a second after the last rest, 8 s before the end */
	struct wearer_param param = plain_script(EX_LYING_TOWEL);

	(void)state;
	param.finish = true;
	begin(&param);
	assert_int_equal(wearer.plan.event_count, 1);
	assert_int_equal(wearer.plan.events[0].event.kind, EVENT_NEXT);
	assert_close(wearer.plan.events[0].t_s, wearer.plan.end_s - 7.5, 1e-9);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lying_script),
		cmocka_unit_test(test_truth_is_the_script),
		cmocka_unit_test(test_doorway_falls),
		cmocka_unit_test(test_button_of_one_sensor),
		cmocka_unit_test(test_every_preset),
		cmocka_unit_test(test_finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
