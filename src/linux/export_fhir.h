/*
 * Holds as FHIR R4 Observations (hl7.org/fhir/R4/observation.html) in one Bundle.
 *
 * Codes are our own, with words. LOINC's hip flexion, passive (41320-3 left, 41332-8
 * right) is added on demand only, and only where the flexion was measured with two
 * sensors: a thigh's elevation is no hip flexion. A hold without a certain date has
 * no effective time. Only a hold that was done is "final".
 */
#ifndef STRETCH_LINUX_EXPORT_FHIR_H
#define STRETCH_LINUX_EXPORT_FHIR_H

#include <stdbool.h>

#include "history.h"

#define EXPORT_FHIR_FILE "observations.json"

/* Writes it into folder, as a whole. 0 or -errno. */
int export_fhir_write(const struct history *history, bool loinc, const char *folder,
	struct problem *problem);

#endif
