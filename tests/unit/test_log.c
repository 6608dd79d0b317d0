/*
 * Lines of the log, on a clock of the test's own and a file in place of the journal.
 * Prefixes are those of sd-daemon(3), levels those of syslog(3).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/log.h"

#define S INT64_C(1000000)

static struct {
	FILE *out;
	char path[PATH_MAX];
	struct log log;
} rig;

static int begin(void **state)
{
	(void)state;
	temp_make();
	strcpy(rig.path, temp_path("log"));
	rig.out = fopen(rig.path, "w");
	assert_non_null(rig.out);
	log_init(&rig.log, rig.out, "stretchd", NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fclose(rig.out);
	temp_remove();
	return 0;
}

static void expect(const char *words)
{
	size_t size;
	char *text;

	fflush(rig.out);
	text = temp_read(rig.path, &size);
	assert_non_null(text);
	assert_string_equal(text, words);
	free(text);
}

static void a_terminal_sees_the_name_the_journal_the_level(void **state)
{
	char stream[64], other[64];
	struct stat st;

	(void)state;
	assert_true(log_line(&rig.log, LOG_SENSOR, 0, "thigh sensor: nack"));
	assert_int_equal(fstat(fileno(rig.out), &st), 0);
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	snprintf(other, sizeof other, "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino + 1);
	log_init(&rig.log, rig.out, "stretchd", stream);
	log_line(&rig.log, LOG_SENSOR, 0, "one");
	log_line(&rig.log, LOG_STEP, 0, "two");
	log_line(&rig.log, LOG_MISTAKE, 0, "three");
	/* piped to elsewhere: the variable is inherited, the stream is not */
	log_init(&rig.log, rig.out, "stretchd", other);
	log_line(&rig.log, LOG_STEP, 0, "four");
	log_init(&rig.log, rig.out, "stretchd", "what");
	log_line(&rig.log, LOG_STEP, 0, "five");
	expect("stretchd: thigh sensor: nack\n<4>[device] one\n<6>two\n"
		"<3>[user] three\nstretchd: four\nstretchd: five\n");
}

static void the_same_line_comes_once_a_minute(void **state)
{
	(void)state;
	assert_true(log_line(&rig.log, LOG_SENSOR, 0, "a"));
	assert_false(log_line(&rig.log, LOG_SENSOR, 1, "a"));
	assert_true(log_line(&rig.log, LOG_STORAGE, 2, "a")); /* another kind */
	assert_false(log_line(&rig.log, LOG_SENSOR, LOG_SAME_US - 1, "a"));
	assert_true(log_line(&rig.log, LOG_SENSOR, LOG_SAME_US, "a"));
	assert_true(log_line(&rig.log, LOG_SENSOR, LOG_SAME_US + 1, "b"));
	assert_true(log_line(&rig.log, LOG_SENSOR, LOG_SAME_US + 2, "a"));
	expect("stretchd: a\nstretchd: a\n"
		"stretchd: (2 more like these: held back)\nstretchd: a\n"
		"stretchd: b\nstretchd: a\n");
}

/* A night of a loose wire, ten failures a second, each with its recovery. */
static void a_flood_is_held_back_and_counted(void **state)
{
	char text[128];
	int said = 0;

	(void)state;
	for (int64_t t_us = 0; t_us < 3600 * S; t_us += S / 10) {
		said += log_line(&rig.log, LOG_SENSOR, t_us, "fails");
		said += log_line(&rig.log, LOG_SENSOR, t_us, "back");
	}
	/* 60 minutes, ten lines each */
	assert_int_equal(said, 600);
	log_line(&rig.log, LOG_BUG, 0, "x");
	log_counts(&rig.log, text, sizeof text);
	assert_string_equal(text, "sensor 600 (71400 held back), bug 1");
	log_counts(&rig.log, text, 12);
	assert_string_equal(text, "sensor 600 ");
}

/* Twelve mistakes are two more than a minute's budget, and one that changed is new. */
static void lines_that_belong_together_come_together(void **state)
{
	char text[256] = "", stream[64], want[600] = "";
	struct stat st;

	(void)state;
	for (int i = 0; i < 12; i++) {
		char line[32];

		snprintf(line, sizeof line, "a.conf:%d: x\n", i);
		strcat(text, line);
	}
	strcpy(want, text);
	assert_true(log_lines(&rig.log, LOG_MISTAKE, 0, text));
	assert_false(log_lines(&rig.log, LOG_MISTAKE, 1, text));
	text[strlen(text) - 2] = 'y';
	assert_true(log_lines(&rig.log, LOG_MISTAKE, 2, text));
	strcat(want, "stretchd: (1 more like these: held back)\n");
	strcat(want, text);
	assert_int_equal(fstat(fileno(rig.out), &st), 0);
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	log_init(&rig.log, rig.out, "stretchd", stream);
	assert_true(log_lines(&rig.log, LOG_MISTAKE, 3, "a.conf:1: x\nb.conf:2: y"));
	strcat(want, "<3>[user] a.conf:1: x\n<3>[user] b.conf:2: y\n");
	expect(want);
}

static void every_kind_has_its_rule(void **state)
{
	(void)state;
	for (int i = 0; i < LOG_KINDS; i++) {
		assert_non_null(log_rules[i].name);
		assert_non_null(log_rules[i].blame);
		assert_in_range(log_rules[i].level, 3, 6);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_terminal_sees_the_name_the_journal_the_level),
		TEST(the_same_line_comes_once_a_minute),
		TEST(a_flood_is_held_back_and_counted),
		TEST(lines_that_belong_together_come_together),
		TEST(every_kind_has_its_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
