/* Recordings with a reference orientation; see motion_data.h. */
#include "motion_data.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "linux/recording.h"
#include "stretch/smooth.h"

static const char *const extra_names[] = { "ref_thigh_qw", "ref_thigh_qx", "ref_thigh_qy",
	"ref_thigh_qz", "score" };

const char *motion_folder(void)
{
	const char *folder = getenv("STRETCH_DATA");

	return folder && *folder ? folder : "../shared/data";
}

static void fail(const char *path, const char *text)
{
	fprintf(stderr, "%s: %s\n", path, text);
	exit(3);
}

static struct motion_row make_row(const struct sample *sample, const double *extra)
{
	struct motion_row row = { .t_s = (double)sample->t_us * 1e-6,
		.acc_m_s2 = sample->imu[SITE_THIGH].acc_m_s2,
		.gyr_rad_s = sample->imu[SITE_THIGH].gyr_rad_s };
	struct quat q = { extra[0], extra[1], extra[2], extra[3] };

	if (!sample->imu[SITE_THIGH].present)
		row.acc_m_s2 = row.gyr_rad_s = (struct vec3){ MISSING, MISSING, MISSING };
	if (isfinite(q.w) && isfinite(q.x) && isfinite(q.y) && isfinite(q.z) &&
		extra[4] > 0.5) {
		row.up = vec3_unit(quat_up(q));
		row.score = extra[4] > 1.5 ? SCORE_HOLD : SCORE_MOTION;
	}
	return row;
}

static void *need(void *memory)
{
	if (!memory)
		fail("recording", "out of memory");
	return memory;
}

static void append(struct motion_data *data, size_t *space, struct motion_row row)
{
	if (data->count == *space) {
		*space = *space ? 2 * *space : 4096;
		data->rows = need(realloc(data->rows, *space * sizeof *data->rows));
	}
	if (data->count > 0)
		row.dt_s = row.t_s - data->rows[data->count - 1].t_s;
	data->rows[data->count++] = row;
}

static void load(struct motion_data *data, const char *path)
{
	struct recording_options options = {
		.extra = extra_names, .extra_count = 5, .loose_events = true
	};
	struct recording *recording;
	struct problem problem;
	struct sample sample;
	size_t space = 0;
	int got = recording_open(&recording, path, &options, &problem);

	if (got < 0)
		fail(path, "cannot be opened, or has no reference");
	while ((got = recording_next(recording, &sample, NULL, &problem)) == 1)
		append(data, &space, make_row(&sample, recording_extra(recording)));
	if (got < 0)
		fail(path, "is damaged");
	recording_close(recording);
}

bool motion_load(struct motion_data *data, const char *name)
{
	char pattern[512];
	glob_t found;
	bool there;

	*data = (struct motion_data){ NULL, 0 };
	snprintf(pattern, sizeof pattern, "%s/recordings/%s*.csv", motion_folder(), name);
	there = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0;
	if (there)
		load(data, found.gl_pathv[0]);
	globfree(&found);
	return there;
}

void motion_free(struct motion_data *data)
{
	free(data->rows);
	*data = (struct motion_data){ NULL, 0 };
}

struct motion_data motion_average(const struct motion_data *data, size_t n)
{
	struct motion_data out = { NULL, 0 };
	size_t space = 0;

	for (size_t k = 0; k + n <= data->count; k += n) {
		struct motion_row row = data->rows[k + n - 1];
		struct vec3 acc = { 0, 0, 0 }, gyr = { 0, 0, 0 };

		for (size_t i = k; i < k + n; i++) {
			acc = vec3_add(acc, data->rows[i].acc_m_s2);
			gyr = vec3_add(gyr, data->rows[i].gyr_rad_s);
		}
		row.dt_s = 0.0;
		row.acc_m_s2 = vec3_scale(acc, 1.0 / (double)n);
		row.gyr_rad_s = vec3_scale(gyr, 1.0 / (double)n);
		append(&out, &space, row);
	}
	return out;
}

double motion_error_deg(const struct motion_row *row, struct vec3 up)
{
	return vec3_angle_rad(row->up, up) * DEG_PER_RAD;
}

