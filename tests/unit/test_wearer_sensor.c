/*
 * The simulated wearer's sensors: straps, rates, noise, errors, clock, chance. Expected
 * values are closed forms, or worked by hand; each test says which.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stretch/raw.h"
#include "../support/plain_wearer.h"

#define G GRAVITY_M_S2

static struct wearer_state wearer, other;

static void begin(struct wearer_state *state, const struct wearer_param *param)
{
	assert_null(wearer_init(state, param));
}

static void test_strap_turns_vectors(void **state)
{
	/* the same motion read through a strap: the transposed matrix, written out */
	struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
	struct quat s;

	(void)state;
	begin(&wearer, &param);
	for (int seed = 1; seed < 6; seed++) {
		struct wearer_param turned = param;
		double t_s = 10.0 + 3.0 * seed;

		turned.seed = (uint64_t)seed;
		wearer_strap_randomly(&turned);
		s = turned.imu[SITE_THIGH].strap;
		struct wearer_motion a =
			wearer_motion_at(&wearer.plan, &param, SITE_THIGH, t_s);
		struct wearer_motion b =
			wearer_motion_at(&wearer.plan, &turned, SITE_THIGH, t_s);
		struct vec3 v = a.acc_m_s2;

		assert_vec3_close(b.acc_m_s2,
			(1 - 2 * (s.y * s.y + s.z * s.z)) * v.x +
				2 * (s.x * s.y + s.w * s.z) * v.y +
				2 * (s.x * s.z - s.w * s.y) * v.z,
			2 * (s.x * s.y - s.w * s.z) * v.x +
				(1 - 2 * (s.x * s.x + s.z * s.z)) * v.y +
				2 * (s.y * s.z + s.w * s.x) * v.z,
			2 * (s.x * s.z + s.w * s.y) * v.x +
				2 * (s.y * s.z - s.w * s.x) * v.y +
				(1 - 2 * (s.x * s.x + s.y * s.y)) * v.z,
			1e-12);
		/* turned back, the readings are the same */
		v = quat_rotate(s, b.gyr_rad_s);
		assert_vec3_close(v, a.gyr_rad_s.x, a.gyr_rad_s.y, a.gyr_rad_s.z, 1e-9);
	}
}

static void test_rate_independent(void **state)
{
	/* 25, 100 and 1000 Hz have every 40 ms in common */
	static const double rates[] = { 100.0, 1000.0 };
	struct wearer_param slow = wearer_default(EX_LYING_TOWEL, SIDE_RIGHT);
	struct sample a, b = { .t_us = -1 };
	struct truth ta, tb = { 0, 0, 0 };

	(void)state;
	slow.acc_noise_ug_sqrt_hz = slow.gyr_noise_deg_s_sqrt_hz = 0.0;
	slow.rate_hz = 25.0;
	for (int i = 0; i < 2; i++) {
		struct wearer_param fast = slow;
		int rows = 0;

		fast.rate_hz = rates[i];
		begin(&wearer, &slow);
		begin(&other, &fast);
		b.t_us = -1;
		for (; rows < 2000; rows++) {
			assert_true(wearer_step(&wearer, &slow, &a, &ta));
			while (b.t_us < a.t_us)
				assert_true(wearer_step(&other, &fast, &b, &tb));
			assert_true(a.t_us == b.t_us && a.t_us == rows * 40000);
			assert_vec3_close(a.imu[0].acc_m_s2, b.imu[0].acc_m_s2.x,
				b.imu[0].acc_m_s2.y, b.imu[0].acc_m_s2.z, 1e-9);
			assert_vec3_close(a.imu[1].gyr_rad_s, b.imu[1].gyr_rad_s.x,
				b.imu[1].gyr_rad_s.y, b.imu[1].gyr_rad_s.z, 1e-9);
			assert_true(fabs(ta.hip_flexion_deg - tb.hip_flexion_deg) < 1e-9);
		}
	}
}

