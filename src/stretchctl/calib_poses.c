/* The dialogue of an alignment; see calib_poses.h. */
#include "stretchctl/calib_poses.h"

#include <stdio.h>

#define LAST_S 5.0 /* of the last pose: over a breath */

const char *const pose_words[POSE_COUNT] = {
	[POSE_LYING] = "lie flat on the back, legs straight, toes to the ceiling",
	[POSE_SITTING] = "sit tall on a chair or the floor, thighs level",
	[POSE_STANDING] = "stand upright, weight on both feet",
	[POSE_RAISE] = "lying, raise the straight leg to 40 degrees or more, keep it up",
};

void poses_guide_begin(struct poses_guide *g, struct guide_text *text)
{
	*g = (struct poses_guide){ 0 };
	guide_text_clear(text);
	guide_text_add(text,
		"Strap the sensors on as you will wear them. Take each pose and keep "
		"still until");
	guide_text_add(text,
		"\"taken\". How the strap is turned does not matter. Ctrl-C ends it; an "
		"older file stays.");
	guide_text_add(text, "%s", "");
}

static void show_taken(
	struct poses_guide *g, const struct pose_taker *p, struct guide_text *text)
{
	for (; g->shown < p->taken; g->shown++)
		guide_text_add(text, "%7.1f s  taken: %s",
			(double)p->takes[g->shown].from_us * 1e-6,
			pose_names[p->takes[g->shown].pose]);
}

void poses_guide_step(
	struct poses_guide *g, const struct pose_taker *p, struct guide_text *text)
{
	double still_s = pose_taker_still_s(p);
	bool absent = false;
	char bar[13];

	guide_text_clear(text);
	show_taken(g, p, text);
	if (p->taken < p->count && g->asked <= p->taken) {
		enum pose pose = p->takes[p->taken].pose;

		g->asked = p->taken + 1;
		guide_text_add(text, "           pose %d of %d, %s: %s", (int)g->asked,
			(int)p->count, pose_names[pose], pose_words[pose]);
	}
	for (int site = 0; site < SITE_COUNT; site++)
		absent = absent || (p->bad[site] & FLAG_BIT(FLAG_ABSENT)) != 0;
	guide_bar(bar, still_s / pose_taker_needs_s(p));
	(void)snprintf(text->status, sizeof text->status, "%s %s, %.1f of %.0f s; %s",
		bar,
		absent                  ? "no reading"
			: still_s > 0.0 ? "still, keep it so"
					: "moving",
		still_s, pose_taker_needs_s(p),
		p->taken < p->count ? pose_names[p->takes[p->taken].pose]
				    : "taken, stay a moment longer");
	text->status_changed = g->was_still != (still_s > 0.0);
	g->was_still = still_s > 0.0;
}

bool poses_guide_done(const struct pose_taker *p)
{
	const struct pose_take *last = &p->takes[p->count - 1];

	return p->taken == p->count &&
		(!p->sense.still.still ||
			(double)(last->to_us - last->from_us) >= LAST_S * 1e6);
}
