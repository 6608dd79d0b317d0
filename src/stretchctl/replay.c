/*
 * stretchctl replay: judge a recording, or a session folder again.
 *
 * The same session_step as in the daemon. A session folder brings its own
 * inputs.json, and then samples.csv and holds.csv come out byte for byte.
 */
#include <errno.h>
#include <getopt.h>
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
#include "linux/number.h"
#include "linux/output.h"
#include "linux/recording.h"
#include "linux/run.h"
#include "stretch/pose_search.h"
#include "stretchctl/command.h"
#include "stretchctl/smooth_track.h"

#define WORDS_MAX 64

struct replay_options {
	const char *path, *output, *config, *inputs;
	const char *words[WORDS_MAX]; /* key=value */
	size_t word_count;
	char owned[4][SETTING_LINE_MAX + 16];
	size_t owned_count;
	double reference_from_s, reference_to_s;
	int sensors; /* 0: as the recording has */
	bool force, quiet, smooth, help;
};

static void print_help(void)
{
	puts("Usage: stretchctl replay RECORDING|SESSION_FOLDER [OPTION...] [KEY=VALUE...]\n"
	     "\n"
	     "Judges a recording with today's program and settings, or a session folder\n"
	     "with the inputs it was judged by.\n"
	     "\n"
	     "  -o, --output DIR        write a session folder (samples, holds, raw, facts)\n"
	     "      --force             replace DIR if replay wrote it before\n"
	     "  -e, --exercise NAME     exercise (default lying-towel)\n"
	     "  -s, --side left|right   side that wears the thigh sensor (default left)\n"
	     "      --other-leg bent|straight\n"
	     "      --sensors 1|2       use the thigh sensor only, or both\n"
	     "      --reference-at A..B the start pose is seconds A to B; the straps are\n"
	     "                          then learned from the whole recording\n"
	     "      --smooth            orientation from the whole recording, forwards and\n"
	     "                          backwards; marked as such in the session\n"
	     "  -c, --config FILE       settings file\n"
	     "      --inputs FILE       inputs.json to judge by\n"
	     "  -q, --quiet             no table of holds\n"
	     "      --help\n"
	     "\n"
	     "KEY=VALUE is any setting (stretchd --print-config lists them), for example\n"
	     "hold_s=30 target_lo_deg=55.\n"
	     "\n"
	     "Exit status: 0 judged; 2 bad input or usage; 3 trouble of the system.");
}

static int refuse(const char *text, const char *what)
{
	fprintf(stderr, "stretchctl replay: %s: %s. see stretchctl replay --help\n", text,
		what);
	return EXIT_USAGE;
}

static int add_word(struct replay_options *o, const char *word)
{
	if (o->word_count == WORDS_MAX)
		return refuse(word, "too many settings");
	o->words[o->word_count++] = word;
	return 0;
}

static int add_setting(struct replay_options *o, const char *key, const char *value)
{
	char *text;

	if (strlen(value) > SETTING_LINE_MAX || o->owned_count == 4)
		return refuse(value, "no such value");
	text = o->owned[o->owned_count++];
	snprintf(text, sizeof o->owned[0], "%s=%s", key, value);
	return add_word(o, text);
}

/* "A..B" in seconds; number_parse wants whole tokens. */
static int read_window(struct replay_options *o, const char *text)
{
	const char *dots = strstr(text, "..");
	char first[64];

	if (dots == NULL || (size_t)(dots - text) >= sizeof first)
		return refuse(text, "not a window like 1..4");
	memcpy(first, text, (size_t)(dots - text));
	first[dots - text] = '\0';
	if (number_parse(first, 0.0, 1e9, &o->reference_from_s) != 0 ||
		number_parse(dots + 2, 0.0, 1e9, &o->reference_to_s) != 0 ||
		o->reference_to_s <= o->reference_from_s)
		return refuse(text, "not a window like 1..4");
	return 0;
}

