/*
 * The full-screen view as cells: text and size in, cells out.
 *
 * Angle digits are 3 x 5 blocks in reverse video, twice as large where there is room;
 * plain ASCII otherwise, so that a phone's SSH client and a serial console show the
 * same. Below them lines in the order of what a wearer needs; a small screen loses
 * them from the end.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/term.h"
#include "stretch/fmt.h"
#include "stretchctl/watch_cells.h"

#define BAR_TOP_DEG 90.0
#define BAR_BEYOND_DEG 15.0
#define LINES_MAX 12

/* ---- lines ---- */

struct page {
	const struct watch_view *view;
	struct watch_cells *cells;
	int row;
};

/* A line of the page; p->row is then its last row. */
static void say(struct page *p, const char *text, int style)
{
	int used = watch_words(p->cells, p->row, p->cells->rows - 1, text, style);

	p->row += used > 0 ? used - 1 : 0;
}

static int angle_style(const struct watch_view *v)
{
	if (!(v->band_high_deg > v->band_low_deg) || !isfinite(v->angle_deg))
		return WATCH_PLAIN;
	if (v->angle_deg > v->band_high_deg)
		return WATCH_RED;
	return v->angle_deg < v->band_low_deg ? WATCH_AMBER : WATCH_GREEN;
}

static int cell_of(double value, double low, double high, int cells)
{
	double at = floor((value - low) / (high - low) * cells);

	if (!(at > 0.0))
		return 0;
	return at < cells ? (int)at : cells - 1;
}

static void draw_bar(struct page *p)
{
	const struct watch_view *v = p->view;
	struct watch_cells *s = p->cells;
	bool band = v->band_high_deg > v->band_low_deg;
	double low = band ? fmin(0.0, v->band_low_deg - BAR_BEYOND_DEG) : 0.0;
	double high = band ? fmax(BAR_TOP_DEG, v->band_high_deg + BAR_BEYOND_DEG)
			   : BAR_TOP_DEG;
	int cells = s->columns - 2;

	if (band && v->band_low_deg > 0.0)
		low = 0.0;
	watch_put(s, p->row, 0, "[", WATCH_PLAIN);
	watch_fill(s, p->row, 1, 1 + cells, '.', WATCH_DIM);
	if (band)
		watch_fill(s, p->row, 1 + cell_of(v->band_low_deg, low, high, cells),
			2 + cell_of(v->band_high_deg, low, high, cells), '=',
			WATCH_GREEN);
	if (isfinite(v->angle_deg))
		watch_put(s, p->row, 1 + cell_of(v->angle_deg, low, high, cells), "O",
			angle_style(v) | WATCH_BOLD);
	watch_put(s, p->row, 1 + cells, "]", WATCH_PLAIN);
}

static void draw_target(struct page *p)
{
	char text[WATCH_TEXT];

	watch_target(p->view, text, sizeof text);
	say(p, text, angle_style(p->view) | WATCH_BOLD);
}

static void draw_timer(struct page *p)
{
	const struct watch_view *v = p->view;
	char counted[FMT_NUMBER_MAX], wanted[FMT_NUMBER_MAX], text[WATCH_TEXT];
	bool known = v->prescribed_s > 0.0 && v->counted_s >= 0.0;
	double part = known ? fmin(1.0, v->counted_s / v->prescribed_s) : 0.0;
	int from, to = p->cells->columns;

	fmt_fixed(counted, v->counted_s, 1);
	fmt_fixed(wanted, v->prescribed_s, 0);
	term_hold_words(v->hold, v->holds, v->holds_done, text, sizeof text);
	watch_put(p->cells, p->row, 0, text, WATCH_PLAIN);
	from = (int)strlen(text) + 2;
	snprintf(text, sizeof text, "%s%s%s s ", counted, wanted[0] != '\0' ? " of " : "",
		wanted);
	watch_put(p->cells, p->row, from, text, WATCH_BOLD);
	from += (int)strlen(text);
	if (!known || to - from < 6)
		return;
	watch_fill(p->cells, p->row, from, to, '.', WATCH_DIM);
	watch_fill(p->cells, p->row, from, from + (int)(part * (to - from)), ' ',
		WATCH_GREEN | WATCH_REVERSE);
}

static void draw_advice(struct page *p)
{
	const struct watch_view *v = p->view;
	char text[2 * WATCH_TEXT];

	snprintf(text, sizeof text, "%s%s%s", v->state, v->advice[0] != '\0' ? ": " : "",
		v->advice);
	say(p, text, WATCH_BOLD);
}

