/*
 * The gyroscope's reading at the first rest of a session.
 *
 * The orientation filter learns a bias by itself up to about 3 deg/s; a chip out
 * of its bag may read 20 deg/s at rest (MPU-6000/6050 data sheet PS-MPU-6000A-00
 * 3.4, section 6.1, zero-rate output), which the filter would take for a turn.
 * So the first second in which gravity does not move in the sensor frame and the
 * gyroscope reads one steady value gives a zero to begin with.
 *
 * It cannot tell a steady turn about the vertical from a bias: do not turn on a
 * swivel chair in the first seconds.
 */
#ifndef STRETCH_GYR_ZERO_H
#define STRETCH_GYR_ZERO_H

#include "stretch/still.h"

struct gyr_zero_param {
	struct still_param still; /* window 1 s; otherwise as a pose is judged */
	double wander_rad_s; /* 2 deg/s: quarter-second means about the window's */
	double least_rad_s;  /* 1.5 deg/s: below it the filter does better alone */
};

struct gyr_zero {
	struct still_state still;
	bool known;          /* the first rest has been seen */
	struct vec3 mean_rad_s; /* reading over the last second; 0 at the start */
	struct vec3 zero_rad_s; /* to subtract; 0 until known and for a small bias */
};

struct gyr_zero_param gyr_zero_default(void);
void gyr_zero_init(struct gyr_zero *zero);

/*
 * One calibrated reading of one sensor; ok = false: a gap or bad data, which breaks
 * the rest. Returns true once: at the sample at which the zero becomes known.
 */
bool gyr_zero_step(struct gyr_zero *zero, const struct gyr_zero_param *param,
	int site, int64_t t_us, const struct imu_reading *reading, bool ok);

/*
 * Is a zero wanted that is not known yet? Then no pose may be taken from the
 * directions found so far.
 */
bool gyr_zero_wanted(const struct gyr_zero *zero, const struct gyr_zero_param *param);

#endif
