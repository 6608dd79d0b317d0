/*
 * The words for the wearer, of each exercise with one sensor and with two: what must be
 * said and what must not, reasoned from the exercise's position and what is judged there.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "linux/live_row.h"
#include "stretch/session.h"

static struct session_state s;

static void begin(enum exercise_id exercise, enum session_mode mode)
{
	static struct session_inputs in;

	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	in.settings.exercise = (int32_t)exercise;
	in.settings.hold_s = 30.0;
	in.settings.reps = 3;
	in.mode = mode;
	for (int site = 0; site < SITE_COUNT; site++)
		in.calib[site] = calib_none();
	in.reference_from_us = in.reference_to_us = -1;
	in.armed = true;
	assert_null(session_init(&s, &in));
}

static const char *said(enum hold_phase phase, enum led_id id)
{
	s.hold.phase = phase;
	s.feedback.id = id;
	return session_advice(&s);
}

/* The pattern of a phase, as feedback.h has it. */
static const struct {
	enum hold_phase phase;
	enum led_id id;
} shown[] = { { HOLD_READY, LED_GO }, { HOLD_ENTERING, LED_MOVE },
	{ HOLD_COUNTING, LED_COUNT }, { HOLD_PAUSED, LED_PAUSE },
	{ HOLD_COUNTING, LED_FIX }, { HOLD_DONE, LED_DONE }, { HOLD_SHORT, LED_SHORT },
	{ HOLD_REST, LED_WAIT }, { HOLD_CLOSING, LED_WAIT }, { HOLD_RESTRAP, LED_WAIT },
	{ HOLD_FAULT, LED_FAULT } };

/* Not empty, short enough for the row, and nothing that cannot be done here. */
static void every_exercise(void **state)
{
	(void)state;
	for (int e = 0; e < EX_COUNT; e++) {
		enum pose start = exercises[e].start_pose;

		if (exercises[e].judging == JUDGE_REFUSED)
			continue;
		for (int mode = MODE_THIGH; mode <= MODE_THIGH_PELVIS; mode++) {
			begin((enum exercise_id)e, (enum session_mode)mode);
			for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
				const char *text = said(shown[i].phase, shown[i].id);

				assert_true(strlen(text) > 3);
				assert_true(strlen(text) < LIVE_ADVICE_MAX);
				if (s.plan.timed && strstr(text, "band") != NULL)
					fail_msg("%s: %s", exercise_names[e], text);
				if ((start == POSE_STANDING || start == POSE_SITTING) &&
					(strstr(text, "lie ") != NULL ||
						strstr(text, "lower the leg") != NULL))
					fail_msg("%s: %s", exercise_names[e], text);
			}
		}
	}
}

static void words_that_matter(void **state)
{
	(void)state;
	begin(EX_LYING_TOWEL, MODE_THIGH);
	assert_string_equal(said(HOLD_RESTRAP, LED_WAIT), "move the sensor to the other leg");
	assert_string_equal(said(HOLD_REST, LED_WAIT), "lie flat on your back and keep still");
	assert_string_equal(said(HOLD_DONE, LED_DONE), "done: lower the leg");
	assert_string_equal(said(HOLD_IDLE, LED_OFF), "");
	begin(EX_STANDING_BEND, MODE_THIGH_PELVIS);
	assert_string_equal(said(HOLD_DONE, LED_DONE), "done: come up slowly");
	assert_string_equal(said(HOLD_STOPPED, LED_SHORT), "come up slowly and rest");
	assert_string_equal(said(HOLD_CLOSING, LED_WAIT), "stand and keep still");
	assert_string_equal(said(HOLD_READY, LED_GO), "lean forward from the hips, into the band");
	begin(EX_STANDING_BEND, MODE_THIGH); /* time only: it must be said how to begin */
	assert_non_null(strstr(said(HOLD_READY, LED_GO), "press the button"));
}

