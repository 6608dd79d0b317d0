/*
 * Steadiness of an angle. Expected values: gain of a first-order low-pass at 1 Hz,
 * 1/sqrt(1 + f^2), times the range that a sine covers within 1.5 s; ramps by rate
 * times window; bounces by counting half-swings on a triangle.
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

#include "stretch/random.h"
#include "stretch/steady.h"
#include "stretch/track.h"
#include "../support/judge.h"

#define SEED 7300

static const double rates_hz[] = { 25, 52, 104, 208, 1000 };
#define RATES (sizeof rates_hz / sizeof rates_hz[0])

/* A signal over time, played at some rate. */
struct play {
	struct steady_state steady;
	struct settings settings;
	double rate_hz;
	int64_t index;
	int32_t still, moving; /* samples since the last clear */
};

static void play_init(struct play *p, double rate_hz)
{
	memset(p, 0, sizeof *p);
	settings_default(&p->settings);
	steady_init(&p->steady);
	p->rate_hz = rate_hz;
}

static double now_s(const struct play *p)
{
	return (double)p->index / p->rate_hz;
}

static void play_step(struct play *p, double angle_deg)
{
	steady_step(&p->steady, &p->settings, llround(now_s(p) * 1e6), angle_deg);
	p->index++;
	if (p->steady.still)
		p->still++;
	else
		p->moving++;
}

static void sine(struct play *p, double seconds, double amplitude_deg, double hz)
{
	int64_t end = p->index + llround(seconds * p->rate_hz);
	double from_s = now_s(p);

	while (p->index < end)
		play_step(p, 70.0 + amplitude_deg *
			sin(2.0 * STRETCH_PI * hz * (now_s(p) - from_s)));
}

static void ramp(struct play *p, double seconds, double from_deg, double rate_deg_s)
{
	int64_t end = p->index + llround(seconds * p->rate_hz);
	double from_s = now_s(p);

	while (p->index < end)
		play_step(p, from_deg + rate_deg_s * (now_s(p) - from_s));
}

/* Triangle of that height between extremes; the first half-swing goes down. */
static void triangle(struct play *p, int32_t halves, double height_deg, double half_s)
{
	for (int32_t i = 0; i < halves; i++)
		ramp(p, half_s, i % 2 == 0 ? 70.0 : 70.0 - height_deg,
			(i % 2 == 0 ? -1.0 : 1.0) * height_deg / half_s);
}

static void clear(struct play *p)
{
	p->still = p->moving = 0;
}

static void test_needs_a_window(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, 100);
	sine(&p, 1.5, 0.0, 1.0); /* samples at 0 .. 1.49 s */
	assert_int_equal(p.still, 0);
	sine(&p, 0.02, 0.0, 1.0);
	assert_true(p.steady.still);
}

static void test_sway_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;

		/* 1.5 deg at 0.7 Hz: gain 0.82, from lowest to highest 2.5 deg */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 1.5, 0.7);
		clear(&p);
		sine(&p, 20.0, 1.5, 0.7);
		assert_int_equal(p.moving, 0);
	}
}

static void test_swings_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;

		/* 6 deg at 1 Hz: 2 x 6 x 0.707 = 8.5 deg */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 6.0, 1.0);
		clear(&p);
		sine(&p, 20.0, 6.0, 1.0);
		assert_int_equal(p.still, 0);
		/* at 0.5 Hz: gain 0.894; three quarters of a period cover at least
		 * 1.707 amplitudes: 9.2 deg */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 6.0, 0.5);
		clear(&p);
		sine(&p, 20.0, 6.0, 0.5);
		assert_int_equal(p.still, 0);
	}
}

static void test_drift(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;

		/* 5 deg/s: 7.5 deg in 1.5 s */
		play_init(&p, rates_hz[i]);
		ramp(&p, 4.0, 20.0, 5.0);
		clear(&p);
		ramp(&p, 10.0, 40.0, 5.0);
		assert_int_equal(p.still, 0);
		/* 4.2 deg/s: 6.3 deg, and downwards too */
		play_init(&p, rates_hz[i]);
		ramp(&p, 4.0, 90.0, -4.2);
		assert_false(p.steady.still);
		/* 3.7 deg/s: 5.6 deg, with the bin that has just begun 5.7 */
		play_init(&p, rates_hz[i]);
		ramp(&p, 4.0, 20.0, 3.7);
		assert_true(p.steady.still);
	}
}

static void test_exhale_steps_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;
		double level = 70.0;

		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 0.0, 1.0);
		clear(&p);
		for (int step = 0; step < 6; step++) {
			int64_t n = llround(rates_hz[i]);

			for (int64_t k = 1; k <= 4 * n; k++)
				play_step(&p, level + 3.0 *
					track_ease((double)k / (double)n));
			level += 3.0;
		}
		assert_int_equal(p.moving, 0);
	}
}

static void test_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;

		/* on a ramp the rate settles at the slope, at any rate of sampling */
		play_init(&p, rates_hz[i]);
		ramp(&p, 2.0, 0.0, 40.0);
		assert_close(p.steady.rate_deg_s, 40.0, 0.01);
		ramp(&p, 2.0, 80.0, -10.0);
		assert_close(p.steady.rate_deg_s, -10.0, 0.01);
	}
}

