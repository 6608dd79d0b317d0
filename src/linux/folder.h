/* Folders of a session: make, look into, sync, remove. */
#ifndef STRETCH_LINUX_FOLDER_H
#define STRETCH_LINUX_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define FOLDER_MODE 0750 /* health data: owner and group only */

/* Makes path and what is missing above it. 0 (already there too) or -errno. */
int folder_make(const char *path);

/* Joins folder and name into path (size bytes); 0 or -ENAMETOOLONG. */
int folder_join(char *path, size_t size, const char *folder, const char *name);

/*
 * Calls each for every entry but "." and "..", in no order, until it returns
 * something else than 0. Returns that, 0, or -errno when it cannot be read.
 */
int folder_each(const char *path, int (*each)(void *context, const char *name),
	void *context);

/* Removes the files in it and the folder; folders inside are left: -ENOTEMPTY. */
int folder_remove(const char *path);

#endif
