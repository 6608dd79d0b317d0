/*
 * Writes a session's rows behind the back of the measuring thread: the disk never
 * stands in the sensor's way.
 *
 * Rows go through a ring to a thread that owns the store. When the disk stalls
 * for so long that the ring fills, raw rows are refused first, then judged rows;
 * holds have the last part to themselves. What was refused is counted, and so is
 * the longest stall.
 */
#ifndef STRETCH_LINUX_WRITER_H
#define STRETCH_LINUX_WRITER_H

#include <pthread.h>
#include <semaphore.h>

#include "ring.h"
#include "store.h"
#include "stretch/rows.h"

enum writer_mode {
	WRITER_INLINE, /* no thread: each call writes (replay) */
	WRITER_WAITS,  /* a full ring makes the caller wait (no live sensor) */
	WRITER_DROPS,  /* a full ring refuses the row (live) */
};

struct writer {
	struct store *store; /* the thread's alone between start and stop */
	enum writer_mode mode;
	bool sync;
	struct ring ring;
	pthread_t thread;
	sem_t wake;
	void (*finish)(void *context); /* the thread's last job; NULL: none */
	void *finish_context;
	/* told by the thread */
	_Atomic bool ended;          /* after finish */
	_Atomic int error;           /* first -errno of the store, or 0 */
	_Atomic uint32_t holds_safe; /* the first so many hold rows are on the disk: an
	                              * error of a file lasts, so none after a lost one */
	_Atomic int64_t stall_us;    /* longest single step */
	_Atomic int64_t begun_us;    /* the present step's begin; 0: it has nothing to do */
	/* told by the caller's side */
	uint32_t lost[STORE_FILES];
};

/* Begins; with sync each flush goes to the disk. Returns 0 or -errno. */
int writer_start(struct writer *writer, struct store *store, enum writer_mode mode,
	bool sync);

/* One row; never waits in WRITER_DROPS. No heap. */
void writer_raw(struct writer *writer, const struct sample *sample);
void writer_judged(struct writer *writer, const struct judged_row *row);
void writer_hold(struct writer *writer, const struct hold_row *row);

/*
 * Any other thing to do on the disk, after what was put before and before what comes
 * next; its -errno counts as an error of writing. False: there was no room for it.
 */
bool writer_job(struct writer *writer, int (*job)(void *context), void *context);

/* The session's folder gets its name (store_keep). */
void writer_keep(struct writer *writer);

/* All rows so far go to the kernel, with sync to the disk: about once a second. */
void writer_flush(struct writer *writer);

/* The first error of writing, -ENOBUFS when rows were lost, or 0. */
int writer_error(const struct writer *writer);

/* How long the thread has been at one step; 0 while it waits for rows. */
int64_t writer_busy_us(const struct writer *writer, int64_t now_us);

/*
 * No more rows. What waits is written, then the thread calls finish(context) (NULL:
 * nothing) and ends; the caller does not wait for it. Inline it is done at once. The
 * store is the caller's again when writer_join has returned, which waits; a writer
 * that was not started is joined already.
 */
void writer_end(struct writer *writer, void (*finish)(void *context), void *context);
bool writer_ended(const struct writer *writer);
void writer_join(struct writer *writer);

/* Writes what waits and ends the thread: writer_end and writer_join. */
void writer_stop(struct writer *writer);

#endif