/* Each thing to mend is told by its name; the pelvis only by a sensor that sees it. */
static void what_to_mend(void **state)
{
	static const struct {
		enum exercise_id exercise;
		enum session_mode mode;
		uint32_t flags;
		const char *word;
	} cases[] = {
		{ EX_LYING_TOWEL, MODE_THIGH, FLAG_BIT(FLAG_PAST_CAP), "lower" },
		{ EX_STANDING_BEND, MODE_THIGH_PELVIS, FLAG_BIT(FLAG_PAST_CAP), "less far" },
		{ EX_LYING_TOWEL, MODE_THIGH, FLAG_BIT(FLAG_BOUNCE), "bounce" },
		{ EX_LYING_TOWEL, MODE_THIGH, FLAG_BIT(FLAG_FAST_ENTRY), "slower" },
		{ EX_LYING_TOWEL, MODE_THIGH, FLAG_BIT(FLAG_OUT_OF_PLANE), "side" },
		{ EX_DOORWAY, MODE_THIGH, FLAG_BIT(FLAG_PUSH_UP), "push up" },
		{ EX_SEATED_LEG, MODE_THIGH, FLAG_BIT(FLAG_KNEE_UP), "thigh" },
		{ EX_LYING_TOWEL, MODE_THIGH, FLAG_BIT(FLAG_PELVIS_MOVING),
			"steady the leg" },
		{ EX_LYING_TOWEL, MODE_THIGH_PELVIS, FLAG_BIT(FLAG_PELVIS_MOVING),
			"tailbone" },
		{ EX_SEATED_LEG, MODE_THIGH_PELVIS, FLAG_BIT(FLAG_PELVIS_MOVING),
			"pelvis forward" },
		/* the cap before all else */
		{ EX_LYING_TOWEL, MODE_THIGH_PELVIS, FLAGS_FIX, "cap" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *text;

		begin(cases[i].exercise, cases[i].mode);
		s.fix_flags = cases[i].flags;
		text = said(HOLD_COUNTING, LED_FIX);
		if (strstr(text, cases[i].word) == NULL)
			fail_msg("case %zu: %s", i, text);
		if (cases[i].mode == MODE_THIGH && strstr(text, "pelvis") != NULL)
			fail_msg("case %zu, one sensor: %s", i, text);
		assert_true(strlen(text) < LIVE_ADVICE_MAX);
	}
	/* in the band without an entry, to go on into it would lead nowhere */
	begin(EX_LYING_TOWEL, MODE_THIGH);
	s.hold.warned_in_band = true;
	assert_non_null(strstr(said(HOLD_READY, LED_GO), "first lower the leg"));
	begin(EX_SEATED_LEG, MODE_THIGH_PELVIS);
	s.hold.warned_in_band = true;
	assert_non_null(strstr(said(HOLD_READY, LED_GO), "first back"));
	/* who bends the back alone does not know what is missing */
	s.hold.warned_in_band = false;
	s.hold.since_us = 5000000;
	s.t_us = 25000000;
	assert_null(strstr(said(HOLD_READY, LED_GO), "rounded"));
	s.t_us++;
	assert_non_null(strstr(said(HOLD_READY, LED_GO), "rounded back"));
	assert_true(strlen(said(HOLD_READY, LED_GO)) < LIVE_ADVICE_MAX);
}

/* A timed hold has no band to be below of, whatever the exercise's table has. */
static void timed_has_no_band(void **state)
{
	static struct session_inputs in;
	struct session_output out;
	struct sample sample = { .t_us = 0 };

	(void)state;
	for (int mode = MODE_THIGH; mode <= MODE_THIGH_PELVIS; mode++) {
		begin(EX_SEATED_LEG, (enum session_mode)mode);
		assert_int_equal(isnan(s.plan.band_low_deg) && isnan(s.plan.band_high_deg),
			s.plan.timed);
		settings_default(&in.settings);
		in.settings.exercise = EX_SEATED_LEG;
		in.mode = (enum session_mode)mode;
		session_step(&s, &in, &sample, &out);
		assert_int_equal(out.band_low_deg < out.band_high_deg,
			mode == MODE_THIGH_PELVIS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_exercise),
		cmocka_unit_test(words_that_matter),
		cmocka_unit_test(what_to_mend),
		cmocka_unit_test(timed_has_no_band),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
