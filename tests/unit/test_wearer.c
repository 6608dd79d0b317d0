/*
 * The simulated wearer's motion. Expected values are worked by hand from the frames at the
 * head of wearer.h, or closed forms; each test says which. Sensors: test_wearer_sensor.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/plain_wearer.h"

#define G GRAVITY_M_S2

static struct wearer_state wearer;


static void begin(struct wearer_state *state, const struct wearer_param *param)
{
	assert_null(wearer_init(state, param));
}

static void assert_still(
	const struct wearer_param *param, enum site site, double t_s, double angle_deg)
{
	struct wearer_motion motion = wearer_motion_at(&wearer.plan, param, site, t_s);
	double a = angle_deg * RAD_PER_DEG;

	/* atan2(u_x, u_y) = angle, so up is (sin, cos, 0) of it */
	assert_vec3_close(motion.acc_m_s2, G * sin(a), G * cos(a), 0.0, 1e-6);
	assert_vec3_close(motion.gyr_rad_s, 0, 0, 0, 1e-9);
	assert_true(fabs(vec3_norm(motion.acc_m_s2) - G) < 1e-6);
}

static void test_lying_and_raised(void **state)
{
	struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
	const struct wearer_hold_plan *hold;

	(void)state;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	assert_still(&param, SITE_THIGH, hold->entry_s - 1.0, 0.0);
	assert_still(&param, SITE_PELVIS, hold->entry_s - 1.0, 0.0);
	assert_still(&param, SITE_THIGH, hold->settled_s + 5.0, 70.0);
	/* 0.14 x 70 + 0.002 x 4900 = 19.6, a share of 0.28 */
	assert_still(&param, SITE_PELVIS, hold->settled_s + 5.0, 19.6);
}

static void test_standing_and_sitting(void **state)
{
	struct wearer_param param = plain_wearer(EX_SEATED_LEG);
	const struct wearer_hold_plan *hold;

	(void)state;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	/* straps on 4 s, stand to 9, lie from 13 to 18, sit from 22 to 27 */
	assert_still(&param, SITE_THIGH, 7.0, -90.0);
	assert_still(&param, SITE_PELVIS, 7.0, -90.0);
	assert_still(&param, SITE_THIGH, 15.0, 0.0);
	assert_still(&param, SITE_PELVIS, 15.0, 0.0);
	assert_still(&param, SITE_THIGH, 25.0, 0.0);
	assert_still(&param, SITE_PELVIS, 25.0, -75.0);
	assert_true(fabs(hold->entry_s - 27.0) < 1e-9);
	/* leaning forward 20: the pelvis tips further than upright */
	assert_still(&param, SITE_PELVIS, hold->settled_s + 5.0, -95.0);
	assert_still(&param, SITE_THIGH, hold->settled_s + 5.0, 1.0);
	param.exercise = EX_STANDING_BEND;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	assert_still(&param, SITE_THIGH, 7.0, 0.0);
	assert_still(&param, SITE_THIGH, hold->entry_s - 1.0, -90.0);
	assert_still(&param, SITE_PELVIS, hold->settled_s + 5.0, -110.0);
}

static void test_prone_and_side(void **state)
{
	struct wearer_param param = plain_wearer(EX_DONKEY_KICK);
	const struct wearer_hold_plan *hold;
	struct wearer_motion motion;
	struct truth truth;

	(void)state;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	assert_still(&param, SITE_THIGH, hold->entry_s - 1.0, 180.0);
	/* kicking up extends the hip: the angle goes down by 18 */
	truth = wearer_truth_at(&wearer.plan, &param, hold->settled_s + 0.5);
	assert_true(fabs(truth.thigh_elevation_deg + 18.0) < 1e-9);
	param.exercise = EX_SIDE_KICK;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	motion = wearer_motion_at(&wearer.plan, &param, SITE_THIGH, hold->entry_s - 1.0);
	/* right leg on top: the thigh's z axis, its right side, points up */
	assert_vec3_close(motion.acc_m_s2, 0, 0, G, 1e-6);
	motion =
		wearer_motion_at(&wearer.plan, &param, SITE_THIGH, hold->settled_s + 0.5);
	/* lifted by 18: the knee goes up */
	assert_vec3_close(motion.acc_m_s2, G * sin(18.0 * RAD_PER_DEG), 0,
		G * cos(18.0 * RAD_PER_DEG), 1e-6);
}

