/* Guides on a terminal and elsewhere; see calib_screen.h. */
#include "stretchctl/calib_screen.h"

#include <stdarg.h>
#include <string.h>

#include "linux/term.h"

#define REDRAW_US 200000
#define PLAIN_US 5000000
#define BAR 10

void guide_text_clear(struct guide_text *text)
{
	text->count = 0;
	text->status_changed = false;
	text->status[0] = '\0';
}

void guide_text_add(struct guide_text *text, const char *format, ...)
{
	va_list arguments;

	if (text->count == GUIDE_LINES_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(text->line[text->count++], GUIDE_LINE_BYTES, format, arguments);
	va_end(arguments);
}

void guide_bar(char bar[13], double part)
{
	int full = part > 1.0 ? BAR : part > 0.0 ? (int)(part * BAR) : 0;

	memset(bar, '.', BAR + 2);
	memset(bar + 1, '#', (size_t)full);
	bar[0] = '[';
	bar[BAR + 1] = ']';
	bar[BAR + 2] = '\0';
}

void guide_screen_open(struct guide_screen *s, FILE *out)
{
	struct term_style style = term_style_of(out);

	*s = (struct guide_screen){
		.out = out, .in_place = style.in_place, .columns = style.columns
	};
}

static const char *wipe(const struct guide_screen *s)
{
	return s->in_place ? "\r\033[K" : "";
}

void guide_screen_show(
	struct guide_screen *s, const struct guide_text *text, int64_t t_us)
{
	bool due = text->count > 0 || !s->begun;

	for (int i = 0; i < text->count; i++)
		fprintf(s->out, "%s%s\n", wipe(s), text->line[i]);
	if (due)
		s->said_us = t_us;
	s->begun = true;
	if (s->in_place) {
		if (!due && !text->status_changed && t_us - s->drawn_us < REDRAW_US)
			return;
		fprintf(s->out, "\r\033[K%.*s", s->columns > 1 ? s->columns - 1 : 1,
			text->status);
		s->drawn_us = t_us;
	} else if (t_us - s->said_us >= PLAIN_US) {
		fprintf(s->out, "%s\n", text->status);
		s->said_us = t_us;
	} else if (!due) {
		return;
	}
	(void)fflush(s->out);
}

void guide_screen_close(struct guide_screen *s)
{
	fprintf(s->out, "%s\n", wipe(s));
}
