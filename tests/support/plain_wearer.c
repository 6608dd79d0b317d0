/* A wearer without chance; see plain_wearer.h. */
#include "plain_wearer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct wearer_param plain_wearer(enum exercise_id exercise)
{
	struct wearer_param param = wearer_default(exercise, SIDE_RIGHT);

	param.acc_noise_ug_sqrt_hz = 0.0;
	param.gyr_noise_deg_s_sqrt_hz = 0.0;
	param.wander_deg = 0.0;
	param.breathing_deg = 0.0;
	param.raise_sd_deg = 0.0;
	param.pelvic_sd_deg = 0.0;
	for (int i = 0; i < SITE_COUNT; i++)
		param.imu[i].strap = (struct quat){ 1, 0, 0, 0 };
	return param;
}

struct wearer_param plain_script(enum exercise_id exercise)
{
	struct wearer_param param = plain_wearer(exercise);

	param.finish = false;
	return param;
}

void assert_vec3_close(struct vec3 v, double x, double y, double z, double within)
{
	if (vec3_norm(vec3_sub(v, (struct vec3){ x, y, z })) <= within)
		return;
	print_error("(%.9f %.9f %.9f) is not (%.9f %.9f %.9f)\n", v.x, v.y, v.z, x, y, z);
	fail();
}
