/*
 * Two directions of gravity fix a frame: the flexion axis z is normal to both,
 * one of them gives x or y exactly, the third follows. Method as in the
 * gravity-in-board goniometers; the cone is the plain error of a cross product:
 * a pose is met to about POSE_SIGMA_DEG sideways, and the closer the two
 * directions, the more that turns the axis.
 */
#include "stretch/align.h"

#define POSE_SIGMA_DEG 3.0 /* sideways error of a pose met by feel */
#define THIGH_MIN_DEG 40.0
#define PELVIS_MIN_DEG 40.0
#define PELVIS_WEAK_MIN_DEG 10.0
#define PLANE_MAX_DEG 80.0 /* beyond it no flexion is measured at all */

const char *const align_result_advice[ALIGN_RESULT_COUNT] = {
	[ALIGN_OK] = "",
	[ALIGN_NEEDS_HORIZONTAL] = "a pose is missing: lie flat and keep still for 3 s",
	[ALIGN_NEEDS_UPRIGHT] = "a pose is missing: stand still for 3 s, or raise the "
				"straight leg by 40 degrees or more",
	[ALIGN_TOO_CLOSE] = "the two poses differ too little: stand upright, or raise "
			    "the leg higher",
	[ALIGN_MIXED] = "the poses do not go together: take them again, one after "
			"the other, each still for 3 s",
	[ALIGN_ELSEWHERE] = "take the start pose and keep still; if this is it, the "
			    "strap sits otherwise than its alignment says: align again",
};

static bool has(enum pose a, enum pose b, enum pose wanted)
{
	return a == wanted || b == wanted;
}

/* What a pair is good for: its least angle, or 0 when it is no valid pair. */
static double pair_min_deg(enum site site, enum pose a, enum pose b, bool *weak)
{
	bool upright = has(a, b, POSE_STANDING);
	bool raise = has(a, b, POSE_RAISE);

	*weak = false;
	if (site == SITE_THIGH) {
		bool flat = has(a, b, POSE_LYING) || has(a, b, POSE_SITTING);

		return flat && (upright || raise) ? THIGH_MIN_DEG : 0.0;
	}
	if (has(a, b, POSE_LYING) && (upright || has(a, b, POSE_SITTING)))
		return PELVIS_MIN_DEG;
	*weak = true;
	if ((has(a, b, POSE_LYING) && raise) || (upright && has(a, b, POSE_SITTING)))
		return PELVIS_WEAK_MIN_DEG;
	return 0.0;
}

static enum align_result pair_problem(enum site site, enum pose a, enum pose b)
{
	if (!has(a, b, POSE_LYING) && (site == SITE_PELVIS || !has(a, b, POSE_SITTING)))
		return ALIGN_NEEDS_HORIZONTAL;
	return ALIGN_NEEDS_UPRIGHT;
}

/* In this pose the segment's y axis points up (else its x axis points down, or,
 * in a raise, leans up). */
static bool is_flat(enum site site, enum pose pose)
{
	return pose == POSE_LYING || (pose == POSE_SITTING && site == SITE_THIGH);
}

/* Order of the pair by segment angle: the axis is -(lower x higher). */
static int pose_rank(enum site site, enum pose pose)
{
	if (pose == POSE_STANDING)
		return 0;
	if (pose == POSE_SITTING && site == SITE_PELVIS)
		return 1;
	return pose == POSE_RAISE ? 3 : 2;
}

enum align_result align_solve(enum site site, enum pose first, struct vec3 up_first,
	enum pose second, struct vec3 up_second, struct alignment *out)
{
	bool weak;
	double min_deg = pair_min_deg(site, first, second, &weak);
	struct vec3 low = up_first, high = up_second, x, y, z;
	enum pose low_pose = first, high_pose = second;
	double between_rad;

