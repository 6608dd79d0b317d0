/* One line about what is wrong; see problem.h. */
#include "problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void problem_set(struct problem *problem, const char *format, ...)
{
	static const char cut[] = "...";
	va_list arguments;
	int length;

	if (!problem)
		return;
	va_start(arguments, format);
	length = vsnprintf(problem->text, sizeof problem->text, format, arguments);
	va_end(arguments);
	if (length < 0)
		problem->text[0] = '\0';
	else if ((size_t)length >= sizeof problem->text)
		memcpy(problem->text + sizeof problem->text - sizeof cut, cut,
			sizeof cut);
	/* what came from a file must not move the reader's cursor */
	for (char *c = problem->text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

int problem_errno(struct problem *problem, const char *path, const char *what,
	int error)
{
	problem_set(problem, "%s: cannot %s: %s", path, what, strerror(-error));
	return error;
}

int problem_exit_status(int error)
{
	return error == -EBADMSG || error == -EINVAL ? 2 : 3;
}
