/*
 * Finding an I2C bus by name, in folders that look like /sys and /dev.
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/i2c_tree.h"
#include "../support/temp_files.h"

static void test_names(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		int error, number;
		const char *says;
	} cases[] = {
		{ "1", 0, 1, "" },
		{ "i2c-2", 0, 2, "" },
		{ "i2c_arm", 0, 1, "" },
		{ "bcm2835 (i2c@7e805000)", 0, 2, "" },
		{ "7e804000", 0, 1, "" },
		{ "MCP2221 usb-i2c bridge", 0, 11, "" }, /* also part of 12 */
		{ "bcm2835", -ENOTUNIQ, 0, "1 (bcm2835 (i2c@7e804000)), 2 (bcm2835" },
		{ "MCP2221", -ENOTUNIQ, 0, "11 (MCP2221 usb-i2c bridge), 12 (Second" },
		{ "3", -ENOENT, 0, "There are: 1 (bcm2835" },
		{ "99999999999", -ENOENT, 0, "no such bus" },
		{ "i2c-x", -ENOENT, 0, "no such bus" },
		{ "..", -ENOENT, 0, "no such bus" },
		{ "12", -ENOENT, 0, "modprobe i2c-dev" },
		{ "Second", -ENOENT, 0, "modprobe i2c-dev" },
		{ "", -EINVAL, 0, "no name" },
		{ "/nowhere/i2c-1", -ENOENT, 0, "raspi-config" },
	};
	/* clang-format on */

	(void)state;
	i2c_tree_machine();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct problem problem = { "" };
		char path[PATH_MAX];
		int number;

		assert_int_equal(i2c_bus_find(i2c_tree_places(), cases[i].name, path,
					 &number, &problem),
			cases[i].error);
		if (cases[i].error == 0) {
			char wanted[20];

			snprintf(wanted, sizeof wanted, "i2c-%d", cases[i].number);
			assert_int_equal(number, cases[i].number);
			assert_string_equal(strrchr(path, '/') + 1, wanted);
		} else if (strstr(problem.text, cases[i].says) == NULL) {
			fail_msg("\"%s\" says: %s", cases[i].name, problem.text);
		}
	}
}

/* A udev link, to a link: its own name says nothing, the path as given is opened. */
static void test_path(void **state)
{
	char path[PATH_MAX];
	int number;

	(void)state;
	i2c_tree_machine();
	assert_int_equal(i2c_bus_find(i2c_tree_places(), temp_path("dev/i2c-11"), path,
				 &number, NULL),
		0);
	assert_int_equal(number, 11);
	assert_int_equal(symlink(i2c_tree_node(), temp_path("dev/stretch")), 0);
	assert_int_equal(i2c_bus_find(i2c_tree_places(), temp_path("dev/stretch"), path,
				 &number, NULL),
		0);
	assert_int_equal(number, -1);
	assert_string_equal(path, temp_path("dev/stretch"));
}

static void test_no_i2c(void **state)
{
	struct problem problem;
	struct i2c_adapter adapters[2];
	char path[PATH_MAX];
	int number;

	(void)state;
	assert_int_equal(i2c_bus_list(i2c_tree_places(), adapters, 2, &problem), -ENODEV);
	assert_non_null(strstr(problem.text, "raspi-config"));
	assert_int_equal(
		i2c_bus_find(i2c_tree_places(), "1", path, &number, &problem), -ENODEV);
	i2c_tree_machine();
	assert_int_equal(i2c_bus_list(i2c_tree_places(), adapters, 2, &problem), 4);
}

static void test_owner(void **state)
{
	char driver[I2C_BUS_NAME_MAX];

	(void)state;
	i2c_tree_driver();
	assert_true(i2c_bus_owner(i2c_tree_places(), 1, 0x68, driver));
	assert_string_equal(driver, "inv-mpu6050-i2c");
	assert_false(i2c_bus_owner(i2c_tree_places(), 1, 0x69, driver));
	assert_string_equal(driver, "");
	assert_false(i2c_bus_owner(i2c_tree_places(), 2, 0x68, driver));
	assert_false(i2c_bus_owner(i2c_tree_places(), -1, 0x68, driver));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, i2c_tree_set_up, i2c_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_path),
		TEST(test_no_i2c),
		TEST(test_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
