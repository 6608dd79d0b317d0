/*
 * Sensor-to-segment alignment: how the strap sits, learned from gravity in two
 * poses, so that the strap may be turned any way.
 *
 * Segment frame, thigh: x along the bone towards the knee, y to the front,
 * z = x cross y. Pelvis: x towards the feet, y to the front, so that both frames
 * agree when lying flat and tailbone-up counts as positive in both.
 *
 * Absolute segment angle = atan2(u_x, u_y), u = up in the segment frame:
 * lying 0, sitting 0 (thigh), standing -90, a leg raised by a: +a.
 */
#ifndef STRETCH_ALIGN_H
#define STRETCH_ALIGN_H

#include "stretch/exercise.h"
#include "stretch/sample.h"

struct alignment {
	bool valid;
	bool weak;             /* a pair that allows no more than medium confidence */
	struct mat3 to_segment; /* sensor frame -> segment frame */
	enum pose pair[2];
	double between_deg;    /* angle between the two up directions */
	double cone_deg;       /* expected error of the flexion axis about each of its
	                        * normals, one sigma */
};

enum align_result {
	ALIGN_OK,
	ALIGN_NEEDS_HORIZONTAL, /* no lying (thigh: or sitting) pose */
	ALIGN_NEEDS_UPRIGHT,    /* no standing pose or raise */
	ALIGN_TOO_CLOSE,        /* the second pose differs too little */
	ALIGN_MIXED,            /* these poses do not follow each other in a body */
	ALIGN_ELSEWHERE,        /* still, but not in the start pose of what was given */
	ALIGN_RESULT_COUNT
};

/* What to do about it, one sentence for the wearer. */
extern const char *const align_result_advice[ALIGN_RESULT_COUNT];

/*
 * Solves for one sensor from the up directions (sensor frame) in two poses.
 * Thigh: {lying or sitting} + {standing or raise >= 40 deg}. Pelvis: lying +
 * {standing or sitting}; lying + raise and standing + sitting only with a tilt
 * of >= 10 deg, and then weak. *out is written only on ALIGN_OK.
 */
enum align_result align_solve(enum site site, enum pose first, struct vec3 up_first,
	enum pose second, struct vec3 up_second, struct alignment *out);

/*
 * The same from several poses: the first valid pair that solves, strong pairs before
 * weak ones; up[i] belongs to poses[i]. Without one the result says what is missing.
 */
enum align_result align_solve_list(enum site site, const enum pose *poses,
	const struct vec3 *up, int32_t count, struct alignment *out);

/* Angle between the up directions of two poses of a body, degrees; NAN where it
 * hangs on the person or on how high a leg is raised. */
double align_expected_deg(enum site site, enum pose first, enum pose second);

/*
 * What the cone does to an angle, one sigma in degrees: angle_deg since the
 * reference (which lies in plane), now out_of_plane_deg out of plane. An axis off by
 * c turns a tilt o out of plane into c tan o of flexion; in plane only the square of
 * c is left, c^2 sin(angle).
 */
double align_cone_error_deg(const struct alignment *alignment, double angle_deg,
	double out_of_plane_deg);

struct segment_angle {
	double angle_deg;        /* absolute, -135..225; see above */
	double out_of_plane_deg; /* asin(u_z), -90..90 */
};

/* Angle of the segment for the up direction seen by its sensor. */
struct segment_angle align_angle(const struct alignment *alignment, struct vec3 up);

/* Absolute angle of that segment in that pose, degrees; NAN if it has none. */
double align_pose_angle_deg(enum site site, enum pose pose);

/* Brings an angle or a difference of angles into -135..225 degrees, so that
 * flexion runs on past 180 and a fold lies where no hip reaches. */
double align_wrap_deg(double angle_deg);

#endif
