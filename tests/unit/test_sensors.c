/*
 * Which sensors are taken on I2C: which bus, which address, what is no sensor of ours.
 * Emulated chips behind adapters that answer ioctl().
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/sensors_rig.h"

static struct sensors_rig *const rig = &sensors_rig;

static void test_auto(void **state)
{
	char text[80];

	(void)state;
	sensors_rig_put(2, 0, EMUL_MPU6050, 0x68);
	assert_int_equal(sensors_rig_open("i2c:auto"), 0);
	assert_true(sensors_has(&rig->sensors, SITE_THIGH));
	assert_false(sensors_has(&rig->sensors, SITE_PELVIS));
	sensors_rig_run(5.0);
	assert_true(sensors_describe(&rig->sensors, SITE_THIGH, text, sizeof text));
	assert_string_equal(text, "thigh: MPU-6050 at 0x68, bus 2");
	/* 100 Hz, less 0.3 s of bring-up. */
	assert_in_range(rig->seen.thigh, 440, 500);
	assert_int_equal(rig->seen.samples, rig->seen.thigh);
	assert_int_equal(rig->seen.first_us, 0);
	assert_true(rig->seen.temp);
	assert_false(rig->chip[0].wrote_before_id);
	assert_false(i2c_fake[2].forced);
}

static void test_names(void **state)
{
	static const char *const names[] = { "i2c:1", "i2c:i2c_arm", "i2c:7e804000" };

	(void)state;
	sensors_rig_put(1, 0, EMUL_LSM6DSO, 0x6A);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		sensors_rig_expect(0, names[i], "");
	sensors_rig_expect(-ENOTUNIQ, "i2c:bcm2835", "ambiguous");
	sensors_rig_expect(-ENOENT, "i2c:7", "no such bus");
	sensors_rig_expect(-ENODEV, "i2c:2", "no sensor answers");
	sensors_rig_expect(-EINVAL, "simulate:bridge", "not i2c:BUS");
}

/* At 0x68 and none of ours: left alone, to the last data byte. */
static void test_clock_chip(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_DS1307, 0x68);
	sensors_rig_expect(-ENODEV, "i2c:1", "clock chip");
	sensors_rig_expect(-ENODEV, "i2c:auto", "clock chip");
	/* Named by its address: the session runs, the fault says it, nothing is written. */
	rig->set.thigh_address = 1;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	sensors_rig_run(5.0);
	assert_int_equal(rig->seen.samples, rig->seen.none);
	assert_string_equal(rig->seen.fault, "clock-chip");
	assert_int_equal(rig->chip[0].data_bytes_written, 0);
	assert_int_equal(i2c_fake[1].written, 0);
}

static void test_beside_clock_chip(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_DS1307, 0x68);
	sensors_rig_put(1, 1, EMUL_MPU6500, 0x69);
	assert_int_equal(sensors_rig_open("i2c:auto"), 0);
	sensors_rig_run(3.0);
	assert_in_range(rig->seen.thigh, 240, 300);
	assert_int_equal(rig->chip[0].data_bytes_written, 0);
}

static void test_two_on_one_bus(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x68);
	sensors_rig_put(1, 1, EMUL_MPU6050, 0x69);
	rig->chip[0].rate_error = 0.03;
	rig->set.pelvis = 1;
	assert_int_equal(sensors_rig_open("i2c:auto"), 0);
	assert_int_equal(rig->sensors.stream.side[SITE_THIGH].imu.address, 0x68);
	assert_int_equal(rig->sensors.stream.side[SITE_PELVIS].imu.address, 0x69);
	sensors_rig_run(2.0);
	sensors_rig_run(10.0);
	assert_in_range(rig->seen.both, 1020, 1035);
	sensors_close(&rig->sensors);
	/* Strapped the other way round, and said so. */
	rig->set.thigh_address = 2;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	assert_int_equal(rig->sensors.stream.side[SITE_THIGH].imu.address, 0x69);
	assert_int_equal(rig->sensors.stream.side[SITE_PELVIS].imu.address, 0x68);
	sensors_close(&rig->sensors);
	rig->set.pelvis_address = 2;
	sensors_rig_expect(-EINVAL, "i2c:1", "are the same");
}