static void test_noise_density(void **state)
{
	/* lying still 4..9 s; variance of n values about the known mean over the
	 * data sheet's: chi-square / n has the deviation sqrt(2 / n), five of it */
	static const double rates[] = { 104.0, 1000.0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
		double acc = 0.0, gyr = 0.0, acc_sd, gyr_sd, bound;
		struct sample s;
		int n = 0;

		param.acc_noise_ug_sqrt_hz = 400.0;
		param.gyr_noise_deg_s_sqrt_hz = 0.005;
		param.rate_hz = rates[i];
		acc_sd = 400e-6 * 9.81 * sqrt(rates[i] / 2.0);
		gyr_sd = 0.005 * STRETCH_PI / 180.0 * sqrt(rates[i] / 2.0);
		begin(&wearer, &param);
		while (wearer_step(&wearer, &param, &s, NULL) && s.t_us < 9000000) {
			struct vec3 f = s.imu[0].acc_m_s2, w = s.imu[0].gyr_rad_s;

			if (s.t_us < 4000000)
				continue;
			acc += f.x * f.x + (f.y - G) * (f.y - G) + f.z * f.z;
			gyr += w.x * w.x + w.y * w.y + w.z * w.z;
			n += 3;
		}
		bound = 5.0 * sqrt(2.0 / n);
		printf("# %g Hz, %d values: acc variance %.3f, gyr %.3f of the data "
		       "sheet's (+-%.3f)\n",
			rates[i], n, acc / n / acc_sd / acc_sd, gyr / n / gyr_sd / gyr_sd,
			bound);
		assert_true(fabs(acc / n / acc_sd / acc_sd - 1.0) < bound);
		assert_true(fabs(gyr / n / gyr_sd / gyr_sd - 1.0) < bound);
	}
}

static void test_sensor_errors(void **state)
{
	/* lying, up = (0, g, 0): the matrix's second column times g, plus bias */
	struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
	struct wearer_imu *imu = &param.imu[SITE_THIGH];
	struct sample s;

	(void)state;
	imu->acc_matrix = (struct mat3){ { { 1.01, 0.02, 0.03 }, { 0.04, 0.98, 0.05 },
		{ 0.06, -0.01, 1.02 } } };
	imu->acc_bias_m_s2 = (struct vec3){ 0.1, -0.2, 0.3 };
	imu->gyr_bias_rad_s = (struct vec3){ 0.01, -0.02, 0.03 };
	imu->gyr_scale = (struct vec3){ 0.0, 0.0, 0.05 };
	param.temperature_c = 24.0;
	begin(&wearer, &param);
	while (wearer_step(&wearer, &param, &s, NULL) && s.t_us < 6000000)
		;
	assert_vec3_close(
		s.imu[0].acc_m_s2, 0.02 * G + 0.1, 0.98 * G - 0.2, -0.01 * G + 0.3, 1e-6);
	assert_vec3_close(s.imu[0].gyr_rad_s, 0.01, -0.02, 0.03, 1e-9);
	/* 6 s of 10 minutes: 3 (1 - exp(-0.01)) = 0.02985 */
	assert_true(fabs(s.imu[0].temp_c - 24.02985) < 1e-4);
	assert_vec3_close(s.imu[1].acc_m_s2, 0, G, 0, 1e-6);
	while (wearer_step(&wearer, &param, &s, NULL) && s.t_us < 12000000)
		;
	struct wearer_motion m = wearer_motion_at(&wearer.plan, &param, SITE_THIGH,
		(double)(wearer.index - 1) / param.rate_hz);

	assert_true(m.gyr_rad_s.z > 0.2); /* in the middle of a calm raise */
	assert_vec3_close(s.imu[0].gyr_rad_s, 0.01, -0.02, 1.05 * m.gyr_rad_s.z + 0.03, 1e-9);
}

