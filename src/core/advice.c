/*
 * What the wearer is told in words, on the screen and on the socket: by the pattern that
 * the lamp shows, the kind of exercise, and the pose that it starts from. Who stands is
 * not told to lie still, and where no angle is judged no band is named.
 */
#include "stretch/session.h"

#define NO_LEAN_US 20000000 /* asked to lean for longer than a lean takes */

enum way {
	WAY_RAISE,
	WAY_DOORWAY,
	WAY_LEAN,
	WAY_TIMED,
	WAY_PAUSES,
	WAY_COUNTED,
	WAY_COUNT
};

/* wait, done and short go by the pose, off and fault are the same for all. */
static const char *const by_way[WAY_COUNT][LED_ID_COUNT] = {
	[WAY_RAISE] = { [LED_GO] = "raise the leg into the band",
		[LED_MOVE] = "into the band, then still",
		[LED_COUNT] = "hold",
		[LED_PAUSE] = "back into the band, still",
		[LED_FIX] = "slower, steadier, inside the band" },
	[WAY_DOORWAY] = { [LED_GO] = "leg up the wall, then let it sink",
		[LED_MOVE] = "up, let it sink slowly, then still",
		[LED_COUNT] = "hold",
		[LED_PAUSE] = "keep still, do not push up",
		[LED_FIX] = "slower, steadier, inside the band" },
	[WAY_LEAN] = { [LED_GO] = "lean forward from the hips, into the band",
		[LED_MOVE] = "lean into the band, then still",
		[LED_COUNT] = "hold",
		[LED_PAUSE] = "back into the band, still",
		[LED_FIX] = "slower, steadier, inside the band" },
	[WAY_TIMED] = {
		[LED_GO] = "into the stretch, press the button (or: stretchctl start)",
		[LED_MOVE] = "keep still",
		[LED_COUNT] = "hold",
		[LED_PAUSE] = "keep still",
		[LED_FIX] = "slower, steadier" },
	[WAY_PAUSES] = { [LED_GO] = "roll, then keep still",
		[LED_MOVE] = "keep still",
		[LED_COUNT] = "keep still",
		[LED_PAUSE] = "keep still",
		[LED_FIX] = "slower, steadier" },
	[WAY_COUNTED] = { [LED_GO] = "begin when you like",
		[LED_MOVE] = "all the way",
		[LED_COUNT] = "there and back",
		[LED_PAUSE] = "there and back",
		[LED_FIX] = "slower, steadier" },
};

static enum way way_of(const struct hold_plan *plan)
{
	if (plan->judging == JUDGE_COUNTED)
		return WAY_COUNTED;
	if (plan->timed)
		return plan->pauses ? WAY_PAUSES : WAY_TIMED;
	if (plan->judging == JUDGE_LEAN)
		return WAY_LEAN;
	return plan->judging == JUDGE_DOORWAY ? WAY_DOORWAY : WAY_RAISE;
}

/* What is to be mended; the first that is true is told. */
static const struct {
	enum flag flag;
	const char *raise, *lean; /* lying, and sitting or standing; NULL: not there */
} mend[] = {
	{ FLAG_PAST_CAP, "lower: that is past the cap", "less far: that is past the cap" },
	{ FLAG_BOUNCE, "do not bounce, keep still", "do not bounce, keep still" },
	{ FLAG_PUSH_UP, "do not push up, let the leg sink", NULL },
	{ FLAG_FAST_ENTRY, "slower", "slower" },
	{ FLAG_KNEE_UP, NULL, "the thigh back to where it was, knee straight" },
	{ FLAG_OUT_OF_PLANE, "the leg is far out to the side: bring it back",
		"the leg is far out to the side: bring it back" },
};

/* Of a pelvis that moves: one sensor sees what it does to the leg, and no more. */
static const char *pelvis_advice(const struct session_state *s)
{
	if (s->plan.judging == JUDGE_LEAN)
		return "tilt the pelvis forward again, and keep still";
	if ((s->setup_plan.sites & 1u << SITE_PELVIS) == 0)
		return "steady the leg";
	return "tailbone down, keep the pelvis still";
}

static const char *fix_advice(const struct session_state *s, const char *otherwise)
{
	bool lean = !exercises[s->setup_plan.exercise].lying;

	for (size_t i = 0; i < sizeof mend / sizeof mend[0]; i++) {
		const char *text = lean ? mend[i].lean : mend[i].raise;

		if (text != NULL && (s->fix_flags & FLAG_BIT(mend[i].flag)) != 0)
			return text;
	}
	if ((s->fix_flags & FLAG_BIT(FLAG_PELVIS_MOVING)) != 0)
		return pelvis_advice(s);
	return otherwise;
}

/* The way back; a standing bend is left slowly: blood pressure has to follow. */
static const char *end_advice(const struct hold_plan *plan, enum pose start, bool done)
{
	if (plan->pauses)
		return done ? "done: roll on" : "roll on, then keep still";
	switch (start) {
	case POSE_STANDING:
		return done ? "done: come up slowly" : "come up slowly and rest";
	case POSE_SITTING:
		return done ? "done: sit up" : "sit up and rest";
	case POSE_LYING:
		return done ? "done: lower the leg" : "lower the leg and rest";
	default:
		return done ? "done: rest" : "back to where you began, and rest";
	}
}

/* In the band without an entry: nothing counts, and going on into it does not help. */
static const char *back_advice(enum pose start)
{
	return start == POSE_LYING ? "first lower the leg and lie still, then raise it"
				   : "first back to where you began, then lean forward";
}

const char *session_advice(const struct session_state *s)
{
	enum pose start = exercises[s->setup_plan.exercise].start_pose;

	if (s->other_leg)
		return "this leg has not moved: is the sensor on the other one?";
	if (s->hold.phase == HOLD_NEED_REFERENCE && s->feedback.id != LED_FIX) {
		if (s->setup.problem == ALIGN_ELSEWHERE || (s->setup.problem != ALIGN_OK &&
				s->setup.step != SETUP_REFERENCE))
			return align_result_advice[s->setup.problem];
		return setup_advice(&s->setup, &s->setup_plan);
	}
	switch (s->feedback.id) {
	case LED_OFF:
		return "";
	case LED_WAIT:
		return s->hold.phase == HOLD_RESTRAP ? "move the sensor to the other leg"
						     : pose_advice[start];
	case LED_DONE:
	case LED_SHORT:
		return end_advice(&s->plan, start, s->feedback.id == LED_DONE);
	case LED_FAULT:
		return "trouble of a sensor or the storage: stretchctl status says which";
	case LED_FIX:
		return fix_advice(s, by_way[way_of(&s->plan)][LED_FIX]);
	case LED_GO:
		if (s->hold.warned_in_band)
			return back_advice(start);
		if (way_of(&s->plan) == WAY_LEAN &&
			s->t_us - s->hold.since_us > NO_LEAN_US)
			return "the pelvis has not tilted forward (no lean, or a rounded "
			       "back: the sensor cannot tell)";
		break;
	default:
		break;
	}
	return by_way[way_of(&s->plan)][s->feedback.id];
}
