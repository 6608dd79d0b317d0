/* A session named on the command line. */
#ifndef STRETCH_STRETCHCTL_SESSION_FIND_H
#define STRETCH_STRETCHCTL_SESSION_FIND_H

#include <limits.h>

#include "linux/problem.h"

/*
 * Path of the session's folder. text: its folder, its name or its number; NULL: the
 * newest. wearer NULL: of all wearers, but then the answer must be one. Returns 0;
 * -ENODATA when there is none or more than one; another -errno.
 */
int session_find(const char *state_dir, const char *wearer, const char *text,
	char path[PATH_MAX], struct problem *problem);

#endif
