/*
 * stretchctl status, start, stop, next, reference, reload: one table, one request to
 * the running daemon each.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/control_link.h"
#include "linux/control_request.h"
#include "linux/output.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"
#include "stretchctl/status_view.h"

/* What each does, for --help. */
static const char *const what[CONTROL_COMMANDS] = {
	[CONTROL_STATUS] = "Shows what stretchd is doing: session, hold, sensors, "
		"counters.",
	[CONTROL_START] = "Begins a timed hold (seated, standing), or wakes stretchd when "
		"it is dark.",
	[CONTROL_STOP] = "Ends a hold at once, as a press of the button does. Said after a "
		"hold with\n--reason pain, that hold is marked.",
	[CONTROL_NEXT] = "Leaves this exercise for the next one of the programme: before "
		"a hold,\nor in a rest.",
	[CONTROL_REFERENCE] = "Takes the reference pose again: lie flat and still, as a "
		"long press does.\nWhile the straps are still being learned, begins with "
		"that anew.",
	[CONTROL_RELOAD] = "Reads the prescription again, for the next run. A bad one is "
		"told and not taken.",
};

struct control_options {
	const char *socket, *reason;
	bool json, help;
};

static void print_help(enum control_command command)
{
	printf("Usage: stretchctl %s [OPTION]...\n%s\n\n",
		control_commands[command].name, what[command]);
	if (command == CONTROL_STOP)
		puts("      --reason WHY    pain, fatigue or other (other)");
	puts("      --socket PATH   where stretchd listens (as the service's settings say)\n"
	       "      --json          the daemon's answer as it is\n"
	       "      --help          this text\n\n"
	       "Exit status: 0 done; 1 stretchd refuses; 2 wrong usage; 3 it does not\n"
	       "listen, or trouble of the system.");
}

static int read_options(struct control_options *o, enum control_command command,
	int argc, char **argv)
{
	const struct option_slot slots[] = {
		{ "socket", '\0', &o->socket, NULL },
		{ "json", '\0', NULL, &o->json },
		{ "help", '\0', NULL, &o->help },
		{ "reason", '\0', &o->reason, NULL },
	};
	size_t count = sizeof slots / sizeof slots[0] - (command != CONTROL_STOP);
	int status = options_read(slots, count, argc, argv);

	if (status == 0 && optind < argc)
		status = options_refuse(argv[0], argv[optind], "not an option");
	for (size_t i = 0; i < control_member_count && o->reason != NULL; i++) {
		const struct control_member *m = &control_members[i];

		if (status == 0 && strcmp(m->name, "reason") == 0 &&
			m->wrong(o->reason) != NULL)
			status = options_refuse(argv[0], o->reason, m->wrong(o->reason));
	}
	return status;
}

/* Lines of the daemon: what came from a file there must not move the cursor here. */
static void print_lines(const char *text, FILE *out)
{
	for (; text != NULL && *text != '\0'; text++)
		fputc(*text == '\n' || ((unsigned char)*text >= 0x20 && *text != 0x7f)
			? *text : '?', out);
	fputc('\n', out);
}

static int refused(const char *name, const json_t *answer)
{
	fprintf(stderr, "stretchctl %s: ", name);
	print_lines(json_string_value(json_object_get(answer, "message")), stderr);
	return EXIT_NO;
}

static int print_json(const json_t *answer)
{
	if (json_dumpf(answer, stdout, JSON_INDENT(2)) != 0)
		return EXIT_SYSTEM;
	putchar('\n');
	return 0;
}

static void print_answer(enum control_command command, const json_t *answer)
{
	const char *said = json_string_value(json_object_get(answer, "said"));
	const char *state = json_string_value(json_object_get(answer, "state"));

	if (command == CONTROL_STATUS)
		status_print(answer, stdout);
	else if (said != NULL)
		print_lines(said, stdout);
	else
		printf("%s: told; stretchd was in \"%s\"\n", control_commands[command].name,
			state != NULL ? state : "?");
}

static int ask(const struct control_options *o, enum control_command command)
{
	static struct control_link link;
	const char *name = control_commands[command].name;
	struct problem problem;
	json_t *answer = NULL;
	int got = control_link_open(&link, o->socket, &problem);

	if (got == 0)
		got = control_link_request(&link, json_pack("{s:s,s:s*}", "cmd", name,
			"reason", o->reason), &answer, &problem);
	control_link_close(&link);
	if (got < 0) {
		fprintf(stderr, "stretchctl %s: %s\n", name, problem.text);
		return EXIT_SYSTEM;
	}
	if (got == 1)
		got = refused(name, answer);
	else if (o->json)
		got = print_json(answer);
	else
		print_answer(command, answer);
	json_decref(answer);
	return got;
}

static int run(enum control_command command, int argc, char **argv)
{
	struct control_options o = { .socket = NULL };
	struct settings service;
	int status = read_options(&o, command, argc, argv);

	if (status != 0)
		return status;
	if (o.help) {
		print_help(command);
	} else {
		places_fill(argv[0], &service, NULL, &o.socket);
		status = ask(&o, command);
	}
	return status != 0 ? status : output_end(argv[0]);
}

int cmd_status(int argc, char **argv)
{
	return run(CONTROL_STATUS, argc, argv);
}

int cmd_start(int argc, char **argv)
{
	return run(CONTROL_START, argc, argv);
}

int cmd_stop(int argc, char **argv)
{
	return run(CONTROL_STOP, argc, argv);
}

int cmd_next(int argc, char **argv)
{
	return run(CONTROL_NEXT, argc, argv);
}

int cmd_reference(int argc, char **argv)
{
	return run(CONTROL_REFERENCE, argc, argv);
}

int cmd_reload(int argc, char **argv)
{
	return run(CONTROL_RELOAD, argc, argv);
}
