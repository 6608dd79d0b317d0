/*
 * Does a folder outlive the power? mountinfo files are written by hand after
 * proc(5); the answers follow from them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/lasting.h"

#define ROOT_EXT4 "22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/root rw\n"
#define ROOT_OVERLAY "22 1 0:20 / / rw shared:1 - overlay overlayroot " \
	"rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/over\\040lay,workdir=/w\n"
#define SAVE_TMPFS "30 22 0:25 / /media/root-rw rw - tmpfs tmpfs-root rw\n"
#define VAR_TMPFS "31 22 0:26 / /var rw master:1 - tmpfs tmpfs rw,size=100k\n"
#define LIB_EXT4 "32 31 179:3 / /var/lib rw - ext4 /dev/sda1 rw\n"

static enum lasting look(const char *text, const char *path, struct problem *problem)
{
	return lasting_look(path, temp_write_text("mountinfo", text), problem);
}

static void a_disk_lasts(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(look(ROOT_EXT4, "/no/such/folder", &problem), LASTING_YES);
}

/* /var exists on any machine; what is mounted deeper and later counts. */
static void memory_does_not(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(look(ROOT_EXT4 VAR_TMPFS, "/var/none/state", &problem),
		LASTING_NO);
	assert_non_null(strstr(problem.text, "tmpfs on /var"));
	assert_int_equal(look(ROOT_EXT4 VAR_TMPFS LIB_EXT4, "/var/lib/none", &problem),
		LASTING_YES);
	assert_int_equal(look(ROOT_EXT4 VAR_TMPFS ROOT_EXT4, "/usr", &problem),
		LASTING_YES);
}

static void an_overlay_is_looked_through(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(look(ROOT_OVERLAY SAVE_TMPFS, "/usr/none", &problem), LASTING_NO);
	assert_non_null(strstr(problem.text, "/media/root-rw/over lay"));
	assert_int_equal(look(ROOT_OVERLAY, "/usr", &problem), LASTING_UNKNOWN);
}

static void an_unreadable_list_is_not_known(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(look("nonsense\n\n- -\n", "/usr", &problem), LASTING_UNKNOWN);
	assert_int_equal(lasting_look("/usr", temp_path("none"), &problem),
		LASTING_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disk_lasts),
		cmocka_unit_test(memory_does_not),
		cmocka_unit_test(an_overlay_is_looked_through),
		cmocka_unit_test(an_unreadable_list_is_not_known),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
