/*
 * `stretchctl orient` on real recordings with an optical reference: the CSV that the
 * command writes is scored by the rule that came with the recordings (inclination
 * error = angle between the estimated and the reference up, both in the sensor frame;
 * root mean square over the rows of one class). The formula stands here once more, on
 * purpose: nothing of the program's own vector code is used. The limits are what the
 * Mahony filter (0.5/0) reaches on the same rows, by the recordings' own table.
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

#include "../support/motion_data.h"
#include "../support/programs.h"
#include "../support/temp_files.h"

#define DEG (180.0 / 3.14159265358979323846)

struct trial {
	const char *file;
	double mahony_motion_deg, mahony_hold_deg; /* 0: no such rows */
	bool slow;
};

/* clang-format off */
static const struct trial trials[] = {
	{ "broad_02_undisturbed_slow_rotation_B", 0.666, 0, true },
	{ "broad_04_undisturbed_slow_rotation_with_breaks_A", 0.763, 0.214, true },
	{ "broad_10_undisturbed_slow_translation_A", 1.611, 0, true },
	{ "broad_14_undisturbed_slow_translation_with_breaks_B", 1.166, 0.283, true },
	{ "broad_21_undisturbed_fast_combined", 7.282, 0, false },
	{ "broad_24_disturbed_tapping_A", 1.091, 0, false },
	{ "broad_26_disturbed_phone_vibration_A", 1.576, 0, false },
};
/* clang-format on */

enum { REF_W, REF_X, REF_Y, REF_Z, SCORE, REF_T, EST_X, EST_Y, EST_Z, EST_T, COLUMNS };

static double error_deg(double *const c[COLUMNS], size_t i)
{
	double w = c[REF_W][i], x = c[REF_X][i], y = c[REF_Y][i], z = c[REF_Z][i];
	double n = w * w + x * x + y * y + z * z;
	double up[3] = { 2.0 * (x * z - w * y) / n, 2.0 * (y * z + w * x) / n,
		(w * w - x * x - y * y + z * z) / n };
	double a = c[EST_X][i], b = c[EST_Y][i], d = c[EST_Z][i];
	double cx = up[1] * d - up[2] * b, cy = up[2] * a - up[0] * d;
	double cz = up[0] * b - up[1] * a;

	return DEG * atan2(sqrt(cx * cx + cy * cy + cz * cz),
		up[0] * a + up[1] * b + up[2] * d);
}

/* Root mean squares of class 1 (motion) and 2 (hold). */
static void score(double *const c[COLUMNS], size_t rows, double rmse[3])
{
	double sum[3] = { 0, 0, 0 }, n[3] = { 0, 0, 0 };

	for (size_t i = 0; i < rows; i++) {
		double e;
		int k = c[SCORE][i] == 1.0 ? 1 : c[SCORE][i] == 2.0 ? 2 : 0;

		assert_true(fabs(c[REF_T][i] - c[EST_T][i]) < 1e-9);
		if (k == 0 || isnan(c[REF_W][i]))
			continue;
		e = error_deg(c, i);
		assert_true(isfinite(e)); /* every scored row has an estimate */
		sum[k] += e * e;
		n[k] += 1.0;
	}
	assert_true(n[1] > 1000.0);
	for (int k = 1; k < 3; k++)
		rmse[k] = n[k] > 0.0 ? sqrt(sum[k] / n[k]) : 0.0;
}

static bool score_file(const struct trial *trial, double rmse[3])
{
	static const char *const names[COLUMNS] = { "ref_thigh_qw", "ref_thigh_qx",
		"ref_thigh_qy", "ref_thigh_qz", "score", "t_s", "thigh_up_x",
		"thigh_up_y", "thigh_up_z", "t_s" };
	const char *const words[] = { "stretchctl", "orient", NULL, "-o", NULL, NULL };
	const char *command[6];
	struct csv_table reference, estimate;
	double *columns[COLUMNS];
	struct program_end end;
	char path[512], output[512];

	snprintf(path, sizeof path, "%s/recordings/%s.csv", motion_folder(), trial->file);
	snprintf(output, sizeof output, "%s", temp_path("orient.csv"));
	memcpy(command, words, sizeof command);
	command[2] = path;
	command[4] = output;
	if (!csv_table_load(&reference, path))
		return false;
	end = program_run(command);
	assert_string_equal(end.err, "");
	assert_int_equal(end.status, 0);
	assert_true(csv_table_load(&estimate, output));
	assert_int_equal(estimate.rows, reference.rows);
	for (int i = 0; i < COLUMNS; i++) {
		columns[i] = csv_table_column(i < EST_X ? &reference : &estimate,
			names[i]);
		assert_non_null(columns[i]);
	}
	score(columns, reference.rows, rmse);
	for (int i = 0; i < COLUMNS; i++)
		free(columns[i]);
	csv_table_free(&reference);
	csv_table_free(&estimate);
	return true;
}

static void test_inclination(void **state)
{
	double rmse[3];
	int worse = 0;

	(void)state;
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		const struct trial *trial = &trials[i];

		if (!score_file(trial, rmse)) {
			printf("# skipped: %s.csv is not in %s\n", trial->file,
				motion_folder());
			skip();
		}
		printf("# orient %.8s: motion %.3f deg (Mahony %.3f)", trial->file,
			rmse[1], trial->mahony_motion_deg);
		if (trial->mahony_hold_deg > 0.0)
			printf(", hold %.3f (%.3f)", rmse[2], trial->mahony_hold_deg);
		printf("\n");
		if (!trial->slow)
			continue;
		worse += rmse[1] > trial->mahony_motion_deg;
		worse += trial->mahony_hold_deg > 0.0 && rmse[2] > trial->mahony_hold_deg;
	}
	assert_int_equal(worse, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inclination),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
