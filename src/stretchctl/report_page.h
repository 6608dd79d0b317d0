/*
 * A page as a list of marks: texts, lines, boxes and discs at their places. Laying
 * out fills the list and knows nothing of the drawing; drawing walks along it. So
 * that tests can look at boxes and need no picture.
 *
 * Points of 1/72 inch from the upper left corner, y downwards. Text stands on its
 * base line. Widths come from a function that is handed in.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_PAGE_H
#define STRETCH_STRETCHCTL_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_WIDTH 595.0 /* A4 */
#define PAGE_HEIGHT 842.0
#define PAGE_MARGIN 36.0
#define PAGE_INNER (PAGE_WIDTH - 2.0 * PAGE_MARGIN)
#define PAGE_TEXT_MAX 200

enum mark_kind { MARK_TEXT, MARK_LINE, MARK_BOX, MARK_DISC };
enum mark_ink { INK_BLACK, INK_DARK, INK_MIDDLE, INK_LIGHT, INK_PALE, INK_WHITE };
enum mark_fill { FILL_SOLID, FILL_HATCH, FILL_NONE };
/*
 * What a text is to a reader without the picture: a narrow screen gets these as plain
 * text. MORE continues the one before it; texts that are only labels have no role.
 */
enum mark_role { ROLE_NONE, ROLE_TITLE, ROLE_HEAD, ROLE_TEXT, ROLE_MORE };
enum text_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

struct mark {
	enum mark_kind kind;
	enum mark_ink ink;
	enum mark_fill fill;   /* of boxes and discs; not solid: with an outline */
	double x, y, w, h;     /* text: left end of the base line, its width, its size;
				* line: from x, y by w, h; disc: box around it */
	double width;          /* of a line */
	bool dashed, bold;
	enum mark_role role;
	char text[PAGE_TEXT_MAX];
};

/* Width of a text in that size. */
typedef double (*page_measure)(void *context, const char *text, double size, bool bold);

struct page {
	struct mark *marks;
	size_t count, room;
	page_measure measure;
	void *context;
	enum mark_role role; /* of the texts to come */
	size_t clipped; /* texts that had to be cut: none, if all is well */
	bool failed;    /* no memory: marks are missing */
};

void page_init(struct page *page, page_measure measure, void *context);
void page_free(struct page *page);

/* What the texts from here on are. */
void page_role(struct page *page, enum mark_role role);

/* How a text looks. */
struct page_style {
	double size;
	bool bold;
	enum mark_ink ink;
};

/*
 * A text between x and x + width. One that is too wide is set smaller, down to four
 * fifths, and then cut with an ellipsis, which is counted. Returns its width.
 */
double page_text(struct page *page, double x, double y, double width,
	enum text_align align, struct page_style style, const char *format, ...)
	__attribute__((format(printf, 7, 8)));

/*
 * A text in lines between x and x + width, the first base line at y. Returns the
 * base line after the last one; not below bottom: what is left is counted as cut. A
 * word that is wider than a line is parted anywhere.
 */
double page_paragraph(struct page *page, double x, double y, double width,
	double bottom, struct page_style style, const char *text);

void page_line(struct page *page, double x0, double y0, double x1, double y1,
	double width, enum mark_ink ink, bool dashed);
void page_box(struct page *page, double x, double y, double w, double h,
	enum mark_fill fill, enum mark_ink ink);
void page_disc(struct page *page, double x, double y, double radius,
	enum mark_fill fill, enum mark_ink ink);

/* A step of 1, 2 or 5 times a power of ten that parts range into at most count. */
double page_step(double range, int count);

#endif
