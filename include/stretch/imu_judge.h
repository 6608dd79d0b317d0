/*
 * Is a frame a measurement? The last look at a sensor's data before they leave.
 *
 * All zeros, all ones (a bus held low, a chip that is not there) and frames that
 * repeat bit for bit become absent readings: a sensor at rest is noisy, so that
 * the third equal frame in a row is no measurement (by chance: once in decades).
 * A value that leaps away and comes back within one frame is a bit that the bus
 * flipped: absent too. To know that it came back, a frame that leaps is held
 * back until the next one, and so is the first of a stream; one that leaps and
 * stays is a knock, and is passed on.
 */
#ifndef STRETCH_IMU_JUDGE_H
#define STRETCH_IMU_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/chip.h"
#include "stretch/sample.h"

/* Leaps below these are not looked at: 0.3 g; 20 deg/s. */
#define IMU_LEAP_ACC_M_S2 3.0
#define IMU_LEAP_GYR_RAD_S 0.35

struct imu_frame {
	int64_t t_us;
	struct imu_reading reading;
};

/* Frames of one step, in order of time. */
#define IMU_BATCH_MAX 32

struct imu_batch {
	int32_t count;
	struct imu_frame frame[IMU_BATCH_MAX + 1]; /* one may have been held back */
};

enum imu_seen { IMU_SEEN_GOOD, IMU_SEEN_ZEROS, IMU_SEEN_ONES, IMU_SEEN_FROZEN };

struct imu_judge {
	struct chip_counts last; /* frame before, whatever it was */
	struct imu_frame before; /* last good reading */
	struct imu_frame held;   /* leapt; its successor decides */
	bool has_last, has_before, has_held;
	enum imu_seen seen;
	int32_t run;     /* frames in a row that were `seen`, if not good */
	uint32_t spikes; /* leaps that came back, since init */
};

void imu_judge_init(struct imu_judge *judge);

/*
 * The stream was interrupted: no leap is told by the frame before. Equal ones are: a chip
 * that is frozen still is after it was started anew.
 */
void imu_judge_break(struct imu_judge *judge);

/* Is nothing in the frame but zeros, or nothing but ones? */
bool imu_judge_blank(const struct chip_counts *counts);

/*
 * Takes a frame; adds to the batch what is decided now, none to two frames.
 * Returns true at the first frame of a run that is not good (see judge->seen).
 */
bool imu_judge_step(struct imu_judge *judge, const struct chip *chip,
	const struct chip_counts *counts, double temp_c, int64_t t_us,
	struct imu_batch *batch);

#endif
