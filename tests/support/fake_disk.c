/* What a power cut leaves; see fake_disk.h. */
#include "fake_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "stretch/random.h"

#define NODES_MAX 512

const char *const disk_data_names[DATA_FATES] = { "done", "lost", "torn", "zeroed",
	"mixed" };

int (*disk_before)(enum disk_call call, int fd);

enum what { MAKE_FILE, MAKE_FOLDER, WRITE, CUT_TO, SYNC_FILE, SYNC_FOLDER, MOVE, REMOVE,
	WHATS };

static const char *const what_names[WHATS] = { "create", "mkdir", "write", "truncate",
	"fsync", "fsync of folder", "rename", "remove" };

struct operation {
	enum what what;
	ino_t node, folder, to_folder; /* of a name: the folder it is in */
	char name[NAME_MAX + 1], to[NAME_MAX + 1];
	off_t at;
	size_t size;
	char *data;
};

static struct {
	char root[PATH_MAX];
	ino_t root_node;
	struct operation *list;
	int count, room;
} disk;

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

static struct operation *add(enum what what)
{
	if (disk.count == disk.room) {
		disk.room = disk.room > 0 ? 2 * disk.room : 256;
		disk.list = reallocarray(disk.list, (size_t)disk.room, sizeof *disk.list);
		assert_non_null(disk.list);
	}
	memset(&disk.list[disk.count], 0, sizeof disk.list[0]);
	disk.list[disk.count].what = what;
	return &disk.list[disk.count++];
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

	if (disk.root[0] == '\0' || strncmp(path, disk.root, strlen(disk.root)) != 0)
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

	if (disk.root[0] == '\0')
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof path - 1);
	if (length < 0 || strncmp(path, disk.root, strlen(disk.root)) != 0 ||
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
			struct operation *o = add(MAKE_FILE);

			o->node = node_of(path);
			o->folder = folder;
			strcpy(o->name, name);
		} else if ((flags & O_TRUNC) != 0) {
			add(CUT_TO)->node = before;
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
		struct operation *o = add(WRITE);

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
	for (int i = disk.count - 1; i >= 0; i--) {
		const struct operation *o = &disk.list[i];

		if (o->node == node && o->what == WRITE)
			return true;
		if (o->node == node && o->what == MAKE_FILE)
			return false;
	}
	return true;
}

static void note_unseen(int fd, ino_t node)
{
	struct stat info;
	struct operation *o;
	char link[64];
	int again;

	if (seen(node) || fstat(fd, &info) < 0 || info.st_size == 0)
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd); /* fd is write-only */
	again = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY, 0);
	assert_true(again >= 0);
	o = add(WRITE);
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
		add(is_folder ? SYNC_FOLDER : SYNC_FILE)->node = node;
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
		struct operation *o = add(CUT_TO);

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
		struct operation *o = add(MOVE);

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
		struct operation *o = add(REMOVE);

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
		struct operation *o = add(MAKE_FOLDER);

		o->node = node_of(path);
		o->folder = folder;
		strcpy(o->name, name);
	}
	return result;
}

void disk_record(const char *root)
{
	disk.root[0] = '\0';
	if (root == NULL)
		return;
	assert_non_null(realpath(root, disk.root));
	disk.root_node = node_of(disk.root);
}

int disk_operations(void)
{
	return disk.count;
}

const char *disk_operation_text(int operation)
{
	static char text[NAME_MAX + 64];
	const struct operation *o = &disk.list[operation];

	snprintf(text, sizeof text, "%d %s %s", operation, what_names[o->what], o->name);
	return text;
}

void disk_free(void)
{
	for (int i = 0; i < disk.count; i++)
		free(disk.list[i].data);
	free(disk.list);
	memset(&disk, 0, sizeof disk);
}

/* ---- what is left ---- */

struct node {
	ino_t id, folder; /* folder 0: has no name */
	bool is_folder;
	char name[NAME_MAX + 1];
	char *data;
	size_t size;
};

struct image {
	struct node nodes[NODES_MAX];
	int count;
};

/* The node, the latest of that number: numbers are used again. */
static struct node *find(struct image *image, ino_t id)
{
	int i = image->count - 1;

	while (i > 0 && image->nodes[i].id != id)
		i--;
	assert_int_equal(image->nodes[i].id, id);
	return &image->nodes[i];
}

static void unname(struct image *image, ino_t folder, const char *name)
{
	for (int i = 0; i < image->count; i++)
		if (image->nodes[i].folder == folder &&
			strcmp(image->nodes[i].name, name) == 0)
			image->nodes[i].folder = 0;
}

