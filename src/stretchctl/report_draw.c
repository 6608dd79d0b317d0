/* Marks to cairo; see report_draw.h. */
#include "stretchctl/report_draw.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FONT "DejaVu Sans"
#define HATCH 2.6

static const double inks[] = {
	[INK_BLACK] = 0.0, [INK_DARK] = 0.3, [INK_MIDDLE] = 0.55, [INK_LIGHT] = 0.78,
	[INK_PALE] = 0.91, [INK_WHITE] = 1.0 };

static void set_ink(cairo_t *cr, enum mark_ink ink)
{
	cairo_set_source_rgb(cr, inks[ink], inks[ink], inks[ink]);
}

static void set_font(cairo_t *cr, double size, bool bold)
{
	cairo_font_options_t *options = cairo_font_options_create();

	/* widths that do not depend on the size of a pixel */
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_set_font_options(cr, options);
	cairo_font_options_destroy(options);
	cairo_select_font_face(cr, FONT, CAIRO_FONT_SLANT_NORMAL,
		bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, size);
}

double draw_measure(void *context, const char *text, double size, bool bold)
{
	cairo_text_extents_t extents;

	set_font(context, size, bold);
	cairo_text_extents(context, text, &extents);
	return extents.x_advance;
}

void *draw_measure_open(void)
{
	cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA,
		NULL);
	cairo_t *cr = cairo_create(surface);

	cairo_surface_destroy(surface);
	return cr;
}

void draw_measure_close(void *context)
{
	cairo_destroy(context);
}

/* Slanted lines within the present path, and its outline. */
static void hatch(cairo_t *cr, const struct mark *m)
{
	cairo_save(cr);
	cairo_clip_preserve(cr);
	set_ink(cr, INK_WHITE);
	cairo_fill(cr);
	set_ink(cr, m->ink);
	cairo_set_line_width(cr, 0.7);
	for (int i = 0; i * HATCH < m->w + m->h; i++) {
		double x = m->x - m->h + i * HATCH;

		cairo_move_to(cr, x, m->y + m->h);
		cairo_line_to(cr, x + m->h, m->y);
	}
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void draw_shape(cairo_t *cr, const struct mark *m)
{
	set_ink(cr, m->ink);
	if (m->kind == MARK_DISC)
		cairo_arc(cr, m->x + 0.5 * m->w, m->y + 0.5 * m->h, 0.5 * m->w, 0.0,
			6.283185307179586);
	else
		cairo_rectangle(cr, m->x, m->y, m->w, m->h);
	if (m->fill == FILL_SOLID) {
		cairo_fill(cr);
		return;
	}
	if (m->fill == FILL_HATCH) {
		hatch(cr, m);
		cairo_rectangle(cr, m->x, m->y, m->w, m->h);
	}
	set_ink(cr, m->ink);
	cairo_set_line_width(cr, 0.6);
	cairo_stroke(cr);
}

static void draw_line(cairo_t *cr, const struct mark *m)
{
	static const double dashes[] = { 3.0, 2.0 };

	set_ink(cr, m->ink);
	cairo_set_line_width(cr, m->width);
	cairo_set_dash(cr, dashes, m->dashed ? 2 : 0, 0.0);
	cairo_move_to(cr, m->x, m->y);
	cairo_line_to(cr, m->x + m->w, m->y + m->h);
	cairo_stroke(cr);
	cairo_set_dash(cr, dashes, 0, 0.0);
}

static void draw_page(cairo_t *cr, const struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct mark *m = &page->marks[i];

		if (m->kind == MARK_LINE) {
			draw_line(cr, m);
		} else if (m->kind == MARK_TEXT) {
			set_ink(cr, m->ink);
			set_font(cr, m->h, m->bold);
			cairo_move_to(cr, m->x, m->y);
			cairo_show_text(cr, m->text);
		} else {
			draw_shape(cr, m);
		}
	}
}

static cairo_status_t write_out(void *closure, const unsigned char *data,
	unsigned int size)
{
	return fwrite(data, 1, size, closure) == size ? CAIRO_STATUS_SUCCESS
						      : CAIRO_STATUS_WRITE_ERROR;
}

/* Ends the drawing: 0 or -errno. */
static int finish(cairo_t *cr, cairo_surface_t *surface)
{
	cairo_status_t drawn = cairo_status(cr), written;

	cairo_destroy(cr);
	cairo_surface_finish(surface);
	written = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS ? 0 :
		drawn == CAIRO_STATUS_NO_MEMORY || written == CAIRO_STATUS_NO_MEMORY
		? -ENOMEM : -EIO;
}

int draw_pdf(const struct page *pages, size_t count, const char *title, char **data,
	size_t *size)
{
	FILE *out = open_memstream(data, size);
	cairo_surface_t *surface;
	cairo_t *cr;
	int error;

	if (!out)
		return -ENOMEM;
	surface = cairo_pdf_surface_create_for_stream(write_out, out, PAGE_WIDTH,
		PAGE_HEIGHT);
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	cr = cairo_create(surface);
	for (size_t i = 0; i < count; i++) {
		draw_page(cr, &pages[i]);
		cairo_show_page(cr);
	}
	error = finish(cr, surface);
	if (fclose(out) != 0 && error == 0)
		error = -ENOMEM;
	if (error < 0) {
		free(*data);
		*data = NULL;
	}
	return error;
}

