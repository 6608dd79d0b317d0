/* A second implementation of the orientation filter; see dense_orient.h. */
#include "dense_orient.h"

#include <math.h>
#include <string.h>

#define N DENSE_N
#define DT DENSE_DT
#define STEP 6
#define BLOCK DENSE_BLOCK
#define TAU (BLOCK * DT)
#define G GRAVITY_M_S2

static struct vec3 turned_by(const struct dense *d, struct vec3 w)
{
	double r[3] = { w.x, w.y, w.z };
	struct vec3 cone = vec3_scale(vec3_cross(d->gyr_before, w), DT * DT / 12.0);

	for (int i = 0; i < 3; i++)
		r[i] -= d->learned[4 * i] + d->learned[4 * i + 1] * w.x +
			d->learned[4 * i + 2] * w.y + d->learned[4 * i + 3] * w.z;
	return vec3_add(vec3_scale((struct vec3){ r[0], r[1], r[2] }, DT), cone);
}

static void multiply(double out[N][N], double a[N][N], double b[N][N], bool transposed)
{
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++) {
			out[i][k] = 0.0;
			for (int j = 0; j < N; j++)
				out[i][k] += a[i][j] * (transposed ? b[k][j] : b[j][k]);
		}
}

static void identity(double a[N][N])
{
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++)
			a[i][k] = i == k ? 1.0 : 0.0;
}

/* P = A P A^T */
static void transform(struct dense *d, double a[N][N])
{
	double ap[N][N], apa[N][N];

	multiply(ap, a, d->p, false);
	multiply(apa, ap, a, true);
	memcpy(d->p, apa, sizeof apa);
}

/* One scalar measurement z = h x + noise, Joseph's form. */
static void measure(
	struct dense *d, const double h[N], double innovation, double r, double x[N])
{
	double ph[N], s = r, a[N][N];

	for (int i = 0; i < N; i++) {
		ph[i] = 0.0;
		for (int k = 0; k < N; k++)
			ph[i] += d->p[i][k] * h[k];
		s += h[i] * ph[i];
		innovation -= h[i] * x[i];
	}
	identity(a);
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++)
			a[i][k] -= ph[i] / s * h[k];
	transform(d, a);
	for (int i = 0; i < N; i++) {
		x[i] += ph[i] / s * innovation;
		for (int k = 0; k < N; k++)
			d->p[i][k] += ph[i] / s * ph[k] / s * r;
	}
}

static void predict(struct dense *d, const struct orient_param *p)
{
	double phi[N][N];
	double angle = p->gyr_walk_rad_sqrt_s * p->gyr_walk_rad_sqrt_s * TAU +
		p->turn_walk_sqrt_s * p->turn_walk_sqrt_s * d->gyr_square * DT;

	identity(phi);
	for (int k = 0; k < 12; k++) {
		phi[0][4 + k] = -d->effect[0][k];
		phi[1][4 + k] = -d->effect[1][k];
		phi[2][4 + k] = -0.5 * G * TAU * d->effect[1][k];
		phi[3][4 + k] = 0.5 * G * TAU * d->effect[0][k];
	}
	phi[2][1] = G * TAU;
	phi[3][0] = -G * TAU;
	transform(d, phi);
	if (d->record)
		memcpy(d->record->phi, phi, sizeof phi);
	for (int i = 0; i < 2; i++) {
		d->p[i][i] += angle;
		d->p[2 + i][2 + i] +=
			p->acc_walk_m_s_sqrt_s * p->acc_walk_m_s_sqrt_s * TAU;
	}
	if (d->record)
		memcpy(d->record->p_before, d->p, sizeof d->p);
	d->v[0] += d->push.x * DT;
	d->v[1] += d->push.y * DT;
}

static bool at_rest(struct dense *d, const struct orient_param *p)
{
	struct vec3 w = vec3_scale(d->gyr_sum, 1.0 / BLOCK);
	struct vec3 a = vec3_scale(d->push, 1.0 / BLOCK);
	struct vec3 b = { d->learned[0], d->learned[4], d->learned[8] };
	bool still = sqrt(fmax(d->gyr_square / BLOCK - vec3_dot(w, w), 0)) <
			p->rest_gyr_rad_s &&
		sqrt(fmax(d->acc_square / BLOCK - vec3_dot(a, a), 0)) <
			p->rest_acc_m_s2 &&
		vec3_norm(vec3_sub(a, d->acc_mean)) < p->rest_step_m_s2 &&
		vec3_norm(vec3_sub(w, b)) < p->rest_rate_rad_s;

	d->acc_mean = a;
	d->still = still ? d->still + 1 : 0;
	return d->still >= 5;
}

