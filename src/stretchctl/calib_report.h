/*
 * What a calibration found, for people, on standard output.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_REPORT_H
#define STRETCH_STRETCHCTL_CALIB_REPORT_H

#include "stretchctl/calib_judge.h"

/* Every still window: when, where to, how long the reading was before and after. */
void calib_report_windows(const struct calib_collect *collect,
	const struct calib_wish *wish, const struct calib_verdict *verdict);

/* Bias, scale, residuals; with a fit only. */
void calib_report_fit(const struct calib_verdict *verdict);

#endif
