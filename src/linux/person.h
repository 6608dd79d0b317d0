/*
 * What is remembered of a wearer between sessions: the pelvic share measured
 * with two sensors, and the pelvis baseline curve. Kept in <wearer>/person.json,
 * by side and (share) exercise and other leg, used for at most 60 days. Without a
 * trusted date on both days nothing is reused: its age would be a guess.
 */
#ifndef STRETCH_LINUX_PERSON_H
#define STRETCH_LINUX_PERSON_H

#include <jansson.h>
#include <limits.h>

#include "linux/problem.h"
#include "stretch/session.h"

#define PERSON_SHARES_MAX 64
#define PERSON_VALUES_MAX 12 /* latest holds that a share is the mean of */
#define PERSON_DATE_MAX 16
#define PERSON_DAYS 60

struct person_share {
	int32_t exercise, side, other_leg;
	char date[PERSON_DATE_MAX]; /* of the newest value, 2025-11-30 */
	int32_t count;
	double values[PERSON_VALUES_MAX]; /* oldest first */
};

struct person_curve {
	char date[PERSON_DATE_MAX]; /* "": none */
	struct pelvis_curve curve;
};

struct person {
	int32_t share_count;
	struct person_share shares[PERSON_SHARES_MAX];
	struct person_curve curves[SIDE_COUNT][OTHER_COUNT];
};

/*
 * Reads the wearer's file; a missing one leaves *person empty. Returns 0;
 * -EBADMSG for a file that is not one (*person is then empty, and the caller may
 * go on without it); another -errno when it cannot be read.
 */
int person_load(const char *state_dir, const char *wearer, struct person *person,
	struct problem *problem);

/* Writes it atomically. 0 or -errno. */
int person_save(const char *state_dir, const char *wearer, const struct person *person,
	struct problem *problem);

/* What person_save would write, and where: a new object, or NULL without memory. */
json_t *person_json(const struct person *person);
int person_path(char path[PATH_MAX], const char *state_dir, const char *wearer);

/* Puts what is known and young enough into the inputs. today "": nothing. */
void person_apply(const struct person *person, const char *today,
	struct session_inputs *inputs);

/* Remembers a measured share of one hold. today "": nothing. */
void person_learn_share(struct person *person, const char *today,
	const struct hold_row *row);

/* Remembers the curve of a session's calm raises. today "": nothing. */
void person_learn_curve(struct person *person, const char *today,
	const struct session_inputs *inputs, const struct pelvis_curve *curve);

/* Days from one date to another ("2025-11-30"), or -1 when one is no date. */
int person_days_between(const char *from, const char *to);

#endif
