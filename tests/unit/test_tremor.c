/*
 * Tremor, 4-12 Hz. Expected values: mean square of a sine, A^2/2, times the gain
 * of a second-order band-pass with half its power at 4 and 12 Hz:
 * 1 / (1 + Q^2 (f/f0 - f0/f)^2), f0 = sqrt(48) Hz, Q = f0/8.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/tremor.h"
#include "../support/judge.h"

/* Root mean square that the filter shows after 10 s of a 1 rad/s sine. */
static double shown(double rate_hz, double hz, int axis)
{
	struct tremor_state s;

	tremor_init(&s);
	for (int i = 0; i < (int)(10.0 * rate_hz); i++) {
		double x = sin(2.0 * STRETCH_PI * hz * i / rate_hz);

		tremor_step(&s, 1.0 / rate_hz, (struct vec3){ axis == 0 ? x : 0.0,
			axis == 1 ? x : 0.0, axis == 2 ? x : 0.0 });
	}
	return sqrt(s.square);
}

static double by_formula(double hz)
{
	double f0 = sqrt(48.0), q = f0 / 8.0, detune = q * (hz / f0 - f0 / hz);

	return sqrt(0.5 / (1.0 + detune * detune));
}

static void test_gain(void **state)
{
	static const double tones[] = { 0.5, 1.0, 2.0, 4.0, 6.0, 6.9282, 8.0, 12.0 };

	(void)state;
	for (size_t i = 0; i < sizeof tones / sizeof tones[0]; i++)
		for (int axis = 0; axis < 3; axis++)
			assert_close(shown(1000.0, tones[i], axis), by_formula(tones[i]),
				0.01);
}

static void test_rate_does_not_matter(void **state)
{
	(void)state;
	/* at the centre the gain is 1 at any rate; the shape squeezes near the
	 * highest frequency that 52 Hz can carry */
	for (double rate_hz = 52.0; rate_hz < 1000.0; rate_hz *= 2.0) {
		assert_close(shown(rate_hz, sqrt(48.0), 2), sqrt(0.5), 0.01);
		assert_close(shown(rate_hz, 5.0, 2), by_formula(5.0), 0.03);
	}
}

static void test_slow_movement_is_no_tremor(void **state)
{
	struct tremor_state s;

	(void)state;
	tremor_init(&s);
	/* a raise: 0.5 rad/s for seconds */
	for (int i = 0; i < 1000; i++)
		tremor_step(&s, 0.01, (struct vec3){ 0.0, 0.0, 0.5 });
	assert_true(s.square < 1e-6);
}

static void test_below_30_hz_nothing(void **state)
{
	struct tremor_state s;

	(void)state;
	tremor_init(&s);
	for (int i = 0; i < 500; i++)
		tremor_step(&s, 0.01, (struct vec3){ sin(0.4 * i), 0.0, 0.0 });
	assert_true(s.square > 0.1);
	tremor_step(&s, 0.04, (struct vec3){ 1.0, 0.0, 0.0 }); /* 25 Hz */
	assert_close(s.square, 0.0, 0.0);
	assert_close(s.dt_s, 0.0, 0.0); /* "not known" */
	/* a repeated time stamp is ignored */
	for (int i = 0; i < 500; i++)
		tremor_step(&s, 0.01, (struct vec3){ sin(0.4 * i), 0.0, 0.0 });
	{
		struct tremor_state before = s;

		tremor_step(&s, 0.0, (struct vec3){ 9.0, 9.0, 9.0 });
		assert_memory_equal(&s, &before, sizeof s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gain),
		cmocka_unit_test(test_rate_does_not_matter),
		cmocka_unit_test(test_slow_movement_is_no_tremor),
		cmocka_unit_test(test_below_30_hz_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
