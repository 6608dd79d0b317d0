/*
 * The pelvis check in a hold. Expected values: the rules (5 deg of excess over 2 s, 3 deg
 * of growth, 3 deg of slow rise in 10 s after second 15, 8 deg of roll, 8 deg/s of tremor
 * for 3 s, 6 deg within 1 s) worked by hand.
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
#include "stretch/track.h"
#include "../support/judge.h"

#define SEED 7500
#define RATE_HZ 100

struct play {
	struct pelvis_state pelvis;
	struct pelvis_curve curve;
	struct settings settings;
	struct pelvis_input in;
	int64_t index;
	bool begun;
	enum pelvis_verdict verdict, worst; /* last, and worst seen at all */
	int32_t seen[PELVIS_VERDICT_COUNT];
};

/* Two sensors, a curve of 0.25 t up to 70 deg, leg at 68 and pelvis where it says. */
static void play_init(struct play *p, bool measured)
{
	memset(p, 0, sizeof *p);
	settings_default(&p->settings);
	pelvis_init(&p->pelvis);
	p->curve = (struct pelvis_curve){ .valid = true, .b = 0.25, .top_deg = 70.0 };
	p->in.ok = true;
	p->in.measured = measured;
	p->in.thigh_deg = 68.0;
	p->in.pelvis_deg = 17.0;
	p->in.tremor_rad_s = 0.01;
}

static void play_step(struct play *p)
{
	p->in.t_us = p->index++ * 1000000 / RATE_HZ;
	if (!p->begun)
		pelvis_begin(&p->pelvis, &p->in);
	p->begun = true;
	p->verdict = pelvis_step(&p->pelvis, &p->curve, &p->settings, &p->in);
	p->seen[p->verdict]++;
	if (p->verdict > p->worst)
		p->worst = p->verdict;
}

static void play(struct play *p, double seconds)
{
	for (int i = 0; i < (int)lround(seconds * RATE_HZ); i++)
		play_step(p);
}

/* Thigh or pelvis moves by delta within seconds, evenly. */
static void shift(struct play *p, double *what, double delta, double seconds)
{
	int n = (int)lround(seconds * RATE_HZ);
	double from = *what;

	for (int i = 1; i <= n; i++) {
		*what = from + delta * i / n;
		play_step(p);
	}
}

static void test_quiet(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, true);
	play(&p, 30.0);
	assert_int_equal(p.verdict, PELVIS_QUIET);
	assert_int_equal(p.worst, PELVIS_QUIET);
	assert_int_equal(p.pelvis.worst, PELVIS_QUIET);
}

