/*
 * A person with a sensor on thigh and pelvis stands, sits, stands: recording in,
 * session folder out, angles against the recording's own reference orientations.
 *
 * The reference is turned into the same two quantities by other means than the
 * program's: up in the sensor frame from its quaternion, the flexion axis from its
 * own mean standing and sitting ups, the angle signed about that axis. Its origin is
 * not documented, so this is agreement, not truth. The sensors are uncalibrated (3 %
 * of gravity across the axis of reading would be 1.7 degrees), but both sides read
 * the same accelerometers, so at rest most of that error is common to both: 1 degree.
 * Standing again the person shifts about and each side follows at its own speed, and
 * the zero is a minute old: 2 degrees, for the thigh and for the hip.
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/motion_data.h"
#include "../support/programs.h"
#include "../support/temp_files.h"

#define DEG (180.0 / 3.14159265358979323846)

struct up {
	double x, y, z;
};

static struct up cross(struct up a, struct up b)
{
	return (struct up){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
		a.x * b.y - a.y * b.x };
}

static double dot(struct up a, struct up b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct up unit(struct up a)
{
	double n = sqrt(dot(a, a));

	return (struct up){ a.x / n, a.y / n, a.z / n };
}

/* Up directions of a sensor by the reference quaternions; NAN where there is none. */
static struct up *reference_ups(const struct csv_table *table, const char *sensor)
{
	struct up *ups = calloc(table->rows, sizeof *ups);
	double *q[4];

	assert_non_null(ups);
	for (int k = 0; k < 4; k++) {
		char name[32];

		snprintf(name, sizeof name, "ref_%s_q%c", sensor, "wxyz"[k]);
		q[k] = csv_table_column(table, name);
		assert_non_null(q[k]);
	}
	for (size_t i = 0; i < table->rows; i++) {
		double w = q[0][i], x = q[1][i], y = q[2][i], z = q[3][i];

		ups[i] = unit((struct up){ 2.0 * (x * z - w * y), 2.0 * (y * z + w * x),
			w * w - x * x - y * y + z * z });
	}
	for (int k = 0; k < 4; k++)
		free(q[k]);
	return ups;
}

static struct up mean_up(const struct up *ups, const double *t_s, size_t rows,
	double from_s, double to_s)
{
	struct up sum = { 0, 0, 0 };

	for (size_t i = 0; i < rows; i++) {
		if (t_s[i] < from_s || t_s[i] > to_s || isnan(ups[i].x))
			continue;
		sum = (struct up){ sum.x + ups[i].x, sum.y + ups[i].y, sum.z + ups[i].z };
	}
	return unit(sum);
}

/* Angle of each row since standing, + towards sitting, about the axis of both. */
static double *reference_angles(const struct csv_table *table, const double *t_s,
	const char *sensor)
{
	struct up *ups = reference_ups(table, sensor);
	struct up stand = mean_up(ups, t_s, table->rows, 1.0, 4.0);
	struct up sit = mean_up(ups, t_s, table->rows, 15.0, 35.0);
	struct up axis = unit(cross(stand, sit));
	double *angles = malloc(table->rows * sizeof *angles);

	assert_non_null(angles);
	for (size_t i = 0; i < table->rows; i++)
		angles[i] = DEG * atan2(dot(cross(stand, ups[i]), axis),
			dot(stand, ups[i]));
	free(ups);
	return angles;
}

/* Row of the recording at that time (100 Hz, even). */
static size_t row_at(const double *t_s, size_t rows, double at_s)
{
	size_t i = (size_t)lround(at_s * 100.0);

	assert_true(i < rows && fabs(t_s[i] - at_s) < 1e-6);
	return i;
}

struct span {
	const char *name;
	double from_s, to_s;
};

