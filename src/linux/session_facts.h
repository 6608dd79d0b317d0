/*
 * What a session's small files say of it: session.json, and note.json that a person
 * added later. Read with care: whatever is in them, the facts come out within
 * their ranges, and what makes no sense is missing.
 */
#ifndef STRETCH_LINUX_SESSION_FACTS_H
#define STRETCH_LINUX_SESSION_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "problem.h"
#include "stretch/session_row.h"

#define SESSION_NOTE_FILE "note.json"

struct session_facts {
	struct session_row row;  /* without what the holds add */
	char started_at[CLOCK_TEXT_MAX]; /* as written, whatever the clock's trust */
	char sensor[80];         /* where the readings came from, in words */
	double duration_s;
	double band_low_deg, band_high_deg;
	int32_t calibrated;      /* 0, 1; -1 not said */
	double roll_deg;         /* of the closing check */
	int64_t gaps, absent, frozen, saturated, restarts; /* counters; -1 not said */
	int32_t late_pain;       /* hold of which pain was told after its row; 0: none */
	int64_t rows_lost;       /* that the disk did not take; -1 not said */
};

/* Everything missing. */
void session_facts_init(struct session_facts *facts);

/* From a parsed session.json (or NULL: nothing is said). */
void session_facts_take(struct session_facts *facts, const json_t *session);

/* From a parsed note.json (or NULL). */
void session_facts_take_note(struct session_facts *facts, const json_t *note);

/* From a simulated wearer or a recording, not from a worn sensor? */
bool session_facts_made_up(const struct session_facts *facts);

/*
 * Reads both files of a session folder; a missing note is none. Returns 0; -EBADMSG
 * or another -errno with problem when session.json or an existing note.json cannot
 * be read: *facts then holds what could be.
 */
int session_facts_read(struct session_facts *facts, const char *folder,
	struct problem *problem);

#endif
