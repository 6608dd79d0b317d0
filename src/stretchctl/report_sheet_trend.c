/*
 * Angles over time: a panel a side for the two most used kinds, on one scale, with the
 * band that a change must leave before it is called one.
 */
#include <math.h>
#include <stdio.h>

#include "stretch/exercise.h"
#include "stretchctl/report_sheet_parts.h"

#define ROWS_MAX 2
#define POINTS_DRAWN 120 /* more sessions are drawn as the medians of weeks */
#define SCALE 24.0
#define TITLE 14.0
#define WORDS 28.0 /* the days and two lines below a panel */
#define HEIGHT_MAX 150.0 /* of a field, as far as the page has room; */
#define HEIGHT_LOW 56.0  /* of one without a trend */

/* Small enough for a sentence below half a page: all of them look the same. */
static const struct page_style words = { 7.2, false, INK_BLACK };

struct panel {
	const struct report *r;
	const struct report_series *s;
	double x, y, w, h;          /* of the field */
	double low_deg, high_deg;
	const char *missing;        /* side that there is nothing of, or NULL */
};

const char *sheet_quantity(int32_t quantity)
{
	return quantity == QUANTITY_HIP_FLEXION ? "hip flexion" :
		quantity == QUANTITY_PELVIS_TILT_GAIN ? "forward tilt of the pelvis" :
		"thigh elevation";
}

static double y_of(const struct panel *p, double deg)
{
	return p->y + p->h * (p->high_deg - deg) / (p->high_deg - p->low_deg);
}

/*
 * Place of a point: its day in the whole period. Without a day it stands midway
 * between the dated ones around it; when nothing is dated the order decides.
 */
static double x_of(const struct panel *p, size_t i)
{
	const struct report_series *s = p->s;
	size_t before = i, after = i;
	double day;

	if (p->r->days < 2)
		return p->x + p->w * ((double)i + 0.5) / (double)s->points;
	while (before > 0 && s->point[before].day == DAY_NONE)
		before--;
	while (after + 1 < s->points && s->point[after].day == DAY_NONE)
		after++;
	if (s->point[before].day == DAY_NONE)
		before = after;
	if (s->point[after].day == DAY_NONE)
		after = before;
	if (s->point[before].day == DAY_NONE)
		return p->x + p->w * ((double)i + 0.5) / (double)s->points;
	day = 0.5 * (s->point[before].day + s->point[after].day) - p->r->first_day;
	return p->x + 3.0 + (p->w - 6.0) * day / (p->r->days - 1);
}

/* Whole degrees: they are written without decimals. */
static double scale_step(double range)
{
	return fmax(1.0, page_step(range, 4));
}

static void draw_scale(struct page *page, const struct panel *p)
{
	double step = scale_step(p->high_deg - p->low_deg);
	double first = step * ceil(p->low_deg / step);
	char text[SHEET_NUMBER_MAX];

	for (int i = 0; first + i * step <= p->high_deg; i++) {
		double deg = first + i * step, y = y_of(p, deg);

		page_line(page, p->x, y, p->x + p->w, y, 0.3, INK_LIGHT, false);
		sheet_number(text, deg, 0, DEGREE);
		page_text(page, p->x - SCALE, y + 2.2, SCALE - 3.0, ALIGN_RIGHT,
			sheet_small, "%s", text);
	}
}

/* The scale, and below it what is no change: around where the trend began. */
static void draw_band(struct page *page, const struct panel *p)
{
	const struct report_series *s = p->s;
	double high, low;

	if (!isfinite(s->first_deg)) {
		draw_scale(page, p);
		return;
	}
	high = y_of(p, fmin(p->high_deg, s->first_deg + s->detectable_deg));
	low = y_of(p, fmax(p->low_deg, s->first_deg - s->detectable_deg));
	page_box(page, p->x, high, p->w, low - high, FILL_SOLID, INK_PALE);
	draw_scale(page, p);
	page_line(page, p->x, y_of(p, s->first_deg), p->x + p->w, y_of(p, s->first_deg),
		0.8, INK_DARK, true);
}

static void draw_points(struct page *page, const struct panel *p)
{
	const struct report_series *s = p->s;

	for (size_t i = 0; i < s->points; i++) {
		double x = x_of(p, i), best = y_of(p, s->point[i].best_deg);

		page_line(page, x - 1.6, best, x + 1.6, best, 0.6, INK_DARK, false);
		page_disc(page, x, y_of(p, s->point[i].typical_deg), 1.5,
			s->point[i].day == DAY_NONE ? FILL_NONE : FILL_SOLID, INK_BLACK);
	}
}

