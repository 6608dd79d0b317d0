/*
 * One hold attempt: the way in, the hold with what disturbs it, the way back,
 * and the verdict that the rules of the hold must come to.
 */
#include "stretch/wearer_plan.h"

#define POSTURE_CHANGE_S 2.0
#define DOORWAY_TOP_S 1.5 /* heel on the wall before the knee straightens */
#define ROLLING_S 6.0     /* foam roller, before each pause */

/* Fills what the hold leaves open. */
static struct wearer_hold resolve(
	const struct wearer_build *build, const struct wearer_hold *asked)
{
	const struct wearer_param *param = build->param;
	const struct wearer_habit *habit = &wearer_habits[asked->habit];
	struct wearer_hold hold = *asked;

	if (isnan(hold.hold_s))
		hold.hold_s = build->script->counted
			? 1.0
			: param->prescribed_s + param->extra_s;
	if (isnan(hold.angle_deg))
		hold.angle_deg = param->angle_deg;
	if (isnan(hold.entry_rate_deg_s))
		hold.entry_rate_deg_s = param->entry_rate_deg_s;
	if (isnan(hold.habit_size))
		hold.habit_size = habit->size;
	if (isnan(hold.habit_start_s))
		hold.habit_start_s = hold.hold_s / 3.0;
	if (isnan(hold.habit_length_s))
		hold.habit_length_s = habit->length_s;
	if (habit->prepare != NULL)
		habit->prepare(build, &hold);
	if (isnan(hold.habit_length_s))
		hold.habit_length_s = hold.hold_s - hold.habit_start_s;
	return hold;
}

/* Leans with one sensor: nothing but the button tells when they begin. */
static bool begun_by_button(const struct wearer_build *build)
{
	const struct exercise *exercise = &exercises[build->param->exercise];

	if (!build->param->press || exercise->pauses)
		return false;
	return exercise->judging == JUDGE_TIMED ||
		(exercise->judging == JUDGE_LEAN && build->param->sensors == 1);
}

/* The verdict that the rules of the hold lead to. */
static enum hold_result intended(const struct wearer_build *build,
	const struct wearer_hold *hold, const struct wearer_hold_plan *plan)
{
	const struct wearer_habit *habit = &wearer_habits[hold->habit];
	double longest = fmin(2.0 * plan->prescribed_s, 120.0);
	double lost = 0.0, held = hold->hold_s;
	bool button = begun_by_button(build);

	if (button) /* the way into the lean counts too: no angle is judged */
		held = plan->leave_s - plan->entry_s;
	if (wearer_attempt_kind(hold->habit) != ATTEMPT_HOLD)
		return RESULT_NONE;
	if (!build->script->counted && !build->script->rolling && !button &&
		plan->angle_deg < build->plan->band_low_deg)
		return RESULT_SHORT; /* with no second counted */
	if (build->script->counted)
		return RESULT_DONE;
	if (habit->intended != HABIT_KEEPS_RESULT &&
		hold->habit_start_s < plan->prescribed_s)
		return (enum hold_result)habit->intended;
	if (habit->pauses && hold->habit_start_s < plan->prescribed_s)
		lost = hold->habit_length_s;
	if (held > longest + lost)
		return RESULT_OVER;
	if (held - lost >= plan->prescribed_s)
		return RESULT_DONE;
	return button ? RESULT_STOPPED : RESULT_SHORT;
}

static void add_habit(struct wearer_build *build, enum wearer_habit_id id, double size,
	double start_s, double length_s, const struct wearer_hold_plan *plan)
{
	struct wearer_hold hold = { .habit = (int32_t)id,
		.habit_size = size,
		.habit_start_s = start_s,
		.habit_length_s = length_s,
		.hold_s = plan->hold_s,
		.angle_deg = plan->angle_deg };

	if (size != 0.0)
		wearer_habits[id].add(build, &hold, plan);
}

/* What disturbs every hold; who counts or rolls moves anyway. */
static void disturb(struct wearer_build *build, const struct wearer_hold_plan *plan)
{
	const struct wearer_param *param = build->param;
	double all = plan->hold_s, sign;
	enum wearer_channel channel = wearer_signal(build, &sign);

	if (build->script->counted || build->script->rolling)
		return;
	add_habit(build, HABIT_WANDER, param->wander_deg, 0.0, all, plan);
	add_habit(build, HABIT_TREMOR, param->tremor_deg_s, 0.0, all, plan);
	add_habit(build, HABIT_CREEP, param->creep_deg_s, 0.0, all, plan);
	if (param->sway_deg != 0.0)
		wearer_add_wave(build, channel, plan->settled_s, all, param->sway_deg,
			param->sway_hz);
	if (param->bounce_deg != 0.0)
		wearer_add_wave(build, channel, plan->settled_s + all / 3.0,
			fmin(4.0, all / 2.0), param->bounce_deg, param->bounce_hz);
}

/* The way into the hold; returns when the pose is reached. */
static double enter(struct wearer_build *build, const struct wearer_hold *hold,
	struct wearer_hold_plan *plan)
{
	const struct wearer_param *param = build->param;
	double start = build->now_s, length, fall;

