/* Between the two halves of the calibration files: the first refusal stays. */
#ifndef STRETCH_LINUX_CALIB_FILE_PARTS_H
#define STRETCH_LINUX_CALIB_FILE_PARTS_H

#include "linux/calib_file.h"

#define CALIB_AGAIN "calibrate again"

struct calib_check {
	const char *name; /* of the file, "" : none */
	struct problem *problem;
	int error; /* 0, or -EBADMSG from the first refusal on */
};

/* "NAME: MEMBER: what is wrong", unless something was refused before. */
void calib_refuse(struct calib_check *check, const char *member, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
