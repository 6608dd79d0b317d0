/*
 * The orientation filter under what should not happen: bad readings and times, gaps,
 * hours of the same movement, lasting pushes, noise of any size. Expected directions
 * come from the formula of the movement (made_motion.h).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/made_motion.h"
#include "stretch/orient.h"
#include "stretch/random.h"

#define SEED UINT64_C(20240611)
#define DEG RAD_PER_DEG

/* Feeds one sample of the busy movement; k counts samples of 100 Hz. */
static void feed(struct orient_state *state, const struct orient_param *param, int k)
{
	struct made_motion motion = made_busy();
	struct made_reading r = made_read(&motion, (k - 1) / 100.0, k / 100.0);

	orient_step(state, param, k == 0 ? 0.0 : 0.01, r.acc_m_s2, r.gyr_rad_s);
}

/* Saved and restored by copy at any sample, the rest is the same to the last bit. */
static void test_split_anywhere(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state whole, part, copy;
	struct vec3 want[400], got;

	(void)unused;
	orient_init(&whole);
	for (int k = 0; k < 400; k++) {
		feed(&whole, &param, k);
		want[k] = orient_up(&whole);
	}
	orient_init(&part);
	for (int k = 0; k < 400; k++) {
		memset(&copy, 0xa5, sizeof copy);
		memcpy(&copy, &part, sizeof copy);
		memset(&part, 0x5a, sizeof part);
		feed(&copy, &param, k);
		part = copy;
		got = orient_up(&part);
		assert_memory_equal(&got, &want[k], sizeof got);
	}
}

/* Readings that are none leave the state as it is; their time is not lost. */
static void test_bad_readings_are_skipped(void **unused)
{
	const struct vec3 good = { 0.1, 0.2, 9.8 }, none = { 0, 0, 0 };
	const struct vec3 bad[] = { { (double)NAN, 0, 9.8 }, { 0, (double)INFINITY, 9.8 },
		{ 1e300, 0, 0 }, { 0, 0, -2000.0 } };
	struct made_motion motion = made_busy();
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = 0.0;

	(void)unused;
	orient_init(&state);
	for (int i = 0; i < 4; i++)
		orient_step(&state, &param, 0.01, bad[i], none);
	orient_step(&state, &param, 0.01, none, good);
	assert_false(orient_ready(&state));
	for (int k = 0; k < 6000; k++) {
		struct made_reading r = made_read(&motion, (k - 1) / 100.0, k / 100.0);
		struct vec3 before = orient_up(&state);

		if (k % 7 == 3 && k > 0) {
			orient_step(&state, &param, 0.01, bad[k % 4], r.gyr_rad_s);
			assert_true(
				vec3_norm(vec3_sub(before, orient_up(&state))) <= 0.0);
			continue;
		}
		if (k % 7 == 5) {
			orient_step(&state, &param, 0.01, r.acc_m_s2, bad[k % 3]);
			continue;
		}
		orient_step(&state, &param, k == 0 ? 0.0 : 0.01, r.acc_m_s2, r.gyr_rad_s);
		if (k > 1500)
			worst = fmax(worst,
				made_error_deg(&state, made_up(&motion, k / 100.0)));
	}
	printf("# two of seven readings bad: worst %.3f deg\n", worst);
	assert_true(worst < 0.7);
}

/* Bad stamps are no time at all. */
static void test_bad_times(void **unused)
{
	const double times[] = { (double)NAN, -1.0, (double)INFINITY, -(double)INFINITY };
	struct orient_param param = orient_default();
	struct orient_state state;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 400; k++)
		feed(&state, &param, k);
	for (int i = 0; i < 4; i++) {
		struct vec3 before = orient_up(&state);

		orient_step(&state, &param, times[i], (struct vec3){ 0, 0, 9.8 },
			(struct vec3){ 5, 5, 5 });
		assert_true(vec3_angle_rad(before, orient_up(&state)) < 1e-12);
	}
}

