/* What sessions there are: read back from the folders that the store wrote. */
#ifndef STRETCH_LINUX_SESSION_LIST_H
#define STRETCH_LINUX_SESSION_LIST_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"
#include "store.h"

#define SESSION_WORD_MAX 40

struct session_entry {
	char wearer[SESSION_WORD_MAX];
	uint32_t number;
	char name[STORE_NAME_MAX]; /* of the folder, and its parts: */
	char date[11]; /* "undated", or from session.json when it was dated later */
	char exercise[SESSION_WORD_MAX], side[SESSION_WORD_MAX];
	/* from session.json, "" when it does not say */
	char status[SESSION_WORD_MAX], mode[SESSION_WORD_MAX];
	char clock_source[SESSION_WORD_MAX];
	/* from holds.csv; holds is -1 when it cannot be read */
	int32_t holds, done;
	double stretch_s; /* sum of hold_s */
	char path[PATH_MAX];
	struct problem problem; /* first thing wrong with it, "" when all is well */
};

/*
 * Reads all sessions of a wearer (NULL: of all), sorted by wearer and number, into
 * an array that the caller frees. A session with unreadable files is in the list,
 * with its problem. Returns 0; -ENODATA when there is no such wearer; -EINVAL for a
 * label that cannot be; another -errno when the folders cannot be read.
 */
int session_list_read(const char *state_dir, const char *wearer,
	struct session_entry **list, size_t *count, struct problem *problem);

/* The same without opening a file: only what the folders' names say; holds is -1. */
int session_list_names(const char *state_dir, const char *wearer,
	struct session_entry **list, size_t *count, struct problem *problem);

#endif
