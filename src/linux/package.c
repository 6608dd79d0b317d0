/* datapackage.json; see package.h. */
#include "package.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#define NAME_MAX_LENGTH 128

static const char *type_name(enum column_type type)
{
	switch (type) {
	case COLUMN_TIME_US:
	case COLUMN_NUMBER:
		return "number";
	case COLUMN_INT:
		return "integer";
	case COLUMN_BOOL:
		return "boolean";
	case COLUMN_DATE:
		return "date";
	case COLUMN_CLOCK:
		return "time";
	case COLUMN_NAME:
	case COLUMN_FLAGS:
	case COLUMN_TEXT:
		break;
	}
	return "string";
}

/* The words of a column as a JSON array, without those that are not set. */
static json_t *names_of(const struct column *column)
{
	json_t *names = json_array();

	for (size_t i = 0; i < column->name_count; i++)
		if (column->names[i] && column->names[i][0] != '\0')
			json_array_append_new(names, json_string(column->names[i]));
	return names;
}

static json_t *field_of(const struct column *column)
{
	json_t *field = json_pack("{s:s, s:s, s:s}", "name", column->name,
		"type", type_name(column->type), "description", column->help);

	if (!field)
		return NULL;
	if (column->unit && column->unit[0] != '\0')
		json_object_set_new(field, "unit", json_string(column->unit));
	if (column->type == COLUMN_BOOL) {
		json_object_set_new(field, "trueValues", json_pack("[s]", "1"));
		json_object_set_new(field, "falseValues", json_pack("[s]", "0"));
	}
	if (column->type == COLUMN_NAME)
		json_object_set_new(field, "constraints",
			json_pack("{s:o}", "enum", names_of(column)));
	if (column->type == COLUMN_FLAGS)
		json_object_set_new(field, "flags", names_of(column));
	return field;
}

json_t *package_new(const char *name, const char *program)
{
	char lower[NAME_MAX_LENGTH];
	size_t length = 0;

	for (; length < sizeof lower - 1 && name[length] != '\0'; length++) {
		char c = name[length];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", c))
			c = '-';
		lower[length] = c;
	}
	lower[length] = '\0';
	return json_pack("{s:s, s:s, s:s, s:[]}", "profile", "tabular-data-package",
		"name", lower, "program", program, "resources");
}

/* "holds.csv" gives the resource name "holds". */
static json_t *resource_name(const char *file)
{
	const char *dot = strchr(file, '.');

	return json_stringn(file, dot ? (size_t)(dot - file) : strlen(file));
}

int package_add(json_t *package, const struct column_table *table, bool compressed)
{
	json_t *fields = json_array();
	json_t *resource;

	for (size_t i = 0; i < table->count; i++)
		json_array_append_new(fields, field_of(&table->columns[i]));
	resource = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:b, s:b, s:s},"
		" s:{s:o, s:[s]}}",
		"name", resource_name(table->file),
		"path", json_sprintf("%s%s", table->file, compressed ? ".gz" : ""),
		"profile", "tabular-data-resource", "description", table->help,
		"format", "csv", "mediatype", "text/csv", "encoding", "utf-8",
		"dialect", "delimiter", ",", "doubleQuote", 1, "header", 1,
		"lineTerminator", "\r\n",
		"schema", "fields", fields, "missingValues", "");
	if (resource && compressed)
		json_object_set_new(resource, "compression", json_string("gz"));
	return json_array_append_new(json_object_get(package, "resources"), resource) < 0
		? -ENOMEM : 0;
}
