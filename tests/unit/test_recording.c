/*
 * Recordings read and written. Expected values are written by hand; the round trip
 * compares with the samples that were written; row counts of real recordings are
 * compared with a count of their newlines.
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

#include "../support/recording_all.h"
#include "../support/temp_files.h"
#include "linux/recording.h"
#include "stretch/random.h"

#define SEED UINT64_C(4711)

#define H \
	"t_s,thigh_acc_x_m_s2,thigh_acc_y_m_s2,thigh_acc_z_m_s2," \
	"thigh_gyr_x_rad_s,thigh_gyr_y_rad_s,thigh_gyr_z_rad_s"
#define P \
	",pelvis_acc_x_m_s2,pelvis_acc_y_m_s2,pelvis_acc_z_m_s2," \
	"pelvis_gyr_x_rad_s,pelvis_gyr_y_rad_s,pelvis_gyr_z_rad_s"
#define ROW(t) t ",0.1,0.2,9.8,0.01,0.02,0.03"

static void test_torn_row_is_dropped(void **state)
{
	const char *path = temp_write_text("a.csv",
		H "\r\n" ROW("0") "\r\n" ROW("0.01") "\r\n"
						     "0.02,0.1,0.2,9.8,0.01,0.02,0.0");
	struct recording_stats stats;
	struct problem problem;

	(void)state;
	assert_int_equal(recording_all(path, NULL, &stats, &problem), 0);
	assert_int_equal(stats.rows, 2);
	assert_int_equal(stats.torn, 1);
	/* cut after the newline: nothing is torn */
	path = temp_write_text("a.csv", H "\r\n" ROW("0") "\r\n");
	assert_int_equal(recording_all(path, NULL, &stats, &problem), 0);
	assert_int_equal(stats.rows, 1);
	assert_int_equal(stats.torn, 0);
	/* even between CR and LF */
	path = temp_write_text("a.csv", H "\r\n" ROW("0") "\r\n" ROW("1") "\r");
	assert_int_equal(recording_all(path, NULL, &stats, &problem), 0);
	assert_int_equal(stats.rows, 1);
	assert_int_equal(stats.torn, 1);
}

/* Every length of a good file gives its whole rows, or says what is wrong. */
static void test_cut_anywhere(void **state)
{
	static const char text[] =
		H ",event\r\n" ROW("0") ",\r\n" ROW("0.5") ",press\r\n";
	const size_t header = sizeof H + strlen(",event\r\n") - 1;
	const size_t row = strlen(ROW("0") ",\r\n");

	(void)state;
	for (size_t length = 1; length < sizeof text; length++) {
		struct recording_stats stats;
		struct problem problem;
		int got = recording_all(
			temp_write("a.csv", text, length), NULL, &stats, &problem);

		if (length < header + row) {
			assert_int_equal(got, -EBADMSG);
			continue;
		}
		assert_int_equal(got, 0);
		assert_int_equal(stats.rows, length == sizeof text - 1 ? 2 : 1);
		assert_int_equal(
			stats.torn, length > header + row && length < sizeof text - 1);
	}
}

