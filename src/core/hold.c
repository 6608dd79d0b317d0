/*
 * The hold's predicates and what happens on each change of state. Which change
 * follows from what stands in hold_rules.c; this file only says when an event is
 * true, how seconds are credited, and what a new state starts from.
 */
#include "stretch/hold.h"

#include <math.h>
#include <string.h>

#define SHOWN_US 2000000      /* short, over, stopped stay on the lamps */
#define ROW_LATEST_US 30000000 /* a row is final this long after the hold's end */
#define READY_LATE_US 60000000
#define LOW_MARGIN_DEG 3.0    /* "still down" while this close to where it lay */
#define PAUSE_RANGE_DEG 3.0   /* still between rolling: a leg that lies */
#define TIMED_GONE_DEG 20.0   /* timed: the thigh left its place for good */
#define RESTRAP_SHOWN_US 4000000 /* two rounds of its blinks */
#define ENTRY_MIN_US 3000000  /* a lift shorter than this is no attempt */

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

static bool counts_reps(const struct hold_plan *plan)
{
	return plan->judging == JUDGE_COUNTED;
}

static bool in_hold(enum hold_phase phase)
{
	return phase == HOLD_ENTERING || phase == HOLD_COUNTING ||
		phase == HOLD_PAUSED || phase == HOLD_DONE;
}

static bool longer(int64_t from_us, int64_t to_us, double limit_s)
{
	return (double)(to_us - from_us) > limit_s * 1e6;
}

/* Doorway: high first, then let down by doorway_fall_deg, then held there. */
static void follow_doorway(struct hold_state *h, const struct settings *set,
	struct hold_output *out)
{
	double low = h->steady.low_deg;

	if (!h->falling) {
		if (low > h->top_deg)
			h->top_deg = low;
		if (h->top_deg >= set->doorway_low_deg &&
			low <= h->top_deg - set->doorway_fall_deg) {
			h->falling = true;
			h->plateau_deg = low;
		}
	} else if (low < h->plateau_deg) {
		h->plateau_deg = low;
	}
	if (h->top_deg >= set->doorway_low_deg &&
		h->steady.rate_deg_s < -set->doorway_fall_max_deg_s && !h->reached_band) {
		h->flags |= FLAG_BIT(FLAG_FAST_ENTRY);
		out->fix = true;
	}
	if (h->falling && low > h->plateau_deg + set->doorway_push_deg) {
		h->flags |= FLAG_BIT(FLAG_PUSH_UP);
		out->flags |= FLAG_BIT(FLAG_PUSH_UP);
		out->fix = true;
	}
}

static bool in_band(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, struct hold_output *out)
{
	if (counts_reps(plan))
		return h->count.up;
	if (plan->timed) {
		bool up = in->thigh_rise_deg > set->seated_rise_deg; /* NAN: not up */

		if (up) {
			out->flags |= FLAG_BIT(FLAG_KNEE_UP);
			out->fix = true;
		}
		return !up;
	}
	if (plan->judging == JUDGE_DOORWAY)
		return h->falling && in->signal_deg >= plan->down_deg &&
			in->signal_deg <= plan->band_high_deg &&
			h->steady.low_deg <= h->plateau_deg + set->doorway_push_deg;
	if (in->signal_deg > plan->band_high_deg && in_hold(h->phase)) {
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
	if (counts_reps(plan) && isfinite(in->signal_deg))
		h->counted = count_step(&h->count, plan->rep_deg, h->steady.low_deg);
	h->unsettled = h->unsettled || (was_still && !h->steady.still);
	if (plan->judging == JUDGE_DOORWAY && in_hold(h->phase))
		follow_doorway(h, set, out);
	out->in_band = in_band(h, plan, set, in, out);
	bounced = !counts_reps(plan) && h->steady.bounce_us != INT64_MIN &&
		!longer(h->steady.bounce_us, in->t_us, set->bounce_still_s);
	if (bounced && in_hold(h->phase)) {
		out->flags |= FLAG_BIT(FLAG_BOUNCE);
		out->fix = true;
	}
	if (!out->in_band || bounced)
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
	}
	if (h->flat_seen && in->signal_deg <= h->flat_deg + LOW_MARGIN_DEG)
		h->low_us = in->t_us;
	h->warned_in_band = h->phase == HOLD_READY && !h->flat_seen && out->in_band;
	if (h->warned_in_band)
		out->flags |= FLAG_BIT(FLAG_STARTED_IN_BAND);
}

