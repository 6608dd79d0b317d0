/* A source of samples on I2C; see sensors.h. Finding the chips: sensors_find.c. */
#include "linux/sensors_parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/raw.h"

#define REVIVE_US 1000000 /* between two tries to open an adapter that went away */

void sensors_init(struct sensors *s)
{
	memset(s, 0, sizeof *s);
	imu_stream_init(&s->stream);
	for (int site = 0; site < SITE_COUNT; site++)
		s->bus[site].fd = -1;
	s->wake_us = s->revive_us = s->origin_us = INT64_MIN;
}

void sensors_put(struct sensors *s, enum site site, const struct bus *bus,
	uint8_t address, enum chip_rate rate)
{
	imu_stream_add(&s->stream, site, bus, address, rate);
}

struct i2c_bus *sensors_bus(struct sensors *s, enum site site)
{
	return site == SITE_PELVIS && s->wish[SITE_PELVIS][0] == '\0'
		? &s->bus[SITE_THIGH]
		: &s->bus[site];
}

static int read_calibration(struct sensors *s, const struct settings *set,
	struct problem *problem)
{
	const char *const names[SITE_COUNT] = { set->calibration_thigh,
		set->calibration_pelvis };

	for (int site = 0; site < SITE_COUNT; site++) {
		struct sensor_calibration *c = &s->calib[site];
		int error;

		if (names[site][0] == '\0')
			continue;
		error = calib_file_read(names[site], &c->file, problem);
		if (error != 0)
			return error;
		c->given = true;
		snprintf(c->name, sizeof c->name, "%s", names[site]);
	}
	return 0;
}

/* A correction made for another chip is worse than none. */
static int check_calibration(struct sensors *s, enum site site, const struct chip *chip,
	struct problem *problem)
{
	struct sensor_calibration *c = &s->calib[site];
	char name[I2C_BUS_NAME_MAX];
	const char *is = c->file.chip;

	if (!c->given || chip == NULL || chip == c->checked)
		return 0;
	c->checked = chip;
	if (!i2c_probe_named(chip, c->file.chip)) {
		i2c_probe_name(chip, name);
		is = name;
	}
	return calib_file_fits(&c->file, c->name, site, is, problem);
}

static int check_chips(struct sensors *s, struct problem *problem)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		int error = check_calibration(
			s, (enum site)site, s->stream.side[site].imu.chip, problem);

		if (error != 0)
			return error;
	}
	return 0;
}

/* Chips that are there are asked now, so that a wrong file is refused at the start. */
static int check_at_start(struct sensors *s, struct problem *problem)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		struct i2c_probe probe;
		int error;

		if (!s->stream.side[site].used || !s->calib[site].given)
			continue;
		i2c_probe_chip(sensors_bus(s, (enum site)site),
			s->stream.side[site].imu.address, &probe);
		error = check_calibration(s, (enum site)site, probe.chip, problem);
		if (error != 0)
			return error;
	}
	return 0;
}

static int take_pulses(void *context, int64_t *newest_us)
{
	int64_t newest_ns = 0;
	int count = lines_pulses(context, 0, &newest_ns);

	*newest_us = newest_ns / 1000;
	return count;
}

/* The lines on the chips' INT pins. */
static int open_pulses(struct sensors *s, const struct settings *set,
	struct problem *problem)
{
	const char *const names[SITE_COUNT] = { set->data_ready_thigh,
		set->data_ready_pelvis };

	for (int site = 0; site < SITE_COUNT; site++) {
		const struct line_request request = { .name = names[site],
			.direction = LINE_PULSES };
		struct imu_edges edges = { .take = take_pulses };
		int error;

		if (names[site][0] == '\0' || !s->stream.side[site].used)
			continue;
		error = lines_open(&s->pulses[site], &request, 1, "stretch sensor",
			problem);
		if (error != 0)
			return error;
		edges.context = s->pulses[site];
		imu_set_edges(&s->stream.side[site].imu, &edges);
	}
	return 0;
}

static uint8_t address_of(int32_t choice)
{
	return choice == 0 ? 0 : i2c_probe_addresses[choice - 1];
}

