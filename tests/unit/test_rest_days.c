/*
 * Days of rest in a wearer's folder: order, doubles, and files that make no sense.
 * Expected files are written by hand.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/temp_files.h"
#include "linux/rest_days.h"
#include "stretch/day.h"

static struct rest_days days;
static struct problem problem;

static void test_added(void **state)
{
	const char *folder = temp_path(".");
	json_t *file, *expected;

	(void)state;
	assert_int_equal(rest_days_read(&days, folder, &problem), 0);
	assert_int_equal(days.count, 0);
	assert_int_equal(rest_days_add(folder, day_parse("2025-11-05"), &problem), 0);
	assert_int_equal(rest_days_add(folder, day_parse("2025-10-31"), &problem), 0);
	assert_int_equal(rest_days_add(folder, day_parse("2025-11-05"), &problem), 0);
	assert_int_equal(rest_days_read(&days, folder, &problem), 0);
	assert_int_equal(days.count, 2);
	assert_true(rest_days_has(&days, day_parse("2025-10-31")));
	assert_true(rest_days_has(&days, day_parse("2025-11-05")));
	assert_false(rest_days_has(&days, day_parse("2025-11-04")));
	assert_false(rest_days_has(&days, day_parse("2025-11-06")));
	assert_false(rest_days_has(&days, DAY_NONE));
	file = json_load_file(temp_path(REST_DAYS_FILE), 0, NULL);
	expected = json_pack("{s:[s,s]}", "days", "2025-10-31", "2025-11-05");
	assert_true(json_equal(file, expected));
	json_decref(file);
	json_decref(expected);
}

/* Nothing is believed of a bad file, and nothing is written over it. */
static void test_bad_files(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{}", "{\"days\": 3}",
		"{\"days\": [3]}", "{\"days\": [\"2025-02-30\"]}",
		"{\"days\": [\"2025-11-05\", \"soon\"]}",
		"{\"days\": [], \"days\": []}" };
	char *text;
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		temp_write_text(REST_DAYS_FILE, texts[i]);
		assert_int_equal(rest_days_read(&days, temp_path("."), &problem),
			-EBADMSG);
		assert_int_equal(days.count, 0);
		assert_non_null(strstr(problem.text, REST_DAYS_FILE ":"));
		assert_int_equal(rest_days_add(temp_path("."), 1, &problem), -EBADMSG);
		text = temp_read(temp_path(REST_DAYS_FILE), &size);
		assert_string_equal(text, texts[i]);
		free(text);
	}
	/* what others add stays unread; the days are there */
	temp_write_text(REST_DAYS_FILE, "{\"days\": [\"2025-11-05\"], \"by\": 1}");
	assert_int_equal(rest_days_read(&days, temp_path("."), &problem), 0);
	assert_int_equal(days.count, 1);
}

static void test_no_room(void **state)
{
	json_t *list = json_array(), *object;
	char text[DAY_TEXT_MAX];

	(void)state;
	for (int32_t i = 0; i < REST_DAYS_MAX; i++) {
		day_print(10000 + i, text);
		json_array_append_new(list, json_string(text));
	}
	object = json_pack("{s:o}", "days", list);
	assert_int_equal(json_dump_file(object, temp_path(REST_DAYS_FILE), 0), 0);
	json_decref(object);
	assert_int_equal(rest_days_add(temp_path("."), 10999, &problem), 0);
	assert_int_equal(rest_days_add(temp_path("."), 9999, &problem), -ENOSPC);
	assert_int_equal(rest_days_read(&days, temp_path("."), &problem), 0);
	assert_int_equal(days.count, REST_DAYS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_added),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
