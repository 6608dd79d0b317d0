/*
 * Files that are one JSON object with a format, a version and a checksum, so that
 * what was edited by hand or damaged is never believed: calibration and alignment.
 *
 * The checksum is CRC-32 over everything but itself, members sorted, no blanks,
 * reals with 15 digits. Files are replaced whole or not at all.
 */
#ifndef STRETCH_LINUX_SEALED_JSON_H
#define STRETCH_LINUX_SEALED_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux/problem.h"
#include "stretch/vec.h"

#define SEALED_FILE_MAX 65536 /* bytes; a real one has about one thousand */

/* What kind of file, and what to do when one is refused. */
struct sealed_kind {
	const char *format; /* "stretch-calibration" */
	int version;
	const char *noun;  /* "calibration file" */
	const char *again; /* "calibrate again" */
};

/* One reading: the first refusal stays; reading goes on without harm. */
struct sealed_check {
	const struct sealed_kind *kind;
	const char *name; /* of the file, "": none */
	struct problem *problem;
	int error; /* 0, or -EBADMSG from the first refusal on */
};

/* "NAME: MEMBER: what is wrong", unless something was refused before. */
void sealed_refuse(struct sealed_check *check, const char *member, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* ---- out ---- */

/* Rounded to decimals that text of 15 digits keeps; NAN stays. */
double sealed_round(double value, int decimals);
struct vec3 sealed_round_vec(struct vec3 v, int decimals);

/* null when it is not finite */
json_t *sealed_real(double value);
json_t *sealed_vec(struct vec3 v);
json_t *sealed_mat(const struct mat3 *m);

/*
 * Adds the checksum and writes root (whose reference it takes; NULL: no memory) in
 * place of path. Returns 0 or -errno with the problem filled.
 */
int sealed_write(const char *path, json_t *root, struct problem *problem);

/* ---- in ---- */

/*
 * The object of a text, frame and checksum checked, without the checksum (the
 * caller's reference); NULL with check->error set.
 */
json_t *sealed_parse(struct sealed_check *check, const char *text, size_t size);

/* The text of a file (caller frees); NULL with check->error set. */
char *sealed_text(struct sealed_check *check, const char *path, size_t *size);

/* Members; a missing or wrong one is refused. null is NAN where a real is read. */
const json_t *sealed_member(
	struct sealed_check *check, const json_t *root, const char *key);
double sealed_real_of(struct sealed_check *check, const json_t *root, const char *key);
int32_t sealed_whole_of(struct sealed_check *check, const json_t *root, const char *key);
void sealed_text_of(struct sealed_check *check, const json_t *root, const char *key,
	char *text, size_t size);
struct vec3 sealed_vec_of(
	struct sealed_check *check, const json_t *root, const char *key);
struct mat3 sealed_mat_of(
	struct sealed_check *check, const json_t *root, const char *key);

/* Refuses a date that is empty, too long (size with its NUL) or holds control
 * characters, and a number outside low..high (blank: NAN is right). */
void sealed_check_date(struct sealed_check *check, const char *date, size_t size);
void sealed_check_range(struct sealed_check *check, const char *member, double value,
	double low, double high, bool blank);

/* What is wrong with a chip's name; NULL: nothing. "" is right: not named. */
#define SEALED_CHIP_MAX 49 /* with the closing NUL */
const char *sealed_chip_wrong(const char *chip);

#endif
