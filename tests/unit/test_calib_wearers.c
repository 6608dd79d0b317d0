/*
 * How good the angles are in the end: simulated people with the worst chips of a
 * data sheet, calibrated by hand and strapped on anyhow, stretching sloppily.
 *
 * Each wearer draws: person, exercise, strap, two chips (errors of an MPU-6050 at
 * its limits, calibrated as `stretchctl calibrate` does it, gyro scale up to 3 %),
 * warming since calibration, soft tissue that wobbles and turns the strap by 0.25
 * degrees (one sigma) in a raise, a leg that drifts out. The
 * truth is the wearer's own. Errors are those of the mean angle of each hold's
 * counted part, and the root mean square over its samples.
 *
 * The same people with the chip as it comes out of its bag (gyroscope zero anywhere
 * within the 20 deg/s of the data sheet, accelerometer errors as above): no good
 * figures are owed there, but a session that works and says how far to trust it.
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
#include "../support/effort.h"
#include "stretch/raw.h"
#include "stretch/session.h"
#include "stretch/wearer.h"
#include "stretchctl/calib_judge.h"

#define WEARERS 100
#define WEARERS_SOAK 1000
#define SEED UINT64_C(7000)
#define HOLDS_MAX (WEARERS_SOAK * WEARER_PRESET_HOLDS)

static const struct vec3 poses[14] = { { 1, 0, 0 }, { -1, 0, 0 }, { 0, 1, 0 },
	{ 0, -1, 0 }, { 0, 0, 1 }, { 0, 0, -1 }, { 1, 1, 1 }, { -1, 1, 1 }, { 1, -1, 1 },
	{ 1, 1, -1 }, { -1, -1, 1 }, { -1, 1, -1 }, { 1, -1, -1 }, { -1, -1, -1 } };

static const enum exercise_id drawn[] = { EX_LYING_TOWEL, EX_LYING_HANDS,
	EX_LYING_STRAP, EX_DOORWAY, EX_SEATED_LEG, EX_SEATED_BUTTERFLY };

static const struct calib_wish wish_auto = { 0, GRAVITY_M_S2, INT64_MAX };
static struct calib_collect collect;
static struct calib_verdict verdict;

/* One hold, thigh (0) and hip flexion (1). */
struct hold_error {
	double sum[2], square[2], stated[2];
	int n;
};

struct figures {
	double rms[2][HOLDS_MAX];
	int count, inside[2];
	bool bare; /* the chips are not calibrated */
	int uncalibrated;
};

static int wearers(void)
{
	return effort_times(WEARERS, WEARERS_SOAK, WEARERS / 10);
}

/* A chip at its data sheet's limits and what calibrating it by hand found. */
static bool calibrated_chip(uint64_t seed, struct wearer_imu *imu, struct calib *calib)
{
	struct chip chip;
	struct chip_play play;
	double spread = 3.0 / sqrt(3.0);

	chip_draw(&chip, seed, 80.0, 0.03, 0.02);
	calib_collect_init(&collect);
	play = (struct chip_play){ .chip = &chip, .hand = chip_hand(),
		.collect = &collect, .up = { 0, 0, 1 } };
	for (int i = 0; i < 14; i++)
		chip_pose(&play, chip_near(&chip.random, vec3_unit(poses[i]), 12.0), 0.0);
	chip_wave(&play, 1.0);
	calib_judge(&collect, &wish_auto, &verdict);
	*calib = verdict.good ? verdict.file.calib : calib_none();
	imu->acc_matrix = chip.distort;
	imu->acc_bias_m_s2 = chip.bias_m_s2;
	imu->gyr_bias_rad_s = chip.gyr_bias_rad_s;
	imu->gyr_scale = (struct vec3){ 0.01 * random_between(&chip.random, -3.0, 3.0),
		0.01 * random_between(&chip.random, -3.0, 3.0),
		0.01 * random_between(&chip.random, -3.0, 3.0) };
	/* 5 C away from the calibration: 0.5 and 0.86 mg a degree by data sheet */
	imu->acc_bias_m_s2 = vec3_add(imu->acc_bias_m_s2, vec3_scale((struct vec3){
		0.5 * random_gauss(&chip.random), 0.5 * random_gauss(&chip.random),
		0.86 * random_gauss(&chip.random) }, spread * CHIP_MG));
	return verdict.good;
}

