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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_text_leaves_room_for_the_mark),
		cmocka_unit_test(test_cut_between_characters),
		cmocka_unit_test(test_control_characters_become_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
