/* Sessions read back; see session_list.h. */
#include "session_list.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "csv_in.h"
#include "folder.h"
#include "number.h"
#include "store_parts.h"
#include "stretch/day.h"

#define DATE_LENGTH 10
#define UNDATED "undated"
#define NUMBER_DIGITS 6

struct reader {
	struct session_entry *list;
	size_t count, room;
	const char *state_dir, *wearer;
	bool names_only;
	char sessions[PATH_MAX]; /* the wearer's folder */
};

static bool copy_part(char *to, size_t size, const char *from, size_t length)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

/* Length of the date's part: a day, or UNDATED where nobody vouched for the clock. */
static size_t date_length(const char *date)
{
	size_t length = strlen(UNDATED);

	return strncmp(date, UNDATED "-", length + 1) == 0 ? length : DATE_LENGTH;
}

/* <number>-<date>-<exercise>-<side>; false when name is something else. */
static bool take_apart(struct session_entry *entry, const char *name)
{
	size_t digits = strspn(name, "0123456789"), length;
	const char *date = name + digits + 1, *exercise, *last = strrchr(name, '-');
	int64_t number;

	if (digits < NUMBER_DIGITS || name[digits] != '-' ||
		strlen(name) >= sizeof entry->name)
		return false;
	length = date_length(date);
	if (strlen(date) < length + 3 || date[length] != '-')
		return false;
	exercise = date + length + 1;
	if (last <= exercise ||
		!copy_part(entry->name, sizeof entry->name, name, digits) ||
		number_parse_int(entry->name, 0, UINT32_MAX, &number) < 0)
		return false;
	entry->number = (uint32_t)number;
	strcpy(entry->name, name);
	return copy_part(entry->date, sizeof entry->date, date, length) &&
		copy_part(entry->exercise, sizeof entry->exercise, exercise,
			(size_t)(last - exercise)) &&
		copy_part(entry->side, sizeof entry->side, last + 1, strlen(last + 1));
}

static void take_text(char *to, const json_t *facts, const char *key)
{
	const char *text = json_string_value(json_object_get(facts, key));

	snprintf(to, SESSION_WORD_MAX, "%s", text ? text : "");
}

/* The folder of a session that was dated later keeps its name. */
static void take_date(struct session_entry *entry, const json_t *facts)
{
	const char *start = json_string_value(json_object_get(facts, "started_at"));
	struct moment moment;

	if (strcmp(entry->date, UNDATED) == 0 && start &&
		entry->clock_source[0] != '\0' &&
		strcmp(entry->clock_source, clock_source_names[CLOCK_NONE]) != 0 &&
		moment_parse(start, &moment))
		snprintf(entry->date, sizeof entry->date, "%.10s", start);
}

static void read_facts(struct session_entry *entry, const char *path)
{
	json_error_t wrong;
	json_t *facts = json_load_file(path, 0, &wrong);

	if (!facts)
		problem_set(&entry->problem, "%s:%d: %s", path, wrong.line, wrong.text);
	take_text(entry->status, facts, "status");
	take_text(entry->mode, facts, "mode");
	take_text(entry->clock_source, facts, "clock_source");
	take_date(entry, facts);
	json_decref(facts);
}

/* Adds the present row; 0 or the error. */
static int add_hold(struct session_entry *entry, struct csv_in *in, size_t result,
	size_t hold_s, struct problem *problem)
{
	double seconds;
	int got = csv_in_number(in, hold_s, 0.0, 86400.0, &seconds, problem);

	if (got < 0)
		return got;
	entry->holds++;
	entry->done += strcmp(csv_in_cell(in, result), "done") == 0;
	entry->stretch_s += got > 0 ? seconds : 0.0;
	return 0;
}

static int read_holds(struct session_entry *entry, const char *path,
	struct problem *problem)
{
	struct csv_in *in;
	int result, hold_s;
	int got = csv_in_open(&in, path, problem);

	if (got < 0)
		return got;
	result = csv_in_find(in, "result");
	hold_s = csv_in_find(in, "hold_s");
	if (result < 0 || hold_s < 0) {
		problem_set(problem, "%s: no column %s", path,
			result < 0 ? "result" : "hold_s");
		got = -EBADMSG;
	} else {
		while ((got = csv_in_next(in, problem)) > 0) {
			got = add_hold(
				entry, in, (size_t)result, (size_t)hold_s, problem);
			if (got < 0)
				break;
		}
	}
	csv_in_close(in);
	return got;
}

