/*
 * The programme of a prescription: its steps in order, each in the settings, its minutes.
 * Expected values are worked out by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/prescription.h"

#define BLANK PRESCRIPTION_BLANK

static void same(double a, double b)
{
	if (isnan(a) || isnan(b))
		assert_true(isnan(a) && isnan(b));
	else
		assert_true(fabs(a - b) < 1e-9);
}

/* Towel on both legs, doorway on the right in the evening, bend (one session). */
static void three_items(struct prescription *p)
{
	const struct prescription_list right = { 1, { SIDE_RIGHT } };
	const struct prescription_list evening = { 1, { SLOT_EVENING } };

	prescription_init(p);
	(void)prescription_put_label(p, "anna-1");
	prescription_add(p, EX_LYING_TOWEL);
	prescription_add(p, EX_DOORWAY);
	prescription_put_number(p, 1, KEY_REPS, 4);
	prescription_put_list(p, 1, KEY_SIDES, &right);
	prescription_put_list(p, 1, KEY_SLOTS, &evening);
	prescription_add(p, EX_STANDING_BEND);
	prescription_complete(p);
}

struct expected_step {
	enum exercise_id exercise;
	enum side side;
	bool restrap;
};

static void steps_are(const struct prescription *p, int32_t slot,
	const struct expected_step *expected, int32_t count)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];

	assert_int_equal(prescription_expand(p, slot, steps), count);
	for (int32_t i = 0; i < count; i++) {
		assert_int_equal(steps[i].exercise, expected[i].exercise);
		assert_int_equal(steps[i].side, expected[i].side);
		assert_int_equal(steps[i].restrap, expected[i].restrap);
	}
}

static void programme_in_order(void **state)
{
	static const struct expected_step by_item[] = {
		{ EX_LYING_TOWEL, SIDE_LEFT, false },
		{ EX_LYING_TOWEL, SIDE_RIGHT, true },
		{ EX_DOORWAY, SIDE_RIGHT, false },
		{ EX_STANDING_BEND, SIDE_LEFT, true },
	};
	static const struct expected_step by_side[] = {
		{ EX_LYING_TOWEL, SIDE_LEFT, false },
		{ EX_STANDING_BEND, SIDE_LEFT, false },
		{ EX_LYING_TOWEL, SIDE_RIGHT, true },
		{ EX_DOORWAY, SIDE_RIGHT, false },
	};
	static const struct expected_step morning[] = {
		{ EX_LYING_TOWEL, SIDE_LEFT, false },
		{ EX_LYING_TOWEL, SIDE_RIGHT, true },
		{ EX_STANDING_BEND, SIDE_LEFT, true },
	};
	struct prescription p;

	(void)state;
	three_items(&p);
	steps_are(&p, PRESCRIPTION_ANY_SLOT, by_item, 4);
	steps_are(&p, SLOT_EVENING, by_item, 4);
	steps_are(&p, SLOT_MORNING, morning, 3);
	p.order = ORDER_SIDE;
	steps_are(&p, PRESCRIPTION_ANY_SLOT, by_side, 4);
	/* a side that only items name is not forgotten */
	p.common.sides = (struct prescription_list){ 1, { SIDE_LEFT } };
	steps_are(&p, PRESCRIPTION_ANY_SLOT, by_side, 4);
}