/* Gaps of 60 ms and of 5 s: attitude recovers, bias is kept. */
static void test_gap_keeps_what_was_learned(void **unused)
{
	const double lengths_s[] = { 0.06, 5.0, 0.0 };
	const double limits_deg[] = { 0.7, 0.7, 0.7 };
	struct orient_param param = orient_default();
	struct made_motion motion = made_busy();

	(void)unused;
	for (int i = 0; i < 3; i++) {
		struct made_run run = { .motion = motion,
			.end_s = 60.0,
			.rate_hz = 100.0,
			.bias_rad_s = { 1.0 * DEG, 0.5 * DEG, 0 } };
		struct orient_state state;
		struct vec3 bias;
		double t, dt = lengths_s[i], worst = 0.0, sd;

		made_play(&run, &param, &state);
		bias = orient_gyr_bias_rad_s(&state);
		sd = orient_tilt_sd_rad(&state);
		t = run.end_s + dt;
		orient_gap(&state, &param);
		for (int k = 0; k < 2000; k++) {
			struct made_reading r = made_run_read(&run, t - 0.01, t);

			orient_step(&state, &param, dt, r.acc_m_s2, r.gyr_rad_s);
			if (k == 0) {
				assert_true(orient_tilt_sd_rad(&state) > sd);
				assert_true(vec3_norm(vec3_sub(bias,
						    orient_gyr_bias_rad_s(&state))) *
						DEG_PER_RAD <
					0.02);
			}
			if (k > 500)
				worst = fmax(worst,
					made_error_deg(&state, made_up(&motion, t)));
			dt = 0.01;
			t += dt;
		}
		printf("# gap of %g s: worst from 5 s after it %.3f deg\n", lengths_s[i],
			worst);
		assert_true(worst < limits_deg[i]);
	}
}

/* An interval above gap_s, or far above the usual one, is a gap although nobody said
 * so. */
static void test_long_interval_is_a_gap(void **unused)
{
	const double intervals_s[] = { 0.15, 0.03 };
	const struct vec3 acc = { 0, 0, 9.8 }, gyr = { 0, 1, 0 };
	struct orient_param param = orient_default();

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct orient_state told, untold, deaf;
		struct orient_param never = param;

		orient_init(&told);
		for (int k = 0; k < 1000; k++)
			feed(&told, &param, k);
		untold = deaf = told;
		never.gap_s = never.gap_factor = 1e9;
		orient_gap(&told, &param);
		orient_step(&told, &param, intervals_s[i], acc, gyr);
		orient_step(&untold, &param, intervals_s[i], acc, gyr);
		orient_step(&deaf, &never, intervals_s[i], acc, gyr);
		assert_true(vec3_angle_rad(orient_up(&told), orient_up(&untold)) <= 0.0);
		assert_true(vec3_angle_rad(orient_up(&deaf), orient_up(&untold)) > 1e-5);
		assert_true(orient_tilt_sd_rad(&untold) > orient_tilt_sd_rad(&deaf));
	}
}

static void check_state(const struct orient_state *s, const struct orient_param *p)
{
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 4; k++)
			assert_true(s->p_now[i][k] - s->p_now[k][i] == 0.0);
	for (int i = 0; i < ORIENT_LEARNED; i++) {
		double limit = i % 4 == 0 ? p->bias_max_rad_s : p->matrix_max;
		double prior = i % 4 == 0 ? p->bias_rad_s : fmax(p->scale, p->cross);

		assert_true(fabs(s->learned[i]) <= limit);
		assert_true(s->p_learned[i][i] > 0.0);
		assert_true(s->p_learned[i][i] <= 1.01 * prior * prior);
		for (int k = 0; k < ORIENT_LEARNED; k++)
			assert_true(s->p_learned[i][k] - s->p_learned[k][i] == 0.0);
	}
}

/* Three hours of one repeated movement: exactly symmetric, bounded, as good as in
 * the first minutes. */
static void test_long_run(void **unused)
{
	struct orient_param param = orient_default();
	struct made_motion motion = made_busy();
	struct orient_state state;
	double early = 0.0, late = 0.0;
	struct mat3 matrix;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 26 * 3600 * 3; k++) {
		double t = k / 26.0;
		struct made_reading r = made_read(&motion, t - 1.0 / 26.0, t);
		double error;

		orient_step(&state, &param, k == 0 ? 0.0 : 1.0 / 26.0, r.acc_m_s2,
			r.gyr_rad_s);
		if (k % 2600 == 0)
			check_state(&state, &param);
		error = made_error_deg(&state, made_up(&motion, t));
		if (t > 60.0 && t < 600.0)
			early = fmax(early, error);
		if (t > 3.0 * 3600.0 - 540.0)
			late = fmax(late, error);
	}
	matrix = orient_gyr_matrix(&state);
	printf("# 3 h of one movement: worst %.3f deg in minutes 1 to 10, %.3f in the "
	       "last 9\n",
		early, late);
	assert_true(late < 1.1 * early);
	for (int i = 0; i < 9; i++)
		assert_true(fabs(matrix.m[i / 3][i % 3]) < 0.01);
	assert_int_equal(orient_restarts(&state), 0);
}

