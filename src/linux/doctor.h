/*
 * What is wrong with this machine, and what to do about it: the checks behind
 * `stretchctl doctor`.
 *
 * One table, one function a check. Each says one line or several; a line is fine, a
 * note (works, but know it) or bad (and then it says what to do). A check reads what
 * it needs of the system from struct doctor, so that a test gives it another machine.
 */
#ifndef STRETCH_LINUX_DOCTOR_H
#define STRETCH_LINUX_DOCTOR_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "linux/clock.h"
#include "linux/i2c_bus.h"
#include "linux/loop.h"
#include "stretch/setting.h"

enum doctor_mark { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_BAD, DOCTOR_MARKS };

extern const char *const doctor_mark_names[DOCTOR_MARKS]; /* "ok", "note", "bad" */

struct doctor_line {
	const char *check; /* name of the check */
	enum doctor_mark mark;
	char text[512];
};

struct doctor {
	const struct settings *settings;
	/* the machine: doctor_init fills in this one */
	const struct i2c_places *places;
	const char *root;      /* in front of /boot, /etc, /sys/class/rtc */
	int bits;              /* of this program's addresses */
	char machine[32];      /* as uname -m */
	enum clock_source trust;
	struct loop_clock clock; /* for the look at running sensors */
	double listen_s;         /* how long that takes */
	/* where the lines go */
	void (*say)(void *context, const struct doctor_line *line);
	void *context;

	const char *check;   /* that is running */
	int count[DOCTOR_MARKS];
	bool buses;          /* there is one that can be opened */
	bool asked;          /* for the daemon */
	json_t *status;      /* its answer; NULL: none runs */
};

struct doctor_check {
	const char *name, *help;
	void (*run)(struct doctor *doctor);
};

extern const struct doctor_check doctor_checks[];
extern const size_t doctor_check_count;

void doctor_init(struct doctor *doctor, const struct settings *settings,
	void (*say)(void *context, const struct doctor_line *line), void *context);

/* All checks in order, or the one of that name. Returns how many lines are bad. */
int doctor_run(struct doctor *doctor, const char *only);

/* For the checks: one line. */
void doctor_say(struct doctor *doctor, enum doctor_mark mark, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Releases what the checks have kept. */
void doctor_end(struct doctor *doctor);

/* The check of doctor_daemon.c, and those of doctor_bus.c. */
void doctor_daemon(struct doctor *doctor);
void doctor_buses(struct doctor *doctor);
void doctor_chips(struct doctor *doctor);
void doctor_sensors(struct doctor *doctor);

#endif
