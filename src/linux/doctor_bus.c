/*
 * Buses, chips, running sensors; see doctor.h. Chips are asked who they are and
 * nothing else: no data byte is written but to a sensor of ours that the settings
 * name, when it is started for the look at its data.
 */
#include "linux/doctor.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/i2c_probe.h"
#include "linux/source.h"

#define BUSES_MAX 32
#define SETTLE_S 1.5 /* bring-up, and the clock's first lesson */
#define RATE_NOTE 0.05
/* Twice what the data sheets allow at these filters: a chip lying still. */
#define ACC_NOISE_M_S2 0.06
#define GYR_NOISE_DEG_S 0.3
#define GYR_ZERO_DEG_S 20.0
#define ERRORS_BAD 0.001 /* of all transfers: one in a minute is seven in 10 000 */

static bool live(const struct doctor *d)
{
	return strncmp(d->settings->sensor, "i2c:", 4) == 0;
}

/* ---- buses ---- */

/* Is a line of the firmware's settings there, not commented out? */
static bool config_says(const struct doctor *d, const char *what)
{
	static const char *const files[] = { "/boot/firmware/config.txt",
		"/boot/config.txt" };
	char path[PATH_MAX], line[256];
	bool found = false;

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		FILE *file;

		snprintf(path, sizeof path, "%s%s", d->root, files[i]);
		file = fopen(path, "re");
		if (file == NULL)
			continue;
		while (fgets(line, sizeof line, file) != NULL)
			found = found || strncmp(line, what, strlen(what)) == 0;
		fclose(file);
	}
	return found;
}

static void one_bus(struct doctor *d, const struct i2c_adapter *adapter)
{
	struct problem problem;
	struct i2c_bus bus;
	char name[16];
	int error;

	snprintf(name, sizeof name, "%d", adapter->number);
	error = i2c_bus_open(&bus, d->places, name, &problem);
	if (error == 0) {
		doctor_say(d, DOCTOR_OK, "bus %d (%s): free", adapter->number,
			adapter->name);
		d->buses = true;
		i2c_bus_close(&bus);
	} else {
		/* Of the many buses of a machine most are not for sensors. */
		doctor_say(d, error == -EACCES || error == -EBUSY ? DOCTOR_BAD
								   : DOCTOR_NOTE,
			"%s%s", problem.text,
			error == -EBUSY ? ". While stretchd runs it has the bus: stop it "
					  "first (systemctl stop stretchd)"
					: "");
	}
}

/* The bus that the settings name must be one, whatever else there is. */
static void named_bus(struct doctor *d, const char *name)
{
	struct problem problem;
	char path[PATH_MAX];
	int number, error;

	if (name[0] == '\0' || strcmp(name, "auto") == 0)
		return;
	error = i2c_bus_find(d->places, name, path, &number, &problem);
	if (error != 0)
		doctor_say(d, DOCTOR_BAD, "%s", problem.text);
	else
		doctor_say(d, DOCTOR_OK, "\"%s\" is %s", name, path);
}

void doctor_buses(struct doctor *d)
{
	struct i2c_adapter adapters[BUSES_MAX];
	struct problem problem;
	int count = i2c_bus_list(d->places, adapters, BUSES_MAX, &problem);

	if (count < 0) {
		doctor_say(d, live(d) ? DOCTOR_BAD : DOCTOR_NOTE, "%s%s", problem.text,
			config_says(d, "dtparam=i2c_arm=on")
				? ". config.txt says dtparam=i2c_arm=on already: start "
				  "the machine anew"
				: "");
		return;
	}
	for (int i = 0; i < count && i < BUSES_MAX; i++)
		one_bus(d, &adapters[i]);
	if (!live(d))
		return;
	named_bus(d, d->settings->sensor + 4);
	if (d->settings->pelvis != 0)
		named_bus(d, d->settings->pelvis_bus);
}

/* ---- chips ---- */

