/*
 * The live view: when to draw, and how to draw over the view before.
 *
 * Only cursor-up, erase and hide are used; every terminal since the VT100 has
 * them, so there is no need of a terminal database here.
 */
#include "term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PLAIN_EVERY_S 1.0
#define COLUMNS_DEFAULT 80
#define WORD_MAX 64
#define CURSOR_HIDE "\033[?25l"
#define CURSOR_SHOW "\033[?25h"

struct term {
	FILE *out;
	struct term_style style;
	struct term_title title;
	/* in place: the columns that each line of the last view took */
	int drawn, taken[TERM_LINES_MAX];
	/* plain: the last line printed */
	double last_s;
	char state[WORD_MAX], led[WORD_MAX];
};

/* Width of the terminal as it is now, not clamped. */
static int columns_of(FILE *out)
{
	struct winsize size;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return COLUMNS_DEFAULT;
	return size.ws_col;
}

static bool locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (locale == (locale_t)0)
		return false;
	utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

struct term_style term_style_of(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *type = getenv("TERM");
	bool dumb = type == NULL || type[0] == '\0' || strcmp(type, "dumb") == 0;
	bool terminal = isatty(fileno(out)) == 1;

	return (struct term_style){ .in_place = terminal && !dumb,
		.colour = terminal && !dumb && (no_colour == NULL || !no_colour[0]),
		.utf8 = locale_is_utf8(),
		.columns = terminal ? columns_of(out) : COLUMNS_DEFAULT };
}

struct term *term_open(FILE *out, const struct term_title *title)
{
	struct term *term = calloc(1, sizeof(*term));

	if (term == NULL)
		return NULL;
	term->out = out;
	term->style = term_style_of(out);
	term->title = *title;
	term->last_s = (double)NAN;
	if (term->style.in_place)
		fputs(CURSOR_HIDE, out);
	return term;
}

/* Rows that the last view takes in a window that may have become narrower. */
static int rows_drawn(const struct term *term, int columns)
{
	int rows = 0;

	for (int i = 0; i < term->drawn; i++)
		rows += term->taken[i] > columns ?
			(term->taken[i] + columns - 1) / columns : 1;
	return rows;
}

static int finish_write(FILE *out)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}

static int show_in_place(struct term *term, const struct term_view *view)
{
	char lines[TERM_LINES_MAX][TERM_LINE_BYTES];
	int columns = columns_of(term->out);
	int up = rows_drawn(term, columns);

	term->style.columns = columns;
	if (up > 0)
		fprintf(term->out, "\r\033[%dA\033[J", up);
	term->drawn = term_draw(&term->style, &term->title, view, lines);
	for (int i = 0; i < term->drawn; i++) {
		term->taken[i] = term_columns(lines[i]);
		fprintf(term->out, "%s\n", lines[i]);
	}
	return finish_write(term->out);
}

static bool changed(char word[WORD_MAX], const char *now)
{
	char cut[WORD_MAX];

	snprintf(cut, sizeof(cut), "%s", now ? now : "");
	if (strcmp(word, cut) == 0)
		return false;
	memcpy(word, cut, sizeof(cut));
	return true;
}

static int show_plain(struct term *term, const struct term_view *view)
{
	char line[TERM_LINE_BYTES];
	bool state = changed(term->state, view->state);
	bool led = changed(term->led, view->led);
	double since_s = view->t_s - term->last_s;

	/* time that runs backwards is a new session */
	if (!state && !led && since_s >= 0.0 && since_s < PLAIN_EVERY_S)
		return 0;
	term->last_s = view->t_s;
	term_plain(view, line);
	fprintf(term->out, "%s\n", line);
	return finish_write(term->out);
}

int term_show(struct term *term, const struct term_view *view)
{
	return term->style.in_place ? show_in_place(term, view) :
		show_plain(term, view);
}

void term_close(struct term *term)
{
	if (term == NULL)
		return;
	if (term->style.in_place)
		fputs(CURSOR_SHOW, term->out);
	(void)fflush(term->out);
	free(term);
}
