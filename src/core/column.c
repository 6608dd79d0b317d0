/*
 * Rows of a column table as RFC 4180 text.
 *
 * No cell ever needs quotes: numbers, names of our own tables, and text that was
 * limited where it came in. A text cell with a character that would need them is
 * a bug; such a character is printed as "?" so that the columns stay in place.
 */
#include "stretch/column.h"

#include <stdbool.h>
#include <string.h>

#include "stretch/fmt.h"

/* A text that grows to the right and remembers when it did not fit. */
struct line {
	char *text;
	size_t size, length;
	bool full;
	bool any; /* text as it is: whoever asked quotes it */
};

static void line_put(struct line *line, const char *text, size_t length)
{
	if (line->full || length >= line->size - line->length) {
		line->full = true;
		return;
	}
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

static void line_put_text(struct line *line, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		bool unsafe = !line->any &&
			((unsigned char)*c < 0x20 || *c == ',' || *c == '"');

		line_put(line, unsafe ? "?" : c, 1);
	}
}

/* A name of a table; one that is not set prints as nothing. */
static void line_put_name(struct line *line, const struct column *column, size_t index)
{
	if (index < column->name_count && column->names[index])
		line_put_text(line, column->names[index]);
}

static size_t line_end(struct line *line)
{
	line_put(line, "\r\n", 2);
	if (line->full)
		return 0;
	line->text[line->length] = '\0';
	return line->length;
}

size_t column_header(const struct column_table *table, char *text, size_t size)
{
	struct line line = { text, size, 0, size == 0, false };

	for (size_t i = 0; i < table->count; i++) {
		if (i > 0)
			line_put(&line, ",", 1);
		line_put_text(&line, table->columns[i].name);
	}
	return line_end(&line);
}

static void put_flags(struct line *line, const struct column *column, uint32_t flags)
{
	bool first = true;

	for (size_t i = 0; i < column->name_count && i < 32; i++) {
		if (!(flags >> i & 1))
			continue;
		if (!first)
			line_put(line, " ", 1);
		line_put_name(line, column, i);
		first = false;
	}
}

static void put_int(struct line *line, const struct column *column, int32_t value)
{
	char number[FMT_NUMBER_MAX];
	size_t length;

	if (column->type == COLUMN_NAME) {
		if (value >= 0)
			line_put_name(line, column, (size_t)value);
	} else if (column->type == COLUMN_BOOL) {
		if (value >= 0)
			line_put(line, value > 0 ? "1" : "0", 1);
	} else if (value != INT32_MIN) {
		length = fmt_int(number, value);
		line_put(line, number, length);
	}
}

/* Members are copied out: a row's address alone promises no alignment. */
static void put_cell(struct line *line, const struct column *column, const char *cell)
{
	char number[FMT_NUMBER_MAX];
	size_t length;
	int64_t t_us;
	int32_t value;
	uint32_t flags;
	double real;

	switch (column->type) {
	case COLUMN_TIME_US:
		memcpy(&t_us, cell, sizeof t_us);
		if (t_us == INT64_MIN)
			break;
		length = fmt_us_as_s(number, t_us);
		line_put(line, number, length);
		break;
	case COLUMN_NUMBER:
		memcpy(&real, cell, sizeof real);
		length = fmt_fixed(number, real, column->decimals);
		line_put(line, number, length);
		break;
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_NAME:
		memcpy(&value, cell, sizeof value);
		put_int(line, column, value);
		break;
	case COLUMN_FLAGS:
		memcpy(&flags, cell, sizeof flags);
		put_flags(line, column, flags);
		break;
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_CLOCK:
		line_put_text(line, cell);
		break;
	}
}

size_t column_row(
	const struct column_table *table, const void *row, char *text, size_t size)
{
	struct line line = { text, size, 0, size == 0, false };

	for (size_t i = 0; i < table->count; i++) {
		const struct column *column = &table->columns[i];

		if (i > 0)
			line_put(&line, ",", 1);
		put_cell(&line, column, (const char *)row + column->offset);
	}
	return line_end(&line);
}

int column_cell(const struct column *column, const void *row, char *text, size_t size)
{
	struct line line = { text, size, 0, size == 0, true };

	put_cell(&line, column, (const char *)row + column->offset);
	if (size > 0)
		text[line.length] = '\0';
	return line.full ? -1 : (int)line.length;
}