static int draw_svg(const struct page *page, char **data, size_t *size)
{
	FILE *out = open_memstream(data, size);
	cairo_surface_t *surface;
	cairo_t *cr;
	int error;

	if (!out)
		return -ENOMEM;
	surface = cairo_svg_surface_create_for_stream(write_out, out, PAGE_WIDTH,
		PAGE_HEIGHT);
	cr = cairo_create(surface);
	draw_page(cr, page);
	error = finish(cr, surface);
	if (fclose(out) != 0 && error == 0)
		error = -ENOMEM;
	if (error < 0) {
		free(*data);
		*data = NULL;
	}
	return error;
}

static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else
			putc(*text, out);
	}
}

/* The drawing without its XML head; names get the page's number, for they would
 * stand twice in one document. */
static void put_svg(FILE *out, const char *svg, size_t page)
{
	static const char *const names[] = { " id=\"", "href=\"#", "url(#" };
	const char *end = strstr(svg, "</svg>");

	svg = strstr(svg, "<svg");
	while (svg && svg < end) {
		size_t i = 0;

		while (i < 3 && strncmp(svg, names[i], strlen(names[i])) != 0)
			i++;
		if (i == 3) {
			putc(*svg++, out);
			continue;
		}
		fprintf(out, "%sp%zu-", names[i], page);
		svg += strlen(names[i]);
	}
}

/* Unseen text in the places of the drawn one. */
static void put_texts(FILE *out, const struct page *page)
{
	fputs("<g class=\"t\">\n", out);
	for (size_t i = 0; i < page->count; i++) {
		const struct mark *m = &page->marks[i];

		if (m->kind != MARK_TEXT)
			continue;
		fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" "
			"textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\">", m->x,
			m->y, m->h, m->w);
		put_escaped(out, m->text);
		fputs("</text>\n", out);
	}
	fputs("</g>\n</svg>\n", out);
}

/* The words of a page that say something by themselves, for a narrow screen. */
static void put_words(FILE *out, const struct page *page)
{
	static const char *const tags[] = { [ROLE_TITLE] = "h1", [ROLE_HEAD] = "h2",
		[ROLE_TEXT] = "p", [ROLE_MORE] = "p" };
	const char *open = NULL;

	fputs("<section class=\"w\">\n", out);
	for (size_t i = 0; i < page->count; i++) {
		const struct mark *m = &page->marks[i];
		bool strong = m->bold && m->role >= ROLE_TEXT;

		if (m->kind != MARK_TEXT || m->role == ROLE_NONE)
			continue;
		if (m->role != ROLE_MORE || !open) {
			if (open)
				fprintf(out, "</%s>\n", open);
			open = tags[m->role];
			fprintf(out, "<%s>", open);
		} else {
			putc(' ', out);
		}
		fputs(strong ? "<b>" : "", out);
		put_escaped(out, m->text);
		fputs(strong ? "</b>" : "", out);
	}
	if (open)
		fprintf(out, "</%s>\n", open);
	fputs("</section>\n", out);
}

static void put_head(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; style-src 'unsafe-inline'\">\n<title>", out);
	put_escaped(out, title);
	fputs("</title>\n<style>\n"
	      "@page { size: A4; margin: 0 }\n"
	      "body { margin: 0; background: #ddd }\n"
	      "main { max-width: 210mm; margin: 0 auto }\n"
	      "svg { display: block; width: 100%; height: auto; background: #fff;"
	      " margin-bottom: 4mm }\n"
	      ".w { display: none }\n"
	      ".t { fill: transparent; font-family: \"DejaVu Sans\", Verdana, sans-serif }\n"
	      /* as words first, then the page twice as wide as the screen */
	      "@media screen and (max-width: 640px) {\n"
	      ".w { display: block; background: #fff; padding: 1em;"
	      " font: 1rem/1.45 sans-serif; overflow-wrap: anywhere }\n"
	      ".w h1 { font-size: 1.3rem; margin: 0 0 .5em }\n"
	      ".w h2 { font-size: 1.1rem; margin: 1.2em 0 .3em }\n"
	      ".w p { margin: .4em 0 }\n"
	      ".s { overflow-x: auto }\n"
	      "svg { width: 200vw }\n"
	      "}\n"
	      "@media print {\n"
	      "body { background: none }\n"
	      "main { max-width: none; width: 210mm }\n"
	      "svg { width: 210mm; height: 296.9mm; margin: 0 }\n"
	      ".s { break-after: page }\n"
	      ".s:last-child { break-after: auto }\n"
	      "}\n</style>\n</head>\n<body>\n<main>\n", out);
}

int draw_html(const struct page *pages, size_t count, const char *title, char **data,
	size_t *size)
{
	FILE *out = open_memstream(data, size);
	int error = 0;

	if (!out)
		return -ENOMEM;
	put_head(out, title);
	for (size_t i = 0; error == 0 && i < count; i++) {
		char *svg = NULL;
		size_t length;

		error = draw_svg(&pages[i], &svg, &length);
		if (error == 0) {
			put_words(out, &pages[i]);
			fputs("<div class=\"s\">\n", out);
			put_svg(out, svg, i + 1);
			put_texts(out, &pages[i]);
			fputs("</div>\n", out);
		}
		free(svg);
	}
	fputs("</main>\n</body>\n</html>\n", out);
	if ((ferror(out) | fclose(out)) != 0 && error == 0)
		error = -ENOMEM;
	if (error < 0) {
		free(*data);
		*data = NULL;
	}
	return error;
}
