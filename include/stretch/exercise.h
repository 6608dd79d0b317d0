/*
 * The exercises as data: position, signal, sense, checks, default dose, source.
 *
 * A dose that the source does not give is NAN or 0 here ("not given"): the
 * prescription must say. Sources 000..004 are the five leaflets the product was
 * built from; README.md lists them.
 */
#ifndef STRETCH_EXERCISE_H
#define STRETCH_EXERCISE_H

#include <stdbool.h>
#include <stddef.h>

enum exercise_id {
	EX_LYING_TOWEL,
	EX_LYING_HANDS,
	EX_LYING_STRAP,
	EX_DOORWAY,
	EX_SEATED_LEG,
	EX_SEATED_BUTTERFLY,
	EX_STANDING_BEND,
	EX_STANDING_WIDE,
	EX_TOE_TOUCH,
	EX_ALTERNATE_BEND,
	EX_SINGLE_LEG_DEADLIFT,
	EX_DEADLIFT,
	EX_BRIDGE,
	EX_DONKEY_KICK,
	EX_SIDE_KICK,
	EX_LATERAL_WALK,
	EX_FOAM_ROLL,
	EX_WALL_STAND,
	EX_COUNT
};

enum side { SIDE_LEFT, SIDE_RIGHT, SIDE_COUNT };
enum other_leg { OTHER_BENT, OTHER_STRAIGHT, OTHER_COUNT };

/* Poses that gravity can tell apart; the reference pose is one of them. */
enum pose {
	POSE_NONE,
	POSE_LYING,    /* supine, thigh horizontal, front up */
	POSE_SITTING,  /* sitting tall: thigh horizontal, pelvis upright */
	POSE_STANDING, /* thigh and pelvis upright */
	POSE_RAISE,    /* lying, straight leg raised by 40 degrees or more */
	POSE_PRONE,
	POSE_HOOK_LYING,
	POSE_SIDE_LYING,
	POSE_COUNT
};

/* How an exercise is judged. */
enum judging {
	JUDGE_RAISE,   /* thigh elevation up into a band, then still */
	JUDGE_DOORWAY, /* arrive high, fall slowly, then still */
	JUDGE_LEAN,    /* pelvis tilts forward; with one sensor only time */
	JUDGE_TIMED,   /* seconds of stillness, no quality verdict */
	JUDGE_COUNTED, /* repetitions, no quality verdict */
	JUDGE_REFUSED
};

/* What a repetition is counted from. */
enum count_signal { COUNT_THIGH, COUNT_PELVIS, COUNT_ABDUCTION };

struct count_way {
	enum count_signal signal;
	double sign;           /* of a repetition */
	double size_deg;       /* the least that is one */
};

#define ALIGN_POSES_MAX 3

struct exercise {
	enum judging judging;
	enum pose start_pose;
	bool lying;            /* pelvic share is defined */
	double hold_s;         /* NAN: the source gives none */
	double hold_low_s, hold_high_s;
	int reps;              /* 0: the source gives none */
	int per_day;           /* 0: the source gives none */
	double band_low_deg, band_high_deg; /* default band; NAN: from calm raises */
	double share, share_low, share_high; /* inferred pelvic share; NAN: none */
	/* poses in which the straps are learned at the start of a session */
	enum pose align_one[ALIGN_POSES_MAX]; /* thigh sensor only */
	enum pose align_two[ALIGN_POSES_MAX]; /* thigh and pelvis */
	struct count_way count_one, count_two; /* by sensors worn; JUDGE_COUNTED */
	bool pauses;           /* JUDGE_TIMED: begins by itself, still after movement */
	const char *source;
	const char *blind_spot; /* what no worn sensor sees here, for the report */
};

extern const struct exercise exercises[EX_COUNT];
extern const char *const exercise_names[EX_COUNT];
extern const char *const side_names[SIDE_COUNT];
extern const char *const other_leg_names[OTHER_COUNT];
extern const char *const pose_names[POSE_COUNT];
/* What the wearer does to be in it, a phrase. */
extern const char *const pose_advice[POSE_COUNT];

/* Index of name in a table of count names, or -1. */
int name_lookup(const char *const *names, size_t count, const char *name);

/* Exercise of that name, or EX_COUNT when there is none. */
enum exercise_id exercise_lookup(const char *name);

#endif
