/* Records from thread to thread; see ring.h. */
#include "ring.h"

#include <string.h>

#define ALIGN 16

struct mark {
	uint32_t kind; /* SKIPPED: go on at the beginning of the buffer */
	uint32_t length; /* with the mark, a multiple of ALIGN */
	uint64_t unused; /* keeps what follows aligned */
};

#define SKIPPED 0

_Static_assert(sizeof(struct mark) == ALIGN, "records stay aligned");
_Static_assert((RING_BYTES & (RING_BYTES - 1)) == 0, "a power of two");

void ring_init(struct ring *ring)
{
	atomic_init(&ring->put, 0);
	atomic_init(&ring->taken, 0);
}

static struct mark *mark_at(struct ring *ring, uint64_t position)
{
	void *at = ring->bytes + (position & (RING_BYTES - 1));

	return at;
}

size_t ring_used(const struct ring *ring)
{
	uint64_t taken = atomic_load(&ring->taken);

	return (size_t)(atomic_load(&ring->put) - taken);
}

bool ring_put(struct ring *ring, uint32_t kind, const void *data, size_t size,
	size_t keep_free)
{
	uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
	size_t length = (sizeof(struct mark) + size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	size_t to_end = RING_BYTES - (size_t)(put & (RING_BYTES - 1));
	size_t need = to_end < length ? to_end + length : length;
	struct mark *mark;

	if (need + keep_free > RING_BYTES - ring_used(ring))
		return false;
	if (to_end < length) {
		mark = mark_at(ring, put);
		*mark = (struct mark){ .kind = SKIPPED, .length = (uint32_t)to_end };
		put += to_end;
	}
	mark = mark_at(ring, put);
	*mark = (struct mark){ .kind = kind, .length = (uint32_t)length };
	if (size > 0)
		memcpy(mark + 1, data, size);
	atomic_store(&ring->put, put + length);
	return true;
}

const void *ring_take(struct ring *ring, uint32_t *kind)
{
	uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
	const struct mark *mark;

	if (atomic_load(&ring->put) == taken)
		return NULL;
	mark = mark_at(ring, taken);
	if (mark->kind == SKIPPED) {
		taken += mark->length;
		atomic_store(&ring->taken, taken);
		mark = mark_at(ring, taken); /* put after it in one go */
	}
	*kind = mark->kind;
	return mark + 1;
}

void ring_drop(struct ring *ring)
{
	uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);

	atomic_store(&ring->taken, taken + mark_at(ring, taken)->length);
}
