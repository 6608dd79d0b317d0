/*
 * Recordings in; see recording.h. (Writing is in recording_out.c.)
 *
 * The columns are those of raw_table, so that what is written can be read.
 */
#include "recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_in.h"

#define NO_COLUMN (-1)
#define EXTRA_LIMIT 1e12
#define IMU_CELLS 6

struct site_columns {
	int value[IMU_CELLS]; /* acc x y z, gyr x y z */
	int temp;
};

struct recording {
	struct csv_in *in;
	bool loose_events;
	int t, event, truth[3];
	struct site_columns site[SITE_COUNT];
	int extra[RECORDING_EXTRA_MAX];
	size_t extra_count;

	unsigned int parts;
	int error; /* 0, or the first error, told again by problem */
	struct problem problem;
	int64_t last_t_us;
	struct recording_stats stats;
	double extra_value[RECORDING_EXTRA_MAX];
};

static const char *const imu_columns[SITE_COUNT][IMU_CELLS] = {
	{ "thigh_acc_x_m_s2", "thigh_acc_y_m_s2", "thigh_acc_z_m_s2",
	  "thigh_gyr_x_rad_s", "thigh_gyr_y_rad_s", "thigh_gyr_z_rad_s" },
	{ "pelvis_acc_x_m_s2", "pelvis_acc_y_m_s2", "pelvis_acc_z_m_s2",
	  "pelvis_gyr_x_rad_s", "pelvis_gyr_y_rad_s", "pelvis_gyr_z_rad_s" },
};
static const char *const temp_columns[SITE_COUNT] = { "thigh_temp_c", "pelvis_temp_c" };
static const char *const truth_columns[3] = { "truth_thigh_elevation_deg",
	"truth_pelvis_tilt_deg", "truth_hip_flexion_deg" };

static int fail_missing(struct recording *rec, const char *name, const char *advice)
{
	problem_set(&rec->problem, "%s:%llu: column %.64s: missing. %s",
		csv_in_path(rec->in), (unsigned long long)csv_in_line(rec->in), name,
		advice);
	rec->error = -EBADMSG;
	return rec->error;
}

/* Finds the six columns of a sensor; true when one of them at least is there. */
static bool find_site(struct recording *rec, int site)
{
	struct site_columns *columns = &rec->site[site];
	bool any = false;

	columns->temp = csv_in_find(rec->in, temp_columns[site]);
	for (int i = 0; i < IMU_CELLS; i++) {
		columns->value[i] = csv_in_find(rec->in, imu_columns[site][i]);
		any = any || columns->value[i] != NO_COLUMN;
	}
	return any;
}

static int require_site(struct recording *rec, int site, const char *advice)
{
	for (int i = 0; i < IMU_CELLS; i++)
		if (rec->site[site].value[i] == NO_COLUMN)
			return fail_missing(rec, imu_columns[site][i], advice);
	return 0;
}

static int find_extra(struct recording *rec, const struct recording_options *options)
{
	for (size_t i = 0; i < options->extra_count; i++) {
		rec->extra[i] = csv_in_find(rec->in, options->extra[i]);
		if (rec->extra[i] == NO_COLUMN)
			return fail_missing(rec, options->extra[i],
				"Give a recording that has it.");
	}
	rec->extra_count = options->extra_count;
	return 0;
}

