/*
 * The sessions of one wearer, with their facts and holds, in the order in which
 * they were made: what export and report are about.
 *
 * The order is that of the counter. A session whose date is not certain stays in
 * that order and is never put on a day; it belongs to a period when the dated
 * sessions around it do not rule that out.
 */
#ifndef STRETCH_LINUX_HISTORY_H
#define STRETCH_LINUX_HISTORY_H

#include <limits.h>
#include <stdbool.h>

#include "problem.h"
#include "rest_days.h"
#include "session_facts.h"
#include "session_list.h"

struct history_choice {
	const char *state_dir;
	const char *wearer; /* NULL: the only one there is */
	int32_t since, until; /* days, both included; DAY_NONE: open */
	int32_t exercise, side; /* -1: all */
	void (*progress)(void *context, size_t done, size_t of); /* NULL: none */
	void *context;
};

struct history_session {
	struct session_facts facts; /* the row with what the holds add */
	uint32_t number;
	int32_t day;                /* DAY_NONE: not certain */
	size_t first, holds;        /* in the history's holds */
	bool damaged;               /* something of it could not be read */
};

struct history {
	char wearer[SESSION_WORD_MAX];
	char state_dir[PATH_MAX];
	struct history_session *sessions;
	size_t count, damaged;
	struct hold_row *holds;
	size_t hold_count, hold_room;
	struct rest_days rest;
};

/*
 * Reads what is chosen. Returns 0; -ENODATA when there is no wearer, or several and
 * none named; another -errno. What is wrong with single sessions is told through
 * complain (may be NULL), counted in damaged, and does not end the reading.
 */
int history_read(struct history *history, const struct history_choice *choice,
	void (*complain)(void *context, const struct problem *problem),
	struct problem *problem);

/* A session's holds; NULL in a history without any: there is no place to count from. */
const struct hold_row *history_holds(const struct history *history,
	const struct history_session *session);

void history_free(struct history *history);

#endif
