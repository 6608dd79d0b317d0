/*
 * Does a clock chip vouch for the date? The files are what the kernel's RTC class shows
 * (Documentation/ABI/testing/sysfs-class-rtc), written by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/clock.h"

#define NOW INT64_C(1795250000) /* 2026-11-21 */

static bool agrees(void)
{
	return clock_chip_agrees(temp_path("rtc"), NOW);
}

static void test_chip(void **state)
{
	(void)state;
	assert_false(agrees()); /* no such folder: no chip */
	assert_int_equal(mkdir(temp_path("rtc"), 0755), 0);
	assert_int_equal(mkdir(temp_path("rtc/rtc0"), 0755), 0);
	assert_false(agrees()); /* no file */
	temp_write_text("rtc/rtc0/since_epoch", "");
	assert_false(agrees()); /* as good as: the chip lost its power */
	temp_write_text("rtc/rtc0/since_epoch", "1795250003\n");
	assert_true(agrees());
	temp_write_text("rtc/rtc0/since_epoch", "1795249980\n");
	assert_true(agrees());
	temp_write_text("rtc/rtc0/since_epoch", "1795246400\n");
	assert_false(agrees()); /* an hour behind: one of the two is wrong */
	temp_write_text("rtc/rtc0/since_epoch", "1795250000 or so\n");
	assert_false(agrees());
	/* a second chip that is set does as well */
	assert_int_equal(mkdir(temp_path("rtc/rtc1"), 0755), 0);
	temp_write_text("rtc/rtc1/since_epoch", "1795250000\n");
	assert_true(agrees());
}

/* Chip and wall clock both began anew, and so they agree. */
static void test_chip_without_power(void **state)
{
	(void)state;
	temp_write_text("rtc/rtc0/since_epoch", "50\n");
	assert_false(clock_chip_agrees(temp_path("rtc"), 52));
	temp_write_text("rtc/rtc0/since_epoch", "946684810\n"); /* 2000-01-01 */
	assert_false(clock_chip_agrees(temp_path("rtc"), 946684812));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chip),
		cmocka_unit_test(test_chip_without_power),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
