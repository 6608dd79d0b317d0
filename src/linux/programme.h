/*
 * The daemon's programme: a prescription turned into sessions, one after another.
 *
 * A run is one time through the items of the present time of day. Its steps share
 * one run_id; a step is one session (one exercise, one side, one strapping).
 * Between two sides the sensor moves (restrap) and is learned anew; otherwise the
 * alignment goes on to the next step.
 *
 * Without a prescription file the one exercise of the settings is the programme.
 * A prescription file, and a sensor that somebody wears, need to be accepted
 * first (stretchctl accept); a recording or a simulated wearer alone do not.
 */
#ifndef STRETCH_LINUX_PROGRAMME_H
#define STRETCH_LINUX_PROGRAMME_H

#include <jansson.h>
#include <stdio.h>

#include "linux/accepted.h"
#include "linux/clock.h"
#include "stretch/prescription.h"
#include "stretch/session.h"

#define PROGRAMME_RUN_ID_MAX 17 /* 16 hexadecimal digits */
#define PROGRAMME_EVENT_DIGITS 16 /* of the digest in reload:<sha> */

/* A prescription with what tells it from others. */
struct programme_text {
	struct prescription prescription;
	char digest[SHA256_TEXT];
};

struct programme {
	const struct settings *settings; /* as configured; the caller's */
	const char *config; /* file they are of, for what people are told; or NULL */
	bool from_file;
	struct programme_text now, next;
	bool next_waits;     /* next was loaded by SIGHUP: it begins with a run */
	bool reload_due;     /* its event is not in a recording yet */
	struct accepted accepted;

	char run_id[PROGRAMME_RUN_ID_MAX];
	int32_t slot;        /* enum slot, or PRESCRIPTION_ANY_SLOT */
	int32_t count, at;   /* at == count: the run is over */
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];

	/* what the step before leaves for the next one on the same leg */
	bool strapped;
	struct alignment align[SITE_COUNT];
	bool have_curve;
	struct pelvis_curve curve;
};

/*
 * Reads the prescription of the settings (kept by pointer). Mistakes and blanks
 * go to err, a line each. 0, -EBADMSG with mistakes, or another -errno.
 */
int programme_load(struct programme *p, const struct settings *settings, FILE *err);

/*
 * The file again (SIGHUP): a good one is kept for the next run, a bad one leaves
 * everything as it was. Either way err says so. 0 or as programme_load.
 */
int programme_reload(struct programme *p, FILE *err);

/* Puts a reload that is due into the sample's event cell, when that is free. */
void programme_event(struct programme *p, struct sample *sample);

/* What programme_begin would return now, and problem; nothing is begun or changed. */
int programme_look(const struct programme *p, enum clock_source trust,
	struct problem *problem);

/*
 * Begins a run: takes a prescription that waits, looks whether it is accepted,
 * chooses the time of day, lists the steps. Returns how many, or 0 with the
 * reason and what to do in problem, or -errno.
 */
int programme_begin(struct programme *p, enum clock_source trust,
	struct problem *problem);

/* The present step; NULL when the run is over. */
const struct prescription_step *programme_step(const struct programme *p);

/*
 * Settings and inputs of the present step. 0, -EINVAL when the step cannot be
 * done with these settings, or a calibration file's error. Mode is the caller's.
 */
int programme_inputs(const struct programme *p, struct session_inputs *inputs,
	struct problem *problem);

/*
 * Inputs of no session: dark, until the wearer moves or presses. Between runs of a
 * sensor that is worn, and while nothing is accepted.
 */
int programme_wait_inputs(const struct programme *p, struct session_inputs *inputs,
	struct problem *problem);

/* What inputs.json and session.json say of it; NULL without memory. */
json_t *programme_json(const struct programme *p);

/*
 * A session has ended. A step in which nobody began a hold for idle_min is done
 * again, the straps learned anew (not by the simulated wearer, who would never
 * begin); any other leads to the next one. True while a step is left.
 */
bool programme_ended(struct programme *p, const struct session_inputs *inputs,
	const struct session_state *state);

/* "exercise, side: step 2 of 4", for log and terminal. */
void programme_say(const struct programme *p, char *text, size_t size);

#endif
