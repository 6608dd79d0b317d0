/*
 * The whole way on a wearer whose truth is known: simulated chips, straps turned at
 * random, noise on, chip errors off; samples rounded as a recording holds them; the
 * session step; holds out. Truth is judged a second time, by the rule alone
 * (tests/support/truth_judge.c) on the wearer's true angles every 10 ms.
 *
 * Limits: thigh elevation within 1 degree RMS of truth in every hold, hold seconds
 * within 0.5 s of the second judge, results as the wearer's plan intends. With small
 * chip errors on, the same figures are printed and not judged: there is no
 * calibration in these sessions.
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

#include "../support/effort.h"
#include "../support/wearer_truth.h"
#include "stretch/raw.h"
#include "stretch/session.h"
#include "stretch/wearer.h"

#define SEEDS 3
#define HOLDS WEARER_PRESET_HOLDS

static const char *const names[] = { "lying-towel", "lying-hands", "lying-strap",
	"doorway", "seated-leg", "seated-butterfly" };

/* Sum of squared differences of one quantity. */
struct error {
	double square, n;
};

struct outcome {
	int holds;                 /* rows that came out */
	struct hold_row rows[HOLDS];
	struct error thigh[HOLDS]; /* per planned hold, pose reached to leaving */
	struct error pelvis, hip;
};

/* Worst of the runs of one exercise and mode. */
struct worst {
	double thigh_deg, pelvis_deg, hip_deg, seconds;
	int wrong; /* results, or numbers of rows */
};

static struct wearer_param make_wearer(const char *name, int sensors, uint64_t seed)
{
	const struct wearer_preset *preset = wearer_preset_lookup(name);

	assert_non_null(preset);
	return wearer_from_preset(preset, seed % 2 == 0 ? SIDE_RIGHT : SIDE_LEFT, sensors,
		seed, (double)NAN);
}

/* What a breakout board from the drawer has: no limit, a taste. */
static void spoil(struct wearer_param *param)
{
	struct random random;

	random_seed(&random, param->seed, 77);
	for (int i = 0; i < SITE_COUNT; i++) {
		struct wearer_imu *imu = &param->imu[i];

		imu->acc_bias_m_s2 = vec3_scale(random_direction(&random), 0.1);
		imu->gyr_bias_rad_s = vec3_scale(random_direction(&random),
			1.0 * RAD_PER_DEG);
		for (int k = 0; k < 3; k++)
			imu->acc_matrix.m[k][k] = random_between(&random, 0.99, 1.01);
		imu->gyr_scale.x = random_between(&random, -0.01, 0.01);
		imu->gyr_scale.y = random_between(&random, -0.01, 0.01);
		imu->gyr_scale.z = random_between(&random, -0.01, 0.01);
	}
}

static struct session_inputs make_inputs(const struct wearer_param *param)
{
	struct session_inputs in;

	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	in.settings.exercise = (int32_t)param->exercise;
	in.settings.side = (int32_t)param->side;
	in.settings.hold_s = param->prescribed_s;
	in.settings.reps = param->hold_count;
	in.mode = param->sensors == 2 ? MODE_THIGH_PELVIS : MODE_THIGH;
	for (int site = 0; site < SITE_COUNT; site++)
		in.calib[site] = calib_none();
	in.reference_from_us = in.reference_to_us = -1;
	in.armed = true;
	return in;
}

static void add(struct error *error, double value, double truth)
{
	assert_true(isfinite(value) && isfinite(truth));
	error->square += (value - truth) * (value - truth);
	error->n += 1.0;
}

static double rms(const struct error *error)
{
	return error->n > 0.0 ? sqrt(error->square / error->n) : 0.0;
}

static void compare(struct outcome *outcome, const struct wearer_plan *plan,
	const struct judged_row *row, const struct truth *truth, bool two)
{
	double t_s = (double)row->t_us * 1e-6;

	for (int i = 0; i < plan->hold_count; i++) {
		if (t_s < plan->holds[i].settled_s || t_s > plan->holds[i].leave_s)
			continue;
		add(&outcome->thigh[i], row->thigh_elevation_deg,
			truth->thigh_elevation_deg);
		if (!two)
			continue;
		add(&outcome->pelvis, row->pelvis_tilt_deg, truth->pelvis_tilt_deg);
		add(&outcome->hip, row->hip_flexion_deg, truth->hip_flexion_deg);
	}
}

static void take_hold(struct outcome *outcome, const struct session_output *out)
{
	if (!out->hold_due)
		return;
	if (outcome->holds < HOLDS)
		outcome->rows[outcome->holds] = out->hold;
	outcome->holds++;
}

