/*
 * Least squares over the lengths of resting accelerations; see calib_fit.h.
 *
 * Unknowns, all in m/s^2 so that they are of one size: the bias (3), g times the
 * diagonal of M - 1 (3), g times its upper triangle (3). With u the corrected
 * reading made unit, the derivatives of the length are -M^T u for the bias and
 * u_i (raw - b)_j / g for entry ij. Each visit has one vote: a pose that shares
 * its visit with n - 1 others weighs 1 / sqrt(n).
 */
#include "stretchctl/calib_fit.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 1e-14
#define CALLS_MAX 400
/* Six faces give 0.7, six faces and six edges 1.2 for nine; a direction that is
 * missing gives hundreds. */
#define DILUTION_MAX 6.0

/* Row and column of the unknowns in M after the bias. */
static const int entry[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 0, 1 }, { 0, 2 },
	{ 1, 2 } };

struct problem_data {
	const struct calib_pose *poses;
	double weight[CALIB_POSES_MAX];
	double gravity;
	int unknowns;
};

static void unpack(const struct problem_data *p, const double *x, struct calib_fit *fit)
{
	fit->bias_m_s2 = (struct vec3){ x[0], x[1], x[2] };
	fit->matrix = mat3_identity();
	for (int i = 3; i < p->unknowns; i++)
		fit->matrix.m[entry[i - 3][0]][entry[i - 3][1]] += x[i] / p->gravity;
}

static void derivatives(const struct problem_data *p, const struct calib_fit *fit,
	struct vec3 raw, double *row)
{
	struct vec3 d = vec3_sub(raw, fit->bias_m_s2);
	struct vec3 u = vec3_unit(mat3_apply(&fit->matrix, d));
	double ui[3] = { u.x, u.y, u.z }, dj[3] = { d.x, d.y, d.z };

	for (int j = 0; j < 3; j++) {
		row[j] = 0.0;
		for (int i = 0; i < 3; i++)
			row[j] -= fit->matrix.m[i][j] * ui[i];
	}
	for (int i = 3; i < p->unknowns; i++)
		row[i] = ui[entry[i - 3][0]] * dj[entry[i - 3][1]] / p->gravity;
}

/* cminpack's callback: residuals (flag 1) or the Jacobian by columns (flag 2). */
static int lengths(void *context, int m, int n, const double *x, double *residual,
	double *jacobian, int stride, int flag)
{
	const struct problem_data *p = context;
	struct calib_fit fit;
	double row[CALIB_UNKNOWNS_MAX];

	unpack(p, x, &fit);
	for (int k = 0; k < m; k++) {
		struct vec3 raw = p->poses[k].acc_m_s2;

		if (flag == 1) {
			residual[k] =
				p->weight[k] * calib_fit_off_m_s2(&fit, raw, p->gravity);
			continue;
		}
		derivatives(p, &fit, raw, row);
		for (int i = 0; i < n; i++)
			jacobian[k + i * stride] = p->weight[k] * row[i];
	}
	return 0;
}

double calib_fit_off_m_s2(const struct calib_fit *fit, struct vec3 raw, double gravity)
{
	return vec3_norm(mat3_apply(&fit->matrix, vec3_sub(raw, fit->bias_m_s2))) -
		gravity;
}

/* One vote for each visit; returns how many visits there are. */
static int weigh(struct problem_data *p, const struct calib_pose *poses, int count)
{
	double visits = 0.0;

	for (int i = 0; i < count; i++) {
		int same = 0;

		for (int j = 0; j < count; j++)
			same += poses[j].visit == poses[i].visit;
		p->weight[i] = 1.0 / sqrt(same);
		visits += 1.0 / same;
	}
	return (int)lround(visits);
}

/* Worst standard error of an unknown for noise of 1, from the factor that lmder
 * leaves in jacobian; it is overwritten. */
static double dilution_of(int n, double *jacobian, int stride, const int *pivot)
{
	double work[CALIB_UNKNOWNS_MAX], worst = 0.0, largest = fabs(jacobian[0]);

	/* pivoted: the diagonal of the factor falls */
	if (!(fabs(jacobian[(n - 1) * (stride + 1)]) > 1e-6 * largest))
		return (double)INFINITY;
	covar(n, jacobian, stride, pivot, 0.0, work);
	for (int i = 0; i < n; i++)
		worst = fmax(worst, jacobian[i * (stride + 1)]);
	return sqrt(worst);
}

