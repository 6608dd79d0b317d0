/*
 * For tests from outside: runs the built programs as a person would, and reads the
 * CSV files they leave, with a reader of its own.
 */
#ifndef STRETCH_TESTS_PROGRAMS_H
#define STRETCH_TESTS_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PROGRAM_WORDS_MAX 32
#define PROGRAM_TEXT_MAX 8192

/* What a program said and how it ended. */
struct program_end {
	int status; /* exit status; 128 + signal */
	char out[PROGRAM_TEXT_MAX], err[PROGRAM_TEXT_MAX]; /* the beginnings */
};

/*
 * Runs STRETCH_BUILD/words[0] with the other words, NULL ends the list. The temporary
 * folder of temp_files.h must be there. A program that cannot be run ends the test.
 */
struct program_end program_run(const char *const words[]);

/* A CSV file in memory: no quotes, no commas within cells, CRLF. */
struct csv_table {
	char *text;
	char **cells; /* rows * columns, the header is row 0 */
	size_t rows, columns; /* rows without the header */
};

/* False (and nothing to free) when path cannot be read or is not rectangular. */
bool csv_table_load(struct csv_table *table, const char *path);
void csv_table_free(struct csv_table *table);

/* Cell of a row (from 0); NULL when there is no such column. */
const char *csv_table_text(const struct csv_table *table, size_t row, const char *name);

/* A whole column as numbers, NAN where empty; NULL without it. Caller frees. */
double *csv_table_column(const struct csv_table *table, const char *name);

#endif
