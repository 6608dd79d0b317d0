/* A store for tests; see store_fixture.h. */
#include "store_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "linux/folder.h"
#include "stretch/raw.h"

static const char *const results[] = { NULL, "done", "short" };
static const char *const flags[] = { "slip", "gap" };

static const struct column judged_columns[] = {
	{ "t_s", COLUMN_TIME_US, 0, offsetof(struct fixture_row, t_us), NULL, 0, "s",
		"time" },
	{ "counting", COLUMN_BOOL, 0, offsetof(struct fixture_row, on), NULL, 0, "",
		"counts" },
	{ "flags", COLUMN_FLAGS, 0, offsetof(struct fixture_row, flags), flags, 2, "",
		"seen" },
};
static const struct column hold_columns[] = {
	{ "hold_s", COLUMN_NUMBER, 1, offsetof(struct fixture_row, hold_s), NULL, 0, "s",
		"held" },
	{ "drops", COLUMN_INT, 0, offsetof(struct fixture_row, drops), NULL, 0, "",
		"left" },
	{ "result", COLUMN_NAME, 0, offsetof(struct fixture_row, result), results, 3, "",
		"outcome" },
	{ "note", COLUMN_TEXT, 0, offsetof(struct fixture_row, note), NULL, 0, "",
		"a word" },
};
static const struct column_table test_judged = { "samples.csv", "judged", judged_columns,
	3 };
static const struct column_table test_holds = { "holds.csv", "holds", hold_columns, 4 };

const struct fixture_row done_row = { 0, 30.5, 1, 1, 2, 1, "a" };
const struct fixture_row short_row = { 0, 12.0, 2, 0, 0, 0, "" };

struct store_tables fixture_tables = { { NULL, &test_judged, &test_holds } };
struct store store;
struct problem problem;

int store_fixture_make(void **state)
{
	(void)state;
	umask(022);
	fixture_tables.file[STORE_RAW] = raw_table(RAW_EVENT);
	temp_make();
	return 0;
}

int store_fixture_remove(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

/* A path below a wearer's folder, or the wearer's folder itself. */
const char *below(const char *wearer, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s%s%s", wearer, name[0] ? "/" : "", name);
	return temp_path(path);
}

struct store_place place_of(const char *wearer)
{
	static char state_dir[PATH_MAX];

	strcpy(state_dir, temp_path("."));
	return (struct store_place){ .program = "stretchd",
		.state_dir = state_dir,
		.wearer = wearer,
		.date = "2025-11-30",
		.exercise = "lying-towel",
		.side = "left" };
}

void open_session(const char *wearer)
{
	const struct store_place place = place_of(wearer);

	if (store_open(&store, &place, &fixture_tables, &problem) != 0)
		fail_msg("%s", problem.text);
}

void put_sample(int64_t t_us)
{
	const struct sample sample = { .t_us = t_us,
		.imu = { { true, { 0, 0, 9.81 }, { 0, 0, 0 }, (double)NAN } } };

	assert_int_equal(store_raw(&store, &sample), 0);
}

void expect_file(const char *path, const char *expected)
{
	char *text = temp_read(path, NULL);

	if (!text)
		fail_msg("%s is missing", path);
	assert_string_equal(text, expected);
	free(text);
}

static int count_one(void *context, const char *name)
{
	(void)name;
	++*(int *)context;
	return 0;
}

int entries(const char *path)
{
	int count = 0;
	int error = folder_each(path, count_one, &count);

	return error < 0 ? error : count;
}
