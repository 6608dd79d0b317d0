/*
 * The table of the hold as a graph: it has no dead end. Events are sorted by who
 * brings them about; the sorting is this file's own.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/hold.h"
#include "../support/judge.h"

enum who {
	TIME,   /* passes by itself */
	WEARER, /* moves, lies still, presses, says so */
	SENSOR
};

static const enum who brought_by[HOLD_EV_COUNT] = {
	[HOLD_EV_PRESS] = WEARER,
	[HOLD_EV_BEGIN] = WEARER,
	[HOLD_EV_NEXT] = WEARER,
	[HOLD_EV_REFERENCE] = WEARER,
	[HOLD_EV_WAKE] = WEARER,
	[HOLD_EV_DATA_LOST] = SENSOR,
	[HOLD_EV_DATA_BACK] = SENSOR,
	[HOLD_EV_LONG_GAP] = SENSOR,
	[HOLD_EV_SETUP_DONE] = WEARER,
	[HOLD_EV_ENTRY] = WEARER,
	[HOLD_EV_ENTRY_LOST] = WEARER,
	[HOLD_EV_ENTRY_LATE] = TIME,
	[HOLD_EV_COUNTABLE] = WEARER,
	[HOLD_EV_NOT_COUNTABLE] = WEARER,
	[HOLD_EV_PAUSE_OVER] = TIME,
	[HOLD_EV_LEG_DOWN] = WEARER,
	[HOLD_EV_REACHED] = WEARER, /* who holds on */
	[HOLD_EV_PAST_CAP] = WEARER,
	[HOLD_EV_TOO_LONG] = TIME,
	[HOLD_EV_SHOWN] = TIME,
	[HOLD_EV_REST_MORE] = WEARER, /* lies flat */
	[HOLD_EV_REST_LAST] = WEARER,
	[HOLD_EV_READY_LATE] = TIME,
	[HOLD_EV_CLOSED] = WEARER,
	[HOLD_EV_CLOSING_LATE] = TIME,
	[HOLD_EV_OTHER_LEG] = TIME, /* passes as closing does */
	[HOLD_EV_STRAPPED] = WEARER,
	[HOLD_EV_REP_BEGUN] = WEARER,
	[HOLD_EV_REP_DONE] = WEARER,
	[HOLD_EV_REP_LAST] = WEARER,
	[HOLD_EV_REP_GONE] = WEARER,
	[HOLD_EV_IDLE_LATE] = TIME,
};

/* States that can be reached from `from` over events of these kinds (bit = who). */
static void reach(enum hold_phase from, unsigned kinds, bool seen[HOLD_PHASE_COUNT])
{
	enum hold_phase queue[HOLD_PHASE_COUNT];
	int head = 0, tail = 0;

	memset(seen, 0, HOLD_PHASE_COUNT * sizeof *seen);
	seen[from] = true;
	queue[tail++] = from;
	while (head < tail) {
		enum hold_phase at = queue[head++];

		for (size_t i = 0; i < hold_rule_count; i++) {
			const struct hold_rule *r = &hold_rules[i];

			if (r->from != at || seen[r->to] ||
				(kinds & 1u << brought_by[r->event]) == 0)
				continue;
			seen[r->to] = true;
			queue[tail++] = r->to;
		}
	}
}

static void reaches_idle(unsigned kinds, const char *by)
{
	for (int from = 0; from < HOLD_PHASE_COUNT; from++) {
		bool seen[HOLD_PHASE_COUNT];

		reach((enum hold_phase)from, kinds, seen);
		if (!seen[HOLD_IDLE])
			fail_msg("%s: %s does not lead to idle", hold_phase_names[from],
				by);
	}
}

static void test_time_alone_leads_to_idle(void **state)
{
	(void)state;
	reaches_idle(1u << TIME, "time alone");
}

static void test_wearer_and_time_lead_to_ready(void **state)
{
	(void)state;
	for (int from = 0; from < HOLD_PHASE_COUNT; from++) {
		bool seen[HOLD_PHASE_COUNT];

		/* a fault ends with the sensor's return only, or with the session */
		if (from == HOLD_FAULT)
			continue;
		reach((enum hold_phase)from, 1u << TIME | 1u << WEARER, seen);
		if (!seen[HOLD_READY])
			fail_msg("%s: no way to ready", hold_phase_names[from]);
	}
}

