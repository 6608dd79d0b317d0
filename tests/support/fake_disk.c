/* Writes down what is done to the disk; see fake_disk.h. */
#include "fake_disk.h"
#include "fake_disk_log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

int (*disk_before)(enum disk_call call, int fd);

static const char *const what_names[DISK_WHATS] = { "create", "mkdir", "write", "truncate",
	"fsync", "fsync of folder", "rename", "remove" };

struct disk_log disk_log;

int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_rmdir(const char *path);

/* Asks the test; false: the call fails with errno set. */
static bool may(enum disk_call call, int fd)
{
	int error = disk_before != NULL ? disk_before(call, fd) : 0;

	errno = -error;
	return error == 0;
}

/* ---- writing down ---- */

static struct disk_operation *add(enum disk_what what)
{
	if (disk_log.count == disk_log.room) {
		disk_log.room = disk_log.room > 0 ? 2 * disk_log.room : 256;
		disk_log.list = reallocarray(disk_log.list, (size_t)disk_log.room,
			sizeof *disk_log.list);
		assert_non_null(disk_log.list);
	}
	memset(&disk_log.list[disk_log.count], 0, sizeof disk_log.list[0]);
	disk_log.list[disk_log.count].what = what;
	return &disk_log.list[disk_log.count++];
}

static ino_t node_of(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0 ? info.st_ino : 0;
}

/* The folder's node and the last part of the path; false outside of the root. */
static bool name_of(const char *path, ino_t *folder, char *name)
{
	char copy[PATH_MAX];
	char *slash;

	if (disk_log.root[0] == '\0' ||
		strncmp(path, disk_log.root, strlen(disk_log.root)) != 0)
		return false;
	assert_true(strlen(path) < sizeof copy);
	strcpy(copy, path);
	slash = strrchr(copy, '/');
	assert_true(strlen(slash + 1) <= NAME_MAX);
	strcpy(name, slash + 1);
	*slash = '\0';
	*folder = node_of(copy);
	return true;
}

/* The open file's node; 0 outside of the root (or not a file of ours). */
static ino_t open_node(int fd, bool *is_folder)
{
	char link[64], path[PATH_MAX];
	struct stat info;
	ssize_t length;

	if (disk_log.root[0] == '\0')
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof path - 1);
	if (length < 0 || strncmp(path, disk_log.root, strlen(disk_log.root)) != 0 ||
		fstat(fd, &info) < 0)
		return 0;
	*is_folder = S_ISDIR(info.st_mode);
	return info.st_ino;
}

static char *copy_of(const void *data, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);

	assert_non_null(copy);
	memcpy(copy, data, size);
	return copy;
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list rest;
	ino_t before = node_of(path);
	int fd;

	va_start(rest, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(rest, mode_t);
	va_end(rest);
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fd >= 0 && (flags & O_CREAT) != 0) {
		ino_t folder;
		char name[NAME_MAX + 1];

		if (!name_of(path, &folder, name))
			return fd;
		if (before == 0) {
			struct disk_operation *o = add(DID_MAKE_FILE);

			o->node = node_of(path);
			o->folder = folder;
			strcpy(o->name, name);
		} else if ((flags & O_TRUNC) != 0) {
			add(DID_CUT_TO)->node = before;
		}
	}
	return fd;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	bool is_folder = false;
	ino_t node = open_node(fd, &is_folder);
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t done = may(DISK_WRITE, fd)
		? (ssize_t)syscall(SYS_write, fd, data, size) : -1;

	if (node != 0 && done > 0) {
		struct disk_operation *o = add(DID_WRITE);

		o->node = node;
		o->at = at;
		o->size = (size_t)done;
		o->data = copy_of(data, (size_t)done);
	}
	return done;
}

/* Was any of this file's data seen? If not, zlib wrote it. */
static bool seen(ino_t node)
{
	for (int i = disk_log.count - 1; i >= 0; i--) {
		const struct disk_operation *o = &disk_log.list[i];

		if (o->node == node && o->what == DID_WRITE)
			return true;
		if (o->node == node && o->what == DID_MAKE_FILE)
			return false;
	}
	return true;
}

