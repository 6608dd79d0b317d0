/*
 * Calibration files: one sensor's correction as JSON; calibration/README.md has
 * the format.
 *
 * A file carries its version, what it is for (chip, site), how good it is
 * (residuals) and a checksum. Reading and writing check the same limits, so that
 * nothing absurd is ever written or believed. A refused file changes nothing.
 */
#ifndef STRETCH_LINUX_CALIB_FILE_H
#define STRETCH_LINUX_CALIB_FILE_H

#include <stddef.h>

#include "linux/problem.h"
#include "linux/sealed_json.h"
#include "stretch/calib.h"

#define CALIB_FILE_VERSION 1
#define CALIB_CHIP_MAX SEALED_CHIP_MAX
#define CALIB_DATE_MAX 41

/* What is believed, each axis. */
#define CALIB_BIAS_MAX_M_S2 1.5 /* 150 mg; data sheets allow 80 */
#define CALIB_SCALE_MAX 0.05    /* data sheets allow 0.03 */
#define CALIB_CROSS_MAX 0.05    /* data sheets allow 0.02 */
#define CALIB_GYR_BIAS_MAX_RAD_S 0.5
#define CALIB_RESIDUAL_MAX_M_S2 0.05
#define CALIB_GRAVITY_MIN_M_S2 9.75 /* the earth has 9.764 .. 9.834 */
#define CALIB_GRAVITY_MAX_M_S2 9.85

struct calib_file {
	struct calib calib;
	enum site site;
	char chip[CALIB_CHIP_MAX]; /* [A-Za-z0-9][A-Za-z0-9 _.:-]*; "": not named */
	char date[CALIB_DATE_MAX]; /* ISO 8601 with offset, or "undated" */
	double gravity_m_s2;
	/* root mean squares over the windows; before is 0 or more without limit */
	double residual_before_m_s2, residual_after_m_s2;
	double residual_check_m_s2; /* windows kept out of the fit; NAN: none */
	double gyr_spread_rad_s;    /* of the windows about the bias */
	double largest_hole_deg;
	int32_t windows, directions;
};

/*
 * Checks the values; name goes in front of the problem ("" : nothing). Returns 0
 * or -EBADMSG with the member, what is wrong and what to do.
 */
int calib_file_check(
	const struct calib_file *file, const char *name, struct problem *problem);

/* Is it for that site and chip? chip NULL or "", here or there: any. */
int calib_file_fits(const struct calib_file *file, const char *name, enum site site,
	const char *chip, struct problem *problem);

/* Reads a file's text of that many bytes; name stands for it in the problem. */
int calib_file_parse(const char *text, size_t size, const char *name,
	struct calib_file *file, struct problem *problem);

/*
 * Reads a file. Returns 0; -EBADMSG when the content is refused; another -errno
 * when it cannot be read. *file is changed on success only.
 */
int calib_file_read(const char *path, struct calib_file *file, struct problem *problem);

/*
 * Writes it, rounded to the decimals of the format, in place of an older one, or
 * leaves that as it is. Returns 0, -EBADMSG (refused), or -errno.
 */
int calib_file_write(
	const char *path, const struct calib_file *file, struct problem *problem);

/*
 * What daemon and replay call: the correction of one site's sensor. Errors as
 * calib_file_read; *calib is changed on success only.
 */
int calib_file_load(
	const char *path, enum site site, struct calib *calib, struct problem *problem);

#endif
