/*
 * The recording format: headers and rows written by hand, and the tap: what has
 * been rounded prints to text that reads back (strtod) as the same doubles.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/random.h"
#include "stretch/raw.h"

#define SEED UINT64_C(77)
#define MISSING ((double)NAN)

#define THIGH \
	",thigh_acc_x_m_s2,thigh_acc_y_m_s2,thigh_acc_z_m_s2" \
	",thigh_gyr_x_rad_s,thigh_gyr_y_rad_s,thigh_gyr_z_rad_s"
#define PELVIS \
	",pelvis_acc_x_m_s2,pelvis_acc_y_m_s2,pelvis_acc_z_m_s2" \
	",pelvis_gyr_x_rad_s,pelvis_gyr_y_rad_s,pelvis_gyr_z_rad_s"
#define TRUTH ",truth_thigh_elevation_deg,truth_pelvis_tilt_deg,truth_hip_flexion_deg"

static void test_headers(void **state)
{
	(void)state;
	for (unsigned int parts = 0; parts <= RAW_PARTS; parts++) {
		char expected[ROW_TEXT_MAX], text[ROW_TEXT_MAX];

		snprintf(expected, sizeof expected, "t_s%s%s%s%s%s%s\r\n", THIGH,
			parts & RAW_TEMP ? ",thigh_temp_c" : "",
			parts & RAW_PELVIS ? PELVIS : "",
			parts & RAW_PELVIS && parts & RAW_TEMP ? ",pelvis_temp_c" : "",
			parts & RAW_EVENT ? ",event" : "",
			parts & RAW_TRUTH ? TRUTH : "");
		column_header(raw_table(parts), text, sizeof text);
		assert_string_equal(text, expected);
		assert_string_equal(raw_table(parts)->file, "raw.csv");
	}
	/* bits beyond the known ones change nothing */
	assert_ptr_equal(raw_table(RAW_PARTS | 64), raw_table(RAW_PARTS));
}

/* Every column explains itself: schema and manual are made from it. */
static void test_columns_have_help(void **state)
{
	const struct column_table *table = raw_table(RAW_PARTS);

	(void)state;
	for (size_t i = 0; i < table->count; i++) {
		assert_true(strlen(table->columns[i].help) > 10);
		assert_non_null(table->columns[i].unit);
		if (table->columns[i].type == COLUMN_NUMBER)
			assert_true(table->columns[i].unit[0] != '\0');
	}
}

static struct sample sample_by_hand(void)
{
	return (struct sample){
		.t_us = 40000,
		.imu = {
			{ true, { 1.0000049, -9.8066512, 0.0 }, { 0.1234567, -1e-9, 2.0 },
				36.604 },
			{ true, { -0.5, 0.25, 9.81 }, { 0.0, 0.0, -3.25 }, MISSING },
		},
		.event = { EVENT_STOP, { "pain", "" } },
	};
}

static void test_row_by_hand(void **state)
{
	const struct truth truth = { 45.67891, -0.00001, MISSING };
	struct sample sample = sample_by_hand();
	struct raw_row row;
	char text[ROW_TEXT_MAX];

	(void)state;
	assert_int_equal(raw_round(&sample), 0);
	raw_row_fill(&row, &sample, &truth);
	column_row(raw_table(RAW_PARTS), &row, text, sizeof text);
	assert_string_equal(text,
		"0.040000,1.00000,-9.80665,0.00000,0.123457,0.000000,"
		"2.000000,36.60,-0.50000,0.25000,9.81000,0.000000,0.000000,-3.250000,,"
		"stop:pain,45.6789,0.0000,\r\n");
	sample.imu[SITE_PELVIS].present = false;
	sample.event.kind = EVENT_NONE;
	raw_row_fill(&row, &sample, NULL);
	column_row(raw_table(RAW_PARTS), &row, text, sizeof text);
	assert_string_equal(text,
		"0.040000,1.00000,-9.80665,0.00000,0.123457,0.000000,"
		"2.000000,36.60,,,,,,,,,,,\r\n");
}