double motion_rmse(
	const struct motion_data *data, const struct vec3 *up, enum motion_score score)
{
	double sum = 0.0;
	size_t n = 0;

	for (size_t k = 0; k < data->count; k++) {
		double error;

		if (data->rows[k].score != score)
			continue;
		error = motion_error_deg(&data->rows[k], up[k]);
		sum += error * error;
		n++;
	}
	return n > 0 ? sqrt(sum / (double)n) : MISSING;
}

size_t motion_first(const struct motion_data *data, enum motion_score score)
{
	size_t k = 0;

	while (k < data->count && data->rows[k].score != score)
		k++;
	return k;
}

struct motion_data motion_from(
	const struct motion_data *data, size_t first, double blank_s)
{
	struct motion_data out = { NULL, 0 };
	size_t space = 0;

	for (size_t k = first; k < data->count; k++) {
		struct motion_row row = data->rows[k];

		row.dt_s = 0.0;
		if (row.t_s - data->rows[first].t_s < blank_s)
			row.score = SCORE_NONE;
		append(&out, &space, row);
	}
	return out;
}

struct motion_data motion_spoil(
	const struct motion_data *data, double scale, struct vec3 bias_rad_s)
{
	struct motion_data out = motion_from(data, 0, 0.0);

	for (size_t k = 0; k < out.count; k++)
		out.rows[k].gyr_rad_s = vec3_add(
			bias_rad_s, vec3_scale(out.rows[k].gyr_rad_s, 1.0 + scale));
	return out;
}

struct vec3 *motion_run(const struct motion_data *data, const struct orient_param *param)
{
	struct vec3 *up = need(malloc((data->count + 1) * sizeof *up));
	struct orient_state state;

	orient_init(&state);
	for (size_t k = 0; k < data->count; k++) {
		const struct motion_row *r = &data->rows[k];

		orient_step(&state, param, r->dt_s, r->acc_m_s2, r->gyr_rad_s);
		up[k] = orient_up(&state);
	}
	return up;
}

struct vec3 *motion_run_offline(
	const struct motion_data *data, const struct orient_param *param)
{
	struct vec3 *up = need(malloc((data->count + 1) * sizeof *up));
	struct quat *q = need(malloc((data->count + 1) * sizeof *q));
	struct smooth_sample *in = need(calloc(data->count + 1, sizeof *in));
	size_t size;
	void *memory;

	for (size_t k = 0; k < data->count; k++) {
		const struct motion_row *r = &data->rows[k];

		in[k] = (struct smooth_sample){ r->dt_s, r->acc_m_s2, r->gyr_rad_s,
			false };
	}
	size = smooth_memory_size(param, in, data->count);
	memory = need(malloc(size));
	if (smooth_run(param, in, data->count, q, memory, size) != 0)
		fail("smooth_run", "says its memory is too small");
	for (size_t k = 0; k < data->count; k++)
		up[k] = quat_up(q[k]);
	free(memory);
	free(in);
	free(q);
	return up;
}

double motion_score_run(const struct motion_data *data, const struct orient_param *param,
	bool offline, enum motion_score score)
{
	struct vec3 *up =
		offline ? motion_run_offline(data, param) : motion_run(data, param);
	double rmse = motion_rmse(data, up, score);

	free(up);
	return rmse;
}

double motion_hold_spread(
	const struct motion_data *data, const struct vec3 *up, double *largest)
{
	double all = 0.0, whole = 0.0;

	*largest = 0.0;
	for (size_t k = 0; k < data->count;) {
		double sum = 0.0, square = 0.0, n = 0.0, variance;

		for (; k < data->count && data->rows[k].score == SCORE_HOLD; k++) {
			double error = motion_error_deg(&data->rows[k], up[k]);

			sum += error;
			square += error * error;
			n += 1.0;
		}
		if (n < 2.0) {
			k++;
			continue;
		}
		variance = fmax(square / n - (sum / n) * (sum / n), 0.0);
		*largest = fmax(*largest, sqrt(variance));
		all += variance * n;
		whole += n;
	}
	return whole > 0.0 ? sqrt(all / whole) : MISSING;
}
