/* Event cells: the grammar, by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/sample.h"

#define WORD31 "abcdefghijklmnopqrstuvwxyz01234"

static void test_valid(void **state)
{
	static const struct {
		const char *text;
		struct event event;
	} table[] = {
		{ "", { EVENT_NONE, { "", "" } } },
		{ "reference", { EVENT_REFERENCE, { "", "" } } },
		{ "start:lying-towel:left", { EVENT_START, { "lying-towel", "left" } } },
		{ "stop:pain", { EVENT_STOP, { "pain", "" } } },
		{ "next", { EVENT_NEXT, { "", "" } } },
		{ "press", { EVENT_PRESS, { "", "" } } },
		{ "fault:pelvis:nack", { EVENT_FAULT, { "pelvis", "nack" } } },
		{ "recovered:thigh", { EVENT_RECOVERED, { "thigh", "" } } },
		{ "reload:0aF9._-", { EVENT_RELOAD, { "0aF9._-", "" } } },
		{ "start:" WORD31 ":" WORD31, { EVENT_START, { WORD31, WORD31 } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct event event;
		char text[3 * EVENT_WORD_MAX];

		memset(&event, 0xff, sizeof event);
		assert_int_equal(event_parse(table[i].text, &event), 0);
		assert_int_equal(event.kind, table[i].event.kind);
		assert_string_equal(event.word[0], table[i].event.word[0]);
		assert_string_equal(event.word[1], table[i].event.word[1]);
		event_format(&event, text);
		assert_string_equal(text, table[i].text);
	}
}

static void test_refused(void **state)
{
	static const char *const table[] = {
		"sotp:pain", "Press", "press ", " press", "press:", "press:now", "stop",
		"stop:", "stop:a:b", "stop::a", "start:lying-towel",
		"start:lying-towel:", "start::left", "start:a:b:c", "start x_p",
		"stop:a b", "stop:a,b", "stop:\xc3\xa4", "stop:a\"", ":",
		"reload:" WORD31 "5", "next\n", WORD31 "5", /* longer than any name */
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct event event = { EVENT_PRESS, { "x", "y" } };

		if (event_parse(table[i], &event) != -1)
			fail_msg("accepted \"%s\"", table[i]);
		assert_int_equal(event.kind, EVENT_NONE);
		assert_string_equal(event.word[0], "");
		assert_string_equal(event.word[1], "");
	}
}

static void test_format_of_no_event(void **state)
{
	struct event event = { EVENT_COUNT, { "x", "y" } };
	char text[3 * EVENT_WORD_MAX] = "old";

	(void)state;
	event_format(&event, text);
	assert_string_equal(text, "");
	event.kind = EVENT_NONE;
	text[0] = 'o';
	event_format(&event, text);
	assert_string_equal(text, "");
}

static void test_site_names(void **state)
{
	(void)state;
	assert_string_equal(site_names[SITE_THIGH], "thigh");
	assert_string_equal(site_names[SITE_PELVIS], "pelvis");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_format_of_no_event),
		cmocka_unit_test(test_site_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
