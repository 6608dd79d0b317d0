/*
 * Accelerometer bias, scale and cross-axis terms from resting poses.
 *
 * At rest the length of M (raw - b) is gravity, whatever the pose; M is upper
 * triangular, since a length tells nothing about a turn of the whole frame. The
 * unknowns are those of M and b that make the lengths fit best (least squares,
 * Levenberg-Marquardt of cminpack). Scale and gravity cannot be told apart: a
 * wrong gravity scales M as a whole and leaves every direction as it is.
 *
 * The fit is judged by leaving out: each visit to a direction in turn is
 * predicted from a fit of all the others.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_FIT_H
#define STRETCH_STRETCHCTL_CALIB_FIT_H

#include <stdint.h>

#include "stretch/calib_collect.h"
#include "stretch/vec.h"

#define CALIB_POSES_MAX CALIB_WINDOWS_MAX
#define CALIB_UNKNOWNS_MAX 9

struct calib_pose {
	struct vec3 acc_m_s2; /* mean over a still window, raw */
	int32_t visit;        /* poses of one visit share one vote */
};

enum calib_fit_status {
	CALIB_FIT_OK,
	CALIB_FIT_FEW,   /* fewer visits than unknowns */
	CALIB_FIT_LOOSE, /* the directions do not tell the unknowns apart */
	CALIB_FIT_LOST,  /* no minimum found */
};

/* Lengths against gravity, m/s^2; root mean squares are over poses. */
struct calib_fit {
	struct vec3 bias_m_s2;
	struct mat3 matrix;
	double dilution; /* worst standard error of an unknown, per m/s^2 of noise */
	double before_m_s2[CALIB_POSES_MAX], after_m_s2[CALIB_POSES_MAX];
	double left_out_m_s2[CALIB_POSES_MAX]; /* NAN: the others do not suffice */
	double before_rms_m_s2, after_rms_m_s2;
	double left_out_rms_m_s2; /* NAN: no pose could be left out */
	int32_t checked;          /* poses with left_out */
	int32_t worst;            /* of them, the one farthest off; -1: none */
	/* the visit without which the others agree best; -1: not known */
	int32_t suspect_visit;
};

/* The fit alone: bias, matrix, dilution. parameters: 6 or 9. */
enum calib_fit_status calib_fit_solve(const struct calib_pose *poses, int32_t count,
	int32_t parameters, double gravity_m_s2, struct calib_fit *fit);

/* The fit, the lengths of every pose, and the leaving out. count is limited to
 * CALIB_POSES_MAX. On any status but OK only before_* is filled. */
enum calib_fit_status calib_fit_judge(const struct calib_pose *poses, int32_t count,
	int32_t parameters, double gravity_m_s2, struct calib_fit *fit);

/* Length of a corrected reading against gravity. */
double calib_fit_off_m_s2(
	const struct calib_fit *fit, struct vec3 raw_m_s2, double gravity_m_s2);

#endif