/* Colour is never the only sign: the id and the letter say it too. */
static void draw_led(struct page *p)
{
	const struct watch_view *v = p->view;
	char text[WATCH_TEXT];
	int column = 4;

	watch_put(p->cells, p->row, 0, "LED", WATCH_PLAIN);
	watch_put(p->cells, p->row, column, v->red ? " R " : " - ",
		v->red ? WATCH_RED | WATCH_REVERSE : WATCH_DIM);
	watch_put(p->cells, p->row, column + 3, v->amber ? " A " : " - ",
		v->amber ? WATCH_AMBER | WATCH_REVERSE : WATCH_DIM);
	watch_put(p->cells, p->row, column + 6, v->green ? " G " : " - ",
		v->green ? WATCH_GREEN | WATCH_REVERSE : WATCH_DIM);
	snprintf(text, sizeof text, "%s%s", v->led, v->buzzer ? ", beep" : "");
	watch_put(p->cells, p->row, column + 10, text, WATCH_BOLD);
}

static void draw_pelvis(struct page *p)
{
	const struct watch_view *v = p->view;
	char text[WATCH_TEXT], tilt[FMT_NUMBER_MAX];
	int style = WATCH_PLAIN;

	if (fmt_fixed(tilt, v->pelvis_tilt_deg, 1) > 0)
		snprintf(text, sizeof text, "pelvis %s %s, tilt %s deg",
			v->pelvis[0] != '\0' ? v->pelvis : "-", v->pelvis_method, tilt);
	else
		snprintf(text, sizeof text, "pelvis %s %s",
			v->pelvis[0] != '\0' ? v->pelvis : "-", v->pelvis_method);
	if (strcmp(v->pelvis, "moving") == 0)
		style = WATCH_RED;
	else if (strcmp(v->pelvis, "doubtful") == 0)
		style = WATCH_AMBER;
	say(p, text, style);
}

static void draw_trust(struct page *p)
{
	const struct watch_view *v = p->view;
	char text[4 * WATCH_TEXT];

	snprintf(text, sizeof text, "angle %s, confidence %s%s%s", v->method,
		v->confidence, v->flags[0] != '\0' ? "; " : "", v->flags);
	say(p, text, v->flags[0] != '\0' ? WATCH_AMBER : WATCH_PLAIN);
}

static void draw_sensor(struct page *p, const char *text)
{
	size_t length = strlen(text);
	bool ok = length > 4 && strcmp(text + length - 4, ", ok") == 0;

	say(p, text, ok ? WATCH_PLAIN : WATCH_RED);
}

static void draw_thigh(struct page *p)
{
	if (p->view->sensor[SITE_THIGH][0] != '\0')
		draw_sensor(p, p->view->sensor[SITE_THIGH]);
	else
		say(p, p->view->source, WATCH_PLAIN);
}

static void draw_pelvis_sensor(struct page *p)
{
	draw_sensor(p, p->view->sensor[SITE_PELVIS]);
}

static void draw_storage(struct page *p)
{
	char text[2 * WATCH_TEXT];

	snprintf(text, sizeof text, "storage: %s", p->view->storage_error);
	say(p, text, WATCH_RED | WATCH_BOLD);
}

static void draw_notice(struct page *p)
{
	say(p, p->view->notice, WATCH_AMBER);
}

/* ---- the page ---- */

typedef void draw_line(struct page *page);

/* What there is to say, in the order of what a wearer needs. */
static int choose_lines(const struct watch_view *v, draw_line *lines[LINES_MAX])
{
	int count = 0;

	if (v->storage_error[0] != '\0')
		lines[count++] = draw_storage;
	lines[count++] = draw_target;
	lines[count++] = draw_timer;
	lines[count++] = draw_advice;
	lines[count++] = draw_bar;
	lines[count++] = draw_led;
	lines[count++] = draw_pelvis;
	lines[count++] = draw_thigh;
	if (v->sensor[SITE_PELVIS][0] != '\0')
		lines[count++] = draw_pelvis_sensor;
	lines[count++] = draw_trust;
	if (v->notice[0] != '\0')
		lines[count++] = draw_notice;
	return count;
}

