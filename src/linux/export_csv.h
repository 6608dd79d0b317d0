/*
 * Rows of a column table for somebody else's program: RFC 4180, or what a
 * spreadsheet of one country takes without being asked.
 *
 * Numbers are never quoted and text only where it must be. Text that a spreadsheet
 * would run as a formula gets a ' before it; for a spreadsheet so does text that it would
 * take for a number, a date or a truth (a wearer named 007).
 */
#ifndef STRETCH_LINUX_EXPORT_CSV_H
#define STRETCH_LINUX_EXPORT_CSV_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "stretch/column.h"

struct export_dialect {
	const char *name;  /* as --excel calls it, "" for the plain one */
	char delimiter, decimal;
	bool mark;         /* begins with U+FEFF, which spreadsheets take for UTF-8 */
};

extern const struct export_dialect export_plain;

/* "de", "us"; NULL when there is no such dialect. */
const struct export_dialect *export_dialect_find(const char *name);

void export_csv_header(FILE *out, const struct export_dialect *dialect,
	const struct column_table *table);
void export_csv_row(FILE *out, const struct export_dialect *dialect,
	const struct column_table *table, const void *row);

/* Says in a resource of datapackage.json how its file is written. */
void export_csv_describe(json_t *resource, const struct export_dialect *dialect);

#endif
