/*
 * The orientation filter against movements in closed form. Expected directions come
 * from the formula of the movement (made_motion.h), never from the filter.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/made_motion.h"
#include "stretch/orient.h"

#define DEG RAD_PER_DEG

/* One turn after the other about a level axis: no acceleration but gravity. */
static void test_constant_turn(void **unused)
{
	const double rates_deg_s[] = { 5.0, 60.0, 400.0 };
	const double limits_deg[] = { 0.01, 0.01, 0.1 };
	struct orient_param param = orient_default();
	struct orient_state state;

	(void)unused;
	for (int i = 0; i < 3; i++) {
		struct made_run run = { .motion.tilt_rad[0] = { .rate_s = rates_deg_s[i] *
							DEG },
			.end_s = 60.0,
			.rate_hz = 104.0,
			.score_s = 20.0 };
		double worst = made_play(&run, &param, &state);

		printf("# turn at %g deg/s: worst %.5f deg\n", rates_deg_s[i], worst);
		assert_true(worst < limits_deg[i]);
	}
}

/* A driven pendulum, the sensor 0.4 m below its hinge: 4 m/s^2 that go with the turn. */
static void test_pendulum(void **unused)
{
	const double length_m = 0.4, hz = 0.7, amplitude = 0.5, dt = 1.0 / 104.0;
	const double omega = 2.0 * STRETCH_PI * hz;
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = 0.0;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 104 * 60; k++) {
		double t = (k + 0.5) * dt; /* the middle of the interval */
		double a = amplitude * sin(omega * t),
		       rate = amplitude * omega * cos(omega * t);
		double change = -omega * omega * a;
		/* rotation by a about y; specific force along the rod and across it
		 * from the equation of circular motion */
		struct vec3 acc = { -length_m * change - GRAVITY_M_S2 * sin(a), 0.0,
			length_m * rate * rate + GRAVITY_M_S2 * cos(a) };
		double end = amplitude * sin(omega * (k + 1) * dt);

		orient_step(&state, &param, k == 0 ? 0.0 : dt, acc,
			(struct vec3){ 0, rate, 0 });
		if (k > 104 * 10)
			worst = fmax(worst,
				made_error_deg(&state,
					(struct vec3){ -sin(end), 0.0, cos(end) }));
	}
	printf("# pendulum of 0.4 m, 29 deg: worst %.3f deg\n", worst);
	assert_true(worst < 0.7);
}

/* A leg that sinks slowly while it is held must not be taken for gyroscope bias. */
static void test_creep(void **unused)
{
	const double creeps_deg_s[] = { 0.1, 0.3, 1.0 };
	struct orient_param param = orient_default();
	struct orient_state state;

	(void)unused;
	for (int i = 0; i < 3; i++) {
		struct made_run run = { .motion.tilt_rad[0] = { .offset = 1.2,
						.start_s = 30.0,
						.end_s = 90.0,
						.rate_s = -creeps_deg_s[i] * DEG },
			.end_s = 120.0,
			.rate_hz = 100.0,
			.score_s = 5.0 };
		double worst = made_play(&run, &param, &state);

		printf("# creep of %g deg/s for 60 s: worst %.4f deg\n", creeps_deg_s[i],
			worst);
		assert_true(worst < 0.05);
	}
}

static void test_bias_is_learned_at_rest(void **unused)
{
	struct made_run run = { .motion.tilt_rad = { { .offset = 0.5 },
					{ .offset = -0.4 } },
		.end_s = 60.0,
		.rate_hz = 104.0,
		.score_s = 20.0,
		.bias_rad_s = { 1.5 * DEG, -1.5 * DEG, 1.5 * DEG } };
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = made_play(&run, &param, &state);
	double off = vec3_norm(vec3_sub(orient_gyr_bias_rad_s(&state), run.bias_rad_s)) *
		DEG_PER_RAD;

	(void)unused;
	printf("# bias of 2.6 deg/s, at rest 60 s: %.4f deg/s off, worst tilt %.4f deg\n",
		off, worst);
	assert_true(off < 0.05);
	assert_true(worst < 0.05);
}