static void draw_title(struct watch_cells *s, const struct watch_view *v)
{
	char text[WATCH_TEXT], time[FMT_NUMBER_MAX];

	watch_fill(s, 0, 0, s->columns, ' ', WATCH_REVERSE);
	if (!v->connected)
		snprintf(text, sizeof text, "stretchd: no connection");
	else if (v->waiting)
		snprintf(text, sizeof text, "stretchd: no session");
	else if (v->steps > 0)
		snprintf(text, sizeof text, "%s, %s leg, %d of %d", v->exercise, v->side,
			v->step, v->steps);
	else
		snprintf(text, sizeof text, "%s, %s leg", v->exercise, v->side);
	watch_put(s, 0, 0, text, WATCH_REVERSE | WATCH_BOLD);
	if (!v->connected || fmt_fixed(time, v->t_s, 0) == 0 ||
		(int)(strlen(text) + strlen(time)) + 5 > s->columns)
		return;
	watch_put(s, 0, s->columns - (int)strlen(time) - 2, time, WATCH_REVERSE);
	watch_put(s, 0, s->columns - 1, "s", WATCH_REVERSE);
}

static void draw_keys(struct watch_cells *s)
{
	static const char *const texts[] = {
		"b begin  s stop  p pain  n next  r reference  q quit",
		"b begin s stop p pain n next r ref q end", "q quit" };
	int i = 0;

	while (i < 2 && (int)strlen(texts[i]) > s->columns)
		i++;
	watch_put(s, s->rows - 1, 0, texts[i], WATCH_DIM);
}

/* The largest digits that leave room for that many lines; 0: none do. */
static int digits_scale(const struct watch_cells *s, const char *angle, int lines)
{
	for (int scale = 2; scale > 0; scale--)
		if (watch_digits_width(angle, scale) <= s->columns &&
			WATCH_DIGIT_ROWS * scale + lines + 3 <= s->rows)
			return scale;
	return watch_digits_width(angle, 1) <= s->columns &&
		s->rows >= WATCH_DIGIT_ROWS + 7 ? 1 : 0;
}

/* Rows that the lines want at this width. */
static int rows_wanted(const struct watch_view *v, draw_line *const *lines, int count,
	int columns)
{
	struct watch_cells nothing = { .columns = columns, .rows = 0 };
	struct page page = { .view = v, .cells = &nothing, .row = 0 };

	for (int i = 0; i < count; i++, page.row++)
		lines[i](&page);
	return page.row;
}

static void draw_session(struct watch_cells *s, const struct watch_view *v)
{
	draw_line *lines[LINES_MAX];
	int count = choose_lines(v, lines), scale, last = s->rows - 1;
	int rows = rows_wanted(v, lines, count, s->columns);
	struct page page = { .view = v, .cells = s, .row = 1 };
	char angle[FMT_NUMBER_MAX];

	if (fmt_fixed(angle, v->angle_deg, 1) == 0)
		snprintf(angle, sizeof angle, "--");
	scale = digits_scale(s, angle, rows);
	if (scale > 0) {
		int blank = s->rows > WATCH_DIGIT_ROWS * scale + rows + 3;

		page.row += blank;
		watch_digits(s, page.row, 0, angle, scale, angle_style(v));
		watch_put(s, page.row, watch_digits_width(angle, scale), "deg",
			WATCH_PLAIN);
		page.row += WATCH_DIGIT_ROWS * scale + 1;
	} else {
		watch_put(s, page.row, 0, angle, angle_style(v) | WATCH_BOLD);
		watch_put(s, page.row++, (int)strlen(angle) + 1, "deg", WATCH_PLAIN);
	}
	for (int i = 0; i < count && page.row < last; i++, page.row++)
		lines[i](&page);
}

static void draw_gone(struct watch_cells *s, const struct watch_view *v)
{
	int used = watch_words(s, 2, s->rows, v->notice, WATCH_BOLD);

	(void)watch_words(s, 3 + used, s->rows, "It is tried again every second.",
		WATCH_PLAIN);
}

void watch_draw(const struct watch_view *v, int columns, int rows, struct watch_cells *s)
{
	s->columns = columns < WATCH_COLUMNS ? columns : WATCH_COLUMNS;
	s->rows = rows < WATCH_ROWS ? rows : WATCH_ROWS;
	for (int row = 0; row < s->rows; row++)
		watch_fill(s, row, 0, s->columns, ' ', WATCH_PLAIN);
	if (s->columns < 1 || s->rows < 1)
		return;
	draw_title(s, v);
	if (!v->connected)
		draw_gone(s, v);
	else if (v->waiting && v->why[0] != '\0')
		(void)watch_words(s, 2, s->rows, v->why, WATCH_BOLD);
	else if (v->waiting)
		(void)watch_words(s, 2, s->rows, "Dark until the wearer moves, or b is "
			"pressed.", WATCH_BOLD);
	else
		draw_session(s, v);
	if (s->rows > 1)
		draw_keys(s);
}
