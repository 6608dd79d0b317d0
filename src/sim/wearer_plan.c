/*
 * The script of a session: which movement follows which, for every exercise.
 *
 * The table says where an exercise starts, how its straps are learned and which
 * channels a hold moves; everything else is one path for all of them.
 */
#include "stretch/wearer_plan.h"

#include <string.h>

#define POSTURE_CHANGE_S 4.0
#define TOP_STILL_S 2.0  /* at the top of a calm raise */
#define FLAT_STILL_S 2.0 /* after it */
#define BEFORE_HOLDS_S 4.0
#define HOOK_REST_S 25.0 /* knee bent, below the band: no entry any more */
#define PELVIS_RAISES 3  /* a pelvis sensor wants its curve from so many */
#define STREAM_PLAN 2

const struct wearer_posture wearer_posture_lying = { 0, 0, 0, 0.1 };
const struct wearer_posture wearer_posture_standing = { -90, -90, 0, 0.9 };
/* On the floor, sitting tall: the pelvis stays some 15 degrees behind upright. */
const struct wearer_posture wearer_posture_sitting = { 0, -75, 0, 0.1 };
static const struct wearer_posture posture_hook = { 50, 5, 0, 0.1 };
static const struct wearer_posture posture_prone = { 0, 0, 180, 0.1 };
static const struct wearer_posture posture_side = { 0, 0, -90, 0.15 };

#define RAISE \
	{ \
		POSE_LYING, &wearer_posture_lying, CHANNEL_RAISE, 1, 0, 0, 0, 0 \
	}
#define SEATED_LEAN \
	{ \
		POSE_SITTING, &wearer_posture_sitting, CHANNEL_PELVIS, -1, 0.05, 0, 0, 0 \
	}
/* The hips go back a little when the trunk goes forward. */
#define STANDING_LEAN \
	{ \
		POSE_STANDING, &wearer_posture_standing, CHANNEL_PELVIS, -1, -0.15, 0, \
			0, 0 \
	}

/* clang-format off */
static const struct wearer_script scripts[EX_COUNT] = {
	[EX_LYING_TOWEL] = RAISE,
	[EX_LYING_HANDS] = RAISE,
	[EX_LYING_STRAP] = RAISE,
	[EX_DOORWAY] = RAISE,
	[EX_SEATED_LEG] = SEATED_LEAN,
	[EX_SEATED_BUTTERFLY] = SEATED_LEAN,
	[EX_STANDING_BEND] = STANDING_LEAN,
	[EX_STANDING_WIDE] = STANDING_LEAN,
	[EX_TOE_TOUCH] = STANDING_LEAN,
	[EX_ALTERNATE_BEND] = STANDING_LEAN,
	[EX_SINGLE_LEG_DEADLIFT] = { POSE_STANDING, &wearer_posture_standing,
		CHANNEL_THIGH, -1, 0, -1, true, false },
	[EX_DEADLIFT] = { POSE_STANDING, &wearer_posture_standing, CHANNEL_PELVIS,
		-1, 0.2, 0, true, false },
	[EX_BRIDGE] = { POSE_LYING, &posture_hook, CHANNEL_THIGH, -1, 0, 0.4, true,
		false },
	[EX_DONKEY_KICK] = { POSE_LYING, &posture_prone, CHANNEL_THIGH, -1, 0, -0.15,
		true, false },
	[EX_SIDE_KICK] = { POSE_LYING, &posture_side, CHANNEL_ABDUCT, 1, 0, 0, true,
		false },
	[EX_LATERAL_WALK] = { POSE_STANDING, &wearer_posture_standing, CHANNEL_DRIFT,
		-1, 0, 0, true, false }, /* of a leg that hangs down */
	[EX_FOAM_ROLL] = { POSE_SITTING, &wearer_posture_sitting, CHANNEL_THIGH, 1, 0,
		0, false, true },
	[EX_WALL_STAND] = STANDING_LEAN,
};
/* clang-format on */

static void calm_raise(struct wearer_build *build)
{
	double angle = wearer_vary(build, build->param->raise_deg);
	double length = wearer_move_time(angle, build->param->raise_rate_deg_s);

	wearer_push_signal(build, &scripts[EX_LYING_TOWEL], build->now_s, length, angle);
	build->now_s += length + TOP_STILL_S;
	wearer_push_back(build, build->now_s, length);
	build->now_s += length + FLAT_STILL_S;
}

static void fasten_strap(struct wearer_build *build)
{
	double s = build->param->strapping_s;

	if (s < 1.0 || build->param->strapped)
		return;
	wearer_bump(build, CHANNEL_THIGH, 0.0, 0.9 * s, 0.35 * s, 30.0);
	wearer_bump(build, CHANNEL_PELVIS, 0.0, 0.9 * s, 0.35 * s, 12.0);
	wearer_add_wave(build, CHANNEL_ROLL, 0.1 * s, 0.7 * s, 10.0, 0.8);
	build->now_s += s;
}

static bool same_posture(const struct wearer_posture *a, const struct wearer_posture *b)
{
	return a->thigh_deg == b->thigh_deg && a->pelvis_deg == b->pelvis_deg &&
		a->body_deg == b->body_deg && a->hip_z_m == b->hip_z_m;
}

