/*
 * Expected error of an angle; see quality.h. Sizes in degrees, one sigma.
 *
 * Uncalibrated: the data sheet of the MPU-6050 allows 50-80 mg of bias, 2.9-4.6
 * degrees at worst; a third of that is taken as sigma at the reference's
 * opposite. The reference cancels what is the same there, so the effect grows as
 * 2 sin(angle / 2).
 */
#include "stretch/quality.h"

#define UNCALIBRATED_DEG 1.5
#define ORIENT_DEG 0.15  /* orientation filter in holds */
#define TISSUE_DEG 0.25  /* strap on skin and muscle between reference and hold */
#define TEMP_DEG_PER_C 0.03 /* 0.5 mg a degree C of the data sheet's accelerometer */
#define TEMP_OFF_C 5.0   /* taken for the distance where it is not measured */
#define HIGH_DEG 2.0
#define MEDIUM_DEG 4.0

const char *const confidence_names[CONFIDENCE_COUNT] = { "none", "low", "medium",
	"high" };

static double square(double x)
{
	return x * x;
}

/* Tilt error that the calibration leaves at full effect, degrees. */
static double calib_error_deg(const struct calib *calib)
{
	/* numbers without the residual that proves them are no better than none */
	if (calib->parameters == 0 || !isfinite(calib->residual_m_s2))
		return UNCALIBRATED_DEG;
	return atan2(calib->residual_m_s2, GRAVITY_M_S2) * DEG_PER_RAD;
}

/* What the distance from the calibration's temperature adds, degrees. */
static double temp_error_deg(const struct calib *calib, double temp_c)
{
	double off_c = fabs(temp_c - calib->temp_c);

	if (calib->parameters == 0)
		return 0.0; /* it is part of being uncalibrated */
	return TEMP_DEG_PER_C * (isfinite(off_c) ? off_c : TEMP_OFF_C);
}

struct quality quality_of(const struct settings *settings, const struct calib *calib,
	const struct alignment *alignment, double temp_c, double angle_deg,
	double out_of_plane_deg)
{
	double plane = fabs(out_of_plane_deg);
	double from_reference = 2.0 * fabs(sin(angle_deg * RAD_PER_DEG / 2.0));
	double cone = align_cone_error_deg(alignment, angle_deg, out_of_plane_deg);
	struct quality q = { .confidence = CONFIDENCE_HIGH };

	if (!isfinite(angle_deg) || !alignment->valid)
		return (struct quality){ NAN, CONFIDENCE_NONE };
	q.error_deg = sqrt(square(ORIENT_DEG) + square(TISSUE_DEG) +
		(square(calib_error_deg(calib)) + square(temp_error_deg(calib, temp_c))) *
			square(from_reference) + square(cone));
	if (q.error_deg > MEDIUM_DEG || plane > settings->plane_low_deg ||
		calib->parameters == 0)
		q.confidence = CONFIDENCE_LOW;
	else if (q.error_deg > HIGH_DEG || plane > settings->plane_medium_deg ||
		alignment->weak)
		q.confidence = CONFIDENCE_MEDIUM;
	return q;
}

struct quality quality_of_difference(struct quality a, struct quality b)
{
	struct quality q = { sqrt(square(a.error_deg) + square(b.error_deg)),
		a.confidence < b.confidence ? a.confidence : b.confidence };

	if (q.confidence > CONFIDENCE_MEDIUM && q.error_deg > HIGH_DEG)
		q.confidence = CONFIDENCE_MEDIUM;
	if (q.confidence > CONFIDENCE_LOW && q.error_deg > MEDIUM_DEG)
		q.confidence = CONFIDENCE_LOW;
	return q;
}
