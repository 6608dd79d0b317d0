/* samples.csv for a session's page; see report_session.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "linux/folder.h"
#include "linux/row_in.h"
#include "stretchctl/report_session.h"

static bool add(struct report_trace *trace, const struct judged_row *row)
{
	if (trace->count == trace->room) {
		size_t room = trace->room ? 2 * trace->room : 4096;
		struct report_moment *more = reallocarray(trace->moment, room,
			sizeof *more);

		if (!more)
			return false;
		trace->moment = more;
		trace->room = room;
	}
	trace->moment[trace->count++] = (struct report_moment){
		.t_s = (float)((double)row->t_us * 1e-6),
		.angle_deg = (float)row->signal_deg,
		.pelvis_deg = (float)row->pelvis_tilt_deg,
		.counting = row->counting > 0 };
	return true;
}

static int read_rows(struct report_trace *trace, struct csv_in *in,
	struct problem *problem)
{
	struct judged_row row;
	struct row_in map;
	int got;

	row_in_init(&map, &judged_table, in);
	while ((got = csv_in_next(in, problem)) > 0) {
		memset(&row, 0, sizeof row);
		got = row_in_take(&map, in, &row, problem);
		if (got < 0)
			return got;
		if (row.t_us != INT64_MIN && !add(trace, &row))
			return problem_errno(problem, csv_in_path(in), "hold", -ENOMEM);
	}
	return got;
}

int report_trace_read(struct report_trace *trace, const char *folder,
	struct problem *problem)
{
	char path[PATH_MAX];
	struct csv_in *in;
	int error = folder_join(path, sizeof path, folder, "samples.csv");

	memset(trace, 0, sizeof *trace);
	if (error < 0)
		return problem_errno(problem, folder, "read", error);
	error = csv_in_open(&in, path, problem);
	if (error < 0)
		return error;
	error = read_rows(trace, in, problem);
	csv_in_close(in);
	return error;
}

void report_trace_free(struct report_trace *trace)
{
	free(trace->moment);
	memset(trace, 0, sizeof *trace);
}
