/*
 * One session in one row: what a clinician reads first, and sessions.csv.
 *
 * The row is filled from what the session's files say (facts) and from its holds.
 * Facts that nobody gave stay missing: an empty cell, never 0.
 */
#ifndef STRETCH_SESSION_ROW_H
#define STRETCH_SESSION_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "stretch/rows.h"

#define SESSION_ROW_WORD 40
#define SESSION_ROW_NOTE 202 /* 200 bytes of free text, room to defuse, NUL */

/* One row of sessions.csv. */
struct session_row {
	char session[ROW_SESSION_MAX];
	char run_id[ROW_SESSION_MAX];
	char wearer[SESSION_ROW_WORD];
	char date_local[12], time_local[12]; /* "" when the clock was not trusted */
	char clock_source[SESSION_ROW_WORD];
	int32_t exercise, side, other_leg, mode;
	int32_t attempts, reps_done, reps_prescribed;
	double stretch_s, prescribed_s; /* all holds; seconds a hold times reps */
	int32_t angle_quantity;
	double angle_best_deg, angle_typical_deg;
	int32_t angle_method;
	int32_t pain_before, pain_after; /* 0..10 */
	int32_t warm_up;                 /* 0, 1; -1 not noted */
	char strapped_by[SESSION_ROW_WORD];
	double slip_deg;
	double slip_flag_deg, slip_untrusted_deg; /* limits of that; no columns */
	int32_t slip_check;
	int32_t worst_confidence;
	char status[SESSION_ROW_WORD];
	char note[SESSION_ROW_NOTE];
};

/*
 * The strap moved by more: flagged; and by that much: its angles are not trusted.
 * Settings may say otherwise; these are for sessions whose files do not.
 */
#define SESSION_SLIP_FLAG_DEG 3.0
#define SESSION_SLIP_UNTRUSTED_DEG 6.0

/* False when the strap was found too far from its place; unknown is no doubt. */
bool session_row_strap_held(const struct session_row *row);

extern const struct column_table session_table; /* sessions.csv */

/* Everything missing. */
void session_row_init(struct session_row *row);

/*
 * Adds up the holds: attempts, done, seconds, what the angle is, best and typical
 * (largest mean, and median of the means, of holds with counted seconds), lowest
 * confidence. An angle for which a lower value is the deeper stretch (the
 * doorway's) still has its largest as best: best is not a verdict.
 */
void session_row_holds(struct session_row *row, const struct hold_row *holds,
	size_t count);

#endif
