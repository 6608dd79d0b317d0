/*
 * stretchd: the daemon. Stages in order, then the loop; released in reverse.
 *
 * 1 options, 2 settings and prescription, 3 lines and lamp test, 4 source, 5
 * session and store, 6 the loop (loop.h: samples when they are due, button between
 * them, lamps on the same tick), 7 the last row, files closed; 4 to 7 for each step
 * of the programme; then lamps dark.
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
#include "linux/programme.h"
#include "linux/run.h"
#include "linux/source.h"
#include "linux/version.h"
#include "stretch/sitting.h"

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
	struct programme programme;
	struct source source;
	bool source_open;         /* a recording goes on from step to step */
	bool source_ended;
	bool waiting;             /* no session: dark until the wearer moves */
	struct sitting sitting;
	int64_t origin_us;        /* session time begins there; -1: with the next sample */
	struct lines *lines;      /* NULL: no LEDs on lines */
	struct lamp_driver lamps;
	struct loop loop;
	struct press press;
	int storage_error;        /* that stands in the recording */
	struct run run;
	struct person person;     /* what earlier sessions taught */
	char today[CLOCK_TEXT_MAX]; /* "undated": nothing is reused or learned */
	enum clock_source trust;
	int64_t shown_us;
};

#define EXIT_NO 1
#define SPOKEN_MAX 128
#define RESUME_US INT64_C(3600000000) /* after an hour a run begins anew */

static volatile sig_atomic_t stop_signal, hangup;

static void on_signal(int number)
{
	if (number == SIGHUP)
		hangup = 1;
	else
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
	     "prescription=FILE makes it follow a programme; SIGHUP reads the file again,\n"
	     "for the next run.\n"
	     "\n"
	     "Exit status: 0 done; 1 nothing to do: not accepted, or nothing prescribed\n"
	     "for this time of day; 2 wrong usage, bad settings or prescription; 3 trouble\n"
	     "of the system.");
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

	if (error != 0) {
		config_print_mistakes(&mistakes, stderr);
		return problem_exit_status(error);
	}
	if (o->print_config || o->dark)
		return 0;
	error = programme_load(&d->programme, &d->settings, stderr);
	return error != 0 ? problem_exit_status(error) : 0;
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

/* ---- 4 source ---- */

static bool live(const struct daemon *d)
{
	return d->source.sensors != NULL;
}

static void describe_sensors(const struct daemon *d)
{
	char text[SOURCE_TEXT_MAX];

	for (int site = 0; site < SITE_COUNT; site++)
		if (live(d) && sensors_describe(d->source.sensors, (enum site)site, text,
			sizeof text))
			fprintf(stderr, "stretchd: %s\n", text);
}

/* Once; a simulated wearer is another one for each step. */
static int open_source(struct daemon *d)
{
	struct problem problem;
	int error;

	if (d->source_open && !source_simulated(&d->settings))
		return 0;
	source_close(&d->source);
	error = source_open_step(&d->source, &d->run.inputs, &problem);
	d->source_open = error == 0;
	d->origin_us = 0;
	if (error != 0)
		return fail(&problem, error);
	describe_sensors(d);
	return 0;
}

/* ---- 5 session ---- */

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
	const char *wearer = d->programme.now.prescription.wearer;
	struct problem problem;
	int closed = store_recover(d->settings.state_dir, wearer, &tables, "stretchd",
		&problem);

	if (closed > 0)
		fprintf(stderr, "stretchd: %d session%s of %s that had been cut off %s "
			"closed as recovered\n", closed, closed == 1 ? "" : "s",
			wearer, closed == 1 ? "is" : "are");
	if (closed < 0)
		fprintf(stderr, "stretchd: %s\n", problem.text);
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
		fprintf(stderr, "stretchd: %s. the straps are learned in this session\n",
			problem.text);
	return taken < 0 ? fail(&problem, taken) : 0;
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
	clock_date(d->today, d->trust);
	if (person_load(set->state_dir, set->wearer, &d->person, &problem) != 0)
		fprintf(stderr, "stretchd: %s\n", problem.text);
	person_apply(&d->person, d->today, &run->inputs);
	clock_iso(run->started_at);
	clock_boot_id(run->boot_id);
	run->started_us = clock_monotonic_us();
	run->clock_source = clock_source_names[d->trust];
	run->sync = true;
	run->writing = live(d) ? WRITER_DROPS : WRITER_WAITS;
	json_decref(run->programme);
	run->programme = programme_json(&d->programme);
	error = run_begin(run, &place, &problem);
	return error != 0 ? fail(&problem, error) : 0;
}

