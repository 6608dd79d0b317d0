/*
 * A folder that a person named: what may be replaced, and what is left behind on an
 * error. Expectations are written by hand.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "linux/folder.h"

static struct store_place replay_into(const char *folder, bool force)
{
	return (struct store_place){
		.program = "replay", .folder = folder, .force = force
	};
}

static int write_replay(const char *folder, bool force, int holds)
{
	const struct store_place place = replay_into(folder, force);
	int error = store_open(&store, &place, &fixture_tables, &problem);

	if (error < 0)
		return error;
	put_sample(0);
	for (int i = 0; i < holds; i++)
		assert_int_equal(store_hold(&store, &done_row), 0);
	assert_int_equal(store_keep(&store, &problem), 0);
	return store_close(&store, NULL, &problem);
}

static void expect_refused(const char *folder, bool force, const char *advice)
{
	char expected[PATH_MAX + 200];
	int before = entries(temp_path("."));

	assert_int_equal(write_replay(folder, force, 1), -EINVAL);
	snprintf(expected, sizeof expected, "%s: %s", folder, advice);
	assert_string_equal(problem.text, expected);
	assert_int_equal(entries(temp_path(".")), before);
}

static void test_explicit_folder(void **state)
{
	char out[PATH_MAX], slash[PATH_MAX + 2];
	const struct store_place place = replay_into(out, false);
	int before;

	(void)state;
	strcpy(out, temp_path("out"));
	snprintf(slash, sizeof slash, "%s//", out);
	before = entries(temp_path("."));
	/* given up: nothing is left */
	assert_int_equal(store_open(&store, &place, &fixture_tables, &problem), 0);
	put_sample(0);
	assert_false(temp_exists(out));
	store_abort(&store);
	assert_int_equal(entries(temp_path(".")), before);
	/* new, then into an empty one */
	assert_int_equal(write_replay(slash, false, 1), 0);
	assert_int_equal(entries(out), 4);
	assert_int_equal(entries(temp_path(".")), before + 1);
	assert_int_equal(folder_remove(out), 0);
	assert_int_equal(mkdir(out, 0700), 0);
	assert_int_equal(write_replay(out, false, 1), 0);
	assert_int_equal(entries(out), 4);
	/* what replay wrote before is replaced only on demand */
	expect_refused(out, false,
		"is not empty. Replace what replay wrote there with "
		"--force, or name a new folder.");
	expect_file(temp_path("out/holds.csv"), FIXTURE_HOLDS FIXTURE_DONE);
	assert_int_equal(write_replay(out, true, 0), 0);
	expect_file(temp_path("out/holds.csv"), FIXTURE_HOLDS);
	assert_int_equal(entries(temp_path(".")), before + 1);
	/* and never with something of somebody else in it */
	temp_write_text("out/thesis.txt", "words");
	expect_refused(out, true,
		"holds thesis.txt, which replay did not write. "
		"Name a new folder.");
	expect_file(temp_path("out/thesis.txt"), "words");
}

static void test_explicit_folder_of_others(void **state)
{
	const char *folder;

	(void)state;
	open_session("gus");
	assert_int_equal(store_keep(&store, &problem), 0);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	folder = below("gus", FIRST);
	expect_refused(folder, true, "is not empty. Name a new folder.");
	assert_int_equal(mkdir(temp_path("other"), 0700), 0);
	temp_write_text("other/x", "");
	expect_refused(temp_path("other"), true, "is not empty. Name a new folder.");
	temp_write_text("file", "");
	expect_refused(temp_path("file"), true, "is no folder. Name a new one.");
}

/* No room while replaying: the error is told and the old result stays. */
static void test_explicit_folder_without_room(void **state)
{
	char out[PATH_MAX];
	const struct store_place place = replay_into(out, true);
	struct rlimit before, small;
	int error = 0, entries_before;

	(void)state;
	strcpy(out, temp_path("room"));
	assert_int_equal(write_replay(out, false, 1), 0);
	entries_before = entries(temp_path("."));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ 100000, before.rlim_max };
	assert_int_equal(store_open(&store, &place, &fixture_tables, &problem), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 20000 && error == 0; i++)
		error = store_judged(&store, &done_row);
	assert_int_equal(error, -EFBIG);
	assert_int_equal(store_hold(&store, &done_row), 0); /* the others go on */
	error = store_close(&store, NULL, &problem);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, -EFBIG);
	assert_non_null(
		strstr(problem.text, "samples.csv: cannot write: File too large"));
	assert_int_equal(entries(temp_path(".")), entries_before);
	expect_file(temp_path("room/holds.csv"), FIXTURE_HOLDS FIXTURE_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explicit_folder),
		cmocka_unit_test(test_explicit_folder_of_others),
		cmocka_unit_test(test_explicit_folder_without_room),
	};

	return cmocka_run_group_tests(tests, store_fixture_make, store_fixture_remove);
}
