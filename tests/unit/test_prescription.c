/*
 * The prescription without its file: doses of the leaflets, what is blank, what is wrong
 * together, the safety text. Expected values are worked out by hand from the leaflets and
 * the rules in the headers.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/prescription.h"

#define BLANK PRESCRIPTION_BLANK

/* What was found, "item key" in a row; the texts are looked at one by one. */
struct findings {
	int count;
	int32_t item[64];
	enum prescription_key_id key[64];
	const char *wrong[64];
};

static void note(void *context, int32_t item, enum prescription_key_id key,
	const char *wrong, const char *advice)
{
	struct findings *f = context;

	assert_true(f->count < 64);
	assert_true(strlen(wrong) > 0 && strlen(advice) > 0);
	f->item[f->count] = item;
	f->key[f->count] = key;
	f->wrong[f->count++] = wrong;
}

/* A prescription of one complete item, to be made wrong. */
static struct prescription_item *one_item(struct prescription *p,
	enum exercise_id exercise)
{
	prescription_init(p);
	assert_null(prescription_put_label(p, "anna-1"));
	assert_int_equal(prescription_add(p, exercise), 0);
	assert_int_equal(prescription_put_number(p, 0, KEY_HOLD_S, 30), 0);
	assert_int_equal(prescription_put_number(p, 0, KEY_REPS, 2), 0);
	assert_int_equal(prescription_put_number(p, 0, KEY_PER_DAY, 1), 0);
	prescription_complete(p);
	return &p->items[0];
}

static void same(double a, double b)
{
	if (isnan(a) || isnan(b))
		assert_true(isnan(a) && isnan(b));
	else
		assert_true(fabs(a - b) < 1e-9);
}

/* Every dose goes into the settings, so its range must lie inside theirs. */
static void the_table(void **state)
{
	const enum prescription_key_id doses[] = { KEY_HOLD_S, KEY_REPS, KEY_REST_S,
		KEY_TARGET_LO_DEG, KEY_CAP_DEG };

	(void)state;
	for (int i = 0; i < KEY_COUNT; i++) {
		const struct prescription_key *key = &prescription_keys[i];

		assert_true(strlen(key->help) <= 60 && key->unit != NULL);
		assert_int_equal(prescription_key_find(key->key), i);
	}
	assert_int_equal(prescription_key_find("hold"), KEY_COUNT);
	for (size_t i = 0; i < sizeof(doses) / sizeof(doses[0]); i++) {
		const struct prescription_key *key = &prescription_keys[doses[i]];
		const struct setting *setting = setting_find(key->key);

		assert_non_null(setting);
		assert_true(key->min >= setting->min && key->max <= setting->max);
	}
}

/* Leaflets 000 to 004, as the exercise table of the product has them. */
static void doses_of_the_leaflets(void **state)
{
	static const struct {
		enum exercise_id exercise;
		double hold_s;
		int reps, per_day, sides;
	} rows[] = {
		{ EX_LYING_TOWEL, 30, 1, 2, 2 },
		{ EX_LYING_HANDS, (double)NAN, BLANK, BLANK, 2 },
		{ EX_LYING_STRAP, (double)NAN, BLANK, BLANK, 2 },
		{ EX_DOORWAY, 10, BLANK, 1, 2 },
		{ EX_SEATED_LEG, 30, 1, 2, 2 },
		{ EX_SEATED_BUTTERFLY, 30, 1, BLANK, 2 },
		{ EX_STANDING_BEND, 30, 1, 2, 1 },
		{ EX_STANDING_WIDE, 30, 1, BLANK, 1 },
		{ EX_TOE_TOUCH, (double)NAN, BLANK, BLANK, 1 },
		{ EX_ALTERNATE_BEND, 30, 1, BLANK, 2 },
		{ EX_SINGLE_LEG_DEADLIFT, (double)NAN, BLANK, BLANK, 2 },
		{ EX_DEADLIFT, (double)NAN, BLANK, BLANK, 1 },
		{ EX_BRIDGE, (double)NAN, BLANK, BLANK, 1 },
		{ EX_DONKEY_KICK, (double)NAN, BLANK, BLANK, 2 },
		{ EX_SIDE_KICK, (double)NAN, BLANK, BLANK, 2 },
		{ EX_LATERAL_WALK, (double)NAN, BLANK, BLANK, 2 },
	};
	struct prescription p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct prescription_item *item = &p.items[0];

		prescription_init(&p);
		prescription_add(&p, rows[i].exercise);
		prescription_complete(&p);
		same(item->hold_s, rows[i].hold_s);
		assert_int_equal(item->reps, rows[i].reps);
		assert_int_equal(item->per_day, rows[i].per_day);
		assert_int_equal(item->per_week, BLANK);
		assert_int_equal(item->sides.count, rows[i].sides);
		assert_int_equal(item->slots.count, 0);
		same(item->rest_s, 10);
		same(item->cap_deg, NAN);
		assert_int_equal((item->from_leaflet >> KEY_HOLD_S) & 1u,
			!isnan(rows[i].hold_s));
	}
}

