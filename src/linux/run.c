/* The loop body of daemon and replay; see run.h. */
#include "linux/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "linux/clock.h"
#include "linux/inputs_json.h"
#include "linux/run_facts.h"
#include "linux/store_parts.h"
#include "stretch/raw.h"

#define FLUSH_US 1000000 /* with the kernel's own delay, under the promised 2 s */

static struct run_files *now_of(struct run *run)
{
	return &run->files[run->at];
}

static void drop_json(struct run_files *files)
{
	json_t **const all[] = { &files->inputs, &files->first_facts, &files->facts,
		&files->also };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		json_decref(*all[i]);
		*all[i] = NULL;
	}
}

/* The other pair of files; what is still closed there is waited for. */
static struct run_files *take_files(struct run *run, struct store_place *place)
{
	const struct run_files *last = now_of(run);
	struct run_files *files;

	if (last->closing)
		place->above = last->store.number;
	run->at = !run->at;
	files = now_of(run);
	writer_join(&files->writer);
	drop_json(files);
	files->closing = false;
	atomic_store(&files->opened, 0);
	memset(&files->writer.lost, 0, sizeof files->writer.lost);
	atomic_store(&files->writer.stall_us, 0);
	return files;
}

/* In the writing thread, or inline. inputs.json is tried again at the end. */
static int open_files(void *context)
{
	struct run_files *files = context;
	int error = store_make(&files->store, &files->problem);

	if (error == 0)
		error = store_json(&files->store, "inputs.json", files->inputs,
			&files->problem);
	if (error == 0) {
		json_decref(files->inputs);
		files->inputs = NULL;
		/* what a power cut leaves says at least whose session it was */
		error = store_json(&files->store, "session.json", files->first_facts,
			&files->problem);
	}
	atomic_store(&files->opened, error < 0 ? error : 1);
	return error;
}

/* 0 when they are open, or when the disk takes too long to say so; or -errno. */
static int await_open(const struct run_files *files, struct problem *problem)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int64_t until_us = clock_monotonic_us() + RUN_OPEN_WAIT_US;
	int opened;

	while ((opened = atomic_load(&files->opened)) == 0 &&
		clock_monotonic_us() < until_us)
		nanosleep(&pause, NULL);
	if (opened < 0)
		*problem = files->problem;
	return opened < 0 ? opened : 0;
}

/* What open_files writes; nothing in it is shared with a thread. */
static int describe(struct run *run, struct run_files *files)
{
	json_t *inputs = run_add_programme(run, inputs_to_json(&run->inputs));
	json_t *facts = run_facts_json(run, STORE_OPEN);

	files->inputs = json_deep_copy(inputs);
	files->first_facts = json_deep_copy(facts);
	json_decref(inputs);
	json_decref(facts);
	return files->inputs != NULL && files->first_facts != NULL ? 0 : -ENOMEM;
}

static int open_store(struct run *run, const struct store_place *wanted,
	struct problem *problem)
{
	unsigned parts = RAW_EVENT | RAW_TEMP;
	struct store_place place = *wanted;
	struct run_files *files = take_files(run, &place);
	struct store_tables tables;
	int error;

	if (run->inputs.mode == MODE_THIGH_PELVIS)
		parts |= RAW_PELVIS;
	tables = (struct store_tables){ .file = { [STORE_RAW] = raw_table(parts),
		[STORE_JUDGED] = &judged_table, [STORE_HOLDS] = &hold_table } };
	error = store_choose(&files->store, &place, &tables, problem);
	if (error != 0)
		return error;
	if (run->inputs.name[0] == '\0')
		snprintf(run->inputs.name, sizeof run->inputs.name, "%s",
			store_name(&files->store));
	error = describe(run, files);
	if (error == 0)
		error = writer_start(&files->writer, &files->store, run->writing,
			run->sync);
	if (error != 0)
		return problem_errno(problem, files->store.target, "open", error);
	run->storing = true;
	(void)writer_job(&files->writer, open_files, files); /* the ring is empty */
	return await_open(files, problem);
}

