/* What the parts of prescription_file.c share; nothing here is for others. */
#ifndef STRETCH_LINUX_PRESCRIPTION_PARTS_H
#define STRETCH_LINUX_PRESCRIPTION_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "stretch/prescription.h"

/* Where a value belongs. */
struct prescription_place {
	struct prescription *p;
	int32_t item; /* or PRESCRIPTION_FILE */
	enum prescription_key_id id;
};

/* Checks and stores one value, "" is blank; on a mistake fills wrong: false. */
bool prescription_store(const struct prescription_place *place, char *value,
	char *wrong, size_t size);

/* "write a number from 3 to 120 s" and the like, into text. */
void prescription_expected(enum prescription_key_id id, char *text, size_t size);

#endif
