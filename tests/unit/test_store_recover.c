/*
 * Sessions after a power cut, and the list of sessions. Damaged files are made by
 * hand; expectations are written by hand.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/store_fixture.h"
#include "linux/recording.h"
#include "linux/folder.h"
#include "linux/session_list.h"

static void expect_status(const char *path, const char *expected)
{
	json_t *facts = json_load_file(path, 0, NULL);

	assert_non_null(facts);
	assert_string_equal(
		json_string_value(json_object_get(facts, "status")), expected);
	json_decref(facts);
}

/* A session as a power cut leaves it: open, and with these ends of files. */
static void make_cut_session(
	const char *wearer, const char *raw_end, size_t raw_size, const char *holds_end)
{
	json_t *facts = json_pack("{s:s, s:s}", "status", STORE_OPEN, "mode", "thigh");

	open_session(wearer);
	assert_int_equal(store_keep(&store, &problem), 0);
	assert_int_equal(store_json(&store, "session.json", facts, &problem), 0);
	json_decref(facts);
	put_sample(0);
	put_sample(9615);
	assert_int_equal(store_hold(&store, &done_row), 0);
	csv_out_flush(&store.csv[STORE_RAW]);
	assert_int_equal(write(store.csv[STORE_RAW].fd, raw_end, raw_size), raw_size);
	assert_int_equal(write(store.csv[STORE_HOLDS].fd, holds_end, strlen(holds_end)),
		strlen(holds_end));
	for (int i = 0; i < STORE_FILES; i++)
		csv_out_close(&store.csv[i], NULL);
}

static int recover(const char *wearer)
{
	const struct store_place place = place_of(wearer);

	return store_recover(
		place.state_dir, wearer, &fixture_tables, "stretchd", &problem);
}

static void test_recover_torn_files(void **state)
{
	static char zeros[9000];
	struct recording *recording;
	struct sample sample;
	char *text;

	(void)state;
	make_cut_session("hal", zeros, sizeof zeros, "12.5,1,sho");
	assert_int_equal(mkdir(below("hal", "sessions/.new-000002-x"), 0700), 0);
	temp_write_text("hal/sessions/.new-000002-x/raw.csv", "t_s\r\n");
	assert_int_equal(mkdir(below("hal", "sessions/mine"), 0700), 0);
	assert_int_equal(recover("hal"), 1);
	assert_int_equal(entries(below("hal", "sessions")), 2);
	expect_status(below("hal", FIRST "/session.json"), STORE_RECOVERED);
	expect_file(below("hal", FIRST "/holds.csv"), FIXTURE_HOLDS FIXTURE_DONE);
	assert_int_equal(recording_open(&recording, below("hal", FIRST "/raw.csv.gz"),
				 NULL, &problem),
		0);
	while (recording_next(recording, &sample, NULL, &problem) > 0)
		;
	assert_int_equal(recording_stats(recording).rows, 2);
	assert_int_equal(recording_stats(recording).torn, 0);
	recording_close(recording);
	assert_true(temp_exists(below("hal", FIRST "/datapackage.json")));
	assert_int_equal(entries(below("hal", "sessions/mine")), 0);
	/* once closed it is left alone */
	text = temp_read(below("hal", FIRST "/session.json"), NULL);
	assert_int_equal(recover("hal"), 0);
	expect_file(below("hal", FIRST "/session.json"), text);
	free(text);
}

static void test_recover_unreadable_facts(void **state)
{
	static const char *const bad[] = { "", "{", "[]", "{\"status\": 3}" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char wearer[16];
		char name[100];
		bool object = bad[i][0] == '{' && bad[i][1] != '\0';

		snprintf(wearer, sizeof wearer, "ida%zu", i);
		make_cut_session(wearer, "", 0, "");
		snprintf(name, sizeof name, "%s/" FIRST "/session.json", wearer);
		temp_write_text(name, bad[i]);
		assert_int_equal(recover(wearer), 1);
		expect_status(below(wearer, FIRST "/session.json"), STORE_RECOVERED);
		assert_int_equal(
			temp_exists(below(wearer, FIRST "/session.json.bad")), !object);
		if (!object)
			expect_file(below(wearer, FIRST "/session.json.bad"), bad[i]);
	}
}

