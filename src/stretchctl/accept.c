/*
 * stretchctl accept: the wearer reads the prescription and the safety text, and
 * says yes. Without that no session begins.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/config.h"
#include "linux/output.h"
#include "linux/state_owner.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/prescription_view.h"

#define NAME "stretchctl accept"
#define ANSWER_MAX 64

struct accept_options {
	const char *path, *config, *state_dir, *by;
	bool yes, check, help;
};

static void print_help(void)
{
	puts("Usage: stretchctl accept [FILE] [OPTION]...\n"
	     "Show a prescription and the safety text, and note who accepts it.\n"
	     "Without FILE: the one exercise of the settings.\n"
	     "\n"
	     "  -c, --config FILE    settings file: the state folder, and what is "
	"accepted\n"
	     "                       without FILE (the service's, if there is one:\n"
	     "                       " CONFIG_SERVICE_FILE ")\n"
	     "      --state-dir=DIR  folder of the sessions, in place of the settings'\n"
	     "      --by=LABEL       who accepts (usual: the wearer)\n"
	     "      --yes            accept without a question; wants --by\n"
	     "      --check          only tell whether it is accepted\n"
	     "      --help           this text\n"
	     "\n"
	     "A prescription that was changed must be accepted again. The state folder "
	"of the\n"
	     "service is its own: write sudo before it.\n"
	     "\n"
	     "Exit status: 0 accepted; 1 not accepted, or something in it must be "
	"filled\n"
	     "in first; 2 mistakes in a file, or wrong usage; 3 trouble of the system.");
}

static int refuse(const char *text, const char *what)
{
	return options_refuse(NAME, text, what);
}

static int check_options(struct accept_options *o, int count, char **words)
{
	const char *wrong = o->by != NULL ? setting_label_wrong(o->by) : NULL;

	if (count > 1)
		return refuse(words[1], "one prescription at a time");
	if (count == 1)
		o->path = words[0];
	if (wrong != NULL)
		return refuse("--by", wrong);
	if (o->yes && o->by == NULL)
		return refuse("--yes", "say who accepts: --by=LABEL");
	if (o->yes && o->check)
		return refuse("--yes", "not with --check");
	return 0;
}

/* 0 or the exit status for wrong usage. */
static int read_options(struct accept_options *o, int argc, char **argv)
{
	const struct option_slot slots[] = {
		{ "config", 'c', &o->config, NULL },
		{ "state-dir", 0, &o->state_dir, NULL },
		{ "by", 0, &o->by, NULL },
		{ "yes", 0, NULL, &o->yes },
		{ "check", 0, NULL, &o->check },
		{ "help", 0, NULL, &o->help },
	};
	int status = options_read(slots, sizeof slots / sizeof *slots, argc, argv);

	if (status != 0 || o->help)
		return status;
	return check_options(o, argc - optind, argv + optind);
}

/* What is to be accepted, complete; 0 or the exit status. */
static int load(const struct accept_options *o, const struct settings *settings,
	struct prescription *p)
{
	static struct prescription_report report;
	int error;

	if (o->path == NULL) {
		prescription_from_settings(p, settings);
		return 0;
	}
	error = prescription_load(p, o->path, &report);
	config_print_mistakes(&report.mistakes, stderr);
	config_print_mistakes(&report.open, stderr);
	if (error != 0)
		return problem_exit_status(error);
	return report.open.count > 0 ? EXIT_NO : 0;
}

/* One line of the terminal without its newline; false at the end of input. */
static bool ask(const char *question, char answer[ANSWER_MAX])
{
	printf("%s ", question);
	fflush(stdout);
	if (fgets(answer, ANSWER_MAX, stdin) == NULL)
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	return true;
}

/* The label of who says yes, or NULL when nobody does. */
static const char *agree(const struct accept_options *o, const struct prescription *p,
	char who[ANSWER_MAX])
{
	char answer[ANSWER_MAX], question[96];

	if (o->yes)
		return o->by;
	snprintf(question, sizeof question, "Who accepts? (Enter: %s)", p->wearer);
	snprintf(who, ANSWER_MAX, "%s", o->by != NULL ? o->by : "");
	while (o->by == NULL) {
		if (!ask(question, who))
			return NULL;
		if (who[0] == '\0')
			snprintf(who, ANSWER_MAX, "%s", p->wearer);
		if (setting_label_wrong(who) == NULL)
			break;
		printf("\"%s\": %s\n", who, setting_label_wrong(who));
	}
	if (!ask("I have read this and I accept it (yes or no):", answer))
		return NULL;
	return strcmp(answer, "yes") == 0 ? who : NULL;
}

static int tell(const char *state_dir, const struct prescription *p)
{
	struct accepted accepted;
	struct problem problem;
	int state = accepted_look(state_dir, p, &accepted, &problem);

	if (state < 0) {
		fprintf(stderr, NAME ": %s\n", problem.text);
		return state == -EBADMSG ? EXIT_NO : problem_exit_status(state);
	}
	prescription_view_accepted(state, &accepted, stdout);
	return state == ACCEPTED_YES ? 0 : EXIT_NO;
}

static int accept_it(const struct accept_options *o, const char *state_dir,
	const struct prescription *p)
{
	char who[ANSWER_MAX];
	struct problem problem;
	const char *by;
	int error;

	if (!o->yes && !isatty(STDIN_FILENO))
		return refuse("standard input", "not a terminal to ask on; "
			"write --by=LABEL --yes");
	printf("%s, for %s\n\n", o->path != NULL ? o->path : "settings", p->wearer);
	error = prescription_view_print(p, stdout);
	putchar('\n');
	prescription_view_safety(stdout);
	putchar('\n');
	if (error != 0 || fflush(stdout) != 0)
		return EXIT_SYSTEM; /* what nobody could read is not accepted */
	by = agree(o, p, who);
	if (by == NULL) {
		puts("not accepted");
		return EXIT_NO;
	}
	error = accepted_write(state_dir, p, by, &problem);
	if (error == 0)
		error = tell(state_dir, p);
	if (error == 0)
		puts("stretchd, where it waits for this, begins when the wearer moves.");
	if (error >= 0)
		return error;
	fprintf(stderr, NAME ": %s\n", problem.text);
	return problem_exit_status(error);
}

static int run(const struct accept_options *o)
{
	static struct config_mistakes mistakes;
	struct settings settings;
	struct prescription p;
	struct problem problem;
	const char *state_dir;
	int status, error = config_load(&settings, o->config, NULL, 0, &mistakes);

	if (error != 0) {
		config_print_mistakes(&mistakes, stderr);
		return problem_exit_status(error);
	}
	state_dir = o->state_dir != NULL ? o->state_dir : settings.state_dir;
	status = load(o, &settings, &p);
	if (status != 0)
		return status;
	if (o->check)
		return tell(state_dir, &p);
	error = state_owner_become(state_dir, &problem);
	if (error == 0)
		return accept_it(o, state_dir, &p);
	fprintf(stderr, NAME ": %s\n", problem.text);
	return problem_exit_status(error);
}

int cmd_accept(int argc, char **argv)
{
	struct accept_options o = { 0 };
	int status = read_options(&o, argc, argv), ended;

	if (status != 0)
		return status;
	if (o.help)
		print_help();
	else {
		o.config = config_choose_file(o.config, CONFIG_SERVICE_FILE);
		status = run(&o);
	}
	ended = output_end(NAME);
	return ended != 0 ? ended : status;
}
