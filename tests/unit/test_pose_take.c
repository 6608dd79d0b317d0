/*
 * Poses out of a stream, by window and by rest: a simulated wearer lies and stands
 * (standing-bend begins so), straps turned any way. Expected values: the angles of
 * the wearer's own truth, which the alignment found must give back; times of the
 * script; directions by hand where a window is spoilt.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "stretch/pose_take.h"
#include "stretch/raw.h"
#include "stretch/wearer.h"

static const struct pose_take by_rest[] = {
	{ .pose = POSE_LYING, .from_us = -1, .to_us = -1 },
	{ .pose = POSE_STANDING, .from_us = -1, .to_us = -1 },
};

static struct wearer_param wearer(enum exercise_id exercise, uint64_t seed)
{
	struct wearer_param param = wearer_default(exercise, SIDE_LEFT);

	param.seed = seed;
	param.sensors = 2;
	wearer_strap_randomly(&param);
	return param;
}

static void play(struct pose_taker *taker, const struct wearer_param *param,
	enum session_mode mode, const struct pose_take *takes, int32_t count)
{
	static struct wearer_state state;
	const struct calib none[SITE_COUNT] = { calib_none(), calib_none() };
	struct sample sample;

	assert_null(wearer_init(&state, param));
	pose_taker_init(taker, mode, none, takes, count);
	while (wearer_step(&state, param, &sample, NULL)) {
		(void)raw_round(&sample);
		pose_taker_step(taker, &sample);
	}
	pose_taker_finish(taker);
}

/* Worst difference from the truth of the segment's angle since lying, in holds too. */
static double worst_deg(
	const struct wearer_param *param, enum site site, const struct alignment *align)
{
	static struct wearer_state state;
	double worst = 0.0;

	assert_null(wearer_init(&state, param));
	for (double t_s = 0.0; t_s < state.plan.end_s; t_s += 0.5) {
		struct wearer_motion m = wearer_motion_at(&state.plan, param, site, t_s);
		struct vec3 level = { 0.0, 0.0, 1.0 };
		struct vec3 body = quat_rotate(quat_conj(m.segment), level);
		struct vec3 seen = quat_rotate(quat_conj(m.sensor), level);
		double truth = atan2(body.x, body.y) * DEG_PER_RAD;
		double got = align_angle(align, seen).angle_deg;

		worst = fmax(worst, fabs(align_wrap_deg(got - truth)));
	}
	return worst;
}

static void test_by_rest(void **state)
{
	static struct pose_taker taker;

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct wearer_param param = wearer(EX_STANDING_BEND, seed);

		param.breathing_deg = 0.0;
		play(&taker, &param, MODE_THIGH_PELVIS, by_rest, 2);
		assert_int_equal(taker.taken, 2);
		assert_true(taker.takes[0].to_us < taker.takes[1].from_us);
		assert_true(taker.takes[0].to_us - taker.takes[0].from_us >= 3000000);
		for (int site = 0; site < SITE_COUNT; site++) {
			struct alignment a;

			assert_int_equal(
				pose_taker_solve(&taker, (enum site)site, &a), ALIGN_OK);
			assert_close(a.between_deg, 90.0, 1.5);
			assert_true(worst_deg(&param, (enum site)site, &a) < 1.5);
		}
	}
}

static void test_windows(void **state)
{
	static struct pose_taker rest, named;
	struct wearer_param param = wearer(EX_STANDING_BEND, 7);
	struct pose_take takes[2];
	struct alignment a, b;

	(void)state;
	play(&rest, &param, MODE_THIGH, by_rest, 2);
	assert_int_equal(rest.taken, 2);
	memcpy(takes, by_rest, sizeof takes);
	for (int i = 0; i < 2; i++) {
		takes[i].from_us = rest.takes[i].from_us;
		takes[i].to_us = rest.takes[i].to_us;
	}
	play(&named, &param, MODE_THIGH, takes, 2);
	assert_int_equal(named.taken, 2);
	assert_true(named.takes[0].stray_deg[SITE_THIGH] < 1.0);
	assert_int_equal(pose_taker_solve(&rest, SITE_THIGH, &a), ALIGN_OK);
	assert_int_equal(pose_taker_solve(&named, SITE_THIGH, &b), ALIGN_OK);
	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			assert_close(a.to_segment.m[row][column],
				b.to_segment.m[row][column], 0.01);
	/* over the way from lying to standing: moved; behind the end: empty */
	takes[0].to_us = takes[1].to_us;
	takes[1].from_us = INT64_C(100000000000);
	takes[1].to_us = INT64_C(100010000000);
	play(&named, &param, MODE_THIGH, takes, 2);
	assert_int_equal(named.takes[0].state, POSE_MOVED);
	assert_true(named.takes[0].stray_deg[SITE_THIGH] > 20.0);
	assert_int_equal(named.takes[1].state, POSE_EMPTY);
	assert_int_equal(named.taken, 0);
	assert_int_not_equal(pose_taker_solve(&named, SITE_THIGH, &b), ALIGN_OK);
}

