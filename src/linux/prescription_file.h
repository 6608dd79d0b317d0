/*
 * The prescription as a file that a clinician writes and mends.
 *
 *   wearer = anna-1            keys for the whole file
 *   rest_s = 15                and for every item that has none of its own
 *
 *   item lying-towel {         the exercise; items are done in this order
 *       hold_s = 30
 *       reps = 2
 *       per_day = 2
 *       slots = morning, evening
 *   }
 *
 * Comments go from # to the end of the line, values need no quotes. Keys and
 * ranges are those of stretch/prescription.h. `key =` with nothing behind it
 * leaves the key blank on purpose: no leaflet and no default fills it.
 *
 * The lines are read by config_lines.c, as those of the settings; libconfuse is
 * not asked, because it takes neither a value with blanks nor an empty one.
 */
#ifndef STRETCH_LINUX_PRESCRIPTION_FILE_H
#define STRETCH_LINUX_PRESCRIPTION_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "config_lines.h"
#include "config_mistakes.h"
#include "stretch/prescription.h"

/* Three lists, each with the file's lines. */
struct prescription_report {
	struct config_mistakes mistakes; /* must be mended */
	struct config_mistakes open;     /* blank, must be filled in */
	struct config_mistakes notes;    /* right, and worth a second look */
};

/*
 * Reads a prescription and completes it. Returns 0 (look at report->open: what is
 * blank there stops a session, not the reading); -EBADMSG with mistakes; another
 * -errno when the file cannot be read (told in mistakes too). *p is written on
 * success only.
 */
int prescription_load(struct prescription *p, const char *path,
	struct prescription_report *report);

/* The same from text in memory; name stands for the file. */
int prescription_load_text(struct prescription *p, const char *name, const char *text,
	size_t length, struct prescription_report *report);

/*
 * The canonical text: every value in effect, one way to write each, no comments.
 * Two prescriptions that ask for the same have the same text, and it reads back
 * to the same. 0 or -errno of the write.
 */
int prescription_print(const struct prescription *p, FILE *out);

/* The same in memory that the caller frees; NULL without memory. */
char *prescription_text(const struct prescription *p);

/* One value as the file writes it, without quotes; "" when blank. */
void prescription_value(const struct prescription *p, int32_t item,
	enum prescription_key_id id, char *text, size_t size);

#endif
