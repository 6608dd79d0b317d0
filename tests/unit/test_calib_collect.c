/*
 * Still windows from streams written by hand: what is taken, from when to when,
 * and what is not. Times follow from the quarter-second grid.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/calib_collect.h"
#include "stretch/random.h"

#define SEED UINT64_C(5)
#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static struct calib_collect c;
static struct calib_collect_param param;
static struct random noise;
static int64_t now_us, step_us;
static struct imu_reading reading;

static int begin(void **state)
{
	(void)state;
	calib_collect_init(&c);
	param = calib_collect_default();
	random_seed(&noise, SEED, 0);
	now_us = 0;
	step_us = 10000;
	reading = (struct imu_reading){ .present = true,
		.acc_m_s2 = { 0.3, -0.2, 9.9 },
		.gyr_rad_s = { 0.2, -0.1, 0.05 },
		.temp_c = (double)NAN };
	return 0;
}

/* Feeds the present reading for so long, with so much noise. */
static void feed(double seconds, double acc_sd, double gyr_sd)
{
	int64_t end_us = now_us + (int64_t)llround(seconds * 1e6);

	for (; now_us < end_us; now_us += step_us) {
		struct imu_reading r = reading;

		r.acc_m_s2.x += acc_sd * random_gauss(&noise);
		r.acc_m_s2.y += acc_sd * random_gauss(&noise);
		r.acc_m_s2.z += acc_sd * random_gauss(&noise);
		r.gyr_rad_s.x += gyr_sd * random_gauss(&noise);
		calib_collect_step(&c, &param, now_us, &r);
	}
}

static void rest(double seconds)
{
	feed(seconds, 0.02, 0.001);
}

/* Turns so that the next rest is another direction. */
static void turn_to(double x, double y, double z)
{
	feed(0.5, 3.0, 1.0);
	reading.acc_m_s2 = (struct vec3){ x, y, z };
}

/* The first and the last quarter second are not used: 1.5 s give one of 1.0 s. */
static void window_times(void **state)
{
	(void)state;
	rest(1.5);
	assert_int_equal(c.count, 0); /* the sixth bin closes with the next sample */
	assert_near(c.still_s, 0.75, 1e-9);
	assert_int_equal(c.now, CALIB_NOW_SETTLING);
	rest(0.01);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.now, CALIB_NOW_TAKEN);
	assert_int_equal(c.windows[0].from_us, 250000);
	assert_int_equal(c.windows[0].to_us, 1250000);
	assert_int_equal(c.windows[0].samples, 100);
	feed(0.5, 3.0, 1.0);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.windows[0].to_us, 1250000);
	assert_int_equal(c.now, CALIB_NOW_MOVING);
}

static void means_and_scatter(void **state)
{
	(void)state;
	feed(41.0, 0.02, 0.002);
	assert_int_equal(c.count, 1);
	assert_near(c.windows[0].acc_m_s2.x, 0.3, 0.002);
	assert_near(c.windows[0].acc_m_s2.y, -0.2, 0.002);
	assert_near(c.windows[0].acc_m_s2.z, 9.9, 0.002);
	assert_near(c.windows[0].gyr_rad_s.x, 0.2, 0.0002);
	assert_near(c.windows[0].gyr_rad_s.z, 0.05, 1e-12);
	/* three axes; a bin of 25 about its own mean: sqrt(24/25) */
	assert_near(c.windows[0].acc_scatter_m_s2, 0.02 * sqrt(3.0 * 0.96), 0.001);
	assert_near(c.windows[0].gyr_scatter_rad_s, 0.002 * sqrt(0.96), 0.0001);
	assert_true(isnan(c.windows[0].temp_c));
}

/* The hand lets go in the first bin and takes hold in the last: neither counts. */
static void edges_are_left_out(void **state)
{
	(void)state;
	reading.acc_m_s2.z = 9.8;
	rest(0.25);
	reading.acc_m_s2.z = 9.9;
	rest(1.5);
	reading.acc_m_s2.z = 9.8;
	rest(0.25);
	feed(0.5, 3.0, 1.0);
	assert_int_equal(c.count, 1);
	assert_near(c.windows[0].acc_m_s2.z, 9.9, 0.01);
	assert_int_equal(c.windows[0].to_us - c.windows[0].from_us, 1500000);
}

static void temperature_is_a_mean(void **state)
{
	(void)state;
	reading.temp_c = 20.0;
	rest(1.5);
	reading.temp_c = 22.0;
	rest(1.26);
	/* 0.25..2.5 s: 5 bins at 20, 4 at 22 */
	assert_near(c.windows[0].temp_c, (5 * 20.0 + 4 * 22.0) / 9, 1e-9);
}

static void every_rate(void **state)
{
	const int64_t steps[] = { 40000, 20000, 9615, 1000 };

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		(void)begin(state);
		step_us = steps[i];
		rest(2.0);
		turn_to(9.9, 0, 0);
		rest(2.0);
		assert_int_equal(c.count, 2);
		assert_true(c.windows[1].to_us - c.windows[1].from_us >= 1000000);
	}
}

