/*
 * FHIR Observations: the members that R4 requires, and what must not be claimed. The
 * whole is checked against the R4 schema by tests/system/clinician.sh where there is
 * one. Expected values are written by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/made_history.h"
#include "../support/temp_files.h"
#include "linux/export_fhir.h"
#include "stretch/exercise.h"
#include "stretch/hold.h"

static struct history history;
static json_t *bundle;

static void export(struct made_session *session, const char *name, bool loinc)
{
	const struct history_choice choice = { .state_dir = temp_path(name),
		.since = DAY_NONE, .until = DAY_NONE, .exercise = -1, .side = -1 };
	struct problem problem;
	char path[PATH_MAX], folder[PATH_MAX];

	made_session_write(session, choice.state_dir, path);
	assert_int_equal(history_read(&history, &choice, NULL, &problem), 0);
	snprintf(folder, sizeof folder, "%s", temp_path("."));
	assert_int_equal(export_fhir_write(&history, loinc, folder, &problem), 0);
	bundle = json_load_file(temp_path(EXPORT_FHIR_FILE), JSON_REJECT_DUPLICATES,
		NULL);
	assert_non_null(bundle);
}

static void end(void)
{
	json_decref(bundle);
	history_free(&history);
}

static const json_t *observation(size_t i)
{
	return json_object_get(json_array_get(json_object_get(bundle, "entry"), i),
		"resource");
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* R4: resourceType, status of its value set, a code with system and code, a value or
 * why there is none, never both; components likewise. */
static void check_required(const json_t *o)
{
	const json_t *code = json_object_get(o, "code"), *part;
	const json_t *coding = json_array_get(json_object_get(code, "coding"), 0);
	bool value = json_object_get(o, "valueQuantity") != NULL;
	size_t i;

	assert_string_equal(text_of(o, "resourceType"), "Observation");
	assert_true(strcmp(text_of(o, "status"), "final") == 0 ||
		strcmp(text_of(o, "status"), "preliminary") == 0);
	assert_true(strlen(text_of(o, "id")) <= 64);
	assert_string_equal(text_of(coding, "system"), "urn:stretchd:measure");
	assert_non_null(text_of(coding, "code"));
	assert_int_not_equal(value, json_object_get(o, "dataAbsentReason") != NULL);
	json_array_foreach(json_object_get(o, "component"), i, part) {
		assert_non_null(json_object_get(part, "code"));
		assert_int_not_equal(json_object_get(part, "valueQuantity") != NULL,
			json_object_get(part, "valueString") != NULL);
	}
}

static size_t codings(const json_t *o)
{
	return json_array_size(json_object_get(json_object_get(o, "code"), "coding"));
}

static const char *code_at(const json_t *o, size_t i)
{
	return text_of(json_array_get(json_object_get(json_object_get(o, "code"),
		"coding"),
		i), "code");
}

static void test_two_sensors(void **state)
{
	struct made_session s;

	(void)state;
	made_session_init(&s, day_parse("2025-11-30"), SIDE_RIGHT, (double)NAN);
	s.mode = MODE_THIGH_PELVIS;
	made_hold(&s, 51.25);
	made_hold(&s, 52.0)->result = RESULT_SHORT;
	export(&s, "two", true);
	assert_string_equal(text_of(bundle, "resourceType"), "Bundle");
	assert_string_equal(text_of(bundle, "type"), "collection");
	check_required(observation(0));
	check_required(observation(1));
	assert_null(observation(2));
	assert_string_equal(text_of(observation(0), "id"), "anna-1-000001-1");
	assert_string_equal(text_of(observation(0), "status"), "final");
	assert_string_equal(text_of(observation(1), "status"), "preliminary");
	assert_string_equal(code_at(observation(0), 0), "hip-flexion");
	assert_int_equal(codings(observation(0)), 2);
	assert_string_equal(code_at(observation(0), 1), "41332-8");
	assert_true(json_number_value(json_object_get(json_object_get(observation(0),
		"valueQuantity"), "value")) == 51.25);
	/* the session began at 07:02:11.250, the hold a minute later */
	assert_string_equal(text_of(observation(0), "effectiveDateTime"),
		"2025-11-30T07:03:11.250+01:00");
	end();
}

/* A strap that slipped too far leaves times, no angle, and no code of one. */
static void test_slipped(void **state)
{
	struct made_session s;
	const json_t *part;
	size_t i;

	(void)state;
	made_session_init(&s, day_parse("2025-11-30"), SIDE_RIGHT, (double)NAN);
	s.mode = MODE_THIGH_PELVIS;
	s.slip_deg = -6.5;
	made_hold(&s, 51.25);
	export(&s, "slipped", true);
	check_required(observation(0));
	assert_null(json_object_get(observation(0), "valueQuantity"));
	assert_string_equal(code_at(observation(0), 0), "timed-hold");
	assert_int_equal(codings(observation(0)), 1);
	json_array_foreach(json_object_get(observation(0), "component"), i, part)
		assert_null(strstr(text_of(json_object_get(part, "code"), "text"),
			"angle"));
	end();
	s.slip_deg = 5.9;
	export(&s, "moved", true);
	assert_int_equal(codings(observation(0)), 2);
	assert_null(json_object_get(observation(0), "note"));
	end();
}

/* LOINC only on demand, only two sensors, only a raise that was pulled. */
static void test_no_loinc(void **state)
{
	struct made_session s;

	(void)state;
	made_session_init(&s, day_parse("2025-11-30"), SIDE_LEFT, 60.0);
	export(&s, "one", true);
	assert_string_equal(code_at(observation(0), 0), "thigh-elevation");
	assert_int_equal(codings(observation(0)), 1);
	end();
	s.mode = MODE_THIGH_PELVIS;
	s.holds = 0;
	made_hold(&s, 50.0);
	export(&s, "silent", false);
	assert_int_equal(codings(observation(0)), 1);
	end();
	s.exercise = EX_DOORWAY;
	s.holds = 0;
	made_hold(&s, 50.0);
	export(&s, "doorway", true);
	assert_int_equal(codings(observation(0)), 1);
	end();
}

static void test_not_certain_not_measured(void **state)
{
	struct made_session s;
	struct hold_row *hold;

	(void)state;
	made_session_init(&s, DAY_NONE, SIDE_LEFT, (double)NAN);
	hold = made_hold(&s, (double)NAN);
	hold->angle_quantity = QUANTITY_NONE;
	hold->angle_method = METHOD_NOT_MEASURED;
	export(&s, "unknown", true);
	check_required(observation(0));
	assert_null(json_object_get(observation(0), "effectiveDateTime"));
	assert_non_null(strstr(text_of(json_array_get(json_object_get(observation(0),
		"note"), 0), "text"), "date is not certain"));
	assert_null(json_object_get(observation(0), "valueQuantity"));
	assert_string_equal(code_at(observation(0), 0), "timed-hold");
	end();
}

static void test_nothing(void **state)
{
	struct made_session s;

	(void)state;
	made_session_init(&s, day_parse("2025-11-30"), SIDE_LEFT, (double)NAN);
	export(&s, "nothing", false);
	assert_null(json_object_get(bundle, "entry"));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_sensors),
		cmocka_unit_test(test_slipped),
		cmocka_unit_test(test_no_loinc),
		cmocka_unit_test(test_not_certain_not_measured),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
