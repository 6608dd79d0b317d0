/* What the loop calls: samples into the session, presses and signals between them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stretchd/daemon.h"

/* The first error of writing goes into the recording: a replay shows the same. */
static void tell_storage(struct daemon *d)
{
	int error = d->run.store_error;
	struct event event = { .kind = error != 0 ? EVENT_FAULT : EVENT_RECOVERED,
		.word = { "storage" } };

	if ((error != 0) == (d->storage_error != 0))
		return;
	if (error != 0)
		snprintf(event.word[1], EVENT_WORD_MAX, "%s",
			error == -ENOSPC || error == -EDQUOT ? "full" : "write");
	if (error != 0)
		log_say(LOG_STORAGE, "%s: cannot write: %s. the session goes on; "
			"raw.csv is given up first, then samples.csv, holds.csv last",
			d->run.inputs.settings.state_dir, strerror(-error));
	d->storage_error = error;
	loop_event(&d->loop, &event);
}

/* In these a press must not wait until the finger is lifted. */
static bool in_hold(enum hold_phase phase)
{
	return phase == HOLD_ENTERING || phase == HOLD_COUNTING ||
		phase == HOLD_PAUSED || phase == HOLD_DONE || phase == HOLD_STOPPED;
}

static bool loop_over(const struct daemon *d)
{
	return daemon_stop != 0 || d->run.state.finished ||
		(d->waiting && d->run.state.hold.phase != HOLD_IDLE);
}

/* While nobody stretches: get up from sitting, shown and heard as `go`. */
static void remind(struct daemon *d, int64_t t_us)
{
	double every_min = d->programme.now.prescription.break_every_min;
	struct feedback_state cue = { .id = LED_GO };

	if (!sitting_step(&d->sitting, every_min, t_us,
		d->run.state.still.moved_us == t_us))
		return;
	cue.since_us = d->sitting.cue_us;
	d->run.out.lamp = feedback_lamp(&cue, t_us, d->settings.quiet != 0);
}

static bool take_sample(void *context, const struct sample *sample)
{
	struct daemon *d = context;
	struct sample mine = *sample;

	if (d->origin_us < 0)
		d->origin_us = sample->t_us;
	mine.t_us -= d->origin_us;
	programme_event(&d->programme, &mine);
	run_feed(&d->run, &mine);
	if (d->run.out.hold_due)
		person_learn_share(&d->person, d->today, &d->run.out.hold);
	if (d->waiting)
		remind(d, mine.t_us);
	show_moment(d, d->run.out.changed);
	talk_sample(d, &mine);
	show_say_event(d, &sample->event);
	show_say_lines(d);
	tell_storage(d);
	return !loop_over(d);
}

int rounds_reload(struct daemon *d, struct log_list *said)
{
	int error;

	(void)log_list_begin(said);
	error = programme_reload(&d->programme, said->out);
	log_list_end(said, error != 0 ? LOG_MISTAKE : LOG_STEP);
	return error;
}

static void hang_up(struct daemon *d)
{
	struct log_list said;

	daemon_hangup = 0;
	(void)rounds_reload(d, &said);
	log_list_free(&said);
}

static bool go_on(void *context, int64_t now_us)
{
	struct daemon *d = context;

	control_round(&d->control, now_us);
	session_collect(d, false);
	if (d->waiting) {
		dates_look_idle(d, now_us);
		serve_look_idle(d, now_us);
	}
	if (daemon_hangup != 0)
		hang_up(d);
	return service_round(d, now_us) && daemon_stop == 0;
}

static void take_press(void *context)
{
	struct daemon *d = context;
	enum hold_phase phase = d->run.state.hold.phase;
	struct event event = { .kind = EVENT_NONE };
	struct line_edge edge;
	int got = panel_button_read(&d->panel, &edge);

	if (got == -ENODEV)
		loop_unwatch(&d->loop, panel_button_fd(&d->panel));
	if (got != 1)
		return;
	event.kind = press_edge(&d->press, &edge, in_hold(phase));
	if (event.kind != EVENT_NONE)
		loop_event(&d->loop, &event);
}

void rounds_watch_button(struct daemon *d)
{
	(void)loop_watch(&d->loop, panel_button_fd(&d->panel), take_press, d);
}

void rounds_prepare(struct daemon *d)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	loop_init(&d->loop, &loop_clock_system);
	loop_hold_signals(&d->loop, signals, sizeof signals / sizeof signals[0]);
	d->loop.sample = take_sample;
	d->loop.round = go_on;
	d->loop.context = d;
	(void)loop_watch(&d->loop, control_fd(&d->control), control_serve, &d->control);
	rounds_watch_button(d);
}

int rounds_run(struct daemon *d)
{
	struct problem problem;
	int ended = loop_run(&d->loop, &d->source, &problem);

	d->source_ended = ended == SOURCE_END;
	d->origin_us = -1;
	if (source_torn(&d->source))
		log_say(LOG_STORAGE, "%s: the last row was torn and is left out",
			d->settings.sensor);
	return ended < 0 ? daemon_fail(&problem, ended) : 0;
}
