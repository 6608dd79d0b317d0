/*
 * Reads a text file line by line: plain or gzip, from a file or standard input.
 *
 * Refused with one line that names file and line: an empty file, a zero byte (a
 * binary file), a carriage return inside a line, a line over 64 KiB, a compressed
 * file that is cut or damaged. A last line without a newline is torn: never
 * handed out.
 */
#ifndef STRETCH_LINUX_TEXT_IN_H
#define STRETCH_LINUX_TEXT_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define TEXT_IN_LINE_MAX 65536

struct text_in;

/*
 * Opens path ("-": standard input). Returns 0; -EBADMSG for an empty or damaged
 * file; another -errno when it cannot be opened or read. *in is NULL on error.
 */
int text_in_open(struct text_in **in, const char *path, struct problem *problem);

/*
 * Gives the next line, its newline included, valid until the next call. Returns
 * 1, 0 at the end, or a negative error as above.
 */
int text_in_next(struct text_in *in, const char **line, size_t *length,
	struct problem *problem);

void text_in_close(struct text_in *in);

const char *text_in_path(const struct text_in *in); /* "stdin" for "-" */
uint64_t text_in_line(const struct text_in *in);    /* number of the line given last */
bool text_in_torn(const struct text_in *in);        /* known at the end */

#endif
