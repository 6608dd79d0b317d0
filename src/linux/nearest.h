/* The known word that a mistyped one most likely stands for. */
#ifndef STRETCH_LINUX_NEAREST_H
#define STRETCH_LINUX_NEAREST_H

#include <stddef.h>

/*
 * The word of the list (name(context, i), NULL ends it) with the fewest letters
 * inserted, left out, changed or swapped with a neighbour: at most 3, and fewer
 * than half of its letters. NULL when none is that near.
 */
const char *nearest_word(const char *word,
	const char *(*name)(const void *context, size_t index), const void *context);

#endif