static void expect_absent(const struct imu_reading *imu)
{
	assert_false(imu->present);
	assert_true(imu->acc_m_s2.x == 0.0 && imu->acc_m_s2.y == 0.0 &&
		imu->acc_m_s2.z == 0.0);
	assert_true(imu->gyr_rad_s.x == 0.0 && imu->gyr_rad_s.y == 0.0 &&
		imu->gyr_rad_s.z == 0.0);
	assert_true(isnan(imu->temp_c));
}

/* What the file cannot hold is given up as a whole reading. */
static void test_unbelievable_readings(void **state)
{
	const double bad_acc[] = { MISSING, (double)INFINITY, 400.1, -1e300 };
	const double bad_gyr[] = { MISSING, -(double)INFINITY, 100.1, DBL_MAX };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (int axis = 0; axis < 6; axis++) {
			struct sample sample = sample_by_hand();
			struct imu_reading *imu = &sample.imu[SITE_PELVIS];
			double *value[6] = { &imu->acc_m_s2.x, &imu->acc_m_s2.y,
				&imu->acc_m_s2.z, &imu->gyr_rad_s.x, &imu->gyr_rad_s.y,
				&imu->gyr_rad_s.z };

			*value[axis] = axis < 3 ? bad_acc[i] : bad_gyr[i];
			assert_int_equal(raw_round(&sample), 1);
			expect_absent(imu);
			assert_true(sample.imu[SITE_THIGH].present);
		}
	}
}

static void test_absent_and_temperature(void **state)
{
	struct sample sample = sample_by_hand();

	(void)state;
	sample.imu[SITE_THIGH].present = false;
	sample.imu[SITE_PELVIS].temp_c = 151.0;
	assert_int_equal(raw_round(&sample), 0); /* absent before: not given up here */
	expect_absent(&sample.imu[SITE_THIGH]);
	assert_true(sample.imu[SITE_PELVIS].present);
	assert_true(isnan(sample.imu[SITE_PELVIS].temp_c));
}

static void expect_same(const char **cell, double value)
{
	char *end;
	double read = strtod(*cell, &end);

	assert_memory_equal(&read, &value, sizeof value);
	assert_true(*end == ',' || *end == '\r');
	*cell = end + 1;
}

static struct vec3 random_vector(struct random *rng, double limit)
{
	double x = random_between(rng, -limit, limit);
	double y = random_between(rng, -limit, limit);

	return (struct vec3){ x, y, random_between(rng, -limit, limit) };
}

static void test_rounded_reads_back(void **state)
{
	struct random rng;

	(void)state;
	random_seed(&rng, SEED, 0);
	printf("# raw round trip: seed %llu\n", (unsigned long long)SEED);
	for (int i = 0; i < 100000; i++) {
		struct sample sample = { .t_us = (int64_t)(random_u64(&rng) %
						 (1 << 30)) };
		struct raw_row row;
		char text[ROW_TEXT_MAX];
		const char *cell;

		for (int site = 0; site < SITE_COUNT; site++) {
			sample.imu[site].acc_m_s2 = random_vector(&rng, 400.0);
			sample.imu[site].gyr_rad_s = random_vector(&rng, 100.0);
			sample.imu[site].temp_c = random_between(&rng, -60.0, 150.0);
			sample.imu[site].present = true;
		}
		raw_round(&sample);
		raw_row_fill(&row, &sample, NULL);
		column_row(raw_table(RAW_PELVIS | RAW_TEMP), &row, text, sizeof text);
		cell = strchr(text, ',') + 1;
		for (int site = 0; site < SITE_COUNT; site++) {
			expect_same(&cell, sample.imu[site].acc_m_s2.x);
			expect_same(&cell, sample.imu[site].acc_m_s2.y);
			expect_same(&cell, sample.imu[site].acc_m_s2.z);
			expect_same(&cell, sample.imu[site].gyr_rad_s.x);
			expect_same(&cell, sample.imu[site].gyr_rad_s.y);
			expect_same(&cell, sample.imu[site].gyr_rad_s.z);
			expect_same(&cell, sample.imu[site].temp_c);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_columns_have_help),
		cmocka_unit_test(test_row_by_hand),
		cmocka_unit_test(test_unbelievable_readings),
		cmocka_unit_test(test_absent_and_temperature),
		cmocka_unit_test(test_rounded_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
