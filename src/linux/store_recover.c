/*
 * Sessions that a power cut left open; see store_recover in store.h.
 *
 * Whatever state a folder is in, the daemon must start: every step is tried, and
 * a file that makes no sense is kept aside, never deleted.
 */
#include "store_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "gzip.h"
#include "recording.h"

#define TAIL 4096

struct recovery {
	const char *sessions;
	const struct store_tables *tables;
	const char *program;
	struct problem *problem;
	int closed;
	int error; /* the last one */
};

static void note(struct recovery *recovery, const char *path, const char *what, int error)
{
	if (error < 0)
		recovery->error = problem_errno(recovery->problem, path, what, error);
}

/* Size of the file up to and with its last newline, looking back in steps. */
static int whole_rows(int fd, off_t size, off_t *whole)
{
	char tail[TAIL];

	*whole = 0;
	while (size > 0) {
		size_t part = size < TAIL ? (size_t)size : TAIL;
		ssize_t got = pread(fd, tail, part, size - (off_t)part);
		const char *newline;

		if (got < 0)
			return -errno;
		if ((size_t)got != part)
			return -EIO;
		newline = memrchr(tail, '\n', part);
		if (newline) {
			*whole = size - (off_t)part + (newline - tail) + 1;
			return 0;
		}
		size -= (off_t)part;
	}
	return 0;
}

/* Cuts what follows the last newline: a torn row, or the zeros of a power cut. */
static int cut_torn_row(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat info;
	off_t whole;
	int error;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &info) < 0) {
		error = -errno;
	} else {
		error = whole_rows(fd, info.st_size, &whole);
		if (error == 0 && whole < info.st_size &&
			(ftruncate(fd, whole) < 0 || fsync(fd) < 0))
			error = -errno;
	}
	close(fd);
	return error;
}

/* Compresses raw.csv if it is there; one that holds nothing is removed. */
static int finish_raw(const char *path)
{
	struct stat info;

	if (stat(path, &info) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (info.st_size > 0)
		return gzip_file(path);
	return unlink(path) < 0 ? -errno : 0;
}

/* The raw table with the parts that the file has. */
static const struct column_table *raw_table_of(const char *folder)
{
	char path[PATH_MAX];
	struct recording *recording;
	unsigned int parts = RAW_EVENT;

	if (folder_join(path, sizeof path, folder, "raw.csv.gz") == 0 &&
	    recording_open(&recording, path, NULL, NULL) == 0) {
		parts = recording_parts(recording);
		recording_close(recording);
	}
	return raw_table(parts);
}

static void close_folder(struct recovery *recovery, const char *folder, const char *name)
{
	struct store_tables tables = *recovery->tables;

	for (int i = 0; i < STORE_FILES; i++) {
		char path[PATH_MAX];

		if (!tables.file[i])
			continue;
		note(recovery, folder, "mend", folder_join(path, sizeof path, folder,
			tables.file[i]->file));
		note(recovery, path, "mend", cut_torn_row(path));
		if (i == STORE_RAW)
			note(recovery, path, "compress", finish_raw(path));
	}
	if (tables.file[STORE_RAW])
		tables.file[STORE_RAW] = raw_table_of(folder);
	note(recovery, folder, "write",
		store_put_package(folder, name, recovery->program, &tables));
}

/*
 * The session's facts if it still has to be closed, NULL if it is closed. Facts
 * that cannot be read are kept aside, and new ones are begun.
 */
static json_t *open_facts(struct recovery *recovery, const char *path, const char *name)
{
	char aside[PATH_MAX];
	json_t *facts = json_load_file(path, 0, NULL);
	const char *status = json_string_value(json_object_get(facts, "status"));

	if (status && strcmp(status, STORE_OPEN) != 0) {
		json_decref(facts);
		return NULL;
	}
	if (json_is_object(facts))
		return facts;
	json_decref(facts);
	if (access(path, F_OK) == 0 &&
		snprintf(aside, sizeof aside, "%s.bad", path) < (int)sizeof aside &&
		rename(path, aside) < 0)
		note(recovery, path, "keep aside", -errno);
	return json_pack("{s:s}", "session", name);
}

/* What was written at the beginning and would have been known at the end. */
static void forget_unknown(json_t *facts)
{
	static const char *const keys[] = { "duration_s", "closing_check", "totals",
		"counters", "storage" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		json_object_del(facts, keys[i]);
}

static int recover_one(void *context, const char *name)
{
	struct recovery *recovery = context;
	char folder[PATH_MAX], path[PATH_MAX];
	json_t *facts;
	int error = folder_join(folder, sizeof folder, recovery->sessions, name);

	if (error < 0 || folder_join(path, sizeof path, folder, "session.json") < 0)
		return 0;
	if (strncmp(name, STORE_PENDING, strlen(STORE_PENDING)) == 0) {
		note(recovery, folder, "remove", folder_remove(folder));
		return 0;
	}
	if (name[0] < '0' || name[0] > '9')
		return 0; /* not ours */
	facts = open_facts(recovery, path, name);
	if (!facts)
		return 0;
	close_folder(recovery, folder, name);
	forget_unknown(facts);
	json_object_set_new(facts, "status", json_string(STORE_RECOVERED));
	error = store_put_json(path, facts);
	json_decref(facts);
	note(recovery, path, "write", error);
	if (error == 0)
		recovery->closed++;
	return 0;
}

int store_recover(const char *state_dir, const char *wearer,
	const struct store_tables *tables, const char *program,
	struct problem *problem)
{
	char sessions[PATH_MAX];
	struct recovery recovery = { sessions, tables, program, problem, 0, 0 };
	int error = store_sessions_path(sessions, sizeof sessions, state_dir, wearer);

	if (error == 0)
		error = folder_each(sessions, recover_one, &recovery);
	if (error == -ENOENT)
		return 0; /* no session yet */
	if (error < 0)
		return problem_errno(problem, state_dir, "read the sessions in", error);
	if (recovery.closed == 0 && recovery.error < 0)
		return recovery.error;
	return recovery.closed;
}
