/*
 * Alignment files: how the straps sit, as JSON; calibration/README.md has the format.
 *
 * An alignment belongs to one strapping and dies with it. So a file says when it was
 * made by a clock that cannot be set: the run of the kernel (boot id) and its
 * monotonic time. A session takes only what a live sensor gave in the same run, not
 * longer ago than a setting allows; made from a recording it has neither, and then it
 * is for judging recordings of that strapping only.
 */
#ifndef STRETCH_LINUX_ALIGN_FILE_H
#define STRETCH_LINUX_ALIGN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "linux/clock.h"
#include "linux/sealed_json.h"
#include "stretch/align.h"
#include "stretch/quality.h"

#define ALIGN_FILE_VERSION 1
#define ALIGN_OFF_MAX_DEG 30.0 /* poses farther from what a body does: wrong names */

struct align_file_site {
	struct alignment align;     /* valid false: this sensor is not in the file */
	char chip[SEALED_CHIP_MAX]; /* "": not named */
	bool calibrated;            /* learned from calibrated readings */
	/* angle between the poses less that of a body; NAN: a raise has none */
	double residual_deg;
};

struct align_file {
	char date[CLOCK_TEXT_MAX];    /* ISO 8601 with offset, or "undated" */
	char boot_id[CLOCK_TEXT_MAX]; /* "": from a recording */
	double monotonic_s;           /* of that boot; NAN: from a recording */
	char side[8];                 /* left, right; "": not named */
	struct align_file_site site[SITE_COUNT];
};

/* Checks the values, as calib_file_check does: 0 or -EBADMSG. */
int align_file_check(
	const struct align_file *file, const char *name, struct problem *problem);

/* Text of a file, a file, and back: as the functions of calib_file.h. */
int align_file_parse(const char *text, size_t size, const char *name,
	struct align_file *file, struct problem *problem);
int align_file_read(const char *path, struct align_file *file, struct problem *problem);
int align_file_write(
	const char *path, const struct align_file *file, struct problem *problem);

/*
 * Is it for those sensors (bit = enum site), that side ("": any) and those chips (NULL
 * or "", here or there: any)? 0 or -EBADMSG.
 */
int align_file_fits(const struct align_file *file, const char *name, unsigned sites,
	const char *side, const char *const chip[SITE_COUNT], struct problem *problem);

/*
 * Can it be of the strapping that is worn now? boot_id and now_s: of this moment.
 * True, or false with the reason and what to do in problem.
 */
bool align_file_fresh(const struct align_file *file, const char *name,
	const char *boot_id, double now_s, double max_min, struct problem *problem);

#endif