static int find_columns(struct recording *rec)
{
	bool pelvis;

	rec->t = csv_in_find(rec->in, "t_s");
	if (rec->t == NO_COLUMN)
		return fail_missing(rec, "t_s", "Give a recording whose first line names "
			"its columns.");
	find_site(rec, SITE_THIGH);
	if (require_site(rec, SITE_THIGH, "A recording needs all six thigh columns.") < 0)
		return rec->error;
	pelvis = find_site(rec, SITE_PELVIS);
	if (pelvis && require_site(rec, SITE_PELVIS, "A recording has all six pelvis "
			"columns or none.") < 0)
		return rec->error;
	if (pelvis)
		rec->parts |= RAW_PELVIS;
	else
		rec->site[SITE_PELVIS].temp = NO_COLUMN;
	if (rec->site[SITE_THIGH].temp != NO_COLUMN ||
	    rec->site[SITE_PELVIS].temp != NO_COLUMN)
		rec->parts |= RAW_TEMP;
	rec->event = csv_in_find(rec->in, "event");
	if (rec->event != NO_COLUMN)
		rec->parts |= RAW_EVENT;
	for (int i = 0; i < 3; i++) {
		rec->truth[i] = csv_in_find(rec->in, truth_columns[i]);
		if (rec->truth[i] != NO_COLUMN)
			rec->parts |= RAW_TRUTH;
	}
	return 0;
}

int recording_open(struct recording **recording, const char *path,
	const struct recording_options *options, struct problem *problem)
{
	static const struct recording_options defaults = { NULL, 0, false };
	struct recording *rec;
	int error;

	*recording = NULL;
	options = options ? options : &defaults;
	if (options->extra_count > RECORDING_EXTRA_MAX) {
		problem_set(problem, "%s: more than %d extra columns asked for", path,
			RECORDING_EXTRA_MAX);
		return -EINVAL;
	}
	rec = calloc(1, sizeof *rec);
	if (!rec)
		return problem_errno(problem, path, "open", -ENOMEM);
	rec->loose_events = options->loose_events;
	error = csv_in_open(&rec->in, path, problem);
	if (error < 0) {
		free(rec);
		return error;
	}
	if (find_columns(rec) < 0 || find_extra(rec, options) < 0) {
		error = rec->error;
		if (problem)
			*problem = rec->problem;
		recording_close(rec);
		return error;
	}
	*recording = rec;
	return 0;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	csv_in_close(recording->in);
	free(recording);
}

static int cell_number(struct recording *rec, int column, double low, double high,
	double *value)
{
	int got = csv_in_number(rec->in, (size_t)column, low, high, value, &rec->problem);

	if (got < 0)
		rec->error = got;
	return got;
}

/* Like cell_number, for a column that may not exist: NAN then. */
static int optional_number(struct recording *rec, int column, double low, double high,
	double *value)
{
	*value = (double)NAN;
	return column == NO_COLUMN ? 0 : cell_number(rec, column, low, high, value);
}

static int read_time(struct recording *rec, int64_t *t_us)
{
	double t_s;
	int got = cell_number(rec, rec->t, -RAW_T_MAX_S, RAW_T_MAX_S, &t_s);

	if (got < 0)
		return got;
	if (got == 0) {
		rec->error = csv_in_bad(rec->in, &rec->problem, (size_t)rec->t,
			"empty. Every row needs its time.");
		return rec->error;
	}
	/* exact for six decimals: the error stays below half a microsecond */
	*t_us = llround(t_s * 1e6);
	if (rec->stats.rows > 0 && *t_us <= rec->last_t_us) {
		rec->error = csv_in_bad(rec->in, &rec->problem, (size_t)rec->t,
			"%.40s is not later than %.6f in the row before. Time must "
			"increase; sort the rows or repair the clock.",
			csv_in_cell(rec->in, (size_t)rec->t),
			(double)rec->last_t_us / 1e6);
		return rec->error;
	}
	return 0;
}

static int read_imu(struct recording *rec, int site, struct imu_reading *imu)
{
	const struct site_columns *columns = &rec->site[site];
	double value[IMU_CELLS];
	bool whole = true;

	*imu = (struct imu_reading){ .present = false, .temp_c = (double)NAN };
	if (columns->value[0] == NO_COLUMN)
		return 0;
	for (int i = 0; i < IMU_CELLS; i++) {
		double limit = i < 3 ? RAW_ACC_MAX_M_S2 : RAW_GYR_MAX_RAD_S;
		int got = cell_number(rec, columns->value[i], -limit, limit, &value[i]);

		if (got < 0)
			return got;
		whole = whole && got > 0;
	}
	if (optional_number(rec, columns->temp, RAW_TEMP_MIN_C, RAW_TEMP_MAX_C,
			&imu->temp_c) < 0)
		return rec->error;
	if (!whole) {
		imu->temp_c = (double)NAN;
		rec->stats.absent[site]++;
		return 0;
	}
	imu->present = true;
	imu->acc_m_s2 = (struct vec3){ value[0], value[1], value[2] };
	imu->gyr_rad_s = (struct vec3){ value[3], value[4], value[5] };
	return 0;
}

