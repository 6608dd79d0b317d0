/*
 * A page of the report by its boxes, for tests: nothing beyond the margins, no text cut,
 * no text upon another, and what must be said is there.
 */
#ifndef STRETCH_SUPPORT_PAGE_CHECK_H
#define STRETCH_SUPPORT_PAGE_CHECK_H

#include "stretchctl/report_draw.h"

/* The first text of the page with these words in it, or NULL. */
const struct mark *page_find(const struct page *page, const char *text);

/* A test fails when the page does not say that, or says it. */
void page_says(const struct page *page, const char *text);
void page_silent(const struct page *page, const char *text);

/* ... or when a box is not where it may be. */
void page_check(const struct page *page);

#endif
