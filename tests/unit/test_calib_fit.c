/*
 * The fit of bias, scale and cross-axis terms. Expected values come from the
 * simulated chip's own matrix, from a second method (the ellipsoid's equation,
 * linear least squares, solved here), and from a recording of a real chip.
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

#include "../support/calib_chip.h"
#include "../support/motion_data.h"
#include "linux/recording.h"
#include "stretchctl/calib_fit.h"
#include "stretchctl/calib_judge.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))
#define SEED UINT64_C(977)
#define G GRAVITY_M_S2

/* Directions spread evenly over the sphere (a golden spiral), slightly off it. */
static int32_t spiral(const struct chip *chip, int32_t count, struct calib_pose *poses)
{
	for (int32_t i = 0; i < count; i++) {
		double z = 1.0 - (2.0 * i + 1.0) / count;
		double r = sqrt(1.0 - z * z), a = 2.399963229728653 * i + 0.1;
		struct vec3 up = { r * cos(a), r * sin(a), z };

		poses[i] = (struct calib_pose){ chip_reads(chip, vec3_scale(up, G)), i };
	}
	return count;
}

/* Solves a x = b by elimination with the largest pivot; n equations. */
static void solve(double a[9][10], int n)
{
	for (int k = 0; k < n; k++) {
		int top = k;

		for (int i = k + 1; i < n; i++)
			if (fabs(a[i][k]) > fabs(a[top][k]))
				top = i;
		for (int j = 0; j <= n; j++) {
			double swap = a[k][j];

			a[k][j] = a[top][j];
			a[top][j] = swap;
		}
		for (int i = 0; i < n; i++) {
			double part = i == k ? 0.0 : a[i][k] / a[k][k];

			for (int j = k; j <= n; j++)
				a[i][j] -= part * a[k][j];
		}
	}
	for (int k = 0; k < n; k++)
		a[k][n] /= a[k][k];
}

/*
 * The second method. The raw readings lie on an ellipsoid x'Ax + 2v'x = 1, linear
 * in A (6, or its diagonal: 3) and v (3). Its centre is the bias -A^-1 v, and A,
 * scaled so that the right side is g^2, is M'M: M is its Cholesky factor. Units
 * are g, for the digits of the normal equations.
 */
static void fit_ellipsoid(const struct calib_pose *poses, int32_t count, int unknowns,
	struct vec3 *bias, struct mat3 *matrix)
{
	double normal[9][10] = { { 0 } }, centre[9][10] = { { 0 } }, q[3][3], c[3],
	       size = 1.0;
	int shapes = unknowns - 3;

	for (int32_t k = 0; k < count; k++) {
		struct vec3 p = vec3_scale(poses[k].acc_m_s2, 1.0 / G);
		double row[9] = { p.x * p.x, p.y * p.y, p.z * p.z, 2 * p.x * p.y,
			2 * p.x * p.z, 2 * p.y * p.z };
		double twice[3] = { 2 * p.x, 2 * p.y, 2 * p.z };

		memcpy(row + shapes, twice, sizeof twice);
		for (int i = 0; i < unknowns; i++) {
			for (int j = 0; j < unknowns; j++)
				normal[i][j] += row[i] * row[j];
			normal[i][unknowns] += row[i];
		}
	}
	solve(normal, unknowns);
	for (int i = 0; i < 3; i++)
		q[i][i] = normal[i][unknowns];
	q[0][1] = q[1][0] = unknowns == 9 ? normal[3][9] : 0.0;
	q[0][2] = q[2][0] = unknowns == 9 ? normal[4][9] : 0.0;
	q[1][2] = q[2][1] = unknowns == 9 ? normal[5][9] : 0.0;
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 3; j++)
			centre[i][j] = q[i][j];
		centre[i][3] = -normal[shapes + i][unknowns];
	}
	solve(centre, 3);
	for (int i = 0; i < 3; i++)
		c[i] = centre[i][3];
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			size += c[i] * q[i][j] * c[j];
	*bias = (struct vec3){ c[0] * G, c[1] * G, c[2] * G };
	memset(matrix, 0, sizeof *matrix);
	for (int i = 0; i < 3; i++)
		for (int j = i; j < 3; j++) {
			double sum = q[i][j] / size;

			for (int k = 0; k < i; k++)
				sum -= matrix->m[k][i] * matrix->m[k][j];
			matrix->m[i][j] = i == j ? sqrt(sum) : sum / matrix->m[i][i];
		}
}