int run_begin(struct run *run, const struct store_place *place, struct problem *problem)
{
	const char *wrong = session_init(&run->state, &run->inputs);
	int error = 0;

	memset(&run->totals, 0, sizeof run->totals);
	run->storing = run->started = run->begun = false;
	run->store_error = 0;
	if (wrong != NULL) {
		problem_set(problem, "%s: %s",
			exercise_names[run->inputs.settings.exercise], wrong);
		return -EINVAL;
	}
	if (place != NULL)
		error = open_store(run, place, problem);
	if (error != 0)
		run_abort(run);
	return error;
}

static void count_hold(struct run *run, const struct hold_row *row)
{
	run->totals.attempts++;
	run->totals.results[row->result]++;
	run->totals.stretch_s += row->hold_s;
}

static void write_rows(struct run *run, const struct sample *sample)
{
	const struct session_output *out = &run->out;
	struct writer *writer = &now_of(run)->writer;

	if (!run->storing)
		return;
	writer_raw(writer, sample);
	if (out->begun) {
		run->begun = true;
		writer_keep(writer);
	}
	if (out->judged_due)
		writer_judged(writer, &out->judged);
	if (out->hold_due)
		writer_hold(writer, &out->hold);
	if (sample->t_us - run->flushed_us >= FLUSH_US) {
		writer_flush(writer);
		run->flushed_us = sample->t_us;
	}
	run->store_error = writer_error(writer);
}

static void feed(struct run *run, const struct sample *sample, const struct vec3 *up)
{
	if (run->state.finished) {
		/* what smoothed the session must stay in its recording */
		if (run->inputs.smoothed && run->storing)
			writer_raw(&now_of(run)->writer, sample);
		return;
	}
	if (!run->started) {
		run->started = true;
		run->totals.first_us = run->flushed_us = sample->t_us;
	}
	run->totals.last_us = sample->t_us;
	if (up != NULL)
		session_step_smoothed(&run->state, &run->inputs, sample, up, &run->out);
	else
		session_step(&run->state, &run->inputs, sample, &run->out);
	if (run->out.hold_due)
		count_hold(run, &run->out.hold);
	write_rows(run, sample);
}

void run_feed(struct run *run, const struct sample *sample)
{
	feed(run, sample, NULL);
}

void run_feed_smoothed(struct run *run, const struct sample *sample,
	const struct vec3 up[SITE_COUNT])
{
	feed(run, sample, up);
}

/* Rows that the ring had no room for, and those that the disk did not take. */
static json_t *lost_json(const struct run_files *files, enum store_file file)
{
	return json_integer((json_int_t)files->writer.lost[file] +
		(json_int_t)store_lost(&files->store, file));
}

static json_t *storage_json(const struct run_files *files, int error)
{
	return json_pack("{s:o,s:o,s:o,s:f,s:o}",
		"raw_rows_lost", lost_json(files, STORE_RAW),
		"judged_rows_lost", lost_json(files, STORE_JUDGED),
		"hold_rows_lost", lost_json(files, STORE_HOLDS),
		"longest_stall_s", (double)files->writer.stall_us * 1e-6,
		"first_error", error < 0 ? json_string(strerror(-error)) : json_null());
}

/* The first error counts. */
static void put_also(struct run_files *files)
{
	int error = store_put_json(files->also_path, files->also);

	if (files->error == 0 && error < 0)
		files->error = problem_errno(&files->problem, files->also_path, "write",
			error);
}

