/*
 * Orientation of a finished recording: the filter of orient.h forwards, then once
 * backwards, so that every sample knows what came after it. For review, not live.
 *
 * Memory is the caller's: about 1 kB for each 0.2 s of recording, beside samples
 * and result.
 */
#ifndef STRETCH_SMOOTH_H
#define STRETCH_SMOOTH_H

#include <stddef.h>

#include "stretch/orient.h"

struct smooth_sample {
	double dt_s; /* since the sample before, as for orient_step */
	struct vec3 acc_m_s2, gyr_rad_s;
	bool gap; /* as if orient_gap were called before it */
};

/*
 * orient_default() with what is right when the future is known: velocity may be
 * trusted less (no delay is paid for patience), and so may the factory trim be
 * taken to be better.
 */
struct orient_param smooth_default(void);

/* Bytes of memory that smooth_run needs for these samples. */
size_t smooth_memory_size(const struct orient_param *param,
	const struct smooth_sample *samples, size_t count);

/*
 * Writes the attitude (sensor -> level, heading arbitrary; quat_up() of it is up in
 * the sensor frame) of every sample. A skipped sample has that of the one before;
 * before the first usable one all four are MISSING. memory: aligned as malloc does.
 * Returns 0, or -1 when size is too small (attitude is then of no use).
 */
int smooth_run(const struct orient_param *param, const struct smooth_sample *samples,
	size_t count, struct quat *attitude, void *memory, size_t size);

#endif
