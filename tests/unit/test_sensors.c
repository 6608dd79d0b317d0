/*
 * Sensors on I2C as a source: which bus, which address, whose calibration; and what
 * comes out of it. Emulated chips behind adapters that answer ioctl().
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/emul_bus.h"
#include "../support/fake_gpio.h"
#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/temp_files.h"
#include "linux/sensors.h"
#include "stretch/raw.h"

#define SECOND INT64_C(1000000)

static struct emul chip[3];
static struct emul_bus wire[2]; /* of buses 1 and 2 */
static struct sensors sensors;
static struct settings set;
static struct problem problem;

/* What came out of a run. */
static struct {
	int samples, both, thigh, pelvis, none;
	int faults, recovered;
	char fault[EVENT_WORD_MAX];
	int64_t first_us, last_us;
	bool temp;
	int error;
} seen;

/* Two buses of a Pi, each with a wire of its own; nobody on them yet. */
static int set_up(void **state)
{
	i2c_fake_reset();
	(void)fake_gpio_reset(NULL);
	fake_gpio.consumer = "stretch sensor";
	i2c_tree_set_up(state);
	i2c_tree_machine();
	i2c_fake[0].functions = 0; /* the others are no I2C bus */
	for (int i = 0; i < 2; i++) {
		emul_bus_init(&wire[i]);
		i2c_fake_place(i + 1, i2c_tree_own_node(i + 1));
		i2c_fake[i + 1].chips = emul_bus_door(&wire[i]);
	}
	settings_default(&set);
	problem.text[0] = '\0';
	return 0;
}

static int tear_down(void **state)
{
	sensors_close(&sensors);
	return i2c_tree_tear_down(state);
}

static void put(int bus, int index, enum emul_kind kind, uint8_t address)
{
	emul_init(&chip[index], kind, address, (uint64_t)index + 1);
	emul_bus_add(&wire[bus - 1], &chip[index]);
}

static void start_wires(void)
{
	for (int i = 0; i < 2; i++)
		emul_bus_advance(&wire[i], SECOND);
}

static int open_as(const char *sensor)
{
	snprintf(set.sensor, sizeof set.sensor, "%s", sensor);
	start_wires();
	return sensors_open(&sensors, i2c_tree_places(), &set, &problem);
}

static void expect(int error, const char *sensor, const char *says)
{
	int got = open_as(sensor);

	if (got != error || strstr(problem.text, says) == NULL)
		fail_msg("%s: %d, %s", sensor, got, problem.text);
	if (error == 0)
		sensors_close(&sensors);
}

/* One clock for both wires: a transfer on one takes time on the other. */
static int64_t now(void)
{
	int64_t now_us = wire[0].now_us > wire[1].now_us ? wire[0].now_us
							 : wire[1].now_us;

	emul_bus_advance(&wire[0], now_us);
	emul_bus_advance(&wire[1], now_us);
	return now_us;
}

static void take(const struct sample *s)
{
	struct sample again = *s;

	if (seen.samples++ == 0)
		seen.first_us = s->t_us;
	else
		assert_true(s->t_us > seen.last_us);
	seen.last_us = s->t_us;
	if (s->imu[SITE_THIGH].present && s->imu[SITE_PELVIS].present)
		seen.both++;
	else if (s->imu[SITE_THIGH].present)
		seen.thigh++;
	else if (s->imu[SITE_PELVIS].present)
		seen.pelvis++;
	else
		seen.none++;
	seen.temp = isfinite(s->imu[SITE_THIGH].temp_c);
	/* As a recording holds it: rounding once more changes nothing. */
	assert_int_equal(raw_round(&again), 0);
	assert_memory_equal(&again.imu, &s->imu, sizeof again.imu);
	seen.recovered += s->event.kind == EVENT_RECOVERED;
	if (s->event.kind == EVENT_FAULT) {
		seen.faults++;
		memcpy(seen.fault, s->event.word[1], sizeof seen.fault);
	}
}

static void run(double seconds)
{
	int64_t until_us = now() + (int64_t)(seconds * 1e6);

	memset(&seen, 0, sizeof seen);
	while (now() < until_us) {
		struct sample sample;
		int64_t wake_us, now_us = now();
		int got = sensors_poll(&sensors, now_us, &sample, &wake_us, &problem);

		if (got < 0) {
			seen.error = got;
			return;
		}
		if (got == 1)
			take(&sample);
		else if (wake_us > now_us)
			emul_bus_advance(
				&wire[0], wake_us < until_us ? wake_us : until_us);
	}
}

