/*
 * The prescription's file: every kind of mistake word for word, all of them in one
 * go, blanks that stay blank, and the canonical text that reads back to the same.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linux/prescription_file.h"

#define WHOLE "wearer = anna-1\nitem lying-towel {\n}\n"
#define EXAMPLES "scripts/examples/prescriptions/"

static struct prescription_report report;

static int load(struct prescription *p, const char *text)
{
	return prescription_load_text(p, "F", text, strlen(text), &report);
}

static void print_report(void)
{
	config_print_mistakes(&report.mistakes, stdout);
	config_print_mistakes(&report.open, stdout);
}

static void loads(struct prescription *p, const char *text)
{
	int error = load(p, text);

	if (error != 0)
		print_report();
	assert_int_equal(error, 0);
}

/* The file gives this one mistake, word for word, and *p is left alone. */
static void one_mistake(const char *text, const char *expected)
{
	struct prescription p, before;

	memset(&p, 0x5a, sizeof(p));
	before = p;
	assert_int_equal(load(&p, text), -EBADMSG);
	if (report.mistakes.count != 1)
		print_report();
	assert_int_equal(report.mistakes.count, 1);
	assert_string_equal(report.mistakes.list[0].text, expected);
	assert_memory_equal(&p, &before, sizeof(p));
}

/* The same of a line inside an item that is right but for it; the line is 3. */
static void one_wrong_line(const char *line, const char *expected)
{
	char text[1024];

	snprintf(text, sizeof(text), "wearer = anna-1\nitem lying-towel "
		"{\n%s\n}\n", line);
	one_mistake(text, expected);
}

static void a_good_file(void **state)
{
	struct prescription p;

	(void)state;
	loads(&p, "\xef\xbb\xbf# for Anna\r\nwearer = Anna B.   # her label\r\n"
		"slots= evening , morning\nsensors =2\nwarm_up = no\n"
		"break_every_min = 45\n\n"
		"item lying-towel {   # first\n\thold_s = 4.5e1\n\treps=3\n"
		"\tper_day = 2\n\tsides = right left\n\tother_leg = \"straight\" # flat\n"
		"\ttarget_lo_deg = 55\n\tcap_deg = 80.5\n\tbreath_s = 6\n}\n"
		"item \"toe-touch\" {\n\thold_s = 20\n\treps = 2\n\tper_week = 3\n"
		"\tslots = morning\n}");
	assert_int_equal(report.open.count, 0);
	assert_string_equal(p.wearer, "Anna B.");
	assert_int_equal(p.sensors, 2);
	assert_int_equal(p.warm_up, 0);
	assert_int_equal(p.sore_today, 1);
	assert_int_equal(p.order, ORDER_ITEM);
	assert_true(fabs(p.break_every_min - 45) < 1e-9);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.items[0].exercise, EX_LYING_TOWEL);
	assert_true(fabs(p.items[0].hold_s - 45) < 1e-9);
	assert_int_equal(p.items[0].reps, 3);
	assert_int_equal(p.items[0].sides.at[0], SIDE_RIGHT);
	assert_int_equal(p.items[0].other_leg, OTHER_STRAIGHT);
	assert_true(fabs(p.items[0].cap_deg - 80.5) < 1e-9);
	assert_int_equal(p.items[0].slots.count, 2);
	assert_int_equal(p.items[0].slots.at[0], SLOT_EVENING);
	assert_int_equal(p.items[1].per_week, 3);
	assert_int_equal(p.items[1].slots.count, 1);
}