static void grow(struct node *node, size_t size)
{
	if (size > node->size) {
		node->data = realloc(node->data, size);
		assert_non_null(node->data);
		memset(node->data + node->size, 0, size - node->size);
	}
	node->size = size > node->size ? size : node->size;
}

static void apply_data(struct node *node, const struct operation *o, enum disk_data fate)
{
	size_t size = fate == DATA_TORN ? o->size / 2 : o->size;

	if (fate == DATA_LOST)
		return;
	if (o->what == CUT_TO) {
		node->size = node->size < (size_t)o->at ? node->size : (size_t)o->at;
		return;
	}
	grow(node, (size_t)o->at + size);
	if (fate != DATA_ZEROED)
		memcpy(node->data + o->at, o->data, size);
}

static void apply_name(struct image *image, const struct operation *o)
{
	struct node *node = find(image, o->node);

	if (o->what == REMOVE) {
		unname(image, o->folder, o->name);
	} else if (o->what == MOVE) {
		unname(image, o->to_folder, o->to);
		node->folder = o->to_folder;
		strcpy(node->name, o->to);
	} else {
		node->folder = o->folder;
		strcpy(node->name, o->name);
	}
}

static bool is_name(const struct operation *o)
{
	return o->what == MAKE_FILE || o->what == MAKE_FOLDER || o->what == MOVE ||
		o->what == REMOVE;
}

/* Up to and with which operation names are durable: the last whose folder (for a
 * move, the one it went to) was synced afterwards. */
static int durable_names(int operations)
{
	for (int i = operations - 1; i >= 0; i--) {
		const struct operation *o = &disk.list[i];
		ino_t folder = o->what == MOVE ? o->to_folder : o->folder;

		for (int k = i + 1; is_name(o) && k < operations; k++)
			if (disk.list[k].what == SYNC_FOLDER && disk.list[k].node == folder)
				return i;
	}
	return -1;
}

bool disk_names_open(int operations)
{
	for (int i = durable_names(operations) + 1; i < operations; i++)
		if (is_name(&disk.list[i]))
			return true;
	return false;
}

static bool synced_later(int i, int operations)
{
	for (int k = i + 1; k < operations; k++)
		if (disk.list[k].what == SYNC_FILE && disk.list[k].node == disk.list[i].node)
			return true;
	return false;
}

static enum disk_data fate_of(int i, int operations, enum disk_data data,
	struct random *random)
{
	if (data == DATA_MIXED)
		data = (enum disk_data)(random_u64(random) % DATA_MIXED);
	return synced_later(i, operations) ? DATA_DONE : data;
}

static void put_node(struct image *image, struct node *node, const char *path)
{
	if (node->is_folder) {
		assert_int_equal(syscall(SYS_mkdirat, AT_FDCWD, path, 0750), 0);
		for (int i = 0; i < image->count; i++) {
			struct node *child = &image->nodes[i];
			char below[PATH_MAX];

			if (child->folder != node->id || child == node)
				continue;
			assert_true(snprintf(below, sizeof below, "%s/%s", path, child->name) <
				(int)sizeof below);
			put_node(image, child, below);
		}
	} else {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, path,
			O_WRONLY | O_CREAT | O_EXCL, 0640);

		assert_true(fd >= 0);
		assert_int_equal(syscall(SYS_write, fd, node->data, node->size), node->size);
		close(fd);
	}
}

void disk_restore(const char *folder, int operations, enum disk_data data,
	bool names_done, uint64_t seed)
{
	static struct image image;
	int durable = names_done ? operations : durable_names(operations);
	struct random random;

	random_seed(&random, seed, 7);
	memset(&image, 0, sizeof image);
	image.nodes[image.count++] = (struct node){ .id = disk.root_node,
		.is_folder = true };
	for (int i = 0; i < operations; i++) {
		const struct operation *o = &disk.list[i];

		if (o->what == MAKE_FILE || o->what == MAKE_FOLDER) {
			assert_true(image.count < NODES_MAX);
			image.nodes[image.count++] = (struct node){ .id = o->node,
				.is_folder = o->what == MAKE_FOLDER };
		}
		if (o->what == WRITE || o->what == CUT_TO)
			apply_data(find(&image, o->node), o,
				fate_of(i, operations, data, &random));
		if (is_name(o) && i <= durable)
			apply_name(&image, o);
	}
	put_node(&image, &image.nodes[0], folder);
	for (int i = 0; i < image.count; i++)
		free(image.nodes[i].data);
}
