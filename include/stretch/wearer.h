/*
 * A person doing a stretching session with one or two IMUs, truth known.
 *
 * wearer_init writes a plan: strapping on, the alignment poses of the exercise,
 * the hold attempts with their bad habits, the closing pose. wearer_step then
 * plays it one sample at a time, at the chip's own clock. The pose is a pure
 * function of time, so every rate sees the same motion; the same param and seed
 * give the same samples.
 *
 * Frames. Level frame: X towards the feet when lying and forward when standing,
 * Z up, Y to the wearer's left. Thigh: x along the thigh to the knee, y front,
 * z = x cross y. Pelvis: x towards the feet (so that both frames agree when
 * lying flat), y front. u = unit up in that frame, absolute angle =
 * atan2(u_x, u_y): lying 0, leg raised by 70 degrees 70, standing -90; pelvis
 * lying 0, standing -90, tailbone lifted +.
 *
 * The leg's drift out turns it about the body's long axis in lying (about the
 * forward axis in standing), after the flexion; roll is about the thigh's own
 * axis. Both are + outwards, on either side.
 */
#ifndef STRETCH_WEARER_H
#define STRETCH_WEARER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stretch/exercise.h"
#include "stretch/hold.h"
#include "stretch/random.h"
#include "stretch/sample.h"
#include "stretch/track.h"

#define WEARER_HOLDS_MAX 16
#define WEARER_SPANS_MAX 32
#define WEARER_EVENTS_MAX 64

#define WEARER_RATE_MIN_HZ 25.0
#define WEARER_RATE_MAX_HZ 1000.0

/* What one hold attempt shall be. NAN: the value that wearer_param gives. */
struct wearer_hold {
	double hold_s;           /* from the pose reached to leaving it */
	double angle_deg;        /* thigh elevation, or forward lean */
	double entry_rate_deg_s; /* at its fastest */
	int32_t habit;           /* enum wearer_habit_id */
	double habit_size;       /* in the habit's unit; NAN: its default */
	double habit_start_s;    /* after the pose is reached; NAN: a third in */
	double habit_length_s;   /* NAN: the habit's default */
};

/* One sensor: how it is strapped on and what is wrong with it. */
struct wearer_imu {
	struct quat strap;         /* sensor -> segment */
	struct vec3 place_m;       /* from the hip joint, segment frame */
	struct vec3 acc_bias_m_s2; /* added last */
	struct mat3 acc_matrix;    /* scale and cross-axis: 1 + a few percent */
	struct vec3 gyr_bias_rad_s;
	struct vec3 gyr_scale; /* 0.01: reads 1 % too much */
};

struct wearer_param {
	enum exercise_id exercise;
	enum side side;
	int32_t sensors; /* 1: thigh, 2: thigh and pelvis */
	uint64_t seed;

	/* chip clock: stamps of sample k are k / rate_hz; 100 s of it are
	 * 100 / (1 + clock_ppm 1e-6) true seconds */
	double rate_hz;   /* 25..1000, default 104 */
	double clock_ppm; /* 0 */
	double jitter_s;  /* standard deviation of the stamps, at most 0.2 of an
	                   * interval is used; 0 */

	/* script */
	bool announce;           /* the first sample carries start:EXERCISE:SIDE */
	bool press;              /* leans with one sensor: button at begin and end */
	bool finish;             /* after the last hold: next (the closing check) */
	bool strapped;           /* straps known already: no strapping, no poses to
	                          * learn them, calm_raises as they stand */
	double strapping_s;      /* fastening the strap at the start; 4 */
	double still_s;          /* each still pose; 5 */
	int32_t calm_raises;     /* 3; doorway 1; at least 3 with two sensors */
	double raise_deg;        /* angle of the calm raises; 70 */
	double raise_rate_deg_s; /* fastest speed of calm raises, lowering; 25 */
	double raise_sd_deg;     /* from raise to raise; 1 */
	double entry_rate_deg_s; /* fastest speed into a hold; 20 */
	double angle_deg;        /* hold: thigh elevation 70, lean 20; doorway: 95 */
	double fall_deg, fall_rate_deg_s; /* doorway: 13, 5 */
	double rest_s;                    /* flat between holds; 15 */
	double closing_s;                 /* still at the end; 8 */
	double prescribed_s;              /* default: the exercise's, else 30 */
	double extra_s;                   /* held longer than prescribed; 3 */
	double band_low_deg;              /* NAN: 0.8 raise_deg; leans 3 */
	double cap_deg;                   /* NAN: raise_deg + 15, at most 90; leans 45 */
	int32_t hold_count;               /* default 3 */
	struct wearer_hold holds[WEARER_HOLDS_MAX];

