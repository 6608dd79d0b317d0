/* The clinician's folder; see export.h. */
#include "export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomic_file.h"
#include "export_fhir.h"
#include "folder.h"
#include "package.h"
#include "store_parts.h"

static int count_entry(void *context, const char *name)
{
	size_t *count = context;

	(void)name;
	++*count;
	return 0;
}

/* One that was written before: its description says so, or it holds Observations only. */
static bool is_export(const char *folder, size_t count)
{
	char path[PATH_MAX];
	json_t *package;
	const char *program;
	bool ours;

	if (folder_join(path, sizeof path, folder, "datapackage.json") < 0)
		return false;
	package = json_load_file(path, 0, NULL);
	program = json_string_value(json_object_get(package, "program"));
	ours = program && strcmp(program, EXPORT_PROGRAM) == 0;
	json_decref(package);
	if (!ours && count == 1 &&
		folder_join(path, sizeof path, folder, EXPORT_FHIR_FILE) == 0)
		ours = access(path, F_OK) == 0;
	return ours;
}

int export_folder(const char *folder, struct problem *problem)
{
	size_t count = 0;
	int error = folder_make(folder);

	if (error == 0)
		error = folder_each(folder, count_entry, &count);
	if (error < 0)
		return problem_errno(problem, folder, "make", error);
	if (count == 0 || is_export(folder, count))
		return 0;
	problem_set(problem,
		"%s: holds something else than an export. Name a new folder.",
		folder);
	return -EINVAL;
}

typedef void (*rows_fn)(FILE *out, const struct history *history,
	const struct export_dialect *dialect);

static void put_sessions(FILE *out, const struct history *history,
	const struct export_dialect *dialect)
{
	for (size_t i = 0; i < history->count; i++)
		export_csv_row(out, dialect, &session_table,
			&history->sessions[i].facts.row);
}

static void put_holds(FILE *out, const struct history *history,
	const struct export_dialect *dialect)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct history_session *session = &history->sessions[i];

		for (size_t h = 0; h < session->holds; h++)
			export_csv_row(out, dialect, &hold_table,
				&history->holds[session->first + h]);
	}
}

static int write_table(const struct history *history, const char *folder,
	const struct export_dialect *dialect, const struct column_table *table,
	rows_fn put_rows)
{
	char path[PATH_MAX];
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int error = folder_join(path, sizeof path, folder, table->file);

	if (!out)
		return -ENOMEM;
	export_csv_header(out, dialect, table);
	put_rows(out, history, dialect);
	if ((ferror(out) | fclose(out)) != 0)
		error = -ENOMEM;
	if (error == 0)
		error = atomic_file_write(path, text, length);
	free(text);
	return error;
}

/* holds.csv belongs to sessions.csv by the session's name. */
static void add_keys(json_t *package)
{
	json_t *resources = json_object_get(package, "resources");
	json_t *sessions = json_object_get(json_array_get(resources, 0), "schema");
	json_t *holds = json_object_get(json_array_get(resources, 1), "schema");

	json_object_set_new(sessions, "primaryKey", json_string("session"));
	json_object_set_new(holds, "foreignKeys", json_pack("[{s:s, s:{s:s, s:s}}]",
		"fields", "session", "reference", "resource", "sessions", "fields",
		"session"));
}

static int write_package(const struct history *history, const char *folder,
	const struct export_dialect *dialect)
{
	char path[PATH_MAX];
	json_t *package = package_new("stretchd-export", EXPORT_PROGRAM);
	json_t *resources;
	int error = package ? package_add(package, &session_table, false) : -ENOMEM;

	if (error == 0)
		error = package_add(package, &hold_table, false);
	if (error == 0)
		error = folder_join(path, sizeof path, folder, "datapackage.json");
	if (error == 0) {
		json_object_set_new(package, "title",
			json_sprintf("Stretching sessions of %s", history->wearer));
		resources = json_object_get(package, "resources");
		for (size_t i = 0; i < json_array_size(resources); i++)
			export_csv_describe(json_array_get(resources, i), dialect);
		add_keys(package);
		error = store_put_json(path, package);
	}
	json_decref(package);
	return error;
}

int export_write(const struct history *history, const char *folder,
	const struct export_dialect *dialect, struct problem *problem)
{
	/* the description first: it marks the folder as ours */
	int error = write_package(history, folder, dialect);

	if (error == 0)
		error = write_table(history, folder, dialect, &session_table,
			put_sessions);
	if (error == 0)
		error = write_table(history, folder, dialect, &hold_table, put_holds);
	return error < 0 ? problem_errno(problem, folder, "write to", error) : 0;
}
