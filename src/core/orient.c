/*
 * Orientation: what is done at every sample, and the outside of the module. What
 * the filter is stands in orient_block.c; starts and gaps in orient_edge.c.
 *
 * A sample stands for the interval that ends with it. Steps (50 ms) and blocks
 * (0.2 s) close on accumulated time, and every sum is weighted with time, so that
 * uneven samples and any rate give the same filter.
 *
 * Within a sample the axis of rotation is allowed to move (coning) and the
 * acceleration is rotated by the attitude in the middle (sculling), each to first
 * order: Savage, Strapdown inertial navigation integration algorithm design, J.
 * Guidance 21 (1998). Below 100 Hz that is the greater part of the accuracy.
 */
#include "stretch/orient_block.h"

#include <string.h>

#define CLIP_PART 0.98

struct orient_param orient_default(void)
{
	return (struct orient_param){
		.gyr_full_scale_rad_s = MISSING,
		.clip_rad_s = 2.0,
		.gyr_walk_rad_sqrt_s = 0.002,
		.turn_walk_sqrt_s = 0.002,
		.acc_walk_m_s_sqrt_s = 0.003,
		.calm_m_s_sqrt_s = 0.25,
		.speed_part_s = 0.2,
		.speed_time_s = 8.0,
		.speed_max_m_s = 5.0,
		.rest_m_s_sqrt_s = 0.002,
		.rest_s = 0.9,
		.rest_gyr_rad_s = 1.0 * RAD_PER_DEG,
		.rest_acc_m_s2 = 0.4,
		.rest_step_m_s2 = 0.25,
		.rest_rate_rad_s = 3.0 * RAD_PER_DEG,
		.rest_bias_rad_sqrt_s = 0.1 * RAD_PER_DEG,
		.bias_rad_s = 1.0 * RAD_PER_DEG,
		.bias_time_s = 20000.0,
		.bias_max_rad_s = 20.0 * RAD_PER_DEG,
		.scale = 0.005,
		.cross = 0.003,
		.matrix_time_s = 600.0,
		.matrix_max = 0.05,
		.start_s = 0.6,
		.start_angle_rad = 0.15,
		.start_speed_m_s = 0.7,
		.step_s = 0.05,
		.block_s = 0.2,
		.gap_s = 0.1,
		.gap_factor = 2.5,
		.gap_rate_rad_s = 0.2,
		.gap_change = 0.25,
		.gap_level_rad = 0.25,
		.gap_acc_m_s2 = 3.0,
	};
}

void orient_init(struct orient_state *s)
{
	memset(s, 0, sizeof *s);
	s->q = (struct quat){ 1, 0, 0, 0 };
	s->gap = true;
}

static bool beyond(struct vec3 v, double limit)
{
	return fabs(v.x) > limit || fabs(v.y) > limit || fabs(v.z) > limit;
}

/*
 * A usable sample dt_s after the one before. Within it the axis of rotation moves
 * (cone), and on the mean the acceleration was felt half a turn ago.
 */
static inline void gather(struct orient_state *s, const struct orient_param *p,
	double dt_s, struct vec3 acc, struct vec3 gyr)
{
	double limit = CLIP_PART * p->gyr_full_scale_rad_s; /* NAN: never beyond */
	double gyr_square = vec3_dot(gyr, gyr);
	struct vec3 turned = vec3_scale(gyr, dt_s);
	struct vec3 cone = vec3_scale(vec3_cross(s->gyr_rad_s, turned), dt_s / 12.0);
	struct quat t = orient_turn(vec3_add(orient_corrected(s, turned, dt_s), cone));
	struct vec3 felt = vec3_sub(acc, vec3_cross((struct vec3){ t.x, t.y, t.z }, acc));

	s->q = quat_mul(s->q, t);
	s->push_m_s = vec3_add(s->push_m_s, vec3_scale(quat_rotate(s->q, felt), dt_s));
	s->acc_square += vec3_dot(acc, acc) * dt_s;
	s->gyr_square += gyr_square * dt_s;
	s->step_turn_rad = vec3_add(s->step_turn_rad, turned);
	s->step_s += dt_s;
	s->block_s += dt_s;
	if (gyr_square > limit * limit && beyond(gyr, limit))
		s->clip_s += dt_s;
	s->gyr_rad_s = gyr;
}

void orient_step_traced(struct orient_state *s, const struct orient_param *p, double dt_s,
	struct vec3 acc, struct vec3 gyr, struct orient_trace *trace)
{
	s->waiting_s += orient_interval(dt_s);
	if (!orient_usable(acc, gyr))
		return;
	dt_s = s->waiting_s;
	s->waiting_s = 0.0;
	if (orient_is_gap(p, dt_s, &s->usual_s) || s->gap) {
		orient_edge_cross(s, p, dt_s, &acc, &gyr, trace);
		return;
	}
	gather(s, p, dt_s, acc, gyr);
	/* to the nearest whole sample: the next one would overshoot by more */
	if (s->step_s + 0.5 * dt_s >= p->step_s)
		orient_edge_step(s, p, trace);
}

void orient_step(struct orient_state *s, const struct orient_param *p, double dt_s,
	struct vec3 acc, struct vec3 gyr)
{
	orient_step_traced(s, p, dt_s, acc, gyr, NULL);
}

void orient_gap(struct orient_state *s, const struct orient_param *p)
{
	(void)p;
	s->gap = true;
}

bool orient_ready(const struct orient_state *s)
{
	return s->started;
}

struct vec3 orient_up(const struct orient_state *s)
{
	return vec3_unit(quat_up(s->q));
}

struct quat orient_quat(const struct orient_state *s)
{
	return quat_unit(s->q);
}

struct vec3 orient_gyr_bias_rad_s(const struct orient_state *s)
{
	return (struct vec3){ s->learned[0], s->learned[4], s->learned[8] };
}

struct mat3 orient_gyr_matrix(const struct orient_state *s)
{
	struct mat3 d;

	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			d.m[row][column] = s->learned[4 * row + 1 + column];
	return d;
}

double orient_tilt_sd_rad(const struct orient_state *s)
{
	double variance = s->p_now[0][0] + s->p_now[1][1];

	if (!s->started || s->levelling || !(variance > 0.0))
		return STRETCH_PI;
	return fmin(sqrt(variance), STRETCH_PI);
}

uint32_t orient_restarts(const struct orient_state *s)
{
	return s->restarts;
}
