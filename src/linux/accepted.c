/* The record of acceptance; see accepted.h. */
#include "accepted.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "prescription_file.h"
#include "store_parts.h"

#define ACCEPTED_VERSION 1

const char *const accepted_advice[] = {
	[ACCEPTED_YES] = "accepted",
	[ACCEPTED_NEVER] = "not yet",
	[ACCEPTED_CHANGED] = "accepted was another one, or this one before a change",
	[ACCEPTED_TEXT_CHANGED] = "the safety text has changed since it was accepted",
};

int accepted_digest(const struct prescription *p, char digest[SHA256_TEXT])
{
	char *text = prescription_text(p);

	if (text == NULL)
		return -ENOMEM;
	sha256_text(text, strlen(text), digest);
	free(text);
	return 0;
}

/* All lines with their newlines. */
static int safety_digest(char digest[SHA256_TEXT])
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < prescription_safety_count; i++)
		fprintf(out, "%s\n", prescription_safety[i]);
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	sha256_text(text, length, digest);
	free(text);
	return 0;
}

static int file_path(char path[PATH_MAX], const char *state_dir,
	const struct prescription *p)
{
	int length = snprintf(path, PATH_MAX, "%s/%s/accepted.json", state_dir,
		p->wearer);

	if (setting_label_wrong(p->wearer) != NULL)
		return -EINVAL;
	return length < 0 || length >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static bool take_text(const json_t *root, const char *key, char *text, size_t size)
{
	const char *value = json_string_value(json_object_get(root, key));

	if (value == NULL || value[0] == '\0' || strlen(value) >= size)
		return false;
	for (const char *c = value; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
	}
	snprintf(text, size, "%s", value);
	return true;
}

static bool read_record(const json_t *root, struct accepted *a)
{
	return json_integer_value(json_object_get(root, "accepted_version")) ==
			ACCEPTED_VERSION &&
		take_text(root, "prescription_sha256", a->prescription,
			sizeof(a->prescription)) &&
		take_text(root, "safety_sha256", a->safety, sizeof(a->safety)) &&
		take_text(root, "accepted_by", a->by, sizeof(a->by)) &&
		setting_label_wrong(a->by) == NULL &&
		take_text(root, "accepted_on", a->on, sizeof(a->on)) &&
		take_text(root, "clock_source", a->clock_source, sizeof(a->clock_source));
}

/* 0, -ENOENT, -EBADMSG or another -errno. */
static int read_file(const char *path, struct accepted *accepted)
{
	FILE *file = fopen(path, "re");
	json_t *root;
	bool good;

	if (file == NULL)
		return -errno;
	root = json_loadf(file, JSON_REJECT_DUPLICATES, NULL);
	fclose(file);
	good = root != NULL && read_record(root, accepted);
	json_decref(root);
	if (good)
		return 0;
	memset(accepted, 0, sizeof(*accepted));
	return -EBADMSG;
}

int accepted_look(const char *state_dir, const struct prescription *p,
	struct accepted *accepted, struct problem *problem)
{
	char path[PATH_MAX], prescription[SHA256_TEXT], safety[SHA256_TEXT];
	int error = file_path(path, state_dir, p);

	memset(accepted, 0, sizeof(*accepted));
	if (error == 0)
		error = read_file(path, accepted);
	if (error == -ENOENT)
		return ACCEPTED_NEVER;
	if (error == -EBADMSG) {
		problem_set(problem, "%s: not a record of acceptance. accept the "
			"prescription again, which replaces it", path);
		return error;
	}
	if (error != 0)
		return problem_errno(problem, path, "read", error);
	error = accepted_digest(p, prescription);
	if (error == 0)
		error = safety_digest(safety);
	if (error != 0)
		return problem_errno(problem, path, "check", error);
	if (strcmp(prescription, accepted->prescription) != 0)
		return ACCEPTED_CHANGED;
	return strcmp(safety, accepted->safety) == 0 ? ACCEPTED_YES :
		ACCEPTED_TEXT_CHANGED;
}

static int fill(struct accepted *accepted, const struct prescription *p, const char *by)
{
	int error = accepted_digest(p, accepted->prescription);

	if (error == 0)
		error = safety_digest(accepted->safety);
	snprintf(accepted->by, sizeof(accepted->by), "%s", by);
	clock_iso(accepted->on);
	snprintf(accepted->clock_source, sizeof(accepted->clock_source), "%s",
		clock_source_names[clock_trust()]);
	return error;
}

/* The text itself goes in too: what was accepted can be read later. */
static int write_file(const char *path, const struct accepted *a,
	const struct prescription *p)
{
	char *text = prescription_text(p);
	json_t *root = text == NULL ? NULL : json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
		"accepted_version", ACCEPTED_VERSION, "wearer", p->wearer,
		"accepted_by", a->by, "accepted_on", a->on,
		"clock_source", a->clock_source,
		"prescription_sha256", a->prescription, "safety_sha256", a->safety,
		"prescription", text);
	int error = root == NULL ? -ENOMEM : store_put_json(path, root);

	json_decref(root);
	free(text);
	return error;
}

int accepted_write(const char *state_dir, const struct prescription *p, const char *by,
	struct problem *problem)
{
	struct accepted accepted = { 0 };
	char path[PATH_MAX];
	char *slash;
	int error = file_path(path, state_dir, p);

	if (error == 0 && setting_label_wrong(by) != NULL)
		error = -EINVAL;
	if (error == 0)
		error = fill(&accepted, p, by);
	if (error == 0) {
		slash = strrchr(path, '/');
		*slash = '\0';
		error = folder_make(path);
		*slash = '/';
	}
	if (error == 0)
		error = write_file(path, &accepted, p);
	return error != 0 ? problem_errno(problem, path, "write", error) : 0;
}
