/*
 * What must not matter: on which side the wearer is strapped, how the strap is turned,
 * and what must never help: more sway, time past the cap, a gap. Whole sessions of
 * simulated wearers, seeds printed; no expected figures but those of the other session.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/judge.h"

#define SEED 5200

static struct judge_run run;

static void begin(enum exercise_id exercise, int32_t sensors, uint64_t seed)
{
	judge_init(&run, exercise, sensors);
	run.param.seed = seed;
	run.param.rate_hz = 52.0;
	run.param.prescribed_s = 15.0;
	run.param.rest_s = 12.0;
	wearer_strap_randomly(&run.param);
}

static double play(void)
{
	double sum_s = 0.0;

	judge_start(&run);
	judge_all(&run);
	for (int k = 0; k < run.hold_count; k++)
		sum_s += run.holds[k].hold_s;
	return sum_s;
}

/* In the mirror: accelerations are reflected, turns are reflected and reversed. */
static void mirror(struct sample *sample)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_reading *r = &sample->imu[site];

		r->acc_m_s2.z = -r->acc_m_s2.z;
		r->gyr_rad_s.x = -r->gyr_rad_s.x;
		r->gyr_rad_s.y = -r->gyr_rad_s.y;
	}
}

static void play_mirrored(void)
{
	run.inputs.settings.side = SIDE_RIGHT;
	judge_start(&run);
	while (wearer_step(&run.wearer, &run.param, &run.sample, &run.truth)) {
		/* the announced side is an event of the recording; it is mirrored too */
		run.sample.event.kind = run.sample.event.kind == EVENT_START
			? EVENT_NONE : run.sample.event.kind;
		mirror(&run.sample);
		session_step(&run.state, &run.inputs, &run.sample, &run.out);
		if (run.out.hold_due)
			run.holds[run.hold_count++] = run.out.hold;
	}
}

static void test_the_mirror_image_gives_the_mirror_result(void **state)
{
	static const enum exercise_id ids[] = { EX_LYING_TOWEL, EX_DOORWAY, EX_SEATED_LEG,
		EX_STANDING_BEND };
	double worst_s = 0.0, worst_deg = 0.0;
	int cases = effort_times(8, 8, 3);

	(void)state;
	for (int i = 0; i < cases; i++) {
		struct hold_row kept[3];
		int32_t sensors = 1 + i % 2;

		for (int mirrored = 0; mirrored < 2; mirrored++) {
			begin(ids[i / 2], sensors, SEED + (uint64_t)i);
			run.param.holds[1].habit = HABIT_DRIFT;
			run.param.holds[2].habit = HABIT_BOUNCE;
			if (mirrored)
				play_mirrored();
			else
				(void)play();
			assert_int_equal(run.hold_count, 3);
			for (int k = 0; k < 3; k++) {
				const struct hold_row *row = &run.holds[k];

				if (!mirrored) {
					kept[k] = *row;
					continue;
				}
				assert_int_equal(row->result, kept[k].result);
				assert_int_equal(row->reason, kept[k].reason);
				assert_int_equal(row->pelvis_verdict,
					kept[k].pelvis_verdict);
				worst_s = fmax(worst_s,
					fabs(row->hold_s - kept[k].hold_s));
				worst_deg = fmax(worst_deg, fabs(
					row->thigh_elevation_mean_deg -
					kept[k].thigh_elevation_mean_deg));
				/* out to the left is out to the right */
				worst_deg = fmax(worst_deg, fabs(
					row->out_of_plane_max_deg +
					kept[k].out_of_plane_max_deg));
			}
		}
	}
	printf("# mirrored, seeds %d-%d: seconds within %.1e, angles within %.1e deg\n",
		SEED, SEED + cases - 1, worst_s, worst_deg);
	assert_true(worst_s < 1e-6 && worst_deg < 1e-6);
}

/* Little noise, for it is drawn by axis and turns with the strap; without any, a chip
 * at rest would be taken for a frozen one. */
