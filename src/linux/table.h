/*
 * Rows of text as an aligned table for people.
 *
 * A column of numbers stands to the right, any other to the left. What is wider
 * than the page loses first its empty columns, then the ends of long words
 * (".."), then columns from the right, which are named below the table.
 */
#ifndef STRETCH_LINUX_TABLE_H
#define STRETCH_LINUX_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "problem.h"

#define TABLE_COLUMNS_MAX 64

struct table;

/* A table of count (1..TABLE_COLUMNS_MAX) columns; NULL: no memory. */
struct table *table_open(const char *const *titles, size_t count);

/* Adds one row; cells are copied, NULL is empty. 0 or -ENOMEM. */
int table_add(struct table *table, const char *const *cells);

/* Prints it in at most width columns. 0 or -errno of the write. */
int table_print(const struct table *table, FILE *out, int width);

void table_close(struct table *table);

/* A column of a CSV file and what to call it here. */
struct table_pick {
	const char *column, *title;
};

/*
 * Prints a CSV file. picks: which columns, in order (one that the file lacks is
 * left out); NULL: all as they come. Returns 0 or a negative error as
 * csv_in_open() does, with problem.
 */
int table_print_csv(const char *path, const struct table_pick *picks, size_t count,
	FILE *out, int width, struct problem *problem);

/* Columns of the terminal out, 80 when it is none. */
int table_width(FILE *out);

#endif
