/*
 * A second, independent judge of a hold, for tests: it applies the counting rule to
 * the true angles, with hindsight, all of them in memory.
 *
 * The rule, from the description of the product: a second counts while the signal is
 * in the band and still (low-passed, first order, 1 Hz, it stays within 6 degrees over
 * the last 1.5 s); counting is back-dated to the start of that still window, never
 * before the band was entered; away for up to 2 s is a pause, longer ends the hold.
 * An attempt begins with a still window that lies in the band as a whole: who leans
 * forward slowly is within 6 degrees all the way, and has not arrived.
 * It knows nothing of sensors, poses or events.
 */
#ifndef STRETCH_TESTS_TRUTH_JUDGE_H
#define STRETCH_TESTS_TRUTH_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

enum truth_kind {
	TRUTH_RAISE,   /* thigh elevation between low and cap */
	TRUTH_DOORWAY, /* let down by 8 degrees from the highest mean of 1 s, and not
	                * more than 3 above the lowest mean of 2 s since */
	TRUTH_LEAN,    /* pelvis forward between low and cap */
	TRUTH_TIMED    /* thigh at most 5 degrees above its place, press to press */
};

struct truth_series {
	size_t count;
	const double *t_s, *thigh_deg, *pelvis_deg; /* since the reference */
};

/*
 * Seconds that count of one attempt, within from_s..to_s. The filter starts with the
 * series. low_deg and cap_deg are used by TRUTH_RAISE and TRUTH_LEAN.
 */
double truth_hold_s(const struct truth_series *series, enum truth_kind kind,
	double low_deg, double cap_deg, double from_s, double to_s);

/* Highest thigh elevation before a time: the best calm raise. */
double truth_best_raise_deg(const struct truth_series *series, double before_s);

#endif
