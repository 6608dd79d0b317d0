/* The dialogue of a calibration; see calib_guide.h. */
#include "stretchctl/calib_guide.h"

#include <string.h>

#include "linux/term.h"

#define REDRAW_US 200000
#define BAR 10

void calib_guide_begin(struct calib_guide *g, FILE *out, int32_t parameters,
	const struct calib_collect_param *param)
{
	struct term_style style = term_style_of(out);

	*g = (struct calib_guide){ .out = out,
		.in_place = style.in_place,
		.columns = style.columns,
		.parameters = parameters,
		.window_s = param->window_s,
		.next = -1,
		.due = true,
		.now = CALIB_NOW_COUNT };
	fprintf(out,
		"Put the sensor down, or hold it with both elbows resting, one "
		"direction after\nthe other. \"x axis up\" means that the arrow x "
		"printed "
		"on the board points to the\nceiling. Let go, wait for \"taken\", turn "
		"it. %s\n\n",
		parameters == 9 ? "Twelve directions, all around."
				: "Six faces twice, or eight directions.");
}

void calib_guide_line(const struct calib_guide *g, const struct calib_collect *c,
	char *text, size_t size)
{
	double part = c->still_s / g->window_s;
	int full = part > 1.0 ? BAR : (int)(part * BAR);
	char bar[BAR + 1];

	memset(bar, '.', BAR);
	memset(bar, '#', (size_t)full);
	bar[BAR] = '\0';
	(void)snprintf(text, size, "[%s] %s, %.1f s; %d directions", bar,
		calib_now_words[c->now], c->still_s, (int)c->sphere.count);
}

/* One permanent line for each window, once it is good. */
static void show_windows(struct calib_guide *g, const struct calib_collect *c)
{
	for (; g->shown < c->count; g->shown++) {
		const struct calib_window *w = &c->windows[g->shown];

		fprintf(g->out, "%s%7.1f s  taken %2d: %s\n",
			g->in_place ? "\r\033[K" : "", (double)w->from_us * 1e-6,
			(int)g->shown + 1,
			calib_named[calib_named_nearest(w->acc_m_s2)].words);
		g->due = true;
	}
}

static void ask_next(struct calib_guide *g, const struct calib_collect *c)
{
	int32_t wanted = -1;

	if (calib_sphere_missing(&c->sphere, g->parameters, &wanted, 1) == 0)
		wanted = -1;
	if (wanted == g->next)
		return;
	g->next = wanted;
	if (wanted >= 0)
		fprintf(g->out, "%s           next: %s\n", g->in_place ? "\r\033[K" : "",
			calib_named[wanted].words);
	g->due = true;
}

void calib_guide_step(struct calib_guide *g, const struct calib_collect *c, int64_t t_us)
{
	char line[160];

	if (g->shown < c->count || g->due) {
		show_windows(g, c);
		ask_next(g, c);
	}
	if (!g->due && g->now == c->now && t_us - g->drawn_us < REDRAW_US)
		return;
	if (g->in_place) {
		calib_guide_line(g, c, line, sizeof line);
		fprintf(g->out, "\r\033[K%.*s", g->columns > 1 ? g->columns - 1 : 1,
			line);
	}
	(void)fflush(g->out);
	g->now = c->now;
	g->drawn_us = t_us;
	g->due = false;
}

void calib_guide_end(struct calib_guide *g, const struct calib_collect *c)
{
	show_windows(g, c);
	fprintf(g->out, "%s\n", g->in_place ? "\r\033[K" : "");
}
