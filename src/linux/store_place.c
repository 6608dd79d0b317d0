/*
 * Where a session's folder goes: its number, its name, and how it gets there.
 *
 * The number is one more than the counter file and than every folder there, so it
 * rises whatever the clock does and even when the counter was lost.
 */
#include "store_parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"
#include "folder.h"
#include "number.h"
#include "stretch/setting.h"

#define NUMBER_LIMIT 999999999

/* Letters, digits, "_", "." and "-", not beginning with a point. */
static bool is_word(const char *text)
{
	if (!text || text[0] == '\0' || text[0] == '.')
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_.-", *c))
			return false;
	return true;
}

int store_sessions_path(char *path, size_t size, const char *state_dir,
	const char *wearer)
{
	int length;

	if (!wearer || setting_label_wrong(wearer))
		return -EINVAL;
	length = snprintf(path, size, "%s/%s/%s", state_dir, wearer, STORE_SESSIONS);
	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

static int take_number(void *context, const char *name)
{
	int64_t *highest = context;
	char digits[16];
	size_t length = strspn(name, "0123456789");
	int64_t number;

	if (length < 6 || length >= sizeof digits || name[length] != '-')
		return 0;
	memcpy(digits, name, length);
	digits[length] = '\0';
	if (number_parse_int(digits, 0, NUMBER_LIMIT, &number) == 0 && number > *highest)
		*highest = number;
	return 0;
}

/* The counter file's number; 0 when it is missing, empty or zero bytes. */
static int64_t read_counter(const char *path)
{
	char text[32];
	int64_t number = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	if (fgets(text, sizeof text, file)) {
		text[strcspn(text, "\r\n")] = '\0';
		if (number_parse_int(text, 0, NUMBER_LIMIT, &number) < 0)
			number = 0;
	}
	fclose(file);
	return number;
}

static int next_number(struct store *store, const char *sessions, uint32_t above)
{
	char counter[PATH_MAX];
	int64_t highest = above, counted;
	int error =
		folder_join(counter, sizeof counter, store->wearer_dir, STORE_COUNTER);

	if (error == 0)
		error = folder_each(sessions, take_number, &highest);
	if (error < 0)
		return error;
	counted = read_counter(counter);
	store->number = (uint32_t)((counted > highest ? counted : highest) + 1);
	return 0;
}

static int name_pending(struct store *store, const char *sessions)
{
	char pending[STORE_NAME_MAX + sizeof STORE_PENDING];
	int error;

	snprintf(pending, sizeof pending, STORE_PENDING "%s", store->name);
	error = folder_join(store->path, sizeof store->path, sessions, pending);
	if (error == 0)
		error = folder_join(store->target, sizeof store->target, sessions,
			store->name);
	return error;
}

static int bad_name(struct problem *problem, const char *name)
{
	problem_set(problem,
		"\"%s\" is no name for a session folder. Use letters, digits, \"_\", "
		"\".\" and \"-\".",
		name ? name : "");
	return -EINVAL;
}

static int choose_pending(struct store *store, const struct store_place *place,
	struct problem *problem)
{
	const char *const words[] = { place->date, place->exercise, place->side };
	char sessions[PATH_MAX];
	int length, error;

	error = store_sessions_path(sessions, sizeof sessions, place->state_dir,
		place->wearer);
	if (error == -EINVAL)
		return bad_name(problem, place->wearer);
	for (int i = 0; i < 3; i++)
		if (!is_word(words[i]))
			return bad_name(problem, words[i]);
	if (error == 0)
		error = folder_make(sessions);
	if (error < 0)
		return problem_errno(problem, sessions, "make", error);
	error = folder_join(store->wearer_dir, sizeof store->wearer_dir, place->state_dir,
		place->wearer);
	if (error == 0)
		error = next_number(store, sessions, place->above);
	if (error < 0)
		return problem_errno(problem, sessions, "read", error);
	length = snprintf(store->name, sizeof store->name, "%06u-%s-%s-%s", store->number,
		place->date, place->exercise, place->side);
	if (length < 0 || (size_t)length >= sizeof store->name)
		return problem_errno(problem, sessions, "name", -ENAMETOOLONG);
	error = name_pending(store, sessions);
	return error < 0 ? problem_errno(problem, sessions, "name", error) : 0;
}

int store_place_keep(struct store *store, struct problem *problem)
{
	char counter[PATH_MAX], text[16];
	int length = snprintf(text, sizeof text, "%u\n", store->number);
	int error;

	if (rename(store->path, store->target) < 0)
		return problem_errno(problem, store->target, "make", -errno);
	strcpy(store->path, store->target);
	error = atomic_file_sync_folder(store->target);
	if (error == 0)
		error = folder_join(
			counter, sizeof counter, store->wearer_dir, STORE_COUNTER);
	if (error == 0)
		error = atomic_file_write(counter, text, (size_t)length);
	return error < 0 ? problem_errno(problem, store->wearer_dir, "write", error) : 0;
}

/* Files that a folder of ours may hold. */
static int is_foreign(void *context, const char *name)
{
	static const char *const known[] = { "session.json", "inputs.json", "holds.csv",
		"samples.csv", "raw.csv", "raw.csv.gz", "datapackage.json" };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(name, known[i]) == 0)
			return 0;
	snprintf(context, NAME_MAX, "%s", name);
	return 1;
}