/* Left out: the leaflet's. Written blank: blank, and never a number again. */
static void a_blank_gets_no_number(void **state)
{
	const enum prescription_key_id keys[] = { KEY_HOLD_S, KEY_REPS, KEY_PER_DAY,
		KEY_REST_S, KEY_OTHER_LEG };
	const struct prescription_list none = { 0 };
	struct findings f = { 0 };
	struct prescription p;

	(void)state;
	prescription_init(&p);
	assert_null(prescription_put_label(&p, "anna-1"));
	assert_int_equal(prescription_put_number(&p, PRESCRIPTION_FILE, KEY_REST_S, 20),
		0);
	prescription_add(&p, EX_LYING_TOWEL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_int_equal(prescription_put_number(&p, 0, keys[i], NAN), 0);
	assert_int_equal(prescription_put_list(&p, 0, KEY_SIDES, &none), 0);
	prescription_complete(&p);
	assert_int_equal(p.items[0].from_leaflet, 0);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_true(prescription_blank(&p, 0, keys[i]));
	assert_int_equal(prescription_blanks(&p, note, &f), 6);
	for (int i = 0; i < 6; i++)
		assert_string_equal(f.wrong[i], "it is left blank");
	assert_int_equal(prescription_conflicts(&p, note, &f), 0);
}

static void what_must_be_filled_in(void **state)
{
	struct findings f = { 0 };
	struct prescription p;

	(void)state;
	prescription_init(&p); /* no wearer */
	prescription_add(&p, EX_LYING_HANDS);
	prescription_add(&p, EX_BRIDGE); /* counted: no hold time is wanted */
	prescription_put_number(&p, 1, KEY_PER_WEEK, NAN);
	prescription_add(&p, EX_TOE_TOUCH);
	prescription_put_number(&p, 2, KEY_PER_WEEK, 3); /* so no per_day */
	prescription_complete(&p);
	assert_int_equal(prescription_blanks(&p, note, &f), 8);
	assert_int_equal(f.item[0], PRESCRIPTION_FILE);
	assert_int_equal(f.key[0], KEY_WEARER);
	assert_int_equal(f.key[1], KEY_HOLD_S);
	assert_int_equal(f.key[2], KEY_REPS);
	assert_int_equal(f.key[3], KEY_PER_DAY);
	assert_string_equal(f.wrong[3], "the leaflet does not say how often");
	assert_int_equal(f.item[4], 1);
	assert_int_equal(f.key[4], KEY_REPS);
	assert_int_equal(f.key[5], KEY_PER_WEEK); /* the one that was written */
	assert_string_equal(f.wrong[5], "it is left blank");
	assert_int_equal(f.item[6], 2);
	assert_int_equal(f.key[6], KEY_HOLD_S);
	assert_int_equal(f.key[7], KEY_REPS);
	/* of one that is refused nothing more is asked */
	prescription_init(&p);
	assert_null(prescription_put_label(&p, "anna-1"));
	prescription_add(&p, EX_WALL_STAND);
	prescription_complete(&p);
	assert_int_equal(prescription_blanks(&p, note, &f), 0);
}

static void own_value_then_the_files(void **state)
{
	const struct prescription_list right = { 1, { SIDE_RIGHT } };
	const struct prescription_list right_left = { 2, { SIDE_RIGHT, SIDE_LEFT } };
	struct prescription p;

	(void)state;
	prescription_init(&p);
	prescription_put_number(&p, PRESCRIPTION_FILE, KEY_REST_S, 25);
	prescription_put_number(&p, PRESCRIPTION_FILE, KEY_OTHER_LEG, OTHER_STRAIGHT);
	prescription_put_list(&p, PRESCRIPTION_FILE, KEY_SIDES, &right_left);
	prescription_add(&p, EX_LYING_TOWEL);
	prescription_add(&p, EX_SEATED_LEG);
	prescription_put_number(&p, 1, KEY_REST_S, 5);
	prescription_put_list(&p, 1, KEY_SIDES, &right);
	prescription_put_number(&p, 1, KEY_PER_WEEK, 3);
	prescription_add(&p, EX_STANDING_BEND);
	prescription_complete(&p);
	same(p.items[0].rest_s, 25);
	same(p.items[1].rest_s, 5);
	assert_int_equal(p.items[0].other_leg, OTHER_STRAIGHT);
	assert_int_equal(p.items[0].sides.count, 2);
	assert_int_equal(p.items[0].sides.at[0], SIDE_RIGHT);
	assert_int_equal(p.items[1].sides.count, 1);
	assert_int_equal(p.items[1].per_day, BLANK); /* not the leaflet's 2 as well */
	assert_int_equal(p.items[2].sides.count, 1); /* both legs at once: one session */
	assert_int_equal(p.items[2].sides.at[0], SIDE_RIGHT);
}

static void values_out_of_range(void **state)
{
	const struct prescription_list twice = { 2, { SIDE_LEFT, SIDE_LEFT } };
	const struct prescription_list unknown = { 1, { SIDE_COUNT } };
	struct prescription p, before;

	(void)state;
	one_item(&p, EX_LYING_TOWEL);
	before = p;
	assert_int_equal(prescription_put_number(&p, 0, KEY_HOLD_S, 2.9), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_HOLD_S, 120.5), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_HOLD_S, INFINITY), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_REPS, 0), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_REPS, 1.5), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_REPS, 51), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_CAP_DEG, 14), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_CAP_DEG, 151), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_OTHER_LEG, OTHER_COUNT), -1);
	assert_int_equal(prescription_put_number(&p, 0, KEY_SIDES, 1), -1);
	assert_int_equal(prescription_put_number(&p, -1, KEY_WARM_UP, 2), -1);
	assert_int_equal(prescription_put_list(&p, 0, KEY_SIDES, &twice), -1);
	assert_int_equal(prescription_put_list(&p, 0, KEY_SIDES, &unknown), -1);
	assert_int_equal(prescription_put_list(&p, 0, KEY_HOLD_S, &twice), -1);
	assert_non_null(prescription_put_label(&p, "../x"));
	assert_memory_equal(&p, &before, sizeof(p));
	for (int i = 1; i < PRESCRIPTION_ITEMS_MAX; i++)
		assert_int_equal(prescription_add(&p, EX_DOORWAY), i);
	assert_int_equal(prescription_add(&p, EX_DOORWAY), -1);
}

