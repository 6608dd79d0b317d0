/*
 * Files that are either the old one or the new one after a power cut.
 *
 * Written beside the target, synced, renamed over it, then the folder is synced.
 */
#ifndef STRETCH_LINUX_ATOMIC_FILE_H
#define STRETCH_LINUX_ATOMIC_FILE_H

#include <stddef.h>

#define ATOMIC_FILE_MODE 0640 /* health data: owner and group only */
#define ATOMIC_FILE_MODE_OPEN 0644

/* Replaces path by size bytes of data. Returns 0 or -errno; path is then as before. */
int atomic_file_write(const char *path, const void *data, size_t size);

/* The same for what is nobody's secret: all may read it, as far as the umask allows. */
int atomic_file_write_open(const char *path, const void *data, size_t size);

/* Name of the temporary file for path into temp (size bytes); 0 or -ENAMETOOLONG. */
int atomic_file_temp(const char *path, char *temp, size_t size);

/* Syncs the folder that holds path, so that a rename there lasts. 0 or -errno. */
int atomic_file_sync_folder(const char *path);

/* Writes all size bytes to fd, in as few write(2) as it takes. 0 or -errno. */
int atomic_file_put(int fd, const void *data, size_t size);

#endif