static void test_every_state_is_reached(void **state)
{
	bool seen[HOLD_PHASE_COUNT];

	(void)state;
	reach(HOLD_IDLE, 1u << TIME | 1u << WEARER | 1u << SENSOR, seen);
	for (int phase = 0; phase < HOLD_PHASE_COUNT; phase++) {
		if (!seen[phase])
			fail_msg("%s is never reached", hold_phase_names[phase]);
	}
}

static bool has_rule(enum hold_phase from, enum hold_event event, enum hold_phase to)
{
	for (size_t i = 0; i < hold_rule_count; i++)
		if (hold_rules[i].from == from && hold_rules[i].event == event &&
			hold_rules[i].to == to)
			return true;
	return false;
}

static void test_table_says_what_the_product_says(void **state)
{
	static const enum hold_phase holding[] = { HOLD_ENTERING, HOLD_COUNTING,
		HOLD_PAUSED };

	(void)state;
	/* any press during a hold stops it at once: first rule of these states */
	for (size_t h = 0; h < 3; h++) {
		for (size_t i = 0; i < hold_rule_count; i++) {
			if (hold_rules[i].from != holding[h])
				continue;
			assert_int_equal(hold_rules[i].event, HOLD_EV_PRESS);
			assert_int_equal(hold_rules[i].to, HOLD_STOPPED);
			assert_int_equal(hold_rules[i].result, RESULT_STOPPED);
			break;
		}
	}
	/* done, short, over, stopped all rest; rest leads to ready or closing */
	assert_true(has_rule(HOLD_DONE, HOLD_EV_LEG_DOWN, HOLD_REST));
	assert_true(has_rule(HOLD_SHORT, HOLD_EV_SHOWN, HOLD_REST));
	assert_true(has_rule(HOLD_OVER, HOLD_EV_SHOWN, HOLD_REST));
	assert_true(has_rule(HOLD_STOPPED, HOLD_EV_SHOWN, HOLD_REST));
	assert_true(has_rule(HOLD_REST, HOLD_EV_REST_MORE, HOLD_READY));
	assert_true(has_rule(HOLD_REST, HOLD_EV_REST_LAST, HOLD_CLOSING));
	/* only counting leads to done */
	for (size_t i = 0; i < hold_rule_count; i++)
		if (hold_rules[i].to == HOLD_DONE)
			assert_int_equal(hold_rules[i].from, HOLD_COUNTING);
}

static void test_rules_are_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < hold_rule_count; i++) {
		const struct hold_rule *r = &hold_rules[i];

		assert_true(r->from < HOLD_PHASE_COUNT && r->to < HOLD_PHASE_COUNT);
		assert_true(r->event < HOLD_EV_COUNT);
		assert_true(r->from != r->to);
		/* the second of two rules for one state and event is dead */
		for (size_t k = i + 1; k < hold_rule_count; k++)
			assert_false(hold_rules[k].from == r->from &&
				hold_rules[k].event == r->event);
		/* a state that names a result is entered with that result */
		if (r->to == HOLD_SHORT)
			assert_int_equal(r->result, RESULT_SHORT);
		if (r->to == HOLD_OVER)
			assert_int_equal(r->result, RESULT_OVER);
		if (r->to == HOLD_STOPPED)
			assert_int_equal(r->result, RESULT_STOPPED);
	}
	for (int i = 0; i < HOLD_EV_COUNT; i++)
		assert_non_null(hold_event_names[i]);
	for (int i = 0; i < HOLD_PHASE_COUNT; i++)
		assert_non_null(hold_phase_names[i]);
}

/* The README's row of that state: its rules in the table's order. */
static void readme_row(enum hold_phase phase, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "| `%s` | ", hold_phase_names[phase]);
	const char *between = "";

	for (size_t i = 0; i < hold_rule_count; i++) {
		const struct hold_rule *r = &hold_rules[i];

		if (r->from != phase)
			continue;
		assert_true(used < size);
		used += (size_t)snprintf(text + used, size - used, "%s%s → `%s`", between,
			hold_event_names[r->event], hold_phase_names[r->to]);
		between = "; ";
	}
	assert_true(used + 4 < size);
	memcpy(text + used, " |\n", 4);
}

