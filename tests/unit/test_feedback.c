/*
 * LED ids: what is shown in each state, and how long; soft ticks. Expected values: the
 * table of the product.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/feedback.h"
#include "../support/judge.h"

#define DT_US 10000

struct show {
	struct feedback_state state;
	struct settings settings;
	struct hold_output hold;
	struct feedback_input in;
	int64_t t_us;
};

static void show_init(struct show *s)
{
	memset(s, 0, sizeof *s);
	settings_default(&s->settings);
	s->in.hold = &s->hold;
	s->in.prescribed_s = 30.0;
	feedback_init(&s->state, 0);
}

/* One sample in that phase; the id it shows. */
static enum led_id shown(struct show *s, enum hold_phase phase)
{
	enum led_id id;

	s->hold.phase = phase;
	s->in.hold = &s->hold;
	s->in.t_us = s->t_us;
	id = feedback_step(&s->state, &s->settings, &s->in);
	s->t_us += DT_US;
	assert_int_equal(id, s->state.id);
	return id;
}

static enum led_id shown_for(struct show *s, enum hold_phase phase, double seconds)
{
	enum led_id id = LED_OFF;

	for (int i = 0; i < (int)lround(seconds * 1e6 / DT_US); i++)
		id = shown(s, phase);
	return id;
}

static void test_id_of_each_state(void **state)
{
	static const struct {
		enum hold_phase phase;
		enum led_id id;
		int32_t blinks;
	} rule[HOLD_PHASE_COUNT] = {
		{ HOLD_IDLE, LED_OFF, 0 },
		{ HOLD_NEED_REFERENCE, LED_WAIT, 1 },
		{ HOLD_READY, LED_GO, 0 },
		{ HOLD_ENTERING, LED_MOVE, 0 },
		{ HOLD_COUNTING, LED_COUNT, 0 },
		{ HOLD_PAUSED, LED_PAUSE, 0 },
		{ HOLD_DONE, LED_DONE, 0 },
		{ HOLD_SHORT, LED_SHORT, 0 },
		{ HOLD_OVER, LED_SHORT, 0 },
		{ HOLD_STOPPED, LED_SHORT, 0 },
		{ HOLD_REST, LED_WAIT, 1 },
		{ HOLD_RESTRAP, LED_WAIT, 2 },
		{ HOLD_CLOSING, LED_WAIT, 3 },
		{ HOLD_FAULT, LED_FAULT, 0 },
	};

	(void)state;
	for (int i = 0; i < HOLD_PHASE_COUNT; i++) {
		struct show s;

		show_init(&s);
		assert_int_equal(shown(&s, rule[i].phase), rule[i].id);
		if (rule[i].blinks > 0)
			assert_int_equal(s.state.blinks, rule[i].blinks);
	}
}

static void test_fix(void **state)
{
	static const enum hold_phase holding[] = { HOLD_ENTERING, HOLD_COUNTING,
		HOLD_PAUSED };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct show s;

		/* told by the hold: too fast, bounce, past the cap, knee up */
		show_init(&s);
		shown_for(&s, holding[i], 1.0);
		s.hold.fix = true;
		assert_int_equal(shown(&s, holding[i]), LED_FIX);
		s.hold.fix = false;
		assert_int_not_equal(shown_for(&s, holding[i], 0.7), LED_FIX);
		/* pelvis or leg moving; doubtful is no alarm */
		s.in.pelvis = PELVIS_MOVING;
		assert_int_equal(shown(&s, holding[i]), LED_FIX);
		s.in.pelvis = PELVIS_DOUBTFUL;
		assert_int_not_equal(shown_for(&s, holding[i], 0.7), LED_FIX);
		s.in.pelvis = PELVIS_QUIET;
		assert_int_not_equal(shown(&s, holding[i]), LED_FIX);
		/* doubtful data */
		s.in.doubtful_data = true;
		assert_int_equal(shown(&s, holding[i]), LED_FIX);
	}
	{
		struct show s;

		/* outside a hold there is nothing to mend */
		show_init(&s);
		s.hold.fix = true;
		s.in.pelvis = PELVIS_MOVING;
		s.in.doubtful_data = true;
		assert_int_equal(shown(&s, HOLD_READY), LED_GO);
		assert_int_equal(shown(&s, HOLD_REST), LED_WAIT);
		assert_int_equal(shown(&s, HOLD_STOPPED), LED_SHORT);
	}
}

/*
 * Three pulses of 0.5 s, 0.25 s between: 2.25 s, twice that for a set. The leg
 * comes down at once, and the pattern is seen to its end; what is to be told of
 * the next hold goes before.
 */
