/*
 * The reminder to get up from sitting, while no session goes on. Due every so many
 * minutes since the last session or reminder, and only where somebody wears the
 * sensor: one that lies on a table has not moved for as long.
 */
#ifndef STRETCH_SITTING_H
#define STRETCH_SITTING_H

#include <stdbool.h>
#include <stdint.h>

#define SITTING_CUE_US 20000000 /* the reminder lasts that long */

struct sitting {
	int64_t since_us, moved_us;
	int64_t cue_us; /* the reminder began; INT64_MIN: none */
};

void sitting_init(struct sitting *state, int64_t t_us);

/* One moment; every_min NAN: never. True while the reminder is to be shown. */
bool sitting_step(struct sitting *state, double every_min, int64_t t_us, bool moved);

#endif
