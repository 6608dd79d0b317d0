/* What fake_disk.c writes down and fake_disk_left.c carries out up to a power cut. */
#ifndef STRETCH_TESTS_FAKE_DISK_LOG_H
#define STRETCH_TESTS_FAKE_DISK_LOG_H

#include <limits.h>
#include <sys/types.h>

enum disk_what { DID_MAKE_FILE, DID_MAKE_FOLDER, DID_WRITE, DID_CUT_TO, DID_SYNC_FILE,
	DID_SYNC_FOLDER, DID_MOVE, DID_REMOVE, DISK_WHATS };

struct disk_operation {
	enum disk_what what;
	ino_t node, folder, to_folder; /* of a name: the folder it is in */
	char name[NAME_MAX + 1], to[NAME_MAX + 1];
	off_t at;
	size_t size;
	char *data;
};

struct disk_log {
	char root[PATH_MAX];
	ino_t root_node;
	struct disk_operation *list;
	int count, room;
};

extern struct disk_log disk_log;

#endif
