/* Session folders: files and rows; see store.h. (Places are in store_place.c.) */
#include "store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "atomic_file.h"
#include "folder.h"
#include "gzip.h"
#include "package.h"
#include "store_parts.h"
#include "stretch/raw.h"

#define MIB (UINT64_C(1) << 20)

/*
 * Free space below which a file is given up. An hour of raw is some 40 MiB before
 * it is compressed, and compressing needs room for the result beside it.
 */
static const uint64_t default_reserve_bytes[STORE_FILES] = { 64 * MIB, 16 * MIB, 0 };

int store_put_json(const char *path, const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	size_t length;
	int error;

	if (!text)
		return -ENOMEM;
	length = strlen(text);
	text[length] = '\n'; /* in place of the NUL: lines end with a newline */
	error = atomic_file_write(path, text, length + 1);
	free(text);
	return error;
}

int store_json(struct store *store, const char *file, const json_t *value,
	struct problem *problem)
{
	char path[PATH_MAX];
	int error = folder_join(path, sizeof path, store->path, file);

	if (error == 0)
		error = store_put_json(path, value);
	return error < 0 ? problem_errno(problem, store->path, "write", error) : 0;
}

static bool is_there(const char *folder, const char *file, const char *suffix)
{
	char path[PATH_MAX];

	return folder_join(path, sizeof path - 8, folder, file) == 0 &&
		access(strcat(path, suffix), F_OK) == 0;
}

int store_put_package(const char *folder, const char *name, const char *program,
	const struct store_tables *tables)
{
	json_t *package = package_new(name, program);
	char path[PATH_MAX];
	int error = package ? folder_join(path, sizeof path, folder, "datapackage.json")
			    : -ENOMEM;

	/* what a reader wants first comes first */
	for (int i = STORE_FILES - 1; error == 0 && i >= 0; i--) {
		const struct column_table *table = tables->file[i];
		bool compressed = table && is_there(folder, table->file, ".gz");

		if (table && (compressed || is_there(folder, table->file, "")))
			error = package_add(package, table, compressed);
	}
	if (error == 0)
		error = store_put_json(path, package);
	json_decref(package);
	return error;
}

/* Removes what was begun, if nobody was promised it would stay. */
static void discard(struct store *store)
{
	for (int i = 0; i < STORE_FILES; i++)
		if (store->tables.file[i])
			csv_out_abort(&store->csv[i]);
	if (store->path[0] != '\0' && !store->kept)
		folder_remove(store->path);
	store->open = false;
}

static int open_files(struct store *store, struct problem *problem)
{
	for (int i = 0; i < STORE_FILES; i++) {
		const struct column_table *table = store->tables.file[i];
		char path[PATH_MAX];
		int error;

		if (!table)
			continue;
		error = folder_join(path, sizeof path, store->path, table->file);
		if (error < 0)
			return problem_errno(problem, store->path, "write", error);
		error = csv_out_open(&store->csv[i], path, table, false, problem);
		if (error < 0)
			return error;
	}
	return 0;
}

int store_choose(struct store *store, const struct store_place *place,
	const struct store_tables *tables, struct problem *problem)
{
	memset(store, 0, sizeof *store);
	store->program = place->program;
	store->tables = *tables;
	memcpy(store->reserve_bytes, default_reserve_bytes, sizeof store->reserve_bytes);
	for (int i = 0; i < STORE_FILES; i++)
		store->csv[i].fd = -1;
	return store_place_choose(store, place, problem);
}

int store_make(struct store *store, struct problem *problem)
{
	store->error = store_place_make(store, problem);
	if (store->error < 0)
		return store->error;
	store->error = open_files(store, problem);
	if (store->error < 0)
		discard(store);
	store->open = store->error == 0;
	return store->error;
}

int store_open(struct store *store, const struct store_place *place,
	const struct store_tables *tables, struct problem *problem)
{
	int error = store_choose(store, place, tables, problem);

	return error == 0 ? store_make(store, problem) : error;
}

const char *store_name(const struct store *store)
{
	return store->name;
}

int store_keep(struct store *store, struct problem *problem)
{
	int error;

	if (store->explicit_folder || store->kept)
		return 0;
	if (store->error < 0)
		return problem_errno(problem, store->path, "make", store->error);
	(void)store_flush(store, true); /* what gets a name has a header */
	error = store_place_keep(store, problem);
	/* once renamed it stays, even if the counter could not be written */
	store->kept = strcmp(store->path, store->target) == 0;
	return error;
}

