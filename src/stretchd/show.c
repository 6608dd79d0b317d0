/* Lamps on their lines, the view in the terminal, and what is said of sensors. */
#include <stdio.h>

#include "stretchd/daemon.h"

#define SHOW_US 50000 /* the live view is redrawn that often */

int show_take_lines(struct daemon *d)
{
	struct line_request requests[LINES_MAX];
	struct problem problem;
	struct lamp lamp;
	int button;
	size_t count = lamp_plan(&d->settings, &d->lamps, requests, &button);
	int64_t start_us = clock_monotonic_us();
	int error;

	if (count == 0)
		return 0;
	error = lines_open(&d->lines, requests, count, "stretchd", &problem);
	if (error != 0)
		return daemon_fail(&problem, error);
	lamp_attach(&d->lamps, d->lines);
	while (daemon_stop == 0 &&
		lamp_test((long)((clock_monotonic_us() - start_us) / 1000), &lamp)) {
		(void)lamp_show(&d->lamps, &lamp);
		clock_sleep_until_us(clock_monotonic_us() + 10000);
	}
	return 0;
}

void show_release_lines(struct daemon *d)
{
	if (d->lines == NULL)
		return;
	(void)lamp_dark(&d->lamps);
	lines_close(d->lines);
	d->lines = NULL;
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

	if (d->lines != NULL)
		(void)lamp_show(&d->lamps, &d->run.out.lamp);
	if (!force && now_us - d->shown_us < SHOW_US)
		return;
	d->shown_us = now_us;
	run_show(&d->run);
}

void show_say_event(const struct daemon *d, const struct event *event)
{
	char text[SOURCE_TEXT_MAX];

	if (daemon_live(d) && !d->options.foreground && source_say(event, text))
		fprintf(stderr, "stretchd: %s\n", text);
}
