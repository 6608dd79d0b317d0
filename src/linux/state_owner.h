/*
 * Whose a state folder is, for the programs by which a person writes into it.
 *
 * The service's folder is its own user's. A file of root's in it would be one that the
 * service can neither read nor replace; and root, writing where another user may plant
 * links, would write where that user wants. So root becomes the folder's owner first.
 */
#ifndef STRETCH_LINUX_STATE_OWNER_H
#define STRETCH_LINUX_STATE_OWNER_H

#include "problem.h"

/*
 * For good: root has the owner's user and group afterwards and no other group. A folder
 * that is root's, or is not there yet, changes nothing, nor does one that the user may
 * write to. 0; -EACCES for a folder that this user may not write to, with what to do; or
 * another negative errno.
 */
int state_owner_become(const char *state_dir, struct problem *problem);

#endif
