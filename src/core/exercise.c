/*
 * The exercise table. Each row is a position and a way of judging it, never a
 * code path of its own. Doses are those of the source leaflet; what it leaves
 * out stays "not given" and the prescription must say.
 */
#include "stretch/exercise.h"

#include <math.h>
#include <string.h>

const char *const exercise_names[EX_COUNT] = {
	[EX_LYING_TOWEL] = "lying-towel",
	[EX_LYING_HANDS] = "lying-hands",
	[EX_LYING_STRAP] = "lying-strap",
	[EX_DOORWAY] = "doorway",
	[EX_SEATED_LEG] = "seated-leg",
	[EX_SEATED_BUTTERFLY] = "seated-butterfly",
	[EX_STANDING_BEND] = "standing-bend",
	[EX_STANDING_WIDE] = "standing-wide",
	[EX_TOE_TOUCH] = "toe-touch",
	[EX_ALTERNATE_BEND] = "alternate-bend",
	[EX_SINGLE_LEG_DEADLIFT] = "single-leg-deadlift",
	[EX_DEADLIFT] = "deadlift",
	[EX_BRIDGE] = "bridge",
	[EX_DONKEY_KICK] = "donkey-kick",
	[EX_SIDE_KICK] = "side-kick",
	[EX_LATERAL_WALK] = "lateral-walk",
	[EX_FOAM_ROLL] = "foam-roll",
	[EX_WALL_STAND] = "wall-stand",
};

const char *const side_names[SIDE_COUNT] = { "left", "right" };
const char *const other_leg_names[OTHER_COUNT] = { "bent", "straight" };
const char *const pose_names[POSE_COUNT] = {
	[POSE_NONE] = "none",
	[POSE_LYING] = "lying",
	[POSE_SITTING] = "sitting",
	[POSE_STANDING] = "standing",
	[POSE_RAISE] = "raise",
	[POSE_PRONE] = "prone",
	[POSE_HOOK_LYING] = "hook-lying",
	[POSE_SIDE_LYING] = "side-lying",
};

const char *const pose_advice[POSE_COUNT] = {
	[POSE_NONE] = "keep still",
	[POSE_LYING] = "lie flat on your back and keep still",
	[POSE_SITTING] = "sit tall, legs flat, and keep still",
	[POSE_STANDING] = "stand and keep still",
	[POSE_RAISE] = "raise the straight leg calmly, and lower it",
	[POSE_PRONE] = "lie face down and keep still",
	[POSE_HOOK_LYING] = "lie on your back, knees bent, and keep still",
	[POSE_SIDE_LYING] = "lie on your side, this leg on top, and keep still",
};

/* Pelvic share of a straight-leg raise: 0.28 in 23 men, 0.13-0.38 over nine
 * studies (review of 2017). With a bent knee the pelvis follows far less. */
#define SHARE_STRAIGHT .share = 0.28, .share_low = 0.13, .share_high = 0.38
#define SHARE_BENT .share = 0.20, .share_low = 0.05, .share_high = 0.38
#define SHARE_NONE .share = (double)NAN, .share_low = (double)NAN, .share_high = (double)NAN
#define BAND_RAISES .band_low_deg = (double)NAN, .band_high_deg = (double)NAN
/* Forward tilt of the pelvis since the reference that counts as a lean. */
#define BAND_LEAN .band_low_deg = 3, .band_high_deg = 45
#define DOSE_30_60 .hold_s = 30, .hold_low_s = 30, .hold_high_s = 60
#define DOSE_30 .hold_s = 30, .hold_low_s = 30, .hold_high_s = 30
#define DOSE_NONE .hold_s = (double)NAN, .hold_low_s = (double)NAN, .hold_high_s = (double)NAN
/* Half of what the movement usually is; a deadlift moves the thigh little. */
#define COUNTS(signal_, sign_, size_) { .signal = COUNT_##signal_, .sign = (sign_), \
	.size_deg = (size_) }
#define COUNTED(signal_, sign_, size_) \
	.count_one = COUNTS(signal_, sign_, size_), \
	.count_two = COUNTS(signal_, sign_, size_)
#define ALIGN_LYING .align_one = { POSE_LYING, POSE_RAISE }, \
	.align_two = { POSE_LYING, POSE_RAISE }
#define ALIGN_SEATED .align_one = { POSE_STANDING, POSE_SITTING }, \
	.align_two = { POSE_STANDING, POSE_LYING, POSE_SITTING }
#define ALIGN_STANDING .align_one = { POSE_LYING, POSE_STANDING }, \
	.align_two = { POSE_LYING, POSE_STANDING }

