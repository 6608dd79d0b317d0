/*
 * Still windows of a recording, and the longest one that makes a valid pair with
 * the reference; see pose_search.h.
 */
#include "stretch/pose_search.h"

#include <string.h>

#include "stretch/sense.h"

#define THIGH_DIFFERS_DEG 40.0
#define PELVIS_LYING_DEG 45.0 /* from upright: less is sitting, more is lying */

const char *pose_search_init(struct pose_search *search,
	const struct session_inputs *inputs)
{
	memset(search, 0, sizeof *search);
	return session_init(&search->sense, inputs);
}

static void keep_window(struct pose_search *p, int64_t t_us)
{
	const struct still_state *still = &p->sense.still;
	struct pose_window *w;

	if (!still->still) {
		p->open = false;
		return;
	}
	if (!p->open) {
		if (p->count == POSE_WINDOWS_MAX)
			return;
		p->open = true;
		p->windows[p->count++].from_us = still->still_since_us;
	}
	w = &p->windows[p->count - 1];
	w->to_us = t_us;
	memcpy(w->up, still->up, sizeof w->up);
}

void pose_search_step(struct pose_search *p, const struct session_inputs *in,
	const struct sample *sample)
{
	uint32_t bad[SITE_COUNT];
	int64_t dt_us;

	if (!sense_step(&p->sense, in, sample, NULL, &dt_us, bad))
		return;
	keep_window(p, sample->t_us);
	if (sample->t_us < in->reference_from_us || sample->t_us > in->reference_to_us ||
		!sense_all_ok(in, bad))
		return;
	for (int site = 0; site < SITE_COUNT; site++)
		p->reference_sum[site] = vec3_add(p->reference_sum[site],
			p->sense.sensor[site].up);
	p->reference_n++;
}

/* What the other still pose must be, given the one the exercise starts from. */
static enum pose other_pose(enum site site, enum pose start, double between_deg)
{
	if (start == POSE_LYING)
		return POSE_RAISE;
	if (start == POSE_SITTING)
		return POSE_STANDING;
	return site == SITE_PELVIS && between_deg > PELVIS_LYING_DEG ? POSE_LYING
								     : POSE_SITTING;
}

/* The longest still window whose thigh lies clearly elsewhere. */
static const struct pose_window *second_pose(const struct pose_search *p,
	struct vec3 thigh_up)
{
	const struct pose_window *best = NULL;

	for (int i = 0; i < p->count; i++) {
		const struct pose_window *w = &p->windows[i];
		double off = vec3_angle_rad(w->up[SITE_THIGH], thigh_up) * DEG_PER_RAD;

		if (off >= THIGH_DIFFERS_DEG && (best == NULL ||
			w->to_us - w->from_us > best->to_us - best->from_us))
			best = w;
	}
	return best;
}

enum align_result pose_search_finish(const struct pose_search *p,
	struct session_inputs *in, struct pose_window *used)
{
	enum pose start = exercises[in->settings.exercise].start_pose;
	const struct pose_window *w;

	memset(used, 0, sizeof *used);
	if (p->reference_n == 0)
		return ALIGN_NEEDS_HORIZONTAL;
	w = second_pose(p, p->reference_sum[SITE_THIGH]);
	if (w == NULL)
		return start == POSE_STANDING ? ALIGN_NEEDS_HORIZONTAL
					      : ALIGN_NEEDS_UPRIGHT;
	*used = *w;
	for (int site = 0; site < SITE_COUNT; site++) {
		struct vec3 up = vec3_unit(p->reference_sum[site]);
		double between = vec3_angle_rad(up, w->up[site]) * DEG_PER_RAD;
		enum align_result result;

		if ((sense_sites(in->mode) & 1u << site) == 0)
			continue;
		result = align_solve((enum site)site, start, up,
			other_pose((enum site)site, start, between), w->up[site],
			&in->align[site]);
		if (result != ALIGN_OK)
			return result;
	}
	in->have_alignment = true;
	return ALIGN_OK;
}
