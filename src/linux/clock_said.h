/*
 * A person's word that the clock is right, and dates given to sessions afterwards.
 *
 * <state>/clock.json keeps the word and the boot in which it was given: it holds
 * until the next start of the machine. A session of the same boot that began before
 * anybody vouched for the clock is dated by the monotonic clock, which no setting
 * of the clock moves.
 */
#ifndef STRETCH_LINUX_CLOCK_SAID_H
#define STRETCH_LINUX_CLOCK_SAID_H

#include "clock.h"
#include "problem.h"

/* clock_trust(), or CLOCK_PERSON when a person gave their word in this boot. */
enum clock_source clock_said_trust(const char *state_dir);

/* Keeps the word. 0 or -errno. */
int clock_said_write(const char *state_dir, struct problem *problem);

/*
 * Dates the undated sessions of this boot, of all wearers: started_at and
 * clock_source of their session.json, nothing else. Folders keep their names. A
 * session that is still open, or cannot be read, is left as it is. Returns how many
 * were dated, or -errno.
 */
int clock_said_date(const char *state_dir, enum clock_source source,
	struct problem *problem);

/*
 * Looks who vouches now; when somebody does and *trust says that nobody did, the
 * sessions of this boot are dated. *trust is the new one. Returns as clock_said_date,
 * 0 when there was nothing to do.
 */
int clock_said_follow(const char *state_dir, enum clock_source *trust,
	struct problem *problem);

#endif
