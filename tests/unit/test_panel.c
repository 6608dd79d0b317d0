/*
 * Lamps and button that are pulled out and plugged in again, on the chips of
 * fake_gpio.h. Seconds are counted by the caller.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/fake_gpio.h"
#include "linux/panel.h"

#define MS INT64_C(1000)

static const struct lamp green = { .green = true }, dark = { .green = false };
static struct settings set;
static struct panel panel;

/* Red on chip 0; amber and green on chip 1; a button too when it is asked for. */
static int try_panel(bool button)
{
	struct problem problem = { "" };

	settings_default(&set);
	set.led_mode = LED_THREE;
	strcpy(set.led_red_line, "GPIO16");
	strcpy(set.led_amber_line, "expander:2");
	strcpy(set.led_green_line, "expander:3");
	if (button)
		strcpy(set.button_line, "P0");
	return panel_open(&panel, &set, "test", &problem);
}

static void open_panel(bool button)
{
	assert_int_equal(try_panel(button), 0);
	assert_false(panel_missing(&panel));
}

static bool lit(int chip, int line)
{
	return fake_gpio.on[chip][line];
}

static void nothing_wired(void **state)
{
	struct problem problem;
	struct line_edge edge;

	(void)state;
	settings_default(&set);
	set.led_mode = LED_NONE;
	assert_int_equal(panel_open(&panel, &set, "test", &problem), 0);
	assert_int_equal(panel_show(&panel, &green, 0), PANEL_SAME);
	assert_int_equal(panel_show(&panel, &green, 2000 * MS), PANEL_SAME);
	assert_int_equal(panel_button_fd(&panel), -1);
	assert_int_equal(panel_button_read(&panel, &edge), -ENODEV);
	panel_close(&panel);
	assert_int_equal(fake_gpio.taken_lines, 0);
}

/* A change of colour meets the dead line at once; the same lamp is lit again later. */
static void gone_while_it_changes(void **state)
{
	(void)state;
	open_panel(false);
	assert_int_equal(panel_show(&panel, &dark, 0), PANEL_SAME);
	fake_gpio_pull(1);
	assert_int_equal(panel_show(&panel, &green, 100 * MS), PANEL_GONE);
	assert_int_equal(fake_gpio.taken_lines, 0); /* the other chip's line too */
	for (int64_t t_ms = 150; t_ms < 5000; t_ms += 50)
		assert_int_equal(panel_show(&panel, &green, t_ms * MS), PANEL_SAME);
	assert_int_equal(fake_gpio.open_chips, 0);
	fake_gpio_plug(1);
	assert_int_equal(panel_show(&panel, &green, 6000 * MS), PANEL_BACK);
	assert_true(lit(1, 3) && !lit(1, 2) && !lit(0, 0));
	assert_int_equal(panel.losses, 1);
	panel_close(&panel);
	assert_false(lit(1, 3));
	assert_int_equal(fake_gpio.taken_lines, 0);
}

/*
 * While `count` is lit nothing is written. Out and in again between two looks: the
 * node is another one, and the lamp must not stay dark.
 */
static void replugged_while_it_is_steady(void **state)
{
	int64_t t_ms = 0, back_ms = 0;
	enum panel_news news = PANEL_SAME;

	(void)state;
	open_panel(false);
	for (; t_ms < 3000; t_ms += 50)
		assert_int_equal(panel_show(&panel, &green, t_ms * MS), PANEL_SAME);
	fake_gpio_pull(1);
	fake_gpio_plug(1);
	assert_false(lit(1, 3));
	while (news != PANEL_GONE && t_ms < 5000)
		news = panel_show(&panel, &green, (t_ms += 50) * MS);
	assert_int_equal(news, PANEL_GONE);
	while (news != PANEL_BACK && back_ms < 5000)
		news = panel_show(&panel, &green, (t_ms + (back_ms += 50)) * MS);
	assert_int_equal(news, PANEL_BACK);
	assert_true(t_ms - 3000 <= 1000 && back_ms <= 1000);
	assert_true(lit(1, 3));
	panel_close(&panel);
}

