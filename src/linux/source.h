/*
 * Where samples come from: sensors on a bus (i2c:BUS), a recording (replay:FILE) or
 * the simulated wearer (simulate:EXERCISE). Same samples, same pipeline.
 */
#ifndef STRETCH_LINUX_SOURCE_H
#define STRETCH_LINUX_SOURCE_H

#include "linux/recording.h"
#include "linux/sensors.h"
#include "stretch/session.h"
#include "stretch/wearer.h"

struct source {
	struct recording *recording; /* replay */
	struct wearer_param wearer;  /* simulate */
	struct wearer_state *state;
	struct sensors *sensors;     /* i2c */
	double speed;                /* times real time, of the other two */
	struct sample waiting;       /* read, and not yet due */
	bool is_waiting;
	bool none;                   /* see source_none */
	int64_t start_us, first_us;  /* the first sample was due then; its time */
	bool started;
};

enum source_got { SOURCE_END, SOURCE_SAMPLE, SOURCE_WAIT };

/*
 * Opens settings->sensor. A simulation takes exercise, side, hold time and seed
 * from the settings. Returns 0, -EINVAL for a sensor of another kind, or a
 * negative errno of the recording or of sensors_open.
 */
int source_open(struct source *source, const struct settings *settings,
	struct problem *problem);

/*
 * The same for one session of a prescription: a simulated wearer does the session's
 * exercise, whatever sensor says, as often as prescribed and within its band, and
 * learns the straps only where the session does not know them.
 */
int source_open_step(struct source *source, const struct session_inputs *inputs,
	struct problem *problem);

/* A source that only lets time go on, until there is a real one. */
void source_none(struct source *source);
bool source_is_none(const struct source *source);

/*
 * Next sample, rounded as a recording holds it: 1, 0 at the end, or negative. Not for
 * sensors, which have no next one before its time: source_poll.
 */
int source_next(struct source *source, struct sample *sample, struct problem *problem);

/*
 * The sample that is due at now_us (CLOCK_MONOTONIC, read just before), whatever the
 * source: SOURCE_SAMPLE; SOURCE_WAIT: none before *wake_us, which may be now_us;
 * SOURCE_END; or a negative errno. Never waits.
 */
int source_poll(struct source *source, int64_t now_us, struct sample *sample,
	int64_t *wake_us, struct problem *problem);

/* What a session has to know of it: the mode, and full scales that are not calibrated. */
void source_prepare(const struct source *source, struct session_inputs *inputs);

/* For session.json; NULL when there are no sensors. */
json_t *source_json(const struct source *source);

/* A fault or a recovery in words, with what to do; false: the event is neither. */
#define SOURCE_TEXT_MAX 256
bool source_say(const struct event *event, char text[SOURCE_TEXT_MAX]);

/* Is it played by the simulated wearer; is it worn by somebody now? */
bool source_simulated(const struct settings *settings);
bool source_live(const struct settings *settings);

/* Does it have a pelvis sensor? */
bool source_has_pelvis(const struct source *source);

/* Was the last row of a recording torn, and dropped? Known at its end. */
bool source_torn(const struct source *source);

void source_close(struct source *source);

#endif
