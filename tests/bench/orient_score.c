/*
 * Inclination error of the orientation filter over the shared recordings, degrees
 * root mean square: live and offline, full rate and thinned, spoiled on purpose.
 * Prints lines "NAME|VALUE|UNIT".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/motion_data.h"
#include "stretch/smooth.h"

static const char *const names[] = { "broad_02", "broad_04", "broad_10", "broad_14",
	"broad_21", "broad_24", "broad_26", "qmt_stand_sit_walk_left",
	"qmt_stand_sit_walk_right" };

#define NAMES (sizeof names / sizeof names[0])
#define START_S 3.0  /* into the motion */
#define BLANK_S 20.0 /* not scored after that */

static void row(const char *name, const char *what, double value)
{
	if (!isnan(value))
		printf("orient %s, %s|%.3f|deg\n", name, what, value);
}

static double spoiled(const struct motion_data *data, double scale, double bias_deg_s)
{
	double b = bias_deg_s * RAD_PER_DEG;
	struct motion_data worse = motion_spoil(data, scale, (struct vec3){ b, -b, b });
	struct orient_param param = orient_default();
	double error = motion_score_run(&worse, &param, false, SCORE_MOTION);

	motion_free(&worse);
	return error;
}

static double thinned(const struct motion_data *data, size_t n)
{
	struct motion_data less = motion_average(data, n);
	struct orient_param param = orient_default();
	double error = motion_score_run(&less, &param, false, SCORE_MOTION);

	motion_free(&less);
	return error;
}

static double started_moving(const struct motion_data *data)
{
	struct orient_param param = orient_default();
	size_t first = motion_first(data, SCORE_MOTION);
	struct motion_data late;
	double start_s, error;

	if (first == data->count)
		return MISSING;
	start_s = data->rows[first].t_s + START_S;
	while (first < data->count && data->rows[first].t_s < start_s)
		first++;
	late = motion_from(data, first, BLANK_S);
	error = motion_score_run(&late, &param, false, SCORE_MOTION);
	motion_free(&late);
	return error;
}

static void score(const char *name, const struct motion_data *data)
{
	struct orient_param live = orient_default(), offline = smooth_default();
	struct vec3 *up = motion_run(data, &live);
	double largest, spread = motion_hold_spread(data, up, &largest);

	row(name, "motion", motion_rmse(data, up, SCORE_MOTION));
	row(name, "hold", motion_rmse(data, up, SCORE_HOLD));
	row(name, "hold, spread", spread);
	free(up);
	row(name, "motion offline", motion_score_run(data, &offline, true, SCORE_MOTION));
	row(name, "hold offline", motion_score_run(data, &offline, true, SCORE_HOLD));
	if (strncmp(name, "broad", 5) != 0)
		return;
	row(name, "motion, 95 Hz", thinned(data, 3));
	row(name, "motion, 48 Hz", thinned(data, 6));
	row(name, "started moving", started_moving(data));
	row(name, "gyro scale +3 %", spoiled(data, 0.03, 0.0));
	row(name, "gyro bias 1.5 deg/s", spoiled(data, 0.0, 1.5));
}

int main(void)
{
	size_t found = 0;

	for (size_t i = 0; i < NAMES; i++) {
		struct motion_data data;

		if (!motion_load(&data, names[i]))
			continue;
		found++;
		score(names[i], &data);
		motion_free(&data);
	}
	if (found == 0)
		printf("# no recordings in %s: orientation not scored\n",
			motion_folder());
	return 0;
}