static void test_columns_by_name(void **state)
{
	const char *path = temp_write_text("a.csv",
		"\xef\xbb\xbf"
		"score,thigh_gyr_z_rad_s,thigh_gyr_y_rad_s,thigh_gyr_x_rad_s,\"note, "
		"quoted\","
		"thigh_acc_z_m_s2,thigh_acc_y_m_s2,thigh_acc_x_m_s2,truth_hip_flexion_"
		"deg,,t_s,event,,"
		"thigh_temp_c\n"
		"2,6,5,4,\"a \"\"b\"\", c\",3,2,1,45.5,,-1.25,start:doorway:left,x,21.5\n"
		",-6e0, +5 ,.5,,3.,0002,1,,,7,,,nan\n");
	const char *const extra[] = { "score", "truth_hip_flexion_deg" };
	const struct recording_options options = { extra, 2, false };
	struct recording *rec;
	struct sample sample;
	struct truth truth;
	struct problem problem;

	(void)state;
	assert_int_equal(recording_open(&rec, path, &options, &problem), 0);
	assert_int_equal(recording_parts(rec), RAW_TEMP | RAW_EVENT | RAW_TRUTH);
	assert_int_equal(recording_next(rec, &sample, &truth, &problem), 1);
	assert_int_equal(sample.t_us, -1250000);
	assert_true(sample.imu[SITE_THIGH].present);
	assert_true(sample.imu[SITE_THIGH].acc_m_s2.x == 1.0);
	assert_true(sample.imu[SITE_THIGH].acc_m_s2.y == 2.0);
	assert_true(sample.imu[SITE_THIGH].acc_m_s2.z == 3.0);
	assert_true(sample.imu[SITE_THIGH].gyr_rad_s.x == 4.0);
	assert_true(sample.imu[SITE_THIGH].gyr_rad_s.y == 5.0);
	assert_true(sample.imu[SITE_THIGH].gyr_rad_s.z == 6.0);
	assert_true(sample.imu[SITE_THIGH].temp_c == 21.5);
	assert_false(sample.imu[SITE_PELVIS].present);
	assert_int_equal(sample.event.kind, EVENT_START);
	assert_string_equal(sample.event.word[0], "doorway");
	assert_string_equal(recording_event_text(rec), "start:doorway:left");
	assert_true(truth.hip_flexion_deg == 45.5 && isnan(truth.pelvis_tilt_deg));
	assert_true(recording_extra(rec)[0] == 2.0 && recording_extra(rec)[1] == 45.5);
	assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
	assert_true(sample.imu[SITE_THIGH].gyr_rad_s.z == -6.0);
	assert_true(sample.imu[SITE_THIGH].gyr_rad_s.x == 0.5);
	assert_true(isnan(sample.imu[SITE_THIGH].temp_c));
	assert_int_equal(sample.event.kind, EVENT_NONE);
	assert_true(isnan(recording_extra(rec)[0]));
	assert_int_equal(recording_next(rec, &sample, NULL, &problem), 0);
	recording_close(rec);
}

static void test_extra_column_missing(void **state)
{
	const char *path = temp_write_text("a.csv", H "\n" ROW("0") "\n");
	const char *const extra[] = { "score" };
	struct recording_options options = { extra, 1, false };
	struct recording_stats stats;
	struct problem problem;
	char expected[600];

	(void)state;
	assert_int_equal(recording_all(path, &options, &stats, &problem), -EBADMSG);
	snprintf(expected, sizeof expected,
		"%s:1: column score: missing. Give a recording that has it.", path);
	assert_string_equal(problem.text, expected);
	options.extra_count = RECORDING_EXTRA_MAX + 1;
	assert_int_equal(recording_all(path, &options, &stats, &problem), -EINVAL);
}

static void test_absent_readings(void **state)
{
	const char *path = temp_write_text("a.csv",
		H P ",pelvis_temp_c\n"
		    "0,1,2,3,4,5,6,1,2,3,4,5,6,20\n"
		    "1,1,,3,4,5,6,1,2,3,4,5,NaN,20\n"
		    "2,1,2,3,4,5,6,,,,,,,\n");
	static const bool present[3][2] = { { true, true }, { false, false },
		{ true, false } };
	struct recording *rec;
	struct sample sample;
	struct problem problem;

	(void)state;
	assert_int_equal(recording_open(&rec, path, NULL, &problem), 0);
	assert_int_equal(recording_parts(rec), RAW_PELVIS | RAW_TEMP);
	for (int row = 0; row < 3; row++) {
		assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
		for (int site = 0; site < SITE_COUNT; site++) {
			const struct imu_reading *imu = &sample.imu[site];

			assert_int_equal(imu->present, present[row][site]);
			if (imu->present)
				continue;
			assert_true(imu->acc_m_s2.x == 0.0 && imu->gyr_rad_s.z == 0.0);
			assert_true(isnan(imu->temp_c));
		}
	}
	assert_int_equal(recording_stats(rec).absent[SITE_THIGH], 1);
	assert_int_equal(recording_stats(rec).absent[SITE_PELVIS], 2);
	recording_close(rec);
}

