/*
 * Pages drawn with cairo: the same walk along the marks for PDF and SVG.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_DRAW_H
#define STRETCH_STRETCHCTL_REPORT_DRAW_H

#include <stddef.h>
#include <stdio.h>

#include "linux/problem.h"
#include "stretchctl/report_page.h"

/* A page_measure; context is what draw_measure_open gave. */
double draw_measure(void *context, const char *text, double size, bool bold);
void *draw_measure_open(void);
void draw_measure_close(void *context);

/* Documents, into memory that the caller frees; title goes into the head. 0 or -errno. */
int draw_pdf(const struct page *pages, size_t count, const char *title, char **data,
	size_t *size);

/*
 * One HTML file with the pages as SVG: no other file, no network, no script. Shapes
 * come from cairo; the text lies over them as text, so that it can be read aloud,
 * searched and copied whatever fonts there are. On a screen as narrow as a telephone's
 * what the page says comes first as plain text.
 */
int draw_html(const struct page *pages, size_t count, const char *title, char **data,
	size_t *size);

#endif