static void learn_straps(struct wearer_build *build)
{
	const struct wearer_param *param = build->param;
	const struct wearer_posture *start = build->script->start;
	bool raises = build->script->first == POSE_LYING;
	int32_t count = param->sensors == 2 && param->calm_raises < PELVIS_RAISES &&
			!param->strapped
		? PELVIS_RAISES
		: param->calm_raises;

	build->now_s += param->still_s;
	for (int32_t i = 0; raises && i < count; i++)
		calm_raise(build);
	if (build->script->first == POSE_SITTING && param->sensors == 2 &&
		!param->strapped) {
		wearer_take_posture(build, &wearer_posture_lying, POSTURE_CHANGE_S);
		build->now_s += param->still_s;
	}
	if (raises)
		build->now_s += BEFORE_HOLDS_S;
	if (!same_posture(start, &build->posture)) {
		wearer_take_posture(build, start, POSTURE_CHANGE_S);
		build->now_s += param->still_s;
	}
	build->plan->reference_s = build->now_s - 1.0;
}

/* Thigh of the rest before hold number i when that is a knee-bent one, else 0. */
static double bent_before(const struct wearer_param *param, int32_t i)
{
	const struct wearer_hold *hold = &param->holds[i];
	double size;

	if (i >= param->hold_count || wearer_attempt_kind(hold->habit) != ATTEMPT_BENT)
		return 0.0;
	size = isnan(hold->habit_size) ? wearer_habits[hold->habit].size
				       : hold->habit_size;
	return WEARER_BENT_REST * size;
}

static void perform(struct wearer_build *build)
{
	const struct wearer_param *param = build->param;
	bool early = param->hold_count > 0 && param->holds[0].habit == HABIT_EARLY;
	double bent = bent_before(param, 0);

	fasten_strap(build);
	if (early)
		wearer_attempt(build, &param->holds[0], 0.0);
	learn_straps(build);
	if (bent > 0.0) {
		wearer_push(build, CHANNEL_THIGH, build->now_s, 3.0, bent);
		build->now_s += 3.0 + HOOK_REST_S;
	}
	for (int32_t i = early ? 1 : 0; i < param->hold_count; i++)
		wearer_attempt(build, &param->holds[i], bent_before(param, i + 1));
	if (param->finish)
		wearer_add_event(build, build->now_s + 0.5, EVENT_NEXT, "", "");
	build->plan->end_s = build->now_s + param->closing_s;
}

/* Nobody lies down twice in quite the same way. */
static void relie(struct wearer_build *build)
{
	double before_deg = 0.0;

	for (int32_t i = 0; i < build->plan->hold_count; i++) {
		const struct wearer_hold_plan *hold = &build->plan->holds[i];
		double now_deg = build->param->relie_sd_deg * random_gauss(&build->random);

		wearer_shift(build, CHANNEL_THIGH, hold->leave_s,
			hold->flat_s - hold->leave_s, now_deg - before_deg);
		before_deg = now_deg;
	}
}

/* Slip and gap of the whole session; waves that never stop. */
static void accompany(struct wearer_build *build)
{
	const struct wearer_param *param = build->param;
	struct wearer_plan *plan = build->plan;
	int32_t second = plan->hold_count > 1 ? 1 : 0;
	double middle = plan->hold_count > 0
		? (plan->holds[second].settled_s + plan->holds[second].leave_s) / 2.0
		: plan->end_s / 2.0;
	struct track_wave always = { .start_s = -1.0, .length_s = plan->end_s + 2.0 };

	if (param->slip_deg != 0.0)
		wearer_shift(build, CHANNEL_SLIP,
			isnan(param->slip_at_s) ? middle : param->slip_at_s, 0.3,
			param->slip_deg);
	if (param->relie_sd_deg > 0.0)
		relie(build);
	if (param->gap_s > 0.0) {
		double at = isnan(param->gap_at_s) ? middle : param->gap_at_s;

		wearer_add_span(
			build, plan->gaps, &plan->gap_count, at, at + param->gap_s);
	}
	if (param->breathing_deg != 0.0)
		wearer_add_wave(build, CHANNEL_BREATH, always.start_s, always.length_s,
			param->breathing_deg, param->breathing_hz);
	for (int c = CHANNEL_SLIP;
		param->soft_tissue_deg != 0.0 && c <= CHANNEL_SLIP_ROLL; c++) {
		always.channel = c;
		track_add_wander(&plan->track, &always, param->soft_tissue_deg, 0.5, 4.0,
			6, &build->random);
	}
}

/* The band of the judged signal; timed and counted exercises have none. */
static void choose_band(struct wearer_plan *plan, const struct wearer_param *param)
{
	const struct exercise *exercise = &exercises[param->exercise];
	bool raises = exercise->judging == JUDGE_RAISE;

	plan->band_low_deg = param->band_low_deg;
	plan->cap_deg = param->cap_deg;
	if (isnan(plan->band_low_deg))
		plan->band_low_deg = raises ? fmax(0.8 * param->raise_deg, 15.0)
			: isnan(exercise->band_low_deg) ? 0.0
							: exercise->band_low_deg;
	if (isnan(plan->cap_deg))
		plan->cap_deg = raises ? fmin(param->raise_deg + 15.0, 90.0)
			: isnan(exercise->band_high_deg) ? 180.0
							 : exercise->band_high_deg;
}

void wearer_plan_session(struct wearer_plan *plan, const struct wearer_param *param)
{
	struct wearer_build build = {
		.plan = plan, .param = param, .script = &scripts[param->exercise]
	};
	const struct wearer_posture *first = build.script->first == POSE_SITTING
		? &wearer_posture_standing
		: &wearer_posture_lying;

	memset(plan, 0, sizeof *plan);
	track_init(&plan->track);
	random_seed(&build.random, param->seed, STREAM_PLAN);
	choose_band(plan, param);
	if (param->announce)
		wearer_add_event(&build, 0.0, EVENT_START,
			exercise_names[param->exercise], side_names[param->side]);
	build.now_s = -2.0; /* already there when the recording begins */
	wearer_take_posture(&build, first, 1.0);
	build.now_s = 0.0;
	perform(&build);
	accompany(&build);
	plan->full = plan->full || plan->track.full;
}
