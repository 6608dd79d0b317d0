/*
 * Notes of a person, and dates given afterwards. Expected files are written by hand;
 * a date given afterwards is compared with this machine's own clock.
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

#include "../support/made_history.h"
#include "../support/temp_files.h"
#include "linux/clock_said.h"
#include "linux/folder.h"
#include "linux/session_facts.h"
#include "linux/session_list.h"
#include "linux/session_note.h"
#include "stretch/exercise.h"

static const struct session_note nothing = { -1, -1, -1, NULL, NULL };
static struct problem problem;

static const char *made_folder(const char *state, uint32_t number, int32_t day)
{
	static char path[PATH_MAX];
	struct made_session session;

	made_session_init(&session, day, SIDE_LEFT, 60.0);
	session.number = number;
	made_session_write(&session, temp_path(state), path);
	return path;
}

static struct session_row noted(const char *folder)
{
	struct session_facts facts;

	assert_int_equal(session_facts_read(&facts, folder, &problem), 0);
	return facts.row;
}

static char *content(const char *folder, const char *file)
{
	char path[PATH_MAX];
	size_t size;
	char *text;

	assert_int_equal(folder_join(path, sizeof path, folder, file), 0);
	text = temp_read(path, &size);
	assert_non_null(text);
	return text;
}

static void test_note(void **state)
{
	const char *folder = made_folder("note", 1, day_parse("2025-11-30"));
	char *before = content(folder, "session.json"), *after;
	char *holds = content(folder, "holds.csv");
	struct session_note note = nothing;
	struct session_row row = noted(folder);

	(void)state;
	assert_int_equal(row.pain_before, INT32_MIN);
	assert_int_equal(row.warm_up, -1);
	note.pain_before = 0;
	note.warm_up = 0;
	note.text = "=cmd() M\xc3\xbcller";
	assert_int_equal(session_note_write(folder, &note, &problem), 0);
	/* a second note keeps what it does not name */
	note = nothing;
	note.pain_after = 10;
	note.strapped_by = "self";
	assert_int_equal(session_note_write(folder, &note, &problem), 0);
	row = noted(folder);
	assert_int_equal(row.pain_before, 0);
	assert_int_equal(row.pain_after, 10);
	assert_int_equal(row.warm_up, 0);
	assert_string_equal(row.strapped_by, "self");
	assert_string_equal(row.note, "=cmd() M\xc3\xbcller");
	note = nothing;
	note.text = "";
	assert_int_equal(session_note_write(folder, &note, &problem), 0);
	assert_string_equal(noted(folder).note, "");
	/* what was judged is untouched */
	after = content(folder, "session.json");
	assert_string_equal(before, after);
	free(after);
	after = content(folder, "holds.csv");
	assert_string_equal(holds, after);
	free(after);
	free(before);
	free(holds);
}

static void refused(const char *folder, const struct session_note *note, int error)
{
	assert_int_equal(session_note_write(folder, note, &problem), error);
	assert_true(problem.text[0] != '\0');
}

static void test_refused(void **state)
{
	const char *folder = made_folder("refused", 1, day_parse("2025-11-30"));
	char path[PATH_MAX], longer[SESSION_NOTE_TEXT_MAX + 2];
	struct session_note note = nothing;

	(void)state;
	note.pain_before = 11;
	refused(folder, &note, -EINVAL);
	note = nothing;
	note.strapped_by = "=1";
	refused(folder, &note, -EINVAL);
	note = nothing;
	note.text = "two\nlines";
	refused(folder, &note, -EINVAL);
	note.text = "\xff";
	refused(folder, &note, -EINVAL);
	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	note.text = longer;
	refused(folder, &note, -EINVAL);
	assert_int_equal(folder_join(path, sizeof path, folder, "note.json"), 0);
	assert_false(temp_exists(path));
	longer[SESSION_NOTE_TEXT_MAX] = '\0';
	assert_int_equal(session_note_write(folder, &note, &problem), 0);
	assert_string_equal(noted(folder).note, longer);
	note.text = "x";
	refused(temp_path("."), &note, -EINVAL); /* no session there */
	temp_write_text("refused/anna-1/sessions/000001-2025-11-30-lying-towel-left/"
		"note.json", "{ \"pain_before\": ");
	refused(folder, &note, -EBADMSG); /* and what it says is not thrown away */
}

