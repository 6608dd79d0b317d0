/*
 * One step of the hold: keeps what the predicates look at, lets the table lead on,
 * credits the seconds. When an event is true says hold_event.c, what follows from
 * it hold_rules.c, what a change does hold_change.c.
 */
#include "stretch/hold_parts.h"

#include <math.h>
#include <string.h>

#include "stretch/vec.h"

#define ROW_LATEST_US 30000000 /* a row is final this long after the hold's end */
#define LOW_MARGIN_DEG 3.0    /* "still down" while this close to where it lay */
#define PUSH_CUTOFF_HZ 0.25   /* doorway: sway is no push, and what stays up is */
#define PAUSE_RANGE_DEG 3.0   /* still between rolling: a leg that lies */
#define LEVEL_RISE_S 4.0      /* a stretch that deepens is the new level soon */
#define LEVEL_FALL_S 10.0     /* to sink slowly is creep, 0.7 deg/s at drop_deg 7 */

void hold_init(struct hold_state *h, enum hold_phase phase, int64_t t_us)
{
	memset(h, 0, sizeof *h);
	h->phase = phase;
	h->since_us = h->active_us = h->good_us = h->good_before_us = t_us;
	h->bad_since_us = h->cap_since_us = h->stopped_us = INT64_MIN;
	h->end_us = INT64_MIN;
	h->ok_since_us = INT64_MIN;
	steady_init(&h->steady);
	count_init(&h->count);
}

/* Doorway: high first, then let down by doorway_fall_deg, then held there. */
static void follow_doorway(struct hold_state *h, const struct settings *set,
	const struct hold_input *in, struct hold_output *out)
{
	double low = h->steady.low_deg, dt_s = (double)in->dt_us * 1e-6;

	if (!h->falling) {
		if (low > h->top_deg)
			h->top_deg = low;
		if (h->top_deg >= set->doorway_low_deg &&
			low <= h->top_deg - set->doorway_fall_deg) {
			h->falling = true;
			h->plateau_deg = h->settled_deg = low;
		}
	} else {
		double weight = exp(-2.0 * STRETCH_PI * PUSH_CUTOFF_HZ * dt_s);

		h->settled_deg += (1.0 - weight) * (low - h->settled_deg);
		if (h->settled_deg < h->plateau_deg)
			h->plateau_deg = h->settled_deg;
	}
	if (h->top_deg >= set->doorway_low_deg &&
		h->steady.rate_deg_s < -set->doorway_fall_max_deg_s && !h->reached_band) {
		out->flags |= FLAG_BIT(FLAG_FAST_ENTRY);
		out->fix = true;
	}
	if (h->falling && h->settled_deg > h->plateau_deg + set->doorway_push_deg) {
		out->flags |= FLAG_BIT(FLAG_PUSH_UP);
		out->fix = true;
	}
}

/*
 * The angle at which this hold is held: a slow mean since it counts, that stands still
 * while the leg is lower by drop_deg. So a leg that drops has to come back, whatever
 * the band says, while one that creeps takes the level along. Both are in proportion
 * to the movement: more of the same sway never counts for less of a drop. It begins
 * with the angle of the still window, as lowering the leg breaks stillness first, and
 * ends at once when the leg is back. In the doorway, down is the way of the stretch,
 * and coming back a push up.
 */
static void follow_level(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in,
	const struct hold_output *out)
{
	double angle = fmax(h->steady.low_deg, in->signal_deg), time_s;

	h->dropped = false;
	if (plan->timed || hold_counts_reps(plan) || plan->judging == JUDGE_DOORWAY ||
		!hold_running(h->phase))
		return;
	if (h->count_start_us == INT64_MIN) {
		h->level_deg = angle;
		return;
	}
	if (angle < h->level_deg - set->drop_deg) {
		h->dropped = out->in_band;
		return;
	}
	time_s = angle > h->level_deg ? LEVEL_RISE_S : LEVEL_FALL_S;
	h->level_deg += (1.0 - exp(-(double)in->dt_us * 1e-6 / time_s)) *
		(angle - h->level_deg);
}

static bool in_band(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	if (hold_counts_reps(plan))
		return h->count.up;
	if (plan->timed) {
		bool up = in->thigh_rise_deg > set->seated_rise_deg; /* NAN: not up */

		if (up) {
			out->flags |= FLAG_BIT(FLAG_KNEE_UP);
			out->fix = true;
		}
		return !up;
	}
	if (hold_left_place(plan, in))
		return false;
	if (plan->judging == JUDGE_DOORWAY)
		return h->falling && in->signal_deg >= plan->band_low_deg &&
			in->signal_deg <= plan->band_high_deg &&
			h->settled_deg <= h->plateau_deg + set->doorway_push_deg;
	if (in->signal_deg > plan->band_high_deg && hold_running(h->phase)) {
		out->flags |= FLAG_BIT(FLAG_PAST_CAP);
		out->fix = true;
	}
	return in->signal_deg >= plan->band_low_deg &&
		in->signal_deg <= plan->band_high_deg;
}

