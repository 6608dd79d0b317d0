/*
 * One daemon for a state folder. Two descriptors of one process are two owners to
 * flock, and a child that ends without a word gives its lock back; what is expected
 * follows from flock(2).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/instance.h"

static void the_second_one_is_refused_and_told_by_whom(void **state)
{
	struct problem problem = { "" };
	char path[PATH_MAX], mine[32];
	int first, second;

	(void)state;
	strcpy(path, temp_path("new/state"));
	first = instance_lock(path, &problem);
	assert_true(first >= 0);
	second = instance_lock(path, &problem);
	assert_int_equal(second, -EBUSY);
	assert_int_equal(problem_exit_status(second), 3);
	snprintf(mine, sizeof mine, "(process %ld)", (long)getpid());
	assert_non_null(strstr(problem.text, mine));
	assert_non_null(strstr(problem.text, path));
	assert_int_equal(instance_holder(path), getpid());
	instance_unlock(first);
	assert_int_equal(instance_holder(path), 0); /* it lives, but has no lock */
	first = instance_lock(path, &problem);
	assert_true(first >= 0);
	instance_unlock(first);
	instance_unlock(-1);
}

/* The file stays, the lock does not. */
static void a_process_that_was_killed_leaves_no_lock(void **state)
{
	struct problem problem;
	char path[PATH_MAX];
	pid_t child;
	int status, lock;

	(void)state;
	strcpy(path, temp_path("killed"));
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(instance_lock(path, &problem) >= 0 ? 7 : 8);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_true(temp_exists(temp_path("killed/" INSTANCE_FILE)));
	assert_int_equal(instance_holder(path), 0);
	assert_int_equal(instance_holder(temp_path("nowhere")), 0);
	lock = instance_lock(path, &problem);
	assert_true(lock >= 0);
	instance_unlock(lock);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
	struct problem problem = { "" };

	(void)state;
	(void)temp_write_text("file", "");
	assert_int_equal(instance_lock(temp_path("file/state"), &problem), -ENOTDIR);
	assert_non_null(strstr(problem.text, "file/state"));
}

static void root_may_play_but_not_wear(void **state)
{
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(instance_check_user(0, false, &problem), 0);
	assert_int_equal(instance_check_user(1000, true, &problem), 0);
	assert_int_equal(instance_check_user(0, true, &problem), -EINVAL);
	assert_int_equal(problem_exit_status(-EINVAL), 2);
	assert_non_null(strstr(problem.text, "as root"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_one_is_refused_and_told_by_whom),
		cmocka_unit_test(a_process_that_was_killed_leaves_no_lock),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_told),
		cmocka_unit_test(root_may_play_but_not_wear),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
