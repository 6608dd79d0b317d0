/* Calibration files in and out; see calib_file.h. */
#include "linux/calib_file_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "linux/atomic_file.h"

#define FORMAT "stretch-calibration"
#define AGAIN CALIB_AGAIN
/* Values are rounded to decimals below this, so that text and value agree. */
#define DIGITS JSON_REAL_PRECISION(15)
#define ACC_DECIMALS 6
#define GYR_DECIMALS 7
#define MATRIX_DECIMALS 8

/* ---- out ---- */

static double rounded(double value, int decimals)
{
	double scale = pow(10.0, decimals);

	return isfinite(value) ? round(value * scale) / scale + 0.0 : value;
}

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static struct vec3 rounded_vec(struct vec3 v, int decimals)
{
	return (struct vec3){ rounded(v.x, decimals), rounded(v.y, decimals),
		rounded(v.z, decimals) };
}

static void round_values(struct calib_file *f)
{
	struct calib *k = &f->calib;

	k->acc_bias_m_s2 = rounded_vec(k->acc_bias_m_s2, ACC_DECIMALS);
	k->gyr_bias_rad_s = rounded_vec(k->gyr_bias_rad_s, GYR_DECIMALS);
	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			k->acc_matrix.m[row][column] =
				rounded(k->acc_matrix.m[row][column], MATRIX_DECIMALS);
	k->temp_c = rounded(k->temp_c, 2);
	k->residual_m_s2 = rounded(k->residual_m_s2, ACC_DECIMALS);
	k->gyr_full_scale_rad_s = rounded(k->gyr_full_scale_rad_s, GYR_DECIMALS);
	k->acc_full_scale_m_s2 = rounded(k->acc_full_scale_m_s2, ACC_DECIMALS);
	f->gravity_m_s2 = rounded(f->gravity_m_s2, ACC_DECIMALS);
	f->residual_before_m_s2 = rounded(f->residual_before_m_s2, ACC_DECIMALS);
	f->residual_after_m_s2 = rounded(f->residual_after_m_s2, ACC_DECIMALS);
	f->residual_check_m_s2 = rounded(f->residual_check_m_s2, ACC_DECIMALS);
	f->gyr_spread_rad_s = rounded(f->gyr_spread_rad_s, GYR_DECIMALS);
	f->largest_hole_deg = rounded(f->largest_hole_deg, 2);
}

static json_t *vec_to_json(struct vec3 v)
{
	return json_pack("[f,f,f]", v.x, v.y, v.z);
}

static json_t *mat_to_json(const struct mat3 *m)
{
	return json_pack("[[f,f,f],[f,f,f],[f,f,f]]", m->m[0][0], m->m[0][1], m->m[0][2],
		m->m[1][0], m->m[1][1], m->m[1][2], m->m[2][0], m->m[2][1], m->m[2][2]);
}

static json_t *to_json(const struct calib_file *f)
{
	const struct calib *k = &f->calib;

	return json_pack("{s:s,s:i,s:s,s:s,s:s,s:i,s:f,s:o,s:o,s:o,s:o,s:o,s:o,"
			 "s:f,s:f,s:o,s:o,s:f,s:i,s:i,s:f}",
		"format", FORMAT, "version", CALIB_FILE_VERSION, "chip", f->chip, "site",
		site_names[f->site], "date", f->date, "parameters", k->parameters,
		"gravity_m_s2", f->gravity_m_s2, "acc_bias_m_s2",
		vec_to_json(k->acc_bias_m_s2), "acc_matrix", mat_to_json(&k->acc_matrix),
		"gyr_bias_rad_s", vec_to_json(k->gyr_bias_rad_s), "temp_c",
		real_or_null(k->temp_c), "acc_full_scale_m_s2",
		real_or_null(k->acc_full_scale_m_s2), "gyr_full_scale_rad_s",
		real_or_null(k->gyr_full_scale_rad_s), "residual_before_m_s2",
		f->residual_before_m_s2, "residual_after_m_s2", f->residual_after_m_s2,
		"residual_m_s2", real_or_null(k->residual_m_s2), "residual_check_m_s2",
		real_or_null(f->residual_check_m_s2), "gyr_spread_rad_s",
		f->gyr_spread_rad_s, "windows", (int)f->windows, "directions",
		(int)f->directions, "largest_hole_deg", f->largest_hole_deg);
}