	/* body */
	double gravity_m_s2; /* 9.81 */
	double pelvic_a_deg; /* curve: tilt = a + b raise + c raise^2, degrees */
	double pelvic_b;
	double pelvic_c_per_deg;
	double pelvic_sd_deg;               /* extra tilt from raise to raise; 0.7 */
	double breathing_deg, breathing_hz; /* belt sensor only; 0.5, 0.25 */
	double relie_sd_deg; /* the thigh lies down anew after each hold; 0 */
	/* skin and muscle under the strap turn it in the course of a raise of 70
	 * degrees (or a lean as large), and back; reads more; 0 */
	double skin_deg[SITE_COUNT];
	double soft_tissue_deg;             /* wobble of the thigh sensor, each axis; 0 */

	/* in every hold, beside the habit of the hold itself */
	double wander_deg;            /* random sway 0.1..1 Hz, standard deviation; 0.3 */
	double sway_deg, sway_hz;     /* 0, 0.7 */
	double tremor_deg_s;          /* root mean square, 6..8 Hz; 0 */
	double creep_deg_s;           /* 0 */
	double bounce_deg, bounce_hz; /* +- deg during 4 s; 0, 1 */

	/* once, at a time of the session; NAN: in the middle of hold 2 */
	double slip_deg, slip_at_s; /* strap about the flexion axis; reads more */
	double gap_s, gap_at_s;     /* no samples at all */

	/* sensors */
	struct wearer_imu imu[SITE_COUNT];
	double acc_noise_ug_sqrt_hz;    /* 400; white up to half the rate */
	double gyr_noise_deg_s_sqrt_hz; /* 0.005 */
	double temperature_c;           /* at the start; NAN: not measured */
	double warming_c;               /* rise by body heat, 10 min constant; 3 */
};

/* The plan of one hold attempt, true seconds and degrees. */
struct wearer_hold_plan {
	int32_t habit;
	double entry_s;   /* the movement begins */
	double band_s;    /* script crosses the band's lower edge; NAN: never */
	double settled_s; /* pose reached (doorway: end of the fall) */
	double habit_s, habit_length_s; /* NAN without one */
	double leave_s;                 /* the way back begins */
	double out_s;                   /* script crosses the lower edge downwards; NAN */
	double flat_s;                  /* back in the rest pose */
	double angle_deg; /* planned signal while held, without disturbances */
	double hold_s;    /* leave_s - settled_s */
	double prescribed_s;
	/* the right verdict by the rules of the hold at their defaults;
	 * RESULT_NONE: no attempt at all; a row, if any, counts no second */
	enum hold_result intended;
};

struct wearer_span {
	double start_s, end_s;
};

struct wearer_event {
	double t_s;
	struct event event;
};

struct wearer_plan {
	struct track track; /* channels: enum wearer_channel of wearer_plan.h */
	double reference_thigh_deg, reference_pelvis_deg; /* absolute */
	double band_low_deg, cap_deg;
	double reference_s; /* middle of the last still start pose before holds */
	double end_s;
	int32_t hold_count, gap_count, dead_count, frozen_count, event_count;
	struct wearer_hold_plan holds[WEARER_HOLDS_MAX];
	struct wearer_span gaps[WEARER_SPANS_MAX];     /* no rows */
	struct wearer_span dead[WEARER_SPANS_MAX];     /* thigh sensor absent */
	struct wearer_span frozen[WEARER_SPANS_MAX];   /* thigh values repeat */
	struct wearer_event events[WEARER_EVENTS_MAX]; /* ascending */
	bool full; /* the script is longer than the tables */
};

struct wearer_state {
	struct wearer_plan plan;
	struct random random; /* noise */
	int64_t index;        /* of the next sample */
	int32_t next_event;
	bool frozen;
	struct imu_reading kept; /* the reading that repeats while frozen */
};

/* Segment at one moment, level frame; noise and chip left out. */
struct wearer_motion {
	struct quat segment;   /* segment -> level */
	struct quat sensor;    /* sensor -> level: slip, breathing, wobble in it */
	struct vec3 place_m;   /* of the sensor */
	struct vec3 acc_m_s2;  /* specific force, sensor frame */
	struct vec3 gyr_rad_s; /* angular velocity, sensor frame */
};

/*
 * Defaults of an exercise: three full holds, two ideal sensors with random
 * straps, seed 1. Change what you like, then wearer_init.
 */
struct wearer_param wearer_default(enum exercise_id exercise, enum side side);

/* Draws new straps for both sensors from param->seed. */
void wearer_strap_randomly(struct wearer_param *param);

