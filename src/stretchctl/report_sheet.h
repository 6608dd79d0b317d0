/*
 * The one page that a clinician reads in a minute: which mark goes where. Depends on
 * its arguments alone.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_SHEET_H
#define STRETCH_STRETCHCTL_REPORT_SHEET_H

#include "stretchctl/report_data.h"
#include "stretchctl/report_page.h"

/* What the page is headed with beside the numbers. */
struct sheet_title {
	int32_t made_day;     /* today; DAY_NONE: the clock is not certain */
	const char *program;  /* name and version */
	const char *choice;   /* "only the left side", "" */
};

/* Fills the page. */
void report_sheet(struct page *page, const struct report *report,
	const struct sheet_title *title);

#endif