static void values(void **state)
{
	(void)state;
	one_wrong_line("hold_s = 30 s", "F:3: hold_s: \"30 s\" is no number. write a "
		"number from 3 to 120 (s), the number alone");
	one_wrong_line("hold_s = 30-60", "F:3: hold_s: \"30-60\" is no number. write a "
		"number from 3 to 120 (s), the number alone");
	one_wrong_line("hold_s = 2,5", "F:3: hold_s: \"2,5\" is no number. write a "
		"number from 3 to 120 (s), the number alone");
	one_wrong_line("hold_s = 2", "F:3: hold_s: 2 is out of range. write a "
		"number from 3 to 120 (s), the number alone");
	one_wrong_line("reps = 2.5", "F:3: reps: 2.5 is not a whole number. write a "
		"whole "
		"number from 1 to 50");
	one_wrong_line("reps = two", "F:3: reps: \"two\" is no number. write a whole "
		"number from 1 to 50");
	one_wrong_line("cap_deg = 151", "F:3: cap_deg: 151 is out of range. write a "
		"number from 15 to 150 (deg), the number alone");
	one_wrong_line("other_leg = flat", "F:3: other_leg: \"flat\" is not possible "
		"here. write one of bent, straight");
	one_wrong_line("sides = left, both", "F:3: sides: \"both\" is not possible "
		"here. write one or more of left, right");
	one_wrong_line("sides = left left", "F:3: sides: left is there twice. "
		"write one or more of left, right");
	one_wrong_line("slots = night", "F:3: slots: \"night\" is not possible here. "
		"write one or more of morning, midday, evening");
	one_mistake("wearer = ../x\nitem lying-towel {\n}\n", "F:1: wearer: \"../x\": it "
		"does not begin with a letter A-Z or a digit. write a label such as "
		"anna-1");
	one_mistake("warm_up = maybe\n" WHOLE, "F:1: warm_up: \"maybe\" is not possible "
		"here. write yes or no");
	one_wrong_line("other_leg = \"bent", "F:3: other_leg: the quotes are not closed. "
		"write a closing \", or none: quotes are not needed");
	one_wrong_line("other_leg = \"bent\" x", "F:3: other_leg: there is something "
		"after the value. write one value a line");
}

static void keys(void **state)
{
	(void)state;
	one_wrong_line("hold = 30", "F:3: hold: unknown key. did you mean hold_s?");
	one_wrong_line("cap = 30", "F:3: cap: unknown key. did you mean cap_deg?");
	one_wrong_line("rpes = 3", "F:3: rpes: unknown key. did you mean reps?");
	one_wrong_line("colour = red", "F:3: colour: unknown key. stretchctl "
		"prescription --help lists all keys");
	one_wrong_line("reps = 1\nreps = 2", "F:4: reps: given twice. keep one; the "
		"other "
		"is in line 3");
	one_wrong_line("warm_up = no", "F:3: warm_up: this key is for the whole file. "
		"write it above the first item");
	one_mistake("reps = 1\n" WHOLE, "F:1: reps: this key belongs to one exercise. "
		"write it inside item NAME { }");
	one_mistake("accepted_by = anna\n" WHOLE, "F:1: accepted_by: this is not written "
		"by hand. take it out; stretchctl accept notes who and when");
	one_mistake("accepted_on = today\n" WHOLE, "F:1: accepted_on: this is not "
		"written "
		"by hand. take it out; stretchctl accept notes who and when");
	one_wrong_line("reps 3", "F:3: reps: no = after the key. write a whole number "
		"from 1 to 50");
	one_wrong_line("= 3", "F:3: not understood. write key = value");
}

/* Whichever of two is kept: both values are looked at, and the second one is not taken. */
static void both_of_two(void **state)
{
	static const char *const expected[] = {
		"F:3: reps: 1.5 is not a whole number. write a whole number from 1 to 50",
		"F:4: reps: given twice. keep one; the other is in line 3",
		"F:4: reps: \"x\" is no number. write a whole number from 1 to 50",
	};
	struct prescription p;

	(void)state;
	assert_int_equal(load(&p, "wearer = a\nitem lying-towel {\nreps = 1.5\nreps = x\n"
		"}\n"), -EBADMSG);
	for (size_t i = 0; i < 3 && i < report.mistakes.count; i++)
		assert_string_equal(report.mistakes.list[i].text, expected[i]);
	assert_int_equal(report.mistakes.count, 3);
}

