/*
 * Documents as they leave: one file, nothing fetched, every name in it once, every
 * text readable as text. The PDF is looked into through its structure; pictures are
 * for people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stretchctl/report_draw.h"

#define PAGES 3

static struct page pages[PAGES];
static void *measure;

static void make_pages(void)
{
	const struct page_style style = { 9.0, false, INK_BLACK };

	for (int i = 0; i < PAGES; i++) {
		page_init(&pages[i], draw_measure, measure);
		page_text(&pages[i], 50.0, 60.0, 300.0, ALIGN_LEFT, style,
			"page %d <b> & \"M\xc3\xbcller\" 7\xc2\xb0", i + 1);
		page_box(&pages[i], 50.0, 80.0, 40.0, 20.0, FILL_HATCH, INK_DARK);
		page_disc(&pages[i], 150.0, 80.0, 5.0, FILL_NONE, INK_BLACK);
		page_line(&pages[i], 50.0, 120.0, 90.0, 140.0, 1.0, INK_BLACK, true);
	}
}

static int count(const char *text, const char *part)
{
	int n = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		n++;
	return n;
}

/* Every id="..." stands once, and whatever is pointed to is there. */
static void check_names(const char *html)
{
	int names = 0;

	for (const char *id = strstr(html, " id=\""); id; id = strstr(id + 1, " id=\"")) {
		char whole[80];

		snprintf(whole, sizeof whole, "%.*s\"", (int)strcspn(id + 5, "\"") + 5,
			id);
		assert_int_equal(count(html, whole), 1);
		names++;
	}
	assert_true(names > 3);
	for (const char *to = strstr(html, "href=\"#"); to;
		to = strstr(to + 1, "href=\"#")) {
		char id[80];

		snprintf(id, sizeof id, " id=\"%.*s\"", (int)strcspn(to + 7, "\""),
			to + 7);
		assert_int_equal(count(html, id), 1);
	}
}

static void test_html(void **state)
{
	char *html;
	size_t size;

	(void)state;
	assert_int_equal(draw_html(pages, PAGES, "a & b", &html, &size), 0);
	assert_int_equal(strlen(html), size);
	assert_int_equal(count(html, "<svg"), PAGES);
	assert_int_equal(count(html, "</svg>"), PAGES);
	assert_int_equal(count(html, "<?xml"), 0);
	assert_non_null(strstr(html, "<title>a &amp; b</title>"));
	assert_non_null(strstr(html,
		">page 2 &lt;b&gt; &amp; &quot;M\xc3\xbcller&quot; 7\xc2\xb0</text>"));
	check_names(html);
	/* addresses only as names of XML vocabularies */
	assert_int_equal(count(html, "http"), count(html, "xmlns=\"http://www.w3.org/") +
		count(html, "xmlns:xlink=\"http://www.w3.org/") +
		count(html, "http-equiv"));
	assert_int_equal(count(html, "<script") + count(html, " src=") +
		count(html, "<img") + count(html, "<link") + count(html, "@import"), 0);
	free(html);
}

/* What says something by itself, in its order, with its lines joined; no labels. */
static void test_words(void **state)
{
	const struct page_style plain = { 9.0, false, INK_BLACK },
		bold = { 9.0, true, INK_BLACK };
	struct page page;
	char *html;
	size_t size;

	(void)state;
	page_init(&page, draw_measure, measure);
	page_role(&page, ROLE_TITLE);
	page_text(&page, 50.0, 60.0, 300.0, ALIGN_LEFT, bold, "Title");
	page_role(&page, ROLE_NONE);
	page_text(&page, 50.0, 80.0, 300.0, ALIGN_LEFT, plain, "75");
	page_role(&page, ROLE_TEXT);
	page_paragraph(&page, 50.0, 100.0, 40.0, 200.0, plain, "one two <b> four five");
	page_text(&page, 50.0, 220.0, 300.0, ALIGN_LEFT, plain, "Days");
	page_role(&page, ROLE_MORE);
	page_text(&page, 50.0, 240.0, 300.0, ALIGN_LEFT, bold, "2 of 4");
	assert_int_equal(draw_html(&page, 1, "a", &html, &size), 0);
	assert_non_null(strstr(html, "<section class=\"w\">\n<h1>Title</h1>\n"
		"<p>one two &lt;b&gt; four five</p>\n"
		"<p>Days <b>2 of 4</b></p>\n</section>"));
	/* shown on narrow screens only, never on paper */
	assert_non_null(strstr(html, "\n.w { display: none }\n"));
	assert_non_null(strstr(html, "@media screen and (max-width: 640px) {\n"
		".w { display: block;"));
	free(html);
	page_free(&page);
}

static void test_pdf(void **state)
{
	char *pdf;
	size_t size;

	(void)state;
	assert_int_equal(draw_pdf(pages, PAGES, "a", &pdf, &size), 0);
	assert_true(size > 1000);
	assert_memory_equal(pdf, "%PDF-1.", 7);
	assert_non_null(memmem(pdf, size, "%%EOF", 5));
	assert_non_null(memmem(pdf, size, "/Count 3", 8));
	/* text is text, in a font that comes along */
	assert_non_null(memmem(pdf, size, "/ToUnicode", 10));
	assert_non_null(memmem(pdf, size, "/FontFile2", 10));
	free(pdf);
}

static void test_step(void **state)
{
	(void)state;
	assert_true(page_step(100.0, 4) == 50.0);
	assert_true(page_step(80.0, 4) == 20.0);
	assert_true(page_step(3.0, 3) == 1.0);
	assert_true(page_step(0.7, 4) == 0.2);
	assert_true(page_step(0.0, 4) == 1.0);
}

static int make(void **state)
{
	(void)state;
	measure = draw_measure_open();
	make_pages();
	return 0;
}

static int remove_all(void **state)
{
	(void)state;
	for (int i = 0; i < PAGES; i++)
		page_free(&pages[i]);
	draw_measure_close(measure);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_pdf),
		cmocka_unit_test(test_step),
	};

	return cmocka_run_group_tests(tests, make, remove_all);
}
