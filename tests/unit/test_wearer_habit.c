/*
 * What the simulated wearer does badly, and what goes wrong with his sensors. Expected
 * values come from the parameters by hand; each test says how.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"
#include "../support/plain_wearer.h"

static struct wearer_state wearer;

static const struct wearer_hold_plan *begin(const struct wearer_param *param)
{
	assert_null(wearer_init(&wearer, param));
	return wearer_hold_truth(&wearer, 0);
}

static double thigh(const struct wearer_param *param, double t_s)
{
	return wearer_truth_at(&wearer.plan, param, t_s).thigh_elevation_deg;
}

static double pelvis(const struct wearer_param *param, double t_s)
{
	return wearer_truth_at(&wearer.plan, param, t_s).pelvis_tilt_deg;
}

/* A session of two equal holds, the first with the habit 5 s into it. */
static const struct wearer_hold_plan *with_habit(
	struct wearer_param *param, enum wearer_habit_id habit, double size)
{
	*param = plain_script(EX_LYING_TOWEL);
	param->hold_count = 2;
	param->holds[0].habit = (int32_t)habit;
	param->holds[0].habit_size = size;
	param->holds[0].habit_start_s = 5.0;
	return begin(param);
}

/* Lowest and highest thigh elevation from 0.5 s after settling to the end. */
static void extremes(const struct wearer_param *param,
	const struct wearer_hold_plan *hold, double *low, double *high)
{
	*low = 1e9;
	*high = -1e9;
	for (double t = hold->settled_s; t <= hold->leave_s; t += 0.005) {
		*low = fmin(*low, thigh(param, t));
		*high = fmax(*high, thigh(param, t));
	}
}

