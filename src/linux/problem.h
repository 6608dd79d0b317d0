/*
 * One line that says what is wrong and what to do about it.
 *
 * Libraries fill a struct problem and return a negative errno; programs print
 * it. -EBADMSG (the content of a file) and -EINVAL (an argument) are the user's
 * to mend, anything else is trouble of the system.
 */
#ifndef STRETCH_LINUX_PROBLEM_H
#define STRETCH_LINUX_PROBLEM_H

struct problem {
	char text[512]; /* one line without newline; cut with "..." when too long */
};

/* Fills the text, control characters as "?"; problem may be NULL. */
void problem_set(struct problem *problem, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * "PATH: cannot WHAT: <the error's text>"; error is a negative errno, which is
 * returned, so that a caller can write: return problem_errno(...).
 */
int problem_errno(struct problem *problem, const char *path, const char *what,
	int error);

/* The exit status that goes with a negative error: 2 bad input, 3 system. */
int problem_exit_status(int error);

#endif