/* As at boot, when the adapter is not plugged in yet. */
static void plugged_in_after_the_start(void **state)
{
	(void)state;
	fake_gpio_pull(1);
	assert_int_equal(try_panel(true), -ENOENT);
	assert_true(panel_missing(&panel));
	assert_int_equal(panel_show(&panel, &green, 0), PANEL_SAME);
	assert_int_equal(fake_gpio.taken_lines, 0);
	assert_int_equal(panel_button_fd(&panel), -1);
	fake_gpio_plug(1);
	assert_int_equal(panel_show(&panel, &green, 500 * MS), PANEL_SAME);
	assert_int_equal(panel_show(&panel, &green, 1000 * MS), PANEL_BACK);
	assert_false(panel_missing(&panel));
	assert_true(lit(1, 3));
	assert_true(panel_button_fd(&panel) >= 0);
	panel_close(&panel);
}

/* A line that somebody took meanwhile is tried again until it is free. */
static void back_but_busy(void **state)
{
	(void)state;
	open_panel(false);
	fake_gpio_pull(1);
	assert_int_equal(panel_show(&panel, &green, 0), PANEL_GONE);
	fake_gpio_plug(1);
	fake_gpio.take_error[1][3] = -EBUSY;
	assert_int_equal(panel_show(&panel, &green, 1000 * MS), PANEL_SAME);
	assert_int_equal(fake_gpio.taken_lines, 0);
	fake_gpio.take_error[1][3] = 0;
	assert_int_equal(panel_show(&panel, &green, 1500 * MS), PANEL_SAME);
	assert_int_equal(panel_show(&panel, &green, 2000 * MS), PANEL_BACK);
	panel_close(&panel);
}

/* The button's descriptor is another one afterwards, and works. */
static void button_comes_back(void **state)
{
	const uint64_t one = 1;
	struct line_edge edge;
	struct pollfd wait = { .events = POLLIN };
	int got = 0;

	(void)state;
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE);
	open_panel(true);
	assert_true(panel_button_fd(&panel) >= 0);
	assert_int_equal(panel_button_read(&panel, &edge), 0);
	fake_gpio_pull(1);
	assert_int_equal(write(fake_gpio.edge_fd, &one, sizeof(one)), sizeof(one));
	assert_int_equal(panel_button_read(&panel, &edge), -ENODEV);
	assert_int_equal(panel_show(&panel, &dark, 0), PANEL_GONE);
	assert_int_equal(panel_button_fd(&panel), -1);
	close(fake_gpio.edge_fd);
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE);
	fake_gpio_plug(1);
	assert_int_equal(panel_show(&panel, &dark, 1000 * MS), PANEL_BACK);
	wait.fd = panel_button_fd(&panel);
	assert_true(wait.fd >= 0);
	fake_gpio.on[1][0] = true;
	assert_int_equal(write(fake_gpio.edge_fd, &one, sizeof(one)), sizeof(one));
	for (int i = 0; i < 20 && got == 0; i++) {
		assert_int_equal(poll(&wait, 1, 2000), 1);
		got = panel_button_read(&panel, &edge);
	}
	assert_int_equal(got, 1);
	assert_true(edge.pressed);
	panel_close(&panel);
	close(fake_gpio.edge_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_wired, fake_gpio_reset),
		cmocka_unit_test_setup(gone_while_it_changes, fake_gpio_reset),
		cmocka_unit_test_setup(replugged_while_it_is_steady, fake_gpio_reset),
		cmocka_unit_test_setup(plugged_in_after_the_start, fake_gpio_reset),
		cmocka_unit_test_setup(back_but_busy, fake_gpio_reset),
		cmocka_unit_test_setup(button_comes_back, fake_gpio_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
