/*
 * One table for every CSV column: header, cell, schema and manual come from it.
 *
 * A column names a member of a row struct by offset; row_format writes a row as
 * RFC 4180 text. Missing numbers (NAN) and empty strings print as nothing.
 */
#ifndef STRETCH_COLUMN_H
#define STRETCH_COLUMN_H

#include <stddef.h>
#include <stdint.h>

enum column_type {
	COLUMN_TIME_US, /* int64_t microseconds, printed as seconds */
	COLUMN_NUMBER,  /* double */
	COLUMN_INT,     /* int32_t; INT32_MIN is missing */
	COLUMN_BOOL,    /* int32_t 0 or 1 */
	COLUMN_NAME,    /* int32_t index into names; negative is missing */
	COLUMN_FLAGS,   /* uint32_t bits, printed as names joined by a space */
	COLUMN_TEXT,    /* char[], already limited to safe characters */
	COLUMN_DATE,    /* char[], "2025-11-30" or "" */
	COLUMN_CLOCK    /* char[], time of day "07:02:11" or "" */
};

struct column {
	const char *name;
	enum column_type type;
	int decimals; /* COLUMN_NUMBER */
	size_t offset;
	const char *const *names; /* COLUMN_NAME, COLUMN_FLAGS */
	size_t name_count; /* of text: bytes of the member, 0: it is never read back */
	const char *unit; /* UCUM, "" when none */
	const char *help; /* one sentence: meaning, and when it is empty */
};

struct column_table {
	const char *file; /* "samples.csv" */
	const char *help;
	const struct column *columns;
	size_t count;
};

#define ROW_TEXT_MAX 4096

/*
 * Write the header, or one row, ending in CRLF and NUL, into text of size bytes.
 * Return the length, or 0 when it does not fit (a bug: ROW_TEXT_MAX fits all).
 */
size_t column_header(const struct column_table *table, char *text, size_t size);
size_t column_row(const struct column_table *table, const void *row, char *text, size_t size);

/*
 * One cell as it stands in the file, without quotes, into text (size bytes, NUL
 * added). Text keeps every character. Returns the length, or -1 when it is cut.
 */
int column_cell(const struct column *column, const void *row, char *text, size_t size);

#endif
