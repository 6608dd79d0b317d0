/*
 * What export and report share: which sessions, read with progress on a terminal
 * and a line for each session that cannot be read.
 */
#ifndef STRETCH_STRETCHCTL_HISTORY_OPTIONS_H
#define STRETCH_STRETCHCTL_HISTORY_OPTIONS_H

#include "linux/history.h"
#include "stretch/setting.h"

/* Values of getopt_long for these; a command's own begin at HISTORY_OPTION_END. */
enum {
	HISTORY_STATE_DIR = 1000,
	HISTORY_WEARER,
	HISTORY_SINCE,
	HISTORY_UNTIL,
	HISTORY_EXERCISE,
	HISTORY_SIDE,
	HISTORY_OPTION_END
};

#define HISTORY_LONG_OPTIONS \
	{ "state-dir", required_argument, NULL, HISTORY_STATE_DIR }, \
	{ "wearer", required_argument, NULL, HISTORY_WEARER }, \
	{ "since", required_argument, NULL, HISTORY_SINCE }, \
	{ "until", required_argument, NULL, HISTORY_UNTIL }, \
	{ "exercise", required_argument, NULL, HISTORY_EXERCISE }, \
	{ "side", required_argument, NULL, HISTORY_SIDE }

/* Their lines of --help. */
extern const char history_options_help[];

struct history_options {
	const char *program; /* "stretchctl export" */
	struct history_choice choice;
	struct settings service; /* whence the default of state_dir */
	bool shown;               /* progress is on the screen */
};

void history_options_init(struct history_options *options, const char *program);

/* Takes one of the values above with its argument. 0, or the exit status. */
int history_options_take(struct history_options *options, int option, const char *text);

/*
 * Reads the history. 0; EXIT_NO: some session cannot be read, the others are there;
 * another exit status, with nothing to free. What is wrong has been said.
 */
int history_options_read(struct history_options *options, struct history *history);

#endif
