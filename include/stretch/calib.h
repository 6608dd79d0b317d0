/*
 * Sensor calibration applied: raw SI readings in, corrected ones out.
 *
 *   acc = acc_matrix (raw - acc_bias),  gyr = raw - gyr_bias
 *
 * The matrix holds scale and, in a nine-parameter fit, cross-axis terms; it is
 * upper triangular (the sensor's x axis is the frame's). See calibration/.
 */
#ifndef STRETCH_CALIB_H
#define STRETCH_CALIB_H

#include "stretch/sample.h"

struct calib {
	int parameters; /* 0: none (identity), 6: bias and scale, 9: cross-axis too */
	struct vec3 acc_bias_m_s2;
	struct mat3 acc_matrix; /* near the identity */
	struct vec3 gyr_bias_rad_s;
	double temp_c;         /* while calibrating; NAN: not measured */
	double residual_m_s2;  /* leave-one-out, root mean square; NAN: none */
	double gyr_full_scale_rad_s, acc_full_scale_m_s2; /* NAN: not known */
};

/* No correction: parameters 0, full scales unknown. */
struct calib calib_none(void);

/* Corrects one reading; an absent one stays absent. */
void calib_apply(const struct calib *calib, struct imu_reading *reading);

#endif