enum { OPT_FORCE = 256, OPT_OTHER_LEG, OPT_SENSORS, OPT_REFERENCE, OPT_INPUTS, OPT_SMOOTH,
	OPT_HELP };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "exercise", required_argument, NULL, 'e' },
	{ "side", required_argument, NULL, 's' },
	{ "other-leg", required_argument, NULL, OPT_OTHER_LEG },
	{ "sensors", required_argument, NULL, OPT_SENSORS },
	{ "reference-at", required_argument, NULL, OPT_REFERENCE },
	{ "config", required_argument, NULL, 'c' },
	{ "inputs", required_argument, NULL, OPT_INPUTS },
	{ "smooth", no_argument, NULL, OPT_SMOOTH },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int read_option(struct replay_options *o, int option)
{
	switch (option) {
	case 'o':
		o->output = optarg;
		return 0;
	case OPT_FORCE:
		o->force = true;
		return 0;
	case 'e':
		return add_setting(o, "exercise", optarg);
	case 's':
		return add_setting(o, "side", optarg);
	case OPT_OTHER_LEG:
		return add_setting(o, "other_leg", optarg);
	case OPT_SENSORS:
		o->sensors = strcmp(optarg, "1") == 0 ? 1 : strcmp(optarg, "2") == 0 ? 2 : -1;
		return o->sensors < 0 ? refuse(optarg, "sensors are 1 or 2") : 0;
	case OPT_REFERENCE:
		return read_window(o, optarg);
	case 'c':
		o->config = optarg;
		return 0;
	case OPT_INPUTS:
		o->inputs = optarg;
		return 0;
	case OPT_SMOOTH:
		o->smooth = true;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case OPT_HELP:
		o->help = true;
		return 0;
	default:
		return EXIT_USAGE; /* getopt has said it */
	}
}

static int read_command(struct replay_options *o, int argc, char **argv)
{
	int option, status = 0;

	optind = 0;
	while (status == 0 &&
		(option = getopt_long(argc, argv, "o:e:s:c:q", long_options, NULL)) != -1)
		status = read_option(o, option);
	for (int i = optind; status == 0 && i < argc; i++) {
		if (strchr(argv[i], '=') != NULL && access(argv[i], F_OK) != 0)
			status = add_word(o, argv[i]);
		else if (o->path != NULL)
			status = refuse(argv[i], "one recording at a time");
		else
			o->path = argv[i];
	}
	if (status == 0 && o->path == NULL && !o->help)
		status = refuse("RECORDING", "missing");
	return status;
}

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
	fprintf(stderr, "stretchctl replay: %s\n", problem->text);
	return problem_exit_status(error);
}

static int load_inputs(const struct replay_options *o, struct session_inputs *in)
{
	static struct config_mistakes mistakes;
	static struct settings settings;
	struct problem problem;
	int error;

	if (o->inputs != NULL) {
		if (o->word_count > 0 || o->config != NULL)
			return refuse(o->inputs, "inputs.json already says all settings");
		error = inputs_read(o->inputs, in, &problem);
		return error != 0 ? fail(&problem, error) : 0;
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
		return refuse(exercise_names[in->settings.exercise], wrong);
	context.in = in;
	status = each_sample(o->path, search_sample, &context, &parts, &stats);
	if (status != 0)
		return status;
	if (context.search.reference_n == 0) {
		fprintf(stderr, "stretchctl replay: %s: no good sample in %g..%g s. Name "
			"a window in which the start pose is kept still\n",
			o->path, o->reference_from_s, o->reference_to_s);
		return EXIT_USAGE;
	}
	result = pose_search_finish(&context.search, in, &used);
	if (result != ALIGN_OK) {
		fprintf(stderr, "stretchctl replay: %s: the straps cannot be learned: %s\n",
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
		return refuse(o->path, "it has no pelvis sensor");
	in->mode = pelvis && o->sensors != 1 ? MODE_THIGH_PELVIS : MODE_THIGH;
	error = inputs_take_alignment(in, false, &problem);
	return error < 0 ? fail(&problem, error) : 0;
}

static void print_summary(const struct replay_options *o, const struct run *run,
	const struct recording_stats *stats)
{
	if (stats->torn > 0)
		fprintf(stderr, "stretchctl replay: %s: the last row was torn and is "
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
	struct store_place place = { .program = "stretchctl replay", .folder = o->output,
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
	return output_end("stretchctl replay");
}

int cmd_replay(int argc, char **argv)
{
	static struct run run;
	struct replay_options o = { .reference_from_s = NAN, .reference_to_s = NAN };
	char raw[PATH_MAX], inputs[PATH_MAX];
	int status = read_command(&o, argc, argv);

	if (status != 0)
		return status;
	if (o.help) {
		print_help();
		return output_end("stretchctl replay");
	}
	resolve_folder(&o, raw, inputs);
	status = load_inputs(&o, &run.inputs);
	if (status == 0)
		status = choose_mode(&o, &run.inputs);
	if (status == 0 && run.inputs.reference_from_us >= 0 && !run.inputs.have_alignment)
		status = learn_straps(&o, &run.inputs);
	return status != 0 ? status : judge(&o, &run);
}
