/*
 * Whole sessions of the simulated wearer, whose truth is known: verdicts, empty columns,
 * confidence. Before, after and between the holds: test_session_end.c.
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

static void assert_results(const struct judge_run *run, int32_t n,
	const enum hold_result *results)
{
	assert_int_equal(run->hold_count, n);
	for (int32_t i = 0; i < n; i++)
		if (run->holds[i].result != (int32_t)results[i])
			fail_msg("hold %d: %s (%s), not %s", i + 1,
				hold_result_names[run->holds[i].result],
				run->holds[i].reason < 0 ? "-" :
				hold_reason_names[run->holds[i].reason],
				hold_result_names[results[i]]);
}

static struct judge_run run; /* large: not on the stack */

static void test_three_full_holds(void **state)
{
	static const enum hold_result done[] = { RESULT_DONE, RESULT_DONE, RESULT_DONE };

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	judge_start(&run);
	judge_all(&run);
	assert_results(&run, 3, done);
	for (int i = 0; i < 3; i++) {
		const struct hold_row *h = &run.holds[i];
		const struct wearer_hold_plan *p = wearer_hold_truth(&run.wearer, i);

		printf("# hold %d: %.2f s of %.2f s held, thigh %.2f deg of %.2f\n", i + 1,
			h->hold_s, p->hold_s, h->angle_mean_deg, p->angle_deg);
		/* at the least while he held it, at most while he was in the band */
		assert_true(h->hold_s > p->hold_s - 0.05);
		assert_true(h->hold_s < p->out_s - p->band_s + 0.05);
		assert_close(h->angle_mean_deg, p->angle_deg, 1.0);
		assert_int_equal(h->hold_index, i + 1);
		assert_int_equal(h->drops, 0);
		assert_true((double)h->start_t_us * 1e-6 >= p->band_s - 0.1);
	}
	/* the wearer lay still at the end: the slip check is done */
	assert_true(run.state.finished);
	assert_close(run.state.slip_deg, 0.0, 1.0);
}

