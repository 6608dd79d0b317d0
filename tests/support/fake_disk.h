/*
 * A disk whose power can be cut after any operation.
 *
 * A test program linked with --wrap for the calls below (see the Makefile) has its
 * file operations carried out and written down. disk_restore() then builds, in
 * another folder, what a cut after the first n of them may have left: names made
 * durable by an fsync of their folder are there, data by an fsync of their file;
 * of everything later it depends on the fate.
 *
 * Names are committed in order, as a journal does it. What zlib writes by itself is
 * seen at the fsync of that file.
 */
#ifndef STRETCH_TESTS_FAKE_DISK_H
#define STRETCH_TESTS_FAKE_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>


/* What became of data that were written but not synced. */
enum disk_data { DATA_DONE, DATA_LOST, DATA_TORN, DATA_ZEROED, DATA_MIXED, DATA_FATES };

extern const char *const disk_data_names[DATA_FATES];

/* Called before a write or a sync: may wait, and fails the call by a -errno. */
enum disk_call { DISK_WRITE, DISK_SYNC };
extern int (*disk_before)(enum disk_call call, int fd);

/* Begins to write down what happens below root; stops again with NULL. */
void disk_record(const char *root);

/* Operations so far. */
int disk_operations(void);

/* What the operation before was, for a failure's text. */
const char *disk_operation_text(int operation);

/* Are there names, after the first operations, that are not yet durable? */
bool disk_names_open(int operations);

/*
 * Builds in folder (which must not exist) what is left when power goes after the
 * first operations. names_done: names not yet made durable have survived too.
 * seed: of DATA_MIXED, where each pending write has a fate of its own.
 */
void disk_restore(const char *folder, int operations, enum disk_data data,
	bool names_done, uint64_t seed);

void disk_free(void);

#endif