/* Row by row the same, none missing and none too many. */
static void test_readme_has_the_table(void **state)
{
	static char line[4096], expected[4096];
	bool in_section = false;
	int phase = 0;
	FILE *file = fopen("README.md", "r");

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		if (line[0] == '#')
			in_section = strcmp(line, "### States of a hold\n") == 0;
		if (!in_section || strncmp(line, "| `", 3) != 0)
			continue;
		assert_true(phase < HOLD_PHASE_COUNT);
		readme_row((enum hold_phase)phase++, expected, sizeof expected);
		if (strcmp(line, expected) != 0)
			fail_msg("README.md lacks this row:\n%s", expected);
	}
	fclose(file);
	assert_int_equal(phase, HOLD_PHASE_COUNT);
}

/* An event without a rule would be judged for nothing. */
static void test_every_event_leads_somewhere(void **state)
{
	(void)state;
	for (int event = 0; event < HOLD_EV_COUNT; event++) {
		bool used = false;

		for (size_t i = 0; i < hold_rule_count; i++)
			used = used || (int)hold_rules[i].event == event;
		if (!used)
			fail_msg("%s leads nowhere", hold_event_names[event]);
	}
}

/* A wearer who does nothing more, ever, or a sensor that is dead: 40 minutes. */
static void ends_idle(struct hold_rig *rig, double angle_deg, uint32_t bad)
{
	enum hold_phase from = rig->out.phase;

	rig->rate_hz = 25.0;
	rig->lead_s = rig->t_s;
	rig->index = 1;
	rig->bad = bad;
	for (int i = 0; i < 40 * 60 * 25 && rig->out.phase != HOLD_IDLE; i++)
		rig_step(rig, angle_deg);
	if (rig->out.phase != HOLD_IDLE)
		fail_msg("stuck in %s, from %s at %.0f deg%s",
			hold_phase_names[rig->out.phase], hold_phase_names[from],
			angle_deg, bad != 0 ? ", no data" : "");
}

static void test_nobody_is_stuck(void **state)
{
	static const double angles[] = { 2, 30, 58, 70, 84, 87, 120 };

	(void)state;
	for (size_t i = 0; i < sizeof angles / sizeof angles[0]; i++) {
		for (int dead = 0; dead < 2; dead++) {
			uint32_t bad = dead ? FLAG_BIT(FLAG_ABSENT) : 0;
			struct hold_rig rig;

			/* waiting for the reference */
			rig_init(&rig);
			hold_init(&rig.state, HOLD_NEED_REFERENCE, 0);
			rig.unaligned = true;
			rig_stay(&rig, 1.0, angles[i]);
			ends_idle(&rig, angles[i], bad);
			/* the other leg is next, and nobody moves the sensor */
			rig_init(&rig);
			hold_init(&rig.state, HOLD_RESTRAP, 0);
			rig.unaligned = true;
			rig_stay(&rig, 1.0, angles[i]);
			ends_idle(&rig, angles[i], bad);
			/* ready */
			rig_init(&rig);
			rig_stay(&rig, 3.0, 2.0);
			ends_idle(&rig, angles[i], bad);
			/* entering */
			rig_init(&rig);
			rig_stay(&rig, 3.0, 2.0);
			rig_move(&rig, 1.0, angles[i]);
			ends_idle(&rig, angles[i], bad);
			/* counting, or what has become of it */
			rig_init(&rig);
			rig_raise(&rig, 70.0);
			rig_stay(&rig, 10.0, 70.0);
			rig_move(&rig, 1.0, angles[i]);
			ends_idle(&rig, angles[i], bad);
			/* done */
			rig_init(&rig);
			rig_raise(&rig, 70.0);
			rig_stay(&rig, 35.0, 70.0);
			rig_move(&rig, 1.0, angles[i]);
			ends_idle(&rig, angles[i], bad);
			/* stopped */
			rig_init(&rig);
			rig_raise(&rig, 70.0);
			rig.extra.press = true;
			rig_stay(&rig, 1.0, 70.0);
			ends_idle(&rig, angles[i], bad);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_alone_leads_to_idle),
		cmocka_unit_test(test_wearer_and_time_lead_to_ready),
		cmocka_unit_test(test_every_state_is_reached),
		cmocka_unit_test(test_table_says_what_the_product_says),
		cmocka_unit_test(test_rules_are_well_formed),
		cmocka_unit_test(test_readme_has_the_table),
		cmocka_unit_test(test_every_event_leads_somewhere),
		cmocka_unit_test(test_nobody_is_stuck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
