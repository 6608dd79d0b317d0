/*
 * The dialogue of an alignment: which pose comes now, how long it has been kept, what
 * was taken. A step function over the poses taken; calib_screen.h prints.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_POSES_H
#define STRETCH_STRETCHCTL_CALIB_POSES_H

#include "stretch/pose_take.h"
#include "stretchctl/calib_screen.h"

struct poses_guide {
	int32_t shown; /* poses that have their line */
	int32_t asked; /* pose asked for last, from 1 */
	bool was_still;
};

/* How to take a pose, in words; NULL: no alignment is learned from it. */
extern const char *const pose_words[POSE_COUNT];

void poses_guide_begin(struct poses_guide *guide, struct guide_text *text);

/* After each sample: new lines, and the status of the moment. */
void poses_guide_step(struct poses_guide *guide, const struct pose_taker *taker,
	struct guide_text *text);

/* All poses are there, and the last one had its time. */
bool poses_guide_done(const struct pose_taker *taker);

#endif
