/*
 * What was asked for, leg by leg, beside what was done; part of report_data.h. A
 * session of the left leg is none of the right, and one exercise is no other one.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_PLAN_H
#define STRETCH_STRETCHCTL_REPORT_PLAN_H

#include "stretchctl/report_data.h"

/* What the prescription asks for; before the sessions are added. */
void report_plan_read(struct report *report);

/*
 * Which kind a session is of, an index below REPORT_KINDS, or -1. An exercise of both
 * legs at once has one kind.
 */
int32_t report_kind(int32_t exercise, int32_t side);

/* Was such a session asked for? Without a prescription all are. */
bool report_is_asked(const struct report *report, const struct session_row *row);

/* A session without a counted second is none for the wearer's diary. */
bool report_is_kept(const struct session_row *row);

/* Does a sore wearer's day of rest count as kept? */
bool report_rest_is_kept(const struct report *report);

/* Kept of planned, where a number was asked for. 0 or -ENOMEM. */
int report_plan_compare(struct report *report);

#endif
