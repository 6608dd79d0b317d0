/*
 * How a wearer's plan is put together: for src/sim and the habits only.
 *
 * A builder walks along the session's time and adds moves, waves, events and
 * spans to the plan. What an attempt pushes away from the rest pose is
 * remembered in held[] and undone on the way back.
 */
#ifndef STRETCH_WEARER_PLAN_H
#define STRETCH_WEARER_PLAN_H

#include "stretch/wearer.h"

/* A knee-bent rest begins below the band, at this part of its angle, so that the
 * thigh comes into the band without having been flat. */
#define WEARER_BENT_REST 0.6

#define RAMP_BLEND_S 0.5 /* easing in and out of an even movement */

/* Degrees, but for the hip's place in metres. + as at the head of wearer.h. */
enum wearer_channel {
	CHANNEL_RAISE, /* straight-leg raise: the pelvis follows its curve */
	CHANNEL_THIGH, /* any other movement of the thigh */
	CHANNEL_PELVIS,
	CHANNEL_DRIFT,  /* thigh outwards, about the level X axis */
	CHANNEL_BODY,   /* whole body about the level X axis */
	CHANNEL_ABDUCT, /* thigh outwards, about the body's front axis */
	CHANNEL_ROLL,   /* thigh about its own axis */
	CHANNEL_HIP_X_M,
	CHANNEL_HIP_Z_M,
	CHANNEL_SLIP,       /* thigh strap about the flexion axis */
	CHANNEL_SLIP_FRONT, /* about the thigh's front axis */
	CHANNEL_SLIP_ROLL,  /* about the thigh's long axis */
	CHANNEL_BREATH,     /* pelvis strap about the flexion axis */
	CHANNEL_COUNT
};

/* A pose of the whole body, absolute angles. */
struct wearer_posture {
	double thigh_deg, pelvis_deg;
	double body_deg; /* of the right-sided wearer; mirrored for the left */
	double hip_z_m;
};

/* What kind of attempt a habit makes of a hold. */
enum wearer_attempt {
	ATTEMPT_HOLD,
	ATTEMPT_IDLE,     /* nothing happens for as long */
	ATTEMPT_BENT,     /* rests in the band without having risen into it */
	ATTEMPT_OTHER_LEG /* the leg without the sensor is raised */
};

/* How an exercise moves: where it starts, what a hold does. */
struct wearer_script {
	enum pose first; /* pose at the start: where the straps are learned */
	const struct wearer_posture *start;
	enum wearer_channel signal;
	double sign;
	/* what moves along with one degree of signal */
	double thigh, pelvis;
	bool counted; /* quick repetitions */
	bool rolling; /* foam roller */
};

struct wearer_build {
	struct wearer_plan *plan;
	const struct wearer_param *param;
	const struct wearer_script *script;
	struct random random;
	double now_s;
	struct wearer_posture posture;
	double held[CHANNEL_COUNT];
};

/* Movement that stays: of an attempt (undone on the way back), or for good. */
void wearer_push(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double delta);
void wearer_push_evenly(struct wearer_build *build, enum wearer_channel channel,
	double start_s, double length_s, double delta);
void wearer_shift(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double delta);

/* There, and back after length_s; each way takes move_s. */
void wearer_bump(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double move_s, double delta);

/* The channel that the exercise is judged by; *sign: of its + direction. */
enum wearer_channel wearer_signal(const struct wearer_build *build, double *sign);

void wearer_add_wave(struct wearer_build *build, enum wearer_channel channel,
	double start_s, double length_s, double amplitude, double frequency_hz);
void wearer_add_event(struct wearer_build *build, double t_s, enum event_kind kind,
	const char *first, const char *second);
void wearer_add_span(struct wearer_build *build, struct wearer_span *spans,
	int32_t *count, double start_s, double end_s);

/* Moves the whole body to another posture and advances the time. */
void wearer_take_posture(struct wearer_build *build, const struct wearer_posture *posture,
	double length_s);

/* Time of a minimum-jerk move that is nowhere faster than rate; at least 0.5 s. */
double wearer_move_time(double way_deg, double rate_deg_s);

/* Moves the signal, and what goes with it, by angle_deg. */
void wearer_push_signal(struct wearer_build *build, const struct wearer_script *script,
	double start_s, double length_s, double angle_deg);

/* Everything that is held goes back to the rest pose. */
void wearer_push_back(struct wearer_build *build, double start_s, double length_s);

/* angle_deg with the variation from raise to raise. */
double wearer_vary(struct wearer_build *build, double angle_deg);

/*
 * One hold attempt as asked, with the rest after it. bent_next_deg: the rest is
 * spent with the knee bent and the thigh at that angle; 0: in the start pose.
 */
void wearer_attempt(struct wearer_build *build, const struct wearer_hold *asked,
	double bent_next_deg);

extern const struct wearer_posture wearer_posture_lying, wearer_posture_standing,
	wearer_posture_sitting;

/* Writes the whole plan. */
void wearer_plan_session(struct wearer_plan *plan, const struct wearer_param *param);

/* Kind of attempt that a habit makes. */
enum wearer_attempt wearer_attempt_kind(int32_t habit);

#endif
