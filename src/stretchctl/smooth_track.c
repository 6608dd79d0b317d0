/* A recording in memory, smoothed sensor by sensor; see smooth_track.h. */
#include "stretchctl/smooth_track.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "linux/recording.h"
#include "stretch/sense.h"
#include "stretch/smooth.h"
#include "stretch/timebase.h"

/* Rows as they come in; grows by doubling. */
struct rows {
	struct sample *sample;
	size_t count, room;
};

static int add_row(struct rows *rows, const struct sample *sample)
{
	if (rows->count == rows->room) {
		size_t room = rows->room > 0 ? 2 * rows->room : 4096;
		struct sample *more = reallocarray(rows->sample, room, sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		rows->sample = more;
		rows->room = room;
	}
	rows->sample[rows->count++] = *sample;
	return 0;
}

static int read_rows(struct rows *rows, const char *path, struct problem *problem)
{
	struct recording *recording;
	struct sample sample;
	int got = recording_open(&recording, path, NULL, problem);

	if (got != 0)
		return got;
	while ((got = recording_next(recording, &sample, NULL, problem)) == 1) {
		(void)raw_round(&sample);
		got = add_row(rows, &sample);
		if (got != 0)
			break;
	}
	recording_close(recording);
	if (got == -ENOMEM)
		problem_set(problem, "%s: too long for the memory of this machine", path);
	return got;
}

/* Calibrated readings of one sensor; rows without one are skipped by the filter. */
static void fill(const struct rows *rows, const struct session_inputs *in, int site,
	struct smooth_sample *out)
{
	struct gyr_zero_param param = gyr_zero_default();
	struct gyr_zero zero;
	struct timebase time;

	timebase_init(&time);
	gyr_zero_init(&zero);
	for (size_t i = 0; i < rows->count; i++) {
		struct imu_reading r = rows->sample[i].imu[site];
		struct timebase_step step = timebase_step(&time, rows->sample[i].t_us,
			in->settings.gap_factor, (int64_t)(in->settings.gap_min_ms * 1e3));

		calib_apply(&in->calib[site], &r);
		out[i].dt_s = (double)step.dt_us * 1e-6;
		out[i].gap = step.gap;
		out[i].acc_m_s2 = r.present ? r.acc_m_s2 : (struct vec3){ NAN, NAN, NAN };
		out[i].gyr_rad_s = r.gyr_rad_s;
		(void)gyr_zero_step(&zero, &param, site, rows->sample[i].t_us, &r,
			r.present && !step.gap);
	}
	/* as in a session, only that here the samples before the rest gain too */
	for (size_t i = 0; i < rows->count; i++)
		out[i].gyr_rad_s = vec3_sub(out[i].gyr_rad_s, zero.zero_rad_s);
}

static int smooth_site(struct smooth_track *track, const struct rows *rows,
	const struct session_inputs *in, int site)
{
	struct orient_param param = smooth_default();
	struct smooth_sample *samples = calloc(rows->count, sizeof *samples);
	struct quat *attitude = calloc(rows->count, sizeof *attitude);
	size_t size = 0;
	void *memory = NULL;
	int error = -ENOMEM;

	param.gyr_full_scale_rad_s = in->calib[site].gyr_full_scale_rad_s;
	track->up[site] = calloc(rows->count, sizeof *track->up[site]);
	if (samples != NULL && attitude != NULL && track->up[site] != NULL) {
		fill(rows, in, site, samples);
		size = smooth_memory_size(&param, samples, rows->count);
		memory = malloc(size);
	}
	if (memory != NULL && smooth_run(&param, samples, rows->count, attitude, memory,
		size) == 0) {
		for (size_t i = 0; i < rows->count; i++)
			track->up[site][i] = quat_up(attitude[i]);
		error = 0;
	}
	free(memory);
	free(attitude);
	free(samples);
	return error;
}

int smooth_track_build(struct smooth_track *track, const char *path,
	const struct session_inputs *in, struct problem *problem)
{
	struct rows rows = { NULL, 0, 0 };
	int error = read_rows(&rows, path, problem);

	memset(track, 0, sizeof *track);
	if (error == 0 && rows.count == 0) {
		problem_set(problem, "%s: no rows to smooth", path);
		error = -EBADMSG;
	}
	track->count = rows.count;
	for (int site = 0; error == 0 && site < SITE_COUNT; site++) {
		if ((sense_sites(in->mode) & 1u << site) == 0)
			continue;
		error = smooth_site(track, &rows, in, site);
		if (error != 0)
			problem_set(problem, "%s: no memory to smooth it", path);
	}
	free(rows.sample);
	if (error != 0)
		smooth_track_free(track);
	return error;
}

void smooth_track_free(struct smooth_track *track)
{
	for (int site = 0; site < SITE_COUNT; site++)
		free(track->up[site]);
	memset(track, 0, sizeof *track);
}
