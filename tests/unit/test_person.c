/*
 * What is kept of a wearer: share and curve survive the file, grow old after 60
 * days, and are not used without dates. Expected values by hand.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "linux/person.h"

static char state_dir[64];

static int setup(void **unused)
{
	char wearer[80];

	(void)unused;
	snprintf(state_dir, sizeof state_dir, "/tmp/stretch-person-XXXXXX");
	if (mkdtemp(state_dir) == NULL)
		return -1;
	snprintf(wearer, sizeof wearer, "%s/anna", state_dir);
	return mkdir(wearer, 0750);
}

static int teardown(void **unused)
{
	char path[96];

	(void)unused;
	snprintf(path, sizeof path, "%s/anna/person.json", state_dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/anna", state_dir);
	rmdir(path);
	return rmdir(state_dir);
}

static struct hold_row measured(double share)
{
	return (struct hold_row){ .exercise = EX_LYING_TOWEL, .side = SIDE_RIGHT,
		.other_leg = OTHER_BENT, .pelvis_share = share,
		.pelvis_method = METHOD_MEASURED, .result = RESULT_DONE };
}

static struct session_inputs inputs(enum side side)
{
	static struct session_inputs in;

	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	in.settings.exercise = EX_LYING_TOWEL;
	in.settings.side = (int32_t)side;
	in.settings.other_leg = OTHER_BENT;
	return in;
}

static void days_are_counted(void **unused)
{
	(void)unused;
	assert_int_equal(person_days_between("2025-12-31", "2026-01-01"), 1);
	assert_int_equal(person_days_between("2024-02-28", "2024-03-01"), 2);
	assert_true(person_days_between("undated", "2024-03-01") < 0);
	assert_true(person_days_between("2024-03-01x", "2024-03-01") < 0);
}

/* Shares 0.20, 0.30: mean 0.25, SD = 0.0707, 2 SD = 0.1414 > 0.06. */
static void share_is_kept_and_ages(void **unused)
{
	static struct person person, again;
	struct hold_row low = measured(0.20), high = measured(0.30);
	struct session_inputs in = inputs(SIDE_RIGHT), left = inputs(SIDE_LEFT);
	struct problem problem;

	(void)unused;
	memset(&person, 0, sizeof person);
	person_learn_share(&person, "2026-01-01", &low);
	person_learn_share(&person, "2026-01-02", &high);
	assert_int_equal(person_save(state_dir, "anna", &person, &problem), 0);
	assert_int_equal(person_load(state_dir, "anna", &again, &problem), 0);

	person_apply(&again, "2026-03-03", &in); /* 60 days later */
	assert_true(in.have_share);
	assert_true(fabs(in.share - 0.25) < 1e-12);
	assert_true(fabs(in.share_spread - 0.2 * sqrt(0.5)) < 1e-12);

	in = inputs(SIDE_RIGHT);
	person_apply(&again, "2026-03-04", &in); /* 61 days */
	assert_false(in.have_share);
	person_apply(&again, "undated", &in);
	assert_false(in.have_share);
	person_apply(&again, "2026-01-03", &left); /* the other side knows nothing */
	assert_false(left.have_share);
}

/* Equal shares have no scatter: the range is then +-0.06. One hold is no mean. */
static void range_has_a_least_width(void **unused)
{
	static struct person person;
	struct hold_row row = measured(0.30);
	struct session_inputs in = inputs(SIDE_RIGHT);

	(void)unused;
	memset(&person, 0, sizeof person);
	person_learn_share(&person, "2026-01-01", &row);
	person_apply(&person, "2026-01-01", &in);
	assert_false(in.have_share);
	person_learn_share(&person, "2026-01-01", &row);
	person_apply(&person, "2026-01-01", &in);
	assert_true(in.have_share);
	assert_true(fabs(in.share_spread - 0.06) < 1e-12);
}

static void only_measured_done_holds_teach(void **unused)
{
	static struct person person;
	struct hold_row inferred = measured(0.3), broken = measured(0.3);
	struct hold_row empty = measured(NAN);

	(void)unused;
	memset(&person, 0, sizeof person);
	inferred.pelvis_method = METHOD_INFERRED;
	broken.result = RESULT_SHORT;
	person_learn_share(&person, "2026-01-01", &inferred);
	person_learn_share(&person, "2026-01-01", &broken);
	person_learn_share(&person, "2026-01-01", &empty);
	assert_int_equal(person.share_count, 0);
}

/* A 13th value pushes the first out; what is over 60 days old starts anew. */
static void old_values_make_room(void **unused)
{
	static struct person person;
	struct hold_row row;

	(void)unused;
	memset(&person, 0, sizeof person);
	for (int i = 0; i < 13; i++) {
		row = measured(0.01 * i);
		person_learn_share(&person, "2026-01-01", &row);
	}
	assert_int_equal(person.shares[0].count, PERSON_VALUES_MAX);
	assert_true(fabs(person.shares[0].values[0] - 0.01) < 1e-12);
	row = measured(0.5);
	person_learn_share(&person, "2026-06-01", &row);
	assert_int_equal(person.shares[0].count, 1);
}

static void curve_is_kept(void **unused)
{
	static struct person person, again;
	struct pelvis_curve curve = { .valid = true, .a = 0.1, .b = 0.2, .c = 0.001,
		.top_deg = 71.25, .residual_deg = 0.4 };
	struct session_inputs in = inputs(SIDE_LEFT);
	struct problem problem;

	(void)unused;
	memset(&person, 0, sizeof person);
	person_learn_curve(&person, "2026-01-01", &in, &curve);
	assert_int_equal(person_save(state_dir, "anna", &person, &problem), 0);
	assert_int_equal(person_load(state_dir, "anna", &again, &problem), 0);
	person_apply(&again, "2026-02-01", &in);
	assert_true(in.have_curve);
	/* to the bit: the file's numbers have all the digits of a double */
	assert_true(in.curve.valid);
	assert_true(in.curve.a == curve.a && in.curve.b == curve.b &&
		in.curve.c == curve.c && in.curve.top_deg == curve.top_deg &&
		in.curve.residual_deg == curve.residual_deg);
}

static void a_spoilt_file_is_told_and_left_out(void **unused)
{
	static const char absurd_curve[] =
		"{\"person_version\":1,\"shares\":[],\"curves\":[{\"side\":\"left\","
		"\"other_leg\":\"bent\",\"date\":\"2026-01-01\",\"a_deg\":1e9}]}";
	static const char *const texts[] = { "", "{", "[]", "{\"person_version\":2}",
		"{\"person_version\":1,\"shares\":[{}],\"curves\":[]}",
		"{\"person_version\":1,\"shares\":[],\"curves\":[7]}", absurd_curve };
	static struct person person;
	struct problem problem;
	char path[96];

	(void)unused;
	snprintf(path, sizeof path, "%s/anna/person.json", state_dir);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(texts[i], file);
		fclose(file);
		assert_int_equal(person_load(state_dir, "anna", &person, &problem),
			-EBADMSG);
		assert_non_null(strstr(problem.text, "person.json:"));
		assert_int_equal(person.share_count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted),
		cmocka_unit_test(share_is_kept_and_ages),
		cmocka_unit_test(range_has_a_least_width),
		cmocka_unit_test(only_measured_done_holds_teach),
		cmocka_unit_test(old_values_make_room),
		cmocka_unit_test(curve_is_kept),
		cmocka_unit_test(a_spoilt_file_is_told_and_left_out),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