static void items(void **state)
{
	char text[2048] = "wearer = a\n";
	struct prescription p;

	(void)state;
	one_mistake("wearer = anna-1\n", "F: there is no exercise in it. write item "
		"lying-towel { and a } below");
	one_mistake(WHOLE "item lying-twoel {\n}\n", "F:4: lying-twoel: no such "
		"exercise. "
		"write item lying-towel {");
	one_mistake(WHOLE "item splits {\n\treps = 3\n}\n", "F:4: splits: no such "
		"exercise. write item and an exercise, for example item lying-towel {");
	one_mistake(WHOLE "item {\n}\n", "F:4: item: the exercise is missing. write item "
		"and an exercise, for example item lying-towel {");
	one_mistake(WHOLE "doorway {\n}\n", "F:4: doorway: only an item has braces. "
		"write item doorway {");
	one_mistake(WHOLE "exercise doorway {\n}\n", "F:4: exercise: only an item has "
		"braces. write item doorway {");
	one_mistake(WHOLE "item doorway\n\treps = 3\n}\n", "F:4: item: no { behind the "
		"exercise. write item doorway {");
	one_mistake(WHOLE "item doorway\n{\n\treps = 3\n}\n", "F:4: item: no { behind "
		"the "
		"exercise. write item doorway {");
	one_mistake("{\n" WHOLE, "F:1: a brace on its own. write it behind the exercise: "
		"item lying-towel {");
	one_mistake(WHOLE "}\n", "F:4: } closes nothing. take it out");
	one_mistake("wearer = anna-1\nitem lying-towel {\nreps = 1\n", "F:2: item: the "
		"item is not closed. write } after its last line");
	one_mistake("wearer = anna-1\nitem lying-towel {\nitem doorway {\n}\n", "F:3: an "
		"item inside an item. write } before it (the item of line 2 is open)");
	one_mistake("wearer = anna-1\nitem lying-towel { reps = 1\n}\n", "F:2: there is "
		"something after the brace. write it on a line of its own");
	one_mistake(WHOLE "item wall-stand {\n}\n", "F:4: item wall-stand: the leaflet's "
		"wording is not safe to judge: leaning back with straight legs does not "
		"stretch. write another exercise");
	/* all different: two poses of the other leg, in three slots, 6 a exercise */
	for (int i = 0; i < 17; i++) {
		static const char *const names[] = { "lying-towel", "lying-strap",
			"lying-hands" };
		char item[160];

		snprintf(item, sizeof(item), "item %s {\nother_leg = %s\nslots = %s\n"
			"per_day = 1\n}\n", names[i / 6], other_leg_names[i / 3 % 2],
			slot_names[i % 3]);
		strcat(text, item);
	}
	strcat(text, "item bridge {\nreps = x\n}\n"); /* the 18th, told once more */
	assert_int_equal(load(&p, text), -EBADMSG);
	assert_int_equal(report.mistakes.count, 2);
	assert_string_equal(report.mistakes.list[0].text, "F:82: more than 16 items. "
		"write a second prescription");
	assert_string_equal(report.mistakes.list[1].text, "F:87: more than 16 items. "
		"write a second prescription");
}

/* What is told together is told at the key's line, else at the item's. */
static void together(void **state)
{
	(void)state;
	one_wrong_line("per_day = 1\nper_week = 3", "F:4: per_week: times a day and "
		"times "
		"a week are both given. keep one of per_day and per_week");
	one_wrong_line("target_lo_deg = 80\ncap_deg = 80", "F:4: cap_deg: it is not "
		"above "
		"target_lo_deg. write a larger cap_deg");
	one_mistake("wearer = a\nslots = morning\nitem lying-towel {\n}\n", "F:3: slots: "
		"there are not as many times of day as per_day. write one for each of "
		"per_day, or none");
	one_mistake(WHOLE "\nitem lying-towel {\nreps = 2\n}\n", "F:5: item lying-towel: "
		"an earlier item has the same exercise, leg and time of day. put both "
		"into one item, or give them different slots");
}

