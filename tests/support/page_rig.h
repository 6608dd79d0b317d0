/*
 * Set-up and tear-down of tests that lay out a page of the report: a folder, and the
 * font that the page is drawn with. All of it is in this header, because only those
 * tests are linked with the drawing.
 */
#ifndef STRETCH_SUPPORT_PAGE_RIG_H
#define STRETCH_SUPPORT_PAGE_RIG_H

#include "linux/history.h"
#include "page_check.h"
#include "temp_files.h"

static struct page page;
static struct history history;
static void *measure;

/* An empty page, to be laid out. */
static void page_begin(void)
{
	page_init(&page, draw_measure, measure);
}

static int page_set_up(void **state)
{
	(void)state;
	temp_make();
	measure = draw_measure_open();
	return measure ? 0 : -1;
}

static int page_tear_down(void **state)
{
	(void)state;
	draw_measure_close(measure);
	temp_remove();
	return 0;
}

#endif
