/*
 * The covariance part of the orientation filter, once a block of about 0.2 s.
 *
 * An error-state Kalman filter of 16 states: two angles phi and two velocities v
 * in the level frame E, gyroscope bias b and error matrix D (nine).
 *
 *   R_true = exp(phi) R,   w_true = w - b - D w,   v' = (R a)_xy
 *   phi' = -R (db + dD w) + noise,   dv_x' = g phi_y,   dv_y' = -g phi_x
 *   0 = v_true + noise      (people and things do not run away)
 *
 * Velocity is kept turned by a right angle, u = (-v_y, v_x): then du' = g phi.
 *
 * The last line stands in place of "acceleration is gravity": velocity stays near
 * zero whatever the acceleration does, so that gravity is told from movement by
 * its lasting. What b and D do to the angles is gathered from every sample in
 * `effect`, so that the covariance has to move only once a block.
 *
 * Error-state form and injection: Sola, Quaternion kinematics for the error-state
 * Kalman filter (arXiv 1711.02508). Velocity as pseudo-measurement: the usual
 * zero-velocity update, here with a density that follows the recent speed.
 * Updates are P -= W W^T with W = P H^T L^-T, L L^T = S (Cholesky): the result is
 * symmetric to the last bit, and stays so.
 */
#include "stretch/orient_block.h"

#include <stddef.h>
#include <string.h>

#define G GRAVITY_M_S2
#define N ORIENT_LEARNED
#define FORGET_S 10.0 /* how often; only the time constants matter */

static double square(double x)
{
	return x * x;
}

static double bound(double x, double limit)
{
	return fabs(x) > limit ? copysign(limit, x) : x;
}

/* Variance of learned number k before any data. */
static double prior(const struct orient_param *p, int k)
{
	if (k % 4 == 0)
		return square(p->bias_rad_s);
	return k % 4 - 1 == k / 4 ? square(p->scale) : square(p->cross);
}

void orient_block_forget_all(struct orient_state *s, const struct orient_param *p)
{
	memset(s->learned, 0, sizeof s->learned);
	memset(s->p_learned, 0, sizeof s->p_learned);
	for (int k = 0; k < N; k++)
		s->p_learned[k][k] = prior(p, k);
	s->forget_s = 0.0;
}

void orient_block_begin(struct orient_state *s, const struct orient_param *p)
{
	memset(s->p_now, 0, sizeof s->p_now);
	memset(s->p_cross, 0, sizeof s->p_cross);
	s->p_now[0][0] = s->p_now[1][1] = square(p->start_angle_rad);
	s->p_now[2][2] = s->p_now[3][3] = square(p->start_speed_m_s);
	s->u_m_s[0] = s->u_m_s[1] = 0.0;
	s->speed_square = 0.0;
}

void orient_block_clear(struct orient_state *s)
{
	struct vec3 none = { 0, 0, 0 };

	s->block_s = s->clip_s = s->step_s = 0.0;
	s->gyr_square = s->acc_square = 0.0;
	s->push_m_s = s->gyr_sum = s->step_turn_rad = none;
	memset(s->effect, 0, sizeof s->effect);
}

void orient_block_rows(const struct orient_state *s, double p_angle[2][4 + N])
{
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 4; j++)
			p_angle[i][j] = s->p_now[i][j];
		for (int k = 0; k < N; k++)
			p_angle[i][4 + k] = s->p_cross[k][i];
	}
}

void orient_block_still(struct orient_state *s, const struct orient_param *p)
{
	double per_s = 1.0 / s->block_s;
	struct vec3 gyr = vec3_scale(s->gyr_sum, per_s);
	struct vec3 acc = vec3_scale(s->push_m_s, per_s);
	struct vec3 step = vec3_sub(acc, s->acc_before_m_s2);
	struct vec3 rate = vec3_sub(gyr, orient_gyr_bias_rad_s(s));
	double gyr_var = s->gyr_square * per_s - vec3_dot(gyr, gyr);
	double acc_var = s->acc_square * per_s - vec3_dot(acc, acc);

	if (gyr_var < square(p->rest_gyr_rad_s) && acc_var < square(p->rest_acc_m_s2) &&
		vec3_dot(step, step) < square(p->rest_step_m_s2) &&
		vec3_dot(rate, rate) < square(p->rest_rate_rad_s))
		s->still_s = fmin(s->still_s + s->block_s, 2.0 * p->rest_s);
	else
		s->still_s = 0.0;
	s->acc_before_m_s2 = acc;
}

