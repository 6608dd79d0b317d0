/*
 * What the cone of an alignment does to an angle: the closed form of
 * align_cone_error_deg against brute force, and a list of poses against its pairs.
 *
 * Brute force: the flexion axis is turned about two axes of its own plane by normal
 * errors of the cone's size, each angle is taken with the turned frame, and the root
 * mean square over many draws is compared.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "stretch/align.h"
#include "stretch/random.h"

#define SEED 8100
#define DRAWS 20000

static struct vec3 up_at(double angle_deg, double out_of_plane_deg)
{
	double a = angle_deg * RAD_PER_DEG, o = out_of_plane_deg * RAD_PER_DEG;

	return (struct vec3){ sin(a) * cos(o), cos(a) * cos(o), sin(o) };
}

/* Flexion since the reference, with the frame turned by e. */
static double flexion_deg(struct vec3 e, double angle_deg, double out_of_plane_deg)
{
	struct quat turn = quat_axis_angle(vec3_unit(e), vec3_norm(e));
	struct alignment a = { .valid = true, .to_segment = mat3_identity() };
	struct vec3 zero = quat_rotate(turn, up_at(0.0, 0.0));
	struct vec3 now = quat_rotate(turn, up_at(angle_deg, out_of_plane_deg));

	return align_angle(&a, now).angle_deg - align_angle(&a, zero).angle_deg;
}

static double brute_force_deg(
	struct random *random, double cone_deg, double angle_deg, double out_of_plane_deg)
{
	double square = 0.0;

	for (int i = 0; i < DRAWS; i++) {
		struct vec3 e = { cone_deg * RAD_PER_DEG * random_gauss(random),
			cone_deg * RAD_PER_DEG * random_gauss(random), 0.0 };
		double off = flexion_deg(e, angle_deg, out_of_plane_deg) - angle_deg;

		square += off * off;
	}
	return sqrt(square / DRAWS);
}

static void test_cone_against_brute_force(void **state)
{
	static const double cases[][3] = { { 3, 80, 0 }, { 3, 45, 0 }, { 3, 80, 6 },
		{ 3, 80, 12 }, { 3, 80, 20 }, { 5, 60, 12 }, { 5, 120, 0 },
		{ 8, 30, 5 } };
	struct random random;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct alignment a = { .valid = true, .cone_deg = cases[i][0] };
		double said = align_cone_error_deg(&a, cases[i][1], cases[i][2]);
		double found =
			brute_force_deg(&random, cases[i][0], cases[i][1], cases[i][2]);

		printf("# cone %g deg, raised %g, out of plane %g: stated %.3f, found "
		       "%.3f deg\n",
			cases[i][0], cases[i][1], cases[i][2], said, found);
		assert_true(fabs(said - found) <= 0.1 * found + 0.01);
	}
}

/* The cone itself, per axis: each pose met 3 degrees sideways, the axis solved anew. */
static void test_cone_of_a_pair(void **state)
{
	static const double between[] = { 90.0, 60.0, 45.0 };
	const struct vec3 z = { 0.0, 0.0, 1.0 };
	struct random random;

	(void)state;
	random_seed(&random, SEED, 1);
	for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
		double square = 0.0, cone = 3.0 / sin(between[i] * RAD_PER_DEG), found;

		for (int n = 0; n < DRAWS; n++) {
			double s0 = 3.0 * random_gauss(&random);
			double s1 = 3.0 * random_gauss(&random);
			struct vec3 low = up_at(0.0, s0), high = up_at(between[i], s1);
			struct alignment a;
			double off;

			/* a pose too far off is refused: not a draw */
			if (align_solve(SITE_THIGH, POSE_LYING, low, POSE_RAISE, high,
				    &a) != ALIGN_OK)
				continue;
			off = vec3_angle_rad(z,
				(struct vec3){ a.to_segment.m[2][0], a.to_segment.m[2][1],
					a.to_segment.m[2][2] });
			square += off * off / (2.0 * DRAWS);
		}
		found = sqrt(square) * DEG_PER_RAD;
		printf("# poses %g deg apart, each met to 3 deg: axis off by %.2f deg "
		       "about each of its normals, cone %.2f deg\n",
			between[i], found, cone);
		assert_true(fabs(found - cone) <= 0.06 * cone);
	}
}

static void test_list_of_poses(void **state)
{
	const struct vec3 up[] = { up_at(-90.0, 0.0), up_at(0.0, 0.0), up_at(55.0, 0.0) };
	const enum pose three[] = { POSE_STANDING, POSE_LYING, POSE_RAISE };
	const enum pose strong[] = { POSE_RAISE, POSE_LYING, POSE_STANDING };
	const struct vec3 pelvis[] = { up_at(15.0, 0.0), up_at(0.0, 0.0),
		up_at(-90.0, 0.0) };
	const enum pose flat[] = { POSE_LYING, POSE_SITTING };
	const enum pose upright[] = { POSE_STANDING, POSE_RAISE };
	struct alignment a = { .cone_deg = 77.0 };

	(void)state;
	/* nothing solves: the missing pose, and *out untouched */
	assert_int_equal(
		align_solve_list(SITE_THIGH, flat, up, 2, &a), ALIGN_NEEDS_UPRIGHT);
	assert_int_equal(
		align_solve_list(SITE_THIGH, upright, up, 2, &a), ALIGN_NEEDS_HORIZONTAL);
	assert_int_equal(
		align_solve_list(SITE_THIGH, three, up, 0, &a), ALIGN_NEEDS_HORIZONTAL);
	assert_close(a.cone_deg, 77.0, 0.0);
	assert_int_equal(align_solve_list(SITE_THIGH, three, up, 3, &a), ALIGN_OK);
	assert_int_equal(a.pair[0], POSE_STANDING);
	assert_int_equal(a.pair[1], POSE_LYING);
	/* a strong pair later in the list goes before a weak one */
	assert_int_equal(align_solve_list(SITE_PELVIS, strong, pelvis, 3, &a), ALIGN_OK);
	assert_false(a.weak);
	assert_int_equal(a.pair[1], POSE_STANDING);
	assert_int_equal(align_solve_list(SITE_PELVIS, strong, pelvis, 2, &a), ALIGN_OK);
	assert_true(a.weak);
	/* close, and nothing else: too close, not missing */
	assert_int_equal(
		align_solve_list(SITE_THIGH, strong, pelvis, 2, &a), ALIGN_TOO_CLOSE);
	assert_close(
		align_expected_deg(SITE_THIGH, POSE_LYING, POSE_STANDING), 90.0, 1e-12);
	assert_close(
		align_expected_deg(SITE_PELVIS, POSE_LYING, POSE_SITTING), 75.0, 1e-12);
	assert_true(isnan(align_expected_deg(SITE_THIGH, POSE_LYING, POSE_RAISE)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cone_against_brute_force),
		cmocka_unit_test(test_cone_of_a_pair),
		cmocka_unit_test(test_list_of_poses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
