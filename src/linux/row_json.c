/* Rows as lines of JSON; see row_json.h. */
#include "linux/row_json.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 512

/* A text that grows to the right and remembers when it did not fit. */
struct line {
	char *text;
	size_t size, length;
	bool full;
};

static void put(struct line *line, const char *text)
{
	size_t length = strlen(text);

	if (line->full || length >= line->size - line->length) {
		line->full = true;
		return;
	}
	memcpy(line->text + line->length, text, length + 1);
	line->length += length;
}

/* Our texts are ASCII; whatever is not is shown as "?", never passed on. */
static void put_quoted(struct line *line, const char *text)
{
	put(line, "\"");
	for (; *text != '\0'; text++) {
		char one[3] = { *text, '\0', '\0' };

		if (*text == '"' || *text == '\\') {
			one[0] = '\\';
			one[1] = *text;
		} else if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e) {
			one[0] = '?';
		}
		put(line, one);
	}
	put(line, "\"");
}

static void put_cell(struct line *line, const struct column *column, const void *row)
{
	char cell[CELL_MAX];

	if (column_cell(column, row, cell, sizeof cell) <= 0) {
		put(line, "null");
		return;
	}
	switch (column->type) {
	case COLUMN_TIME_US:
	case COLUMN_NUMBER:
	case COLUMN_INT:
		put(line, cell);
		break;
	case COLUMN_BOOL:
		put(line, cell[0] == '1' ? "true" : "false");
		break;
	case COLUMN_NAME:
	case COLUMN_FLAGS:
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_CLOCK:
		put_quoted(line, cell);
		break;
	}
}

size_t row_json(char *text, size_t size, const char *class, const struct row_part *parts,
	size_t count)
{
	struct line line = { text, size, 0, size == 0 };

	put(&line, "{\"class\":");
	put_quoted(&line, class);
	for (size_t p = 0; p < count; p++)
		for (size_t i = 0; i < parts[p].table->count; i++) {
			const struct column *column = &parts[p].table->columns[i];

			put(&line, ",");
			put_quoted(&line, column->name);
			put(&line, ":");
			put_cell(&line, column, parts[p].row);
		}
	put(&line, "}\n");
	return line.full ? 0 : line.length;
}
