/*
 * Calibration applied, and how the straps are learned from poses. Expected values:
 * matrix products by hand; directions of gravity for an angle a in the segment
 * frame, (sin a, cos a, 0), turned into the sensor frame by any strap.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/align.h"
#include "stretch/calib.h"
#include "stretch/random.h"
#include "../support/judge.h"

#define SEED 7200
#define STRAPS 200

static void test_no_calibration(void **state)
{
	struct calib calib = calib_none();
	struct imu_reading r = { .present = true, .acc_m_s2 = { 1.25, -2.5, 9.75 },
		.gyr_rad_s = { 0.125, 0.25, -0.5 }, .temp_c = 21.5 };

	(void)state;
	assert_int_equal(calib.parameters, 0);
	assert_true(isnan(calib.residual_m_s2) && isnan(calib.gyr_full_scale_rad_s));
	calib_apply(&calib, &r);
	assert_close(r.acc_m_s2.x, 1.25, 0.0);
	assert_close(r.acc_m_s2.y, -2.5, 0.0);
	assert_close(r.acc_m_s2.z, 9.75, 0.0);
	assert_close(r.gyr_rad_s.x, 0.125, 0.0);
	assert_close(r.gyr_rad_s.y, 0.25, 0.0);
	assert_close(r.gyr_rad_s.z, -0.5, 0.0);
	assert_close(r.temp_c, 21.5, 0.0);
}

static void test_calibration_by_hand(void **state)
{
	/* raw - bias = (1, 2, 4); the rows: 2 + 2/2 + 4/4, 2 * 4 - 4/8, 4 * 3 */
	struct calib calib = { .parameters = 9, .acc_bias_m_s2 = { 0.5, -1.0, 2.0 },
		.acc_matrix = { { { 2.0, 0.5, 0.25 }, { 0.0, 4.0, -0.125 },
			{ 0.0, 0.0, 3.0 } } },
		.gyr_bias_rad_s = { 0.25, -0.5, 0.125 } };
	struct imu_reading r = { .present = true, .acc_m_s2 = { 1.5, 1.0, 6.0 },
		.gyr_rad_s = { 1.0, 1.0, 1.0 } };
	struct imu_reading absent = { 0 };

	(void)state;
	calib_apply(&calib, &r);
	assert_close(r.acc_m_s2.x, 4.0, 1e-15);
	assert_close(r.acc_m_s2.y, 7.5, 1e-15);
	assert_close(r.acc_m_s2.z, 12.0, 1e-15);
	assert_close(r.gyr_rad_s.x, 0.75, 1e-15);
	assert_close(r.gyr_rad_s.y, 1.5, 1e-15);
	assert_close(r.gyr_rad_s.z, 0.875, 1e-15);
	/* a reading that is not there does not become bias */
	calib_apply(&calib, &absent);
	assert_false(absent.present);
	assert_close(vec3_norm(absent.acc_m_s2), 0.0, 0.0);
	assert_close(vec3_norm(absent.gyr_rad_s), 0.0, 0.0);
}

/* Gravity seen by a sensor strapped on by `strap` (sensor to segment). */
static struct vec3 up_at(struct quat strap, double angle_deg, double plane_deg)
{
	double a = angle_deg * RAD_PER_DEG, o = plane_deg * RAD_PER_DEG;
	struct vec3 up = { sin(a) * cos(o), cos(a) * cos(o), sin(o) };

	return quat_rotate(quat_conj(strap), up);
}

/* The straps that people put on wrong first, then any. */
static struct quat strap_of(int i, struct random *random)
{
	static const struct vec3 x = { 1, 0, 0 }, y = { 0, 1, 0 }, z = { 0, 0, 1 };
	double quarter = STRETCH_PI / 2.0;

	switch (i) {
	case 0: return (struct quat){ 1, 0, 0, 0 };
	case 1: return quat_axis_angle(x, 2.0 * quarter); /* inside out */
	case 2: return quat_axis_angle(y, 2.0 * quarter); /* upside down, inside out */
	case 3: return quat_axis_angle(z, 2.0 * quarter); /* upside down */
	case 4: return quat_axis_angle(x, quarter); /* on the outside of the leg */
	case 5: return quat_axis_angle(x, -quarter);
	case 6: return quat_axis_angle(y, quarter); /* lying across */
	case 7: return quat_axis_angle(z, -quarter);
	default: return random_rotation(random);
	}
}

/* Poses that give the frame of a site, and the segment's angle in each. */
struct pair {
	enum site site;
	enum pose pose[2];
	double angle_deg[2];
};

