/* A temporary folder for a test, and files in and out of it. */
#ifndef STRETCH_TESTS_TEMP_FILES_H
#define STRETCH_TESTS_TEMP_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Makes the folder (in TMPDIR or the system's place), asserts on trouble. */
void temp_make(void);
/* Removes it with everything in it. */
void temp_remove(void);
/* Removes one name in it, with everything below. */
void temp_remove_below(const char *name);

/* Both as a test's or a group's set-up and tear-down. */
int temp_set_up(void **state);
int temp_tear_down(void **state);

/* Path of a name in the folder; one of eight rotating buffers. */
const char *temp_path(const char *name);

/* Writes a file, gives its path. */
const char *temp_write(const char *name, const void *data, size_t size);
const char *temp_write_text(const char *name, const char *text);

/* Reads a whole file (caller frees, NUL behind the end); NULL when not there. */
char *temp_read(const char *path, size_t *size);

/* Compresses a file to another one with zlib. */
void temp_compress(const char *from, const char *to);

bool temp_exists(const char *path);

#endif
