/* What a power cut leaves; see fake_disk.h. */
#include "fake_disk.h"
#include "fake_disk_log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "stretch/random.h"

#define NODES_MAX 512

const char *const disk_data_names[DATA_FATES] = { "done", "lost", "torn", "zeroed",
	"mixed" };

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

static void apply_data(struct node *node, const struct disk_operation *o,
	enum disk_data fate)
{
	size_t size = fate == DATA_TORN ? o->size / 2 : o->size;

	if (fate == DATA_LOST)
		return;
	if (o->what == DID_CUT_TO) {
		node->size = node->size < (size_t)o->at ? node->size : (size_t)o->at;
		return;
	}
	grow(node, (size_t)o->at + size);
	if (fate != DATA_ZEROED)
		memcpy(node->data + o->at, o->data, size);
}

static void apply_name(struct image *image, const struct disk_operation *o)
{
	struct node *node = find(image, o->node);

	if (o->what == DID_REMOVE) {
		unname(image, o->folder, o->name);
	} else if (o->what == DID_MOVE) {
		unname(image, o->to_folder, o->to);
		node->folder = o->to_folder;
		strcpy(node->name, o->to);
	} else {
		node->folder = o->folder;
		strcpy(node->name, o->name);
	}
}

static bool is_name(const struct disk_operation *o)
{
	return o->what == DID_MAKE_FILE || o->what == DID_MAKE_FOLDER || o->what == DID_MOVE ||
		o->what == DID_REMOVE;
}

/* Up to and with which operation names are durable: the last whose folder (for a
 * move, the one it went to) was synced afterwards. */
static int durable_names(int operations)
{
	for (int i = operations - 1; i >= 0; i--) {
		const struct disk_operation *o = &disk_log.list[i];
		ino_t folder = o->what == DID_MOVE ? o->to_folder : o->folder;

		for (int k = i + 1; is_name(o) && k < operations; k++)
			if (disk_log.list[k].what == DID_SYNC_FOLDER &&
				disk_log.list[k].node == folder)
				return i;
	}
	return -1;
}

bool disk_names_open(int operations)
{
	for (int i = durable_names(operations) + 1; i < operations; i++)
		if (is_name(&disk_log.list[i]))
			return true;
	return false;
}

static bool synced_later(int i, int operations)
{
	const struct disk_operation *list = disk_log.list;

	for (int k = i + 1; k < operations; k++)
		if (list[k].what == DID_SYNC_FILE && list[k].node == list[i].node)
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
	image.nodes[image.count++] = (struct node){ .id = disk_log.root_node,
		.is_folder = true };
	for (int i = 0; i < operations; i++) {
		const struct disk_operation *o = &disk_log.list[i];

		if (o->what == DID_MAKE_FILE || o->what == DID_MAKE_FOLDER) {
			assert_true(image.count < NODES_MAX);
			image.nodes[image.count++] = (struct node){ .id = o->node,
				.is_folder = o->what == DID_MAKE_FOLDER };
		}
		if (o->what == DID_WRITE || o->what == DID_CUT_TO)
			apply_data(find(&image, o->node), o,
				fate_of(i, operations, data, &random));
		if (is_name(o) && i <= durable)
			apply_name(&image, o);
	}
	put_node(&image, &image.nodes[0], folder);
	for (int i = 0; i < image.count; i++)
		free(image.nodes[i].data);
}
