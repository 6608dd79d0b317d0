/* stretchctl clock: what the clock says, who vouches for it, and a person's word. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock_said.h"
#include "linux/output.h"
#include "linux/state_owner.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"

#define NAME "stretchctl clock"

static void print_help(void)
{
	puts("Usage: stretchctl clock [ok] [OPTION]...\n"
	       "\n"
	       "Shows the time and who vouches for it. A session that begins while nobody\n"
	       "does has no certain date and is never put on a day.\n"
	       "\n"
	       "  ok                   the time shown is right: holds until the next start\n"
	       "                       of the machine, and dates the sessions since the last\n"
	       "      --state-dir DIR  folder of the sessions (the service's)\n"
	       "      --help\n"
	       "\n"
	       "The state folder of the service is its own: sudo stretchctl clock ok.\n"
	       "\n"
	       "Exit status: 0 somebody vouches for the clock; 1 nobody does; 2 wrong\n"
	       "usage; 3 trouble of the system.");
}

static int show(const char *state_dir)
{
	static const char *const who[CLOCK_SOURCES] = { [CLOCK_NTP] = "the network (NTP)",
		[CLOCK_RTC] = "a clock chip", [CLOCK_PERSON] = "a person" };
	enum clock_source trust = clock_said_trust(state_dir);
	char now[CLOCK_TEXT_MAX];

	clock_iso(now);
	printf("%s, ", now);
	if (trust == CLOCK_NONE)
		puts("not certain. If it is right, say: stretchctl clock ok");
	else
		printf("vouched for by %s\n", who[trust]);
	return trust == CLOCK_NONE ? EXIT_NO : 0;
}

static int say_ok(const char *state_dir)
{
	struct problem problem;
	int dated, error = state_owner_become(state_dir, &problem);

	if (error == 0)
		error = clock_said_write(state_dir, &problem);
	if (error == 0) {
		dated = clock_said_date(state_dir, CLOCK_PERSON, &problem);
		if (dated >= 0) {
			if (dated > 0)
				printf("%d sessions of this boot dated\n", dated);
			return show(state_dir);
		}
		error = dated;
	}
	fprintf(stderr, NAME ": %s\n", problem.text);
	return problem_exit_status(error);
}

int cmd_clock(int argc, char **argv)
{
	static const struct option table[] = {
		{ "state-dir", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct settings service;
	const char *state_dir = NULL;
	int option, status, ended;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'h') {
			print_help();
			return output_end(NAME);
		}
		if (option != 's')
			return EXIT_USAGE; /* getopt has said what */
		state_dir = optarg;
	}
	if (argc - optind > 1 || (optind < argc && strcmp(argv[optind], "ok") != 0))
		return options_refuse(NAME, argv[argc - 1], "not expected");
	places_fill(NAME, &service, &state_dir, NULL);
	status = optind < argc ? say_ok(state_dir) : show(state_dir);
	ended = output_end(NAME);
	return ended != 0 ? ended : status;
}