static void test_auto(void **state)
{
	char text[80];

	(void)state;
	put(2, 0, EMUL_MPU6050, 0x68);
	assert_int_equal(open_as("i2c:auto"), 0);
	assert_true(sensors_has(&sensors, SITE_THIGH));
	assert_false(sensors_has(&sensors, SITE_PELVIS));
	run(5.0);
	assert_true(sensors_describe(&sensors, SITE_THIGH, text, sizeof text));
	assert_string_equal(text, "thigh: MPU-6050 at 0x68, bus 2");
	/* 100 Hz, less 0.3 s of bring-up. */
	assert_in_range(seen.thigh, 440, 500);
	assert_int_equal(seen.samples, seen.thigh);
	assert_int_equal(seen.first_us, 0);
	assert_true(seen.temp);
	assert_false(chip[0].wrote_before_id);
	assert_false(i2c_fake[2].forced);
}

static void test_names(void **state)
{
	static const char *const names[] = { "i2c:1", "i2c:i2c_arm", "i2c:7e804000" };

	(void)state;
	put(1, 0, EMUL_LSM6DSO, 0x6A);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		expect(0, names[i], "");
	expect(-ENOTUNIQ, "i2c:bcm2835", "ambiguous");
	expect(-ENOENT, "i2c:7", "no such bus");
	expect(-ENODEV, "i2c:2", "no sensor answers");
	expect(-EINVAL, "simulate:bridge", "not i2c:BUS");
}

/* At 0x68 and none of ours: left alone, to the last data byte. */
static void test_clock_chip(void **state)
{
	(void)state;
	put(1, 0, EMUL_DS1307, 0x68);
	expect(-ENODEV, "i2c:1", "clock chip");
	expect(-ENODEV, "i2c:auto", "clock chip");
	/* Named by its address: the session runs, the fault says it, nothing is written. */
	set.thigh_address = 1;
	assert_int_equal(open_as("i2c:1"), 0);
	run(5.0);
	assert_int_equal(seen.samples, seen.none);
	assert_string_equal(seen.fault, "clock-chip");
	assert_int_equal(chip[0].data_bytes_written, 0);
	assert_int_equal(i2c_fake[1].written, 0);
}

static void test_beside_clock_chip(void **state)
{
	(void)state;
	put(1, 0, EMUL_DS1307, 0x68);
	put(1, 1, EMUL_MPU6500, 0x69);
	assert_int_equal(open_as("i2c:auto"), 0);
	run(3.0);
	assert_in_range(seen.thigh, 240, 300);
	assert_int_equal(chip[0].data_bytes_written, 0);
}

static void test_two_on_one_bus(void **state)
{
	(void)state;
	put(1, 0, EMUL_MPU6050, 0x68);
	put(1, 1, EMUL_MPU6050, 0x69);
	chip[0].rate_error = 0.03;
	set.pelvis = 1;
	assert_int_equal(open_as("i2c:auto"), 0);
	assert_int_equal(sensors.stream.side[SITE_THIGH].imu.address, 0x68);
	assert_int_equal(sensors.stream.side[SITE_PELVIS].imu.address, 0x69);
	run(2.0);
	run(10.0);
	assert_in_range(seen.both, 1020, 1035);
	sensors_close(&sensors);
	/* Strapped the other way round, and said so. */
	set.thigh_address = 2;
	assert_int_equal(open_as("i2c:1"), 0);
	assert_int_equal(sensors.stream.side[SITE_THIGH].imu.address, 0x69);
	assert_int_equal(sensors.stream.side[SITE_PELVIS].imu.address, 0x68);
	sensors_close(&sensors);
	set.pelvis_address = 2;
	expect(-EINVAL, "i2c:1", "are the same");
}

/* One answer for two wishes: whose it is, nobody can know. */
static void test_one_of_two(void **state)
{
	(void)state;
	put(1, 0, EMUL_MPU6050, 0x68);
	put(1, 1, EMUL_MPU6050, 0x69);
	chip[0].refuses = true;
	set.pelvis = 1;
	expect(-ENOTUNIQ, "i2c:1", "thigh_address and pelvis_address");
	expect(-ENOTUNIQ, "i2c:auto", "thigh_address and pelvis_address");
	/* Told apart by their addresses, one goes on alone, and the other may come. */
	set.thigh_address = 1;
	set.pelvis_address = 2;
	assert_int_equal(open_as("i2c:1"), 0);
	run(5.0);
	assert_in_range(seen.pelvis, 420, 500);
	assert_int_equal(seen.both + seen.thigh, 0);
	assert_int_equal(seen.faults, 1);
	assert_string_equal(seen.fault, "nack");
	chip[0].refuses = false;
	run(3.0);
	assert_int_equal(seen.recovered, 1);
	assert_true(seen.both > 100);
}

