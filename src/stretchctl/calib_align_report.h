/* What an alignment found, for people, on standard output. */
#ifndef STRETCH_STRETCHCTL_CALIB_ALIGN_REPORT_H
#define STRETCH_STRETCHCTL_CALIB_ALIGN_REPORT_H

#include "linux/align_file.h"
#include "stretch/pose_take.h"

/* Every pose with its angles; how well the axes are known; what that does to a raise. */
void calib_align_report(const struct pose_taker *taker, const struct align_file *file);

#endif
