/*
 * Orientation: where the even run of samples is cut. Ends of steps and blocks, the
 * start, gaps, and beginning anew after an overflow.
 */
#include "stretch/orient_block.h"

#include <stddef.h>

/* Shortest turn that brings v (level frame) onto the upward axis. */
static struct quat turn_up(struct vec3 v)
{
	struct vec3 u = vec3_unit(v);

	if (u.z < -0.999999)
		return (struct quat){ 0, 1, 0, 0 };
	return quat_unit((struct quat){ 1.0 + u.z, u.y, -u.x, 0 });
}

static void begin_levelling(struct orient_state *s, struct vec3 acc)
{
	s->q = quat_unit(quat_mul(turn_up(quat_rotate(s->q, acc)), s->q));
	s->levelling = true;
	s->level_s = 0.0;
	s->level_sum_m_s = (struct vec3){ 0, 0, 0 };
	s->still_s = 0.0;
	s->acc_before_m_s2 = (struct vec3){ 0, 0, 0 };
	orient_block_clear(s);
}

static void close_levelling(
	struct orient_state *s, const struct orient_param *p, struct orient_trace *trace)
{
	struct vec3 sum = vec3_add(s->level_sum_m_s, s->push_m_s);
	struct quat turn = turn_up(sum);

	orient_block_still(s, p);
	s->q = quat_unit(quat_mul(turn, s->q));
	s->level_sum_m_s = (struct vec3){ 0, 0, vec3_norm(sum) };
	s->level_s += s->block_s;
	orient_block_clear(s);
	if (trace) {
		trace->levelled = true;
		trace->turn = turn;
	}
	if (s->level_s + 0.5 * p->block_s > p->start_s) {
		s->levelling = false;
		orient_block_begin(s, p);
		if (trace) {
			trace->kalman_began = true;
			orient_block_rows(s, trace->p_level);
		}
	}
}

static inline void add4(double *restrict sum, double x, const double *restrict part)
{
	sum[0] += x * part[0];
	sum[1] += x * part[1];
	sum[2] += x * part[2];
	sum[3] += x * part[3];
}

/* The step is over: its time and turn, rotated to level, are what an error of bias
 * and matrix does to the angles. x and y are the level axes seen from the sensor. */
static void close_step(struct orient_state *s)
{
	struct quat q = s->q;
	double x2 = q.x + q.x, y2 = q.y + q.y, z2 = q.z + q.z;
	double xx = q.x * x2, yy = q.y * y2, zz = q.z * z2;
	double part[4] = { s->step_s, s->step_turn_rad.x, s->step_turn_rad.y,
		s->step_turn_rad.z };
	double x[3] = { 1.0 - (yy + zz), q.x * y2 - q.w * z2, q.x * z2 + q.w * y2 };
	double y[3] = { q.x * y2 + q.w * z2, 1.0 - (xx + zz), q.y * z2 - q.w * x2 };

	for (int axis = 0; axis < 3; axis++) {
		add4(s->effect[0] + 4 * axis, x[axis], part);
		add4(s->effect[1] + 4 * axis, y[axis], part);
	}
	s->gyr_sum = vec3_add(s->gyr_sum, s->step_turn_rad);
	s->step_turn_rad = (struct vec3){ 0, 0, 0 };
	s->step_s = 0.0;
}

static void close_block(struct orient_state *s, const struct orient_param *p,
	struct orient_trace *trace, bool before)
{
	struct orient_block *block = NULL;

	if (s->levelling) {
		close_levelling(s, p, trace);
		return;
	}
	if (trace && before) {
		trace->block_before = true;
		block = &trace->before;
	} else if (trace) {
		trace->block_after = true;
		block = &trace->after;
	}
	orient_block_close(s, p, block);
}

/*
 * After dt_s without samples. The rate in between is taken as a straight line, and
 * is the less certain the more it changed and the longer it is. Where that leaves too
 * much, gravity alone is the better start.
 */
static void loosen(struct orient_state *s, const struct orient_param *p, double dt_s,
	struct vec3 acc, struct vec3 gyr, struct orient_trace *trace)
{
	double change = vec3_norm(vec3_sub(gyr, s->gyr_rad_s));
	double angle = (p->gap_rate_rad_s + p->gap_change * change) * dt_s *
		fmin(dt_s / p->gap_s, 1.0);
	double speed = p->gap_acc_m_s2 * dt_s;
	struct vec3 mean = vec3_scale(vec3_add(s->gyr_rad_s, gyr), 0.5);
	enum orient_break gap = ORIENT_LOOSE;

	if (!(dt_s > 0.0) || angle > p->gap_level_rad) {
		begin_levelling(s, acc);
		gap = ORIENT_CUT;
	} else {
		struct vec3 by = orient_corrected(s, vec3_scale(mean, dt_s), dt_s);

		s->q = quat_unit(quat_mul(s->q, orient_turn(by)));
		if (s->levelling)
			return; /* goes on; its uncertainty is larger */
		for (int i = 0; i < 2; i++) {
			s->p_now[i][i] += angle * angle;
			s->p_now[2 + i][2 + i] += speed * speed;
		}
	}
	if (trace) {
		trace->gap = gap;
		orient_block_rows(s, trace->p_gap);
	}
}

/* Ends what the gap interrupts. The effect of a step cut short is left out. */
static void close_before_gap(
	struct orient_state *s, const struct orient_param *p, struct orient_trace *trace)
{
	s->gyr_sum = vec3_add(s->gyr_sum, s->step_turn_rad);
	if (s->block_s > 0.0)
		close_block(s, p, trace, true);
	orient_block_clear(s);
}

/* A covariance that is not finite shows here after the next correction. */
static bool sound(const struct orient_state *s)
{
	double sum = s->q.w + s->q.x + s->q.y + s->q.z + s->u_m_s[0] + s->u_m_s[1] +
		s->speed_square;

	for (int k = 0; k < ORIENT_LEARNED; k++)
		sum += s->learned[k];
	return isfinite(sum);
}

static void begin_again(struct orient_state *s, struct orient_trace *trace)
{
	uint32_t restarts = s->restarts + 1;

	orient_init(s);
	s->restarts = restarts;
	if (trace)
		trace->restarted = true;
}

void orient_edge_step(
	struct orient_state *s, const struct orient_param *p, struct orient_trace *trace)
{
	close_step(s);
	if (s->block_s + 0.5 * p->step_s < p->block_s)
		return;
	close_block(s, p, trace, false);
	if (!sound(s))
		begin_again(s, trace);
}

void orient_edge_cross(struct orient_state *s, const struct orient_param *p, double dt_s,
	const struct vec3 *acc, const struct vec3 *gyr, struct orient_trace *trace)
{
	if (!s->started) {
		s->started = true;
		s->usual_s = p->gap_s;
		orient_block_forget_all(s, p);
		begin_levelling(s, *acc);
		if (trace)
			trace->began = true;
	} else {
		close_before_gap(s, p, trace);
		loosen(s, p, dt_s, *acc, *gyr, trace);
	}
	s->gap = false;
	s->gyr_rad_s = *gyr;
	if (!sound(s))
		begin_again(s, trace);
}
