/* Old or new, never half; see atomic_file.h. */
#include "atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int atomic_file_put(int fd, const void *data, size_t size)
{
	const char *rest = data;

	while (size > 0) {
		ssize_t done = write(fd, rest, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			return -EIO;
		rest += done;
		size -= (size_t)done;
	}
	return 0;
}

int atomic_file_temp(const char *path, char *temp, size_t size)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	int length = snprintf(temp, size, "%.*s.%s.%ld.tmp", folder, path,
		path + folder, (long)getpid());

	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

int atomic_file_sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;
	int fd, error;

	if (length >= sizeof folder)
		return -ENAMETOOLONG;
	if (!slash)
		memcpy(folder, ".", 2);
	else if (length == 0)
		memcpy(folder, "/", 2);
	else {
		memcpy(folder, path, length);
		folder[length] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fsync(fd) < 0 ? -errno : 0;
	if (error == -EINVAL || error == -EROFS)
		error = 0; /* a file system that has nothing to sync here */
	close(fd);
	return error;
}

static int write_and_sync(const char *path, const void *data, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int error;

	if (fd < 0)
		return -errno;
	error = atomic_file_put(fd, data, size);
	if (error == 0 && fsync(fd) < 0)
		error = -errno;
	if (close(fd) < 0 && error == 0)
		error = -errno;
	return error;
}

static int replace(const char *path, const void *data, size_t size, mode_t mode)
{
	char temp[PATH_MAX];
	int error = atomic_file_temp(path, temp, sizeof temp);

	if (error < 0)
		return error;
	error = write_and_sync(temp, data, size, mode);
	if (error == 0 && rename(temp, path) < 0)
		error = -errno;
	if (error < 0) {
		unlink(temp);
		return error;
	}
	return atomic_file_sync_folder(path);
}

int atomic_file_write(const char *path, const void *data, size_t size)
{
	return replace(path, data, size, ATOMIC_FILE_MODE);
}

int atomic_file_write_open(const char *path, const void *data, size_t size)
{
	return replace(path, data, size, ATOMIC_FILE_MODE_OPEN);
}
