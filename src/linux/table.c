/* Aligned tables for people. (What is cut when: see table.h.) */
#include "table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "csv_in.h"
#include "number.h"
#include "term.h"

#define WORD_MIN 8   /* a word is not cut below this */
#define BETWEEN 2    /* blanks between columns */
#define WIDTH_DEFAULT 80
#define TEXT_START 4096

struct table {
	size_t columns, rows, room;
	size_t *cells; /* where in text each begins; row 0 holds the titles */
	char *text;    /* one after the other, each with its NUL */
	size_t used, size;
};

/* How the columns stand on the page. */
struct layout {
	int width[TABLE_COLUMNS_MAX]; /* 0: not shown */
	bool number[TABLE_COLUMNS_MAX], empty[TABLE_COLUMNS_MAX];
};

static const char *cell(const struct table *table, size_t row, size_t column)
{
	return table->text + table->cells[row * table->columns + column];
}

static const char *text_of(const char *cell)
{
	return cell ? cell : "";
}

/* Room for one more row and for so many bytes of text. */
static int make_room(struct table *table, size_t length)
{
	if (table->rows == table->room) {
		size_t room = table->room ? 2 * table->room : 16;
		size_t *more = reallocarray(table->cells, room * table->columns,
			sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		table->cells = more;
		table->room = room;
	}
	if (length > table->size - table->used) {
		size_t size = 2 * table->size + length;
		char *more = realloc(table->text, size);

		if (more == NULL)
			return -ENOMEM;
		table->text = more;
		table->size = size;
	}
	return 0;
}

static int add_row(struct table *table, const char *const *cells)
{
	size_t *row, length = 0;
	int error;

	for (size_t c = 0; c < table->columns; c++)
		length += strlen(text_of(cells[c])) + 1;
	error = make_room(table, length);
	if (error != 0)
		return error;
	row = table->cells + table->rows * table->columns;
	for (size_t c = 0; c < table->columns; c++) {
		size_t bytes = strlen(text_of(cells[c])) + 1;

		row[c] = table->used;
		memcpy(table->text + table->used, text_of(cells[c]), bytes);
		table->used += bytes;
	}
	table->rows++;
	return 0;
}

struct table *table_open(const char *const *titles, size_t count)
{
	struct table *table;

	if (count == 0 || count > TABLE_COLUMNS_MAX)
		return NULL;
	table = calloc(1, sizeof(*table));
	if (table == NULL)
		return NULL;
	table->columns = count;
	table->size = TEXT_START;
	table->text = malloc(table->size);
	if (table->text != NULL && add_row(table, titles) == 0)
		return table;
	table_close(table);
	return NULL;
}

int table_add(struct table *table, const char *const *cells)
{
	return add_row(table, cells);
}

void table_close(struct table *table)
{
	if (table == NULL)
		return;
	free(table->cells);
	free(table->text);
	free(table);
}

static void measure(const struct table *table, struct layout *layout)
{
	for (size_t c = 0; c < table->columns; c++) {
		layout->width[c] = term_columns(cell(table, 0, c));
		layout->number[c] = true;
		layout->empty[c] = table->rows > 1;
		for (size_t r = 1; r < table->rows; r++) {
			const char *text = cell(table, r, c);
			int width = term_columns(text);
			double value;

			if (width > layout->width[c])
				layout->width[c] = width;
			if (text[0] == '\0')
				continue;
			layout->empty[c] = false;
			if (number_parse(text, -1e300, 1e300, &value) != 0)
				layout->number[c] = false;
		}
		if (layout->empty[c])
			layout->number[c] = false;
	}
}

static int total(const struct table *table, const struct layout *layout)
{
	int sum = -BETWEEN;

	for (size_t c = 0; c < table->columns; c++) {
		if (layout->width[c] > 0)
			sum += layout->width[c] + BETWEEN;
	}
	return sum;
}

/* The widest column of words that may still be cut, or -1. Numbers never are. */
static int widest(const struct table *table, const struct layout *layout)
{
	int best = -1, most = WORD_MIN;

	for (size_t c = 0; c < table->columns; c++) {
		if (!layout->number[c] && layout->width[c] > most) {
			best = (int)c;
			most = layout->width[c];
		}
	}
	return best;
}

static void fit(const struct table *table, struct layout *layout, int width)
{
	size_t last = table->columns;
	int cut;

	for (size_t c = 0; c < table->columns; c++) {
		if (layout->empty[c] && total(table, layout) > width)
			layout->width[c] = 0;
	}
	while (total(table, layout) > width && (cut = widest(table, layout)) >= 0)
		layout->width[cut]--;
	while (total(table, layout) > width && last > 1)
		layout->width[--last] = 0;
}

/* Text in exactly width columns; longer text ends in "..". */
static void print_cell(FILE *out, const char *text, int width, bool right, bool pad)
{
	int columns = term_columns(text);
	int shown = columns > width ? width - 2 : columns;
	int blanks = columns > width ? 0 : width - columns;

	if (right)
		fprintf(out, "%*s", blanks, "");
	for (int n = 0; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xc0) != 0x80 && n++ == shown)
			break;
		fputc((unsigned char)*text < ' ' ? '?' : *text, out);
	}
	if (columns > width)
		fputs("..", out);
	if (!right && pad)
		fprintf(out, "%*s", blanks, "");
}