static void test_bias_is_learned_moving(void **unused)
{
	struct made_run run = { .motion = made_busy(),
		.end_s = 120.0,
		.rate_hz = 104.0,
		.bias_rad_s = { 1.5 * DEG, -1.5 * DEG, 1.5 * DEG },
		.score_s = 60.0 };
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = made_play(&run, &param, &state);
	double off = vec3_norm(vec3_sub(orient_gyr_bias_rad_s(&state), run.bias_rad_s)) *
		DEG_PER_RAD;

	(void)unused;
	printf("# bias of 2.6 deg/s, moving 120 s: %.3f deg/s off, worst tilt %.3f deg\n",
		off, worst);
	assert_true(off < 0.3);
	assert_true(worst < 0.6);
}

/* Large slow turns about two axes: what 1 % of them amounts to has to be seen. */
static void test_scale_is_learned(void **unused)
{
	struct made_run run = { .motion = made_busy(),
		.end_s = 240.0,
		.rate_hz = 104.0,
		.scale = 0.01,
		.score_s = 180.0 };
	struct orient_param param = orient_default(), blind = param;
	struct orient_state state;
	struct mat3 matrix;
	double worst, without;

	(void)unused;
	run.motion.tilt_rad[0].amplitude = 2.5;
	run.motion.tilt_rad[1].amplitude = 2.0;
	worst = made_play(&run, &param, &state);
	matrix = orient_gyr_matrix(&state);
	blind.scale = blind.cross = 1e-9;
	without = made_play(&run, &blind, &state);
	printf("# gyroscope 1 %% off: learned %.2f %.2f %.2f %%, worst tilt %.3f deg, "
	       "%.3f without\n",
		100 * matrix.m[0][0], 100 * matrix.m[1][1], 100 * matrix.m[2][2], worst,
		without);
	assert_true(fabs(matrix.m[0][0] - 0.01) < 0.004);
	assert_true(fabs(matrix.m[1][1] - 0.01) < 0.004);
	assert_true(worst < 0.5 * without);
}

/* A steady slow turn about the vertical, as on a swivel chair, is not a rest. */
static void test_slow_turn_is_no_bias(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst_deg_s = 0.0;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < 4000; k++) {
		double rate = k < 1000 ? 0.0 : 5.0 * DEG;

		orient_step(&state, &param, k == 0 ? 0.0 : 0.01,
			(struct vec3){ 0, 0, GRAVITY_M_S2 }, (struct vec3){ 0, 0, rate });
		worst_deg_s = fmax(
			worst_deg_s, fabs(orient_gyr_bias_rad_s(&state).z) * DEG_PER_RAD);
	}
	printf("# turn of 5 deg/s for 30 s: taken for a bias of %.3f deg/s\n",
		worst_deg_s);
	assert_true(worst_deg_s < 0.1);
}

/* 155 degrees from one sample to the next are still turned exactly. */
static void test_huge_turn(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state state;

	(void)unused;
	orient_init(&state);
	orient_step(&state, &param, 0.0, (struct vec3){ 0, 0, 9.8 },
		(struct vec3){ 0, 0, 0 });
	orient_step(&state, &param, 0.09, (struct vec3){ 0, 0, 9.8 },
		(struct vec3){ 30, 0, 0 });
	assert_true(
		made_error_deg(&state, (struct vec3){ 0, sin(2.7), cos(2.7) }) < 1e-5);
}

