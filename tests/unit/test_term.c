/* The live view: never wider than the window, readable without colour, restored. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "linux/term.h"

static const struct term_title title = { .exercise = "lying-towel", .side = "left",
	.source = "simulated", .speed = 4 };

static struct term_view a_view(void)
{
	return (struct term_view){ .t_s = 12.34, .angle_deg = 62.44,
		.band_low_deg = 55, .band_high_deg = 75, .counted_s = 12.4,
		.prescribed_s = 30, .state = "counting", .led = "count",
		.advice = "hold still", .pelvis = "quiet", .lamp = { .green = true },
		.hold_index = 1, .holds = 3 };
}

/* Worked out by hand, character by character. */
static void ascii_view(void **state)
{
	const struct term_style style = { .columns = 80 };
	const struct term_view view = a_view();
	char lines[TERM_LINES_MAX][TERM_LINE_BYTES];

	(void)state;
	assert_int_equal(term_draw(&style, &title, &view, lines), 5);
	assert_string_equal(lines[0], "lying-towel, left leg (simulated, 4x)           "
		"                        t 12.3 s");
	/* 80 - 12 - 15 = 53 cells of 90/53 deg: 55 is in cell 32, 75 in cell 44,
	 * 62.44 in cell 36 */
	assert_string_equal(lines[1], "  62.4 deg  ................................"
		"====O========........  band 55 to 75");
	/* 80 - 35 - 2 = 43 cells: floor(12.4 / 30 * 43) = 17 full */
	assert_string_equal(lines[2], "hold 1, 0 of 3 done   12.4 of 30 s [###########"
		"######..........................]");
	assert_string_equal(lines[3], "(G)      count  counting: hold still");
	assert_string_equal(lines[4], "pelvis: quiet");
}

static void plain_line(void **state)
{
	struct term_view view = a_view();
	char line[TERM_LINE_BYTES];

	(void)state;
	term_plain(&view, line);
	assert_string_equal(line, "   12.3 s  counting       count    62.4 deg   12.4 "
		"of 30 s  pelvis quiet  hold still");
	view.angle_deg = (double)NAN;
	view.pelvis = NULL;
	view.advice = NULL;
	view.prescribed_s = (double)NAN;
	view.state = "idle\033[2J"; /* never an escape from outside */
	term_plain(&view, line);
	assert_string_equal(line, "   12.3 s  idle?[2J       count      -- deg   12.4 s");
}

static void check_width(const struct term_style *style, const struct term_view *view)
{
	char lines[TERM_LINES_MAX][TERM_LINE_BYTES];
	int count = term_draw(style, &title, view, lines);
	int width = style->columns < 40 ? 40 : style->columns > 200 ? 200 :
		style->columns;

	assert_true(count >= 4 && count <= TERM_LINES_MAX);
	for (int i = 0; i < count; i++) {
		if (term_columns(lines[i]) > width)
			fail_msg("%d columns of %d: %s", term_columns(lines[i]), width,
				lines[i]);
		for (const char *c = lines[i]; *c != '\0'; c++) {
			if (!style->colour)
				assert_true(*c != '\033');
			if (!style->utf8)
				assert_true((unsigned char)*c < 0x80);
		}
		/* a colour that is switched on is switched off on the same line */
		if (strchr(lines[i], '\033') != NULL)
			assert_non_null(strstr(strrchr(lines[i], '\033'), "\033[0m"));
	}
}

static void never_wider_than_the_window(void **state)
{
	static const double odd[] = { 62.4, -20, 0, 150, 1e9, -1e9, 1e300, (double)NAN,
		(double)INFINITY, -(double)INFINITY };
	const size_t n = sizeof(odd) / sizeof(odd[0]);

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct term_style style = { .colour = i & 1, .utf8 = i & 2 };

		for (style.columns = 0; style.columns <= 220; style.columns++) {
			struct term_view view = a_view();
			size_t k = (size_t)style.columns;

			view.angle_deg = odd[k % n];
			view.counted_s = odd[(k / 3) % n];
			view.band_low_deg = i & 4 ? odd[(k / 7) % n] : 55;
			view.t_s = odd[(k / 2) % n];
			if (k % 5 == 0)
				view.advice = "raise the leg \xc3\xa4 into the band, "
					"slowly, and keep the knee as it is; a very "
					"long line of advice that has to be cut "
					"somewhere before it leaves the window, and "
					"it goes on for more than two hundred columns";
			if (k % 3 == 0)
				view.lamp = (struct lamp){ true, true, true, true };
			check_width(&style, &view);
		}
	}
}

static void colour_and_unicode_only_when_asked(void **state)
{
	const struct term_style style = { .columns = 80, .colour = true, .utf8 = true };
	struct term_view view = a_view();
	char lines[TERM_LINES_MAX][TERM_LINE_BYTES];

	(void)state;
	assert_int_equal(term_draw(&style, &title, &view, lines), 5);
	assert_non_null(strstr(lines[1], "62.4\033[0m\xc2\xb0"));
	assert_non_null(strstr(lines[3], "\033[1;32m\xe2\x97\x8f\033[0m"));
	view.lamp = (struct lamp){ .red = false };
	term_draw(&style, &title, &view, lines);
	assert_non_null(strstr(lines[3], "\xe2\x97\x8b"));
}