/* Two answer and one is asked for: a question, not a guess; then its answer. */
static void test_two_for_one(void **state)
{
	(void)state;
	put(1, 0, EMUL_MPU6050, 0x69);
	put(1, 1, EMUL_LSM6DSO, 0x6B);
	expect(-ENOTUNIQ, "i2c:auto", "0x69, 0x6b; which one is on the thigh? Write "
		"thigh_address, and pelvis = yes");
	expect(-ENOTUNIQ, "i2c:1", "which one is on the thigh?");
	assert_int_equal(chip[0].data_bytes_written + chip[1].data_bytes_written, 0);
	set.thigh_address = 4; /* 0x6b */
	expect(0, "i2c:auto", "");
	/* What has an address is no candidate for the other. */
	set.pelvis = 1;
	expect(0, "i2c:auto", "");
	assert_int_equal(sensors.stream.side[SITE_PELVIS].imu.address, 0x69);
}

static void test_two_buses(void **state)
{
	(void)state;
	put(1, 0, EMUL_LSM6DSO, 0x6A);
	put(2, 1, EMUL_LSM6DSL, 0x6A);
	expect(-ENOTUNIQ, "i2c:auto", "several buses: 1, 2");
	set.pelvis = 1;
	snprintf(set.pelvis_bus, sizeof set.pelvis_bus, "2");
	assert_int_equal(open_as("i2c:1"), 0);
	run(2.0);
	run(10.0);
	assert_in_range(seen.both, 1025, 1050);
	sensors_close(&sensors);
	/* The pelvis' bus is taken first, and auto does not look there again. */
	assert_int_equal(open_as("i2c:auto"), 0);
	assert_int_equal(sensors.bus[SITE_THIGH].number, 1);
	sensors_close(&sensors);
	/* One bus by two names is opened once. */
	snprintf(set.pelvis_bus, sizeof set.pelvis_bus, "i2c_arm");
	set.thigh_address = 3;
	set.pelvis_address = 4;
	assert_int_equal(open_as("i2c:1"), 0);
	assert_int_equal(sensors.bus[SITE_PELVIS].fd, -1);
}

static void test_driver_has_it(void **state)
{
	(void)state;
	put(1, 0, EMUL_MPU6050, 0x68);
	i2c_tree_driver();
	i2c_fake[1].owned = 0x68;
	expect(-EBUSY, "i2c:1", "inv-mpu6050-i2c");
	expect(-EBUSY, "i2c:auto", "inv-mpu6050-i2c");
	set.thigh_address = 1;
	expect(-EBUSY, "i2c:1", "inv-mpu6050-i2c");
	assert_false(chip[0].id_read);
}

/* The example file, made for another chip. */
static void write_calibration(const char *chip_name)
{
	struct calib_file file;

	assert_int_equal(calib_file_read("calibration/example-six-parameters.json", &file,
				 &problem),
		0);
	file.site = SITE_THIGH;
	snprintf(file.chip, sizeof file.chip, "%s", chip_name);
	assert_int_equal(calib_file_write(temp_path("thigh.json"), &file, &problem), 0);
	snprintf(set.calibration_thigh, sizeof set.calibration_thigh, "%s",
		temp_path("thigh.json"));
}

static void test_calibration(void **state)
{
	(void)state;
	put(1, 0, EMUL_LSM6DSO, 0x6A);
	write_calibration("LSM6DSO");
	expect(0, "i2c:1", "");
	write_calibration("LSM6DSOX:left one");
	expect(0, "i2c:1", "");
	write_calibration("");
	expect(0, "i2c:1", "");
	write_calibration("MPU-6050:blue");
	expect(-EBADMSG, "i2c:1", "calibrate that one");
	write_calibration("LSM6DS");
	expect(-EBADMSG, "i2c:1", "calibrate that one");
	set.pelvis = 1;
	snprintf(set.calibration_pelvis, sizeof set.calibration_pelvis, "%s",
		set.calibration_thigh);
	set.calibration_thigh[0] = '\0';
	set.thigh_address = 4;
	set.pelvis_address = 3;
	expect(-EBADMSG, "i2c:1", "it is for the thigh sensor");
}

/* Not there at the start, so not checked then; another chip comes. */
static void test_calibration_later(void **state)
{
	(void)state;
	put(1, 0, EMUL_LSM6DSO, 0x6A);
	chip[0].refuses = true;
	write_calibration("LSM6DSL:red");
	set.thigh_address = 3;
	assert_int_equal(open_as("i2c:1"), 0);
	run(2.0);
	assert_int_equal(seen.error, 0);
	chip[0].refuses = false;
	run(2.0);
	assert_int_equal(seen.error, -EBADMSG);
	assert_non_null(strstr(problem.text, "LSM6DSL:red"));
}

