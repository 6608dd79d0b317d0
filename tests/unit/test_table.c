/* Tables for people: alignment, what is cut, what is left out. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "linux/table.h"
#include "linux/term.h"

static char *print(struct table *table, int width)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(table_print(table, out, width), 0);
	fclose(out);
	return text;
}

static struct table *three_columns(void)
{
	const char *titles[] = { "exercise", "angle", "note" };
	const char *first[] = { "lying-towel", "62.4", "" };
	const char *second[] = { "doorway", "105.0", NULL };
	const char *third[] = { "bridge", "", "short" };
	struct table *table = table_open(titles, 3);

	assert_non_null(table);
	assert_int_equal(table_add(table, first), 0);
	assert_int_equal(table_add(table, second), 0);
	assert_int_equal(table_add(table, third), 0);
	return table;
}

static void numbers_right_words_left(void **state)
{
	struct table *table = three_columns();
	char *text = print(table, 80);

	(void)state;
	assert_string_equal(text,
		"exercise     angle  note\n"
		"lying-towel   62.4  \n"
		"doorway      105.0  \n"
		"bridge              short\n");
	free(text);
	table_close(table);
}

static void words_are_cut_then_columns_go(void **state)
{
	struct table *table = three_columns();
	char *text = print(table, 22); /* full: 11 + 2 + 5 + 2 + 5 = 25 */

	(void)state;
	assert_string_equal(text,
		"exercise  angle  note\n"
		"lying-..   62.4  \n"
		"doorway   105.0  \n"
		"bridge           short\n");
	free(text);
	text = print(table, 16);
	assert_string_equal(text,
		"exercise  angle\n"
		"lying-..   62.4\n"
		"doorway   105.0\n"
		"bridge         \n"
		"not shown: note\n");
	free(text);
	table_close(table);
}

/* A number that lost its end would be another number. */
static void numbers_are_never_cut(void **state)
{
	const char *titles[] = { "n", "word" };
	const char *row[] = { "1234567890.12345", "some words" };
	struct table *table = table_open(titles, 2);
	char *text;

	(void)state;
	assert_int_equal(table_add(table, row), 0);
	text = print(table, 26);
	assert_string_equal(text, "               n  word\n"
		"1234567890.12345  some w..\n");
	free(text);
	table_close(table);
}

static void utf8_counts_by_character(void **state)
{
	const char *titles[] = { "a", "b" };
	const char *row[] = { "\xc3\xa4\xc3\xb6\xc3\xbc", "x" };
	struct table *table = table_open(titles, 2);
	char *text;

	(void)state;
	assert_int_equal(table_add(table, row), 0);
	text = print(table, 80);
	assert_string_equal(text, "a    b\n\xc3\xa4\xc3\xb6\xc3\xbc  x\n");
	free(text);
	table_close(table);
}

static void never_wider(void **state)
{
	const char *titles[20], *cells[20];
	struct table *table;

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		titles[i] = i % 3 ? "a_title_of_some_length" : "t";
		cells[i] = i % 2 ? "some words in a cell" : "123.456";
	}
	table = table_open(titles, 20);
	assert_int_equal(table_add(table, cells), 0);
	for (int width = 40; width < 200; width++) {
		char *text = print(table, width);

		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_true(term_columns(line) <= width);
		free(text);
	}
	table_close(table);
}

/* More rows and more text than the first room holds; lines by printf. */
static void a_table_grows(void **state)
{
	const char *titles[] = { "n", "word" };
	struct table *table = table_open(titles, 2);
	char number[16], word[64], line[96];
	const char *cells[] = { number, word };
	char *text, *at;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(number, sizeof(number), "%d", i);
		snprintf(word, sizeof(word), "word %d of a table that grows", 7 * i);
		assert_int_equal(table_add(table, cells), 0);
	}
	text = print(table, 80);
	at = strchr(text, '\n') + 1;
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "%3d  word %d of a table that grows\n", i, 7 * i);
		assert_memory_equal(at, line, strlen(line));
		at += strlen(line);
	}
	assert_int_equal(*at, '\0');
	free(text);
	table_close(table);
}

static void csv_file(void **state)
{
	const struct table_pick picks[] = { { "result", NULL },
		{ "hold_s", "held" }, { "not_there", NULL } };
	const struct table_pick none[] = { { "not_there", NULL } };
	const char *csv = "hold_index,result,hold_s,flags\r\n1,done,31.24,\r\n"
		"2,short,7.5,\"a, b\"\r\n3,torn";
	char path[] = "/tmp/test_table_XXXXXX", *text = NULL;
	int fd = mkstemp(path);
	struct problem problem;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, csv, strlen(csv)), (ssize_t)strlen(csv));
	close(fd);
	assert_int_equal(table_print_csv(path, picks, 3, out, 80, &problem), 0);
	assert_int_equal(table_print_csv(path, NULL, 0, out, 80, &problem), 0);
	assert_int_equal(table_print_csv(path, none, 1, out, 80, &problem), -EBADMSG);
	unlink(path);
	assert_int_equal(table_print_csv(path, NULL, 0, out, 80, &problem), -ENOENT);
	fclose(out);
	assert_string_equal(text,
		"result   held\n"
		"done    31.24\n"
		"short     7.5\n"
		"hold_index  result  hold_s  flags\n"
		"         1  done     31.24  \n"
		"         2  short      7.5  a, b\n");
	free(text);
}

static void a_full_disk_is_told(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct table *table = three_columns();

	(void)state;
	assert_non_null(out);
	assert_int_equal(table_print(table, out, 80), -ENOSPC);
	fclose(out);
	table_close(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_right_words_left),
		cmocka_unit_test(words_are_cut_then_columns_go),
		cmocka_unit_test(numbers_are_never_cut),
		cmocka_unit_test(utf8_counts_by_character),
		cmocka_unit_test(never_wider),
		cmocka_unit_test(a_table_grows),
		cmocka_unit_test(csv_file),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
