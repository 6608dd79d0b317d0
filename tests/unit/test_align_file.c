/*
 * Alignment files: there and back, what is refused, and when one may be used. The
 * checksum is made anew for every spoilt file, so that the member itself is judged.
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/align_file.h"
#include "stretch/random.h"

static struct problem problem;

static struct mat3 rotation(uint64_t seed)
{
	struct random random;
	struct quat q;
	struct mat3 m;

	random_seed(&random, 6100, seed);
	q = random_rotation(&random);
	for (int column = 0; column < 3; column++) {
		struct vec3 e = { column == 0, column == 1, column == 2 };
		struct vec3 to = quat_rotate(q, e);

		m.m[0][column] = to.x;
		m.m[1][column] = to.y;
		m.m[2][column] = to.z;
	}
	return m;
}

static struct align_file good(void)
{
	struct align_file f = { .date = "2026-05-01T12:00:00.000+02:00",
		.boot_id = "0a1b2c3d-0000-4000-8000-123456789abc",
		.monotonic_s = 1000.7,
		.side = "left" };

	f.site[SITE_THIGH] = (struct align_file_site){ .chip = "MPU-6050:blue",
		.calibrated = true,
		.residual_deg = -1.23456,
		.align = { .valid = true,
			.to_segment = rotation(1),
			.pair = { POSE_LYING, POSE_STANDING },
			.between_deg = 88.76544,
			.cone_deg = 3.0007 } };
	f.site[SITE_PELVIS] = (struct align_file_site){ .residual_deg = (double)NAN,
		.align = { .valid = true,
			.weak = true,
			.to_segment = rotation(2),
			.pair = { POSE_RAISE, POSE_LYING },
			.between_deg = 17.0,
			.cone_deg = 10.26 } };
	return f;
}

static void there_and_back(void **state)
{
	const char *path = temp_path("round.json");
	struct align_file f = good(), back;

	(void)state;
	assert_int_equal(align_file_write(path, &f, &problem), 0);
	assert_int_equal(align_file_read(path, &back, &problem), 0);
	assert_string_equal(back.date, f.date);
	assert_string_equal(back.boot_id, f.boot_id);
	assert_string_equal(back.side, "left");
	assert_true(back.monotonic_s == 1000.0); /* never in the future */
	assert_string_equal(back.site[SITE_THIGH].chip, "MPU-6050:blue");
	assert_true(back.site[SITE_THIGH].calibrated);
	assert_false(back.site[SITE_PELVIS].calibrated);
	assert_true(back.site[SITE_THIGH].residual_deg == -1.235);
	assert_true(isnan(back.site[SITE_PELVIS].residual_deg));
	assert_true(back.site[SITE_THIGH].align.between_deg == 88.765);
	assert_true(back.site[SITE_PELVIS].align.weak);
	assert_int_equal(back.site[SITE_PELVIS].align.pair[0], POSE_RAISE);
	for (int site = 0; site < SITE_COUNT; site++)
		for (int row = 0; row < 3; row++)
			for (int column = 0; column < 3; column++)
				assert_true(
					fabs(back.site[site]
							.align.to_segment.m[row][column] -
						f.site[site]
							.align.to_segment
							.m[row][column]) <= 0.5e-10);
	/* one sensor alone */
	f.site[SITE_PELVIS].align.valid = false;
	assert_int_equal(align_file_write(path, &f, &problem), 0);
	assert_int_equal(align_file_read(path, &back, &problem), 0);
	assert_false(back.site[SITE_PELVIS].align.valid);
}

static void expect_unwritable(const struct align_file *f, const char *what)
{
	const char *path = temp_write_text("old.json", "old");
	char *text;

	assert_int_equal(align_file_write(path, f, &problem), -EBADMSG);
	if (strstr(problem.text, what) == NULL)
		fail_msg("\"%s\" is not in: %s", what, problem.text);
	text = temp_read(path, NULL);
	assert_string_equal(text, "old");
	free(text);
}

static void what_is_not_written(void **state)
{
	struct align_file f = good();

	(void)state;
	f.site[SITE_THIGH].align.to_segment.m[1][2] += 1e-3;
	expect_unwritable(&f, "to_segment: no rotation");
	f = good();
	for (int column = 0; column < 3; column++) /* left-handed */
		f.site[SITE_THIGH].align.to_segment.m[2][column] *= -1.0;
	expect_unwritable(&f, "to_segment: no rotation");
	f = good();
	f.site[SITE_THIGH].align.to_segment.m[0][0] = (double)NAN;
	expect_unwritable(&f, "to_segment: no rotation");
	f = good();
	f.site[SITE_THIGH].align.pair[1] = POSE_SITTING;
	expect_unwritable(&f, "lying and sitting do not tell how the thigh sensor sits");
	f = good();
	f.site[SITE_PELVIS].align.weak = false;
	expect_unwritable(&f, "weak: not so for these poses");
	f = good();
	f.site[SITE_THIGH].align.cone_deg = 31.0;
	expect_unwritable(&f, "cone_deg: 31 is not in 0.1 .. 30");
	f = good();
	f.site[SITE_THIGH].align.between_deg = (double)NAN;
	expect_unwritable(&f, "between_deg: no number");
	f = good();
	f.site[SITE_THIGH].residual_deg = 30.1;
	expect_unwritable(&f, "residual_deg: 30.1");
	f = good();
	snprintf(f.side, sizeof f.side, "both");
	expect_unwritable(&f, "side: neither left nor right");
	f = good();
	snprintf(f.site[SITE_THIGH].chip, sizeof f.site[SITE_THIGH].chip, "a\nb");
	expect_unwritable(&f, "chip: only letters");
	f = good();
	f.date[0] = '\0';
	expect_unwritable(&f, "date: empty");
	f = good();
	f.boot_id[3] = '\n';
	expect_unwritable(&f, "boot_id: holds");
	f = good();
	f.monotonic_s = (double)NAN; /* a boot id wants its time */
	expect_unwritable(&f, "monotonic_s: no number");
	f = good();
	f.site[SITE_THIGH].align.valid = f.site[SITE_PELVIS].align.valid = false;
	expect_unwritable(&f, "no sensor is in it");
}