static void print_row(const struct table *table, const struct layout *layout,
	size_t row, FILE *out)
{
	size_t last = 0;
	bool first = true;

	for (size_t c = 0; c < table->columns; c++) {
		if (layout->width[c] > 0)
			last = c;
	}
	for (size_t c = 0; c < table->columns; c++) {
		if (layout->width[c] == 0)
			continue;
		if (!first)
			fprintf(out, "%*s", BETWEEN, "");
		print_cell(out, cell(table, row, c), layout->width[c],
			layout->number[c], c != last);
		first = false;
	}
	fputc('\n', out);
}

/* Names what did not fit; empty columns are not missed. */
static void print_left_out(const struct table *table, const struct layout *layout,
	FILE *out, int width)
{
	int used = 0;

	for (size_t c = 0; c < table->columns; c++) {
		const char *title = cell(table, 0, c);

		if (layout->width[c] > 0 || layout->empty[c] || title[0] == '\0')
			continue;
		if (used == 0)
			used = fprintf(out, "not shown:");
		if (used + 1 + term_columns(title) > width)
			used = fprintf(out, "\n          ") - 1;
		used += fprintf(out, " %s", title);
	}
	if (used > 0)
		fputc('\n', out);
}

int table_print(const struct table *table, FILE *out, int width)
{
	struct layout layout;

	measure(table, &layout);
	fit(table, &layout, width);
	for (size_t r = 0; r < table->rows; r++)
		print_row(table, &layout, r, out);
	print_left_out(table, &layout, out, width);
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}

/* Which columns of the file go into the table, and under which titles. */
static size_t choose(const struct csv_in *in, const struct table_pick *picks,
	size_t count, size_t *columns, const char **titles)
{
	size_t chosen = 0;

	if (picks == NULL)
		count = csv_in_columns(in);
	for (size_t i = 0; i < count && chosen < TABLE_COLUMNS_MAX; i++) {
		int at = picks ? csv_in_find(in, picks[i].column) : (int)i;

		if (at < 0)
			continue;
		columns[chosen] = (size_t)at;
		titles[chosen++] = picks && picks[i].title ? picks[i].title :
			csv_in_name(in, (size_t)at);
	}
	return chosen;
}

static int read_rows(struct csv_in *in, struct table *table, const size_t *columns,
	struct problem *problem)
{
	const char *cells[TABLE_COLUMNS_MAX] = { NULL };
	int got;

	while ((got = csv_in_next(in, problem)) == 1) {
		for (size_t c = 0; c < table->columns; c++)
			cells[c] = csv_in_cell(in, columns[c]);
		got = table_add(table, cells);
		if (got != 0)
			return problem_errno(problem, csv_in_path(in), "hold", got);
	}
	return got;
}

int table_print_csv(const char *path, const struct table_pick *picks, size_t count,
	FILE *out, int width, struct problem *problem)
{
	size_t columns[TABLE_COLUMNS_MAX];
	const char *titles[TABLE_COLUMNS_MAX] = { NULL };
	struct table *table = NULL;
	struct csv_in *in = NULL;
	size_t chosen;
	int error = csv_in_open(&in, path, problem);

	if (error != 0)
		return error;
	chosen = choose(in, picks, count, columns, titles);
	if (chosen == 0) {
		problem_set(problem, "%s: it has none of the columns that are shown. Is "
			"it another file?", csv_in_path(in));
		error = -EBADMSG;
	} else if ((table = table_open(titles, chosen)) == NULL) {
		error = problem_errno(problem, csv_in_path(in), "hold", -ENOMEM);
	} else {
		error = read_rows(in, table, columns, problem);
		if (error == 0)
			error = table_print(table, out, width);
	}
	table_close(table);
	csv_in_close(in);
	return error;
}

int table_width(FILE *out)
{
	struct winsize size;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	return size.ws_col;
}