static void test_drift_and_roll_over_read(void **state)
{
	/* worked by hand: up = (sin 70 cos 15, cos 70 cos 15, -sin 15), then roll 20:
	 * y = 0.3304 cos 20 - 0.2588 sin 20 = 0.2220; atan2(0.9077, 0.2220) = 76.26 */
	struct track_move drift = { 70.0, 1.0, 15.0, 0, CHANNEL_DRIFT, TRACK_EASE };
	struct track_move roll = { 72.0, 1.0, 20.0, 0, CHANNEL_ROLL, TRACK_EASE };

	(void)state;
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
		struct wearer_motion motion;

		param.side = (enum side)side;
		begin(&wearer, &param);
		assert_true(wearer.plan.holds[0].settled_s < 70.0 &&
			wearer.plan.holds[0].leave_s > 76.0);
		track_add_move(&wearer.plan.track, &drift);
		/* pure drift does not change the angle; on the right leg the
		 * outer side, z, goes down */
		assert_true(fabs(wearer_truth_at(&wearer.plan, &param, 71.5)
					    .thigh_elevation_deg -
				    70.0) < 1e-9);
		motion = wearer_motion_at(&wearer.plan, &param, SITE_THIGH, 71.5);
		assert_true(fabs(motion.acc_m_s2.z -
				    (side == SIDE_RIGHT ? -1 : 1) * G *
					    sin(15.0 * RAD_PER_DEG)) < 1e-6);
		track_add_move(&wearer.plan.track, &roll);
		assert_true(fabs(wearer_truth_at(&wearer.plan, &param, 74.0)
					    .thigh_elevation_deg -
				    76.26) < 0.01);
	}
}

static void test_swing_closed_form(void **state)
{
	/* a rise of 70 in T by 10 x^3 - 15 x^4 + 6 x^5; the sensor at 0.2 m on x:
	 * force = g (sin, cos) + (-w^2 r, w' r), gyro z = w */
	struct wearer_param param = plain_wearer(EX_LYING_TOWEL);
	const struct wearer_hold_plan *hold;
	double most = 0.0;

	(void)state;
	param.entry_rate_deg_s = 150.0;
	begin(&wearer, &param);
	hold = wearer_hold_truth(&wearer, 0);
	for (double x = 0.02; x < 1.0; x += 0.02) {
		double time = hold->settled_s - hold->entry_s;
		double rise = 70.0 * RAD_PER_DEG;
		double a = rise * x * x * x * (10 - 15 * x + 6 * x * x);
		double w = rise / time * x * x * (30 - 60 * x + 30 * x * x);
		double dw = rise / time / time * x * (60 - 180 * x + 120 * x * x);
		struct wearer_motion motion = wearer_motion_at(
			&wearer.plan, &param, SITE_THIGH, hold->entry_s + x * time);

		assert_vec3_close(motion.acc_m_s2, G * sin(a) - 0.2 * w * w,
			G * cos(a) + 0.2 * dw, 0.0, 1e-6);
		assert_vec3_close(motion.gyr_rad_s, 0, 0, w, 1e-9);
		most = fmax(most, w * DEG_PER_RAD);
	}
	assert_true(fabs(most - 150.0) < 0.2); /* the entry rate is the fastest */
}

static void test_gyro_integrates_to_pose(void **state)
{
	/* second-order steps of 1 ms: the error of one is below (w dt)^3 / 12, with
	 * w < 3 rad/s some 2e-9 rad; 120000 of them stay below 3e-4 rad. The strap
	 * is turned, breathing and slip are on: everything that moves is in it. */
	struct wearer_param param = wearer_default(EX_SEATED_LEG, SIDE_LEFT);
	const double dt = 1e-3;

	(void)state;
	param.slip_deg = 8.0;
	param.soft_tissue_deg = 0.5;
	begin(&wearer, &param);
	for (int site = 0; site < SITE_COUNT; site++) {
		struct wearer_motion first =
			wearer_motion_at(&wearer.plan, &param, (enum site)site, 0.0);
		struct quat q = first.sensor;

		for (int i = 0; i < 60000; i++) {
			struct wearer_motion m = wearer_motion_at(
				&wearer.plan, &param, (enum site)site, (i + 0.5) * dt);
			double w = vec3_norm(m.gyr_rad_s);

			if (w > 0.0)
				q = quat_mul(q,
					quat_axis_angle(vec3_scale(m.gyr_rad_s, 1.0 / w),
						w * dt));
		}
		first = wearer_motion_at(&wearer.plan, &param, (enum site)site, 60.0);
		q = quat_mul(quat_conj(q), first.sensor);
		printf("# %s: gyro against pose after 60 s: %.2e rad\n", site_names[site],
			2.0 * asin(fmin(1.0, vec3_norm((struct vec3){ q.x, q.y, q.z }))));
		assert_true(vec3_norm((struct vec3){ q.x, q.y, q.z }) < 1e-4);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lying_and_raised),
		cmocka_unit_test(test_standing_and_sitting),
		cmocka_unit_test(test_prone_and_side),
		cmocka_unit_test(test_drift_and_roll_over_read),
		cmocka_unit_test(test_swing_closed_form),
		cmocka_unit_test(test_gyro_integrates_to_pose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