static void read_files(struct session_entry *entry)
{
	char path[PATH_MAX];
	struct problem problem = { "" };

	if (folder_join(path, sizeof path, entry->path, "session.json") == 0)
		read_facts(entry, path);
	entry->holds = 0;
	if (folder_join(path, sizeof path, entry->path, "holds.csv") == 0 &&
	    read_holds(entry, path, &problem) == 0)
		return;
	entry->holds = -1;
	entry->done = 0;
	entry->stretch_s = 0.0;
	if (entry->problem.text[0] == '\0')
		entry->problem = problem;
}

static int take_session(void *context, const char *name)
{
	struct reader *reader = context;
	struct session_entry *entry;

	if (reader->count == reader->room) {
		size_t room = reader->room ? 2 * reader->room : 16;
		struct session_entry *list = realloc(reader->list, room * sizeof *list);

		if (!list)
			return -ENOMEM;
		reader->list = list;
		reader->room = room;
	}
	entry = &reader->list[reader->count];
	memset(entry, 0, sizeof *entry);
	if (!take_apart(entry, name) || folder_join(entry->path, sizeof entry->path,
			reader->sessions, name) < 0)
		return 0;
	snprintf(entry->wearer, sizeof entry->wearer, "%s", reader->wearer);
	entry->holds = -1;
	if (!reader->names_only)
		read_files(entry);
	reader->count++;
	return 0;
}

/* Has that wearer accepted a prescription? Then there is one, if without sessions. */
static bool has_accepted(const struct reader *reader, const char *wearer)
{
	char folder[PATH_MAX], path[PATH_MAX];

	return folder_join(folder, sizeof folder, reader->state_dir, wearer) == 0 &&
		folder_join(path, sizeof path, folder, "accepted.json") == 0 &&
		access(path, F_OK) == 0;
}

/* All sessions of one wearer; -ENODATA when there is no such wearer. */
static int read_wearer(struct reader *reader, const char *wearer)
{
	int error = store_sessions_path(reader->sessions, sizeof reader->sessions,
		reader->state_dir, wearer);

	if (error < 0)
		return error;
	reader->wearer = wearer;
	error = folder_each(reader->sessions, take_session, reader);
	if (error == -ENOENT)
		return has_accepted(reader, wearer) ? 0 : -ENODATA;
	return error;
}

/* Folders beside the wearers' are not ours. */
static int take_wearer(void *context, const char *name)
{
	int error = read_wearer(context, name);

	return error == -ENODATA || error == -ENOTDIR || error == -EINVAL ? 0 : error;
}

static int compare(const void *a, const void *b)
{
	const struct session_entry *left = a, *right = b;
	int order = strcmp(left->wearer, right->wearer);

	if (order != 0)
		return order;
	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	return strcmp(left->name, right->name);
}

static int cannot_open(const char *state_dir, int error, struct problem *problem)
{
	if (error == -ENOENT)
		problem_set(problem, "%s: there is no such state folder. stretchd makes it; "
			"name another one with --state-dir DIR", state_dir);
	else if (error == -EACCES)
		problem_set(problem, "%s: you may not read it. add yourself to the group "
			"of stretchd (sudo adduser $USER stretchd) and log in again",
			state_dir);
	else
		return problem_errno(problem, state_dir, "open", error);
	return error;
}

static int read_list(const char *state_dir, const char *wearer, bool names_only,
	struct session_entry **list, size_t *count, struct problem *problem)
{
	struct reader reader = { .state_dir = state_dir, .names_only = names_only };
	int error = access(state_dir, R_OK | X_OK) < 0 ? -errno : 0;

	*list = NULL;
	*count = 0;
	if (error < 0)
		return cannot_open(state_dir, error, problem);
	error = wearer ? read_wearer(&reader, wearer)
		       : folder_each(state_dir, take_wearer, &reader);
	if (error < 0) {
		free(reader.list);
		if (error == -EINVAL)
			problem_set(problem, "\"%s\" is no wearer's label", wearer);
		else if (error == -ENODATA)
			problem_set(problem, "%s: no wearer \"%s\"", state_dir, wearer);
		else
			problem_errno(problem, state_dir, "read", error);
		return error;
	}
	if (reader.count > 0)
		qsort(reader.list, reader.count, sizeof *reader.list, compare);
	*list = reader.list;
	*count = reader.count;
	return 0;
}

int session_list_read(const char *state_dir, const char *wearer,
	struct session_entry **list, size_t *count, struct problem *problem)
{
	return read_list(state_dir, wearer, false, list, count, problem);
}

int session_list_names(const char *state_dir, const char *wearer,
	struct session_entry **list, size_t *count, struct problem *problem)
{
	return read_list(state_dir, wearer, true, list, count, problem);
}
