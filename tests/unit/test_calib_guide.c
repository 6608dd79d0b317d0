/*
 * The dialogues of calibrate as step functions, and the screen that prints them: no
 * clock, no source. Lines expected by hand from the samples fed.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stretchctl/calib_guide.h"
#include "stretchctl/calib_poses.h"

#define RATE_HZ 100

static struct guide_text text;
static char heard[16384]; /* every line so far */

static void hear(void)
{
	for (int i = 0; i < text.count; i++) {
		strcat(heard, text.line[i]);
		strcat(heard, "\n");
		assert_true(strlen(heard) < sizeof heard / 2);
	}
}

static void expect_heard(const char *what)
{
	if (strstr(heard, what) == NULL)
		fail_msg("\"%s\" was not said:\n%s", what, heard);
}

/* A reading along up with a little noise, so that it is not frozen. */
static struct imu_reading reading(struct vec3 up, int64_t index, double shake_rad_s)
{
	double sign = index % 2 ? 1.0 : -1.0;

	return (struct imu_reading){ .present = true,
		.acc_m_s2 = vec3_add(
			vec3_scale(up, 9.81), (struct vec3){ 0.01 * sign, 0, 0 }),
		.gyr_rad_s = { shake_rad_s * sign, 0, 0 },
		.temp_c = (double)NAN };
}

static void chip_guide(void **state)
{
	static struct calib_collect collect;
	struct calib_collect_param param = calib_collect_default();
	struct calib_guide guide;
	int64_t index = 0;

	(void)state;
	heard[0] = '\0';
	calib_collect_init(&collect);
	calib_guide_begin(&guide, 6, &param, &text);
	hear();
	expect_heard("Six faces twice, or eight directions.");
	expect_heard("Ctrl-C ends it");
	for (int face = 0; face < 6; face++) {
		bool settling = false;

		for (int i = 0; i < 4 * RATE_HZ; i++, index++) {
			struct imu_reading r = reading(
				calib_named[face].up, index, i < RATE_HZ ? 2.0 : 0.0);

			calib_collect_step(&collect, &param, index * 10000, &r);
			calib_guide_step(&guide, &collect, &text);
			hear();
			settling =
				settling || strstr(text.status, "still, keep it") != NULL;
			if (i == RATE_HZ)
				assert_non_null(strstr(text.status, "moving"));
		}
		assert_true(settling); /* live stillness on the way */
		assert_non_null(strstr(text.status, "[##########] taken, turn it"));
	}
	expect_heard("taken  1: x axis up\n           next: x axis down\n");
	expect_heard("taken  6: ");
	/* all six once: still six to be taken again, and one of them is asked for */
	assert_non_null(strstr(text.status, "6 directions, 6 missing"));
}

static void poses_guide(void **state)
{
	static struct pose_taker taker;
	const struct calib none[SITE_COUNT] = { calib_none(), calib_none() };
	const struct pose_take takes[] = { { POSE_LYING, .from_us = -1, .to_us = -1 },
		{ POSE_STANDING, .from_us = -1, .to_us = -1 } };
	const struct vec3 up[] = { { 0, 0, 1 }, { 0, 1, 0 } };
	struct poses_guide guide;
	struct sample sample = { .t_us = 0 };
	int64_t index = 0;

	(void)state;
	heard[0] = '\0';
	pose_taker_init(&taker, MODE_THIGH, none, takes, 2);
	poses_guide_begin(&guide, &text);
	hear();
	for (int pose = 0; pose < 2; pose++) {
		for (int i = 0; i < 9 * RATE_HZ; i++, index++) {
			bool turning = i < 2 * RATE_HZ;
			double part = pose == 0 || !turning ? 1.0 : i / (2.0 * RATE_HZ);
			double a = (pose == 0 ? 0.0 : 90.0 * part) * RAD_PER_DEG;
			struct vec3 now = { 0.0, sin(a), cos(a) };

			sample.t_us = index * 10000;
			sample.imu[SITE_THIGH] = reading(now, index, turning ? 1.0 : 0.0);
			/* the turn itself, so that the filter follows */
			if (turning && pose == 1)
				sample.imu[SITE_THIGH].gyr_rad_s.x +=
					90.0 * RAD_PER_DEG / 2.0;
			pose_taker_step(&taker, &sample);
			poses_guide_step(&guide, &taker, &text);
			hear();
			if (i == 3 * RATE_HZ)
				assert_non_null(strstr(text.status, "still, keep it so"));
			if (poses_guide_done(&taker))
				break;
		}
		assert_int_equal(taker.taken, pose + 1);
		assert_true(vec3_angle_rad(taker.takes[pose].up[SITE_THIGH], up[pose]) <
			1.0 * RAD_PER_DEG);
	}
	assert_true(poses_guide_done(&taker));
	expect_heard("pose 1 of 2, lying: lie flat on the back");
	expect_heard("taken: lying\n           pose 2 of 2, standing: stand upright");
	expect_heard("taken: standing\n");
}

/* The same text on a terminal and elsewhere. */
static void screen(void **state)
{
	struct guide_screen s = { .in_place = true, .columns = 12 };
	char *out = NULL;
	size_t size;

	(void)state;
	guide_text_clear(&text);
	guide_text_add(&text, "line %d", 1);
	snprintf(text.status, sizeof text.status, "a status of many words");
	s.out = open_memstream(&out, &size);
	guide_screen_show(&s, &text, 0);
	guide_text_clear(&text);
	snprintf(text.status, sizeof text.status, "later");
	guide_screen_show(&s, &text, 100000); /* too soon */
	guide_screen_show(&s, &text, 250000);
	guide_screen_close(&s);
	fclose(s.out);
	assert_string_equal(
		out, "\r\033[Kline 1\n\r\033[Ka status of\r\033[Klater\r\033[K\n");
	free(out);
	s = (struct guide_screen){ .out = open_memstream(&out, &size), .columns = 12 };
	guide_text_add(&text, "line %d", 1);
	guide_screen_show(&s, &text, 0);
	guide_text_clear(&text);
	snprintf(text.status, sizeof text.status, "a status of many words");
	guide_screen_show(&s, &text, 4900000); /* nothing for less than 5 s */
	guide_screen_show(&s, &text, 5000000);
	guide_screen_show(&s, &text, 5100000);
	guide_screen_close(&s);
	fclose(s.out);
	assert_string_equal(out, "line 1\na status of many words\n\n");
	free(out);
}

static void bar(void **state)
{
	static const struct {
		double part;
		const char *drawn;
	} cases[] = { { -1.0, "[..........]" }, { 0.0, "[..........]" },
		{ 0.55, "[#####.....]" }, { 1.0, "[##########]" },
		{ 7.0, "[##########]" }, { (double)NAN, "[..........]" } };
	char drawn[13];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		guide_bar(drawn, cases[i].part);
		assert_string_equal(drawn, cases[i].drawn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chip_guide),
		cmocka_unit_test(poses_guide),
		cmocka_unit_test(screen),
		cmocka_unit_test(bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
