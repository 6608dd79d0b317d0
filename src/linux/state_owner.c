/* Whose a state folder is; see state_owner.h. */
#include "state_owner.h"

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

int state_owner_become(const char *state_dir, struct problem *problem)
{
	struct stat folder;

	if (geteuid() != 0) {
		if (access(state_dir, W_OK) == 0 || errno != EACCES)
			return 0; /* what else is wrong is told when it is written */
		problem_set(problem, "%s: belongs to another user, as the service's does. "
			"Say it again with sudo before it", state_dir);
		return -EACCES;
	}
	if (stat(state_dir, &folder) != 0)
		return errno == ENOENT ? 0 : problem_errno(problem, state_dir, "look at",
			-errno);
	if (folder.st_uid == 0)
		return 0;
	if (setgroups(1, &folder.st_gid) != 0 || setgid(folder.st_gid) != 0 ||
		setuid(folder.st_uid) != 0)
		return problem_errno(problem, state_dir, "become the owner of", -errno);
	return 0;
}
