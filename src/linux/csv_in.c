/*
 * CSV in; see csv_in.h.
 *
 * libcsv is fed whole lines only, up to and including their newline. So a row is
 * always followed by its end, csv_fini is never needed (it would hand out a torn
 * row as if it were whole), and a line number is at hand for every message.
 */
#include "csv_in.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "number.h"
#include "text_in.h"

struct csv_in {
	struct text_in *text_in;
	struct csv_parser parser;
	int error; /* 0, or the first error, told again by problem */
	struct problem problem;

	uint64_t row_line; /* where the present row began */
	size_t row_bytes;  /* fed since the last whole row */
	bool row_whole;
	size_t row_cells;  /* may exceed what is kept */
	char *cell[CSV_IN_COLUMNS_MAX];
	size_t text_used;
	char text[CSV_IN_ROW_MAX + 1]; /* the cells, each with its NUL */

	size_t columns;
	char *name[CSV_IN_COLUMNS_MAX];
};

static void on_cell(void *cell, size_t length, void *data)
{
	struct csv_in *in = data;

	/* a row's cells with their NULs are never longer than its text */
	if (in->row_cells < CSV_IN_COLUMNS_MAX &&
	    length < sizeof in->text - in->text_used) {
		char *copy = in->text + in->text_used;

		memcpy(copy, cell, length);
		copy[length] = '\0';
		in->text_used += length + 1;
		in->cell[in->row_cells] = copy;
	}
	in->row_cells++;
}

static void on_row(int end, void *data)
{
	struct csv_in *in = data;

	(void)end;
	in->row_whole = true;
}

static int fail_at(struct csv_in *in, uint64_t line, const char *what)
{
	problem_set(&in->problem, "%s:%llu: %s", csv_in_path(in),
		(unsigned long long)line, what);
	return -EBADMSG;
}

static int fail_memory(struct csv_in *in)
{
	return problem_errno(&in->problem, csv_in_path(in), "read", -ENOMEM);
}

static bool is_blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!strchr(" \t\r\n", line[i]))
			return false;
	return true;
}

/* Feeds one line to libcsv; 0 or the error. */
static int feed(struct csv_in *in, const char *line, size_t length)
{
	uint64_t number = text_in_line(in->text_in);

	if (in->row_bytes == 0)
		in->row_line = number;
	in->row_bytes += length;
	if (in->row_bytes > CSV_IN_ROW_MAX)
		return fail_at(in, in->row_line, "longer than 64 KiB: a quote opened in "
			"this row is not closed. Close or remove it.");
	if (csv_parse(&in->parser, line, length, on_cell, on_row, in) == length)
		return 0;
	if (csv_error(&in->parser) != CSV_EPARSE)
		return fail_memory(in);
	return fail_at(in, number, "a quote in the middle of a cell. Quote whole cells "
		"only, and double a quote inside.");
}

/* Reads lines until a row is whole: 1, 0 at the end, or the error. */
static int next_row(struct csv_in *in)
{
	in->row_cells = 0;
	in->text_used = 0;
	in->row_bytes = 0;
	in->row_whole = false;
	while (!in->row_whole) {
		const char *line;
		size_t length;
		int got = text_in_next(in->text_in, &line, &length, &in->problem);

		if (got < 0)
			return got;
		if (got == 0 && in->row_bytes > 0)
			return fail_at(in, in->row_line, "a quote opened in this row is "
				"never closed. Close or remove it.");
		if (got == 0)
			return 0;
		if (in->row_bytes == 0 && is_blank(line, length))
			continue;
		got = feed(in, line, length);
		if (got < 0)
			return got;
	}
	return 1;
}

static int next_checked(struct csv_in *in)
{
	int got = next_row(in);

	if (got <= 0 || in->row_cells == in->columns)
		return got;
	problem_set(&in->problem,
		"%s:%llu: %zu cells, but the header names %zu columns. "
		"Use a decimal point, and quote a cell that holds a comma.",
		csv_in_path(in), (unsigned long long)in->row_line, in->row_cells,
		in->columns);
	return -EBADMSG;
}

