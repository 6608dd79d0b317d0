/*
 * From a sample to directions: calibration, plausibility, orientation, stillness
 * of the worn sensors. First half of the session step; internal to it.
 */
#ifndef STRETCH_SENSE_H
#define STRETCH_SENSE_H

#include "stretch/session.h"

/*
 * Takes one sample in. Returns false when it must be dropped (time did not
 * advance). up: directions known beforehand, NULL: the filter finds them. *bad:
 * FLAGS_BAD_DATA bits of each sensor in this sample.
 */
bool sense_step(struct session_state *state, const struct session_inputs *inputs,
	const struct sample *sample, const struct vec3 *up, int64_t *dt_us,
	uint32_t bad[SITE_COUNT]);

/* Bit mask of the sensors worn. */
unsigned sense_sites(enum session_mode mode);

/* Does every worn sensor know its direction in this sample? */
bool sense_all_ok(const struct session_inputs *inputs, const uint32_t bad[SITE_COUNT]);

#endif