static const struct pair good_pairs[] = {
	{ SITE_THIGH, { POSE_LYING, POSE_STANDING }, { 0, -90 } },
	{ SITE_THIGH, { POSE_STANDING, POSE_LYING }, { -90, 0 } },
	{ SITE_THIGH, { POSE_SITTING, POSE_STANDING }, { 0, -90 } },
	{ SITE_THIGH, { POSE_STANDING, POSE_SITTING }, { -90, 0 } },
	{ SITE_THIGH, { POSE_LYING, POSE_RAISE }, { 0, 45 } },
	{ SITE_THIGH, { POSE_RAISE, POSE_LYING }, { 70, 0 } },
	{ SITE_THIGH, { POSE_LYING, POSE_RAISE }, { 0, 120 } },
	{ SITE_THIGH, { POSE_SITTING, POSE_RAISE }, { 0, 60 } },
	{ SITE_PELVIS, { POSE_LYING, POSE_STANDING }, { 0, -90 } },
	{ SITE_PELVIS, { POSE_STANDING, POSE_LYING }, { -90, 0 } },
	{ SITE_PELVIS, { POSE_LYING, POSE_SITTING }, { 0, -75 } },
	{ SITE_PELVIS, { POSE_SITTING, POSE_LYING }, { -60, 0 } },
	{ SITE_PELVIS, { POSE_LYING, POSE_RAISE }, { 0, 20 } },
};

#define PAIRS (sizeof good_pairs / sizeof good_pairs[0])

static enum align_result solve(const struct pair *p, struct quat strap,
	struct alignment *out)
{
	return align_solve(p->site, p->pose[0], up_at(strap, p->angle_deg[0], 0.0),
		p->pose[1], up_at(strap, p->angle_deg[1], 0.0), out);
}

static void test_angles_with_any_strap(void **state)
{
	struct random random;
	double worst = 0.0;

	(void)state;
	random_seed(&random, SEED, 0);
	for (int i = 0; i < STRAPS; i++) {
		struct quat strap = strap_of(i, &random);

		for (size_t p = 0; p < PAIRS; p++) {
			struct alignment a;

			assert_int_equal(solve(&good_pairs[p], strap, &a), ALIGN_OK);
			assert_true(a.valid);
			for (int deg = 0; deg <= 150; deg += 30) {
				struct segment_angle got = align_angle(&a,
					up_at(strap, deg, 0.0));

				assert_close(got.angle_deg, deg, 1e-9);
				assert_close(got.out_of_plane_deg, 0.0, 1e-9);
				worst = fmax(worst, fabs(got.angle_deg - deg));
			}
		}
	}
	printf("# seed %d: %d straps, worst angle error %.1e deg\n", SEED, STRAPS, worst);
}

static void test_out_of_plane(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, SEED, 1);
	for (int i = 0; i < STRAPS; i++) {
		struct quat strap = strap_of(i, &random);
		struct alignment a;

		solve(&good_pairs[0], strap, &a);
		for (int plane = -60; plane <= 60; plane += 15) {
			for (int deg = 0; deg <= 150; deg += 30) {
				struct segment_angle got = align_angle(&a,
					up_at(strap, deg, plane));

				/* the elevation is read in the plane, whatever the
				 * leg does sideways */
				assert_close(got.angle_deg, deg, 1e-9);
				assert_close(got.out_of_plane_deg, plane, 1e-9);
			}
		}
	}
}

static void test_octants(void **state)
{
	/* identity strap: atan2(x, y) in all eight octants, 1/sqrt(3) each */
	static const struct {
		struct vec3 up;
		double angle_deg, plane_deg;
	} octants[] = {
		{ { 1, 1, 1 }, 45, 35.264389682754654 },
		{ { 1, 1, -1 }, 45, -35.264389682754654 },
		{ { 1, -1, 1 }, 135, 35.264389682754654 },
		{ { 1, -1, -1 }, 135, -35.264389682754654 },
		{ { -1, 1, 1 }, -45, 35.264389682754654 },
		{ { -1, 1, -1 }, -45, -35.264389682754654 },
		/* -135 is the fold: it and 225 are the same direction */
		{ { -1, -1, 1 }, 225, 35.264389682754654 },
		{ { -1, -1, -1 }, 225, -35.264389682754654 },
	};
	struct alignment a;

	(void)state;
	solve(&good_pairs[0], (struct quat){ 1, 0, 0, 0 }, &a);
	for (size_t i = 0; i < sizeof octants / sizeof octants[0]; i++) {
		struct segment_angle got = align_angle(&a, vec3_unit(octants[i].up));
		double off = fabs(got.angle_deg - octants[i].angle_deg);

		assert_true(off < 1e-9 || fabs(off - 360.0) < 1e-9);
		assert_close(got.out_of_plane_deg, octants[i].plane_deg, 1e-9);
	}
}

