/* Marks on a page; see report_page.h. */
#include "stretchctl/report_page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHRINK 0.8
#define LEADING 1.3
#define ELLIPSIS "\xe2\x80\xa6"

void page_init(struct page *page, page_measure measure, void *context)
{
	memset(page, 0, sizeof *page);
	page->measure = measure;
	page->context = context;
}

void page_free(struct page *page)
{
	free(page->marks);
	page->marks = NULL;
	page->count = page->room = 0;
}

void page_role(struct page *page, enum mark_role role)
{
	page->role = role;
}

/* A new mark; one that is thrown away when there is no memory. */
static struct mark *add(struct page *page, enum mark_kind kind)
{
	static const struct mark empty;
	struct mark *mark;

	if (page->count == page->room) {
		size_t room = page->room ? 2 * page->room : 256;
		struct mark *more = reallocarray(page->marks, room, sizeof *more);

		if (!more) {
			page->failed = true;
			if (page->count == 0)
				return NULL;
			page->count--;
		} else {
			page->marks = more;
			page->room = room;
		}
	}
	mark = &page->marks[page->count++];
	*mark = empty;
	mark->kind = kind;
	return mark;
}

static double width_of(struct page *page, const char *text, double size, bool bold)
{
	return page->measure(page->context, text, size, bold);
}

/* Takes characters off the end until text with an ellipsis is narrow enough. */
static void cut(struct page *page, char *text, double width, double size, bool bold)
{
	char with[PAGE_TEXT_MAX + sizeof ELLIPSIS];
	size_t length = strlen(text);

	do {
		while (length > 0 && ((unsigned char)text[--length] & 0xc0) == 0x80)
			;
		text[length] = '\0';
		snprintf(with, sizeof with, "%s" ELLIPSIS, text);
	} while (length > 0 && (strlen(with) >= PAGE_TEXT_MAX ||
		width_of(page, with, size, bold) > width));
	memcpy(text, with, strlen(with) + 1);
	page->clipped++;
}

static double put_text(struct page *page, double x, double y, double width,
	enum text_align align, struct page_style style, char *text)
{
	double size = style.size;
	double wide = width_of(page, text, size, style.bold);
	struct mark *mark;

	if (text[0] == '\0')
		return 0.0;
	if (wide > width) {
		size *= fmax(SHRINK, 0.995 * width / wide);
		wide = width_of(page, text, size, style.bold);
	}
	if (wide > width) {
		cut(page, text, width, size, style.bold);
		wide = width_of(page, text, size, style.bold);
	}
	mark = add(page, MARK_TEXT);
	if (!mark)
		return wide;
	mark->x = align == ALIGN_LEFT ? x :
		align == ALIGN_RIGHT ? x + width - wide : x + 0.5 * (width - wide);
	mark->y = y;
	mark->w = wide;
	mark->h = size;
	mark->bold = style.bold;
	mark->ink = style.ink;
	mark->role = page->role;
	memcpy(mark->text, text, strlen(text) + 1);
	return wide;
}

double page_text(struct page *page, double x, double y, double width,
	enum text_align align, struct page_style style, const char *format, ...)
{
	char text[PAGE_TEXT_MAX];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof text - 4, format, arguments);
	va_end(arguments);
	if (length < 0)
		return 0.0;
	if ((size_t)length >= sizeof text - 4)
		page->clipped++;
	return put_text(page, x, y, width, align, style, text);
}

/* Length of the longest beginning of text that fits; at least one character. */
static size_t part_word(struct page *page, const char *text, double width,
	struct page_style style)
{
	char line[PAGE_TEXT_MAX];
	size_t good = 0, next = 0;

	while (text[next] != '\0') {
		do {
			line[next] = text[next];
			next++;
		} while (next < sizeof line - 1 &&
			((unsigned char)text[next] & 0xc0) == 0x80);
		line[next] = '\0';
		if (next >= sizeof line - 4 || (good > 0 &&
			width_of(page, line, style.size, style.bold) > width))
			break;
		good = next;
	}
	return good;
}

/* The same of whole words; a part of the first one when that is wider than a line. */
static size_t fitting(struct page *page, const char *text, double width,
	struct page_style style)
{
	char line[PAGE_TEXT_MAX];
	size_t good = 0, next = 0;

	while (text[next] != '\0') {
		next += strspn(text + next, " ");
		next += strcspn(text + next, " ");
		if (next >= sizeof line)
			break;
		memcpy(line, text, next);
		line[next] = '\0';
		if (width_of(page, line, style.size, style.bold) > width)
			break;
		good = next;
	}
	return good > 0 ? good : part_word(page, text, width, style);
}

double page_paragraph(struct page *page, double x, double y, double width,
	double bottom, struct page_style style, const char *text)
{
	enum mark_role role = page->role;

	while (*text != '\0') {
		char line[PAGE_TEXT_MAX];
		size_t length;

		if (y > bottom) {
			page->clipped++;
			break;
		}
		length = fitting(page, text, width, style);
		memcpy(line, text, length);
		line[length] = '\0';
		put_text(page, x, y, width, ALIGN_LEFT, style, line);
		text += length;
		text += strspn(text, " ");
		y += LEADING * style.size;
		page->role = role == ROLE_NONE ? ROLE_NONE : ROLE_MORE;
	}
	page->role = role;
	return y;
}

void page_line(struct page *page, double x0, double y0, double x1, double y1,
	double width, enum mark_ink ink, bool dashed)
{
	struct mark *mark = add(page, MARK_LINE);

	if (!mark)
		return;
	mark->x = x0;
	mark->y = y0;
	mark->w = x1 - x0;
	mark->h = y1 - y0;
	mark->width = width;
	mark->ink = ink;
	mark->dashed = dashed;
}

void page_box(struct page *page, double x, double y, double w, double h,
	enum mark_fill fill, enum mark_ink ink)
{
	struct mark *mark = add(page, MARK_BOX);

	if (!mark)
		return;
	mark->x = x;
	mark->y = y;
	mark->w = w;
	mark->h = h;
	mark->fill = fill;
	mark->ink = ink;
}

void page_disc(struct page *page, double x, double y, double radius,
	enum mark_fill fill, enum mark_ink ink)
{
	struct mark *mark = add(page, MARK_DISC);

	if (!mark)
		return;
	mark->x = x - radius;
	mark->y = y - radius;
	mark->w = mark->h = 2.0 * radius;
	mark->fill = fill;
	mark->ink = ink;
}

double page_step(double range, int count)
{
	double raw = range / count, ten;

	if (!(raw > 0.0) || !isfinite(raw))
		return 1.0;
	ten = pow(10.0, floor(log10(raw)));
	if (raw <= ten)
		return ten;
	return raw <= 2.0 * ten ? 2.0 * ten : raw <= 5.0 * ten ? 5.0 * ten : 10.0 * ten;
}