/* In the writing thread, or inline: all that waits for the disk. */
static void close_files(void *context)
{
	struct run_files *files = context;
	/* before the losses are counted: it may fail, too */
	int flushed = store_flush(&files->store, false);
	int writing = writer_error(&files->writer);

	writing = writing != 0 ? writing : flushed;
	if (files->facts == NULL) {
		store_abort(&files->store);
		problem_set(&files->problem, "no memory for session.json");
		files->error = -ENOMEM;
		return;
	}
	json_object_set_new(files->facts, "storage", storage_json(files, writing));
	if (files->inputs != NULL && files->store.kept)
		(void)store_json(&files->store, "inputs.json", files->inputs,
			&files->problem);
	files->error = store_close(&files->store, files->facts, &files->problem);
	if (files->error == 0 && writing != 0)
		files->error = problem_errno(&files->problem, files->store.target,
			"write all of it", writing);
	if (files->also != NULL)
		put_also(files);
}

void run_also(struct run *run, const char *path, json_t *value)
{
	struct run_files *files = now_of(run);

	if (!run->storing || strlen(path) >= sizeof files->also_path) {
		json_decref(value);
		return;
	}
	json_decref(files->also);
	files->also = value;
	strcpy(files->also_path, path);
}

void run_end_later(struct run *run)
{
	struct run_files *files = now_of(run);
	json_t *facts;

	session_finish(&run->state, &run->inputs, &run->out);
	if (run->out.hold_due) {
		count_hold(run, &run->out.hold);
		if (run->storing)
			writer_hold(&files->writer, &run->out.hold);
	}
	if (!run->storing)
		return;
	run->storing = false;
	facts = run_facts_json(run, STORE_CLOSED);
	if (facts != NULL && run->sensors != NULL)
		json_object_set(facts, "sensors", run->sensors);
	files->facts = json_deep_copy(facts); /* nothing in it is shared with a thread */
	json_decref(facts);
	files->closing = true;
	files->error = 0;
	writer_end(&files->writer, close_files, files);
	if (!run->begun)
		writer_join(&files->writer);
}

/* The files' writer has ended, or is waited for. 1 or -errno. */
static int take_closed(struct run_files *files, struct problem *problem)
{
	writer_join(&files->writer);
	files->closing = false;
	drop_json(files);
	if (files->error != 0)
		*problem = files->problem;
	return files->error != 0 ? files->error : 1;
}

bool run_full(const struct run *run)
{
	return run->files[!run->at].closing;
}

bool run_closing(const struct run *run)
{
	return run->files[0].closing || run->files[1].closing;
}

int run_closed(struct run *run, bool wait, struct problem *problem)
{
	for (int i = 1; i >= 0; i--) {
		struct run_files *files = &run->files[run->at ^ i];

		if (files->closing && (wait || writer_ended(&files->writer)))
			return take_closed(files, problem);
	}
	return 0;
}

int run_end(struct run *run, struct problem *problem)
{
	struct run_files *files = now_of(run);
	int closed;

	run_end_later(run);
	if (!files->closing)
		return 0;
	closed = take_closed(files, problem);
	return closed < 0 ? closed : 0;
}

void run_abort(struct run *run)
{
	if (!run->storing)
		return;
	writer_stop(&now_of(run)->writer);
	store_abort(&now_of(run)->store);
	drop_json(now_of(run));
	run->storing = false;
}

void run_show(struct run *run)
{
	const struct session_output *out = &run->out;
	struct term_view view;

	if (run->term == NULL)
		return;
	view = (struct term_view){
		.t_s = (double)out->judged.t_us * 1e-6,
		.angle_deg = out->judged.signal_deg,
		.band_low_deg = out->band_low_deg,
		.band_high_deg = out->band_high_deg,
		.counted_s = out->counted_s,
		.prescribed_s = out->prescribed_s,
		.state = hold_phase_names[out->judged.state],
		.led = led_names[out->judged.led],
		.advice = session_advice(&run->state),
		.pelvis = run->inputs.mode == MODE_THIGH_PELVIS &&
				out->judged.pelvis_verdict > 0
			? pelvis_verdict_names[out->judged.pelvis_verdict] : NULL,
		.lamp = out->lamp,
		.hold_index = run->state.hold.index,
		.holds = run->state.plan.reps,
		.holds_done = run->state.hold.reps_done,
	};
	(void)term_show(run->term, &view);
}
