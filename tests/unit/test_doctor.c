/*
 * The doctor on machines that are made up: folders that look like /sys and /dev,
 * adapters behind ioctl(), emulated chips, a virtual clock. Each thing that can be
 * wrong is put there, and its line must be marked and say what to do.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/emul_bus.h"
#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/temp_files.h"
#include "linux/doctor.h"

#define LINES_KEPT 40

static struct emul chip[3];
static struct emul_bus wire;
static struct settings set;
static struct doctor doctor;
static struct doctor_line kept[LINES_KEPT];
static int lines;

static void keep(void *context, const struct doctor_line *line)
{
	(void)context;
	assert_true(lines < LINES_KEPT);
	kept[lines++] = *line;
}

static int64_t now(void *context)
{
	(void)context;
	return wire.now_us;
}

static int wait(void *context, struct pollfd *fds, nfds_t count, int64_t until_us,
	const sigset_t *mask)
{
	(void)context;
	(void)fds;
	(void)count;
	(void)mask;
	emul_bus_advance(&wire, until_us);
	return 0;
}

static int set_up(void **state)
{
	i2c_fake_reset();
	i2c_tree_set_up(state);
	emul_bus_init(&wire);
	settings_default(&set);
	snprintf(set.state_dir, sizeof set.state_dir, "%s", temp_path("state"));
	set.control[0] = '\0'; /* whatever runs on this machine */
	set.volatile_store = 1; /* wherever temporary folders are */
	return 0;
}

/* A machine with one bus, chips on it as put. */
static void one_bus(void)
{
	i2c_tree_adapter(1, "bcm2835 (i2c@7e804000)\n", true);
	i2c_fake[0].chips = emul_bus_door(&wire);
}

static void put(int index, enum emul_kind kind, uint8_t address)
{
	emul_init(&chip[index], kind, address, (uint64_t)index + 1);
	emul_bus_add(&wire, &chip[index]);
}

static int run(const char *only)
{
	lines = 0;
	doctor_init(&doctor, &set, keep, NULL);
	doctor.places = i2c_tree_places();
	doctor.root = temp_path("root");
	doctor.trust = CLOCK_NTP;
	doctor.clock = (struct loop_clock){ .now_us = now, .wait = wait };
	emul_bus_advance(&wire, wire.now_us + 1000000);
	return doctor_run(&doctor, only);
}

static void expect(enum doctor_mark mark, const char *check, const char *says)
{
	for (int i = 0; i < lines; i++)
		if (kept[i].mark == mark && strcmp(kept[i].check, check) == 0 &&
			strstr(kept[i].text, says) != NULL)
			return;
	for (int i = 0; i < lines; i++)
		printf("# %s %s: %s\n", doctor_mark_names[kept[i].mark], kept[i].check,
			kept[i].text);
	fail_msg("no line %s %s: %s", doctor_mark_names[mark], check, says);
}

static void test_all_well(void **state)
{
	(void)state;
	one_bus();
	put(0, EMUL_MPU6050, 0x68);
	put(1, EMUL_MPU6500, 0x69);
	chip[0].motion = chip[1].motion = emul_rest;
	chip[0].rate_error = 0.03;
	set.pelvis = 1;
	assert_int_equal(run(NULL), 0);
	expect(DOCTOR_OK, "release", "64 bit");
	expect(DOCTOR_OK, "buses", "bus 1 (bcm2835 (i2c@7e804000)): free");
	expect(DOCTOR_OK, "chips", "0x68: MPU-6050");
	expect(DOCTOR_OK, "chips", "0x69: MPU-6500 (on a board sold as MPU-6050");
	expect(DOCTOR_OK, "sensors", "thigh: MPU-6050 at 0x68, bus 1: 0 errors");
	expect(DOCTOR_OK, "sensors", "thigh: 103.0 readings a second, +3.0 %");
	expect(DOCTOR_OK, "sensors", "pelvis: noise 0.0");
	expect(DOCTOR_OK, "clock", "ntp");
	expect(DOCTOR_OK, "store", "/state: can be made");
	assert_false(chip[0].wrote_before_id || chip[1].wrote_before_id);
	snprintf(set.state_dir, sizeof set.state_dir, "%s", temp_path("."));
	assert_int_equal(run("store"), 0);
	expect(DOCTOR_OK, "store", "can be written");
}