/* Lying on without another pose: the second one stays open. */
static void test_one_pose_only(void **state)
{
	static struct pose_taker taker;
	const struct calib none[SITE_COUNT] = { calib_none(), calib_none() };
	struct sample sample = {
		.imu = { { .present = true, .acc_m_s2 = { 0.0, 9.81, 0.0 } } }
	};
	double still_s = 0.0;

	(void)state;
	pose_taker_init(&taker, MODE_THIGH, none, by_rest, 2);
	for (int i = 0; i < 1000; i++) {
		sample.t_us = i * INT64_C(10000);
		/* not frozen */
		sample.imu[SITE_THIGH].acc_m_s2.x = i % 2 ? 0.01 : -0.01;
		pose_taker_step(&taker, &sample);
		assert_true(pose_taker_still_s(&taker) <= pose_taker_needs_s(&taker));
		if (taker.taken == 0)
			still_s = pose_taker_still_s(&taker);
	}
	/* it counts up to what is needed, and no farther */
	assert_true(still_s >= 2.0 && still_s < 3.0);
	assert_close(pose_taker_still_s(&taker), 3.0, 0.0);
	assert_int_equal(taker.taken, 1);
	assert_int_equal(taker.takes[1].state, POSE_OPEN);
	/* a shake is seen at once, within one bin */
	for (int i = 1000; i < 1060; i++) {
		sample.t_us = i * INT64_C(10000);
		sample.imu[SITE_THIGH].gyr_rad_s.x = i % 2 ? 1.0 : -1.0;
		pose_taker_step(&taker, &sample);
	}
	assert_close(pose_taker_still_s(&taker), 0.0, 0.0);
}

static void test_pairs(void **state)
{
	static const struct {
		enum site site;
		enum pose first, second;
		enum align_result result;
	} cases[] = {
		{ SITE_THIGH, POSE_LYING, POSE_STANDING, ALIGN_OK },
		{ SITE_THIGH, POSE_RAISE, POSE_LYING, ALIGN_OK },
		{ SITE_THIGH, POSE_SITTING, POSE_STANDING, ALIGN_OK },
		{ SITE_THIGH, POSE_SITTING, POSE_RAISE, ALIGN_OK },
		{ SITE_THIGH, POSE_LYING, POSE_SITTING, ALIGN_NEEDS_UPRIGHT },
		{ SITE_THIGH, POSE_STANDING, POSE_RAISE, ALIGN_NEEDS_HORIZONTAL },
		{ SITE_THIGH, POSE_PRONE, POSE_STANDING, ALIGN_NEEDS_HORIZONTAL },
		{ SITE_PELVIS, POSE_LYING, POSE_STANDING, ALIGN_OK },
		{ SITE_PELVIS, POSE_LYING, POSE_SITTING, ALIGN_OK },
		{ SITE_PELVIS, POSE_LYING, POSE_RAISE, ALIGN_OK },
		{ SITE_PELVIS, POSE_SITTING, POSE_STANDING, ALIGN_NEEDS_HORIZONTAL },
		{ SITE_PELVIS, POSE_LYING, POSE_LYING, ALIGN_NEEDS_UPRIGHT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pose_take takes[2] = { { .pose = cases[i].first },
			{ .pose = cases[i].second } };

		assert_int_equal(
			pose_take_pair(cases[i].site, takes, 2), cases[i].result);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_rest),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_one_pose_only),
		cmocka_unit_test(test_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
