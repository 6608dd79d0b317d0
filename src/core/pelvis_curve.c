/*
 * The baseline curve: weighted least squares of a parabola by its 3x3 normal
 * equations (angles scaled to about one, so that they stay well conditioned).
 */
#include "stretch/pelvis.h"

#include <math.h>
#include <string.h>

#define SCALE_DEG 50.0
#define SPAN_MIN_DEG 20.0

/* Solves the symmetric n x n system in place by elimination; 0 or -1. */
static int solve(double m[3][4], int n)
{
	for (int i = 0; i < n; i++) {
		if (fabs(m[i][i]) < 1e-9)
			return -1;
		for (int r = 0; r < n; r++) {
			double f = m[r][i] / m[i][i];

			if (r == i)
				continue;
			for (int c = i; c < 4; c++)
				m[r][c] -= f * m[i][c];
		}
	}
	return 0;
}

static int fit(const double *x, const double *y, const double *w, int n, int terms,
	double coef[3])
{
	double m[3][4];

	memset(m, 0, sizeof m);
	memset(coef, 0, 3 * sizeof *coef);
	for (int i = 0; i < n; i++) {
		double s = x[i] / SCALE_DEG;
		double power[3] = { 1.0, s, s * s };

		for (int r = 0; r < terms; r++) {
			for (int c = 0; c < terms; c++)
				m[r][c] += w[i] * power[r] * power[c];
			m[r][3] += w[i] * power[r] * y[i];
		}
	}
	if (solve(m, terms) != 0)
		return -1;
	for (int r = 0; r < terms; r++)
		coef[r] = m[r][3] / m[r][r];
	return 0;
}

int pelvis_curve_fit(const double *thigh_deg, const double *pelvis_deg,
	const double *weight, int n, struct pelvis_curve *curve)
{
	double coef[3], low = INFINITY, top = -INFINITY, square = 0.0, total = 0.0;

	for (int i = 0; i < n; i++) {
		low = thigh_deg[i] < low ? thigh_deg[i] : low;
		top = thigh_deg[i] > top ? thigh_deg[i] : top;
	}
	if (n < 3 || top - low < SPAN_MIN_DEG)
		return -1;
	if (fit(thigh_deg, pelvis_deg, weight, n, 3, coef) != 0)
		return -1;
	/* slope b + 2 c x is monotone: it suffices to look at both ends */
	if (coef[1] < 0.0 || coef[1] + 2.0 * coef[2] * top / SCALE_DEG < 0.0)
		if (fit(thigh_deg, pelvis_deg, weight, n, 2, coef) != 0)
			return -1;
	*curve = (struct pelvis_curve){ .valid = true, .a = coef[0],
		.b = coef[1] / SCALE_DEG, .c = coef[2] / (SCALE_DEG * SCALE_DEG),
		.top_deg = top };
	for (int i = 0; i < n; i++) {
		double e = pelvis_deg[i] - pelvis_curve_at(curve, thigh_deg[i]);

		square += weight[i] * e * e;
		total += weight[i];
	}
	curve->residual_deg = sqrt(square / total);
	return 0;
}

double pelvis_curve_at(const struct pelvis_curve *curve, double thigh_deg)
{
	return curve->a + (curve->b + curve->c * thigh_deg) * thigh_deg;
}
