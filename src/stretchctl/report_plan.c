/* Asked for and done; see report_plan.h. */
#include "stretchctl/report_plan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stretch/exercise.h"

_Static_assert(REPORT_KINDS <= 64, "kinds are bits");

#define NOON_H 14 /* without a midday slot, this hour parts the day */

int32_t report_slot(uint32_t slots, int32_t minute)
{
	int32_t slot = (int32_t)prescription_slot(minute / 60);

	if (slot != SLOT_MIDDAY || (slots >> SLOT_MIDDAY & 1) != 0)
		return slot;
	return minute / 60 < NOON_H ? SLOT_MORNING : SLOT_EVENING;
}

int32_t report_kind(int32_t exercise, int32_t side)
{
	if (exercise < 0 || side < 0)
		return -1;
	return SIDE_COUNT * exercise +
		(prescription_both_legs((enum exercise_id)exercise) ? 0 : side);
}

/* As a bit; none for what is no kind. */
static uint64_t bit_of(int32_t kind)
{
	return kind >= 0 ? UINT64_C(1) << kind : 0;
}

bool report_is_asked(const struct report *r, const struct session_row *row)
{
	return r->asked == 0 ||
		(r->asked & bit_of(report_kind(row->exercise, row->side))) != 0;
}

bool report_is_kept(const struct session_row *row)
{
	return isfinite(row->stretch_s) && row->stretch_s > 0.0;
}

enum report_slot_kept report_slot_kept(const struct report *r, int32_t day, int slot)
{
	uint64_t done = r->day[day].kinds[slot], asked = r->slot_kinds[slot];

	/* a day may be left out of what is asked for by the week */
	if (asked == 0)
		return (done & r->slot_free[slot]) != 0 ? SLOT_KEPT : SLOT_NOT_KEPT;
	done &= asked;
	return done == 0 ? SLOT_NOT_KEPT : done == asked ? SLOT_KEPT : SLOT_PARTLY_KEPT;
}

static void read_item(struct report *r, const struct prescription_item *item)
{
	uint64_t *slots = item->per_week > 0 && item->per_day <= 0 ? r->slot_free
		: r->slot_kinds;

	/* which leg was left open: either will do, and none can be missed */
	for (int32_t side = 0; item->sides.count == 0 && side < SIDE_COUNT; side++)
		r->asked |= bit_of(report_kind(item->exercise, side));
	for (int32_t s = 0; s < item->sides.count; s++) {
		int32_t kind = report_kind(item->exercise, item->sides.at[s]);

		if (kind < 0)
			continue; /* no such exercise */
		r->asked |= bit_of(kind);
		if (item->per_day > 0)
			r->per_day[kind] += item->per_day;
		else if (item->per_week > 0)
			r->per_week[kind] += item->per_week;
		for (int32_t i = 0; i < item->slots.count; i++)
			slots[item->slots.at[i]] |= bit_of(kind);
	}
	for (int32_t i = 0; i < item->slots.count; i++)
		r->slots |= UINT32_C(1) << item->slots.at[i];
}

void report_plan_read(struct report *r)
{
	const struct prescription *p = r->prescription;
	struct prescription_time time;

	if (!p)
		return;
	for (int32_t i = 0; i < p->count; i++)
		read_item(r, &p->items[i]);
	time = prescription_time(p);
	if (time.open)
		return;
	if (time.stretch_day_s > 0.0)
		r->dose_day_s = time.stretch_day_s;
	if (time.stretch_week_s > 0.0)
		r->dose_week_s = time.stretch_week_s;
}

bool report_rest_is_kept(const struct report *r)
{
	return r->prescription && r->prescription->sore_today == 1;
}

/*
 * One kind, day by day for what is asked for daily, week by week (from the period's
 * first day) for the rest. A day's extra session does not make up for another day; a
 * week's days are free, so that rest needs no note there.
 */
static void compare(struct report *r, int32_t kind, const int32_t *sessions)
{
	int32_t week = 0;

	for (int32_t d = 0; d < r->days; d++) {
		int32_t asked = r->per_day[kind];
		int32_t daily = sessions[d] < asked ? sessions[d] : asked;

		r->planned += asked;
		r->kept += r->day[d].rest && report_rest_is_kept(r) ? asked : daily;
		week += sessions[d] - daily;
		if (d % 7 != 6 && d != r->days - 1)
			continue;
		asked = (r->per_week[kind] * (d % 7 + 1) + 3) / 7; /* or a part */
		r->planned += asked;
		r->kept += week < asked ? week : asked;
		week = 0;
	}
}

static void count(const struct report *r, int32_t kind, int32_t *sessions)
{
	memset(sessions, 0, (size_t)r->days * sizeof *sessions);
	for (size_t i = 0; i < r->history->count; i++) {
		const struct history_session *session = &r->history->sessions[i];
		const struct session_row *row = &session->facts.row;

		if (session->day != DAY_NONE && session->day >= r->first_day &&
			report_is_kept(row) &&
			report_kind(row->exercise, row->side) == kind)
			sessions[session->day - r->first_day]++;
	}
}

int report_plan_compare(struct report *r)
{
	int32_t *sessions = calloc((size_t)r->days + 1, sizeof *sessions);

	if (!sessions)
		return -ENOMEM;
	r->planned = -1;
	for (int32_t kind = 0; kind < REPORT_KINDS; kind++) {
		if (r->per_day[kind] == 0 && r->per_week[kind] == 0)
			continue;
		r->planned = r->planned < 0 ? 0 : r->planned;
		count(r, kind, sessions);
		compare(r, kind, sessions);
	}
	free(sessions);
	return 0;
}
