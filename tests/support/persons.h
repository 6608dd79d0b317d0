/*
 * Test persons: people who stretch well or badly, and what the judge must say.
 *
 * A person is one hold attempt of a simulated wearer. Persons of a table follow each
 * other in one session as long as they have the same dose, none must come first in
 * one and none before has spoilt it; so each table costs few calibrations.
 */
#ifndef STRETCH_SUPPORT_PERSONS_H
#define STRETCH_SUPPORT_PERSONS_H

#include "judge.h"

#define ANY (-1)
#define NO_ROW (-2) /* as a result: there must be no row at all */

/* What the judge must say of one person. */
struct expect {
	int result; /* enum hold_result, NO_ROW */
	int reason; /* enum hold_reason, ANY */
	double low_s, high_s; /* seconds that count */
	int pelvis; /* enum pelvis_verdict, ANY */
	uint32_t flags; /* all of these must be set */
};

struct person {
	const char *name;
	struct expect one, two; /* by number of IMUs */
	const char *because;
	enum wearer_habit_id habit;
	double size, start_s, length_s; /* 0: the habit's default */
	double hold_s;  /* from the pose reached to leaving it; 0: dose + 3 s */
	double dose_s;  /* 0: 10 s */
	bool first, last; /* of a session: comes before all else, leaves zero spoilt */
};

/* What remains of a run for the figures. */
struct persons_tally {
	int persons, wrong;
	double seconds; /* simulated */
};

/* Plays all persons of the table doing this exercise, adds to the tally and prints
 * each that is not judged as expected. */
void persons_play(struct persons_tally *tally, const struct person *table, size_t count,
	enum exercise_id exercise, int32_t sensors, double rate_hz);

#endif
