/*
 * One fault a run, again and again: four chips, each transfer of bring-up and of one
 * second of streaming. What holds for every fault is checked here.
 */
#ifndef STRETCH_TESTS_IMU_SWEEP_H
#define STRETCH_TESTS_IMU_SWEEP_H

#include "imu_rig.h"

#define SECOND INT64_C(1000000)

struct sweep_subject {
	enum emul_kind kind;
	enum chip_rate rate;
	double rate_error;
	enum chip_pin pin; /* CHIP_PIN_READY: its edges teach the clock */
};

#define SWEEP_SUBJECTS 6

extern const struct sweep_subject sweep_subjects[SWEEP_SUBJECTS];

/* The rig of the run that is on. */
extern struct imu_rig rig;

/* What the runs of one fault came to. */
struct sweep {
	uint64_t runs, absent, near;
	int64_t slowest_us;        /* recovery, from the fault's end */
	double early_us, tardy_us; /* of all times given out: against the log */
	double near_acc_m_s2, near_gyr_rad_s;
	uint32_t count[IMU_FAULT_COUNT];
};

/* A fresh rig with that subject. */
void sweep_begin(size_t subject);

/* Transfers that bring-up and one second of streaming take. */
uint64_t sweep_transfers(size_t subject, uint64_t *bringup);

/*
 * One run: until the fault is over, 2 s more, and half a second that must be clean.
 * Asserts recovery, honest readings, honest times, no write before WHO_AM_I.
 */
void sweep_run(size_t subject, const struct emul_fault *fault, struct sweep *sweep);

/* The figures of a sweep. */
void sweep_report(const char *name, const struct sweep *sweep);

/* How often the driver counted a fault in this run. */
uint32_t sweep_counted(enum imu_fault fault);

/* The run in words, for a message. */
const char *sweep_describe(size_t subject);

#define CHECK(what, subject) \
	do { \
		if (!(what)) \
			fail_msg("%s: " #what, sweep_describe(subject)); \
	} while (0)

#endif
