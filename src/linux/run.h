/*
 * A session with its edges: samples go in, rows go to the store, the live view
 * is redrawn. The daemon and `stretchctl replay` run the very same thing.
 */
#ifndef STRETCH_LINUX_RUN_H
#define STRETCH_LINUX_RUN_H

#include "linux/store.h"
#include "linux/term.h"
#include "linux/writer.h"
#include "stretch/session.h"

/* What a session's totals say at the end. */
struct run_totals {
	int32_t attempts;
	int32_t results[RESULT_COUNT];
	double stretch_s;        /* counted seconds of all holds */
	int64_t first_us, last_us;
};

/* One session's files, and how they were opened and closed. */
struct run_files {
	struct store store;      /* the writer's from run_begin until it is joined */
	struct writer writer;
	/* the writer's from run_begin on: what it writes when it opens the files */
	json_t *inputs, *first_facts;
	_Atomic int opened;      /* 0: not yet; 1: they are there; -errno: they are not */
	json_t *facts;           /* session.json at the end; the writer's while closing */
	json_t *also;            /* see run_also */
	char also_path[PATH_MAX];
	bool closing;
	int error;               /* of closing */
	struct problem problem;
};

struct run {
	struct session_inputs inputs;
	struct session_state state;
	struct session_output out;
	struct run_totals totals;
	bool storing;
	bool sync;               /* rows are put on the disk every second */
	enum writer_mode writing; /* the default writes at once */
	bool begun;              /* a hold was: the session is kept */
	/* A session's files are closed while the next one's are written. */
	struct run_files files[2];
	int at;                  /* the present or the last session's */
	int64_t flushed_us;
	int store_error;         /* first error of writing; the session goes on */
	struct term *term;       /* NULL: no view */
	bool started;
	char started_at[40];     /* ISO 8601; "" for a replay */
	const char *clock_source;
	json_t *sensors;         /* at the end, into session.json; NULL: none */
	char boot_id[40];        /* with started_us dates it later */
	int64_t started_us;      /* monotonic clock of that boot */
	/* of the programme, written into inputs.json and session.json; NULL: none */
	json_t *programme;
};

/*
 * Begins: checks the inputs, opens the store (place NULL: nothing is written)
 * and writes inputs.json. Returns 0; -EINVAL with the reason in problem when the
 * inputs do not allow a session; another -errno from the store.
 *
 * With a writing thread that opens the files, and is waited for no longer than
 * RUN_OPEN_WAIT_US: a disk that stalls just then does not stand in the sensor's way. What
 * goes wrong later than that is an error of writing.
 */
#define RUN_OPEN_WAIT_US INT64_C(200000)
int run_begin(struct run *run, const struct store_place *place,
	struct problem *problem);

/* One sample, already rounded by raw_round. Returns 0; a write error is kept in
 * store_error and does not stop the judging. */
void run_feed(struct run *run, const struct sample *sample);

/* The same with directions known beforehand (see session_step_smoothed). */
void run_feed_smoothed(struct run *run, const struct sample *sample,
	const struct vec3 up[SITE_COUNT]);

/* Ends: the last row, session.json, the folder in place. 0 or -errno. */
int run_end(struct run *run, struct problem *problem);

/*
 * The same without waiting for the disk: the writing thread closes the files. Only a
 * session without a hold is waited for; its folder has to be gone before the next one
 * takes its number.
 */
void run_end_later(struct run *run);

/*
 * Before run_end_later: value (taken over) is written to path when the session has been
 * closed. Nothing without a store.
 */
void run_also(struct run *run, const char *path, json_t *value);

/* Is a session still being closed? */
bool run_closing(const struct run *run);

/* Takes one session that run_end_later left, the older first: 1 when it is closed,
 * -errno when that failed, 0 when there is none (without wait: none that is ready). */
int run_closed(struct run *run, bool wait, struct problem *problem);

/* Two are being closed: the next run_begin has to wait, and forgets how one went. */
bool run_full(const struct run *run);

/* Gives up without keeping anything. */
void run_abort(struct run *run);

/* The live view of this moment; nothing without a terminal. */
void run_show(struct run *run);

#endif
