/*
 * The wearer played: pose at a time, what an IMU there reads, sample by sample.
 *
 * Velocities and accelerations are five-point central differences of the pose
 * over +-2 ms. With motion up to 8 Hz their error is below 1e-6 of the value;
 * rounding of the pose adds 1e-9 m/s^2.
 */
#include "stretch/wearer_plan.h"

#include <string.h>

#define STREAM_NOISE 3
#define DIFFERENCE_S 1e-3
#define WARMING_TIME_S 600.0
#define JITTER_MAX 0.2 /* of an interval: stamps stay in order */
#define PLANE_MIN 0.05 /* below: up has no direction in the sagittal plane */

static const struct vec3 axis_x = { 1, 0, 0 }, axis_y = { 0, 1, 0 }, axis_z = { 0, 0, 1 };

static struct quat turn(struct vec3 axis, double angle_deg)
{
	return quat_axis_angle(axis, angle_deg * RAD_PER_DEG);
}

/* Tilt of the pelvis that goes with a straight-leg raise. */
static double pelvic_curve(const struct wearer_param *param, double raise_deg)
{
	double r = raise_deg > 0.0 ? raise_deg : 0.0;

	return param->pelvic_a_deg + param->pelvic_b * r +
		param->pelvic_c_per_deg * r * r;
}

/* Segment -> level. Lying, x points along X and y up: a quarter turn about X. */
static struct quat segment_at(
	const struct wearer_param *param, enum site site, const double *channel)
{
	double out = param->side == SIDE_LEFT ? -1.0 : 1.0;
	double tilt = pelvic_curve(param, channel[CHANNEL_RAISE]);
	struct quat q;

	if (site == SITE_PELVIS)
		return quat_mul(turn(axis_x, channel[CHANNEL_BODY] + 90.0),
			turn(axis_z, channel[CHANNEL_PELVIS] + tilt));
	q = turn(axis_x, channel[CHANNEL_BODY] + out * channel[CHANNEL_DRIFT]);
	q = quat_mul(q, turn(axis_z, -out * channel[CHANNEL_ABDUCT]));
	q = quat_mul(q, turn(axis_x, 90.0));
	q = quat_mul(q, turn(axis_z, channel[CHANNEL_RAISE] + channel[CHANNEL_THIGH]));
	return quat_mul(q, turn(axis_x, out * channel[CHANNEL_ROLL]));
}

#define SKIN_AT_DEG 70.0

/* Sensor -> segment: the strap, and what moves it on the skin. */
static struct quat strap_at(
	const struct wearer_param *param, enum site site, const double *channel)
{
	struct quat q;

	double skin = param->skin_deg[site] *
		(channel[CHANNEL_RAISE] + channel[CHANNEL_PELVIS]) / SKIN_AT_DEG;

	if (site == SITE_PELVIS) {
		q = turn(axis_z, channel[CHANNEL_BREATH] + skin);
	} else {
		q = turn(axis_z, channel[CHANNEL_SLIP] + skin);
		q = quat_mul(q, turn(axis_y, channel[CHANNEL_SLIP_FRONT]));
		q = quat_mul(q, turn(axis_x, channel[CHANNEL_SLIP_ROLL]));
	}
	return quat_mul(q, param->imu[site].strap);
}

struct placed {
	struct quat segment, sensor; /* -> level */
	struct vec3 place_m;
};

static struct placed placed_at(
	const struct wearer_param *param, enum site site, const double *channel)
{
	struct placed placed;
	struct vec3 hip = { channel[CHANNEL_HIP_X_M], 0.0, channel[CHANNEL_HIP_Z_M] };

	placed.segment = segment_at(param, site, channel);
	placed.sensor = quat_mul(placed.segment, strap_at(param, site, channel));
	placed.place_m =
		vec3_add(hip, quat_rotate(placed.segment, param->imu[site].place_m));
	return placed;
}

/* Sum of five neighbours (or four, middle without weight) times weights. */
static struct vec3 weigh(const struct placed *p, const double *weights)
{
	struct vec3 sum = { 0, 0, 0 };