/* Keeps what the predicates need; called for every sample, before them. */
static void follow(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	bool bounced, was_still = h->steady.still;

	h->counted = COUNT_NOTHING;
	if (in->bad_data != 0) {
		if (h->bad_since_us == INT64_MIN)
			h->bad_since_us = in->t_us;
		h->bad_kind = in->bad_data;
		steady_break(&h->steady);
		h->ok_since_us = INT64_MIN;
		return;
	}
	h->bad_since_us = INT64_MIN;
	h->good_before_us = h->good_us;
	h->good_us = in->t_us;
	if (isfinite(in->signal_deg))
		steady_step(&h->steady, set, in->t_us, in->signal_deg);
	if (plan->pauses) /* rolling moves the thigh by little */
		h->steady.still = steady_range(&h->steady, set->still_window_s) <=
			PAUSE_RANGE_DEG;
	if (hold_counts_reps(plan) && isfinite(in->signal_deg))
		h->counted = count_step(&h->count, plan->rep_deg, h->steady.low_deg);
	h->unsettled = h->unsettled || (was_still && !h->steady.still);
	if (plan->judging == JUDGE_DOORWAY && hold_running(h->phase))
		follow_doorway(h, set, in, out);
	out->in_band = in_band(h, plan, set, in, out);
	bounced = !hold_counts_reps(plan) && h->steady.bounce_us != INT64_MIN &&
		!hold_longer(h->steady.bounce_us, in->t_us, set->bounce_still_s);
	if (bounced && hold_running(h->phase)) {
		out->flags |= FLAG_BIT(FLAG_BOUNCE);
		out->fix = true;
	}
	follow_level(h, plan, set, in, out);
	if (!out->in_band || bounced || h->dropped)
		h->ok_since_us = INT64_MIN;
	else if (h->ok_since_us == INT64_MIN)
		h->ok_since_us = in->t_us;
	if (!plan->timed && in->signal_deg > plan->band_high_deg + set->over_cap_deg) {
		if (h->cap_since_us == INT64_MIN)
			h->cap_since_us = in->t_us;
	} else {
		h->cap_since_us = INT64_MIN;
	}
}

/* Where the leg lies before a hold, and when it left from there. */
static void follow_flat(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	if (in->bad_data != 0 || plan->timed)
		return;
	if (h->steady.still && in->signal_deg <= plan->flat_deg) {
		h->flat_seen = true;
		/* the lowest: a rise that begins slowly is still at first */
		h->flat_deg = steady_lowest(&h->steady, set->still_window_s);
		/* from below the start pose the way back to it is no rise */
		if (h->flat_deg < 0.0)
			h->flat_deg = 0.0;
	}
	/* up before the rest is over: that rise is not the next hold's */
	if (h->phase == HOLD_REST && in->signal_deg >= h->flat_deg + plan->rise_deg)
		h->flat_seen = false;
	if (h->flat_seen && in->signal_deg <= h->flat_deg + LOW_MARGIN_DEG)
		h->low_us = in->t_us;
	h->warned_in_band = h->phase == HOLD_READY && !h->flat_seen && out->in_band;
	if (h->warned_in_band)
		out->flags |= FLAG_BIT(FLAG_STARTED_IN_BAND);
}

/* Credits the seconds of this sample, back-dated on the first one of a run. */
static void credit(struct hold_state *h, const struct settings *set,
	const struct hold_input *in, struct hold_output *out)
{
	int64_t from_us = in->t_us - (int64_t)(set->still_window_s * 1e6);
	bool running = h->run_s > 0.0;

	if (h->ok_since_us > from_us)
		from_us = h->ok_since_us;
	if (running)
		from_us = in->t_us - in->dt_us;
	if (h->counted_until_us != INT64_MIN && from_us < h->counted_until_us)
		from_us = h->counted_until_us;
	if (h->count_start_us == INT64_MIN)
		h->count_start_us = from_us;
	out->credit_s = (double)(in->t_us - from_us) * 1e-6;
	out->credit_from_us = from_us;
	out->counting = true;
	h->counted_until_us = in->t_us;
	h->counted_s += out->credit_s;
	h->run_s += out->credit_s;
	if (h->run_s > h->longest_s)
		h->longest_s = h->run_s;
}

/* The prescribed second is looked for again once it is credited: `done` comes with
 * the sample that makes it whole, not with the next one. */
static void finish_dose(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	const struct hold_rule *rule = hold_find_rule(h, plan, set, in);

	if (rule != NULL && rule->event == HOLD_EV_REACHED)
		hold_change(h, plan, set, rule, in, out);
}

/* What explains a pause best, where more than one thing was wrong in it. */
static int severity(enum hold_reason reason)
{
	switch (reason) {
	case REASON_NOT_STILL: return 1;
	case REASON_DROPPED: return 2;
	case REASON_LEFT_BAND: return 3;
	case REASON_BOUNCE: return 4;
	case REASON_PAST_CAP: return 5;
	case REASON_SENSOR: return 6;
	default: return 0;
	}
}

