/*
 * The numbers of a report, from made histories. Expected values are worked out by hand
 * beside each case.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/made_history.h"
#include "../support/temp_files.h"
#include "linux/prescription_file.h"
#include "stretch/exercise.h"
#include "stretchctl/report_series.h"

static struct history history;
static struct report report;
static struct prescription prescription;
static char state_dir[PATH_MAX];
static uint32_t number;

static void begin(const char *name)
{
	snprintf(state_dir, sizeof state_dir, "%s", temp_path(name));
	number = 0;
}

/* A session of one done hold; changed by the caller, then written. */
static struct made_session made(const char *day, int32_t side, double angle_deg)
{
	struct made_session session;

	made_session_init(&session, day ? day_parse(day) : DAY_NONE, side, angle_deg);
	session.number = ++number;
	return session;
}

static void put(const struct made_session *session)
{
	char path[PATH_MAX];

	made_session_write(session, state_dir, path);
}

static void put_simple(const char *day, int32_t side, double angle_deg)
{
	struct made_session session = made(day, side, angle_deg);

	put(&session);
}

static const struct prescription *prescribed(const char *text)
{
	static struct prescription_report problems;

	assert_int_equal(prescription_load_text(&prescription, "test", text, strlen(text),
		&problems), 0);
	return &prescription;
}

static void build(const struct prescription *p)
{
	const struct history_choice choice = { .state_dir = state_dir,
		.since = DAY_NONE, .until = DAY_NONE, .exercise = -1, .side = -1 };
	struct problem problem;

	assert_int_equal(history_read(&history, &choice, NULL, &problem), 0);
	assert_int_equal(report_build(&report, &history, p, DAY_NONE, DAY_NONE), 0);
}

static void end(void)
{
	report_free(&report);
	history_free(&history);
}

static void expect(double value, double expected)
{
	if (!(fabs(value - expected) < 1e-9))
		fail_msg("%.12g instead of %.12g", value, expected);
}

static void test_adherence(void **state)
{
	struct made_session late;

	(void)state;
	begin("adherence");
	/* 1 Nov: both sides in the morning, the left again at night; 2 Nov: nothing;
	 * 3 Nov: left five times, of which two were asked for, right never */
	put_simple("2025-11-01", SIDE_LEFT, 60.0);
	put_simple("2025-11-01", SIDE_RIGHT, 64.0);
	late = made("2025-11-01", SIDE_LEFT, 61.0);
	late.minute = 20 * 60;
	put(&late);
	for (int i = 0; i < 5; i++)
		put_simple("2025-11-03", SIDE_LEFT, 60.0);
	build(prescribed("wearer = anna-1\nsides = left, right\nslots = morning, evening\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_day = 2\n}\n"));
	assert_int_equal(report.days, 3);
	assert_int_equal(report.days_with_data, 2);
	assert_int_equal(report.planned, 12); /* 3 days, twice, two sides */
	/* 3 + 0 + 2: the third is no other day's, nor the other leg's */
	assert_int_equal(report.kept, 5);
	assert_int_equal(report.sessions, 8);
	expect(report.dose_day_s, 120.0);
	expect(report.day[0].stretch_s[SIDE_LEFT], 63.0); /* 31.5 s each */
	expect(report.day[0].stretch_s[SIDE_RIGHT], 31.5);
	assert_int_equal(report_slot_kept(&report, 0, SLOT_MORNING), SLOT_KEPT);
	assert_int_equal(report_slot_kept(&report, 0, SLOT_EVENING), SLOT_PARTLY_KEPT);
	assert_int_equal(report_slot_kept(&report, 1, SLOT_MORNING), SLOT_NOT_KEPT);
	assert_int_equal(report_slot_kept(&report, 2, SLOT_MORNING), SLOT_PARTLY_KEPT);
	assert_int_equal(report.others, 0);
	expect(report.stretch_s, 8 * 31.5);
	end();
}

