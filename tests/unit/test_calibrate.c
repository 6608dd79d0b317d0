/*
 * stretchctl calibrate as a person runs it: exit status, what stands in the report,
 * what is on disk afterwards. The recordings come from simulated chips.
 */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/calib_chip.h"
#include "../support/temp_files.h"
#include "linux/calib_file.h"
#include "linux/recording.h"
#include "stretchctl/command.h"

#define SEED UINT64_C(404)
#define ARGUMENTS_MAX 16

static char said[65536]; /* standard output and error of the last run */

/* Runs the subcommand with both outputs in a file; ends with NULL. */
static int run(const char *first, ...)
{
	char *argv[ARGUMENTS_MAX + 2], word[] = "calibrate";
	int argc = 0, status, out = dup(1), err = dup(2), file;
	va_list arguments;
	char *text;

	argv[argc++] = word;
	va_start(arguments, first);
	for (const char *a = first; a != NULL && argc <= ARGUMENTS_MAX;
		a = va_arg(arguments, const char *))
		argv[argc++] = strdup(a);
	va_end(arguments);
	argv[argc] = NULL;
	file = open(temp_path("said"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(file >= 0 && out >= 0 && err >= 0);
	fflush(stdout);
	fflush(stderr);
	dup2(file, 1);
	dup2(file, 2);
	status = cmd_calibrate(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	close(file);
	text = temp_read(temp_path("said"), NULL);
	snprintf(said, sizeof said, "%s", text);
	free(text);
	for (int i = 1; i < argc; i++)
		free(argv[i]);
	return status;
}

static void expect_said(const char *what)
{
	if (strstr(said, what) == NULL)
		fail_msg("\"%s\" is not in:\n%s", what, said);
}

struct tape {
	struct recording_writer writer;
	enum site site;
};

static void write_row(void *context, int64_t t_us, const struct imu_reading *reading)
{
	struct tape *tape = context;
	struct sample sample = { .t_us = t_us };

	sample.imu[SITE_THIGH].present = true; /* idle when the pelvis is meant */
	sample.imu[SITE_THIGH].acc_m_s2.z = 9.81;
	sample.imu[SITE_THIGH].temp_c = sample.imu[SITE_PELVIS].temp_c = (double)NAN;
	sample.imu[tape->site] = *reading;
	(void)raw_round(&sample);
	assert_int_equal(recording_write(&tape->writer, &sample, NULL), 0);
}

/* The faces, then an edge of each two axes and its opposite, then more of them. */
static const int32_t order[] = { 0, 1, 2, 3, 4, 5, 6, 10, 14, 7, 11, 15, 8, 12, 16, 9, 13,
	17 };

/* A recording of a chip in so many directions; push: of the third. */
static void record(
	const char *path, struct chip *chip, enum site site, int directions, double push)
{
	static struct calib_collect collect;
	static struct tape tape;
	struct problem problem;
	struct chip_play play = { .chip = chip,
		.hand = chip_table(),
		.collect = &collect,
		.up = { 0, 0, 1 },
		.also = write_row,
		.context = &tape };

	tape.site = site;
	play.hand.temp_c = 21.5;
	calib_collect_init(&collect);
	assert_int_equal(recording_writer_open(&tape.writer, path,
				 RAW_TEMP | (site == SITE_PELVIS ? RAW_PELVIS : 0U),
				 false, &problem),
		0);
	for (int i = 0; i < directions; i++)
		chip_pose(&play, calib_named[order[i]].up, i == 2 ? push : 0.0);
	chip_wave(&play, 1.0);
	assert_int_equal(recording_writer_close(&tape.writer, &problem), 0);
}

static void a_good_one_is_written(void **state)
{
	struct chip chip;
	struct calib_file file;
	struct problem problem;
	const char *rec = temp_path("good.csv"), *cal = temp_path("good.json");

	(void)state;
	chip_draw(&chip, SEED, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_PELVIS, 14, 0.0);
	assert_int_equal(run("--from", rec, "--site", "pelvis", "--chip", "MPU-6050:2",
				 "-o", cal, NULL),
		0);
	expect_said(
		"14 still windows, 14 of them to be fitted: 14 directions, largest hole");
	expect_said("9 parameters, gravity taken as 9.81 m/s^2");
	expect_said("temperature     21.5 C");
	expect_said("Good, written to ");
	assert_int_equal(calib_file_read(cal, &file, &problem), 0);
	assert_int_equal(file.site, SITE_PELVIS);
	assert_int_equal(file.calib.parameters, 9);
	assert_string_equal(file.chip, "MPU-6050:2");
	assert_true(file.calib.temp_c == 21.5);
	assert_true(vec3_norm(vec3_sub(file.calib.acc_bias_m_s2, chip.bias_m_s2)) < 0.02);
	assert_true(vec3_norm(vec3_sub(file.calib.gyr_bias_rad_s, chip.gyr_bias_rad_s)) <
		1e-3);
	/* the idle thigh sensor of the same recording is frozen: refused */
	assert_int_equal(
		run("--from", rec, "-o", temp_path("thigh.json"), NULL), EXIT_NO);
	expect_said("no still window was found");
	assert_false(temp_exists(temp_path("thigh.json")));
	rec = temp_path("good.csv");
	cal = temp_path("good.json");
	/* without -o only the report */
	assert_int_equal(run("--from", rec, "--site", "pelvis", "--parameters", "6",
				 "--gravity", "9.83", NULL),
		EXIT_NO);
	expect_said("the windows do not agree"); /* 2 % cross-axis is there */
}

/* The other site's file, or another chip's, is not written over; a damaged one is. */
static void another_chips_file_stays(void **state)
{
	struct chip chip;
	struct calib_file file;
	struct problem problem;
	const char *rec = temp_path("other.csv"), *cal = temp_path("other.json");

	(void)state;
	chip_draw(&chip, SEED, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 14, 0.0);
	assert_int_equal(run("--from", rec, "--chip", "A:1", "-o", cal, NULL), 0);
	assert_int_equal(
		run("--from", rec, "--chip", "B:1", "-o", cal, NULL), EXIT_NO);
	expect_said("it is for the chip \"A:1\", but \"B:1\" is there");
	assert_int_equal(calib_file_read(cal, &file, &problem), 0);
	assert_string_equal(file.chip, "A:1");
	rec = temp_path("other.csv"); /* paths rotate */
	cal = temp_path("other.json");
	assert_int_equal(
		run("--from", rec, "--site", "pelvis", "-o", cal, NULL), EXIT_NO);
	expect_said("it is for the thigh sensor, not for the pelvis one");
	cal = temp_write_text("other.json", "{ torn");
	rec = temp_path("other.csv");
	assert_int_equal(run("--from", rec, "--chip", "B:1", "-o", cal, NULL), 0);
	assert_int_equal(calib_file_read(cal, &file, &problem), 0);
	assert_string_equal(file.chip, "B:1");
}

static void a_bad_one_is_not(void **state)
{
	struct chip chip;
	const char *rec = temp_path("bad.csv"), *cal = temp_path("bad.json");

	(void)state;
	chip_draw(&chip, SEED + 1, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 14, 0.6);
	assert_int_equal(run("--from", rec, "-o", cal, NULL), EXIT_NO);
	expect_said(
		"refused, nothing written: the windows do not agree: left out, they are");
	expect_said("Window 3, \"y axis up\" at ");
	assert_false(temp_exists(cal));
	chip_draw(&chip, SEED + 2, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 4, 0.0);
	assert_int_equal(run("--from", rec, "-o", cal, NULL), EXIT_NO);
	expect_said("Missing: \"z axis up\", \"z axis down\"\n");
	assert_int_equal(
		run("--from", rec, "-o", cal, "--parameters", "9", NULL), EXIT_NO);
	expect_said("nine parameters need 12 and at most 60");
	assert_false(temp_exists(cal));
}

/* Six faces once: by explicit wish, and checked by what comes later. */
static void six_faces_once(void **state)
{
	struct chip chip;
	struct calib_file file;
	struct problem problem;
	const char *rec = temp_path("six.csv"), *cal = temp_path("six.json");

	(void)state;
	chip_draw(&chip, SEED + 3, 80.0, 0.03, 0.0);
	record(rec, &chip, SITE_THIGH, 9, 0.0);
	/* 3.5 s a pose: six until 21 s; a window is cut at the limit */
	assert_int_equal(run("--from", rec, "--until", "21", "-o", cal, NULL), EXIT_NO);
	expect_said("not every face was taken twice");
	assert_false(temp_exists(cal));
	assert_int_equal(run("--from", rec, "--until", "20.6", "--parameters", "6", "-o",
				 cal, NULL),
		0);
	expect_said("only the later windows check them");
	assert_int_equal(calib_file_read(cal, &file, &problem), 0);
	assert_true(isnan(file.calib.residual_m_s2));
	assert_true(file.residual_check_m_s2 < 0.02);
	assert_int_equal(file.windows, 6);
}

static void the_dialogue(void **state)
{
	struct chip chip;
	const char *rec = temp_path("talk.csv");

	(void)state;
	chip_draw(&chip, SEED + 4, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 18, 0.0);
	assert_int_equal(run("--from", rec, "--guided", "--speed", "1000", NULL), 0);
	expect_said("next: x axis up\n");
	expect_said("taken  1: x axis up\n           next: x axis down\n");
	expect_said("taken 12: ");
	expect_said("Good.");
	/* twelve good directions are enough: it does not wait for the others */
	assert_null(strstr(said, "taken 16"));
}

static void wrong_usage(void **state)
{
	struct chip chip;
	const char *rec = temp_path("thigh.csv");

	(void)state;
	chip_draw(&chip, SEED + 5, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 1, 0.0);
	assert_int_equal(run("-o", "x", NULL), EXIT_USAGE);
	expect_said("--from: missing");
	assert_int_equal(run("--from", rec, "--site", "ankle", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "--site", "pelvis", NULL), EXIT_USAGE);
	expect_said("it has no pelvis sensor");
	assert_int_equal(run("--from", rec, "--parameters", "7", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "--gravity", "1.6", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "--until", "soon", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "--chip", "a\nb", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "-o", "-", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "--frm", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", rec, "more", NULL), EXIT_USAGE);
	assert_int_equal(run("--from", temp_path("none.csv"), NULL), EXIT_SYSTEM);
	assert_int_equal(
		run("--from", temp_write_text("text.csv", "hello\n"), NULL), EXIT_USAGE);
	assert_int_equal(run("--help", NULL), 0);
	expect_said("Usage: stretchctl calibrate");
}

static void a_disk_that_refuses(void **state)
{
	struct chip chip;
	const char *rec = temp_path("disk.csv");

	(void)state;
	chip_draw(&chip, SEED, 80.0, 0.03, 0.02);
	record(rec, &chip, SITE_THIGH, 14, 0.0);
	assert_int_equal(
		run("--from", rec, "-o", temp_path("no/folder.json"), NULL), EXIT_SYSTEM);
	expect_said("cannot write: No such file or directory");
	assert_null(strstr(said, "Good"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_one_is_written),
		cmocka_unit_test(another_chips_file_stays),
		cmocka_unit_test(a_bad_one_is_not),
		cmocka_unit_test(six_faces_once),
		cmocka_unit_test(the_dialogue),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(a_disk_that_refuses),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
