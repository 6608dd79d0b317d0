/*
 * Reads a CSV file row by row: text or gzip, from a file or standard input.
 *
 * RFC 4180 through libcsv, fed line by line, so that each row knows its line.
 * The first row is the header. A last row without a newline is torn (power was
 * cut while it was written): dropped and counted, never handed out. Refused with
 * one line that names file and line: an empty or binary file, a row over 64 KiB,
 * an open quote, a duplicate column, a row with another number of cells, a
 * compressed file that is cut or damaged.
 */
#ifndef STRETCH_LINUX_CSV_IN_H
#define STRETCH_LINUX_CSV_IN_H

#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define CSV_IN_ROW_MAX 65536
#define CSV_IN_COLUMNS_MAX 256

struct csv_in;

/*
 * Opens path ("-": standard input) and reads the header. Returns 0; -EBADMSG for
 * bad content; another -errno when it cannot be opened or read.
 */
int csv_in_open(struct csv_in **in, const char *path, struct problem *problem);

/* Next row: 1, 0 at the end, negative error as above (it stays: the same again). */
int csv_in_next(struct csv_in *in, struct problem *problem);

void csv_in_close(struct csv_in *in);

size_t csv_in_columns(const struct csv_in *in);
const char *csv_in_name(const struct csv_in *in, size_t column);

/* Index of the column of that name, or -1. */
int csv_in_find(const struct csv_in *in, const char *name);

/* Cell of the present row, "" when empty; valid until the next row is read. */
const char *csv_in_cell(const struct csv_in *in, size_t column);

const char *csv_in_path(const struct csv_in *in); /* "stdin" for "-" */
uint64_t csv_in_line(const struct csv_in *in);    /* where the present row begins */
uint64_t csv_in_torn(const struct csv_in *in);    /* 0 or 1 */

/* "PATH:LINE: column NAME: <text>" of the present row; returns -EBADMSG. */
int csv_in_bad(const struct csv_in *in, struct problem *problem, size_t column,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * The cell as a number. Returns 1; 0 for an empty cell or "nan" (*value is then
 * NAN); -EBADMSG for anything else, out of low..high included.
 */
int csv_in_number(const struct csv_in *in, size_t column, double low, double high,
	double *value, struct problem *problem);

#endif
