/*
 * start, stop, next, reference from the control socket: events of the session, as presses
 * of the button. What the state has no use for is refused in words: who asks by name
 * does not see the lamp, and a "told" would be a promise.
 */
#include <stdio.h>
#include <string.h>

#include "stretchd/daemon.h"

static bool in_hold(enum hold_phase phase)
{
	return phase == HOLD_ENTERING || phase == HOLD_COUNTING ||
		phase == HOLD_PAUSED || phase == HOLD_DONE;
}

/* By the hold's rules (hold_rules.c). */
static const char *next_is_useless(const struct daemon *d, enum hold_phase phase)
{
	if (d->waiting)
		return "no session runs: there is no exercise to leave";
	if (in_hold(phase))
		return "a hold runs: end it first (stretchctl stop)";
	return phase == HOLD_NEED_REFERENCE || phase == HOLD_READY ||
		phase == HOLD_REST || phase == HOLD_RESTRAP ? NULL
		: "not now: an exercise is left before a hold, or in a rest";
}

static const char *start_is_useless(const struct hold_plan *plan, enum hold_phase phase)
{
	if (phase == HOLD_IDLE || phase == HOLD_RESTRAP)
		return NULL;
	if (in_hold(phase))
		return "a hold runs already";
	if (!plan->timed || plan->judging == JUDGE_COUNTED)
		return "this exercise needs no start: it begins with the movement";
	return phase == HOLD_READY ? NULL : "not now: a hold begins when it is ready";
}

/* Why nothing would come of it; NULL: something may. */
static const char *useless(const struct daemon *d, enum control_command command)
{
	enum hold_phase phase = d->run.state.hold.phase;

	if (command == CONTROL_NEXT)
		return next_is_useless(d, phase);
	if (command == CONTROL_START)
		return start_is_useless(&d->run.state.plan, phase);
	return NULL;
}

/* On the next sample, as a press: so it is in the recording. */
void talk_give_event(struct daemon *d, struct control_client *from,
	const struct control_request *r)
{
	const struct settings *set = &d->run.inputs.settings;
	const char *why = useless(d, r->command);
	struct event event = { .kind = EVENT_NONE };

	switch (r->command) {
	case CONTROL_START:
		event.kind = EVENT_START;
		snprintf(event.word[0], EVENT_WORD_MAX, "%s",
			exercise_names[set->exercise]);
		snprintf(event.word[1], EVENT_WORD_MAX, "%s", side_names[set->side]);
		break;
	case CONTROL_STOP:
		event.kind = EVENT_STOP;
		memcpy(event.word[0], r->reason, EVENT_WORD_MAX);
		break;
	case CONTROL_NEXT:
		event.kind = EVENT_NEXT;
		break;
	default:
		event.kind = EVENT_REFERENCE;
		break;
	}
	if (source_is_none(&d->source)) {
		control_refuse(&d->control, from, r, d->missing);
		return;
	}
	if (why != NULL) {
		control_refuse(&d->control, from, r, why);
		return;
	}
	if (d->loop.events == LOOP_EVENTS) {
		control_refuse(&d->control, from, r, "busy: no sample has come for the "
			"commands before. look at the sensor, or try again");
		return;
	}
	loop_event(&d->loop, &event);
	control_answer(&d->control, from, r, json_pack("{s:s}", "state",
		hold_phase_names[d->run.state.hold.phase]));
}