int csv_in_next(struct csv_in *in, struct problem *problem)
{
	int got = in->error ? in->error : next_checked(in);

	if (got < 0) {
		in->error = got;
		if (problem)
			*problem = in->problem;
	}
	return got;
}

/* Keeps the present row as the column names; 0 or the error. */
static int keep_header(struct csv_in *in)
{
	if (in->row_cells > CSV_IN_COLUMNS_MAX)
		return fail_at(in, in->row_line, "more than 256 columns. "
			"This is no recording.");
	for (size_t i = 0; i < in->row_cells; i++) {
		const char *name = in->cell[i];

		if (name[0] != '\0' && csv_in_find(in, name) >= 0) {
			problem_set(&in->problem, "%s:%llu: column %.64s: twice in the "
				"header. Remove or rename one.", csv_in_path(in),
				(unsigned long long)in->row_line, name);
			return -EBADMSG;
		}
		in->name[i] = strdup(name);
		if (!in->name[i])
			return fail_memory(in);
		in->columns++;
	}
	return 0;
}

static int read_header(struct csv_in *in)
{
	int got = next_row(in);

	if (got < 0)
		return got;
	if (got == 0) {
		problem_set(&in->problem,
			"%s: no header line. Give a CSV file with a header.",
			csv_in_path(in));
		return -EBADMSG;
	}
	return keep_header(in);
}

int csv_in_open(struct csv_in **result, const char *path, struct problem *problem)
{
	struct csv_in *in = calloc(1, sizeof *in);
	int error;

	*result = NULL;
	if (!in)
		return problem_errno(problem, path, "open", -ENOMEM);
	csv_init(&in->parser, CSV_STRICT); /* allocates nothing; fails only on NULL */
	error = text_in_open(&in->text_in, path, &in->problem);
	if (error == 0)
		error = read_header(in);
	if (error < 0) {
		if (problem)
			*problem = in->problem;
		csv_in_close(in);
		return error;
	}
	*result = in;
	return 0;
}

void csv_in_close(struct csv_in *in)
{
	if (!in)
		return;
	text_in_close(in->text_in);
	csv_free(&in->parser);
	for (size_t i = 0; i < in->columns; i++)
		free(in->name[i]);
	free(in);
}

size_t csv_in_columns(const struct csv_in *in)
{
	return in->columns;
}

const char *csv_in_name(const struct csv_in *in, size_t column)
{
	return in->name[column];
}

int csv_in_find(const struct csv_in *in, const char *name)
{
	for (size_t i = 0; i < in->columns; i++)
		if (strcmp(in->name[i], name) == 0)
			return (int)i;
	return -1;
}

const char *csv_in_cell(const struct csv_in *in, size_t column)
{
	return column < in->row_cells && column < in->columns ? in->cell[column] : "";
}

const char *csv_in_path(const struct csv_in *in)
{
	return text_in_path(in->text_in);
}

uint64_t csv_in_line(const struct csv_in *in)
{
	return in->row_line;
}

uint64_t csv_in_torn(const struct csv_in *in)
{
	return text_in_torn(in->text_in) ? 1 : 0;
}

int csv_in_bad(const struct csv_in *in, struct problem *problem, size_t column,
	const char *format, ...)
{
	char what[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	problem_set(problem, "%s:%llu: column %.64s: %s", csv_in_path(in),
		(unsigned long long)in->row_line, csv_in_name(in, column), what);
	return -EBADMSG;
}

int csv_in_number(const struct csv_in *in, size_t column, double low, double high,
	double *value, struct problem *problem)
{
	const char *cell = csv_in_cell(in, column);
	int error;

	*value = (double)NAN;
	if (cell[0] == '\0' || strcasecmp(cell, "nan") == 0)
		return 0;
	error = number_parse(cell, low, high, value);
	if (error == -ERANGE)
		return csv_in_bad(in, problem, column, "%.40s is outside %g to %g. "
			"Check the unit.", cell, low, high);
	if (error < 0)
		return csv_in_bad(in, problem, column, "\"%.40s\" is no number. Write "
			"decimals with a point, or leave the cell empty.", cell);
	return 1;
}
