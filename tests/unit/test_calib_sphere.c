/*
 * Directions, holes and what is missing. Expected values: closed forms of the
 * regular solids, hand lists, and a fine grid over the sphere.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/calib_sphere.h"
#include "stretch/random.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))
#define SEED UINT64_C(31)
#define GRID 20000

static void add(struct calib_sphere *s, struct vec3 up)
{
	int32_t d = calib_sphere_add(s, up);

	assert_true(d >= 0);
	s->of[d].visits++;
}

static struct calib_sphere named(int32_t from, int32_t to)
{
	struct calib_sphere s = { .count = 0 };

	for (int32_t i = from; i < to; i++)
		add(&s, calib_named[i].up);
	return s;
}

static void holes_of_known_shapes(void **state)
{
	struct calib_sphere s = { .count = 0 };
	struct vec3 where;
	const double corner = acos(1.0 / sqrt(3.0)) * DEG_PER_RAD; /* 54.74 */
	const double gold = (1.0 + sqrt(5.0)) / 2.0;

	(void)state;
	assert_near(calib_sphere_hole_deg(&s, NULL), 180.0, 1e-9);
	add(&s, (struct vec3){ 0, 0, 3 });
	assert_near(calib_sphere_hole_deg(&s, &where), 180.0, 1e-6);
	assert_near(where.z, -1.0, 1e-12);
	add(&s, (struct vec3){ 0, 2, 0 });
	/* opposite to the middle of two that are 90 apart: 180 - 45 */
	assert_near(calib_sphere_hole_deg(&s, NULL), 135.0, 1e-6);
	s = named(0, 2);
	assert_near(calib_sphere_hole_deg(&s, NULL), 90.0, 1e-6);
	s = named(0, 4); /* one great circle */
	assert_near(calib_sphere_hole_deg(&s, &where), 90.0, 1e-6);
	assert_near(fabs(where.z), 1.0, 1e-9);
	s = named(0, 6);
	assert_near(calib_sphere_hole_deg(&s, NULL), corner, 1e-6);
	s = named(18, 26); /* cube: the middle of a face */
	assert_near(calib_sphere_hole_deg(&s, NULL), corner, 1e-6);
	s = named(6, 18); /* cuboctahedron: the middle of a square */
	assert_near(calib_sphere_hole_deg(&s, NULL), 45.0, 1e-6);
	memset(&s, 0, sizeof s); /* icosahedron: half its face's width, 37.38 */
	for (int i = 0; i < 12; i++) {
		double a = i & 1 ? 1.0 : -1.0, b = i & 2 ? gold : -gold;

		add(&s,
			i < 4           ? (struct vec3){ 0, a, b }
				: i < 8 ? (struct vec3){ a, b, 0 }
					: (struct vec3){ b, 0, a });
	}
	assert_int_equal(s.count, 12);
	assert_near(calib_sphere_hole_deg(&s, NULL),
		acos(sqrt((5.0 + 2.0 * sqrt(5.0)) / 15.0)) * DEG_PER_RAD, 1e-6);
}

static void holes_against_a_grid(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, SEED, 0);
	for (int round = 0; round < 60; round++) {
		struct calib_sphere s = { .count = 0 };
		struct vec3 where;
		double hole, grid = 0.0, at = STRETCH_PI;

		for (int i = 0; i < 3 + round % 20; i++)
			add(&s, random_direction(&random));
		hole = calib_sphere_hole_deg(&s, &where);
		for (int k = 0; k < GRID; k++) {
			double z = 1.0 - (2.0 * k + 1.0) / GRID;
			double r = sqrt(1.0 - z * z), a = 2.399963229728653 * k;
			struct vec3 p = { r * cos(a), r * sin(a), z };
			double near = STRETCH_PI;

			for (int32_t i = 0; i < s.count; i++)
				near = fmin(near, vec3_angle_rad(p, s.of[i].up));
			grid = fmax(grid, near * DEG_PER_RAD);
		}
		for (int32_t i = 0; i < s.count; i++)
			at = fmin(at, vec3_angle_rad(where, s.of[i].up));
		assert_near(at * DEG_PER_RAD, hole, 1e-6);
		assert_true(hole >= grid - 1e-9);
		assert_true(hole <= grid + 2.0); /* a grid point is within 1.5 degrees */
	}
}

static void near_ones_are_one(void **state)
{
	struct calib_sphere s = { .count = 0 };

	(void)state;
	assert_int_equal(calib_sphere_add(&s, (struct vec3){ 9.8, 0, 0 }), 0);
	/* atan(0.25) = 14.04, atan(0.28) = 15.64 degrees */
	assert_int_equal(calib_sphere_add(&s, (struct vec3){ 9.8, 2.45, 0 }), 0);
	assert_int_equal(calib_sphere_add(&s, (struct vec3){ 9.8, 2.744, 0 }), 1);
	assert_int_equal(s.count, 2);
	for (int i = 0; i < 500; i++) {
		double z = 1.0 - (2.0 * i + 1.0) / 500.0, a = 2.399963229728653 * i;

		(void)calib_sphere_add(&s,
			(struct vec3){
				sqrt(1 - z * z) * cos(a), sqrt(1 - z * z) * sin(a), z });
	}
	assert_int_equal(s.count, CALIB_DIRECTIONS_MAX);
	assert_int_equal(calib_sphere_add(&s, s.of[17].up), 17);
}

