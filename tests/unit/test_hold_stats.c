/*
 * The figures of one hold. Expected values: closed forms of a ramp and of an even
 * spread, small tables by hand, and a second implementation that keeps everything
 * (mean, deviation, line by two passes).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/hold_stats.h"
#include "stretch/random.h"
#include "stretch/track.h"
#include "../support/judge.h"

#define SEED 7600
#define RATE_HZ 100

struct feed {
	struct hold_stats stats;
	struct hold_moment m;
	struct judged_row row;
	int64_t index;
};

static void feed_init(struct feed *f)
{
	memset(f, 0, sizeof *f);
	hold_stats_init(&f->stats);
	f->row.hip_flexion_deg = f->row.hip_flexion_low_deg = NAN;
	f->row.hip_flexion_high_deg = f->row.pelvis_tilt_deg = NAN;
	f->m.tremor_square = NAN;
	f->m.counted = true;
	f->m.confidence = CONFIDENCE_HIGH;
	f->m.error_deg = 1.0;
}

static void feed(struct feed *f, double angle_deg)
{
	f->m.t_us = f->index++ * 1000000 / RATE_HZ;
	f->m.angle_deg = f->m.low_deg = angle_deg;
	f->row.thigh_elevation_deg = angle_deg;
	f->m.row = &f->row;
	hold_stats_add(&f->stats, &f->m);
}

static struct hold_row filled(const struct feed *f, bool lying)
{
	struct hold_row row;

	memset(&row, 0, sizeof row);
	hold_stats_fill(&f->stats, lying, (double)(f->index - 1) / RATE_HZ, &row);
	return row;
}

static void test_constant(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	feed_init(&f);
	for (int i = 0; i < 3000; i++)
		feed(&f, 70.0);
	row = filled(&f, false);
	assert_close(row.angle_mean_deg, 70.0, 1e-9);
	assert_close(row.angle_peak_deg, 70.0, 0.0);
	assert_close(row.angle_median_deg, 70.0, MEDIAN_BIN_DEG);
	assert_close(row.angle_sd_deg, 0.0, 1e-9);
	assert_close(row.creep_deg, 0.0, 1e-9);
	assert_close(row.creep_deg_per_30s, 0.0, 1e-9);
	assert_close(row.sway_sd_deg, 0.0, 1e-9);
	assert_int_equal(row.steps, 0);
	assert_int_equal(row.samples, 3000);
	assert_int_equal(row.gaps, 0);
	assert_int_equal(row.faults, 0);
}

static void test_ramp(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	/* 0.1 deg/s over 30 s: 3 deg, mean in the middle, deviation 3/sqrt(12); what
	 * is left about the line is nothing. The last two seconds may be kept back. */
	feed_init(&f);
	for (int i = 0; i <= 3000; i++)
		feed(&f, 60.0 + 0.1 * i / RATE_HZ);
	row = filled(&f, false);
	assert_close(row.angle_mean_deg, 61.5, 0.15);
	assert_close(row.angle_median_deg, 61.5, 0.15 + MEDIAN_BIN_DEG);
	assert_close(row.angle_peak_deg, 63.0, 1e-9);
	assert_close(row.angle_sd_deg, 3.0 / sqrt(12.0), 0.07);
	assert_close(row.creep_deg, 3.0, 0.21);
	assert_close(row.creep_deg_per_30s, 3.0, 1e-6);
	assert_close(row.sway_sd_deg, 0.0, 1e-6);
	assert_int_equal(row.steps, 0);
}

static void test_creep_rate_needs_15_s(void **state)
{
	struct feed f;

	(void)state;
	feed_init(&f);
	for (int i = 0; i < 15 * RATE_HZ; i++)
		feed(&f, 60.0 + 0.1 * i / RATE_HZ);
	assert_true(isnan(filled(&f, false).creep_deg_per_30s));
	assert_true(isfinite(filled(&f, false).creep_deg));
	for (int i = 15 * RATE_HZ; i <= 15 * RATE_HZ; i++)
		feed(&f, 60.0 + 0.1 * i / RATE_HZ);
	assert_close(filled(&f, false).creep_deg_per_30s, 3.0, 1e-6);
}

