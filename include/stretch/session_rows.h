/*
 * Rows of a session, filled from its state. Second half of the session step;
 * internal to it.
 */
#ifndef STRETCH_SESSION_ROWS_H
#define STRETCH_SESSION_ROWS_H

#include "stretch/session.h"

const struct exercise *session_exercise(const struct session_inputs *inputs);

/* A row in which nothing is known: no sample was judged. */
void session_blank_judged(struct judged_row *row, int64_t t_us);

/* How the pelvis is judged: not at all where there is no quality verdict. `measured`: by
 * a sensor of its own. */
int32_t session_pelvis_method(const struct session_inputs *inputs, bool measured);

/* Angles, methods and confidence of this sample; returns the thigh's quality. */
struct quality session_fill_angles(const struct session_state *state,
	const struct session_inputs *inputs, const uint32_t bad[SITE_COUNT],
	struct judged_row *row);

/* Adds this sample to the figures of the hold that it belongs to. */
void session_describe(struct session_state *state, const struct session_inputs *inputs,
	const struct hold_output *hold, const struct judged_row *row, struct quality q);

/* The row of the hold that has ended. */
void session_fill_hold(struct session_state *state, const struct session_inputs *inputs,
	struct hold_row *row);

#endif