/* Over everything but itself, members sorted, no blanks. False: no memory. */
static bool checksum(const json_t *root, char text[9])
{
	char *canonical = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS | DIGITS);
	uLong sum;

	if (canonical == NULL)
		return false;
	sum = crc32(
		crc32(0, Z_NULL, 0), (const Bytef *)canonical, (uInt)strlen(canonical));
	snprintf(text, 9, "%08" PRIx32, (uint32_t)sum);
	free(canonical);
	return true;
}

static char *to_text(const struct calib_file *f)
{
	json_t *root = to_json(f);
	char sum[9], *text = NULL;

	if (root != NULL && checksum(root, sum) &&
		json_object_set_new(root, "crc32", json_string(sum)) == 0)
		text = json_dumps(root, JSON_INDENT(2) | DIGITS);
	json_decref(root);
	return text;
}

int calib_file_write(
	const char *path, const struct calib_file *file, struct problem *problem)
{
	struct calib_file f = *file;
	char *text;
	size_t length;
	int error;

	round_values(&f);
	error = calib_file_check(&f, path, problem);
	if (error != 0)
		return error;
	text = to_text(&f);
	if (text == NULL)
		return problem_errno(problem, path, "write", -ENOMEM);
	length = strlen(text);
	text[length++] = '\n'; /* in the place of the closing NUL */
	error = atomic_file_write(path, text, length);
	free(text);
	return error == 0 ? 0 : problem_errno(problem, path, "write", error);
}

/* ---- in ---- */

static const json_t *member(struct calib_check *c, const json_t *root, const char *key)
{
	const json_t *value = json_object_get(root, key);

	if (value == NULL)
		calib_refuse(c, key, "missing. " AGAIN);
	return value;
}

/* A number, or NAN for null. */
static double real_of(struct calib_check *c, const json_t *root, const char *key)
{
	const json_t *value = member(c, root, key);

	if (value != NULL && !json_is_number(value) && !json_is_null(value))
		calib_refuse(c, key, "no number. " AGAIN);
	return json_is_number(value) ? json_number_value(value) : MISSING;
}

static int32_t whole_of(struct calib_check *c, const json_t *root, const char *key)
{
	const json_t *value = member(c, root, key);
	json_int_t whole = json_integer_value(value);

	if (value != NULL && (!json_is_integer(value) || whole < 0 || whole > 1000000))
		calib_refuse(c, key, "no whole number that can be meant. " AGAIN);
	return whole < 0 || whole > 1000000 ? 0 : (int32_t)whole;
}

static void text_of(struct calib_check *c, const json_t *root, const char *key,
	char *text, size_t size)
{
	const char *value = json_string_value(member(c, root, key));

	if (value == NULL || strlen(value) >= size)
		calib_refuse(c, key, "no text, or too long. " AGAIN);
	else
		memcpy(text, value, strlen(value) + 1);
}

static void row_of(
	struct calib_check *c, const json_t *array, const char *key, double row[3])
{
	if (!json_is_array(array) || json_array_size(array) != 3)
		calib_refuse(c, key, "not three numbers. " AGAIN);
	for (size_t i = 0; i < 3; i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_number(value))
			calib_refuse(c, key, "not three numbers. " AGAIN);
		row[i] = json_is_number(value) ? json_number_value(value) : MISSING;
	}
}

static struct vec3 vec_of(struct calib_check *c, const json_t *root, const char *key)
{
	double row[3];

	row_of(c, member(c, root, key), key, row);
	return (struct vec3){ row[0], row[1], row[2] };
}

static void mat_of(
	struct calib_check *c, const json_t *root, const char *key, struct mat3 *m)
{
	const json_t *rows = member(c, root, key);

	if (!json_is_array(rows) || json_array_size(rows) != 3)
		calib_refuse(c, key, "not three rows. " AGAIN);
	for (size_t i = 0; i < 3; i++)
		row_of(c, json_array_get(rows, i), key, m->m[i]);
}

/* Is it one of ours, of a version that we know, and unchanged? */
static void check_frame(struct calib_check *c, json_t *root)
{
	const char *format, *sum;
	char ours[9] = "", theirs[9] = "";
	json_int_t version;

	format = json_string_value(json_object_get(root, "format"));
	if (format == NULL || strcmp(format, FORMAT) != 0) {
		calib_refuse(c, "format", "not \"" FORMAT "\": no calibration file");
		return;
	}
	version = json_integer_value(json_object_get(root, "version"));
	if (version != CALIB_FILE_VERSION) {
		calib_refuse(c, "version",
			"%" JSON_INTEGER_FORMAT " is not known here, only %d. " AGAIN
			", or take a newer stretchd",
			version, CALIB_FILE_VERSION);
		return;
	}
	sum = json_string_value(member(c, root, "crc32"));
	if (sum != NULL && strlen(sum) == 8)
		memcpy(theirs, sum, sizeof theirs); /* the member goes now */
	if (json_object_del(root, "crc32") == 0 && !checksum(root, ours))
		c->error = -ENOMEM;
	if (c->error == 0 && strcmp(ours, theirs) != 0)
		calib_refuse(c, "crc32",
			"it does not agree with the content: the file was "
			"changed or damaged. " AGAIN);
}

