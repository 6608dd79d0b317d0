/*
 * How the pelvis follows the leg: the curve that is learned. Expected values: a parabola
 * fitted to its own points, and lines of least squares worked by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/pelvis.h"
#include "stretch/random.h"
#include "../support/judge.h"

#define SEED 7500

static void test_parabola_is_fitted_exactly(void **state)
{
	struct random random;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	for (int trial = 0; trial < 200; trial++) {
		double a = random_between(&random, -2.0, 2.0);
		double b = random_between(&random, 0.0, 0.3);
		double c = random_between(&random, 0.0, 0.003);
		double x[12], y[12], w[12];
		struct pelvis_curve curve;

		for (int i = 0; i < 12; i++) {
			x[i] = 2.0 + 6.0 * i;
			y[i] = a + b * x[i] + c * x[i] * x[i];
			w[i] = random_between(&random, 1.0, 100.0);
		}
		assert_int_equal(pelvis_curve_fit(x, y, w, 12, &curve), 0);
		assert_true(curve.valid);
		assert_close(curve.a, a, 1e-9);
		assert_close(curve.b, b, 1e-10);
		assert_close(curve.c, c, 1e-11);
		assert_close(curve.top_deg, 68.0, 0.0);
		assert_close(curve.residual_deg, 0.0, 1e-9);
		assert_close(pelvis_curve_at(&curve, 50.0), a + 50.0 * b + 2500.0 * c, 1e-9);
	}
}

static void test_three_points_by_hand(void **state)
{
	/* through (0, 1), (20, 3), (40, 9): second difference 4 = 2 c 400, so c =
	 * 0.005; b = (3 - 1)/20 - 0.005 20 = 0; a = 1 */
	const double x[] = { 0, 20, 40 }, y[] = { 1, 3, 9 }, w[] = { 5, 1, 80 };
	struct pelvis_curve curve;

	(void)state;
	assert_int_equal(pelvis_curve_fit(x, y, w, 3, &curve), 0);
	assert_close(curve.a, 1.0, 1e-9);
	assert_close(curve.b, 0.0, 1e-9);
	assert_close(curve.c, 0.005, 1e-9);
}

static void test_monotone_fall_back(void **state)
{
	/* a parabola that turns down at 45 of 60 deg becomes the least squares line:
	 * through (0,0), (30,12), (60,12), mean (30, 8) */
	const double x[] = { 0, 30, 60 }, y[] = { 0, 12, 12 }, w[] = { 1, 1, 1 };
	/* and one that starts downwards: mean (30, 6) */
	const double y2[] = { 2, 2, 14 };
	struct pelvis_curve curve;

	(void)state;
	assert_int_equal(pelvis_curve_fit(x, y, w, 3, &curve), 0);
	assert_close(curve.c, 0.0, 0.0);
	assert_close(curve.b, 0.2, 1e-9); /* (-30)(-8) + 30 4 = 360 over 1800 */
	assert_close(curve.a, 2.0, 1e-9); /* 8 - 0.2 30 */
	/* residuals -2, 4, -2: root of 24/3 */
	assert_close(curve.residual_deg, sqrt(8.0), 1e-9);
	assert_int_equal(pelvis_curve_fit(x, y2, w, 3, &curve), 0);
	assert_close(curve.c, 0.0, 0.0);
	assert_close(curve.b, 0.2, 1e-9); /* (-30)(-4) + 30 8 = 360 over 1800 */
	assert_close(curve.a, 0.0, 1e-9);
}

static void test_too_little_to_fit(void **state)
{
	const double x[] = { 0, 10, 19.9, 20 }, y[] = { 0, 2, 4, 4 }, w[] = { 1, 1, 1, 1 };
	struct pelvis_curve curve = { .a = 77.0 };

	(void)state;
	assert_int_equal(pelvis_curve_fit(x, y, w, 2, &curve), -1);
	assert_int_equal(pelvis_curve_fit(x, y, w, 3, &curve), -1); /* 19.9 deg wide */
	assert_close(curve.a, 77.0, 0.0);
	assert_false(curve.valid);
	assert_int_equal(pelvis_curve_fit(x, y, w, 4, &curve), 0);
}

static void test_weights(void **state)
{
	/* the line of two heaps: where the weight is, the curve goes through */
	const double x[] = { 0, 30, 60, 60 }, y[] = { 0, 6, 12, 20 };
	const double w[] = { 1, 1, 1e9, 1e-3 };
	struct pelvis_curve curve;

	(void)state;
	assert_int_equal(pelvis_curve_fit(x, y, w, 4, &curve), 0);
	assert_close(pelvis_curve_at(&curve, 60.0), 12.0, 1e-3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parabola_is_fitted_exactly),
		cmocka_unit_test(test_three_points_by_hand),
		cmocka_unit_test(test_monotone_fall_back),
		cmocka_unit_test(test_too_little_to_fit),
		cmocka_unit_test(test_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
