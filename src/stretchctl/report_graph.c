/* A session's curve; see report_graph.h. */
#include "stretchctl/report_graph.h"

#include <math.h>
#include <string.h>

#include "stretch/hold.h"
#include "stretchctl/report_sheet_parts.h"

#define SCALE 24.0
#define FIELD 300.0 /* height of the graph */
#define BINS 480
#define TICK_MIN_S 20.0
#define STRIP 5.0   /* height of a strip below the field */

struct graph {
	const struct report_trace *trace;
	double x, y, w, h;
	double first_s, last_s, low_deg, high_deg;
	bool pelvis; /* its tilt is drawn, too */
};

static double x_of(const struct graph *g, double t_s)
{
	double part = (t_s - g->first_s) / (g->last_s - g->first_s);

	return g->x + g->w * fmin(1.0, fmax(0.0, part));
}

static double y_of(const struct graph *g, double deg)
{
	double part = (g->high_deg - deg) / (g->high_deg - g->low_deg);

	return g->y + g->h * fmin(1.0, fmax(0.0, part));
}

/* While the straps are learned there is no angle yet: no reason for an empty field. */
static double begin_s(const struct report_trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (isfinite(trace->moment[i].angle_deg) || trace->moment[i].counting)
			return (double)trace->moment[i].t_s;
	return (double)trace->moment[0].t_s;
}

static void find_range(struct graph *g, const struct session_facts *facts)
{
	double step;

	g->low_deg = fmin(0.0, facts->band_low_deg);
	g->high_deg = fmax(10.0, facts->band_high_deg);
	for (size_t i = 0; i < g->trace->count; i++) {
		const struct report_moment *m = &g->trace->moment[i];
		double pelvis = g->pelvis ? (double)m->pelvis_deg : (double)NAN;

		g->low_deg = fmin(g->low_deg, fmin((double)m->angle_deg, pelvis));
		g->high_deg = fmax(g->high_deg, fmax((double)m->angle_deg, pelvis));
	}
	step = page_step(g->high_deg - g->low_deg, 8);
	/* a leg at rest dips a little below its reference: no reason for a step more */
	g->low_deg = g->low_deg > -0.2 * step ? 0.0 : step * floor(g->low_deg / step);
	g->high_deg = step * ceil(g->high_deg / step);
	g->first_s = TICK_MIN_S * floor(begin_s(g->trace) / TICK_MIN_S);
	g->last_s = fmax(g->first_s + 1.0,
		(double)g->trace->moment[g->trace->count - 1].t_s);
}

static void draw_scales(struct page *page, const struct graph *g)
{
	double step = page_step(g->high_deg - g->low_deg, 8);
	double seconds = g->last_s - g->first_s > 600.0 ? 120.0 :
		g->last_s - g->first_s > 240.0 ? 60.0 : TICK_MIN_S;

	if (g->last_s - g->first_s > 1800.0)
		seconds = 60.0 * ceil((g->last_s - g->first_s) / 60.0 / 10.0);
	for (int i = 0; g->low_deg + i * step <= g->high_deg + 0.5 * step; i++) {
		double deg = g->low_deg + i * step;

		page_line(page, g->x, y_of(g, deg), g->x + g->w, y_of(g, deg), 0.3,
			INK_LIGHT, false);
		page_text(page, SHEET_LEFT, y_of(g, deg) + 2.4, SCALE - 3.0, ALIGN_RIGHT,
			sheet_small, "%s%.0f" DEGREE, deg < 0.0 ? MINUS : "", fabs(deg));
	}
	for (int i = (int)ceil(g->first_s / seconds); i * seconds <= g->last_s; i++) {
		int t_s = (int)(i * seconds);
		double x = x_of(g, t_s);

		page_line(page, x, g->y + g->h, x, g->y + g->h + 3.0, 0.4, INK_BLACK,
			false);
		if (x + 24.0 <= SHEET_RIGHT)
			page_text(page, x, g->y + g->h + 10.0, 24.0, ALIGN_LEFT,
				sheet_small, "%d:%02d", t_s / 60, t_s % 60);
	}
	page_box(page, g->x, g->y, g->w, g->h, FILL_NONE, INK_MIDDLE);
}

/* Mean of each bin; nothing is drawn across a bin without a value. */
static void draw_curve(struct page *page, const struct graph *g, bool pelvis)
{
	static double sum[BINS];
	static int32_t n[BINS];
	double before = (double)NAN;

	memset(sum, 0, sizeof sum);
	memset(n, 0, sizeof n);
	for (size_t i = 0; i < g->trace->count; i++) {
		const struct report_moment *m = &g->trace->moment[i];
		double part = ((double)m->t_s - g->first_s) / (g->last_s - g->first_s);
		int bin = (int)(part * BINS);
		double value = (double)(pelvis ? m->pelvis_deg : m->angle_deg);

		bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
		if (!isfinite(value))
			continue;
		sum[bin] += value;
		n[bin]++;
	}
	for (int bin = 0; bin < BINS; bin++) {
		double x = g->x + g->w * (bin + 0.5) / BINS;
		double y = n[bin] > 0 ? y_of(g, sum[bin] / n[bin]) : (double)NAN;

		/* the pelvis in short strokes, to be known without colour */
		if (isfinite(y) && isfinite(before) && (!pelvis || bin % 3 != 0))
			page_line(page, x - g->w / BINS, before, x, y, pelvis ? 0.8 : 1.0,
				pelvis ? INK_DARK : INK_BLACK, false);
		before = y;
	}
}

