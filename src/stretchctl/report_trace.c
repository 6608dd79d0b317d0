/* samples.csv for a session's page; see report_session.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "linux/folder.h"
#include "linux/row_in.h"
#include "stretch/flags.h"
#include "stretch/hold.h"
#include "stretchctl/report_session.h"

/* What made the lamp say so; without another cause it was too fast. */
static enum trace_event corrected(uint32_t flags)
{
	static const struct {
		enum flag flag;
		enum trace_event event;
	} causes[] = { { FLAG_PELVIS_MOVING, TRACE_PELVIS },
		{ FLAG_PAST_CAP, TRACE_PAST_CAP }, { FLAG_BOUNCE, TRACE_BOUNCE },
		{ FLAG_KNEE_UP, TRACE_LIFTED }, { FLAG_PUSH_UP, TRACE_PUSHED },
		{ FLAG_OUT_OF_PLANE, TRACE_ASIDE } };

	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if ((flags & FLAG_BIT(causes[i].flag)) != 0)
			return causes[i].event;
	return TRACE_FAST;
}

enum trace_event report_trace_event(const struct judged_row *row)
{
	if (row->state == HOLD_FAULT || (row->flags & FLAGS_BAD_DATA) != 0)
		return TRACE_NO_DATA;
	if (row->led == LED_FIX)
		return corrected(row->flags);
	return row->state == HOLD_PAUSED ? TRACE_PAUSED : TRACE_NOTHING;
}

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
		.counting = row->counting > 0,
		.event = (uint8_t)report_trace_event(row) };
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