/* The turn e that the learned numbers' errors made: its covariances. */
struct effect {
	double now[2][4]; /* with angles and velocities */
	double own[2][2];
	double g[N][2]; /* with the learned numbers */
};

/* Four rows at a time: what belongs to one axis of the gyroscope. */
static void gather_effect(
	const struct orient_state *restrict s, struct effect *restrict e)
{
	double gx[N] = { 0 }, gy[N] = { 0 };

	memset(e, 0, offsetof(struct effect, g));
	for (int i = 0; i < N; i += 4) {
		const double *q = s->p_learned[i], *c = s->p_cross[i];
		const double *x = &s->effect[0][i], *y = &s->effect[1][i];

		for (int k = 0; k < N; k++) {
			gx[k] -= x[0] * q[k] + x[1] * q[N + k] + x[2] * q[2 * N + k] +
				x[3] * q[3 * N + k];
			gy[k] -= y[0] * q[k] + y[1] * q[N + k] + y[2] * q[2 * N + k] +
				y[3] * q[3 * N + k];
		}
		for (int r = 0; r < 4; r++) {
			e->now[0][r] -= x[0] * c[r] + x[1] * c[4 + r] + x[2] * c[8 + r] +
				x[3] * c[12 + r];
			e->now[1][r] -= y[0] * c[r] + y[1] * c[4 + r] + y[2] * c[8 + r] +
				y[3] * c[12 + r];
		}
	}
	for (int k = 0; k < N; k++) {
		e->own[0][0] -= gx[k] * s->effect[0][k];
		e->own[0][1] -= gx[k] * s->effect[1][k];
		e->own[1][1] -= gy[k] * s->effect[1][k];
		e->g[k][0] = gx[k];
		e->g[k][1] = gy[k];
	}
	e->own[1][0] = e->own[0][1];
}

/* phi += e, u += g tau (phi + e / 2) in the covariance. */
static void predict_covariance(struct orient_state *restrict s)
{
	double g = G * s->block_s, h = 0.5 * g;
	struct effect e;
	double m[4][4], with_e[4][2];

	gather_effect(s, &e);
	for (int k = 0; k < N; k++) {
		double *c = s->p_cross[k];

		double x = e.g[k][0], y = e.g[k][1];

		c[2] += g * c[0] + h * x;
		c[3] += g * c[1] + h * y;
		c[0] += x;
		c[1] += y;
	}
	for (int i = 0; i < 2; i++) {
		for (int k = 0; k < 4; k++) {
			m[i][k] = s->p_now[i][k] + e.now[i][k];
			m[2 + i][k] =
				s->p_now[2 + i][k] + g * s->p_now[i][k] + h * e.now[i][k];
		}
		for (int k = 0; k < 2; k++) {
			with_e[i][k] = e.now[k][i] + e.own[i][k];
			with_e[2 + i][k] =
				e.now[k][2 + i] + g * e.now[k][i] + h * e.own[i][k];
		}
	}
	for (int r = 0; r < 4; r++)
		for (int k = 0; k < 2; k++) {
			s->p_now[r][2 + k] = m[r][2 + k] + g * m[r][k] + h * with_e[r][k];
			s->p_now[r][k] = m[r][k] + with_e[r][k];
		}
	for (int r = 1; r < 4; r++)
		for (int k = 0; k < r; k++)
			s->p_now[r][k] = s->p_now[k][r];
}

static void predict(struct orient_state *s, const struct orient_param *p)
{
	double angle = square(p->gyr_walk_rad_sqrt_s) * s->block_s +
		square(p->turn_walk_sqrt_s) * s->gyr_square +
		square(p->clip_rad_s * s->clip_s);
	double speed = square(p->acc_walk_m_s_sqrt_s) * s->block_s;

	predict_covariance(s);
	s->p_now[0][0] += angle;
	s->p_now[1][1] += angle;
	s->p_now[2][2] += speed;
	s->p_now[3][3] += speed;
	s->u_m_s[0] = bound(s->u_m_s[0] - s->push_m_s.y, p->speed_max_m_s);
	s->u_m_s[1] = bound(s->u_m_s[1] + s->push_m_s.x, p->speed_max_m_s);
}

/* Variance of the pseudo-measurement "velocity is zero" over this block. */
static double calm_variance(
	struct orient_state *s, const struct orient_param *p, bool rest)
{
	double tau = s->block_s;
	double now = 1.5 * (square(s->u_m_s[0]) + square(s->u_m_s[1]));

