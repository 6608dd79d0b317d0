/* Between the two halves of the calibration files. */
#ifndef STRETCH_LINUX_CALIB_FILE_PARTS_H
#define STRETCH_LINUX_CALIB_FILE_PARTS_H

#include "linux/calib_file.h"
#include "linux/sealed_json.h"

#define CALIB_AGAIN "calibrate again"

extern const struct sealed_kind calib_file_kind;

#endif
