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

#include "linux/doctor_parts.h"
#include "linux/i2c_probe.h"
#include "linux/source.h"

#define BUSES_MAX 32
#define SETTLE_S 1.5 /* bring-up, and the clock's first lesson */

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
	} else if (error == -EBUSY && doctor_status(d) != NULL) {
		doctor_say(d, DOCTOR_OK, "bus %d (%s): stretchd has it", adapter->number,
			adapter->name);
	} else if (error == -EACCES && doctor_daemon_has_bus(d)) {
		doctor_say(d, DOCTOR_NOTE, "bus %d (%s): this user may not open it, and "
			"need not: stretchd reads the sensors. " DOCTOR_JOIN,
			adapter->number, adapter->name);
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
	if (opened == 0 && doctor_status(d) != NULL)
		doctor_say(d, DOCTOR_OK, "stretchd has the bus: see its sensors below");
	else if (opened == 0)
		doctor_say(d, DOCTOR_NOTE, "no bus could be opened: nobody was asked");
	else if (found == 0)
		doctor_say(d, live(d) && doctor_status(d) == NULL ? DOCTOR_BAD
								 : DOCTOR_NOTE,
			"no sensor answers at 0x68, 0x69, 0x6a or 0x6b. Look at 3.3 V, "
			"ground, SDA and SCL; i2cdetect must show it");
}

/* ---- running sensors ---- */

struct listening {
	struct sensors sensors;
	struct doctor_spread spread[SITE_COUNT];
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
				doctor_spread_add(&l->spread[site], &sample.imu[site]);
		if (got == 0 && wake_us > now_us)
			(void)d->clock.wait(d->clock.context, NULL, 0, wake_us, NULL);
		now_us = d->clock.now_us(d->clock.context);
	}
	return 0;
}

void doctor_sensors(struct doctor *d)
{
	static struct listening l; /* large */
	const json_t *status = doctor_status(d);
	struct problem problem;
	int error;

	if (doctor_daemon_has_bus(d)) {
		doctor_daemon_sensors(d, status); /* the bus is the daemon's */
		return;
	}
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
		doctor_tell_faults(d, text, (int)imu->fault, imu->count, imu->transfers);
		if (imu->fault != IMU_OK || l.spread[site].n < 10.0)
			continue;
		doctor_tell_rate(d, site_names[site], chip_clock_rate_hz(&imu->clock),
			1e6 / imu->clock.nominal_us);
		doctor_tell_noise(d, site_names[site], &l.spread[site]);
	}
	sensors_close(&l.sensors);
}
