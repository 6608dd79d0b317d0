/*
 * Which directions a sensor was held in while calibrating, and which are missing.
 *
 * A direction is the accelerometer's raw reading at rest, made a unit vector: it
 * points up, in the sensor's own axes. An uncalibrated chip turns it by up to 9
 * degrees, which is small against the distances asked for here.
 */
#ifndef STRETCH_CALIB_SPHERE_H
#define STRETCH_CALIB_SPHERE_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/vec.h"

#define CALIB_DIRECTIONS_MAX 40
#define CALIB_APART_DEG 15.0 /* closer to a known direction is the same one */
#define CALIB_FACE_DEG 20.0  /* an axis this close to up or down is a face */
#define CALIB_HOLE_DEG 60.0  /* largest hole allowed */
#define CALIB_MIXED 0.35     /* nine: sum of (u_i u_j)^2 over directions, each pair */
#define CALIB_DIRECTIONS_6 8 /* six parameters: so many, or six faces twice */
#define CALIB_DIRECTIONS_9 12

/* Six faces, twelve edges, eight corners: the directions that have a name. */
#define CALIB_FACES 6
#define CALIB_NAMED 26

struct calib_named {
	const char *words; /* "x axis down", "tilted between x up and z up" */
	struct vec3 up;    /* not of unit length */
};

extern const struct calib_named calib_named[CALIB_NAMED]; /* faces first */

struct calib_direction {
	struct vec3 up; /* unit, of the first visit */
	int32_t visits; /* the sensor was turned away in between */
};

struct calib_sphere {
	struct calib_direction of[CALIB_DIRECTIONS_MAX];
	int32_t count;
};

/* Is this enough for so many parameters (6 or 9)? */
enum calib_enough {
	CALIB_TOO_FEW,
	CALIB_ONCE, /* six faces, not all twice: it can be fitted, not checked */
	CALIB_ENOUGH
};

/*
 * The direction that up (any length but zero) belongs to: an index, after adding
 * it when it is new; -1 when the table is full. Visits are the caller's to count.
 */
int32_t calib_sphere_add(struct calib_sphere *sphere, struct vec3 up);

/*
 * Largest hole: how far from every direction one can point, degrees; 180 without
 * directions. *where (may be NULL) gets that point, unit.
 */
double calib_sphere_hole_deg(const struct calib_sphere *sphere, struct vec3 *where);

enum calib_enough calib_sphere_enough(
	const struct calib_sphere *sphere, int32_t parameters);

/*
 * What to do for so many parameters (6 or 9): indices of calib_named into wanted,
 * at most limit, the best first. First directions that are not there at all; for
 * six, when all six faces are there but fewer than eight directions, the faces to
 * be taken again. Returns how many; 0: enough.
 */
int32_t calib_sphere_missing(const struct calib_sphere *sphere, int32_t parameters,
	int32_t *wanted, int32_t limit);

/* Index of the named direction nearest to up. */
int32_t calib_named_nearest(struct vec3 up);

#endif
