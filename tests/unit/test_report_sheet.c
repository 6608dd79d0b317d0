/*
 * The report's page: what must be said is there, and has the room that it needs. Widths
 * come from the very font that the page is drawn with. Days and what was asked for on
 * them: test_report_days.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/sheet_rig.h"

static void test_one_side(void **state)
{
	(void)state;
	made("side", (struct made_plan){ .days = 40, .per_day = 1, .holds = 2,
		.one_side = true }, twice_daily);
	page_says(&page, "no such session of the right");
	page_says(&page, "A half square");
	page_silent(&page, "Not asked for");
	page_silent(&page, "Left and right,");
	page_silent(&page, "both legs");
	end();
	made("one-leg", (struct made_plan){ .days = 1, .per_day = 1, .holds = 1,
		.one_side = true, .spotless = true }, NULL);
	page_says(&page, "left leg only; no dose given");
	end();
}

/* What one sensor cannot see is not said to be seen badly. */
static void test_timed_only(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct made_session s;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("timed"));
	for (uint32_t i = 1; i <= 20; i++) {
		struct hold_row *hold;

		made_session_init(&s, day_parse("2025-10-06") + (int32_t)i / 2,
			i % 2 ? SIDE_LEFT : SIDE_RIGHT, (double)NAN);
		s.number = i;
		s.exercise = i % 4 < 2 ? EX_SEATED_LEG : EX_SINGLE_LEG_DEADLIFT;
		hold = made_hold(&s, (double)NAN);
		hold->angle_quantity = QUANTITY_NONE;
		hold->hip_flexion_method = hold->angle_method = METHOD_NOT_MEASURED;
		hold->angle_confidence = CONFIDENCE_NONE;
		made_session_write(&s, state_dir, path);
	}
	lay_out(state_dir, NULL);
	page_says(&page, "No angle was measured");
	page_says(&page, "Timed only, no angle was measured: 20 sessions.");
	page_silent(&page, "low confidence");
	end();
}

/* A person's words, also where they are one long word, and the longest label. */
static void test_noted(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX], word[151], words[190];
	struct made_session s;

	(void)state;
	memset(word, 'W', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	for (size_t i = 0; i + 1 < sizeof words; i++)
		words[i] = i % 9 == 8 ? ' ' : 'm';
	words[sizeof words - 1] = '\0';
	wearer = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("noted"));
	for (uint32_t i = 1; i <= 9; i++) {
		made_session_init(&s, day_parse("2025-10-06") + (int32_t)i, SIDE_LEFT,
			60.0);
		s.wearer = wearer;
		s.number = i;
		s.pain_before = 1;
		s.pain_after = i == 7 ? 3 : 2;
		s.note = i == 9 ? "tingling below the knee" : i == 8 ? word :
			i < 7 ? words : NULL;
		made_session_write(&s, state_dir, path);
	}
	lay_out(state_dir, NULL);
	page_says(&page, "Hamstring stretching: WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW");
	page_says(&page, "15 Oct 2025, lying-towel left: pain 1 \xe2\x86\x92 2; "
		"\"tingling below the knee\"");
	page_says(&page, "13 Oct 2025, lying-towel left: pain 1 \xe2\x86\x92 3");
	page_says(&page, "5 more: see the column note");
	end();
	wearer = "anna-1";
}

/* Below zero, next to zero, and doses that differ. */
static void test_numbers(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX], text[SHEET_NUMBER_MAX];
	struct made_session s;

	(void)state;
	sheet_number(text, -0.04, 1, " m");
	assert_string_equal(text, "0.0 m");
	sheet_number(text, -0.06, 1, " m");
	assert_string_equal(text, "\xe2\x88\x92" "0.1 m");
	sheet_number(text, (double)NAN, 1, " m");
	assert_string_equal(text, "\xe2\x80\x93");
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("numbers"));
	for (uint32_t i = 1; i <= 6; i++) {
		made_session_init(&s, day_parse("2025-10-06") + (int32_t)i, SIDE_LEFT,
			-2.0);
		s.number = i;
		s.prescribed_s = i < 4 ? 30.0 : 20.0;
		made_session_write(&s, state_dir, path);
	}
	lay_out(state_dir, NULL);
	page_says(&page, "At first \xe2\x88\x92" "2.0\xc2\xb0, latest \xe2\x88\x92"
		"2.0\xc2\xb0, best \xe2\x88\x92" "2.0\xc2\xb0, expected error "
		"\xc2\xb1" "0.8\xc2\xb0 (1 SD).");
	page_says(&page, "31.5 of 20\xe2\x80\x93" "30 s");
	page_says(&page, "\xe2\x88\x92" "5\xc2\xb0"); /* of the scale */
	page_silent(&page, "-2");
	page_silent(&page, "-5");
	end();
}

/* The highest open box that is wide enough for a field. */
static double field_height(void)
{
	double height = 0.0;

	for (size_t i = 0; i < page.count; i++) {
		const struct mark *m = &page.marks[i];

		if (m->kind == MARK_BOX && m->fill == FILL_NONE && m->w > 200.0 &&
			m->h > height)
			height = m->h;
	}
	return height;
}