	if (build->script->rolling) {
		wearer_add_wave(build, CHANNEL_HIP_X_M, start, ROLLING_S, 0.08, 0.4);
		wearer_add_wave(build, CHANNEL_THIGH, start, ROLLING_S, 4.0, 0.4);
		plan->angle_deg = 0.0;
		return start + ROLLING_S;
	}
	plan->angle_deg = wearer_vary(build, hold->angle_deg);
	length = wearer_move_time(plan->angle_deg, hold->entry_rate_deg_s);
	wearer_push_signal(build, build->script, start, length, plan->angle_deg);
	if (plan->angle_deg > build->plan->band_low_deg)
		plan->band_s = start +
			length *
				track_ease_inverse(
					build->plan->band_low_deg / plan->angle_deg);
	if (param->exercise != EX_DOORWAY || param->fall_deg <= 0.0)
		return start + length;
	fall = param->fall_deg / param->fall_rate_deg_s + RAMP_BLEND_S;
	wearer_push_evenly(build, CHANNEL_RAISE, start + length + DOORWAY_TOP_S, fall,
		-param->fall_deg);
	plan->angle_deg -= param->fall_deg;
	return start + length + DOORWAY_TOP_S + fall;
}

/* Way back; bent_deg: rests with the knee bent, the thigh at that angle. */
static void leave(
	struct wearer_build *build, struct wearer_hold_plan *plan, double bent_deg)
{
	double sign, way, length;
	double low = build->plan->band_low_deg;

	(void)wearer_signal(build, &sign);
	way = sign * build->held[build->script->signal] +
		fabs(build->held[CHANNEL_THIGH]);
	length = wearer_move_time(way,
		build->script->counted ? build->param->entry_rate_deg_s
				       : build->param->raise_rate_deg_s);
	way = sign * build->held[build->script->signal];
	if (way > low && !isnan(plan->band_s))
		plan->out_s =
			plan->leave_s + length * track_ease_inverse(1.0 - low / way);
	wearer_push_back(build, plan->leave_s, length);
	if (bent_deg > 0.0)
		wearer_push(build, CHANNEL_THIGH, plan->leave_s, length, bent_deg);
	plan->flat_s = plan->leave_s + length;
}

static void walk_off(struct wearer_build *build, double length_s)
{
	const struct wearer_posture back = build->posture;

	wearer_take_posture(build, &wearer_posture_sitting, POSTURE_CHANGE_S);
	wearer_take_posture(build, &wearer_posture_standing, POSTURE_CHANGE_S);
	wearer_add_wave(build, CHANNEL_THIGH, build->now_s, length_s, 20.0, 0.9);
	wearer_add_wave(build, CHANNEL_HIP_Z_M, build->now_s, length_s, 0.02, 1.8);
	build->now_s += length_s;
	wearer_take_posture(build, &wearer_posture_sitting, POSTURE_CHANGE_S);
	wearer_take_posture(build, &back, POSTURE_CHANGE_S);
}

static void press(struct wearer_build *build, double t_s)
{
	if (begun_by_button(build))
		wearer_add_event(build, t_s, EVENT_PRESS, "", "");
}

void wearer_attempt(
	struct wearer_build *build, const struct wearer_hold *asked, double bent_next_deg)
{
	struct wearer_hold hold = resolve(build, asked);
	enum wearer_attempt kind = wearer_attempt_kind(hold.habit);
	struct wearer_hold_plan plan = { .habit = hold.habit,
		.entry_s = build->now_s,
		.band_s = NAN,
		.out_s = NAN,
		.habit_s = NAN,
		.habit_length_s = NAN,
		.prescribed_s = build->param->prescribed_s,
		.hold_s = hold.hold_s };

	if (kind == ATTEMPT_HOLD) {
		press(build, plan.entry_s);
		plan.settled_s = enter(build, &hold, &plan);
	} else if (kind == ATTEMPT_BENT) {
		plan.settled_s = plan.entry_s + 3.0;
		plan.angle_deg = hold.habit_size;
		wearer_push(build, CHANNEL_THIGH, plan.entry_s, 3.0,
			hold.habit_size - build->held[CHANNEL_THIGH]);
	} else {
		plan.settled_s = plan.entry_s;
	}
	plan.leave_s = plan.settled_s + hold.hold_s;
	if (hold.habit != HABIT_NONE) {
		plan.habit_s = plan.settled_s + hold.habit_start_s;
		plan.habit_length_s = hold.habit_length_s;
	}
	plan.intended = intended(build, &hold, &plan);
	if (kind == ATTEMPT_HOLD || kind == ATTEMPT_OTHER_LEG) {
		disturb(build, &plan);
		if (wearer_habits[hold.habit].add != NULL)
			wearer_habits[hold.habit].add(build, &hold, &plan);
	}
	if (kind == ATTEMPT_HOLD)
		press(build, plan.leave_s);
	leave(build, &plan, bent_next_deg);
	build->now_s = plan.flat_s;
	if (hold.habit == HABIT_PHONE)
		walk_off(build, hold.habit_size);
	build->now_s += build->script->counted ? 1.0 : build->param->rest_s;
	build->plan->holds[build->plan->hold_count++] = plan;
}