/* Worked out by eye from the file's text: nine mistakes and two blanks. */
static void all_in_one_go(void **state)
{
	static const char *const expected[] = {
		"F:1: wearer: \"_x\": it does not begin with a letter A-Z or a digit. "
		"write "
		"a label such as anna-1",
		"F:2: breks: unknown key. stretchctl prescription --help lists all keys",
		"F:3: lyin-towel: no such exercise. write item lying-towel {",
		"F:4: hold_s: 500 is out of range. write a number from 3 to 120 (s), the "
		"number alone",
		"F:5: reps: \"\xc3\xa9\" is no number. write a whole number from 1 to 50",
		"F:9: item wall-stand: the leaflet's wording is not safe to judge: "
		"leaning "
		"back with straight legs does not stretch. write another exercise",
		"F:10: sides: \"middle\" is not possible here. write one or more of "
		"left, "
		"right",
		"F:14: accepted_by: this is not written by hand. take it out; stretchctl "
		"accept notes who and when",
		"F:16: item: the item is not closed. write } after its last line",
	};
	struct prescription p;

	(void)state;
	assert_int_equal(load(&p, "wearer = _x\nbreks = 3\nitem lyin-towel {\n"
		"hold_s = 500\nreps = \xc3\xa9\nper_day = 2\n}\n\nitem wall-stand {\n"
		"sides = middle\nhold_s = 30\nreps = 1\nper_day = 1\naccepted_by = "
		"anna\n}\n"
		"item toe-touch {\nreps = 2\nper_week = 3\n"), -EBADMSG);
	if (report.mistakes.count != 9)
		print_report();
	assert_int_equal(report.mistakes.count, 9);
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(report.mistakes.list[i].text, expected[i]);
	assert_int_equal(report.open.count, 1);
	assert_string_equal(report.open.list[0].text, "F:16: hold_s: the leaflet gives "
		"no "
		"hold time. write hold_s = and the seconds that you prescribe");
}

static void blank_stays_blank(void **state)
{
	struct prescription p, again;
	char *text;

	(void)state;
	loads(&p, "wearer =\nitem lying-towel {\nhold_s =   # to be agreed\n"
		"reps = \"\"\nslots =\n}\nitem bridge {\nper_week =\n}\n");
	assert_true(isnan(p.items[0].hold_s)); /* though leaflet 001 says 30 */
	assert_int_equal(p.items[0].reps, PRESCRIPTION_BLANK);
	assert_int_equal(p.items[0].per_day, 2); /* left out: the leaflet's */
	assert_int_equal(report.open.count, 5);
	assert_string_equal(report.open.list[0].text, "F:1: wearer: it is left blank. "
		"write wearer = and a label such as anna-1");
	assert_string_equal(report.open.list[1].text, "F:3: hold_s: it is left blank. "
		"write hold_s = and the seconds that you prescribe");
	assert_string_equal(report.open.list[2].text, "F:4: reps: it is left blank. "
		"write reps = and how many a side");
	assert_string_equal(report.open.list[3].text, "F:7: reps: the leaflet gives no "
		"number of repetitions. write reps = and how many a side");
	assert_string_equal(report.open.list[4].text, "F:8: per_week: it is left blank. "
		"write per_day = or per_week = and how often");
	text = prescription_text(&p);
	assert_non_null(text);
	assert_non_null(strstr(text, "\thold_s =\n"));
	loads(&again, text);
	free(text);
	assert_int_equal(report.open.count, 5);
	assert_true(isnan(again.items[0].hold_s));
	assert_int_equal(again.items[0].reps, PRESCRIPTION_BLANK);
}

/* The same values but for who said them. */
static void same_prescription(struct prescription a, struct prescription b)
{
	const struct prescription_key *key;

	assert_int_equal(a.count, b.count);
	for (int32_t item = PRESCRIPTION_FILE; item < a.count; item++) {
		for (int id = 0; id < KEY_COUNT; id++) {
			char x[64], y[64];

			key = &prescription_keys[id];
			if ((item < 0) != (key->scope == SCOPE_FILE))
				continue;
			prescription_value(&a, item, (enum prescription_key_id)id, x,
				sizeof(x));
			prescription_value(&b, item, (enum prescription_key_id)id, y,
				sizeof(y));
			assert_string_equal(x, y);
		}
	}
}

