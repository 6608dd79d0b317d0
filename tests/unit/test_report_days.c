/*
 * The report's page, day by day: periods without a session, what was asked for and kept,
 * rest, and days that are not certain. Expected words follow from the made history.
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

static void test_no_day(void **state)
{
	(void)state;
	made("none", (struct made_plan){ .days = 0 }, twice_daily);
	page_says(&page, "No sessions in this period.");
	page_silent(&page, "date");
	end();
}

/* Asked for from one day on, or between two: what was asked for was not done. */
static void test_no_session_since(void **state)
{
	(void)state;
	since = day_parse("2025-12-01");
	made("since", (struct made_plan){ .days = 1, .per_day = 1, .holds = 1,
		.spotless = true }, twice_daily);
	page_says(&page, "since 1 Dec 2025");
	page_says(&page, "No sessions in this period.");
	page_silent(&page, "no certain date");
	end();
	until = day_parse("2025-12-10");
	made("between", (struct made_plan){ .days = 1, .per_day = 1, .holds = 1,
		.spotless = true }, twice_daily);
	page_says(&page, "1 Dec 2025 \xe2\x80\x93 10 Dec 2025 (10 days)");
	page_says(&page, "0 of 40");
	page_says(&page, "0 of 10");
	end();
	since = until = DAY_NONE;
}

/* Ten days, then none until the report is made, three weeks later. */
static void test_given_up(void **state)
{
	const struct made_plan plan = { .days = 10, .per_day = 2, .holds = 1,
		.spotless = true };

	(void)state;
	made_day = day_parse("2025-10-22");
	made("faithful", plan, twice_daily);
	page_silent(&page, "No session after");
	end();
	made_day = day_parse("2025-11-05");
	made("given-up", plan, twice_daily);
	page_says(&page, "40 of 40");
	page_says(&page, "No session after 15 Oct 2025: the 21 days until this report");
	end();
	made_day = DAY_NONE;
}

static void test_one_day(void **state)
{
	(void)state;
	made("one", (struct made_plan){ .days = 1, .per_day = 1, .holds = 2,
		.spotless = true }, NULL);
	page_says(&page, "6 Oct 2025");
	page_says(&page, "too few for a trend");
	page_says(&page, "No prescription is known.");
	page_says(&page, "both legs together; no dose given");
	page_says(&page, "the pelvis is not measured");
	page_says(&page, "knee bend");
	page_silent(&page, "Date not certain");
	end();
}

static void test_two_weeks(void **state)
{
	(void)state;
	made("two", (struct made_plan){ .days = 14, .per_day = 2, .holds = 1,
		.gain_deg = 3.0 }, twice_daily);
	page_says(&page, "6 Oct 2025 \xe2\x80\x93 19 Oct 2025 (14 days)");
	page_says(&page, " of 56");
	page_says(&page, "asked for: 120 s a day");
	page_says(&page, "morning");
	page_says(&page, "evening");
	page_says(&page, "Left and right, latest sessions");
	page_says(&page, "that can be told apart");
	page_says(&page, "Asked for: lying-towel 1 \xc3\x97 30 s, 2 a day, each leg");
	page_says(&page, "other leg bent");
	page_says(&page, "Why not done: ");
	page_says(&page, "Date not certain in ");
	page_says(&page, "Warmed up before");
	end();
}

static void test_four_hundred_days(void **state)
{
	(void)state;
	made("long", (struct made_plan){ .days = 400, .per_day = 1, .holds = 2,
		.two_sensors = true, .gain_deg = 12.0 }, twice_daily);
	page_says(&page, "mean of each week");
	page_says(&page, "Changed by +1");
	page_says(&page, "28 %, moved ");
	page_says(&page, "Measured with two sensors");
	page_silent(&page, "only inferred");
	end();
}