/* Why seconds are not counted just now, worst first. */
static enum hold_reason why_not(const struct hold_state *h,
	const struct hold_plan *plan, const struct hold_input *in,
	const struct hold_output *out)
{
	if (in->bad_data != 0)
		return REASON_SENSOR;
	if (!plan->timed && in->signal_deg > plan->band_high_deg)
		return REASON_PAST_CAP;
	if ((out->flags & FLAG_BIT(FLAG_BOUNCE)) != 0)
		return REASON_BOUNCE;
	if (!out->in_band)
		return h->reached_band ? REASON_LEFT_BAND : REASON_BELOW_BAND;
	return REASON_NOT_STILL;
}

static bool countable(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in)
{
	if (counts_reps(plan))
		return in->bad_data == 0 && h->count.up;
	return in->bad_data == 0 && h->ok_since_us != INT64_MIN && h->steady.still;
}

/* The first count of a hold waits until the whole still window lies in the band:
 * a rise that begins slowly is not yet a hold. Nothing is lost by waiting. */
static bool settled(const struct hold_state *h, const struct settings *set,
	const struct hold_input *in)
{
	return longer(h->ok_since_us, in->t_us, set->still_window_s);
}

/* The pause is over once no later stillness could reach back in time. */
static bool pause_over(const struct hold_state *h, const struct settings *set,
	const struct hold_input *in)
{
	int64_t resume_us = in->t_us;
	int64_t window_us = in->t_us - (int64_t)(set->still_window_s * 1e6);

	if (h->cap_since_us != INT64_MIN)
		return false; /* far past the cap: that has a limit of its own */
	if (in->bad_data == 0 && h->ok_since_us != INT64_MIN)
		resume_us = h->ok_since_us > window_us ? h->ok_since_us : window_us;
	return longer(h->counted_until_us, resume_us, set->pause_max_s);
}

static bool reps_complete(const struct hold_state *h, const struct hold_plan *plan)
{
	return plan->reps > 0 &&
		(h->reps_done >= plan->reps || h->index >= 2 * plan->reps);
}

static bool leg_down(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in)
{
	if (in->bad_data != 0)
		return false;
	if (counts_reps(plan))
		return h->phase == HOLD_DONE && !h->count.up;
	if (plan->timed)
		return in->thigh_rise_deg > TIMED_GONE_DEG;
	if (h->phase == HOLD_ENTERING)
		return in->signal_deg < h->flat_deg + 0.5 * plan->rise_deg;
	return in->signal_deg < plan->down_deg;
}

/* A lift that neither lasted nor came half way to the band. */
static bool small_lift(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in)
{
	return !plan->timed && (in->t_us - h->entry_us < ENTRY_MIN_US ||
		h->entry_peak_deg < 0.5 * plan->band_low_deg);
}

static bool entry_late(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in)
{
	int64_t from_us = h->reached_band ? h->paused_us : h->entry_us;

	return longer(from_us, in->t_us, plan->entry_time_s);
}

static bool closing_late(const struct hold_state *h, const struct settings *set,
	const struct hold_input *in)
{
	return longer(h->since_us, in->t_us, set->closing_s);
}