static void test_turning_the_strap_changes_nothing(void **state)
{
	static const enum exercise_id ids[] = { EX_LYING_TOWEL, EX_DOORWAY, EX_SEATED_LEG,
		EX_STANDING_BEND };
	double worst_deg = 0.0, worst_s = 0.0;
	int turns = effort_times(8, 8, 3);

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct hold_row kept[3];
		struct random random;

		random_seed(&random, SEED + 50, (uint64_t)i);
		for (int turn = 0; turn < turns; turn++) {
			begin(ids[i], 2, SEED + 60 + (uint64_t)i);
			run.param.acc_noise_ug_sqrt_hz = 20.0;
			run.param.gyr_noise_deg_s_sqrt_hz = 0.0005;
			for (int site = 0; site < SITE_COUNT; site++)
				run.param.imu[site].strap = random_rotation(&random);
			(void)play();
			assert_int_equal(run.hold_count, 3);
			for (int k = 0; k < 3; k++) {
				const struct hold_row *row = &run.holds[k];

				if (turn == 0) {
					kept[k] = *row;
					continue;
				}
				assert_int_equal(row->result, kept[k].result);
				assert_int_equal(row->pelvis_verdict,
					kept[k].pelvis_verdict);
				worst_s = fmax(worst_s,
					fabs(row->hold_s - kept[k].hold_s));
				worst_deg = fmax(worst_deg, fabs(row->angle_mean_deg -
					kept[k].angle_mean_deg));
				worst_deg = fmax(worst_deg, fabs(row->angle_peak_deg -
					kept[k].angle_peak_deg));
				worst_deg = fmax(worst_deg, fabs(
					row->pelvis_tilt_mean_deg -
					kept[k].pelvis_tilt_mean_deg));
			}
		}
	}
	printf("# %d other straps, 4 exercises, seeds %d-%d: angles within %.4f deg, "
	       "seconds within %.3f\n", turns - 1, SEED + 60, SEED + 63, worst_deg, worst_s);
	assert_true(worst_deg <= 0.1);
	assert_true(worst_s <= 0.1);
}

static void test_more_sway_never_counts_more(void **state)
{
	double worst_s = -1e9;
	int cases = effort_times(12, 12, 4);

	(void)state;
	for (int i = 0; i < cases; i++) {
		double before_s = 1e9;

		for (double size = 0.5; size <= 5.0; size += 1.5) {
			double now_s;

			begin(i % 2 == 0 ? EX_LYING_TOWEL : EX_STANDING_BEND, 1 + i % 2,
				SEED + 100 + (uint64_t)i);
			run.param.wander_deg = size;
			now_s = play();
			worst_s = fmax(worst_s, now_s - before_s);
			before_s = now_s;
		}
	}
	printf("# sway of SD 0.5, 2, 3.5, 5 deg, seeds %d-%d: more of it counted at most "
	       "%.2f s more in three holds\n", SEED + 100, SEED + 99 + cases, worst_s);
	/* the edges of a hold move by less than a still window's fraction */
	assert_true(worst_s <= 0.5);
}

static void test_gap_and_cap_never_count_more(void **state)
{
	struct random random;
	double gap_s = -1e9, cap_s = -1e9;
	int cases = effort_times(20, 20, 5);

	(void)state;
	random_seed(&random, SEED + 200, 0);
	for (int i = 0; i < cases; i++) {
		double start_s = random_between(&random, 0.5, 12.0);
		double length_s = random_between(&random, 0.1, 5.0);
		double calm_s;

		for (int what = 0; what < 3; what++) {
			struct wearer_hold *hold = &run.param.holds[0];

			begin(EX_LYING_TOWEL, 1, SEED + 210 + (uint64_t)i);
			run.param.hold_count = 1;
			hold->habit = what == 1 ? HABIT_GAP : HABIT_OVER;
			hold->habit = what == 0 ? HABIT_NONE : hold->habit;
			hold->habit_start_s = start_s;
			if (what == 1)
				hold->habit_size = length_s;
			else
				hold->habit_length_s = length_s;
			if (what == 0)
				calm_s = play();
			else if (what == 1)
				gap_s = fmax(gap_s, play() - calm_s + length_s);
			else
				cap_s = fmax(cap_s, play() - calm_s);
		}
	}
	printf("# %d gaps of 0.1-5 s, seeds %d on: seconds beyond calm less the gap at "
	       "most %.3f; as often past the cap: beyond calm at most %.3f\n", cases,
		SEED + 210, gap_s, cap_s);
	/* a gap loses its own time and a sample at each end at the least */
	assert_true(gap_s <= 2.0 / 52.0);
	assert_true(cap_s <= 0.0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_mirror_image_gives_the_mirror_result),
		cmocka_unit_test(test_turning_the_strap_changes_nothing),
		cmocka_unit_test(test_more_sway_never_counts_more),
		cmocka_unit_test(test_gap_and_cap_never_count_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