static void test_swaying_habits(void **state)
{
	static const struct {
		enum wearer_habit_id habit;
		double size, low, high;
		enum hold_result intended;
	} cases[] = {
		/* around 70; cap 85; exhale: 2 deg at 5, 11, 17, 23, 29 s */
		{ HABIT_SWAY, 1.5, 68.5, 71.5, RESULT_DONE },
		{ HABIT_BOUNCE, 8.0, 62.0, 78.0, RESULT_SHORT },
		{ HABIT_DROP, 25.0, 45.0, 70.0, RESULT_SHORT },
		{ HABIT_CREEP, 0.2, 70.0, 75.6, RESULT_DONE },
		{ HABIT_EXHALE, 2.0, 70.0, 80.0, RESULT_DONE },
		{ HABIT_OVER, 8.0, 70.0, 93.0, RESULT_OVER },
		{ HABIT_FLINCH, 8.0, 70.0, 78.0, RESULT_DONE },
		{ HABIT_PUSH_UP, 8.0, 70.0, 78.0, RESULT_DONE },
		{ HABIT_TOWEL, 12.0, 58.0, 70.0, RESULT_SHORT },
		{ HABIT_SLIP, 9.0, 70.0, 70.0, RESULT_DONE },
		{ HABIT_TWIST, 9.0, 70.0, 70.0, RESULT_DONE },
		{ HABIT_LOW, 5.0, 51.0, 51.0, RESULT_SHORT },
		{ HABIT_ASLEEP, 3.0, 70.0, 70.0, RESULT_OVER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct wearer_param param;
		const struct wearer_hold_plan *hold =
			with_habit(&param, cases[i].habit, cases[i].size);
		double low, high;

		extremes(&param, hold, &low, &high);
		assert_close(low, cases[i].low, 0.02);
		assert_close(high, cases[i].high, 0.02);
		assert_int_equal(hold->intended, cases[i].intended);
		/* undone on the way back, and the next hold is as ever */
		assert_close(thigh(&param, hold->flat_s + 1.0), 0.0, 1e-9);
		hold = wearer_hold_truth(&wearer, 1);
		extremes(&param, hold, &low, &high);
		assert_close(low, 70.0, 1e-9);
		assert_close(high, 70.0, 1e-9);
	}
}

static void test_tremor_and_wander(void **state)
{
	struct wearer_param param;
	const struct wearer_hold_plan *hold = with_habit(&param, HABIT_TREMOR, 12.0);
	double square = 0.0, most = 0.0;
	int n = 0;

	(void)state;
	/* 20 s of two waves, 1.3 Hz apart: whole beats to 4 % */
	for (double t = hold->settled_s + 6.0; t < hold->settled_s + 26.0;
		t += 0.001, n++) {
		double rate = wearer_motion_at(&wearer.plan, &param, SITE_THIGH, t)
				      .gyr_rad_s.z *
			DEG_PER_RAD;

		square += rate * rate;
		most = fmax(most, fabs(pelvis(&param, t) - 19.6));
	}
	assert_close(sqrt(square / n), 12.0, 0.3);
	assert_close(most, 0.0, 1e-6); /* the pelvis does not tremble along */
	hold = with_habit(&param, HABIT_WANDER, 1.0);
	for (n = 0, square = 0.0; n < 2000; n++) {
		double d = thigh(&param, hold->settled_s + 7.0 + n * 0.01) - 70.0;

		square += d * d;
	}
	/* 20 s of slow waves: only roughly their deviation */
	assert_true(sqrt(square / n) > 0.6 && sqrt(square / n) < 1.4);
}

static void test_straps_and_pelvis(void **state)
{
	struct wearer_param param;
	const struct wearer_hold_plan *hold = with_habit(&param, HABIT_SLIP, 9.0);
	struct wearer_motion motion =
		wearer_motion_at(&wearer.plan, &param, SITE_THIGH, hold->flat_s + 3.0);

	(void)state;
	/* lying flat after the slip the sensor reads 9 more; so it does at the end */
	assert_close(atan2(motion.acc_m_s2.x, motion.acc_m_s2.y) * DEG_PER_RAD, 9.0, 1e-6);
	hold = with_habit(&param, HABIT_TWIST, 15.0);
	motion = wearer_motion_at(&wearer.plan, &param, SITE_THIGH, hold->flat_s + 3.0);
	assert_close(motion.acc_m_s2.z, -GRAVITY_M_S2 * sin(15.0 * RAD_PER_DEG), 1e-6);
	hold = with_habit(&param, HABIT_PELVIS, 9.0);
	assert_close(pelvis(&param, hold->settled_s + 4.9), 19.6, 1e-6);
	assert_close(pelvis(&param, hold->settled_s + 8.0), 28.6, 1e-6);
	assert_close(thigh(&param, hold->settled_s + 8.0), 70.0, 1e-6);
	assert_close(pelvis(&param, hold->flat_s), 0.0, 1e-6);
	hold = with_habit(&param, HABIT_ROLL, 12.0);
	motion =
		wearer_motion_at(&wearer.plan, &param, SITE_THIGH, hold->settled_s + 9.0);
	/* up = (sin 70, cos 70 cos 12, -cos 70 sin 12) */
	assert_close(motion.acc_m_s2.z,
		-GRAVITY_M_S2 * cos(70.0 * RAD_PER_DEG) * sin(12.0 * RAD_PER_DEG), 1e-6);
}

static void test_breathing_is_not_truth(void **state)
{
	struct wearer_param param = plain_script(EX_LYING_TOWEL);
	double most = 0.0;

	(void)state;
	param.breathing_deg = 1.5;
	begin(&param);
	for (double t = 4.0; t < 8.5; t += 0.01) {
		struct wearer_motion m =
			wearer_motion_at(&wearer.plan, &param, SITE_PELVIS, t);

		assert_close(pelvis(&param, t), 0.0, 1e-9);
		most = fmax(most, atan2(m.acc_m_s2.x, m.acc_m_s2.y) * DEG_PER_RAD);
	}
	assert_close(most, 1.5, 1e-3);
}

static void test_missing_data(void **state)
{
	struct wearer_param param;
	const struct wearer_hold_plan *hold = with_habit(&param, HABIT_GAP, 0.5);
	double at = hold->settled_s + 5.0;
	struct sample s, last = { .t_us = -1 };
	int64_t longest = 0;
	int rows = 0, events = 0;

	(void)state;
	while (wearer_step(&wearer, &param, &s, NULL)) {
		if (last.t_us >= 0 && s.t_us - last.t_us > longest)
			longest = s.t_us - last.t_us;
		assert_false((double)s.t_us * 1e-6 > at + 1e-5 &&
			(double)s.t_us * 1e-6 < at + 0.5 - 1e-5);
		last = s;
	}
	assert_close((double)longest * 1e-6, 0.5, 1.0 / 104.0 + 1e-5);
	hold = with_habit(&param, HABIT_DEAD, 4.0);
	at = hold->settled_s + 5.0;
	while (wearer_step(&wearer, &param, &s, NULL)) {
		bool dead =
			(double)s.t_us * 1e-6 > at && (double)s.t_us * 1e-6 < at + 4.0;

		assert_true(s.imu[SITE_THIGH].present == !dead);
		assert_true(s.imu[SITE_PELVIS].present);
		if (s.event.kind != EVENT_NONE) {
			assert_int_equal(s.event.kind,
				events++ == 0 ? EVENT_FAULT : EVENT_RECOVERED);
			assert_string_equal(s.event.word[0], "thigh");
		}
	}
	assert_int_equal(events, 2);
	param = plain_script(EX_LYING_TOWEL);
	with_habit(&param, HABIT_FROZEN, 4.0);
	param.acc_noise_ug_sqrt_hz = 400.0;
	while (wearer_step(&wearer, &param, &s, NULL)) {
		if (memcmp(&s.imu[0].acc_m_s2, &last.imu[0].acc_m_s2,
			    sizeof s.imu[0].acc_m_s2) == 0)
			rows++;
		last = s;
	}
	assert_close(rows, 4.0 * 104.0 - 1.0, 1.0);
}

static void test_whole_body_habits(void **state)
{
	struct wearer_param param;
	const struct wearer_hold_plan *hold = with_habit(&param, HABIT_PHONE, 20.0);
	double low, high;

	(void)state;
	/* leaves at 5 s, sits and stands in 2 s each, walks, comes back */
	assert_close(hold->leave_s - hold->settled_s, 5.0, 1e-9);
	assert_close(wearer.plan.holds[1].entry_s - hold->flat_s, 28.0 + 15.0, 1e-9);
	/* in the middle of the walk the thigh swings 20 about -90 */
	for (low = 0.0, high = -180.0; high < -75.0; high += 1.0)
		low = fmin(low, thigh(&param, hold->flat_s + 5.0 + (high + 180) / 10));
	assert_close(low, -110.0, 0.5);
	hold = with_habit(&param, HABIT_IDLE, NAN);
	assert_close(hold->leave_s - hold->entry_s, 33.0, 1e-9);
	assert_close(thigh(&param, hold->entry_s + 10.0), 0.0, 1e-9);
	hold = with_habit(&param, HABIT_OTHER_LEG, 5.0);
	assert_close(pelvis(&param, hold->entry_s + 10.0), 5.0, 1e-9);
	assert_close(thigh(&param, hold->entry_s + 10.0), -1.0, 1e-9);
	assert_int_equal(hold->intended, RESULT_NONE);
	/* bent: from 0.6 x 60, where it lay for 25 s, into the band; then flat */
	hold = with_habit(&param, HABIT_BENT, 60.0);
	assert_close(thigh(&param, hold->entry_s - 24.0), 36.0, 1e-9);
	assert_close(thigh(&param, hold->entry_s), 36.0, 1e-9);
	assert_close(thigh(&param, hold->settled_s), 60.0, 1e-9);
	assert_close(thigh(&param, hold->flat_s), 0.0, 1e-9);
	assert_close(pelvis(&param, hold->settled_s), 0.0, 1e-9); /* no stretch */
	assert_int_equal(hold->intended, RESULT_NONE);
	hold = with_habit(&param, HABIT_EARLY, NAN);
	assert_close(hold->entry_s, 4.0, 1e-9); /* at once after strapping */
	assert_int_equal(hold->intended, RESULT_NONE);
	assert_true(hold->flat_s < wearer.plan.reference_s);
	assert_int_equal(wearer.plan.hold_count, 2);
	hold = with_habit(&param, HABIT_FAST, 60.0);
	assert_close(hold->settled_s - hold->entry_s, 1.875 * 70.0 / 60.0, 1e-9);
	hold = with_habit(&param, HABIT_PAIN, 1.5);
	assert_int_equal(wearer.plan.event_count, 2);
	assert_close(wearer.plan.events[0].t_s, hold->settled_s + 5.0, 1e-9);
	assert_close(wearer.plan.events[1].t_s, hold->settled_s + 6.5, 1e-9);
	assert_int_equal(hold->intended, RESULT_STOPPED);
}

static bool same(const struct sample *a, const struct sample *b)
{
	for (int i = 0; i < SITE_COUNT; i++)
		if (a->imu[i].present != b->imu[i].present ||
			vec3_norm(vec3_sub(a->imu[i].acc_m_s2, b->imu[i].acc_m_s2)) !=
				0.0 ||
			vec3_norm(vec3_sub(a->imu[i].gyr_rad_s, b->imu[i].gyr_rad_s)) !=
				0.0)
			return false;
	return a->event.kind == b->event.kind && a->t_us == b->t_us;
}

static void test_every_habit(void **state)
{
	static struct wearer_state calm;
	struct wearer_param param, none;
	struct sample a, b;

	(void)state;
	assert_int_equal(wearer_habit_lookup("no such"), HABIT_COUNT);
	for (int id = 0; id < HABIT_COUNT; id++) {
		bool differs = false, more, before = true;

		assert_int_equal(wearer_habit_lookup(wearer_habits[id].name), id);
		assert_non_null(wearer_habits[id].help);
		with_habit(&param, (enum wearer_habit_id)id, NAN);
		with_habit(&none, HABIT_NONE, NAN);
		calm = wearer;
		with_habit(&param, (enum wearer_habit_id)id, NAN);
		/* without noise, frozen and still look the same */
		param.acc_noise_ug_sqrt_hz = none.acc_noise_ug_sqrt_hz = 1.0;
		do {
			more = wearer_step(&wearer, &param, &a, NULL);
			if (more != wearer_step(&calm, &none, &b, NULL))
				differs = true;
			else if (more && !same(&a, &b))
				differs = true;
			/* nothing happens before the first hold, but for those
			 * that say so */
			if (more && a.t_us < 50000000 && differs)
				before = false;
		} while (more && !differs);
		assert_true(differs == (id != HABIT_NONE));
		assert_true(before || id == HABIT_EARLY);
	}
}

static void test_disturbed_everywhere(void **state)
{
	struct wearer_param param = plain_script(EX_LYING_TOWEL);
	double low, high;

	(void)state;
	param.sway_deg = 2.0;
	param.gap_s = 1.0;
	param.gap_at_s = 5.0;
	param.slip_deg = 6.0;
	begin(&param);
	for (int i = 0; i < 3; i++) {
		extremes(&param, wearer_hold_truth(&wearer, i), &low, &high);
		assert_close(low, 68.0, 0.02);
		assert_close(high, 72.0, 0.02);
	}
	assert_int_equal(wearer.plan.gap_count, 1);
	assert_close(wearer.plan.gaps[0].start_s, 5.0, 0.0);
	assert_close(wearer.plan.gaps[0].end_s, 6.0, 0.0);
	assert_close(atan2(wearer_motion_at(&wearer.plan, &param, SITE_THIGH,
				  wearer.plan.end_s - 1.0)
				    .acc_m_s2.x,
			    GRAVITY_M_S2 * cos(6.0 * RAD_PER_DEG)) *
			DEG_PER_RAD,
		6.0, 1e-6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swaying_habits),
		cmocka_unit_test(test_tremor_and_wander),
		cmocka_unit_test(test_straps_and_pelvis),
		cmocka_unit_test(test_breathing_is_not_truth),
		cmocka_unit_test(test_missing_data),
		cmocka_unit_test(test_whole_body_habits),
		cmocka_unit_test(test_every_habit),
		cmocka_unit_test(test_disturbed_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