/* Exactly this one conflict, at this key of item 0. */
static void one_conflict(const struct prescription *p, enum prescription_key_id key)
{
	struct findings f = { 0 };

	assert_int_equal(prescription_conflicts(p, note, &f), 1);
	assert_int_equal(f.item[0], p->count == 0 ? PRESCRIPTION_FILE : p->count - 1);
	assert_int_equal(f.key[0], key);
}

static void wrong_together(void **state)
{
	const struct prescription_list two = { 2, { SLOT_MORNING, SLOT_EVENING } };
	struct prescription_item *item;
	struct prescription p;

	(void)state;
	prescription_init(&p);
	one_conflict(&p, KEY_COUNT); /* nothing in it */
	item = one_item(&p, EX_WALL_STAND);
	one_conflict(&p, KEY_COUNT);
	item = one_item(&p, EX_LYING_TOWEL);
	item->per_week = 3;
	one_conflict(&p, KEY_PER_WEEK);
	item = one_item(&p, EX_LYING_TOWEL);
	item->slots = two; /* twice, but per_day is 1 */
	one_conflict(&p, KEY_SLOTS);
	item->per_day = 2;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	item->per_day = BLANK;
	item->per_week = 2;
	one_conflict(&p, KEY_SLOTS);
	item = one_item(&p, EX_LYING_TOWEL);
	item->target_lo_deg = item->cap_deg = 60;
	one_conflict(&p, KEY_CAP_DEG);
	item->cap_deg = 60.5;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	/* one edge is written, and nothing is left up to the usual other one */
	item = one_item(&p, EX_LYING_TOWEL);
	item->target_lo_deg = 90; /* a cap from calm raises is at most that */
	one_conflict(&p, KEY_TARGET_LO_DEG);
	item->target_lo_deg = 89;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	item = one_item(&p, EX_DOORWAY);
	item->cap_deg = 55; /* the leg arrives there at the least */
	one_conflict(&p, KEY_CAP_DEG);
	item->target_lo_deg = 40;
	one_conflict(&p, KEY_CAP_DEG);
	item->cap_deg = 56;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	item = one_item(&p, EX_STANDING_BEND);
	item->target_lo_deg = 45;
	one_conflict(&p, KEY_TARGET_LO_DEG);
	item->cap_deg = 60;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	item = one_item(&p, EX_BRIDGE);
	item->cap_deg = 60;
	one_conflict(&p, KEY_CAP_DEG);
	item = one_item(&p, EX_FOAM_ROLL);
	item->target_lo_deg = 20;
	one_conflict(&p, KEY_TARGET_LO_DEG);
	item = one_item(&p, EX_SEATED_LEG);
	item->cap_deg = 30;
	p.sensors = 2;
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	p.sensors = 1;
	one_conflict(&p, KEY_CAP_DEG);
	/* 2 legs x 50 x 120 s x 2 a day is 6 h 40 min */
	item = one_item(&p, EX_LYING_TOWEL);
	item->reps = 50;
	item->hold_s = 120;
	item->rest_s = 0;
	item->per_day = 2;
	one_conflict(&p, KEY_REPS);
}

