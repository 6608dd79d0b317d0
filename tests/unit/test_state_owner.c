/*
 * Whose files a person's programs leave in a state folder. What root may do and others
 * may not follows from path_resolution(7); user and group 65534 are nobody's.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/atomic_file.h"
#include "linux/folder.h"
#include "linux/state_owner.h"

#define NOBODY 65534

static char folder[PATH_MAX], file[PATH_MAX];

static void make_folder(uid_t owner)
{
	strcpy(folder, temp_path("state"));
	assert_int_equal(folder_join(file, sizeof file, folder, "accepted.json"), 0);
	unlink(file);
	assert_int_equal(folder_make(folder), 0);
	assert_int_equal(chmod(folder, 0750), 0);
	assert_true(geteuid() != 0 || chown(folder, owner, owner) == 0);
}

/* In a process of its own: what it becomes it stays. */
static int in_child(int (*body)(void))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0)
		_exit(body());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int write_there(void)
{
	struct problem problem;
	gid_t groups[2];
	int error = state_owner_become(folder, &problem);

	if (error != 0 || atomic_file_write(file, "x", 1) != 0)
		return 1;
	return geteuid() != 0 && (getgroups(2, groups) != 1 || setuid(0) == 0) ? 2 : 0;
}

static void root_leaves_a_file_of_the_folders_owner(void **state)
{
	struct stat info;

	(void)state;
	if (geteuid() != 0) {
		puts("# skipped: only root has another user's folder");
		skip();
	}
	make_folder(NOBODY);
	/* its path must be open to the owner: the way there belongs to who runs the test */
	assert_int_equal(chmod(temp_path("."), 0711), 0);
	assert_int_equal(in_child(write_there), 0);
	assert_int_equal(stat(file, &info), 0);
	assert_int_equal(info.st_uid, NOBODY);
	assert_int_equal(info.st_gid, NOBODY);
	assert_int_equal(info.st_mode & 0777, ATOMIC_FILE_MODE);
}

static void a_folder_of_ones_own_changes_nothing(void **state)
{
	struct problem problem;

	(void)state;
	make_folder(geteuid());
	assert_int_equal(state_owner_become(folder, &problem), 0);
	assert_int_equal(state_owner_become(temp_path("not/yet"), &problem), 0);
}

static int refused(void)
{
	struct problem problem = { "" };

	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		return 1;
	if (state_owner_become("/", &problem) != -EACCES)
		return 2;
	return strstr(problem.text, "sudo") != NULL ? 0 : 3;
}

static void another_user_is_told_of_sudo(void **state)
{
	(void)state;
	assert_int_equal(in_child(refused), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_leaves_a_file_of_the_folders_owner),
		cmocka_unit_test(a_folder_of_ones_own_changes_nothing),
		cmocka_unit_test(another_user_is_told_of_sudo),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