	if (min_deg <= 0.0)
		return pair_problem(site, first, second);
	if (pose_rank(site, first) > pose_rank(site, second)) {
		low = up_second;
		high = up_first;
		low_pose = second;
		high_pose = first;
	}
	between_rad = vec3_angle_rad(low, high);
	if (between_rad * DEG_PER_RAD < min_deg || between_rad > 150.0 * RAD_PER_DEG)
		return ALIGN_TOO_CLOSE;
	/* u(a) = sin a x + cos a y, so u(low) x u(high) = -sin(high - low) z */
	z = vec3_unit(vec3_scale(vec3_cross(low, high), -1.0));
	if (is_flat(site, low_pose) || is_flat(site, high_pose)) {
		y = vec3_unit(is_flat(site, low_pose) ? low : high);
		x = vec3_cross(y, z);
	} else {
		x = vec3_unit(vec3_scale(low, -1.0));
		y = vec3_cross(z, x);
	}
	*out = (struct alignment){
		.valid = true,
		.weak = weak,
		.to_segment = { { { x.x, x.y, x.z }, { y.x, y.y, y.z },
			{ z.x, z.y, z.z } } },
		.pair = { first, second },
		.between_deg = between_rad * DEG_PER_RAD,
		.cone_deg = POSE_SIGMA_DEG / sin(between_rad),
	};
	return ALIGN_OK;
}

enum align_result align_solve_list(enum site site, const enum pose *poses,
	const struct vec3 *up, int32_t count, struct alignment *out)
{
	enum align_result result = ALIGN_NEEDS_HORIZONTAL;

	for (int32_t i = 0; i < count; i++)
		if (is_flat(site, poses[i]))
			result = ALIGN_NEEDS_UPRIGHT;
	for (int pass = 0; pass < 2; pass++) {
		for (int32_t i = 0; i < count; i++) {
			for (int32_t k = i + 1; k < count; k++) {
				struct alignment found;
				enum align_result got = align_solve(site, poses[i], up[i],
					poses[k], up[k], &found);

				if (got == ALIGN_TOO_CLOSE)
					result = got;
				if (got != ALIGN_OK || (pass == 0 && found.weak))
					continue;
				*out = found;
				return ALIGN_OK;
			}
		}
	}
	return result;
}

double align_expected_deg(enum site site, enum pose first, enum pose second)
{
	return fabs(align_pose_angle_deg(site, first) - align_pose_angle_deg(site, second));
}

double align_cone_error_deg(const struct alignment *alignment, double angle_deg,
	double out_of_plane_deg)
{
	double plane = fmin(fabs(out_of_plane_deg), PLANE_MAX_DEG) * RAD_PER_DEG;
	double out = tan(plane);
	double in = alignment->cone_deg * RAD_PER_DEG * sin(angle_deg * RAD_PER_DEG);

	return alignment->cone_deg * sqrt(out * out + in * in);
}

double align_wrap_deg(double angle_deg)
{
	double turns = floor((angle_deg + 135.0) / 360.0);

	return angle_deg - 360.0 * turns;
}

struct segment_angle align_angle(const struct alignment *alignment, struct vec3 up)
{
	struct vec3 u = mat3_apply(&alignment->to_segment, up);
	double z = u.z > 1.0 ? 1.0 : u.z < -1.0 ? -1.0 : u.z;

	return (struct segment_angle){
		.angle_deg = align_wrap_deg(atan2(u.x, u.y) * DEG_PER_RAD),
		.out_of_plane_deg = asin(z) * DEG_PER_RAD,
	};
}

double align_pose_angle_deg(enum site site, enum pose pose)
{
	switch (pose) {
	case POSE_LYING:
		return 0.0;
	case POSE_SITTING:
		return site == SITE_THIGH ? 0.0 : -75.0;
	case POSE_STANDING:
		return -90.0;
	case POSE_PRONE:
		return 180.0;
	case POSE_HOOK_LYING:
		return site == SITE_THIGH ? 50.0 : 0.0;
	case POSE_NONE:
	case POSE_RAISE:
	case POSE_SIDE_LYING:
	case POSE_COUNT:
		break;
	}
	return NAN;
}
