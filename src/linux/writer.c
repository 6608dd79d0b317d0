/* The writing thread; see writer.h. */
#include "writer.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "clock.h"

enum kind { WRITE_RAW = 1, WRITE_JUDGED, WRITE_HOLD, WRITE_KEEP, WRITE_FLUSH, WRITE_JOB,
	WRITE_END };

struct job {
	int (*job)(void *context);
	void *context;
};

/* Room that a row of each file leaves to the more important ones. */
static const size_t keep_free[STORE_FILES] = {
	[STORE_RAW] = RING_BYTES / 4,
	[STORE_JUDGED] = RING_BYTES / 16,
	[STORE_HOLDS] = 1024, /* the end must always fit */
};

#define WAIT_NS 1000000

/* ---- the thread ---- */

static int put_hold(struct writer *w, const void *row)
{
	int error = store_hold(w->store, row);

	if (error == 0)
		atomic_fetch_add(&w->holds_safe, 1);
	return error;
}

static int do_job(const void *data)
{
	struct job job;

	memcpy(&job, data, sizeof job);
	return job.job(job.context);
}

static int put_one(struct writer *w, uint32_t kind, const void *data)
{
	struct problem problem;

	switch ((enum kind)kind) {
	case WRITE_RAW:
		return store_raw(w->store, data);
	case WRITE_JUDGED:
		return store_judged(w->store, data);
	case WRITE_HOLD:
		return put_hold(w, data);
	case WRITE_KEEP:
		return store_keep(w->store, &problem);
	case WRITE_FLUSH:
		return store_flush(w->store, w->sync);
	case WRITE_JOB:
		return do_job(data);
	case WRITE_END:
		break;
	}
	return 0;
}

static void put_and_measure(struct writer *w, uint32_t kind, const void *data)
{
	int64_t begun_us = clock_monotonic_us(), took_us;
	int error, none = 0;

	atomic_store(&w->begun_us, begun_us);
	error = put_one(w, kind, data);
	atomic_store(&w->begun_us, 0);
	if (error != 0)
		atomic_compare_exchange_strong(&w->error, &none, error);
	took_us = clock_monotonic_us() - begun_us;
	if (took_us > atomic_load(&w->stall_us))
		atomic_store(&w->stall_us, took_us);
}

static void *write_all(void *context)
{
	struct writer *w = context;
	uint32_t kind = 0;

	while (kind != WRITE_END) {
		const void *data = ring_take(&w->ring, &kind);

		if (data == NULL) {
			/* a signal's EINTR only means one look too many */
			(void)sem_wait(&w->wake);
			continue;
		}
		put_and_measure(w, kind, data);
		ring_drop(&w->ring);
	}
	if (w->finish != NULL)
		w->finish(w->finish_context);
	atomic_store(&w->ended, true);
	return NULL;
}

/* ---- the caller's side ---- */

int writer_start(struct writer *w, struct store *store, enum writer_mode mode, bool sync)
{
	int error;

	w->store = store;
	w->mode = mode;
	w->sync = sync;
	ring_init(&w->ring);
	w->finish = NULL;
	atomic_init(&w->ended, false);
	atomic_init(&w->error, 0);
	atomic_init(&w->holds_safe, 0);
	atomic_init(&w->stall_us, 0);
	atomic_init(&w->begun_us, 0);
	memset(w->lost, 0, sizeof w->lost);
	if (mode == WRITER_INLINE)
		return 0;
	if (sem_init(&w->wake, 0, 0) < 0)
		return -errno;
	error = pthread_create(&w->thread, NULL, write_all, w);
	if (error != 0)
		sem_destroy(&w->wake);
	return -error;
}

static void wake(struct writer *w)
{
	(void)sem_post(&w->wake); /* EOVERFLOW: it is more than awake */
}

static bool put(struct writer *w, enum kind kind, const void *data, size_t size,
	size_t reserve)
{
	const struct timespec pause = { .tv_nsec = WAIT_NS };

	if (w->mode == WRITER_INLINE) {
		put_and_measure(w, kind, data);
		return true;
	}
	while (!ring_put(&w->ring, kind, data, size, reserve)) {
		wake(w);
		if (w->mode == WRITER_DROPS)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static void put_row(struct writer *w, enum kind kind, enum store_file file,
	const void *row, size_t size)
{
	if (!put(w, kind, row, size, keep_free[file]))
		w->lost[file]++;
}

/* Rows alone do not wake the thread: once a second is enough for it, and for the
 * battery. */
void writer_raw(struct writer *w, const struct sample *sample)
{
	put_row(w, WRITE_RAW, STORE_RAW, sample, sizeof *sample);
}

void writer_judged(struct writer *w, const struct judged_row *row)
{
	put_row(w, WRITE_JUDGED, STORE_JUDGED, row, sizeof *row);
}

void writer_hold(struct writer *w, const struct hold_row *row)
{
	put_row(w, WRITE_HOLD, STORE_HOLDS, row, sizeof *row);
	if (w->mode != WRITER_INLINE)
		wake(w);
}

bool writer_job(struct writer *w, int (*job)(void *context), void *context)
{
	const struct job one = { job, context };
	bool room = put(w, WRITE_JOB, &one, sizeof one, keep_free[STORE_HOLDS]);

	if (room && w->mode != WRITER_INLINE)
		wake(w);
	return room;
}

void writer_keep(struct writer *w)
{
	if (put(w, WRITE_KEEP, NULL, 0, keep_free[STORE_HOLDS]) &&
		w->mode != WRITER_INLINE)
		wake(w);
}

/* A flush that finds no room is no loss: one waits there already. */
void writer_flush(struct writer *w)
{
	if (put(w, WRITE_FLUSH, NULL, 0, keep_free[STORE_JUDGED]) &&
		w->mode != WRITER_INLINE)
		wake(w);
}

int writer_error(const struct writer *w)
{
	int error = atomic_load(&w->error);

	if (error == 0)
		for (int i = 0; i < STORE_FILES; i++)
			if (w->lost[i] > 0)
				error = -ENOBUFS;
	return error;
}

int64_t writer_busy_us(const struct writer *w, int64_t now_us)
{
	int64_t begun_us = atomic_load(&w->begun_us);

	return begun_us != 0 && now_us > begun_us ? now_us - begun_us : 0;
}

void writer_end(struct writer *w, void (*finish)(void *context), void *context)
{
	w->finish = finish;
	w->finish_context = context;
	if (w->mode == WRITER_INLINE) {
		if (finish != NULL)
			finish(context);
		atomic_store(&w->ended, true);
		return;
	}
	/* the reserve is more than this needs, so it always fits */
	(void)ring_put(&w->ring, WRITE_END, NULL, 0, 0);
	wake(w);
}

bool writer_ended(const struct writer *w)
{
	return atomic_load(&w->ended);
}

void writer_join(struct writer *w)
{
	if (w->store == NULL)
		return;
	if (w->mode != WRITER_INLINE) {
		pthread_join(w->thread, NULL);
		sem_destroy(&w->wake);
	}
	w->store = NULL;
}

void writer_stop(struct writer *w)
{
	if (w->store == NULL)
		return;
	writer_end(w, NULL, NULL);
	writer_join(w);
}
