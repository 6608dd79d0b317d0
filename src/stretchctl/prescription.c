/*
 * stretchctl prescription: check a prescription file, or show what it asks for.
 *
 * Nothing is made up here: what neither the file nor the leaflet gives is listed
 * as blank, and such a prescription is not accepted.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/output.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"
#include "stretchctl/prescription_view.h"

#define NAME "stretchctl prescription"

struct prescription_options {
	const char *action, *path, *state_dir;
	bool json, as_file, help;
};

static void print_keys(enum prescription_scope wanted)
{
	for (int id = 0; id < KEY_COUNT; id++) {
		const struct prescription_key *key = &prescription_keys[id];

		if (key->scope != wanted)
			continue;
		printf("    %-16s %s", key->key, key->help);
		if (key->max > key->min)
			printf(" (%.10g to %.10g%s%s)", key->min, key->max,
				key->unit[0] ? " " : "", key->unit);
		for (size_t i = 0; i < key->name_count && key->type ==
			PRESCRIPTION_LIST; i++)
			printf("%s%s%s", i ? ", " : " (", key->names[i],
				i + 1 == key->name_count ? ")" : "");
		putchar('\n');
	}
}

static void print_help(void)
{
	printf("Usage: stretchctl prescription check FILE\n"
	       "       stretchctl prescription show FILE [OPTION]...\n"
	       "Check a prescription, or show its programme and the minutes it takes.\n"
	       "\n"
	       "  --json           show: for programs\n"
	       "  --as-file        show: as a file with every value in effect\n"
	       "  --state-dir=DIR  show: where acceptance is kept (the service's)\n"
	       "  --help           this text\n"
	       "\n"
	       "A prescription is a text file. First what is for all of "
	"it:\n\n");
	print_keys(SCOPE_FILE);
	printf("\nThen, in the order of doing, each exercise: item NAME { ... }\n\n");
	print_keys(SCOPE_ITEM);
	printf("\nIn an item, or above the first one for all:\n\n");
	print_keys(SCOPE_BOTH);
	printf("\n# begins a comment. A dose that is left out is the leaflet's; where "
		"that\n"
	       "gives none, it must be filled in. `key =` leaves a key blank on "
	"purpose.\n"
	       "\nExercises:\n   ");
	for (int i = 0, used = 3; i < EX_COUNT; i++) {
		if (exercises[i].judging == JUDGE_REFUSED)
			continue;
		if (used + 1 + (int)strlen(exercise_names[i]) > 78)
			used = printf("\n   ") - 1;
		used += printf(" %s", exercise_names[i]);
	}
	printf("\n\nExit status: 0 right and complete; 1 check: something must be "
		"filled\n"
	       "in; 2 mistakes, or wrong usage; 3 the file cannot be read.\n");
}

static int refuse(const char *text, const char *what)
{
	return options_refuse(NAME, text, what);
}

static int read_words(struct prescription_options *o, int count, char **words)
{
	if (count < 1)
		return refuse("check or show", "missing");
	o->action = words[0];
	if (strcmp(o->action, "check") != 0 && strcmp(o->action, "show") != 0)
		return refuse(o->action, "neither check nor show");
	if (count < 2)
		return refuse("FILE", "missing");
	if (count > 2)
		return refuse(words[2], "one file at a time");
	o->path = words[1];
	if (o->json && o->as_file)
		return refuse("--as-file", "not with --json");
	return 0;
}

/* 0 or the exit status for wrong usage. */
static int read_options(struct prescription_options *o, int argc, char **argv)
{
	const struct option_slot slots[] = {
		{ "json", 0, NULL, &o->json },
		{ "as-file", 0, NULL, &o->as_file },
		{ "state-dir", 0, &o->state_dir, NULL },
		{ "help", 0, NULL, &o->help },
	};
	int status = options_read(slots, sizeof slots / sizeof *slots, argc, argv);

	if (status != 0 || o->help)
		return status;
	return read_words(o, argc - optind, argv + optind);
}

static int check(const struct prescription_options *o, const struct prescription *p,
	const struct prescription_report *report)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	int32_t count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps);

	config_print_mistakes(&report->open, stderr);
	if (report->open.count > 0)
		return EXIT_NO;
	config_print_mistakes(&report->notes, stdout);
	printf("%s: right and complete: %d item%s, %d "
		"session%s\n", o->path, (int)p->count,
		p->count == 1 ? "" : "s", (int)count, count == 1 ? "" : "s");
	return 0;
}

/* A wearer without a label, or a folder that cannot be read, is no fault here. */
static int look(const struct prescription_options *o, const struct prescription *p,
	struct accepted *accepted)
{
	memset(accepted, 0, sizeof *accepted);
	if (p->wearer[0] == '\0')
		return ACCEPTED_NEVER;
	return accepted_look(o->state_dir, p, accepted, NULL);
}

static int show(const struct prescription_options *o, const struct prescription *p,
	const struct prescription_report *report)
{
	struct accepted accepted;
	int state = look(o, p, &accepted);
	int error;

	printf("%s, for %s\n", o->path, p->wearer[0] ? p->wearer : "?");
	prescription_view_accepted(state, &accepted, stdout);
	putchar('\n');
	error = prescription_view_print(p, stdout);
	if (report->open.count > 0) {
		puts("\nTo be filled in:");
		config_print_mistakes(&report->open, stdout);
	}
	if (report->notes.count > 0) {
		puts("\nWorth a look:");
		config_print_mistakes(&report->notes, stdout);
	}
	return error != 0 ? EXIT_SYSTEM : 0;
}

static json_t *lines_json(const struct config_mistakes *lines)
{
	json_t *array = json_array();

	for (size_t i = 0; i < lines->count; i++)
		json_array_append_new(array, json_string(lines->list[i].text));
	return array;
}

static int show_json(const struct prescription_options *o, const struct prescription *p,
	const struct prescription_report *report)
{
	struct accepted accepted;
	int state = look(o, p, &accepted);
	bool yes = state == ACCEPTED_YES;
	json_t *root = prescription_view_json(p);

	json_object_set_new(root, "file", json_string(o->path));
	json_object_set_new(root, "to_fill_in", lines_json(&report->open));
	json_object_set_new(root, "notes", lines_json(&report->notes));
	json_object_set_new(root, "accepted", json_boolean(yes));
	json_object_set_new(root, "accepted_by", yes ?
		json_string(accepted.by) : json_null());
	json_object_set_new(root, "accepted_on", yes ?
		json_string(accepted.on) : json_null());
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(root);
	return 0;
}

static int run(const struct prescription_options *o)
{
	static struct prescription_report report;
	struct prescription p;
	int error = prescription_load(&p, o->path, &report);

	if (error != 0) {
		config_print_mistakes(&report.mistakes, stderr);
		config_print_mistakes(&report.open, stderr);
		return problem_exit_status(error);
	}
	if (strcmp(o->action, "check") == 0)
		return check(o, &p, &report);
	if (o->json)
		return show_json(o, &p, &report);
	if (o->as_file)
		return prescription_print(&p, stdout) != 0 ? EXIT_SYSTEM : 0;
	return show(o, &p, &report);
}

int cmd_prescription(int argc, char **argv)
{
	struct prescription_options o = { 0 };
	struct settings service;
	int status, ended;

	status = read_options(&o, argc, argv);
	if (status != 0)
		return status;
	if (o.help) {
		print_help();
	} else {
		if (strcmp(o.action, "show") == 0)
			places_fill(NAME, &service, &o.state_dir, NULL);
		status = run(&o);
	}
	ended = output_end(NAME);
	return ended != 0 ? ended : status;
}
