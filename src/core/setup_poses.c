/*
 * The poses that the straps are learned by; see setup.h.
 *
 * Gravity cannot tell which pose a wearer is in before the straps are known, so
 * the poses are asked for in a fixed order and a new one is one that differs by
 * POSE_DIFFERS_DEG at some sensor.
 */
#include "stretch/setup_parts.h"

#include <string.h>

#define POSE_DIFFERS_DEG 40.0
#define POSE_MEETS_DEG 35.0 /* of the straps found: each pose is where it should be */
#define POSE_MOVED_DEG 8.0  /* the thigh lies otherwise: taken anew */

const enum pose *setup_pose_list(const struct setup_plan *plan)
{
	const struct exercise *ex = &exercises[plan->exercise];

	return (plan->sites & 1u << SITE_PELVIS) != 0 ? ex->align_two : ex->align_one;
}

/* Poses asked for before any raise; a raise is met in SETUP_RAISES. */
int32_t setup_pose_count(const struct setup_plan *plan)
{
	const enum pose *list = setup_pose_list(plan);
	int32_t n = 0;

	while (n < ALIGN_POSES_MAX && list[n] != POSE_NONE && list[n] != POSE_RAISE)
		n++;
	return n;
}

static bool differs(const struct setup_plan *plan, const struct vec3 a[SITE_COUNT],
	const struct vec3 b[SITE_COUNT])
{
	for (int site = 0; site < SITE_COUNT; site++)
		if ((plan->sites & 1u << site) != 0 &&
			vec3_angle_rad(a[site], b[site]) >
				POSE_DIFFERS_DEG * RAD_PER_DEG)
			return true;
	return false;
}

/* Does the body stand, lie or sit in them as their names say? */
static bool meets(const struct alignment *align, enum site site, const enum pose *pose,
	const struct vec3 *up, int32_t count)
{
	for (int32_t i = 0; i < count; i++) {
		struct segment_angle angle = align_angle(align, up[i]);
		double off = align_wrap_deg(angle.angle_deg -
			align_pose_angle_deg(site, pose[i]));

		if (fabs(off) > POSE_MEETS_DEG ||
			fabs(angle.out_of_plane_deg) > POSE_MEETS_DEG)
			return false;
	}
	return true;
}

/* The newest rests as the poses of the list, in their order. */
enum align_result setup_solve_poses(struct setup_state *s, const struct setup_plan *plan)
{
	const enum pose *list = setup_pose_list(plan);
	struct alignment found[SITE_COUNT];
	int32_t n = setup_pose_count(plan), from = s->rests - n;

	memcpy(found, s->align, sizeof found);
	for (int site = 0; site < SITE_COUNT; site++) {
		struct vec3 up[ALIGN_POSES_MAX];
		enum align_result result;

		if ((plan->sites & 1u << site) == 0)
			continue;
		for (int32_t i = 0; i < n; i++)
			up[i] = s->rest_up[from + i][site];
		result = align_solve_list((enum site)site, list, up, n, &found[site]);
		if (result == ALIGN_OK &&
			!meets(&found[site], (enum site)site, list, up, n))
			result = ALIGN_MIXED;
		if (result != ALIGN_OK)
			return result;
	}
	memcpy(s->align, found, sizeof found);
	return ALIGN_OK;
}

/* true: another rest than the newest one. The same one is kept as it is now, unless
 * only the pelvis has changed: who gets up rests on an elbow. */
bool setup_new_rest(struct setup_state *s, const struct setup_plan *plan,
	const struct vec3 up[SITE_COUNT])
{
	struct vec3 *newest = s->rest_up[s->rests > 0 ? s->rests - 1 : 0];

	if (s->rests > 0 && !differs(plan, up, newest)) {
		if (vec3_angle_rad(newest[SITE_THIGH], up[SITE_THIGH]) >
			POSE_MOVED_DEG * RAD_PER_DEG)
			memcpy(newest, up, sizeof s->rest_up[0]);
		return false;
	}
	if (s->rests == ALIGN_POSES_MAX)
		memmove(s->rest_up[0], s->rest_up[1],
			(ALIGN_POSES_MAX - 1) * sizeof s->rest_up[0]);
	else
		s->rests++;
	memcpy(s->rest_up[s->rests - 1], up, sizeof s->rest_up[0]);
	return true;
}

/*
 * The list is complete, or what was a rest before was none of its poses. When it leads
 * nowhere it begins again with the first pose: which one the wearer is in now is not
 * known any more.
 */
void setup_step_poses(struct setup_state *s, const struct setup_plan *plan,
	const struct setup_input *in)
{
	enum align_result result;

	if (!in->still->still || !setup_new_rest(s, plan, in->still->up))
		return;
	s->poses++;
	s->problem = ALIGN_OK;
	if (s->poses < ALIGN_POSES_MAX &&
		setup_pose_list(plan)[s->poses] == POSE_RAISE) {
		raise_begin(&s->raises, in->still->up);
		s->step = SETUP_RAISES;
		return;
	}
	if (s->rests < setup_pose_count(plan))
		return;
	result = setup_solve_poses(s, plan);
	if (result == ALIGN_OK) {
		s->step = plan->raises > 0 ? SETUP_RAISES : SETUP_REFERENCE;
	} else if (s->poses >= setup_pose_count(plan)) {
		s->problem = result;
		s->poses = 0;
	}
}
