/*
 * What is learned before the first hold: poses that give the straps, and the zero. A
 * body of two segments is posed by hand (setup_body.h). Expected values: the angles it
 * was posed with. Raises: test_raise.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "../support/setup_body.h"

static void test_seated_with_one_sensor(void **state)
{
	struct body b;

	(void)state;
	body_init(&b, EX_SEATED_LEG, 1, 0);
	b.angle_deg[SITE_THIGH] = -88.0; /* standing */
	body_keep(&b, 2.5);
	assert_int_equal(b.setup.poses, 0); /* 3 s are asked for */
	body_keep(&b, 2.0);
	assert_int_equal(b.setup.poses, 1);
	body_keep(&b, 20.0);
	assert_int_equal(b.setup.poses, 1); /* the same pose is no second one */
	assert_int_equal(b.setup.problem, ALIGN_OK); /* nor a refused pair */
	body_assert_step(&b, SETUP_POSES);
	body_pose(&b, 2.0, 2.0, 0.0);
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_DONE);
	/* zero is where he sat, but for the last of the movement */
	assert_close(body_measured(&b, SITE_THIGH, 2.0), 0.0, 0.05);
	assert_close(body_measured(&b, SITE_THIGH, 12.0), 10.0, 0.05);
	assert_close(body_measured(&b, SITE_THIGH, -88.0), -90.0, 0.05);
}

/* From a table, seen from there the leg never comes back: its own rest is the pose. */
static void test_a_table_is_no_pose(void **state)
{
	struct body b;

	(void)state;
	body_init(&b, EX_LYING_TOWEL, 1, 3);
	b.angle_deg[SITE_THIGH] = -40.0;
	b.plane_deg = 50.0;
	body_keep(&b, 20.0);
	body_assert_step(&b, SETUP_RAISES);
	body_pose(&b, 2.0, 0.0, 0.0);
	b.plane_deg = 0.0;
	body_keep(&b, 4.0);
	body_raise(&b, 70.0, 4.0);
	assert_int_equal(b.setup.raises.raised, 1);
	body_raise(&b, 68.0, 4.0);
	body_raise(&b, 69.0, 4.0);
	body_assert_step(&b, SETUP_REFERENCE);
	body_keep(&b, 10.0);
	body_assert_step(&b, SETUP_DONE);
	assert_close(b.setup.raises.best_deg, 70.0, 1.0);
	assert_close(body_measured(&b, SITE_THIGH, 60.0), 60.0, 0.1);
}

static void test_standing_with_two_sensors(void **state)
{
	struct body b;

	(void)state;
	body_init(&b, EX_STANDING_BEND, 2, 0);
	body_keep(&b, 4.0); /* lying */
	assert_int_equal(b.setup.poses, 1);
	body_pose(&b, 3.0, -90.0, -90.0);
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_DONE);
	/* bending forward from standing turns the pelvis forward: its tilt falls */
	assert_close(body_measured(&b, SITE_PELVIS, -110.0), -20.0, 0.01);
	assert_close(body_measured(&b, SITE_THIGH, -85.0), 5.0, 0.01);
}

static void test_a_refused_pair_is_named(void **state)
{
	struct body b;

	(void)state;
	/* asked to lie and to stand, he sits up in bed: the thigh has not moved */
	body_init(&b, EX_STANDING_BEND, 2, 0);
	body_keep(&b, 4.0);
	body_pose(&b, 2.0, 0.0, -50.0);
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_POSES);
	assert_int_equal(b.setup.problem, ALIGN_TOO_CLOSE);
	assert_false(b.setup.align[SITE_THIGH].valid && b.setup.align[SITE_PELVIS].valid);
	/* what he sits in is not taken for lying: that would turn the pelvis by 50 */
	body_keep(&b, 20.0);
	assert_int_equal(b.setup.poses, 0);
	assert_string_equal(setup_advice(&b.setup, &b.plan), pose_advice[POSE_LYING]);
	/* once more from the start, as told */
	body_pose(&b, 2.0, 0.0, 0.0);
	body_keep(&b, 4.0);
	body_pose(&b, 3.0, -90.0, -90.0);
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_DONE);
	assert_int_equal(b.setup.problem, ALIGN_OK);
	assert_close(body_measured(&b, SITE_PELVIS, -110.0), -20.0, 0.01);
	assert_close(body_measured(&b, SITE_THIGH, -85.0), 5.0, 0.01);
}

/* Straps known, lying: only the reference is wanted. */
static void reference_only(struct body *b)
{
	struct alignment given[SITE_COUNT] = { { .valid = true, .cone_deg = 3.0 } };

	body_init(b, EX_LYING_TOWEL, 1, 0);
	b->strap[SITE_THIGH] = (struct quat){ 1, 0, 0, 0 };
	given[SITE_THIGH].to_segment = mat3_identity();
	b->plan.have_alignment = true;
	setup_init(&b->setup, &b->plan, given);
}

static void test_reference_needs_movement_before(void **state)
{
	struct body b;

	(void)state;
	/* a sensor on the table: still for two minutes, never moved */
	reference_only(&b);
	body_keep(&b, 120.0);
	body_assert_step(&b, SETUP_REFERENCE);
	/* picked up and put on */
	body_pose(&b, 2.0, 40.0, 0.0);
	body_pose(&b, 2.0, 3.0, 0.0);
	body_keep(&b, 2.5);
	body_assert_step(&b, SETUP_REFERENCE); /* not 3 s yet */
	body_keep(&b, 1.5);
	body_assert_step(&b, SETUP_DONE);
	assert_close(b.setup.reference_deg[SITE_THIGH], 3.0, 0.01);
	assert_close(body_measured(&b, SITE_THIGH, 63.0), 60.0, 0.01);
}