/* One answer for two wishes: whose it is, nobody can know. */
static void test_one_of_two(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x68);
	sensors_rig_put(1, 1, EMUL_MPU6050, 0x69);
	rig->chip[0].refuses = true;
	rig->set.pelvis = 1;
	sensors_rig_expect(-ENOTUNIQ, "i2c:1", "thigh_address and pelvis_address");
	sensors_rig_expect(-ENOTUNIQ, "i2c:auto", "thigh_address and pelvis_address");
	/* Told apart by their addresses, one goes on alone, and the other may come. */
	rig->set.thigh_address = 1;
	rig->set.pelvis_address = 2;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	sensors_rig_run(5.0);
	assert_in_range(rig->seen.pelvis, 420, 500);
	assert_int_equal(rig->seen.both + rig->seen.thigh, 0);
	assert_int_equal(rig->seen.faults, 1);
	assert_string_equal(rig->seen.fault, "nack");
	rig->chip[0].refuses = false;
	sensors_rig_run(3.0);
	assert_int_equal(rig->seen.recovered, 1);
	assert_true(rig->seen.both > 100);
}

/* Two answer and one is asked for: a question, not a guess; then its answer. */
static void test_two_for_one(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x69);
	sensors_rig_put(1, 1, EMUL_LSM6DSO, 0x6B);
	sensors_rig_expect(-ENOTUNIQ, "i2c:auto",
		"0x69, 0x6b; which one is on the thigh? Write "
		"thigh_address, and pelvis = yes");
	sensors_rig_expect(-ENOTUNIQ, "i2c:1", "which one is on the thigh?");
	assert_int_equal(rig->chip[0].data_bytes_written, 0);
	assert_int_equal(rig->chip[1].data_bytes_written, 0);
	rig->set.thigh_address = 4; /* 0x6b */
	sensors_rig_expect(0, "i2c:auto", "");
	/* What has an address is no candidate for the other. */
	rig->set.pelvis = 1;
	sensors_rig_expect(0, "i2c:auto", "");
	assert_int_equal(rig->sensors.stream.side[SITE_PELVIS].imu.address, 0x69);
}

static void test_two_buses(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_LSM6DSO, 0x6A);
	sensors_rig_put(2, 1, EMUL_LSM6DSL, 0x6A);
	sensors_rig_expect(-ENOTUNIQ, "i2c:auto", "several buses: 1, 2");
	rig->set.pelvis = 1;
	snprintf(rig->set.pelvis_bus, sizeof rig->set.pelvis_bus, "2");
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	sensors_rig_run(2.0);
	sensors_rig_run(10.0);
	assert_in_range(rig->seen.both, 1025, 1050);
	sensors_close(&rig->sensors);
	/* The pelvis' bus is taken first, and auto does not look there again. */
	assert_int_equal(sensors_rig_open("i2c:auto"), 0);
	assert_int_equal(rig->sensors.bus[SITE_THIGH].number, 1);
	sensors_close(&rig->sensors);
	/* One bus by two names is opened once. */
	snprintf(rig->set.pelvis_bus, sizeof rig->set.pelvis_bus, "i2c_arm");
	rig->set.thigh_address = 3;
	rig->set.pelvis_address = 4;
	assert_int_equal(sensors_rig_open("i2c:1"), 0);
	assert_int_equal(rig->sensors.bus[SITE_PELVIS].fd, -1);
}

static void test_driver_has_it(void **state)
{
	(void)state;
	sensors_rig_put(1, 0, EMUL_MPU6050, 0x68);
	i2c_tree_driver();
	i2c_fake[1].owned = 0x68;
	sensors_rig_expect(-EBUSY, "i2c:1", "inv-mpu6050-i2c");
	sensors_rig_expect(-EBUSY, "i2c:auto", "inv-mpu6050-i2c");
	rig->set.thigh_address = 1;
	sensors_rig_expect(-EBUSY, "i2c:1", "inv-mpu6050-i2c");
	assert_false(rig->chip[0].id_read);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown( \
		function, sensors_rig_set_up, sensors_rig_tear_down)

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