enum calib_fit_status calib_fit_solve(const struct calib_pose *poses, int32_t count,
	int32_t parameters, double gravity, struct calib_fit *fit)
{
	struct problem_data p = {
		.poses = poses, .gravity = gravity, .unknowns = parameters
	};
	double x[CALIB_UNKNOWNS_MAX] = { 0 }, diagonal[CALIB_UNKNOWNS_MAX];
	double qtf[CALIB_UNKNOWNS_MAX], work[3][CALIB_UNKNOWNS_MAX];
	double residual[CALIB_POSES_MAX], work_m[CALIB_POSES_MAX];
	double jacobian[CALIB_POSES_MAX * CALIB_UNKNOWNS_MAX];
	int pivot[CALIB_UNKNOWNS_MAX], calls, gradients, info;

	if (count > CALIB_POSES_MAX || count < parameters ||
		weigh(&p, poses, count) < parameters)
		return CALIB_FIT_FEW;
	info = lmder(lengths, &p, count, parameters, x, residual, jacobian, count,
		TOLERANCE, TOLERANCE, 0.0, CALLS_MAX, diagonal, 1, 100.0, 0, &calls,
		&gradients, pivot, qtf, work[0], work[1], work[2], work_m);
	unpack(&p, x, fit);
	fit->dilution = info > 0 ? dilution_of(parameters, jacobian, count, pivot)
				 : (double)INFINITY;
	if (!(fit->dilution <= DILUTION_MAX))
		return CALIB_FIT_LOOSE;
	/* 1..4 converged; 6..8 as well, to the last digits; 5 ran out of calls */
	return info == 5 || !vec3_finite(fit->bias_m_s2) ? CALIB_FIT_LOST : CALIB_FIT_OK;
}

static double rms_of(const double *values, int32_t count)
{
	double sum = 0.0;
	int32_t n = 0;

	for (int32_t i = 0; i < count; i++) {
		if (isnan(values[i]))
			continue;
		sum += values[i] * values[i];
		n++;
	}
	return n > 0 ? sqrt(sum / n) : MISSING;
}

/* Predicts the poses of one visit from the others. Returns the root mean square
 * of the others about their own fit, NAN when they do not suffice. */
static double leave_out(const struct calib_pose *poses, int32_t count, int32_t parameters,
	double gravity, int32_t visit, struct calib_fit *fit)
{
	struct calib_pose rest[CALIB_POSES_MAX];
	double own[CALIB_POSES_MAX];
	struct calib_fit other;
	int32_t n = 0;

	for (int32_t i = 0; i < count; i++)
		if (poses[i].visit != visit)
			rest[n++] = poses[i];
	if (n == 0 ||
		calib_fit_solve(rest, n, parameters, gravity, &other) != CALIB_FIT_OK)
		return MISSING;
	for (int32_t i = 0; i < count; i++)
		if (poses[i].visit == visit)
			fit->left_out_m_s2[i] =
				calib_fit_off_m_s2(&other, poses[i].acc_m_s2, gravity);
	for (int32_t i = 0; i < n; i++)
		own[i] = calib_fit_off_m_s2(&other, rest[i].acc_m_s2, gravity);
	return rms_of(own, n);
}

static void judge_by_leaving_out(const struct calib_pose *poses, int32_t count,
	int32_t parameters, double gravity, struct calib_fit *fit)
{
	double best = (double)INFINITY;

	for (int32_t i = 0; i < count; i++)
		fit->left_out_m_s2[i] = MISSING;
	for (int32_t i = 0; i < count; i++) {
		double rest;

		if (i > 0 && poses[i].visit == poses[i - 1].visit)
			continue; /* poses come in the order of their visits */
		rest = leave_out(poses, count, parameters, gravity, poses[i].visit, fit);
		if (rest < best) {
			best = rest;
			fit->suspect_visit = poses[i].visit;
		}
	}
	for (int32_t i = 0; i < count; i++) {
		double off = fabs(fit->left_out_m_s2[i]);

		if (isnan(off))
			continue;
		fit->checked++;
		if (fit->worst < 0 || off > fabs(fit->left_out_m_s2[fit->worst]))
			fit->worst = i;
	}
	fit->left_out_rms_m_s2 = rms_of(fit->left_out_m_s2, count);
}

enum calib_fit_status calib_fit_judge(const struct calib_pose *poses, int32_t count,
	int32_t parameters, double gravity, struct calib_fit *fit)
{
	enum calib_fit_status status;

	if (count > CALIB_POSES_MAX)
		count = CALIB_POSES_MAX;
	memset(fit, 0, sizeof *fit);
	fit->worst = fit->suspect_visit = -1;
	fit->left_out_rms_m_s2 = MISSING;
	for (int32_t i = 0; i < count; i++)
		fit->before_m_s2[i] = vec3_norm(poses[i].acc_m_s2) - gravity;
	fit->before_rms_m_s2 = rms_of(fit->before_m_s2, count);
	status = calib_fit_solve(poses, count, parameters, gravity, fit);
	if (status != CALIB_FIT_OK)
		return status;
	for (int32_t i = 0; i < count; i++)
		fit->after_m_s2[i] = calib_fit_off_m_s2(fit, poses[i].acc_m_s2, gravity);
	fit->after_rms_m_s2 = rms_of(fit->after_m_s2, count);
	judge_by_leaving_out(poses, count, parameters, gravity, fit);
	return CALIB_FIT_OK;
}
