/*
 * A sensor's driver on an emulated chip, with a virtual clock, and a judge that
 * compares every reading with the log of what the chip really measured.
 */
#ifndef STRETCH_TESTS_IMU_RIG_H
#define STRETCH_TESTS_IMU_RIG_H

#include "emul_bus.h"
#include "stretch/imu.h"

struct imu_rig {
	struct emul chip;
	struct emul_bus bus;
	struct imu imu;
	struct random random;
	double late_us;    /* each step comes up to so much later than asked for */
	int64_t settle_us; /* times are judged from then on */

	uint64_t next; /* log index that is expected next */
	bool started;
	uint64_t present, absent, lost, wrong, near, stale;
	uint64_t repeated; /* times that did not grow */
	int64_t last_t_us;
	int64_t good_us;           /* when the last present reading was delivered */
	double early_us, tardy_us; /* extremes of time given - time taken */
	double near_acc_m_s2, near_gyr_rad_s; /* largest error that passed as good */
};

void imu_rig_init(
	struct imu_rig *rig, enum emul_kind kind, enum chip_rate rate, uint64_t seed);

/* Runs until the virtual clock reads until_us. */
void imu_rig_run(struct imu_rig *rig, int64_t until_us);

/* Judges one frame. */
void imu_rig_judge(struct imu_rig *rig, const struct imu_frame *frame);

/* Runs until it streams; asserts that it does within limit_us. */
void imu_rig_start(struct imu_rig *rig, int64_t limit_us);

/* Sum of all fault counters. */
uint32_t imu_rig_counts(const struct imu_rig *rig);

#endif
