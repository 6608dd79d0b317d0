/*
 * The one thread's loop: samples when they are due, everything else between them.
 *
 * It waits in ppoll for the source's next wake-up or for a descriptor (button,
 * socket), whichever comes first, and never on a grid of its own. Time and waiting
 * are functions, so that a test runs the same loop on a virtual clock. Events from
 * outside are put on the next sample that has none: so they are in the recording.
 *
 * Nothing here allocates.
 */
#ifndef STRETCH_LINUX_LOOP_H
#define STRETCH_LINUX_LOOP_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "linux/source.h"

#define LOOP_WATCHES 12
#define LOOP_EVENTS 8

struct loop_clock {
	int64_t (*now_us)(void *context);
	/* Waits until then, or until a descriptor is ready: how many are, as ppoll. */
	int (*wait)(void *context, struct pollfd *fds, nfds_t count, int64_t until_us,
		const sigset_t *mask);
	void *context;
};

/* CLOCK_MONOTONIC and ppoll. */
extern const struct loop_clock loop_clock_system;

struct loop_watch {
	int fd;
	void (*ready)(void *context);
	void *context;
};

struct loop {
	struct loop_clock clock;
	/* Takes a sample; false: enough. */
	bool (*sample)(void *context, const struct sample *sample);
	/* Called before each wait, with the time; false: enough. NULL: nothing to do. */
	bool (*round)(void *context, int64_t now_us);
	void *context;
	struct loop_watch watch[LOOP_WATCHES];
	size_t watches;
	struct event event[LOOP_EVENTS];
	size_t events;
	sigset_t mask;       /* signals are let through while it waits */
	bool masked;
	uint64_t wakeups; /* waits that were not looks only */
	uint64_t samples, events_lost;
};

void loop_init(struct loop *loop, const struct loop_clock *clock);

/* Blocks the signals but while the loop waits: none is missed in between. */
void loop_hold_signals(struct loop *loop, const int *signals, size_t count);

/* false: no room. fd -1 is nothing to watch, and no error. */
bool loop_watch(struct loop *loop, int fd, void (*ready)(void *), void *context);
void loop_unwatch(struct loop *loop, int fd);

/* For the next sample without an event; lost and counted when eight wait already. */
void loop_event(struct loop *loop, const struct event *event);

/*
 * Runs until the source has ended (returns 0), sample or round want no more (1), or
 * the source fails (negative errno, problem filled).
 */
int loop_run(struct loop *loop, struct source *source, struct problem *problem);

#endif
