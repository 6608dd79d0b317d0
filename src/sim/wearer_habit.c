/*
 * Bad habits and accidents: what people do in a hold that they should not.
 *
 * One row each in the table at the end. start, length and size are those of the
 * hold; a habit adds movement to the attempt, or changes it before it is planned.
 */
#include "stretch/wearer_plan.h"

#include <string.h>

#define SWAY_HZ 0.7
#define BOUNCE_HZ 1.0
#define DEEP_BREATH_HZ 0.2
#define SLIP_S 0.3
#define PRESS_AND_LEAVE_S 2.0

enum wearer_attempt wearer_attempt_kind(int32_t habit)
{
	switch (habit) {
	case HABIT_IDLE: return ATTEMPT_IDLE;
	case HABIT_BENT: return ATTEMPT_BENT;
	case HABIT_OTHER_LEG: return ATTEMPT_OTHER_LEG;
	default: return ATTEMPT_HOLD;
	}
}

static double start_of(
	const struct wearer_hold *hold, const struct wearer_hold_plan *plan)
{
	return plan->settled_s + hold->habit_start_s;
}

static void add_signal_wave(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan, double frequency_hz)
{
	double sign;

	wearer_add_wave(build, wearer_signal(build, &sign), start_of(hold, plan),
		hold->habit_length_s, hold->habit_size, frequency_hz);
}

static void bump_signal(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan, double move_s, double delta)
{
	double sign;
	enum wearer_channel channel = wearer_signal(build, &sign);

	wearer_bump(build, channel, start_of(hold, plan), hold->habit_length_s,
		fmin(move_s, hold->habit_length_s / 2.0), sign * delta);
}

static void add_sway(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	add_signal_wave(build, hold, plan, SWAY_HZ);
}

static void add_wander(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign;
	struct track_wave frame = { .start_s = start_of(hold, plan),
		.length_s = hold->habit_length_s,
		.ease_s = 1.0,
		.channel = (int32_t)wearer_signal(build, &sign) };

	track_add_wander(&build->plan->track, &frame, hold->habit_size, 0.1, 1.0, 6,
		&build->random);
}

/* Two waves of equal speed: together they have the root mean square asked for. */
static void tremble(struct wearer_build *build, enum wearer_channel channel,
	const struct wearer_hold *hold, const struct wearer_hold_plan *plan)
{
	static const double frequencies_hz[] = { 6.4, 7.7 };

	for (int i = 0; i < 2; i++)
		wearer_add_wave(build, channel, start_of(hold, plan),
			hold->habit_length_s,
			hold->habit_size / (2.0 * STRETCH_PI * frequencies_hz[i]),
			frequencies_hz[i]);
}

static void add_tremor(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign;

	/* too quick for the pelvis to follow the leg */
	tremble(build, CHANNEL_THIGH, hold, plan);
	if (wearer_signal(build, &sign) == CHANNEL_PELVIS)
		tremble(build, CHANNEL_PELVIS, hold, plan);
}

static void add_creep(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign;
	enum wearer_channel channel = wearer_signal(build, &sign);

	wearer_push_evenly(build, channel, start_of(hold, plan), hold->habit_length_s,
		sign * hold->habit_size * hold->habit_length_s);
}

static void add_bounce(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign;

	add_signal_wave(build, hold, plan, BOUNCE_HZ);
	/* a bouncing trunk takes the thigh along a little */
	if (wearer_signal(build, &sign) == CHANNEL_PELVIS)
		wearer_add_wave(build, CHANNEL_THIGH, start_of(hold, plan),
			hold->habit_length_s, 0.15 * hold->habit_size, BOUNCE_HZ);
}

static void add_drop(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	bump_signal(build, hold, plan, 0.5, -hold->habit_size);
}

static void add_exhale(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign, each = fmax(hold->habit_length_s, 1.5);
	double t = start_of(hold, plan);
	enum wearer_channel channel = wearer_signal(build, &sign);

	while (t + 1.0 < plan->leave_s) {
		wearer_push(build, channel, t, 1.0, sign * hold->habit_size);
		t += each;
	}
}

