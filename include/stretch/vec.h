/*
 * Three-vectors, quaternions and 3x3 matrices, as small values passed by copy.
 *
 * A quaternion turns a vector of the frame it is written for into the frame it
 * leads to: v_earth = quat_rotate(q_sensor_to_earth, v_sensor). Scalar first.
 * Everything is double and free of fused multiply-add (-ffp-contract=off), so
 * that a recording gives the same bytes on every CPU.
 */
#ifndef STRETCH_VEC_H
#define STRETCH_VEC_H

#include <math.h>
#include <stdbool.h>

#ifdef __FAST_MATH__
#error "fast-math drops the NaN checks this code relies on: build without it"
#endif

#define STRETCH_PI 3.14159265358979323846
#define RAD_PER_DEG (STRETCH_PI / 180.0)
#define DEG_PER_RAD (180.0 / STRETCH_PI)
#define MISSING ((double)NAN) /* prints as an empty cell */
#define GRAVITY_M_S2 9.81 /* nominal; recordings are off by up to 3 % */

struct vec3 {
	double x, y, z;
};

struct quat {
	double w, x, y, z;
};

struct mat3 {
	double m[3][3]; /* [row][column] */
};

static inline struct vec3 vec3_add(struct vec3 a, struct vec3 b)
{
	return (struct vec3){ a.x + b.x, a.y + b.y, a.z + b.z };
}

static inline struct vec3 vec3_sub(struct vec3 a, struct vec3 b)
{
	return (struct vec3){ a.x - b.x, a.y - b.y, a.z - b.z };
}

static inline struct vec3 vec3_scale(struct vec3 a, double s)
{
	return (struct vec3){ a.x * s, a.y * s, a.z * s };
}

static inline double vec3_dot(struct vec3 a, struct vec3 b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct vec3 vec3_cross(struct vec3 a, struct vec3 b)
{
	return (struct vec3){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
		a.x * b.y - a.y * b.x };
}

static inline double vec3_norm(struct vec3 a)
{
	return sqrt(vec3_dot(a, a));
}

/* Unit vector along a; the zero vector stays zero (callers test the norm). */
static inline struct vec3 vec3_unit(struct vec3 a)
{
	double n = vec3_norm(a);

	return n > 0.0 ? vec3_scale(a, 1.0 / n) : a;
}

static inline bool vec3_finite(struct vec3 a)
{
	return isfinite(a.x) && isfinite(a.y) && isfinite(a.z);
}

/* Angle between two vectors, radians in 0..pi; exact near 0 and pi too. */
static inline double vec3_angle_rad(struct vec3 a, struct vec3 b)
{
	return atan2(vec3_norm(vec3_cross(a, b)), vec3_dot(a, b));
}

static inline struct vec3 mat3_apply(const struct mat3 *m, struct vec3 v)
{
	return (struct vec3){
		m->m[0][0] * v.x + m->m[0][1] * v.y + m->m[0][2] * v.z,
		m->m[1][0] * v.x + m->m[1][1] * v.y + m->m[1][2] * v.z,
		m->m[2][0] * v.x + m->m[2][1] * v.y + m->m[2][2] * v.z,
	};
}

static inline struct mat3 mat3_identity(void)
{
	return (struct mat3){ { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
}

static inline struct quat quat_mul(struct quat a, struct quat b)
{
	return (struct quat){
		a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
		a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
		a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
		a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
	};
}

static inline struct quat quat_conj(struct quat q)
{
	return (struct quat){ q.w, -q.x, -q.y, -q.z };
}

static inline struct quat quat_unit(struct quat q)
{
	double n = sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);

	return n > 0.0 ? (struct quat){ q.w / n, q.x / n, q.y / n, q.z / n }
		       : (struct quat){ 1, 0, 0, 0 };
}

static inline struct vec3 quat_rotate(struct quat q, struct vec3 v)
{
	struct vec3 u = { q.x, q.y, q.z };
	struct vec3 t = vec3_scale(vec3_cross(u, v), 2.0);

	return vec3_add(vec3_add(v, vec3_scale(t, q.w)), vec3_cross(u, t));
}

/* Rotation by angle_rad about a unit axis. */
static inline struct quat quat_axis_angle(struct vec3 axis, double angle_rad)
{
	double s = sin(angle_rad / 2.0);

	return (struct quat){ cos(angle_rad / 2.0), axis.x * s, axis.y * s,
		axis.z * s };
}

/* The up direction seen from the sensor: third row of the rotation matrix. */
static inline struct vec3 quat_up(struct quat q)
{
	return (struct vec3){ 2.0 * (q.x * q.z - q.w * q.y),
		2.0 * (q.y * q.z + q.w * q.x),
		q.w * q.w - q.x * q.x - q.y * q.y + q.z * q.z };
}

#endif
