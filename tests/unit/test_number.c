/*
 * Numbers as text: what is one and what is not, by hand, and in any locale.
 */
#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/number.h"
#include "linux/recording.h"

static void test_numbers(void **state)
{
	static const char *const good[] = { "0", "-0", "+1", "1.", ".5", "1e3", "1E-3",
		"007", "1.5e+2", "0.1", "1e-400", "123456789012345678901234567890" };
	static const char *const bad[] = { "", " 1", "1 ", "1,5", "5deg", "0x10", "inf",
		"nan", "-", "+", ".", "e5", "1e", "1e+", "--1", "1.2.3", "1_000",
		"\xd9\xa1", "1\n" };
	static const struct {
		const char *text;
		int error;
	} whole[] = { { "12", 0 }, { "-3", 0 }, { "1.0", -EINVAL }, { "", -EINVAL },
		{ "1e3", -EINVAL }, { " 1", -EINVAL }, { "101", -ERANGE },
		{ "-4", -ERANGE }, { "99999999999999999999", -ERANGE } };
	double value = 42.0;
	int64_t number = 42;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(number_parse(good[i], -1e300, 1e300, &value), 0);
		assert_true(value == strtod(good[i], NULL));
	}
	value = 42.0;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (number_parse(bad[i], -1e300, 1e300, &value) != -EINVAL)
			fail_msg("accepted \"%s\"", bad[i]);
		assert_true(value == 42.0);
	}
	assert_int_equal(number_parse("1e999", -1e308, 1e308, &value), -ERANGE);
	assert_int_equal(number_parse("1", 0.0, 1.0, &value), 0);
	assert_int_equal(number_parse("1.0000001", 0.0, 1.0, &value), -ERANGE);
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		assert_int_equal(number_parse_int(whole[i].text, -3, 100, &number),
			whole[i].error);
	assert_int_equal(number, -3);
}

/* A German locale writes 1,5: it must change neither reading nor writing. */
static void test_locale_does_not_matter(void **state)
{
	static struct recording_writer writer;
	struct sample sample = { .t_us = 1500000,
		.imu = { { true, { 1.5, -2.25, 9.8 }, { 0.125, 0, 0 }, 21.5 } } };
	struct recording *rec;
	struct problem problem;
	char command[PATH_MAX + 100];
	const char *path = temp_path("de.csv"), *locales = temp_path("locales");
	char *text;

	(void)state;
	snprintf(command, sizeof command,
		"mkdir '%s' && localedef -i de_DE -f UTF-8 "
		"'%s/de_DE.UTF-8' >'%s/log' 2>&1",
		locales, locales, locales);
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && system(command) == 0) {
		setenv("LOCPATH", locales, 1);
		setlocale(LC_ALL, "de_DE.UTF-8");
	}
	if (strcmp(localeconv()->decimal_point, ",") != 0) {
		printf("# no locale with a decimal comma here: skipped\n");
		skip();
	}
	assert_int_equal(
		recording_writer_open(&writer, path, RAW_TEMP, false, &problem), 0);
	assert_int_equal(recording_write(&writer, &sample, NULL), 0);
	assert_int_equal(recording_writer_close(&writer, &problem), 0);
	text = temp_read(path, NULL);
	assert_non_null(strstr(text,
		"\r\n1.500000,1.50000,-2.25000,9.80000,0.125000,0.000000,"
		"0.000000,21.50\r\n"));
	free(text);
	assert_int_equal(recording_open(&rec, path, NULL, &problem), 0);
	assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
	assert_true(sample.imu[0].acc_m_s2.y == -2.25 && sample.t_us == 1500000);
	recording_close(rec);
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_locale_does_not_matter),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
