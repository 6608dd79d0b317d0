/*
 * What a session is judged by, put together from the settings: the same for the
 * daemon and for replay.
 */
#ifndef STRETCH_LINUX_INPUTS_H
#define STRETCH_LINUX_INPUTS_H

#include <stdio.h>

#include "linux/problem.h"
#include "stretch/session.h"

/*
 * Fills *inputs: settings, calibration files read, no alignment, armed at once.
 * Mode is the caller's. Returns 0 or a negative error of a calibration file.
 */
int inputs_from_settings(struct session_inputs *inputs, const struct settings *settings,
	struct problem *problem);

/*
 * The alignment file of the settings, once mode is known. live: a session of now, for
 * which the file must be fresh (align_file_fresh). Returns 1 when it is used; 0 when
 * there is none or it is not fresh, which then stands in problem (else ""): the straps
 * are learned by themselves; or a negative error of a file, or of one for another
 * side, chip or sensors.
 */
int inputs_take_alignment(
	struct session_inputs *inputs, bool live, struct problem *problem);

/*
 * Looks at every file that the settings name but the prescription: calibrations,
 * alignment, recording. A line to err for each that cannot be used; 0 or the first
 * error.
 */
int inputs_check_files(const struct settings *settings, FILE *err);

#endif
