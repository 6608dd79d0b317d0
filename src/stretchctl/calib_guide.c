/* The dialogue of a calibration; see calib_guide.h. */
#include "stretchctl/calib_guide.h"

#include <stdio.h>

void calib_guide_begin(struct calib_guide *g, int32_t parameters,
	const struct calib_collect_param *param, struct guide_text *text)
{
	*g = (struct calib_guide){ .parameters = parameters,
		.window_s = param->window_s,
		.next = -1,
		.now = CALIB_NOW_COUNT };
	guide_text_clear(text);
	guide_text_add(text,
		"Put the sensor down, or hold it with both elbows resting, one direction "
		"after");
	guide_text_add(text,
		"the other. \"x axis up\" means that the arrow x printed on the board "
		"points to the");
	guide_text_add(text, "ceiling. Let go, wait for \"taken\", turn it. %s",
		parameters == 9 ? "Twelve directions, all around."
				: "Six faces twice, or eight directions.");
	guide_text_add(text, "Ctrl-C ends it; an older file stays.");
	guide_text_add(text, "%s", "");
}

/* One line for each window, once it is good. */
static void show_windows(
	struct calib_guide *g, const struct calib_collect *c, struct guide_text *text)
{
	for (; g->shown < c->count; g->shown++) {
		const struct calib_window *w = &c->windows[g->shown];

		guide_text_add(text, "%7.1f s  taken %2d: %s", (double)w->from_us * 1e-6,
			(int)g->shown + 1,
			calib_named[calib_named_nearest(w->acc_m_s2)].words);
	}
}

static void ask_next(
	struct calib_guide *g, const struct calib_collect *c, struct guide_text *text)
{
	int32_t wanted[CALIB_DIRECTIONS_MAX];
	int32_t next;

	g->missing = calib_sphere_missing(
		&c->sphere, g->parameters, wanted, CALIB_DIRECTIONS_MAX);
	next = g->missing > 0 ? wanted[0] : -1;
	if (g->asked && next == g->next)
		return;
	g->asked = true;
	g->next = next;
	if (next >= 0)
		guide_text_add(text, "           next: %s", calib_named[next].words);
}

void calib_guide_step(
	struct calib_guide *g, const struct calib_collect *c, struct guide_text *text)
{
	char bar[13];

	guide_text_clear(text);
	if (g->shown < c->count || !g->asked) {
		show_windows(g, c, text);
		ask_next(g, c, text);
	}
	guide_bar(bar, c->still_s / g->window_s);
	(void)snprintf(text->status, sizeof text->status,
		"%s %s, %.1f s; %d directions, %d missing", bar, calib_now_words[c->now],
		c->still_s, (int)c->sphere.count, (int)g->missing);
	text->status_changed = g->now != c->now;
	g->now = c->now;
}
