/*
 * Random numbers and motion tracks. Expected values: the generator's published
 * test vector, a second implementation (Python), closed forms of the curves.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stretch/track.h"

#define SEED 20240611

static void test_published_vector(void **state)
{
	/* rand_xoshiro's test of xoshiro256**, state 1 2 3 4 */
	static const uint64_t expected[] = { 11520, 0, 1509978240, 1215971899390074240 };
	struct random random = { .word = { 1, 2, 3, 4 } };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_true(random_u64(&random) == expected[i]);
}

static void test_seeding(void **state)
{
	/* Python: splitmix64 of the seed, xor stream, four splitmix64 words */
	static const uint64_t expected[] = { UINT64_C(0x54bb305d7741eaab),
		UINT64_C(0x9f4b8af5b5bf190f), UINT64_C(0x4505f524d793805d) };
	struct random random;

	(void)state;
	random_seed(&random, 1, 3);
	for (int i = 0; i < 3; i++)
		assert_true(random_u64(&random) == expected[i]);
}

static void test_gauss_moments(void **state)
{
	/* standard errors of n = 200000: mean 0.0022, variance 0.0032,
	 * fourth moment 0.022; five of each */
	const int n = 200000;
	double sum = 0.0, square = 0.0, fourth = 0.0;
	struct random random;

	(void)state;
	random_seed(&random, SEED, 1);
	for (int i = 0; i < n; i++) {
		double g = random_gauss(&random);

		sum += g;
		square += g * g;
		fourth += g * g * g * g;
	}
	printf("# seed %d: mean %.4f variance %.4f fourth moment %.3f\n", SEED, sum / n,
		square / n, fourth / n);
	assert_true(fabs(sum / n) < 0.011);
	assert_true(fabs(square / n - 1.0) < 0.016);
	assert_true(fabs(fourth / n - 3.0) < 0.11);
}

static void test_rotations_uniform(void **state)
{
	/* uniform rotation: mean of a turned axis 0, of its squared z 1/3
	 * (standard errors for 20000: 0.0041 and 0.0021) */
	const int n = 20000;
	struct vec3 sum = { 0, 0, 0 };
	double square = 0.0, angle = 0.0;
	struct random random;

	(void)state;
	random_seed(&random, SEED, 2);
	for (int i = 0; i < n; i++) {
		struct quat q = random_rotation(&random);
		struct vec3 v = quat_rotate(q, (struct vec3){ 1, 0, 0 });

		assert_true(fabs(vec3_norm(v) - 1.0) < 1e-12);
		assert_true(fabs(vec3_norm(random_direction(&random)) - 1.0) < 1e-12);
		sum = vec3_add(sum, v);
		square += v.z * v.z;
		angle += 2.0 * acos(fmin(fabs(q.w), 1.0));
	}
	assert_true(vec3_norm(sum) / n < 0.025);
	assert_true(fabs(square / n - 1.0 / 3.0) < 0.011);
	/* mean angle of a uniform rotation: pi/2 + 2/pi */
	assert_true(fabs(angle / n - (STRETCH_PI / 2.0 + 2.0 / STRETCH_PI)) < 0.025);
}

static void test_ease(void **state)
{
	const double h = 1e-6;

	(void)state;
	assert_true(track_ease(-0.1) == 0.0 && track_ease(0.0) == 0.0);
	assert_true(track_ease(1.0) == 1.0 && track_ease(2.0) == 1.0);
	assert_true(fabs(track_ease(0.5) - 0.5) < 1e-15);
	/* 10/64 - 15/256 + 6/1024 */
	assert_true(fabs(track_ease(0.25) - 0.103515625) < 1e-15);
	/* speed in the middle 30/4 - 60/8 + 30/16 = 1.875 */
	assert_true(fabs((track_ease(0.5 + h) - track_ease(0.5 - h)) / (2.0 * h) -
			    TRACK_EASE_PEAK) < 1e-6);
	for (int i = 1; i < 10; i++)
		assert_true(fabs(track_ease(track_ease_inverse(i / 10.0)) - i / 10.0) <
			1e-12);
}

static double value_of(const struct track *track, double t_s)
{
	double value[2];

	track_at(track, t_s, value, 2);
	return value[1];
}

