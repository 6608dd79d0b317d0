/*
 * The rig of imu_rig.h.
 */
#include "imu_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define G_M_S2 9.80665

void imu_rig_init(
	struct imu_rig *rig, enum emul_kind kind, enum chip_rate rate, uint64_t seed)
{
	uint8_t address = kind >= EMUL_LSM6DSO && kind <= EMUL_LSM6DSL ? 0x6A : 0x68;
	struct bus door;

	memset(rig, 0, sizeof *rig);
	emul_init(&rig->chip, kind, address, seed);
	emul_bus_init(&rig->bus);
	emul_bus_add(&rig->bus, &rig->chip);
	door = emul_bus_door(&rig->bus);
	imu_init(&rig->imu, &door, address, rate);
	random_seed(&rig->random, seed, 2);
	rig->late_us = 2000.0;
	rig->last_t_us = INT64_MIN;
	rig->early_us = 1e9;
	rig->tardy_us = -1e9;
	emul_bus_advance(&rig->bus, 1000000);
}

static void scaled(
	const struct chip *chip, const struct emul_sample *sample, double value[6])
{
	for (int axis = 0; axis < 3; axis++) {
		value[axis] = sample->acc[axis] * chip->acc_m_s2;
		value[3 + axis] = sample->gyr[axis] * chip->gyr_rad_s;
	}
}

static void values(const struct imu_reading *reading, double value[6])
{
	value[0] = reading->acc_m_s2.x;
	value[1] = reading->acc_m_s2.y;
	value[2] = reading->acc_m_s2.z;
	value[3] = reading->gyr_rad_s.x;
	value[4] = reading->gyr_rad_s.y;
	value[5] = reading->gyr_rad_s.z;
}

/* Largest error of acceleration and of turn rate against what really was. */
static void errors(const struct emul_sample *sample, const double value[6],
	double *acc_m_s2, double *gyr_rad_s)
{
	*acc_m_s2 = 0.0;
	*gyr_rad_s = 0.0;
	for (int axis = 0; axis < 3; axis++) {
		*acc_m_s2 =
			fmax(*acc_m_s2, fabs(value[axis] - sample->acc_g[axis] * G_M_S2));
		*gyr_rad_s = fmax(*gyr_rad_s,
			fabs(value[3 + axis] - sample->gyr_dps[axis] * RAD_PER_DEG));
	}
}

/* The logged sample with those values; of several, the one closest in time. */
static const struct emul_sample *find_exact(
	struct imu_rig *rig, const double value[6], int64_t t_us)
{
	const struct emul_sample *best = NULL;
	uint64_t from = rig->started ? rig->next : 0;

	if (from + EMUL_LOG < rig->chip.samples)
		from = rig->chip.samples - EMUL_LOG;
	for (uint64_t i = from; i < rig->chip.samples; i++) {
		const struct emul_sample *sample = emul_sample_at(&rig->chip, i);
		double logged[6];

		if (rig->chip.ever_frozen && fabs(sample->t_us - (double)t_us) > 2e5)
			continue;
		scaled(rig->imu.chip, sample, logged);
		if (memcmp(logged, value, sizeof logged) != 0)
			continue;
		if (best == NULL ||
			fabs(sample->t_us - (double)t_us) <
				fabs(best->t_us - (double)t_us))
			best = sample;
		if (!rig->chip.ever_frozen)
			break;
	}
	return best;
}

/* The sample that was taken closest to a time. */
static const struct emul_sample *find_near(const struct imu_rig *rig, int64_t t_us)
{
	const struct emul_sample *best = NULL;
	uint64_t from = rig->chip.samples > EMUL_LOG ? rig->chip.samples - EMUL_LOG : 0;

	for (uint64_t i = from; i < rig->chip.samples; i++) {
		const struct emul_sample *sample = emul_sample_at(&rig->chip, i);

		if (best == NULL ||
			fabs(sample->t_us - (double)t_us) <
				fabs(best->t_us - (double)t_us))
			best = sample;
	}
	return best;
}

static void judge_near(
	struct imu_rig *rig, const struct imu_frame *frame, const double value[6])
{
	const struct emul_sample *sample = find_near(rig, frame->t_us);
	double acc_m_s2, gyr_rad_s;

	if (sample == NULL) {
		rig->wrong++;
		return;
	}
	errors(sample, value, &acc_m_s2, &gyr_rad_s);
	if (acc_m_s2 > IMU_LEAP_ACC_M_S2 * 1.1 || gyr_rad_s > IMU_LEAP_GYR_RAD_S * 1.1) {
		rig->wrong++;
		return;
	}
	rig->near++;
	rig->near_acc_m_s2 = fmax(rig->near_acc_m_s2, acc_m_s2);
	rig->near_gyr_rad_s = fmax(rig->near_gyr_rad_s, gyr_rad_s);
	if (rig->started && sample->index >= rig->next)
		rig->next = sample->index + 1;
}

void imu_rig_judge(struct imu_rig *rig, const struct imu_frame *frame)
{
	const struct emul_sample *sample;
	double value[6], acc_m_s2, gyr_rad_s, error_us;

	if (rig->last_t_us != INT64_MIN && frame->t_us <= rig->last_t_us)
		rig->repeated++;
	rig->last_t_us = frame->t_us;
	if (!frame->reading.present) {
		rig->absent++;
		return;
	}
	rig->present++;
	rig->good_us = rig->bus.now_us;
	values(&frame->reading, value);
	sample = find_exact(rig, value, frame->t_us);
	if (sample == NULL) {
		judge_near(rig, frame, value);
		return;
	}
	errors(sample, value, &acc_m_s2, &gyr_rad_s);
	/* Four counts: noise of three, rounding. */
	if (sample->stale)
		rig->stale++;
	else if (acc_m_s2 > 4.1 * rig->imu.chip->acc_m_s2 ||
		gyr_rad_s > 4.1 * rig->imu.chip->gyr_rad_s)
		rig->wrong++;
	if (rig->started)
		rig->lost += sample->index - rig->next;
	rig->started = true;
	rig->next = sample->index + 1;
	if (rig->bus.now_us >= rig->settle_us) {
		error_us = (double)frame->t_us - sample->t_us;
		rig->early_us = fmin(rig->early_us, error_us);
		rig->tardy_us = fmax(rig->tardy_us, error_us);
	}
}

static void step(struct imu_rig *rig, int64_t until_us)
{
	struct imu_batch batch;
	int64_t wake_us = imu_step(&rig->imu, rig->bus.now_us, &batch);

	for (int32_t i = 0; i < batch.count; i++)
		imu_rig_judge(rig, &batch.frame[i]);
	if (wake_us <= rig->bus.now_us)
		return;
	wake_us += (int64_t)random_between(&rig->random, 0.0, rig->late_us);
	emul_bus_advance(&rig->bus, wake_us < until_us ? wake_us : until_us);
}

void imu_rig_run(struct imu_rig *rig, int64_t until_us)
{
	while (rig->bus.now_us < until_us)
		step(rig, until_us);
}

void imu_rig_start(struct imu_rig *rig, int64_t limit_us)
{
	int64_t until_us = rig->bus.now_us + limit_us;

	while (rig->imu.state != IMU_STREAM && rig->bus.now_us < until_us)
		step(rig, until_us);
	assert_int_equal(rig->imu.state, IMU_STREAM);
}

uint32_t imu_rig_counts(const struct imu_rig *rig)
{
	uint32_t sum = 0;

	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		sum += rig->imu.count[i];
	return sum;
}
