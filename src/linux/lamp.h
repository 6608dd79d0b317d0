/*
 * The wearer's lamp on real lines: which line is which colour, in few writes.
 *
 * With three LEDs each colour has its own line; with an RGB LED amber is red
 * and green together. Lines go through a function, so that a test can stand in
 * for the GPIO.
 */
#ifndef STRETCH_LINUX_LAMP_H
#define STRETCH_LINUX_LAMP_H

#include <stdbool.h>
#include <stddef.h>

#include "stretch/lamp.h"
#include "stretch/setting.h"

#include "lines.h"
#include "problem.h"

/* set: 0 or -errno. */
struct lamp_output {
	int (*set)(void *context, size_t index, bool on);
	void *context;
};

enum lamp_line { LAMP_RED, LAMP_AMBER, LAMP_GREEN, LAMP_BUZZER, LAMP_LINE_COUNT };

/* Plain data, may be copied. */
struct lamp_driver {
	struct lamp_output output;
	int index[LAMP_LINE_COUNT]; /* line number, -1: not wired */
	bool rgb, quiet;
	bool lit[LAMP_LINE_COUNT];  /* what the lines show */
	bool known[LAMP_LINE_COUNT]; /* false after a failed write */
	unsigned long writes, errors;
};

/*
 * The lines that the settings ask for, in requests (LINES_MAX), and where each
 * is wired in driver. Returns how many; 0 with led_mode none or terminal. A
 * button, if wired, is the last request, its number in *button, else -1.
 */
size_t lamp_plan(const struct settings *settings, struct lamp_driver *driver,
	struct line_request requests[LINES_MAX], int *button);

/* Lines of lines.h behind driver->output. All are dark by then. */
void lamp_attach(struct lamp_driver *driver, struct lines *lines);

/*
 * Shows the picture, writing only lines that change, dark ones first. Returns 0
 * or the first -errno; a line that failed is written again next time.
 */
int lamp_show(struct lamp_driver *driver, const struct lamp *lamp);

/* All dark, every line written whatever is known. 0 or the first -errno. */
int lamp_dark(struct lamp_driver *driver);

/*
 * Step of the lamp test: at elapsed_ms since its start (all dark, red, amber,
 * green, a chirp, dark) fills *lamp. False when the test is over.
 */
bool lamp_test(long elapsed_ms, struct lamp *lamp);

/*
 * For `stretchd --dark`: takes each output of the settings, which makes it dark,
 * and releases it. 0, or the first -errno with one line in problem.
 */
int lamp_make_dark(const struct settings *settings, struct problem *problem);

#endif
