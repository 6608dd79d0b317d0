/*
 * stretchctl: everything around the daemon, and what one tells it.
 */
#include <stdio.h>
#include <string.h>

#include "linux/output.h"
#include "linux/version.h"
#include "stretchctl/command.h"

const struct command commands[] = {
	{ "accept", "read and accept a prescription and the safety text", cmd_accept },
	{ "calibrate", "bias and scale of a sensor, from poses at rest", cmd_calibrate },
	{ "clock", "the time, who vouches for it, and a person's word", cmd_clock },
	{ "doctor", "what is wrong with this machine, and what to do", cmd_doctor },
	{ "export", "sessions as files for a clinician or a spreadsheet", cmd_export },
	{ "next", "leave this exercise for the next one", cmd_next },
	{ "note", "pain, warm-up and straps, as the person knows them", cmd_note },
	{ "orient", "orientation of each sensor, sample by sample", cmd_orient },
	{ "prescription", "check a prescription file, show its programme",
		cmd_prescription },
	{ "reference", "take the reference pose again", cmd_reference },
	{ "reload", "read the prescription again, for the next run", cmd_reload },
	{ "replay", "judge a recording, or a session folder again", cmd_replay },
	{ "report", "one page for a clinician, HTML or PDF", cmd_report },
	{ "review", "judge a session again, show what has changed", cmd_review },
	{ "sessions", "list the sessions kept on this machine", cmd_sessions },
	{ "simulate", "a recording of the simulated wearer, truth included",
		cmd_simulate },
	{ "start", "begin a timed hold, or wake stretchd", cmd_start },
	{ "status", "what stretchd is doing", cmd_status },
	{ "stop", "end a hold at once, with a reason", cmd_stop },
	{ "watch", "angle, timer and lamps, live", cmd_watch },
};

const size_t command_count = sizeof commands / sizeof commands[0];

static void print_help(void)
{
	printf("Usage: stretchctl COMMAND [OPTION...]\n\n"
	       "Commands (stretchctl COMMAND --help tells more):\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].help);
	printf("\n  --help     this text\n  --version  version and build\n\n"
	       "Exit status: 0 done; 1 the answer is no; 2 wrong usage or bad input;\n"
	       "3 trouble of the system.\n");
}

/* getopt names the program by its first word: "stretchctl replay: ...". */
static int run_command(const struct command *command, int argc, char **argv)
{
	static char name[64];

	snprintf(name, sizeof name, "stretchctl %s", command->name);
	argv[0] = name;
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "stretchctl: no command. see stretchctl --help\n");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_help();
		return output_end("stretchctl");
	}
	if (strcmp(argv[1], "--version") == 0) {
		version_print("stretchctl");
		return output_end("stretchctl");
	}
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return run_command(&commands[i], argc - 1, argv + 1);
	fprintf(stderr, "stretchctl: no command \"%s\". see stretchctl --help\n",
		argv[1]);
	return EXIT_USAGE;
}
