/*
 * stretchctl review: judges a session's recording again with today's program and
 * shows what has changed since. Nothing of the session is written.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/folder.h"
#include "linux/inputs_json.h"
#include "linux/output.h"
#include "linux/recording.h"
#include "linux/row_in.h"
#include "linux/run.h"
#include "linux/table.h"
#include "stretch/setting.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"
#include "stretchctl/session_find.h"
#include "stretchctl/smooth_track.h"

#define NAME "stretchctl review"
#define HOLDS_MAX 256
#define CELL_MAX 128

struct holds {
	struct hold_row row[HOLDS_MAX];
	size_t count;
	bool there[ROW_IN_COLUMNS_MAX]; /* columns that the file has */
};

struct review_options {
	const char *state_dir, *wearer, *session;
	bool help;
};

static void print_help(void)
{
	puts("Usage: stretchctl review [SESSION] [OPTION]...\n"
	       "\n"
	       "Judges raw.csv.gz of a session again with today's program, by the inputs of\n"
	       "that day, and shows which cells of holds.csv have changed. Nothing is\n"
	       "written. SESSION is its folder, name or number; the newest when left out.\n"
	       "\n"
	       "      --state-dir DIR     folder of the sessions (the service's)\n"
	       "      --wearer LABEL      whose session; may be left out when there is one\n"
	       "      --help\n"
	       "\n"
	       "Exit status: 0 nothing has changed; 1 something has, or no such session;\n"
	       "2 wrong usage, or files that cannot be judged; 3 trouble of the system.");
}

static int read_options(struct review_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "state-dir", required_argument, NULL, 's' },
		{ "wearer", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 's')
			o->state_dir = optarg;
		else if (option == 'w')
			o->wearer = optarg;
		else if (option == 'h')
			o->help = true;
		else
			return EXIT_USAGE; /* getopt has said what */
	}
	if (optind < argc)
		o->session = argv[optind++];
	if (optind == argc)
		return 0;
	return options_refuse(NAME, argv[optind], "one session at a time");
}

static int read_rows(struct holds *holds, struct csv_in *in, struct problem *problem)
{
	struct row_in map;
	int got;

	row_in_init(&map, &hold_table, in);
	for (size_t i = 0; i < hold_table.count; i++)
		holds->there[i] = map.at[i] >= 0;
	while ((got = csv_in_next(in, problem)) > 0) {
		if (holds->count == HOLDS_MAX)
			return csv_in_bad(in, problem, 0, "more than %d holds",
				HOLDS_MAX);
		got = row_in_take(&map, in, &holds->row[holds->count++], problem);
		if (got < 0)
			return got;
	}
	return got;
}

/* The holds as they were judged then. */
static int read_then(struct holds *holds, const char *folder, struct problem *problem)
{
	char path[PATH_MAX];
	struct csv_in *in;
	int error = folder_join(path, sizeof path, folder, "holds.csv");

	memset(holds, 0, sizeof *holds);
	if (error < 0)
		return problem_errno(problem, folder, "read", error);
	error = csv_in_open(&in, path, problem);
	if (error < 0)
		return error;
	error = read_rows(holds, in, problem);
	csv_in_close(in);
	return error;
}

static int raw_path(char path[PATH_MAX], const char *folder, struct problem *problem)
{
	static const char *const files[] = { "raw.csv.gz", "raw.csv" };

	for (size_t i = 0; i < 2; i++)
		if (folder_join(path, PATH_MAX, folder, files[i]) == 0 &&
			access(path, F_OK) == 0)
			return 0;
	problem_set(problem,
		"%s: it has no raw.csv.gz: what the sensors gave was not kept",
		folder);
	return -EBADMSG;
}

static void keep_hold(struct holds *holds, const struct run *run)
{
	if (run->out.hold_due && holds->count < HOLDS_MAX)
		holds->row[holds->count++] = run->out.hold;
}

static void feed(struct run *run, const struct smooth_track *track,
	const struct sample *sample, size_t row)
{
	struct vec3 up[SITE_COUNT];

	if (!run->inputs.smoothed) {
		run_feed(run, sample);
		return;
	}
	for (int site = 0; site < SITE_COUNT; site++)
		up[site] = track->up[site] != NULL && row < track->count
			? track->up[site][row] : (struct vec3){ NAN, NAN, NAN };
	run_feed_smoothed(run, sample, up);
}

