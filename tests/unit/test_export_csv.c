/* Dialects of an export, byte by byte. Expected text is written by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linux/export_csv.h"

#define MARK "\xef\xbb\xbf"

struct row {
	char day[12], clock[12], words[64];
	int64_t t_us;
	double angle_deg;
	int32_t count;
};

#define AT(member) offsetof(struct row, member)
static const struct column columns[] = {
	{ .name = "day", .type = COLUMN_DATE, .offset = AT(day) },
	{ .name = "clock", .type = COLUMN_CLOCK, .offset = AT(clock) },
	{ .name = "t_s", .type = COLUMN_TIME_US, .offset = AT(t_us) },
	{ .name = "angle_deg", .type = COLUMN_NUMBER, .decimals = 2,
		.offset = AT(angle_deg) },
	{ .name = "count", .type = COLUMN_INT, .offset = AT(count) },
	{ .name = "words", .type = COLUMN_TEXT, .offset = AT(words) },
};
static const struct column_table table = { "t.csv", "", columns, 6 };

static const struct row plain = { "2025-11-30", "07:02:11", "a b", 1500000, -3.5, -2 };

static void expect(const struct export_dialect *dialect, const struct row *row,
	const char *expected)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	if (row)
		export_csv_row(out, dialect, &table, row);
	else
		export_csv_header(out, dialect, &table);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void test_dialects(void **state)
{
	const struct export_dialect *de = export_dialect_find("de");
	const struct export_dialect *us = export_dialect_find("us");

	(void)state;
	assert_null(export_dialect_find("DE"));
	assert_null(export_dialect_find(""));
	expect(&export_plain, NULL, "day,clock,t_s,angle_deg,count,words\r\n");
	expect(de, NULL, MARK "day;clock;t_s;angle_deg;count;words\r\n");
	expect(us, NULL, MARK "day,clock,t_s,angle_deg,count,words\r\n");
	/* a minus is a number's, not a formula's */
	expect(&export_plain, &plain, "2025-11-30,07:02:11,1.500000,-3.50,-2,a b\r\n");
	expect(de, &plain, "2025-11-30;07:02:11;1,500000;-3,50;-2;a b\r\n");
	expect(us, &plain, "2025-11-30,07:02:11,1.500000,-3.50,-2,a b\r\n");
}

static void expect_words(const struct export_dialect *dialect, const char *words,
	const char *expected)
{
	struct row row = { .t_us = INT64_MIN, .angle_deg = (double)NAN,
		.count = INT32_MIN };
	char line[128], delimiter = dialect->delimiter;

	snprintf(row.words, sizeof row.words, "%s", words);
	snprintf(line, sizeof line, "%c%c%c%c%c%s\r\n", delimiter, delimiter, delimiter,
		delimiter, delimiter, expected);
	expect(dialect, &row, line);
}

static void test_text(void **state)
{
	const struct export_dialect *de = export_dialect_find("de");

	(void)state;
	expect_words(&export_plain, "", "");
	expect_words(&export_plain, "a,b", "\"a,b\"");
	expect_words(de, "a,b", "a,b");
	expect_words(de, "a;b", "\"a;b\"");
	expect_words(&export_plain, "say \"ah\"", "\"say \"\"ah\"\"\"");
	expect_words(&export_plain, "two\nlines", "\"two\nlines\"");
	expect_words(&export_plain, " edge ", "\" edge \"");
	expect_words(&export_plain, "M\xc3\xbcller", "M\xc3\xbcller");
}

static void test_formulas(void **state)
{
	(void)state;
	expect_words(&export_plain, "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
	expect_words(&export_plain, "+1", "'+1");
	expect_words(&export_plain, "-1", "'-1");
	expect_words(&export_plain, "@SUM(A1,A2)", "\"'@SUM(A1,A2)\"");
	expect_words(&export_plain, "\t=1", "'\t=1");
	expect_words(&export_plain, "\r=1", "\"'\r=1\"");
	expect_words(&export_plain, "1=1", "1=1");
}

/* Labels that a spreadsheet would make something else of, as seen in LibreOffice and in
 * Microsoft's list of what its import converts. */
static void test_identifiers(void **state)
{
	static const char *const taken[] = { "007", "7", "1-2", "3.4", "12E5", "3e10",
		"1/2/25", "10:30", "1 Mar", "Okt 5", "2 december", "true", "WAHR",
		"1795250003210009" };
	static const char *const text[] = { "anna-1", "p007", "3fb60f7609e9135e", "a",
		"May", "e", "1_2", "7b", "e-m 3x" };
	char marked[40];

	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
		snprintf(marked, sizeof marked, "'%s", taken[i]);
		expect_words(export_dialect_find("us"), taken[i], marked);
		expect_words(export_dialect_find("de"), taken[i], marked);
		expect_words(&export_plain, taken[i], taken[i]);
	}
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		expect_words(export_dialect_find("us"), text[i], text[i]);
}

static void test_described(void **state)
{
	json_t *resource = json_pack("{s:{s:b}, s:{s:[{s:s}, {s:s}]}}", "dialect",
		"header", 1, "schema", "fields", "type", "number", "type", "string");
	json_t *fields = json_object_get(json_object_get(resource, "schema"), "fields");

	(void)state;
	export_csv_describe(resource, &export_plain);
	assert_null(json_object_get(json_array_get(fields, 0), "decimalChar"));
	export_csv_describe(resource, export_dialect_find("de"));
	assert_string_equal(json_string_value(json_object_get(
		json_object_get(resource, "dialect"), "delimiter")), ";");
	assert_string_equal(json_string_value(json_object_get(json_array_get(fields, 0),
		"decimalChar")), ",");
	assert_null(json_object_get(json_array_get(fields, 1), "decimalChar"));
	json_decref(resource);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
