/*
 * Round trip: every row that the column tables print is read back to the same row.
 * Rows are random within what the formatter can hold (seeded); "the same" is the row
 * rounded to its printed decimals, member by member, and the same text again. Once as
 * the sessions' own files are written, once as an export is.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/export_csv.h"
#include "linux/row_in.h"
#include "stretch/fmt.h"
#include "stretch/random.h"
#include "stretch/session_row.h"

#define ROWS 400

union row {
	struct hold_row hold;
	struct session_row session;
};

static struct random source;

/* Safe ones for our own files; for an export anything, a formula's sign not first. */
static const char *letters;

static int below(int limit)
{
	return (int)(random_uniform(&source) * limit);
}

static int32_t random_whole(const struct column *column)
{
	if (column->type == COLUMN_BOOL)
		return below(3) - 1;
	if (column->type == COLUMN_INT)
		return below(5) == 0 ? INT32_MIN : below(2000) - 1000;
	for (int tries = 0; tries < 50; tries++) {
		int i = below((int)column->name_count);

		if (column->names[i] && column->names[i][0] != '\0')
			return i;
	}
	return -1;
}

static uint32_t random_flags(const struct column *column)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < column->name_count; i++)
		if (column->names[i] && below(4) == 0)
			flags |= UINT32_C(1) << i;
	return flags;
}

/* One member, already rounded as the file will hold it. */
static void fill(const struct column *column, char *member)
{
	double number = below(6) == 0 ? (double)NAN :
		fmt_round((random_uniform(&source) - 0.5) * 2000.0, column->decimals);
	int64_t t_us = below(6) == 0 ? INT64_MIN :
		(int64_t)(random_uniform(&source) * 1e15);
	int32_t whole;
	uint32_t flags;

	switch (column->type) {
	case COLUMN_TIME_US:
		memcpy(member, &t_us, sizeof t_us);
		break;
	case COLUMN_NUMBER:
		memcpy(member, &number, sizeof number);
		break;
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_NAME:
		whole = random_whole(column);
		memcpy(member, &whole, sizeof whole);
		break;
	case COLUMN_FLAGS:
		flags = random_flags(column);
		memcpy(member, &flags, sizeof flags);
		break;
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_CLOCK:
		for (int n = below(10); n > 0; n--)
			*member++ = letters[below((int)strlen(letters))];
		*member = '\0';
		break;
	}
}

/* cells compare as text: a NAN is not equal to itself */
static void expect_same(const struct column_table *table, const union row *a,
	const union row *b)
{
	char text_a[ROW_TEXT_MAX], text_b[ROW_TEXT_MAX];

	for (size_t i = 0; i < table->count; i++) {
		const struct column *column = &table->columns[i];
		const char *member_a = (const char *)a + column->offset;
		const char *member_b = (const char *)b + column->offset;
		double number_a, number_b;

		column_cell(column, a, text_a, sizeof text_a);
		column_cell(column, b, text_b, sizeof text_b);
		assert_string_equal(text_a, text_b);
		if (column->type != COLUMN_NUMBER)
			continue;
		memcpy(&number_a, member_a, sizeof number_a);
		memcpy(&number_b, member_b, sizeof number_b);
		assert_true(number_a == number_b || (isnan(number_a) && isnan(number_b)));
	}
}

static void fill_rows(const struct column_table *table, union row rows[ROWS])
{
	memset(rows, 0, ROWS * sizeof rows[0]);
	for (size_t i = 0; i < ROWS; i++)
		for (size_t c = 0; c < table->count; c++)
			fill(&table->columns[c],
				(char *)&rows[i] + table->columns[c].offset);
}

static const char *write_own(const struct column_table *table, const union row *rows)
{
	static char text[(ROWS + 1) * 1024];
	size_t length = column_header(table, text, sizeof text);

	for (size_t i = 0; i < ROWS; i++)
		length += column_row(table, &rows[i], text + length,
			sizeof text - length);
	return temp_write("own.csv", text, length);
}

static const char *write_export(const struct column_table *table, const union row *rows)
{
	const char *path = temp_path("export.csv");
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	export_csv_header(out, &export_plain, table);
	for (size_t i = 0; i < ROWS; i++)
		export_csv_row(out, &export_plain, table, &rows[i]);
	assert_int_equal(fclose(out), 0);
	return path;
}

static void expect_rows(const struct column_table *table, const union row *rows,
	const char *path)
{
	struct problem problem;
	struct csv_in *in;
	struct row_in map;

	assert_int_equal(csv_in_open(&in, path, &problem), 0);
	row_in_init(&map, table, in);
	for (size_t i = 0; i < ROWS; i++) {
		union row back;

		memset(&back, 0xa5, sizeof back);
		assert_int_equal(csv_in_next(in, &problem), 1);
		assert_int_equal(row_in_take(&map, in, &back, &problem), 0);
		expect_same(table, &rows[i], &back);
	}
	assert_int_equal(csv_in_next(in, &problem), 0);
	csv_in_close(in);
}

static void round_trip(const struct column_table *table)
{
	static union row rows[ROWS];

	letters = "abcXYZ019-_.";
	fill_rows(table, rows);
	expect_rows(table, rows, write_own(table, rows));
	letters = "aZ0 ,;\"'\n.\xc3\xbc";
	fill_rows(table, rows);
	expect_rows(table, rows, write_export(table, rows));
}

static void test_round_trip(void **state)
{
	(void)state;
	random_seed(&source, 20251130, 0);
	printf("# seed 20251130, %d rows of each table\n", ROWS);
	round_trip(&hold_table);
	round_trip(&session_table);
}

/* Takes the only row of a holds.csv with these columns. */
static int take(const char *text, struct hold_row *row, struct problem *problem)
{
	struct csv_in *in;
	struct row_in map;
	int error;

	assert_int_equal(csv_in_open(&in, temp_write_text("one.csv", text), problem), 0);
	row_in_init(&map, &hold_table, in);
	assert_int_equal(csv_in_next(in, problem), 1);
	memset(row, 0xa5, sizeof *row);
	error = row_in_take(&map, in, row, problem);
	csv_in_close(in);
	return error;
}

static void test_columns(void **state)
{
	struct problem problem;
	struct hold_row row;

	(void)state;
	/* of an older or newer program: other order, one more, most not there */
	assert_int_equal(take("result,brand_new,hold_s,flags\r\nshort,7,12.5,gap slip\r\n",
		&row, &problem), 0);
	assert_int_equal(row.result, 2); /* none done short */
	assert_true(row.hold_s == 12.5);
	assert_int_equal(row.flags, FLAG_BIT(FLAG_GAP) | FLAG_BIT(FLAG_SLIP));
	assert_string_equal(row.session, "");
	assert_int_equal(row.side, -1);
	assert_true(isnan(row.angle_mean_deg));
	assert_int_equal(row.samples, INT32_MIN);
	assert_true(row.start_t_us == INT64_MIN);
}

static void test_bad_cells(void **state)
{
	static const char *const bad[] = { "hold_s\r\n12s\r\n",
		"hold_s\r\nnan\r\n", "result\r\nDone\r\n", "samples\r\n1.5\r\n",
		"samples\r\n3000000000\r\n", "flags\r\ngap  slip\r\n",
		"flags\r\nnothing\r\n", "start_t_s\r\n1e12\r\n" };
	struct problem problem;
	struct hold_row row;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(take(bad[i], &row, &problem), -EBADMSG);
		assert_non_null(strstr(problem.text, "one.csv:2: column "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_bad_cells),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