static bool is_clone(const struct chip *chip)
{
	return chip_family_at(CHIP_ADDRESS_CLOCK) == &chip_family_mpu && chip->id != 0x68 &&
		chip_find(&chip_family_mpu, chip->id) == chip;
}

static void one_chip(struct doctor *d, int bus, const struct i2c_probe *p)
{
	if (p->error == -EBUSY)
		doctor_say(d, DOCTOR_BAD, "%s%s", p->problem.text,
			strstr(p->problem.text, "rtc-") != NULL
				? ". A clock chip is there: put the sensor at 0x69 (AD0 "
				  "high) and leave the driver alone"
				: "");
	else if (p->error != 0 && p->error != -ENXIO && p->error != -EREMOTEIO)
		doctor_say(d, DOCTOR_BAD, "bus %d, 0x%02x: %s. %s", bus, p->address,
			strerror(-p->error),
			p->error == -ETIMEDOUT
				? "A line is held low: look for a short, or a chip without "
				  "power on the bus"
				: "See the kernel's log");
	else if (p->error == 0 && p->chip != NULL)
		doctor_say(d, DOCTOR_OK, "bus %d, 0x%02x: %s%s", bus, p->address,
			p->chip->name, is_clone(p->chip)
				? " (on a board sold as MPU-6050 it is a clone, and works)"
				: "");
	else if (p->error == 0 && p->address == CHIP_ADDRESS_CLOCK &&
		p->id != 0x00 && p->id != 0xFF)
		doctor_say(d, DOCTOR_NOTE, "bus %d, 0x68: no sensor that is known (0x%02x), "
			"perhaps a clock chip (DS1307, DS3231); nothing was written. Put "
			"the sensor at 0x69: AD0 high", bus, p->id);
	else if (p->error == 0 && p->address == CHIP_ADDRESS_CLOCK)
		doctor_say(d, DOCTOR_NOTE, "bus %d, 0x68: answers 0x%02x, as a clock chip "
			"(DS1307, DS3231) or a chip without power may; nothing was "
			"written. Put the sensor at 0x69: AD0 high", bus, p->id);
	else if (p->error == 0)
		doctor_say(d, DOCTOR_BAD, "bus %d, 0x%02x: unknown chip, WHO_AM_I is "
			"0x%02x. %s", bus, p->address, p->id,
			p->id == 0x00 || p->id == 0xFF
				? "Look at the data wire and the chip's supply"
				: "Take one of the chips that README.md lists");
}

void doctor_chips(struct doctor *d)
{
	struct i2c_adapter adapters[BUSES_MAX];
	int count = i2c_bus_list(d->places, adapters, BUSES_MAX, NULL);
	int found = 0, opened = 0;

	for (int i = 0; i < count && i < BUSES_MAX; i++) {
		struct i2c_probe probes[I2C_PROBE_ADDRESSES];
		struct i2c_bus bus;
		char name[16];

		snprintf(name, sizeof name, "%d", adapters[i].number);
		if (i2c_bus_open(&bus, d->places, name, NULL) != 0)
			continue;
		opened++;
		found += i2c_probe_all(&bus, probes);
		i2c_bus_close(&bus);
		for (int k = 0; k < I2C_PROBE_ADDRESSES; k++)
			one_chip(d, adapters[i].number, &probes[k]);
	}
	if (opened == 0)
		doctor_say(d, DOCTOR_NOTE, "no bus could be opened: nobody was asked");
	else if (found == 0)
		doctor_say(d, live(d) ? DOCTOR_BAD : DOCTOR_NOTE, "no sensor answers at "
			"0x68, 0x69, 0x6a or 0x6b. Look at 3.3 V, ground, SDA and SCL; "
			"i2cdetect must show it");
}

/* ---- running sensors ---- */

/* Mean and spread of six axes, by Welford. */
struct spread {
	double n, mean[6], square[6];
};

static void add(struct spread *s, const struct imu_reading *r)
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

static double worst(const struct spread *s, int first)
{
	double most = 0.0;

	for (int i = first; i < first + 3; i++)
		most = fmax(most, s->square[i]);
	return sqrt(most / fmax(1.0, s->n - 1.0));
}

