/*
 * How far an angle can be trusted: its expected error and the word for it.
 *
 * The error is one sigma in degrees, the root of the sum of squares of what is
 * known to go wrong; calibration/error-budget.md lists the sources. Rule for the
 * word: high up to 2 degrees, medium up to 4, low above; never above low without
 * a calibration, never above medium with a weak alignment or beyond
 * plane_medium_deg out of plane, low beyond plane_low_deg.
 */
#ifndef STRETCH_QUALITY_H
#define STRETCH_QUALITY_H

#include "stretch/align.h"
#include "stretch/calib.h"
#include "stretch/setting.h"

enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_LOW,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_HIGH,
	CONFIDENCE_COUNT
};

extern const char *const confidence_names[CONFIDENCE_COUNT];

struct quality {
	double error_deg; /* one sigma; NAN when there is no angle */
	enum confidence confidence;
};

/* Quality of a segment's angle. temp_c: of the sensor now, NAN when not measured;
 * angle_deg: since the reference. */
struct quality quality_of(const struct settings *settings, const struct calib *calib,
	const struct alignment *alignment, double temp_c, double angle_deg,
	double out_of_plane_deg);

/* Of a difference of two angles that err independently. */
struct quality quality_of_difference(struct quality a, struct quality b);

#endif
