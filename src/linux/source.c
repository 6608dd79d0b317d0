/* Sensors, recording and simulated wearer as one kind of source; see source.h. */
#include "linux/source.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE_US 50000 /* a lamp blinks meanwhile */
#define REST_LONGER_S 3.0 /* than the prescribed rest, which is the shortest */
#define BAND_INSIDE_DEG 3.0
#define EXTRA_PART 0.2 /* held longer than prescribed, at most */

static int find_preset(const char *name, const struct wearer_preset **preset,
	struct problem *problem)
{
	*preset = wearer_preset_lookup(name);
	if (*preset != NULL)
		return 0;
	problem_set(problem, "sensor: no simulated wearer for \"%s\". "
		"stretchctl simulate --help lists the exercises", name);
	return -EINVAL;
}

static struct wearer_param wearer_of(const struct wearer_preset *preset,
	const struct settings *set)
{
	return wearer_from_preset(preset, (enum side)set->side,
		set->pelvis != 0 ? 2 : 1, (uint64_t)set->seed, set->hold_s);
}

/* A wearer who does what the session asks for. */
static struct wearer_param wearer_for(const struct wearer_preset *preset,
	const struct session_inputs *in)
{
	const struct settings *set = &in->settings;
	struct wearer_param w = wearer_of(preset, set);
	double low = set->target_lo_deg, high = set->cap_deg;

	for (int i = 0; i < WEARER_HOLDS_MAX; i++)
		w.holds[i] = wearer_hold_default();
	if (set->reps > 0)
		w.hold_count = set->reps < WEARER_HOLDS_MAX ? set->reps : WEARER_HOLDS_MAX;
	/* a short hold must not become one that is too long */
	w.extra_s = fmin(w.extra_s, EXTRA_PART * w.prescribed_s);
	w.rest_s = fmax(w.rest_s, set->rest_s + REST_LONGER_S);
	if (isfinite(high))
		w.cap_deg = high;
	if (isfinite(low))
		w.band_low_deg = low;
	if (isfinite(low) && isfinite(high) && (w.angle_deg < low + BAND_INSIDE_DEG ||
			w.angle_deg > high - BAND_INSIDE_DEG))
		w.angle_deg = 0.5 * (low + high);
	w.strapped = in->have_alignment;
	if (w.strapped)
		w.calm_raises = session_raises(in);
	return w;
}

static int begin_wearer(struct source *source, const char *name, struct problem *problem)
{
	const char *wrong;

	source->state = malloc(sizeof *source->state);
	if (source->state == NULL) {
		problem_set(problem, "sensor: no memory for the simulated wearer");
		return -ENOMEM;
	}
	wrong = wearer_init(source->state, &source->wearer);
	if (wrong == NULL)
		return 0;
	problem_set(problem, "sensor: simulate:%s: %s", name, wrong);
	source_close(source);
	return -EINVAL;
}

static int open_sensors(struct source *source, const struct settings *set,
	struct problem *problem)
{
	int error;

	source->sensors = malloc(sizeof *source->sensors);
	if (source->sensors == NULL) {
		problem_set(problem, "sensor: no memory");
		return -ENOMEM;
	}
	error = sensors_open(source->sensors, &i2c_places_system, set, problem);
	if (error != 0) {
		free(source->sensors);
		source->sensors = NULL;
	}
	return error;
}

static int open_wearer(struct source *source, const struct settings *set,
	const char *name, struct problem *problem)
{
	const struct wearer_preset *preset;
	int error = find_preset(name, &preset, problem);

	if (error != 0)
		return error;
	source->wearer = wearer_of(preset, set);
	return begin_wearer(source, name, problem);
}

int source_open(struct source *source, const struct settings *set,
	struct problem *problem)
{
	const char *colon = strchr(set->sensor, ':');

	memset(source, 0, sizeof *source);
	source->speed = set->speed;
	if (strncmp(set->sensor, "i2c:", strlen("i2c:")) == 0)
		return open_sensors(source, set, problem);
	if (source_simulated(set))
		return open_wearer(source, set, colon + 1, problem);
	if (strncmp(set->sensor, "replay:", strlen("replay:")) == 0)
		return recording_open(&source->recording, colon + 1, NULL, problem);
	problem_set(problem, "sensor: \"%s\" is not i2c:BUS, replay:FILE or "
		"simulate:EXERCISE", set->sensor);
	return -EINVAL;
}

