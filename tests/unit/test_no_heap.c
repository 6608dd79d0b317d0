/*
 * No heap in the sample path: malloc and its kin are this program's own here, and
 * count. A whole set with two sensors, from the chips' FIFOs to the rows on the disk,
 * a sensor pulled out and put back in. What opens and closes a session may allocate;
 * the loop may not, but where a session folder gets its name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/live_rig.h"
#include "../support/temp_files.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEAP_IS_OURS 0 /* the sanitizer has its own */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HEAP_IS_OURS 0
#endif
#endif
#ifndef HEAP_IS_OURS
#define HEAP_IS_OURS 1
#endif

/* volatile: a compiler takes it that malloc leaves a program's variables alone */
static _Thread_local volatile bool counting;
static _Thread_local volatile uint64_t calls;

#if HEAP_IS_OURS
/* glibc's own names for what is replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *old);

void *malloc(size_t size)
{
	calls = calls + counting;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	calls = calls + counting;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	calls = calls + counting;
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	calls = calls + counting;
	return __libc_memalign(alignment, size);
}

void free(void *old)
{
	calls = calls + (counting && old != NULL);
	__libc_free(old);
}
#endif

static struct live_rig rig;
static uint64_t in_path, in_naming;

/* Behind each sample: whose calls were they? */
static void watch(struct live_rig *r, const struct sample *sample)
{
	(void)sample;
	if (r->run.out.begun)
		in_naming += calls;
	else
		in_path += calls;
	calls = 0;
}

static void pull(struct live_rig *r, double t_s)
{
	bool out = t_s >= 100.0 && t_s < 105.0;
	struct emul *chip = &r->chip[SITE_PELVIS];

	if (chip->refuses && !out)
		emul_power_cycle(chip);
	chip->refuses = out;
}

static void test_sample_path(void **state)
{
	void *(*volatile take)(size_t) = malloc;
	void (*volatile give)(void *) = free;

	(void)state;
	if (!HEAP_IS_OURS) {
		puts("# skipped: the sanitizer's heap cannot be replaced");
		skip();
	}
	/* The counter counts: else the rest would prove nothing. */
	counting = true;
	give(take(10));
	counting = false;
	assert_int_equal(calls, 2);
	calls = 0;

	temp_make();
	live_init(&rig, 2, 5);
	rig.watch = watch;
	rig.world = pull;
	live_begin(&rig, temp_path("state"));
	counting = true;
	(void)live_loop(&rig);
	counting = false;
	live_end(&rig);
	in_path += calls;
	temp_remove();
	printf("# %llu samples, %d holds, %d events: %llu heap calls in the sample path, "
	       "%llu where folders are named\n",
		(unsigned long long)rig.samples, rig.holds, rig.events,
		(unsigned long long)in_path, (unsigned long long)in_naming);
	assert_int_equal(rig.holds, 3);
	assert_int_equal(rig.events, 2);
	assert_int_equal(in_path, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
