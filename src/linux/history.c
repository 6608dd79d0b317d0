/* The sessions of one wearer; see history.h. */
#include "history.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "row_in.h"
#include "stretch/day.h"
#include "stretch/exercise.h"

struct reading {
	struct history *history;
	const struct history_choice *choice;
	void (*complain)(void *context, const struct problem *problem);
};

/* The wearer of all entries, or -ENODATA when there are none or several. */
static int one_wearer(const struct session_entry *list, size_t count,
	const struct history_choice *choice, struct problem *problem)
{
	if (choice->wearer)
		return 0;
	if (count == 0) {
		problem_set(problem, "%s: no sessions", choice->state_dir);
		return -ENODATA;
	}
	/* sorted by wearer */
	if (strcmp(list[0].wearer, list[count - 1].wearer) == 0)
		return 0;
	problem_set(problem, "%s: sessions of several wearers (%s, %s). Name one with "
		"--wearer", choice->state_dir, list[0].wearer, list[count - 1].wearer);
	return -ENODATA;
}

static bool add_hold(struct history *history, const struct hold_row *row)
{
	if (history->hold_count == history->hold_room) {
		size_t room = history->hold_room ? 2 * history->hold_room : 64;
		struct hold_row *more = reallocarray(history->holds, room, sizeof *more);

		if (!more)
			return false;
		history->holds = more;
		history->hold_room = room;
	}
	history->holds[history->hold_count++] = *row;
	return true;
}

static int read_rows(struct history *history, struct csv_in *in, struct problem *problem)
{
	struct hold_row row;
	struct row_in map;
	int got;

	row_in_init(&map, &hold_table, in);
	while ((got = csv_in_next(in, problem)) > 0) {
		memset(&row, 0, sizeof row);
		got = row_in_take(&map, in, &row, problem);
		if (got < 0)
			return got;
		if (!add_hold(history, &row))
			return problem_errno(problem, csv_in_path(in), "hold", -ENOMEM);
	}
	return got;
}

const struct hold_row *history_holds(const struct history *history,
	const struct history_session *session)
{
	return history->holds != NULL ? history->holds + session->first : NULL;
}

/* Adds the holds of a session; rows before a bad one are kept. */
static int read_holds(struct history *history, struct history_session *session,
	const char *folder, struct problem *problem)
{
	char path[PATH_MAX];
	struct csv_in *in = NULL;
	int error = folder_join(path, sizeof path, folder, "holds.csv");

	session->first = history->hold_count;
	if (error == 0)
		error = csv_in_open(&in, path, problem);
	if (error == 0) {
		error = read_rows(history, in, problem);
		csv_in_close(in);
	}
	session->holds = history->hold_count - session->first;
	if (error == 0 || session->holds > 0)
		session_row_holds(&session->facts.row, history_holds(history, session),
			session->holds);
	return error;
}

/* What session.json did not say, the folder's name does. */
static void take_name(struct session_row *row, const struct session_entry *entry)
{
	int exercise = name_lookup(exercise_names, EX_COUNT, entry->exercise);

	if (row->exercise < 0)
		row->exercise = exercise;
	if (row->side < 0)
		row->side = name_lookup(side_names, SIDE_COUNT, entry->side);
	snprintf(row->session, sizeof row->session, "%s", entry->name);
	snprintf(row->wearer, sizeof row->wearer, "%s", entry->wearer);
}

/* Seconds asked for, where session.json was silent from the first hold; NULL: none. */
static void take_dose(struct session_row *row, const struct hold_row *first)
{
	if (isnan(row->prescribed_s) && first != NULL && row->reps_prescribed > 0)
		row->prescribed_s = first->prescribed_s * row->reps_prescribed;
}

static void note_damage(struct reading *reading, struct history_session *session,
	const struct problem *problem)
{
	session->damaged = true;
	if (reading->complain)
		reading->complain(reading->choice->context, problem);
}