static const char *const event_words[TRACE_EVENTS] = {
	[TRACE_PAUSED] = "paused",
	[TRACE_FAST] = "too fast",
	[TRACE_BOUNCE] = "bouncing",
	[TRACE_PAST_CAP] = "past the limit",
	[TRACE_LIFTED] = "thigh lifted",
	[TRACE_PUSHED] = "pushed up",
	[TRACE_ASIDE] = "leg aside",
	[TRACE_PELVIS] = "pelvis moved",
	[TRACE_NO_DATA] = "no good data",
};

/* A second strip: what happened, with its word as far as there is room. */
static double draw_events(struct page *page, const struct graph *g, double y)
{
	const struct report_trace *trace = g->trace;
	double last = 0.0, end = y;

	for (size_t i = 0; i < trace->count;) {
		int event = trace->moment[i].event;
		double x = x_of(g, (double)trace->moment[i].t_s), room, width;
		bool shown = (double)trace->moment[i].t_s >= g->first_s;

		while (i < trace->count && trace->moment[i].event == event)
			i++;
		if (event == TRACE_NOTHING || !shown)
			continue;
		width = fmax(1.5, x_of(g, (double)trace->moment[i - 1].t_s) - x);
		x = fmin(x, SHEET_RIGHT - width);
		page_box(page, x, y, width, STRIP, event == TRACE_PAUSED ? FILL_NONE
			: event == TRACE_NO_DATA ? FILL_SOLID : FILL_HATCH, INK_DARK);
		end = y + STRIP + 8.0;
		room = page->measure(page->context, event_words[event], sheet_small.size,
			false) + 2.0;
		x = fmin(x, SHEET_RIGHT - room);
		if (x < last)
			continue;
		page_text(page, x, end, room, ALIGN_LEFT, sheet_small, "%s",
			event_words[event]);
		last = x + room + 1.0;
	}
	return end;
}

/* A strip below the field: dark where seconds counted. */
static double draw_counted(struct page *page, const struct graph *g)
{
	const struct report_trace *trace = g->trace;
	double y = g->y + g->h + 14.0;

	for (size_t i = 0; i + 1 < trace->count;) {
		size_t begin = i;

		while (i + 1 < trace->count && trace->moment[i].counting)
			i++;
		if (i > begin)
			page_box(page, x_of(g, (double)trace->moment[begin].t_s), y,
				x_of(g, (double)trace->moment[i].t_s) -
				x_of(g, (double)trace->moment[begin].t_s), STRIP,
				FILL_SOLID, INK_DARK);
		else
			i++;
	}
	page_line(page, g->x, y + STRIP, g->x + g->w, y + STRIP, 0.4, INK_MIDDLE, false);
	y = draw_events(page, g, y + STRIP + 2.0);
	page_text(page, SHEET_LEFT, y + 9.0, PAGE_INNER, ALIGN_LEFT, sheet_small,
		"Minutes and seconds. Line: the angle that is judged; grey: its band; "
		"dark strip: seconds that counted%s.",
		g->pelvis ? "; broken line: tilt of the pelvis" : "");
	return y + 13.0;
}

/* The result above the begin of each hold, as far as there is room. */
static void draw_holds(struct page *page, const struct graph *g,
	const struct hold_row *holds, size_t count)
{
	double last = 0.0;

	for (size_t i = 0; i < count; i++) {
		double x = x_of(g, (double)holds[i].start_t_us * 1e-6);

		if (holds[i].start_t_us == INT64_MIN || holds[i].result <= RESULT_NONE)
			continue;
		page_line(page, x, g->y, x, g->y + g->h, 0.3, INK_MIDDLE, true);
		if (x < last || x + 40.0 > SHEET_RIGHT)
			continue;
		page_text(page, x, g->y - 3.0, 40.0, ALIGN_LEFT, sheet_small, "%d %s",
			(int)holds[i].hold_index, hold_result_names[holds[i].result]);
		last = x + 41.0;
	}
}

double report_graph(struct page *page, const struct history *history,
	const struct history_session *session, const struct report_trace *trace, double y)
{
	const struct session_facts *facts = &session->facts;
	struct graph g = { .trace = trace, .x = SHEET_LEFT + SCALE, .y = y + 12.0,
		.w = PAGE_INNER - SCALE, .h = FIELD };
	double top, bottom;

	if (trace->count < 2) {
		page_text(page, SHEET_LEFT, y + 10.0, PAGE_INNER, ALIGN_LEFT, sheet_body,
			"samples.csv of this session is not there or cannot be read: no "
			"curve.");
		return y + 16.0;
	}
	/* where the pelvis' tilt is what is judged, the line is that already */
	g.pelvis = facts->row.mode == MODE_THIGH_PELVIS &&
		facts->row.angle_quantity != QUANTITY_PELVIS_TILT_GAIN;
	find_range(&g, facts);
	if (isfinite(facts->band_low_deg) && isfinite(facts->band_high_deg)) {
		top = y_of(&g, facts->band_high_deg);
		bottom = y_of(&g, facts->band_low_deg);
		page_box(page, g.x, top, g.w, bottom - top, FILL_SOLID, INK_PALE);
	}
	draw_scales(page, &g);
	draw_holds(page, &g, history_holds(history, session), session->holds);
	draw_curve(page, &g, false);
	if (g.pelvis)
		draw_curve(page, &g, true);
	return draw_counted(page, &g);
}
