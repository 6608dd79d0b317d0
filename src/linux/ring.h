/*
 * A bounded queue of records from one thread to another, without a lock: neither
 * end ever waits for the other. One thread puts, one takes.
 *
 * A record lies in one piece; where it does not fit before the end of the buffer
 * the rest of it is skipped.
 */
#ifndef STRETCH_LINUX_RING_H
#define STRETCH_LINUX_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two sensors at 208 Hz fill some 60 kB a second. */
#define RING_BYTES ((size_t)1 << 19)

struct ring {
	_Atomic uint64_t put, taken; /* bytes since the beginning */
	_Alignas(16) unsigned char bytes[RING_BYTES];
};

void ring_init(struct ring *ring);

/*
 * Copies a record in. kind: 1 or more, the taker's business. Returns false, with
 * nothing changed, when less than keep_free bytes would remain free.
 */
bool ring_put(struct ring *ring, uint32_t kind, const void *data, size_t size,
	size_t keep_free);

/* The oldest record, or NULL; it stays valid until ring_drop. */
const void *ring_take(struct ring *ring, uint32_t *kind);
void ring_drop(struct ring *ring);

/* Bytes waiting. */
size_t ring_used(const struct ring *ring);

#endif
