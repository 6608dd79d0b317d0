/*
 * The gyroscope's reading at the first rest. Expected values by hand: a bias that
 * was put in must come out; a second is four quarter-second bins, which a window
 * that begins with the first sample has at 1.0 s.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/gyr_zero.h"

#define RATE_HZ 100

struct play {
	struct gyr_zero zero;
	struct gyr_zero_param param;
	int64_t index, known_at; /* -1: not yet */
	double tilt_deg, tilt_rate_deg_s;
	struct vec3 gyr_rad_s;
	double swing_rad_s; /* amplitude of a 0.5 Hz turn about the vertical */
	bool bad;
};

static void play_init(struct play *p)
{
	memset(p, 0, sizeof *p);
	gyr_zero_init(&p->zero);
	p->param = gyr_zero_default();
	p->known_at = -1;
}

static void play(struct play *p, double seconds)
{
	for (int i = 0; i < (int)lround(seconds * RATE_HZ); i++) {
		double t_s = (double)p->index / RATE_HZ, tilt = p->tilt_deg * RAD_PER_DEG;
		struct imu_reading r = { .present = !p->bad, .temp_c = NAN,
			.acc_m_s2 = { 9.8 * sin(tilt), 0.0, 9.8 * cos(tilt) },
			.gyr_rad_s = p->gyr_rad_s };

		r.gyr_rad_s.z += p->swing_rad_s * sin(STRETCH_PI * t_s);
		if (gyr_zero_step(&p->zero, &p->param, SITE_PELVIS,
			p->index * 1000000 / RATE_HZ, &r, !p->bad)) {
			assert_int_equal(p->known_at, -1);
			p->known_at = p->index;
		}
		p->tilt_deg += p->tilt_rate_deg_s / RATE_HZ;
		p->index++;
	}
}

static void a_large_bias_is_found_after_one_second(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.gyr_rad_s = (struct vec3){ 0.35, -0.35, 0.2 }; /* 20 and 11 deg/s */
	assert_false(gyr_zero_wanted(&p.zero, &p.param));
	play(&p, 0.99);
	assert_int_equal(p.known_at, -1);
	assert_true(gyr_zero_wanted(&p.zero, &p.param));
	play(&p, 0.02);
	assert_int_equal(p.known_at, 100);
	assert_false(gyr_zero_wanted(&p.zero, &p.param));
	assert_true(fabs(p.zero.zero_rad_s.x - 0.35) < 1e-9);
	assert_true(fabs(p.zero.zero_rad_s.y + 0.35) < 1e-9);
	assert_true(fabs(p.zero.zero_rad_s.z - 0.2) < 1e-9);
}

static void a_small_bias_is_left_to_the_filter(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.gyr_rad_s = (struct vec3){ 0.0, 1.4 * RAD_PER_DEG, 0.0 };
	play(&p, 0.9);
	assert_false(gyr_zero_wanted(&p.zero, &p.param));
	play(&p, 1.1);
	assert_int_equal(p.known_at, 100);
	assert_true(vec3_norm(p.zero.zero_rad_s) <= 0.0);
}

/* 5 deg/s: in a window of 1 s the outer bins' means lie 1.9 deg from its own, more
 * than the thigh's 1.2; a belt sensor may stray by 2.5, so 8 deg/s there. */
static void a_turn_of_gravity_is_no_rest(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.tilt_rate_deg_s = 8.0;
	p.gyr_rad_s.y = 8.0 * RAD_PER_DEG;
	play(&p, 5.0);
	assert_int_equal(p.known_at, -1);
	p.tilt_rate_deg_s = 0.0;
	p.gyr_rad_s.y = 0.0;
	play(&p, 2.0);
	assert_true(p.known_at >= 600 && p.known_at <= 625);
	assert_true(vec3_norm(p.zero.zero_rad_s) <= 0.0);
}

/* Turning to and fro about the vertical: gravity stands, the rate does not. */
static void an_uneven_turn_about_the_vertical_is_no_rest(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.swing_rad_s = 0.15; /* about its peak the outer bins are 2.3 deg/s low */
	play(&p, 10.0);
	assert_int_equal(p.known_at, -1);
}

static void bad_data_break_the_rest(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.gyr_rad_s.x = 0.2;
	play(&p, 0.6);
	p.bad = true;
	play(&p, 0.05);
	p.bad = false;
	play(&p, 0.9);
	assert_int_equal(p.known_at, -1);
	play(&p, 0.5);
	assert_true(p.known_at > 0);
	assert_true(fabs(p.zero.zero_rad_s.x - 0.2) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_bias_is_found_after_one_second),
		cmocka_unit_test(a_small_bias_is_left_to_the_filter),
		cmocka_unit_test(a_turn_of_gravity_is_no_rest),
		cmocka_unit_test(an_uneven_turn_about_the_vertical_is_no_rest),
		cmocka_unit_test(bad_data_break_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
