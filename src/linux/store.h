/*
 * Session folders: where a session's rows and facts are written.
 *
 * Two kinds, the same files. In a state folder:
 *   <state>/<wearer>/sessions/<NNNNNN>-<date>-<exercise>-<side>/
 * written as .new-<name> until store_keep (the first hold entry) gives it its
 * name, removed at close when there was none. Or a folder that a person named:
 * written as <folder>.partial-<pid> beside it and put in place by store_close, so
 * that nothing half-written is left behind.
 *
 * Each file keeps its own first error and the others go on: when the disk is
 * full, raw is given up first, then samples, holds last. No heap in store_raw,
 * store_judged, store_hold and store_flush; one thread at a time.
 */
#ifndef STRETCH_LINUX_STORE_H
#define STRETCH_LINUX_STORE_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "csv_out.h"
#include "problem.h"
#include "stretch/sample.h"

#define STORE_NAME_MAX 96

/* The order in which files are given up when the disk fills. */
enum store_file { STORE_RAW, STORE_JUDGED, STORE_HOLDS, STORE_FILES };

/* Values of "status" in session.json. */
#define STORE_OPEN "open"
#define STORE_CLOSED "closed"
#define STORE_RECOVERED "recovered"

/* Where to write. Either folder, or state_dir and what follows it. */
struct store_place {
	const char *program; /* who writes: kept in datapackage.json */
	const char *folder;
	bool force; /* replace a folder that the same program wrote before */

	const char *state_dir, *wearer, *date /* 2025-11-30 */, *exercise, *side;
	uint32_t above; /* a number that is taken, though its folder may not be there yet */
};

struct store_tables {
	const struct column_table *file[STORE_FILES]; /* NULL: not written */
};

struct store {
	const char *program;
	struct store_tables tables;
	struct csv_out csv[STORE_FILES];
	uint64_t reserve_bytes[STORE_FILES]; /* free space below which to give up */
	bool given_up[STORE_FILES];          /* for want of space */
	bool explicit_folder, kept, open;
	int error;                  /* of store_make */
	uint32_t number;            /* of the session; 0 in an explicit folder */
	char name[STORE_NAME_MAX];
	char target[PATH_MAX];      /* the folder's final path */
	char path[PATH_MAX];        /* where it is now */
	char wearer_dir[PATH_MAX];  /* "" in an explicit folder */
};

/*
 * Makes the folder and the CSV files. Returns 0; -EINVAL when folder may not be
 * replaced or a name is not safe; another -errno with nothing left behind.
 */
int store_open(struct store *store, const struct store_place *place,
	const struct store_tables *tables, struct problem *problem);

/*
 * Its two halves. store_choose finds number and name and only looks, but that it makes
 * the wearer's folder when that is not there. store_make makes folder and files, and may
 * be another thread's: a disk that stalls makes it wait. When it fails, rows are refused
 * with its error and counted.
 */
int store_choose(struct store *store, const struct store_place *place,
	const struct store_tables *tables, struct problem *problem);
int store_make(struct store *store, struct problem *problem);

/* "000012-2025-11-30-lying-towel-left"; an explicit folder's last part. */
const char *store_name(const struct store *store);

/* Writes a small file (session.json, inputs.json) as a whole. 0 or -errno. */
int store_json(struct store *store, const char *file, const json_t *value,
	struct problem *problem);

/* First hold entry: the folder gets its name. Again or explicit: nothing. */
int store_keep(struct store *store, struct problem *problem);

/* One row; 0 or that file's first error (-ENOSPC once it was given up). */
int store_raw(struct store *store, const struct sample *sample);
int store_judged(struct store *store, const void *row);

/* One row, on the disk when it returns. */
int store_hold(struct store *store, const void *row);

/*
 * Hands the rows to the kernel, with sync to the disk; gives up files that leave
 * less than their reserve of free space. Returns 0 or the first file's error.
 */
int store_flush(struct store *store, bool sync);

/* Rows of that file that are not in it: refused, given up, or failed to be written. */
uint64_t store_lost(const struct store *store, enum store_file file);

/*
 * Writes session.json (session may be NULL) and datapackage.json, compresses
 * raw.csv, puts an explicit folder in place, removes one that was not kept.
 * Returns 0 or the first error; an explicit folder is then removed.
 */
int store_close(struct store *store, const json_t *session, struct problem *problem);

/* Gives up: an explicit or pending folder is removed, a kept one left as it is. */
void store_abort(struct store *store);

/*
 * At the start of the daemon: removes pending folders of a wearer, and closes the
 * sessions that were left open, as "recovered". Torn rows are cut off, a
 * session.json that cannot be read is kept aside as session.json.bad. Returns how
 * many sessions were closed, or -errno; one bad folder does not stop the rest
 * (problem then names the last one).
 */
int store_recover(const char *state_dir, const char *wearer,
	const struct store_tables *tables, const char *program,
	struct problem *problem);

#endif