static void test_low_pass(void **state)
{
	struct play p;

	(void)state;
	/* a step of 10 deg: after 0.5 s, 10 (1 - exp(-2 pi 0.5)) = 9.568 */
	play_init(&p, 100);
	ramp(&p, 1.0, 0.0, 0.0);
	for (int i = 0; i < 50; i++)
		play_step(&p, 10.0);
	assert_close(p.steady.low_deg, 9.568, 0.001);
}

static bool bounced(const struct play *p)
{
	return p->steady.bounce_us != INT64_MIN;
}

static void test_bounce(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct play p;

		/* down from a long hold, then three half-swings of 10 deg between
		 * turning points, in 2.4 s */
		play_init(&p, rates_hz[i]);
		sine(&p, 20.0, 0.0, 1.0);
		triangle(&p, 4, 10.0, 0.8);
		assert_true(bounced(&p));
		/* two do not make a bounce, nor does coming to rest after them */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 0.0, 1.0);
		triangle(&p, 2, 10.0, 0.8);
		sine(&p, 4.0, 0.0, 1.0);
		assert_false(bounced(&p));
		/* 8 deg are too little */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 0.0, 1.0);
		triangle(&p, 12, 8.0, 0.5);
		assert_false(bounced(&p));
		/* 1.2 s each: the third is at 9 deg after 2.4 + 1.08 s, too late */
		play_init(&p, rates_hz[i]);
		sine(&p, 4.0, 0.0, 1.0);
		triangle(&p, 9, 10.0, 1.2);
		assert_false(bounced(&p));
	}
}

static void test_bounce_moment(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, 100);
	sine(&p, 4.0, 0.0, 1.0);
	triangle(&p, 5, 12.0, 0.5); /* ends low at 6.5 s */
	ramp(&p, 4.0, 58.0, 0.0);
	assert_true(llabs(p.steady.bounce_us - 6500000) <= 20000);
}

static void test_wave_bounces(void **state)
{
	struct play p;

	(void)state;
	/* 12 deg from lowest to highest: quick at 1 Hz, and at 0.5 Hz the third
	 * half-swing has 9 deg after 2 + 2/3 s */
	play_init(&p, 104);
	sine(&p, 6.0, 6.0, 1.0);
	assert_true(bounced(&p));
	play_init(&p, 104);
	sine(&p, 6.0, 6.0, 0.5);
	assert_true(bounced(&p));
	/* sway is none */
	play_init(&p, 104);
	sine(&p, 20.0, 4.0, 0.7);
	assert_false(bounced(&p));
}

static void test_break(void **state)
{
	struct play p;
	int64_t bounce_us;

	(void)state;
	play_init(&p, 100);
	sine(&p, 2.0, 0.0, 1.0);
	triangle(&p, 4, 10.0, 0.5);
	sine(&p, 4.0, 0.0, 1.0);
	assert_true(bounced(&p) && p.steady.still);
	bounce_us = p.steady.bounce_us;
	steady_break(&p.steady);
	assert_false(p.steady.still);
	assert_true(p.steady.bounce_us == bounce_us);
	clear(&p);
	/* the window must not span the break: 1.5 s anew */
	sine(&p, 1.5, 0.0, 1.0);
	assert_int_equal(p.still, 0);
	sine(&p, 0.02, 0.0, 1.0);
	assert_true(p.steady.still);
	/* nor may half-swings before and after it be added up */
	play_init(&p, 100);
	sine(&p, 2.0, 0.0, 1.0);
	triangle(&p, 3, 10.0, 0.4);
	assert_false(bounced(&p));
	steady_break(&p.steady);
	triangle(&p, 2, 10.0, 0.4);
	assert_false(bounced(&p));
}

static void test_window_by_brute_force(void **state)
{
	/* second implementation: the low-passed angle kept, its range over the last
	 * 1.5 s looked up. Bins of 50 ms make the real window up to that longer. */
	static double low[4000];
	struct random random;
	struct play p;
	int disagree = 0, agree = 0;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	play_init(&p, 100);
	for (int i = 0; i < 4000; i++) {
		double y = 70.0 + 3.3 * sin(i / 31.0) * cos(i / 300.0) + 1.3 * sin(i / 87.0) +
			0.5 * random_gauss(&random);
		double range[2] = { 0.0, 0.0 }, top, bottom;

		play_step(&p, y);
		low[i] = i == 0 ? y : low[i - 1] +
			(1.0 - exp(-2.0 * STRETCH_PI * 0.01)) * (y - low[i - 1]);
		if (i < 200)
			continue;
		for (int longer = 0; longer < 2; longer++) {
			top = bottom = low[i];
			for (int k = i; k >= i - 149 - 6 * longer; k--) {
				top = fmax(top, low[k]);
				bottom = fmin(bottom, low[k]);
			}
			range[longer] = top - bottom;
		}
		/* both windows agree: so must the code */
		if ((range[0] <= 6.0) != (range[1] <= 6.0))
			continue;
		if (p.steady.still == (range[0] <= 6.0))
			agree++;
		else
			disagree++;
	}
	assert_int_equal(disagree, 0);
	assert_true(agree > 3000);
	assert_true(p.still > 500 && p.moving > 500);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_needs_a_window),
		cmocka_unit_test(test_sway_passes),
		cmocka_unit_test(test_swings_do_not),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_exhale_steps_pass),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_low_pass),
		cmocka_unit_test(test_bounce),
		cmocka_unit_test(test_bounce_moment),
		cmocka_unit_test(test_wave_bounces),
		cmocka_unit_test(test_break),
		cmocka_unit_test(test_window_by_brute_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