static void add_slip(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_shift(build, CHANNEL_SLIP, start_of(hold, plan), SLIP_S, hold->habit_size);
}

static void add_twist(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_shift(
		build, CHANNEL_SLIP_ROLL, start_of(hold, plan), SLIP_S, hold->habit_size);
}

static void prepare_length(const struct wearer_build *build, struct wearer_hold *hold)
{
	(void)build;
	hold->habit_length_s = hold->habit_size;
}

static void add_gap(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_add_span(build, build->plan->gaps, &build->plan->gap_count,
		start_of(hold, plan), start_of(hold, plan) + hold->habit_size);
}

static void add_dead(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double start = start_of(hold, plan);

	wearer_add_span(build, build->plan->dead, &build->plan->dead_count, start,
		start + hold->habit_size);
	wearer_add_event(build, start, EVENT_FAULT, site_names[SITE_THIGH], "nack");
	wearer_add_event(build, start + hold->habit_size, EVENT_RECOVERED,
		site_names[SITE_THIGH], "");
}

static void add_frozen(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_add_span(build, build->plan->frozen, &build->plan->frozen_count,
		start_of(hold, plan), start_of(hold, plan) + hold->habit_size);
}

static void add_pelvis(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_push(build, CHANNEL_PELVIS, start_of(hold, plan),
		fmin(3.0, hold->habit_length_s), hold->habit_size);
}

static void add_over(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	bump_signal(build, hold, plan, 1.0,
		build->plan->cap_deg + hold->habit_size - plan->angle_deg);
}

static void prepare_low(const struct wearer_build *build, struct wearer_hold *hold)
{
	hold->angle_deg = fmax(build->plan->band_low_deg - hold->habit_size, 1.0);
}

static void prepare_fast(const struct wearer_build *build, struct wearer_hold *hold)
{
	(void)build;
	hold->entry_rate_deg_s = hold->habit_size;
}

static void add_flinch(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	bump_signal(build, hold, plan, 0.3, hold->habit_size);
}

static void add_drift(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_push(build, CHANNEL_DRIFT, start_of(hold, plan),
		fmin(3.0, hold->habit_length_s), hold->habit_size);
}

static void add_roll(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_push(build, CHANNEL_ROLL, start_of(hold, plan),
		fmin(3.0, hold->habit_length_s), hold->habit_size);
}

static void add_push_up(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	bump_signal(build, hold, plan, 1.0, hold->habit_size);
}

static void add_cough(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double start = start_of(hold, plan);

	wearer_add_wave(
		build, CHANNEL_THIGH, start, hold->habit_length_s, hold->habit_size, 3.0);
	wearer_add_wave(build, CHANNEL_PELVIS, start, hold->habit_length_s,
		hold->habit_size, 3.0);
	wearer_add_wave(build, CHANNEL_HIP_Z_M, start, hold->habit_length_s, 0.004, 3.0);
}

static void add_towel(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	bump_signal(build, hold, plan, 1.0, -hold->habit_size);
	wearer_add_wave(build, CHANNEL_ROLL, start_of(hold, plan), hold->habit_length_s,
		5.0, 1.0);
}

static void prepare_phone(const struct wearer_build *build, struct wearer_hold *hold)
{
	(void)build;
	hold->hold_s = hold->habit_start_s;
	hold->habit_length_s = hold->habit_size;
}

static void prepare_asleep(const struct wearer_build *build, struct wearer_hold *hold)
{
	hold->hold_s = hold->habit_size * build->param->prescribed_s;
}

static void add_other_leg(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double move_s = fmin(4.0, plan->hold_s / 2.0);

	wearer_bump(build, CHANNEL_PELVIS, plan->entry_s, plan->hold_s, move_s,
		hold->habit_size);
	wearer_bump(build, CHANNEL_THIGH, plan->entry_s, plan->hold_s, move_s,
		-0.2 * hold->habit_size);
}