static void test_wrap(void **state)
{
	static const double cases[][2] = { { 0, 0 }, { 150, 150 }, { 180, 180 },
		{ 224, 224 }, { 226, -134 }, { -134, -134 }, { -136, 224 },
		{ 360, 0 }, { -360, 0 }, { 510, 150 }, { -570, 150 }, { -90, -90 } };
	struct alignment a;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_close(align_wrap_deg(cases[i][0]), cases[i][1], 1e-12);
	/* a leg that goes on past 180 degrees reads on */
	solve(&good_pairs[0], (struct quat){ 1, 0, 0, 0 }, &a);
	for (int deg = -130; deg <= 220; deg += 10)
		assert_close(align_angle(&a, up_at((struct quat){ 1, 0, 0, 0 }, deg,
			0.0)).angle_deg, deg, 1e-9);
}

/* What the product asks of a pair; degrees between the poses are ample. */
static enum align_result wanted(enum site site, enum pose a, enum pose b)
{
	bool lying = a == POSE_LYING || b == POSE_LYING;
	bool sitting = a == POSE_SITTING || b == POSE_SITTING;
	bool standing = a == POSE_STANDING || b == POSE_STANDING;
	bool raise = a == POSE_RAISE || b == POSE_RAISE;

	if (site == SITE_THIGH) {
		if (!lying && !sitting)
			return ALIGN_NEEDS_HORIZONTAL;
		return standing || raise ? ALIGN_OK : ALIGN_NEEDS_UPRIGHT;
	}
	if (!lying)
		return ALIGN_NEEDS_HORIZONTAL;
	return sitting || standing || raise ? ALIGN_OK : ALIGN_NEEDS_UPRIGHT;
}

static void test_which_pairs(void **state)
{
	static const struct vec3 one = { 0, 1, 0 }, other = { -1, 0, 0 };
	static const enum pose poses[] = { POSE_LYING, POSE_SITTING, POSE_STANDING,
		POSE_RAISE };

	(void)state;
	for (int site = 0; site < SITE_COUNT; site++) {
		for (int i = 0; i < 16; i++) {
			enum pose a = poses[i / 4], b = poses[i % 4];
			struct alignment got = { .cone_deg = 77.0 };
			enum align_result result = align_solve((enum site)site, a, one,
				b, other, &got);

			/* standing and sitting is a weak pair of the pelvis: it
			 * differs enough only when the wearer lies about it */
			if (site == SITE_PELVIS && a != b && wanted(SITE_PELVIS, a, b)
				== ALIGN_NEEDS_HORIZONTAL && a != POSE_RAISE &&
				b != POSE_RAISE)
				continue;
			assert_int_equal(result, wanted((enum site)site, a, b));
			/* refused: nothing is written */
			if (result != ALIGN_OK)
				assert_true(!got.valid && got.cone_deg > 76.0);
		}
	}
	/* the missing pose is named, in words */
	assert_non_null(strstr(align_result_advice[ALIGN_NEEDS_HORIZONTAL], "lie flat"));
	assert_non_null(strstr(align_result_advice[ALIGN_NEEDS_UPRIGHT], "stand"));
	assert_non_null(strstr(align_result_advice[ALIGN_NEEDS_UPRIGHT], "raise"));
	assert_non_null(strstr(align_result_advice[ALIGN_TOO_CLOSE], "higher"));
}

static void test_poses_too_close(void **state)
{
	struct quat strap = { 1, 0, 0, 0 };
	struct alignment a;

	(void)state;
	/* thigh: a raise of 40 degrees is the least */
	assert_int_equal(solve(&(struct pair){ SITE_THIGH, { POSE_LYING, POSE_RAISE },
		{ 0, 39.9 } }, strap, &a), ALIGN_TOO_CLOSE);
	assert_int_equal(solve(&(struct pair){ SITE_THIGH, { POSE_LYING, POSE_RAISE },
		{ 0, 40.1 } }, strap, &a), ALIGN_OK);
	assert_false(a.weak);
	/* pelvis: by a raise only with 10 degrees of tilt, and never more than medium */
	assert_int_equal(solve(&(struct pair){ SITE_PELVIS, { POSE_LYING, POSE_RAISE },
		{ 0, 10.1 } }, strap, &a), ALIGN_OK);
	assert_true(a.weak);
	assert_int_not_equal(solve(&(struct pair){ SITE_PELVIS, { POSE_LYING, POSE_RAISE },
		{ 0, 9.9 } }, strap, &a), ALIGN_OK);
	/* lying and standing is a strong pair */
	assert_int_equal(solve(&(struct pair){ SITE_PELVIS, { POSE_LYING, POSE_STANDING },
		{ 0, -90 } }, strap, &a), ALIGN_OK);
	assert_false(a.weak);
	/* 3 degrees sideways at 90 degrees between: 3; at 30: twice that */
	assert_close(a.cone_deg, 3.0, 1e-9);
	assert_close(a.between_deg, 90.0, 1e-9);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_calibration),
		cmocka_unit_test(test_calibration_by_hand),
		cmocka_unit_test(test_angles_with_any_strap),
		cmocka_unit_test(test_out_of_plane),
		cmocka_unit_test(test_octants),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_which_pairs),
		cmocka_unit_test(test_poses_too_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
