/* Recording and simulated wearer as one kind of source; see source.h. */
#include "linux/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int open_wearer(struct source *source, const struct settings *set,
	const char *name, struct problem *problem)
{
	const struct wearer_preset *preset = wearer_preset_lookup(name);
	const char *wrong;

	if (preset == NULL) {
		problem_set(problem, "sensor: no simulated wearer for \"%s\". "
			"stretchctl simulate --help lists the exercises", name);
		return -EINVAL;
	}
	source->state = malloc(sizeof *source->state);
	if (source->state == NULL)
		return -ENOMEM;
	source->wearer = wearer_from_preset(preset, (enum side)set->side,
		set->pelvis != 0 ? 2 : 1, (uint64_t)set->seed, set->hold_s);
	wrong = wearer_init(source->state, &source->wearer);
	if (wrong == NULL)
		return 0;
	problem_set(problem, "sensor: simulate:%s: %s", name, wrong);
	source_close(source);
	return -EINVAL;
}

int source_open(struct source *source, const struct settings *set,
	struct problem *problem)
{
	const char *colon = strchr(set->sensor, ':');

	memset(source, 0, sizeof *source);
	if (strncmp(set->sensor, "simulate:", strlen("simulate:")) == 0)
		return open_wearer(source, set, colon + 1, problem);
	if (strncmp(set->sensor, "replay:", strlen("replay:")) == 0)
		return recording_open(&source->recording, colon + 1, NULL, problem);
	problem_set(problem, "sensor: \"%s\" is not replay:FILE or simulate:EXERCISE",
		set->sensor);
	return -EINVAL;
}

int source_next(struct source *source, struct sample *sample, struct problem *problem)
{
	int got;

	if (source->recording != NULL)
		got = recording_next(source->recording, sample, NULL, problem);
	else
		got = wearer_step(source->state, &source->wearer, sample, NULL) ? 1 : 0;
	if (got == 1)
		(void)raw_round(sample);
	return got;
}

bool source_has_pelvis(const struct source *source)
{
	if (source->recording != NULL)
		return (recording_parts(source->recording) & RAW_PELVIS) != 0;
	return source->wearer.sensors == 2;
}

bool source_torn(const struct source *source)
{
	return source->recording != NULL && recording_stats(source->recording).torn > 0;
}

void source_close(struct source *source)
{
	if (source->recording != NULL)
		recording_close(source->recording);
	free(source->state);
	memset(source, 0, sizeof *source);
}
