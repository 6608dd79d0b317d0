/*
 * What a report says, as numbers: from a history and, where there is one, the
 * prescription. Depends on its arguments alone; the page is laid out elsewhere.
 *
 * A series is what may be compared: the same exercise, side, other leg, sensors and
 * kind of angle. Nothing is ever drawn or reckoned across two of them.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_DATA_H
#define STRETCH_STRETCHCTL_REPORT_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "linux/history.h"
#include "stretch/day.h"
#include "stretch/exercise.h"
#include "stretch/flags.h"
#include "stretch/hold.h"
#include "stretch/pelvis.h"
#include "stretch/prescription.h"

#define REPORT_SERIES_MAX 32
/* Exercises, leg by leg. */
#define REPORT_KINDS (EX_COUNT * SIDE_COUNT)

/* Detectable change of an angle: strapped in the same way, or by different hands. */
#define REPORT_CHANGE_SAME_DEG 7.0
#define REPORT_CHANGE_OTHER_DEG 10.0
#define REPORT_TREND_MIN 4 /* fewer sessions make no trend */
#define REPORT_ENDS 3      /* sessions that an end of a trend is the median of, */
#define REPORT_END_DAYS 7  /* or all of the outermost week, if those are more */

struct report_day {
	double stretch_s[SIDE_COUNT]; /* of what was asked for, */
	double other_s;               /* and of the rest */
	int32_t sessions, complete;
	bool rest;                    /* a sore wearer's, as a person noted */
	uint64_t kinds[SLOT_COUNT];   /* a bit for each kind done at that time */
};

struct report_point {
	size_t session; /* index in the history */
	int32_t day;    /* DAY_NONE: not certain; drawn between its neighbours */
	double typical_deg, best_deg;
};

struct report_series {
	int32_t exercise, side, other_leg, mode, quantity;
	int32_t sessions, attempts, done;
	double stretch_s;
	double prescribed_low_s, prescribed_s; /* of a hold: least and most asked for */
	size_t points;                  /* sessions with an angle */
	struct report_point *point;
	double typical_deg, best_deg;   /* median of sessions, and the largest */
	double first_deg, last_deg;     /* of the trend's ends; NAN: too few */
	double change_deg, detectable_deg;
	bool several_hands;             /* strapped by different people */
	int32_t span_days;              /* from the first dated point to the last */
	double hold_s, sway_deg, share, angle_error_deg; /* medians of holds */
	double flexion_low_deg, flexion_high_deg; /* medians; inferred or measured */
	int32_t verdict[PELVIS_VERDICT_COUNT]; /* holds */
	int32_t fast, bounced;          /* holds flagged so */
};

/* Counts of sessions, but for holds_sensor. */
struct report_trouble {
	int32_t gaps, frozen, saturated, absent, restarts, holds_sensor;
	int32_t rows_lost;
	int32_t slipped, untrusted, unchecked, uncalibrated, undated, damaged;
	int32_t low_confidence, inferred, measured, timed, made_up, recovered;
	bool slip_limits; /* of some session they were set by hand */
};

struct report {
	const struct history *history;
	const struct prescription *prescription; /* NULL: none is known */
	int32_t since, until;           /* as asked for; DAY_NONE: not said */
	int32_t accepted_day;           /* of the prescription; the caller may say it */
	int32_t first_day, last_day;    /* of the period; DAY_NONE: nothing is dated */
	int32_t days;                   /* first to last, both included; 0 */
	struct report_day *day;
	int32_t days_with_data, days_with_data_30; /* the latter: of the last 30 */
	int32_t sessions, complete;
	int32_t others;                 /* of the sessions: not asked for */
	double stretch_s;               /* of all, dated or not */
	double dated_stretch_s, dated_other_s; /* asked for, and the rest */
	int32_t rest_days;              /* of the period */
	int32_t planned;                /* sessions asked for in the period; -1 */
	int32_t kept;                   /* of those; more than asked for is not more */
	double dose_day_s;              /* seconds a day; NAN: not said, or by the week */
	double dose_week_s;
	uint32_t slots;                 /* asked for */
	uint64_t asked;                 /* kinds; 0: nothing is known, all are */
	uint64_t slot_kinds[SLOT_COUNT]; /* asked for at that time each day, */
	uint64_t slot_free[SLOT_COUNT];  /* and on any day of the week */
	int32_t per_day[REPORT_KINDS], per_week[REPORT_KINDS];
	size_t series_count, series_lost;
	struct report_series series[REPORT_SERIES_MAX];
	int32_t result[RESULT_COUNT], reason[REASON_COUNT]; /* reasons: of those not done */
	int32_t hurt; /* holds of which pain was told, stopped by it or done all the same */
	int32_t pain_noted;
	double pain_before, pain_after; /* medians; NAN: not noted */
	int32_t warm_up_yes, warm_up_noted;
	struct report_trouble trouble;
};

/*
 * Works it out. since and until widen the period beyond its sessions (DAY_NONE: they
 * do not). 0 or -ENOMEM.
 */
int report_build(struct report *report, const struct history *history,
	const struct prescription *prescription, int32_t since, int32_t until);

void report_free(struct report *report);

/* How a trend is told: one neutral sentence. */
void report_trend_text(const struct report_series *series, char *text, size_t size);

/* The slot of a moment of the day, among those asked for (bits). */
int32_t report_slot(uint32_t slots, int32_t minute);

/* How much of what is asked for at a time of day was done; day counts from 0. */
enum report_slot_kept { SLOT_NOT_KEPT, SLOT_PARTLY_KEPT, SLOT_KEPT };
enum report_slot_kept report_slot_kept(const struct report *report, int32_t day,
	int slot);

/* The series of the same kind on the other side, or NULL. */
const struct report_series *report_pair(const struct report *report,
	const struct report_series *series);

#endif
