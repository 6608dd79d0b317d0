/*
 * The sensors of a running daemon as a source of samples: its raw stream. For programs
 * that would else open the bus themselves.
 */
#ifndef STRETCH_LINUX_CONTROL_SAMPLES_H
#define STRETCH_LINUX_CONTROL_SAMPLES_H

#include "linux/control_link.h"
#include "stretch/calib.h"
#include "stretch/chip.h"
#include "stretch/sample.h"

struct control_samples {
	struct control_link link;
	bool has[SITE_COUNT];
	const struct chip *chip[SITE_COUNT]; /* NULL: not known yet */
};

/*
 * Connects and asks for the stream. 0; -ENODEV when the daemon has no sensors on a bus;
 * an error of control_link_open.
 */
int control_samples_open(struct control_samples *samples, const char *path,
	struct problem *problem);

/* 1 with *sample, rounded as a recording holds it; 0 when none came in time, or a
 * signal did; or an error of control_link_read. */
int control_samples_next(struct control_samples *samples, int timeout_ms,
	struct sample *sample, struct problem *problem);

/* Full scales of the chips, where the calibration does not know them. */
void control_samples_full_scales(const struct control_samples *samples,
	struct calib calib[SITE_COUNT]);

void control_samples_close(struct control_samples *samples);

/* An object of class "sample" as one; false: it is none. What is null is absent. */
bool control_sample_read(const json_t *object, struct sample *sample);

#endif