static void note_unseen(int fd, ino_t node)
{
	struct stat info;
	struct disk_operation *o;
	char link[64];
	int again;

	if (seen(node) || fstat(fd, &info) < 0 || info.st_size == 0)
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd); /* fd is write-only */
	again = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY, 0);
	assert_true(again >= 0);
	o = add(DID_WRITE);
	o->node = node;
	o->size = (size_t)info.st_size;
	o->data = malloc(o->size);
	assert_non_null(o->data);
	assert_int_equal(pread(again, o->data, o->size, 0), info.st_size);
	close(again);
}

static int sync_any(int fd, long call)
{
	bool is_folder = false;
	ino_t node = open_node(fd, &is_folder);
	int result;

	if (node != 0 && !is_folder)
		note_unseen(fd, node);
	result = may(DISK_SYNC, fd) ? (int)syscall(call, fd) : -1;
	if (node != 0 && result == 0)
		add(is_folder ? DID_SYNC_FOLDER : DID_SYNC_FILE)->node = node;
	return result;
}

int __wrap_fsync(int fd)
{
	return sync_any(fd, SYS_fsync);
}

int __wrap_fdatasync(int fd)
{
	return sync_any(fd, SYS_fdatasync);
}

int __wrap_ftruncate(int fd, off_t size)
{
	bool is_folder = false;
	ino_t node = open_node(fd, &is_folder);
	int result = (int)syscall(SYS_ftruncate, fd, size);

	if (node != 0 && result == 0) {
		struct disk_operation *o = add(DID_CUT_TO);

		o->node = node;
		o->at = size;
	}
	return result;
}

int __wrap_rename(const char *from, const char *to)
{
	ino_t node = node_of(from), folder, to_folder;
	char name[NAME_MAX + 1], to_name[NAME_MAX + 1];
	int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);

	if (result == 0 && name_of(from, &folder, name) &&
		name_of(to, &to_folder, to_name)) {
		struct disk_operation *o = add(DID_MOVE);

		o->node = node;
		o->folder = folder;
		o->to_folder = to_folder;
		strcpy(o->name, name);
		strcpy(o->to, to_name);
	}
	return result;
}

static int remove_any(const char *path, int flag)
{
	ino_t node = node_of(path), folder;
	char name[NAME_MAX + 1];
	int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, flag);

	if (result == 0 && name_of(path, &folder, name)) {
		struct disk_operation *o = add(DID_REMOVE);

		o->node = node;
		o->folder = folder;
		strcpy(o->name, name);
	}
	return result;
}

int __wrap_unlink(const char *path)
{
	return remove_any(path, 0);
}

int __wrap_rmdir(const char *path)
{
	return remove_any(path, AT_REMOVEDIR);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	ino_t folder;
	char name[NAME_MAX + 1];
	int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);

	if (result == 0 && name_of(path, &folder, name)) {
		struct disk_operation *o = add(DID_MAKE_FOLDER);

		o->node = node_of(path);
		o->folder = folder;
		strcpy(o->name, name);
	}
	return result;
}

void disk_record(const char *root)
{
	disk_log.root[0] = '\0';
	if (root == NULL)
		return;
	assert_non_null(realpath(root, disk_log.root));
	disk_log.root_node = node_of(disk_log.root);
}

int disk_operations(void)
{
	return disk_log.count;
}

const char *disk_operation_text(int operation)
{
	static char text[NAME_MAX + 64];
	const struct disk_operation *o = &disk_log.list[operation];

	snprintf(text, sizeof text, "%d %s %s", operation, what_names[o->what], o->name);
	return text;
}

void disk_free(void)
{
	for (int i = 0; i < disk_log.count; i++)
		free(disk_log.list[i].data);
	free(disk_log.list);
	memset(&disk_log, 0, sizeof disk_log);
}
