/*
 * stretchctl watch without a terminal: from the daemon's lines to cells, at the sizes
 * of a terminal, a phone and less. What must stand where is written out by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretchctl/watch_view.h"

static struct watch_view view;
static struct watch_cells cells;

static void hear(const char *text)
{
	json_t *object = json_loads(text, 0, NULL);

	assert_non_null(object);
	(void)watch_hear(&view, object);
	json_decref(object);
}

static int set_up(void **state)
{
	(void)state;
	watch_clear(&view);
	view.connected = true;
	hear("{\"class\":\"answer\",\"cmd\":\"watch\",\"session\":{\"exercise\":\"lying-towel\","
	     "\"side\":\"left\",\"wearer\":\"anna-1\",\"step\":2,\"steps\":4}}");
	hear("{\"class\":\"answer\",\"cmd\":\"status\",\"source\":\"i2c:1\",\"why\":\"\","
	     "\"storage_error\":null,\"clock_source\":\"ntp\",\"counters\":{\"gaps\":0},"
	     "\"sensors\":{\"thigh\":{\"chip\":\"MPU-6050\",\"address\":\"0x68\","
	     "\"rate_hz\":101.25},\"pelvis\":{\"chip\":\"LSM6DSO\",\"address\":\"0x6a\","
	     "\"rate_hz\":103.9,\"fault\":\"nack\"}}}");
	hear("{\"class\":\"row\",\"t_s\":62.41,\"signal\":43.21,\"band_low_deg\":50.0,"
	     "\"band_high_deg\":85.0,\"counted_s\":12.4,\"prescribed_s\":30.0,"
	     "\"hold_index\":2,\"holds\":3,\"holds_done\":1,\"state\":\"paused\",\"led\":\"pause\","
	     "\"advice\":\"back into the band\",\"pelvis_verdict\":\"doubtful\","
	     "\"pelvis_method\":\"measured\",\"pelvis_tilt_deg\":3.25,"
	     "\"thigh_elevation_method\":\"measured\","
	     "\"thigh_elevation_confidence\":\"high\",\"flags\":null,\"green\":true,"
	     "\"red\":false}");
	return 0;
}

static const char *line(int row)
{
	static char text[WATCH_COLUMNS + 1];

	for (int i = 0; i < cells.columns; i++)
		text[i] = cells.cell[row][i].glyph;
	text[cells.columns] = '\0';
	return text;
}

/* The row that holds the text, or -1. */
static int find(const char *text)
{
	for (int row = 0; row < cells.rows; row++)
		if (strstr(line(row), text) != NULL)
			return row;
	return -1;
}

static int reversed(int row, int column)
{
	return (cells.cell[row][column].style & WATCH_REVERSE) != 0;
}

/* Columns 8 * scale * n on from row: "43.2" in blocks, each row of each digit. */
static void check_digits(int row, int scale)
{
	/* 4, 3, the dot, 2 as people write them on a display of segments */
	static const char *const picture[] = {
		"# # ###   ###", "# #   #     #", "### ###   ###", "  #   #   #  ",
		"  # ### # ###",
	};

	for (int y = 0; y < 5 * scale; y++)
		for (int x = 0; x < (int)strlen(picture[0]) * 2 * scale; x++)
			if (reversed(row + y, x) !=
				(picture[y / scale][x / (2 * scale)] == '#'))
				fail_msg("row %d, column %d of the digits", y, x);
}