static void test_following_the_leg_is_no_fault(void **state)
{
	struct play p;

	(void)state;
	/* leg up by 8 deg and pelvis along the curve by 2 */
	play_init(&p, true);
	play(&p, 5.0);
	for (int i = 1; i <= 400; i++) {
		p.in.thigh_deg = 68.0 + 0.02 * i;
		p.in.pelvis_deg = 0.25 * p.in.thigh_deg;
		play_step(&p);
	}
	play(&p, 20.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
}

static void test_excess(void **state)
{
	struct play p;
	int64_t from;

	(void)state;
	/* 4.8 deg above the curve from the start: quiet; 5.2: moving after 2 s */
	play_init(&p, true);
	p.in.pelvis_deg = 17.0 + 4.8;
	play(&p, 30.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	play_init(&p, true);
	p.in.pelvis_deg = 17.0 + 5.2;
	play(&p, 2.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	play(&p, 0.3);
	assert_int_equal(p.verdict, PELVIS_MOVING);
	/* 10 deg more in mid hold: the 2 s mean passes 5 after one second */
	play_init(&p, true);
	play(&p, 10.0);
	from = p.index;
	p.in.pelvis_deg = 27.0;
	while (p.verdict != PELVIS_MOVING && p.index < from + 400)
		play_step(&p);
	assert_true(p.index - from >= 100 && p.index - from <= 160);
	/* back by itself when it is over */
	p.in.pelvis_deg = 17.0;
	play(&p, 3.0);
	assert_int_equal(p.verdict, PELVIS_QUIET);
	/* but the hold's verdict stands */
	assert_int_equal(p.pelvis.worst, PELVIS_MOVING);
	/* below the curve is no excess */
	play_init(&p, true);
	p.in.pelvis_deg = 7.0;
	play(&p, 30.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
}

static void test_growth(void **state)
{
	struct play p;

	(void)state;
	/* creeps by 4 deg between second 8 and 12 and stays: never 5 above, but more
	 * than 3 over seconds 2-7 */
	play_init(&p, true);
	play(&p, 8.0);
	shift(&p, &p.in.pelvis_deg, 4.0, 4.0);
	play(&p, 6.0);
	assert_int_equal(p.verdict, PELVIS_MOVING);
	/* 2.8 deg do not */
	play_init(&p, true);
	play(&p, 8.0);
	shift(&p, &p.in.pelvis_deg, 2.8, 4.0);
	play(&p, 15.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	/* nor does settling in the first 2 s, which are no part of the base */
	play_init(&p, true);
	shift(&p, &p.in.pelvis_deg, 4.0, 2.0);
	play(&p, 25.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	/* breathing under a belt sensor: 2 deg at 0.25 Hz */
	play_init(&p, true);
	for (int i = 0; i < 3000; i++) {
		p.in.pelvis_deg = 17.0 + 2.0 * sin(2.0 * STRETCH_PI * 0.25 * i / RATE_HZ);
		play_step(&p);
	}
	assert_int_equal(p.worst, PELVIS_QUIET);
}

static void test_beyond_the_curve(void **state)
{
	struct play p;

	(void)state;
	/* learned up to 70: 79 is covered, 81 is not */
	play_init(&p, true);
	p.in.thigh_deg = 79.0;
	p.in.pelvis_deg = 0.25 * 79.0;
	play(&p, 10.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	p.in.thigh_deg = 81.0;
	p.in.pelvis_deg = 0.25 * 81.0;
	play(&p, 1.0);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	/* no curve at all: doubtful, and growth is still seen */
	play_init(&p, true);
	p.curve.valid = false;
	play(&p, 8.0);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	shift(&p, &p.in.pelvis_deg, 4.0, 4.0);
	play(&p, 6.0);
	assert_int_equal(p.verdict, PELVIS_MOVING);
}

static void test_one_sensor_no_sign(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, false);
	play(&p, 40.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	assert_int_equal(p.pelvis.worst, PELVIS_NO_SIGN);
}

static void test_slow_rise(void **state)
{
	struct play p;

	(void)state;
	/* 4 deg in 10 s, from second 15 on: doubtful */
	play_init(&p, false);
	play(&p, 15.0);
	shift(&p, &p.in.thigh_deg, 6.0, 15.0);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	/* 2.5 deg in 10 s are not */
	play_init(&p, false);
	play(&p, 15.0);
	shift(&p, &p.in.thigh_deg, 3.75, 15.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	/* the first 15 s are the muscle giving way */
	play_init(&p, false);
	shift(&p, &p.in.thigh_deg, 6.0, 15.0);
	play(&p, 25.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	/* sinking is no pelvis that rolls */
	play_init(&p, false);
	play(&p, 15.0);
	shift(&p, &p.in.thigh_deg, -6.0, 15.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
}

static void test_exhale_steps_are_welcome(void **state)
{
	struct play p;

	(void)state;
	/* 2.5 deg within a second, every 4 s: 6 deg in 10 s, and not a sign */
	play_init(&p, false);
	play(&p, 15.0);
	for (int i = 0; i < 6; i++) {
		shift(&p, &p.in.thigh_deg, 2.5, 1.0);
		play(&p, 3.0);
	}
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	/* a slow rise between the steps is seen all the same: 5 deg in 10 s */
	play_init(&p, false);
	play(&p, 15.0);
	for (int i = 0; i < 5; i++) {
		shift(&p, &p.in.thigh_deg, 2.5, 1.0);
		shift(&p, &p.in.thigh_deg, 2.0, 3.0);
	}
	assert_int_equal(p.worst, PELVIS_DOUBTFUL);
}

static void test_roll(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, false);
	p.in.roll_deg = -10.0; /* as the leg lay at the start */
	play(&p, 5.0);
	p.in.roll_deg = -10.0 + 7.9;
	play(&p, 2.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	p.in.roll_deg = -10.0 + 8.1;
	play_step(&p);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	p.in.roll_deg = -10.0 - 8.1;
	play_step(&p);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	p.in.roll_deg = -10.0;
	play_step(&p);
	assert_int_equal(p.verdict, PELVIS_NO_SIGN);
}

static void test_tremor(void **state)
{
	struct play p;

	(void)state;
	/* 8.5 deg/s for 2.9 s: not yet; for more than 3 s: doubtful */
	play_init(&p, false);
	play(&p, 5.0);
	p.in.tremor_rad_s = 8.5 * RAD_PER_DEG;
	play(&p, 2.9);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	play(&p, 0.2);
	assert_int_equal(p.verdict, PELVIS_DOUBTFUL);
	/* two spells of 2 s with a rest are none */
	play_init(&p, false);
	for (int i = 0; i < 4; i++) {
		p.in.tremor_rad_s = 8.5 * RAD_PER_DEG;
		play(&p, 2.0);
		p.in.tremor_rad_s = 1.0 * RAD_PER_DEG;
		play(&p, 0.1);
	}
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
	/* 7.5 deg/s are not enough, and below 30 Hz nothing is known */
	play_init(&p, false);
	p.in.tremor_rad_s = 7.5 * RAD_PER_DEG;
	play(&p, 10.0);
	p.in.tremor_rad_s = NAN;
	play(&p, 10.0);
	assert_int_equal(p.worst, PELVIS_NO_SIGN);
}

static void test_jump(void **state)
{
	struct play p;

	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		/* 7 deg within half a second */
		play_init(&p, false);
		play(&p, 5.0);
		shift(&p, &p.in.thigh_deg, sign * 7.0, 0.5);
		play(&p, 0.5);
		assert_int_equal(p.worst, PELVIS_MOVING);
		/* 5.5 deg are none, nor are 12 in 3 s */
		play_init(&p, false);
		play(&p, 5.0);
		shift(&p, &p.in.thigh_deg, sign * 5.5, 0.5);
		play(&p, 2.0);
		shift(&p, &p.in.thigh_deg, sign * 12.0, 3.0);
		play(&p, 2.0);
		assert_int_equal(p.worst, PELVIS_NO_SIGN);
	}
}

static void test_never_quiet_from_one_sensor(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, SEED, 1);
	for (int trial = 0; trial < 100; trial++) {
		struct play p;
		double drift = random_between(&random, -0.5, 0.5);

		play_init(&p, false);
		for (int i = 0; i < 3000; i++) {
			p.in.thigh_deg += drift / RATE_HZ + 0.05 * random_gauss(&random);
			p.in.roll_deg += 0.05 * random_gauss(&random);
			p.in.tremor_rad_s = fabs(0.1 * random_gauss(&random));
			p.in.ok = random_uniform(&random) > 0.01;
			play_step(&p);
		}
		assert_int_equal(p.seen[PELVIS_QUIET], 0);
		assert_int_not_equal(p.pelvis.worst, PELVIS_QUIET);
		/* and two sensors never say "no sign" */
		play_init(&p, true);
		for (int i = 0; i < 500; i++) {
			p.in.pelvis_deg += 0.2 * random_gauss(&random);
			p.in.ok = random_uniform(&random) > 0.01;
			play_step(&p);
		}
		assert_int_equal(p.seen[PELVIS_NO_SIGN], 0);
	}
}

static void test_outside_a_hold(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, true);
	p.begun = true; /* no pelvis_begin */
	play(&p, 5.0);
	assert_int_equal(p.worst, PELVIS_NONE);
	/* bad data say nothing, and do not pull the mean down */
	play_init(&p, true);
	p.in.pelvis_deg = 24.0;
	play(&p, 5.0);
	assert_int_equal(p.verdict, PELVIS_MOVING);
	p.in.ok = false;
	p.in.pelvis_deg = -50.0;
	play(&p, 1.0);
	assert_int_equal(p.verdict, PELVIS_NONE);
	p.in.ok = true;
	p.in.pelvis_deg = 24.0;
	play_step(&p);
	assert_int_equal(p.verdict, PELVIS_MOVING);
}

static void test_the_way_down_is_not_judged(void **state)
{
	struct play p;

	(void)state;
	/* a drop in the last second before counting is left */
	play_init(&p, false);
	play(&p, 30.0);
	shift(&p, &p.in.thigh_deg, -10.0, 0.5);
	play(&p, 0.4);
	assert_int_equal(p.verdict, PELVIS_MOVING);
	assert_int_equal(p.pelvis.worst, PELVIS_NO_SIGN);
	/* a second later it would have been */
	play(&p, 1.1);
	assert_int_equal(p.pelvis.worst, PELVIS_MOVING);
}

static void test_each_hold_begins_anew(void **state)
{
	struct play p;

	(void)state;
	play_init(&p, true);
	p.in.pelvis_deg = 27.0;
	play(&p, 6.0);
	assert_int_equal(p.pelvis.worst, PELVIS_MOVING);
	p.in.pelvis_deg = 17.0;
	p.in.t_us = p.index * 1000000 / RATE_HZ;
	pelvis_begin(&p.pelvis, &p.in);
	p.worst = PELVIS_NONE;
	play(&p, 20.0);
	assert_int_equal(p.worst, PELVIS_QUIET);
	assert_int_equal(p.pelvis.worst, PELVIS_QUIET);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_following_the_leg_is_no_fault),
		cmocka_unit_test(test_excess),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_beyond_the_curve),
		cmocka_unit_test(test_one_sensor_no_sign),
		cmocka_unit_test(test_slow_rise),
		cmocka_unit_test(test_exhale_steps_are_welcome),
		cmocka_unit_test(test_roll),
		cmocka_unit_test(test_tremor),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_never_quiet_from_one_sensor),
		cmocka_unit_test(test_outside_a_hold),
		cmocka_unit_test(test_the_way_down_is_not_judged),
		cmocka_unit_test(test_each_hold_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
