/*
 * Session folders of a wearer: names and numbers, when they appear and vanish, what
 * stands in them. Expectations are written by hand from the folder's description.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/store_fixture.h"
#include "linux/recording.h"

static int permissions(const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	return info.st_mode & 0777;
}

static void test_a_kept_session(void **state)
{
	json_t *facts = json_pack("{s:s}", "status", STORE_OPEN);
	struct recording *recording;
	struct sample sample;

	(void)state;
	open_session("ann");
	assert_string_equal(store_name(&store), "000001-2025-11-30-lying-towel-left");
	assert_int_equal(store_json(&store, "session.json", facts, &problem), 0);
	put_sample(0);
	assert_int_equal(store_judged(&store, &done_row), 0);
	assert_false(temp_exists(below("ann", FIRST)));
	assert_false(temp_exists(below("ann", "counter")));
	assert_int_equal(store_keep(&store, &problem), 0);
	assert_int_equal(store_keep(&store, &problem), 0); /* again: nothing */
	assert_true(temp_exists(below("ann", FIRST)));
	expect_file(below("ann", "counter"), "1\n");
	assert_int_equal(store_hold(&store, &done_row), 0);
	/* before anything else: the hold is in its file */
	expect_file(below("ann", FIRST "/holds.csv"), FIXTURE_HOLDS FIXTURE_DONE);
	put_sample(9615);
	assert_int_equal(store_hold(&store, &short_row), 0);
	assert_int_equal(store_flush(&store, true), 0);
	json_object_set_new(facts, "status", json_string(STORE_CLOSED));
	assert_int_equal(store_close(&store, facts, &problem), 0);
	assert_int_equal(store_close(&store, facts, &problem), 0);
	json_decref(facts);

	assert_int_equal(entries(below("ann", "sessions")), 1);
	assert_int_equal(entries(below("ann", FIRST)), 5);
	expect_file(
		below("ann", FIRST "/session.json"), "{\n  \"status\": \"closed\"\n}\n");
	expect_file(below("ann", FIRST "/samples.csv"), FIXTURE_JUDGED);
	expect_file(below("ann", FIRST "/holds.csv"),
		FIXTURE_HOLDS FIXTURE_DONE FIXTURE_SHORT);
	assert_int_equal(recording_open(&recording, below("ann", FIRST "/raw.csv.gz"),
				 NULL, &problem),
		0);
	assert_int_equal(recording_next(recording, &sample, NULL, &problem), 1);
	assert_int_equal(recording_next(recording, &sample, NULL, &problem), 1);
	assert_int_equal(sample.t_us, 9615);
	assert_int_equal(recording_next(recording, &sample, NULL, &problem), 0);
	recording_close(recording);
	assert_int_equal(permissions(below("ann", FIRST)), 0750);
	assert_int_equal(permissions(below("ann", "sessions")), 0750);
	assert_int_equal(permissions(below("ann", FIRST "/holds.csv")), 0640);
	assert_int_equal(permissions(below("ann", FIRST "/raw.csv.gz")), 0640);
	assert_int_equal(permissions(below("ann", FIRST "/session.json")), 0640);
}

static void test_package(void **state)
{
	static const char expected_text[] =
		"{\"profile\": \"tabular-data-package\", \"program\": \"stretchd\","
		"\"name\": \"000001-2025-11-30-lying-towel-left\", \"resources\": ["
		"{\"name\": \"holds\", \"path\": \"holds.csv\", \"description\": "
		"\"holds\","
		" \"profile\": \"tabular-data-resource\", \"format\": \"csv\","
		" \"mediatype\": \"text/csv\", \"encoding\": \"utf-8\","
		" \"dialect\": {\"delimiter\": \",\", \"doubleQuote\": true,"
		"  \"header\": true, \"lineTerminator\": \"\\r\\n\"},"
		" \"schema\": {\"missingValues\": [\"\"], \"fields\": ["
		"  {\"name\": \"hold_s\", \"type\": \"number\", \"unit\": \"s\","
		"   \"description\": \"held\"},"
		"  {\"name\": \"drops\", \"type\": \"integer\", \"description\": "
		"\"left\"},"
		"  {\"name\": \"result\", \"type\": \"string\", \"description\": "
		"\"outcome\","
		"   \"constraints\": {\"enum\": [\"done\", \"short\"]}},"
		"  {\"name\": \"note\", \"type\": \"string\", \"description\": \"a "
		"word\"}]}},"
		"{\"name\": \"samples\", \"path\": \"samples.csv\", \"description\": "
		"\"judged\","
		" \"profile\": \"tabular-data-resource\", \"format\": \"csv\","
		" \"mediatype\": \"text/csv\", \"encoding\": \"utf-8\","
		" \"dialect\": {\"delimiter\": \",\", \"doubleQuote\": true,"
		"  \"header\": true, \"lineTerminator\": \"\\r\\n\"},"
		" \"schema\": {\"missingValues\": [\"\"], \"fields\": ["
		"  {\"name\": \"t_s\", \"type\": \"number\", \"unit\": \"s\","
		"   \"description\": \"time\"},"
		"  {\"name\": \"counting\", \"type\": \"boolean\", \"description\": "
		"\"counts\","
		"   \"trueValues\": [\"1\"], \"falseValues\": [\"0\"]},"
		"  {\"name\": \"flags\", \"type\": \"string\", \"description\": \"seen\","
		"   \"flags\": [\"slip\", \"gap\"]}]}}]}";
	json_t *expected = json_loads(expected_text, 0, NULL);
	json_t *package, *resources, *raw;

	(void)state;
	open_session("bob");
	assert_int_equal(store_keep(&store, &problem), 0);
	put_sample(0);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	package = json_load_file(below("bob", FIRST "/datapackage.json"), 0, NULL);
	assert_non_null(package);
	assert_non_null(expected);
	resources = json_object_get(package, "resources");
	assert_int_equal(json_array_size(resources), 3);
	raw = json_array_get(resources, 2);
	assert_string_equal(
		json_string_value(json_object_get(raw, "path")), "raw.csv.gz");
	assert_string_equal(json_string_value(json_object_get(raw, "compression")), "gz");
	assert_int_equal(json_array_size(json_object_get(
				 json_object_get(raw, "schema"), "fields")),
		8);
	json_array_remove(resources, 2);
	assert_true(json_equal(package, expected));
	json_decref(package);
	json_decref(expected);
}

