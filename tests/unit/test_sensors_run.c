/*
 * Sensors on I2C as a source: whose calibration, an adapter that goes and comes, what is
 * told of them, a data-ready line. Emulated chips behind adapters that answer ioctl().
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

#include "../support/fake_gpio.h"
#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/sensors_rig.h"
#include "../support/temp_files.h"

static struct sensors_rig *const rig = &sensors_rig;

/* The example file, made for another chip. */
static void write_calibration(const char *chip_name)
{
	struct calib_file file;

	assert_int_equal(calib_file_read("calibration/example-six-parameters.json", &file,
				 &rig->problem),
		0);
	file.site = SITE_THIGH;
	snprintf(file.chip, sizeof file.chip, "%s", chip_name);
	assert_int_equal(calib_file_write(temp_path("thigh.json"), &file, &rig->problem),
		0);
	snprintf(rig->set.calibration_thigh, sizeof rig->set.calibration_thigh, "%s",
		temp_path("thigh.json"));
}

static void test_calibration(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_LSM6DSO, 0x6A);
	write_calibration("LSM6DSO");
	sensors_rig_expect(0, "i2c:1", "");
	write_calibration("LSM6DSOX:left one");
	sensors_rig_expect(0, "i2c:1", "");
	write_calibration("");
	sensors_rig_expect(0, "i2c:1", "");
	write_calibration("MPU-6050:blue");
	sensors_rig_expect(-EBADMSG, "i2c:1", "calibrate that one");
	write_calibration("LSM6DS");
	sensors_rig_expect(-EBADMSG, "i2c:1", "calibrate that one");
	rig->set.pelvis = 1;
	snprintf(rig->set.calibration_pelvis, sizeof rig->set.calibration_pelvis, "%s",
		rig->set.calibration_thigh);
	rig->set.calibration_thigh[0] = '\0';
	rig->set.thigh_address = 4;
	rig->set.pelvis_address = 3;
	sensors_rig_expect(-EBADMSG, "i2c:1", "it is for the thigh sensor");
}

/* Not there at the start, so not checked then; another chip comes. */
static void test_calibration_later(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_LSM6DSO, 0x6A);
	rig->chip[0].refuses = true;
	write_calibration("LSM6DSL:red");
	rig->set.thigh_address = 3;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	sensors_rig_run(2.0);
	assert_int_equal(rig->seen.error, 0);
	rig->chip[0].refuses = false;
	sensors_rig_run(2.0);
	assert_int_equal(rig->seen.error, -EBADMSG);
	assert_non_null(strstr(rig->problem.text, "LSM6DSL:red"));
}

/* The adapter is pulled out (every transfer ENODEV) and plugged in again. */
static void test_adapter_replugged(void **state)
{
	unsigned long transfers;

	(void)state;
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x68);
	assert_int_equal(sensors_rig_open("i2c:auto"), 0);
	sensors_rig_run(3.0);
	transfers = rig->sensors.bus[SITE_THIGH].transfers;
	i2c_fake[1].fail_errno = ENODEV;
	i2c_fake[1].fail_count = 1000000;
	/* One drain: each further try may take seconds in a kernel that waits for us. */
	sensors_rig_run(0.06);
	assert_int_equal(rig->sensors.stream.side[SITE_THIGH].imu.count[IMU_GONE], 1);
	assert_int_equal(rig->seen.faults, 1);
	assert_string_equal(rig->seen.fault, "gone");
	sensors_rig_run(4.0);
	assert_int_equal(rig->seen.faults, 0);
	assert_true(rig->seen.none > 50); /* time goes on */
	assert_int_equal(rig->sensors.bus[SITE_THIGH].fd, -1);
	i2c_fake[1].fail_count = 0;
	sensors_rig_run(3.0);
	assert_int_equal(rig->seen.recovered, 1);
	assert_true(rig->seen.thigh > 80);
	assert_int_equal(rig->sensors.revived, 1);
	assert_true(rig->sensors.bus[SITE_THIGH].transfers > transfers);
}

static void test_facts(void **state)
{
	struct calib calib[SITE_COUNT] = { calib_none(), calib_none() };
	json_t *facts, *thigh;

	(void)state;
	sensors_rig_put(1, 0, EMUL_LSM6DSO, 0x6A);
	rig->chip[0].rate_error = 0.04;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	sensors_full_scales(&rig->sensors, calib);
	/* By the set-up of chip.h: +-4 g, +-500 deg/s (LSM6DS: 17.5 mdps a count). */
	assert_true(fabs(calib[0].acc_full_scale_m_s2 - 4.0 * 9.80665) < 0.1);
	assert_true(fabs(calib[0].gyr_full_scale_rad_s * DEG_PER_RAD - 573.4) < 0.1);
	assert_true(isnan(calib[1].gyr_full_scale_rad_s));
	sensors_rig_run(60.0);
	facts = sensors_json(&rig->sensors);
	thigh = json_object_get(facts, "thigh");
	assert_string_equal(
		json_string_value(json_object_get(thigh, "chip")), "LSM6DSO/DSOX");
	assert_string_equal(json_string_value(json_object_get(thigh, "address")), "0x6a");
	assert_true(fabs(json_real_value(json_object_get(thigh, "rate_hz")) -
			emul_true_rate_hz(&rig->chip[0])) < 0.06);
	assert_null(json_object_get(facts, "pelvis"));
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(thigh, "faults"), "nack")),
		0);
	json_decref(facts);
}

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
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x68);
	strcpy(rig->set.data_ready_thigh, "GPIO99");
	sensors_rig_expect(-ENOENT, "i2c:1", "GPIO99");
	strcpy(rig->set.data_ready_thigh, "GPIO17");
	sensors_rig_expect(-ENXIO, "i2c:1", "gives no edges");
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	assert_int_equal(fake_gpio.taken_lines, 1);
	sensors_rig_run(1.0);
	assert_int_equal(rig->chip[0].reg[0x38], 0x01); /* INT_ENABLE: DATA_RDY_EN */
	assert_false(sensors_line_news(&rig->sensors, text, sizeof text));
	sensors_rig_run(4.0);
	assert_true(sensors_line_news(&rig->sensors, text, sizeof text));
	assert_non_null(strstr(text, "no edge comes"));
	assert_non_null(strstr(text, "data_ready_thigh"));
	assert_false(sensors_line_news(&rig->sensors, text, sizeof text));
	assert_true(rig->seen.thigh > 380);
	assert_int_equal(write(fake_gpio.edge_fd, &one, sizeof one), sizeof one);
	sensors_rig_run(0.2);
	assert_true(sensors_line_news(&rig->sensors, text, sizeof text));
	assert_non_null(strstr(text, "again"));
	json = sensors_json(&rig->sensors);
	assert_string_equal(json_string_value(json_object_get(json_object_get(json,
		"thigh"), "data_ready")), "good");
	json_decref(json);
	sensors_close(&rig->sensors);
	assert_int_equal(fake_gpio.taken_lines, 0);
	close(fake_gpio.edge_fd);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown( \
		function, sensors_rig_set_up, sensors_rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_calibration),
		TEST(test_calibration_later),
		TEST(test_adapter_replugged),
		TEST(test_facts),
		TEST(test_data_ready_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