static void terminal(void **state)
{
	(void)state;
	watch_draw(&view, 80, 24, &cells);
	assert_int_equal(cells.columns, 80);
	assert_int_equal(cells.rows, 24);
	assert_int_equal(strncmp(line(0), "lying-towel, left leg, 2 of 4 ", 30), 0);
	assert_string_equal(line(0) + 76, "62 s");
	check_digits(2, 2);
	assert_int_equal(find("still below target: 43 of 50 deg"), 13);
	assert_int_equal(find("hold 2, 1 of 3 done  12.4 of 30 s "), 14);
	assert_int_equal(find("paused: back into the band"), 15);
	assert_int_equal(find("LED  -  -  G  pause"), 17);
	assert_int_equal(find("pelvis doubtful measured, tilt 3.3 deg"), 18);
	assert_int_equal(find("thigh: MPU-6050 at 0x68, 101.3/s, ok"), 19);
	assert_int_equal(find("pelvis: LSM6DSO at 0x6a, 103.9/s, nack"), 20);
	assert_int_equal(cells.cell[20][0].style & WATCH_COLOUR, WATCH_RED);
	assert_int_equal(cells.cell[19][0].style & WATCH_COLOUR, WATCH_PLAIN);
	assert_int_equal(find("angle measured, confidence high"), 21);
	assert_int_equal(find("q quit"), 23);
	/* the bar: 0..100 deg on 78 cells, band 50..85, angle 43.21 */
	assert_int_equal(line(16)[1 + 33], 'O');
	assert_int_equal(line(16)[1 + 38], '.');
	assert_int_equal(line(16)[1 + 39], '=');
	assert_int_equal(line(16)[1 + 66], '=');
	assert_int_equal(line(16)[1 + 67], '.');
	/* 12.4 of 30 s in 46 cells behind 34: 19 of them */
	assert_true(reversed(14, 34) && reversed(14, 52) && !reversed(14, 53));
}

static void phone(void **state)
{
	(void)state;
	watch_draw(&view, 40, 20, &cells);
	check_digits(2, 1);
	assert_int_equal(find("still below target: 43 of 50 deg"), 8);
	assert_int_equal(find("hold 2, 1 of 3 done  12.4 of 30 s "), 9);
	assert_int_equal(find("paused: back into the band"), 10);
	assert_int_equal(find("LED  -  -  G  pause"), 12);
	assert_true(find("pelvis doubtful") > 0);
	assert_true(find("thigh: MPU-6050") > 0);
	assert_int_equal(find("b begin s stop p pain n next r ref q end"), 19);
}

/* No word of what to do is cut off on a telephone, nor of why nothing can be stored. */
static void long_words(void **state)
{
	(void)state;
	snprintf(view.state, sizeof view.state, "need_reference");
	snprintf(view.advice, sizeof view.advice,
		"raise the straight leg calmly, and lower it");
	snprintf(view.storage_error, sizeof view.storage_error,
		"samples.csv: cannot write: No space left on device");
	watch_draw(&view, 40, 20, &cells);
	check_digits(1, 1);
	assert_int_equal(find("storage: samples.csv: cannot write: No "), 7);
	assert_int_equal(find("space left on device"), 8);
	assert_int_equal(find("hold 2, 1 of 3 done"), 10);
	assert_int_equal(find("need_reference: raise the straight leg "), 11);
	assert_int_equal(find("calmly, and lower it"), 12);
	assert_int_equal(find("LED"), 14);
	assert_int_equal(find("q end"), 19);
	/* of a short screen the keys keep their row */
	watch_draw(&view, 40, 12, &cells);
	assert_int_equal(find("q end"), 11);
}

/* Whatever the size: inside the cells, only ASCII, and the target before the rest. */
static void every_size(void **state)
{
	(void)state;
	for (int columns = 0; columns <= 220; columns++)
		for (int rows = 0; rows <= 70; rows++) {
			memset(&cells, 0xee, sizeof cells);
			watch_draw(&view, columns, rows, &cells);
			assert_true(cells.columns <= WATCH_COLUMNS &&
				cells.rows <= WATCH_ROWS);
			for (int i = 0; i < cells.rows; i++)
				for (int k = 0; k < cells.columns; k++)
					assert_true(cells.cell[i][k].glyph >= ' ' &&
						cells.cell[i][k].glyph <= '~');
			if (columns >= 36 && rows >= 5)
				assert_true(find("still below target: 43 of 50 deg") > 0);
		}
}

/* Six attempts for three holds may be needed: never "hold 4 of 3". */
static void repeated_hold(void **state)
{
	(void)state;
	hear("{\"class\":\"row\",\"hold_index\":4,\"holds\":3,\"holds_done\":2,"
	     "\"counted_s\":12.4,\"prescribed_s\":30.0}");
	watch_draw(&view, 40, 20, &cells);
	assert_true(find("hold 4, 2 of 3 done  12.4 of 30 s ") > 0);
	view.holds = 0;
	watch_draw(&view, 40, 20, &cells);
	assert_true(find("hold 4  12.4 of 30 s ") > 0);
}