static void read_members(struct calib_check *c, const json_t *root, struct calib_file *f)
{
	char site[16] = "";
	struct calib *k = &f->calib;

	text_of(c, root, "chip", f->chip, sizeof f->chip);
	text_of(c, root, "date", f->date, sizeof f->date);
	text_of(c, root, "site", site, sizeof site);
	f->site = strcmp(site, site_names[SITE_PELVIS]) == 0 ? SITE_PELVIS : SITE_THIGH;
	if (strcmp(site, site_names[f->site]) != 0)
		calib_refuse(
			c, "site", "\"%s\" is neither thigh nor pelvis. " AGAIN, site);
	k->parameters = (int)whole_of(c, root, "parameters");
	k->acc_bias_m_s2 = vec_of(c, root, "acc_bias_m_s2");
	mat_of(c, root, "acc_matrix", &k->acc_matrix);
	k->gyr_bias_rad_s = vec_of(c, root, "gyr_bias_rad_s");
	k->temp_c = real_of(c, root, "temp_c");
	k->residual_m_s2 = real_of(c, root, "residual_m_s2");
	k->gyr_full_scale_rad_s = real_of(c, root, "gyr_full_scale_rad_s");
	k->acc_full_scale_m_s2 = real_of(c, root, "acc_full_scale_m_s2");
	f->gravity_m_s2 = real_of(c, root, "gravity_m_s2");
	f->residual_before_m_s2 = real_of(c, root, "residual_before_m_s2");
	f->residual_after_m_s2 = real_of(c, root, "residual_after_m_s2");
	f->residual_check_m_s2 = real_of(c, root, "residual_check_m_s2");
	f->gyr_spread_rad_s = real_of(c, root, "gyr_spread_rad_s");
	f->largest_hole_deg = real_of(c, root, "largest_hole_deg");
	f->windows = whole_of(c, root, "windows");
	f->directions = whole_of(c, root, "directions");
}

int calib_file_parse(const char *text, size_t size, const char *name,
	struct calib_file *file, struct problem *problem)
{
	struct calib_check c = { name, problem, 0 };
	struct calib_file f = { .calib = calib_none() };
	json_error_t where;
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);

	if (root == NULL) {
		problem_set(problem, "%s:%d: column %d: %s. " AGAIN, name, where.line,
			where.column, where.text);
		return -EBADMSG;
	}
	if (!json_is_object(root))
		calib_refuse(&c, "file", "no JSON object: no calibration file");
	else
		check_frame(&c, root);
	if (c.error == 0)
		read_members(&c, root, &f);
	json_decref(root);
	if (c.error == 0)
		c.error = calib_file_check(&f, name, problem);
	else if (c.error == -ENOMEM)
		problem_errno(problem, name, "read", c.error);
	if (c.error == 0)
		*file = f;
	return c.error;
}

int calib_file_read(const char *path, struct calib_file *file, struct problem *problem)
{
	static const char what[] = "read";
	char *text;
	size_t size = 0;
	int error = 0;
	FILE *in = fopen(path, "rbe");

	if (in == NULL)
		return problem_errno(problem, path, what, -errno);
	text = malloc(CALIB_FILE_MAX + 1);
	errno = 0;
	if (text == NULL)
		error = problem_errno(problem, path, what, -ENOMEM);
	else
		size = fread(text, 1, CALIB_FILE_MAX + 1, in);
	if (error == 0 && ferror(in))
		error = problem_errno(problem, path, what, errno != 0 ? -errno : -EIO);
	(void)fclose(in);
	if (error == 0 && size > CALIB_FILE_MAX) {
		problem_set(problem, "%s: longer than %d bytes: no calibration file",
			path, CALIB_FILE_MAX);
		error = -EBADMSG;
	}
	if (error == 0)
		error = calib_file_parse(text, size, path, file, problem);
	free(text);
	return error;
}

int calib_file_load(
	const char *path, enum site site, struct calib *calib, struct problem *problem)
{
	struct calib_file file;
	int error = calib_file_read(path, &file, problem);

	if (error == 0)
		error = calib_file_fits(&file, path, site, NULL, problem);
	if (error == 0)
		*calib = file.calib;
	return error;
}
