/* A page by its boxes; see page_check.h. */
#include "page_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SLACK 0.3 /* points; far less than a hair */

const struct mark *page_find(const struct page *page, const char *text)
{
	for (size_t i = 0; i < page->count; i++)
		if (page->marks[i].kind == MARK_TEXT && strstr(page->marks[i].text, text))
			return &page->marks[i];
	return NULL;
}

void page_says(const struct page *page, const char *text)
{
	if (!page_find(page, text))
		fail_msg("the page does not say \"%s\"", text);
}

void page_silent(const struct page *page, const char *text)
{
	if (page_find(page, text))
		fail_msg("the page says \"%s\"", page_find(page, text)->text);
}

/* Above and below the base line, as letters go. */
static double top(const struct mark *m)
{
	return m->kind == MARK_TEXT ? m->y - 0.76 * m->h : fmin(m->y, m->y + m->h);
}

static double bottom(const struct mark *m)
{
	return m->kind == MARK_TEXT ? m->y + 0.04 * m->h : fmax(m->y, m->y + m->h);
}

static void check_inside(const struct mark *m)
{
	double left = fmin(m->x, m->x + m->w), right = fmax(m->x, m->x + m->w);

	if (left < PAGE_MARGIN - SLACK || right > PAGE_WIDTH - PAGE_MARGIN + SLACK ||
		top(m) < PAGE_MARGIN - SLACK ||
		bottom(m) > PAGE_HEIGHT - PAGE_MARGIN + 1.0)
		fail_msg("beyond the margins: kind %d at %.1f %.1f, %.1f by %.1f, \"%s\"",
			(int)m->kind, m->x, m->y, m->w, m->h, m->text);
}

static void check_apart(const struct mark *a, const struct mark *b)
{
	if (a->x + a->w > b->x + SLACK && b->x + b->w > a->x + SLACK &&
		bottom(a) > top(b) + SLACK && bottom(b) > top(a) + SLACK)
		fail_msg("\"%s\" (%.1f %.1f) lies upon \"%s\" (%.1f %.1f)", a->text, a->x,
			a->y, b->text, b->x, b->y);
}

void page_check(const struct page *page)
{
	assert_false(page->failed);
	for (size_t i = 0; i < page->count; i++) {
		const struct mark *a = &page->marks[i];

		check_inside(a);
		if (a->kind != MARK_TEXT)
			continue;
		assert_true(a->w > 0.0 && a->h >= 4.9);
		if (strstr(a->text, "\xe2\x80\xa6"))
			fail_msg("cut: \"%s\"", a->text);
		for (size_t j = i + 1; j < page->count; j++)
			if (page->marks[j].kind == MARK_TEXT)
				check_apart(a, &page->marks[j]);
	}
	assert_int_equal(page->clipped, 0);
}
