/* Samples from the daemon's socket; see control_samples.h. */
#include "linux/control_samples.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stretch/raw.h"

#define COUNT_FULL 32768.0 /* counts either side of zero */

static double real_of(const json_t *object, const char *site, const char *axis)
{
	char key[48];
	const json_t *value;

	snprintf(key, sizeof key, "%s_%s", site, axis);
	value = json_object_get(object, key);
	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void read_imu(const json_t *object, const char *site, struct imu_reading *imu)
{
	imu->acc_m_s2 = (struct vec3){ real_of(object, site, "acc_x_m_s2"),
		real_of(object, site, "acc_y_m_s2"),
		real_of(object, site, "acc_z_m_s2") };
	imu->gyr_rad_s = (struct vec3){ real_of(object, site, "gyr_x_rad_s"),
		real_of(object, site, "gyr_y_rad_s"),
		real_of(object, site, "gyr_z_rad_s") };
	imu->temp_c = real_of(object, site, "temp_c");
	imu->present = isfinite(vec3_norm(imu->acc_m_s2)) &&
		isfinite(vec3_norm(imu->gyr_rad_s));
}

bool control_sample_read(const json_t *object, struct sample *sample)
{
	const char *class = json_string_value(json_object_get(object, "class"));
	const char *event = json_string_value(json_object_get(object, "event"));
	const json_t *t_s = json_object_get(object, "t_s");

	memset(sample, 0, sizeof *sample);
	if (class == NULL || strcmp(class, "sample") != 0 || !json_is_number(t_s) ||
		!(fabs(json_number_value(t_s)) < RAW_T_MAX_S))
		return false;
	sample->t_us = llround(json_number_value(t_s) * 1e6);
	for (int site = 0; site < SITE_COUNT; site++)
		read_imu(object, site_names[site], &sample->imu[site]);
	if (event != NULL)
		(void)event_parse(event, &sample->event);
	(void)raw_round(sample); /* and what is beyond belief is absent */
	return true;
}

/* Which chip it is, by its name and its place. */
static const struct chip *find_chip(const json_t *sensor)
{
	const char *name = json_string_value(json_object_get(sensor, "chip"));
	const char *address = json_string_value(json_object_get(sensor, "address"));
	const struct chip_family *family = address == NULL ? NULL
		: chip_family_at((uint8_t)strtoul(address, NULL, 16));

	for (int32_t i = 0; name != NULL && family != NULL && i < family->chip_count; i++)
		if (strcmp(family->chip[i].name, name) == 0)
			return &family->chip[i];
	return NULL;
}

int control_samples_open(struct control_samples *s, const char *path,
	struct problem *problem)
{
	int error = control_link_open(&s->link, path, problem);
	json_t *answer;
	bool any = false;

	if (error == 0) {
		error = control_link_ask(&s->link, json_pack("{s:s}", "cmd", "raw"),
			&answer, problem);
		if (error != 0)
			control_link_close(&s->link);
	}
	if (error != 0)
		return error;
	for (int site = 0; site < SITE_COUNT; site++) {
		const json_t *sensor = json_object_get(
			json_object_get(answer, "sensors"), site_names[site]);

		s->has[site] = json_is_object(sensor);
		s->chip[site] = find_chip(sensor);
		any = any || s->has[site];
	}
	json_decref(answer);
	if (any)
		return 0;
	control_link_close(&s->link);
	problem_set(problem, "%s: stretchd runs, but with no sensor on a bus", path);
	return -ENODEV;
}

int control_samples_next(struct control_samples *s, int timeout_ms,
	struct sample *sample, struct problem *problem)
{
	json_t *object;
	int got;

	while ((got = control_link_read(&s->link, timeout_ms, &object, problem)) == 1) {
		bool is = control_sample_read(object, sample);

		json_decref(object);
		if (is)
			return 1;
	}
	return got;
}

void control_samples_full_scales(const struct control_samples *s,
	struct calib calib[SITE_COUNT])
{
	for (int site = 0; site < SITE_COUNT; site++) {
		if (s->chip[site] == NULL)
			continue;
		if (!isfinite(calib[site].gyr_full_scale_rad_s))
			calib[site].gyr_full_scale_rad_s =
				COUNT_FULL * s->chip[site]->gyr_rad_s;
		if (!isfinite(calib[site].acc_full_scale_m_s2))
			calib[site].acc_full_scale_m_s2 =
				COUNT_FULL * s->chip[site]->acc_m_s2;
	}
}

void control_samples_close(struct control_samples *s)
{
	control_link_close(&s->link);
}
