/*
 * One moment of measurement: what a recording's row holds and what the core sees.
 *
 * SI units, sensor frame, specific force (at rest the accelerometer points up).
 * Time is microseconds since the session began, on the learned sample clock; a
 * recording prints it with six decimals, so nothing is lost on the way.
 */
#ifndef STRETCH_SAMPLE_H
#define STRETCH_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/vec.h"

enum site { SITE_THIGH, SITE_PELVIS, SITE_COUNT };

extern const char *const site_names[SITE_COUNT]; /* "thigh", "pelvis" */

struct imu_reading {
	bool present; /* false: no valid reading of this sensor in this row */
	struct vec3 acc_m_s2;
	struct vec3 gyr_rad_s;
	double temp_c; /* NAN when not measured */
};

/* What happened between the sample before and this one. */
enum event_kind {
	EVENT_NONE,
	EVENT_REFERENCE, /* take the reference pose now */
	EVENT_START,     /* argument: exercise and side */
	EVENT_STOP,      /* argument: reason */
	EVENT_NEXT,
	EVENT_PRESS,     /* short press of the button */
	EVENT_FAULT,     /* argument: site and name */
	EVENT_RECOVERED, /* argument: site */
	EVENT_RELOAD,    /* argument: hash of the new prescription */
	EVENT_COUNT
};

#define EVENT_WORD_MAX 32

struct event {
	enum event_kind kind;
	char word[2][EVENT_WORD_MAX]; /* the arguments, "" when absent */
};

struct sample {
	int64_t t_us;
	struct imu_reading imu[SITE_COUNT];
	struct event event;
};

/* A reference value that came with the row (simulator, laboratory). */
struct truth {
	double thigh_elevation_deg, pelvis_tilt_deg, hip_flexion_deg; /* NAN: none */
};

/*
 * Reads one event cell ("press", "stop:pain", "start:lying-towel:left").
 * Returns 0, or -EINVAL-like -1 for an unknown word, a missing, surplus or
 * over-long argument; *event is then EVENT_NONE.
 */
int event_parse(const char *text, struct event *event);

/* Writes the cell; text holds 3 * EVENT_WORD_MAX bytes. EVENT_NONE gives "". */
void event_format(const struct event *event, char *text);

#endif