static int judge_rows(struct run *run, struct recording *recording,
	const struct smooth_track *track, struct holds *holds, struct problem *problem)
{
	struct sample sample;
	size_t row = 0;
	int got;

	while ((got = recording_next(recording, &sample, NULL, problem)) == 1) {
		(void)raw_round(&sample);
		/* what came after the end is kept for smoothing, not for judging */
		if (!run->state.finished) {
			feed(run, track, &sample, row);
			keep_hold(holds, run);
		}
		row++;
	}
	if (got < 0)
		return got;
	got = run_end(run, problem);
	keep_hold(holds, run);
	return got;
}

/* The holds as they are judged now. */
static int judge_now(struct run *run, struct holds *holds, const char *folder,
	struct problem *problem)
{
	struct smooth_track track = { 0 };
	struct recording *recording = NULL;
	struct problem note = { "" };
	char path[PATH_MAX], inputs[PATH_MAX];
	int error = raw_path(path, folder, problem);

	memset(holds, 0, sizeof *holds);
	if (error == 0 && folder_join(inputs, sizeof inputs, folder, "inputs.json") < 0)
		error = problem_errno(problem, folder, "read", -ENAMETOOLONG);
	if (error == 0)
		error = inputs_read(inputs, &run->inputs, &note, problem);
	if (error == 0 && note.text[0] != '\0')
		fprintf(stderr, NAME ": %s\n", note.text);
	if (error == 0 && run->inputs.smoothed)
		error = smooth_track_build(&track, path, &run->inputs, problem);
	if (error == 0)
		error = run_begin(run, NULL, problem);
	if (error == 0)
		error = recording_open(&recording, path, NULL, problem);
	if (error == 0) {
		error = judge_rows(run, recording, &track, holds, problem);
		recording_close(recording);
	}
	smooth_track_free(&track);
	return error;
}

/* Adds a line to the table; false: no memory. */
static bool show(struct table *table, size_t hold, const char *column, const char *then,
	const char *now)
{
	char number[32];
	const char *const cells[] = { number, column, then, now };

	snprintf(number, sizeof number, "%zu", hold);
	return table_add(table, cells) == 0;
}

/* How many cells differ; each goes into the table. */
static int compare(struct table *table, const struct holds *then, const struct holds *now)
{
	size_t count = then->count > now->count ? then->count : now->count;
	int changed = 0;

	for (size_t h = 0; h < count; h++) {
		if (h >= then->count || h >= now->count) {
			show(table, h + 1, "the whole hold",
				h < then->count ? "there" : "not there",
				h < now->count ? "there" : "not there");
			changed++;
			continue;
		}
		for (size_t c = 0; c < hold_table.count; c++) {
			char before[CELL_MAX], after[CELL_MAX];

			if (!then->there[c])
				continue;
			column_cell(&hold_table.columns[c], &then->row[h], before,
				sizeof before);
			column_cell(&hold_table.columns[c], &now->row[h], after,
				sizeof after);
			if (strcmp(before, after) == 0)
				continue;
			show(table, h + 1, hold_table.columns[c].name,
				before[0] != '\0' ? before : "(empty)",
				after[0] != '\0' ? after : "(empty)");
			changed++;
		}
	}
	return changed;
}

static int print_changes(const char *folder, const struct holds *then,
	const struct holds *now)
{
	static const char *const titles[] = { "hold", "column", "then", "now" };
	struct table *table = table_open(titles, 4);
	int changed;

	if (!table) {
		fprintf(stderr, NAME ": no memory\n");
		return EXIT_SYSTEM;
	}
	changed = compare(table, then, now);
	if (changed == 0)
		printf("%s: %zu %s, judged today as then\n", folder, then->count,
			then->count == 1 ? "hold" : "holds");
	else
		(void)table_print(table, stdout, table_width(stdout));
	table_close(table);
	return changed == 0 ? 0 : EXIT_NO;
}

static int review(const struct review_options *o)
{
	static struct run run;
	static struct holds then, now;
	struct problem problem;
	char folder[PATH_MAX];
	int error = session_find(o->state_dir, o->wearer, o->session, folder, &problem);

	if (error == 0)
		error = read_then(&then, folder, &problem);
	if (error == 0)
		error = judge_now(&run, &now, folder, &problem);
	if (error == 0)
		return print_changes(folder, &then, &now);
	fprintf(stderr, NAME ": %s\n", problem.text);
	return error == -ENODATA ? EXIT_NO : problem_exit_status(error);
}

int cmd_review(int argc, char **argv)
{
	struct review_options o = { NULL, NULL, NULL, false };
	struct settings service;
	int status, ended;

	status = read_options(&o, argc, argv);
	if (status != 0)
		return status;
	if (o.help) {
		print_help();
	} else {
		places_fill(NAME, &service, &o.state_dir, NULL);
		status = review(&o);
	}
	ended = output_end(NAME);
	return ended != 0 ? ended : status;
}
