/*
 * Calibration files: there and back, and everything that must be refused. The
 * checksum is computed here a second time, from the description of the format.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/calib_file.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static struct problem problem;

static struct calib_file good(void)
{
	struct calib_file f = { .calib = calib_none(),
		.site = SITE_THIGH,
		.chip = "MPU-6050:blue",
		.date = "2026-05-01T12:00:00.000+02:00",
		.gravity_m_s2 = 9.81,
		.residual_before_m_s2 = 0.5,
		.residual_after_m_s2 = 0.004,
		.residual_check_m_s2 = (double)NAN,
		.gyr_spread_rad_s = 0.0002,
		.largest_hole_deg = 37.3774,
		.windows = 14,
		.directions = 12 };

	f.calib.parameters = 9;
	f.calib.acc_bias_m_s2 = (struct vec3){ 0.1234567891, -0.5, 0.75 };
	f.calib.acc_matrix = (struct mat3){ { { 1.01, -0.012, 0.003 },
		{ 0, 0.985, 1.0 / 300.0 }, { 0, 0, 1.0 } } };
	f.calib.gyr_bias_rad_s = (struct vec3){ 0.01, -0.02, 0.3 };
	f.calib.temp_c = 24.637;
	f.calib.residual_m_s2 = 0.0091;
	return f;
}

/* The text of a good file, as JSON to be spoilt. */
static json_t *good_json(void)
{
	struct calib_file f = good();
	char *text;
	json_t *root;

	assert_int_equal(calib_file_write(temp_path("good.json"), &f, &problem), 0);
	text = temp_read(temp_path("good.json"), NULL);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	free(text);
	return root;
}

/* Sums it up anew by the rule of calibration/README.md and writes it. */
static const char *write_json(json_t *root, const char *name)
{
	char *text, sum[16];
	const char *path;

	json_object_del(root, "crc32");
	text = json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(15));
	snprintf(sum, sizeof sum, "%08lx",
		crc32(0, (const Bytef *)text, (uInt)strlen(text)));
	free(text);
	json_object_set_new(root, "crc32", json_string(sum));
	text = json_dumps(root, JSON_REAL_PRECISION(15));
	path = temp_write_text(name, text);
	free(text);
	return path;
}

static void expect_refused(const char *path, const char *what)
{
	struct calib calib = calib_none();
	char whole[600];

	calib.temp_c = 77.0;
	assert_int_equal(calib_file_load(path, SITE_THIGH, &calib, &problem), -EBADMSG);
	snprintf(whole, sizeof whole, "%s%s", path, what);
	assert_string_equal(problem.text, whole);
	assert_true(calib.temp_c == 77.0); /* untouched */
}

static void there_and_back(void **state)
{
	struct calib_file f = good(), back;
	struct calib calib;
	const char *path = temp_path("round.json");
	struct stat info;

	(void)state;
	umask(022);
	assert_int_equal(calib_file_write(path, &f, &problem), 0);
	assert_int_equal(stat(path, &info), 0);
	/* written by root, read by the service's user: no health data */
	assert_int_equal(info.st_mode & 0777U, 0644);
	assert_int_equal(calib_file_read(path, &back, &problem), 0);
	assert_int_equal(back.calib.parameters, 9);
	assert_true(back.calib.acc_bias_m_s2.x == 0.123457); /* rounded to 6 decimals */
	assert_true(back.calib.acc_bias_m_s2.y == -0.5);
	assert_true(back.calib.acc_matrix.m[1][2] == 0.00333333);
	assert_true(back.calib.acc_matrix.m[0][0] == 1.01);
	assert_true(back.calib.gyr_bias_rad_s.z == 0.3);
	assert_true(back.calib.temp_c == 24.64);
	assert_true(back.calib.residual_m_s2 == 0.0091);
	assert_true(isnan(back.calib.gyr_full_scale_rad_s));
	assert_true(isnan(back.residual_check_m_s2));
	assert_true(back.largest_hole_deg == 37.38);
	assert_int_equal(back.windows, 14);
	assert_string_equal(back.chip, f.chip);
	assert_string_equal(back.date, f.date);
	assert_int_equal(calib_file_load(path, SITE_THIGH, &calib, &problem), 0);
	assert_true(calib.acc_bias_m_s2.z == 0.75);
	/* written once more: the same bytes */
	assert_int_equal(calib_file_write(temp_path("again.json"), &back, &problem), 0);
	{
		char *one = temp_read(path, NULL),
		     *two = temp_read(temp_path("again.json"), NULL);

		assert_string_equal(one, two);
		free(one);
		free(two);
	}
}

/* Blanks and the order of members do not matter; our second checksum agrees. */
static void laid_out_otherwise(void **state)
{
	json_t *root = good_json();
	struct calib calib;

	(void)state;
	assert_int_equal(calib_file_load(write_json(root, "flat.json"), SITE_THIGH,
				 &calib, &problem),
		0);
	json_decref(root);
}

struct spoilt {
	const char *member, *value, *what;
};

