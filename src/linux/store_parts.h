/* What the files of the store share; see store.h for the whole. */
#ifndef STRETCH_LINUX_STORE_PARTS_H
#define STRETCH_LINUX_STORE_PARTS_H

#include "store.h"

#define STORE_PENDING ".new-"
#define STORE_COUNTER "counter"
#define STORE_SESSIONS "sessions"

/* Fills number, name, target, path and wearer_dir; the folder is not there yet. */
int store_place_choose(struct store *store, const struct store_place *place,
	struct problem *problem);

/* Makes the folder; a pending one that a crash left under that name is removed. */
int store_place_make(const struct store *store, struct problem *problem);

/* Explicit: moves the finished folder to where it belongs. 0 or -errno. */
int store_place_finish(struct store *store, struct problem *problem);

/* Pending: gives the folder its name and counts it. 0 or -errno. */
int store_place_keep(struct store *store, struct problem *problem);

/* Path of a wearer's sessions; 0, -EINVAL for an unsafe label, -ENAMETOOLONG. */
int store_sessions_path(char *path, size_t size, const char *state_dir,
	const char *wearer);

/* Writes value as JSON text to path, atomically. 0 or -errno. */
int store_put_json(const char *path, const json_t *value);

/* Writes datapackage.json for the tables whose files are in the folder. */
int store_put_package(const char *folder, const char *name, const char *program,
	const struct store_tables *tables);

#endif
