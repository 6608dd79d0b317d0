/*
 * Any bytes as a recording: text or gzip.
 *
 * Oracle: no crash; every value handed out is finite and within what a recording
 * can hold (or marked as missing); time increases; an error has a text of one line
 * and stays; what was accepted, rounded and written again reads back the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "linux/atomic_file.h"
#include "linux/recording.h"

#define PATH_SIZE 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check_reading(const struct imu_reading *imu)
{
	if (!imu->present) {
		must(imu->acc_m_s2.x == 0.0 && isnan(imu->temp_c));
		return;
	}
	must(vec3_finite(imu->acc_m_s2) && vec3_finite(imu->gyr_rad_s));
	must(fabs(imu->acc_m_s2.y) <= RAW_ACC_MAX_M_S2);
	must(fabs(imu->gyr_rad_s.z) <= RAW_GYR_MAX_RAD_S);
	must(isnan(imu->temp_c) ||
		(imu->temp_c >= RAW_TEMP_MIN_C && imu->temp_c <= RAW_TEMP_MAX_C));
}

static void check_sample(const struct sample *sample, const struct truth *truth)
{
	char text[RAW_EVENT_MAX];
	struct event event;

	check_reading(&sample->imu[SITE_THIGH]);
	check_reading(&sample->imu[SITE_PELVIS]);
	must(!isinf(truth->thigh_elevation_deg) && !isinf(truth->hip_flexion_deg));
	event_format(&sample->event, text);
	must(event_parse(text, &event) == 0 && event.kind == sample->event.kind);
}

/* A rounded sample, written as a row and read as numbers, is the same. */
static void check_tap(const struct sample *sample, const struct truth *truth)
{
	struct sample rounded = *sample;
	struct raw_row row;
	char text[ROW_TEXT_MAX];
	char *end;

	must(raw_round(&rounded) == 0); /* what was read can be written */
	raw_row_fill(&row, &rounded, truth);
	must(column_row(raw_table(RAW_PARTS), &row, text, sizeof text) > 0);
	if (rounded.imu[SITE_THIGH].present) {
		must(strtod(strchr(text, ',') + 1, &end) ==
			rounded.imu[SITE_THIGH].acc_m_s2.x);
		must(*end == ',');
	}
}

static void check_problem(const struct problem *problem)
{
	size_t length = strnlen(problem->text, sizeof problem->text);

	must(length > 0 && length < sizeof problem->text);
	must(!strchr(problem->text, '\n'));
}

static void read_all(struct recording *recording)
{
	struct problem problem = { "" }, again;
	struct sample sample;
	struct truth truth;
	int64_t last_us = INT64_MIN;
	int got;

	while ((got = recording_next(recording, &sample, &truth, &problem)) > 0) {
		must(sample.t_us > last_us);
		last_us = sample.t_us;
		check_sample(&sample, &truth);
		check_tap(&sample, &truth);
	}
	if (got == 0) {
		must(recording_stats(recording).rows > 0);
		return;
	}
	check_problem(&problem);
	must(recording_next(recording, &sample, &truth, &again) == got);
	must(strcmp(problem.text, again.text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct recording_options loose = { NULL, 0, true };
	struct recording *recording;
	struct problem problem = { "" };
	char path[PATH_SIZE];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	must(fd >= 0 && atomic_file_put(fd, data, size) == 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int strict = 0; strict < 2; strict++) {
		if (recording_open(&recording, path, strict ? NULL : &loose, &problem) ==
			0) {
			read_all(recording);
			recording_close(recording);
		} else {
			must(recording == NULL);
			check_problem(&problem);
		}
	}
	close(fd);
	return 0;
}
