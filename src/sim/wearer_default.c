/*
 * Defaults, people and ready scripts of the simulated wearer.
 *
 * Noise: data sheet of the MPU-6050. Pelvic curve: a share of 28 % of the raise
 * at 60 to 70 degrees, growing with the angle, in 23 men (passive raises,
 * measured from film); 13 to 38 % over nine studies.
 */
#include "stretch/wearer.h"

#include <string.h>

#define HEIGHT_M 1.75
#define STREAM_STRAP 1

/* clang-format off */
const struct wearer_person wearer_persons[WEARER_PERSONS] = {
	{ "stiff", "raises the leg to 50 deg", 1.86, 50.0, 12.0, 0.33 },
	{ "average", "raises the leg to 70 deg", HEIGHT_M, 70.0, 20.0, 0.28 },
	{ "supple", "raises the leg to 85 deg", 1.63, 85.0, 32.0, 0.24 },
};
/* clang-format on */

/* The wearer's usual hold angle where it is not the calm raise or the lean. */
static double usual_angle(enum exercise_id exercise, const struct wearer_person *person)
{
	switch (exercise) {
	case EX_LYING_TOWEL:
	case EX_LYING_HANDS:
	case EX_LYING_STRAP: return person->raise_deg;
	case EX_DOORWAY:
		return person->raise_deg + 25.0; /* the knee is bent on the way */
	case EX_SINGLE_LEG_DEADLIFT: return 50.0;
	case EX_DEADLIFT:
	case EX_BRIDGE: return 40.0;
	case EX_DONKEY_KICK:
	case EX_LATERAL_WALK: return 18.0;
	case EX_SIDE_KICK: return 30.0;
	default: return person->lean_deg;
	}
}

void wearer_set_person(struct wearer_param *param, const struct wearer_person *person)
{
	double share = person->pelvic_share;
	double size = person->height_m / HEIGHT_M;

	if (param->exercise == EX_LYING_HANDS) /* bent knee: the pelvis follows less */
		share *= 0.20 / 0.28;
	param->raise_deg = person->raise_deg;
	param->angle_deg = usual_angle(param->exercise, person);
	/* half of the share at once, the rest growing with the raise */
	param->pelvic_a_deg = 0.0;
	param->pelvic_b = share / 2.0;
	param->pelvic_c_per_deg = share / 2.0 / person->raise_deg;
	param->imu[SITE_THIGH].place_m = (struct vec3){ 0.2 * size, 0.0, 0.0 };
	/* front of the belt, 0.1 m from the hip joint */
	param->imu[SITE_PELVIS].place_m = (struct vec3){ -0.08 * size, 0.06 * size, 0.0 };
}

struct wearer_hold wearer_hold_default(void)
{
	return (struct wearer_hold){ NAN, NAN, NAN, HABIT_NONE, NAN, NAN, NAN };
}

void wearer_strap_randomly(struct wearer_param *param)
{
	struct random random;

	random_seed(&random, param->seed, STREAM_STRAP);
	for (int i = 0; i < SITE_COUNT; i++)
		param->imu[i].strap = random_rotation(&random);
}

static void set_script(struct wearer_param *param)
{
	const struct exercise *exercise = &exercises[param->exercise];

	param->press = true;
	param->finish = true;
	param->strapping_s = 4.0;
	param->still_s = 5.0;
	param->calm_raises = exercise->judging == JUDGE_RAISE ? 3 : 1;
	param->raise_rate_deg_s = 25.0;
	param->raise_sd_deg = 1.0;
	param->entry_rate_deg_s = exercise->judging == JUDGE_COUNTED ? 50.0 : 20.0;
	param->fall_deg = 13.0;
	param->fall_rate_deg_s = 5.0;
	param->rest_s = 15.0;
	param->closing_s = 8.0;
	param->prescribed_s = isnan(exercise->hold_s) ? 30.0 : exercise->hold_s;
	param->extra_s = 3.0;
	param->band_low_deg = NAN;
	param->cap_deg = NAN;
	param->hold_count = 3;
	for (int i = 0; i < WEARER_HOLDS_MAX; i++)
		param->holds[i] = wearer_hold_default();
}

