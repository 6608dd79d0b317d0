/*
 * The daemon as a service: one for a state folder, not as root; up once its loop runs,
 * alive as long as whole rounds are made; and waiting where there is no sensor yet.
 *
 * A whole round: the source was asked, a sample went through the session since the last
 * sign of life (sensors that failed give empty ones, 20 a second), and the writing
 * thread is not stuck. A dead sensor is not cured by a new start; a stuck program is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stretchd/daemon.h"

#define WRITER_STUCK_US INT64_C(60000000) /* a slow disk is done by then */
#define RETRY_US INT64_C(2000000)
#define RETRY_LONG_US INT64_C(10000000) /* after a minute: other chips are asked too */
#define MINUTE_US INT64_C(60000000)

int service_begin(struct daemon *d)
{
	struct problem problem;
	int error = instance_check_user(geteuid(), source_live(&d->settings), &problem);

	notify_init(&d->notify);
	d->lock = error != 0 ? -1 : instance_lock(d->settings.state_dir, &problem);
	if (error == 0 && d->lock < 0)
		error = d->lock;
	return error != 0 ? daemon_fail(&problem, error) : 0;
}

/* As a service only: at the terminal the session's own table is the end. */
static void say_counts(const struct daemon *d)
{
	char lines[256];

	if (d->options.foreground || !source_live(&d->settings))
		return;
	log_say_counts(lines, sizeof lines);
	log_say(LOG_STEP, "ends: %u sessions, %u kept; %" PRIu64 " samples, %" PRIu64
		" wake-ups, %" PRIu64 " events lost; lamps: %lu writes, %lu failed; "
		"log: %s", d->sessions, d->kept, d->loop.samples, d->loop.wakeups,
		d->loop.events_lost, d->panel.lamps.writes, d->panel.lamps.errors, lines);
}

void service_end(struct daemon *d)
{
	say_counts(d);
	instance_unlock(d->lock);
	d->lock = -1;
}

/* ---- no sensor yet ---- */

static void say_missing(struct daemon *d, const struct problem *why)
{
	if (strcmp(why->text, d->missing) == 0)
		return;
	snprintf(d->missing, sizeof d->missing, "%s", why->text);
	log_say(LOG_SENSOR, "no sensor: %s. waiting for it", why->text);
}

/* What a person can mend while it waits; mistakes in files are told and end it. */
static bool can_wait(const struct daemon *d, int error)
{
	return source_live(&d->settings) && !d->options.foreground &&
		error != -EBADMSG && error != -EINVAL && error != -ENOMEM;
}

static void show_fault(struct daemon *d, int64_t now_us)
{
	const struct feedback_state fault = { .id = LED_FAULT,
		.since_us = d->missing_since_us };
	struct lamp lamp = feedback_lamp(&fault, now_us, d->settings.quiet != 0);

	show_lamps(d, &lamp, now_us);
}

/* False: wait no longer, it is there or can never be. */
static bool still_missing(struct daemon *d, int64_t now_us)
{
	struct problem problem;
	int error;

	show_fault(d, now_us);
	if (now_us < d->retry_us)
		return true;
	d->retry_us = now_us + (now_us - d->missing_since_us < MINUTE_US ? RETRY_US
		: RETRY_LONG_US);
	error = source_open_step(&d->source, &d->run.inputs, &problem);
	d->source_error = error;
	if (error == 0)
		return false;
	source_none(&d->source);
	if (!can_wait(d, error)) {
		daemon_fail(&problem, error);
		return false;
	}
	say_missing(d, &problem);
	return true;
}

int service_await_sensor(struct daemon *d, const struct problem *why, int error)
{
	struct problem problem;

	if (!can_wait(d, error))
		return daemon_fail(why, error);
	d->missing_since_us = clock_monotonic_us();
	d->retry_us = d->missing_since_us + RETRY_US;
	d->missing[0] = '\0';
	say_missing(d, why);
	source_none(&d->source);
	d->source_error = error;
	(void)loop_run(&d->loop, &d->source, &problem);
	d->loop.events = 0; /* presses on nothing */
	if (d->source_error == 0)
		return 0;
	return daemon_stop != 0 ? STATUS_STOPPED : problem_exit_status(d->source_error);
}

/* ---- rounds ---- */

static void say_status(struct daemon *d)
{
	const struct settings *set = &d->run.inputs.settings;
	const bool deaf = d->settings.control[0] != '\0' && d->control.listen_fd < 0;
	char text[NOTIFY_TEXT_MAX], dark[32];

	snprintf(dark, sizeof dark, "%s%s", panel_missing(&d->panel) ? "no lamps; " : "",
		deaf ? "no socket; " : "");
	if (source_is_none(&d->source))
		snprintf(text, sizeof text, "%sfault, waiting for a sensor: %.190s", dark,
			d->missing);
	else if (d->waiting && d->why.text[0] != '\0')
		snprintf(text, sizeof text, "idle, no session begins: %.200s", d->why.text);
	else if (d->waiting)
		snprintf(text, sizeof text, "%sidle, waiting for movement", dark);
	else
		snprintf(text, sizeof text, "%s%s, %s: %s", dark,
			exercise_names[set->exercise], side_names[set->side],
			hold_phase_names[d->run.state.hold.phase]);
	notify_status(&d->notify, text);
}

static bool whole_round(const struct daemon *d, int64_t now_us)
{
	const struct writer *writer = &d->run.files[d->run.at].writer;

	if (d->run.storing && writer_busy_us(writer, now_us) > WRITER_STUCK_US)
		return false;
	return !d->notify.ready || !daemon_live(d) || d->loop.samples != d->judged;
}

bool service_round(struct daemon *d, int64_t now_us)
{
	bool go_on = !source_is_none(&d->source) || still_missing(d, now_us);

	say_status(d);
	if (whole_round(d, now_us) && notify_round(&d->notify, now_us))
		d->judged = d->loop.samples;
	return go_on;
}