/* The members of a good file changed one by one, summed up anew. */
static void what_is_not_read(void **state)
{
	static const struct {
		const char *member, *value, *what;
	} cases[] = {
		{ "format", "\"stretch-calibration\"",
			"format: not \"stretch-alignment\"" },
		{ "version", "2", "version: 2 is not known here, only 1" },
		{ "date", "7", "date: no text" },
		{ "side", "\"left or right\"", "side: no text, or too long" },
		{ "thigh", "[]", "thigh: neither an object nor null" },
		{ "thigh", "{}", "chip: missing" },
		{ "monotonic_s", "\"soon\"", "monotonic_s: no number" },
	};
	struct align_file f = good(), kept = good(), back;
	const char *path = temp_path("good.json");
	char *text;

	(void)state;
	assert_int_equal(align_file_write(path, &f, &problem), 0);
	text = temp_read(path, NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *root = json_loads(text, 0, NULL);
		const char *spoilt = temp_path("spoilt.json");

		json_object_del(root, "crc32");
		json_object_set_new(root, cases[i].member,
			json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(sealed_write(spoilt, root, &problem), 0);
		back = kept;
		assert_int_equal(align_file_read(spoilt, &back, &problem), -EBADMSG);
		if (strstr(problem.text, cases[i].what) == NULL)
			fail_msg("\"%s\" is not in: %s", cases[i].what, problem.text);
		assert_memory_equal(&back, &kept, sizeof back); /* untouched */
	}
	/* one digit of the matrix changed by hand */
	*strstr(text, "0.") = '1';
	path = temp_write_text("hand.json", text);
	assert_int_equal(align_file_read(path, &back, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "crc32: it does not agree"));
	free(text);
	assert_int_equal(
		align_file_read(temp_path("none.json"), &back, &problem), -ENOENT);
	assert_int_equal(
		align_file_read(temp_write_text("torn.json", "{\"format\": \"st"), &back,
			&problem),
		-EBADMSG);
}

/* The example of the documentation is one. */
static void the_example(void **state)
{
	struct align_file f;

	(void)state;
	assert_int_equal(
		align_file_read("calibration/example-alignment.json", &f, &problem), 0);
	assert_string_equal(f.side, "left");
	assert_string_equal(f.boot_id, ""); /* from a recording */
	assert_true(f.site[SITE_THIGH].align.valid && f.site[SITE_PELVIS].align.valid);
	assert_true(f.site[SITE_THIGH].align.cone_deg == 3.0);
}

static void whom_it_fits(void **state)
{
	const char *const none[SITE_COUNT] = { NULL, "" };
	const char *const same[SITE_COUNT] = { "MPU-6050:blue", "anything" };
	const char *const other[SITE_COUNT] = { "MPU-6050:red", NULL };
	struct align_file f = good();

	(void)state;
	assert_int_equal(align_file_fits(&f, "f", 3u, "left", none, &problem), 0);
	assert_int_equal(align_file_fits(&f, "f", 3u, "", same, &problem), 0);
	assert_int_equal(align_file_fits(&f, "f", 3u, "right", none, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "f: side: it is for the left leg"));
	assert_int_equal(align_file_fits(&f, "f", 1u, "left", other, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "it is for the chip \"MPU-6050:blue\""));
	f.site[SITE_PELVIS].align.valid = false;
	assert_int_equal(align_file_fits(&f, "f", 1u, "left", none, &problem), 0);
	assert_int_equal(align_file_fits(&f, "f", 3u, "left", none, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "pelvis: this sensor is worn, but not in"));
	f.side[0] = '\0';
	assert_int_equal(align_file_fits(&f, "f", 1u, "right", none, &problem), 0);
}

static void when_it_is_fresh(void **state)
{
	struct align_file f = good();

	(void)state;
	f.monotonic_s = 1000.0;
	assert_true(align_file_fresh(&f, "f", f.boot_id, 1000.0, 60.0, &problem));
	assert_true(align_file_fresh(&f, "f", f.boot_id, 4600.0, 60.0, &problem));
	assert_false(align_file_fresh(&f, "f", f.boot_id, 4661.0, 60.0, &problem));
	assert_non_null(strstr(problem.text, "made 61 min ago, at most 60 are believed"));
	assert_false(align_file_fresh(&f, "f", f.boot_id, 999.0, 60.0, &problem));
	assert_false(align_file_fresh(&f, "f", "another", 1001.0, 60.0, &problem));
	assert_non_null(strstr(problem.text, "before this computer was started"));
	assert_false(align_file_fresh(&f, "f", "", 1001.0, 60.0, &problem));
	f.boot_id[0] = '\0';
	assert_false(align_file_fresh(&f, "f", "", 1001.0, 60.0, &problem));
	assert_non_null(strstr(problem.text, "made from a recording"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(what_is_not_written),
		cmocka_unit_test(what_is_not_read),
		cmocka_unit_test(the_example),
		cmocka_unit_test(whom_it_fits),
		cmocka_unit_test(when_it_is_fresh),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
