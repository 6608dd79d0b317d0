/*
 * Series and trends. A trend compares the median of the first week's sessions with
 * that of the last week's, three at least; what differs by less than the detectable
 * change is no change (figures: straight-leg raise by the same rater 6-7 degrees, by
 * different ones 10).
 */
#include "stretchctl/report_series.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stretch/fmt.h"

#define DEGREE "\xc2\xb0"
#define MINUS "\xe2\x88\x92"

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double report_median(double *values, size_t count)
{
	if (count == 0)
		return (double)NAN;
	qsort(values, count, sizeof *values, compare_numbers);
	return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

static bool belongs(const struct report_series *s, const struct session_row *row)
{
	return s->exercise == row->exercise && s->side == row->side &&
		s->other_leg == row->other_leg && s->mode == row->mode &&
		s->quantity == row->angle_quantity;
}

/* The session's series, a new one if need be; NULL: there are too many kinds. */
static struct report_series *series_of(struct report *r, const struct session_row *row)
{
	struct report_series *s = r->series;

	for (size_t i = 0; i < r->series_count; i++, s++)
		if (belongs(s, row))
			return s;
	if (r->series_count == REPORT_SERIES_MAX)
		return NULL;
	r->series_count++;
	s->exercise = row->exercise;
	s->side = row->side;
	s->other_leg = row->other_leg;
	s->mode = row->mode;
	s->quantity = row->angle_quantity;
	return s;
}

/* A strap that slipped that far leaves times, but no angle to trust. */
static bool has_angle(const struct session_row *row)
{
	return isfinite(row->angle_typical_deg) && session_row_strap_held(row);
}

static void add_dose(struct report_series *s, double hold_s)
{
	if (s->prescribed_s <= 0.0 || hold_s < s->prescribed_low_s)
		s->prescribed_low_s = hold_s;
	s->prescribed_s = fmax(s->prescribed_s, hold_s);
}

static void count_session(struct report_series *s, const struct session_row *row)
{
	s->sessions++;
	s->attempts += row->attempts > 0 ? row->attempts : 0;
	s->done += row->reps_done > 0 ? row->reps_done : 0;
	s->stretch_s += row->stretch_s;
	if (row->reps_prescribed > 0 && isfinite(row->prescribed_s))
		add_dose(s, row->prescribed_s / row->reps_prescribed);
	s->points += has_angle(row);
}

/* A session that no hold was begun in, or that cannot be read, has no place. */
static bool has_place(const struct session_row *row)
{
	return row->exercise >= 0 && row->side >= 0 && row->attempts > 0;
}

static int find_series(struct report *r)
{
	for (size_t i = 0; i < r->history->count; i++) {
		const struct session_row *row = &r->history->sessions[i].facts.row;
		struct report_series *s;

		if (!has_place(row))
			continue;
		s = series_of(r, row);
		if (s)
			count_session(s, row);
		else
			r->series_lost++;
	}
	for (size_t i = 0; i < r->series_count; i++) {
		r->series[i].point = calloc(r->series[i].points + 1,
			sizeof *r->series[i].point);
		if (!r->series[i].point)
			return -ENOMEM;
	}
	return 0;
}

/* Most used first; left before right of the same kind. */
static int compare_series(const void *a, const void *b)
{
	const struct report_series *x = a, *y = b;

	if (x->sessions != y->sessions)
		return x->sessions > y->sessions ? -1 : 1;
	if (x->exercise != y->exercise)
		return x->exercise - y->exercise;
	if (x->other_leg != y->other_leg)
		return x->other_leg - y->other_leg;
	return x->side - y->side;
}

static void put_points(struct report *r, struct report_series *s)
{
	size_t n = 0;
	const char *hands = NULL;

	for (size_t i = 0; i < r->history->count; i++) {
		const struct session_row *row = &r->history->sessions[i].facts.row;

		if (!has_place(row) || !belongs(s, row))
			continue;
		if (row->strapped_by[0] != '\0') {
			s->several_hands = s->several_hands ||
				(hands && strcmp(hands, row->strapped_by) != 0);
			hands = row->strapped_by;
		}
		if (!has_angle(row))
			continue;
		s->point[n++] = (struct report_point){ .session = i,
			.day = r->history->sessions[i].day,
			.typical_deg = row->angle_typical_deg,
			.best_deg = row->angle_best_deg };
	}
}

/*
 * Points that an end of a trend is the median of: the three outermost sessions, more
 * where the outermost week has more, but then a quarter of all at most: ends that meet
 * would see half of a change. An undated point goes with the ones further out.
 */
static size_t end_points(const struct report_series *s, bool latest)
{
	size_t least = s->points / 2 < REPORT_ENDS ? s->points / 2 : REPORT_ENDS;
	size_t most = s->points / 4 > least ? s->points / 4 : least, n = 0;
	int32_t outer = DAY_NONE;

	while (n < most) {
		int32_t day = s->point[latest ? s->points - 1 - n : n].day;

		outer = outer == DAY_NONE ? day : outer;
		if (n >= least && (outer == DAY_NONE || (day != DAY_NONE &&
			(latest ? outer - day : day - outer) >= REPORT_END_DAYS)))
			break;
		n++;
	}
	return n;
}

static double end_median(const struct report_series *s, bool latest, double *scratch)
{
	size_t count = end_points(s, latest);

	for (size_t i = 0; i < count; i++)
		scratch[i] = s->point[latest ? s->points - 1 - i : i].typical_deg;
	return report_median(scratch, count);
}

static void trend(struct report_series *s, double *scratch)
{
	int32_t first = DAY_NONE, last = DAY_NONE;

	s->first_deg = s->last_deg = s->change_deg = s->best_deg = (double)NAN;
	s->detectable_deg = s->several_hands ? REPORT_CHANGE_OTHER_DEG
					     : REPORT_CHANGE_SAME_DEG;
	for (size_t i = 0; i < s->points; i++) {
		scratch[i] = s->point[i].typical_deg;
		s->best_deg = fmax(s->best_deg, s->point[i].best_deg);
		if (s->point[i].day == DAY_NONE)
			continue;
		first = first == DAY_NONE ? s->point[i].day : first;
		last = s->point[i].day;
	}
	s->span_days = first == DAY_NONE ? 0 : last - first;
	s->typical_deg = report_median(scratch, s->points);
	if (s->points < REPORT_TREND_MIN)
		return;
	s->first_deg = end_median(s, false, scratch);
	s->last_deg = end_median(s, true, scratch);
	s->change_deg = s->last_deg - s->first_deg;
}

/* Median of one figure over the holds of a series that counted. */
static double hold_median(const struct report *r, const struct report_series *s,
	size_t offset, double *scratch)
{
	size_t n = 0;

	for (size_t i = 0; i < r->history->count; i++) {
		const struct history_session *session = &r->history->sessions[i];

		if (!has_place(&session->facts.row) || !belongs(s, &session->facts.row))
			continue;
		for (size_t h = 0; h < session->holds; h++) {
			const struct hold_row *hold =
				&r->history->holds[session->first + h];
			double value;

			memcpy(&value, (const char *)hold + offset, sizeof value);
			if (isfinite(value) && hold->hold_s > 0.0)
				scratch[n++] = value;
		}
	}
	return report_median(scratch, n);
}

static void count_holds(const struct report *r, struct report_series *s)
{
	for (size_t i = 0; i < r->history->count; i++) {
		const struct history_session *session = &r->history->sessions[i];

		if (!has_place(&session->facts.row) || !belongs(s, &session->facts.row))
			continue;
		for (size_t h = 0; h < session->holds; h++) {
			const struct hold_row *hold =
				&r->history->holds[session->first + h];

			if (hold->pelvis_verdict >= 0 &&
				hold->pelvis_verdict < (int32_t)PELVIS_VERDICT_COUNT)
				s->verdict[hold->pelvis_verdict]++;
			s->fast += (hold->flags & FLAG_BIT(FLAG_FAST_ENTRY)) != 0;
			s->bounced += (hold->flags & FLAG_BIT(FLAG_BOUNCE)) != 0;
		}
	}
}

static void fill(struct report *r, struct report_series *s, double *scratch)
{
	put_points(r, s);
	trend(s, scratch);
	count_holds(r, s);
#define MEDIAN(member) hold_median(r, s, offsetof(struct hold_row, member), scratch)
	s->hold_s = MEDIAN(hold_s);
	s->sway_deg = MEDIAN(sway_sd_deg);
	s->share = MEDIAN(pelvis_share);
	s->angle_error_deg = MEDIAN(angle_error_deg);
	s->flexion_low_deg = MEDIAN(hip_flexion_low_deg);
	s->flexion_high_deg = MEDIAN(hip_flexion_high_deg);
#undef MEDIAN
}

int report_series_build(struct report *r)
{
	size_t room = r->history->hold_count + r->history->count + 1;
	double *scratch;
	int error = find_series(r);

	if (error < 0)
		return error;
	scratch = calloc(room, sizeof *scratch);
	if (!scratch)
		return -ENOMEM;
	qsort(r->series, r->series_count, sizeof r->series[0], compare_series);
	for (size_t i = 0; i < r->series_count; i++)
		fill(r, &r->series[i], scratch);
	free(scratch);
	return 0;
}

const struct report_series *report_pair(const struct report *r,
	const struct report_series *series)
{
	for (size_t i = 0; i < r->series_count; i++) {
		const struct report_series *s = &r->series[i];

		if (s != series && s->exercise == series->exercise &&
			s->side != series->side && s->other_leg == series->other_leg &&
			s->mode == series->mode && s->quantity == series->quantity)
			return s;
	}
	return NULL;
}

void report_trend_text(const struct report_series *s, char *text, size_t size)
{
	double change = s->change_deg;
	const char *sign = fmt_round(change, 1) < 0.0 ? MINUS : "+";
	char span[40] = "";

	if (s->points < REPORT_TREND_MIN) {
		snprintf(text, size, "%zu %s: too few for a trend.", s->points,
			s->points == 1 ? "session" : "sessions");
		return;
	}
	if (s->span_days > 0)
		snprintf(span, sizeof span, " in %d days", (int)s->span_days + 1);
	if (fabs(change) > s->detectable_deg)
		snprintf(text, size, "Changed by %s%.1f" DEGREE "%s, more than the %.0f"
			DEGREE " that can be told apart.", sign, fabs(change), span,
			s->detectable_deg);
	else
		snprintf(text, size, "No change%s beyond the %.0f" DEGREE
			" that can be told apart (%s%.1f" DEGREE ").", span,
			s->detectable_deg, sign, fabs(change));
}
