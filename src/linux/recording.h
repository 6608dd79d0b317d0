/*
 * Recordings in and out: raw.csv or raw.csv.gz, "-" for standard input or output.
 *
 * Columns are found by name, in any order; unknown ones are ignored. t_s and the
 * thigh's six are required, the pelvis has all of its six or none; temperature,
 * event and truth are optional. A sensor with an empty or "nan" cell in a row is
 * absent in that row. Time must increase from row to row.
 */
#ifndef STRETCH_LINUX_RECORDING_H
#define STRETCH_LINUX_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"
#include "stretch/raw.h"
#include "stretch/sample.h"

#include "csv_out.h"

#define RECORDING_EXTRA_MAX 32

struct recording;

struct recording_options {
	/* further numeric columns wanted ("score"); each must be there */
	const char *const *extra;
	size_t extra_count;
	/* false: an event that is not in the grammar is an error;
	 * true: it is counted, and the sample carries none */
	bool loose_events;
};

struct recording_stats {
	uint64_t rows;               /* handed out */
	uint64_t torn;               /* dropped at the end of the file: 0 or 1 */
	uint64_t absent[SITE_COUNT]; /* rows without this sensor's reading */
	uint64_t unknown_events;     /* with loose_events */
};

/*
 * Opens a recording and checks its header; options may be NULL. Returns 0;
 * -EBADMSG for bad content; -EINVAL for bad options; another -errno when the
 * file cannot be opened. *recording is NULL on error.
 */
int recording_open(struct recording **recording, const char *path,
	const struct recording_options *options, struct problem *problem);

/*
 * Next row: 1 with *sample (and *truth when not NULL) filled, 0 at the end,
 * negative error as above. A file without a single whole row is an error.
 */
int recording_next(struct recording *recording, struct sample *sample,
	struct truth *truth, struct problem *problem);

void recording_close(struct recording *recording);

/* Which optional parts are there: enum raw_part, or-ed. */
unsigned int recording_parts(const struct recording *recording);

/* Extra columns of the present row, in the order asked for; NAN: empty. */
const double *recording_extra(const struct recording *recording);

/* The event cell of the present row as it stands in the file, "" when none. */
const char *recording_event_text(const struct recording *recording);

struct recording_stats recording_stats(const struct recording *recording);

/* Writing: a CSV file of the raw table. */
struct recording_writer {
	struct csv_out csv;
};

/*
 * Creates path ("-": standard output) with those parts (enum raw_part). With
 * atomic, path appears only when recording_writer_close succeeds. Returns 0 or
 * -errno.
 */
int recording_writer_open(struct recording_writer *writer, const char *path,
	unsigned int parts, bool atomic, struct problem *problem);

/* One row; truth may be NULL. Returns 0 or the first error, which stays. */
int recording_write(struct recording_writer *writer, const struct sample *sample,
	const struct truth *truth);

/* Flushes, closes, puts the file in place. Returns 0 or the first error. */
int recording_writer_close(struct recording_writer *writer, struct problem *problem);

#endif
