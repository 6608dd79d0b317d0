/*
 * What a session asks for: its plan of a hold from exercise, prescription and calm
 * raises. First part of the session step; internal to it.
 */
#ifndef STRETCH_SESSION_PLAN_H
#define STRETCH_SESSION_PLAN_H

#include "stretch/session.h"

/* Of a counted exercise: from what its repetitions are told. */
const struct count_way *session_count_way(const struct session_inputs *inputs);

/* All but the edges of a band that come from calm raises: those are NAN. */
void session_plan_hold(struct hold_plan *plan, const struct session_inputs *inputs);

/* Those edges, from the best of the calm raises; an edge that is prescribed leaves room
 * for the other one. */
void session_complete_band(struct hold_plan *plan, const struct settings *settings,
	double best_deg);

#endif
