/* Parts of the page, from top to bottom; each returns where the next may begin. */
#ifndef STRETCH_STRETCHCTL_REPORT_SHEET_PARTS_H
#define STRETCH_STRETCHCTL_REPORT_SHEET_PARTS_H

#include "stretchctl/report_sheet.h"

#define DEGREE "\xc2\xb0"
#define MINUS "\xe2\x88\x92"
#define DASH "\xe2\x80\x93"
#define DOT " \xc2\xb7 "
#define PLUSMINUS "\xc2\xb1"
#define TIMES "\xc3\x97"
#define ARROW " \xe2\x86\x92 "

#define SHEET_LEFT PAGE_MARGIN
#define SHEET_RIGHT (PAGE_WIDTH - PAGE_MARGIN)

static const struct page_style sheet_head = { 9.5, true, INK_BLACK };
static const struct page_style sheet_body = { 8.2, false, INK_BLACK };
static const struct page_style sheet_small = { 7.2, false, INK_DARK };

#define SHEET_BY_DAY 62 /* days; a longer period is drawn by weeks or months */

/* "3 Nov 2025", "" for DAY_NONE. */
#define SHEET_DAY_MAX 24
void sheet_day(int32_t day, char text[SHEET_DAY_MAX]);
/* "3 Nov" */
void sheet_day_short(int32_t day, char text[SHEET_DAY_MAX]);

/*
 * A number with its unit, decimals 0..3: a true minus sign, never one before what
 * rounds to zero; a dash for NAN.
 */
#define SHEET_NUMBER_MAX 40
void sheet_number(char text[SHEET_NUMBER_MAX], double value, int decimals,
	const char *unit);

double sheet_days(struct page *page, const struct report *report, double y);
/* room: what the page has left for higher fields than the lowest. */
double sheet_trends(struct page *page, const struct report *report, double y,
	double room);
double sheet_table(struct page *page, const struct report *report, double y);
double sheet_results(struct page *page, const struct report *report, double y);
double sheet_notes(struct page *page, const struct report *report, int32_t made_day,
	double y, double bottom);

/* At the bottom of every page; right: what made it, or which page it is. */
void sheet_foot(struct page *page, const char *right);

/* An angle in words, "hip flexion". */
const char *sheet_quantity(int32_t quantity);

/* A hold's reason in words, "leg lowered early"; "" for none. */
const char *sheet_reason(int32_t reason);

#endif