int sensors_open(struct sensors *s, const struct i2c_places *places,
	const struct settings *set, struct problem *problem)
{
	uint8_t address[SITE_COUNT] = { address_of(set->thigh_address),
		address_of(set->pelvis_address) };
	bool two = set->pelvis != 0;
	int error;

	sensors_init(s);
	s->places = places;
	if (strncmp(set->sensor, "i2c:", 4) != 0) {
		problem_set(problem, "sensor: \"%s\" is not i2c:BUS", set->sensor);
		return -EINVAL;
	}
	snprintf(s->wish[SITE_THIGH], SETTING_PATH_MAX, "%s", set->sensor + 4);
	snprintf(s->wish[SITE_PELVIS], SETTING_PATH_MAX, "%s", set->pelvis_bus);
	error = read_calibration(s, set, problem);
	if (error == 0)
		error = sensors_find(s, address, two, problem);
	for (int site = 0; error == 0 && site <= (two ? SITE_PELVIS : SITE_THIGH);
		site++) {
		struct bus door = i2c_bus_door(sensors_bus(s, (enum site)site));

		sensors_put(s, (enum site)site, &door, address[site],
			(enum chip_rate)set->rate_hz);
	}
	if (error == 0)
		error = check_at_start(s, problem);
	if (error == 0)
		error = open_pulses(s, set, problem);
	if (error != 0)
		sensors_close(s);
	return error;
}

/* The adapter is gone for a sensor of that bus. */
static bool gone(struct sensors *s, const struct i2c_bus *bus)
{
	for (int site = 0; site < SITE_COUNT; site++)
		if (s->stream.side[site].used &&
			sensors_bus(s, (enum site)site) == bus &&
			s->stream.side[site].imu.fault == IMU_GONE)
			return true;
	return false;
}

/* The device node of an adapter that was pulled out is dead: a new one is opened. */
static void revive(struct sensors *s, int64_t now_us)
{
	if (s->places == NULL || now_us < s->revive_us)
		return;
	for (int site = 0; site < SITE_COUNT; site++) {
		struct i2c_bus *bus = &s->bus[site];
		struct i2c_bus before = *bus;

		if (s->wish[site][0] == '\0' || !gone(s, bus))
			continue;
		s->revive_us = now_us + REVIVE_US;
		i2c_bus_close(bus);
		if (sensors_find_again(s, (enum site)site, NULL) == 0)
			s->revived++;
		else
			i2c_bus_close(bus);
		bus->transfers += before.transfers;
		bus->bytes += before.bytes;
		bus->errors += before.errors;
		bus->retries += before.retries;
	}
}

static bool next(struct sensors *s, int64_t now_us, struct sample *sample)
{
	if (!imu_stream_next(&s->stream, now_us, sample))
		return false;
	if (s->origin_us == INT64_MIN)
		s->origin_us = sample->t_us;
	sample->t_us -= s->origin_us;
	(void)raw_round(sample);
	return true;
}

int sensors_poll(struct sensors *s, int64_t now_us, struct sample *sample,
	int64_t *wake_us, struct problem *problem)
{
	int error;

	*wake_us = now_us;
	if (next(s, now_us, sample))
		return 1;
	if (now_us >= s->wake_us) {
		revive(s, now_us);
		s->wake_us = imu_stream_step(&s->stream, now_us);
		error = check_chips(s, problem);
		if (error != 0)
			return error;
		if (next(s, now_us, sample))
			return 1;
	}
	*wake_us = s->wake_us;
	return 0;
}

bool sensors_line_news(struct sensors *s, char *text, size_t size)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		enum imu_ready ready = s->stream.side[site].imu.ready, told = s->ready[site];

		s->ready[site] = ready;
		if (ready == IMU_READY_SILENT && told != IMU_READY_SILENT) {
			snprintf(text, size, "%s sensor: no edge comes from its data-ready "
				"line: times are taken from the FIFO, as without one. "
				"check the wire and data_ready_%s", site_names[site],
				site_names[site]);
			return true;
		}
		if (ready == IMU_READY_GOOD && told == IMU_READY_SILENT) {
			snprintf(text, size, "%s sensor: edges come from its data-ready "
				"line again", site_names[site]);
			return true;
		}
	}
	return false;
}

