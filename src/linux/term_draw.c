/*
 * What the live view looks like: text in, lines out, nothing of the system.
 *
 *   lying-towel, left leg (simulated, 4x)                          t 12.3 s
 *     62.4 deg  ............======O=====.....................   band 55-75
 *   hold 1, 0 of 3 done   12.4 of 30 s  [########..............]
 *   (G) count   counting: hold still
 *   pelvis: quiet
 *
 * A pen appends to a line and clips at the right edge. Colours cost no column.
 */
#include "term.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "stretch/fmt.h"

#define RESET "\033[0m"
#define ESCAPE '\033'
/* Kept free for the last colour reset and the NUL. */
#define PEN_RESERVE 8
#define BAR_TOP_DEG 90.0
#define BAR_BEYOND_DEG 15.0

struct pen {
	char *text;
	size_t length;
	int columns, limit;
	const struct term_style *style;
};

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

int term_columns(const char *text)
{
	int columns = 0;

	while (*text != '\0') {
		if (*text == ESCAPE) {
			while (*text != '\0' && *text != 'm')
				text++;
			if (*text != '\0')
				text++;
			continue;
		}
		if (!is_continuation(*text))
			columns++;
		text++;
	}
	return columns;
}

static struct pen pen_start(char *text, const struct term_style *style)
{
	int limit = style->columns;

	if (limit < TERM_WIDTH_MIN)
		limit = TERM_WIDTH_MIN;
	if (limit > TERM_WIDTH_MAX)
		limit = TERM_WIDTH_MAX;
	text[0] = '\0';
	return (struct pen){ .text = text, .limit = limit, .style = style };
}

/* One character of n bytes; nothing when it would pass the edge. */
static void put_char(struct pen *pen, const char *bytes, size_t n)
{
	if (pen->columns >= pen->limit ||
		pen->length + n + PEN_RESERVE >= TERM_LINE_BYTES)
		return;
	memcpy(pen->text + pen->length, bytes, n);
	pen->length += n;
	pen->text[pen->length] = '\0';
	pen->columns++;
}

static void put(struct pen *pen, const char *text)
{
	while (*text != '\0') {
		size_t n = 1;
		bool plain = (unsigned char)*text >= ' ' && *text != 0x7f;

		while (is_continuation(text[n]))
			n++;
		if (plain && (n == 1 ? (unsigned char)*text < 0x80 : pen->style->utf8))
			put_char(pen, text, n);
		else
			put_char(pen, "?", 1);
		text += n;
	}
}

__attribute__((format(printf, 2, 3)))
static void put_format(struct pen *pen, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(pen, text);
}

static void put_number(struct pen *pen, double value, int decimals, int width)
{
	char text[FMT_NUMBER_MAX];

	if (fmt_fixed(text, value, decimals) == 0)
		snprintf(text, sizeof(text), "--");
	put_format(pen, "%*s", width, text);
}

static void put_colour(struct pen *pen, const char *sequence)
{
	size_t n = strlen(sequence);

	if (!pen->style->colour || pen->length + n + PEN_RESERVE >= TERM_LINE_BYTES)
		return;
	memcpy(pen->text + pen->length, sequence, n + 1);
	pen->length += n;
}

static void put_blanks_until(struct pen *pen, int column)
{
	while (pen->columns < column && pen->columns < pen->limit)
		put_char(pen, " ", 1);
}

static const char *either(const struct pen *pen, const char *utf8, const char *ascii)
{
	return pen->style->utf8 ? utf8 : ascii;
}

/* ---- the lines ------------------------------------------------------------- */

static void draw_title(struct pen *pen, const struct term_title *title, double t_s)
{
	bool source = title->source != NULL && title->source[0] != '\0';
	bool fast = title->speed < 1.0 || title->speed > 1.0;
	char time[FMT_NUMBER_MAX];
	int width;

	put_format(pen, "%s, %s leg", title->exercise ? title->exercise : "",
		title->side ? title->side : "");
	if (source || fast) {
		put_format(pen, " (%s", source ? title->source : "");
		if (fast)
			put_format(pen, "%s%.6gx", source ? ", " : "", title->speed);
		put(pen, ")");
	}
	if (fmt_fixed(time, t_s, 1) == 0)
		return;
	width = (int)strlen(time) + 4;
	if (pen->columns + width + 2 > pen->limit)
		return;
	put_blanks_until(pen, pen->limit - width);
	put_format(pen, "t %s s", time);
}

/* Cell of a bar of that many cells, from low to high; clamped to its ends. */
static int cell_of(double value, double low, double high, int cells)
{
	double at = floor((value - low) / (high - low) * cells);

	if (!(at > 0.0))
		return 0;
	return at < cells ? (int)at : cells - 1;
}

static void draw_bar(struct pen *pen, const struct term_view *view, int cells)
{
	bool band = view->band_high_deg > view->band_low_deg;
	bool inside = band && view->angle_deg >= view->band_low_deg &&
		view->angle_deg <= view->band_high_deg;
	double low = band && view->band_low_deg < 0.0 ? view->band_low_deg -
		BAR_BEYOND_DEG : 0.0;
	double high = band ? fmax(BAR_TOP_DEG, view->band_high_deg + BAR_BEYOND_DEG) :
		BAR_TOP_DEG;
	int from = band ? cell_of(view->band_low_deg, low, high, cells) : cells;
	int to = band ? cell_of(view->band_high_deg, low, high, cells) : -1;
	int at = isfinite(view->angle_deg) ?
		cell_of(view->angle_deg, low, high, cells) : -1;

	for (int i = 0; i < cells; i++) {
		bool in_band = i >= from && i <= to;

		if (i == at) {
			put_colour(pen, inside ? "\033[1;32m" : "\033[1;33m");
			put(pen, either(pen, "\xe2\x97\x8f", "O")); /* filled circle */
			put_colour(pen, RESET);
		} else if (in_band) {
			put(pen, either(pen, "\xe2\x96\x93", "=")); /* dark shade */
		} else {
			put(pen, either(pen, "\xe2\x96\x91", ".")); /* light shade */
		}
	}
}