static void read_session(struct reading *reading, const struct session_entry *entry)
{
	struct history *history = reading->history;
	struct history_session *session;
	struct problem problem;

	if (!history->sessions)
		return; /* no entries, no room asked for */
	session = &history->sessions[history->count++];

	memset(session, 0, sizeof *session);
	if (session_facts_read(&session->facts, entry->path, &problem) < 0)
		note_damage(reading, session, &problem);
	take_name(&session->facts.row, entry);
	session->number = entry->number;
	session->day = day_parse(session->facts.row.date_local);
	if (read_holds(history, session, entry->path, &problem) < 0)
		note_damage(reading, session, &problem);
	take_dose(&session->facts.row,
		session->holds > 0 ? history_holds(history, session) : NULL);
}

static void read_rest(struct reading *reading)
{
	struct history *history = reading->history;
	char folder[PATH_MAX];
	struct problem problem;

	if (folder_join(folder, sizeof folder, history->state_dir,
			history->wearer) == 0 &&
		rest_days_read(&history->rest, folder, &problem) < 0 &&
		reading->complain)
		reading->complain(reading->choice->context, &problem);
}

/* Can a session between these two days belong to the period? */
static bool in_period(const struct history_choice *choice, int32_t from, int32_t to)
{
	return (choice->since == DAY_NONE || to == DAY_NONE || to >= choice->since) &&
		(choice->until == DAY_NONE || from == DAY_NONE || from <= choice->until);
}

static bool is_chosen(const struct history_choice *choice,
	const struct history_session *session, int32_t before, int32_t after)
{
	const struct session_row *row = &session->facts.row;
	int32_t from = session->day == DAY_NONE ? before : session->day;
	int32_t to = session->day == DAY_NONE ? after : session->day;

	return in_period(choice, from, to) &&
		(choice->exercise < 0 || row->exercise == choice->exercise) &&
		(choice->side < 0 || row->side == choice->side);
}

/* Keeps what is chosen. Holds of the others stay in the array, unused. */
static void choose(struct history *history, const struct history_choice *choice)
{
	size_t kept = 0;
	int32_t before = DAY_NONE;

	for (size_t i = 0; i < history->count; i++) {
		struct history_session *session = &history->sessions[i];
		int32_t after = DAY_NONE;

		for (size_t j = i + 1; session->day == DAY_NONE && after == DAY_NONE &&
			j < history->count; j++)
			after = history->sessions[j].day;
		if (session->day != DAY_NONE)
			before = session->day;
		if (is_chosen(choice, session, before, after))
			history->sessions[kept++] = *session;
	}
	history->count = kept;
	for (size_t i = 0; i < kept; i++)
		history->damaged += history->sessions[i].damaged;
}

int history_read(struct history *history, const struct history_choice *choice,
	void (*complain)(void *context, const struct problem *problem),
	struct problem *problem)
{
	struct reading reading = { history, choice, complain };
	struct session_entry *list;
	size_t count;
	int error = session_list_names(choice->state_dir, choice->wearer, &list, &count,
		problem);

	memset(history, 0, sizeof *history);
	if (error < 0)
		return error;
	error = one_wearer(list, count, choice, problem);
	snprintf(history->state_dir, sizeof history->state_dir, "%s", choice->state_dir);
	snprintf(history->wearer, sizeof history->wearer, "%s",
		choice->wearer ? choice->wearer : count > 0 ? list[0].wearer : "");
	if (error == 0 && count > 0) {
		history->sessions = calloc(count, sizeof *history->sessions);
		if (!history->sessions)
			error = problem_errno(problem, choice->state_dir, "read",
				-ENOMEM);
	}
	for (size_t i = 0; error == 0 && i < count; i++) {
		if (choice->progress)
			choice->progress(choice->context, i, count);
		read_session(&reading, &list[i]);
	}
	free(list);
	if (error == 0) {
		choose(history, choice);
		read_rest(&reading);
	}
	return error;
}

void history_free(struct history *history)
{
	free(history->sessions);
	free(history->holds);
	memset(history, 0, sizeof *history);
}