static double worst_apart(const struct calib_fit *fit, struct vec3 bias, struct mat3 m)
{
	double worst = vec3_norm(vec3_sub(fit->bias_m_s2, bias));

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			worst = fmax(worst, fabs(fit->matrix.m[i][j] - m.m[i][j]));
	return worst;
}

static void agrees_with_truth_and_ellipsoid(void **state)
{
	double worst_truth = 0.0, worst_other = 0.0;

	(void)state;
	for (uint64_t seed = SEED; seed < SEED + 200; seed++) {
		int parameters = seed % 2 == 0 ? 6 : 9;
		struct calib_pose poses[CALIB_POSES_MAX];
		struct calib_fit fit;
		struct chip chip;
		struct vec3 bias;
		struct mat3 matrix;
		int32_t n;

		chip_draw(&chip, seed, 80.0, 0.03, parameters == 9 ? 0.02 : 0.0);
		n = spiral(&chip, 12 + (int32_t)(seed % 7), poses);
		assert_int_equal(
			calib_fit_solve(poses, n, parameters, G, &fit), CALIB_FIT_OK);
		worst_truth = fmax(worst_truth,
			worst_apart(&fit, chip.bias_m_s2, chip_truth(&chip)));
		fit_ellipsoid(poses, n, parameters, &bias, &matrix);
		worst_other = fmax(worst_other, worst_apart(&fit, bias, matrix));
	}
	printf("# 200 noise-free chips, seeds from %llu: fit against truth %.1e, against "
	       "the ellipsoid's linear fit %.1e\n",
		(unsigned long long)SEED, worst_truth, worst_other);
	assert_true(worst_truth < 1e-9);
	assert_true(worst_other < 1e-9);
}

static double cost(const struct calib_fit *fit, const struct calib_pose *poses, int32_t n)
{
	double sum = 0.0;

	for (int32_t i = 0; i < n; i++)
		sum += pow(calib_fit_off_m_s2(fit, poses[i].acc_m_s2, G), 2.0);
	return sum;
}

/* With noise: no small step of any unknown makes the sum of squares smaller. */
static void is_a_minimum(void **state)
{
	struct calib_pose poses[CALIB_POSES_MAX];
	struct calib_fit fit;
	struct chip chip;
	int32_t n;
	double least;

	(void)state;
	chip_draw(&chip, SEED, 80.0, 0.03, 0.02);
	n = spiral(&chip, 20, poses);
	for (int32_t i = 0; i < n; i++)
		poses[i].acc_m_s2.x += 0.05 * random_gauss(&chip.random);
	assert_int_equal(calib_fit_solve(poses, n, 9, G, &fit), CALIB_FIT_OK);
	least = cost(&fit, poses, n);
	assert_true(least > 1e-4);
	for (int i = 0; i < 9; i++)
		for (int sign = -1; sign <= 1; sign += 2) {
			static const int at[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 },
				{ 0, 1 }, { 0, 2 }, { 1, 2 } };
			struct calib_fit near = fit;
			double *bias[3] = { &near.bias_m_s2.x, &near.bias_m_s2.y,
				&near.bias_m_s2.z };

			if (i < 3)
				*bias[i] += sign * 1e-4;
			else
				near.matrix.m[at[i - 3][0]][at[i - 3][1]] += sign * 1e-5;
			assert_true(cost(&near, poses, n) > least);
		}
}

/* Six faces without noise: bias and scale by hand, (max + min) / 2 and 2 g / range. */
static void six_faces_by_hand(void **state)
{
	const struct calib_pose poses[6] = { { { 10.3, 0.2, -0.1 }, 0 },
		{ { -9.3, 0.2, -0.1 }, 1 }, { { 0.5, 9.9, -0.1 }, 2 },
		{ { 0.5, -9.5, -0.1 }, 3 }, { { 0.5, 0.2, 9.9 }, 4 },
		{ { 0.5, 0.2, -10.1 }, 5 } };
	struct calib_fit fit;

	(void)state;
	assert_int_equal(calib_fit_judge(poses, 6, 6, 9.8, &fit), CALIB_FIT_OK);
	assert_near(fit.bias_m_s2.x, 0.5, 1e-12);
	assert_near(fit.bias_m_s2.y, 0.2, 1e-12);
	assert_near(fit.bias_m_s2.z, -0.1, 1e-12);
	assert_near(fit.matrix.m[0][0], 9.8 / 9.8, 1e-12);
	assert_near(fit.matrix.m[1][1], 9.8 / 9.7, 1e-12);
	assert_near(fit.matrix.m[2][2], 9.8 / 10.0, 1e-12);
	/* six equations for six unknowns: nothing is left to check with */
	assert_int_equal(fit.checked, 0);
	assert_true(isnan(fit.left_out_rms_m_s2));
	assert_int_equal(fit.worst, -1);
	/* each unknown of an axis from two readings: 1 / sqrt(2) of their noise; the
	 * other axes' bias hardly enters */
	assert_near(fit.dilution, sqrt(0.5), 0.03);
}

