/*
 * The report's page of one session by its boxes: nothing beyond the margins, no text cut,
 * no text upon another, and what must be said is there. Widths come from the very font
 * that the page is drawn with.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/made_history.h"
#include "../support/page_rig.h"
#include "stretch/exercise.h"
#include "stretch/feedback.h"
#include "stretch/flags.h"
#include "stretch/hold.h"
#include "stretchctl/report_draw.h"
#include "stretchctl/report_session.h"

static double late_s; /* until then there is no angle */

/*
 * A raise of 200 s, seen every 40 ms; half a minute of it without a reading, a second
 * of a moving pelvis, and a pause so near the end that its word needs room.
 */
static void make_trace(struct report_trace *trace, bool pelvis)
{
	static struct report_moment moments[5000];

	for (size_t i = 0; i < 5000; i++) {
		double t = 0.04 * (double)i, angle = 70.0 * sin(t / 32.0);

		moments[i] = (struct report_moment){ .t_s = (float)t,
			.angle_deg = t < late_s || (t > 120.0 && t < 150.0)
				? NAN : (float)angle,
			.pelvis_deg = pelvis ? (float)(0.28 * angle) : NAN,
			.counting = t >= late_s && angle > 55.0,
			.event = t > 120.0 && t < 150.0 ? TRACE_NO_DATA
				: t > 60.0 && t < 61.0 ? TRACE_PELVIS
				: t > 199.5 ? TRACE_PAUSED : TRACE_NOTHING };
	}
	*trace = (struct report_trace){ .count = 5000, .room = 5000, .moment = moments };
}

static void session_page(struct made_session *session, const char *name, bool curve)
{
	const struct history_choice choice = { .state_dir = temp_path(name),
		.since = DAY_NONE, .until = DAY_NONE, .exercise = -1, .side = -1 };
	struct report_trace trace = { 0 };
	struct problem problem;
	char path[PATH_MAX];

	made_session_write(session, choice.state_dir, path);
	assert_int_equal(history_read(&history, &choice, NULL, &problem), 0);
	if (curve)
		make_trace(&trace, session->mode == MODE_THIGH_PELVIS);
	page_begin();
	report_session_page(&page, &history, &history.sessions[0], &trace,
		"stretchd 0.1.0");
	page_check(&page);
}

static void end_session(void)
{
	page_free(&page);
	history_free(&history);
}

static void test_session_page(void **state)
{
	struct made_session s;

	(void)state;
	made_session_init(&s, day_parse("2025-11-30"), SIDE_RIGHT, (double)NAN);
	s.mode = MODE_THIGH_PELVIS;
	for (int i = 0; i < 26; i++)
		made_hold(&s, 50.0);
	s.hold[1].result = RESULT_SHORT;
	s.hold[1].reason = REASON_BELOW_BAND;
	s.hold[1].angle_mean_deg = s.hold[1].pelvis_share = (double)NAN;
	s.pain_before = 3;
	s.pain_after = 10;
	s.note = "stopped early, my back";
	session_page(&s, "page", true);
	page_says(&page, "lying-towel, right");
	page_says(&page, "30 Nov 2025 07:02");
	page_says(&page, "pain before 3, after 10");
	page_says(&page, "1 done");
	page_says(&page, "short: below the band");
	page_says(&page, "28.0 %");
	page_says(&page, "4 more: see holds.csv");
	page_says(&page, "pelvis moved");
	page_says(&page, "no good data");
	page_says(&page, "paused");
	page_silent(&page, "too fast");
	page_says(&page, "Mean and highest below: hip flexion.");
	page_says(&page, "1:00");
	page_says(&page, "session 1 of anna-1");
	page_says(&page, "Noted: \"stopped early, my back\"");
	page_says(&page, "broken line: tilt of the pelvis");
	page_says(&page, "No diagnosis");
	end_session();
}