/* Two exercises leave half a page: their curves get it. One session needs none. */
static void test_room_is_used(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct made_session s;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("room"));
	for (uint32_t i = 1; i <= 20; i++) {
		made_session_init(&s, day_parse("2025-10-06") + (int32_t)i, SIDE_LEFT,
			60.0);
		s.number = i;
		s.exercise = i % 2 ? EX_LYING_STRAP : EX_DOORWAY;
		made_session_write(&s, state_dir, path);
	}
	lay_out(state_dir, twice_daily);
	assert_true(field_height() > 100.0);
	assert_true(field_height() <= 150.0);
	end();
	made("single", (struct made_plan){ .days = 1, .per_day = 1, .holds = 1,
		.spotless = true }, twice_daily);
	assert_true(field_height() < 60.0);
	end();
}

/* There the highest angle is the one before the stretch: no best one. */
static void test_doorway(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct made_session s;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("doorway"));
	made_session_init(&s, day_parse("2025-10-06"), SIDE_LEFT, 73.4);
	s.exercise = EX_DOORWAY;
	made_session_write(&s, state_dir, path);
	lay_out(state_dir, NULL);
	page_says(&page, "Typical 73.4\xc2\xb0, highest 73.4\xc2\xb0");
	page_silent(&page, "best 73");
	for (size_t i = 0, seen = 0; i < page.count; i++) {
		seen += strcmp(page.marks[i].text, "73.4\xc2\xb0") == 0;
		assert_true(seen <= 1); /* the typical one of the table */
	}
	end();
}

/* Every exercise, both sides, and everything that can be said at once. */
static void test_full_page(void **state)
{
	static const int32_t reasons[] = { REASON_NEARLY, REASON_BELOW_BAND,
		REASON_NOT_STILL, REASON_BOUNCE, REASON_LEFT_BAND, REASON_LEG_DOWN,
		REASON_PAST_CAP, REASON_SENSOR, REASON_PAIN, REASON_FATIGUE };
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct made_session s;
	uint32_t number = 0;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("full"));
	for (int32_t i = 0; i < 10 * EX_WALL_STAND; i++) {
		for (int32_t side = 0; side < SIDE_COUNT; side++) {
			struct hold_row *hold;

			made_session_init(&s, day_parse("2025-01-01") + 3 * i, side,
				(double)NAN);
			s.number = ++number;
			s.exercise = i % EX_WALL_STAND;
			s.mode = i % 3 == 0 ? MODE_THIGH : MODE_THIGH_PELVIS;
			s.other_leg = i % 2;
			s.gaps = 3;
			s.slip_deg = i % 5 ? 4.0 : 7.0;
			s.calibrated = i % 4 != 0;
			s.pain_before = 10;
			s.pain_after = 10;
			made_hold(&s, 100.0 + i % 20)->flags = FLAG_BIT(FLAG_FAST_ENTRY) |
				FLAG_BIT(FLAG_BOUNCE);
			hold = made_hold(&s, 110.0);
			hold->result = i % 3 + 2;
			hold->reason = reasons[i % 10];
			hold->hold_s = 13.5;
			hold->pelvis_verdict = PELVIS_MOVING;
			if (i % 13 == 0)
				s.day = DAY_NONE;
			made_session_write(&s, state_dir, path);
		}
	}
	lay_out(state_dir, "wearer = anna-1\nsides = left, right\nsore_today = yes\n"
		"slots = morning, midday, evening\n"
		"item lying-towel {\nhold_s = 60\nreps = 10\nper_day = 3\n}\n"
		"item seated-leg {\nhold_s = 60\nreps = 10\nper_day = 3\n}\n");
	page_says(&page, "More kinds than fit here");
	/* of the notes the first and the last */
	page_says(&page, "said of 34 holds that it hurt");
	page_says(&page, "Sensor: gaps in 340 sessions");
	page_says(&page, "Date not certain in 28 sessions");
	page_says(&page, "Not seen by any sensor in lying-hands");
	page_says(&page, "Not seen by any sensor in standing-wide"); /* the last one */
	end();
}

static void test_cut_is_counted(void **state)
{
	const struct page_style style = { 10.0, false, INK_BLACK };

	(void)state;
	page_begin();
	page_text(&page, 40.0, 50.0, 60.0, ALIGN_LEFT, style, "%s", "a short one");
	assert_int_equal(page.clipped, 0);
	page_text(&page, 40.0, 70.0, 60.0, ALIGN_RIGHT, style, "%s",
		"M\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbcller");
	assert_int_equal(page.clipped, 1);
	assert_true(page.marks[1].w <= 60.0);
	assert_non_null(strstr(page.marks[1].text, "\xc3\xbc\xe2\x80\xa6"));
	page_paragraph(&page, 40.0, 100.0, 60.0, 105.0, style, "two lines and one more");
	assert_int_equal(page.clipped, 2);
	page_free(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_side),
		cmocka_unit_test(test_timed_only),
		cmocka_unit_test(test_noted),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_room_is_used),
		cmocka_unit_test(test_doorway),
		cmocka_unit_test(test_full_page),
		cmocka_unit_test(test_cut_is_counted),
	};

	return cmocka_run_group_tests(tests, page_set_up, page_tear_down);
}