static void too_little_is_told(void **state)
{
	struct calib_pose poses[CALIB_POSES_MAX];
	struct calib_fit fit;
	struct chip chip;

	(void)state;
	chip_draw(&chip, SEED, 80.0, 0.03, 0.02);
	(void)spiral(&chip, 8, poses);
	assert_int_equal(calib_fit_judge(poses, 8, 9, G, &fit), CALIB_FIT_FEW);
	assert_true(fit.before_rms_m_s2 > 0.0);
	assert_int_equal(calib_fit_judge(poses, 5, 6, G, &fit), CALIB_FIT_FEW);
	for (int i = 0; i < 8; i++) /* many windows, but of four visits only */
		poses[i].visit = i / 2;
	assert_int_equal(calib_fit_judge(poses, 8, 6, G, &fit), CALIB_FIT_FEW);
	for (int i = 0; i < 20; i++) { /* all around one axis: z is not seen */
		double a = i * 0.314;
		struct vec3 acc = { G * cos(a), G * sin(a), 0.0 };

		poses[i] = (struct calib_pose){ chip_reads(&chip, acc), i };
	}
	assert_int_equal(calib_fit_judge(poses, 20, 6, G, &fit), CALIB_FIT_LOOSE);
	chip_draw(&chip, SEED, 80.0, 0.03, 0.0);
	for (int i = 0; i < 20; i++) { /* z up or down by 4 degrees: hardly seen */
		double a = i * 0.314, e = 0.05 * (i % 4 - 1.5);
		struct vec3 acc = { G * cos(a) * cos(e), G * sin(a) * cos(e),
			G * sin(e) };

		poses[i] = (struct calib_pose){ chip_reads(&chip, acc), i };
	}
	assert_int_equal(calib_fit_judge(poses, 20, 6, G, &fit), CALIB_FIT_LOOSE);
}

/* Windows of one visit share a vote: five copies weigh as much as one. */
static void a_visit_has_one_vote(void **state)
{
	struct calib_pose poses[CALIB_POSES_MAX], more[CALIB_POSES_MAX];
	struct calib_fit once, five;
	struct chip chip;

	(void)state;
	chip_draw(&chip, SEED + 3, 80.0, 0.03, 0.0);
	(void)spiral(&chip, 10, poses);
	poses[0].acc_m_s2.z += 0.1;
	memcpy(more, poses, sizeof poses);
	for (int i = 10; i < 14; i++)
		more[i] = poses[0];
	assert_int_equal(calib_fit_solve(poses, 10, 6, G, &once), CALIB_FIT_OK);
	assert_int_equal(calib_fit_solve(more, 14, 6, G, &five), CALIB_FIT_OK);
	assert_true(worst_apart(&five, once.bias_m_s2, once.matrix) < 1e-9);
	for (int i = 10; i < 14; i++)
		more[i].visit = i; /* five votes: another result */
	assert_int_equal(calib_fit_solve(more, 14, 6, G, &five), CALIB_FIT_OK);
	assert_true(worst_apart(&five, once.bias_m_s2, once.matrix) > 1e-3);
}

/* A wrong gravity is a scale of the whole matrix and nothing else. */
static void gravity_is_only_scale(void **state)
{
	struct calib_pose poses[CALIB_POSES_MAX];
	struct calib_fit here, there;
	struct chip chip;

	(void)state;
	chip_draw(&chip, SEED + 5, 80.0, 0.03, 0.02);
	(void)spiral(&chip, 15, poses);
	assert_int_equal(calib_fit_solve(poses, 15, 9, G, &here), CALIB_FIT_OK);
	assert_int_equal(calib_fit_solve(poses, 15, 9, 9.78, &there), CALIB_FIT_OK);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			here.matrix.m[i][j] *= 9.78 / G;
	assert_true(worst_apart(&there, here.bias_m_s2, here.matrix) < 1e-9);
}

