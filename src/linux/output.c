/* Flushing standard output with a word about trouble; see output.h. */
#include "linux/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "linux/problem.h"

int output_end(const char *program)
{
	int error;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	error = errno != 0 ? errno : EIO; /* an earlier write failed */
	fprintf(stderr, "%s: standard output: cannot write: %s\n", program,
		strerror(error));
	return problem_exit_status(-EIO);
}
