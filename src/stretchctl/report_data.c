/* A report's numbers; see report_data.h. Trends are in report_series.c. */
#include "stretchctl/report_data.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stretchctl/report_plan.h"
#include "stretchctl/report_series.h"

#define DAYS_MAX 20000 /* what a wrong date may cost in memory */
#define NOON 720

static void set_period(struct report *r, int32_t since, int32_t until)
{
	for (size_t i = 0; i < r->history->count; i++) {
		int32_t day = r->history->sessions[i].day;

		if (day == DAY_NONE)
			continue;
		if (r->first_day == DAY_NONE || day < r->first_day)
			r->first_day = day;
		if (r->last_day == DAY_NONE || day > r->last_day)
			r->last_day = day;
	}
	if (since != DAY_NONE && (r->first_day == DAY_NONE || since < r->first_day))
		r->first_day = since;
	if (until != DAY_NONE && (r->last_day == DAY_NONE || until > r->last_day))
		r->last_day = until;
	if (r->first_day == DAY_NONE || r->last_day == DAY_NONE)
		r->first_day = r->last_day = DAY_NONE;
	else if (r->last_day - r->first_day >= DAYS_MAX)
		r->first_day = r->last_day - DAYS_MAX + 1;
	r->days = r->first_day == DAY_NONE ? 0 : r->last_day - r->first_day + 1;
}

static int32_t minute_of(const struct session_row *row)
{
	const char *t = row->time_local;

	if (t[0] == '\0')
		return NOON;
	return 60 * (10 * (t[0] - '0') + t[1] - '0') + 10 * (t[3] - '0') + t[4] - '0';
}

static bool is_complete(const struct session_row *row)
{
	return row->reps_prescribed > 0 && row->reps_done >= row->reps_prescribed;
}

static void add_to_day(struct report *r, const struct history_session *session)
{
	const struct session_row *row = &session->facts.row;
	struct report_day *day;
	int32_t kind;

	if (session->day == DAY_NONE || session->day < r->first_day ||
		!report_is_kept(row))
		return;
	day = &r->day[session->day - r->first_day];
	day->sessions++;
	day->complete += is_complete(row);
	if (!report_is_asked(r, row)) {
		day->other_s += row->stretch_s;
		r->dated_other_s += row->stretch_s;
		return;
	}
	if (row->side >= 0)
		day->stretch_s[row->side] += row->stretch_s;
	kind = report_kind(row->exercise, row->side);
	if (kind >= 0)
		day->kinds[report_slot(r->slots, minute_of(row))] |= UINT64_C(1) << kind;
	r->dated_stretch_s += row->stretch_s;
}

static void add_trouble(struct report_trouble *t, const struct history_session *session)
{
	const struct session_facts *f = &session->facts;
	double slip = fabs(f->row.slip_deg);

	t->gaps += f->gaps > 0;
	t->absent += f->absent > 0;
	t->frozen += f->frozen > 0;
	t->saturated += f->saturated > 0;
	t->restarts += f->restarts > 0;
	t->rows_lost += f->rows_lost > 0;
	t->untrusted += !session_row_strap_held(&f->row);
	t->slipped += slip > f->row.slip_flag_deg && session_row_strap_held(&f->row);
	t->slip_limits |= f->row.slip_flag_deg < SESSION_SLIP_FLAG_DEG ||
		f->row.slip_flag_deg > SESSION_SLIP_FLAG_DEG ||
		f->row.slip_untrusted_deg < SESSION_SLIP_UNTRUSTED_DEG ||
		f->row.slip_untrusted_deg > SESSION_SLIP_UNTRUSTED_DEG;
	t->unchecked += f->row.slip_check == 0;
	t->uncalibrated += f->calibrated == 0;
	t->undated += session->day == DAY_NONE;
	t->damaged += session->damaged;
	/* where no angle is measured none can be doubted */
	t->low_confidence += f->row.angle_quantity != QUANTITY_NONE &&
		(f->row.worst_confidence == CONFIDENCE_LOW ||
		f->row.worst_confidence == CONFIDENCE_NONE);
	t->recovered += strcmp(f->row.status, "recovered") == 0;
	t->made_up += session_facts_made_up(f);
}