	s->speed_square += tau / (p->speed_time_s + tau) * (now - s->speed_square);
	if (rest)
		return square(p->rest_m_s_sqrt_s) / tau;
	return (square(p->calm_m_s_sqrt_s) + p->speed_part_s * s->speed_square) / tau;
}

/* A column of W = P H^T L^-T, or a correction: angles, velocities, learned. */
struct column {
	double c[4 + N];
};

/* Four numbers of a row of P -= W W^T. Written out, compilers make two vector
 * operations of it; so they do below wherever a loop runs to 4 or 12. */
static inline void shrink4(double *restrict p, double a, const double *restrict x,
	double b, const double *restrict y)
{
	p[0] -= a * x[0] + b * y[0];
	p[1] -= a * x[1] + b * y[1];
	p[2] -= a * x[2] + b * y[2];
	p[3] -= a * x[3] + b * y[3];
}

/* P -= W W^T, two columns. */
static void shrink(struct orient_state *restrict s, const struct column *restrict w0,
	const struct column *restrict w1)
{
	const double *x = w0->c, *y = w1->c;

	for (int r = 0; r < 4; r++)
		shrink4(s->p_now[r], x[r], x, y[r], y);
	for (int i = 0; i < N; i++) {
		double a = x[4 + i], b = y[4 + i];

		shrink4(s->p_cross[i], a, x, b, y);
		shrink4(s->p_learned[i], a, x + 4, b, y + 4);
		shrink4(s->p_learned[i] + 4, a, x + 8, b, y + 8);
		shrink4(s->p_learned[i] + 8, a, x + 12, b, y + 12);
	}
}

/* P -= w w^T */
static void shrink_once(struct orient_state *restrict s, const struct column *restrict w)
{
	const double *x = w->c, *y = w->c + 4;

	for (int r = 0; r < 4; r++)
		for (int k = 0; k < 4; k++)
			s->p_now[r][k] -= x[r] * x[k];
	for (int i = 0; i < N; i++) {
		for (int r = 0; r < 4; r++)
			s->p_cross[i][r] -= y[i] * x[r];
		for (int k = 0; k < N; k++)
			s->p_learned[i][k] -= y[i] * y[k];
	}
}

/* Both velocities are zero, with that variance. */
static void update_velocity(struct orient_state *s, double variance, struct column *x,
	struct orient_block *block)
{
	struct column w0, w1;
	double l0 = sqrt(s->p_now[2][2] + variance), inv0 = 1.0 / l0;
	double l10 = s->p_now[2][3] * inv0;
	double inv1 = 1.0 / sqrt(s->p_now[3][3] + variance - l10 * l10);
	double z0 = -s->u_m_s[0] * inv0, z1 = (-s->u_m_s[1] - l10 * z0) * inv1;

	for (int r = 0; r < 4; r++) {
		w0.c[r] = s->p_now[r][2];
		w1.c[r] = s->p_now[r][3];
	}
	for (int k = 0; k < N; k++) {
		w0.c[4 + k] = s->p_cross[k][2];
		w1.c[4 + k] = s->p_cross[k][3];
	}
	for (int k = 0; k < 4 + N; k++) {
		w0.c[k] *= inv0;
		w1.c[k] = (w1.c[k] - l10 * w0.c[k]) * inv1;
		x->c[k] = w0.c[k] * z0 + w1.c[k] * z1;
	}
	shrink(s, &w0, &w1);
	if (!block)
		return;
	block->weighed[1] = z1 * inv1;
	block->weighed[0] = (z0 - l10 * block->weighed[1]) * inv0;
	for (int k = 0; k < 4 + N; k++) {
		block->gain[k][1] = w1.c[k] * inv1;
		block->gain[k][0] = (w0.c[k] - l10 * block->gain[k][1]) * inv0;
	}
}

/*
 * At rest the mean rate is the bias, but only its vertical part is taken: a leg
 * that sinks slowly turns about a level axis, and v = 0 sees that part anyway.
 */
static void update_bias(struct orient_state *s, const struct orient_param *p,
	struct column *x, struct orient_block *block)
{
	struct vec3 up = quat_up(s->q);
	double h[3] = { up.x, up.y, up.z };
	struct vec3 mean = vec3_scale(s->rest_turn_rad, 1.0 / s->rest_s);
	struct column w = { { 0 } };
	double variance = square(p->rest_bias_rad_sqrt_s) / s->rest_s;
	double off = vec3_dot(up, mean), inv, z;

