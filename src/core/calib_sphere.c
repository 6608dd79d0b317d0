/*
 * Directions on the sphere; see calib_sphere.h.
 *
 * The largest hole is exact: the distance to the nearest direction has its
 * maxima at the corners of the spherical Voronoi diagram. Such a corner is as far
 * from three directions, hence along the normal of the plane through them; with
 * one or two directions it is opposite to them or to their middle.
 */
#include "stretch/calib_sphere.h"

#include <stddef.h>

/* clang-format off */
const struct calib_named calib_named[CALIB_NAMED] = {
	{ "x axis up", { 1, 0, 0 } },
	{ "x axis down", { -1, 0, 0 } },
	{ "y axis up", { 0, 1, 0 } },
	{ "y axis down", { 0, -1, 0 } },
	{ "z axis up", { 0, 0, 1 } },
	{ "z axis down", { 0, 0, -1 } },
	{ "tilted between x up and y up", { 1, 1, 0 } },
	{ "tilted between x down and y down", { -1, -1, 0 } },
	{ "tilted between x up and y down", { 1, -1, 0 } },
	{ "tilted between x down and y up", { -1, 1, 0 } },
	{ "tilted between x up and z up", { 1, 0, 1 } },
	{ "tilted between x down and z down", { -1, 0, -1 } },
	{ "tilted between x up and z down", { 1, 0, -1 } },
	{ "tilted between x down and z up", { -1, 0, 1 } },
	{ "tilted between y up and z up", { 0, 1, 1 } },
	{ "tilted between y down and z down", { 0, -1, -1 } },
	{ "tilted between y up and z down", { 0, 1, -1 } },
	{ "tilted between y down and z up", { 0, -1, 1 } },
	{ "tilted between x up, y up and z up", { 1, 1, 1 } },
	{ "tilted between x down, y down and z down", { -1, -1, -1 } },
	{ "tilted between x up, y up and z down", { 1, 1, -1 } },
	{ "tilted between x down, y down and z up", { -1, -1, 1 } },
	{ "tilted between x up, y down and z up", { 1, -1, 1 } },
	{ "tilted between x down, y up and z down", { -1, 1, -1 } },
	{ "tilted between x down, y up and z up", { -1, 1, 1 } },
	{ "tilted between x up, y down and z down", { 1, -1, -1 } },
};
/* clang-format on */

static double nearest_rad(const struct calib_sphere *s, struct vec3 up)
{
	double best = STRETCH_PI;

	for (int32_t i = 0; i < s->count; i++)
		best = fmin(best, vec3_angle_rad(up, s->of[i].up));
	return best;
}

int32_t calib_sphere_add(struct calib_sphere *s, struct vec3 up)
{
	double best = CALIB_APART_DEG * RAD_PER_DEG;
	int32_t found = -1;

	for (int32_t i = 0; i < s->count; i++) {
		double apart = vec3_angle_rad(up, s->of[i].up);

		if (apart < best) {
			best = apart;
			found = i;
		}
	}
	if (found < 0 && s->count < CALIB_DIRECTIONS_MAX) {
		found = s->count++;
		s->of[found] = (struct calib_direction){ vec3_unit(up), 0 };
	}
	return found;
}

/* Any direction across another: two opposite ones have no other corner. */
static struct vec3 across(struct vec3 a)
{
	return vec3_cross(
		a, fabs(a.x) < 0.7 ? (struct vec3){ 1, 0, 0 } : (struct vec3){ 0, 1, 0 });
}

struct hole {
	double rad;
	struct vec3 where;
};

/* Tries a point and the one opposite to it. */
static void try_both(const struct calib_sphere *s, struct vec3 point, struct hole *hole)
{
	struct vec3 both[2] = { point, vec3_scale(point, -1.0) };

	if (vec3_norm(point) < 1e-9)
		return; /* two or three directions in one line: no corner there */
	for (int i = 0; i < 2; i++) {
		double rad = nearest_rad(s, both[i]);

		/* the first of equals, so that rounding does not choose */
		if (rad > hole->rad + 1e-9)
			*hole = (struct hole){ rad, vec3_unit(both[i]) };
	}
}

double calib_sphere_hole_deg(const struct calib_sphere *s, struct vec3 *where)
{
	struct hole hole = { -1.0, { 1, 0, 0 } };

	for (int32_t i = 0; i < s->count; i++) {
		struct vec3 a = s->of[i].up;

		try_both(s, a, &hole);
		try_both(s, across(a), &hole);
		for (int32_t j = i + 1; j < s->count; j++) {
			struct vec3 b = s->of[j].up, ab = vec3_sub(b, a);

			try_both(s, vec3_add(a, b), &hole);
			for (int32_t k = j + 1; k < s->count; k++)
				try_both(s, vec3_cross(ab, vec3_sub(s->of[k].up, a)),
					&hole);
		}
	}
	if (s->count == 0)
		hole.rad = STRETCH_PI;
	if (where != NULL)
		*where = hole.where;
	return hole.rad * DEG_PER_RAD;
}