/* Leaving out, done a second time by hand for one pose. */
static void left_out_is_a_prediction(void **state)
{
	struct calib_pose poses[CALIB_POSES_MAX];
	struct calib_fit fit, other;
	struct chip chip;

	(void)state;
	chip_draw(&chip, SEED + 6, 80.0, 0.03, 0.0);
	(void)spiral(&chip, 12, poses);
	poses[7].acc_m_s2 = vec3_scale(poses[7].acc_m_s2, 1.03); /* 0.3 m/s^2 off */
	assert_int_equal(calib_fit_judge(poses, 12, 6, G, &fit), CALIB_FIT_OK);
	assert_int_equal(fit.suspect_visit, 7);
	assert_int_equal(fit.checked, 12);
	memmove(poses + 7, poses + 8, 4 * sizeof poses[0]);
	assert_int_equal(calib_fit_solve(poses, 11, 6, G, &other), CALIB_FIT_OK);
	assert_true(worst_apart(&other, chip.bias_m_s2, chip_truth(&chip)) < 1e-9);
	assert_near(fit.left_out_m_s2[7], 0.3, 0.03);
}

/* A real, uncalibrated chip: fitted before 60 s, judged by what comes later. */
static void a_real_chip(void **state)
{
	static struct calib_collect collect;
	static struct calib_verdict verdict;
	const struct recording_options loose = { .loose_events = true };
	const struct calib_collect_param param = calib_collect_default();
	struct calib_wish wish = { 6, G, 60 * INT64_C(1000000) };
	struct recording *recording;
	struct sample sample;
	struct problem problem;
	char path[4096];
	double before[2] = { 99.0, 0.0 }, after = 0.0;
	bool split = false;
	int later = 0;

	(void)state;
	snprintf(path, sizeof path, "%s/recordings/imucal_six_positions.csv",
		motion_folder());
	if (recording_open(&recording, path, &loose, &problem) != 0) {
		printf("# skipped: %s\n", problem.text);
		skip();
	}
	calib_collect_init(&collect);
	while (recording_next(recording, &sample, NULL, &problem) == 1) {
		if (!split && sample.t_us >= wish.until_us) {
			calib_collect_break(&collect);
			split = true;
		}
		calib_collect_step(
			&collect, &param, sample.t_us, &sample.imu[SITE_THIGH]);
	}
	recording_close(recording);
	calib_judge(&collect, &wish, &verdict);
	assert_true(verdict.good);
	assert_int_equal(verdict.file.calib.parameters, 6);
	assert_int_equal(verdict.sphere.count, 6);
	for (int32_t i = 0; i < collect.count; i++) {
		const struct calib_window *w = &collect.windows[i];
		struct imu_reading r = { .present = true, .acc_m_s2 = w->acc_m_s2 };

		before[0] = fmin(before[0], vec3_norm(w->acc_m_s2));
		before[1] = fmax(before[1], vec3_norm(w->acc_m_s2));
		if (w->from_us < wish.until_us)
			continue;
		calib_apply(&verdict.file.calib, &r);
		after = fmax(after, fabs(vec3_norm(r.acc_m_s2) - G));
		later++;
	}
	printf("# imucal_six_positions: raw lengths %.2f..%.2f m/s^2; six parameters "
	       "from "
	       "before 60 s, %d later windows within %.4f of 9.81\n",
		before[0], before[1], later, after);
	assert_true(before[0] < 9.3 && before[1] > 10.4);
	assert_true(later >= 5);
	assert_true(after <= 0.02);
	wish = (struct calib_wish){ 9, G, INT64_MAX };
	calib_judge(&collect, &wish, &verdict);
	assert_false(verdict.good);
	printf("# nine parameters: %s\n", verdict.reason);
	assert_memory_equal(verdict.reason, "6 directions, ", 14);
	assert_non_null(strstr(verdict.reason, "nine parameters need 12"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_truth_and_ellipsoid),
		cmocka_unit_test(is_a_minimum),
		cmocka_unit_test(six_faces_by_hand),
		cmocka_unit_test(too_little_is_told),
		cmocka_unit_test(a_visit_has_one_vote),
		cmocka_unit_test(gravity_is_only_scale),
		cmocka_unit_test(left_out_is_a_prediction),
		cmocka_unit_test(a_real_chip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
