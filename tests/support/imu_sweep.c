/*
 * The runs of imu_sweep.h.
 */
#include "imu_sweep.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define TIME_ERROR_US 15000.0    /* of any reading, at any moment of a fault */
#define BACKLOG_MAX_US 1250000.0 /* that a FIFO holds at 200 Hz */

struct imu_rig rig;

/* Chip, rate, clock error and pin that each sweep is run with. */
/* clang-format off */
const struct sweep_subject sweep_subjects[SWEEP_SUBJECTS] = {
	{ EMUL_MPU6050, CHIP_RATE_200, 0.03, CHIP_PIN_QUIET },
	{ EMUL_MPU6500, CHIP_RATE_100, -0.05, CHIP_PIN_QUIET },
	{ EMUL_LSM6DSO, CHIP_RATE_200, 0.05, CHIP_PIN_QUIET },
	{ EMUL_LSM6DSL, CHIP_RATE_100, -0.02, CHIP_PIN_QUIET },
	{ EMUL_MPU9250, CHIP_RATE_100, 0.05, CHIP_PIN_READY },
	{ EMUL_LSM6DSR, CHIP_RATE_200, -0.03, CHIP_PIN_READY },
};
/* clang-format on */

uint32_t sweep_counted(enum imu_fault fault)
{
	return rig.imu.count[fault];
}

void sweep_begin(size_t subject)
{
	const struct imu_edges edges = { .context = &rig.chip,
		.take = emul_take_pulses };

	imu_rig_init(&rig, sweep_subjects[subject].kind, sweep_subjects[subject].rate, 1);
	rig.chip.rate_error = sweep_subjects[subject].rate_error;
	rig.chip.jitter_us = 30.0;
	if (sweep_subjects[subject].pin == CHIP_PIN_READY)
		imu_set_edges(&rig.imu, &edges);
}

uint64_t sweep_transfers(size_t subject, uint64_t *bringup)
{
	sweep_begin(subject);
	imu_rig_start(&rig, SECOND);
	*bringup = rig.bus.transfers;
	imu_rig_run(&rig, rig.bus.now_us + SECOND);
	assert_int_equal(imu_rig_counts(&rig), 0);
	assert_true(rig.present > 90);
	return rig.bus.transfers;
}

const char *sweep_describe(size_t subject)
{
	static char text[400];
	const struct emul_fault *f = &rig.bus.fault;
	int used = snprintf(text, sizeof text,
		"%s, %s at transfer %llu (%llu transfers, "
		"%lld us, amount %u): wrong %llu near %llu stale %llu repeated %llu, "
		"times %.0f to %.0f us",
		emul_names[sweep_subjects[subject].kind], emul_fault_names[f->kind],
		(unsigned long long)f->first, (unsigned long long)f->transfers,
		(long long)f->for_us, f->amount, (unsigned long long)rig.wrong,
		(unsigned long long)rig.near, (unsigned long long)rig.stale,
		(unsigned long long)rig.repeated, rig.early_us, rig.tardy_us);

	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		if (rig.imu.count[i] != 0 && used >= 0 && (size_t)used < sizeof text)
			used += snprintf(text + used, sizeof text - (size_t)used,
				", %s %u", imu_fault_names[i], rig.imu.count[i]);
	return text;
}

void sweep_run(size_t subject, const struct emul_fault *fault, struct sweep *sweep)
{
	uint64_t present, absent, lost;
	int64_t until_us;
	double rate_hz;
	/* A backlog from before the rate was learned is 5 % longer or shorter. */
	double error_us =
		TIME_ERROR_US + 0.05 * fmin((double)fault->for_us, BACKLOG_MAX_US);

	sweep_begin(subject);
	rig.bus.fault = *fault;
	while (!rig.bus.ended) {
		imu_rig_run(&rig, rig.bus.now_us + 20000);
		CHECK(rig.bus.now_us < 20 * SECOND, subject);
	}
	until_us = rig.bus.end_us + 2 * SECOND;
	while (rig.bus.now_us < until_us && rig.good_us < rig.bus.end_us)
		imu_rig_run(&rig, rig.bus.now_us + 10000);
	CHECK(rig.good_us >= rig.bus.end_us, subject);
	if (rig.good_us - rig.bus.end_us > sweep->slowest_us)
		sweep->slowest_us = rig.good_us - rig.bus.end_us;
	imu_rig_run(&rig, until_us);
	CHECK(rig.imu.state == IMU_STREAM && rig.imu.fault == IMU_OK, subject);
	present = rig.present;
	absent = rig.absent;
	lost = rig.lost;
	imu_rig_run(&rig, until_us + SECOND / 2);
	rate_hz = emul_true_rate_hz(&rig.chip);
	CHECK(rig.absent == absent && rig.lost == lost, subject);
	CHECK(fabs((double)(rig.present - present) - 0.5 * rate_hz) < 16.0, subject);
	CHECK(rig.wrong == 0 && rig.repeated == 0, subject);
	CHECK(rig.early_us > -error_us && rig.tardy_us < error_us, subject);
	sweep->early_us = fmin(sweep->early_us, rig.early_us);
	sweep->tardy_us = fmax(sweep->tardy_us, rig.tardy_us);
	CHECK(!rig.chip.wrote_before_id, subject);
	sweep->runs++;
	sweep->absent += rig.absent;
	sweep->near += rig.near;
	sweep->near_acc_m_s2 = fmax(sweep->near_acc_m_s2, rig.near_acc_m_s2);
	sweep->near_gyr_rad_s = fmax(sweep->near_gyr_rad_s, rig.near_gyr_rad_s);
	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		sweep->count[i] += rig.imu.count[i];
}

void sweep_report(const char *name, const struct sweep *sweep)
{
	printf("# %s: %llu runs, recovery within %.2f s, times %.1f to %.1f ms off", name,
		(unsigned long long)sweep->runs, (double)sweep->slowest_us * 1e-6,
		sweep->early_us * 1e-3, sweep->tardy_us * 1e-3);
	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		if (sweep->count[i] != 0)
			printf(", %s %u", imu_fault_names[i], sweep->count[i]);
	printf("\n");
}