/* A sore wearer's day counts as kept where the prescription says so, and only there. */
static void test_rest_days(void **state)
{
	static const char dose[] =
		"wearer = anna-1\nsides = left, right\nsore_today = %s\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_day = 2\n}\n"
		"item lying-strap {\nhold_s = 30\nreps = 1\nper_week = 1\n}\n";
	char text[sizeof dose + 8], wearer_dir[PATH_MAX + 8];
	struct problem problem;

	(void)state;
	begin("rest");
	put_simple("2025-11-01", SIDE_LEFT, 60.0);
	put_simple("2025-11-02", SIDE_LEFT, 60.0);
	put_simple("2025-11-04", SIDE_RIGHT, 60.0);
	snprintf(wearer_dir, sizeof wearer_dir, "%s/anna-1", state_dir);
	/* one with a session, one without, one outside of the period */
	assert_int_equal(rest_days_add(wearer_dir, day_parse("2025-11-02"), &problem), 0);
	assert_int_equal(rest_days_add(wearer_dir, day_parse("2025-11-03"), &problem), 0);
	assert_int_equal(rest_days_add(wearer_dir, day_parse("2025-11-05"), &problem), 0);
	snprintf(text, sizeof text, dose, "yes");
	build(prescribed(text));
	assert_int_equal(report.rest_days, 2);
	assert_true(report.day[2].rest);
	assert_false(report.day[3].rest);
	assert_int_equal(report.days_with_data, 3);
	assert_int_equal(report.planned, 4 * 4 + 2); /* once a week: 4/7, a whole one */
	assert_int_equal(report.kept, 1 + 4 + 4 + 1);
	end();
	snprintf(text, sizeof text, dose, "no");
	build(prescribed(text));
	assert_int_equal(report.rest_days, 2);
	assert_int_equal(report.kept, 3);
	end();
}

/* Another exercise, or the leg that was not asked for, keeps nothing. */
static void test_other_exercise(void **state)
{
	struct made_session s;

	(void)state;
	begin("other");
	put_simple("2025-11-01", SIDE_LEFT, 60.0);
	put_simple("2025-11-01", SIDE_RIGHT, 64.0);
	s = made("2025-11-01", SIDE_LEFT, 75.0);
	s.exercise = EX_DOORWAY;
	put(&s);
	/* both legs bend at once: which of them wears the sensor is all the same */
	s = made("2025-11-02", SIDE_RIGHT, 30.0);
	s.exercise = EX_STANDING_BEND;
	put(&s);
	build(prescribed("wearer = anna-1\nsides = left\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_day = 3\n}\n"
		"item standing-bend {\nhold_s = 30\nreps = 1\nper_day = 1\n}\n"));
	assert_int_equal(report.sessions, 4);
	assert_int_equal(report.others, 2);
	assert_int_equal(report.planned, 8); /* 2 days, thrice and once */
	assert_int_equal(report.kept, 2);
	expect(report.day[0].stretch_s[SIDE_LEFT], 31.5);
	expect(report.day[0].stretch_s[SIDE_RIGHT], 0.0);
	expect(report.day[0].other_s, 63.0);
	expect(report.dated_stretch_s, 63.0);
	expect(report.dated_other_s, 63.0);
	end();
}

/* Three a week on one side: two weeks and a day, 3 + 3 + 3/7 rounded to 0. */
static void test_weekly(void **state)
{
	static const char *const days[] = { "2025-11-01", "2025-11-02", "2025-11-03",
		"2025-11-04", "2025-11-08", "2025-11-15" };

	(void)state;
	begin("weekly");
	for (size_t i = 0; i < 6; i++)
		put_simple(days[i], SIDE_LEFT, 60.0);
	build(prescribed("wearer = anna-1\nsides = left\nslots = morning\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_week = 3\n}\n"));
	assert_int_equal(report.days, 15);
	assert_int_equal(report_slot_kept(&report, 3, SLOT_MORNING), SLOT_KEPT);
	assert_int_equal(report_slot_kept(&report, 4, SLOT_MORNING), SLOT_NOT_KEPT);
	assert_int_equal(report.planned, 6);
	assert_int_equal(report.kept, 4); /* 3 of 4 in the first week, 1, none asked */
	assert_true(isnan(report.dose_day_s));
	expect(report.dose_week_s, 90.0);
	end();
}

