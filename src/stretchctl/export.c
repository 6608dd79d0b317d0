/* stretchctl export: a wearer's sessions as files for a clinician. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/export.h"
#include "linux/export_fhir.h"
#include "linux/output.h"
#include "stretch/day.h"
#include "stretchctl/command.h"
#include "stretchctl/history_options.h"
#include "stretchctl/options.h"

#define NAME "stretchctl export"

struct export_options {
	struct history_options history;
	const char *folder;
	const struct export_dialect *dialect;
	bool fhir, loinc, quiet, help;
};

enum { EXCEL = HISTORY_OPTION_END, FORMAT, LOINC, HELP };

static void print_help(void)
{
	printf("Usage: stretchctl export -o DIR [OPTION]...\n"
	       "\n"
	       "Writes a wearer's sessions into DIR: sessions.csv (a row each), holds.csv\n"
	       "(a row for each attempt) and datapackage.json, which says what every\n"
	       "column is. A session whose date is not certain has no date; it stands in\n"
	       "the order in which it was made.\n"
	       "\n"
	       "  -o, --output DIR        a new or empty folder, or an export before\n"
	       "%s"
	       "      --excel de|us       as a German or an American spreadsheet takes it\n"
	       "      --format csv|fhir   fhir: instead, " EXPORT_FHIR_FILE ", a Bundle of\n"
	       "                          R4 Observations, one a hold, with codes of our own\n"
	       "      --loinc             also LOINC's codes, where hip flexion was measured\n"
	       "                          with two sensors; they wait to be confirmed\n"
	       "  -q, --quiet             no summary\n"
	       "      --help\n"
	       "\n"
	       "Exit status: 0 all written; 1 no such wearer, or a session could not be\n"
	       "read (the others are written); 2 wrong usage; 3 trouble of the system.\n",
	       history_options_help);
}

static int take_excel(struct export_options *o, const char *name)
{
	o->dialect = export_dialect_find(name);
	if (o->dialect)
		return 0;
	return options_refuse(NAME, name, "spreadsheets are de or us");
}

static int take_format(struct export_options *o, const char *name)
{
	o->fhir = strcmp(name, "fhir") == 0;
	if (o->fhir || strcmp(name, "csv") == 0)
		return 0;
	return options_refuse(NAME, name, "formats are csv or fhir");
}

static int take_option(struct export_options *o, int option)
{
	switch (option) {
	case 'o':
		o->folder = optarg;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case EXCEL:
		return take_excel(o, optarg);
	case FORMAT:
		return take_format(o, optarg);
	case LOINC:
		o->loinc = true;
		return 0;
	case HELP:
		o->help = true;
		return 0;
	default:
		return history_options_take(&o->history, option, optarg);
	}
}

static int read_options(struct export_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		HISTORY_LONG_OPTIONS,
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "excel", required_argument, NULL, EXCEL },
		{ "format", required_argument, NULL, FORMAT },
		{ "loinc", no_argument, NULL, LOINC },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	optind = 0;
	while (status == 0 && (option = getopt_long(argc, argv, "o:q", table,
		NULL)) != -1)
		status = take_option(o, option);
	if (status == 0 && !o->help && optind < argc)
		status = options_refuse(NAME, argv[optind], "not expected");
	else if (status == 0 && !o->help && !o->folder)
		status = options_refuse(NAME, "-o DIR", "missing: where to");
	else if (status == 0 && o->loinc && !o->fhir)
		status = options_refuse(NAME, "--loinc", "belongs to --format fhir");
	else if (status == 0 && o->fhir && o->dialect != &export_plain)
		status = options_refuse(NAME, "--excel", "belongs to --format csv");
	return status;
}

static void print_summary(const struct export_options *o, const struct history *history)
{
	size_t holds = 0, undated = 0;

	for (size_t i = 0; i < history->count; i++) {
		holds += history->sessions[i].holds;
		undated += history->sessions[i].day == DAY_NONE;
	}
	printf("%s: %zu sessions and %zu holds of %s", o->folder, history->count, holds,
		history->wearer);
	if (undated > 0)
		printf(", %zu of the sessions without a certain date", undated);
	putchar('\n');
}

static int write_export(const struct export_options *o, const struct history *history)
{
	struct problem problem;
	int error = export_folder(o->folder, &problem);

	if (error == 0 && o->fhir)
		error = export_fhir_write(history, o->loinc, o->folder, &problem);
	else if (error == 0)
		error = export_write(history, o->folder, o->dialect, &problem);
	if (error < 0) {
		fprintf(stderr, NAME ": %s\n", problem.text);
		return problem_exit_status(error);
	}
	if (!o->quiet)
		print_summary(o, history);
	return 0;
}

int cmd_export(int argc, char **argv)
{
	static struct export_options options;
	struct history history;
	int status, written;

	options = (struct export_options){ .dialect = &export_plain };
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
	written = write_export(&options, &history);
	history_free(&history);
	if (written == 0)
		written = output_end(NAME);
	return written != 0 ? written : status;
}
