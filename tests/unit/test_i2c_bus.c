/*
 * The I2C bus without hardware: on an adapter behind ioctl(). The last test runs a
 * driver on emulated chips through everything but the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>

#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/imu_rig.h"
#include "../support/temp_files.h"
#include "linux/i2c_bus.h"

static struct i2c_fake *const adapter = &i2c_fake[0];

static int set_up(void **state)
{
	i2c_fake_reset();
	return i2c_tree_set_up(state);
}

static int open_bus(struct i2c_bus *bus, const char *name, struct problem *problem)
{
	return i2c_bus_open(bus, i2c_tree_places(), name, problem);
}

static void test_open_errors(void **state)
{
	struct i2c_bus bus, second;
	struct problem problem;
	int other;

	(void)state;
	i2c_tree_machine();
	/* Not a device; a device that is no bus; one that can do SMBus only. */
	temp_write_text("file", "");
	assert_int_equal(open_bus(&bus, temp_path("file"), &problem), -ENOTTY);
	assert_non_null(strstr(problem.text, "no device"));
	adapter->functions = 0;
	assert_int_equal(open_bus(&bus, "1", &problem), -ENOTTY);
	assert_non_null(strstr(problem.text, "no I2C bus"));
	adapter->functions = I2C_FUNC_SMBUS_EMUL;
	assert_int_equal(open_bus(&bus, "1", &problem), -EOPNOTSUPP);
	assert_non_null(strstr(problem.text, "SMBus only"));
	assert_int_equal(bus.fd, -1);
	adapter->functions = I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
	/* Another program has it; then not any more. */
	other = open(i2c_tree_node(), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(open_bus(&bus, "1", &problem), -EBUSY);
	assert_non_null(strstr(problem.text, "another program"));
	close(other);
	assert_int_equal(open_bus(&bus, "1", &problem), 0);
	assert_int_equal(open_bus(&second, "1", &problem), -EBUSY);
	/* The adapter must not repeat bursts, nor wait for long. */
	assert_int_equal(adapter->retries, 0);
	assert_in_range(adapter->timeout, 10, 50);
	i2c_bus_close(&bus);
	assert_int_equal(open_bus(&second, "1", &problem), 0);
	i2c_bus_close(&second);
	i2c_bus_close(&second);
}

static void test_no_permission(void **state)
{
	struct i2c_bus bus;
	struct problem problem;

	int error;

	(void)state;
	i2c_tree_machine();
	temp_write_text("dev/i2c-12", "");
	assert_int_equal(chmod(temp_path("dev/i2c-12"), 0), 0);
	assert_int_equal(chmod(temp_path("."), 0755), 0);
	/* Root may open everything: be nobody for a moment. */
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	error = open_bus(&bus, "12", &problem);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(error, -EACCES);
	assert_non_null(strstr(problem.text, "group i2c"));
}

/* A kernel driver has the chip: named, and not one byte moved behind its back. */
static void test_owned(void **state)
{
	struct i2c_bus bus;
	struct problem problem;
	struct bus door;
	uint8_t data[14];

	(void)state;
	i2c_tree_machine();
	i2c_tree_driver();
	adapter->owned = 0x68;
	assert_int_equal(open_bus(&bus, "1", &problem), 0);
	assert_int_equal(i2c_bus_claim(&bus, 0x68, &problem), -EBUSY);
	assert_non_null(strstr(problem.text, "inv-mpu6050-i2c"));
	assert_non_null(strstr(problem.text, "unbind"));
	door = i2c_bus_door(&bus);
	for (int again = 0; again < 3; again++) {
		assert_int_equal(door.read(&bus, 0x68, 0x75, data, 1), -EBUSY);
		assert_int_equal(door.read(&bus, 0x68, 0x74, data, 14), -EBUSY);
		assert_int_equal(door.write(&bus, 0x68, 0x6B, data, 1), -EBUSY);
		assert_int_equal(door.write(&bus, 0x68, 0x6B, data, 2), -EBUSY);
	}
	assert_int_equal(adapter->transfers, 0);
	assert_int_equal(bus.errors, 12);
	assert_false(adapter->forced);
	assert_int_equal(i2c_bus_claim(&bus, 0x69, &problem), 0);
	i2c_bus_close(&bus);
}

static int echo_read(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	uint8_t *memory = context;

	(void)address;
	memcpy(data, memory + reg, size);
	return 0;
}

static int echo_write(
	void *context, uint8_t address, uint8_t reg, const uint8_t *data, size_t size)
{
	uint8_t *memory = context;

	(void)address;
	memcpy(memory + reg, data, size);
	return 0;
}