static void test_habits_are_judged(void **state)
{
	static const struct {
		enum wearer_habit_id habit;
		double size;
		enum hold_result result;
	} rule[] = {
		{ HABIT_SWAY, 1.5, RESULT_DONE },
		{ HABIT_EXHALE, 1.5, RESULT_DONE },
		{ HABIT_TREMOR, 12.0, RESULT_DONE },
		{ HABIT_BOUNCE, 6.0, RESULT_SHORT },
		{ HABIT_LOW, NAN, RESULT_SHORT },
		{ HABIT_OVER, NAN, RESULT_OVER },
		{ HABIT_PRESS, NAN, RESULT_STOPPED },
		{ HABIT_PAIN, NAN, RESULT_STOPPED },
		{ HABIT_DEAD, 3.0, RESULT_SHORT },
		{ HABIT_GAP, 0.5, RESULT_DONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rule / sizeof rule[0]; i++) {
		judge_init(&run, EX_LYING_TOWEL, 1);
		run.param.hold_count = 1;
		run.param.holds[0] = wearer_hold_default();
		run.param.holds[0].habit = (int32_t)rule[i].habit;
		run.param.holds[0].habit_size = rule[i].size;
		judge_start(&run);
		judge_all(&run);
		if (run.hold_count < 1 ||
			run.holds[0].result != (int32_t)rule[i].result)
			fail_msg("%s: %d holds, first %s", wearer_habits[rule[i].habit].name,
				run.hold_count, run.hold_count > 0 ?
				hold_result_names[run.holds[0].result] : "-");
		if (rule[i].habit == HABIT_PAIN)
			assert_int_equal(run.holds[0].reason, REASON_PAIN);
	}
}

static bool missing(double x)
{
	return isnan(x);
}

static void test_one_sensor_lying_columns(void **state)
{
	int32_t judged = 0;

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	run.param.hold_count = 1;
	judge_start(&run);
	while (judge_step(&run)) {
		const struct judged_row *row = &run.out.judged;

		assert_true(missing(row->pelvis_tilt_deg));
		assert_int_not_equal(row->pelvis_verdict, PELVIS_QUIET);
		if (missing(row->thigh_elevation_deg)) {
			/* nothing known: nothing claimed */
			assert_int_equal(row->thigh_elevation_confidence, CONFIDENCE_NONE);
			assert_int_equal(row->thigh_elevation_method, METHOD_NOT_MEASURED);
			assert_true(missing(row->hip_flexion_deg));
			assert_int_equal(row->hip_flexion_confidence, CONFIDENCE_NONE);
			continue;
		}
		judged++;
		assert_int_equal(row->thigh_elevation_method, METHOD_MEASURED);
		/* no calibration: never better than low */
		assert_int_equal(row->thigh_elevation_confidence, CONFIDENCE_LOW);
		assert_int_equal(row->hip_flexion_method, METHOD_INFERRED);
		/* elevation less the share of 0.28, 0.13 to 0.38 of others */
		assert_close(row->hip_flexion_deg, 0.72 * row->thigh_elevation_deg, 1e-9);
		assert_close(row->hip_flexion_low_deg, 0.62 * row->thigh_elevation_deg,
			1e-9);
		assert_close(row->hip_flexion_high_deg, 0.87 * row->thigh_elevation_deg,
			1e-9);
	}
	assert_true(judged > 1000);
	assert_int_equal(run.hold_count, 1);
	assert_true(missing(run.holds[0].pelvis_tilt_mean_deg));
	assert_true(missing(run.holds[0].pelvis_tilt_peak_deg));
	assert_true(missing(run.holds[0].pelvis_share));
	assert_int_equal(run.holds[0].hip_flexion_method, METHOD_INFERRED);
	assert_int_equal(run.holds[0].pelvis_method, METHOD_INFERRED);
	assert_int_equal(run.holds[0].pelvis_verdict, PELVIS_NO_SIGN);
	assert_int_equal(run.holds[0].angle_quantity, QUANTITY_THIGH_ELEVATION);
}

static void test_two_sensors_lying(void **state)
{
	double worst = 0.0;
	int32_t told = 0;

	(void)state;
	judge_init(&run, EX_LYING_STRAP, 2);
	run.param.hold_count = 2;
	run.param.holds[1] = wearer_hold_default();
	run.param.holds[1].habit = HABIT_PELVIS;
	run.param.holds[1].habit_size = 12.0;
	judge_start(&run);
	while (judge_step(&run)) {
		const struct judged_row *row = &run.out.judged;

		if (row->counting)
			worst = fmax(worst, fabs(row->hip_flexion_deg -
				run.truth.hip_flexion_deg));
		assert_int_not_equal(row->pelvis_verdict, PELVIS_NO_SIGN);
		told += row->led == LED_FIX &&
			strstr(session_advice(&run.state), "tailbone") != NULL;
		if (!missing(row->hip_flexion_deg)) {
			assert_int_equal(row->hip_flexion_method, METHOD_MEASURED);
			assert_close(row->hip_flexion_deg, row->thigh_elevation_deg -
				row->pelvis_tilt_deg, 1e-9);
		}
	}
	printf("# two sensors: hip flexion within %.2f deg of the truth\n", worst);
	assert_true(worst < 3.0);
	assert_true(told > 0); /* the lamp's reason in words */
	assert_true(run.hold_count >= 2);
	assert_int_equal(run.holds[0].pelvis_verdict, PELVIS_QUIET);
	assert_int_equal(run.holds[0].pelvis_method, METHOD_MEASURED);
	assert_int_equal(run.holds[0].angle_quantity, QUANTITY_HIP_FLEXION);
	assert_close(run.holds[0].pelvis_share, 0.28, 0.05);
	assert_int_equal(run.holds[1].pelvis_verdict, PELVIS_MOVING);
}

static void test_seated_with_one_sensor(void **state)
{
	char text[ROW_TEXT_MAX];

	(void)state;
	judge_init(&run, EX_SEATED_LEG, 1);
	run.param.hold_count = 1;
	judge_start(&run);
	while (judge_step(&run)) {
		const struct judged_row *row = &run.out.judged;

		/* not measured is empty, never 0 */
		assert_true(missing(row->hip_flexion_deg) &&
			missing(row->hip_flexion_low_deg) &&
			missing(row->hip_flexion_high_deg));
		assert_int_equal(row->hip_flexion_method, METHOD_NOT_MEASURED);
		assert_int_equal(row->hip_flexion_confidence, CONFIDENCE_NONE);
		assert_int_equal(row->pelvis_method, METHOD_NOT_MEASURED);
		assert_true(row->pelvis_verdict < 0);
	}
	assert_int_equal(run.hold_count, 1);
	assert_int_equal(run.holds[0].angle_quantity, QUANTITY_NONE);
	assert_int_equal(run.holds[0].angle_method, METHOD_NOT_MEASURED);
	assert_int_equal(run.holds[0].angle_confidence, CONFIDENCE_NONE);
	assert_true(missing(run.holds[0].angle_error_deg));
	assert_int_equal(run.holds[0].hip_flexion_method, METHOD_NOT_MEASURED);
	assert_true(missing(run.holds[0].angle_mean_deg) &&
		missing(run.holds[0].angle_peak_deg) &&
		missing(run.holds[0].hip_flexion_mean_deg) &&
		missing(run.holds[0].pelvis_share));
	assert_true(run.holds[0].hold_s >= 30.0);
	/* and so in the file: three commas where angle figures would stand */
	assert_true(column_row(&hold_table, &run.holds[0], text, sizeof text) > 0);
	assert_non_null(strstr(text, ",none,,,,,"));
}

/*
 * A lean is an angle of the pelvis: it is as sure as the sensor there, and sitting, with
 * that one on the belly, never better than medium. A residual of 0.01 m/s2 is 0.06 deg.
 */
static void test_a_lean_is_as_sure_as_the_pelvis(void **state)
{
	static const struct {
		enum exercise_id exercise;
		bool thigh, pelvis; /* calibrated */
		enum pelvis_site site;
		enum confidence expected;
	} cases[] = {
		{ EX_SEATED_LEG, true, false, PELVIS_SACRUM, CONFIDENCE_LOW },
		{ EX_SEATED_LEG, false, true, PELVIS_SACRUM, CONFIDENCE_HIGH },
		{ EX_SEATED_LEG, true, true, PELVIS_FRONT, CONFIDENCE_MEDIUM },
		{ EX_STANDING_BEND, true, true, PELVIS_FRONT, CONFIDENCE_HIGH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct calib good = calib_none();
		bool flagged;

		good.parameters = 6;
		good.residual_m_s2 = 0.01;
		judge_init(&run, cases[i].exercise, 2);
		run.param.hold_count = 1;
		run.inputs.settings.pelvis_site = (int32_t)cases[i].site;
		if (cases[i].thigh)
			run.inputs.calib[SITE_THIGH] = good;
		if (cases[i].pelvis)
			run.inputs.calib[SITE_PELVIS] = good;
		judge_start(&run);
		judge_all(&run);
		assert_int_equal(run.hold_count, 1);
		assert_int_equal(run.holds[0].angle_quantity, QUANTITY_PELVIS_TILT_GAIN);
		if (run.holds[0].angle_confidence != (int32_t)cases[i].expected)
			fail_msg("case %zu: %s", i,
				confidence_names[run.holds[0].angle_confidence]);
		flagged = (run.holds[0].flags & FLAG_BIT(FLAG_UNCALIBRATED)) != 0;
		assert_int_equal(flagged, !(cases[i].thigh && cases[i].pelvis));
	}
}

/*
 * Standing, one sensor: a lean of 50 degrees takes the thigh 7.5 back (0.15 of it), and
 * that is how one bends. As much forwards is a knee that bends.
 */
static void test_bending_takes_the_thighs_back(void **state)
{
	(void)state;
	for (int knee = 0; knee < 2; knee++) {
		judge_init(&run, EX_STANDING_BEND, 1);
		run.param.hold_count = 1;
		run.param.angle_deg = 50.0;
		run.param.cap_deg = 60.0;
		if (knee) {
			run.param.holds[0].habit = HABIT_KNEE;
			run.param.holds[0].habit_size = 15.0;
			run.param.holds[0].habit_start_s = 4.0;
		}
		judge_start(&run);
		judge_all(&run);
		assert_true(run.hold_count > 0);
		assert_int_equal(run.holds[0].result, knee ? RESULT_SHORT : RESULT_DONE);
		assert_int_equal((run.holds[0].flags & FLAG_BIT(FLAG_KNEE_UP)) != 0, knee);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_full_holds),
		cmocka_unit_test(test_habits_are_judged),
		cmocka_unit_test(test_one_sensor_lying_columns),
		cmocka_unit_test(test_two_sensors_lying),
		cmocka_unit_test(test_seated_with_one_sensor),
		cmocka_unit_test(test_a_lean_is_as_sure_as_the_pelvis),
		cmocka_unit_test(test_bending_takes_the_thighs_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
