/*
 * Shared by the parts of the hold: the step (hold.c), when an event is true
 * (hold_event.c), what a change of state does (hold_change.c). Internal to them.
 */
#ifndef STRETCH_HOLD_PARTS_H
#define STRETCH_HOLD_PARTS_H

#include "stretch/hold.h"

static inline bool hold_counts_reps(const struct hold_plan *plan)
{
	return plan->judging == JUDGE_COUNTED;
}

static inline bool hold_running(enum hold_phase phase)
{
	return phase == HOLD_ENTERING || phase == HOLD_COUNTING ||
		phase == HOLD_PAUSED || phase == HOLD_DONE;
}

bool hold_longer(int64_t from_us, int64_t to_us, double limit_s);

/* Leaning, the pelvis alone cannot tell a lean from getting up: a thigh far from
 * its place in the start pose can. NAN: unknown, not left. */
bool hold_left_place(const struct hold_plan *plan, const struct hold_input *in);

/* Why seconds are not counted just now, worst first. */
enum hold_reason hold_why_not(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in, const struct hold_output *out);

/* In band, not dropped, still, data good, no bounce; counted exercises: in a
 * repetition. */
bool hold_countable(const struct hold_state *h, const struct hold_plan *plan,
	const struct hold_input *in);

/* The first rule of this state whose event is true; NULL: it stays. */
const struct hold_rule *hold_find_rule(const struct hold_state *h,
	const struct hold_plan *plan, const struct settings *set,
	const struct hold_input *in);

/* Goes where the rule leads. */
void hold_change(struct hold_state *h, const struct hold_plan *plan,
	const struct settings *set, const struct hold_rule *rule,
	const struct hold_input *in, struct hold_output *out);

#endif