static void test_done_is_played_to_its_end(void **state)
{
	(void)state;
	for (int set = 0; set < 2; set++) {
		double length_s = set ? 4.5 : 2.25;
		struct show s;

		show_init(&s);
		s.in.set_done = set != 0;
		assert_int_equal(shown(&s, HOLD_DONE), LED_DONE);
		s.in.set_done = false; /* the next one counts by itself */
		assert_int_equal(shown_for(&s, HOLD_REST, length_s - 0.1), LED_DONE);
		assert_true(s.state.set_done == (set != 0));
		assert_int_equal(shown_for(&s, HOLD_CLOSING, 0.2), LED_WAIT);
		assert_int_equal(s.state.blinks, 3);
	}
	{
		struct show s;

		show_init(&s);
		shown(&s, HOLD_DONE);
		assert_int_equal(shown(&s, HOLD_ENTERING), LED_MOVE);
		shown(&s, HOLD_DONE);
		assert_int_equal(shown(&s, HOLD_FAULT), LED_FAULT);
		shown(&s, HOLD_DONE);
		assert_int_equal(shown(&s, HOLD_OVER), LED_SHORT);
	}
}

/* A hold goes on although nothing can be written; before and after, fault. */
static void test_storage_trouble(void **state)
{
	struct show s;

	(void)state;
	show_init(&s);
	s.in.storage_fault = true;
	assert_int_equal(shown(&s, HOLD_IDLE), LED_FAULT);
	assert_int_equal(shown(&s, HOLD_NEED_REFERENCE), LED_FAULT);
	assert_int_equal(shown(&s, HOLD_READY), LED_FAULT);
	assert_int_equal(shown(&s, HOLD_ENTERING), LED_MOVE);
	assert_int_equal(shown(&s, HOLD_COUNTING), LED_COUNT);
	assert_int_equal(shown_for(&s, HOLD_DONE, 3.0), LED_DONE);
	assert_int_equal(shown(&s, HOLD_REST), LED_FAULT);
	s.in.storage_fault = false;
	assert_int_equal(shown(&s, HOLD_REST), LED_WAIT);
}

/* breath_s 4: at 4, 8, 12 counted seconds, and anew in the next hold. */
static void test_breath_ticks(void **state)
{
	(void)state;
	for (int blank = 0; blank < 2; blank++) {
		struct show s;
		int ticks = 0;

		show_init(&s);
		s.settings.breath_s = blank ? (double)NAN : 4.0;
		for (int hold = 0; hold < 2; hold++) {
			shown(&s, HOLD_ENTERING);
			for (int i = 1; i <= 1300; i++) { /* 13 s of 30 */
				int64_t before_us = s.state.tick_us;

				s.in.counted_s = i * 0.01;
				shown(&s, HOLD_COUNTING);
				if (i > 10 && s.state.tick_us != before_us) {
					assert_true(i % 400 <= 1);
					ticks++;
				}
			}
			shown(&s, HOLD_REST);
		}
		assert_int_equal(ticks, blank ? 0 : 6);
	}
}

/* A repetition has no time to reach: a tick when it begins, no other. */
static void test_a_repetition_ticks_once(void **state)
{
	struct show s;
	int ticks = 0;

	(void)state;
	show_init(&s);
	s.in.prescribed_s = (double)NAN;
	for (int rep = 0; rep < 3; rep++) {
		shown(&s, HOLD_READY);
		for (int i = 1; i <= 400; i++) {
			int64_t before_us = s.state.tick_us;

			s.hold.hold_begun = i == 1;
			s.in.counted_s = i * 0.01;
			shown(&s, HOLD_COUNTING);
			ticks += s.state.tick_us != before_us;
			assert_true(i == 1 || s.state.tick_us == before_us);
		}
	}
	assert_int_equal(ticks, 3);
}

static void test_count_leaves_late(void **state)
{
	struct show s;
	int64_t left_us;

	(void)state;
	show_init(&s);
	shown_for(&s, HOLD_ENTERING, 1.0);
	/* count comes at once */
	assert_int_equal(shown(&s, HOLD_COUNTING), LED_COUNT);
	shown_for(&s, HOLD_COUNTING, 1.0);
	/* and stays 0.3 s of a pause */
	left_us = s.t_us;
	while (shown(&s, HOLD_PAUSED) == LED_COUNT)
		assert_true(s.t_us < left_us + 1000000);
	assert_int_equal(s.state.id, LED_PAUSE);
	assert_int_equal(s.state.since_us - left_us, 300000);
	/* pause goes at once */
	assert_int_equal(shown(&s, HOLD_COUNTING), LED_COUNT);
	/* a pause of 0.2 s is not seen, however often it comes */
	for (int i = 0; i < 20; i++) {
		assert_int_equal(shown_for(&s, HOLD_PAUSED, 0.2), LED_COUNT);
		assert_int_equal(shown_for(&s, HOLD_COUNTING, 0.1), LED_COUNT);
	}
	/* nothing else waits */
	shown(&s, HOLD_PAUSED);
	assert_int_equal(shown(&s, HOLD_SHORT), LED_SHORT);
	assert_int_equal(shown(&s, HOLD_REST), LED_WAIT);
	shown_for(&s, HOLD_COUNTING, 1.0);
	assert_int_equal(shown(&s, HOLD_DONE), LED_DONE);
	shown_for(&s, HOLD_COUNTING, 1.0);
	s.hold.fix = true;
	assert_int_equal(shown(&s, HOLD_PAUSED), LED_FIX);
	/* and after `fix` a pause is a pause: no green that counts nothing */
	s.hold.fix = false;
	assert_int_equal(shown_for(&s, HOLD_PAUSED, 0.65), LED_PAUSE);
}

