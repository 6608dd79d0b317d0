/* JSON files with a checksum; see sealed_json.h. */
#include "linux/sealed_json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "linux/atomic_file.h"
#include "stretch/sample.h"

/* Values are rounded to decimals below this, so that text and value agree. */
#define DIGITS JSON_REAL_PRECISION(15)

void sealed_refuse(struct sealed_check *c, const char *member, const char *format, ...)
{
	char what[256];
	va_list arguments;

	if (c->error != 0)
		return;
	va_start(arguments, format);
	(void)vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	problem_set(c->problem, "%s%s%s: %s", c->name, c->name[0] != '\0' ? ": " : "",
		member, what);
	c->error = -EBADMSG;
}

/* ---- out ---- */

double sealed_round(double value, int decimals)
{
	double scale = pow(10.0, decimals);

	return isfinite(value) ? round(value * scale) / scale + 0.0 : value;
}

struct vec3 sealed_round_vec(struct vec3 v, int decimals)
{
	return (struct vec3){ sealed_round(v.x, decimals), sealed_round(v.y, decimals),
		sealed_round(v.z, decimals) };
}

json_t *sealed_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *sealed_vec(struct vec3 v)
{
	return json_pack("[f,f,f]", v.x, v.y, v.z);
}

json_t *sealed_mat(const struct mat3 *m)
{
	return json_pack("[[f,f,f],[f,f,f],[f,f,f]]", m->m[0][0], m->m[0][1], m->m[0][2],
		m->m[1][0], m->m[1][1], m->m[1][2], m->m[2][0], m->m[2][1], m->m[2][2]);
}

/* False: no memory. */
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

int sealed_write(const char *path, json_t *root, struct problem *problem)
{
	char sum[9], *text = NULL;
	size_t length;
	int error;

	if (root != NULL && checksum(root, sum) &&
		json_object_set_new(root, "crc32", json_string(sum)) == 0)
		text = json_dumps(root, JSON_INDENT(2) | DIGITS);
	json_decref(root);
	if (text == NULL)
		return problem_errno(problem, path, "write", -ENOMEM);
	length = strlen(text);
	text[length++] = '\n'; /* in the place of the closing NUL */
	/* written by whoever calibrates, read by the service's own user */
	error = atomic_file_write_open(path, text, length);
	free(text);
	return error == 0 ? 0 : problem_errno(problem, path, "write", error);
}

/* ---- in ---- */

const json_t *sealed_member(struct sealed_check *c, const json_t *root, const char *key)
{
	const json_t *value = json_object_get(root, key);

	if (value == NULL)
		sealed_refuse(c, key, "missing. %s", c->kind->again);
	return value;
}

double sealed_real_of(struct sealed_check *c, const json_t *root, const char *key)
{
	const json_t *value = sealed_member(c, root, key);

	if (value != NULL && !json_is_number(value) && !json_is_null(value))
		sealed_refuse(c, key, "no number. %s", c->kind->again);
	return json_is_number(value) ? json_number_value(value) : MISSING;
}

int32_t sealed_whole_of(struct sealed_check *c, const json_t *root, const char *key)
{
	const json_t *value = sealed_member(c, root, key);
	json_int_t whole = json_integer_value(value);

	if (value != NULL && (!json_is_integer(value) || whole < 0 || whole > 1000000))
		sealed_refuse(
			c, key, "no whole number that can be meant. %s", c->kind->again);
	return whole < 0 || whole > 1000000 ? 0 : (int32_t)whole;
}

void sealed_text_of(struct sealed_check *c, const json_t *root, const char *key,
	char *text, size_t size)
{
	const char *value = json_string_value(sealed_member(c, root, key));

	if (value == NULL || strlen(value) >= size)
		sealed_refuse(c, key, "no text, or too long. %s", c->kind->again);
	else
		memcpy(text, value, strlen(value) + 1);
}

static void row_of(
	struct sealed_check *c, const json_t *array, const char *key, double row[3])
{
	static const char wrong[] = "not three numbers. %s";

	if (!json_is_array(array) || json_array_size(array) != 3)
		sealed_refuse(c, key, wrong, c->kind->again);
	for (size_t i = 0; i < 3; i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_number(value))
			sealed_refuse(c, key, wrong, c->kind->again);
		row[i] = json_is_number(value) ? json_number_value(value) : MISSING;
	}
}

struct vec3 sealed_vec_of(struct sealed_check *c, const json_t *root, const char *key)
{
	double row[3];

	row_of(c, sealed_member(c, root, key), key, row);
	return (struct vec3){ row[0], row[1], row[2] };
}

struct mat3 sealed_mat_of(struct sealed_check *c, const json_t *root, const char *key)
{
	const json_t *rows = sealed_member(c, root, key);
	struct mat3 m = mat3_identity();