static void prepare_press(const struct wearer_build *build, struct wearer_hold *hold)
{
	(void)build;
	hold->hold_s = hold->habit_start_s + PRESS_AND_LEAVE_S;
}

static void add_press(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_add_event(build, start_of(hold, plan), EVENT_PRESS, "", "");
}

static void add_pain(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	add_press(build, hold, plan);
	wearer_add_event(
		build, start_of(hold, plan) + hold->habit_size, EVENT_PRESS, "", "");
}

/* The belt rises and falls with the breath, the raised leg a little with it. */
static void add_breathe(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_add_wave(build, CHANNEL_BREATH, start_of(hold, plan),
		hold->habit_length_s, hold->habit_size, DEEP_BREATH_HZ);
	wearer_add_wave(build, CHANNEL_THIGH, start_of(hold, plan),
		hold->habit_length_s, 0.2 * hold->habit_size, DEEP_BREATH_HZ);
}

static void add_knee(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	wearer_bump(build, CHANNEL_THIGH, start_of(hold, plan), hold->habit_length_s,
		fmin(0.8, hold->habit_length_s / 2.0), hold->habit_size);
}

static void add_sink(struct wearer_build *build, const struct wearer_hold *hold,
	const struct wearer_hold_plan *plan)
{
	double sign;
	enum wearer_channel channel = wearer_signal(build, &sign);

	wearer_push_evenly(build, channel, start_of(hold, plan), hold->habit_length_s,
		-sign * hold->habit_size);
}

#define KEEPS .intended = HABIT_KEEPS_RESULT
#define TO_END .length_s = NAN