static int begin_session(struct daemon *d)
{
	struct problem problem;
	char text[SPOKEN_MAX];
	int error = programme_inputs(&d->programme, &d->run.inputs, &problem);
	int status = error != 0 ? fail(&problem, error) : open_source(d);

	if (status == 0)
		status = begin_run(d);
	if (status == 0 && d->programme.from_file) {
		programme_say(&d->programme, text, sizeof text);
		fprintf(stderr, "stretchd: %s\n", text);
	}
	return status;
}

/* ---- 6 loop ---- */

static void open_view(struct daemon *d)
{
	struct term_title title = {
		.exercise = exercise_names[d->run.inputs.settings.exercise],
		.side = side_names[d->run.inputs.settings.side],
		.source = live(d) ? "" : source_simulated(&d->settings) ? "simulated" : "replayed",
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
	return stop_signal != 0 || d->run.state.finished ||
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
	show(d, d->run.out.changed);
	tell(d, &sample->event);
	tell_storage(d);
	return !loop_over(d);
}

static bool go_on(void *context, int64_t now_us)
{
	struct daemon *d = context;

	(void)now_us;
	if (hangup != 0) {
		hangup = 0;
		(void)programme_reload(&d->programme, stderr);
	}
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
	event.kind = press_edge(&d->press, &edge, in_hold(phase));
	if (event.kind != EVENT_NONE)
		loop_event(&d->loop, &event);
}

static void prepare_loop(struct daemon *d)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

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

	d->source_ended = ended == SOURCE_END;
	d->origin_us = -1;
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

	if (source_simulated(&d->settings))
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

/* One session after another, until the run is over or the recording ends. *idled:
 * nobody was there for idle_min. */
static int follow_steps(struct daemon *d, bool *idled)
{
	int status = 0, ended;
	bool more = true;

	*idled = false;
	while (more && !*idled && status == 0 && stop_signal == 0) {
		status = begin_session(d);
		if (status != 0)
			break;
		open_view(d);
		status = loop(d);
		*idled = d->run.state.idled && source_live(&d->settings);
		more = programme_ended(&d->programme, &d->run.inputs, &d->run.state) &&
			(!d->source_ended || source_simulated(&d->settings));
		ended = end_session(d);
		status = status != 0 ? status : ended;
	}
	return status;
}

static int do_run(struct daemon *d, bool *idled)
{
	struct problem problem;
	int steps = programme_begin(&d->programme, d->trust, &problem);

	if (steps <= 0) {
		fprintf(stderr, "stretchd: %s\n", problem.text);
		return steps == 0 ? EXIT_NO : problem_exit_status(steps);
	}
	if (d->programme.from_file && d->programme.now.prescription.warm_up == 1)
		fputs("stretchd: warm up first: walk for some minutes\n", stderr);
	return follow_steps(d, idled);
}

/* Dark until the wearer moves; nothing is written. 0 or the exit status. */
static int wait_for_wearer(struct daemon *d)
{
	struct problem problem;
	int error = programme_wait_inputs(&d->programme, &d->run.inputs, &problem);
	int status = error != 0 ? fail(&problem, error) : open_source(d);

	if (status != 0)
		return status;
	source_prepare(&d->source, &d->run.inputs);
	error = run_begin(&d->run, NULL, &problem);
	if (error != 0)
		return fail(&problem, error);
	sitting_init(&d->sitting, 0);
	d->origin_us = -1;
	d->waiting = true;
	status = loop(d);
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

	while (source_live(&d->settings) && stop_signal == 0 &&
		(status == 0 || status == EXIT_NO)) {
		int64_t left_us = clock_monotonic_us();

		status = wait_for_wearer(d);
		if (status != 0 || stop_signal != 0)
			return status;
		d->trust = clock_trust();
		if (idled && clock_monotonic_us() - left_us < RESUME_US)
			status = follow_steps(d, &idled);
		else
			status = do_run(d, &idled);
	}
	return status;
}

static int serve(struct daemon *d)
{
	int status = check_lasting(d);

	if (status == 0)
		status = take_lines(d);
	if (status != 0)
		return status;
	d->trust = clock_said_trust(d->settings.state_dir);
	recover_sessions(d);
	prepare_loop(d); /* before there is a second thread that could take a signal */
	status = follow_programme(d);
	source_close(&d->source);
	json_decref(d->run.programme);
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
	sigaction(SIGHUP, &action, NULL);
	return serve(&d);
}