static void test_never_entered_leaves_nothing(void **state)
{
	(void)state;
	open_session("cara");
	put_sample(0);
	assert_int_equal(entries(below("cara", "sessions")), 1);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	assert_int_equal(entries(below("cara", "sessions")), 0);
	open_session("cara");
	store_abort(&store);
	assert_int_equal(entries(below("cara", "sessions")), 0);
	assert_false(temp_exists(below("cara", "counter")));
	/* but one that was kept stays as it is */
	open_session("cara");
	assert_int_equal(store_keep(&store, &problem), 0);
	store_abort(&store);
	assert_int_equal(entries(below("cara", FIRST)), 3);
}

/* The disk fills: raw goes first, then samples; holds are written to the end. */
static void test_disk_fills(void **state)
{
	const struct sample sample = { .t_us = 5 };

	(void)state;
	open_session("lea");
	assert_int_equal(store_keep(&store, &problem), 0);
	put_sample(0);
	store.reserve_bytes[STORE_RAW] = UINT64_MAX;
	assert_int_equal(store_flush(&store, false), -ENOSPC);
	assert_true(store.given_up[STORE_RAW] && !store.given_up[STORE_JUDGED]);
	assert_int_equal(store_raw(&store, &sample), -ENOSPC);
	assert_int_equal(store_judged(&store, &done_row), 0);
	store.reserve_bytes[STORE_RAW] = 0;
	store.reserve_bytes[STORE_JUDGED] = UINT64_MAX;
	store_flush(&store, true);
	assert_int_equal(store_raw(&store, &sample), -ENOSPC); /* no holes: it stays so */
	assert_int_equal(store_judged(&store, &done_row), -ENOSPC);
	assert_int_equal(store_hold(&store, &done_row), 0);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	expect_file(below("lea", FIRST "/samples.csv"), FIXTURE_JUDGED);
	expect_file(below("lea", FIRST "/holds.csv"), FIXTURE_HOLDS FIXTURE_DONE);
}

static uint32_t number_with(const char *counter, size_t size)
{
	char name[64] = "dan/counter";
	uint32_t number;

	temp_write(name, counter, size);
	open_session("dan");
	number = store.number;
	store_abort(&store);
	return number;
}

/* Rising whatever happened to the counter or to the clock. */
static void test_numbers(void **state)
{
	(void)state;
	open_session("dan");
	assert_int_equal(store.number, 1);
	store_abort(&store);
	assert_int_equal(number_with("41\n", 3), 42);
	assert_int_equal(number_with("41", 2), 42);
	assert_int_equal(number_with("", 0), 1);
	assert_int_equal(number_with("\0\0\0\0", 4), 1);
	assert_int_equal(number_with("-7\n", 3), 1);
	assert_int_equal(number_with("12x\n", 4), 1);
	assert_int_equal(
		mkdir(below("dan", "sessions/000100-1970-01-01-doorway-left"), 0700), 0);
	assert_int_equal(mkdir(below("dan", "sessions/notes"), 0700), 0);
	assert_int_equal(mkdir(below("dan", "sessions/999-x"), 0700), 0);
	assert_int_equal(number_with("41\n", 3), 101);
	assert_int_equal(number_with("\0\0\0", 3), 101);
	assert_int_equal(number_with("200\n", 4), 201);
	assert_int_equal(
		mkdir(below("dan", "sessions/1000000-2025-01-01-doorway-left"), 0700), 0);
	assert_int_equal(number_with("200\n", 4), 1000001);
	assert_string_equal(store_name(&store), "1000001-2025-11-30-lying-towel-left");
}

static void test_leftover_of_a_crash_is_no_obstacle(void **state)
{
	(void)state;
	open_session("eve");
	put_sample(0);
	for (int i = 0; i < STORE_FILES; i++)
		csv_out_close(&store.csv[i], NULL); /* and then the power went */
	open_session("eve");
	assert_int_equal(entries(below("eve", "sessions")), 1);
	assert_int_equal(store_keep(&store, &problem), 0);
	assert_int_equal(store_close(&store, NULL, &problem), 0);
	assert_int_equal(entries(below("eve", "sessions")), 1);
}

static void test_unsafe_names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "../a", ".hidden",
		"a\nb" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		for (int which = 0; which < 4; which++) {
			struct store_place place = place_of("fay");
			const char **part[] = { &place.wearer, &place.date,
				&place.exercise, &place.side };

			*part[which] = bad[i];
			assert_int_equal(
				store_open(&store, &place, &fixture_tables, &problem),
				-EINVAL);
		}
	}
	assert_false(temp_exists(below("fay", "")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_kept_session),
		cmocka_unit_test(test_package),
		cmocka_unit_test(test_never_entered_leaves_nothing),
		cmocka_unit_test(test_disk_fills),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_leftover_of_a_crash_is_no_obstacle),
		cmocka_unit_test(test_unsafe_names),
	};

	return cmocka_run_group_tests(tests, store_fixture_make, store_fixture_remove);
}
