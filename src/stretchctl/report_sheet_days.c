/*
 * Day by day: seconds under stretch against the dose, and which slots were kept. A
 * long period is drawn by weeks or months, as seconds a day.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/exercise.h"
#include "stretchctl/report_sheet_parts.h"

#define COLUMNS_MAX SHEET_BY_DAY
#define AXIS 30.0  /* width of the scale at the left */
#define CHART 74.0 /* height of the bars */
#define ROW 9.0    /* height of a row of marks */

struct bars {
	const struct report *r;
	int32_t step, count; /* days a column, columns */
	double x, width;     /* of the first column, of each */
	double bottom, top_s;/* base line; seconds at its top */
};

static const char *step_name(int32_t step)
{
	return step == 1 ? "day" : step == 7 ? "week" : step == 30 ? "30 days"
								   : "365 days";
}

static int32_t step_of(int32_t days)
{
	static const int32_t steps[] = { 1, 7, 30, 365 };
	size_t i = 0;

	while (i < 3 && days > COLUMNS_MAX * steps[i])
		i++;
	return steps[i];
}

/* Days of a column that lie in the period; the last one may be cut short. */
static int32_t days_in(const struct bars *b, int32_t column)
{
	int32_t left = b->r->days - column * b->step;

	return left < b->step ? left : b->step;
}

/* What a bar is made of, from below. */
enum part { PART_LEFT = SIDE_LEFT, PART_RIGHT = SIDE_RIGHT, PART_OTHER, PARTS };

/* Seconds a day of one part in a column. */
static double seconds(const struct bars *b, int32_t column, int part)
{
	const struct report_day *day = b->r->day + column * b->step;
	int32_t count = days_in(b, column);
	double sum = 0.0;

	for (int32_t i = 0; i < count; i++)
		sum += part == PART_OTHER ? day[i].other_s : day[i].stretch_s[part];
	return sum / count;
}

static double dose_of(const struct report *r, int32_t step)
{
	double dose = isfinite(r->dose_day_s) ? r->dose_day_s : 0.0;

	/* what is asked for by the week has no place on a single day */
	if (step > 1 && isfinite(r->dose_week_s))
		dose += r->dose_week_s / 7.0;
	return dose > 0.0 ? dose : (double)NAN;
}

static double y_of(const struct bars *b, double value_s)
{
	return b->bottom - CHART * value_s / b->top_s;
}

static void draw_scale(struct page *page, const struct bars *b)
{
	double step = page_step(b->top_s, 3);

	for (int i = 0; i * step <= b->top_s * 1.0001; i++) {
		double value = i * step, y = y_of(b, value);

		page_line(page, b->x, y, SHEET_RIGHT, y, 0.3,
			value > 0.0 ? INK_LIGHT : INK_BLACK, false);
		page_text(page, SHEET_LEFT, y + 2.2, AXIS - 4.0, ALIGN_RIGHT, sheet_small,
			"%.0f", value);
	}
}

static void draw_bars(struct page *page, const struct bars *b)
{
	static const enum mark_fill fills[PARTS] = { FILL_SOLID, FILL_HATCH, FILL_NONE };
	double gap = b->width > 5.0 ? 1.0 : 0.3;
	double width = b->width - 2.0 * gap < 26.0 ? b->width - 2.0 * gap : 26.0;

	for (int32_t i = 0; i < b->count; i++) {
		double x = b->x + (i + 0.5) * b->width - 0.5 * width, below = 0.0;

		for (int part = 0; part < PARTS; part++) {
			double top = below + seconds(b, i, part);

			if (top > below)
				page_box(page, x, y_of(b, top), width,
					y_of(b, below) - y_of(b, top), fills[part],
					INK_DARK);
			below = top;
		}
	}
}

static bool is_labelled(const struct bars *b, int32_t column)
{
	int32_t day = b->r->first_day + column * b->step;
	int32_t every = b->count <= 16 ? 1 : (b->count + 8) / 9;

	if (b->step == 1 && b->count > 16)
		return day_of_week(day) == 0;
	return column % every == 0;
}

static void draw_days(struct page *page, const struct bars *b, double y)
{
	double last = 0.0;

	for (int32_t i = 0; i < b->count; i++) {
		double x = b->x + i * b->width, room = b->count <= 16 ? b->width : 34.0;
		char day[SHEET_DAY_MAX];

		if (!is_labelled(b, i))
			continue;
		page_line(page, x, b->bottom, x, b->bottom + 2.0, 0.3, INK_BLACK, false);
		if (x < last - 0.1 || x + room > SHEET_RIGHT + 0.5)
			continue;
		sheet_day_short(b->r->first_day + i * b->step, day);
		/* under the bar it belongs to, where there is one for each day */
		page_text(page, x + 1.0, y, room - 2.0,
			b->count <= 16 ? ALIGN_CENTRE : ALIGN_LEFT, sheet_small, "%s", day);
		last = x + room;
	}
}

