/*
 * Facts taken from a session.json that somebody wrote by hand: what does not fit.
 * Lengths are counted by hand from the sizes in stretch/session_row.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "linux/session_facts.h"

/* 40 bytes are one for the end, one for an export's mark, 38 of the text. */
#define KEPT 38

_Static_assert(SESSION_ROW_WORD == 40, "the lengths below are counted for this size");

static void take_wearer(struct session_facts *facts, const char *wearer)
{
	json_t *session = json_pack("{s:s}", "wearer", wearer);

	assert_non_null(session);
	session_facts_init(facts);
	session_facts_take(facts, session);
	json_decref(session);
}

static void test_long_text_leaves_room_for_the_mark(void **state)
{
	struct session_facts facts;
	char text[100];

	(void)state;
	memset(text, 'x', sizeof text);
	text[0] = '=';
	text[KEPT + 1] = '\0';
	take_wearer(&facts, text);
	assert_int_equal(strlen(facts.row.wearer), KEPT);
	text[KEPT] = '\0';
	assert_string_equal(facts.row.wearer, text);
	take_wearer(&facts, text);
	assert_string_equal(facts.row.wearer, text);
}

static void test_cut_between_characters(void **state)
{
	struct session_facts facts;
	char text[100];

	(void)state;
	memset(text, 'x', sizeof text);
	/* two bytes, of which only the first would fit */
	memcpy(text + KEPT - 1, "\xc3\xa4", 3);
	take_wearer(&facts, text);
	assert_int_equal(strlen(facts.row.wearer), KEPT - 1);
	/* two bytes that just fit, and more */
	memcpy(text + KEPT - 2, "\xc3\xa4yz", 5);
	take_wearer(&facts, text);
	assert_int_equal(strlen(facts.row.wearer), KEPT);
	assert_string_equal(facts.row.wearer + KEPT - 2, "\xc3\xa4");
}

static void test_control_characters_become_blanks(void **state)
{
	struct session_facts facts;

	(void)state;
	take_wearer(&facts, "A\tB\x7f" "C\n");
	assert_string_equal(facts.row.wearer, "A B C ");
}

/* The limits that were set for the session; where its file is silent the usual ones. */
static void test_limits_of_the_strap(void **state)
{
	static const struct {
		const char *limits;
		double flag_deg, untrusted_deg;
		bool held;
	} cases[] = {
		{ "", 3.0, 6.0, false },
		{ ", \"flag_deg\": 4.5, \"untrusted_deg\": 8.0", 4.5, 8.0, true },
		{ ", \"flag_deg\": 2, \"untrusted_deg\": 6.4", 2.0, 6.4, false },
		{ ", \"flag_deg\": \"no\", \"untrusted_deg\": -1", 3.0, 6.0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct session_facts facts;
		char text[200];
		json_t *session;

		snprintf(text, sizeof text, "{\"closing_check\": {\"slip_check\": "
			"\"done\", \"slip_deg\": -6.5%s}}", cases[i].limits);
		session = json_loads(text, 0, NULL);
		assert_non_null(session);
		session_facts_init(&facts);
		session_facts_take(&facts, session);
		json_decref(session);
		assert_true(facts.row.slip_flag_deg == cases[i].flag_deg);
		assert_true(facts.row.slip_untrusted_deg == cases[i].untrusted_deg);
		assert_int_equal(session_row_strap_held(&facts.row), cases[i].held);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_text_leaves_room_for_the_mark),
		cmocka_unit_test(test_cut_between_characters),
		cmocka_unit_test(test_control_characters_become_blanks),
		cmocka_unit_test(test_limits_of_the_strap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
