/*
 * <state>/<wearer>/rest_days.json: days on which a sore wearer rested. A prescription
 * may say that such a day counts as kept; no sensor knows of it, so a person says so.
 */
#ifndef STRETCH_LINUX_REST_DAYS_H
#define STRETCH_LINUX_REST_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define REST_DAYS_FILE "rest_days.json"
#define REST_DAYS_MAX 1000

struct rest_days {
	size_t count;
	int32_t day[REST_DAYS_MAX]; /* rising, each once */
};

/*
 * Reads a wearer's folder; no file is no such day. 0; -EBADMSG or another -errno with
 * problem when the file makes no sense or cannot be read: there are none then.
 */
int rest_days_read(struct rest_days *days, const char *wearer_dir,
	struct problem *problem);

/* Adds a day; one that is there already stays. 0 or -errno. */
int rest_days_add(const char *wearer_dir, int32_t day, struct problem *problem);

bool rest_days_has(const struct rest_days *days, int32_t day);

#endif
