/*
 * The poses of an alignment out of a stream of samples, for whoever learns the straps
 * apart from a session: each pose in a window that a person named, or found by rest.
 *
 * By rest: the poses come in the given order, each kept still; gravity cannot tell
 * which pose it is, so a new one is one that differs clearly from the one before.
 * Orientation and stillness are those of the session.
 */
#ifndef STRETCH_POSE_TAKE_H
#define STRETCH_POSE_TAKE_H

#include "stretch/session.h"

#define POSE_TAKES_MAX 4
#define POSE_STRAY_MAX_DEG 3.0 /* a named window: directions about their mean, rms */

enum pose_take_state {
	POSE_OPEN,  /* not met yet */
	POSE_TAKEN, /* good; by rest it gets better while the rest goes on */
	POSE_MOVED, /* named window: the sensor was not still in it */
	POSE_EMPTY, /* named window: no, or too few, good samples in it */
};

struct pose_take {
	enum pose pose;
	int64_t from_us, to_us; /* named: as asked for; by rest: of the rest so far */
	enum pose_take_state state;
	struct vec3 up[SITE_COUNT];   /* unit, sensor frame */
	double stray_deg[SITE_COUNT]; /* rms about up; named windows, else NAN */
	struct vec3 sum[SITE_COUNT];  /* of a named window */
	int32_t samples;
};

struct pose_taker {
	struct session_inputs inputs;
	struct session_state sense; /* only its sensing half is used */
	bool named;                 /* windows are named */
	int32_t count, taken;
	struct pose_take takes[POSE_TAKES_MAX];
	int64_t rest_us; /* by rest: the rest of the newest take; INT64_MIN: none yet */
	uint32_t bad[SITE_COUNT]; /* flags of the newest sample */
};

/*
 * Begins. mode says which sensors are worn; calib is theirs (calib_none where there
 * is none). With windows, from_us and to_us are set in every take; without, both are
 * negative in every take. count is at most POSE_TAKES_MAX.
 */
void pose_taker_init(struct pose_taker *taker, enum session_mode mode,
	const struct calib calib[SITE_COUNT], const struct pose_take *takes,
	int32_t count);

/* One sample; times increase. */
void pose_taker_step(struct pose_taker *taker, const struct sample *sample);

/* The samples have ended: judges the windows that are still open. */
void pose_taker_finish(struct pose_taker *taker);

/* How long the sensors have been still, s, up to what a pose needs; 0: moving. */
double pose_taker_still_s(const struct pose_taker *taker);

/* Seconds of stillness that a pose found by rest needs. */
double pose_taker_needs_s(const struct pose_taker *taker);

/*
 * Can those poses ever do for that sensor? ALIGN_OK, or which pose is missing. The
 * pelvis needs lying: an alignment that is kept is not learned without it.
 */
enum align_result pose_take_pair(
	enum site site, const struct pose_take *takes, int32_t count);

/* Solves one sensor from the poses taken. */
enum align_result pose_taker_solve(
	const struct pose_taker *taker, enum site site, struct alignment *out);

#endif