static void test_recover_with_files_missing(void **state)
{
	static const char *const files[] = { "session.json", "raw.csv", "samples.csv",
		"holds.csv" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (int empty = 0; empty < 2; empty++) {
			char wearer[16], name[100];

			snprintf(wearer, sizeof wearer, "jo%zu%d", i, empty);
			make_cut_session(wearer, "", 0, "");
			snprintf(name, sizeof name, "%s/" FIRST "/%s", wearer, files[i]);
			assert_int_equal(unlink(temp_path(name)), 0);
			if (empty)
				temp_write_text(name, "");
			assert_int_equal(recover(wearer), 1);
			expect_status(
				below(wearer, FIRST "/session.json"), STORE_RECOVERED);
			open_session(wearer);
			assert_int_equal(store.number, 2);
			store_abort(&store);
		}
	}
	assert_int_equal(recover("nobody"), 0);
}

static void test_session_list(void **state)
{
	struct session_entry *list;
	size_t count;

	(void)state;
	make_cut_session("kim", "", 0, "");
	assert_int_equal(recover("kim"), 1);
	open_session("kim");
	assert_int_equal(store_keep(&store, &problem), 0);
	assert_int_equal(store_hold(&store, &done_row), 0);
	assert_int_equal(store_hold(&store, &short_row), 0);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	assert_int_equal(
		session_list_read(temp_path("."), "kim", &list, &count, &problem), 0);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].number, 1);
	assert_string_equal(list[0].status, STORE_RECOVERED);
	assert_string_equal(list[0].mode, "thigh");
	assert_string_equal(list[0].problem.text, "");
	assert_int_equal(list[0].holds, 1);
	assert_string_equal(list[1].wearer, "kim");
	assert_string_equal(list[1].date, "2025-11-30");
	assert_string_equal(list[1].exercise, "lying-towel");
	assert_string_equal(list[1].side, "left");
	assert_int_equal(list[1].holds, 2);
	assert_int_equal(list[1].done, 1);
	assert_true(list[1].stretch_s == 42.5);
	/* without session.json: listed, with its problem */
	assert_non_null(strstr(list[1].problem.text, "session.json"));
	free(list);
	temp_write_text("kim/" FIRST "/holds.csv", "hold_s,result\r\nx,done\r\n");
	assert_int_equal(
		session_list_read(temp_path("."), "kim", &list, &count, &problem), 0);
	assert_int_equal(list[0].holds, -1);
	assert_non_null(
		strstr(list[0].problem.text, "holds.csv:2: column hold_s: \"x\""));
	free(list);
	assert_int_equal(
		session_list_read(temp_path("."), NULL, &list, &count, &problem), 0);
	assert_true(count > 10);
	for (size_t i = 1; i < count; i++)
		assert_true(strcmp(list[i - 1].wearer, list[i].wearer) < 0 ||
			list[i - 1].number < list[i].number);
	free(list);
	assert_int_equal(
		session_list_read(temp_path("."), "nobody", &list, &count, &problem),
		-ENODATA);
	assert_int_equal(
		session_list_read(temp_path("."), "a/b", &list, &count, &problem),
		-EINVAL);
	assert_int_equal(
		session_list_read(temp_path("none"), NULL, &list, &count, &problem),
		-ENOENT);
}

/* A session of a clock that nobody vouched for was not listed at all. */
static void test_undated_session_is_listed(void **state)
{
	struct session_entry *list;
	size_t count;

	(void)state;
	assert_int_equal(
		folder_make(temp_path("uma/sessions/000007-undated-seated-leg-right")),
		0);
	assert_int_equal(folder_make(
		temp_path("uma/sessions/000008-2025-1130-seated-leg-right")), 0);
	assert_int_equal(
		session_list_read(temp_path("."), "uma", &list, &count, &problem), 0);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].number, 7);
	assert_string_equal(list[0].date, "undated");
	assert_string_equal(list[0].exercise, "seated-leg");
	assert_string_equal(list[0].side, "right");
	free(list);
	/* the same without opening a file: no word of what is missing in it */
	assert_int_equal(
		session_list_names(temp_path("."), "uma", &list, &count, &problem), 0);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].holds, -1);
	assert_string_equal(list[0].problem.text, "");
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recover_torn_files),
		cmocka_unit_test(test_recover_unreadable_facts),
		cmocka_unit_test(test_recover_with_files_missing),
		cmocka_unit_test(test_session_list),
		cmocka_unit_test(test_undated_session_is_listed),
	};

	return cmocka_run_group_tests(tests, store_fixture_make, store_fixture_remove);
}
