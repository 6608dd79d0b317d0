/*
 * Options that are a word or a yes: read from one table into their places.
 *
 * For subcommands whose options need no reading of their own; numbers and choices
 * are checked afterwards by who knows them.
 */
#ifndef STRETCH_STRETCHCTL_OPTIONS_H
#define STRETCH_STRETCHCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_MAX 16

/* One of text (an option with a value) and flag (one without) is set. */
struct option_slot {
	const char *name;
	char letter; /* of the short form; 0: none */
	const char **text;
	bool *flag;
};

/*
 * Reads argv[1]... into the slots. Returns 0, and the words that are no options
 * begin at optind; or the exit status for wrong usage, when getopt has said it.
 */
int options_read(const struct option_slot *slots, size_t count, int argc, char **argv);

/* "PROGRAM: TEXT: WHAT. see PROGRAM --help" on standard error; the exit status. */
int options_refuse(const char *program, const char *text, const char *what);

#endif
