/* The column table as text; every expected text is written by hand. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/column.h"

struct row {
	char text[24];
	int64_t t_us;
	double angle_deg;
	uint32_t flags;
	int32_t count, on, side;
};

static const char *const sides[] = { "left", "right", NULL };
static const char *const flags[] = { "slip", "gap", "late" };

#define COLUMN(name, type, decimals, member, names, count) \
	{ \
		name, type, decimals, offsetof(struct row, member), names, count, "", "" \
	}

static const struct column columns[] = {
	COLUMN("t_s", COLUMN_TIME_US, 0, t_us, NULL, 0),
	COLUMN("angle_deg", COLUMN_NUMBER, 2, angle_deg, NULL, 0),
	COLUMN("count", COLUMN_INT, 0, count, NULL, 0),
	COLUMN("on", COLUMN_BOOL, 0, on, NULL, 0),
	COLUMN("side", COLUMN_NAME, 0, side, sides, 3),
	COLUMN("flags", COLUMN_FLAGS, 0, flags, flags, 3),
	COLUMN("note", COLUMN_TEXT, 0, text, NULL, 0),
};
static const struct column_table table = { "test.csv", "", columns, 7 };

static void expect_row(const struct row *row, const char *expected)
{
	char text[ROW_TEXT_MAX];

	assert_int_equal(column_row(&table, row, text, sizeof text), strlen(expected));
	assert_string_equal(text, expected);
}

static void test_header(void **state)
{
	static const char expected[] = "t_s,angle_deg,count,on,side,flags,note\r\n";
	char text[ROW_TEXT_MAX];

	(void)state;
	assert_int_equal(column_header(&table, text, sizeof text), strlen(expected));
	assert_string_equal(text, expected);
}

static void test_full_row(void **state)
{
	const struct row row = { "a b_c", 1500000, -12.345678, 5, -7, 1, 1 };

	(void)state;
	expect_row(&row, "1.500000,-12.35,-7,1,right,slip late,a b_c\r\n");
}

static void test_missing_is_empty(void **state)
{
	const struct row none = { "", INT64_MIN, (double)NAN, 0, INT32_MIN, -1, -1 };
	const struct row zero = { "", 0, -0.0, 0, 0, 0, 0 };

	(void)state;
	expect_row(&none, ",,,,,,\r\n");
	expect_row(&zero, "0.000000,0.00,0,0,left,,\r\n");
}

/* Values outside a column's names print as nothing, not as what lies behind. */
static void test_unknown_names(void **state)
{
	struct row row = { "", 0, 0.0, 0xfffffff8u, INT32_MAX, 2, 2 };

	(void)state;
	expect_row(&row, "0.000000,0.00,2147483647,1,,,\r\n");
	row.side = 3;
	expect_row(&row, "0.000000,0.00,2147483647,1,,,\r\n");
	row.side = INT32_MAX;
	row.flags = 0xffffffffu;
	expect_row(&row, "0.000000,0.00,2147483647,1,,slip gap late,\r\n");
}

/* A bug elsewhere must not move the columns that follow. */
static void test_text_cannot_break_a_row(void **state)
{
	const struct row row = { "a,\"b\"\r\nc", 0, 0.0, 0, 0, 0, 0 };

	(void)state;
	expect_row(&row, "0.000000,0.00,0,0,left,,a??b???c\r\n");
}

static void test_every_small_size(void **state)
{
	const struct row row = { "note", 123456789, 45.5, 7, 123, 1, 0 };
	char whole[ROW_TEXT_MAX], text[ROW_TEXT_MAX];
	size_t length = column_row(&table, &row, whole, sizeof whole);
	size_t header = column_header(&table, text, sizeof text);

	(void)state;
	for (size_t size = 0; size <= length + 1; size++) {
		size_t expected = size > length ? length : 0; /* the NUL needs a byte */

		memset(text, '#', sizeof text);
		assert_int_equal(column_row(&table, &row, text, size), expected);
		for (size_t i = size; i < length + 8; i++)
			assert_int_equal(text[i], '#');
		if (expected > 0)
			assert_string_equal(text, whole);
	}
	assert_int_equal(column_header(&table, text, header), 0);
	assert_int_equal(column_header(&table, text, header + 1), header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_full_row),
		cmocka_unit_test(test_missing_is_empty),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_text_cannot_break_a_row),
		cmocka_unit_test(test_every_small_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
