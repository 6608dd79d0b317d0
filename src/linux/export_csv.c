/* CSV for other programs; see export_csv.h. */
#include "export_csv.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

const struct export_dialect export_plain = { "", ',', '.', false };

/* German spreadsheets want a decimal comma, and so another delimiter. */
static const struct export_dialect spreadsheets[] = {
	{ "de", ';', ',', true },
	{ "us", ',', '.', true },
};

const struct export_dialect *export_dialect_find(const char *name)
{
	for (size_t i = 0; i < sizeof spreadsheets / sizeof spreadsheets[0]; i++)
		if (strcmp(spreadsheets[i].name, name) == 0)
			return &spreadsheets[i];
	return NULL;
}

static bool needs_quotes(const struct export_dialect *dialect, const char *text,
	size_t length)
{
	if (length == 0)
		return false;
	return strchr(text, dialect->delimiter) || strpbrk(text, "\"\r\n") ||
		text[0] == ' ' || text[length - 1] == ' ';
}

static void put_text(FILE *out, const struct export_dialect *dialect, const char *text)
{
	char quoted[2 * ROW_TEXT_MAX + 2];
	size_t length = strlen(text);

	if (needs_quotes(dialect, text, length)) {
		length = csv_write2(quoted, sizeof quoted, text, length, '"');
		text = quoted;
	}
	fwrite(text, 1, length, out);
}

/* A spreadsheet runs a cell that begins so. */
static bool is_formula(const char *text)
{
	return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

/* A month as spreadsheets know it, in English or German: "1 Mar" is a date to them. */
static bool is_month(const char *word, size_t length)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "mai",
		"jun", "jul", "aug", "sep", "oct", "okt", "nov", "dec", "dez", "mrz" };

	for (size_t i = 0; length >= 3 && i < sizeof months / sizeof months[0]; i++)
		if (strncasecmp(word, months[i], 3) == 0)
			return true;
	return false;
}

/* A spreadsheet takes such a text for a number, a date or a truth: "007", "1-2", "3E5". */
static bool is_taken_for_value(const char *text)
{
	static const char *const truths[] = { "true", "false", "wahr", "falsch" };
	bool digits = false;

	for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++)
		if (strcasecmp(text, truths[i]) == 0)
			return true;
	for (const char *c = text; *c != '\0'; c++) {
		size_t letters = strspn(c, "abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (letters > 0) {
			if (!(letters == 1 && (*c == 'e' || *c == 'E')) &&
				!is_month(c, letters))
				return false;
			c += letters - 1;
			continue;
		}
		digits = digits || (*c >= '0' && *c <= '9');
		if (!strchr("0123456789 .,:/+-%$", *c))
			return false;
	}
	return digits;
}

static bool needs_mark(const struct export_dialect *dialect, const char *text)
{
	return is_formula(text) || (dialect->mark && is_taken_for_value(text));
}

static void put_cell(FILE *out, const struct export_dialect *dialect,
	const struct column *column, const void *row)
{
	char text[ROW_TEXT_MAX + 1];
	char *point;

	text[0] = '\'';
	if (column_cell(column, row, text + 1, sizeof text - 1) < 0)
		text[1] = '\0'; /* our bug, and never half a cell */
	if (column->type == COLUMN_TEXT) {
		put_text(out, dialect, needs_mark(dialect, text + 1) ? text : text + 1);
		return;
	}
	if (column->type == COLUMN_NUMBER || column->type == COLUMN_TIME_US) {
		point = strchr(text + 1, '.');
		if (point)
			*point = dialect->decimal;
	}
	put_text(out, dialect, text + 1);
}

void export_csv_header(FILE *out, const struct export_dialect *dialect,
	const struct column_table *table)
{
	if (dialect->mark)
		fputs("\xef\xbb\xbf", out);
	for (size_t i = 0; i < table->count; i++) {
		if (i > 0)
			putc(dialect->delimiter, out);
		fputs(table->columns[i].name, out);
	}
	fputs("\r\n", out);
}

void export_csv_row(FILE *out, const struct export_dialect *dialect,
	const struct column_table *table, const void *row)
{
	for (size_t i = 0; i < table->count; i++) {
		if (i > 0)
			putc(dialect->delimiter, out);
		put_cell(out, dialect, &table->columns[i], row);
	}
	fputs("\r\n", out);
}

void export_csv_describe(json_t *resource, const struct export_dialect *dialect)
{
	json_t *format = json_object_get(resource, "dialect");
	json_t *fields = json_object_get(json_object_get(resource, "schema"), "fields");
	const char delimiter[] = { dialect->delimiter, '\0' };
	const char decimal[] = { dialect->decimal, '\0' };

	json_object_set_new(format, "delimiter", json_string(delimiter));
	if (dialect->decimal == '.')
		return;
	for (size_t i = 0; i < json_array_size(fields); i++) {
		json_t *field = json_array_get(fields, i);
		const char *type = json_string_value(json_object_get(field, "type"));

		if (type && strcmp(type, "number") == 0)
			json_object_set_new(field, "decimalChar", json_string(decimal));
	}
}
