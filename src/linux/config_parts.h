/* What the parts of config.c share; nothing here is for others. */
#ifndef STRETCH_LINUX_CONFIG_PARTS_H
#define STRETCH_LINUX_CONFIG_PARTS_H

#include "config.h"

/* A file on its way through: what was found where. */
struct config_scan {
	const char *name; /* of the file, for mistakes */
	struct config_mistakes *mistakes;
	unsigned int line_of[CONFIG_KEYS_MAX]; /* 0: not in the file */
	bool by_word[CONFIG_KEYS_MAX];         /* set on the command line */
	bool bad[CONFIG_KEYS_MAX];             /* a mistake was told already */
	char *clean; /* the file as libconfuse gets it, same line numbers */
	size_t clean_size, clean_length;
};

/*
 * Checks the shape of every line and every key, and writes to scan->clean what
 * is right: no comments, no line with a mistake, sections closed.
 */
void config_scan_text(struct config_scan *scan, const char *text, size_t length);

/* Adds "PLACE: key: wrong. advice", in order; line 0 is the file as a whole. */
void config_mistake(struct config_scan *scan, unsigned int line, const char *key,
	const char *wrong, const char *advice);

/* "write a number from 3 to 600 s" and the like, into text. */
void config_expected(const struct setting *setting, char *text, size_t size);

/* Checks and stores one value; on a mistake fills wrong and returns false. */
bool config_store(struct settings *settings, const struct setting *setting,
	const char *value, char *wrong, size_t size);

/* "did you mean ...?" for an unknown key, into text. */
void config_suggest(const char *key, char *text, size_t size);

#endif