static void test_clock(void **state)
{
	/* a clock fast by 10000 ppm shows 1.01 s a second: 1 % more rows */
	struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
	struct sample s;
	int64_t rows = 0, last = -1;
	double square = 0.0;

	(void)state;
	param.rate_hz = 100.0;
	param.clock_ppm = 10000.0;
	begin(&wearer, &param);
	while (wearer_step(&wearer, &param, &s, NULL)) {
		assert_true(s.t_us == rows * 10000);
		rows++;
	}
	assert_true(fabs((double)rows - 101.0 * wearer.plan.end_s) <= 1.0);
	param.clock_ppm = 0.0;
	param.jitter_s = 0.5e-3;
	begin(&wearer, &param);
	for (rows = 0; rows < 10000; rows++) {
		double late;

		assert_true(wearer_step(&wearer, &param, &s, NULL));
		assert_true(s.t_us > last);
		last = s.t_us;
		late = (double)(s.t_us - rows * 10000);
		square += late * late;
	}
	/* deviation of the deviation of 10000: 0.7 % */
	assert_true(fabs(sqrt(square / 10000.0) - 500.0) < 25.0);
	param.jitter_s = 0.1; /* far more than the interval: still in order */
	begin(&wearer, &param);
	for (rows = 0, last = -1; rows < 5000; rows++, last = s.t_us) {
		assert_true(wearer_step(&wearer, &param, &s, NULL));
		assert_true(s.t_us > last);
	}
}

/* Sum over the printed values of a session (FNV-1a), to compare machines. */
static uint64_t fingerprint(const struct wearer_param *param)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	struct sample s;
	struct truth truth;

	begin(&wearer, param);
	while (wearer_step(&wearer, param, &s, &truth)) {
		struct raw_row row;
		char text[ROW_TEXT_MAX];
		size_t n;

		raw_round(&s);
		raw_row_fill(&row, &s, &truth);
		n = column_row(raw_table(RAW_PARTS), &row, text, sizeof text);
		assert_true(n > 0);
		for (size_t i = 0; i < n; i++)
			hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	}
	return hash;
}

static void test_deterministic(void **state)
{
	struct wearer_param param = wearer_default(EX_LYING_TOWEL, SIDE_RIGHT);
	struct sample a, b;
	uint64_t first;

	(void)state;
	param.holds[1].habit = HABIT_TREMOR;
	first = fingerprint(&param);
	printf("# lying-towel, seed 1: fingerprint %016llx\n", (unsigned long long)first);
	assert_true(fingerprint(&param) == first);
	param.seed = 2;
	assert_true(fingerprint(&param) != first);
	/* a copied state goes on as the first one does */
	begin(&wearer, &param);
	for (int i = 0; i < 777; i++)
		assert_true(wearer_step(&wearer, &param, &a, NULL));
	other = wearer;
	for (int i = 0; i < 100; i++) {
		assert_true(wearer_step(&wearer, &param, &a, NULL));
		assert_true(wearer_step(&other, &param, &b, NULL));
		assert_memory_equal(
			&a.imu[0].acc_m_s2, &b.imu[0].acc_m_s2, sizeof a.imu[0].acc_m_s2);
		assert_true(a.t_us == b.t_us);
	}
}

static void test_refused(void **state)
{
	struct wearer_param param = wearer_default(EX_LYING_TOWEL, SIDE_RIGHT);
	struct wearer_param bad;

	(void)state;
#define REFUSED(member, value) \
	do { \
		bad = param; \
		bad.member = (value); \
		assert_non_null(wearer_init(&wearer, &bad)); \
	} while (0)
	REFUSED(rate_hz, 24.9);
	REFUSED(rate_hz, 1000.1);
	REFUSED(rate_hz, NAN);
	REFUSED(hold_count, WEARER_HOLDS_MAX + 1);
	REFUSED(sensors, 0);
	REFUSED(sensors, 3);
	REFUSED(raise_deg, 5.0);
	REFUSED(angle_deg, 151.0);
	REFUSED(entry_rate_deg_s, 0.0);
	REFUSED(rest_s, -1.0);
	REFUSED(holds[0].habit, HABIT_COUNT);
	REFUSED(holds[0].hold_s, -1.0);
	REFUSED(holds[2].habit_size, 2000.0);
	REFUSED(exercise, EX_COUNT);
	bad = param;
	assert_null(wearer_init(&wearer, &bad));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strap_turns_vectors),
		cmocka_unit_test(test_rate_independent),
		cmocka_unit_test(test_noise_density),
		cmocka_unit_test(test_sensor_errors),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