/* clang-format off */
const struct wearer_habit wearer_habits[HABIT_COUNT] = {
	[HABIT_NONE] = { "none", "", "a calm hold", .size = 0, TO_END, KEEPS },
	[HABIT_SWAY] = { "sway", "deg", "even swaying at 0.7 Hz, amplitude",
		.size = 1.5, TO_END, KEEPS, .add = add_sway },
	[HABIT_WANDER] = { "wander", "deg",
		"random swaying at 0.1 to 1 Hz, standard deviation", .size = 1.0,
		TO_END, KEEPS, .add = add_wander },
	[HABIT_TREMOR] = { "tremor", "deg/s", "trembling at 6 to 8 Hz, root mean square",
		.size = 12, TO_END, KEEPS, .add = add_tremor },
	[HABIT_CREEP] = { "creep", "deg/s", "slow rise", .size = 0.2, TO_END, KEEPS,
		.add = add_creep },
	[HABIT_BOUNCE] = { "bounce", "deg", "bouncing at 1 Hz, amplitude", .size = 8,
		.length_s = 5, .intended = RESULT_SHORT, .add = add_bounce },
	[HABIT_DROP] = { "drop", "deg", "the leg drops and is pulled up again",
		.size = 25, .length_s = 5, .intended = RESULT_SHORT,
		.add = add_drop },
	[HABIT_EXHALE] = { "exhale", "deg", "a step up with each breath out",
		.size = 2, .length_s = 6, KEEPS, .add = add_exhale },
	[HABIT_SLIP] = { "slip", "deg", "the strap slips about the flexion axis",
		.size = 8, .length_s = 0, KEEPS, .add = add_slip },
	[HABIT_TWIST] = { "twist", "deg", "the strap slips round the thigh",
		.size = 15, .length_s = 0, KEEPS, .add = add_twist },
	[HABIT_GAP] = { "gap", "s", "no rows", .size = 0.5, TO_END, KEEPS,
		.pauses = true, .prepare = prepare_length, .add = add_gap },
	[HABIT_DEAD] = { "dead", "s", "the thigh sensor is absent, with its events",
		.size = 4, TO_END, .intended = RESULT_SHORT,
		.prepare = prepare_length, .add = add_dead },
	[HABIT_FROZEN] = { "frozen", "s", "the thigh sensor repeats one reading",
		.size = 4, TO_END, .intended = RESULT_SHORT,
		.prepare = prepare_length, .add = add_frozen },
	[HABIT_PELVIS] = { "pelvis", "deg", "rolls the pelvis back to cheat",
		.size = 9, TO_END, KEEPS, .add = add_pelvis },
	[HABIT_OVER] = { "over", "deg", "pulls this far beyond the cap", .size = 8,
		.length_s = 6, .intended = RESULT_OVER, .add = add_over },
	[HABIT_LOW] = { "low", "deg", "stays this far below the band", .size = 5,
		TO_END, .intended = RESULT_SHORT, .prepare = prepare_low },
	[HABIT_FAST] = { "fast", "deg/s", "goes into the hold at this speed",
		.size = 60, TO_END, KEEPS, .prepare = prepare_fast },
	[HABIT_FLINCH] = { "flinch", "deg", "a sudden jump and back", .size = 8,
		.length_s = 1, KEEPS, .pauses = true, .add = add_flinch },
	[HABIT_DRIFT] = { "drift", "deg", "the leg drifts outwards", .size = 15,
		TO_END, KEEPS, .add = add_drift },
	[HABIT_ROLL] = { "roll", "deg", "the leg rolls about its axis", .size = 12,
		TO_END, KEEPS, .add = add_roll },
	[HABIT_PUSH_UP] = { "push-up", "deg",
		"doorway: pushes up instead of straightening", .size = 8,
		.length_s = 2, KEEPS, .pauses = true, .add = add_push_up },
	[HABIT_COUGH] = { "cough", "deg", "three short jerks", .size = 2,
		.length_s = 1, KEEPS, .add = add_cough },
	[HABIT_TOWEL] = { "towel", "deg", "adjusts the towel", .size = 12,
		.length_s = 5, .intended = RESULT_SHORT, .add = add_towel },
	[HABIT_PHONE] = { "phone", "s", "gets up, walks for this long, comes back",
		.size = 20, TO_END, .intended = RESULT_SHORT,
		.prepare = prepare_phone },
	[HABIT_ASLEEP] = { "asleep", "doses", "holds on for several doses",
		.size = 3, TO_END, .intended = RESULT_OVER,
		.prepare = prepare_asleep },
	[HABIT_BENT] = { "bent", "deg", "rests with the knee bent, in the band",
		.size = 60, TO_END, .intended = RESULT_NONE },
	[HABIT_IDLE] = { "idle", "", "does nothing", .size = 0, TO_END,
		.intended = RESULT_NONE },
	[HABIT_OTHER_LEG] = { "other-leg", "deg", "raises the leg without the sensor",
		.size = 5, TO_END, .intended = RESULT_NONE, .add = add_other_leg },
	[HABIT_EARLY] = { "early", "", "first hold: before any reference pose",
		.size = 0, TO_END, .intended = RESULT_NONE },
	[HABIT_PRESS] = { "press", "", "presses the button in the hold", .size = 0,
		.length_s = 0, .intended = RESULT_STOPPED, .prepare = prepare_press,
		.add = add_press },
	[HABIT_PAIN] = { "pain", "s", "presses twice, this far apart", .size = 1.5,
		.length_s = 1.5, .intended = RESULT_STOPPED,
		.prepare = prepare_press, .add = add_pain },
	[HABIT_BREATHE] = { "breathe", "deg", "deep breathing at 0.2 Hz, at the belt",
		.size = 3, TO_END, KEEPS, .add = add_breathe },
	[HABIT_KNEE] = { "knee", "deg", "leaning, the knee comes up or bends",
		.size = 12, .length_s = 5, .intended = RESULT_SHORT,
		.add = add_knee },
	[HABIT_SINK] = { "sink", "deg", "dozes off: sinks out of the stretch",
		.size = 25, .length_s = 8, .intended = RESULT_SHORT,
		.add = add_sink },
};
/* clang-format on */

enum wearer_habit_id wearer_habit_lookup(const char *name)
{
	for (int i = 0; i < HABIT_COUNT; i++)
		if (strcmp(wearer_habits[i].name, name) == 0)
			return (enum wearer_habit_id)i;
	return HABIT_COUNT;
}
