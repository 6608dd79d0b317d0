/*
 * Histories read back from made session folders: what is chosen, in which order, and
 * what becomes of folders that temp_set_up no sense. Expected values are written by hand.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/made_history.h"
#include "../support/temp_files.h"
#include "linux/folder.h"
#include "linux/history.h"
#include "stretch/exercise.h"

static struct history history;
static struct problem problem;
static int complaints;

static void count_complaint(void *context, const struct problem *what)
{
	(void)context;
	assert_true(strlen(what->text) > 10 && strchr(what->text, '\n') == NULL);
	complaints++;
}

static struct history_choice all_of(const char *state_dir)
{
	return (struct history_choice){ .state_dir = state_dir, .since = DAY_NONE,
		.until = DAY_NONE, .exercise = -1, .side = -1 };
}

/* Reads; numbers is what comes out, as text: "1 2 5". */
static void expect_numbers(const struct history_choice *choice, const char *numbers)
{
	char text[512] = "";
	size_t used = 0;

	complaints = 0;
	assert_int_equal(history_read(&history, choice, count_complaint, &problem), 0);
	for (size_t i = 0; i < history.count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%u",
			i > 0 ? " " : "", history.sessions[i].number);
	assert_string_equal(text, numbers);
}

static void write_session(const char *state_dir, uint32_t number, const char *day,
	int32_t side, char path[PATH_MAX])
{
	struct made_session session;

	made_session_init(&session, day ? day_parse(day) : DAY_NONE, side, 60.0 + number);
	session.number = number;
	made_session_write(&session, state_dir, path);
}

/* Seven sessions, the clock unknown in three of them. */
static const char *seven(const char *name)
{
	static char state_dir[PATH_MAX];
	char path[PATH_MAX];

	snprintf(state_dir, sizeof state_dir, "%s", temp_path(name));
	write_session(state_dir, 1, NULL, SIDE_LEFT, path);
	write_session(state_dir, 2, "2025-11-01", SIDE_LEFT, path);
	write_session(state_dir, 3, "2025-11-01", SIDE_RIGHT, path);
	write_session(state_dir, 4, NULL, SIDE_LEFT, path);
	write_session(state_dir, 5, "2025-11-03", SIDE_LEFT, path);
	write_session(state_dir, 6, "2025-11-04", SIDE_RIGHT, path);
	write_session(state_dir, 7, NULL, SIDE_RIGHT, path);
	return state_dir;
}

static void test_all(void **state)
{
	const struct history_choice choice = all_of(seven("all"));
	const struct history_session *s;

	(void)state;
	expect_numbers(&choice, "1 2 3 4 5 6 7");
	assert_int_equal(complaints, 0);
	assert_string_equal(history.wearer, "anna-1");
	s = &history.sessions[0];
	assert_int_equal(s->day, DAY_NONE);
	assert_string_equal(s->facts.row.date_local, "");
	assert_string_equal(s->facts.row.time_local, "");
	assert_string_equal(s->facts.row.clock_source, "none");
	s = &history.sessions[2];
	assert_int_equal(s->day, day_parse("2025-11-01"));
	assert_string_equal(s->facts.row.session, "000003-2025-11-01-lying-towel-right");
	assert_string_equal(s->facts.row.time_local, "07:02:11");
	assert_int_equal(s->holds, 1);
	assert_true(history.holds[s->first].angle_mean_deg == 63.0);
	assert_true(s->facts.row.angle_typical_deg == 63.0);
	assert_true(s->facts.row.prescribed_s == 30.0);
	assert_true(s->facts.band_high_deg == 85.0);
	assert_int_equal(s->facts.calibrated, 1);
	history_free(&history);
}

/*
 * A session without a date is part of a period unless the dated ones around it
 * rule that out: 1 came before 1 November, 4 on 1 to 3, 7 after the 4th.
 */
static void test_period(void **state)
{
	struct history_choice choice = all_of(seven("period"));

	(void)state;
	choice.since = day_parse("2025-11-02");
	expect_numbers(&choice, "4 5 6 7");
	history_free(&history);
	choice.until = day_parse("2025-11-03");
	expect_numbers(&choice, "4 5");
	history_free(&history);
	choice.since = choice.until = day_parse("2025-11-01");
	expect_numbers(&choice, "1 2 3 4");
	history_free(&history);
	choice.since = choice.until = day_parse("2026-01-01");
	expect_numbers(&choice, "7");
	history_free(&history);
}

