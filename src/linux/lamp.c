/*
 * Lamp pictures on lines.
 *
 * Lines that go dark are written first, so that a change of colour passes
 * through dark, never through a colour that means something else.
 */
#include "lamp.h"

static bool wants_leds(const struct settings *settings)
{
	return settings->led_mode == LED_THREE || settings->led_mode == LED_RGB;
}

size_t lamp_plan(const struct settings *settings, struct lamp_driver *driver,
	struct line_request requests[LINES_MAX], int *button)
{
	const char *names[LAMP_LINE_COUNT] = {
		[LAMP_RED] = settings->led_red_line,
		[LAMP_AMBER] = settings->led_amber_line,
		[LAMP_GREEN] = settings->led_green_line,
		[LAMP_BUZZER] = settings->buzzer_line,
	};
	size_t count = 0;

	*driver = (struct lamp_driver){ .rgb = settings->led_mode == LED_RGB,
		.quiet = settings->quiet != 0 };
	for (int i = 0; i < LAMP_LINE_COUNT; i++) {
		bool wired = names[i][0] != '\0' &&
			(i == LAMP_BUZZER || wants_leds(settings)) &&
			!(i == LAMP_AMBER && driver->rgb);

		driver->index[i] = -1;
		driver->known[i] = true;
		if (!wired)
			continue;
		driver->index[i] = (int)count;
		requests[count++] = (struct line_request){ .name = names[i],
			.direction = LINE_OUTPUT,
			.active_low = i == LAMP_BUZZER ?
				settings->buzzer_active_low != 0 :
				settings->active_low != 0 };
	}
	*button = -1;
	if (settings->button_line[0] != '\0') {
		*button = (int)count;
		requests[count++] = (struct line_request){
			.name = settings->button_line, .direction = LINE_BUTTON,
			.active_low = settings->button_active_low != 0 };
	}
	return count;
}

static int set_line(void *context, size_t index, bool on)
{
	return lines_set(context, index, on);
}

void lamp_attach(struct lamp_driver *driver, struct lines *lines)
{
	driver->output = (struct lamp_output){ .set = set_line, .context = lines };
	for (int i = 0; i < LAMP_LINE_COUNT; i++) {
		driver->lit[i] = false;
		driver->known[i] = true;
	}
}

static int write_line(struct lamp_driver *driver, int line, bool on)
{
	int error;

	if (driver->index[line] < 0)
		return 0;
	driver->writes++;
	error = driver->output.set(driver->output.context,
		(size_t)driver->index[line], on);
	if (error != 0)
		driver->errors++;
	driver->lit[line] = on;
	driver->known[line] = error == 0;
	return error;
}

int lamp_show(struct lamp_driver *driver, const struct lamp *lamp)
{
	const bool wanted[LAMP_LINE_COUNT] = {
		[LAMP_RED] = lamp->red || (driver->rgb && lamp->amber),
		[LAMP_AMBER] = lamp->amber,
		[LAMP_GREEN] = lamp->green || (driver->rgb && lamp->amber),
		[LAMP_BUZZER] = lamp->buzzer && !driver->quiet,
	};
	int first = 0;

	for (int on = 0; on <= 1; on++) {
		for (int i = 0; i < LAMP_LINE_COUNT; i++) {
			int error;

			if (wanted[i] != (on == 1) ||
				(driver->known[i] && driver->lit[i] == wanted[i]))
				continue;
			error = write_line(driver, i, wanted[i]);
			if (first == 0)
				first = error;
		}
	}
	return first;
}

int lamp_dark(struct lamp_driver *driver)
{
	int first = 0;

	for (int i = 0; i < LAMP_LINE_COUNT; i++) {
		int error = write_line(driver, i, false);

		if (first == 0)
			first = error;
	}
	return first;
}

bool lamp_test(long elapsed_ms, struct lamp *lamp)
{
	static const struct {
		long until_ms;
		struct lamp lamp;
	} steps[] = {
		{ 200, { .red = false } },
		{ 500, { .red = true } },
		{ 800, { .amber = true } },
		{ 1100, { .green = true } },
		{ 1200, { .buzzer = true } },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (elapsed_ms < steps[i].until_ms) {
			*lamp = steps[i].lamp;
			return true;
		}
	}
	*lamp = (struct lamp){ .red = false };
	return false;
}

/* Line by line: one that is missing must not keep the others lit. */
int lamp_make_dark(const struct settings *settings, struct problem *problem)
{
	struct line_request requests[LINES_MAX];
	struct lamp_driver driver;
	int button, first = 0;
	size_t count = lamp_plan(settings, &driver, requests, &button);

	for (size_t i = 0; i < count; i++) {
		struct lines *lines = NULL;
		int error;

		if ((int)i == button)
			continue;
		error = lines_open(&lines, &requests[i], 1, "stretchd",
			first == 0 ? problem : NULL);
		if (first == 0)
			first = error;
		lines_close(lines);
	}
	return first;
}