/* The adapter is pulled out (every transfer ENODEV) and plugged in again. */
static void test_adapter_replugged(void **state)
{
	unsigned long transfers;

	(void)state;
	put(1, 0, EMUL_MPU6050, 0x68);
	assert_int_equal(open_as("i2c:auto"), 0);
	run(3.0);
	transfers = sensors.bus[SITE_THIGH].transfers;
	i2c_fake[1].fail_errno = ENODEV;
	i2c_fake[1].fail_count = 1000000;
	/* One drain: each further try may take seconds in a kernel that waits for us. */
	run(0.06);
	assert_int_equal(sensors.stream.side[SITE_THIGH].imu.count[IMU_GONE], 1);
	assert_int_equal(seen.faults, 1);
	assert_string_equal(seen.fault, "gone");
	run(4.0);
	assert_int_equal(seen.faults, 0);
	assert_true(seen.none > 50); /* time goes on */
	assert_int_equal(sensors.bus[SITE_THIGH].fd, -1);
	i2c_fake[1].fail_count = 0;
	run(3.0);
	assert_int_equal(seen.recovered, 1);
	assert_true(seen.thigh > 80);
	assert_int_equal(sensors.revived, 1);
	assert_true(sensors.bus[SITE_THIGH].transfers > transfers);
}

static void test_facts(void **state)
{
	struct calib calib[SITE_COUNT] = { calib_none(), calib_none() };
	json_t *facts, *thigh;

	(void)state;
	put(1, 0, EMUL_LSM6DSO, 0x6A);
	chip[0].rate_error = 0.04;
	assert_int_equal(open_as("i2c:1"), 0);
	sensors_full_scales(&sensors, calib);
	/* By the set-up of chip.h: +-4 g, +-500 deg/s (LSM6DS: 17.5 mdps a count). */
	assert_true(fabs(calib[0].acc_full_scale_m_s2 - 4.0 * 9.80665) < 0.1);
	assert_true(fabs(calib[0].gyr_full_scale_rad_s * DEG_PER_RAD - 573.4) < 0.1);
	assert_true(isnan(calib[1].gyr_full_scale_rad_s));
	run(60.0);
	facts = sensors_json(&sensors);
	thigh = json_object_get(facts, "thigh");
	assert_string_equal(
		json_string_value(json_object_get(thigh, "chip")), "LSM6DSO/DSOX");
	assert_string_equal(json_string_value(json_object_get(thigh, "address")), "0x6a");
	assert_true(fabs(json_real_value(json_object_get(thigh, "rate_hz")) -
			emul_true_rate_hz(&chip[0])) < 0.06);
	assert_null(json_object_get(facts, "pelvis"));
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(thigh, "faults"), "nack")),
		0);
	json_decref(facts);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/*
 * A data-ready line: found and taken at the start, given back at the end; a silent one
 * is said once, and so is its return. (What the edges are good for: test_data_ready.c.)
 */
static void test_data_ready_line(void **state)
{
	const uint64_t one = 1;
	char text[256];
	json_t *json;

	(void)state;
	put(1, 0, EMUL_MPU6050, 0x68);
	strcpy(set.data_ready_thigh, "GPIO99");
	expect(-ENOENT, "i2c:1", "GPIO99");
	strcpy(set.data_ready_thigh, "GPIO17");
	expect(-ENXIO, "i2c:1", "gives no edges");
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
	assert_int_equal(open_as("i2c:1"), 0);
	assert_int_equal(fake_gpio.taken_lines, 1);
	run(1.0);
	assert_int_equal(chip[0].reg[0x38], 0x01); /* INT_ENABLE: DATA_RDY_EN */
	assert_false(sensors_line_news(&sensors, text, sizeof text));
	run(4.0);
	assert_true(sensors_line_news(&sensors, text, sizeof text));
	assert_non_null(strstr(text, "no edge comes"));
	assert_non_null(strstr(text, "data_ready_thigh"));
	assert_false(sensors_line_news(&sensors, text, sizeof text));
	assert_true(seen.thigh > 380);
	assert_int_equal(write(fake_gpio.edge_fd, &one, sizeof one), sizeof one);
	run(0.2);
	assert_true(sensors_line_news(&sensors, text, sizeof text));
	assert_non_null(strstr(text, "again"));
	json = sensors_json(&sensors);
	assert_string_equal(json_string_value(json_object_get(json_object_get(json,
		"thigh"), "data_ready")), "good");
	json_decref(json);
	sensors_close(&sensors);
	assert_int_equal(fake_gpio.taken_lines, 0);
	close(fake_gpio.edge_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_auto),
		TEST(test_names),
		TEST(test_clock_chip),
		TEST(test_beside_clock_chip),
		TEST(test_two_on_one_bus),
		TEST(test_one_of_two),
		TEST(test_two_for_one),
		TEST(test_two_buses),
		TEST(test_driver_has_it),
		TEST(test_calibration),
		TEST(test_calibration_later),
		TEST(test_adapter_replugged),
		TEST(test_facts),
		TEST(test_data_ready_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
