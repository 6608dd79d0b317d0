/* A finished file made small; see gzip.h. */
#include "gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "atomic_file.h"

#define CHUNK 16384
#define GZIP_MODE "wb6"

static int gz_error(gzFile gz)
{
	int code = Z_OK;

	gzerror(gz, &code);
	return code == Z_ERRNO && errno != 0 ? -errno : -EIO;
}

static int copy_into(gzFile gz, int from)
{
	unsigned char chunk[CHUNK];
	ssize_t got;

	while ((got = read(from, chunk, sizeof chunk)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		errno = 0;
		if (gzwrite(gz, chunk, (unsigned int)got) != (int)got)
			return gz_error(gz);
	}
	return 0;
}

/* Compresses from into fd, which is closed; 0 or -errno. */
static int compress_and_sync(int from, int fd)
{
	int keep = fcntl(fd, F_DUPFD_CLOEXEC, 3); /* gzclose closes the other one */
	gzFile gz = keep < 0 ? NULL : gzdopen(fd, GZIP_MODE);
	int error, closed;

	if (!gz) {
		error = keep < 0 ? -errno : -ENOMEM;
		if (keep >= 0)
			close(keep);
		close(fd);
		return error;
	}
	error = copy_into(gz, from);
	errno = 0;
	closed = gzclose(gz);
	if (error == 0 && closed != Z_OK)
		error = closed == Z_ERRNO && errno != 0 ? -errno : -EIO;
	if (error == 0 && fsync(keep) < 0)
		error = -errno;
	close(keep);
	return error;
}

static int compress_beside(const char *path, const char *temp)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int fd, error;

	if (from < 0)
		return -errno;
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, ATOMIC_FILE_MODE);
	error = fd < 0 ? -errno : compress_and_sync(from, fd);
	close(from);
	return error;
}

int gzip_file(const char *path)
{
	char target[PATH_MAX], temp[PATH_MAX];
	int length = snprintf(target, sizeof target, "%s.gz", path);
	int error;

	if (length < 0 || (size_t)length >= sizeof target)
		return -ENAMETOOLONG;
	error = atomic_file_temp(target, temp, sizeof temp);
	if (error < 0)
		return error;
	error = compress_beside(path, temp);
	if (error == 0 && rename(temp, target) < 0)
		error = -errno;
	if (error < 0) {
		unlink(temp);
		return error;
	}
	error = atomic_file_sync_folder(target);
	if (error == 0 && unlink(path) < 0)
		error = -errno;
	return error;
}