/* One double blink takes 150 + 350 + 150 ms; reasons that come and go add 0.3 s. */
static void test_fix_does_not_flicker(void **state)
{
	struct show s;
	int64_t from_us;

	(void)state;
	show_init(&s);
	shown_for(&s, HOLD_COUNTING, 1.0);
	s.hold.fix = true;
	from_us = s.t_us;
	assert_int_equal(shown(&s, HOLD_COUNTING), LED_FIX);
	s.hold.fix = false;
	while (shown(&s, HOLD_COUNTING) == LED_FIX)
		assert_true(s.t_us < from_us + 2000000);
	assert_int_equal(s.state.id, LED_COUNT);
	assert_int_equal(s.state.since_us - from_us, 650000);

	/* noise at the cap: past it in every second sample, for 3 s */
	from_us = s.t_us;
	for (int i = 0; i < 300; i++) {
		s.hold.fix = i % 2 == 0;
		assert_int_equal(shown(&s, s.hold.fix ? HOLD_PAUSED : HOLD_COUNTING),
			LED_FIX);
	}
	assert_int_equal(s.state.since_us, from_us);
	s.hold.fix = false;
	assert_int_equal(shown_for(&s, HOLD_COUNTING, 0.25), LED_FIX);
	assert_int_equal(shown_for(&s, HOLD_COUNTING, 0.06), LED_COUNT);

	/* nor at the cap of a raise from which the straps are learned */
	for (int i = 0; i < 300; i++) {
		s.hold.fix = i % 2 == 0;
		assert_int_equal(shown(&s, HOLD_NEED_REFERENCE), LED_FIX);
	}
	s.hold.fix = false;
	assert_int_equal(shown_for(&s, HOLD_NEED_REFERENCE, 0.31), LED_WAIT);

	/* the end of the hold does not wait */
	s.hold.fix = true;
	shown(&s, HOLD_PAUSED);
	s.hold.fix = false;
	assert_int_equal(shown(&s, HOLD_OVER), LED_SHORT);
}

/* Counts a hold of that length; the counted seconds at which a tick began. */
static int ticks_of(double prescribed_s, double *at_s, int max)
{
	struct show s;
	int n = 0;
	bool before = false;

	show_init(&s);
	s.in.prescribed_s = prescribed_s;
	shown_for(&s, HOLD_READY, 1.0);
	shown_for(&s, HOLD_ENTERING, 3.0);
	for (int i = 0; i * 1e-6 * DT_US < prescribed_s; i++) {
		bool on;

		s.in.counted_s = i * 1e-6 * DT_US;
		shown(&s, HOLD_COUNTING);
		on = feedback_lamp(&s.state, s.in.t_us, false).buzzer;
		if (on && !before && n < max)
			at_s[n++] = s.in.counted_s;
		before = on;
	}
	return n;
}

static void test_soft_ticks(void **state)
{
	static const double thirty[] = { 0, 15, 27, 28, 29 };
	static const double ten[] = { 0, 5, 7, 8, 9 };
	double at_s[16];

	(void)state;
	assert_int_equal(ticks_of(30.0, at_s, 16), 5);
	for (int i = 0; i < 5; i++)
		assert_close(at_s[i], thirty[i], 0.011);
	assert_int_equal(ticks_of(10.0, at_s, 16), 5);
	for (int i = 0; i < 5; i++)
		assert_close(at_s[i], ten[i], 0.011);
}

static void test_ticks_are_not_repeated(void **state)
{
	struct show s;
	int64_t tick_us;

	(void)state;
	/* pausing and going on is not a new start */
	show_init(&s);
	shown(&s, HOLD_ENTERING);
	s.in.counted_s = 1.5;
	shown(&s, HOLD_COUNTING);
	tick_us = s.state.tick_us;
	assert_int_equal(tick_us, s.in.t_us);
	shown_for(&s, HOLD_PAUSED, 1.0);
	s.in.counted_s = 2.0;
	shown_for(&s, HOLD_COUNTING, 1.0);
	assert_int_equal(s.state.tick_us, tick_us);
	/* the next hold is */
	shown_for(&s, HOLD_REST, 1.0);
	shown_for(&s, HOLD_READY, 1.0);
	shown(&s, HOLD_ENTERING);
	s.in.counted_s = 0.01;
	shown(&s, HOLD_COUNTING);
	assert_int_equal(s.state.tick_us, s.in.t_us);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id_of_each_state),
		cmocka_unit_test(test_fix),
		cmocka_unit_test(test_done_is_played_to_its_end),
		cmocka_unit_test(test_storage_trouble),
		cmocka_unit_test(test_breath_ticks),
		cmocka_unit_test(test_a_repetition_ticks_once),
		cmocka_unit_test(test_count_leaves_late),
		cmocka_unit_test(test_fix_does_not_flicker),
		cmocka_unit_test(test_soft_ticks),
		cmocka_unit_test(test_ticks_are_not_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
