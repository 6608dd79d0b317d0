/*
 * stretchd: the daemon. Stages in order, then the loop; released in reverse.
 *
 * 1 options, 2 settings, 3 lines and lamp test, 4 source, 5 session and store,
 * 6 the loop (loop.h: samples when they are due, button between them, lamps on the
 * same tick), 7 the last row, files closed, lamps dark.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/clock.h"
#include "linux/clock_said.h"
#include "linux/config.h"
#include "linux/holds_view.h"
#include "linux/inputs.h"
#include "linux/lamp.h"
#include "linux/lasting.h"
#include "linux/loop.h"
#include "linux/output.h"
#include "linux/person.h"
#include "linux/press.h"
#include "linux/run.h"
#include "linux/source.h"
#include "linux/version.h"

#define EXIT_USAGE 2
#define EXIT_SYSTEM 3
#define WORDS_MAX 64
#define SHOW_US 50000 /* the live view is redrawn that often */

struct options {
	const char *config;
	const char *words[WORDS_MAX];
	size_t word_count;
	char speed[SETTING_LINE_MAX];
	bool check, print_config, foreground, dark, help, version;
};

struct daemon {
	struct options options;
	struct settings settings;
	struct source source;
	struct lines *lines;      /* NULL: no LEDs on lines */
	struct lamp_driver lamps;
	struct loop loop;
	struct press press;
	struct run run;
	struct person person;     /* what earlier sessions taught */
	char today[CLOCK_TEXT_MAX]; /* "undated": nothing is reused or learned */
	enum clock_source trust;
	int64_t shown_us;
};

static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
	stop_signal = number;
}

static void print_help(void)
{
	puts("Usage: stretchd [OPTION...] [KEY=VALUE...]\n"
	     "\n"
	     "Watches hamstring stretches with an IMU on the thigh (and one on the belt),\n"
	     "judges each hold, answers with LEDs, writes CSV sessions.\n"
	     "\n"
	     "  -c, --config FILE   settings file\n"
	     "      --check         check the settings, tell every mistake, touch nothing\n"
	     "      --print-config  print the settings in effect, with comments\n"
	     "  -f, --foreground    stay in the terminal and draw angle, timer and LEDs\n"
	     "      --speed N       of simulate: and replay:, times real time\n"
	     "      --dark          make the LED lines dark and end\n"
	     "      --version\n"
	     "      --help\n"
	     "\n"
	     "KEY=VALUE sets one setting, for example sensor=simulate:lying-towel.\n"
	     "\n"
	     "Exit status: 0 done; 2 wrong usage or bad settings; 3 trouble of the system.");
}

/* ---- 1 options ---- */

enum { OPT_CHECK = 256, OPT_PRINT, OPT_SPEED, OPT_DARK, OPT_VERSION, OPT_HELP };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "print-config", no_argument, NULL, OPT_PRINT },
	{ "foreground", no_argument, NULL, 'f' },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "dark", no_argument, NULL, OPT_DARK },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int add_word(struct options *o, const char *word)
{
	if (o->word_count == WORDS_MAX) {
		fprintf(stderr, "stretchd: %s: too many settings\n", word);
		return EXIT_USAGE;
	}
	o->words[o->word_count++] = word;
	return 0;
}

static int read_options(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "c:f", long_options, NULL)) != -1) {
		switch (option) {
		case 'c':
			o->config = optarg;
			break;
		case 'f':
			o->foreground = true;
			break;
		case OPT_CHECK:
			o->check = true;
			break;
		case OPT_PRINT:
			o->print_config = true;
			break;
		case OPT_SPEED:
			snprintf(o->speed, sizeof o->speed, "speed=%s", optarg);
			if (add_word(o, o->speed) != 0)
				return EXIT_USAGE;
			break;
		case OPT_DARK:
			o->dark = true;
			break;
		case OPT_VERSION:
			o->version = true;
			break;
		case OPT_HELP:
			o->help = true;
			break;
		default:
			return EXIT_USAGE; /* getopt has said it */
		}
	}
	for (int i = optind; i < argc; i++) {
		if (strchr(argv[i], '=') == NULL) {
			fprintf(stderr, "stretchd: \"%s\": not KEY=VALUE. see stretchd "
				"--help\n", argv[i]);
			return EXIT_USAGE;
		}
		if (add_word(o, argv[i]) != 0)
			return EXIT_USAGE;
	}
	return 0;
}

/* ---- 2 settings ---- */

static int read_settings(struct daemon *d)
{
	static struct config_mistakes mistakes;
	const struct options *o = &d->options;
	int error = config_load(&d->settings, o->config, o->words, o->word_count,
		&mistakes);

	if (error == 0)
		return 0;
	config_print_mistakes(&mistakes, stderr);
	return problem_exit_status(error);
}