	if (!json_is_array(rows) || json_array_size(rows) != 3)
		sealed_refuse(c, key, "not three rows. %s", c->kind->again);
	for (size_t i = 0; i < 3; i++)
		row_of(c, json_array_get(rows, i), key, m.m[i]);
	return m;
}

/* Is it one of ours, of a version that we know, and unchanged? */
static void check_frame(struct sealed_check *c, json_t *root)
{
	const struct sealed_kind *kind = c->kind;
	const char *format = json_string_value(json_object_get(root, "format")), *sum;
	char ours[9] = "", theirs[9] = "";
	json_int_t version;

	if (format == NULL || strcmp(format, kind->format) != 0) {
		sealed_refuse(c, "format", "not \"%s\": no %s", kind->format, kind->noun);
		return;
	}
	version = json_integer_value(json_object_get(root, "version"));
	if (version != kind->version) {
		sealed_refuse(c, "version",
			"%" JSON_INTEGER_FORMAT " is not known here, only %d. %s, or "
			"take a newer stretchd",
			version, kind->version, kind->again);
		return;
	}
	sum = json_string_value(sealed_member(c, root, "crc32"));
	if (sum != NULL && strlen(sum) == 8)
		memcpy(theirs, sum, sizeof theirs); /* the member goes now */
	if (json_object_del(root, "crc32") == 0 && !checksum(root, ours))
		c->error = -ENOMEM;
	if (c->error == 0 && strcmp(ours, theirs) != 0)
		sealed_refuse(c, "crc32",
			"it does not agree with the content: the file was changed or "
			"damaged. %s",
			kind->again);
}

json_t *sealed_parse(struct sealed_check *c, const char *text, size_t size)
{
	json_error_t where;
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);

	if (root == NULL) {
		problem_set(c->problem, "%s:%d: column %d: %s. %s", c->name, where.line,
			where.column, where.text, c->kind->again);
		c->error = -EBADMSG;
		return NULL;
	}
	if (!json_is_object(root))
		sealed_refuse(c, "file", "no JSON object: no %s", c->kind->noun);
	else
		check_frame(c, root);
	if (c->error == -ENOMEM)
		(void)problem_errno(c->problem, c->name, "read", c->error);
	if (c->error == 0)
		return root;
	json_decref(root);
	return NULL;
}

char *sealed_text(struct sealed_check *c, const char *path, size_t *size)
{
	static const char what[] = "read";
	FILE *in = fopen(path, "rbe");
	char *text = NULL;

	if (in == NULL) {
		c->error = problem_errno(c->problem, path, what, -errno);
		return NULL;
	}
	text = malloc(SEALED_FILE_MAX + 1);
	errno = 0;
	if (text == NULL)
		c->error = problem_errno(c->problem, path, what, -ENOMEM);
	else
		*size = fread(text, 1, SEALED_FILE_MAX + 1, in);
	if (c->error == 0 && ferror(in))
		c->error =
			problem_errno(c->problem, path, what, errno != 0 ? -errno : -EIO);
	(void)fclose(in);
	if (c->error == 0 && *size > SEALED_FILE_MAX) {
		problem_set(c->problem, "%s: longer than %d bytes: no %s", path,
			SEALED_FILE_MAX, c->kind->noun);
		c->error = -EBADMSG;
	}
	if (c->error == 0)
		return text;
	free(text);
	return NULL;
}

/* ---- limits ---- */

void sealed_check_range(struct sealed_check *c, const char *member, double value,
	double low, double high, bool blank)
{
	if (blank && isnan(value))
		return;
	if (!isfinite(value))
		sealed_refuse(c, member, "no number. %s", c->kind->again);
	else if (value < low || value > high)
		sealed_refuse(c, member, "%g is not in %g .. %g. %s", value, low, high,
			c->kind->again);
}

void sealed_check_date(struct sealed_check *c, const char *date, size_t size)
{
	if (date[0] == '\0' || strlen(date) >= size)
		sealed_refuse(c, "date", "empty or too long. %s", c->kind->again);
	for (const char *d = date; *d != '\0'; d++)
		if (*d < 0x20 || *d == 0x7f)
			sealed_refuse(c, "date", "holds a control character. %s",
				c->kind->again);
}

const char *sealed_chip_wrong(const char *chip)
{
	static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789";
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789 _.:-";

	if (chip[0] == '\0')
		return NULL;
	if (strlen(chip) >= SEALED_CHIP_MAX)
		return "longer than 48 characters";
	if (strchr(alnum, chip[0]) == NULL)
		return "must begin with a letter or digit";
	return chip[strspn(chip, all)] != '\0'
		? "only letters, digits, blank and _ . : - are possible"
		: NULL;
}