static void bare_chip(uint64_t seed, struct wearer_imu *imu, struct calib *calib)
{
	struct chip chip;

	chip_draw(&chip, seed, 80.0, 0.03, 0.02);
	*calib = calib_none();
	imu->acc_matrix = chip.distort;
	imu->acc_bias_m_s2 = chip.bias_m_s2;
	imu->gyr_bias_rad_s = vec3_scale((struct vec3){
		random_between(&chip.random, -20.0, 20.0),
		random_between(&chip.random, -20.0, 20.0),
		random_between(&chip.random, -20.0, 20.0) }, RAD_PER_DEG);
	imu->gyr_scale = (struct vec3){ 0.01 * random_between(&chip.random, -3.0, 3.0),
		0.01 * random_between(&chip.random, -3.0, 3.0),
		0.01 * random_between(&chip.random, -3.0, 3.0) };
}

static struct wearer_param draw_wearer(uint64_t seed, struct session_inputs *in,
	struct figures *figures)
{
	struct random random;
	enum exercise_id exercise;
	struct wearer_param p;

	random_seed(&random, seed, 1);
	exercise = drawn[random_u64(&random) % (sizeof drawn / sizeof drawn[0])];
	p = wearer_default(exercise, random_uniform(&random) < 0.5 ? SIDE_LEFT : SIDE_RIGHT);
	p.sensors = 2;
	p.seed = seed;
	wearer_set_person(&p, &wearer_persons[random_u64(&random) % WEARER_PERSONS]);
	wearer_strap_randomly(&p);
	p.skin_deg[SITE_THIGH] = 0.25 * random_gauss(&random);
	p.skin_deg[SITE_PELVIS] = 0.25 * random_gauss(&random);
	p.soft_tissue_deg = random_between(&random, 0.02, 0.15);
	for (int i = 0; i < p.hold_count; i++) {
		p.holds[i].habit = HABIT_DRIFT;
		p.holds[i].habit_size = 3.0 * random_gauss(&random);
	}
	for (int site = 0; site < SITE_COUNT; site++)
		if (figures->bare)
			bare_chip(seed * 2 + (uint64_t)site, &p.imu[site],
				&in->calib[site]);
		else if (!calibrated_chip(seed * 2 + (uint64_t)site, &p.imu[site],
			&in->calib[site]))
			figures->uncalibrated++;
	return p;
}

static void add(struct hold_error *e, const struct session_output *out,
	const struct truth *truth)
{
	const struct judged_row *row = &out->judged;
	double off[2] = { row->thigh_elevation_deg - truth->thigh_elevation_deg,
		row->hip_flexion_deg - truth->hip_flexion_deg };
	double stated[2] = { 1.96 * row->thigh_elevation_error_deg,
		row->hip_flexion_high_deg - row->hip_flexion_deg };

	for (int q = 0; q < 2; q++) {
		e->sum[q] += off[q];
		e->square[q] += off[q] * off[q];
		e->stated[q] += stated[q];
	}
	e->n++;
}

static void close_hold(struct figures *f, struct hold_error *e)
{
	if (e->n > 100) {
		for (int q = 0; q < 2; q++) {
			f->rms[q][f->count] = sqrt(e->square[q] / e->n);
			f->inside[q] += fabs(e->sum[q]) <= e->stated[q];
		}
		f->count++;
	}
	memset(e, 0, sizeof *e);
}

