/*
 * stretchd: the daemon. Stages in order, then the loop; released in reverse.
 *
 * 1 options, 2 settings and prescription, 3 lines and lamp test, 4 source, 5
 * session and store, 6 the loop (loop.h: samples when they are due, button between
 * them, lamps on the same tick), 7 the last row, files closed; 4 to 7 for each step
 * of the programme; then lamps dark. 1 and 2 are here, the others in daemon.h's list.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/config.h"
#include "linux/inputs.h"
#include "linux/log.h"
#include "linux/output.h"
#include "linux/version.h"
#include "stretchd/daemon.h"

volatile sig_atomic_t daemon_stop, daemon_hangup;

static void on_signal(int number)
{
	if (number == SIGHUP)
		daemon_hangup = 1;
	else
		daemon_stop = number;
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
	if (o->check && o->config == NULL && o->word_count == 0) {
		fputs("stretchd: --check: nothing to check. name the settings file: "
			"--config " CONFIG_SERVICE_FILE "\n", stderr);
		return EXIT_USAGE;
	}
	return 0;
}

/* ---- 2 settings ---- */

/* --check: the files that the settings name, too, also when some setting is wrong. */
static int check_files(struct daemon *d, int error)
{
	const struct options *o = &d->options;
	int found[2];

	if (error != 0)
		config_load_right(&d->settings, o->config, o->words, o->word_count);
	found[0] = inputs_check_files(&d->settings, stderr);
	found[1] = programme_load(&d->programme, &d->settings, stderr);
	for (int i = 0; i < 2; i++)
		error = error != 0 ? error : found[i];
	return error != 0 ? problem_exit_status(error) : 0;
}

static int read_settings(struct daemon *d)
{
	static struct config_mistakes mistakes;
	const struct options *o = &d->options;
	struct log_list said;
	int error = config_load(&d->settings, o->config, o->words, o->word_count,
		&mistakes);

	(void)log_list_begin(&said);
	config_print_mistakes(&mistakes, said.out);
	if (error == 0 && !o->check && !o->print_config && !o->dark)
		error = programme_load(&d->programme, &d->settings, said.out);
	d->programme.config = o->config;
	log_list_end(&said, LOG_MISTAKE);
	log_list_free(&said);
	if (o->check)
		return check_files(d, error);
	return error != 0 ? problem_exit_status(error) : 0;
}

int daemon_fail(const struct problem *problem, int error)
{
	int status = problem_exit_status(error);

	log_say(status == EXIT_USAGE ? LOG_MISTAKE : LOG_SYSTEM, "%s", problem->text);
	return status;
}

static int make_dark(const struct settings *settings)
{
	struct problem problem;
	int error = lamp_make_dark(settings, &problem);

	return error != 0 ? daemon_fail(&problem, error) : 0;
}

static int print_settings(const struct settings *settings)
{
	struct problem problem;
	int error = config_print(settings, stdout);

	return error != 0 ? daemon_fail(&problem,
		problem_errno(&problem, "standard output", "write", error)) : 0;
}

int main(int argc, char **argv)
{
	static struct daemon d; /* large: buffers and session state */
	struct sigaction action = { .sa_handler = on_signal };
	int status;

	log_open("stretchd");
	status = read_options(&d.options, argc, argv);
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
	return serve_run(&d);
}
