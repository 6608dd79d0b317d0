/* What the doctor's files share. */
#ifndef STRETCH_LINUX_DOCTOR_PARTS_H
#define STRETCH_LINUX_DOCTOR_PARTS_H

#include "linux/doctor.h"
#include "stretch/sample.h"

/* Mean and spread of six axes, by Welford: m/s^2 and deg/s. */
struct doctor_spread {
	double n, mean[6], square[6];
};

void doctor_spread_add(struct doctor_spread *spread, const struct imu_reading *reading);

/* A sensor's line each: its rate against what it says, its noise, its transfers. */
void doctor_tell_rate(struct doctor *doctor, const char *site, double rate_hz,
	double nominal_hz);
void doctor_tell_noise(struct doctor *doctor, const char *site,
	const struct doctor_spread *spread);

/* count: of each enum imu_fault; fault: the one that lasts. */
void doctor_tell_faults(struct doctor *doctor, const char *site, int fault,
	const uint32_t *count, uint64_t transfers);

/*
 * The running daemon's answer to status, asked for once; NULL: none listens at the
 * settings' socket (or one may not ask, which is told).
 */
const json_t *doctor_status(struct doctor *doctor);

/* The daemon runs and has opened the sensors' bus; it has taken the lines. */
bool doctor_daemon_has_bus(struct doctor *doctor);
bool doctor_daemon_has_lines(struct doctor *doctor);

/* What to do for this user to open buses and lines too, if that is wanted. */
#define DOCTOR_JOIN "Only to calibrate or look without stretchd: " \
	"sudo usermod -aG i2c,gpio USER, then log in again"

/* The daemon's own sensors, from its status and its raw stream. */
void doctor_daemon_sensors(struct doctor *doctor, const json_t *status);

#endif
