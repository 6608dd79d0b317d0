/*
 * What a person adds to a session: note.json in its folder. Judged data stay as
 * they are.
 */
#ifndef STRETCH_LINUX_SESSION_NOTE_H
#define STRETCH_LINUX_SESSION_NOTE_H

#include <stdint.h>

#include "problem.h"

#define SESSION_NOTE_TEXT_MAX 200 /* bytes */
#define SESSION_NOTE_PAIN_MAX 10

struct session_note {
	int32_t pain_before, pain_after; /* 0..10; -1: as it was */
	int32_t warm_up;                 /* 0, 1; -1: as it was */
	const char *strapped_by;         /* a label; NULL: as it was */
	const char *text;                /* one line; "" takes it out; NULL: as it was */
};

/* NULL, or what is wrong with a line of text. */
const char *session_note_text_wrong(const char *text);

/*
 * Adds to the note of that folder; what is "as it was" is kept from an earlier one.
 * Written as a whole: old or new, never half. 0; -EINVAL when the folder holds no
 * session, or a value is out of range; -EBADMSG when the earlier note makes no
 * sense; another -errno.
 */
int session_note_write(const char *folder, const struct session_note *note,
	struct problem *problem);

#endif