static void test_transfers(void **state)
{
	static const int errors[] = { ENXIO, EREMOTEIO, ETIMEDOUT, EIO, EAGAIN };
	uint8_t memory[1024] = { 0 }, data[900];
	struct i2c_bus bus;
	struct bus door;

	(void)state;
	i2c_tree_machine();
	adapter->chips = (struct bus){ memory, echo_read, echo_write };
	assert_int_equal(open_bus(&bus, "1", NULL), 0);
	door = i2c_bus_door(&bus);
	for (int i = 0; i < 1024; i++)
		memory[i] = (uint8_t)(i * 7);
	/* One byte by libi2c, more by I2C_RDWR, 32 and beyond. */
	assert_int_equal(door.read(&bus, 0x69, 5, data, 1), 0);
	assert_int_equal(data[0], 35);
	assert_int_equal(adapter->smbus, 1);
	assert_int_equal(door.read(&bus, 0x69, 5, data, 900), 0);
	assert_memory_equal(data, memory + 5, 900);
	assert_int_equal(adapter->rdwr, 1);
	data[0] = 0xAB;
	assert_int_equal(door.write(&bus, 0x6A, 9, data, 1), 0);
	assert_int_equal(memory[9], 0xAB);
	assert_int_equal(adapter->slave, 0x6A);
	assert_int_equal(door.write(&bus, 0x6A, 16, data, 32), 0);
	assert_memory_equal(memory + 16, data, 32);
	assert_int_equal(bus.transfers, 4);
	assert_int_equal(bus.bytes, 1 + 900 + 1 + 32);
	/* What cannot be. */
	assert_int_equal(door.read(&bus, 0x69, 5, data, 0), -EINVAL);
	assert_int_equal(door.write(&bus, 0x69, 5, data, 0), -EINVAL);
	assert_int_equal(door.write(&bus, 0x69, 5, data, 33), -EINVAL);
	/* Errors arrive as they are, of one byte and of many. */
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		adapter->fail_errno = errors[i];
		adapter->fail_count = errors[i] == EAGAIN ? 3 : 1;
		assert_int_equal(door.read(&bus, 0x69, 5, data, 1), -errors[i]);
		adapter->fail_count = errors[i] == EAGAIN ? 3 : 1;
		assert_int_equal(door.write(&bus, 0x69, 5, data, 1), -errors[i]);
		adapter->fail_count = 1;
		assert_int_equal(door.read(&bus, 0x69, 5, data, 20), -errors[i]);
		adapter->fail_count = 1;
		assert_int_equal(door.write(&bus, 0x69, 5, data, 4), -errors[i]);
	}
	assert_int_equal(bus.errors, 20);
	/* Lost arbitration: one register is tried again, a burst never. */
	bus.retries = 0;
	adapter->fail_errno = EAGAIN;
	adapter->fail_count = 2;
	assert_int_equal(door.read(&bus, 0x69, 5, data, 1), 0);
	assert_int_equal(bus.retries, 2);
	adapter->fail_count = 1;
	assert_int_equal(door.read(&bus, 0x69, 5, data, 2), -EAGAIN);
	assert_int_equal(bus.retries, 2);
	/* Never a part: the address alone is no read. */
	adapter->short_by = 1;
	assert_int_equal(door.read(&bus, 0x69, 5, data, 20), -EIO);
	i2c_bus_close(&bus);
	assert_int_equal(door.read(&bus, 0x69, 5, data, 1), -ENODEV);
}

/* A time-out on an adapter that is no longer listed: it is gone, not stuck. */
static void test_vanished(void **state)
{
	struct i2c_bus bus;
	struct bus door;
	char gone[PATH_MAX];
	uint8_t data[2];

	(void)state;
	i2c_tree_machine();
	assert_int_equal(open_bus(&bus, "1", NULL), 0);
	door = i2c_bus_door(&bus);
	adapter->fail_errno = ETIMEDOUT;
	adapter->fail_count = 3;
	assert_int_equal(door.read(&bus, 0x69, 5, data, 2), -ETIMEDOUT);
	snprintf(gone, sizeof gone, "%s", temp_path("class/gone"));
	assert_int_equal(rename(temp_path("class/i2c-1"), gone), 0);
	assert_int_equal(door.read(&bus, 0x69, 5, data, 2), -ENODEV);
	assert_int_equal(door.write(&bus, 0x69, 5, data, 1), -ENODEV);
	i2c_bus_close(&bus);
}

/* Driver, bus, libi2c, emulated chip: all of the way but the kernel. */
static void test_driver_on_bus(void **state)
{
	static struct imu_rig rig;
	struct i2c_bus bus;
	struct bus door;

	(void)state;
	i2c_tree_machine();
	imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_200, 1);
	adapter->chips = emul_bus_door(&rig.bus);
	assert_int_equal(open_bus(&bus, "i2c_arm", NULL), 0);
	door = i2c_bus_door(&bus);
	imu_init(&rig.imu, &door, 0x68, CHIP_RATE_200);
	imu_rig_run(&rig, rig.bus.now_us + 5000000);
	assert_int_equal(rig.imu.state, IMU_STREAM);
	assert_true(rig.present > 900);
	assert_int_equal(rig.lost + rig.wrong + rig.absent, 0);
	assert_int_equal(imu_rig_counts(&rig), 0);
	assert_int_equal(bus.transfers, rig.imu.transfers);
	assert_false(adapter->forced);
	i2c_bus_close(&bus);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, i2c_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open_errors),
		TEST(test_no_permission),
		TEST(test_owned),
		TEST(test_transfers),
		TEST(test_vanished),
		TEST(test_driver_on_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