static void run_session(struct outcome *outcome, struct wearer_state *wearer,
	const struct wearer_param *param)
{
	static struct session_state session;
	struct session_inputs in = make_inputs(param);
	struct session_output out;
	struct sample sample;
	struct truth truth;

	memset(outcome, 0, sizeof *outcome);
	assert_null(session_init(&session, &in));
	while (wearer_step(wearer, param, &sample, &truth)) {
		assert_int_equal(raw_round(&sample), 0);
		session_step(&session, &in, &sample, &out);
		take_hold(outcome, &out);
		if (!out.finished)
			compare(outcome, &wearer->plan, &out.judged, &truth,
				param->sensors == 2);
		if (out.finished)
			return;
	}
	session_finish(&session, &in, &out);
	take_hold(outcome, &out);
}

static void weigh(struct worst *worst, const struct outcome *outcome,
	const struct wearer_plan *plan, const struct wearer_param *param)
{
	struct wearer_truth truth = wearer_truth_make(plan, param);

	worst->wrong += outcome->holds != plan->hold_count;
	for (int i = 0; i < plan->hold_count && i < outcome->holds; i++) {
		const struct hold_row *row = &outcome->rows[i];
		double seconds = wearer_truth_seconds(&truth, plan, param, i);
		bool done = plan->holds[i].intended == RESULT_DONE;

		worst->wrong += row->result != (int32_t)plan->holds[i].intended;
		/* the second judge must agree with the plan, or it is no judge */
		worst->wrong += done != (seconds >= param->prescribed_s);
		worst->seconds = fmax(worst->seconds, fabs(row->hold_s - seconds));
		worst->thigh_deg = fmax(worst->thigh_deg, rms(&outcome->thigh[i]));
		assert_true(outcome->thigh[i].n > 100.0);
		if (row->result == (int32_t)plan->holds[i].intended &&
			fabs(row->hold_s - seconds) <= 0.5)
			continue;
		printf("# off: %s seed %d, hold %d: %s, planned %s; %.2f s, truth %.2f\n",
			exercise_names[param->exercise], (int)param->seed, i + 1,
			hold_result_names[row->result],
			hold_result_names[plan->holds[i].intended], row->hold_s, seconds);
	}
	worst->pelvis_deg = fmax(worst->pelvis_deg, rms(&outcome->pelvis));
	worst->hip_deg = fmax(worst->hip_deg, rms(&outcome->hip));
	wearer_truth_free(&truth);
}

/* Each exercise has seeds of its own: three are the same but for their names. */
static struct worst run_all(size_t exercise, int sensors, bool spoiled)
{
	static struct wearer_state wearer;
	struct worst worst = { 0, 0, 0, 0, 0 };

	for (uint64_t i = 1; i <= (EFFORT_FEW ? 1 : SEEDS); i++) {
		struct wearer_param param = make_wearer(names[exercise], sensors,
			SEEDS * exercise + i);
		struct outcome outcome;

		if (spoiled)
			spoil(&param);
		assert_null(wearer_init(&wearer, &param));
		run_session(&outcome, &wearer, &param);
		weigh(&worst, &outcome, &wearer.plan, &param);
	}
	return worst;
}

static void print_worst(const char *what, size_t exercise, int sensors,
	const struct worst *worst)
{
	printf("# %s, %s, %d sensor%s, seeds %zu-%zu: thigh %.2f deg RMS in holds, "
	       "hold seconds within %.2f, %d of %d results wrong",
		what, names[exercise], sensors, sensors == 1 ? "" : "s",
		SEEDS * exercise + 1, SEEDS * exercise + SEEDS, worst->thigh_deg,
		worst->seconds, worst->wrong, SEEDS * HOLDS);
	if (sensors == 2)
		printf("; pelvis %.2f, hip %.2f deg", worst->pelvis_deg, worst->hip_deg);
	printf("\n");
}

static void check_mode(int sensors)
{
	int bad = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct worst worst = run_all(i, sensors, false);

		print_worst("good chip", i, sensors, &worst);
		bad += worst.thigh_deg > 1.0;
		bad += worst.seconds > 0.5;
		bad += worst.wrong;
	}
	assert_int_equal(bad, 0);
}

static void test_one_sensor(void **state)
{
	(void)state;
	check_mode(1);
}

static void test_two_sensors(void **state)
{
	(void)state;
	check_mode(2);
}

static void test_spoiled_chips(void **state)
{
	(void)state;
	printf("# poor chip: 0.1 m/s2 and 1 %% off, gyro 1 deg/s and 1 %% off\n");
	for (int sensors = 1; sensors <= 2; sensors++) {
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			struct worst worst = run_all(i, sensors, true);

			print_worst("poor chip", i, sensors, &worst);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_sensor),
		cmocka_unit_test(test_two_sensors),
		cmocka_unit_test(test_spoiled_chips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