static int read_event(struct recording *rec, struct event *event)
{
	const char *cell = recording_event_text(rec);

	if (event_parse(cell, event) == 0)
		return 0;
	if (rec->loose_events) {
		rec->stats.unknown_events++;
		return 0;
	}
	rec->error = csv_in_bad(rec->in, &rec->problem, (size_t)rec->event,
		"\"%.40s\" is no event. Known: reference, start:EXERCISE:SIDE, "
		"stop:REASON, next, press, fault:SENSOR:NAME, recovered:SENSOR, "
		"reload:SHA.",
		cell);
	return rec->error;
}

static int read_truth(struct recording *rec, struct truth *truth)
{
	double *const value[3] = { &truth->thigh_elevation_deg, &truth->pelvis_tilt_deg,
		&truth->hip_flexion_deg };

	for (int i = 0; i < 3; i++)
		if (optional_number(rec, rec->truth[i], -RAW_TRUTH_MAX_DEG,
				RAW_TRUTH_MAX_DEG, value[i]) < 0)
			return rec->error;
	return 0;
}

/* The present row into sample and truth; 0 or the error. */
static int read_row(struct recording *rec, struct sample *sample, struct truth *truth)
{
	if (read_time(rec, &sample->t_us) < 0)
		return rec->error;
	for (int site = 0; site < SITE_COUNT; site++)
		if (read_imu(rec, site, &sample->imu[site]) < 0)
			return rec->error;
	if (read_event(rec, &sample->event) < 0 || read_truth(rec, truth) < 0)
		return rec->error;
	for (size_t i = 0; i < rec->extra_count; i++)
		if (cell_number(rec, rec->extra[i], -EXTRA_LIMIT, EXTRA_LIMIT,
				&rec->extra_value[i]) < 0)
			return rec->error;
	rec->last_t_us = sample->t_us;
	rec->stats.rows++;
	return 0;
}

static int next_row(struct recording *rec, struct sample *sample, struct truth *truth)
{
	int got = csv_in_next(rec->in, &rec->problem);

	if (got < 0) {
		rec->error = got;
		return got;
	}
	rec->stats.torn = csv_in_torn(rec->in);
	if (got == 0 && rec->stats.rows == 0) {
		problem_set(&rec->problem,
			"%s: no rows%s. Give a recording with samples.",
			csv_in_path(rec->in), rec->stats.torn ? " but a torn one" : "");
		rec->error = -EBADMSG;
		return rec->error;
	}
	if (got == 0)
		return 0;
	return read_row(rec, sample, truth) < 0 ? rec->error : 1;
}

int recording_next(struct recording *recording, struct sample *sample,
	struct truth *truth, struct problem *problem)
{
	struct truth unused;
	int got = recording->error;

	if (got == 0)
		got = next_row(recording, sample, truth ? truth : &unused);
	if (got < 0 && problem)
		*problem = recording->problem;
	return got;
}

unsigned int recording_parts(const struct recording *recording)
{
	return recording->parts;
}

const double *recording_extra(const struct recording *recording)
{
	return recording->extra_value;
}

const char *recording_event_text(const struct recording *recording)
{
	return recording->event == NO_COLUMN ? ""
		: csv_in_cell(recording->in, (size_t)recording->event);
}

struct recording_stats recording_stats(const struct recording *recording)
{
	return recording->stats;
}
