/*
 * A row of a column table as one line of JSON, without the heap: what the control
 * socket streams. Keys are the column names of the files; a cell that is empty there
 * is null here, flags are one text with blanks between, as in the file.
 */
#ifndef STRETCH_LINUX_ROW_JSON_H
#define STRETCH_LINUX_ROW_JSON_H

#include "stretch/column.h"

struct row_part {
	const struct column_table *table;
	const void *row;
};

/*
 * {"class":"CLASS","column":value,...} and a newline into text (size bytes, NUL
 * added). The parts' columns follow one another. Returns the length, or 0 when it
 * does not fit.
 */
size_t row_json(char *text, size_t size, const char *class, const struct row_part *parts,
	size_t count);

#endif