bool sensors_has(const struct sensors *s, enum site site)
{
	return s->stream.side[site].used;
}

void sensors_full_scales(const struct sensors *s, struct calib calib[SITE_COUNT])
{
	for (int site = 0; site < SITE_COUNT; site++) {
		const struct imu *imu = &s->stream.side[site].imu;
		const struct chip_family *family = imu->family;
		const struct chip *chip = imu->chip;

		/* Before it has answered: all of a family are set up alike. */
		if (chip == NULL && s->stream.side[site].used && family != NULL)
			chip = &family->chip[0];
		if (chip == NULL)
			continue;
		if (!isfinite(calib[site].gyr_full_scale_rad_s))
			calib[site].gyr_full_scale_rad_s = 32768.0 * chip->gyr_rad_s;
		if (!isfinite(calib[site].acc_full_scale_m_s2))
			calib[site].acc_full_scale_m_s2 = 32768.0 * chip->acc_m_s2;
	}
}

bool sensors_describe(
	const struct sensors *s, enum site site, char *text, size_t size)
{
	const struct imu *imu = &s->stream.side[site].imu;
	const struct i2c_bus *bus = s->wish[site][0] != '\0' ? &s->bus[site]
							     : &s->bus[SITE_THIGH];

	if (!s->stream.side[site].used)
		return false;
	snprintf(text, size, "%s: %s at 0x%02x, bus %s", site_names[site],
		imu->chip != NULL ? imu->chip->name : "sensor", imu->address, bus->name);
	return true;
}

static json_t *one_json(const struct imu *imu, const struct i2c_bus *bus)
{
	json_t *faults = json_object();
	char address[8];

	snprintf(address, sizeof address, "0x%02x", imu->address);
	for (int i = IMU_OK + 1; i < IMU_FAULT_COUNT; i++)
		json_object_set_new(
			faults, imu_fault_names[i], json_integer(imu->count[i]));
	return json_pack("{s:s*,s:s,s:s,s:s*,s:o,s:f,s:I,s:I,s:I,s:s,s:I,s:o}",
		"chip", imu->chip != NULL ? imu->chip->name : NULL,
		"bus", bus->name,
		"address", address,
		"fault", imu->fault != IMU_OK ? imu_fault_names[imu->fault] : NULL,
		"rate_hz", imu->chip != NULL ? json_real(chip_clock_rate_hz(&imu->clock))
					     : json_null(),
		"nominal_hz", imu->clock.nominal_us > 0.0 ? 1e6 / imu->clock.nominal_us
							  : 0.0,
		"transfers", (json_int_t)imu->transfers,
		"frames", (json_int_t)imu->frames,
		"bringups", (json_int_t)imu->bringups,
		"data_ready", imu_ready_names[imu->ready],
		"data_ready_edges", (json_int_t)imu->edge_count,
		"faults", faults);
}

json_t *sensors_json(const struct sensors *s)
{
	json_t *all = json_object();

	for (int site = 0; site < SITE_COUNT; site++)
		if (s->stream.side[site].used)
			json_object_set_new(all, site_names[site],
				one_json(&s->stream.side[site].imu,
					s->wish[site][0] != '\0'
						? &s->bus[site]
						: &s->bus[SITE_THIGH]));
	/* where t_s = 0 lies on the clock that the kernel's log counts in */
	if (s->origin_us != INT64_MIN)
		json_object_set_new(all, "first_sample_monotonic_s",
			json_real((double)s->origin_us * 1e-6));
	json_object_set_new(all, "late_readings", json_integer((json_int_t)s->stream.late));
	json_object_set_new(all, "adapter_reopened", json_integer((json_int_t)s->revived));
	return all;
}

void sensors_close(struct sensors *s)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		i2c_bus_close(&s->bus[site]);
		lines_close(s->pulses[site]);
		s->pulses[site] = NULL;
	}
}