static void forget(struct dense *d, const struct orient_param *p)
{
	double keep[N][N];

	identity(keep);
	for (int k = 0; k < 12; k++) {
		double time = k % 4 == 0 ? p->bias_time_s : p->matrix_time_s;

		keep[4 + k][4 + k] = time / (time + d->forget_s);
	}
	transform(d, keep);
	for (int k = 0; k < 12; k++) {
		double prior = k % 4 == 0 ? p->bias_rad_s
			: k % 5 == 1      ? p->scale
					  : p->cross;
		double f = keep[4 + k][4 + k];

		d->p[4 + k][4 + k] += (1.0 - f * f) * prior * prior;
		d->learned[k] *= f;
		if (d->record)
			d->record->keep[k] = f;
	}
	d->forget_s = 0.0;
}

static void kalman(struct dense *d, const struct orient_param *p)
{
	double x[N] = { 0 }, r, speed;
	bool rest = at_rest(d, p);

	predict(d, p);
	speed = 1.5 * (d->v[0] * d->v[0] + d->v[1] * d->v[1]);
	d->speed_square += TAU / (p->speed_time_s + TAU) * (speed - d->speed_square);
	r = p->calm_m_s_sqrt_s * p->calm_m_s_sqrt_s + p->speed_part_s * d->speed_square;
	if (rest)
		r = p->rest_m_s_sqrt_s * p->rest_m_s_sqrt_s;
	for (int i = 0; i < 2; i++) {
		double h[N] = { 0 };

		h[2 + i] = 1.0;
		measure(d, h, -d->v[i], r / TAU, x);
	}
	if (!rest)
		d->rested = 0;
	if (rest && d->rested % 5 == 0)
		d->rest_gyr = (struct vec3){ 0, 0, 0 };
	if (rest)
		d->rest_gyr = vec3_add(d->rest_gyr, vec3_scale(d->gyr_sum, 0.2 / BLOCK));
	if (rest && ++d->rested % 5 == 0) {
		struct vec3 up = quat_up(d->q);
		double h[N] = { [4] = up.x, [8] = up.y, [12] = up.z };
		struct vec3 off = { d->rest_gyr.x - d->learned[0],
			d->rest_gyr.y - d->learned[4], d->rest_gyr.z - d->learned[8] };

		measure(d, h, vec3_dot(up, off),
			p->rest_bias_rad_sqrt_s * p->rest_bias_rad_sqrt_s / (5.0 * TAU),
			x);
	}
	d->q = quat_mul(
		quat_unit((struct quat){ 1.0, 0.5 * x[0], 0.5 * x[1], 0.0 }), d->q);
	d->v[0] += x[2];
	d->v[1] += x[3];
	for (int k = 0; k < 12; k++)
		d->learned[k] += x[4 + k];
	if (d->record) {
		memcpy(d->record->p_after, d->p, sizeof d->p);
		memcpy(d->record->x, x, sizeof x);
		d->record->q = d->q;
		for (int k = 0; k < 12; k++)
			d->record->keep[k] = 1.0;
	}
	d->forget_s += TAU;
	if (d->forget_s >= 10.0)
		forget(d, p);
	if (d->record)
		d->record++;
}

/* The shortest turn that brings level direction a upwards, put before q. */
static struct quat levelled(struct quat q, struct vec3 a)
{
	struct vec3 axis = vec3_cross(vec3_unit(a), (struct vec3){ 0, 0, 1 });
	double angle = vec3_angle_rad(a, (struct vec3){ 0, 0, 1 });

	return vec3_norm(axis) > 0.0
		? quat_mul(quat_axis_angle(vec3_unit(axis), angle), q)
		: q;
}

static void level(struct dense *d, const struct orient_param *p)
{
	const double start[4] = { p->start_angle_rad, p->start_angle_rad,
		p->start_speed_m_s, p->start_speed_m_s };

	at_rest(d, p);
	d->level = vec3_add(d->level, d->push);
	d->q = levelled(d->q, d->level);
	d->level = (struct vec3){ 0, 0, vec3_norm(d->level) };
	for (int i = 0; i < N; i++) {
		int k = i - 4;

		d->p[i][i] = i < 4   ? start[i]
			: k % 4 == 0 ? p->bias_rad_s
			: k % 5 == 1 ? p->scale
				     : p->cross;
		d->p[i][i] *= d->p[i][i];
	}
}