/* Median, lowest and highest of each run of points that share a week. */
static void draw_weeks(struct page *page, const struct panel *p)
{
	const struct report_series *s = p->s;
	double list[POINTS_DRAWN];

	for (size_t i = 0; i < s->points;) {
		size_t first = i, n = 0;
		double x, top = -INFINITY, bottom = INFINITY, middle;
		int32_t week = s->point[i].day == DAY_NONE ? DAY_NONE
			: (s->point[i].day - p->r->first_day) / 7;

		while (i < s->points && n < POINTS_DRAWN && (i == first ||
			s->point[i].day == DAY_NONE || week == DAY_NONE ||
			(s->point[i].day - p->r->first_day) / 7 == week)) {
			if (week == DAY_NONE && s->point[i].day != DAY_NONE)
				week = (s->point[i].day - p->r->first_day) / 7;
			list[n++] = s->point[i].typical_deg;
			top = fmax(top, s->point[i].best_deg);
			bottom = fmin(bottom, s->point[i].typical_deg);
			i++;
		}
		/* few points: a plain sort will do */
		for (size_t a = 1; a < n; a++)
			for (size_t b = a; b > 0 && list[b - 1] > list[b]; b--) {
				double swap = list[b];

				list[b] = list[b - 1];
				list[b - 1] = swap;
			}
		middle = 0.5 * (list[(n - 1) / 2] + list[n / 2]);
		x = x_of(p, first + n / 2);
		page_line(page, x, y_of(p, top), x, y_of(p, bottom), 0.5, INK_DARK,
			false);
		page_disc(page, x, y_of(p, middle), 1.5, FILL_SOLID, INK_BLACK);
	}
}

static void draw_words(struct page *page, const struct panel *p)
{
	const struct report_series *s = p->s;
	char text[PAGE_TEXT_MAX], first[SHEET_NUMBER_MAX], last[SHEET_NUMBER_MAX],
		best[SHEET_NUMBER_MAX], error[SHEET_NUMBER_MAX];
	double x = p->x - SCALE, w = p->w + SCALE, y = p->y + p->h + 17.0;
	bool trend = isfinite(s->first_deg);

	sheet_number(first, trend ? s->first_deg : s->typical_deg, 1, DEGREE);
	sheet_number(last, s->last_deg, 1, DEGREE);
	sheet_number(best, s->best_deg, 1, DEGREE);
	sheet_number(error, s->angle_error_deg, 1, DEGREE " (1 SD)");
	page_role(page, ROLE_MORE);
	page_text(page, x, y, w, ALIGN_LEFT, words, "%s %s%s%s, %s %s, expected error "
		PLUSMINUS "%s.", trend ? "At first" : "Typical", first,
		trend ? ", latest " : "", trend ? last : "",
		/* in the doorway the angle falls as the stretch grows */
		exercises[s->exercise].judging == JUDGE_DOORWAY ? "highest" : "best",
		best, error);
	report_trend_text(s, text, sizeof text);
	page_text(page, x, y + 9.5, w, ALIGN_LEFT, words, "%s", text);
	page_role(page, ROLE_NONE);
}

/* Which days the field is about: those of the whole period, for all fields alike. */
static void draw_days(struct page *page, const struct panel *p)
{
	char first[SHEET_DAY_MAX], last[SHEET_DAY_MAX];
	double y = p->y + p->h + 7.5;

	sheet_day(p->r->first_day, first);
	sheet_day(p->r->last_day, last);
	if (p->r->days < 2) {
		page_text(page, p->x, y, p->w, ALIGN_CENTRE, sheet_small, "%s",
			p->r->days == 1 ? first : "in order; no certain date");
		return;
	}
	page_text(page, p->x, y, 0.5 * p->w, ALIGN_LEFT, sheet_small, "%s", first);
	page_text(page, p->x + 0.5 * p->w, y, 0.5 * p->w, ALIGN_RIGHT, sheet_small, "%s",
		last);
}

static void draw_panel(struct page *page, const struct panel *p)
{
	const struct report_series *s = p->s;

	page_role(page, ROLE_TEXT);
	page_text(page, p->x - SCALE, p->y - 6.0, p->w + SCALE, ALIGN_LEFT,
		(struct page_style){ 8.2, true, INK_BLACK },
		"%s" DOT "%s, %s" DOT "other leg %s%s%s", side_names[s->side],
		exercise_names[s->exercise], sheet_quantity(s->quantity),
		s->other_leg >= 0 ? other_leg_names[s->other_leg] : "not said",
		p->missing ? DOT "no such session of the " : "",
		p->missing ? p->missing : "");
	page_role(page, ROLE_NONE);
	draw_band(page, p);
	page_box(page, p->x, p->y, p->w, p->h, FILL_NONE, INK_MIDDLE);
	if (s->points > POINTS_DRAWN && p->r->days > 14)
		draw_weeks(page, p);
	else
		draw_points(page, p);
	draw_days(page, p);
	draw_words(page, p);
}

static void widen(struct panel *p, const struct report_series *s)
{
	double middle;

	if (!s)
		return;
	for (size_t i = 0; i < s->points; i++) {
		p->low_deg = fmin(p->low_deg, s->point[i].typical_deg);
		p->high_deg = fmax(p->high_deg, s->point[i].best_deg);
	}
	/* never so near that what cannot be told apart looks like a difference */
	middle = isfinite(s->first_deg) ? s->first_deg : s->typical_deg;
	p->low_deg = fmin(p->low_deg, middle - s->detectable_deg);
	p->high_deg = fmax(p->high_deg, middle + s->detectable_deg);
}