static int fail(const struct problem *problem, int error)
{
	fprintf(stderr, "stretchd: %s\n", problem->text);
	return problem_exit_status(error);
}

/* ---- 3 lines ---- */

static int take_lines(struct daemon *d)
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
		return fail(&problem, error);
	lamp_attach(&d->lamps, d->lines);
	while (stop_signal == 0 &&
		lamp_test((long)((clock_monotonic_us() - start_us) / 1000), &lamp)) {
		(void)lamp_show(&d->lamps, &lamp);
		clock_sleep_until_us(clock_monotonic_us() + 10000);
	}
	return 0;
}

static void release_lines(struct daemon *d)
{
	if (d->lines == NULL)
		return;
	(void)lamp_dark(&d->lamps);
	lines_close(d->lines);
	d->lines = NULL;
}

/* ---- 5 session ---- */

static bool live(const struct daemon *d)
{
	return d->source.sensors != NULL;
}

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
	fprintf(stderr, "stretchd: %s\n", problem.text);
	return lasting == LASTING_NO ? EXIT_SYSTEM : 0;
}

/* Sessions that a power cut left open are closed; the daemon starts regardless. */
static void recover_sessions(const struct daemon *d)
{
	const struct store_tables tables = { .file = { [STORE_RAW] = raw_table(RAW_EVENT),
		[STORE_JUDGED] = &judged_table, [STORE_HOLDS] = &hold_table } };
	struct problem problem;
	int closed = store_recover(d->settings.state_dir, d->settings.wearer, &tables,
		"stretchd", &problem);

	if (closed > 0)
		fprintf(stderr, "stretchd: %d session%s of %s that had been cut off %s "
			"closed as recovered\n", closed, closed == 1 ? "" : "s",
			d->settings.wearer, closed == 1 ? "is" : "are");
	if (closed < 0)
		fprintf(stderr, "stretchd: %s\n", problem.text);
}

static int begin_session(struct daemon *d)
{
	struct session_inputs *in = &d->run.inputs;
	struct store_place place = { .program = "stretchd",
		.state_dir = d->settings.state_dir, .wearer = d->settings.wearer,
		.date = d->today, .exercise = exercise_names[d->settings.exercise],
		.side = side_names[d->settings.side] };
	struct problem problem;
	int error;

	error = inputs_from_settings(in, &d->settings, &problem);
	if (error != 0)
		return fail(&problem, error);
	source_prepare(&d->source, in);
	clock_date(d->today, d->trust);
	if (person_load(d->settings.state_dir, d->settings.wearer, &d->person,
		&problem) != 0)
		fprintf(stderr, "stretchd: %s\n", problem.text);
	person_apply(&d->person, d->today, in);
	clock_iso(d->run.started_at);
	clock_boot_id(d->run.boot_id);
	d->run.started_us = clock_monotonic_us();
	d->run.clock_source = clock_source_names[d->trust];
	d->run.sync = true;
	d->run.writing = live(d) ? WRITER_DROPS : WRITER_WAITS;
	error = run_begin(&d->run, &place, &problem);
	return error != 0 ? fail(&problem, error) : 0;
}

/* ---- 6 loop ---- */

static bool simulated(const struct daemon *d)
{
	return strncmp(d->settings.sensor, "simulate:", strlen("simulate:")) == 0;
}

static void open_view(struct daemon *d)
{
	struct term_title title = {
		.exercise = exercise_names[d->settings.exercise],
		.side = side_names[d->settings.side],
		.source = live(d) ? "" : simulated(d) ? "simulated" : "replayed",
		.speed = d->settings.speed,
	};

	if (d->options.foreground)
		d->run.term = term_open(stdout, &title);
}

static void show(struct daemon *d, bool force)
{
	int64_t now_us = clock_monotonic_us();

	if (d->lines != NULL)
		(void)lamp_show(&d->lamps, &d->run.out.lamp);
	if (!force && now_us - d->shown_us < SHOW_US)
		return;
	d->shown_us = now_us;
	run_show(&d->run);
}

/* A sensor that fails or comes back is told once, in words. */
static void tell(const struct daemon *d, const struct event *event)
{
	char text[SOURCE_TEXT_MAX];

	if (live(d) && !d->options.foreground && source_say(event, text))
		fprintf(stderr, "stretchd: %s\n", text);
}

static bool take_sample(void *context, const struct sample *sample)
{
	struct daemon *d = context;

	run_feed(&d->run, sample);
	if (d->run.out.hold_due)
		person_learn_share(&d->person, d->today, &d->run.out.hold);
	show(d, d->run.out.changed);
	tell(d, &sample->event);
	return stop_signal == 0 && !d->run.state.finished;
}

static bool go_on(void *context, int64_t now_us)
{
	(void)context;
	(void)now_us;
	return stop_signal == 0;
}