	for (int i = 0; i < 5; i++)
		sum = vec3_add(sum, vec3_scale(p[i].place_m, weights[i]));
	return sum;
}

static struct vec3 acceleration(const struct placed *p)
{
	static const double weights[5] = { -1, 16, -30, 16, -1 };

	return vec3_scale(weigh(p, weights), 1.0 / (12.0 * DIFFERENCE_S * DIFFERENCE_S));
}

/* Angular velocity in the sensor frame: vector part of 2 q* dq/dt. */
static struct vec3 angular_velocity(const struct placed *p)
{
	static const double weights[5] = { 1, -8, 0, 8, -1 };
	struct quat rate = { 0, 0, 0, 0 };
	double scale = 2.0 / (12.0 * DIFFERENCE_S);

	for (int i = 0; i < 5; i++) {
		rate.w += p[i].sensor.w * weights[i];
		rate.x += p[i].sensor.x * weights[i];
		rate.y += p[i].sensor.y * weights[i];
		rate.z += p[i].sensor.z * weights[i];
	}
	rate = quat_mul(quat_conj(p[2].sensor), rate);
	return (struct vec3){ rate.x * scale, rate.y * scale, rate.z * scale };
}

/* Channel values at the five times around t_s. */
static void channels_around(
	const struct wearer_plan *plan, double t_s, double channel[5][CHANNEL_COUNT])
{
	for (int i = 0; i < 5; i++)
		track_at(&plan->track, t_s + (i - 2) * DIFFERENCE_S, channel[i],
			CHANNEL_COUNT);
}

static struct wearer_motion motion_of(const struct wearer_param *param, enum site site,
	double channel[5][CHANNEL_COUNT])
{
	struct placed p[5];
	struct wearer_motion motion;
	struct vec3 force;

	for (int i = 0; i < 5; i++)
		p[i] = placed_at(param, site, channel[i]);
	force = acceleration(p);
	force.z += param->gravity_m_s2;
	motion.segment = p[2].segment;
	motion.sensor = p[2].sensor;
	motion.place_m = p[2].place_m;
	motion.acc_m_s2 = quat_rotate(quat_conj(p[2].sensor), force);
	motion.gyr_rad_s = angular_velocity(p);
	return motion;
}

struct wearer_motion wearer_motion_at(const struct wearer_plan *plan,
	const struct wearer_param *param, enum site site, double t_s)
{
	double channel[5][CHANNEL_COUNT];

	channels_around(plan, t_s, channel);
	return motion_of(param, site, channel);
}

/* Absolute angle of a segment; NAN when it lies on its side. */
static double absolute_deg(struct quat segment)
{
	struct vec3 up = quat_up(segment);

	if (up.x * up.x + up.y * up.y < PLANE_MIN * PLANE_MIN)
		return NAN;
	return atan2(up.x, up.y) * DEG_PER_RAD;
}

static double since_reference(double angle_deg, double reference_deg)
{
	double d = angle_deg - reference_deg;

	/* the joint reaches 150 degrees one way and never -150 */
	if (d < -160.0)
		d += 360.0;
	if (d > 200.0)
		d -= 360.0;
	return d;
}

static struct truth truth_of(const struct wearer_plan *plan,
	const struct wearer_param *param, const double *channel)
{
	struct truth truth;

	truth.thigh_elevation_deg =
		since_reference(absolute_deg(segment_at(param, SITE_THIGH, channel)),
			plan->reference_thigh_deg);
	truth.pelvis_tilt_deg =
		since_reference(absolute_deg(segment_at(param, SITE_PELVIS, channel)),
			plan->reference_pelvis_deg);
	truth.hip_flexion_deg = truth.thigh_elevation_deg - truth.pelvis_tilt_deg;
	return truth;
}

struct truth wearer_truth_at(
	const struct wearer_plan *plan, const struct wearer_param *param, double t_s)
{
	double channel[CHANNEL_COUNT];

	track_at(&plan->track, t_s, channel, CHANNEL_COUNT);
	return truth_of(plan, param, channel);
}