/* How often the sensor lay on that face (0..5 of calib_named). */
static int32_t face_visits(const struct calib_sphere *s, int32_t face)
{
	int32_t visits = 0;

	for (int32_t i = 0; i < s->count; i++)
		if (vec3_angle_rad(s->of[i].up, calib_named[face].up) <=
			CALIB_FACE_DEG * RAD_PER_DEG)
			visits += s->of[i].visits;
	return visits;
}

/* The fewest visits that any of the six faces had. */
static int32_t fewest_face_visits(const struct calib_sphere *s)
{
	int32_t fewest = INT32_MAX;

	for (int32_t face = 0; face < CALIB_FACES; face++) {
		int32_t visits = face_visits(s, face);

		if (visits < fewest)
			fewest = visits;
	}
	return fewest;
}

static bool spread(const struct calib_sphere *s, int32_t directions)
{
	return s->count >= directions && calib_sphere_hole_deg(s, NULL) <= CALIB_HOLE_DEG;
}

/* How well two axes are mixed: the cross-axis term of them shows only where both
 * point up or down. One edge gives 0.25, a corner 0.11. */
static double mixed(const struct calib_sphere *s, int i, int j)
{
	double sum = 0.0;

	for (int32_t k = 0; k < s->count; k++) {
		const struct vec3 *up = &s->of[k].up;
		double of[3] = { up->x, up->y, up->z };

		sum += of[i] * of[j] * of[i] * of[j];
	}
	return sum;
}

/* The first edge of two axes that are not mixed enough, as an index; -1: none. */
static int32_t unmixed(const struct calib_sphere *s)
{
	static const int pair[3][3] = { { 0, 1, 6 }, { 0, 2, 10 }, { 1, 2, 14 } };

	for (int p = 0; p < 3; p++)
		if (mixed(s, pair[p][0], pair[p][1]) < CALIB_MIXED)
			return pair[p][2];
	return -1;
}

enum calib_enough calib_sphere_enough(const struct calib_sphere *s, int32_t parameters)
{
	int32_t faces;

	if (parameters == 9)
		return spread(s, CALIB_DIRECTIONS_9) && unmixed(s) < 0 ? CALIB_ENOUGH
								       : CALIB_TOO_FEW;
	faces = fewest_face_visits(s);
	if (faces >= 2 || spread(s, CALIB_DIRECTIONS_6))
		return CALIB_ENOUGH;
	return faces == 1 ? CALIB_ONCE : CALIB_TOO_FEW;
}

static int32_t missing_faces(
	const struct calib_sphere *s, int32_t visits, int32_t *wanted, int32_t limit)
{
	int32_t count = 0;

	for (int32_t face = 0; face < CALIB_FACES && count < limit; face++)
		if (face_visits(s, face) < visits)
			wanted[count++] = face;
	return count;
}

/* The one of those named directions that is farthest from all others; a missing
 * face goes before. */
static int32_t best_addition(const struct calib_sphere *s, int32_t from, int32_t to)
{
	double farthest = -1.0;
	int32_t best = from;

	for (int32_t i = from; i < to; i++) {
		double apart = nearest_rad(s, calib_named[i].up);

		if (apart > farthest + 1e-9) {
			farthest = apart;
			best = i;
		}
		if (i == CALIB_FACES - 1 && farthest > CALIB_FACE_DEG * RAD_PER_DEG)
			break;
	}
	return best;
}

/* For nine: faces, then edges that mix what is not mixed, then the holes. */
static int32_t missing_nine(struct calib_sphere s, int32_t *wanted, int32_t limit)
{
	int32_t count = 0;

	while (count < limit && s.count < CALIB_DIRECTIONS_MAX &&
		calib_sphere_enough(&s, 9) != CALIB_ENOUGH) {
		int32_t best = best_addition(&s, 0, CALIB_NAMED), edge = unmixed(&s);

		if (best >= CALIB_FACES && edge >= 0)
			best = best_addition(&s, edge, edge + 4);

		wanted[count++] = best;
		s.of[s.count].up = vec3_unit(calib_named[best].up);
		s.of[s.count++].visits = 1;
	}
	return count;
}

int32_t calib_sphere_missing(
	const struct calib_sphere *s, int32_t parameters, int32_t *wanted, int32_t limit)
{
	if (calib_sphere_enough(s, parameters) == CALIB_ENOUGH)
		return 0;
	if (parameters == 9)
		return missing_nine(*s, wanted, limit);
	if (fewest_face_visits(s) >= 1)
		return missing_faces(s, 2, wanted, limit);
	return missing_faces(s, 1, wanted, limit);
}

int32_t calib_named_nearest(struct vec3 up)
{
	double best = (double)INFINITY;
	int32_t found = 0;

	for (int32_t i = 0; i < CALIB_NAMED; i++) {
		double apart = vec3_angle_rad(up, calib_named[i].up);

		if (apart < best - 1e-12) {
			best = apart;
			found = i;
		}
	}
	return found;
}
