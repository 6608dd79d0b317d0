/* Samples, descriptors and signals in one thread; see loop.h. */
#include "linux/loop.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "linux/clock.h"

#define IN_A_ROW 32 /* samples, before the descriptors are looked at again */
#define LONGEST_US 1000000

static int64_t system_now_us(void *context)
{
	(void)context;
	return clock_monotonic_us();
}

static int system_wait(void *context, struct pollfd *fds, nfds_t count, int64_t until_us,
	const sigset_t *mask)
{
	int64_t left_us = until_us - clock_monotonic_us();
	struct timespec left = { 0 };

	(void)context;
	if (left_us > 0) {
		left.tv_sec = left_us / 1000000;
		left.tv_nsec = left_us % 1000000 * 1000;
	}
	return ppoll(fds, count, &left, mask);
}

const struct loop_clock loop_clock_system = { .now_us = system_now_us,
	.wait = system_wait };

void loop_init(struct loop *loop, const struct loop_clock *clock)
{
	memset(loop, 0, sizeof *loop);
	loop->clock = *clock;
}

void loop_hold_signals(struct loop *loop, const int *signals, size_t count)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < count; i++)
		sigaddset(&set, signals[i]);
	pthread_sigmask(SIG_BLOCK, &set, &loop->mask);
	for (size_t i = 0; i < count; i++)
		sigdelset(&loop->mask, signals[i]);
	loop->masked = true;
}

bool loop_watch(struct loop *loop, int fd, void (*ready)(void *), void *context)
{
	if (fd < 0)
		return true;
	if (loop->watches == LOOP_WATCHES)
		return false;
	loop->watch[loop->watches++] =
		(struct loop_watch){ .fd = fd, .ready = ready, .context = context };
	return true;
}

void loop_unwatch(struct loop *loop, int fd)
{
	for (size_t i = 0; i < loop->watches; i++)
		if (loop->watch[i].fd == fd) {
			loop->watch[i] = loop->watch[--loop->watches];
			return;
		}
}

void loop_event(struct loop *loop, const struct event *event)
{
	if (loop->events == LOOP_EVENTS)
		loop->events_lost++;
	else
		loop->event[loop->events++] = *event;
}

static void put_event(struct loop *loop, struct sample *sample)
{
	if (loop->events == 0 || sample->event.kind != EVENT_NONE)
		return;
	sample->event = loop->event[0];
	loop->events--;
	memmove(&loop->event[0], &loop->event[1],
		loop->events * sizeof loop->event[0]);
}

static bool round_over(struct loop *loop, int64_t now_us)
{
	return loop->round == NULL || loop->round(loop->context, now_us);
}

/* Waits, then calls whoever is ready. A watch may take itself out. */
static void wait(struct loop *loop, int64_t until_us)
{
	struct pollfd fds[LOOP_WATCHES];
	nfds_t count = (nfds_t)loop->watches;
	int ready;

	for (nfds_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = loop->watch[i].fd, .events = POLLIN };
	ready = loop->clock.wait(loop->clock.context, fds, count, until_us,
		loop->masked ? &loop->mask : NULL);
	for (nfds_t i = 0; i < count && ready > 0; i++)
		for (size_t w = 0; w < loop->watches && fds[i].revents != 0; w++)
			if (loop->watch[w].fd == fds[i].fd) {
				loop->watch[w].ready(loop->watch[w].context);
				break;
			}
}

int loop_run(struct loop *loop, struct source *source, struct problem *problem)
{
	int in_a_row = 0;

	for (;;) {
		int64_t now_us = loop->clock.now_us(loop->clock.context), wake_us;
		struct sample sample;
		int got = source_poll(source, now_us, &sample, &wake_us, problem);

		if (got < 0 || got == SOURCE_END)
			return got;
		if (got == SOURCE_SAMPLE) {
			loop->samples++;
			put_event(loop, &sample);
			if (!loop->sample(loop->context, &sample))
				return 1;
			wake_us = now_us;
		}
		if (wake_us <= now_us && ++in_a_row < IN_A_ROW)
			continue;
		in_a_row = 0;
		if (!round_over(loop, now_us))
			return 1;
		loop->wakeups += wake_us > now_us;
		wait(loop, wake_us < now_us + LONGEST_US ? wake_us : now_us + LONGEST_US);
	}
}