static bool event_is(const struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, enum hold_event event)
{
	int64_t t_us = in->t_us;

	switch (event) {
	case HOLD_EV_PRESS:
		return in->press || in->stop != REASON_NONE;
	case HOLD_EV_BEGIN:
		return plan->timed && !counts_reps(plan) && (in->begin || in->press ||
			(plan->pauses && h->unsettled && h->steady.still));
	case HOLD_EV_NEXT:
		return in->next || (in->press &&
			(!plan->timed || counts_reps(plan)) &&
			h->phase == HOLD_READY && h->index > 0);
	case HOLD_EV_REFERENCE:
		return in->reference;
	case HOLD_EV_WAKE:
		return in->moved || in->press || in->begin;
	case HOLD_EV_DATA_LOST:
		return h->bad_since_us != INT64_MIN &&
			longer(h->bad_since_us, t_us, set->fault_pause_s);
	case HOLD_EV_DATA_BACK:
		return in->bad_data == 0;
	case HOLD_EV_LONG_GAP:
		if (h->phase == HOLD_FAULT) /* known once the data are back */
			return in->bad_data == 0 &&
				longer(h->good_before_us, t_us, set->gap_reference_s);
		return (double)in->dt_us > set->gap_reference_s * 1e6 ||
			longer(h->good_us, t_us, set->gap_reference_s);
	case HOLD_EV_SETUP_DONE:
		return in->setup_done;
	case HOLD_EV_ENTRY:
		return !plan->timed && in->bad_data == 0 && h->flat_seen &&
			in->signal_deg >= h->flat_deg + plan->rise_deg &&
			!longer(h->low_us, t_us, plan->entry_time_s);
	case HOLD_EV_ENTRY_LOST:
		return leg_down(h, plan, in) && small_lift(h, plan, in);
	case HOLD_EV_ENTRY_LATE:
		return entry_late(h, plan, in);
	case HOLD_EV_COUNTABLE:
		return countable(h, plan, in) && (h->phase != HOLD_ENTERING ||
			settled(h, set, in));
	case HOLD_EV_NOT_COUNTABLE:
		return !countable(h, plan, in);
	case HOLD_EV_PAUSE_OVER:
		return !countable(h, plan, in) && pause_over(h, set, in);
	case HOLD_EV_LEG_DOWN:
		return leg_down(h, plan, in);
	case HOLD_EV_REACHED:
		return h->counted_s >= plan->prescribed_s;
	case HOLD_EV_PAST_CAP:
		return h->cap_since_us != INT64_MIN &&
			longer(h->cap_since_us, t_us, set->over_cap_s);
	case HOLD_EV_TOO_LONG:
		return longer(h->count_start_us, t_us, plan->hold_max_s);
	case HOLD_EV_SHOWN:
		return t_us - h->since_us >= SHOWN_US;
	case HOLD_EV_REST_MORE:
		return h->flat_seen && !reps_complete(h, plan) &&
			longer(h->end_us, t_us, plan->rest_s);
	case HOLD_EV_REST_LAST:
		return h->flat_seen && reps_complete(h, plan);
	case HOLD_EV_READY_LATE:
		return h->index > 0 && t_us - h->since_us > READY_LATE_US;
	case HOLD_EV_CLOSED:
		return in->closed;
	case HOLD_EV_CLOSING_LATE:
		return closing_late(h, set, in);
	case HOLD_EV_OTHER_LEG:
		return plan->other_leg_next && (in->closed || closing_late(h, set, in));
	case HOLD_EV_REP_BEGUN:
		return h->counted == COUNT_BEGAN;
	case HOLD_EV_REP_DONE:
		return h->counted == COUNT_DONE;
	case HOLD_EV_REP_LAST:
		return h->counted == COUNT_DONE && plan->reps > 0 &&
			h->reps_done + 1 >= plan->reps;
	case HOLD_EV_REP_GONE:
		return h->counted == COUNT_GONE;
	case HOLD_EV_STRAPPED:
		return in->press || in->begin || in->next ||
			(h->moved && t_us - h->since_us >= RESTRAP_SHOWN_US);
	case HOLD_EV_IDLE_LATE:
		return longer(h->active_us, t_us, set->idle_min * 60.0);
	case HOLD_EV_COUNT:
		break;
	}
	return false;
}

static const struct hold_rule *find_rule(const struct hold_state *h,
	const struct hold_plan *plan, const struct settings *set,
	const struct hold_input *in)
{
	for (size_t i = 0; i < hold_rule_count; i++)
		if (hold_rules[i].from == h->phase &&
			event_is(h, plan, set, in, hold_rules[i].event))
			return &hold_rules[i];
	return NULL;
}

static void begin_entry(struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in, struct hold_output *out)
{
	h->index++;
	h->unsettled = false;
	h->entry_us = plan->timed ? in->t_us : h->low_us;
	h->active_us = in->t_us;
	h->flat_seen = plan->timed;
	h->reached_band = false;
	h->falling = false;
	h->top_deg = h->plateau_deg = 0.0;
	h->entry_peak_deg = in->signal_deg;
	h->entry_rate_deg_s = 0.0;
	h->counted_s = h->run_s = h->longest_s = 0.0;
	h->counted_until_us = h->count_start_us = INT64_MIN;
	h->drops = 0;
	h->result = RESULT_NONE;
	h->reason = h->pause_reason = h->stop_reason = REASON_NONE;
	h->stopped_us = h->cap_since_us = INT64_MIN;
	h->flags = 0;
	h->ok_since_us = counts_reps(plan) ? in->t_us : INT64_MIN;
	out->hold_begun = true;
}

