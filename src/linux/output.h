/*
 * The end of a program's standard output: a full disk behind it must not pass for
 * success, and must be said.
 */
#ifndef STRETCH_LINUX_OUTPUT_H
#define STRETCH_LINUX_OUTPUT_H

/* Flushes standard output. 0, or the exit status after one line on standard error. */
int output_end(const char *program);

#endif