const struct wearer_hold_plan *wearer_hold_truth(
	const struct wearer_state *state, int32_t index)
{
	if (index < 0 || index >= state->plan.hold_count)
		return NULL;
	return &state->plan.holds[index];
}

static const char *check_hold(const struct wearer_hold *hold)
{
	if (hold->habit < 0 || hold->habit >= HABIT_COUNT)
		return "no such habit";
	if (hold->hold_s < 0.0 || hold->hold_s > 3600.0)
		return "hold_s is outside 0..3600 s";
	if (hold->angle_deg < 1.0 || hold->angle_deg > 150.0)
		return "the hold's angle is outside 1..150 deg";
	if (hold->entry_rate_deg_s < 1.0 || hold->entry_rate_deg_s > 600.0)
		return "the hold's entry rate is outside 1..600 deg/s";
	if (hold->habit_start_s < 0.0 || hold->habit_start_s > 3600.0 ||
		hold->habit_length_s < 0.0 || hold->habit_length_s > 3600.0)
		return "the habit's time is outside 0..3600 s";
	if (fabs(hold->habit_size) > 1000.0)
		return "the habit's size is above 1000";
	return NULL;
}

static const char *check(const struct wearer_param *param)
{
	if ((int)param->exercise < 0 || (int)param->exercise >= EX_COUNT)
		return "no such exercise";
	if (!(param->rate_hz >= WEARER_RATE_MIN_HZ &&
		    param->rate_hz <= WEARER_RATE_MAX_HZ))
		return "the rate is outside 25..1000 Hz";
	if (!(fabs(param->clock_ppm) <= 100000.0))
		return "the clock error is above 100000 ppm";
	if (param->sensors < 1 || param->sensors > SITE_COUNT)
		return "one or two sensors";
	if (param->hold_count < 0 || param->hold_count > WEARER_HOLDS_MAX)
		return "too many holds";
	if (!(param->raise_deg >= 10.0 && param->raise_deg <= 120.0))
		return "the calm raise is outside 10..120 deg";
	if (!(param->angle_deg >= 1.0 && param->angle_deg <= 150.0))
		return "the angle is outside 1..150 deg";
	if (!(param->entry_rate_deg_s >= 1.0 && param->raise_rate_deg_s >= 1.0 &&
		    param->fall_rate_deg_s >= 0.1))
		return "a speed is too low";
	if (!(param->rest_s >= 0.0 && param->still_s >= 0.0 && param->closing_s >= 0.0 &&
		    param->strapping_s >= 0.0 && param->prescribed_s > 0.0))
		return "a time is negative";
	for (int32_t i = 0; i < param->hold_count; i++) {
		const char *wrong = check_hold(&param->holds[i]);

		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

const char *wearer_init(struct wearer_state *state, const struct wearer_param *param)
{
	const char *wrong = check(param);
	double channel[CHANNEL_COUNT];

	if (wrong != NULL)
		return wrong;
	memset(state, 0, sizeof *state);
	wearer_plan_session(&state->plan, param);
	if (state->plan.full)
		return "the script is too long: fewer or shorter holds";
	track_at(&state->plan.track, state->plan.reference_s, channel, CHANNEL_COUNT);
	state->plan.reference_thigh_deg =
		absolute_deg(segment_at(param, SITE_THIGH, channel));
	state->plan.reference_pelvis_deg =
		absolute_deg(segment_at(param, SITE_PELVIS, channel));
	random_seed(&state->random, param->seed, STREAM_NOISE);
	return NULL;
}

static struct vec3 noise(struct random *random, double deviation)
{
	struct vec3 v;

	v.x = deviation * random_gauss(random);
	v.y = deviation * random_gauss(random);
	v.z = deviation * random_gauss(random);
	return v;
}

/* What the chip makes of the true motion. */
static struct imu_reading read_imu(struct wearer_state *state,
	const struct wearer_param *param, enum site site,
	const struct wearer_motion *motion, double t_s)
{
	const struct wearer_imu *imu = &param->imu[site];
	double band = sqrt(param->rate_hz / 2.0); /* of white noise, sqrt(Hz) */
	double acc_sd = param->acc_noise_ug_sqrt_hz * 1e-6 * GRAVITY_M_S2 * band;
	double gyr_sd = param->gyr_noise_deg_s_sqrt_hz * RAD_PER_DEG * band;
	struct imu_reading reading = { .present = true };
	struct vec3 gyr = motion->gyr_rad_s;

	reading.acc_m_s2 = vec3_add(
		mat3_apply(&imu->acc_matrix, motion->acc_m_s2), imu->acc_bias_m_s2);
	reading.acc_m_s2 = vec3_add(reading.acc_m_s2, noise(&state->random, acc_sd));
	gyr.x *= 1.0 + imu->gyr_scale.x;
	gyr.y *= 1.0 + imu->gyr_scale.y;
	gyr.z *= 1.0 + imu->gyr_scale.z;
	gyr = vec3_add(gyr, imu->gyr_bias_rad_s);
	reading.gyr_rad_s = vec3_add(gyr, noise(&state->random, gyr_sd));
	reading.temp_c = param->temperature_c +
		param->warming_c * (1.0 - exp(-t_s / WARMING_TIME_S));
	return reading;
}

static bool inside(const struct wearer_span *spans, int32_t count, double t_s)
{
	for (int32_t i = 0; i < count; i++)
		if (t_s >= spans[i].start_s && t_s < spans[i].end_s)
			return true;
	return false;
}

/* Absent and frozen readings of the thigh sensor. */
static void break_thigh(
	struct wearer_state *state, double t_s, struct imu_reading *reading)
{
	const struct wearer_plan *plan = &state->plan;

	if (inside(plan->frozen, plan->frozen_count, t_s)) {
		if (!state->frozen)
			state->kept = *reading;
		state->frozen = true;
		*reading = state->kept;
	} else {
		state->frozen = false;
	}
	if (inside(plan->dead, plan->dead_count, t_s)) {
		memset(reading, 0, sizeof *reading);
		reading->temp_c = NAN;
	}
}

static struct event take_event(struct wearer_state *state, double t_s)
{
	const struct wearer_plan *plan = &state->plan;
	struct event none;

	memset(&none, 0, sizeof none);
	if (state->next_event >= plan->event_count ||
		plan->events[state->next_event].t_s > t_s)
		return none;
	return plan->events[state->next_event++].event;
}

bool wearer_step(struct wearer_state *state, const struct wearer_param *param,
	struct sample *sample, struct truth *truth)
{
	const struct wearer_plan *plan = &state->plan;
	double speed = param->rate_hz * (1.0 + param->clock_ppm * 1e-6);
	double t_s = (double)state->index / speed;
	double jitter, most = JITTER_MAX / param->rate_hz;
	double channel[5][CHANNEL_COUNT];

	while (inside(plan->gaps, plan->gap_count, t_s))
		t_s = (double)++state->index / speed;
	if (t_s > plan->end_s)
		return false;
	memset(sample, 0, sizeof *sample);
	channels_around(plan, t_s, channel);
	for (int i = 0; i < SITE_COUNT; i++) {
		struct wearer_motion motion;

		sample->imu[i].temp_c = NAN;
		if (i >= param->sensors)
			continue;
		motion = motion_of(param, (enum site)i, channel);
		sample->imu[i] = read_imu(state, param, (enum site)i, &motion, t_s);
	}
	break_thigh(state, t_s, &sample->imu[SITE_THIGH]);
	jitter = param->jitter_s * random_gauss(&state->random);
	jitter = state->index == 0 ? 0.0 : fmin(fmax(jitter, -most), most);
	sample->t_us = (int64_t)floor(
		((double)state->index / param->rate_hz + jitter) * 1e6 + 0.5);
	sample->event = take_event(state, t_s);
	if (truth != NULL)
		*truth = truth_of(plan, param, channel[2]);
	state->index++;
	return true;
}