struct wearer_param wearer_default(enum exercise_id exercise, enum side side)
{
	struct wearer_param param;

	memset(&param, 0, sizeof param);
	param.exercise = exercise;
	param.side = side;
	param.sensors = 2;
	param.seed = 1;
	param.rate_hz = 104.0;
	set_script(&param);
	wearer_set_person(&param, &wearer_persons[1]);
	param.gravity_m_s2 = GRAVITY_M_S2;
	param.pelvic_sd_deg = 0.7;
	param.breathing_deg = 0.5;
	param.breathing_hz = 0.25;
	param.wander_deg = 0.3;
	param.sway_hz = 0.7;
	param.bounce_hz = 1.0;
	param.slip_at_s = NAN;
	param.gap_at_s = NAN;
	for (int i = 0; i < SITE_COUNT; i++)
		param.imu[i].acc_matrix = mat3_identity();
	wearer_strap_randomly(&param);
	param.acc_noise_ug_sqrt_hz = 400.0;
	param.gyr_noise_deg_s_sqrt_hz = 0.005;
	param.temperature_c = NAN;
	param.warming_c = 3.0;
	return param;
}

/* Two good holds and one that is rightly called short. */
#define TWO_GOOD_ONE_SHORT \
	{ \
		1.0, 1.0, 0.5 \
	}
#define PRESET(id, text) \
	{ \
		text, id, TWO_GOOD_ONE_SHORT \
	}

/* clang-format off */
const struct wearer_preset wearer_presets[] = {
	PRESET(EX_LYING_TOWEL, "lying-towel"),
	PRESET(EX_LYING_HANDS, "lying-hands"),
	PRESET(EX_LYING_STRAP, "lying-strap"),
	PRESET(EX_DOORWAY, "doorway"),
	PRESET(EX_SEATED_LEG, "seated-leg"),
	PRESET(EX_SEATED_BUTTERFLY, "seated-butterfly"),
	PRESET(EX_STANDING_BEND, "standing-bend"),
	PRESET(EX_STANDING_WIDE, "standing-wide"),
	PRESET(EX_TOE_TOUCH, "toe-touch"),
	PRESET(EX_ALTERNATE_BEND, "alternate-bend"),
	PRESET(EX_SINGLE_LEG_DEADLIFT, "single-leg-deadlift"),
	PRESET(EX_DEADLIFT, "deadlift"),
	PRESET(EX_BRIDGE, "bridge"),
	PRESET(EX_DONKEY_KICK, "donkey-kick"),
	PRESET(EX_SIDE_KICK, "side-kick"),
	PRESET(EX_LATERAL_WALK, "lateral-walk"),
	PRESET(EX_FOAM_ROLL, "foam-roll"),
};
/* clang-format on */

const size_t wearer_preset_count = sizeof wearer_presets / sizeof *wearer_presets;

const struct wearer_preset *wearer_preset_lookup(const char *name)
{
	for (size_t i = 0; i < wearer_preset_count; i++)
		if (strcmp(wearer_presets[i].name, name) == 0)
			return &wearer_presets[i];
	return NULL;
}

struct wearer_param wearer_from_preset(const struct wearer_preset *preset, enum side side,
	int32_t sensors, uint64_t seed, double prescribed_s)
{
	struct wearer_param param = wearer_default(preset->exercise, side);

	param.sensors = sensors;
	param.seed = seed;
	wearer_strap_randomly(&param);
	if (!isnan(prescribed_s))
		param.prescribed_s = prescribed_s;
	param.hold_count = WEARER_PRESET_HOLDS;
	for (int i = 0; i < WEARER_PRESET_HOLDS; i++)
		if (preset->dose[i] < 1.0 &&
			exercises[preset->exercise].judging != JUDGE_COUNTED)
			param.holds[i].hold_s = preset->dose[i] * param.prescribed_s;
	return param;
}