int source_open_step(struct source *source, const struct session_inputs *in,
	struct problem *problem)
{
	const char *name = exercise_names[in->settings.exercise];
	const struct wearer_preset *preset;
	int error;

	if (!source_simulated(&in->settings) || in->settings.prescription[0] == '\0')
		return source_open(source, &in->settings, problem);
	memset(source, 0, sizeof *source);
	source->speed = in->settings.speed;
	error = find_preset(name, &preset, problem);
	if (error != 0)
		return error;
	source->wearer = wearer_for(preset, in);
	return begin_wearer(source, name, problem);
}

void source_none(struct source *source)
{
	memset(source, 0, sizeof *source);
	source->none = true;
}

bool source_is_none(const struct source *source)
{
	return source->none;
}

bool source_simulated(const struct settings *set)
{
	return strncmp(set->sensor, "simulate:", strlen("simulate:")) == 0;
}

bool source_live(const struct settings *set)
{
	return !source_simulated(set) && strncmp(set->sensor, "replay:",
		strlen("replay:")) != 0;
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

/* Not live: the sample's own time, since the first one, times the speed. */
static int poll_played(struct source *source, int64_t now_us, struct sample *sample,
	int64_t *wake_us, struct problem *problem)
{
	if (!source->is_waiting) {
		int got = source_next(source, &source->waiting, problem);

		if (got != 1)
			return got;
		source->is_waiting = true;
	}
	if (!source->started) {
		source->started = true;
		source->start_us = now_us;
		source->first_us = source->waiting.t_us;
	}
	*wake_us = source->start_us +
		llround((double)(source->waiting.t_us - source->first_us) / source->speed);
	if (*wake_us > now_us)
		return SOURCE_WAIT;
	*sample = source->waiting;
	source->is_waiting = false;
	return SOURCE_SAMPLE;
}

int source_poll(struct source *source, int64_t now_us, struct sample *sample,
	int64_t *wake_us, struct problem *problem)
{
	int got;

	if (source->none) {
		*wake_us = now_us + NONE_US;
		return SOURCE_WAIT;
	}
	if (source->sensors == NULL)
		return poll_played(source, now_us, sample, wake_us, problem);
	got = sensors_poll(source->sensors, now_us, sample, wake_us, problem);
	return got == 0 ? SOURCE_WAIT : got;
}

void source_prepare(const struct source *source, struct session_inputs *in)
{
	in->mode = source_has_pelvis(source) ? MODE_THIGH_PELVIS : MODE_THIGH;
	if (source->sensors != NULL)
		sensors_full_scales(source->sensors, in->calib);
}

json_t *source_json(const struct source *source)
{
	return source->sensors != NULL ? sensors_json(source->sensors) : NULL;
}

bool source_say(const struct event *event, char text[SOURCE_TEXT_MAX])
{
	bool sensor = false;

	for (int site = 0; site < SITE_COUNT; site++)
		sensor = sensor || strcmp(event->word[0], site_names[site]) == 0;
	if (event->kind == EVENT_RECOVERED) {
		snprintf(text, SOURCE_TEXT_MAX, "%s%s: back again", event->word[0],
			sensor ? " sensor" : "");
		return true;
	}
	if (event->kind != EVENT_FAULT)
		return false;
	snprintf(text, SOURCE_TEXT_MAX, "%s: %s", event->word[0], event->word[1]);
	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		if (sensor && strcmp(imu_fault_names[i], event->word[1]) == 0)
			snprintf(text, SOURCE_TEXT_MAX, "%s sensor: %s: %s",
				event->word[0], event->word[1], imu_fault_advice[i]);
	return true;
}

bool source_has_pelvis(const struct source *source)
{
	if (source->sensors != NULL)
		return sensors_has(source->sensors, SITE_PELVIS);
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
	if (source->sensors != NULL)
		sensors_close(source->sensors);
	free(source->sensors);
	free(source->state);
	memset(source, 0, sizeof *source);
}
