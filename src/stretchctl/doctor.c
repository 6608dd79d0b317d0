/* stretchctl doctor: what is wrong with this machine, and what to do about it. */
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "linux/config.h"
#include "linux/doctor.h"
#include "linux/number.h"
#include "linux/output.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"

#define LISTEN_MAX_S 600.0

struct doctor_options {
	const char *config, *only;
	double listen_s; /* 0: as it comes */
	bool json, help;
};

static void print_help(void)
{
	printf("Usage: stretchctl doctor [OPTION]... [KEY=VALUE]...\n"
	       "Look at buses, chips, sensors, lines, clock and state folder; each line is\n"
	       "ok, a note, or bad and says what to do. While stretchd runs it is asked for\n"
	       "what its sensors read, and that this user may not open its bus and lines is\n"
	       "a note; else no chip is written to but the sensors that are set.\n"
	       "\n"
	       "  -c, --config=FILE   settings file of stretchd (the service's, "
	"if there is one:\n"
	       "                      " CONFIG_SERVICE_FILE ")\n"
	       "      --only=CHECK    one check alone\n"
	       "      --seconds=S     how long the sensors are listened to (4)\n"
	       "      --json          a JSON object for programs\n"
	       "      --help          this text\n"
	       "\n"
	       "Checks:\n");
	for (size_t i = 0; i < doctor_check_count; i++)
		printf("  %-9s %s\n", doctor_checks[i].name, doctor_checks[i].help);
	printf("\nKEY=VALUE is a setting of stretchd, such as sensor=i2c:1.\n"
	       "Exit status: 0 nothing is bad; 1 something is; 2 wrong usage or settings;\n"
	       "3 trouble of the system.\n");
}

static bool known_check(const char *name)
{
	for (size_t i = 0; i < doctor_check_count; i++)
		if (strcmp(doctor_checks[i].name, name) == 0)
			return true;
	(void)options_refuse("stretchctl doctor", name, "no such check");
	return false;
}

/* 0 or the exit status for wrong usage. */
static int read_options(struct doctor_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' },
		{ "seconds", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "c:", table, NULL)) != -1) {
		switch (option) {
		case 'c':
			o->config = optarg;
			break;
		case 'o':
			o->only = optarg;
			if (!known_check(optarg))
				return EXIT_USAGE;
			break;
		case 's':
			if (number_parse(optarg, 1.0, LISTEN_MAX_S, &o->listen_s) != 0) {
				fprintf(stderr, "stretchctl doctor: --seconds %s: not 1 "
					"to %g\n", optarg, LISTEN_MAX_S);
				return EXIT_USAGE;
			}
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			o->help = true;
			break;
		default:
			return EXIT_USAGE; /* getopt has said what */
		}
	}
	return 0;
}

static void print_line(void *context, const struct doctor_line *line)
{
	(void)context;
	printf("%-5s %-8s %s\n", doctor_mark_names[line->mark], line->check, line->text);
	fflush(stdout); /* the next one may take seconds */
}

static void keep_line(void *context, const struct doctor_line *line)
{
	json_array_append_new(context, json_pack("{s:s,s:s,s:s}",
		"check", line->check, "mark", doctor_mark_names[line->mark],
		"text", line->text));
}

static int print_json(struct doctor *d, const char *config, json_t *lines)
{
	json_t *all = json_pack("{s:s?,s:b,s:i,s:i,s:o}",
		"settings", config,
		"ok", d->count[DOCTOR_BAD] == 0,
		"bad", d->count[DOCTOR_BAD],
		"notes", d->count[DOCTOR_NOTE],
		"lines", lines);

	if (all == NULL || json_dumpf(all, stdout, JSON_INDENT(2)) != 0) {
		fprintf(stderr, "stretchctl doctor: no memory, or nowhere to print\n");
		return EXIT_SYSTEM;
	}
	putchar('\n');
	json_decref(all);
	return 0;
}

int cmd_doctor(int argc, char **argv)
{
	static struct settings settings;
	static struct config_mistakes mistakes;
	struct doctor_options o = { .config = NULL };
	struct doctor doctor;
	json_t *lines = NULL;
	int status = read_options(&o, argc, argv), bad, error;

	if (status != 0)
		return status;
	if (o.help) {
		print_help();
		return output_end("stretchctl doctor");
	}
	o.config = config_choose_file(o.config, CONFIG_SERVICE_FILE);
	error = config_load(&settings, o.config, (const char *const *)(argv + optind),
		(size_t)(argc - optind), &mistakes);
	if (error != 0) {
		config_print_mistakes(&mistakes, stderr);
		return problem_exit_status(error);
	}
	if (o.json)
		lines = json_array();
	doctor_init(&doctor, &settings, o.json ? keep_line : print_line, lines);
	if (o.listen_s > 0.0)
		doctor.listen_s = o.listen_s;
	bad = doctor_run(&doctor, o.only);
	doctor_end(&doctor);
	if (o.json)
		status = print_json(&doctor, o.config, lines);
	else
		printf("\n%d bad, %d notes%s%s\n", bad, doctor.count[DOCTOR_NOTE],
			o.config != NULL ? "; settings: " : "",
			o.config != NULL ? o.config : "");
	if (status == 0)
		status = output_end("stretchctl doctor");
	return status != 0 ? status : bad > 0 ? EXIT_NO : 0;
}