static void how_much_is_enough(void **state)
{
	struct calib_sphere s = named(0, 5);
	int32_t wanted[8];

	(void)state;
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_TOO_FEW);
	assert_int_equal(calib_sphere_missing(&s, 6, wanted, 8), 1);
	assert_string_equal(calib_named[wanted[0]].words, "z axis down");
	add(&s, calib_named[5].up);
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_ONCE);
	assert_int_equal(calib_sphere_missing(&s, 6, wanted, 8), 6);
	for (int32_t i = 0; i < 5; i++)
		add(&s, calib_named[i].up);
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_ONCE);
	assert_int_equal(calib_sphere_missing(&s, 6, wanted, 8), 1);
	assert_int_equal(wanted[0], 5);
	add(&s, calib_named[5].up);
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_ENOUGH);
	assert_int_equal(calib_sphere_missing(&s, 6, wanted, 8), 0);
	assert_int_equal(calib_sphere_enough(&s, 9), CALIB_TOO_FEW);
	s = named(0, 8); /* six faces and two edges: eight directions */
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_ENOUGH);
	s = named(18, 26); /* eight corners, no face at all */
	assert_int_equal(calib_sphere_enough(&s, 6), CALIB_ENOUGH);
	s = named(6, 18);
	assert_int_equal(calib_sphere_enough(&s, 9), CALIB_ENOUGH);
	s = named(6, 17);
	assert_int_equal(calib_sphere_enough(&s, 9), CALIB_TOO_FEW);
	assert_int_equal(calib_sphere_missing(&s, 9, wanted, 8), 1);
	/* fourteen, but nowhere do y and z point up together */
	s = named(0, 14);
	assert_int_equal(calib_sphere_enough(&s, 9), CALIB_TOO_FEW);
	assert_int_equal(calib_sphere_missing(&s, 9, wanted, 8), 2);
	assert_string_equal(calib_named[wanted[0]].words, "tilted between y up and z up");
}

/* Twelve directions on one half of the sphere leave a hole. */
static void spread_counts(void **state)
{
	struct calib_sphere s = { .count = 0 };
	int32_t wanted[8];

	(void)state;
	for (int i = 0; i < 12; i++)
		add(&s, (struct vec3){ cos(i * 0.52), sin(i * 0.52), i % 2 ? 0.3 : 0.9 });
	assert_int_equal(s.count, 12);
	assert_int_equal(calib_sphere_enough(&s, 9), CALIB_TOO_FEW);
	assert_true(calib_sphere_missing(&s, 9, wanted, 8) >= 1);
	assert_string_equal(calib_named[wanted[0]].words, "z axis down");
}

/* From nothing: faces first, and doing what is asked leads to the end. */
static void the_missing_list_ends(void **state)
{
	(void)state;
	for (int32_t parameters = 6; parameters <= 9; parameters += 3) {
		struct calib_sphere s = { .count = 0 };
		int32_t wanted, asked = 0;

		while (calib_sphere_missing(&s, parameters, &wanted, 1) > 0) {
			assert_true(asked < 6 ? wanted == asked : true);
			assert_true(asked < 14);
			add(&s, calib_named[wanted].up);
			asked++;
		}
		assert_int_equal(calib_sphere_enough(&s, parameters), CALIB_ENOUGH);
		assert_int_equal(asked, 12);
	}
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(
		calib_named[calib_named_nearest((struct vec3){ -9, 1, 1 })].words,
		"x axis down");
	assert_string_equal(
		calib_named[calib_named_nearest((struct vec3){ 6, 0.5, -7 })].words,
		"tilted between x up and z down");
	assert_string_equal(
		calib_named[calib_named_nearest((struct vec3){ -5, 5.5, 6 })].words,
		"tilted between x down, y up and z up");
	for (int32_t i = 0; i < CALIB_NAMED; i++) {
		assert_int_equal(calib_named_nearest(calib_named[i].up), i);
		for (int axis = 0; axis < 3; axis++) { /* the words say the vector */
			const struct vec3 *up = &calib_named[i].up;
			double of[3] = { up->x, up->y, up->z };
			char high[12], low[12];

			snprintf(high, sizeof high, i < 6 ? "%c axis up" : "%c up",
				"xyz"[axis]);
			snprintf(low, sizeof low, i < 6 ? "%c axis down" : "%c down",
				"xyz"[axis]);
			assert_int_equal(
				strstr(calib_named[i].words, high) != NULL, of[axis] > 0);
			assert_int_equal(
				strstr(calib_named[i].words, low) != NULL, of[axis] < 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_of_known_shapes),
		cmocka_unit_test(holes_against_a_grid),
		cmocka_unit_test(near_ones_are_one),
		cmocka_unit_test(how_much_is_enough),
		cmocka_unit_test(spread_counts),
		cmocka_unit_test(the_missing_list_ends),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
