/* From exercise, prescription and calm raises to the plan of a hold. */
#include "stretch/session_plan.h"

#include "stretch/session_rows.h"

#define DOORWAY_LOWER_DEG 15.0 /* the leg is let down from where it arrived */

/* For the band, the pelvis curve, or the straps alone. */
int32_t session_raises(const struct session_inputs *in)
{
	const struct exercise *ex = session_exercise(in);

	if (!ex->lying)
		return 0;
	if (in->mode == MODE_THIGH_PELVIS && !in->have_curve)
		return CALM_RAISES;
	if (ex->judging == JUDGE_RAISE && !(isfinite(in->settings.target_lo_deg) &&
		isfinite(in->settings.cap_deg)))
		return CALM_RAISES;
	return in->have_alignment ? 0 : 1;
}

const struct count_way *session_count_way(const struct session_inputs *in)
{
	const struct exercise *ex = session_exercise(in);

	return in->mode == MODE_THIGH_PELVIS ? &ex->count_two : &ex->count_one;
}

static double given_or(double given, double otherwise)
{
	return isfinite(given) ? given : otherwise;
}

static void plan_time(struct hold_plan *p, const struct exercise *ex,
	const struct settings *set)
{
	p->prescribed_s = given_or(set->hold_s, ex->hold_s);
	p->hold_max_s = set->hold_max_factor * p->prescribed_s;
	if (p->hold_max_s > set->hold_max_s)
		p->hold_max_s = set->hold_max_s;
	if (ex->judging == JUDGE_COUNTED) { /* a repetition has no prescribed time */
		p->prescribed_s = MISSING;
		p->hold_max_s = COUNT_LONGEST_S;
	}
	p->reps = set->reps > 0 ? set->reps : ex->reps;
	p->rest_s = ex->pauses ? 0.0 : set->rest_s; /* to roll on is the rest */
	p->entry_time_s = set->entry_time_s;
}

/* A leaflet's band is of an angle that a timed hold does not measure: it has none. */
static void plan_band(struct hold_plan *p, const struct exercise *ex,
	const struct settings *set)
{
	p->flat_deg = p->down_deg = set->entry_flat_deg;
	p->rise_deg = set->entry_rise_deg;
	p->band_low_deg = p->band_high_deg = MISSING;
	if (p->timed)
		return;
	p->band_low_deg = given_or(set->target_lo_deg, ex->band_low_deg);
	p->band_high_deg = given_or(set->cap_deg, ex->band_high_deg);
	if (ex->judging == JUDGE_DOORWAY) {
		/* up to the wall, settle, let down: longer than one rise */
		p->entry_time_s = 3.0 * set->entry_time_s;
		p->down_deg = set->doorway_low_deg - DOORWAY_LOWER_DEG;
		/* an edge that is not given: NAN, which fmax passes over */
		p->band_low_deg = fmax(set->target_lo_deg, p->down_deg);
		p->band_high_deg = given_or(set->cap_deg, set->doorway_high_deg);
	} else if (ex->judging == JUDGE_LEAN) {
		p->flat_deg = p->rise_deg = p->band_low_deg;
		p->down_deg = 0.5 * p->band_low_deg;
	}
}

void session_plan_hold(struct hold_plan *p, const struct session_inputs *in)
{
	const struct exercise *ex = session_exercise(in);

	p->judging = ex->judging;
	p->timed = ex->judging == JUDGE_TIMED || ex->judging == JUDGE_COUNTED ||
		(ex->judging == JUDGE_LEAN && in->mode == MODE_THIGH);
	p->pauses = ex->pauses;
	p->rep_deg = session_count_way(in)->size_deg;
	p->other_leg_next = in->other_leg_next;
	plan_time(p, ex, &in->settings);
	plan_band(p, ex, &in->settings);
}

void session_complete_band(struct hold_plan *p, const struct settings *set,
	double best_deg)
{
	double low_deg = set->band_low_fraction * fmin(best_deg, p->band_high_deg);
	double high_deg = fmax(best_deg, p->band_low_deg) + set->band_above_deg;

	if (p->judging != JUDGE_RAISE)
		return;
	if (!isfinite(p->band_low_deg))
		p->band_low_deg = low_deg;
	if (!isfinite(p->band_high_deg))
		p->band_high_deg = fmin(high_deg, set->band_top_deg);
}
