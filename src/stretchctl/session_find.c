/* Which session is meant; see session_find.h. */
#include "stretchctl/session_find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/folder.h"
#include "linux/number.h"
#include "linux/session_list.h"

static bool is_session(const char *path)
{
	char file[PATH_MAX];

	return folder_join(file, sizeof file, path, "session.json") == 0 &&
		access(file, F_OK) == 0;
}

/* A path as it stands: only when it is a folder. */
static int take_path(const char *text, char path[PATH_MAX], struct problem *problem)
{
	if (is_session(text) && strlen(text) < PATH_MAX) {
		strcpy(path, text);
		return 0;
	}
	problem_set(problem, "%s: not a session folder: it has no session.json", text);
	return -EBADMSG;
}

static bool is_meant(const struct session_entry *entry, const char *text)
{
	int64_t number;

	return strcmp(entry->name, text) == 0 ||
		(number_parse_int(text, 1, UINT32_MAX, &number) == 0 &&
			entry->number == (uint32_t)number);
}

/* Index of the one that is meant; -1: none, -2: several. */
static int pick(const struct session_entry *list, size_t count, const char *text)
{
	int found = -1;

	for (size_t i = 0; i < count; i++) {
		if (text && !is_meant(&list[i], text))
			continue;
		/* without a text the newest of one wearer */
		if (found >= 0 && (text || strcmp(list[i].wearer,
				list[found].wearer) != 0))
			return -2;
		found = (int)i;
	}
	return found;
}

int session_find(const char *state_dir, const char *wearer, const char *text,
	char path[PATH_MAX], struct problem *problem)
{
	struct stat info;
	struct session_entry *list;
	size_t count;
	int at, error;

	if (text && stat(text, &info) == 0 && S_ISDIR(info.st_mode))
		return take_path(text, path, problem);
	error = session_list_names(state_dir, wearer, &list, &count, problem);
	if (error < 0)
		return error;
	at = pick(list, count, text);
	if (at >= 0)
		snprintf(path, PATH_MAX, "%s", list[at].path);
	free(list);
	if (at >= 0)
		return 0;
	if (at == -2)
		problem_set(problem, "%s: sessions of several wearers. Name one with "
			"--wearer", state_dir);
	else
		problem_set(problem, "%s: no session %s", state_dir, text ? text : "yet");
	return -ENODATA;
}
