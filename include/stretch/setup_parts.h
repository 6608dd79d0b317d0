/* What the files of setup.h share. */
#ifndef STRETCH_SETUP_PARTS_H
#define STRETCH_SETUP_PARTS_H

#include "stretch/setup.h"

/* The poses of the exercise for these sensors, and how many come before any raise; a
 * raise is met in SETUP_RAISES. */
const enum pose *setup_pose_list(const struct setup_plan *plan);
int32_t setup_pose_count(const struct setup_plan *plan);

/* A still window into the list of rests. true: another rest than the newest one. */
bool setup_new_rest(struct setup_state *state, const struct setup_plan *plan,
	const struct vec3 up[SITE_COUNT]);

/* The newest rests as those poses: the alignments are changed on ALIGN_OK alone. There
 * must be as many. */
enum align_result setup_solve_poses(
	struct setup_state *state, const struct setup_plan *plan);

/* One sample in SETUP_POSES. */
void setup_step_poses(struct setup_state *state, const struct setup_plan *plan,
	const struct setup_input *input);

#endif
