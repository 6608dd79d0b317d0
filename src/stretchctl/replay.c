/*
 * stretchctl replay: judge a recording, or a session folder again.
 *
 * The same session_step as in the daemon. A session folder brings its own
 * inputs.json, and then samples.csv and holds.csv come out byte for byte.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/config.h"
#include "linux/holds_view.h"
#include "linux/inputs.h"
#include "linux/inputs_json.h"
#include "linux/output.h"
#include "linux/recording.h"
#include "linux/run.h"
#include "stretch/pose_search.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/replay_options.h"
#include "stretchctl/smooth_track.h"

/* A session folder stands for its raw.csv.gz (or raw.csv) and inputs.json. */
static void resolve_folder(struct replay_options *o, char raw[PATH_MAX],
	char inputs[PATH_MAX])
{
	struct stat info;

	if (stat(o->path, &info) != 0 || !S_ISDIR(info.st_mode))
		return;
	snprintf(raw, PATH_MAX, "%s/raw.csv.gz", o->path);
	if (access(raw, F_OK) != 0)
		snprintf(raw, PATH_MAX, "%s/raw.csv", o->path);
	snprintf(inputs, PATH_MAX, "%s/inputs.json", o->path);
	o->path = raw;
	if (o->inputs == NULL)
		o->inputs = inputs;
}

static int fail(const struct problem *problem, int error)
{
	fprintf(stderr, REPLAY ": %s\n", problem->text);
	return problem_exit_status(error);
}

static int load_inputs(const struct replay_options *o, struct session_inputs *in)
{
	static struct config_mistakes mistakes;
	static struct settings settings;
	struct problem problem, note;
	int error;

	if (o->inputs != NULL) {
		if (o->word_count > 0 || o->config != NULL)
			return options_refuse(REPLAY, o->inputs,
				"inputs.json already says all settings");
		error = inputs_read(o->inputs, in, &note, &problem);
		if (error != 0)
			return fail(&problem, error);
		if (note.text[0] != '\0')
			fprintf(stderr, REPLAY ": %s\n", note.text);
		return 0;
	}
	error = config_load(&settings, o->config, o->words, o->word_count, &mistakes);
	if (error != 0) {
		config_print_mistakes(&mistakes, stderr);
		return problem_exit_status(error);
	}
	error = inputs_from_settings(in, &settings, &problem);
	if (error != 0)
		return fail(&problem, error);
	in->smoothed = o->smooth;
	if (isfinite(o->reference_from_s)) {
		in->reference_from_us = (int64_t)llround(o->reference_from_s * 1e6);
		in->reference_to_us = (int64_t)llround(o->reference_to_s * 1e6);
	}
	return 0;
}

/* Opens, runs every sample through each, closes: 0 or the exit status. */
typedef void (*sample_fn)(void *context, const struct sample *sample);

static int each_sample(const char *path, sample_fn use, void *context,
	unsigned *parts, struct recording_stats *stats)
{
	struct recording *recording;
	struct sample sample;
	struct problem problem;
	int got = recording_open(&recording, path, NULL, &problem);

	*stats = (struct recording_stats){ 0 };
	if (got != 0)
		return fail(&problem, got);
	*parts = recording_parts(recording);
	while ((got = recording_next(recording, &sample, NULL, &problem)) == 1) {
		(void)raw_round(&sample);
		use(context, &sample);
	}
	*stats = recording_stats(recording);
	recording_close(recording);
	return got < 0 ? fail(&problem, got) : 0;
}

struct search_context {
	struct pose_search search;
	const struct session_inputs *in;
};

static void search_sample(void *context, const struct sample *sample)
{
	struct search_context *c = context;

	pose_search_step(&c->search, c->in, sample);
}

/* With --reference-at: the straps from the whole recording. */
static int learn_straps(const struct replay_options *o, struct session_inputs *in)
{
	static struct search_context context;
	struct recording_stats stats;
	struct pose_window used;
	enum align_result result;
	unsigned parts;
	int status;
	const char *wrong = pose_search_init(&context.search, in);

	if (wrong != NULL)
		return options_refuse(REPLAY, exercise_names[in->settings.exercise], wrong);
	context.in = in;
	status = each_sample(o->path, search_sample, &context, &parts, &stats);
	if (status != 0)
		return status;
	if (context.search.reference_n == 0) {
		fprintf(stderr, REPLAY ": %s: no good sample in %g..%g s. Name "
			"a window in which the start pose is kept still\n",
			o->path, o->reference_from_s, o->reference_to_s);
		return EXIT_USAGE;
	}
	result = pose_search_finish(&context.search, in, &used);
	if (result != ALIGN_OK) {
		fprintf(stderr, REPLAY ": %s: the straps cannot be learned: %s\n",
			o->path, align_result_advice[result]);
		return EXIT_USAGE;
	}
	if (!o->quiet)
		printf("straps learned from %g..%g s and the still moment %.2f..%.2f s\n",
			o->reference_from_s, o->reference_to_s,
			(double)used.from_us * 1e-6, (double)used.to_us * 1e-6);
	return 0;
}

