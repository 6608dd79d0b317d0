/*
 * The doctor beside a running stretchd: the bus is the daemon's, so it is asked over
 * its socket what the sensors are, how they fare and what they read. See doctor.h.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock.h"
#include "linux/control_samples.h"
#include "linux/doctor_parts.h"
#include "linux/instance.h"
#include "stretch/imu.h"

#define RATE_NOTE 0.05
/* Twice what the data sheets allow at these filters: a chip lying still. */
#define ACC_NOISE_M_S2 0.06
#define GYR_NOISE_DEG_S 0.3
#define GYR_ZERO_DEG_S 20.0
#define ERRORS_BAD 0.001 /* of all transfers: one in a minute is seven in 10 000 */
#define SAMPLES_LEAST 10.0

/* ---- what is said of a sensor, wherever its readings come from ---- */

void doctor_spread_add(struct doctor_spread *s, const struct imu_reading *r)
{
	const double v[6] = { r->acc_m_s2.x, r->acc_m_s2.y, r->acc_m_s2.z,
		r->gyr_rad_s.x * DEG_PER_RAD, r->gyr_rad_s.y * DEG_PER_RAD,
		r->gyr_rad_s.z * DEG_PER_RAD };

	s->n += 1.0;
	for (int i = 0; i < 6; i++) {
		double off = v[i] - s->mean[i];

		s->mean[i] += off / s->n;
		s->square[i] += off * (v[i] - s->mean[i]);
	}
}

static double worst(const struct doctor_spread *s, int first)
{
	double most = 0.0;

	for (int i = first; i < first + 3; i++)
		most = fmax(most, s->square[i]);
	return sqrt(most / fmax(1.0, s->n - 1.0));
}

void doctor_tell_rate(struct doctor *d, const char *site, double rate_hz,
	double nominal_hz)
{
	double off = rate_hz / nominal_hz - 1.0;

	doctor_say(d, fabs(off) > RATE_NOTE ? DOCTOR_NOTE : DOCTOR_OK,
		"%s: %.1f readings a second, %+.1f %% off what it says (learned; seconds "
		"are right all the same)%s", site, rate_hz, off * 100.0,
		fabs(off) > RATE_NOTE ? ". Beyond what data sheets allow: a poor clone?"
				      : "");
}

void doctor_tell_noise(struct doctor *d, const char *site, const struct doctor_spread *s)
{
	double acc = worst(s, 0), gyr = worst(s, 3);
	double zero = sqrt(s->mean[3] * s->mean[3] + s->mean[4] * s->mean[4] +
		s->mean[5] * s->mean[5]);
	double g = sqrt(s->mean[0] * s->mean[0] + s->mean[1] * s->mean[1] +
		s->mean[2] * s->mean[2]);

	if (acc > ACC_NOISE_M_S2 || gyr > GYR_NOISE_DEG_S)
		doctor_say(d, DOCTOR_NOTE, "%s: noise %.3f m/s^2, %.2f deg/s: it was moved, "
			"or its supply is not clean. Lay it down and look again", site,
			acc, gyr);
	else
		doctor_say(d, zero > GYR_ZERO_DEG_S ? DOCTOR_NOTE : DOCTOR_OK,
			"%s: noise %.3f m/s^2, %.2f deg/s; at rest it reads %.2f m/s^2 and "
			"%.1f deg/s%s", site, acc, gyr, g, zero, zero > GYR_ZERO_DEG_S
				? ". Calibrate it: stretchctl calibrate" : "");
}

void doctor_tell_faults(struct doctor *d, const char *site, int fault,
	const uint32_t *count, uint64_t transfers)
{
	double all = 0.0;
	int most = IMU_OK;

	for (int i = IMU_OK + 1; i < IMU_FAULT_COUNT; i++) {
		all += count[i];
		if (count[i] > count[most] || most == IMU_OK)
			most = i;
	}
	if (fault != IMU_OK)
		doctor_say(d, DOCTOR_BAD, "%s: %s: %s", site, imu_fault_names[fault],
			imu_fault_advice[fault]);
	else if (all > ERRORS_BAD * (double)transfers)
		doctor_say(d, DOCTOR_BAD, "%s: %.0f errors in %.0f transfers, most of them "
			"%s: %s", site, all, (double)transfers, imu_fault_names[most],
			imu_fault_advice[most]);
	else
		doctor_say(d, DOCTOR_OK, "%s: %.0f errors in %.0f transfers", site, all,
			(double)transfers);
}

/* ---- the daemon ---- */

const json_t *doctor_status(struct doctor *d)
{
	static struct control_link link;
	struct problem problem;
	int error;

	if (d->asked)
		return d->status;
	d->asked = true;
	if (d->settings->control[0] == '\0')
		return NULL;
	error = control_link_open(&link, d->settings->control, &problem);
	if (error == 0)
		error = control_link_ask(&link, json_pack("{s:s}", "cmd", "status"),
			&d->status, &problem);
	control_link_close(&link);
	if (error != 0 && error != -ENOENT && error != -ECONNREFUSED)
		doctor_say(d, DOCTOR_BAD, "%s", problem.text);
	return d->status;
}

