/*
 * Where samples come from when no chip is wired: a recording (replay:FILE) or
 * the simulated wearer (simulate:EXERCISE). Same samples, same pipeline.
 */
#ifndef STRETCH_LINUX_SOURCE_H
#define STRETCH_LINUX_SOURCE_H

#include "linux/recording.h"
#include "stretch/setting.h"
#include "stretch/wearer.h"

struct source {
	struct recording *recording; /* replay */
	struct wearer_param wearer;  /* simulate */
	struct wearer_state *state;
};

/*
 * Opens settings->sensor. A simulation takes exercise, side, hold time and seed
 * from the settings. Returns 0, -EINVAL for a sensor of another kind, or a
 * negative errno of the recording.
 */
int source_open(struct source *source, const struct settings *settings,
	struct problem *problem);

/* Next sample, rounded as a recording holds it: 1, 0 at the end, or negative. */
int source_next(struct source *source, struct sample *sample, struct problem *problem);

/* Does it have a pelvis sensor? */
bool source_has_pelvis(const struct source *source);

/* Was the last row of a recording torn, and dropped? Known at its end. */
bool source_torn(const struct source *source);

void source_close(struct source *source);

#endif
