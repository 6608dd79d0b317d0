/*
 * Distance between words: optimal string alignment (Levenshtein's with swaps of
 * neighbours), three rows of the table at a time.
 */
#include "nearest.h"

#include <string.h>

#define WORD_MAX 48
#define FAR 4

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
	size_t row[3][WORD_MAX + 1];
	size_t *before = row[0], *last = row[1], *now = row[2];

	for (size_t j = 0; j <= n; j++)
		last[j] = j;
	memcpy(before, last, sizeof(row[0]));
	for (size_t i = 1; i <= m; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t same = a[i - 1] == b[j - 1] ? 0 : 1;

			now[j] = smaller(smaller(last[j] + 1, now[j - 1] + 1),
				last[j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				now[j] = smaller(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[n];
}

const char *nearest_word(const char *word,
	const char *(*name)(const void *context, size_t index), const void *context)
{
	size_t length = strlen(word);
	const char *best = NULL;
	size_t best_distance = FAR;
	const char *known;

	if (length > WORD_MAX)
		return NULL;
	for (size_t i = 0; (known = name(context, i)) != NULL; i++) {
		size_t known_length = strlen(known);
		size_t d;

		if (known_length > WORD_MAX)
			continue;
		d = distance(word, length, known, known_length);
		if (d < best_distance && 2 * d < known_length) {
			best = known;
			best_distance = d;
		}
	}
	return best;
}
