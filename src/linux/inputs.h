/*
 * What a session is judged by, put together from the settings: the same for the
 * daemon and for replay.
 */
#ifndef STRETCH_LINUX_INPUTS_H
#define STRETCH_LINUX_INPUTS_H

#include "linux/problem.h"
#include "stretch/session.h"

/*
 * Fills *inputs: settings, calibration files read, no alignment, armed at once.
 * Mode is the caller's. Returns 0 or a negative error of a calibration file.
 */
int inputs_from_settings(struct session_inputs *inputs, const struct settings *settings,
	struct problem *problem);

#endif
