/*
 * Days and moments. Expected values: the C library's calendar (timegm) for every day
 * of 400 years, else by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "stretch/day.h"

static void test_every_day(void **state)
{
	(void)state;
	for (int32_t day = 0; day < 400 * 366; day++) {
		time_t t = (time_t)day * 86400;
		char mine[DAY_TEXT_MAX], theirs[32];
		struct tm tm;

		gmtime_r(&t, &tm);
		strftime(theirs, sizeof theirs, "%Y-%m-%d", &tm);
		day_print(day, mine);
		assert_string_equal(mine, theirs);
		assert_int_equal(day_parse(theirs), day);
		assert_int_equal(day_of_week(day), (tm.tm_wday + 6) % 7);
	}
}

static void test_no_day(void **state)
{
	static const char *const bad[] = { "", "2025", "2025-11-3", "2025-11-31",
		"2025-02-29", "2100-02-29", "2025-13-01", "2025-00-10", "2025-11-00",
		"1969-12-31", "2025/11/30", "2025-11-30 ", "+025-11-30", "2025-1a-30" };
	char text[DAY_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(day_parse(bad[i]), DAY_NONE);
	assert_int_not_equal(day_parse("2024-02-29"), DAY_NONE);
	assert_int_not_equal(day_parse("2000-02-29"), DAY_NONE);
	day_print(DAY_NONE, text);
	assert_string_equal(text, "");
}

static void test_moment(void **state)
{
	struct moment moment;
	char text[MOMENT_TEXT_MAX];

	(void)state;
	assert_true(moment_parse("1970-01-02T01:00:02.5+01:30", &moment));
	assert_int_equal(moment.local_ms, 86400000 + 3600000 + 2500);
	assert_int_equal(moment.offset_min, 90);
	moment.local_ms += 1500;
	moment_print(&moment, text);
	assert_string_equal(text, "1970-01-02T01:00:04.000+01:30");
	assert_true(moment_parse("2025-12-31T23:59:59.999-09:30", &moment));
	moment.local_ms += 1;
	moment_print(&moment, text);
	assert_string_equal(text, "2026-01-01T00:00:00.000-09:30");
	assert_true(moment_parse("2025-12-31T23:59:59Z", &moment));
	assert_int_equal(moment.offset_min, 0);
}

static void test_no_moment(void **state)
{
	static const char *const bad[] = { "", "2025-11-30", "2025-11-30T07:02:11",
		"2025-11-30T07:02:11.+01:00", "2025-11-30T24:00:00Z",
		"2025-11-30T07:60:00Z", "2025-11-30T07:02:60Z",
		"2025-11-30T07:02:11+1:00", "2025-11-30T07:02:11+15:00",
		"2025-11-30T07:02:11+01:00x", "2025-11-31T07:02:11Z",
		"2025-11-30 07:02:11Z", "2025-11-30T07:02:11.1234567890Z" };
	struct moment moment;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(moment_parse(bad[i], &moment));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_no_day),
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_no_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
