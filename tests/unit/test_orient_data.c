/*
 * The orientation filter on recordings with an optical reference. Targets are those
 * the filter was built for; the Mahony column is what a simple filter reaches on the
 * same files (published program, its defaults). One set of parameters for all.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/motion_data.h"

#define SLOW 4
#define FILES 7

static const struct {
	const char *name;
	double mahony_deg;
} files[FILES] = {
	{ "broad_02", 0.666 },
	{ "broad_04", 0.763 },
	{ "broad_10", 1.611 },
	{ "broad_14", 1.166 },
	{ "broad_21", 7.282 },
	{ "broad_24", 1.091 },
	{ "broad_26", 1.576 },
};

static struct motion_data data[FILES];
static bool there;

static int load(void **state)
{
	(void)state;
	there = true;
	for (int i = 0; i < FILES; i++)
		there = motion_load(&data[i], files[i].name) && there;
	if (!there)
		printf("# no recordings in %s: skipped\n", motion_folder());
	return 0;
}

static int unload(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++)
		motion_free(&data[i]);
	return 0;
}

static double score(const struct motion_data *rows, enum motion_score kind)
{
	struct orient_param param = orient_default();

	return motion_score_run(rows, &param, false, kind);
}

static void test_motion(void **state)
{
	const double limit_deg[FILES] = { 0.666, 0.763, 1.611, 1.166, 1.2, 0.62, 0.55 };
	double slow = 0.0;

	(void)state;
	if (!there)
		skip();
	for (int i = 0; i < FILES; i++) {
		double error = score(&data[i], SCORE_MOTION);

		printf("# %s motion: %.3f deg (Mahony %.3f)\n", files[i].name, error,
			files[i].mahony_deg);
		assert_true(error <= limit_deg[i]);
		slow += i < SLOW ? error / SLOW : 0.0;
	}
	printf("# slow motion, mean of four: %.3f deg\n", slow);
	assert_true(slow <= 0.36);
}

static void test_hold(void **state)
{
	const int with_holds[] = { 1, 3 };
	struct orient_param param = orient_default();
	double mean = 0.0;

	(void)state;
	if (!there)
		skip();
	for (int i = 0; i < 2; i++) {
		const struct motion_data *d = &data[with_holds[i]];
		struct vec3 *up = motion_run(d, &param);
		double largest, spread = motion_hold_spread(d, up, &largest);
		double error = motion_rmse(d, up, SCORE_HOLD);

		free(up);
		printf("# %s holds: %.3f deg, spread within one %.3f, largest %.3f\n",
			files[with_holds[i]].name, error, spread, largest);
		assert_true(spread <= 0.10);
		mean += error / 2.0;
	}
	printf("# holds, mean of two: %.3f deg\n", mean);
	assert_true(mean <= 0.24);
}

static void test_lower_rates(void **state)
{
	const size_t parts[] = { 3, 6, 11 };
	const double rates_hz[] = { 95.2, 47.6, 26.0 },
		     limits_deg[] = { 0.37, 0.42, 0.42 };

	(void)state;
	if (!there)
		skip();
	for (int n = 0; n < 3; n++) {
		double slow = 0.0;

		for (int i = 0; i < SLOW; i++) {
			struct motion_data less = motion_average(&data[i], parts[n]);

			slow += score(&less, SCORE_MOTION) / SLOW;
			motion_free(&less);
		}
		printf("# slow motion at %g Hz: %.3f deg\n", rates_hz[n], slow);
		assert_true(slow <= limits_deg[n]);
	}
}

/* Begun 3 s into the motion, scored from 20 s later. */
static void test_started_in_motion(void **state)
{
	double slow = 0.0;

	(void)state;
	if (!there)
		skip();
	for (int i = 0; i < FILES; i++) {
		size_t first = motion_first(&data[i], SCORE_MOTION);
		double start_s = data[i].rows[first].t_s + 3.0, error;
		struct motion_data late;

		while (data[i].rows[first].t_s < start_s)
			first++;
		late = motion_from(&data[i], first, 20.0);
		error = score(&late, SCORE_MOTION);
		motion_free(&late);
		printf("# %s started in motion: %.3f deg\n", files[i].name, error);
		assert_true(error <= files[i].mahony_deg);
		slow += i < SLOW ? error / SLOW : 0.0;
	}
	printf("# slow motion, started in motion: %.3f deg\n", slow);
	assert_true(slow <= 0.36);
}

static void test_worse_gyroscope(void **state)
{
	const double b = 1.5 * RAD_PER_DEG;
	const struct {
		const char *name;
		double scale;
		struct vec3 bias_rad_s;
		double limit_deg; /* mean of all seven */
	} cases[] = {
		{ "gyroscope bias +1.5 -1.5 +1.5 deg/s", 0.0, { b, -b, b }, 0.55 },
		{ "gyroscope bias -1.5 +1.5 -1.5 deg/s", 0.0, { -b, b, -b }, 0.55 },
		{ "gyroscope scale +1 %", 0.01, { 0, 0, 0 }, 0.7 },
		{ "gyroscope scale +3 %", 0.03, { 0, 0, 0 }, 1.6 },
	};

	(void)state;
	if (!there)
		skip();
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
		double slow = 0.0, all = 0.0;

		for (int i = 0; i < FILES; i++) {
			struct motion_data worse = motion_spoil(
				&data[i], cases[c].scale, cases[c].bias_rad_s);
			double error = score(&worse, SCORE_MOTION);

			motion_free(&worse);
			slow += i < SLOW ? error / SLOW : 0.0;
			all += error / FILES;
		}
		printf("# %s: slow %.3f deg, all seven %.3f deg\n", cases[c].name, slow,
			all);
		assert_true(all <= cases[c].limit_deg);
	}
}

/* 60 ms (as in recordings of wireless sensors) and 2 s are missing every 10 s. */
static void test_missing_samples(void **state)
{
	const double gaps_s[] = { 0.06, 2.0 }, limits_deg[] = { 0.8, 5.0 };

	(void)state;
	if (!there)
		skip();
	for (int g = 0; g < 2; g++) {
		double slow = 0.0;

		for (int i = 0; i < SLOW; i++) {
			struct motion_data part = motion_from(&data[i], 0, 0.0);
			double before_s = 0.0, error;
			size_t kept = 0;

			for (size_t k = 0; k < part.count; k++) {
				struct motion_row row = part.rows[k];

				if (fmod(row.t_s, 10.0) > 10.0 - gaps_s[g])
					continue;
				row.dt_s = kept > 0 ? row.t_s - before_s : 0.0;
				before_s = row.t_s;
				part.rows[kept++] = row;
			}
			assert_true(kept < part.count);
			part.count = kept;
			error = score(&part, SCORE_MOTION);
			motion_free(&part);
			slow += error / SLOW;
		}
		printf("# slow motion with gaps of %g s: %.3f deg\n", gaps_s[g], slow);
		assert_true(slow <= limits_deg[g]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_motion),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_lower_rates),
		cmocka_unit_test(test_started_in_motion),
		cmocka_unit_test(test_worse_gyroscope),
		cmocka_unit_test(test_missing_samples),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