static void test_i2c_off(void **state)
{
	(void)state;
	assert_int_equal(run(NULL), 2);
	expect(DOCTOR_BAD, "buses", "raspi-config");
	mkdir(temp_path("root"), 0755);
	mkdir(temp_path("root/boot"), 0755);
	mkdir(temp_path("root/boot/firmware"), 0755);
	temp_write_text("root/boot/firmware/config.txt",
		"#dtparam=i2c_arm=on\n[all]\ndtparam=i2c_arm=on\n");
	(void)run("buses");
	expect(DOCTOR_BAD, "buses", "start the machine anew");
	temp_write_text("root/boot/firmware/config.txt", "#dtparam=i2c_arm=on\n");
	(void)run("buses");
	assert_null(strstr(kept[0].text, "start the machine anew"));
	/* Nobody asked for a bus: that is no fault. */
	snprintf(set.sensor, sizeof set.sensor, "simulate:lying-towel");
	assert_int_equal(run(NULL), 0);
	expect(DOCTOR_NOTE, "buses", "raspi-config");
}

static void test_names(void **state)
{
	(void)state;
	i2c_tree_machine();
	snprintf(set.sensor, sizeof set.sensor, "i2c:bcm2835");
	(void)run("buses");
	expect(DOCTOR_BAD, "buses", "ambiguous: 1 (bcm2835");
	expect(DOCTOR_NOTE, "buses", "modprobe i2c-dev");
	snprintf(set.sensor, sizeof set.sensor, "i2c:i2c_arm");
	(void)run("buses");
	expect(DOCTOR_OK, "buses", "\"i2c_arm\" is ");
	/* SMBus only, as in many laptops. */
	i2c_fake[0].functions = 1;
	(void)run("buses");
	expect(DOCTOR_NOTE, "buses", "SMBus only");
}

static void test_rights(void **state)
{
	(void)state;
	i2c_tree_adapter(1, "bcm2835\n", false);
	temp_write_text("dev/i2c-1", "");
	assert_int_equal(chmod(temp_path("dev/i2c-1"), 0), 0);
	assert_int_equal(chmod(temp_path("."), 0755), 0);
	/* Root may do everything: be nobody for a moment. */
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	(void)run("buses");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	expect(DOCTOR_BAD, "buses", "group i2c");
}

static void test_busy(void **state)
{
	struct i2c_bus bus;

	(void)state;
	one_bus();
	assert_int_equal(i2c_bus_open(&bus, i2c_tree_places(), "1", NULL), 0);
	(void)run("buses");
	expect(DOCTOR_BAD, "buses", "systemctl stop stretchd");
	i2c_bus_close(&bus);
	i2c_tree_driver();
	i2c_fake[0].owned = 0x68;
	(void)run("chips");
	expect(DOCTOR_BAD, "chips", "inv-mpu6050-i2c");
	expect(DOCTOR_BAD, "chips", "unbind");
	assert_false(i2c_fake[0].forced);
}

/* At 0x68 and none of ours: asked by the pointer 0x75, and not one data byte. */
static void test_clock_chip(void **state)
{
	(void)state;
	one_bus();
	put(0, EMUL_DS1307, 0x68);
	assert_true(run(NULL) > 0);
	expect(DOCTOR_NOTE, "chips", "nothing was written. Put the sensor at 0x69");
	expect(DOCTOR_BAD, "sensors", "clock chip");
	assert_int_equal(chip[0].data_bytes_written, 0);
	assert_int_equal(i2c_fake[0].written, 0);
}

static void test_nobody_and_strangers(void **state)
{
	(void)state;
	one_bus();
	(void)run("chips");
	expect(DOCTOR_BAD, "chips", "no sensor answers");
	put(0, EMUL_MPU6050, 0x69);
	wire.fault = (struct emul_fault){ .kind = EMUL_FAULT_ONES, .transfers = 1000000 };
	(void)run("chips");
	expect(DOCTOR_BAD, "chips", "0x69: unknown chip, WHO_AM_I is 0xff. Look at");
	wire.fault.kind = EMUL_FAULT_TIMEOUT;
	(void)run("chips");
	expect(DOCTOR_BAD, "chips", "A line is held low");
}