bool doctor_daemon_has_bus(struct doctor *d)
{
	return json_is_object(json_object_get(doctor_status(d), "sensors"));
}

bool doctor_daemon_has_lines(struct doctor *d)
{
	const char *lines =
		json_string_value(json_object_get(doctor_status(d), "lines"));

	return lines != NULL && strcmp(lines, "held") == 0;
}

/* A text of ours; "?" when it is none. */
static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "?";
}

/* Nobody answers; one that could not make its socket runs all the same. */
static void tell_silence(struct doctor *d)
{
	long process = instance_holder(d->settings->state_dir);
	const char *path = d->settings->control;

	if (process == 0)
		doctor_say(d, DOCTOR_OK, "stretchd does not run: everything is looked at "
			"from here");
	else if (path[0] == '\0')
		doctor_say(d, DOCTOR_NOTE, "stretchd runs (process %ld) without a "
			"socket: control is blank, stretchctl cannot reach it", process);
	else
		doctor_say(d, DOCTOR_BAD, "stretchd runs (process %ld), but does not "
			"listen at %s. Its log says why (journalctl -u stretchd); mend "
			"that, or set control to another path, and start it anew",
			process, path);
}

void doctor_daemon(struct doctor *d)
{
	int bad = d->count[DOCTOR_BAD];
	const json_t *status = doctor_status(d), *storage;
	const char *why;

	if (status == NULL) {
		if (d->count[DOCTOR_BAD] == bad)
			tell_silence(d);
		return;
	}
	doctor_say(d, DOCTOR_OK, "stretchd runs, with %s", text_of(status, "source"));
	storage = json_object_get(status, "storage_error");
	if (json_is_string(storage))
		doctor_say(d, DOCTOR_BAD, "it cannot write its session: %s. Look at the "
			"state folder", json_string_value(storage));
	why = json_string_value(json_object_get(status, "why"));
	if (why != NULL && why[0] != '\0')
		doctor_say(d, DOCTOR_NOTE, "no session begins: %s", why);
}

/* ---- its sensors ---- */

static double real_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int listen(struct doctor *d, struct doctor_spread spread[SITE_COUNT],
	struct problem *problem)
{
	static struct control_samples samples; /* large */
	int64_t until_us = clock_monotonic_us() + (int64_t)(d->listen_s * 1e6);
	int got = control_samples_open(&samples, d->settings->control, problem);

	if (got != 0)
		return got;
	while (got >= 0 && clock_monotonic_us() < until_us) {
		struct sample sample;

		got = control_samples_next(&samples, 500, &sample, problem);
		for (int site = 0; site < SITE_COUNT && got == 1; site++)
			if (sample.imu[site].present)
				doctor_spread_add(&spread[site], &sample.imu[site]);
	}
	control_samples_close(&samples);
	return got < 0 ? got : 0;
}

static void tell_sensor(struct doctor *d, const char *site, const json_t *sensor,
	const struct doctor_spread *spread)
{
	const char *chip = json_string_value(json_object_get(sensor, "chip"));
	const char *fault = json_string_value(json_object_get(sensor, "fault"));
	const json_t *faults = json_object_get(sensor, "faults");
	uint32_t count[IMU_FAULT_COUNT] = { 0 };
	int lasting = IMU_OK;
	char name[128];

	snprintf(name, sizeof name, "%s: %s at %s, bus %s", site,
		chip != NULL ? chip : "sensor",
		text_of(sensor, "address"), text_of(sensor, "bus"));
	for (int i = IMU_OK + 1; i < IMU_FAULT_COUNT; i++) {
		count[i] = (uint32_t)json_integer_value(
			json_object_get(faults, imu_fault_names[i]));
		if (fault != NULL && strcmp(fault, imu_fault_names[i]) == 0)
			lasting = i;
	}
	doctor_tell_faults(d, name, lasting, count,
		(uint64_t)json_integer_value(json_object_get(sensor, "transfers")));
	if (lasting != IMU_OK || spread->n < SAMPLES_LEAST)
		return;
	if (real_of(sensor, "nominal_hz") > 0.0)
		doctor_tell_rate(d, site, real_of(sensor, "rate_hz"),
			real_of(sensor, "nominal_hz"));
	doctor_tell_noise(d, site, spread);
}

void doctor_daemon_sensors(struct doctor *d, const json_t *status)
{
	struct doctor_spread spread[SITE_COUNT] = { { .n = 0.0 } };
	const json_t *sensors = json_object_get(status, "sensors");
	struct problem problem;

	if (listen(d, spread, &problem) != 0) {
		doctor_say(d, DOCTOR_BAD, "%s", problem.text);
		return;
	}
	for (int site = 0; site < SITE_COUNT; site++) {
		const json_t *sensor = json_object_get(sensors, site_names[site]);

		if (json_is_object(sensor))
			tell_sensor(d, site_names[site], sensor, &spread[site]);
	}
}
