/* stretchctl report: the page that a clinician reads in a minute. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/atomic_file.h"
#include "linux/clock_said.h"
#include "linux/folder.h"
#include "linux/number.h"
#include "linux/output.h"
#include "linux/prescription_file.h"
#include "linux/version.h"
#include "stretchctl/command.h"
#include "stretchctl/history_options.h"
#include "stretchctl/options.h"
#include "stretchctl/report_draw.h"
#include "stretchctl/report_session.h"
#include "stretchctl/report_sheet_parts.h"

#define NAME "stretchctl report"
#define PROGRAM "stretchd " STRETCH_VERSION
#define PAGES_MAX 100

struct report_options {
	struct history_options history;
	const char *path, *prescription;
	int32_t sessions;
	bool pdf, quiet, help;
};

enum { PRESCRIPTION = HISTORY_OPTION_END, SESSIONS, HELP };

static void print_help(void)
{
	printf("Usage: stretchctl report -o FILE.html|FILE.pdf [OPTION]...\n"
	       "\n"
	       "One A4 page on a wearer's sessions for a clinician: days and seconds against\n"
	       "the prescription, angles of each side with the change that can be told apart,\n"
	       "how holds ended, what was noted, what was measured and what was not. The\n"
	       "HTML file needs no other file and no network; on a telephone it says the\n"
	       "same in words first.\n"
	       "\n"
	       "  -o, --output FILE       where to; its ending says what it is\n"
	       "%s"
	       "      --prescription FILE what was asked for (default: what was accepted)\n"
	       "      --sessions N        a page more for each of the latest N sessions\n"
	       "  -q, --quiet             no summary\n"
	       "      --help\n"
	       "\n"
	       "Without --since and --until the period is from the first to the last session.\n"
	       "\n"
	       "Exit status: 0 written; 1 no such wearer, or a session could not be read\n"
	       "(the others are in the report); 2 wrong usage; 3 trouble of the system.\n",
	       history_options_help);
}

static int refuse(const char *text, const char *what)
{
	return options_refuse(NAME, text, what);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

static int take_output(struct report_options *o, const char *path)
{
	o->path = path;
	o->pdf = ends_with(path, ".pdf");
	if (o->pdf || ends_with(path, ".html"))
		return 0;
	return refuse(path, "name a file that ends in .html or .pdf");
}

static int take_sessions(struct report_options *o, const char *text)
{
	int64_t value;

	if (number_parse_int(text, 0, PAGES_MAX, &value) < 0)
		return refuse(text, "pages are a whole number from 0 to 100");
	o->sessions = (int32_t)value;
	return 0;
}

static int take_option(struct report_options *o, int option)
{
	switch (option) {
	case 'o':
		return take_output(o, optarg);
	case 'q':
		o->quiet = true;
		return 0;
	case PRESCRIPTION:
		o->prescription = optarg;
		return 0;
	case SESSIONS:
		return take_sessions(o, optarg);
	case HELP:
		o->help = true;
		return 0;
	default:
		return history_options_take(&o->history, option, optarg);
	}
}

static int read_options(struct report_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		HISTORY_LONG_OPTIONS,
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "prescription", required_argument, NULL, PRESCRIPTION },
		{ "sessions", required_argument, NULL, SESSIONS },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	optind = 0;
	while (status == 0 && (option = getopt_long(argc, argv, "o:q", table,
		NULL)) != -1)
		status = take_option(o, option);
	if (status != 0 || o->help)
		return status;
	if (optind < argc)
		return refuse(argv[optind], "not expected");
	return o->path ? 0 : refuse("-o FILE", "missing: where to");
}

/* The day of acceptance, where somebody vouched for the clock. */
static int32_t accepted_day(const json_t *accepted)
{
	const char *on = json_string_value(json_object_get(accepted, "accepted_on"));
	const char *source = json_string_value(json_object_get(accepted, "clock_source"));
	char date[DAY_TEXT_MAX];

	if (!on || !source || strcmp(source, clock_source_names[CLOCK_NONE]) == 0)
		return DAY_NONE;
	snprintf(date, sizeof date, "%.10s", on);
	return day_parse(date);
}

/* The one that the wearer accepted, as accepted.json keeps it. 1, or 0: none. */
static int accepted_prescription(struct prescription *p, const struct history *history,
	int32_t *day)
{
	static struct prescription_report report;
	char folder[PATH_MAX], path[PATH_MAX];
	const char *text;
	json_t *accepted;
	int found = 0;

	if (folder_join(folder, sizeof folder, history->state_dir, history->wearer) < 0 ||
		folder_join(path, sizeof path, folder, "accepted.json") < 0)
		return 0;
	accepted = json_load_file(path, 0, NULL);
	text = json_string_value(json_object_get(accepted, "prescription"));
	if (text)
		found = prescription_load_text(p, path, text, strlen(text), &report) == 0;
	*day = accepted_day(accepted);
	json_decref(accepted);
	return found;
}

/* Leaves what the sessions were chosen by, so that like stands against like. */
static void narrow(struct prescription *p, const struct history_choice *choice)
{
	int32_t kept = 0;

	for (int32_t i = 0; i < p->count; i++) {
		struct prescription_item *item = &p->items[i];
		bool sided = choice->side < 0;

		for (int32_t s = 0; s < item->sides.count; s++)
			sided = sided || item->sides.at[s] == choice->side;
		if (choice->side >= 0) {
			item->sides.count = 1;
			item->sides.at[0] = choice->side;
		}
		if (sided && (choice->exercise < 0 || item->exercise == choice->exercise))
			p->items[kept++] = *item;
	}
	p->count = kept;
}

