/* Programs run from tests, and their CSV files; see programs.h. */
#include "programs.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_files.h"

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	abort();
}

static void become(const char *const words[], const char *out, const char *err)
{
	const char *build = getenv("STRETCH_BUILD");
	char path[PATH_MAX];
	char *argv[PROGRAM_WORDS_MAX + 1] = { NULL };
	int n = 0;

	snprintf(path, sizeof path, "%s/%s", build && *build ? build : "build", words[0]);
	for (; words[n] != NULL; n++) {
		must(n < PROGRAM_WORDS_MAX, "too many words");
		argv[n] = strdup(words[n]);
	}
	must(freopen("/dev/null", "r", stdin) != NULL, "/dev/null");
	must(freopen(out, "w", stdout) != NULL, out);
	must(freopen(err, "w", stderr) != NULL, err);
	execv(path, argv);
	perror(path);
	_exit(127);
}

static void read_beginning(const char *path, char text[PROGRAM_TEXT_MAX])
{
	FILE *file = fopen(path, "r");
	size_t n;

	must(file != NULL, path);
	n = fread(text, 1, PROGRAM_TEXT_MAX - 1, file);
	text[n] = '\0';
	fclose(file);
}

struct program_end program_run(const char *const words[])
{
	struct program_end end;
	char out[PATH_MAX], err[PATH_MAX];
	pid_t child;
	int status;

	snprintf(out, sizeof out, "%s", temp_path("stdout.txt"));
	snprintf(err, sizeof err, "%s", temp_path("stderr.txt"));
	fflush(NULL);
	child = fork();
	must(child >= 0, "fork");
	if (child == 0)
		become(words, out, err);
	must(waitpid(child, &status, 0) == child, "waitpid");
	end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	read_beginning(out, end.out);
	read_beginning(err, end.err);
	if (end.status == 127) {
		fprintf(stderr, "%s: %s", words[0], end.err);
		abort();
	}
	return end;
}

static size_t count_of(const char *text, char c)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

/* Cuts the text at commas and line ends; false when a row has another length. */
static bool cut(struct csv_table *table)
{
	char *at = table->text;
	size_t cell = 0;

	for (size_t row = 0; row <= table->rows; row++) {
		char *end = strchr(at, '\n');

		if (end == NULL || end == at || end[-1] != '\r')
			return false;
		end[-1] = '\0';
		for (size_t column = 0; column < table->columns; column++) {
			char *comma = strchr(at, ',');

			if ((comma == NULL) != (column + 1 == table->columns))
				return false;
			table->cells[cell++] = at;
			if (comma != NULL) {
				*comma = '\0';
				at = comma + 1;
			}
		}
		at = end + 1;
	}
	return *at == '\0';
}

bool csv_table_load(struct csv_table *table, const char *path)
{
	char *end;

	*table = (struct csv_table){ .text = temp_read(path, NULL) };
	if (table->text == NULL)
		return false;
	end = strchr(table->text, '\n');
	table->rows = count_of(table->text, '\n');
	if (end != NULL) {
		table->rows--;
		*end = '\0';
		table->columns = count_of(table->text, ',') + 1;
		*end = '\n';
		table->cells = calloc((table->rows + 1) * table->columns,
			sizeof *table->cells);
		must(table->cells != NULL, "memory");
		if (cut(table))
			return true;
	}
	csv_table_free(table);
	return false;
}

void csv_table_free(struct csv_table *table)
{
	free(table->text);
	free(table->cells);
	*table = (struct csv_table){ .text = NULL };
}

/* Index of a column, or that behind the last. */
static size_t find(const struct csv_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->columns && strcmp(table->cells[i], name) != 0)
		i++;
	return i;
}

const char *csv_table_text(const struct csv_table *table, size_t row, const char *name)
{
	size_t column = find(table, name);

	if (column == table->columns || row >= table->rows)
		return NULL;
	return table->cells[(row + 1) * table->columns + column];
}

double *csv_table_column(const struct csv_table *table, const char *name)
{
	size_t column = find(table, name);
	double *values;

	if (column == table->columns)
		return NULL;
	values = malloc((table->rows + 1) * sizeof *values);
	must(values != NULL, "memory");
	for (size_t row = 0; row < table->rows; row++) {
		const char *text = table->cells[(row + 1) * table->columns + column];
		char *end;

		values[row] = strtod(text, &end);
		if (end == text || *end != '\0')
			values[row] = (double)NAN;
	}
	return values;
}