/* Six days with a session, the seventh one of rest. */
static void test_rest_day(void **state)
{
	struct problem problem;
	char wearer_dir[PATH_MAX];

	(void)state;
	snprintf(wearer_dir, sizeof wearer_dir, "%s/anna-1", temp_path("sore"));
	assert_int_equal(folder_make(wearer_dir), 0);
	assert_int_equal(rest_days_add(wearer_dir, day_parse("2025-10-12"), &problem), 0);
	assert_int_equal(rest_days_add(wearer_dir, day_parse("2025-10-11"), &problem), 0);
	until = day_parse("2025-10-12");
	made("sore", (struct made_plan){ .days = 6, .per_day = 2, .holds = 1,
		.spotless = true }, twice_daily);
	page_says(&page, "28 of 28");
	page_says(&page, "6 of 7");
	page_says(&page, "4R"); /* with its four sessions */
	page_says(&page, "R: 2 days of rest, sore, as noted by a person; what was asked "
		"for then counts as kept.");
	end();
	until = DAY_NONE;
}

/* What was asked for before is not known: said, where such days are in the period. */
static void test_accepted_later(void **state)
{
	const struct made_plan plan = { .days = 6, .per_day = 1, .holds = 1,
		.spotless = true };

	(void)state;
	accepted_day = day_parse("2025-10-06");
	made("accepted", plan, twice_daily);
	page_silent(&page, "was accepted");
	end();
	accepted_day = day_parse("2025-10-09");
	made("later", plan, twice_daily);
	page_says(&page, "The prescription was accepted on 9 Oct 2025; the days before "
		"are held against it, too.");
	end();
	accepted_day = DAY_NONE;
}

/* The exercise was another one than asked for: nothing was kept, and it is said. */
static void test_other_exercise(void **state)
{
	(void)state;
	made("other", (struct made_plan){ .days = 40, .per_day = 1, .holds = 1,
		.spotless = true }, "wearer = anna-1\nsides = left, right\n"
		"item lying-strap {\nhold_s = 30\nreps = 1\nper_day = 1\n}\n");
	page_says(&page, "0 of 80");
	page_says(&page, "0 s a day");
	page_says(&page, "of 60 asked for (0 %)");
	page_says(&page, "not asked for");
	page_says(&page, "Not asked for: 80 sessions (lying-towel).");
	end();
	made("leg", (struct made_plan){ .days = 4, .per_day = 1, .holds = 1,
		.spotless = true }, "wearer = anna-1\nsides = left\nslots = morning\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_day = 1\n}\n");
	page_says(&page, "4 of 4");
	page_says(&page, "Not asked for: 4 sessions (lying-towel right).");
	page_silent(&page, "half square");
	end();
}

static void test_undated_only(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct made_session session;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("undated"));
	for (uint32_t i = 1; i <= 9; i++) {
		made_session_init(&session, DAY_NONE, SIDE_LEFT, 60.0 + i);
		session.number = i;
		made_session_write(&session, state_dir, path);
	}
	lay_out(state_dir, twice_daily);
	page_says(&page, "No session has a certain date");
	page_silent(&page, " of 0");
	page_says(&page, "No change beyond the 7\xc2\xb0");
	page_says(&page, "Date not certain in 9 sessions");
	end();
}

/* Slots are drawn in three rows, day by day, for two months at most. */
static void test_longest_by_day(void **state)
{
	(void)state;
	made("sixty", (struct made_plan){ .days = 62, .per_day = 2, .holds = 1 },
		"wearer = anna-1\nsides = left, right\nslots = morning, midday, evening\n"
		"item lying-towel {\nhold_s = 30\nreps = 1\nper_day = 3\n}\n");
	page_says(&page, "midday");
	page_says(&page, "each day");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_day),
		cmocka_unit_test(test_no_session_since),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_one_day),
		cmocka_unit_test(test_two_weeks),
		cmocka_unit_test(test_four_hundred_days),
		cmocka_unit_test(test_rest_day),
		cmocka_unit_test(test_accepted_later),
		cmocka_unit_test(test_other_exercise),
		cmocka_unit_test(test_undated_only),
		cmocka_unit_test(test_longest_by_day),
	};

	return cmocka_run_group_tests(tests, page_set_up, page_tear_down);
}