/* Prints the difference over a span; returns its root mean square. */
static double compare(const char *label, const struct span *span,
	const struct csv_table *samples, const char *column, const double *angles,
	const double *t_s, size_t rows)
{
	double *at_s = csv_table_column(samples, "t_s");
	double *value = csv_table_column(samples, column);
	double sum = 0.0, square = 0.0, mean = 0.0, n = 0.0;

	assert_non_null(at_s);
	assert_non_null(value);
	for (size_t i = 0; i < samples->rows; i++) {
		double e, reference;

		if (at_s[i] < span->from_s || at_s[i] > span->to_s)
			continue;
		reference = angles[row_at(t_s, rows, at_s[i])];
		if (isnan(reference))
			continue;
		assert_true(isfinite(value[i]));
		e = value[i] - reference;
		mean += reference;
		sum += e;
		square += e * e;
		n += 1.0;
	}
	free(at_s);
	free(value);
	assert_true(n >= 20.0);
	printf("# %s %s, %s: reference %.1f deg, difference mean %+.2f, RMS %.2f deg "
	       "(%.0f rows)\n",
		label, column, span->name, mean / n, sum / n, sqrt(square / n), n);
	return sqrt(square / n);
}

/* All files of a session, and nothing beside them; raw compressed. */
static void check_folder(const char *folder)
{
	static const char *const files[] = { "session.json", "inputs.json", "holds.csv",
		"samples.csv", "raw.csv.gz", "datapackage.json" };
	char path[512];
	unsigned char *gz;
	size_t size;
	int n = 0;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
		n += entry->d_name[0] != '.';
	closedir(dir);
	assert_int_equal(n, sizeof files / sizeof *files);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		if (!temp_exists(path))
			fail_msg("%s is missing", path);
	}
	snprintf(path, sizeof path, "%s/raw.csv.gz", folder);
	gz = (unsigned char *)temp_read(path, &size);
	assert_true(size > 1000 && gz[0] == 0x1f && gz[1] == 0x8b);
	free(gz);
}

static void judge(const char *path, const char *side, const char *folder)
{
	const char *const words[] = { "stretchctl", "replay", path, "--exercise",
		"standing-bend", "--side", side, "--reference-at", "1..4", "-o", folder,
		NULL };
	struct program_end end = program_run(words);

	assert_string_equal(end.err, "");
	assert_int_equal(end.status, 0);
	check_folder(folder);
}

static void check_side(const char *side)
{
	/* the program gives no angle before its reference window has ended */
	static const struct span spans[] = { { "standing 4-5 s", 4.02, 5.0 },
		{ "sitting 15-35 s", 15.0, 35.0 },
		{ "standing again 41-52 s", 41.0, 52.0 } };
	static const double limit_deg[] = { 1.0, 1.0, 2.0 };
	struct csv_table recording, samples;
	double *t_s, *thigh, *hip;
	char path[512], folder[256];

	snprintf(path, sizeof path, "%s/recordings/qmt_stand_sit_walk_%s.csv",
		motion_folder(), side);
	if (!csv_table_load(&recording, path)) {
		printf("# skipped: %s is not there\n", path);
		skip();
	}
	snprintf(folder, sizeof folder, "%s", temp_path(side));
	judge(path, side, folder);
	snprintf(path, sizeof path, "%s/samples.csv", folder);
	assert_true(csv_table_load(&samples, path));
	t_s = csv_table_column(&recording, "t_s");
	thigh = reference_angles(&recording, t_s, "thigh");
	hip = reference_angles(&recording, t_s, "pelvis");
	for (size_t i = 0; i < recording.rows; i++)
		hip[i] = thigh[i] - hip[i];
	for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
		assert_true(compare(side, &spans[k], &samples, "thigh_elevation_deg",
			thigh, t_s, recording.rows) <= limit_deg[k]);
		assert_true(compare(side, &spans[k], &samples, "hip_flexion_deg", hip,
			t_s, recording.rows) <= limit_deg[k]);
	}
	free(t_s);
	free(thigh);
	free(hip);
	csv_table_free(&recording);
	csv_table_free(&samples);
}

static void test_left(void **state)
{
	(void)state;
	check_side("left");
}

static void test_right(void **state)
{
	(void)state;
	check_side("right");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_right),
	};

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
