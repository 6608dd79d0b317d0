/*
 * When an event of the hold is true. Which change of state follows from it stands
 * in hold_rules.c; what a change does, in hold_change.c.
 */
#include "stretch/hold_parts.h"

#define SHOWN_US 2000000      /* short, over, stopped stay on the lamps */
#define READY_LATE_US 60000000
#define TIMED_GONE_DEG 20.0   /* timed: the thigh left its place for good */
#define LEAN_GONE_DEG 30.0    /* leaning: the wearer has got up or sat down */
#define RESTRAP_SHOWN_US 4000000 /* two rounds of its blinks */
#define ENTRY_MIN_US 3000000  /* a lift shorter than this is no attempt */

bool hold_longer(int64_t from_us, int64_t to_us, double limit_s)
{
	return (double)(to_us - from_us) > limit_s * 1e6;
}

bool hold_left_place(const struct hold_plan *plan, const struct hold_input *in)
{
	return plan->judging == JUDGE_LEAN && !plan->timed &&
		in->thigh_rise_deg > LEAN_GONE_DEG;
}

enum hold_reason hold_why_not(const struct hold_state *h,
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
	return h->dropped ? REASON_DROPPED : REASON_NOT_STILL;
}

bool hold_countable(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in)
{
	if (hold_counts_reps(plan))
		return in->bad_data == 0 && h->count.up;
	return in->bad_data == 0 && h->ok_since_us != INT64_MIN && h->steady.still;
}

/* The first count of a hold waits until the whole still window lies in the band:
 * a rise that begins slowly is not yet a hold. Nothing is lost by waiting. */
static bool settled(const struct hold_state *h, const struct settings *set,
	const struct hold_input *in)
{
	return hold_longer(h->ok_since_us, in->t_us, set->still_window_s);
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
	return hold_longer(h->counted_until_us, resume_us, set->pause_max_s);
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
	if (hold_counts_reps(plan))
		return h->phase == HOLD_DONE && !h->count.up;
	if (plan->timed)
		return in->thigh_rise_deg > TIMED_GONE_DEG;
	if (hold_left_place(plan, in))
		return true;
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

	return hold_longer(from_us, in->t_us, plan->entry_time_s);
}

static bool closing_late(const struct hold_state *h, const struct settings *set,
	const struct hold_input *in)
{
	return hold_longer(h->since_us, in->t_us, set->closing_s);
}

static bool event_is(const struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_input *in, enum hold_event event)
{
	int64_t t_us = in->t_us;

	switch (event) {
	case HOLD_EV_PRESS:
		return in->press || in->stop != REASON_NONE;
	case HOLD_EV_BEGIN:
		return plan->timed && !hold_counts_reps(plan) &&
			(in->begin || in->press ||
			(plan->pauses && h->unsettled && h->steady.still));
	case HOLD_EV_NEXT:
		return in->next || (in->press &&
			(!plan->timed || hold_counts_reps(plan)) &&
			h->phase == HOLD_READY && h->index > 0);
	case HOLD_EV_REFERENCE:
		return in->reference;
	case HOLD_EV_WAKE:
		return in->moved || in->press || in->begin;
	case HOLD_EV_DATA_LOST:
		return h->bad_since_us != INT64_MIN &&
			hold_longer(h->bad_since_us, t_us, set->fault_pause_s);
	case HOLD_EV_DATA_BACK:
		return in->bad_data == 0;
	case HOLD_EV_LONG_GAP:
		if (h->phase == HOLD_FAULT) /* known once the data are back */
			return in->bad_data == 0 &&
				hold_longer(h->good_before_us, t_us,
					set->gap_reference_s);
		return (double)in->dt_us > set->gap_reference_s * 1e6 ||
			hold_longer(h->good_us, t_us, set->gap_reference_s);
	case HOLD_EV_SETUP_DONE:
		return in->setup_done;
	case HOLD_EV_ENTRY:
		return !plan->timed && in->bad_data == 0 && h->flat_seen &&
			!hold_left_place(plan, in) &&
			in->signal_deg >= h->flat_deg + plan->rise_deg &&
			!hold_longer(h->low_us, t_us, plan->entry_time_s);
	case HOLD_EV_ENTRY_LOST:
		return leg_down(h, plan, in) && small_lift(h, plan, in);
	case HOLD_EV_ENTRY_LATE:
		return entry_late(h, plan, in);
	case HOLD_EV_COUNTABLE:
		return hold_countable(h, plan, in) && (h->phase != HOLD_ENTERING ||
			settled(h, set, in));
	case HOLD_EV_NOT_COUNTABLE:
		return !hold_countable(h, plan, in);
	case HOLD_EV_PAUSE_OVER:
		return !hold_countable(h, plan, in) && pause_over(h, set, in);
	case HOLD_EV_LEG_DOWN:
		return leg_down(h, plan, in);
	case HOLD_EV_REACHED:
		return h->counted_s >= plan->prescribed_s;
	case HOLD_EV_PAST_CAP:
		return h->cap_since_us != INT64_MIN &&
			hold_longer(h->cap_since_us, t_us, set->over_cap_s);
	case HOLD_EV_TOO_LONG:
		return hold_longer(h->count_start_us, t_us, plan->hold_max_s);
	case HOLD_EV_SHOWN:
		return t_us - h->since_us >= SHOWN_US;
	case HOLD_EV_REST_MORE:
		return h->flat_seen && !reps_complete(h, plan) &&
			hold_longer(h->end_us, t_us, plan->rest_s);
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
		return hold_longer(h->active_us, t_us, set->idle_min * 60.0);
	case HOLD_EV_COUNT:
		break;
	}
	return false;
}

const struct hold_rule *hold_find_rule(const struct hold_state *h,
	const struct hold_plan *plan, const struct settings *set,
	const struct hold_input *in)
{
	for (size_t i = 0; i < hold_rule_count; i++)
		if (hold_rules[i].from == h->phase &&
			event_is(h, plan, set, in, hold_rules[i].event))
			return &hold_rules[i];
	return NULL;
}
