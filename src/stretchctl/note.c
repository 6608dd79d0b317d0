/* stretchctl note: what only the person knows of a session: pain, warm-up, straps. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock_said.h"
#include "linux/config_text.h"
#include "linux/control_link.h"
#include "linux/number.h"
#include "linux/output.h"
#include "linux/rest_days.h"
#include "linux/session_note.h"
#include "linux/state_owner.h"
#include "stretch/day.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"
#include "stretchctl/session_find.h"

#define NAME "stretchctl note"

struct note_options {
	const char *state_dir, *wearer, *session, *socket;
	const char *rest_day;
	struct session_note note;
	bool any, help;
};

enum { STATE_DIR = 1000, WEARER, BEFORE, AFTER, WARM_UP, STRAPPED_BY, TEXT, REST_DAY,
	SOCKET, HELP };

static void print_help(void)
{
	puts("Usage: stretchctl note [SESSION] [OPTION]...\n"
	       "\n"
	       "Adds to a session what only the person knows, in note.json of its folder;\n"
	       "what was measured and judged stays as it is. SESSION is its folder, name or\n"
	       "number; the newest when left out, or the one that runs: stretchd is told then,\n"
	       "and writes it at its end. What is not named stays as noted before.\n"
	       "\n"
	       "      --pain-before N     pain before it, 0 (none) to 10\n"
	       "      --pain-after N      pain after it\n"
	       "      --warm-up yes|no    whether the wearer had warmed up\n"
	       "      --strapped-by WHO   who put the sensors on: self, or a label\n"
	       "      --text LINE         anything else, one line\n"
	       "      --rest-day DAY      of no session: the wearer was sore and rested that\n"
	       "                          day (2025-11-30, or today); see sore_today\n"
	       "      --state-dir DIR     folder of the sessions (the service's)\n"
	       "      --socket PATH       where stretchd listens (as the service's settings say)\n"
	       "      --wearer LABEL      whose session; may be left out when there is one\n"
	       "      --help\n"
	       "\n"
	       "The state folder of the service is its own: when no session runs, write sudo\n"
	       "before it.\n"
	       "\n"
	       "Exit status: 0 noted; 1 no such session; 2 wrong usage; 3 trouble of the\n"
	       "system.");
}

static int refuse(const char *text, const char *what)
{
	return options_refuse(NAME, text, what);
}

static int take_pain(const char *text, int32_t *pain)
{
	int64_t value;

	if (number_parse_int(text, 0, SESSION_NOTE_PAIN_MAX, &value) < 0)
		return refuse(text, "pain is a whole number from 0 to 10");
	*pain = (int32_t)value;
	return 0;
}

static int take_option(struct note_options *o, int option)
{
	const char *wrong = NULL;

	o->any = o->any || (option >= BEFORE && option <= TEXT);
	switch (option) {
	case STATE_DIR:
		o->state_dir = optarg;
		break;
	case WEARER:
		o->wearer = optarg;
		break;
	case BEFORE:
		return take_pain(optarg, &o->note.pain_before);
	case AFTER:
		return take_pain(optarg, &o->note.pain_after);
	case WARM_UP:
		o->note.warm_up = config_read_yes_no(optarg);
		return o->note.warm_up < 0 ? refuse(optarg, "say yes or no") : 0;
	case STRAPPED_BY:
		o->note.strapped_by = optarg;
		wrong = setting_label_wrong(optarg);
		break;
	case TEXT:
		o->note.text = optarg;
		wrong = session_note_text_wrong(optarg);
		break;
	case REST_DAY:
		o->rest_day = optarg;
		break;
	case SOCKET:
		o->socket = optarg;
		break;
	case HELP:
		o->help = true;
		break;
	default:
		return EXIT_USAGE; /* getopt has said what */
	}
	return wrong ? refuse(option == TEXT ? "--text" : optarg, wrong) : 0;
}

static int read_options(struct note_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "state-dir", required_argument, NULL, STATE_DIR },
		{ "wearer", required_argument, NULL, WEARER },
		{ "pain-before", required_argument, NULL, BEFORE },
		{ "pain-after", required_argument, NULL, AFTER },
		{ "warm-up", required_argument, NULL, WARM_UP },
		{ "strapped-by", required_argument, NULL, STRAPPED_BY },
		{ "text", required_argument, NULL, TEXT },
		{ "rest-day", required_argument, NULL, REST_DAY },
		{ "socket", required_argument, NULL, SOCKET },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	optind = 0;
	while (status == 0 && (option = getopt_long(argc, argv, "", table, NULL)) != -1)
		status = take_option(o, option);
	if (status != 0 || o->help)
		return status;
	if (optind < argc)
		o->session = argv[optind++];
	if (optind < argc)
		return refuse(argv[optind], "one session at a time");
	if (o->rest_day && (o->any || o->session))
		return refuse("--rest-day", "it is of no session: note it by itself");
	return o->any || o->rest_day ? 0
		: refuse("nothing to note", "name at least one of the options");
}