static void what_is_refused(void **state)
{
	(void)begin(state);
	feed(5.0, 0.6, 0.001); /* shaken */
	assert_int_equal(c.count, 0);
	feed(5.0, 0.02, 0.2); /* trembling too much */
	assert_int_equal(c.count, 0);
	assert_true(c.moving_bins > 30);
	feed(5.0, 0.0, 0.0); /* not a single digit changes */
	assert_int_equal(c.count, 0);
	assert_int_equal(c.now, CALIB_NOW_FROZEN);
	assert_true(c.frozen_bins > 15);
	reading.acc_m_s2 = (struct vec3){ 0.1, 0.1, 4.0 };
	rest(5.0);
	assert_int_equal(c.count, 0);
	assert_int_equal(c.now, CALIB_NOW_WRONG);
	reading.acc_m_s2 = (struct vec3){ 0.1, 0.1, 9.8 };
	step_us = 100000; /* too slow: two or three samples a bin */
	rest(5.0);
	assert_int_equal(c.count, 0);
	reading.present = false;
	step_us = 10000;
	rest(2.0);
	assert_int_equal(c.count, 0);
	assert_int_equal(c.now, CALIB_NOW_ABSENT);
}

/* A slow steady turn: a window ends before it has strayed by 3 degrees. */
static void creeping_ends_a_window(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		double a = 2.0 * RAD_PER_DEG * 0.1 * i; /* 2 degrees a second */

		reading.acc_m_s2 = (struct vec3){ 9.8 * sin(a), 0, 9.8 * cos(a) };
		rest(0.1);
	}
	assert_true(c.count >= 4);
	for (int32_t i = 0; i < c.count; i++)
		assert_true(c.windows[i].to_us - c.windows[i].from_us <= 3500000);
	(void)begin(state);
	for (int i = 0; i < 100; i++) { /* at 15 degrees a second: none */
		double a = 15.0 * RAD_PER_DEG * 0.1 * i;

		reading.acc_m_s2 = (struct vec3){ 9.8 * sin(a), 0, 9.8 * cos(a) };
		rest(0.1);
	}
	assert_int_equal(c.count, 0);
}

static void a_gap_ends_a_window(void **state)
{
	(void)state;
	rest(1.2);
	now_us += 300000;
	rest(1.2);
	assert_int_equal(c.count, 0);
	now_us += 100000; /* shorter than a gap */
	rest(0.6);
	assert_int_equal(c.count, 1);
	calib_collect_break(&c);
	rest(1.51);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.visits, 1); /* it never moved */
}

/* A knock is no second visit, turning it over and back is. */
static void visits(void **state)
{
	(void)state;
	rest(2.0);
	feed(0.5, 0.6, 0.3); /* shaken in its place */
	rest(2.0);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.visits, 1);
	assert_int_equal(c.sphere.of[0].visits, 1);
	reading.acc_m_s2 = (struct vec3){ 9.9, 0, 0 }; /* over, too short for a window */
	rest(1.0);
	reading.acc_m_s2 = (struct vec3){ 0.3, -0.2, 9.9 };
	rest(2.0);
	assert_int_equal(c.count, 3);
	assert_int_equal(c.visits, 2);
	assert_int_equal(c.sphere.count, 1);
	assert_int_equal(c.sphere.of[0].visits, 2);
	assert_int_equal(c.windows[2].visit, 1);
	turn_to(0, 9.8, 0);
	rest(2.0);
	assert_int_equal(c.visits, 3);
	assert_int_equal(c.sphere.count, 2);
	assert_int_equal(c.windows[3].direction, 1);
}

static void the_table_fills_up(void **state)
{
	(void)state;
	for (int i = 0; i < CALIB_WINDOWS_MAX; i++) {
		assert_false(c.full);
		turn_to(i % 2 ? 9.8 : -9.8, 0, 0);
		rest(2.0);
		assert_int_equal(c.count, i + 1);
	}
	turn_to(0, 9.8, 0);
	rest(2.0);
	assert_int_equal(c.count, CALIB_WINDOWS_MAX);
	assert_true(c.full);
	assert_int_equal(c.now, CALIB_NOW_FULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(window_times, begin),
		cmocka_unit_test_setup(means_and_scatter, begin),
		cmocka_unit_test_setup(edges_are_left_out, begin),
		cmocka_unit_test_setup(temperature_is_a_mean, begin),
		cmocka_unit_test_setup(every_rate, begin),
		cmocka_unit_test_setup(what_is_refused, begin),
		cmocka_unit_test_setup(creeping_ends_a_window, begin),
		cmocka_unit_test_setup(a_gap_ends_a_window, begin),
		cmocka_unit_test_setup(visits, begin),
		cmocka_unit_test_setup(the_table_fills_up, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
