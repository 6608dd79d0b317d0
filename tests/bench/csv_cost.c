/*
 * Rows of holds.csv a second, written and read, beside plain libcsv on the same bytes
 * (its parser with empty callbacks; its writer for the same cells, which quotes all).
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../support/made_history.h"
#include "../support/temp_files.h"
#include "linux/csv_out.h"
#include "linux/export_csv.h"
#include "linux/row_in.h"

#define ROWS 100000

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print(const char *name, double seconds)
{
	printf("%s|%.0f|rows/s\n", name, ROWS / seconds);
}

static const struct hold_row *row_of(struct made_session *session, int i)
{
	struct hold_row *row = &session->hold[0];

	row->hold_index = i;
	row->angle_mean_deg = 50.0 + 0.001 * i;
	row->hold_s = 30.0 + 0.0007 * i;
	return row;
}

static void write_own(struct made_session *session, const char *path)
{
	static struct csv_out out;
	double begin = now_s();

	if (csv_out_open(&out, path, &hold_table, false, NULL) < 0)
		exit(1);
	for (int i = 0; i < ROWS; i++)
		if (csv_out_row(&out, row_of(session, i)) < 0)
			exit(1);
	if (csv_out_close(&out, NULL) < 0)
		exit(1);
	print("holds.csv written", now_s() - begin);
}

static void write_export(struct made_session *session, const char *path)
{
	FILE *file = fopen(path, "w");
	double begin = now_s();

	if (!file)
		exit(1);
	for (int i = 0; i < ROWS; i++)
		export_csv_row(file, &export_plain, &hold_table, row_of(session, i));
	if (fclose(file) != 0)
		exit(1);
	print("holds.csv exported", now_s() - begin);
}

/* The cells are ready made: what remains is libcsv's part. */
static void write_libcsv(struct made_session *session, const char *path)
{
	static char cell[64][128];
	static size_t length[64];
	FILE *file = fopen(path, "w");
	double begin;

	if (!file)
		exit(1);
	for (size_t c = 0; c < hold_table.count; c++)
		length[c] = (size_t)column_cell(&hold_table.columns[c], row_of(session,
			1),
			cell[c], sizeof cell[c]);
	begin = now_s();
	for (int i = 0; i < ROWS; i++) {
		for (size_t c = 0; c < hold_table.count; c++) {
			if (c > 0)
				putc(',', file);
			csv_fwrite(file, cell[c], length[c]);
		}
		fputs("\r\n", file);
	}
	if (fclose(file) != 0)
		exit(1);
	print("libcsv, the same cells written", now_s() - begin);
}

static void read_own(const char *path)
{
	struct problem problem;
	struct csv_in *in;
	struct row_in map;
	struct hold_row row;
	double begin = now_s();
	int rows = 0;

	memset(&row, 0, sizeof row);
	if (csv_in_open(&in, path, &problem) < 0)
		exit(1);
	row_in_init(&map, &hold_table, in);
	while (csv_in_next(in, &problem) == 1 && row_in_take(&map, in, &row,
		&problem) == 0)
		rows++;
	csv_in_close(in);
	if (rows != ROWS)
		exit(1);
	print("holds.csv read into rows", now_s() - begin);
}

static void read_cells(const char *path)
{
	struct problem problem;
	struct csv_in *in;
	double begin = now_s();
	int rows = 0;

	if (csv_in_open(&in, path, &problem) < 0)
		exit(1);
	while (csv_in_next(in, &problem) == 1)
		rows++;
	csv_in_close(in);
	if (rows != ROWS)
		exit(1);
	print("holds.csv read as cells", now_s() - begin);
}

static void on_cell(void *cell, size_t length, void *data)
{
	(void)cell;
	(void)length;
	(void)data;
}

static void on_row(int end, void *data)
{
	(void)end;
	++*(int *)data;
}

static void read_libcsv(const char *path)
{
	static char block[65536];
	FILE *file = fopen(path, "r");
	struct csv_parser parser;
	double begin = now_s();
	size_t got;
	int rows = -1; /* the header */

	if (!file || csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL) != 0)
		exit(1);
	while ((got = fread(block, 1, sizeof block, file)) > 0)
		if (csv_parse(&parser, block, got, on_cell, on_row, &rows) != got)
			exit(1);
	csv_free(&parser);
	fclose(file);
	if (rows != ROWS)
		exit(1);
	print("libcsv alone, the same file read", now_s() - begin);
}

int main(void)
{
	struct made_session session;
	char path[PATH_MAX];

	temp_make();
	made_session_init(&session, day_parse("2025-11-30"), 0, 60.0);
	snprintf(session.hold[0].session, sizeof session.hold[0].session,
		"000001-2025-11-30-lying-towel-left");
	snprintf(path, sizeof path, "%s", temp_path("holds.csv"));
	write_own(&session, path);
	write_export(&session, temp_path("export.csv"));
	write_libcsv(&session, temp_path("libcsv.csv"));
	read_own(path);
	read_cells(path);
	read_libcsv(path);
	temp_remove();
	return 0;
}