/* One row of squares: kept (filled), in part (half) or not. */
static void draw_slot(struct page *page, const struct bars *b, int slot, double y)
{
	double side = b->width - 2.0 < 5.0 ? b->width - 2.0 : 5.0;

	page_text(page, SHEET_LEFT, y + 4.6, AXIS - 2.0, ALIGN_LEFT, sheet_small, "%s",
		slot_names[slot]);
	for (int32_t i = 0; i < b->count; i++) {
		enum report_slot_kept kept = report_slot_kept(b->r, i, slot);
		double x = b->x + (i + 0.5) * b->width - 0.5 * side;

		page_box(page, x, y, side, side,
			kept == SLOT_KEPT ? FILL_SOLID : FILL_NONE,
			kept == SLOT_NOT_KEPT ? INK_MIDDLE : INK_BLACK);
		if (kept == SLOT_PARTLY_KEPT)
			page_box(page, x, y + 0.5 * side, side, 0.5 * side, FILL_SOLID,
				INK_BLACK);
	}
}

/* Sessions of each column as a number; an empty column says 0. R: a day
 * of rest. */
static void draw_counts(struct page *page, const struct bars *b, double y)
{
	page_text(page, SHEET_LEFT, y + 4.6, AXIS - 2.0, ALIGN_LEFT, sheet_small,
		"sessions");
	for (int32_t i = 0; i < b->count; i++) {
		int32_t sessions = 0;
		char text[12];

		for (int32_t d = 0; d < days_in(b, i); d++)
			sessions += b->r->day[i * b->step + d].sessions;
		snprintf(text, sizeof text, "%d", (int)sessions);
		if (b->step == 1 && b->r->day[i].rest)
			strcpy(sessions > 0 ? text + strlen(text) : text, "R");
		page_text(page, b->x + i * b->width, y + 4.6, b->width, ALIGN_CENTRE,
			(struct page_style){ b->width > 10.0 ? 6.6 : 5.2, false,
			INK_BLACK },
			"%s", text);
	}
}

static double legend_width(const struct report *r, double dose)
{
	return 68.0 + (r->dated_other_s > 0.0 ? 72.0 : 0.0) +
		(isfinite(dose) ? 120.0 : 0.0);
}

static void draw_legend(struct page *page, const struct report *r, double y, double dose)
{
	double x = SHEET_RIGHT - legend_width(r, dose);

	page_box(page, x, y - 5.0, 7.0, 5.5, FILL_SOLID, INK_DARK);
	page_text(page, x + 10.0, y, 22.0, ALIGN_LEFT, sheet_small, "left");
	page_box(page, x + 34.0, y - 5.0, 7.0, 5.5, FILL_HATCH, INK_DARK);
	page_text(page, x + 44.0, y, 24.0, ALIGN_LEFT, sheet_small, "right");
	x += 72.0;
	if (r->dated_other_s > 0.0) {
		page_box(page, x, y - 5.0, 7.0, 5.5, FILL_NONE, INK_DARK);
		page_text(page, x + 10.0, y, 58.0, ALIGN_LEFT, sheet_small,
			"not asked for");
		x += 72.0;
	}
	if (!isfinite(dose))
		return;
	page_line(page, x + 2.0, y - 2.3, x + 16.0, y - 2.3, 1.0, INK_BLACK, true);
	page_text(page, x + 19.0, y, 97.0, ALIGN_LEFT, sheet_small,
		"asked for: %.0f s a day", dose);
}

static double scale_top(const struct bars *b, double dose)
{
	double top = isfinite(dose) ? 1.1 * dose : 10.0, step;

	for (int32_t i = 0; i < b->count; i++)
		top = fmax(top, seconds(b, i, PART_LEFT) + seconds(b, i, PART_RIGHT) +
			seconds(b, i, PART_OTHER));
	step = page_step(top, 3);
	return step * ceil(top / step - 1e-9);
}

double sheet_days(struct page *page, const struct report *r, double y)
{
	struct bars b = { .r = r, .x = SHEET_LEFT + AXIS };
	double dose;

	if (r->days == 0) {
		page_text(page, SHEET_LEFT, y + 8.0, PAGE_INNER, ALIGN_LEFT, sheet_body,
			"No session has a certain date: none can be put on a day.");
		return y + 10.0;
	}
	b.step = step_of(r->days);
	b.count = (r->days + b.step - 1) / b.step;
	b.width = (PAGE_INNER - AXIS) / b.count;
	b.bottom = y + 16.0 + CHART;
	dose = dose_of(r, b.step);
	b.top_s = scale_top(&b, dose);
	page_text(page, SHEET_LEFT, y + 8.0, PAGE_INNER - 4.0 -
		legend_width(r, dose), ALIGN_LEFT, sheet_head,
		b.step == 1 ? "Seconds under stretch, each day"
			    : "Seconds under stretch a day, mean of each %s",
		step_name(b.step));
	draw_legend(page, r, y + 8.0, dose);
	draw_scale(page, &b);
	draw_bars(page, &b);
	if (isfinite(dose))
		page_line(page, b.x, y_of(&b, dose), SHEET_RIGHT, y_of(&b, dose), 2.4,
			INK_WHITE, false);
	if (isfinite(dose))
		page_line(page, b.x, y_of(&b, dose), SHEET_RIGHT, y_of(&b, dose), 1.0,
			INK_BLACK, true);
	draw_days(page, &b, b.bottom + 8.0);
	y = b.bottom + 12.0;
	for (int slot = 0; b.step == 1 && slot < SLOT_COUNT; slot++) {
		if (!(r->slots >> slot & 1))
			continue;
		draw_slot(page, &b, slot, y);
		y += ROW;
	}
	draw_counts(page, &b, y);
	return y + ROW;
}