static void target(void **state)
{
	char text[WATCH_TEXT];

	(void)state;
	watch_target(&view, text, sizeof text);
	assert_string_equal(text, "still below target: 43 of 50 deg");
	/* who is to lie still must not be told to raise the leg */
	snprintf(view.state, sizeof view.state, "rest");
	watch_target(&view, text, sizeof text);
	assert_string_equal(text, "band 50 to 85 deg");
	view.angle_deg = 64.0;
	watch_target(&view, text, sizeof text);
	assert_string_equal(text, "band 50 to 85 deg");
	view.angle_deg = 91.6;
	watch_target(&view, text, sizeof text);
	assert_string_equal(text, "past the cap: 92, at most 85 deg");
	view.band_low_deg = (double)NAN;
	watch_target(&view, text, sizeof text);
	assert_string_equal(text, "");
}

static void plain_line(void **state)
{
	char text[8 * WATCH_TEXT];

	(void)state;
	watch_line(&view, text, sizeof text);
	assert_string_equal(text,
		"    62.4 s  paused         pause    43.2 deg   12.4 of 30 s  "
		"pelvis doubtful  still below target: 43 of 50 deg  back into the band");
}

/* Angles that print with a minus or three digits, and one that is not known. */
static void odd_angles(void **state)
{
	static const double angles[] = { -3.0, 123.4, -123.4 };

	(void)state;
	for (size_t i = 0; i < sizeof angles / sizeof angles[0]; i++) {
		view.angle_deg = angles[i];
		watch_draw(&view, 40, 20, &cells);
		assert_int_equal(find("past the cap") > 0, angles[i] > 85.0);
	}
	view.angle_deg = (double)NAN;
	watch_draw(&view, 40, 20, &cells);
	assert_true(reversed(4, 0) && !reversed(3, 0) && reversed(4, 8));
}

static void nobody_there(void **state)
{
	(void)state;
	view.connected = false;
	snprintf(view.notice, sizeof view.notice, "the connection is gone: stretchd hung up "
		"there is more to say than fits into one line of a phone");
	watch_draw(&view, 40, 20, &cells);
	assert_int_equal(strncmp(line(0), "stretchd: no connection", 23), 0);
	assert_int_equal(find("the connection is gone: stretchd hung up"), 2);
	assert_int_equal(find("there is more to say than fits into one"), 3);
	assert_int_equal(find("It is tried again every second."), 6);
	assert_int_equal(find("43.2"), -1);
	view.connected = true;
	view.notice[0] = '\0';
	hear("{\"class\":\"session\",\"session\":null}");
	snprintf(view.why, sizeof view.why, "p.conf: not accepted: no session begins");
	watch_draw(&view, 40, 20, &cells);
	assert_int_equal(strncmp(line(0), "stretchd: no session", 20), 0);
	assert_int_equal(find("p.conf: not accepted"), 2);
}

/* What the daemon says is shown, not obeyed: no control character reaches a cell. */
static void odd_words(void **state)
{
	(void)state;
	hear("{\"class\":\"row\",\"state\":7,\"led\":\"\\u001b[2J\\u00fc\",\"signal\":\"x\"}");
	assert_string_equal(view.state, "");
	assert_string_equal(view.led, "?[2J??");
	assert_true(isnan(view.angle_deg));
	hear("{}");
	hear("{\"class\":\"answer\",\"session\":3,\"row\":[],\"counters\":[],\"sensors\":1}");
	hear("{\"class\":\"error\",\"message\":\"busy\"}");
	assert_string_equal(view.notice, "busy");
	hear("{\"class\":\"answer\",\"cmd\":\"stop\",\"state\":\"rest\"}");
	assert_string_equal(view.notice, "stop: told");
}

#define TEST(function) cmocka_unit_test_setup(function, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(terminal),
		TEST(phone),
		TEST(long_words),
		TEST(every_size),
		TEST(repeated_hold),
		TEST(target),
		TEST(plain_line),
		TEST(odd_angles),
		TEST(nobody_there),
		TEST(odd_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