/* session.json of a session that began so many seconds ago, in that boot. */
static void put_session(const char *name, const char *boot, double ago_s,
	const char *more)
{
	char path[PATH_MAX], text[512];

	snprintf(path, sizeof path, "late/anna-1/sessions/%s", name);
	assert_int_equal(folder_make(temp_path(path)), 0);
	strcat(path, "/session.json");
	snprintf(text, sizeof text, "{ \"started_at\": \"1970-01-01T00:01:00.000+00:00\","
		" \"clock_source\": \"none\", \"boot_id\": \"%s\","
		" \"started_monotonic_s\": %.6f, \"kept\": [1, null]%s }", boot,
		(double)clock_monotonic_us() * 1e-6 - ago_s, more);
	temp_write_text(path, text);
}

/* Seconds from a moment to now by the wall clock. */
static double seconds_ago(const char *iso)
{
	char now_text[CLOCK_TEXT_MAX];
	struct moment then, now;

	clock_iso(now_text);
	assert_true(moment_parse(iso, &then));
	assert_true(moment_parse(now_text, &now));
	return (double)(now.local_ms - then.local_ms) / 1000.0;
}

static void test_dated_later(void **state)
{
	char boot[CLOCK_TEXT_MAX];
	struct session_entry *list;
	struct session_facts facts;
	size_t count;

	(void)state;
	clock_boot_id(boot);
	if (boot[0] == '\0') {
		printf("# this kernel tells no boot id\n");
		skip();
	}
	put_session("000001-undated-lying-towel-left", "another-boot", 90.0, "");
	put_session("000002-undated-lying-towel-left", boot, 90.0, "");
	put_session("000003-undated-lying-towel-left", boot, 30.0,
		", \"status\": \"open\"");
	put_session("000004-undated-lying-towel-left", boot, -90.0, "");
	assert_int_equal(clock_said_date(temp_path("late"), CLOCK_PERSON, &problem), 1);
	assert_int_equal(clock_said_date(temp_path("late"), CLOCK_PERSON, &problem), 0);
	assert_int_equal(session_list_names(temp_path("late"), NULL, &list, &count,
		&problem), 0);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(session_facts_read(&facts, list[i].path, &problem), 0);
		assert_string_equal(facts.row.clock_source, i == 1 ? "person" : "none");
		if (i == 1)
			assert_true(fabs(seconds_ago(facts.started_at) - 90.0) < 20.0);
		else
			assert_string_equal(facts.row.date_local, "");
	}
	free(list);
	assert_int_equal(session_list_read(temp_path("late"), NULL, &list, &count,
		&problem), 0);
	assert_int_equal(list[1].date[4], '-'); /* a day, though its folder has none */
	assert_string_equal(list[0].date, "undated");
	free(list);
}

static void test_word(void **state)
{
	char boot[CLOCK_TEXT_MAX];
	enum clock_source trust = clock_trust();

	(void)state;
	clock_boot_id(boot);
	if (boot[0] == '\0' || trust != CLOCK_NONE) {
		printf("# this clock is vouched for already\n");
		skip();
	}
	assert_int_equal(clock_said_trust(temp_path("word")), CLOCK_NONE);
	assert_int_equal(clock_said_write(temp_path("word"), &problem), 0);
	assert_int_equal(clock_said_trust(temp_path("word")), CLOCK_PERSON);
	/* the word of another boot is none */
	temp_write_text("word/clock.json", "{ \"boot_id\": \"another\" }");
	assert_int_equal(clock_said_trust(temp_path("word")), CLOCK_NONE);
	temp_write_text("word/clock.json", "[");
	assert_int_equal(clock_said_trust(temp_path("word")), CLOCK_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_dated_later),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