/* The other leg, another sensor or exercise begin a series of their own. */
static void test_series_never_mix(void **state)
{
	struct made_session s;

	(void)state;
	begin("series");
	for (int i = 0; i < 3; i++)
		put_simple("2025-11-01", SIDE_LEFT, 60.0 + i);
	s = made("2025-11-02", SIDE_LEFT, 90.0);
	s.other_leg = OTHER_STRAIGHT;
	put(&s);
	s = made("2025-11-02", SIDE_LEFT, (double)NAN);
	s.mode = MODE_THIGH_PELVIS;
	made_hold(&s, 30.0);
	put(&s);
	s = made("2025-11-02", SIDE_LEFT, 75.0);
	s.exercise = EX_DOORWAY;
	put(&s);
	put_simple("2025-11-02", SIDE_RIGHT, 70.0);
	build(NULL);
	assert_int_equal(report.series_count, 5);
	assert_int_equal(report.planned, -1);
	assert_int_equal(report.series[0].sessions, 3);
	assert_int_equal(report.series[0].points, 3);
	expect(report.series[0].typical_deg, 61.0);
	expect(report.series[0].best_deg, 62.0);
	assert_non_null(report_pair(&report, &report.series[0]));
	expect(report_pair(&report, &report.series[0])->typical_deg, 70.0);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(report.series[i].sessions, 1);
	end();
}

static void put_angles(const double *angles, size_t count, const char *hands)
{
	for (size_t i = 0; i < count; i++) {
		struct made_session s = made(NULL, SIDE_LEFT, angles[i]);
		char path[PATH_MAX], text[64];
		FILE *out;

		s.day = day_parse("2025-11-01") + 7 * (int32_t)i;
		made_session_write(&s, state_dir, path);
		strcat(path, "/note.json");
		out = fopen(path, "w");
		assert_non_null(out);
		snprintf(text, sizeof text, "{ \"strapped_by\": \"%c\" }\n",
			hands[i % strlen(hands)]);
		fputs(text, out);
		assert_int_equal(fclose(out), 0);
	}
}

static void expect_trend(const char *name, const double *angles, size_t count,
	const char *hands, double change_deg, const char *words)
{
	char text[200];

	begin(name);
	put_angles(angles, count, hands);
	build(NULL);
	report_trend_text(&report.series[0], text, sizeof text);
	assert_string_equal(text, words);
	if (isfinite(change_deg))
		expect(report.series[0].change_deg, change_deg);
	else
		assert_true(isnan(report.series[0].change_deg));
	end();
}

/* Medians of the first three and the last three (of few sessions: of the halves). */
static void test_trends(void **state)
{
	static const double flat[] = { 60, 62, 61, 80, 66, 68, 67 };
	static const double up[] = { 60, 62, 61, 80, 68, 69, 68.5 };
	static const double down[] = { 60, 62, 52, 50 };

	(void)state;
	expect_trend("few", flat, 3, "a", (double)NAN,
		"3 sessions: too few for a trend.");
	expect_trend("one", flat, 1, "a", (double)NAN, "1 session: too few for a trend.");
	expect_trend("flat", flat, 7, "a", 6.0, "No change in 43 days beyond the "
		"7\xc2\xb0 that can be told apart (+6.0\xc2\xb0).");
	expect_trend("up", up, 7, "a", 7.5,
		"Changed by +7.5\xc2\xb0 in 43 days, more than "
		"the 7\xc2\xb0 that can be told apart.");
	/* other hands on the straps: what counts as a change is larger */
	expect_trend("hands", up, 7, "ab", 7.5, "No change in 43 days beyond the "
		"10\xc2\xb0 that can be told apart (+7.5\xc2\xb0).");
	expect_trend("down", down, 4, "a", -10.0,
		"Changed by \xe2\x88\x92" "10.0\xc2\xb0 in "
		"22 days, more than the 7\xc2\xb0 that can be told apart.");
}

/*
 * Two sessions a day, each a degree above the one before, from 60: an end of five weeks
 * is the median of its week, 14 sessions; of three weeks that of a quarter, 10 of 42.
 * Undated ones go with their neighbours further out.
 */