static void the_same_work_twice(void **state)
{
	struct prescription p;

	(void)state;
	one_item(&p, EX_LYING_TOWEL);
	p.items[1] = p.items[0];
	p.count = 2;
	one_conflict(&p, KEY_COUNT);
	p.items[1].other_leg = OTHER_STRAIGHT; /* another test of the leg */
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	p.items[1].other_leg = OTHER_BENT;
	p.items[0].slots = (struct prescription_list){ 1, { SLOT_MORNING } };
	one_conflict(&p, KEY_COUNT); /* the second is at any time */
	p.items[1].slots = p.items[0].slots;
	p.items[0].slots.count = 0;
	one_conflict(&p, KEY_COUNT); /* and the other way round */
	p.items[0].slots.count = 1;
	p.items[1].slots = (struct prescription_list){ 1, { SLOT_EVENING } };
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
	p.items[1].slots = p.items[0].slots;
	p.items[0].sides = (struct prescription_list){ 1, { SIDE_LEFT } };
	p.items[1].sides = (struct prescription_list){ 1, { SIDE_RIGHT } };
	assert_int_equal(prescription_conflicts(&p, note, &(struct findings){ 0 }), 0);
}

static void worth_a_second_look(void **state)
{
	const struct prescription_list both = { 2, { SIDE_LEFT, SIDE_RIGHT } };
	struct findings f = { 0 };
	struct prescription_item *item;
	struct prescription p;

	(void)state;
	item = one_item(&p, EX_LYING_TOWEL);
	assert_int_equal(prescription_notes(&p, note, &f), 0);
	item->hold_s = 29; /* leaflet: 30 to 60 */
	assert_int_equal(prescription_notes(&p, note, &f), 1);
	item->hold_s = 61;
	assert_int_equal(prescription_notes(&p, note, &f), 1);
	item = one_item(&p, EX_STANDING_BEND);
	p.sensors = 2;
	assert_int_equal(prescription_notes(&p, note, &f), 0);
	item->sides = both;
	assert_int_equal(prescription_notes(&p, note, &f), 1);
	assert_int_equal(f.key[2], KEY_SIDES);
	item->sides.count = 1;
	p.sensors = BLANK; /* one sensor may be all that is worn */
	assert_int_equal(prescription_notes(&p, note, &f), 1);
	one_item(&p, EX_LYING_TOWEL);
	p.items[1] = p.items[0];
	p.count = 2; /* left right left right: the strap moves three times */
	assert_int_equal(prescription_notes(&p, note, &f), 1);
	assert_int_equal(f.key[4], KEY_ORDER);
	p.order = ORDER_SIDE;
	assert_int_equal(prescription_notes(&p, note, &f), 0);
}

/* Nothing that a clinician would ask for may fall out of the text. */
static void the_safety_text(void **state)
{
	static const char *const words[] = { "surgery of hip, hamstring or back",
		"hip precautions", "disc or a nerve", "blood clot", "osteoporosis",
		"pregnancy", "below the knee", "tingling or numbness", "clinician",
		"come up slowly", "does not diagnose", "not a medical device" };
	char text[4096] = "";

	(void)state;
	for (size_t i = 0; i < prescription_safety_count; i++) {
		assert_true(strlen(prescription_safety[i]) <= 80);
		strcat(text, prescription_safety[i]);
		strcat(text, "\n");
		assert_true(strlen(text) < 3000);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_non_null(strstr(text, words[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(doses_of_the_leaflets),
		cmocka_unit_test(a_blank_gets_no_number),
		cmocka_unit_test(what_must_be_filled_in),
		cmocka_unit_test(own_value_then_the_files),
		cmocka_unit_test(values_out_of_range),
		cmocka_unit_test(wrong_together),
		cmocka_unit_test(the_same_work_twice),
		cmocka_unit_test(worth_a_second_look),
		cmocka_unit_test(the_safety_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
