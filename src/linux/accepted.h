/*
 * <state>/<wearer>/accepted.json: who has read the safety text and accepted which
 * prescription, and when.
 *
 * It holds for one prescription, by the digest of its canonical text, and for one
 * safety text: when either changes, it must be accepted anew.
 */
#ifndef STRETCH_LINUX_ACCEPTED_H
#define STRETCH_LINUX_ACCEPTED_H

#include "clock.h"
#include "problem.h"
#include "sha256.h"
#include "stretch/prescription.h"

enum accepted_state {
	ACCEPTED_YES,
	ACCEPTED_NEVER,
	ACCEPTED_CHANGED,     /* another prescription, or this one has changed */
	ACCEPTED_TEXT_CHANGED /* the safety text has changed */
};

/* Plain words for each, for the wearer. */
extern const char *const accepted_advice[];

struct accepted {
	char prescription[SHA256_TEXT]; /* digest of the canonical text */
	char safety[SHA256_TEXT];
	char by[SETTING_LABEL_MAX];
	char on[CLOCK_TEXT_MAX];        /* ISO 8601 with offset */
	char clock_source[16];          /* "none": the date is not certain */
};

/* Digest of the canonical text. 0 or -ENOMEM. */
int accepted_digest(const struct prescription *p, char digest[SHA256_TEXT]);

/*
 * Is this prescription accepted by its wearer? Returns an enum accepted_state;
 * *accepted is what the file says (empty when there is none). -EBADMSG when it is
 * no such file (to be treated as never); another -errno when it cannot be read.
 */
int accepted_look(const char *state_dir, const struct prescription *p,
	struct accepted *accepted, struct problem *problem);

/*
 * Writes that it is accepted by that person (a label) now. Makes the wearer's
 * folder when it is not there. 0 or -errno.
 */
int accepted_write(const char *state_dir, const struct prescription *p, const char *by,
	struct problem *problem);

#endif
