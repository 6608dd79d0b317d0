/*
 * What a change of state does: a new hold starts from nothing, an ended one gets
 * its result and reason.
 */
#include "stretch/hold_parts.h"

static void begin_entry(struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in, struct hold_output *out)
{
	h->index++;
	h->unsettled = false;
	h->entry_us = plan->timed ? in->t_us : h->low_us;
	h->active_us = in->t_us;
	h->flat_seen = plan->timed;
	h->reached_band = h->dropped = false;
	h->level_deg = 0.0;
	h->falling = false;
	h->top_deg = h->settled_deg = h->plateau_deg = 0.0;
	h->entry_peak_deg = in->signal_deg;
	h->entry_rate_deg_s = 0.0;
	h->counted_s = h->run_s = h->longest_s = 0.0;
	h->counted_until_us = h->count_start_us = INT64_MIN;
	h->drops = 0;
	h->result = RESULT_NONE;
	h->reason = h->pause_reason = h->stop_reason = REASON_NONE;
	h->stopped_us = h->cap_since_us = INT64_MIN;
	h->flags = 0;
	h->ok_since_us = hold_counts_reps(plan) ? in->t_us : INT64_MIN;
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

void hold_change(struct hold_state *h, const struct hold_plan *plan,
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
		h->pause_reason = hold_why_not(h, plan, in, out);
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
		h->press_ends = plan->timed && !hold_counts_reps(plan) &&
			!plan->pauses && rule->event != HOLD_EV_PRESS;
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
