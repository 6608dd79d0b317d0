/*
 * The pulse of pulse.h.
 */
#include "pulse.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "linux/clock.h"

#define BEAT_US 10000
#define PROCESSORS_MAX 8

static _Atomic int64_t longest_us;

static void *beat(void *context)
{
	(void)context;
	for (;;) {
		int64_t due_us = clock_monotonic_us() + BEAT_US, late_us, before_us;

		clock_sleep_until_us(due_us);
		late_us = clock_monotonic_us() - due_us;
		before_us = atomic_load(&longest_us);
		while (late_us > before_us &&
			!atomic_compare_exchange_weak(&longest_us, &before_us, late_us))
			;
	}
	return NULL;
}

bool pulse_start(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	for (long i = 0; i < processors && i < PROCESSORS_MAX; i++) {
		pthread_t thread;
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((size_t)i, &set);
		if (pthread_create(&thread, NULL, beat, NULL) != 0)
			return false;
		(void)pthread_setaffinity_np(thread, sizeof set, &set);
		pthread_detach(thread);
	}
	return true;
}

void pulse_forget(void)
{
	atomic_store(&longest_us, 0);
}

int64_t pulse_longest_ms(void)
{
	return atomic_load(&longest_us) / 1000;
}
