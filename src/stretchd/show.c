/* Lamps on their lines, the view in the terminal, and what is said of sensors. */
#include <errno.h>
#include <stdio.h>

#include "stretchd/daemon.h"

#define SHOW_US 50000 /* the live view is redrawn that often */

/* At boot an adapter may come later, or udev with its rights. Mistakes stay fatal. */
static bool lamps_may_come(const struct daemon *d, int error)
{
	return source_live(&d->settings) && !d->options.foreground &&
		(error == -ENODEV || error == -ENOENT || error == -EACCES);
}

int show_take_lines(struct daemon *d)
{
	struct problem problem;
	struct lamp lamp;
	int64_t start_us = clock_monotonic_us(), now_us = start_us;
	int error = panel_open(&d->panel, &d->settings, "stretchd", &problem);

	if (error != 0 && !lamps_may_come(d, error))
		return daemon_fail(&problem, error);
	if (error != 0) {
		log_say(LOG_SYSTEM, "no lamps: %s. waiting for them", problem.text);
		return 0;
	}
	while (daemon_stop == 0 && d->panel.count > 0 &&
		lamp_test((long)((now_us - start_us) / 1000), &lamp)) {
		(void)panel_show(&d->panel, &lamp, now_us);
		clock_sleep_until_us(now_us + 10000);
		now_us = clock_monotonic_us();
	}
	return 0;
}

void show_release_lines(struct daemon *d)
{
	panel_close(&d->panel);
}

/* Told, and put into the recording: for so long the wearer saw nothing. */
void show_lamps(struct daemon *d, const struct lamp *lamp, int64_t now_us)
{
	int button = panel_button_fd(&d->panel);
	enum panel_news news = panel_show(&d->panel, lamp, now_us);
	struct event event = { .kind = EVENT_FAULT, .word = { "lamps", "gone" } };

	if (news == PANEL_SAME)
		return;
	if (news == PANEL_GONE) {
		loop_unwatch(&d->loop, button);
	} else {
		event = (struct event){ .kind = EVENT_RECOVERED, .word = { "lamps" } };
		rounds_watch_button(d);
	}
	loop_event(&d->loop, &event);
}

void show_open_view(struct daemon *d)
{
	struct term_title title = {
		.exercise = exercise_names[d->run.inputs.settings.exercise],
		.side = side_names[d->run.inputs.settings.side],
		.source = daemon_live(d) ? "" :
			source_simulated(&d->settings) ? "simulated" : "replayed",
		.speed = d->settings.speed,
	};

	if (d->options.foreground)
		d->run.term = term_open(stdout, &title);
}

void show_moment(struct daemon *d, bool force)
{
	int64_t now_us = clock_monotonic_us();

	show_lamps(d, &d->run.out.lamp, now_us);
	if (!force && now_us - d->shown_us < SHOW_US)
		return;
	d->shown_us = now_us;
	run_show(&d->run);
}

void show_say_lines(struct daemon *d)
{
	char text[SOURCE_TEXT_MAX];

	while (daemon_live(d) && sensors_line_news(d->source.sensors, text, sizeof text))
		if (!d->options.foreground)
			log_say(LOG_SENSOR, "%s", text);
}

void show_say_event(const struct daemon *d, const struct event *event)
{
	char text[SOURCE_TEXT_MAX];

	if (daemon_live(d) && !d->options.foreground && source_say(event, text))
		log_say(LOG_SENSOR, "%s", text);
}
