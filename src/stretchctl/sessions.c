/* stretchctl sessions: the sessions on disk, as a table or as JSON. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/output.h"
#include "linux/problem.h"
#include "linux/session_list.h"
#include "stretch/fmt.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"

struct sessions_options {
	const char *state_dir, *wearer;
	bool json, help;
};

static void print_help(void)
{
	puts("Usage: stretchctl sessions [OPTION]...\n"
	       "List the sessions on disk, oldest first.\n"
	       "\n"
	       "  --state-dir=DIR  folder of the sessions (the service's)\n"
	       "  --wearer=LABEL   only this wearer's\n"
	       "  --json           a JSON array for programs\n"
	       "  --help           this text\n"
	       "\n"
	       "A date in brackets is not certain: the clock was not set. \"done\" is\n"
	       "how many of all attempts reached their time, \"stretch s\" the seconds\n"
	       "that counted.\n"
	       "\n"
	       "Exit status: 0 listed; 1 no such wearer, or a session cannot be read;\n"
	       "2 wrong usage; 3 the folder cannot be read.");
}

/* 0 or the exit status for wrong usage. */
static int read_options(struct sessions_options *options, int argc, char **argv)
{
	const struct option_slot slots[] = {
		{ "state-dir", 0, &options->state_dir, NULL },
		{ "wearer", 0, &options->wearer, NULL },
		{ "json", 0, NULL, &options->json },
		{ "help", 0, NULL, &options->help },
	};
	int status = options_read(slots, sizeof slots / sizeof *slots, argc, argv);

	if (status == 0 && optind < argc)
		return options_refuse(
			"stretchctl sessions", argv[optind], "not expected");
	return status;
}

static bool date_certain(const struct session_entry *entry)
{
	return entry->clock_source[0] != '\0' && strcmp(entry->clock_source, "none") != 0;
}

static void print_row(const struct session_entry *entry)
{
	bool certain = date_certain(entry);
	char date[16], holds[32] = "?", stretch[FMT_NUMBER_MAX] = "?";
	const char *status = entry->status[0] ? entry->status : "unknown";

	snprintf(date, sizeof date, certain ? "%s" : "(%s)", entry->date);
	if (entry->holds >= 0) {
		snprintf(holds, sizeof holds, "%d of %d", entry->done, entry->holds);
		fmt_fixed(stretch, entry->stretch_s, 0);
	}
	printf("%06u  %-12s  %-16.16s  %-22.22s  %-5.5s  %-12.12s  %9s  %9s  %s\n",
		entry->number, date, entry->wearer, entry->exercise, entry->side,
		entry->mode[0] ? entry->mode : "-", holds, stretch,
		entry->problem.text[0] ? "damaged" : status);
}

static void print_table(const struct session_entry *list, size_t count)
{
	printf("%-6s  %-12s  %-16s  %-22s  %-5s  %-12s  %9s  %9s  %s\n", "number", "date",
		"wearer", "exercise", "side", "mode", "done", "stretch s", "status");
	for (size_t i = 0; i < count; i++)
		print_row(&list[i]);
}

/* Null stands for what cannot be read, never 0. */
static json_t *count_json(const struct session_entry *entry, int32_t count)
{
	return entry->holds >= 0 ? json_integer(count) : json_null();
}

static json_t *stretch_json(const struct session_entry *entry)
{
	return entry->holds >= 0 ? json_real(fmt_round(entry->stretch_s, 2)) : json_null();
}

static json_t *entry_json(const struct session_entry *entry)
{
	const char *problem = entry->problem.text[0] ? entry->problem.text : NULL;

	return json_pack("{s:s, s:s, s:I, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:o, s:o,"
		" s:o, s:s, s:s?}",
		"session", entry->name, "wearer", entry->wearer,
		"number", (json_int_t)entry->number, "date", entry->date,
		"date_certain", date_certain(entry), "clock_source", entry->clock_source,
		"exercise", entry->exercise, "side", entry->side, "mode", entry->mode,
		"status", entry->status, "holds", count_json(entry, entry->holds),
		"done", count_json(entry, entry->done),
		"stretch_s", stretch_json(entry),
		"path", entry->path, "problem", problem);
}

static void print_json(const struct session_entry *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, entry_json(&list[i]));
	json_dumpf(array, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(array);
}

/* Says what is wrong with each; 1 when there was something. */
static int report_problems(const struct session_entry *list, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].problem.text[0] == '\0')
			continue;
		fprintf(stderr, "stretchctl sessions: %s\n", list[i].problem.text);
		status = EXIT_NO;
	}
	return status;
}

static int list_sessions(const struct sessions_options *options)
{
	struct session_entry *list;
	struct problem problem;
	size_t count;
	int status;
	int error = session_list_read(options->state_dir, options->wearer, &list, &count,
		&problem);

	if (error < 0) {
		fprintf(stderr, "stretchctl sessions: %s\n", problem.text);
		return error == -ENODATA ? EXIT_NO : problem_exit_status(error);
	}
	if (options->json)
		print_json(list, count);
	else if (count > 0)
		print_table(list, count);
	else
		printf("No sessions in %s.\n", options->state_dir);
	status = report_problems(list, count);
	free(list);
	return status;
}

int cmd_sessions(int argc, char **argv)
{
	struct sessions_options options = { NULL, NULL, false, false };
	struct settings service;
	int status, ended;

	status = read_options(&options, argc, argv);
	if (status != 0)
		return status;
	if (options.help) {
		print_help();
	} else {
		places_fill("stretchctl sessions", &service, &options.state_dir, NULL);
		status = list_sessions(&options);
	}
	ended = output_end("stretchctl sessions");
	return ended != 0 ? ended : status;
}