	for (int i = 0; i < 3; i++) {
		for (int r = 0; r < 4; r++)
			w.c[r] += s->p_cross[4 * i][r] * h[i];
		for (int k = 0; k < N; k++)
			w.c[4 + k] += s->p_learned[4 * i][k] * h[i];
		off -= h[i] * (s->learned[4 * i] + x->c[4 + 4 * i]);
	}
	for (int i = 0; i < 3; i++)
		variance += h[i] * w.c[4 + 4 * i];
	inv = 1.0 / sqrt(variance);
	z = off * inv;
	for (int k = 0; k < 4 + N; k++) {
		w.c[k] *= inv;
		x->c[k] += w.c[k] * z;
	}
	shrink_once(s, &w);
	if (!block)
		return;
	block->rest = true;
	block->rest_up = up;
	block->rest_weighed = z * inv;
	for (int k = 0; k < 4 + N; k++)
		block->rest_gain[k] = w.c[k] * inv;
}

/* Gathers the turn at rest; true when there is enough of it for an update. */
static bool gather_rest(struct orient_state *s, const struct orient_param *p, bool rest)
{
	if (s->rest_s >= p->rest_s || !rest) {
		s->rest_s = 0.0;
		s->rest_turn_rad = (struct vec3){ 0, 0, 0 };
	}
	if (!rest)
		return false;
	s->rest_s += s->block_s;
	s->rest_turn_rad = vec3_add(s->rest_turn_rad, s->gyr_sum);
	return s->rest_s >= p->rest_s;
}

static void inject(
	struct orient_state *s, const struct orient_param *p, const struct column *x)
{
	double half_x = 0.5 * x->c[0], half_y = 0.5 * x->c[1];
	struct quat turn = { 1.0 - 0.5 * (half_x * half_x + half_y * half_y), half_x,
		half_y, 0 };

	s->q = quat_unit(quat_mul(turn, s->q));
	for (int axis = 0; axis < 2; axis++)
		s->u_m_s[axis] += x->c[2 + axis];
	for (int i = 0; i < N; i += 4) {
		double *e = &s->learned[i];
		const double *d = &x->c[4 + i];

		e[0] = bound(e[0] + d[0], p->bias_max_rad_s);
		e[1] = bound(e[1] + d[1], p->matrix_max);
		e[2] = bound(e[2] + d[2], p->matrix_max);
		e[3] = bound(e[3] + d[3], p->matrix_max);
	}
}

/*
 * Bias and matrix are first-order Gauss-Markov: towards zero by `keep`, and the
 * variance towards the prior, so neither can grow without end.
 */
static void forget(
	struct orient_state *s, const struct orient_param *p, struct orient_block *block)
{
	double keep_bias = p->bias_time_s / (p->bias_time_s + s->forget_s);
	double keep_matrix = p->matrix_time_s / (p->matrix_time_s + s->forget_s);
	double keep[N];

	for (int k = 0; k < N; k++)
		keep[k] = k % 4 == 0 ? keep_bias : keep_matrix;
	for (int i = 0; i < N; i++) {
		s->learned[i] *= keep[i];
		for (int r = 0; r < 4; r++)
			s->p_cross[i][r] *= keep[i];
		for (int k = 0; k < N; k++)
			s->p_learned[i][k] *= keep[i] * keep[k];
		s->p_learned[i][i] += (1.0 - square(keep[i])) * prior(p, i);
	}
	s->forget_s = 0.0;
	if (block) {
		block->keep_bias = keep_bias;
		block->keep_matrix = keep_matrix;
	}
}

void orient_block_close(
	struct orient_state *s, const struct orient_param *p, struct orient_block *block)
{
	struct column x;
	bool rest;

	orient_block_still(s, p);
	rest = s->still_s >= p->rest_s;
	if (block) {
		block->tau_s = s->block_s;
		memcpy(block->effect, s->effect, sizeof block->effect);
		block->rest = false;
		block->keep_bias = block->keep_matrix = 1.0;
		block->q_before = s->q;
	}
	predict(s, p);
	update_velocity(s, calm_variance(s, p, rest), &x, block);
	if (gather_rest(s, p, rest))
		update_bias(s, p, &x, block);
	inject(s, p, &x);
	if (block) {
		orient_block_rows(s, block->p_angle);
		block->injected_rad[0] = x.c[0];
		block->injected_rad[1] = x.c[1];
	}
	s->forget_s += s->block_s;
	if (s->forget_s >= FORGET_S)
		forget(s, p, block);
	orient_block_clear(s);
}