static void test_ends_are_weeks(void **state)
{
	(void)state;
	for (int32_t count = 42; count <= 70; count += 28) {
		begin(count == 42 ? "three-weeks" : "five-weeks");
		for (int32_t i = 0; i < count; i++) {
			struct made_session s = made(NULL, SIDE_LEFT, 60.0 + i);

			if (i != 1 && i != count - 1)
				s.day = day_parse("2025-11-01") + i / 2;
			put(&s);
		}
		build(NULL);
		/* of 60 to 69 and 92 to 101; of 60 to 73 and 116 to 129 */
		expect(report.series[0].first_deg, count == 42 ? 64.5 : 66.5);
		expect(report.series[0].last_deg, count == 42 ? 96.5 : 122.5);
		end();
	}
}

static void test_trouble(void **state)
{
	struct made_session s;

	(void)state;
	begin("trouble");
	s = made(NULL, SIDE_LEFT, 60.0);
	s.hold[0].reason = REASON_PAIN; /* held to the end, and said to hurt */
	s.slip_deg = -6.5;
	put(&s);
	s = made("2025-11-02", SIDE_LEFT, 60.0);
	s.slip_deg = 3.5;
	s.late_pain = 1; /* told when the row was written */
	s.calibrated = false;
	s.gaps = 2;
	s.hold[0].result = RESULT_SHORT;
	s.hold[0].reason = REASON_SENSOR;
	s.hold[0].angle_confidence = CONFIDENCE_LOW;
	put(&s);
	s = made("2025-11-02", SIDE_LEFT, 60.0);
	s.hold[0].result = RESULT_STOPPED;
	s.hold[0].reason = REASON_PAIN;
	s.hold[0].hold_s = 0.0;
	s.hold[0].samples = 0;
	s.pain_before = 2;
	s.pain_after = 5;
	put(&s);
	build(NULL);
	assert_int_equal(report.trouble.undated, 1);
	assert_int_equal(report.trouble.untrusted, 1);
	/* slipped too far: its seconds count, its angle does not */
	assert_int_equal(report.series[0].sessions, 3);
	assert_int_equal(report.series[0].points, 1);
	assert_int_equal(report.trouble.slipped, 1);
	assert_int_equal(report.trouble.uncalibrated, 1);
	assert_int_equal(report.trouble.gaps, 1);
	assert_int_equal(report.trouble.holds_sensor, 1);
	assert_int_equal(report.trouble.low_confidence, 1);
	assert_int_equal(report.result[RESULT_DONE], 1);
	assert_int_equal(report.reason[REASON_PAIN], 1); /* of those not done */
	assert_int_equal(report.hurt, 3);
	assert_int_equal(report.days, 1);      /* the undated one is on no day */
	assert_int_equal(report.sessions, 2);  /* one without a counted second is none */
	assert_int_equal(report.day[0].sessions, 1);
	expect(report.pain_before, 2.0);
	expect(report.pain_after, 5.0);
	end();
}

static void test_slots(void **state)
{
	const uint32_t two = 1 << SLOT_MORNING | 1 << SLOT_EVENING;
	const uint32_t three = two | 1 << SLOT_MIDDAY;

	(void)state;
	assert_int_equal(report_slot(two, 13 * 60 + 59), SLOT_MORNING);
	assert_int_equal(report_slot(two, 14 * 60), SLOT_EVENING);
	assert_int_equal(report_slot(three, 10 * 60 + 59), SLOT_MORNING);
	assert_int_equal(report_slot(three, 11 * 60), SLOT_MIDDAY);
	assert_int_equal(report_slot(three, 15 * 60 + 59), SLOT_MIDDAY);
	assert_int_equal(report_slot(three, 16 * 60), SLOT_EVENING);
	/* as stretchd itself has it: the night belongs to the evening */
	assert_int_equal(report_slot(two, 3 * 60 + 59), SLOT_EVENING);
	assert_int_equal(report_slot(three, 4 * 60), SLOT_MORNING);
}

static void test_median(void **state)
{
	double values[] = { 3.0, -1.0, 10.0, 2.0 };

	(void)state;
	expect(report_median(values, 4), 2.5);
	expect(report_median(values, 3), 2.0); /* sorted by now: -1 2 3 */
	assert_true(isnan(report_median(values, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adherence),
		cmocka_unit_test(test_rest_days),
		cmocka_unit_test(test_other_exercise),
		cmocka_unit_test(test_weekly),
		cmocka_unit_test(test_series_never_mix),
		cmocka_unit_test(test_trends),
		cmocka_unit_test(test_ends_are_weeks),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
