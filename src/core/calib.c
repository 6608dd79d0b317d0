/* Calibration applied: three subtractions and one matrix, see calib.h. */
#include "stretch/calib.h"

struct calib calib_none(void)
{
	return (struct calib){
		.acc_matrix = mat3_identity(),
		.temp_c = NAN,
		.residual_m_s2 = NAN,
		.gyr_full_scale_rad_s = NAN,
		.acc_full_scale_m_s2 = NAN,
	};
}

void calib_apply(const struct calib *calib, struct imu_reading *reading)
{
	if (!reading->present)
		return;
	reading->acc_m_s2 = mat3_apply(&calib->acc_matrix,
		vec3_sub(reading->acc_m_s2, calib->acc_bias_m_s2));
	reading->gyr_rad_s = vec3_sub(reading->gyr_rad_s, calib->gyr_bias_rad_s);
}