static void test_ramp(void **state)
{
	/* 12 degrees in 4.5 s with 0.5 s easing: 12 / (4.5 - 0.5) = 3 deg/s */
	static const struct track_move move = { 10.0, 4.5, 12.0, 0.5, 1, TRACK_RAMP };
	static struct track track;

	(void)state;
	track_init(&track);
	track_add_move(&track, &move);
	assert_true(value_of(&track, 10.0) == 0.0);
	assert_true(fabs(value_of(&track, 14.5) - 12.0) < 1e-12);
	assert_true(fabs(value_of(&track, 20.0) - 12.0) < 1e-12);
	assert_true(fabs(value_of(&track, 12.25) - 6.0) < 1e-12);
	for (double t = 10.5; t < 13.9; t += 0.1)
		assert_true(fabs(value_of(&track, t + 0.1) - value_of(&track, t) - 0.3) <
			1e-12);
	/* no jump where easing meets the straight part */
	for (double t = 9.99; t < 14.6; t += 0.001)
		assert_true(fabs(value_of(&track, t + 0.001) - value_of(&track, t)) <
			0.00301);
}

static void test_wave(void **state)
{
	static const struct track_wave wave = { 5.0, 10.0, 1.0, 2.0, 0.25, 0.0, 1 };
	static struct track track;

	(void)state;
	track_init(&track);
	track_add_wave(&track, &wave);
	assert_true(value_of(&track, 4.9) == 0.0 && value_of(&track, 15.1) == 0.0);
	/* a quarter of 0.25 Hz is one second: top there, foot two later */
	assert_true(fabs(value_of(&track, 6.0) - 2.0) < 1e-12);
	assert_true(fabs(value_of(&track, 8.0) + 2.0) < 1e-12);
	/* half swollen at 0.5 s: 0.5 x 2 sin(45 deg) */
	assert_true(fabs(value_of(&track, 5.5) - sqrt(0.5)) < 1e-12);
}

static void test_wander_deviation(void **state)
{
	/* over 2000 s the mean square of each wave is half its amplitude squared,
	 * cross terms at least 0.01 Hz apart average to below 1 % */
	static const struct track_wave frame = { 0.0, 2000.0, 1.0, 0, 0, 0, 1 };
	static struct track track;
	struct random random;
	double square = 0.0;
	int n = 0;

	(void)state;
	track_init(&track);
	random_seed(&random, SEED, 4);
	track_add_wander(&track, &frame, 1.5, 0.1, 1.0, 6, &random);
	assert_int_equal(track.wave_count, 6);
	for (int i = 0; i < 6; i++)
		assert_true(track.waves[i].frequency_hz >= 0.1 &&
			track.waves[i].frequency_hz < 1.0);
	for (double t = 0.0; t < 2000.0; t += 0.05, n++)
		square += value_of(&track, t) * value_of(&track, t);
	printf("# seed %d: wander deviation %.4f of 1.5\n", SEED, sqrt(square / n));
	assert_true(fabs(sqrt(square / n) - 1.5) < 0.03);
}

static void test_full(void **state)
{
	static const struct track_move move = { 0, 1, 1, 0, 0, TRACK_EASE };
	static const struct track_wave wave = { 0, 1, 0.1, 1, 1, 0, 0 };
	static struct track track;

	(void)state;
	track_init(&track);
	for (int i = 0; i < TRACK_MOVES_MAX; i++)
		track_add_move(&track, &move);
	for (int i = 0; i < TRACK_WAVES_MAX; i++)
		track_add_wave(&track, &wave);
	assert_false(track.full);
	track_add_move(&track, &move);
	assert_true(track.full);
	assert_int_equal(track.move_count, TRACK_MOVES_MAX);
	track.full = false;
	track_add_wave(&track, &wave);
	assert_true(track.full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vector),
		cmocka_unit_test(test_seeding),
		cmocka_unit_test(test_gauss_moments),
		cmocka_unit_test(test_rotations_uniform),
		cmocka_unit_test(test_ease),
		cmocka_unit_test(test_ramp),
		cmocka_unit_test(test_wave),
		cmocka_unit_test(test_wander_deviation),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
