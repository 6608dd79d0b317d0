/*
 * Any bytes as a session.json, and as the note.json beside it.
 *
 * Oracle: no crash; every fact is missing or within its range; text is one line
 * without control characters; a date is a day, and only there when somebody vouches
 * for the clock; the row of facts prints, and reads back as the same cells.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "linux/atomic_file.h"
#include "linux/export_csv.h"
#include "linux/row_in.h"
#include "linux/session_facts.h"
#include "stretch/day.h"
#include "stretch/exercise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check_text(const char *text, size_t size)
{
	must(memchr(text, '\0', size) != NULL);
	for (; *text != '\0'; text++)
		must((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void check_number(double value, double low, double high)
{
	must(isnan(value) || (value >= low && value <= high));
}

static void check_index(int32_t index, int32_t count)
{
	must(index >= -1 && index < count);
}

static void check_facts(const struct session_facts *f)
{
	const struct session_row *row = &f->row;

	check_text(row->session, sizeof row->session);
	check_text(row->run_id, sizeof row->run_id);
	check_text(row->wearer, sizeof row->wearer);
	check_text(row->status, sizeof row->status);
	check_text(row->strapped_by, sizeof row->strapped_by);
	check_text(row->note, sizeof row->note);
	check_text(f->started_at, sizeof f->started_at);
	check_text(f->sensor, sizeof f->sensor);
	check_index(row->exercise, EX_COUNT);
	check_index(row->side, SIDE_COUNT);
	check_index(row->other_leg, OTHER_COUNT);
	check_index(row->mode, MODE_COUNT);
	check_index(row->warm_up, 2);
	check_index(row->slip_check, 2);
	must(row->pain_before == INT32_MIN || (row->pain_before >= 0 &&
		row->pain_before <= 10));
	must(row->pain_after == INT32_MIN || (row->pain_after >= 0 &&
		row->pain_after <= 10));
	check_number(row->slip_deg, -180.0, 180.0);
	check_number(row->prescribed_s, 0.0, 86400.0 * 1000.0);
	check_number(f->duration_s, 0.0, 86400.0);
	check_number(f->band_low_deg, -180.0, 180.0);
	must(f->gaps >= -1 && f->absent >= -1 && f->frozen >= -1);
	must(row->date_local[0] == '\0' || day_parse(row->date_local) != DAY_NONE);
	must((row->date_local[0] == '\0') == (strcmp(row->clock_source, "none") == 0));
	must((row->date_local[0] == '\0') == (row->time_local[0] == '\0'));
}

/* A row written for other programs is read back as the same cells, but for a quote
 * before a formula. */
static void check_round_trip(const struct session_facts *facts)
{
	char path[64], before[ROW_TEXT_MAX], after[ROW_TEXT_MAX];
	int fd = memfd_create("row", MFD_CLOEXEC);
	struct session_row back;
	struct problem problem;
	struct csv_in *in;
	struct row_in map;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	must(fd >= 0 && out != NULL);
	export_csv_header(out, &export_plain, &session_table);
	export_csv_row(out, &export_plain, &session_table, &facts->row);
	must(fclose(out) == 0);
	must(atomic_file_put(fd, text, length) == 0);
	free(text);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	must(csv_in_open(&in, path, &problem) == 0);
	row_in_init(&map, &session_table, in);
	must(csv_in_next(in, &problem) == 1);
	memset(&back, 0xa5, sizeof back);
	must(row_in_take(&map, in, &back, &problem) == 0);
	csv_in_close(in);
	close(fd);
	for (size_t i = 0; i < session_table.count; i++) {
		must(column_cell(&session_table.columns[i], &facts->row, before,
			sizeof before) >= 0);
		must(column_cell(&session_table.columns[i], &back, after,
			sizeof after) >= 0);
		must(strcmp(before, after) == 0 ||
			(after[0] == '\'' && strcmp(before, after + 1) == 0));
	}
}

/* The first zero byte parts session.json from note.json. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size > 0 ? memchr(data, 0, size) : NULL;
	size_t length = zero ? (size_t)(zero - data) : size;
	json_t *session = json_loadb((const char *)data, length, JSON_REJECT_DUPLICATES,
		NULL);
	json_t *note = zero ? json_loadb((const char *)zero + 1, size - length - 1,
		JSON_REJECT_DUPLICATES, NULL) : NULL;
	struct session_facts facts;

	session_facts_init(&facts);
	session_facts_take(&facts, json_is_object(session) ? session : NULL);
	session_facts_take_note(&facts, json_is_object(note) ? note : NULL);
	check_facts(&facts);
	check_round_trip(&facts);
	json_decref(session);
	json_decref(note);
	return 0;
}
