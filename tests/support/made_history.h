/*
 * Session folders without a sensor: what a wearer would have left after days of
 * stretching, for the tests and figures of export and report. Only the files that
 * those read: session.json, holds.csv and sometimes note.json.
 */
#ifndef STRETCH_TESTS_MADE_HISTORY_H
#define STRETCH_TESTS_MADE_HISTORY_H

#include <limits.h>

#include "stretch/day.h"
#include "stretch/rows.h"

#define MADE_HOLDS_MAX 32

struct made_session {
	const char *wearer;
	uint32_t number;
	int32_t day;      /* DAY_NONE: the clock was not trusted */
	int32_t minute;   /* of the day */
	int32_t exercise, side, other_leg, mode;
	int32_t reps;     /* prescribed */
	double prescribed_s, slip_deg;
	bool calibrated;
	int32_t late_pain; /* index of a hold; 0: none */
	int32_t gaps, pain_before, pain_after; /* pain: -1 is no note */
	const char *note; /* with the pain; NULL: no words. ASCII, no quotes */
	int32_t holds;
	struct hold_row hold[MADE_HOLDS_MAX];
};

/* A session of done holds about angle_deg, everything filled in plausibly. */
void made_session_init(struct made_session *session, int32_t day, int32_t side,
	double angle_deg);

/* One hold more, done; returns it, to be changed. */
struct hold_row *made_hold(struct made_session *session, double angle_deg);

/* Name of its folder. */
void made_session_name(const struct made_session *session, char name[ROW_SESSION_MAX]);

/* Writes the folder below state_dir; path (PATH_MAX) is where. Asserts on trouble. */
void made_session_write(const struct made_session *session, const char *state_dir,
	char path[PATH_MAX]);

/* What made_history writes. */
struct made_plan {
	const char *wearer;
	int32_t first_day, days;
	bool one_side, two_sensors;
	bool spotless;      /* no missed day, no short hold, no sensor trouble */
	double gain_deg;    /* from the first to the last day */
	int32_t per_day;    /* sessions a side */
	int32_t holds;      /* a session */
};

/* Writes all sessions; returns how many. */
uint32_t made_history(const struct made_plan *plan, const char *state_dir);

#endif
