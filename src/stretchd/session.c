/* One session of the daemon: source, alignment, store; what it taught; its end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/folder.h"
#include "linux/holds_view.h"
#include "linux/inputs.h"
#include "stretchd/daemon.h"

#define SPOKEN_MAX 128

/* ---- source ---- */

bool daemon_live(const struct daemon *d)
{
	return d->source.sensors != NULL;
}

static void describe_sensors(const struct daemon *d)
{
	char text[SOURCE_TEXT_MAX];

	for (int site = 0; site < SITE_COUNT; site++)
		if (daemon_live(d) && sensors_describe(d->source.sensors,
				(enum site)site, text, sizeof text))
			log_say(LOG_STEP, "%s", text);
}

int session_open_source(struct daemon *d)
{
	struct problem problem;
	int error, status;

	if (d->source_open && !source_simulated(&d->settings))
		return 0;
	source_close(&d->source);
	error = source_open_step(&d->source, &d->run.inputs, &problem);
	status = error != 0 ? service_await_sensor(d, &problem, error) : 0;
	d->source_open = status == 0;
	d->origin_us = 0;
	if (status == 0)
		describe_sensors(d);
	return status;
}

/* ---- begin ---- */

static int recover_wearer(void *state_dir, const char *wearer)
{
	const struct store_tables tables = { .file = { [STORE_RAW] = raw_table(RAW_EVENT),
		[STORE_JUDGED] = &judged_table, [STORE_HOLDS] = &hold_table } };
	struct problem problem;
	int closed = store_recover(state_dir, wearer, &tables, "stretchd", &problem);

	if (closed == -ENOTDIR || closed == -EINVAL)
		return 0; /* what stands beside the wearers */
	if (closed > 0)
		log_say(LOG_STORAGE, "%d session%s of %s that had been cut off %s "
			"closed as recovered", closed, closed == 1 ? "" : "s",
			wearer, closed == 1 ? "is" : "are");
	if (closed < 0)
		log_say(LOG_STORAGE, "%s", problem.text);
	return 0;
}

/* Of every wearer: the one who was cut off need not be the next one. */
void session_recover(struct daemon *d)
{
	int error = folder_each(d->settings.state_dir, recover_wearer,
		d->settings.state_dir);

	if (error < 0)
		log_say(LOG_STORAGE, "%s: cannot read: %s", d->settings.state_dir,
			strerror(-error));
}

/*
 * A stored alignment, when it is of the strapping worn now: not after a sensor was moved
 * to the other leg, and not when an earlier step of this run has learned the straps.
 */
static int take_alignment(struct daemon *d)
{
	struct session_inputs *in = &d->run.inputs;
	struct problem problem;
	int taken;

	if (in->restrap || in->have_alignment)
		return 0;
	taken = inputs_take_alignment(in, true, &problem);
	if (taken == 0 && problem.text[0] != '\0')
		log_say(LOG_ASK, "%s. the straps are learned in this session",
			problem.text);
	return taken < 0 ? daemon_fail(&problem, taken) : 0;
}

/* Keeps what this session taught of the wearer, once its files are closed; without a
 * date nothing, and nothing from the simulated one. */
static void remember(struct daemon *d)
{
	const struct settings *set = &d->run.inputs.settings;
	char path[PATH_MAX];

	if (source_simulated(&d->settings) || !d->run.begun)
		return;
	person_learn_curve(&d->person, d->today, &d->run.inputs,
		&d->run.state.setup.curve);
	if (strcmp(d->today, "undated") != 0 &&
		person_path(path, set->state_dir, set->wearer) == 0)
		run_also(&d->run, path, person_json(&d->person));
}

/* What is known of the wearer: in memory as long as the file may not say all of it. */
static void recall(struct daemon *d)
{
	const struct settings *set = &d->run.inputs.settings;
	struct problem problem;

	if (run_closing(&d->run) && strcmp(d->person_of, set->wearer) == 0)
		return;
	snprintf(d->person_of, sizeof d->person_of, "%s", set->wearer);
	if (person_load(set->state_dir, set->wearer, &d->person, &problem) != 0)
		log_say(LOG_STORAGE, "%s", problem.text);
}

static int begin_run(struct daemon *d)
{
	struct run *run = &d->run;
	const struct settings *set = &run->inputs.settings;
	struct store_place place = { .program = "stretchd",
		.state_dir = set->state_dir, .wearer = set->wearer,
		.date = d->today, .exercise = exercise_names[set->exercise],
		.side = side_names[set->side] };
	struct problem problem;
	int error;

	source_prepare(&d->source, &run->inputs);
	error = take_alignment(d);
	if (error != 0)
		return error;
	dates_begin(d);
	recall(d);
	person_apply(&d->person, d->today, &run->inputs);
	run->sync = true;
	run->writing = daemon_live(d) ? WRITER_DROPS : WRITER_WAITS;
	json_decref(run->programme);
	run->programme = programme_json(&d->programme);
	session_collect(d, false);
	error = run_begin(run, &place, &problem);
	return error != 0 ? daemon_fail(&problem, error) : 0;
}

int session_begin_step(struct daemon *d)
{
	struct problem problem;
	char text[SPOKEN_MAX];
	int error = programme_inputs(&d->programme, &d->run.inputs, &problem);
	int status = error != 0 ? daemon_fail(&problem, error) : session_open_source(d);

	if (status == 0)
		status = begin_run(d);
	if (status == 0)
		talk_session_begun(d);
	if (status == 0 && d->programme.from_file) {
		programme_say(&d->programme, text, sizeof text);
		log_say(LOG_STEP, "%s", text);
	}
	return status;
}

/* ---- end ---- */

void session_collect(struct daemon *d, bool wait)
{
	struct problem problem;
	int got;

	while ((got = run_closed(&d->run, wait || run_full(&d->run), &problem)) != 0) {
		if (got < 0)
			d->close_status = daemon_fail(&problem, got);
		talk_holds_tell(d);
		/* somebody may have vouched while its files were open: look again */
		if (d->undated)
			d->trust = CLOCK_NONE;
		d->undated = false;
	}
}

/* A person looks at it: what was written is shown. */
static int show_session(struct daemon *d)
{
	const struct store *store = &d->run.files[d->run.at].store;
	struct problem problem;
	int error;

	if (!store->kept) {
		puts("no hold was begun: no session folder is kept");
		return 0;
	}
	printf("\n%s\n", store->target);
	error = holds_view_print(store->target, stdout, &problem);
	return error != 0 ? daemon_fail(&problem, error) : 0;
}

int session_end_step(struct daemon *d)
{
	dates_end(d);
	d->run.sensors = source_json(&d->source);
	remember(d);
	run_end_later(&d->run);
	json_decref(d->run.sensors);
	d->run.sensors = NULL;
	term_close(d->run.term);
	d->run.term = NULL;
	d->sessions++;
	d->kept += d->run.begun;
	/* a note goes into the folder, which has its name when it is closed */
	session_collect(d, d->options.foreground || d->talk.noted);
	talk_session_ended(d, d->run.begun);
	if (!d->options.foreground || d->close_status != 0)
		return d->options.foreground ? d->close_status : 0;
	return show_session(d);
}
