/* Options from a table; see options.h. */
#include "stretchctl/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "stretchctl/command.h"

#define FIRST 256 /* beyond every letter */

int options_read(const struct option_slot *slots, size_t count, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 1];
	size_t used = 0;
	int option;

	assert(count <= OPTIONS_MAX);
	memset(longs, 0, sizeof longs);
	for (size_t i = 0; i < count; i++) {
		longs[i].name = slots[i].name;
		longs[i].has_arg =
			slots[i].text != NULL ? required_argument : no_argument;
		longs[i].val = FIRST + (int)i;
		if (slots[i].letter == '\0')
			continue;
		letters[used++] = slots[i].letter;
		if (slots[i].text != NULL)
			letters[used++] = ':';
	}
	letters[used] = '\0';
	optind = 0; /* from the first word again */
	while ((option = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		for (size_t i = 0; i < count; i++) {
			if (option != FIRST + (int)i && option != slots[i].letter)
				continue;
			if (slots[i].text != NULL)
				*slots[i].text = optarg;
			else
				*slots[i].flag = true;
		}
	}
	return 0;
}

int options_refuse(const char *program, const char *text, const char *what)
{
	fprintf(stderr, "%s: %s: %s. see %s --help\n", program, text, what, program);
	return EXIT_USAGE;
}
