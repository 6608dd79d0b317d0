/*
 * The word for trust. Expected values: the rule of the product (out of plane beyond
 * 12 degrees at most medium, beyond 20 low; uncalibrated at most low; 2 and 4
 * degrees of error), and root sums of squares by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/quality.h"
#include "stretch/random.h"
#include "../support/judge.h"

#define SEED 7400

struct fixture {
	struct settings settings;
	struct calib calib;
	struct alignment align;
};

/* Everything as good as it gets: 0.02 m/s^2 left by the calibration. */
static void good(struct fixture *f)
{
	settings_default(&f->settings);
	f->calib = calib_none();
	f->calib.parameters = 6;
	f->calib.residual_m_s2 = 0.02;
	f->align = (struct alignment){ .valid = true, .cone_deg = 3.0,
		.to_segment = mat3_identity() };
}

static struct quality ask_at(const struct fixture *f, double temp_c, double angle,
	double plane)
{
	return quality_of(&f->settings, &f->calib, &f->align, temp_c, angle, plane);
}

/* Temperature not measured. */
static struct quality ask(const struct fixture *f, double angle, double plane)
{
	return ask_at(f, NAN, angle, plane);
}

static void test_out_of_plane(void **state)
{
	static const struct {
		double plane_deg;
		enum confidence most;
	} rule[] = { { 0, CONFIDENCE_HIGH }, { 11.9, CONFIDENCE_HIGH },
		{ 12.1, CONFIDENCE_MEDIUM }, { 19.9, CONFIDENCE_MEDIUM },
		{ 20.1, CONFIDENCE_LOW }, { 60, CONFIDENCE_LOW } };
	struct fixture f;

	(void)state;
	good(&f);
	for (size_t i = 0; i < sizeof rule / sizeof rule[0]; i++) {
		assert_int_equal(ask(&f, 70.0, rule[i].plane_deg).confidence,
			rule[i].most);
		assert_int_equal(ask(&f, 70.0, -rule[i].plane_deg).confidence,
			rule[i].most);
	}
}

static void test_uncalibrated(void **state)
{
	struct fixture f;

	(void)state;
	good(&f);
	f.calib = calib_none();
	for (int angle = 0; angle <= 150; angle += 10)
		assert_int_equal(ask(&f, angle, 0.0).confidence, CONFIDENCE_LOW);
	/* numbers without the residual that proves them: no better than none */
	good(&f);
	f.calib.residual_m_s2 = NAN;
	assert_true(isfinite(ask(&f, 90.0, 0.0).error_deg));
	/* 1.5 deg of sigma, and 0.15 for a temperature that is not known, count
	 * 1.414 times at 90 degrees, beside 0.15, 0.25 and the cone's square,
	 * 3 * 0.05236 = 0.157: 2.16 */
	assert_close(ask(&f, 90.0, 0.0).error_deg,
		sqrt(0.0225 + 0.0625 + 2.0 * (2.25 + 0.0225) + 0.02467), 1e-3);
	assert_int_equal(ask(&f, 90.0, 0.0).confidence, CONFIDENCE_MEDIUM);
}

static void test_nothing_known(void **state)
{
	struct fixture f;
	struct quality q;

	(void)state;
	good(&f);
	q = ask(&f, NAN, 0.0);
	assert_int_equal(q.confidence, CONFIDENCE_NONE);
	assert_true(isnan(q.error_deg));
	f.align.valid = false;
	assert_int_equal(ask(&f, 70.0, 0.0).confidence, CONFIDENCE_NONE);
	good(&f);
	f.align.weak = true;
	assert_int_equal(ask(&f, 10.0, 0.0).confidence, CONFIDENCE_MEDIUM);
}

static void test_error_by_hand(void **state)
{
	struct fixture f;

	(void)state;
	good(&f);
	f.calib.temp_c = 25.0;
	/* at the reference: filter and tissue alone */
	assert_close(ask_at(&f, 25.0, 0.0, 0.0).error_deg, sqrt(0.0225 + 0.0625), 1e-9);
	/* opposite to it the calibration counts twice: atan(0.5/9.81) = 2.918 deg;
	 * 5.835; a turn by half: the cone's square, with sin(angle), is 0 */
	f.calib.residual_m_s2 = 0.5;
	assert_close(ask_at(&f, 25.0, 180.0, 0.0).error_deg,
		sqrt(0.085 + 5.8354 * 5.8354), 1e-3);
	assert_int_equal(ask_at(&f, 25.0, 180.0, 0.0).confidence, CONFIDENCE_LOW);
	/* at 60 degrees once: medium; the cone 3 * 0.05236 * 0.866 = 0.136 */
	assert_close(ask_at(&f, 25.0, 60.0, 0.0).error_deg,
		sqrt(0.085 + 0.136 * 0.136 + 2.9177 * 2.9177), 1e-3);
	assert_int_equal(ask_at(&f, 25.0, 60.0, 0.0).confidence, CONFIDENCE_MEDIUM);
	/* 40 degrees C away, colder or warmer: 1.2 deg more, as a square */
	assert_close(ask_at(&f, 65.0, 60.0, 0.0).error_deg,
		sqrt(0.085 + 0.136 * 0.136 + 2.9177 * 2.9177 + 1.44), 1e-3);
	assert_close(ask_at(&f, -15.0, 60.0, 0.0).error_deg,
		sqrt(0.085 + 0.136 * 0.136 + 2.9177 * 2.9177 + 1.44), 1e-3);
}

static void test_difference(void **state)
{
	struct quality three = { 3.0, CONFIDENCE_HIGH }, four = { 4.0, CONFIDENCE_HIGH };
	struct quality small = { 0.6, CONFIDENCE_HIGH }, low = { 0.8, CONFIDENCE_LOW };

	(void)state;
	assert_close(quality_of_difference(three, four).error_deg, 5.0, 1e-12);
	assert_int_equal(quality_of_difference(three, four).confidence, CONFIDENCE_LOW);
	assert_int_equal(quality_of_difference(small, three).confidence,
		CONFIDENCE_MEDIUM);
	assert_int_equal(quality_of_difference(small, small).confidence, CONFIDENCE_HIGH);
	assert_int_equal(quality_of_difference(small, low).confidence, CONFIDENCE_LOW);
	assert_int_equal(quality_of_difference(low, small).confidence, CONFIDENCE_LOW);
	assert_int_equal(quality_of_difference(small, (struct quality){ NAN,
		CONFIDENCE_NONE }).confidence, CONFIDENCE_NONE);
}

static void test_worse_is_never_better(void **state)
{
	struct random random;
	struct fixture f;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	good(&f);
	for (int i = 0; i < 2000; i++) {
		double angle = random_between(&random, 0.0, 150.0);
		double plane = random_between(&random, 0.0, 40.0);
		struct quality before, after;

		f.align.cone_deg = random_between(&random, 1.0, 15.0);
		f.calib.residual_m_s2 = random_between(&random, 0.0, 0.6);
		before = ask(&f, angle, plane);
		after = ask(&f, angle, plane + random_between(&random, 0.0, 20.0));
		assert_true(after.error_deg >= before.error_deg);
		assert_true(after.confidence <= before.confidence);
		f.calib.residual_m_s2 += random_between(&random, 0.0, 0.3);
		after = ask(&f, angle, plane);
		assert_true(after.error_deg >= before.error_deg);
		assert_true(after.confidence <= before.confidence);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_of_plane),
		cmocka_unit_test(test_uncalibrated),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_error_by_hand),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_worse_is_never_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