static void add_hold(struct report *r, const struct hold_row *hold)
{
	if (hold->result > RESULT_NONE && hold->result < RESULT_COUNT)
		r->result[hold->result]++;
	if (hold->result != RESULT_DONE && hold->reason > REASON_NONE &&
		hold->reason < REASON_COUNT)
		r->reason[hold->reason]++;
	r->hurt += hold->reason == REASON_PAIN;
	r->trouble.holds_sensor += hold->reason == REASON_SENSOR;
}

/* How the hip's flexion came about, by session. */
static void add_method(struct report *r, const struct history_session *session)
{
	const struct hold_row *hold = history_holds(r->history, session);

	if (session->holds == 0)
		return;
	r->trouble.measured += hold->hip_flexion_method == METHOD_MEASURED;
	r->trouble.inferred += hold->hip_flexion_method == METHOD_INFERRED;
	r->trouble.timed += hold->angle_quantity == QUANTITY_NONE;
}

static int add_sessions(struct report *r)
{
	for (size_t i = 0; i < r->history->count; i++) {
		const struct history_session *session = &r->history->sessions[i];
		const struct session_row *row = &session->facts.row;

		r->sessions += report_is_kept(row);
		r->others += report_is_kept(row) && !report_is_asked(r, row);
		r->complete += is_complete(row);
		r->stretch_s += report_is_kept(row) ? row->stretch_s : 0.0;
		r->warm_up_noted += row->warm_up >= 0;
		r->warm_up_yes += row->warm_up > 0;
		add_to_day(r, session);
		add_trouble(&r->trouble, session);
		add_method(r, session);
		for (size_t h = 0; h < session->holds; h++)
			add_hold(r, &r->history->holds[session->first + h]);
		r->hurt += session->facts.late_pain > 0;
	}
	for (int32_t d = 0; d < r->days; d++) {
		bool any = r->day[d].sessions > 0;

		r->day[d].rest = rest_days_has(&r->history->rest, r->first_day + d);
		r->rest_days += r->day[d].rest;
		r->days_with_data += any;
		r->days_with_data_30 += any && d >= r->days - 30;
	}
	return 0;
}

/* Medians of what was noted. */
static int add_pain(struct report *r)
{
	size_t count = r->history->count, before = 0, after = 0;
	double *list = calloc(2 * count + 1, sizeof *list);

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct session_row *row = &r->history->sessions[i].facts.row;

		if (row->pain_before >= 0)
			list[before++] = row->pain_before;
		if (row->pain_after >= 0)
			list[count + after++] = row->pain_after;
		r->pain_noted += row->pain_before >= 0 || row->pain_after >= 0;
	}
	r->pain_before = report_median(list, before);
	r->pain_after = report_median(list + count, after);
	free(list);
	return 0;
}

int report_build(struct report *r, const struct history *history,
	const struct prescription *prescription, int32_t since, int32_t until)
{
	int error;

	memset(r, 0, sizeof *r);
	r->history = history;
	r->prescription = prescription;
	r->since = since;
	r->until = until;
	r->first_day = r->last_day = r->accepted_day = DAY_NONE;
	r->dose_day_s = r->dose_week_s = (double)NAN;
	set_period(r, since, until);
	report_plan_read(r);
	r->day = calloc((size_t)r->days + 1, sizeof *r->day);
	error = r->day ? add_sessions(r) : -ENOMEM;
	if (error == 0)
		error = add_pain(r);
	if (error == 0)
		error = report_series_build(r);
	if (error == 0)
		error = report_plan_compare(r);
	if (error < 0)
		report_free(r);
	return error;
}

void report_free(struct report *r)
{
	for (size_t i = 0; i < r->series_count; i++)
		free(r->series[i].point);
	free(r->day);
	memset(r, 0, sizeof *r);
}