static int put_row(struct store *store, enum store_file file, const void *row)
{
	if (!store->tables.file[file])
		return 0;
	if (store->given_up[file] || store->error < 0) {
		store->csv[file].lost++;
		return store->error < 0 ? store->error : -ENOSPC;
	}
	return csv_out_row(&store->csv[file], row);
}

int store_raw(struct store *store, const struct sample *sample)
{
	struct raw_row row;

	raw_row_fill(&row, sample, NULL);
	return put_row(store, STORE_RAW, &row);
}

int store_judged(struct store *store, const void *row)
{
	return put_row(store, STORE_JUDGED, row);
}

int store_hold(struct store *store, const void *row)
{
	int error = put_row(store, STORE_HOLDS, row);

	if (error < 0 || !store->tables.file[STORE_HOLDS])
		return error;
	return store->explicit_folder ? 0 : csv_out_sync(&store->csv[STORE_HOLDS]);
}

uint64_t store_lost(const struct store *store, enum store_file file)
{
	return store->tables.file[file] ? store->csv[file].lost : 0;
}

/* Free space for us in the store's file system; UINT64_MAX when not known. */
static uint64_t free_bytes(const struct store *store)
{
	struct statvfs info;

	if (statvfs(store->path, &info) < 0)
		return UINT64_MAX;
	return (uint64_t)info.f_bavail * info.f_frsize;
}

int store_flush(struct store *store, bool sync)
{
	uint64_t room = store->explicit_folder ? UINT64_MAX : free_bytes(store);
	int first = store->error;

	if (first < 0)
		return first;
	for (int i = 0; i < STORE_FILES; i++) {
		struct csv_out *csv = &store->csv[i];
		int error;

		if (!store->tables.file[i])
			continue;
		store->given_up[i] = store->given_up[i] || room < store->reserve_bytes[i];
		error = sync ? csv_out_sync(csv) : csv_out_flush(csv);
		if (error == 0 && store->given_up[i])
			error = -ENOSPC;
		first = first ? first : error;
	}
	return first;
}

/* Keeps the first error and its text. */
static int first_of(int first, int error, struct problem *problem,
	const struct problem *own)
{
	if (first == 0 && error < 0 && problem)
		*problem = *own;
	return first ? first : error;
}

static int close_files(struct store *store, struct problem *problem)
{
	int first = 0;

	for (int i = 0; i < STORE_FILES; i++) {
		struct problem own;
		int error;

		if (!store->tables.file[i])
			continue;
		csv_out_sync(&store->csv[i]);
		error = csv_out_close(&store->csv[i], &own);
		first = first_of(first, error, problem, &own);
	}
	return first;
}

static int compress_raw(struct store *store, struct problem *problem)
{
	char path[PATH_MAX];
	int error;

	if (!store->tables.file[STORE_RAW])
		return 0;
	error = folder_join(path, sizeof path, store->path,
		store->tables.file[STORE_RAW]->file);
	if (error == 0)
		error = gzip_file(path);
	return error < 0 ? problem_errno(problem, path, "compress", error) : 0;
}

/*
 * Each step is tried whatever became of the one before; the first error counts.
 * session.json says that all is closed, so it comes last.
 */
static int finish_files(struct store *store, const json_t *session,
	struct problem *problem)
{
	struct problem own;
	int error = close_files(store, &own);
	int first = first_of(0, error, problem, &own);

	error = compress_raw(store, &own);
	first = first_of(first, error, problem, &own);
	error = store_put_package(
		store->path, store->name, store->program, &store->tables);
	if (error < 0)
		problem_errno(&own, store->path, "write", error);
	first = first_of(first, error, problem, &own);
	error = session ? store_json(store, "session.json", session, &own) : 0;
	return first_of(first, error, problem, &own);
}

int store_close(struct store *store, const json_t *session, struct problem *problem)
{
	int error;

	if (!store->open)
		return 0;
	if (!store->explicit_folder && !store->kept) {
		discard(store);
		return 0;
	}
	error = finish_files(store, session, problem);
	if (store->explicit_folder && error == 0) {
		error = store_place_finish(store, problem);
		store->kept = error == 0;
	}
	if (store->explicit_folder && error < 0)
		discard(store);
	store->open = false;
	return error;
}

void store_abort(struct store *store)
{
	if (store->open)
		discard(store);
}