/* Left and right, as the ends of the trends stand, or all sessions if there is none. */
static void draw_difference(struct page *page, const struct report_series *left,
	const struct report_series *right, double y)
{
	bool ends = isfinite(left->last_deg) && isfinite(right->last_deg);
	double l = ends ? left->last_deg : left->typical_deg;
	double r = ends ? right->last_deg : right->typical_deg;
	double limit = fmax(left->detectable_deg, right->detectable_deg);
	char left_text[SHEET_NUMBER_MAX], right_text[SHEET_NUMBER_MAX];

	sheet_number(left_text, l, 1, DEGREE);
	sheet_number(right_text, r, 1, DEGREE);
	page_role(page, ROLE_TEXT);
	if (fabs(l - r) < 0.05)
		page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, words,
			"Left and right, %s: both %s.",
			ends ? "latest sessions" : "typical", left_text);
	else
		page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, words,
			"Left and right, %s: %s and %s; left %.1f" DEGREE
			" (%.0f %%) %s, %s the %.0f" DEGREE " that can be told apart.",
			ends ? "latest sessions" : "typical", left_text, right_text,
			fabs(l - r),
			100.0 * fabs(l - r) / fmax(fabs(fmax(l, r)), 1.0),
			l < r ? "lower" : "higher",
			fabs(l - r) > limit ? "more than" : "less than", limit);
	page_role(page, ROLE_NONE);
}

static bool has_trend(const struct report_series *s)
{
	return s && isfinite(s->first_deg);
}

static double draw_row(struct page *page, const struct report *r,
	const struct report_series *series, double y, double height)
{
	const struct report_series *pair = report_pair(r, series);
	const struct report_series *shown[SIDE_COUNT] = { NULL, NULL };
	double half = 0.5 * (PAGE_INNER - 12.0), step;
	struct panel p = { .r = r, .low_deg = INFINITY, .high_deg = -INFINITY };

	shown[series->side] = series;
	if (pair)
		shown[pair->side] = pair->points > 0 ? pair : NULL;
	widen(&p, shown[SIDE_LEFT]);
	widen(&p, shown[SIDE_RIGHT]);
	step = scale_step(p.high_deg - p.low_deg + 1.0);
	p.low_deg = step * floor((p.low_deg - 0.5) / step);
	p.high_deg = step * ceil((p.high_deg + 0.5) / step);
	p.y = y + TITLE;
	p.h = has_trend(shown[SIDE_LEFT]) || has_trend(shown[SIDE_RIGHT]) ? height
		: HEIGHT_LOW;
	for (int side = 0; side < SIDE_COUNT; side++) {
		bool only = !shown[!side];

		p.x = SHEET_LEFT + SCALE + (only ? 0.0 : side * (half + 12.0));
		p.w = (only ? PAGE_INNER : half) - SCALE;
		p.missing = only ? side_names[!side] : NULL;
		p.s = shown[side];
		if (p.s)
			draw_panel(page, &p);
	}
	y = p.y + p.h + WORDS;
	if (shown[SIDE_LEFT] && shown[SIDE_RIGHT]) {
		draw_difference(page, shown[SIDE_LEFT], shown[SIDE_RIGHT], y + 8.0);
		y += 10.0;
	}
	return y;
}

static bool is_second_of_pair(const struct report *r, size_t i)
{
	const struct report_series *pair = report_pair(r, &r->series[i]);

	return pair && pair < &r->series[i] && pair->points > 0;
}

/* The series that begin a row: the most used ones that have an angle. */
static size_t choose(const struct report *r, size_t rows[ROWS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < r->series_count && count < ROWS_MAX; i++)
		if (r->series[i].points > 0 && !is_second_of_pair(r, i))
			rows[count++] = i;
	return count;
}

double sheet_trends(struct page *page, const struct report *r, double y, double room)
{
	size_t rows[ROWS_MAX];
	size_t count = choose(r, rows);
	double height;

	page_role(page, ROLE_HEAD);
	page_text(page, SHEET_LEFT, y + 8.0, 0.25 * PAGE_INNER, ALIGN_LEFT, sheet_head,
		"Angle while held");
	page_role(page, ROLE_NONE);
	if (count == 0) {
		page_role(page, ROLE_TEXT);
		page_text(page, SHEET_LEFT, y + 19.0, PAGE_INNER, ALIGN_LEFT, sheet_body,
			"No angle was measured: one sensor cannot see one in these "
			"exercises. Times are below.");
		page_role(page, ROLE_NONE);
		return y + 22.0;
	}
	page_text(page, SHEET_LEFT + 0.25 * PAGE_INNER, y + 8.0, 0.75 * PAGE_INNER,
		ALIGN_RIGHT, sheet_small,
		"dot: typical of a session or week (open: date not certain)" DOT
		"dash: best" DOT "grey: too little to be told apart");
	y += 13.0;
	height = fmin(HEIGHT_MAX, HEIGHT_LOW + fmax(0.0, room) / (double)count);
	for (size_t i = 0; i < count; i++)
		y = draw_row(page, r, &r->series[rows[i]], y, height) + 3.0;
	return y;
}