static void test_movement_within_60_s(void **state)
{
	for (int late = 0; late < 2; late++) {
		struct body b;

		(void)state;
		reference_only(&b);
		body_keep(&b, 4.0);
		body_pose(&b, 2.0, 40.0, 0.0);
		body_pose(&b, 2.0, 0.0, 0.0);
		/* shivering: not still, and no movement of the leg either */
		b.shake_rad_s = 0.3;
		body_keep(&b, late ? 62.0 : 55.0);
		b.shake_rad_s = 0.0;
		body_keep(&b, 10.0);
		body_assert_step(&b, late ? SETUP_REFERENCE : SETUP_DONE);
	}
}

static void test_reference_within_25_deg(void **state)
{
	struct body b;

	(void)state;
	reference_only(&b);
	body_pose(&b, 2.0, 60.0, 0.0);
	body_pose(&b, 2.0, 26.0, 0.0);
	body_keep(&b, 20.0);
	body_assert_step(&b, SETUP_REFERENCE);
	body_pose(&b, 2.0, -26.0, 0.0);
	body_keep(&b, 20.0);
	body_assert_step(&b, SETUP_REFERENCE);
	body_pose(&b, 2.0, 24.0, 0.0);
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_DONE);
}

static void test_bad_data_teach_nothing(void **state)
{
	struct body b;

	(void)state;
	reference_only(&b);
	body_pose(&b, 2.0, 40.0, 0.0);
	body_pose(&b, 2.0, 0.0, 0.0);
	b.bad = true;
	body_keep(&b, 20.0);
	body_assert_step(&b, SETUP_REFERENCE);
	b.bad = false;
	body_keep(&b, 4.0);
	body_assert_step(&b, SETUP_DONE);
	/* nor do they bend the straps: at the top, half a minute of a wrong direction */
	body_init(&b, EX_LYING_TOWEL, 1, 1);
	body_keep(&b, 4.0);
	body_pose(&b, 4.0, 70.0, 0.0);
	b.bad = true;
	b.plane_deg = 20.0;
	body_keep(&b, 30.0);
	b.bad = false;
	b.plane_deg = 0.0;
	body_pose(&b, 4.0, 0.0, 0.0);
	body_keep(&b, 10.0);
	body_assert_step(&b, SETUP_DONE);
	assert_close(body_measured(&b, SITE_THIGH, 60.0), 60.0, 0.1);
}

static void test_named_window(void **state)
{
	struct body b;

	(void)state;
	/* seconds 5 to 7 are the reference, half at 4, half at 8 deg: 6 */
	reference_only(&b);
	b.plan.reference_from_us = 5000000;
	b.plan.reference_to_us = 6990000;
	b.angle_deg[SITE_THIGH] = 4.0;
	body_keep(&b, 6.0);
	b.angle_deg[SITE_THIGH] = 8.0;
	body_keep(&b, 1.0);
	body_assert_step(&b, SETUP_REFERENCE);
	body_keep(&b, 0.1);
	body_assert_step(&b, SETUP_DONE);
	assert_close(b.setup.reference_deg[SITE_THIGH], 6.0, 0.01);
}

static void test_reference_again(void **state)
{
	struct body b;
	struct mat3 before;

	(void)state;
	body_init(&b, EX_LYING_TOWEL, 1, 3);
	body_keep(&b, 4.0);
	for (int k = 0; k < 3; k++)
		body_raise(&b, 70.0, 4.0);
	body_keep(&b, 10.0);
	body_assert_step(&b, SETUP_DONE);
	before = b.setup.align[SITE_THIGH].to_segment;
	body_pose(&b, 2.0, 30.0, 0.0);
	setup_again(&b.setup);
	body_assert_step(&b, SETUP_REFERENCE);
	body_pose(&b, 2.0, 5.0, 0.0);
	body_keep(&b, 10.0);
	/* zero is new, straps and band are not */
	body_assert_step(&b, SETUP_DONE);
	assert_close(body_measured(&b, SITE_THIGH, 65.0), 60.0, 0.1);
	assert_memory_equal(&before, &b.setup.align[SITE_THIGH].to_segment, sizeof before);
	assert_close(b.setup.raises.best_deg, 70.0, 1.0);
	/* asked for while the leg is up: that is no other start pose */
	body_pose(&b, 2.0, 70.0, 0.0);
	setup_again(&b.setup);
	body_keep(&b, 20.0);
	body_assert_step(&b, SETUP_REFERENCE);
	body_pose(&b, 2.0, 5.0, 0.0);
	body_keep(&b, 10.0);
	body_assert_step(&b, SETUP_DONE);
	assert_memory_equal(&before, &b.setup.align[SITE_THIGH].to_segment, sizeof before);
	/* not before the setup was done */
	body_init(&b, EX_LYING_TOWEL, 1, 3);
	body_keep(&b, 4.0);
	setup_again(&b.setup);
	body_assert_step(&b, SETUP_RAISES);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seated_with_one_sensor),
		cmocka_unit_test(test_a_table_is_no_pose),
		cmocka_unit_test(test_standing_with_two_sensors),
		cmocka_unit_test(test_a_refused_pair_is_named),
		cmocka_unit_test(test_reference_needs_movement_before),
		cmocka_unit_test(test_movement_within_60_s),
		cmocka_unit_test(test_reference_within_25_deg),
		cmocka_unit_test(test_bad_data_teach_nothing),
		cmocka_unit_test(test_named_window),
		cmocka_unit_test(test_reference_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