/* 1: there is one; 0: there is none; or minus the exit status. */
static int find_prescription(const struct report_options *o, struct prescription *p,
	const struct history *history, int32_t *day)
{
	static struct prescription_report report;
	int error;

	*day = DAY_NONE;
	if (!o->prescription)
		return accepted_prescription(p, history, day);
	error = prescription_load(p, o->prescription, &report);
	if (error < 0) {
		config_print_mistakes(&report.mistakes, stderr);
		return -problem_exit_status(error);
	}
	if (p->wearer[0] == '\0' || strcmp(p->wearer, history->wearer) == 0)
		return 1;
	fprintf(stderr, NAME ": %s: it is for %s, and these sessions are of %s. name "
		"the right one\n", o->prescription, p->wearer, history->wearer);
	return -EXIT_USAGE;
}

static void choice_text(const struct history_choice *choice, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s%s", choice->exercise >= 0 ? "only " : "",
		choice->exercise >= 0 ? exercise_names[choice->exercise] : "",
		choice->side >= 0 ? " only the side " : "",
		choice->side >= 0 ? side_names[choice->side] : "");
}

static int write_file(const struct report_options *o, const struct page *pages,
	size_t count, const char *title)
{
	struct problem problem;
	char *data = NULL;
	size_t size = 0;
	int error = (o->pdf ? draw_pdf : draw_html)(pages, count, title, &data, &size);

	if (error == 0)
		error = atomic_file_write(o->path, data, size);
	free(data);
	if (error == 0)
		return 0;
	problem_errno(&problem, o->path, "write", error);
	fprintf(stderr, NAME ": %s\n", problem.text);
	return problem_exit_status(error);
}

/* The latest sessions, newest last; 0 or the exit status. */
static int add_sessions(struct page *pages, size_t count, const struct history *history)
{
	size_t first = history->count - count;

	for (size_t i = 0; i < count; i++) {
		const struct history_session *session = &history->sessions[first + i];
		struct report_trace trace;
		struct problem problem;
		char sessions[PATH_MAX + 64], folder[PATH_MAX + 192];

		snprintf(sessions, sizeof sessions, "%s/%s/sessions", history->state_dir,
			history->wearer);
		snprintf(folder, sizeof folder, "%s/%s", sessions,
			session->facts.row.session);
		if (report_trace_read(&trace, folder, &problem) < 0)
			fprintf(stderr, NAME ": %s\n", problem.text);
		report_session_page(&pages[i], history, session, &trace, PROGRAM);
		report_trace_free(&trace);
		if (pages[i].failed)
			return EXIT_SYSTEM;
	}
	return 0;
}

static int draw(const struct report_options *o, const struct report *report)
{
	static struct page pages[1 + PAGES_MAX];
	size_t wanted = (size_t)o->sessions;
	size_t count = wanted < report->history->count ? wanted : report->history->count;
	char made_on[CLOCK_TEXT_MAX] = "", choice[80], title[80];
	struct sheet_title sheet = { DAY_NONE, PROGRAM, choice };
	void *measure = draw_measure_open();
	int status;

	if (clock_said_trust(report->history->state_dir) != CLOCK_NONE)
		clock_date(made_on, CLOCK_PERSON);
	sheet.made_day = day_parse(made_on);
	choice_text(&o->history.choice, choice, sizeof choice);
	snprintf(title, sizeof title, "Hamstring stretching: %s",
		report->history->wearer);
	for (size_t i = 0; i <= count; i++)
		page_init(&pages[i], draw_measure, measure);
	report_sheet(&pages[0], report, &sheet);
	status = add_sessions(pages + 1, count, report->history);
	if (status != 0 || pages[0].failed)
		fprintf(stderr, NAME ": no memory\n");
	else
		status = write_file(o, pages, count + 1, title);
	for (size_t i = 0; i <= count; i++)
		page_free(&pages[i]);
	draw_measure_close(measure);
	return status;
}

static int make_report(const struct report_options *o, const struct history *history)
{
	static struct prescription prescription;
	static struct report report;
	int32_t day;
	int found = find_prescription(o, &prescription, history, &day), status;

	if (found < 0)
		return -found;
	narrow(&prescription, &o->history.choice);
	if (report_build(&report, history, found ? &prescription : NULL,
		o->history.choice.since, o->history.choice.until) < 0) {
		fprintf(stderr, NAME ": no memory\n");
		return EXIT_SYSTEM;
	}
	report.accepted_day = day;
	status = draw(o, &report);
	if (status == 0 && !o->quiet)
		printf("%s: %zu session%s of %s, %s\n", o->path, history->count,
			history->count == 1 ? "" : "s", history->wearer,
			found ? "against the prescription"
			: "no prescription: name one with --prescription");
	report_free(&report);
	return status;
}

int cmd_report(int argc, char **argv)
{
	static struct report_options options;
	struct history history;
	int status, written;

	memset(&options, 0, sizeof options);
	history_options_init(&options.history, NAME);
	status = read_options(&options, argc, argv);
	if (status != 0)
		return status;
	if (options.help) {
		print_help();
		return output_end(NAME);
	}
	status = history_options_read(&options.history, &history);
	if (status > EXIT_NO || (status == EXIT_NO && history.sessions == NULL))
		return status;
	written = make_report(&options, &history);
	history_free(&history);
	if (written == 0)
		written = output_end(NAME);
	return written != 0 ? written : status;
}
