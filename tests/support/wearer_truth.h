/*
 * What a simulated wearer really did, as the second judge of tests sees it: his
 * true angles every 10 ms, and the seconds of each planned hold that count by the
 * rule alone (see truth_judge.h).
 */
#ifndef STRETCH_TESTS_WEARER_TRUTH_H
#define STRETCH_TESTS_WEARER_TRUTH_H

#include "stretch/wearer.h"
#include "truth_judge.h"

struct wearer_truth {
	struct truth_series series;
	double *values; /* of all series, one block */
};

struct wearer_truth wearer_truth_make(const struct wearer_plan *plan,
	const struct wearer_param *param);
void wearer_truth_free(struct wearer_truth *truth);

/* By which signal this wearer's holds are judged. */
enum truth_kind wearer_truth_kind(const struct wearer_param *param);

/* Seconds of the planned hold i; a button counts from press to press. */
double wearer_truth_seconds(const struct wearer_truth *truth,
	const struct wearer_plan *plan, const struct wearer_param *param, int i);

#endif