static void reads_back(const struct prescription *p)
{
	struct prescription_step a[PRESCRIPTION_STEPS_MAX], b[PRESCRIPTION_STEPS_MAX];
	struct prescription again;
	char *text = prescription_text(p), *second;
	int32_t count;

	assert_non_null(text);
	loads(&again, text);
	same_prescription(*p, again);
	count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, a);
	assert_int_equal(prescription_expand(&again, PRESCRIPTION_ANY_SLOT, b), count);
	for (int32_t i = 0; i < count; i++) {
		assert_int_equal(a[i].item, b[i].item);
		assert_int_equal(a[i].side, b[i].side);
		assert_int_equal(a[i].restrap, b[i].restrap);
	}
	second = prescription_text(&again);
	assert_string_equal(text, second);
	free(text);
	free(second);
}

static void canonical_text(void **state)
{
	static const char expected[] = "wearer = \"anna \"\norder = side\nwarm_up = yes\n"
		"sore_today = no\nsides = right, left\n\nitem lying-towel {\n"
		"\tsides = right, left\n\tother_leg = bent\n\thold_s = 32.5\n\treps = 1\n"
		"\trest_s = 0\n\tper_day = 2\n\tcap_deg = 80\n}\n";
	struct prescription p;
	char *text;

	(void)state;
	loads(&p, "# a\nwearer=\"anna \"\nsore_today = off\norder = side\n"
		"sides = right,left\nitem lying-towel {\ncap_deg = 8e1\nrest_s = -0\n"
		"hold_s = 32.50\n}\n");
	text = prescription_text(&p);
	assert_string_equal(text, expected);
	free(text);
	reads_back(&p);
	loads(&p, "wearer = a\nsides =\nitem lying-towel {\n}\n");
	reads_back(&p);
	loads(&p, "wearer = a\nitem doorway {\nper_week = 2\nsides = right\n}\n"
		"item bridge {\nhold_s = \n}\n");
	reads_back(&p);
}

/* Each dose as its leaflet has it; those with open doses wait for the clinician. */
static void the_examples(void **state)
{
	static const struct {
		const char *path;
		int32_t items;
		size_t open;
	} rows[] = {
		{ EXAMPLES "000-doorway.conf", 1, 1 },
		{ EXAMPLES "001-towel-and-seated.conf", 2, 0 },
		{ EXAMPLES "001-weekly.conf", 2, 0 },
		{ EXAMPLES "002-dynamic-and-static.conf", 7, 13 },
		{ EXAMPLES "003-toe-touch.conf", 1, 3 },
		{ EXAMPLES "004-strength.conf", 5, 10 },
	};
	struct prescription p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int error = prescription_load(&p, rows[i].path, &report);

		if (error != 0)
			print_report();
		assert_int_equal(error, 0);
		assert_int_equal(p.count, rows[i].items);
		assert_int_equal(report.open.count, rows[i].open);
		for (int32_t k = 0; k < p.count; k++)
			assert_int_equal(strncmp(rows[i].path + strlen(EXAMPLES),
				exercises[p.items[k].exercise].source, 3), 0);
		reads_back(&p);
	}
}

static void files(void **state)
{
	static char big[CONFIG_FILE_MAX + 2];
	struct prescription p;

	(void)state;
	assert_int_equal(prescription_load(&p, "tests/no-such-file", &report), -ENOENT);
	assert_int_equal(report.mistakes.count, 1);
	assert_string_equal(report.mistakes.list[0].text, "tests/no-such-file: cannot be "
		"read: No such file or directory. check its path and rights");
	assert_int_equal(prescription_load(&p, "tests", &report), -EISDIR);
	memset(big, '\n', sizeof(big));
	assert_int_equal(prescription_load_text(&p, "F", big, sizeof(big), &report),
		-EBADMSG);
	assert_string_equal(report.mistakes.list[0].text, "F: the file is longer than "
		"64 KiB. is it a prescription?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file),
		cmocka_unit_test(values),
		cmocka_unit_test(keys),
		cmocka_unit_test(both_of_two),
		cmocka_unit_test(items),
		cmocka_unit_test(together),
		cmocka_unit_test(all_in_one_go),
		cmocka_unit_test(blank_stays_blank),
		cmocka_unit_test(canonical_text),
		cmocka_unit_test(the_examples),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
