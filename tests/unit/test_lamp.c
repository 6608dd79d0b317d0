/* Lamp pictures on lines: colours, few writes, dark at both ends. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "linux/lamp.h"

static char history[256];
static bool lit[LINES_MAX];
static size_t failing; /* index + 1 of a line whose writes fail */

static int fake_set(void *context, size_t index, bool on)
{
	size_t used = strlen(history);

	assert_ptr_equal(context, history);
	snprintf(history + used, sizeof(history) - used, "%zu%c", index, on ? '+' : '-');
	if (index + 1 == failing)
		return -EIO;
	lit[index] = on;
	return 0;
}

static struct settings wired(enum led_mode mode)
{
	struct settings s;

	settings_default(&s);
	s.led_mode = (int32_t)mode;
	strcpy(s.led_red_line, "RED");
	strcpy(s.led_amber_line, "AMBER");
	strcpy(s.led_green_line, "GREEN");
	strcpy(s.buzzer_line, "BUZZER");
	strcpy(s.button_line, "BUTTON");
	s.active_low = 1;
	return s;
}

static struct lamp_driver driver_of(const struct settings *s)
{
	struct line_request requests[LINES_MAX];
	struct lamp_driver driver;
	int button;

	lamp_plan(s, &driver, requests, &button);
	driver.output = (struct lamp_output){ .set = fake_set, .context = history };
	memset(lit, 0, sizeof(lit));
	history[0] = '\0';
	failing = 0;
	return driver;
}

/* Shows it and tells which lines were written: "0-2+". */
static const char *show(struct lamp_driver *driver, struct lamp lamp)
{
	history[0] = '\0';
	assert_int_equal(lamp_show(driver, &lamp), 0);
	return history;
}

static void plan_of_three(void **state)
{
	const struct settings s = wired(LED_THREE);
	struct line_request requests[LINES_MAX];
	struct lamp_driver driver;
	int button;

	(void)state;
	assert_int_equal(lamp_plan(&s, &driver, requests, &button), 5);
	assert_string_equal(requests[0].name, "RED");
	assert_string_equal(requests[1].name, "AMBER");
	assert_string_equal(requests[2].name, "GREEN");
	assert_string_equal(requests[3].name, "BUZZER");
	assert_int_equal(button, 4);
	assert_string_equal(requests[4].name, "BUTTON");
	assert_int_equal(requests[4].direction, LINE_BUTTON);
	assert_true(requests[0].active_low && requests[1].active_low);
	assert_false(requests[3].active_low); /* the buzzer's own setting */
	assert_true(requests[4].active_low);
}

static void plan_of_other_modes(void **state)
{
	struct settings s = wired(LED_RGB);
	struct line_request requests[LINES_MAX];
	struct lamp_driver driver;
	int button;

	(void)state;
	assert_int_equal(lamp_plan(&s, &driver, requests, &button), 4);
	assert_int_equal(driver.index[LAMP_AMBER], -1);
	assert_string_equal(requests[1].name, "GREEN");
	assert_int_equal(button, 3);
	s.led_mode = LED_NONE;
	assert_int_equal(lamp_plan(&s, &driver, requests, &button), 2);
	assert_string_equal(requests[0].name, "BUZZER");
	s.buzzer_line[0] = '\0';
	s.button_line[0] = '\0';
	s.led_mode = LED_TERMINAL;
	assert_int_equal(lamp_plan(&s, &driver, requests, &button), 0);
	assert_int_equal(button, -1);
}

static void three_leds(void **state)
{
	const struct settings s = wired(LED_THREE);
	struct lamp_driver driver = driver_of(&s);

	(void)state;
	assert_string_equal(show(&driver, (struct lamp){ .green = true }), "2+");
	assert_string_equal(show(&driver, (struct lamp){ .green = true }), "");
	assert_string_equal(show(&driver, (struct lamp){ .amber = true }), "2-1+");
	assert_string_equal(show(&driver, (struct lamp){ .red = true, .buzzer = true }),
		"1-0+3+");
	assert_string_equal(show(&driver, (struct lamp){ .red = false }), "0-3-");
	assert_int_equal(driver.writes, 1 + 0 + 2 + 3 + 2);
}

static void amber_of_red_and_green(void **state)
{
	const struct settings s = wired(LED_RGB);
	struct lamp_driver driver = driver_of(&s);

	(void)state;
	assert_string_equal(show(&driver, (struct lamp){ .amber = true }), "0+1+");
	assert_string_equal(show(&driver, (struct lamp){ .green = true }), "0-");
	assert_string_equal(show(&driver, (struct lamp){ .red = true }), "1-0+");
	assert_string_equal(show(&driver, (struct lamp){ .red = false }), "0-");
}

static void quiet_keeps_the_buzzer_off(void **state)
{
	struct settings s = wired(LED_THREE);
	struct lamp_driver driver;

	(void)state;
	s.quiet = 1;
	driver = driver_of(&s);
	assert_string_equal(show(&driver, (struct lamp){ .red = true, .buzzer = true }),
		"0+");
}

static void a_failed_write_is_tried_again(void **state)
{
	const struct settings s = wired(LED_THREE);
	struct lamp_driver driver = driver_of(&s);
	const struct lamp both = { .red = true, .green = true };

	(void)state;
	failing = 1;
	assert_int_equal(lamp_show(&driver, &both), -EIO);
	assert_string_equal(history, "0+2+"); /* the others are written all the same */
	assert_int_equal(driver.errors, 1);
	failing = 0;
	assert_string_equal(show(&driver, both), "0+");
	assert_true(lit[0] && lit[2]);
}

static void dark_writes_every_line(void **state)
{
	const struct settings s = wired(LED_THREE);
	struct lamp_driver driver = driver_of(&s);

	(void)state;
	assert_int_equal(lamp_dark(&driver), 0);
	assert_string_equal(history, "0-1-2-3-");
	failing = 2;
	history[0] = '\0';
	assert_int_equal(lamp_dark(&driver), -EIO);
	assert_string_equal(history, "0-1-2-3-");
}

/* Dark, each lamp alone, the buzzer, dark: and it comes to an end. */
static void lamp_test_shows_everything_once(void **state)
{
	char seen[64] = "";
	size_t steps = 0;
	char last = '\0';
	struct lamp lamp = { .red = true };
	long t_ms = 0;

	(void)state;
	for (; lamp_test(t_ms, &lamp); t_ms += 10) {
		char now = lamp.red ? 'r' : lamp.amber ? 'a' : lamp.green ? 'g' :
			lamp.buzzer ? 'b' : '.';

		assert_true(lamp.red + lamp.amber + lamp.green + lamp.buzzer <= 1);
		assert_true(t_ms < 5000);
		if (now != last && steps + 1 < sizeof(seen))
			seen[steps++] = now;
		last = now;
	}
	assert_string_equal(seen, ".ragb");
	assert_false(lamp.red || lamp.amber || lamp.green || lamp.buzzer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan_of_three),
		cmocka_unit_test(plan_of_other_modes),
		cmocka_unit_test(three_leds),
		cmocka_unit_test(amber_of_red_and_green),
		cmocka_unit_test(quiet_keeps_the_buzzer_off),
		cmocka_unit_test(a_failed_write_is_tried_again),
		cmocka_unit_test(dark_writes_every_line),
		cmocka_unit_test(lamp_test_shows_everything_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