static void test_side_and_exercise(void **state)
{
	struct history_choice choice = all_of(seven("side"));

	(void)state;
	choice.side = SIDE_RIGHT;
	expect_numbers(&choice, "3 6 7");
	history_free(&history);
	choice.exercise = EX_DOORWAY;
	expect_numbers(&choice, "");
	history_free(&history);
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *out;

	assert_int_equal(folder_join(path, sizeof path, folder, name), 0);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void test_damage(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX], file[PATH_MAX + 16];
	struct history_choice choice = all_of(state_dir);

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("damage"));
	write_session(state_dir, 1, "2025-11-01", SIDE_LEFT, path);
	put(path, "session.json", "{ \"side\": ");
	write_session(state_dir, 2, "2025-11-02", SIDE_RIGHT, path);
	snprintf(file, sizeof file, "%s/holds.csv", path);
	assert_int_equal(unlink(file), 0);
	write_session(state_dir, 3, "2025-11-03", SIDE_LEFT, path);
	put(path, "note.json", "[]");
	write_session(state_dir, 4, "2025-11-04", SIDE_LEFT, path);
	put(path, "holds.csv", "hold_s,result\r\n30.00,done\r\n12.00,perfect\r\n");
	write_session(state_dir, 5, "2025-11-05", SIDE_LEFT, path);
	put(path, "holds.csv", "hold_s,result\r\n30.00,done\r\n12.00,sho");
	expect_numbers(&choice, "1 2 3 4 5");
	assert_int_equal(complaints, 4);
	assert_int_equal(history.damaged, 4);
	/* the folder's name says what session.json does not, but vouches for no day */
	assert_int_equal(history.sessions[0].facts.row.exercise, EX_LYING_TOWEL);
	assert_int_equal(history.sessions[0].facts.row.side, SIDE_LEFT);
	assert_int_equal(history.sessions[0].day, DAY_NONE);
	assert_int_equal(history.sessions[1].facts.row.attempts, INT32_MIN);
	assert_int_equal(history.sessions[2].facts.row.reps_done, 1);
	assert_int_equal(history.sessions[3].holds, 1);
	assert_int_equal(history.sessions[4].holds, 1); /* torn: no damage */
	assert_false(history.sessions[4].damaged);
	history_free(&history);
}

/* Of the disk's trouble only what was judged counts: raw is given up first. */
static void test_rows_lost(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	const struct history_choice choice = all_of(state_dir);

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("lost"));
	write_session(state_dir, 1, "2025-11-01", SIDE_LEFT, path);
	put(path, "session.json", "{ \"storage\": { \"raw_rows_lost\": 9,"
		" \"judged_rows_lost\": 2, \"hold_rows_lost\": 1 } }");
	write_session(state_dir, 2, "2025-11-02", SIDE_LEFT, path);
	expect_numbers(&choice, "1 2");
	assert_int_equal(history.sessions[0].facts.rows_lost, 3);
	assert_int_equal(history.sessions[1].facts.rows_lost, -1);
	history_free(&history);
}

static void test_wearers(void **state)
{
	char state_dir[PATH_MAX], path[PATH_MAX];
	struct history_choice choice = all_of(state_dir);
	struct made_session session;

	(void)state;
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("wearers"));
	assert_int_equal(folder_make(state_dir), 0);
	assert_int_equal(history_read(&history, &choice, NULL, &problem), -ENODATA);
	history_free(&history);
	write_session(state_dir, 1, "2025-11-01", SIDE_LEFT, path);
	made_session_init(&session, day_parse("2025-11-02"), SIDE_LEFT, 70.0);
	session.wearer = "ben";
	made_session_write(&session, state_dir, path);
	assert_int_equal(history_read(&history, &choice, NULL, &problem), -ENODATA);
	assert_non_null(strstr(problem.text, "(anna-1, ben). Name one with --wearer"));
	history_free(&history);
	choice.wearer = "ben";
	expect_numbers(&choice, "1");
	assert_true(history.holds[0].angle_mean_deg == 70.0);
	history_free(&history);
	choice.wearer = "carl";
	assert_int_equal(history_read(&history, &choice, NULL, &problem), -ENODATA);
	history_free(&history);
	choice.wearer = "../ben";
	assert_int_equal(history_read(&history, &choice, NULL, &problem), -EINVAL);
	history_free(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_period),
		cmocka_unit_test(test_side_and_exercise),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_rows_lost),
		cmocka_unit_test(test_wearers),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
