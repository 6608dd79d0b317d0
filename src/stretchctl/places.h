/*
 * Where the service keeps its sessions and listens, when the user has not said: as its
 * settings file has it.
 */
#ifndef STRETCH_STRETCHCTL_PLACES_H
#define STRETCH_STRETCHCTL_PLACES_H

#include "stretch/setting.h"

/*
 * Fills in what is NULL of *state_dir and *socket; either pointer may be NULL: not asked
 * for. The texts are those of *service, which has to stay. A settings file that is faulty
 * or cannot be read is said, in one line, where the usual place is taken because of it.
 */
void places_fill(const char *program, struct settings *service, const char **state_dir,
	const char **socket);

#endif
