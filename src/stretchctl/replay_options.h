/* What stretchctl replay is asked to do. */
#ifndef STRETCH_STRETCHCTL_REPLAY_OPTIONS_H
#define STRETCH_STRETCHCTL_REPLAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "linux/config.h"

#define REPLAY "stretchctl replay"
#define REPLAY_WORDS_MAX 64
#define REPLAY_NAMED 5 /* three options that are settings; two that the recording says */

struct replay_options {
	const char *path; /* of a recording or a session folder */
	const char *output, *config, *inputs;
	const char *words[REPLAY_WORDS_MAX]; /* KEY=VALUE, the later one wins */
	size_t word_count;
	char named[REPLAY_NAMED][SETTING_LINE_MAX + 16];
	size_t named_count;
	double reference_from_s, reference_to_s; /* NAN: the wearer's own */
	int sensors;                             /* 0: as the recording has */
	bool force, quiet, smooth, help;
};

void replay_print_help(void);

/* 0, or the exit status: what is wrong has been said. The words point into argv and into
 * the options, which therefore stay where they are. */
int replay_options_read(struct replay_options *options, int argc, char **argv);

/*
 * Exercise and side of the start event that the recording begins with, where neither the
 * command line, a settings file nor inputs.json says them. A recording that cannot be
 * read is told by whoever reads it next.
 */
void replay_options_from_start(struct replay_options *options);

#endif