/* A pipe: one line at each change, and one a second between. */
static void plain_mode_lines(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	struct term_view view = a_view();
	struct term *term;
	char path[] = "/tmp/test_term_XXXXXX";
	int fd = mkstemp(path), lines = 0;

	(void)state;
	assert_true(fd >= 0);
	out = fdopen(fd, "w+");
	assert_non_null(out);
	term = term_open(out, &title);
	assert_non_null(term);
	for (int i = 0; i <= 100; i++) { /* 0 to 4 s, 25 a second */
		view.t_s = i * 0.04;
		view.state = i == 30 ? "paused" : "counting"; /* two changes */
		view.led = i < 60 ? "count" : "pause";         /* one change */
		assert_int_equal(term_show(term, &view), 0);
	}
	term_close(term);
	rewind(out);
	for (ssize_t n; (n = getline(&text, &size, out)) > 0; lines++)
		assert_null(strchr(text, '\033'));
	/* at 0, 1.00, 1.20 (paused), 1.24 (counting), 2.24, 2.40 (pause), 3.40 */
	assert_int_equal(lines, 7);
	free(text);
	fclose(out);
	unlink(path);
}

struct window {
	int master;
	FILE *slave;
};

/* Build machines may have no terminals at all: then the test is skipped. */
static struct window open_window(unsigned short columns)
{
	struct window window = { .master = posix_openpt(O_RDWR | O_NOCTTY) };
	struct winsize size = { .ws_col = columns, .ws_row = 24 };
	const char *name = window.master < 0 ? NULL : ptsname(window.master);

	if (name == NULL || grantpt(window.master) != 0 || access(name, F_OK) != 0) {
		print_message("# no terminals in /dev/pts: not tried\n");
		if (window.master >= 0)
			close(window.master);
		skip();
	}
	assert_int_equal(unlockpt(window.master), 0);
	assert_int_equal(ioctl(window.master, TIOCSWINSZ, &size), 0);
	window.slave = fopen(name, "r+");
	assert_non_null(window.slave);
	return window;
}

static void resize(const struct window *window, unsigned short columns)
{
	struct winsize size = { .ws_col = columns, .ws_row = 24 };

	assert_int_equal(ioctl(window->master, TIOCSWINSZ, &size), 0);
}

/* What was drawn, up to the end that it must have: the kernel hands it over when
 * it likes. */
static void read_window(const struct window *window, char *text, size_t size,
	const char *end)
{
	struct pollfd wait = { .fd = window->master, .events = POLLIN };
	size_t used = 0;

	do {
		ssize_t n;

		assert_int_equal(poll(&wait, 1, 20000), 1);
		n = read(window->master, text + used, size - 1 - used);
		assert_true(n > 0);
		used += (size_t)n;
		text[used] = '\0';
	} while (used < strlen(end) || strcmp(text + used - strlen(end), end) != 0);
}

static void in_place(void **state)
{
	struct window window = open_window(80);
	struct term_view view = a_view();
	struct term *term;
	char text[16384];

	(void)state;
	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	term = term_open(window.slave, &title);
	assert_int_equal(term_show(term, &view), 0);
	read_window(&window, text, sizeof(text), "quiet\r\n");
	assert_non_null(strstr(text, "\033[?25l"));
	assert_null(strstr(text, "A\033[J")); /* nothing to draw over yet */
	assert_null(strstr(text, "\033[1m"));
	assert_int_equal(term_show(term, &view), 0);
	read_window(&window, text, sizeof(text), "quiet\r\n");
	assert_non_null(strstr(text, "\r\033[5A\033[J"));
	/* the terminal folds the three lines of 80 columns into two rows each */
	resize(&window, 50);
	assert_int_equal(term_show(term, &view), 0);
	read_window(&window, text, sizeof(text), "quiet\r\n");
	assert_non_null(strstr(text, "\r\033[8A\033[J"));
	term_close(term);
	read_window(&window, text, sizeof(text), "\033[?25h");
	assert_string_equal(text, "\033[?25h");
	fclose(window.slave);
	close(window.master);
}

static void style_of_terminals(void **state)
{
	struct window window = open_window(123);
	struct term_style style;

	(void)state;
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	setenv("LC_ALL", "C", 1);
	style = term_style_of(window.slave);
	assert_true(style.in_place && style.colour && !style.utf8);
	assert_int_equal(style.columns, 123);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_true(term_style_of(window.slave).utf8);
	setenv("NO_COLOR", "1", 1);
	style = term_style_of(window.slave);
	assert_true(style.in_place && !style.colour);
	setenv("NO_COLOR", "", 1); /* empty does not count, as no-color.org has it */
	assert_true(term_style_of(window.slave).colour);
	setenv("TERM", "dumb", 1);
	style = term_style_of(window.slave);
	assert_true(!style.in_place && !style.colour);
	fclose(window.slave);
	close(window.master);
}

static void a_full_disk_is_told(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct term_view view = a_view();
	struct term *term;

	(void)state;
	assert_non_null(out);
	term = term_open(out, &title);
	assert_int_equal(term_show(term, &view), -ENOSPC);
	term_close(term);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_view),
		cmocka_unit_test(plain_line),
		cmocka_unit_test(never_wider_than_the_window),
		cmocka_unit_test(colour_and_unicode_only_when_asked),
		cmocka_unit_test(plain_mode_lines),
		cmocka_unit_test(in_place),
		cmocka_unit_test(style_of_terminals),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