/* A hold with everything left to wearer_param. */
struct wearer_hold wearer_hold_default(void);

/*
 * Writes the plan. Returns NULL, or what is wrong with param in a short phrase
 * (a value out of range, too many holds); *state is then of no use.
 */
const char *wearer_init(struct wearer_state *state, const struct wearer_param *param);

/*
 * Next sample at the chip's clock, with truth (may be NULL) at the true moment.
 * False at the end; *sample is then untouched.
 */
bool wearer_step(struct wearer_state *state, const struct wearer_param *param,
	struct sample *sample, struct truth *truth);

/* The planned hold number index, or NULL. */
const struct wearer_hold_plan *wearer_hold_truth(
	const struct wearer_state *state, int32_t index);

/* Truth at a true time. */
struct truth wearer_truth_at(
	const struct wearer_plan *plan, const struct wearer_param *param, double t_s);

/* Motion of one segment and its sensor at a true time. */
struct wearer_motion wearer_motion_at(const struct wearer_plan *plan,
	const struct wearer_param *param, enum site site, double t_s);

/* Bad habits and accidents, one const table for simulate and for tests. */
enum wearer_habit_id {
	HABIT_NONE,
	HABIT_SWAY,
	HABIT_WANDER,
	HABIT_TREMOR,
	HABIT_CREEP,
	HABIT_BOUNCE,
	HABIT_DROP,
	HABIT_EXHALE,
	HABIT_SLIP,
	HABIT_TWIST,
	HABIT_GAP,
	HABIT_DEAD,
	HABIT_FROZEN,
	HABIT_PELVIS,
	HABIT_OVER,
	HABIT_LOW,
	HABIT_FAST,
	HABIT_FLINCH,
	HABIT_DRIFT,
	HABIT_ROLL,
	HABIT_PUSH_UP,
	HABIT_COUGH,
	HABIT_TOWEL,
	HABIT_PHONE,
	HABIT_ASLEEP,
	HABIT_BENT,
	HABIT_IDLE,
	HABIT_OTHER_LEG,
	HABIT_EARLY,
	HABIT_PRESS,
	HABIT_PAIN,
	HABIT_BREATHE,
	HABIT_KNEE,
	HABIT_SINK,
	HABIT_COUNT
};

struct wearer_build; /* see wearer_plan.h */

struct wearer_habit {
	const char *name;
	const char *unit;
	const char *help;
	double size;     /* default */
	double length_s; /* default; NAN: to the end of the hold */
	/* a habit that starts before the prescribed second makes the result this;
	 * HABIT_KEEPS_RESULT: as if it were not there */
	int32_t intended;
	bool pauses; /* its length (or size, when it is a gap) does not count */
	/* changes the attempt before it is planned; NULL: no */
	void (*prepare)(const struct wearer_build *build, struct wearer_hold *hold);
	/* adds movement to the planned attempt; NULL: no */
	void (*add)(struct wearer_build *build, const struct wearer_hold *hold,
		const struct wearer_hold_plan *plan);
};

#define HABIT_KEEPS_RESULT (-1)

extern const struct wearer_habit wearer_habits[HABIT_COUNT];

/* Habit of that name, or HABIT_COUNT. */
enum wearer_habit_id wearer_habit_lookup(const char *name);

/* Three kinds of people. */
struct wearer_person {
	const char *name;
	const char *help;
	double height_m;
	double raise_deg;    /* straight-leg raise */
	double lean_deg;     /* pelvis forward */
	double pelvic_share; /* at raise_deg */
};

#define WEARER_PERSONS 3
extern const struct wearer_person wearer_persons[WEARER_PERSONS];

/* Puts that person into param: angles, pelvic curve, place of the sensors. */
void wearer_set_person(struct wearer_param *param, const struct wearer_person *person);

/* Ready scripts of the sensor "simulate:NAME", one for each exercise. */
#define WEARER_PRESET_HOLDS 3

struct wearer_preset {
	const char *name;
	enum exercise_id exercise;
	double dose[WEARER_PRESET_HOLDS]; /* parts of the prescribed time held */
};

extern const struct wearer_preset wearer_presets[];
extern const size_t wearer_preset_count;

/* Preset of that name, or NULL. */
const struct wearer_preset *wearer_preset_lookup(const char *name);

/*
 * The preset as parameters. prescribed_s: NAN takes the exercise's own, else 30.
 * Holds of a full dose last extra_s longer, others exactly their part.
 */
struct wearer_param wearer_from_preset(const struct wearer_preset *preset, enum side side,
	int32_t sensors, uint64_t seed, double prescribed_s);

#endif
