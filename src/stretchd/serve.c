/* Run after run of the programme, until a signal ends it. */
#include <stdio.h>
#include <string.h>

#include "linux/lasting.h"
#include "stretchd/daemon.h"

#define RESUME_US INT64_C(3600000000) /* after an hour a run begins anew */
#define LOOK_US INT64_C(2000000)

/* Health data that vanish are an error for a worn sensor, a remark for a played one. */
static int check_lasting(const struct daemon *d)
{
	struct problem problem;
	enum lasting lasting = lasting_look(d->settings.state_dir,
		"/proc/self/mountinfo", &problem);

	if (lasting == LASTING_YES || d->settings.volatile_store)
		return 0;
	if (strncmp(d->settings.sensor, "i2c:", strlen("i2c:")) != 0)
		return 0;
	log_say(lasting == LASTING_NO ? LOG_MISTAKE : LOG_STORAGE, "%s", problem.text);
	return lasting == LASTING_NO ? EXIT_SYSTEM : 0;
}

/* One session after another, until the run is over or the recording ends. *idled:
 * nobody was there for idle_min. */
static int follow_steps(struct daemon *d, bool *idled)
{
	int status = 0, ended;
	bool more = true;

	*idled = false;
	while (more && !*idled && status == 0 && daemon_stop == 0) {
		status = session_begin_step(d);
		if (status != 0)
			break;
		show_open_view(d);
		status = rounds_run(d);
		*idled = d->run.state.idled && source_live(&d->settings);
		more = programme_ended(&d->programme, &d->run.inputs, &d->run.state) &&
			(!d->source_ended || source_simulated(&d->settings));
		ended = session_end_step(d);
		status = status != 0 ? status : ended;
	}
	return status;
}

/* What keeps a run from beginning is said once: each movement would ask for it again. */
static void say_why(struct daemon *d, int steps, const struct problem *why)
{
	if (strcmp(why->text, d->why.text) != 0)
		log_say(LOG_ASK, "%s%s", steps == 0 ? "no session begins: " : "",
			why->text);
	d->why = *why;
}

void serve_look_idle(struct daemon *d, int64_t now_us)
{
	struct problem why;
	int steps;

	if (d->why.text[0] == '\0' || now_us - d->looked_us < LOOK_US)
		return;
	d->looked_us = now_us;
	steps = programme_look(&d->programme, d->trust, &why);
	if (steps == 0)
		say_why(d, steps, &why);
	if (steps <= 0)
		return; /* trouble of the disk is told where a run needs it */
	d->why.text[0] = '\0';
	log_say(LOG_STEP, "nothing keeps a session from beginning any more: it does when "
		"the wearer moves");
}

/* There is no run to go on with where none could begin. */
static int do_run(struct daemon *d, bool *idled)
{
	struct problem why;
	int steps = programme_begin(&d->programme, d->trust, &why);

	*idled = false;
	if (steps <= 0) {
		say_why(d, steps, &why);
		return steps == 0 ? EXIT_NO : problem_exit_status(steps);
	}
	d->why.text[0] = '\0';
	if (d->programme.from_file && d->programme.now.prescription.warm_up == 1)
		log_say(LOG_STEP, "warm up first: walk for some minutes");
	return follow_steps(d, idled);
}

/* Dark until the wearer moves; nothing is written. 0 or the exit status. */
static int wait_for_wearer(struct daemon *d)
{
	struct problem problem;
	int error = programme_wait_inputs(&d->programme, &d->run.inputs, &problem);
	int status = error != 0 ? daemon_fail(&problem, error) : session_open_source(d);

	if (status != 0)
		return status;
	source_prepare(&d->source, &d->run.inputs);
	error = run_begin(&d->run, NULL, &problem);
	if (error != 0)
		return daemon_fail(&problem, error);
	talk_run_over(d);
	sitting_init(&d->sitting, 0);
	d->origin_us = -1;
	d->waiting = true;
	status = rounds_run(d);
	d->waiting = false;
	run_abort(&d->run);
	return status;
}

/*
 * A worn sensor: run after run, each begun by movement or a press. A run that the
 * wearer walked away from goes on where it was, unless that is long ago.
 */
static int follow_programme(struct daemon *d)
{
	bool idled = false;
	int status = do_run(d, &idled);

	while (source_live(&d->settings) && daemon_stop == 0 &&
		(status == 0 || status == EXIT_NO)) {
		int64_t left_us = clock_monotonic_us();

		status = wait_for_wearer(d);
		if (status != 0 || daemon_stop != 0)
			return status;
		dates_look(d);
		if (idled && clock_monotonic_us() - left_us < RESUME_US)
			status = follow_steps(d, &idled);
		else
			status = do_run(d, &idled);
	}
	return status;
}

static int run_lit(struct daemon *d)
{
	int status = show_take_lines(d);

	if (status != 0)
		return status;
	session_recover(d);
	dates_look(d);
	rounds_prepare(d); /* before there is a second thread that could take a signal */
	status = follow_programme(d);
	notify_stopping(&d->notify);
	show_release_lines(d); /* dark before the disk is waited for */
	session_collect(d, true);
	status = status != 0 ? status : d->close_status;
	source_close(&d->source);
	json_decref(d->run.programme);
	return status;
}

static int run_reachable(struct daemon *d)
{
	int status = talk_open(d);

	if (status != 0)
		return status;
	status = run_lit(d);
	talk_close(d);
	return status;
}

int serve_run(struct daemon *d)
{
	int status = check_lasting(d);

	if (status == 0)
		status = service_begin(d);
	if (status != 0)
		return status;
	status = run_reachable(d);
	service_end(d);
	return status == STATUS_STOPPED ? 0 : status;
}