static void test_session_page_without_much(void **state)
{
	struct made_session s;

	(void)state;
	made_session_init(&s, DAY_NONE, SIDE_LEFT, 60.0);
	session_page(&s, "bare", false);
	page_says(&page, "date not certain");
	page_says(&page, "no curve");
	page_says(&page, "not measured");
	end_session();
	made_session_init(&s, DAY_NONE, SIDE_LEFT, (double)NAN);
	session_page(&s, "empty", true);
	end_session();
}

/* Seconds without a dose, an angle that nobody claims, a tilt that is the angle. */
static void test_other_kinds(void **state)
{
	struct hold_row *hold;
	struct made_session s;

	(void)state;
	made_session_init(&s, DAY_NONE, SIDE_LEFT, (double)NAN);
	s.exercise = EX_BRIDGE;
	hold = made_hold(&s, (double)NAN);
	hold->prescribed_s = (double)NAN;
	hold->angle_quantity = QUANTITY_NONE;
	hold->hold_s = 3.94;
	session_page(&s, "bridge", true);
	page_says(&page, "3.9 s");
	page_says(&page, "No angle is claimed here, only times: the line shows what the "
		"thigh did.");
	page_silent(&page, "nan");
	/* no confidence in an angle that there is not */
	for (size_t i = 0; i < page.count; i++)
		assert_string_not_equal(page.marks[i].text, "high");
	end_session();
	made_session_init(&s, DAY_NONE, SIDE_LEFT, (double)NAN);
	s.mode = MODE_THIGH_PELVIS;
	s.exercise = EX_STANDING_BEND;
	made_hold(&s, 20.0)->angle_quantity = QUANTITY_PELVIS_TILT_GAIN;
	session_page(&s, "bend", true);
	page_says(&page, "Mean and highest below: forward tilt of the pelvis.");
	page_silent(&page, "broken line");
	end_session();
}

/* What the lamp said, in words; by hand from the table of lamp and flags. */
static void test_events(void **state)
{
	static const struct {
		int32_t state, led;
		uint32_t flags;
		enum trace_event event;
	} cases[] = {
		{ HOLD_COUNTING, LED_COUNT, 0, TRACE_NOTHING },
		/* seen, but the lamp did not say so: no event */
		{ HOLD_COUNTING, LED_COUNT, FLAG_BIT(FLAG_PELVIS_DOUBTFUL),
			TRACE_NOTHING },
		{ HOLD_ENTERING, LED_FIX, 0, TRACE_FAST },
		{ HOLD_COUNTING, LED_FIX, FLAG_BIT(FLAG_BOUNCE), TRACE_BOUNCE },
		{ HOLD_COUNTING, LED_FIX, FLAG_BIT(FLAG_PELVIS_MOVING) |
			FLAG_BIT(FLAG_UNCALIBRATED), TRACE_PELVIS },
		{ HOLD_PAUSED, LED_FIX, FLAG_BIT(FLAG_PAST_CAP), TRACE_PAST_CAP },
		{ HOLD_PAUSED, LED_PAUSE, 0, TRACE_PAUSED },
		{ HOLD_PAUSED, LED_PAUSE, FLAG_BIT(FLAG_ABSENT), TRACE_NO_DATA },
		{ HOLD_FAULT, LED_FAULT, 0, TRACE_NO_DATA },
		{ HOLD_REST, LED_WAIT, 0, TRACE_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct judged_row row = { .state = cases[i].state,
			.led = cases[i].led, .flags = cases[i].flags };

		assert_int_equal(report_trace_event(&row), cases[i].event);
	}
}

/* A minute and a half of straps being learned has no angle: the field begins after. */
static void test_field_begins_with_the_angle(void **state)
{
	struct made_session s;

	(void)state;
	late_s = 95.0;
	made_session_init(&s, DAY_NONE, SIDE_LEFT, 60.0);
	session_page(&s, "late", true);
	page_silent(&page, "1:00");
	page_says(&page, "1:20");
	page_says(&page, "2:00");
	end_session();
	late_s = 0.0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session_page),
		cmocka_unit_test(test_session_page_without_much),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_field_begins_with_the_angle),
	};

	return cmocka_run_group_tests(tests, page_set_up, page_tear_down);
}
