/* Rows read back; see row_in.h. */
#include "row_in.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "number.h"

#define NUMBER_LIMIT 1e15 /* what the formatter prints at most */
#define TIME_LIMIT_S 1e9 /* up to here microseconds survive a double */

void row_in_init(struct row_in *map, const struct column_table *table,
	const struct csv_in *in)
{
	map->table = table;
	for (size_t i = 0; i < table->count && i < ROW_IN_COLUMNS_MAX; i++)
		map->at[i] = csv_in_find(in, table->columns[i].name);
}

/* Index of a word among the names, -1 when it is none. */
static int32_t name_index(const struct column *column, const char *word, size_t length)
{
	for (size_t i = 0; i < column->name_count; i++) {
		const char *name = column->names[i];

		if (name && strlen(name) == length && memcmp(name, word, length) == 0)
			return (int32_t)i;
	}
	return -1;
}

/* Words with a blank between them; false when one is unknown. */
static bool take_flags(const struct column *column, const char *text, uint32_t *flags)
{
	*flags = 0;
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		int32_t bit = name_index(column, text, length);

		if (bit < 0 || bit > 31)
			return false;
		*flags |= UINT32_C(1) << bit;
		text += length;
		text += *text == ' ';
	}
	return true;
}

static bool take_whole(const struct column *column, const char *text, int32_t *value)
{
	bool empty = text[0] == '\0';
	int64_t whole;

	if (column->type == COLUMN_NAME) {
		*value = empty ? -1 : name_index(column, text, strlen(text));
		return empty || *value >= 0;
	}
	*value = column->type == COLUMN_BOOL ? -1 : INT32_MIN;
	if (empty)
		return true;
	if (number_parse_int(text, INT32_MIN + 1, INT32_MAX, &whole) < 0 ||
		(column->type == COLUMN_BOOL && whole != 0 && whole != 1))
		return false;
	*value = (int32_t)whole;
	return true;
}

static bool take_number(const struct column *column, const char *text, void *member)
{
	bool time = column->type == COLUMN_TIME_US;
	double limit = time ? TIME_LIMIT_S : NUMBER_LIMIT;
	double value = (double)NAN;
	int64_t t_us = INT64_MIN;

	if (text[0] != '\0' && number_parse(text, -limit, limit, &value) < 0)
		return false;
	if (!time) {
		memcpy(member, &value, sizeof value);
		return true;
	}
	if (isfinite(value))
		t_us = (int64_t)llround(value * 1e6);
	memcpy(member, &t_us, sizeof t_us);
	return true;
}

static bool take_text(const struct column *column, const char *text, char *member)
{
	size_t length = strlen(text);

	if (column->name_count == 0)
		return true;
	if (length >= column->name_count)
		return false;
	memcpy(member, text, length + 1);
	return true;
}

static bool take_cell(const struct column *column, const char *text, char *member)
{
	int32_t value;
	uint32_t flags;
	bool good = false;

	switch (column->type) {
	case COLUMN_TIME_US:
	case COLUMN_NUMBER:
		return take_number(column, text, member);
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_NAME:
		good = take_whole(column, text, &value);
		memcpy(member, &value, sizeof value);
		break;
	case COLUMN_FLAGS:
		good = take_flags(column, text, &flags);
		memcpy(member, &flags, sizeof flags);
		break;
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_CLOCK:
		return take_text(column, text, member);
	}
	return good;
}

int row_in_take(const struct row_in *map, const struct csv_in *in, void *row,
	struct problem *problem)
{
	const struct column_table *table = map->table;

	for (size_t i = 0; i < table->count && i < ROW_IN_COLUMNS_MAX; i++) {
		const struct column *column = &table->columns[i];
		const char *text = map->at[i] < 0 ? "" : csv_in_cell(in,
			(size_t)map->at[i]);

		if (!take_cell(column, text, (char *)row + column->offset))
			return csv_in_bad(in, problem, (size_t)map->at[i],
				"\"%.60s\" is not what this column holds", text);
	}
	return 0;
}
