/* The series of a report; part of report_data.h. */
#ifndef STRETCH_STRETCHCTL_REPORT_SERIES_H
#define STRETCH_STRETCHCTL_REPORT_SERIES_H

#include "stretchctl/report_data.h"

/* Finds and fills the series, the most used first. 0 or -ENOMEM. */
int report_series_build(struct report *report);

/* Median; sorts the values. NAN of none. */
double report_median(double *values, size_t count);

#endif