static void test_nothing_counted_is_empty(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	feed_init(&f);
	f.m.counted = false;
	f.m.confidence = CONFIDENCE_NONE;
	for (int i = 0; i < 500; i++)
		feed(&f, 40.0 + 0.01 * i);
	row = filled(&f, true);
	assert_true(isnan(row.angle_mean_deg) && isnan(row.angle_median_deg) &&
		isnan(row.angle_sd_deg) && isnan(row.creep_deg) &&
		isnan(row.creep_deg_per_30s) && isnan(row.sway_sd_deg) &&
		isnan(row.thigh_elevation_mean_deg) && isnan(row.hip_flexion_mean_deg) &&
		isnan(row.pelvis_tilt_mean_deg) && isnan(row.pelvis_tilt_peak_deg) &&
		isnan(row.pelvis_share) && isnan(row.tremor_rms_deg_s) &&
		isnan(row.out_of_plane_max_deg) && isnan(row.exit_rate_peak_deg_s));
	assert_int_equal(row.steps, INT32_MIN);
	assert_int_equal(row.angle_confidence, CONFIDENCE_NONE);
	assert_int_equal(row.samples, 0);
	/* the peak is from entry to end, counted or not */
	assert_close(row.angle_peak_deg, 44.99, 1e-9);
}

static void test_no_angle_is_not_zero(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	/* a timed hold has no angle: all of it is missing */
	feed_init(&f);
	for (int i = 0; i < 2000; i++)
		feed(&f, NAN);
	row = filled(&f, false);
	assert_true(isnan(row.angle_mean_deg) && isnan(row.angle_peak_deg) &&
		isnan(row.angle_median_deg) && isnan(row.angle_sd_deg) &&
		isnan(row.creep_deg) && isnan(row.sway_sd_deg));
	assert_int_equal(row.samples, 2000);
}

static void test_against_two_passes(void **state)
{
	static double t[3000], y[3000];
	struct random random;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	for (int trial = 0; trial < 20; trial++) {
		double mt = 0, my = 0, tt = 0, ty = 0, yy = 0, rest = 0;
		double creep = random_between(&random, -0.2, 0.2);
		double sway = random_between(&random, 0.1, 2.0);
		/* the second now filling and the one before may be the way down:
		 * 2 of the 30 s are left out */
		const int n = 2800;
		struct feed f;
		struct hold_row row;

		feed_init(&f);
		for (int i = 0; i < 3000; i++) {
			t[i] = (double)i / RATE_HZ;
			y[i] = 65.0 + creep * t[i] + sway * random_gauss(&random);
			feed(&f, y[i]);
		}
		for (int i = 0; i < n; i++) {
			mt += t[i] / n;
			my += y[i] / n;
		}
		for (int i = 0; i < n; i++) {
			tt += (t[i] - mt) * (t[i] - mt);
			ty += (t[i] - mt) * (y[i] - my);
			yy += (y[i] - my) * (y[i] - my);
		}
		for (int i = 0; i < n; i++) {
			double e = y[i] - my - ty / tt * (t[i] - mt);

			rest += e * e;
		}
		row = filled(&f, false);
		assert_close(row.angle_mean_deg, my, 1e-9);
		assert_close(row.angle_sd_deg, sqrt(yy / (n - 1)), 1e-9);
		assert_close(row.sway_sd_deg, sqrt(rest / (n - 2)), 1e-9);
		assert_close(row.creep_deg_per_30s, 30.0 * ty / tt, 1e-8);
		assert_close(row.creep_deg, t[n - 1] * ty / tt, 1e-8);
	}
}

static void test_median(void **state)
{
	struct feed f;

	(void)state;
	/* one wild value in five does not move it */
	feed_init(&f);
	for (int i = 0; i < 2000; i++)
		feed(&f, i % 5 == 4 ? 120.0 : 62.1);
	assert_close(filled(&f, false).angle_median_deg, 62.1, MEDIAN_BIN_DEG / 2.0 + 0.13);
	/* 0..100 even: 50 */
	feed_init(&f);
	for (int i = 0; i < 2000; i++)
		feed(&f, i % 101);
	assert_close(filled(&f, false).angle_median_deg, 50.0, 1.0);
}

static void test_rates_and_peaks(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	feed_init(&f);
	f.m.counted = false;
	feed(&f, 90.0); /* the peak on the way in */
	f.m.counted = true;
	for (int i = 0; i < 500; i++)
		feed(&f, 70.0);
	/* bad data make no peak, and are counted apart */
	f.m.bad = f.m.gap = true;
	f.m.counted = false;
	feed(&f, 140.0);
	f.m.gap = false;
	feed(&f, 140.0);
	f.m.bad = false;
	/* leaving at 33 deg/s at most; going up is no leaving */
	f.m.leaving = true;
	f.m.rate_deg_s = -12.0;
	feed(&f, 60.0);
	f.m.rate_deg_s = -33.0;
	feed(&f, 160.0);
	f.m.rate_deg_s = 50.0;
	feed(&f, 20.0);
	row = filled(&f, false);
	assert_close(row.angle_peak_deg, 90.0, 0.0);
	assert_int_equal(row.gaps, 1);
	assert_int_equal(row.faults, 2);
	assert_int_equal(row.samples, 500);
	assert_close(row.exit_rate_peak_deg_s, 33.0, 0.0);
}