/* 0 with *day, or the exit status. */
static int find_day(const struct note_options *o, int32_t *day)
{
	enum clock_source trust;
	char today[CLOCK_TEXT_MAX];

	*day = day_parse(o->rest_day);
	if (*day != DAY_NONE)
		return 0;
	if (strcmp(o->rest_day, "today") != 0)
		return refuse(o->rest_day, "not a day like 2025-11-30, nor today");
	trust = clock_said_trust(o->state_dir);
	clock_date(today, trust);
	*day = day_parse(today);
	return *day != DAY_NONE ? 0 : refuse("today",
		"nobody vouches for the clock: name the day, or say stretchctl clock ok");
}

/* The exit status. */
static int note_rest_day(const struct note_options *o)
{
	char path[PATH_MAX];
	struct problem problem;
	int32_t day;
	int error, status = find_day(o, &day);

	if (status != 0)
		return status;
	error = state_owner_become(o->state_dir, &problem);
	if (error == 0)
		error = session_find(o->state_dir, o->wearer, NULL, path, &problem);
	if (error == 0) {
		/* <state>/<wearer>/sessions/<session> */
		for (int i = 0; i < 2; i++)
			*strrchr(path, '/') = '\0';
		error = rest_days_add(path, day, &problem);
	}
	if (error < 0) {
		fprintf(stderr, NAME ": %s\n", problem.text);
		return error == -ENODATA ? EXIT_NO : problem_exit_status(error);
	}
	printf("noted in %s/%s\n", path, REST_DAYS_FILE);
	return output_end(NAME);
}

static json_t *request_of(const struct session_note *note)
{
	json_t *request = json_pack("{s:s,s:s*,s:s*}", "cmd", "note",
		"strapped_by", note->strapped_by, "text", note->text);

	if (note->pain_before >= 0)
		json_object_set_new(request, "pain_before",
			json_integer(note->pain_before));
	if (note->pain_after >= 0)
		json_object_set_new(request, "pain_after", json_integer(note->pain_after));
	if (note->warm_up >= 0)
		json_object_set_new(request, "warm_up", json_boolean(note->warm_up != 0));
	return request;
}

/* Is it a session of that folder that runs there? */
static bool runs_there(const struct note_options *o, const json_t *status)
{
	const char *dir = json_string_value(json_object_get(status, "state_dir"));
	const json_t *session = json_object_get(status, "session");
	const char *wearer = json_string_value(json_object_get(session, "wearer"));

	return dir != NULL && strcmp(dir, o->state_dir) == 0 && wearer != NULL &&
		(o->wearer == NULL || strcmp(o->wearer, wearer) == 0);
}

/*
 * A session that runs has no folder before its first hold, and its files are the
 * daemon's. 1: it was told; 0: no session runs, or nobody listens; or its refusal.
 */
static int tell_daemon(const struct note_options *o, struct problem *problem)
{
	static struct control_link link; /* large */
	json_t *status, *answer = NULL;
	int told = -ENODATA;

	if (o->session != NULL || control_link_open(&link, o->socket, problem) != 0)
		return 0;
	if (control_link_ask(&link, json_pack("{s:s}", "cmd", "status"), &status,
			problem) == 0) {
		if (runs_there(o, status))
			told = control_link_ask(&link, request_of(&o->note), &answer,
				problem);
		json_decref(status);
	}
	control_link_close(&link);
	if (told == -ENODATA)
		return 0;
	if (told != 0)
		return told;
	json_decref(answer);
	puts("noted: stretchd writes it at the end of the session");
	return 1;
}

int cmd_note(int argc, char **argv)
{
	struct note_options o = { .note = { -1, -1, -1, NULL, NULL } };
	struct settings service;
	struct problem problem;
	char path[PATH_MAX];
	int error, status;

	status = read_options(&o, argc, argv);
	if (status != 0)
		return status;
	if (o.help) {
		print_help();
		return output_end(NAME);
	}
	places_fill(NAME, &service, &o.state_dir, &o.socket);
	if (o.rest_day)
		return note_rest_day(&o);
	error = tell_daemon(&o, &problem);
	if (error > 0)
		return output_end(NAME);
	if (error == 0)
		error = state_owner_become(o.state_dir, &problem);
	if (error == 0)
		error = session_find(o.state_dir, o.wearer, o.session, path, &problem);
	if (error == 0)
		error = session_note_write(path, &o.note, &problem);
	if (error < 0) {
		fprintf(stderr, NAME ": %s\n", problem.text);
		return error == -ENODATA ? EXIT_NO : problem_exit_status(error);
	}
	printf("noted in %s\n", path);
	return output_end(NAME);
}
