/*
 * One daemon for a state folder, and none as root.
 *
 * The lock is flock's on a file in the state folder: the kernel gives it back when the
 * process ends, however it ends, so that no stale file ever stops a start.
 */
#ifndef STRETCH_LINUX_INSTANCE_H
#define STRETCH_LINUX_INSTANCE_H

#include <stdbool.h>
#include <sys/types.h>

#include "problem.h"

#define INSTANCE_FILE "stretchd.lock" /* holds the process id, for people */

/*
 * Makes the state folder where it is missing and locks it. Returns the descriptor that
 * holds the lock, or a negative errno with one line in problem: -EBUSY when another
 * process has it.
 */
int instance_lock(const char *state_dir, struct problem *problem);

/*
 * The process that has this state folder's lock; 0: none, or its file may not be read.
 * A daemon that begins at this very moment is not disturbed.
 */
long instance_holder(const char *state_dir);

/* Gives the lock back; -1 is none. */
void instance_unlock(int lock);

/*
 * May this user run the daemon? Not root with a worn sensor: nothing it does needs that.
 * 0, or -EINVAL with one line in problem.
 */
int instance_check_user(uid_t user, bool worn, struct problem *problem);

#endif