static void draw_angle(struct pen *pen, const struct term_view *view)
{
	bool band = view->band_high_deg > view->band_low_deg;
	char low[FMT_NUMBER_MAX], high[FMT_NUMBER_MAX], words[80] = "";
	int cells;

	if (band) {
		fmt_fixed(low, view->band_low_deg, 0);
		fmt_fixed(high, view->band_high_deg, 0);
		snprintf(words, sizeof(words), "  band %s to %s", low, high);
	}
	put_colour(pen, "\033[1m");
	put_number(pen, view->angle_deg, 1, 6);
	put_colour(pen, RESET);
	put(pen, either(pen, "\xc2\xb0    ", " deg "));
	put(pen, " ");
	cells = pen->limit - pen->columns - (int)strlen(words);
	draw_bar(pen, view, cells);
	put(pen, words);
}

void term_hold_words(int hold, int holds, int done, char *text, size_t size)
{
	if (holds <= 0)
		snprintf(text, size, "hold %d", hold);
	else
		snprintf(text, size, "hold %d, %d of %d done", hold, done, holds);
}

static void draw_hold(struct pen *pen, const struct term_view *view)
{
	bool known = view->prescribed_s > 0.0;
	double part = known ? view->counted_s / view->prescribed_s : 0.0;
	char words[TERM_WORDS_MAX];
	int cells, full;

	term_hold_words(view->hold_index, view->holds, view->holds_done, words,
		sizeof words);
	if (view->hold_index > 0)
		put_format(pen, "%s  ", words);
	put_number(pen, view->counted_s, 1, 5);
	if (known) {
		put(pen, " of ");
		put_number(pen, view->prescribed_s, 0, 0);
	}
	put(pen, " s ");
	cells = pen->limit - pen->columns - 2;
	if (!known || cells < 4)
		return;
	full = part >= 1.0 ? cells : part > 0.0 ? (int)(part * cells) : 0;
	put(pen, "[");
	put_colour(pen, "\033[32m");
	for (int i = 0; i < cells; i++)
		put(pen, i < full ? either(pen, "\xe2\x96\x88", "#") :
			either(pen, "\xe2\x96\x91", "."));
	put_colour(pen, RESET);
	put(pen, "]");
}

static void draw_dot(struct pen *pen, bool lit, const char *colour, const char *letter)
{
	if (!lit)
		return;
	put_colour(pen, colour);
	if (pen->style->utf8)
		put(pen, "\xe2\x97\x8f");
	else
		put_format(pen, "(%s)", letter);
	put_colour(pen, RESET);
}

/* Colour is never the only sign: the pattern's id stands beside the lamp. */
static void draw_lamp(struct pen *pen, const struct term_view *view)
{
	const struct lamp *lamp = &view->lamp;

	draw_dot(pen, lamp->red, "\033[1;31m", "R");
	draw_dot(pen, lamp->amber, "\033[1;33m", "A");
	draw_dot(pen, lamp->green, "\033[1;32m", "G");
	if (pen->columns == 0)
		put(pen, either(pen, "\xe2\x97\x8b", "( )")); /* hollow circle */
	if (lamp->buzzer)
		put(pen, " beep");
	put_blanks_until(pen, pen->style->utf8 ? 7 : 9);
	put_format(pen, "%-6s", view->led ? view->led : "");
	put_format(pen, " %s", view->state ? view->state : "");
	if (view->advice == NULL || view->advice[0] == '\0')
		return;
	put(pen, view->state ? ": " : "");
	put_colour(pen, "\033[1m");
	put(pen, view->advice);
	put_colour(pen, RESET);
}

int term_draw(const struct term_style *style, const struct term_title *title,
	const struct term_view *view, char lines[TERM_LINES_MAX][TERM_LINE_BYTES])
{
	int count = 0;
	struct pen pen = pen_start(lines[count++], style);

	draw_title(&pen, title, view->t_s);
	pen = pen_start(lines[count++], style);
	draw_angle(&pen, view);
	pen = pen_start(lines[count++], style);
	draw_hold(&pen, view);
	pen = pen_start(lines[count++], style);
	draw_lamp(&pen, view);
	if (view->pelvis != NULL) {
		pen = pen_start(lines[count++], style);
		put_format(&pen, "pelvis: %s", view->pelvis);
	}
	return count;
}

void term_plain(const struct term_view *view, char line[TERM_LINE_BYTES])
{
	const struct term_style style = { .columns = TERM_WIDTH_MAX };
	struct pen pen = pen_start(line, &style);

	put_number(&pen, view->t_s, 1, 7);
	put_format(&pen, " s  %-14s %-6s", view->state ? view->state : "",
		view->led ? view->led : "");
	put_number(&pen, view->angle_deg, 1, 7);
	put(&pen, " deg  ");
	put_number(&pen, view->counted_s, 1, 5);
	if (view->prescribed_s > 0.0) {
		put(&pen, " of ");
		put_number(&pen, view->prescribed_s, 0, 0);
	}
	put(&pen, " s");
	if (view->pelvis != NULL)
		put_format(&pen, "  pelvis %s", view->pelvis);
	if (view->advice != NULL && view->advice[0] != '\0')
		put_format(&pen, "  %s", view->advice);
}