void dense_step(
	struct dense *d, const struct orient_param *p, struct vec3 acc, struct vec3 gyr)
{
	struct vec3 by = turned_by(d, gyr);
	double angle = vec3_norm(by);
	struct vec3 x = { 1, 0, 0 }, y = { 0, 1, 0 };

	d->q = quat_mul(d->q,
		angle > 0.0 ? quat_axis_angle(vec3_unit(by), angle)
			    : (struct quat){ 1, 0, 0, 0 });
	d->push = vec3_add(d->push,
		quat_rotate(d->q,
			vec3_sub(acc,
				vec3_scale(vec3_cross(vec3_unit(by), acc),
					sin(0.5 * angle)))));
	d->gyr_before = gyr;
	d->gyr_square += vec3_dot(gyr, gyr);
	d->acc_square += vec3_dot(acc, acc);
	d->gyr_sum = vec3_add(d->gyr_sum, gyr);
	d->step_gyr = vec3_add(d->step_gyr, gyr);
	if (++d->samples % STEP != 0)
		return;
	x = quat_rotate(quat_conj(d->q), x);
	y = quat_rotate(quat_conj(d->q), y);
	for (int i = 0; i < 3; i++) {
		double part[4] = { STEP * DT, d->step_gyr.x * DT, d->step_gyr.y * DT,
			d->step_gyr.z * DT };

		for (int k = 0; k < 4; k++) {
			d->effect[0][4 * i + k] += part[k] * (&x.x)[i];
			d->effect[1][4 * i + k] += part[k] * (&y.x)[i];
		}
	}
	d->step_gyr = (struct vec3){ 0, 0, 0 };
	if (d->samples % BLOCK != 0)
		return;
	if (d->blocks++ < 3)
		level(d, p);
	else
		kalman(d, p);
	memset(d->effect, 0, sizeof d->effect);
	d->gyr_sum = d->push = (struct vec3){ 0, 0, 0 };
	d->gyr_square = d->acc_square = 0.0;
}

void dense_start(struct dense *d, struct vec3 acc, struct vec3 gyr)
{
	memset(d, 0, sizeof *d);
	d->q = levelled((struct quat){ 1, 0, 0, 0 }, acc);
	d->gyr_before = gyr;
}

/* Solves a y = b, Gauss with pivots; a and b are used up, y comes in b. */
static void solve(double a[N][N], double b[N])
{
	for (int c = 0; c < N; c++) {
		int pivot = c;

		for (int r = c + 1; r < N; r++)
			if (fabs(a[r][c]) > fabs(a[pivot][c]))
				pivot = r;
		for (int k = 0; k < N; k++) {
			double swap = a[c][k];

			a[c][k] = a[pivot][k];
			a[pivot][k] = swap;
		}
		double swap = b[c];
		b[c] = b[pivot];
		b[pivot] = swap;
		for (int r = 0; r < N; r++) {
			double f = r == c ? 0.0 : a[r][c] / a[c][c];

			for (int k = c; k < N; k++)
				a[r][k] -= f * a[c][k];
			b[r] -= f * b[c];
		}
	}
	for (int r = 0; r < N; r++)
		b[r] /= a[r][r];
}

void dense_smooth(const struct dense_record *records, int count, struct quat *attitude)
{
	double s[N] = { 0 }; /* smoothed less filtered */

	for (int i = count - 1; i >= 0; i--) {
		const struct dense_record *here = &records[i], *next = here + 1;
		double a[N][N], y[N];

		if (i < count - 1) {
			/* s = P+ Phi^T (P-)^-1 (x + s), all but P+ of the next one */
			memcpy(a, next->p_before, sizeof a);
			for (int k = 0; k < N; k++)
				y[k] = next->x[k] + s[k];
			solve(a, y);
			for (int k = 0; k < N; k++) {
				s[k] = 0.0;
				for (int j = 0; j < N; j++)
					s[k] += next->phi[j][k] * y[j];
				s[k] *= k < 4 ? 1.0 : here->keep[k - 4];
			}
			memcpy(y, s, sizeof y);
			for (int k = 0; k < N; k++) {
				s[k] = 0.0;
				for (int j = 0; j < N; j++)
					s[k] += here->p_after[k][j] * y[j];
			}
		}
		attitude[i] = quat_mul(
			quat_unit((struct quat){ 1.0, 0.5 * s[0], 0.5 * s[1], 0.0 }),
			here->q);
	}
}