static void test_out_of_plane_keeps_its_sign(void **state)
{
	struct feed f;

	(void)state;
	feed_init(&f);
	for (int i = -100; i <= 80; i++) {
		f.row.out_of_plane_deg = 0.1 * i;
		feed(&f, 70.0);
	}
	assert_close(filled(&f, false).out_of_plane_max_deg, -10.0, 1e-9);
}

static void test_pelvic_share(void **state)
{
	struct feed f;

	(void)state;
	/* 17.5 of 70 deg: 0.25; only lying, only from 30 deg on */
	feed_init(&f);
	f.row.pelvis_tilt_deg = 17.5;
	for (int i = 0; i < 500; i++)
		feed(&f, 70.0);
	assert_close(filled(&f, true).pelvis_share, 0.25, 1e-9);
	assert_close(filled(&f, true).pelvis_tilt_mean_deg, 17.5, 1e-9);
	assert_close(filled(&f, true).pelvis_tilt_peak_deg, 17.5, 0.0);
	assert_true(isnan(filled(&f, false).pelvis_share));
	feed_init(&f);
	f.row.pelvis_tilt_deg = 6.0;
	for (int i = 0; i < 500; i++)
		feed(&f, 29.9);
	assert_true(isnan(filled(&f, true).pelvis_share));
	feed_init(&f);
	f.row.pelvis_tilt_deg = 6.0;
	for (int i = 0; i < 500; i++)
		feed(&f, 30.1);
	assert_close(filled(&f, true).pelvis_share, 6.0 / 30.1, 1e-9);
}

static void test_tremor_and_confidence(void **state)
{
	struct feed f;
	struct hold_row row;

	(void)state;
	/* root of the mean of squares: 0.1 and 0.2 rad/s half of the time each */
	feed_init(&f);
	for (int i = 0; i < 500; i++) {
		f.m.tremor_square = i % 2 == 0 ? 0.01 : 0.04;
		f.m.confidence = i == 77 ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
		feed(&f, 70.0);
	}
	row = filled(&f, false);
	assert_close(row.tremor_rms_deg_s, sqrt(0.025) * DEG_PER_RAD, 1e-9);
	assert_int_equal(row.angle_confidence, CONFIDENCE_MEDIUM); /* the lowest */
	assert_close(row.angle_error_deg, 1.0, 1e-9);
	/* below 30 Hz: empty */
	feed_init(&f);
	for (int i = 0; i < 500; i++)
		feed(&f, 70.0);
	assert_true(isnan(filled(&f, false).tremor_rms_deg_s));
}

/* Steps of that height within a second, every 4 s. */
static int32_t steps_of(double height_deg, int count)
{
	double level = 60.0;
	struct feed f;

	feed_init(&f);
	for (int i = 0; i < 200; i++)
		feed(&f, level);
	for (int n = 0; n < count; n++) {
		for (int i = 1; i <= 400; i++)
			feed(&f, level + height_deg * track_ease(i / 100.0));
		level += height_deg;
	}
	return filled(&f, false).steps;
}

static void test_exhale_steps(void **state)
{
	(void)state;
	assert_int_equal(steps_of(3.0, 5), 5);
	assert_int_equal(steps_of(2.0, 4), 4);
	assert_int_equal(steps_of(5.0, 3), 3); /* a big one is one, not three */
	assert_int_equal(steps_of(1.0, 5), 0);
}

static void test_sway_is_no_step(void **state)
{
	struct feed f;

	(void)state;
	/* 1.5 deg of sway at 0.7 Hz, low-passed 1.23: up and down again, it does
	 * not stay */
	feed_init(&f);
	for (int i = 0; i < 3000; i++)
		feed(&f, 70.0 + 1.23 * sin(2.0 * STRETCH_PI * 0.7 * i / RATE_HZ));
	assert_int_equal(filled(&f, false).steps, 0);
	/* a slow rise is none either */
	feed_init(&f);
	for (int i = 0; i < 3000; i++)
		feed(&f, 70.0 + 0.4 * i / RATE_HZ);
	assert_int_equal(filled(&f, false).steps, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_ramp),
		cmocka_unit_test(test_creep_rate_needs_15_s),
		cmocka_unit_test(test_nothing_counted_is_empty),
		cmocka_unit_test(test_no_angle_is_not_zero),
		cmocka_unit_test(test_against_two_passes),
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_rates_and_peaks),
		cmocka_unit_test(test_out_of_plane_keeps_its_sign),
		cmocka_unit_test(test_pelvic_share),
		cmocka_unit_test(test_tremor_and_confidence),
		cmocka_unit_test(test_exhale_steps),
		cmocka_unit_test(test_sway_is_no_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