static void a_step_in_the_settings(void **state)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	struct settings s, before;
	struct prescription p;

	(void)state;
	three_items(&p);
	p.items[1].target_lo_deg = 50;
	p.items[1].cap_deg = 80;
	p.items[1].rest_s = 7;
	p.items[1].other_leg = OTHER_STRAIGHT;
	p.sensors = 2;
	assert_int_equal(prescription_expand(&p, PRESCRIPTION_ANY_SLOT, steps), 4);
	settings_default(&s);
	s.over_cap_deg = 3; /* not the prescription's */
	assert_int_equal(prescription_apply(&p, &steps[2], &s), 0);
	assert_string_equal(s.wearer, "anna-1");
	assert_int_equal(s.exercise, EX_DOORWAY);
	assert_int_equal(s.side, SIDE_RIGHT);
	assert_int_equal(s.other_leg, OTHER_STRAIGHT);
	same(s.hold_s, 10);
	assert_int_equal(s.reps, 4);
	same(s.rest_s, 7);
	same(s.target_lo_deg, 50);
	same(s.cap_deg, 80);
	assert_int_equal(s.pelvis, 1);
	same(s.over_cap_deg, 3);
	/* the next step must not keep the last one's band */
	p.sensors = BLANK;
	assert_int_equal(prescription_apply(&p, &steps[0], &s), 0);
	same(s.cap_deg, NAN);
	same(s.target_lo_deg, NAN);
	assert_int_equal(s.pelvis, 1); /* as it was */
	before = s;
	steps[0].hold_s = NAN;
	assert_int_equal(prescription_apply(&p, &steps[0], &s), -1);
	steps[0].hold_s = 30;
	steps[0].reps = 0; /* would mean "as the leaflet says" to the settings */
	assert_int_equal(prescription_apply(&p, &steps[0], &s), -1);
	assert_memory_equal(&s, &before, sizeof(s));
	steps[1].exercise = EX_BRIDGE; /* counted: no hold time is needed */
	steps[1].hold_s = NAN;
	assert_int_equal(prescription_apply(&p, &steps[1], &s), 0);
}

static void minutes(void **state)
{
	struct prescription_time time;
	struct prescription p;

	(void)state;
	/* towel: 2 legs x 1 x 30 s x 2 a day = 120 s, no rest within one hold;
	 * doorway: 1 leg x 4 x 10 s = 40 s, 3 rests of 10 s; bend: 30 s x 2 = 60 s */
	three_items(&p);
	time = prescription_time(&p);
	same(time.stretch_day_s, 220);
	same(time.total_day_s, 250);
	same(time.stretch_week_s, 0);
	assert_false(time.open);
	p.items[0].per_day = BLANK;
	p.items[0].per_week = 3; /* 3 x 60 s */
	p.items[0].reps = 2; /* now 3 x 120 s, and 3 x 2 legs x 1 rest of 10 s */
	time = prescription_time(&p);
	same(time.stretch_day_s, 100);
	same(time.stretch_week_s, 360);
	same(time.total_week_s, 420);
	p.items[1].reps = BLANK;
	time = prescription_time(&p);
	same(time.stretch_day_s, 60);
	assert_true(time.open);
}

static void settings_as_a_prescription(void **state)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	struct settings s, back;
	struct prescription p;

	(void)state;
	settings_default(&s);
	s.side = SIDE_RIGHT;
	s.cap_deg = 70;
	s.reps = 3;
	prescription_from_settings(&p, &s);
	assert_int_equal(prescription_expand(&p, PRESCRIPTION_ANY_SLOT, steps), 1);
	settings_default(&back);
	assert_int_equal(prescription_apply(&p, &steps[0], &back), 0);
	assert_int_equal(back.side, SIDE_RIGHT);
	assert_int_equal(back.reps, 3);
	same(back.cap_deg, 70);
	same(back.hold_s, 30); /* what the settings left to the leaflet */
}

/* The hours of the README: morning from 4, midday from 11, evening from 16. */
static void slot_of_an_hour(void **state)
{
	(void)state;
	assert_int_equal(prescription_slot(0), SLOT_EVENING);
	assert_int_equal(prescription_slot(3), SLOT_EVENING);
	assert_int_equal(prescription_slot(4), SLOT_MORNING);
	assert_int_equal(prescription_slot(10), SLOT_MORNING);
	assert_int_equal(prescription_slot(11), SLOT_MIDDAY);
	assert_int_equal(prescription_slot(15), SLOT_MIDDAY);
	assert_int_equal(prescription_slot(16), SLOT_EVENING);
	assert_int_equal(prescription_slot(23), SLOT_EVENING);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(programme_in_order),
		cmocka_unit_test(a_step_in_the_settings),
		cmocka_unit_test(slot_of_an_hour),
		cmocka_unit_test(minutes),
		cmocka_unit_test(settings_as_a_prescription),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
