/*
 * The list of what is wrong in a file that a person wrote: every mistake at once,
 * one line each, in the order of the file's lines.
 *
 *   FILE:LINE: key: what is wrong. what to write instead
 */
#ifndef STRETCH_LINUX_CONFIG_MISTAKES_H
#define STRETCH_LINUX_CONFIG_MISTAKES_H

#include <stddef.h>
#include <stdio.h>

#define CONFIG_MISTAKES_MAX 64

struct config_mistake {
	unsigned int line; /* 0: of no line; these come first */
	char text[640];    /* one line without newline, the place included */
};

struct config_mistakes {
	size_t count;   /* in list, in order of lines */
	size_t dropped; /* beyond CONFIG_MISTAKES_MAX */
	struct config_mistake list[CONFIG_MISTAKES_MAX];
};

void config_mistakes_clear(struct config_mistakes *mistakes);

/*
 * Adds one of the file or other place called name; line 0: of no line, key NULL:
 * of no key. Control characters become "?".
 */
void config_mistakes_add(struct config_mistakes *mistakes, const char *name,
	unsigned int line, const char *key, const char *wrong, const char *advice);

/* Every mistake on a line of out. */
void config_print_mistakes(const struct config_mistakes *mistakes, FILE *out);

#endif