static void test_loose_events(void **state)
{
	const char *path = temp_write_text(
		"a.csv", H ",event\n" ROW("0") ",start x_p\n" ROW("1") ",press\n");
	const struct recording_options loose = { NULL, 0, true };
	struct recording *rec;
	struct sample sample;
	struct problem problem;

	(void)state;
	assert_int_equal(recording_open(&rec, path, &loose, &problem), 0);
	assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
	assert_int_equal(sample.event.kind, EVENT_NONE);
	assert_string_equal(recording_event_text(rec), "start x_p");
	assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
	assert_int_equal(sample.event.kind, EVENT_PRESS);
	assert_int_equal(recording_stats(rec).unknown_events, 1);
	recording_close(rec);
}

/* Rows need not be even; a time with six decimals keeps its microseconds. */
static void test_times_are_exact(void **state)
{
	const int64_t start[] = { -3999999999000000, 0, 1700000000123456,
		3999999998000000 };
	struct random rng;

	(void)state;
	random_seed(&rng, SEED, 0);
	for (size_t s = 0; s < 4; s++) {
		const char *path = temp_path("a.csv");
		int64_t written[2000];
		struct recording_writer *writer = malloc(sizeof *writer);
		struct sample sample = { .t_us = start[s] };
		struct recording *rec;
		struct problem problem;

		assert_int_equal(
			recording_writer_open(writer, path, 0, false, &problem), 0);
		for (int i = 0; i < 2000; i++) {
			sample.t_us += 1 + (int64_t)(random_u64(&rng) % 400);
			written[i] = sample.t_us;
			assert_int_equal(recording_write(writer, &sample, NULL), 0);
		}
		assert_int_equal(recording_writer_close(writer, &problem), 0);
		free(writer);
		assert_int_equal(recording_open(&rec, path, NULL, &problem), 0);
		for (int i = 0; i < 2000; i++) {
			assert_int_equal(recording_next(rec, &sample, NULL, &problem), 1);
			assert_true(sample.t_us == written[i]);
		}
		recording_close(rec);
	}
}

static struct sample random_sample(struct random *rng, int64_t t_us)
{
	struct sample sample = { .t_us = t_us };

	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_reading *imu = &sample.imu[site];

		imu->present = random_u64(rng) % 8 != 0;
		imu->acc_m_s2 = (struct vec3){ random_between(rng, -401.0, 401.0), -0.0,
			random_between(rng, -20.0, 20.0) };
		imu->gyr_rad_s = (struct vec3){ random_between(rng, -1e-6, 1e-6),
			random_between(rng, -35.0, 35.0),
			random_between(rng, -100.5, 100.5) };
		imu->temp_c = random_u64(rng) % 2 ? random_between(rng, -61.0, 151.0)
						  : (double)NAN;
	}
	if (random_u64(rng) % 4 == 0)
		sample.event = (struct event){ EVENT_FAULT, { "thigh", "nack-3" } };
	return sample;
}

