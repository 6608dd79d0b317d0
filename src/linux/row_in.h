/*
 * Rows of a column table read back from a CSV file: the way back of column_row().
 *
 * Columns are found by name; one that the file lacks (an older program wrote it)
 * is missing in every row, one that the table lacks is ignored.
 */
#ifndef STRETCH_LINUX_ROW_IN_H
#define STRETCH_LINUX_ROW_IN_H

#include "csv_in.h"
#include "stretch/column.h"

#define ROW_IN_COLUMNS_MAX 64

struct row_in {
	const struct column_table *table;
	int at[ROW_IN_COLUMNS_MAX]; /* column of the file, -1: it has none */
};

void row_in_init(struct row_in *map, const struct column_table *table,
	const struct csv_in *in);

/*
 * Fills the members that the table describes from the present row; others are left
 * as they are. 0, or -EBADMSG with the cell that does not fit its column.
 */
int row_in_take(const struct row_in *map, const struct csv_in *in, void *row,
	struct problem *problem);

#endif