/* Nothing known, in the middle of a swing that shakes the sensor by 6 m/s^2. */
static void test_start_amid_motion(void **unused)
{
	struct orient_param param = orient_default();
	struct orient_state state;
	double worst = 0.0;

	(void)unused;
	for (int i = 0; i < 10; i++) {
		struct made_run run = { .motion = made_busy(),
			.start_s = 0.37 * i,
			.end_s = 0.37 * i + 30.0,
			.score_s = 0.37 * i + 10.0,
			.rate_hz = 104.0 };

		run.motion.place_m[0] = (struct made_wave){ .amplitude = 0.1, .hz = 1.2 };
		worst = fmax(worst, made_play(&run, &param, &state));
	}
	printf("# started amid motion, ten times: worst after 10 s %.3f deg\n", worst);
	assert_true(worst < 1.0);
}

/* The same movement at three rates, with stamps that jitter by 30 %. */
static void test_rate_does_not_matter(void **unused)
{
	const double rates_hz[] = { 26.0, 52.0, 104.0, 208.0, 1000.0 };
	struct orient_param param = orient_default();
	struct orient_state state;
	double low = 1e9, high = 0.0;

	(void)unused;
	for (int i = 0; i < 5; i++) {
		struct made_run run = { .motion = made_busy(),
			.end_s = 60.0,
			.score_s = 15.0,
			.rate_hz = rates_hz[i],
			.jitter = 0.3 };
		double worst = made_play(&run, &param, &state);

		printf("# %g Hz, uneven: worst %.4f deg\n", rates_hz[i], worst);
		low = fmin(low, worst);
		high = fmax(high, worst);
	}
	assert_true(high < 0.5);
	assert_true(high - low < 0.08);
}

/* A gyroscope that ends at 125 deg/s in a movement of 250: known or not known. */
static void test_clipping(void **unused)
{
	struct made_run run = { .motion = made_busy(),
		.end_s = 60.0,
		.rate_hz = 104.0,
		.full_scale_rad_s = 125.0 * DEG,
		.score_s = 15.0 };
	struct orient_param param = orient_default();
	struct orient_state state;
	double unknown, known;

	(void)unused;
	run.motion.tilt_rad[0].amplitude = 1.2;
	run.motion.tilt_rad[0].hz = 0.4;
	unknown = made_play(&run, &param, &state);
	param.gyr_full_scale_rad_s = run.full_scale_rad_s;
	known = made_play(&run, &param, &state);
	printf("# clipped gyroscope: worst %.2f deg, full scale known %.2f deg\n",
		unknown, known);
	assert_true(known < 0.7 * unknown);
}

static void test_before_the_first_sample(void **unused)
{
	struct orient_state state;

	(void)unused;
	orient_init(&state);
	assert_false(orient_ready(&state));
	assert_true(vec3_angle_rad(orient_up(&state), (struct vec3){ 0, 0, 1 }) <= 0.0);
	assert_true(orient_tilt_sd_rad(&state) > 3.0);
}

/* The first sample alone tells where up is, upside down too. */
static void test_first_sample(void **unused)
{
	const struct vec3 ups[] = { { 9.81, 0, 0 }, { 0, -9.81, 0 }, { 0, 0, -9.81 },
		{ 1e-9, 0, -9.81 }, { 3, -4, 5 } };
	struct orient_param param = orient_default();

	(void)unused;
	for (int i = 0; i < 5; i++) {
		struct orient_state state;

		orient_init(&state);
		orient_step(&state, &param, 0.0, ups[i], (struct vec3){ 0, 0, 0 });
		assert_true(orient_ready(&state));
		assert_true(made_error_deg(&state, ups[i]) < 1e-6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constant_turn),
		cmocka_unit_test(test_pendulum),
		cmocka_unit_test(test_creep),
		cmocka_unit_test(test_bias_is_learned_at_rest),
		cmocka_unit_test(test_bias_is_learned_moving),
		cmocka_unit_test(test_scale_is_learned),
		cmocka_unit_test(test_slow_turn_is_no_bias),
		cmocka_unit_test(test_huge_turn),
		cmocka_unit_test(test_start_amid_motion),
		cmocka_unit_test(test_rate_does_not_matter),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_before_the_first_sample),
		cmocka_unit_test(test_first_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
