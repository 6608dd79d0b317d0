/*
 * A disk in trouble for a program: preloaded by disk.sh, which writes "ERROR ROOM
 * STALL" into the file named by FAKE_DISK. ERROR is the errno that writing of regular
 * files fails with, or 0; ROOM the free MiB that the file system tells; a sync waits as
 * long as STALL is 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct trouble {
	int error;
	long room_mib;
	int stall;
};

static struct trouble trouble_now(void)
{
	const char *path = getenv("FAKE_DISK");
	FILE *file = path != NULL ? fopen(path, "re") : NULL;
	struct trouble now;

	if (file == NULL || fscanf(file, "%d %ld %d", &now.error, &now.room_mib,
			&now.stall) != 3) {
		fputs("fake_disk: FAKE_DISK names no file with three numbers\n", stderr);
		abort();
	}
	fclose(file);
	return now;
}

static int is_file(int fd)
{
	struct stat info;

	return fd > STDERR_FILENO && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

ssize_t write(int fd, const void *data, size_t size)
{
	int error = is_file(fd) ? trouble_now().error : 0;

	if (error == 0)
		return (ssize_t)syscall(SYS_write, fd, data, size);
	errno = error;
	return -1;
}

static void wait_while_stalled(void)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	while (trouble_now().stall)
		nanosleep(&pause, NULL);
}

int fdatasync(int fd)
{
	wait_while_stalled();
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	wait_while_stalled();
	return (int)syscall(SYS_fsync, fd);
}

/* Only what the store asks for: blocks of 1 MiB. */
int statvfs(const char *restrict path, struct statvfs *restrict about)
{
	long room_mib = trouble_now().room_mib;
	struct stat info;

	if (stat(path, &info) < 0)
		return -1;
	*about = (struct statvfs){ .f_bsize = 1 << 20, .f_frsize = 1 << 20,
		.f_blocks = 1 << 20,
		.f_bavail = (fsblkcnt_t)room_mib };
	return 0;
}
