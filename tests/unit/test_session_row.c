/* How the holds of a session add up. Expected values are worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/hold.h"
#include "stretch/session_row.h"

static struct hold_row hold_of(double seconds, double mean_deg, int32_t result,
	int32_t confidence)
{
	return (struct hold_row){ .hold_s = seconds, .angle_mean_deg = mean_deg,
		.result = result, .angle_confidence = confidence, .samples = 100,
		.angle_quantity = QUANTITY_THIGH_ELEVATION,
		.angle_method = METHOD_MEASURED };
}

static void test_adds_up(void **state)
{
	struct hold_row holds[5];
	struct session_row row;

	(void)state;
	holds[0] = hold_of(31.5, 70.0, RESULT_DONE, CONFIDENCE_HIGH);
	holds[1] = hold_of(12.25, 60.0, RESULT_SHORT, CONFIDENCE_MEDIUM);
	holds[2] = hold_of(30.0, 72.0, RESULT_DONE, CONFIDENCE_HIGH);
	holds[3] = hold_of(8.0, 75.0, RESULT_STOPPED, CONFIDENCE_HIGH);
	/* never counted: neither its angle nor its confidence speaks */
	holds[4] = hold_of(0.0, 90.0, RESULT_SHORT, CONFIDENCE_NONE);
	holds[4].samples = 0;
	session_row_init(&row);
	session_row_holds(&row, holds, 5);
	assert_int_equal(row.attempts, 5);
	assert_int_equal(row.reps_done, 2);
	assert_true(row.stretch_s == 81.75);
	assert_true(row.angle_best_deg == 75.0);
	assert_true(row.angle_typical_deg == 71.0); /* of 60 70 72 75 */
	assert_int_equal(row.worst_confidence, CONFIDENCE_MEDIUM);
	assert_int_equal(row.angle_quantity, QUANTITY_THIGH_ELEVATION);
}

static void test_no_angle(void **state)
{
	struct hold_row hold = hold_of(30.0, (double)NAN, RESULT_DONE, CONFIDENCE_LOW);
	struct session_row row;

	(void)state;
	hold.angle_quantity = QUANTITY_NONE;
	hold.angle_method = METHOD_NOT_MEASURED;
	session_row_init(&row);
	session_row_holds(&row, &hold, 1);
	assert_int_equal(row.reps_done, 1);
	assert_true(isnan(row.angle_best_deg) && isnan(row.angle_typical_deg));
	assert_int_equal(row.angle_method, METHOD_NOT_MEASURED);
	assert_int_equal(row.worst_confidence, -1);
}

static void test_nothing(void **state)
{
	struct session_row row;
	char text[ROW_TEXT_MAX];

	(void)state;
	session_row_init(&row);
	column_row(&session_table, &row, text, sizeof text);
	for (size_t i = 0; i + 1 < session_table.count; i++)
		assert_int_equal(text[i], ',');
	assert_string_equal(text + session_table.count - 1, "\r\n");
	session_row_holds(&row, NULL, 0);
	assert_int_equal(row.attempts, 0);
	assert_true(row.stretch_s == 0.0);
	assert_true(isnan(row.angle_best_deg));
}

/* Names that other programs rely on. */
static void test_columns(void **state)
{
	static const char *const relied_on[] = { "session", "run_id", "wearer",
		"date_local", "clock_source", "exercise", "side", "other_leg", "mode",
		"reps_done", "reps_prescribed", "stretch_s", "prescribed_s",
		"angle_quantity", "angle_best_deg", "angle_typical_deg", "pain_before",
		"pain_after", "warm_up", "slip_deg", "slip_check", "worst_confidence" };

	(void)state;
	for (size_t i = 0; i < sizeof relied_on / sizeof relied_on[0]; i++) {
		size_t c = 0;

		while (c < session_table.count &&
			strcmp(session_table.columns[c].name, relied_on[i]) != 0)
			c++;
		assert_true(c < session_table.count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adds_up),
		cmocka_unit_test(test_no_angle),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
