/*
 * The shape of a file that a person writes, line by line: the settings and the
 * prescription share it.
 *
 *   WORD {              a section; with titles also WORD TITLE {
 *       key = value
 *   }
 *
 * Comments go from # to the end of the line. What a key or a value may be is the
 * caller's business; a line too long, a control character and text behind a brace
 * are told here.
 */
#ifndef STRETCH_LINUX_CONFIG_LINES_H
#define STRETCH_LINUX_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "config_mistakes.h"

#define CONFIG_LINE_MAX 512   /* bytes of a line without its newline */
#define CONFIG_FILE_MAX 65536 /* bytes of a file */
#define CONFIG_BLANKS " \t"

enum config_line {
	CONFIG_LINE_END,   /* no more lines */
	CONFIG_LINE_NONE,  /* blank, a comment, or a mistake that was told */
	CONFIG_LINE_OPEN,  /* word, and title when there is one */
	CONFIG_LINE_CLOSE,
	CONFIG_LINE_KEY,   /* word ("" when missing), value (NULL: no =) */
};

/* Fill name, mistakes, titles, text and length; the rest zero. */
struct config_lines {
	const char *name;
	struct config_mistakes *mistakes;
	bool titles; /* a section may have a title */
	const char *text;
	size_t length;

	/* of the line read last; valid until the next */
	unsigned int line;
	char *word;
	char *title; /* "" when there is none; of a key without =: what follows it */
	char *value; /* the rest of the line, comment included */

	size_t at;
	char buffer[2 * (CONFIG_LINE_MAX + 1)];
};

enum config_line config_lines_next(struct config_lines *lines);

/* Cuts a title or a value without quotes before its comment and blanks. */
void config_cut_comment(char *text);

/*
 * Reads a whole file, one byte more than CONFIG_FILE_MAX at most, into memory
 * that the caller frees. 0 or -errno.
 */
int config_read_file(const char *path, char **text, size_t *length);

#endif