struct feed_context {
	struct run *run;
	struct smooth_track track;
	size_t row;
};

static void feed_sample(void *context, const struct sample *sample)
{
	struct feed_context *c = context;
	struct vec3 up[SITE_COUNT];

	if (!c->run->inputs.smoothed) {
		run_feed(c->run, sample);
		return;
	}
	for (int site = 0; site < SITE_COUNT; site++)
		up[site] = c->track.up[site] != NULL && c->row < c->track.count
			? c->track.up[site][c->row] : (struct vec3){ NAN, NAN, NAN };
	c->row++;
	run_feed_smoothed(c->run, sample, up);
}

static int choose_mode(const struct replay_options *o, struct session_inputs *in)
{
	struct recording *recording;
	struct problem problem;
	int error = recording_open(&recording, o->path, NULL, &problem);
	bool pelvis;

	if (error != 0)
		return fail(&problem, error);
	pelvis = (recording_parts(recording) & RAW_PELVIS) != 0;
	recording_close(recording);
	if (o->inputs != NULL)
		return 0;
	if (o->sensors == 2 && !pelvis)
		return options_refuse(REPLAY, o->path, "it has no pelvis sensor");
	in->mode = pelvis && o->sensors != 1 ? MODE_THIGH_PELVIS : MODE_THIGH;
	error = inputs_take_alignment(in, false, &problem);
	return error < 0 ? fail(&problem, error) : 0;
}

static void print_summary(const struct replay_options *o, const struct run *run,
	const struct recording_stats *stats)
{
	if (stats->torn > 0)
		fprintf(stderr, REPLAY ": %s: the last row was torn and is "
			"left out\n", o->path);
	if (o->quiet)
		return;
	if (run->state.setup.step != SETUP_DONE)
		printf("no reference was found: %s\n",
			run->state.setup.problem != ALIGN_OK
				? align_result_advice[run->state.setup.problem]
				: setup_advice(&run->state.setup, &run->state.setup_plan));
	printf("%.1f s, %d attempts, %d done, %.1f s counted\n",
		(double)(run->totals.last_us - run->totals.first_us) * 1e-6,
		(int)run->totals.attempts, (int)run->totals.results[RESULT_DONE],
		run->totals.stretch_s);
}

static int judge(const struct replay_options *o, struct run *run)
{
	struct store_place place = { .program = REPLAY, .folder = o->output,
		.force = o->force };
	struct recording_stats stats;
	struct problem problem;
	struct feed_context context = { .run = run };
	unsigned parts;
	int error, status;

	if (run->inputs.smoothed) {
		error = smooth_track_build(&context.track, o->path, &run->inputs, &problem);
		if (error != 0)
			return fail(&problem, error);
	}
	error = run_begin(run, o->output != NULL ? &place : NULL, &problem);
	if (error != 0) {
		smooth_track_free(&context.track);
		return fail(&problem, error);
	}
	status = each_sample(o->path, feed_sample, &context, &parts, &stats);
	smooth_track_free(&context.track);
	if (status != 0) {
		run_abort(run);
		return status;
	}
	error = run_end(run, &problem);
	if (error != 0)
		return fail(&problem, error);
	print_summary(o, run, &stats);
	if (o->output != NULL && !o->quiet) {
		printf("\n%s\n", o->output);
		error = holds_view_print(o->output, stdout, &problem);
		if (error != 0)
			return fail(&problem, error);
	}
	return output_end(REPLAY);
}

int cmd_replay(int argc, char **argv)
{
	static struct run run;
	static struct replay_options o; /* its words are kept in it */
	char raw[PATH_MAX], inputs[PATH_MAX];
	int status = replay_options_read(&o, argc, argv);

	if (status != 0)
		return status;
	if (o.help) {
		replay_print_help();
		return output_end(REPLAY);
	}
	resolve_folder(&o, raw, inputs);
	replay_options_from_start(&o);
	status = load_inputs(&o, &run.inputs);
	if (status == 0)
		status = choose_mode(&o, &run.inputs);
	if (status == 0 && run.inputs.reference_from_us >= 0 && !run.inputs.have_alignment)
		status = learn_straps(&o, &run.inputs);
	return status != 0 ? status : judge(&o, &run);
}
