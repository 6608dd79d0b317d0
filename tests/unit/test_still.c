/*
 * Stillness of a pose: who passes, who does not, and from when. Expected values:
 * the rule (quarter-second means within stray_deg of the 3 s mean, shaking below
 * 0.14 rad/s) worked by hand on even turns and sines.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/still.h"
#include "../support/judge.h"

#define RATE_HZ 100

struct play {
	struct still_state still;
	struct still_param param;
	unsigned sites;
	int64_t index;
	double angle_deg[SITE_COUNT], rate_deg_s[SITE_COUNT]; /* an even turn */
	double shake_rad_s; /* amplitude of an 8 Hz gyroscope signal */
	bool bad;
};

static void play_init(struct play *p)
{
	memset(p, 0, sizeof *p);
	still_init(&p->still);
	p->param = still_default();
	p->sites = 1u << SITE_THIGH;
}

static void play_step(struct play *p)
{
	double t_s = (double)p->index / RATE_HZ;
	struct vec3 up[SITE_COUNT], gyr[SITE_COUNT];

	for (int site = 0; site < SITE_COUNT; site++) {
		double a = p->angle_deg[site] * RAD_PER_DEG;

		up[site] = (struct vec3){ sin(a), cos(a), 0.0 };
		/* a bias of 0.3 rad/s must not matter */
		gyr[site] = (struct vec3){ 0.3, 0.0, p->shake_rad_s *
			sin(2.0 * STRETCH_PI * 8.0 * t_s) };
		p->angle_deg[site] += p->rate_deg_s[site] / RATE_HZ;
	}
	still_step(&p->still, &p->param, p->index * 1000000 / RATE_HZ, p->sites, up, gyr,
		!p->bad);
	p->index++;
}

static void play(struct play *p, double seconds)
{
	for (int i = 0; i < (int)lround(seconds * RATE_HZ); i++)
		play_step(p);
}

/* Still after all this time? */
static bool after(struct play *p, double seconds)
{
	play(p, seconds);
	return p->still.still;
}

static void test_three_seconds(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.angle_deg[SITE_THIGH] = 30.0;
	/* the twelfth quarter second is complete with the sample at 3.00 s */
	assert_false(after(&p, 3.0));
	play_step(&p);
	assert_true(p.still.still);
	assert_int_equal(p.still.still_since_us, 0);
	assert_close(p.still.up[SITE_THIGH].x, 0.5, 1e-12);
	assert_close(p.still.up[SITE_THIGH].y, sqrt(0.75), 1e-12);
	assert_true(p.still.moved_us == INT64_MIN);
	/* since stays where stillness began */
	play(&p, 5.0);
	assert_int_equal(p.still.still_since_us, 0);
}

static void test_longer_window(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.param.window_s = 5.0;
	assert_false(after(&p, 5.0));
	play_step(&p);
	assert_true(p.still.still);
}

static void test_even_turn(void **state)
{
	struct play p;
	double limit;

	(void)state;
	/* bins of a 3 s window lie up to 1.375 s from its middle */
	play_init(&p);
	limit = p.param.stray_deg[SITE_THIGH] / 1.375;
	p.rate_deg_s[SITE_THIGH] = 0.9 * limit;
	assert_true(after(&p, 6.0));
	play_init(&p);
	p.rate_deg_s[SITE_THIGH] = 1.1 * limit;
	assert_false(after(&p, 6.0));
	/* downwards is the same */
	play_init(&p);
	p.rate_deg_s[SITE_THIGH] = -1.1 * limit;
	assert_false(after(&p, 6.0));
	/* no reference is taken from a leg that sinks by 3 degrees a second */
	assert_true(limit < 3.0);
}

static void test_shaking(void **state)
{
	struct play p;

	(void)state;
	/* a sine of amplitude 0.185 has 0.131 rad/s root mean square, 0.21 0.148 */
	play_init(&p);
	p.shake_rad_s = 0.185;
	assert_true(after(&p, 6.0));
	play_init(&p);
	p.shake_rad_s = 0.21;
	assert_false(after(&p, 6.0));
}

static void test_one_bad_sample(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	play(&p, 4.0);
	assert_true(p.still.still);
	/* one sample without data at 4.0 s lies in the bin that ends at 4.25 s: no
	 * stillness until that bin has left the window, at 7.25 s */
	p.bad = true;
	play_step(&p);
	p.bad = false;
	play(&p, 0.25);
	assert_false(p.still.still);
	assert_false(after(&p, 2.99)); /* 7.24 s */
	assert_true(after(&p, 0.02));
	assert_int_equal(p.still.still_since_us, 4250000);
}

static void test_gap_begins_anew(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	play(&p, 4.0);
	p.index += RATE_HZ; /* a second without samples */
	play_step(&p);
	assert_false(p.still.still);
	assert_false(after(&p, 2.99));
	assert_true(after(&p, 0.3));
}

static void test_movement_is_noticed(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	play(&p, 4.0);
	p.rate_deg_s[SITE_THIGH] = 40.0; /* 40 degrees in a second */
	play(&p, 1.0);
	p.rate_deg_s[SITE_THIGH] = 0.0;
	assert_false(p.still.still);
	/* within the move, seen at the end of a quarter second */
	assert_true(p.still.moved_us > 4000000);
	/* still again once no bin of the move is left: from 5.0 s on, 3 s later */
	assert_false(after(&p, 2.9));
	assert_true(after(&p, 0.4));
	assert_true(p.still.still_since_us >= 5000000 &&
		p.still.still_since_us <= 5250000);
	/* a breath of 2 degrees is no movement */
	play_init(&p);
	play(&p, 4.0);
	p.angle_deg[SITE_THIGH] += 2.0;
	play(&p, 4.0);
	assert_true(p.still.moved_us == INT64_MIN);
}

static void test_both_sensors_count(void **state)
{
	struct play p;

	(void)state;
	play_init(&p);
	p.rate_deg_s[SITE_PELVIS] = 10.0; /* not worn: not looked at */
	assert_true(after(&p, 4.0));
	play_init(&p);
	p.sites |= 1u << SITE_PELVIS;
	p.rate_deg_s[SITE_PELVIS] = 10.0;
	assert_false(after(&p, 4.0));
	p.rate_deg_s[SITE_PELVIS] = 0.0;
	assert_true(after(&p, 3.5));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_seconds),
		cmocka_unit_test(test_longer_window),
		cmocka_unit_test(test_even_turn),
		cmocka_unit_test(test_shaking),
		cmocka_unit_test(test_one_bad_sample),
		cmocka_unit_test(test_gap_begins_anew),
		cmocka_unit_test(test_movement_is_noticed),
		cmocka_unit_test(test_both_sensors_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