static void absurd_values(void **state)
{
	static const struct spoilt list[] = {
		{ "version", "2",
			": version: 2 is not known here, only 1. calibrate again, "
			"or take a newer stretchd" },
		{ "format", "\"json\"",
			": format: not \"stretch-calibration\": no "
			"calibration file" },
		{ "site", "\"ankle\"",
			": site: \"ankle\" is neither thigh nor pelvis. "
			"calibrate again" },
		{ "site", "\"pelvis\"",
			": site: it is for the pelvis sensor, not for the "
			"thigh one. give the file that was made for it" },
		{ "parameters", "7",
			": parameters: 7, but 6 or 9 is possible. calibrate "
			"again" },
		{ "parameters", "6",
			": acc_matrix: xy is not zero, but there are only six "
			"parameters. calibrate again" },
		{ "chip", "\"a/b\"",
			": chip: only letters, digits, blank and _ . : - are "
			"possible" },
		{ "date", "\"\"", ": date: empty or too long. calibrate again" },
		{ "acc_bias_m_s2", "[0,1.51,0]",
			": acc_bias_m_s2: y is 1.51 m/s^2, beyond "
			"1.5: no sound chip is so far off. calibrate again" },
		{ "acc_bias_m_s2", "[0,-1.51,0]",
			": acc_bias_m_s2: y is -1.51 m/s^2, "
			"beyond 1.5: no sound chip is so far off. calibrate again" },
		{ "acc_bias_m_s2", "[0,0]",
			": acc_bias_m_s2: not three numbers. calibrate "
			"again" },
		{ "acc_bias_m_s2", "[0,null,0]",
			": acc_bias_m_s2: not three numbers. "
			"calibrate again" },
		{ "gyr_bias_rad_s", "[0,0,0.6]",
			": gyr_bias_rad_s: z is 0.6 rad/s, beyond "
			"0.5: no sound chip is so far off. calibrate again" },
		{ "acc_matrix", "[[-1,0,0],[0,1,0],[0,0,1]]",
			": acc_matrix: scale of x is "
			"-1, not positive. calibrate again" },
		{ "acc_matrix", "[[1,0,0],[0,1.051,0],[0,0,1]]",
			": acc_matrix: scale of y "
			"is off by 5.1 %, beyond 5 %. calibrate again" },
		{ "acc_matrix", "[[1,0,-0.06],[0,1,0],[0,0,1]]",
			": acc_matrix: cross-axis "
			"term xz is -6.0 %, beyond 5 %. calibrate again" },
		{ "acc_matrix", "[[1,0,0],[0.01,1,0],[0,0,1]]",
			": acc_matrix: yx is 0.01, "
			"but below the diagonal all is zero. calibrate again" },
		{ "acc_matrix", "[[1,0,0],[0,1,0]]",
			": acc_matrix: not three rows. "
			"calibrate again" },
		{ "temp_c", "200",
			": temp_c: 200 is not in -60 .. 150. calibrate again" },
		{ "temp_c", "\"warm\"", ": temp_c: no number. calibrate again" },
		{ "residual_m_s2", "0.051",
			": residual_m_s2: 0.051 is not in 0 .. 0.05. "
			"calibrate again" },
		{ "residual_after_m_s2", "null",
			": residual_after_m_s2: no number. "
			"calibrate again" },
		{ "gravity_m_s2", "1.62",
			": gravity_m_s2: 1.62 is not in 9.75 .. 9.85. "
			"calibrate again" },
		{ "windows", "5", ": windows: 5 is not in 6 .. 10000. calibrate again" },
		{ "windows", "7.5",
			": windows: no whole number that can be meant. "
			"calibrate again" },
		{ "chip", NULL, ": chip: missing. calibrate again" },
		{ "acc_matrix", NULL, ": acc_matrix: missing. calibrate again" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		json_t *root = good_json();

		if (list[i].value == NULL)
			json_object_del(root, list[i].member);
		else
			json_object_set_new(root, list[i].member,
				json_loads(list[i].value, JSON_DECODE_ANY, NULL));
		expect_refused(write_json(root, "spoilt.json"), list[i].what);
		json_decref(root);
	}
}

/* One digit changed by hand; the checksum gone. */
static void changed_by_hand(void **state)
{
	static const char damaged[] = ": crc32: it does not agree with the content: the "
				      "file was changed or damaged. calibrate again";
	json_t *root = good_json();
	char *text = temp_read(temp_path("good.json"), NULL), *digit;

	(void)state;
	digit = strstr(text, "0.985");
	assert_non_null(digit);
	digit[4] = '6';
	expect_refused(temp_write_text("digit.json", text), damaged);
	json_object_set_new(root, "crc32", json_string("0"));
	free(text);
	text = json_dumps(root, 0);
	expect_refused(temp_write_text("sum.json", text), damaged);
	json_object_del(root, "crc32");
	free(text);
	text = json_dumps(root, 0);
	expect_refused(temp_write_text("none.json", text),
		": crc32: missing. calibrate "
		"again");
	free(text);
	json_decref(root);
}

static void another_chip(void **state)
{
	struct calib_file f = good();

	(void)state;
	assert_int_equal(
		calib_file_fits(&f, "a", SITE_THIGH, "MPU-6050:blue", &problem), 0);
	assert_int_equal(calib_file_fits(&f, "a", SITE_THIGH, NULL, &problem), 0);
	assert_int_equal(
		calib_file_fits(&f, "a", SITE_THIGH, "MPU-6050:red", &problem), -EBADMSG);
	assert_string_equal(problem.text,
		"a: chip: it is for the chip \"MPU-6050:blue\", "
		"but \"MPU-6050:red\" is there. calibrate that one");
	f.chip[0] = '\0';
	assert_int_equal(
		calib_file_fits(&f, "a", SITE_THIGH, "MPU-6050:red", &problem), 0);
}

static void not_a_file_of_ours(void **state)
{
	char *big = malloc(SEALED_FILE_MAX + 2);

	(void)state;
	expect_refused(temp_write_text("a.json", "[1,2]"),
		": file: no JSON object: no "
		"calibration file");
	expect_refused(temp_write_text("b.json", "{\n  \"format\": NaN }\n"),
		":2: column "
		"15: invalid token near 'NaN'. calibrate again");
	expect_refused(temp_write_text("c.json", "{ \"a\": 1, \"a\": 2 }"),
		":1: column 13: "
		"duplicate object key near '\"a\"'. calibrate again");
	assert_non_null(big);
	memset(big, ' ', SEALED_FILE_MAX + 1);
	expect_refused(temp_write("d.json", big, SEALED_FILE_MAX + 1),
		": longer than 65536 "
		"bytes: no calibration file");
	free(big);
	assert_int_equal(calib_file_load(temp_path("none"), SITE_THIGH,
				 &(struct calib){ 0 }, &problem),
		-ENOENT);
	assert_int_equal(calib_file_load("/", SITE_THIGH, &(struct calib){ 0 }, &problem),
		-EISDIR);
}

/* Cut anywhere, or one bit wrong anywhere: refused, or the very same values. */
static void damaged_anywhere(void **state)
{
	struct calib_file f, whole;
	size_t size, same = 0;
	char *text;

	(void)state;
	json_decref(good_json());
	text = temp_read(temp_path("good.json"), &size);
	assert_int_equal(calib_file_parse(text, size, "x", &whole, &problem), 0);
	for (size_t n = 0; n + 1 < size; n++)
		assert_int_equal(calib_file_parse(text, n, "x", &f, &problem), -EBADMSG);
	for (size_t i = 0; i < size; i++)
		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ (1 << bit));
			if (calib_file_parse(text, size, "x", &f, &problem) == 0) {
				assert_memory_equal(&f, &whole, sizeof f);
				same++;
			}
			text[i] = (char)(text[i] ^ (1 << bit));
		}
	/* blanks that became other blanks, letters of \u escapes; nothing more */
	assert_true(same < size / 2);
	free(text);
}

