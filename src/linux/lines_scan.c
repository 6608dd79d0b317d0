/*
 * The device nodes of GPIO chips, the same for both library versions.
 *
 * Only real nodes count: some systems keep a link under an old chip's number, and
 * the line would seem to be on two chips.
 */
#include "lines_backend.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int is_chip(const struct dirent *entry)
{
	return strncmp(entry->d_name, "gpiochip", 8) == 0 && entry->d_type != DT_LNK;
}

size_t backend_chip_paths(char paths[BACKEND_CHIPS_MAX][BACKEND_PATH_MAX])
{
	struct dirent **entries = NULL;
	int found = scandir("/dev", &entries, is_chip, versionsort);
	size_t count = 0;

	for (int i = 0; i < found; i++) {
		int length = -1;

		if (count < BACKEND_CHIPS_MAX)
			length = snprintf(paths[count], BACKEND_PATH_MAX, "/dev/%s",
				entries[i]->d_name);
		if (length > 0 && length < BACKEND_PATH_MAX)
			count++;
		free(entries[i]);
	}
	free(entries);
	return count;
}

/* devtmpfs counts its inodes on and never gives one out again. */
uint64_t backend_chip_node(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 ? (uint64_t)about.st_ino : 0;
}
