/*
 * Does a folder outlive the power? A file system in memory, or an overlay whose
 * changes go to memory (the read-only set-ups of small computers), forgets all.
 */
#ifndef STRETCH_LINUX_LASTING_H
#define STRETCH_LINUX_LASTING_H

#include "problem.h"

enum lasting { LASTING_YES, LASTING_NO, LASTING_UNKNOWN };

/*
 * Looks at the file system of path, or of the nearest folder above it that exists.
 * mountinfo: "/proc/self/mountinfo", or a test's. Anything but LASTING_YES comes
 * with what was found in problem.
 */
enum lasting lasting_look(const char *path, const char *mountinfo,
	struct problem *problem);

#endif