static int play(uint64_t seed, struct figures *figures)
{
	static struct session_inputs in;
	static struct session_state session;
	static struct wearer_state wearer;
	struct session_output out;
	struct wearer_param p;
	struct sample sample;
	struct truth truth;
	struct hold_error error = { .n = 0 };
	int before = figures->count;

	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	p = draw_wearer(seed, &in, figures);
	in.settings.exercise = (int32_t)p.exercise;
	in.settings.side = (int32_t)p.side;
	in.settings.hold_s = p.prescribed_s;
	in.settings.reps = p.hold_count;
	in.mode = MODE_THIGH_PELVIS;
	in.reference_from_us = in.reference_to_us = -1;
	in.armed = true;
	assert_null(wearer_init(&wearer, &p));
	assert_null(session_init(&session, &in));
	while (wearer_step(&wearer, &p, &sample, &truth)) {
		(void)raw_round(&sample);
		session_step(&session, &in, &sample, &out);
		if (out.judged.counting)
			add(&error, &out, &truth);
		if (out.hold_due)
			close_hold(figures, &error);
	}
	close_hold(figures, &error);
	return figures->count - before;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * A leg that is up while the first pose is taken, or a hold begun before the rest
 * that the lamp waits for, gives a wrong zero when neither its shaking nor its lying
 * down later tells: gravity alone cannot. These wearers follow no lamp.
 */
static void expect_few_lost(const struct figures *f, double limit_deg)
{
	int lost = 0;

	for (int k = 0; k < f->count; k++)
		lost += f->rms[0][k] > limit_deg;
	printf("# holds more than %.1f deg off: %d of %d\n", limit_deg, lost, f->count);
	assert_true(lost * 1000 <= f->count);
}

/* Goals: median 0.5 deg, 95th percentile 1.0 deg, range right in 93 to 99 %. */
static void angles_of_calibrated_wearers(void **state)
{
	static const char *const names[2] = { "thigh elevation", "hip flexion" };
	static struct figures f;
	int count = wearers(), silent = 0;

	(void)state;
	for (int k = 0; k < count; k++)
		silent += play(SEED + (uint64_t)k, &f) == 0;
	printf("# %d wearers, seeds from %llu: %d holds, %d wearers without one, %d "
		"calibrations refused\n", count, (unsigned long long)SEED, f.count, silent,
		f.uncalibrated);
	for (int q = 0; q < 2; q++) {
		double *rms = f.rms[q], part = (double)f.inside[q] / f.count;

		qsort(rms, (size_t)f.count, sizeof *rms, compare);
		printf("# %s in holds: RMSE median %.2f, 95 %% %.2f, worst %.2f deg; stated "
			"95 %% range holds in %.1f %%\n", names[q], rms[f.count / 2],
			rms[(int)(0.95 * f.count)], rms[f.count - 1], 100.0 * part);
		assert_true(rms[f.count / 2] <= 0.5);
		assert_true(rms[(int)(0.95 * f.count)] <= 1.0);
		/* a hundredth of so few is less than one of them */
		assert_true(EFFORT_FEW || (part >= 0.93 && part <= 0.99));
	}
	assert_true(EFFORT_FEW || silent * 100 <= count);
	expect_few_lost(&f, 4.6);
}

/*
 * Two directions of an uncalibrated chip are off by up to 4.6 deg each (80 mg on
 * three axes, 3 % scale), so a difference of two by 9.2 at the very worst: never a
 * mirrored or a lost angle. Who gets no hold from such a chip is refused, not misled:
 * how many is printed.
 */
static void angles_of_chips_as_they_come(void **state)
{
	static struct figures f = { .bare = true };
	int count = wearers(), silent = 0;
	double worst = 0.0;

	(void)state;
	for (int k = 0; k < count; k++)
		silent += play(SEED + (uint64_t)k, &f) == 0;
	for (int k = 0; k < f.count; k++)
		worst = fmax(worst, f.rms[0][k]);
	qsort(f.rms[0], (size_t)f.count, sizeof f.rms[0][0], compare);
	printf("# uncalibrated, gyroscope zero within 20 deg/s: %d wearers, %d holds, %d "
		"wearers without one; thigh RMSE median %.2f, 95 %% %.2f, worst %.2f deg\n",
		count, f.count, silent, f.rms[0][f.count / 2],
		f.rms[0][(int)(0.95 * f.count)], worst);
	assert_true(f.count > count);
	expect_few_lost(&f, 9.2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(angles_of_calibrated_wearers),
		cmocka_unit_test(angles_of_chips_as_they_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
