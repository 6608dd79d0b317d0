/*
 * Recordings that must be refused: every message is written by hand.
 */
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

#include "../support/recording_all.h"
#include "../support/temp_files.h"
#include "linux/recording.h"
#include "stretch/random.h"

#define SEED UINT64_C(4711)

#define H \
	"t_s,thigh_acc_x_m_s2,thigh_acc_y_m_s2,thigh_acc_z_m_s2," \
	"thigh_gyr_x_rad_s,thigh_gyr_y_rad_s,thigh_gyr_z_rad_s"
#define ROW(t) t ",0.1,0.2,9.8,0.01,0.02,0.03"

static void expect_problem(const char *path, int error, const char *expected)
{
	struct recording_stats stats;
	struct problem problem = { "" };
	char whole[600];

	assert_int_equal(recording_all(path, NULL, &stats, &problem), error);
	snprintf(whole, sizeof whole, "%s%s", path, expected);
	assert_string_equal(problem.text, whole);
}

#define NUMBER_ADVICE \
	" is no number. Write decimals with a point, or leave the cell empty."
#define CELLS_ADVICE ". Use a decimal point, and quote a cell that holds a comma."

static void test_bad_inputs(void **state)
{
	static const struct {
		const char *text, *expected;
	} table[] = {
		{ "", ": the file is empty. Give a CSV file with a header." },
		{ "\n\r\n \n", ": no header line. Give a CSV file with a header." },
		{ "t_s", ": no header line. Give a CSV file with a header." },
		{ H "\r\n", ": no rows. Give a recording with samples." },
		{ H "\n" ROW("0"),
			": no rows but a torn one. Give a recording with samples." },
		{ ROW("0") "\n",
			":1: column t_s: missing. Give a recording whose first line "
			"names its columns." },
		{ "t_s,thigh_acc_x_m_s2\n0,1\n",
			":1: column thigh_acc_y_m_s2: missing. "
			"A recording needs all six thigh columns." },
		{ H ",pelvis_gyr_y_rad_s\n",
			":1: column pelvis_acc_x_m_s2: missing. "
			"A recording has all six pelvis columns or none." },
		{ H ",a,b,a\n",
			":1: column a: twice in the header. Remove or rename one." },
		{ H "\n0,0,1,5,2,9.8,0,0,0\n",
			":2: 9 cells, but the header names 7 columns" CELLS_ADVICE },
		{ H "\n" ROW("0") "\n0.01,1,2\n",
			":3: 3 cells, but the header names 7 columns" CELLS_ADVICE },
		{ H "\n0,\"1,5\",0,9.8,0,0,0\n",
			":2: column thigh_acc_x_m_s2: \"1,5\"" NUMBER_ADVICE },
		{ H "\n0,0,5deg,9.8,0,0,0\n",
			":2: column thigh_acc_y_m_s2: \"5deg\"" NUMBER_ADVICE },
		{ H "\n0,0,0,0x1p3,0,0,0\n",
			":2: column thigh_acc_z_m_s2: \"0x1p3\"" NUMBER_ADVICE },
		{ H "\n0,0,0,9.8,inf,0,0\n",
			":2: column thigh_gyr_x_rad_s: \"inf\"" NUMBER_ADVICE },
		{ H "\n0,0,0,9.8,0,-,0\n",
			":2: column thigh_gyr_y_rad_s: \"-\"" NUMBER_ADVICE },
		{ H "\n0,0,0,9.8,0,0,1\tx\n",
			":2: column thigh_gyr_z_rad_s: \"1?x\"" NUMBER_ADVICE },
		{ H "\n0,0,0,9810,0,0,0\n",
			":2: column thigh_acc_z_m_s2: 9810 is outside -400 to "
			"400. Check the unit." },
		{ H "\n0,0,0,9.8,0,-250,0\n",
			":2: column thigh_gyr_y_rad_s: -250 is outside -100 "
			"to 100. Check the unit." },
		{ H "\n0,0,0,9.8,0,1e999,0\n",
			":2: column thigh_gyr_y_rad_s: 1e999 is outside "
			"-100 to 100. Check the unit." },
		{ H "\n1e10,0,0,9.8,0,0,0\n",
			":2: column t_s: 1e10 is outside -4e+09 to 4e+09. "
			"Check the unit." },
		{ H "\n,0,0,9.8,0,0,0\n",
			":2: column t_s: empty. Every row needs its time." },
		{ H "\nnan,0,0,9.8,0,0,0\n",
			":2: column t_s: empty. Every row needs its time." },
		{ H "\n" ROW("0.02") "\n\n" ROW("0.01") "\n",
			":4: column t_s: 0.01 is not later than "
			"0.020000 in the row before. Time must increase; sort the rows "
			"or repair "
			"the clock." },
		{ H "\n" ROW("1") "\n" ROW("1.0000004") "\n",
			":3: column t_s: 1.0000004 is not later "
			"than 1.000000 in the row before. Time must increase; sort the "
			"rows or "
			"repair the clock." },
		{ H ",thigh_temp_c\n" ROW("0") ",300\n",
			":2: column thigh_temp_c: 300 is outside "
			"-60 to 150. Check the unit." },
		{ H ",truth_pelvis_tilt_deg\n" ROW("0") ",x\n",
			":2: column truth_pelvis_tilt_deg: "
			"\"x\"" NUMBER_ADVICE },
		{ H ",event\n" ROW("0") ",sotp:pain\n",
			":2: column event: \"sotp:pain\" is no event. "
			"Known: reference, start:EXERCISE:SIDE, stop:REASON, next, "
			"press, "
			"fault:SENSOR:NAME, recovered:SENSOR, reload:SHA." },
		{ H "\n0,0,a\"b,9.8,0,0,0\n",
			":2: a quote in the middle of a cell. Quote whole "
			"cells only, and double a quote inside." },
		{ H ",note\n" ROW("0") ",\"open\n" ROW("1") ",x\n",
			":2: a quote opened in this row is "
			"never closed. Close or remove it." },
		{ H ",note\n" ROW("0") ",\"open\n" ROW("1") ",x",
			":2: a quote opened in this row is "
			"never closed. Close or remove it." },
		{ H "\r" ROW("0") "\r\n",
			":1: a carriage return inside the line. End lines with "
			"LF or CRLF." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		expect_problem(temp_write_text("bad.csv", table[i].text), -EBADMSG,
			table[i].expected);
}

static void test_binary_and_endless(void **state)
{
	static char long_line[70000];
	static char open_quote[80000];

	(void)state;
	expect_problem(temp_write("bad.csv", H "\n0,\0,", sizeof H + 5), -EBADMSG,
		":2: a zero byte: this is no text file. Give a CSV file.");
	expect_problem(temp_write("bad.csv",
			       "\x7f"
			       "ELF\0\0\n\n",
			       8),
		-EBADMSG, ":1: a zero byte: this is no text file. Give a CSV file.");
	memset(long_line, 'x', sizeof long_line);
	memcpy(long_line, H "\n", sizeof H);
	expect_problem(temp_write("bad.csv", long_line, sizeof long_line), -EBADMSG,
		":2: longer than 64 KiB. This is no recording.");
	for (size_t i = 0; i < sizeof open_quote; i++)
		open_quote[i] = i % 50 == 49 ? '\n' : 'x';
	memcpy(open_quote, H "\n\"", sizeof H + 1);
	expect_problem(temp_write("bad.csv", open_quote, sizeof open_quote), -EBADMSG,
		":2: longer than 64 KiB: a quote opened in this row is not closed. Close "
		"or "
		"remove it.");
}

static void test_too_many_columns(void **state)
{
	char text[4096] = H;
	size_t length = strlen(text);

	(void)state;
	for (int i = 7; i < 257; i++)
		length += (size_t)sprintf(text + length, ",c%d", i);
	sprintf(text + length, "\n");
	expect_problem(temp_write_text("bad.csv", text), -EBADMSG,
		":1: more than 256 columns. This is no recording.");
}

static void test_cannot_open(void **state)
{
	(void)state;
	expect_problem(temp_path("none.csv"), -ENOENT,
		": cannot open: No such file or directory");
	expect_problem(temp_path("."), -EISDIR, ": cannot read: Is a directory");
}

static void test_damaged_gz(void **state)
{
	const char *plain = temp_path("b.csv"), *gz = temp_path("b.csv.gz");
	static char text[200000];
	size_t length = (size_t)sprintf(text, H "\n"), size;
	struct random rng;
	char *data;

	(void)state;
	random_seed(&rng, SEED, 2);
	for (int i = 0; i < 2000; i++)
		length += (size_t)sprintf(text + length, "%d,%.5f,0,9.8,0,0,0\n", i,
			random_between(&rng, -1.0, 1.0));
	temp_write("b.csv", text, length);
	temp_compress(plain, gz);
	data = temp_read(gz, &size);
	expect_problem(temp_write("cut.csv.gz", data, size / 2), -EBADMSG,
		": the compressed file ends too early. Copy it again.");
	expect_problem(temp_write("cut.csv.gz", data, size - 3), -EBADMSG,
		": the compressed file ends too early. Copy it again.");
	data[size - 6] = (char)(data[size - 6] ^ 1); /* the check sum */
	expect_problem(temp_write("cut.csv.gz", data, size), -EBADMSG,
		": the compressed file is damaged. Copy it again.");
	free(data);
}

static void test_standard_input(void **state)
{
	const char *path = temp_write_text("in.csv", H "\n" ROW("0") "\nx\n");
	int saved = dup(STDIN_FILENO);
	struct recording_stats stats;
	struct problem problem;
	int got;

	(void)state;
	assert_non_null(freopen(path, "r", stdin));
	got = recording_all("-", NULL, &stats, &problem);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
	assert_int_equal(got, -EBADMSG);
	assert_int_equal(stats.rows, 1);
	assert_string_equal(problem.text,
		"stdin:3: 1 cells, but the header names 7 columns" CELLS_ADVICE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_inputs),
		cmocka_unit_test(test_binary_and_endless),
		cmocka_unit_test(test_too_many_columns),
		cmocka_unit_test(test_cannot_open),
		cmocka_unit_test(test_damaged_gz),
		cmocka_unit_test(test_standard_input),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