const struct exercise exercises[EX_COUNT] = {
	[EX_LYING_TOWEL] = { .judging = JUDGE_RAISE,
		.start_pose = POSE_LYING, .lying = true, DOSE_30_60, .reps = 1,
		.per_day = 2, BAND_RAISES, SHARE_STRAIGHT, ALIGN_LYING,
		.source = "001",
		.blind_spot = "knee bend, pull on the towel, the other foot" },
	[EX_LYING_HANDS] = { .judging = JUDGE_RAISE,
		.start_pose = POSE_LYING, .lying = true, DOSE_NONE, BAND_RAISES,
		SHARE_BENT, ALIGN_LYING, .source = "002",
		.blind_spot = "knee bend, pull of the hands, breathing" },
	[EX_LYING_STRAP] = { .judging = JUDGE_RAISE,
		.start_pose = POSE_LYING, .lying = true, DOSE_NONE, BAND_RAISES,
		SHARE_STRAIGHT, ALIGN_LYING, .source = "002",
		.blind_spot = "knee bend, pull on the strap, breathing" },
	[EX_DOORWAY] = { .judging = JUDGE_DOORWAY,
		.start_pose = POSE_LYING, .lying = true, .hold_s = 10,
		.hold_low_s = 5, .hold_high_s = 15, .per_day = 1,
		.band_low_deg = 55, .band_high_deg = 105, SHARE_STRAIGHT,
		ALIGN_LYING, .source = "000",
		.blind_spot = "knee angle, heel on the wall, distance to the wall" },
	[EX_SEATED_LEG] = { .judging = JUDGE_LEAN,
		.start_pose = POSE_SITTING, DOSE_30_60, .reps = 1, .per_day = 2,
		BAND_LEAN, SHARE_NONE, ALIGN_SEATED, .source = "001",
		.blind_spot = "straight back, how far the hands reach, knee bend" },
	[EX_SEATED_BUTTERFLY] = { .judging = JUDGE_LEAN, .start_pose = POSE_SITTING, DOSE_30,
		.reps = 1, BAND_LEAN, SHARE_NONE, ALIGN_SEATED, .source = "002",
		.blind_spot = "straight back, hand on the foot, knee bend" },
	[EX_STANDING_BEND] = { .judging = JUDGE_LEAN,
		.start_pose = POSE_STANDING, DOSE_30_60, .reps = 1, .per_day = 2,
		BAND_LEAN, SHARE_NONE, ALIGN_STANDING, .source = "001",
		.blind_spot = "straight back, how far the hands reach" },
	[EX_STANDING_WIDE] = { .judging = JUDGE_LEAN,
		.start_pose = POSE_STANDING, DOSE_30, .reps = 1, BAND_LEAN,
		SHARE_NONE, ALIGN_STANDING, .source = "002",
		.blind_spot = "rounded back, direction of the feet" },
	[EX_TOE_TOUCH] = { .judging = JUDGE_LEAN,
		.start_pose = POSE_STANDING, DOSE_NONE, BAND_LEAN, SHARE_NONE,
		ALIGN_STANDING, .source = "003",
		.blind_spot = "whether the toes are touched, rounded back" },
	[EX_ALTERNATE_BEND] = { .judging = JUDGE_TIMED,
		.start_pose = POSE_STANDING, DOSE_30, .reps = 1, BAND_RAISES,
		SHARE_NONE, ALIGN_STANDING, .source = "002",
		.blind_spot = "the lean itself, the reach, breathing" },
	[EX_SINGLE_LEG_DEADLIFT] = { .judging = JUDGE_COUNTED, .start_pose = POSE_STANDING, DOSE_NONE,
		BAND_RAISES, SHARE_NONE, ALIGN_STANDING, COUNTED(THIGH, -1, 20),
		.source = "002",
		.blind_spot = "knee angle of the standing leg, level hips" },
	[EX_DEADLIFT] = { .judging = JUDGE_COUNTED,
		.start_pose = POSE_STANDING, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_STANDING, .count_one = COUNTS(THIGH, 1, 5),
		.count_two = COUNTS(PELVIS, -1, 15), .source = "004",
		.blind_spot = "load, straight back, knee angle; with one sensor how "
			      "far the trunk leans" },
	[EX_BRIDGE] = { .judging = JUDGE_COUNTED,
		.start_pose = POSE_HOOK_LYING, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_LYING, COUNTED(THIGH, -1, 15), .source = "004",
		.blind_spot = "effort, arch of the back" },
	[EX_DONKEY_KICK] = { .judging = JUDGE_COUNTED,
		.start_pose = POSE_PRONE, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_LYING, COUNTED(THIGH, -1, 8), .source = "004",
		.blind_spot = "effort, knee angle, arch of the back" },
	[EX_SIDE_KICK] = { .judging = JUDGE_COUNTED,
		.start_pose = POSE_SIDE_LYING, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_LYING, COUNTED(ABDUCTION, 1, 12), .source = "004",
		.blind_spot = "flexion of the hip in this pose" },
	[EX_LATERAL_WALK] = { .judging = JUDGE_COUNTED,
		.start_pose = POSE_STANDING, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_STANDING, COUNTED(ABDUCTION, 1, 8), .source = "004",
		.blind_spot = "pull of the band, the other leg's steps" },
	[EX_FOAM_ROLL] = { .judging = JUDGE_TIMED,
		.start_pose = POSE_SITTING, .hold_s = 60, .hold_low_s = 60,
		.hold_high_s = 60, BAND_RAISES, SHARE_NONE, ALIGN_SEATED,
		.pauses = true, .source = "002",
		.blind_spot = "place and pressure of the roller" },
	[EX_WALL_STAND] = { .judging = JUDGE_REFUSED,
		.start_pose = POSE_STANDING, DOSE_NONE, BAND_RAISES, SHARE_NONE,
		ALIGN_STANDING, .source = "001",
		.blind_spot = "the leaflet's wording is not safe to judge: leaning "
			      "back with straight legs does not stretch" },
};

int name_lookup(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] != NULL && strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

enum exercise_id exercise_lookup(const char *name)
{
	int index = name_lookup(exercise_names, EX_COUNT, name);

	return index < 0 ? EX_COUNT : (enum exercise_id)index;
}