/* 0x70 with its lowest bit turned over is the name of another chip, the MPU-9250. */
static void test_garbled_name(void **state)
{
	(void)state;
	one_bus();
	put(0, EMUL_MPU6500, 0x68);
	wire.fault = (struct emul_fault){ .kind = EMUL_FAULT_FLIP, .transfers = 1 };
	(void)run("chips");
	assert_int_equal(wire.injected, 1);
	expect(DOCTOR_OK, "chips", "0x68: MPU-6500");
}

/* A wire that fails now and then, a chip that is moved, one that runs too fast. */
static void test_poor_sensor(void **state)
{
	(void)state;
	one_bus();
	put(0, EMUL_MPU6050, 0x68);
	chip[0].rate_error = 0.08;
	(void)run("sensors");
	expect(DOCTOR_NOTE, "sensors", "+8.0 %");
	expect(DOCTOR_NOTE, "sensors", "it was moved");
	wire.fault = (struct emul_fault){ .kind = EMUL_FAULT_FLIP,
		.first = wire.transfers + 60,
		.transfers = 3,
		.amount = 5 };
	(void)run("sensors");
	expect(DOCTOR_BAD, "sensors", "errors in ");
	chip[0].refuses = true;
	set.thigh_address = 1;
	snprintf(set.sensor, sizeof set.sensor, "i2c:1");
	(void)run("sensors");
	expect(DOCTOR_BAD, "sensors", "nack: nobody answers");
}

static void test_machine(void **state)
{
	(void)state;
	doctor_init(&doctor, &set, keep, NULL);
	lines = 0;
	doctor.bits = 32;
	strcpy(doctor.machine, "armv7l");
	assert_int_equal(doctor_run(&doctor, "release"), 1);
	expect(DOCTOR_BAD, "release", "32-bit release (armv7l");
	doctor.root = temp_path("root");
	doctor.trust = CLOCK_NONE;
	(void)doctor_run(&doctor, "clock");
	expect(DOCTOR_NOTE, "clock", "or fit a clock chip");
	mkdir(temp_path("root"), 0755);
	mkdir(temp_path("root/sys"), 0755);
	mkdir(temp_path("root/sys/class"), 0755);
	mkdir(temp_path("root/sys/class/rtc"), 0755);
	mkdir(temp_path("root/sys/class/rtc/rtc0"), 0755);
	lines = 0;
	(void)doctor_run(&doctor, "clock");
	assert_null(strstr(kept[0].text, "or fit"));
	doctor.trust = CLOCK_RTC;
	(void)doctor_run(&doctor, "clock");
	expect(DOCTOR_OK, "clock", "trusted (rtc), and there is a clock chip");
}

static void test_lines_and_store(void **state)
{
	(void)state;
	(void)run("lines");
	expect(DOCTOR_NOTE, "lines", "led_mode");
	set.led_mode = LED_RGB;
	strcpy(set.led_red_line, "NO-SUCH-LINE");
	strcpy(set.led_green_line, "no-such-chip:3");
	assert_int_equal(run("lines"), 2);
	expect(DOCTOR_BAD, "lines", "NO-SUCH-LINE");
	/* A folder that cannot be made, one in memory. */
	assert_int_equal(chmod(temp_path("."), 0555), 0);
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	(void)run("store");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(temp_path("."), 0755), 0);
	expect(DOCTOR_BAD, "store", "may not write");
	if (access("/dev/shm", W_OK) == 0) {
		set.volatile_store = 0;
		strcpy(set.state_dir, "/dev/shm/stretchd");
		(void)run("store");
		expect(DOCTOR_BAD, "store", "gone with the power");
	}
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, i2c_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_well),
		TEST(test_i2c_off),
		TEST(test_names),
		TEST(test_rights),
		TEST(test_busy),
		TEST(test_clock_chip),
		TEST(test_nobody_and_strangers),
		TEST(test_garbled_name),
		TEST(test_poor_sensor),
		TEST(test_machine),
		TEST(test_lines_and_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
