/* Which sessions; see history_options.h. */
#include "stretchctl/history_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stretch/day.h"
#include "stretch/exercise.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"

#define PROGRESS_FROM 100 /* fewer sessions are read before anybody looks */
#define PROGRESS_STEP 16

const char history_options_help[] =
	"      --state-dir DIR     folder of the sessions (the service's)\n"
	"      --wearer LABEL      whose sessions; may be left out when there is one\n"
	"      --since YYYY-MM-DD  from this day on\n"
	"      --until YYYY-MM-DD  up to this day\n"
	"      --exercise NAME     only this exercise\n"
	"      --side left|right   only this side\n";

void history_options_init(struct history_options *options, const char *program)
{
	memset(options, 0, sizeof *options);
	options->program = program;
	options->choice = (struct history_choice){
		.since = DAY_NONE, .until = DAY_NONE, .exercise = -1, .side = -1 };
}

static int refuse(const struct history_options *options, const char *text,
	const char *what)
{
	return options_refuse(options->program, text, what);
}

static int take_day(const struct history_options *options, const char *text, int32_t *day)
{
	*day = day_parse(text);
	return *day == DAY_NONE
		? refuse(options, text, "not a day like 2025-11-30") : 0;
}

/* what: "no such exercise"; a wrong name is answered with all that there are. */
static int take_name(const struct history_options *options, const char *text,
	const char *const *names, size_t count, const char *what, int32_t *value)
{
	char list[400] = "";
	size_t used = 0;

	*value = name_lookup(names, count, text);
	if (*value >= 0)
		return 0;
	for (size_t i = 0; i < count && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
			i > 0 ? ", " : "", names[i]);
	fprintf(stderr, "%s: %s: %s. There are: %s\n", options->program, text, what, list);
	return EXIT_USAGE;
}

int history_options_take(struct history_options *options, int option, const char *text)
{
	struct history_choice *choice = &options->choice;

	switch (option) {
	case HISTORY_STATE_DIR:
		choice->state_dir = text;
		return 0;
	case HISTORY_WEARER:
		choice->wearer = text;
		return 0;
	case HISTORY_SINCE:
		return take_day(options, text, &choice->since);
	case HISTORY_UNTIL:
		return take_day(options, text, &choice->until);
	case HISTORY_EXERCISE:
		return take_name(options, text, exercise_names, EX_COUNT,
			"no such exercise", &choice->exercise);
	case HISTORY_SIDE:
		return take_name(options, text, side_names, SIDE_COUNT, "no such side",
			&choice->side);
	default:
		return EXIT_USAGE; /* getopt has said what */
	}
}

static void clear_progress(struct history_options *options)
{
	if (options->shown)
		fputs("\r\033[K", stderr);
	options->shown = false;
}

static void show_progress(void *context, size_t done, size_t of)
{
	struct history_options *options = context;

	if (of < PROGRESS_FROM || done % PROGRESS_STEP != 0)
		return;
	fprintf(stderr, "\rreading session %zu of %zu", done + 1, of);
	fflush(stderr);
	options->shown = true;
}

static void say_problem(void *context, const struct problem *problem)
{
	struct history_options *options = context;

	clear_progress(options);
	fprintf(stderr, "%s: %s\n", options->program, problem->text);
}

int history_options_read(struct history_options *options, struct history *history)
{
	struct history_choice *choice = &options->choice;
	struct problem problem;
	int error;

	if (choice->since != DAY_NONE && choice->until != DAY_NONE &&
		choice->since > choice->until)
		return refuse(options, "--since", "is after --until");
	places_fill(options->program, &options->service, &choice->state_dir, NULL);
	if (isatty(STDERR_FILENO))
		choice->progress = show_progress;
	choice->context = options;
	error = history_read(history, choice, say_problem, &problem);
	clear_progress(options);
	if (error < 0) {
		history_free(history);
		fprintf(stderr, "%s: %s\n", options->program, problem.text);
		return error == -ENODATA ? EXIT_NO : problem_exit_status(error);
	}
	return history->damaged > 0 ? EXIT_NO : 0;
}