static void take_press(void *context)
{
	struct daemon *d = context;
	enum hold_phase phase = d->run.state.hold.phase;
	struct event event = { .kind = EVENT_NONE };
	struct line_edge edge;

	if (lines_button_read(d->lines, &edge) != 1)
		return;
	event.kind = press_edge(&d->press, &edge,
		phase == HOLD_COUNTING || phase == HOLD_PAUSED);
	if (event.kind != EVENT_NONE)
		loop_event(&d->loop, &event);
}

static void prepare_loop(struct daemon *d)
{
	static const int signals[] = { SIGTERM, SIGINT };

	loop_init(&d->loop, &loop_clock_system);
	loop_hold_signals(&d->loop, signals, sizeof signals / sizeof signals[0]);
	d->loop.sample = take_sample;
	d->loop.round = go_on;
	d->loop.context = d;
	if (d->lines != NULL)
		(void)loop_watch(&d->loop, lines_button_fd(d->lines), take_press, d);
}

static int loop(struct daemon *d)
{
	struct problem problem;
	int ended = loop_run(&d->loop, &d->source, &problem);

	if (source_torn(&d->source))
		fprintf(stderr, "stretchd: %s: the last row was torn and is left out\n",
			d->settings.sensor);
	return ended < 0 ? fail(&problem, ended) : 0;
}

/* ---- 7 end ---- */

/* Keeps what this session taught of the wearer; without a date nothing, and
 * nothing from the simulated one. */
static void remember(struct daemon *d)
{
	struct problem problem;

	if (simulated(d))
		return;
	person_learn_curve(&d->person, d->today, &d->run.inputs, &d->run.state.setup.curve);
	if (strcmp(d->today, "undated") != 0 && person_save(d->settings.state_dir,
		d->settings.wearer, &d->person, &problem) != 0)
		fprintf(stderr, "stretchd: %s\n", problem.text);
}

static int end_session(struct daemon *d)
{
	struct problem problem;
	bool kept;
	int error;

	d->run.sensors = source_json(&d->source);
	error = run_end(&d->run, &problem);
	kept = d->run.store.kept; /* the writing thread's, until then */
	json_decref(d->run.sensors);
	term_close(d->run.term);
	d->run.term = NULL;
	if (error != 0)
		return fail(&problem, error);
	if (kept)
		remember(d);
	if (!d->options.foreground)
		return 0;
	if (!kept) {
		puts("no hold was begun: no session folder is kept");
		return 0;
	}
	printf("\n%s\n", d->run.store.target);
	error = holds_view_print(d->run.store.target, stdout, &problem);
	return error != 0 ? fail(&problem, error) : 0;
}

static void describe_sensors(const struct daemon *d)
{
	char text[SOURCE_TEXT_MAX];

	for (int site = 0; site < SITE_COUNT; site++)
		if (live(d) && sensors_describe(d->source.sensors, (enum site)site, text,
			sizeof text))
			fprintf(stderr, "stretchd: %s\n", text);
}

static int serve(struct daemon *d)
{
	struct problem problem;
	int status = check_lasting(d);
	int error, ended;

	if (status == 0)
		status = take_lines(d);
	if (status != 0)
		return status;
	error = source_open(&d->source, &d->settings, &problem);
	if (error != 0) {
		release_lines(d);
		return fail(&problem, error);
	}
	describe_sensors(d);
	d->trust = clock_said_trust(d->settings.state_dir);
	recover_sessions(d);
	status = begin_session(d);
	if (status == 0) {
		open_view(d);
		prepare_loop(d);
		status = loop(d);
		ended = end_session(d);
		status = status != 0 ? status : ended;
	}
	source_close(&d->source);
	release_lines(d);
	return status;
}

static int make_dark(const struct settings *settings)
{
	struct problem problem;
	int error = lamp_make_dark(settings, &problem);

	return error != 0 ? fail(&problem, error) : 0;
}

static int print_settings(const struct settings *settings)
{
	struct problem problem;
	int error = config_print(settings, stdout);

	return error != 0 ? fail(&problem,
		problem_errno(&problem, "standard output", "write", error)) : 0;
}

int main(int argc, char **argv)
{
	static struct daemon d; /* large: buffers and session state */
	struct sigaction action = { .sa_handler = on_signal };
	int status = read_options(&d.options, argc, argv);

	if (status != 0)
		return status;
	if (d.options.help || d.options.version) {
		if (d.options.help)
			print_help();
		else
			version_print("stretchd");
		return output_end("stretchd");
	}
	status = read_settings(&d);
	if (status != 0 || d.options.check)
		return status;
	if (d.options.print_config)
		return print_settings(&d.settings);
	if (d.options.dark)
		return make_dark(&d.settings);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	return serve(&d);
}