static bool same_number(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static bool same_reading(const struct imu_reading *a, const struct imu_reading *b)
{
	return a->present == b->present && same_number(a->temp_c, b->temp_c) &&
		same_number(a->acc_m_s2.x, b->acc_m_s2.x) &&
		same_number(a->acc_m_s2.y, b->acc_m_s2.y) &&
		same_number(a->acc_m_s2.z, b->acc_m_s2.z) &&
		same_number(a->gyr_rad_s.x, b->gyr_rad_s.x) &&
		same_number(a->gyr_rad_s.y, b->gyr_rad_s.y) &&
		same_number(a->gyr_rad_s.z, b->gyr_rad_s.z);
}

#define ROWS 20000

/* The tap: after raw_round, file (plain and compressed) and core hold the same. */
static void test_what_is_written_is_read(void **state)
{
	static struct sample written[ROWS];
	static struct recording_writer writer;
	const char *path = temp_path("all.csv"), *gz = temp_path("all.csv.gz");
	struct random rng;
	struct problem problem;

	(void)state;
	random_seed(&rng, SEED, 1);
	printf("# recording round trip: seed %llu, %d rows\n", (unsigned long long)SEED,
		ROWS);
	assert_int_equal(
		recording_writer_open(&writer, path,
			RAW_PELVIS | RAW_TEMP | RAW_EVENT | RAW_TRUTH, true, &problem),
		0);
	assert_false(temp_exists(path)); /* only when it is whole */
	for (int i = 0; i < ROWS; i++) {
		const struct truth truth = { i / 64.0, -1.0, (double)NAN };

		written[i] = random_sample(&rng, (int64_t)i * 9615);
		raw_round(&written[i]);
		assert_int_equal(
			recording_write(&writer, &written[i], i % 64 ? NULL : &truth), 0);
	}
	assert_int_equal(recording_writer_close(&writer, &problem), 0);
	temp_compress(path, gz);
	for (int compressed = 0; compressed < 2; compressed++) {
		struct recording *rec;
		struct sample sample;
		struct truth truth;

		assert_int_equal(
			recording_open(&rec, compressed ? gz : path, NULL, &problem), 0);
		for (int i = 0; i < ROWS; i++) {
			assert_int_equal(
				recording_next(rec, &sample, &truth, &problem), 1);
			assert_true(sample.t_us == written[i].t_us);
			assert_true(same_reading(&sample.imu[0], &written[i].imu[0]));
			assert_true(same_reading(&sample.imu[1], &written[i].imu[1]));
			assert_int_equal(sample.event.kind, written[i].event.kind);
			assert_string_equal(
				sample.event.word[1], written[i].event.word[1]);
			assert_true(i % 64 ? isnan(truth.thigh_elevation_deg)
					   : truth.thigh_elevation_deg == i / 64.0);
		}
		recording_close(rec);
	}
}

static uint64_t count_rows(const char *path)
{
	char *text = temp_read(path, NULL);
	uint64_t newlines = 0;

	if (!text)
		return 0;
	for (const char *c = text; *c != '\0'; c++)
		newlines += *c == '\n';
	free(text);
	return newlines - 1;
}

static void test_real_recordings(void **state)
{
	static const char *const names[] = { "broad_02_undisturbed_slow_rotation_B",
		"imucal_six_positions", "qmt_stand_sit_walk_left", "xio_left_thigh" };
	const char *folder = getenv("STRETCH_DATA");
	const struct recording_options loose = { NULL, 0, true };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[PATH_MAX];
		struct recording_stats stats;
		struct problem problem;

		snprintf(path, sizeof path, "%s/recordings/%s.csv",
			folder ? folder : "../shared/data", names[i]);
		if (!temp_exists(path)) {
			printf("# no real recordings here: skipped\n");
			skip();
		}
		assert_int_equal(recording_all(path, &loose, &stats, &problem), 0);
		assert_int_equal(stats.rows, count_rows(path));
		assert_int_equal(stats.absent[SITE_THIGH], 0);
		assert_int_equal(stats.torn, 0);
		/* 9 positions and turns, each with its start and stop */
		assert_int_equal(
			stats.unknown_events, strstr(names[i], "imucal") ? 18 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn_row_is_dropped),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_columns_by_name),
		cmocka_unit_test(test_extra_column_missing),
		cmocka_unit_test(test_absent_readings),
		cmocka_unit_test(test_loose_events),
		cmocka_unit_test(test_times_are_exact),
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_real_recordings),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
