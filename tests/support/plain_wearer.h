/*
 * A simulated wearer without anything random, straps along the segments: what tests of
 * the wearer start from.
 */
#ifndef STRETCH_SUPPORT_PLAIN_WEARER_H
#define STRETCH_SUPPORT_PLAIN_WEARER_H

#include "stretch/wearer_plan.h"

struct wearer_param plain_wearer(enum exercise_id exercise);

/* The same without the "next" at the end. */
struct wearer_param plain_script(enum exercise_id exercise);

/* Fails when v is farther than within from (x, y, z). */
void assert_vec3_close(struct vec3 v, double x, double y, double z, double within);

#endif