/* The hold's outcome; what the rule leaves open, the course of the hold says. */
static void end_hold(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_rule *rule,
	const struct hold_input *in, struct hold_output *out)
{
	enum hold_reason reason = rule->reason;

	if (rule->result == RESULT_STOPPED) {
		reason = in->stop != REASON_NONE ? in->stop : REASON_BUTTON;
		h->stopped_us = in->t_us;
	} else if (reason == REASON_NONE && rule->result == RESULT_SHORT) {
		reason = h->pause_reason;
	}
	if (rule->result == RESULT_SHORT && reason != REASON_SENSOR &&
		h->counted_s >= set->nearly_fraction * plan->prescribed_s)
		reason = REASON_NEARLY;
	h->result = rule->result;
	h->reason = reason;
	if (rule->to != HOLD_DONE) {
		h->end_us = in->t_us;
		out->hold_ended = true;
	}
}

static void change(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_rule *rule,
	const struct hold_input *in, struct hold_output *out)
{
	bool was_done = h->phase == HOLD_DONE;

	if (rule->to == HOLD_ENTERING || rule->event == HOLD_EV_REP_BEGUN)
		begin_entry(h, plan, in, out);
	if (h->phase == HOLD_ENTERING && rule->to == HOLD_READY)
		h->index--; /* it was no attempt */
	if (h->phase == HOLD_COUNTING && rule->to == HOLD_PAUSED) {
		h->drops++;
		h->run_s = 0.0;
		h->pause_reason = why_not(h, plan, in, out);
		h->paused_us = in->t_us;
	}
	if (rule->result != RESULT_NONE)
		end_hold(h, plan, set, rule, in, out);
	else if (was_done && rule->to != HOLD_OVER) {
		h->end_us = in->t_us;
		out->hold_ended = true;
	}
	if (out->hold_ended) {
		h->row_open = true;
		h->flat_seen = plan->timed;
		h->active_us = in->t_us;
		if (h->result != RESULT_SHORT || h->reason == REASON_NEARLY)
			h->reps_done++;
	}
	if (rule->event == HOLD_EV_WAKE || rule->event == HOLD_EV_STRAPPED)
		h->active_us = in->t_us;
	h->moved = false;
	if (rule->from == HOLD_NEED_REFERENCE)
		h->unsettled = false;
	h->phase = rule->to;
	h->since_us = in->t_us;
	out->changed = true;
	out->event = rule->event;
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
		h->pause_reason = why_not(h, plan, in, out);
		if (!plan->timed && rate > h->entry_rate_deg_s)
			h->entry_rate_deg_s = rate;
		if (h->entry_rate_deg_s > set->fast_entry_deg_s) {
			h->flags |= FLAG_BIT(FLAG_FAST_ENTRY);
			out->fix = true;
		}
	}
	h->flags |= out->flags | in->bad_data;
}

/* Pain: a second press soon after a stop, or any press once the leg is down. */
static void note_pain(struct hold_state *h, const struct settings *set,
	const struct hold_input *in, struct hold_output *out)
{
	bool soon = h->stopped_us != INT64_MIN && in->t_us > h->stopped_us &&
		!longer(h->stopped_us, in->t_us, set->pain_press_s);

	if (!in->press)
		return;
	if (!h->row_open) {
		if (h->phase == HOLD_REST && h->index > 0) {
			h->late_pain = h->index;
			out->flags |= FLAG_BIT(FLAG_PAIN);
		}
		return;
	}
	if ((h->phase == HOLD_STOPPED && soon) || h->phase == HOLD_REST) {
		h->reason = REASON_PAIN;
		h->flags |= FLAG_BIT(FLAG_PAIN);
	}
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
	if (in_hold(h->phase))
		follow_hold(h, plan, set, in, out);
	h->moved = h->moved || in->moved;
	note_pain(h, set, in, out);
	rule = find_rule(h, plan, set, in);
	if (rule != NULL)
		change(h, plan, set, rule, in, out);
	if ((h->phase == HOLD_COUNTING || h->phase == HOLD_DONE) && countable(h, plan, in))
		credit(h, set, in, out);
	else if (h->phase == HOLD_DONE)
		h->run_s = 0.0;
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
	if (in_hold(h->phase)) {
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
