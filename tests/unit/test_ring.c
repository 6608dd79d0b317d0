/*
 * Records from thread to thread: order, wrapping, the room kept free, and that
 * nothing is torn while both ends run. Expected values: the records that were put.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linux/ring.h"
#include "stretch/random.h"

#define RECORDS 200000
#define SIZE_MAX_BYTES 700

static struct ring ring;

/* Record k: its size and bytes follow from k. */
static size_t make_record(uint32_t k, unsigned char *data)
{
	size_t size = 4 + (k * 37u) % (SIZE_MAX_BYTES - 4);

	memset(data, (int)(k & 0xff), size);
	memcpy(data, &k, sizeof k);
	return size;
}

static void comes_out_in_order(void **state)
{
	const uint32_t values[3] = { 7, 8, 9 };
	uint32_t kind;

	(void)state;
	ring_init(&ring);
	assert_null(ring_take(&ring, &kind));
	for (uint32_t i = 0; i < 3; i++)
		assert_true(ring_put(&ring, i + 1, &values[i], sizeof values[i], 0));
	for (uint32_t i = 0; i < 3; i++) {
		const uint32_t *got = ring_take(&ring, &kind);

		assert_int_equal(*got, values[i]);
		assert_int_equal(kind, i + 1);
		ring_drop(&ring);
	}
	assert_null(ring_take(&ring, &kind));
	assert_int_equal(ring_used(&ring), 0);
}

/* A record of 16 bytes takes 32 with its mark: 16384 fill the ring. */
static void keeps_room_free(void **state)
{
	unsigned char data[16] = { 1 };
	size_t count = 0, kept = RING_BYTES / 4;

	(void)state;
	ring_init(&ring);
	while (ring_put(&ring, 1, data, sizeof data, kept))
		count++;
	assert_int_equal(count, (RING_BYTES - kept) / 32);
	while (ring_put(&ring, 1, data, sizeof data, 0))
		count++;
	assert_int_equal(count, RING_BYTES / 32);
}

static void *put_all(void *context)
{
	unsigned char data[SIZE_MAX_BYTES];

	for (uint32_t k = 0; k < RECORDS; k++) {
		size_t size = make_record(k, data);

		while (!ring_put(context, 1 + k % 5, data, size, 0))
			; /* full: the other end is at work */
	}
	return NULL;
}

static void two_threads_agree(void **state)
{
	unsigned char expected[SIZE_MAX_BYTES];
	pthread_t thread;

	(void)state;
	ring_init(&ring);
	assert_int_equal(pthread_create(&thread, NULL, put_all, &ring), 0);
	for (uint32_t k = 0; k < RECORDS; k++) {
		size_t size = make_record(k, expected);
		const void *got;
		uint32_t kind;

		while ((got = ring_take(&ring, &kind)) == NULL)
			;
		if (kind != 1 + k % 5 || memcmp(got, expected, size) != 0)
			fail_msg("record %u is another one", k);
		ring_drop(&ring);
	}
	pthread_join(thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_out_in_order),
		cmocka_unit_test(keeps_room_free),
		cmocka_unit_test(two_threads_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