/* A gyroscope that reads 23 deg/s while nothing turns: the bias ends at its limit. */
static void test_impossible_bias(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state state;

	(void)unused;
	param.bias_rad_s = 1.0; /* so that it is learned at all */
	orient_init(&state);
	for (int k = 0; k < 20000; k++) {
		orient_step(&state, &param, k == 0 ? 0.0 : 0.01,
			(struct vec3){ 0, 0, GRAVITY_M_S2 }, (struct vec3){ 0.4, 0, 0 });
		check_state(&state, &param);
	}
	assert_true(orient_gyr_bias_rad_s(&state).x > 0.9 * param.bias_max_rad_s);
}

/* A vehicle that speeds up by 3 m/s^2 for 10 s: wrong for a while, not for ever. */
static void test_lasting_push(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = 0.0;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 10000; k++) {
		double t = k / 100.0;
		struct vec3 acc = { t > 20.0 && t < 30.0 ? 3.0 : 0.0, 0.0, GRAVITY_M_S2 };

		orient_step(&state, &param, k == 0 ? 0.0 : 0.01, acc,
			(struct vec3){ 0, 0, 0 });
		check_state(&state, &param);
		if (t > 70.0)
			worst = fmax(
				worst, made_error_deg(&state, (struct vec3){ 0, 0, 1 }));
	}
	printf("# pushed by 3 m/s2 for 10 s: worst from 40 s after it %.3f deg\n", worst);
	assert_true(worst < 0.3);
}

static double wild(struct random *random)
{
	const double special[] = { 0.0, (double)NAN, (double)INFINITY, -(double)INFINITY,
		1e300, -1e300, 1e-300, 99.9, -99.9, 999.0 };
	uint64_t kind = random_u64(random) % 40;

	return kind < 10 ? special[kind] : random_between(random, -60.0, 60.0);
}

/* Noise of any size: always a unit vector, never a NaN. */
static void test_hostile_input(void **unused)
{
	const double times[] = { 0.0, 1e-9, 0.001, 0.01, 0.04, 0.09, 0.2, 30.0, -1.0,
		1e9 };
	struct orient_param param = orient_default();
	struct orient_state state;
	struct random random;

	(void)unused;
	printf("# seed %llu\n", (unsigned long long)SEED);
	random_seed(&random, SEED, 2);
	orient_init(&state);
	for (int k = 0; k < 300000; k++) {
		struct vec3 acc = { wild(&random), wild(&random), wild(&random) };
		struct vec3 gyr = { wild(&random), wild(&random), wild(&random) };
		/* long quiet stretches, so that blocks and learning do happen */
		bool calm = k / 3000 % 2 == 0;
		struct quat q;

		if (random_u64(&random) % 500 == 0)
			orient_gap(&state, &param);
		orient_step(&state, &param, calm ? 0.01 : times[random_u64(&random) % 10],
			acc, calm ? vec3_scale(gyr, 0.2) : gyr);
		q = orient_quat(&state);
		assert_true(fabs(vec3_norm(orient_up(&state)) - 1.0) < 1e-12);
		assert_true(fabs(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z - 1.0) <
			1e-12);
		assert_true(vec3_norm(orient_gyr_bias_rad_s(&state)) <=
			2.0 * param.bias_max_rad_s);
	}
	printf("# 300000 wild samples: %u restarts\n", orient_restarts(&state));
}

/* Broken from inside, it begins again within a block and says so. */
static void test_restart_after_overflow(void **unused)
{
	struct orient_param param = orient_default();
	struct made_motion motion = made_busy();
	struct orient_state state;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 500; k++)
		feed(&state, &param, k);
	state.p_learned[3][3] = (double)NAN;
	for (int k = 500; k < 2500; k++) {
		feed(&state, &param, k);
		assert_true(fabs(vec3_norm(orient_up(&state)) - 1.0) < 1e-9);
	}
	assert_int_equal(orient_restarts(&state), 1);
	assert_true(made_error_deg(&state, made_up(&motion, 2499 / 100.0)) < 1.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split_anywhere),
		cmocka_unit_test(test_bad_readings_are_skipped),
		cmocka_unit_test(test_bad_times),
		cmocka_unit_test(test_gap_keeps_what_was_learned),
		cmocka_unit_test(test_long_interval_is_a_gap),
		cmocka_unit_test(test_long_run),
		cmocka_unit_test(test_impossible_bias),
		cmocka_unit_test(test_lasting_push),
		cmocka_unit_test(test_hostile_input),
		cmocka_unit_test(test_restart_after_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
