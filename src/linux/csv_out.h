/*
 * A CSV file of one column table, buffered, whole rows per write(2).
 *
 * A kill or a power cut leaves at most one torn row at the end. The first error
 * is kept and given back by every later call: nothing after it is written.
 * No heap: the struct holds the buffer.
 */
#ifndef STRETCH_LINUX_CSV_OUT_H
#define STRETCH_LINUX_CSV_OUT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"
#include "stretch/column.h"

#define CSV_OUT_BUFFER 32768

struct csv_out {
	const struct column_table *table;
	int fd;            /* -1: closed */
	int error;         /* 0 or the first negative errno */
	bool is_stdout;    /* not ours to close */
	bool atomic;       /* temporary until closed */
	uint64_t rows;     /* accepted, header not counted */
	uint64_t bytes;    /* written to the file */
	uint64_t lost;     /* rows refused, or in a buffer that could not be written */
	uint32_t waiting;  /* rows in the buffer */
	size_t used;
	char path[PATH_MAX];
	char temp[PATH_MAX];
	char buffer[CSV_OUT_BUFFER];
};

/*
 * Creates path ("-": standard output), mode 0640, and buffers the header. With
 * atomic the rows go to a temporary file beside it, which csv_out_close renames.
 * Without, an existing file is replaced from its start. Returns 0 or -errno.
 */
int csv_out_open(struct csv_out *out, const char *path,
	const struct column_table *table, bool atomic, struct problem *problem);

/* Appends one row to the buffer, writing out first when it is full. */
int csv_out_row(struct csv_out *out, const void *row);

/* Hands the buffered rows to the kernel. */
int csv_out_flush(struct csv_out *out);

/* Flushes and puts the rows on the disk (fdatasync); -ENOENT when somebody removed the
 * file. */
int csv_out_sync(struct csv_out *out);

/* Flushes and closes; the first error, with its text in problem (may be NULL). */
int csv_out_close(struct csv_out *out, struct problem *problem);

/* Closes without keeping: an atomic file is removed. Safe after close. */
void csv_out_abort(struct csv_out *out);

#endif
