/* The lock of a state folder, and whose daemon it is; see instance.h. */
#include "instance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "folder.h"

#define LOCK_MODE 0640

/* The process that has it; 0 when the file does not say. */
static long holder(int fd)
{
	char text[32];
	ssize_t length = pread(fd, text, sizeof text - 1, 0);

	if (length <= 0)
		return 0;
	text[length] = '\0';
	return strtol(text, NULL, 10);
}

static int refuse(const char *path, int fd, struct problem *problem)
{
	long process = holder(fd);
	char who[48] = "another stretchd";

	if (process > 0)
		snprintf(who, sizeof who, "another stretchd (process %ld)", process);
	problem_set(problem, "%s: %s uses this state folder. Stop it (systemctl stop "
		"stretchd), or name another state_dir", path, who);
	return -EBUSY;
}

int instance_lock(const char *state_dir, struct problem *problem)
{
	char path[PATH_MAX];
	int error = folder_join(path, sizeof path, state_dir, INSTANCE_FILE), fd;

	if (error == 0)
		error = folder_make(state_dir);
	if (error != 0)
		return problem_errno(problem, state_dir, "make the state folder", error);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
	if (fd < 0)
		return problem_errno(problem, path, "open", -errno);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		error = errno == EWOULDBLOCK ? refuse(path, fd, problem)
			: problem_errno(problem, path, "lock", -errno);
		close(fd);
		return error;
	}
	/* Only a help to people: a full disk must not stop the start. */
	if (ftruncate(fd, 0) == 0)
		(void)dprintf(fd, "%ld\n", (long)getpid());
	return fd;
}

long instance_holder(const char *state_dir)
{
	char path[PATH_MAX];
	long process = 0;
	int fd = -1;

	if (folder_join(path, sizeof path, state_dir, INSTANCE_FILE) == 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return 0;
	process = holder(fd);
	/* Only beside a process that lives is the lock tried: else this might be what
	 * keeps a new daemon from having it. */
	if (process <= 0 || process > INT_MAX ||
		(kill((pid_t)process, 0) != 0 && errno != EPERM) ||
		flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		process = 0;
	close(fd);
	return process;
}

void instance_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

int instance_check_user(uid_t user, bool worn, struct problem *problem)
{
	if (user != 0 || !worn)
		return 0;
	problem_set(problem, "will not read a sensor as root: nothing it does needs that. "
		"Start the service (systemctl start stretchd), or run it as a user in the "
		"groups i2c and gpio");
	return -EINVAL;
}