struct listening {
	struct sensors sensors;
	struct spread spread[SITE_COUNT];
};

static int listen(struct doctor *d, struct listening *l, struct problem *problem)
{
	int64_t start_us = d->clock.now_us(d->clock.context), now_us = start_us;

	while (now_us - start_us < (int64_t)((SETTLE_S + d->listen_s) * 1e6)) {
		struct sample sample;
		int64_t wake_us;
		int got = sensors_poll(&l->sensors, now_us, &sample, &wake_us, problem);

		if (got < 0)
			return got;
		for (int site = 0; site < SITE_COUNT && got == 1; site++)
			if (sample.imu[site].present &&
				(double)(now_us - start_us) > SETTLE_S * 1e6)
				add(&l->spread[site], &sample.imu[site]);
		if (got == 0 && wake_us > now_us)
			(void)d->clock.wait(d->clock.context, NULL, 0, wake_us, NULL);
		now_us = d->clock.now_us(d->clock.context);
	}
	return 0;
}

static void tell_faults(struct doctor *d, const char *site, const struct imu *imu)
{
	double all = 0.0;
	int most = IMU_OK;

	for (int i = IMU_OK + 1; i < IMU_FAULT_COUNT; i++) {
		all += imu->count[i];
		if (imu->count[i] > imu->count[most] || most == IMU_OK)
			most = i;
	}
	if (imu->fault != IMU_OK)
		doctor_say(d, DOCTOR_BAD, "%s: %s: %s", site, imu_fault_names[imu->fault],
			imu_fault_advice[imu->fault]);
	else if (all > ERRORS_BAD * (double)imu->transfers)
		doctor_say(d, DOCTOR_BAD, "%s: %.0f errors in %.0f transfers, most of them "
			"%s: %s", site, all, (double)imu->transfers, imu_fault_names[most],
			imu_fault_advice[most]);
	else
		doctor_say(d, DOCTOR_OK, "%s: %.0f errors in %.0f transfers", site, all,
			(double)imu->transfers);
}

static void tell_rate(struct doctor *d, const char *site, const struct imu *imu)
{
	double rate_hz = chip_clock_rate_hz(&imu->clock);
	double nominal_hz = 1e6 / imu->clock.nominal_us, off = rate_hz / nominal_hz - 1.0;

	doctor_say(d, fabs(off) > RATE_NOTE ? DOCTOR_NOTE : DOCTOR_OK,
		"%s: %.1f readings a second, %+.1f %% off what it says (learned; seconds "
		"are right all the same)%s", site, rate_hz, off * 100.0,
		fabs(off) > RATE_NOTE ? ". Beyond what data sheets allow: a poor clone?"
				      : "");
}

static void tell_noise(struct doctor *d, const char *site, const struct spread *s)
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

void doctor_sensors(struct doctor *d)
{
	static struct listening l; /* large */
	struct problem problem;
	int error;

	if (!live(d)) {
		doctor_say(d, DOCTOR_NOTE, "the sensor is %s: no chip to look at",
			d->settings->sensor);
		return;
	}
	memset(&l, 0, sizeof l);
	error = sensors_open(&l.sensors, d->places, d->settings, &problem);
	if (error == 0)
		error = listen(d, &l, &problem);
	if (error != 0)
		doctor_say(d, DOCTOR_BAD, "%s", problem.text);
	for (int site = 0; site < SITE_COUNT && error == 0; site++) {
		const struct imu *imu = &l.sensors.stream.side[site].imu;
		char text[128];

		if (!sensors_describe(&l.sensors, (enum site)site, text, sizeof text))
			continue;
		tell_faults(d, text, imu);
		if (imu->fault != IMU_OK || l.spread[site].n < 10.0)
			continue;
		tell_rate(d, site_names[site], imu);
		tell_noise(d, site_names[site], &l.spread[site]);
	}
	sensors_close(&l.sensors);
}