/* What is refused is not written, and the older file stays. */
static void the_old_file_stays(void **state)
{
	struct calib_file f = good(), back;
	const char *path = temp_path("kept.json");

	(void)state;
	assert_int_equal(calib_file_write(path, &f, &problem), 0);
	f.calib.acc_bias_m_s2.x = (double)NAN;
	assert_int_equal(calib_file_write(path, &f, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "acc_bias_m_s2: x is no number"));
	f = good();
	f.calib.acc_matrix.m[2][2] = -1.0;
	assert_int_equal(calib_file_write(path, &f, &problem), -EBADMSG);
	f = good();
	f.calib.residual_m_s2 = 0.06;
	assert_int_equal(calib_file_write(path, &f, &problem), -EBADMSG);
	assert_int_equal(calib_file_read(path, &back, &problem), 0);
	assert_true(back.calib.acc_bias_m_s2.x == 0.123457);
	f = good();
	assert_int_equal(
		calib_file_write(temp_path("no/such/folder"), &f, &problem), -ENOENT);
	assert_int_equal(calib_file_write(temp_path("new.json"),
				 &(struct calib_file){ 0 }, &problem),
		-EBADMSG);
	assert_false(temp_exists(temp_path("new.json")));
}

/* The examples of calibration/ are files that the program takes. */
static void the_examples_are_good(void **state)
{
	struct calib calib;

	(void)state;
	assert_int_equal(calib_file_load("calibration/example-six-parameters.json",
				 SITE_THIGH, &calib, &problem),
		0);
	assert_int_equal(calib.parameters, 6);
	assert_int_equal(calib_file_load("calibration/example-nine-parameters.json",
				 SITE_PELVIS, &calib, &problem),
		0);
	assert_int_equal(calib.parameters, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(laid_out_otherwise),
		cmocka_unit_test(absurd_values),
		cmocka_unit_test(changed_by_hand),
		cmocka_unit_test(another_chip),
		cmocka_unit_test(not_a_file_of_ours),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(the_old_file_stays),
		cmocka_unit_test(the_examples_are_good),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
