/* A recording read to its end, for tests of what comes of it. */
#ifndef STRETCH_TESTS_RECORDING_ALL_H
#define STRETCH_TESTS_RECORDING_ALL_H

#include "linux/recording.h"

/*
 * Reads to the end or the first error, and once more: either stays. Returns the last
 * value of recording_next, or recording_open's error; samples themselves are dropped.
 */
int recording_all(const char *path, const struct recording_options *options,
	struct recording_stats *stats, struct problem *problem);

#endif