static void follow_hold(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	if (in->signal_deg > h->entry_peak_deg)
		h->entry_peak_deg = in->signal_deg;
	if (h->phase == HOLD_ENTERING) {
		double rate = fabs(h->steady.rate_deg_s);

		if (out->in_band && !h->reached_band) {
			h->reached_band = true;
			h->paused_us = in->t_us;
		}
		h->pause_reason = hold_why_not(h, plan, in, out);
		if (!plan->timed && rate > h->entry_rate_deg_s)
			h->entry_rate_deg_s = rate;
		if (h->entry_rate_deg_s > set->fast_entry_deg_s) {
			out->flags |= FLAG_BIT(FLAG_FAST_ENTRY);
			out->fix = true;
		}
	}
	if (h->phase == HOLD_PAUSED) {
		enum hold_reason now = hold_why_not(h, plan, in, out);

		/* a bounce or the band's edge is seen only after stillness is lost */
		if (severity(now) > severity(h->pause_reason))
			h->pause_reason = now;
	}
	h->flags |= out->flags | in->bad_data;
}

/* Pain that is told of the last hold: in its row, or, when that is written, beside it. */
static void mark_pain(struct hold_state *h, struct hold_output *out)
{
	if (h->row_open || h->phase == HOLD_DONE) {
		h->reason = REASON_PAIN;
		h->flags |= FLAG_BIT(FLAG_PAIN);
	} else {
		h->late_pain = h->index;
		out->flags |= FLAG_BIT(FLAG_PAIN);
	}
}

/*
 * Pain: a second press soon after a stop, or any press once the leg is down. Where
 * the button ends a hold, the wearer may not have noticed that it is over already:
 * his press then is the first one, and only a second soon after it means pain. Said
 * by name there is no doubt, whenever it is said; a hold that it stops is marked by
 * the rule.
 */
static void note_pain(struct hold_state *h, const struct settings *set,
	const struct hold_input *in, struct hold_output *out)
{
	bool soon = h->stopped_us != INT64_MIN && in->t_us > h->stopped_us &&
		!hold_longer(h->stopped_us, in->t_us, set->pain_press_s);

	if (in->stop == REASON_PAIN && h->index > 0) {
		if (hold_running(h->phase) && h->phase != HOLD_DONE)
			h->flags |= FLAG_BIT(FLAG_PAIN);
		else
			mark_pain(h, out);
		return;
	}
	if (!in->press)
		return;
	if (h->row_open && h->phase == HOLD_REST && h->press_ends && !soon) {
		h->press_ends = false;
		h->stopped_us = in->t_us;
		return;
	}
	if ((h->phase == HOLD_STOPPED && soon) || h->phase == HOLD_REST)
		mark_pain(h, out);
}

/* States in which a press can still say that the last hold hurt. */
static bool may_be_pain(enum hold_phase phase)
{
	return phase == HOLD_SHORT || phase == HOLD_OVER || phase == HOLD_STOPPED ||
		phase == HOLD_REST;
}

void hold_step(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	const struct hold_rule *rule;

	memset(out, 0, sizeof *out);
	out->event = HOLD_EV_COUNT;
	out->flags = in->bad_data;
	follow(h, plan, set, in, out);
	if (h->phase == HOLD_READY || h->phase == HOLD_REST)
		follow_flat(h, plan, set, in, out);
	if (hold_running(h->phase))
		follow_hold(h, plan, set, in, out);
	h->moved = h->moved || in->moved;
	note_pain(h, set, in, out);
	rule = hold_find_rule(h, plan, set, in);
	if (rule != NULL)
		hold_change(h, plan, set, rule, in, out);
	if ((h->phase == HOLD_COUNTING || h->phase == HOLD_DONE) &&
		hold_countable(h, plan, in))
		credit(h, set, in, out);
	else if (h->phase == HOLD_DONE)
		h->run_s = 0.0;
	if (h->phase == HOLD_COUNTING)
		finish_dose(h, plan, set, in, out);
	out->row_due = h->row_open && (!may_be_pain(h->phase) ||
		in->t_us - h->end_us > ROW_LATEST_US);
	if (out->row_due)
		h->row_open = false;
	out->phase = h->phase;
}

void hold_finish(struct hold_state *h, int64_t t_us, struct hold_output *out)
{
	memset(out, 0, sizeof *out);
	out->event = HOLD_EV_COUNT;
	if (hold_running(h->phase)) {
		out->hold_ended = true;
		h->row_open = true;
		h->end_us = t_us;
		if (h->phase != HOLD_DONE) {
			h->result = RESULT_SHORT;
			h->reason = REASON_END;
		}
	}
	out->row_due = h->row_open;
	h->row_open = false;
	h->phase = HOLD_IDLE;
	out->phase = HOLD_IDLE;
	out->changed = true;
}