static bool written_by(const char *folder, const char *program)
{
	char path[PATH_MAX];
	json_t *package = NULL;
	const char *found = NULL;
	bool same;

	if (folder_join(path, sizeof path, folder, "datapackage.json") == 0)
		package = json_load_file(path, 0, NULL);
	if (package)
		found = json_string_value(json_object_get(package, "program"));
	same = found && strcmp(found, program) == 0;
	json_decref(package);
	return same;
}

static int count_one(void *context, const char *name)
{
	(void)context, (void)name;
	return 1;
}

/* May this folder be (re)placed? 0, or the reason why not. */
static int check_target(const struct store *store, bool force, struct problem *problem)
{
	char foreign[NAME_MAX + 1];
	struct stat info;
	int found;

	if (lstat(store->target, &info) < 0)
		return errno == ENOENT ? 0
			: problem_errno(problem, store->target, "look at", -errno);
	if (!S_ISDIR(info.st_mode)) {
		problem_set(problem, "%s: is no folder. Name a new one.", store->target);
		return -EINVAL;
	}
	found = folder_each(store->target, count_one, NULL);
	if (found <= 0)
		return found == 0 ? 0
			: problem_errno(problem, store->target, "read", found);
	if (!written_by(store->target, store->program)) {
		problem_set(
			problem, "%s: is not empty. Name a new folder.", store->target);
		return -EINVAL;
	}
	if (folder_each(store->target, is_foreign, foreign) != 0) {
		problem_set(problem,
			"%s: holds %s, which %s did not write. Name a new folder.",
			store->target, foreign, store->program);
		return -EINVAL;
	}
	if (!force) {
		problem_set(problem, "%s: is not empty. Replace what %s wrote there with "
			"--force, or name a new folder.", store->target, store->program);
		return -EINVAL;
	}
	return 0;
}

static int choose_explicit(struct store *store, const struct store_place *place,
	struct problem *problem)
{
	size_t length = strlen(place->folder);
	const char *last;
	int error;

	while (length > 1 && place->folder[length - 1] == '/')
		length--;
	if (length == 0 || length >= sizeof store->target) {
		problem_set(problem, "%s: not a folder's name. Name a new folder.",
			place->folder);
		return -EINVAL;
	}
	memcpy(store->target, place->folder, length);
	store->target[length] = '\0';
	last = strrchr(store->target, '/');
	snprintf(store->name, sizeof store->name, "%.*s", STORE_NAME_MAX - 1,
		last ? last + 1 : store->target);
	error = check_target(store, place->force, problem);
	if (error < 0)
		return error;
	if (snprintf(store->path, sizeof store->path, "%s.partial-%ld", store->target,
			(long)getpid()) >= (int)sizeof store->path)
		return problem_errno(problem, store->target, "make", -ENAMETOOLONG);
	return 0;
}

int store_place_finish(struct store *store, struct problem *problem)
{
	char old[PATH_MAX];
	bool replaced = false;

	if (snprintf(old, sizeof old, "%s.old-%ld", store->target, (long)getpid()) >=
			(int)sizeof old)
		return problem_errno(problem, store->target, "replace", -ENAMETOOLONG);
	/* an empty folder is replaced by the rename itself */
	if (rename(store->path, store->target) < 0) {
		if (errno != ENOTEMPTY && errno != EEXIST)
			return problem_errno(problem, store->target, "make", -errno);
		if (rename(store->target, old) < 0)
			return problem_errno(problem, store->target, "replace", -errno);
		replaced = true;
		if (rename(store->path, store->target) < 0) {
			int error = -errno;

			if (rename(old, store->target) < 0)
				return problem_errno(problem, old, "move back", -errno);
			return problem_errno(problem, store->target, "replace", error);
		}
	}
	strcpy(store->path, store->target);
	if (replaced)
		folder_remove(old);
	atomic_file_sync_folder(store->target); /* the files themselves are synced */
	return 0;
}

int store_place_choose(struct store *store, const struct store_place *place,
	struct problem *problem)
{
	store->explicit_folder = place->folder != NULL;
	return store->explicit_folder ? choose_explicit(store, place, problem)
		: choose_pending(store, place, problem);
}

int store_place_make(const struct store *store, struct problem *problem)
{
	if (!store->explicit_folder)
		folder_remove(store->path);
	if (mkdir(store->path, FOLDER_MODE) < 0)
		return problem_errno(problem, store->path, "make", -errno);
	return 0;
}
