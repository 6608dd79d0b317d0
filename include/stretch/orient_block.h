/*
 * The inside of the orientation filter: what orient.c, orient_edge.c,
 * orient_block.c and the offline form in smooth.c share. For nobody else.
 */
#ifndef STRETCH_ORIENT_BLOCK_H
#define STRETCH_ORIENT_BLOCK_H

#include "stretch/orient.h"

/* One block as the way back needs it. Order of 16: angles, velocity, learned. */
struct orient_block {
	double tau_s;
	double effect[2][ORIENT_LEARNED];
	/* velocity update: gain, and innovation over its covariance */
	double gain[4 + ORIENT_LEARNED][2];
	double weighed[2];
	/* bias update at rest */
	bool rest;
	struct vec3 rest_up; /* what it measures of the bias */
	double rest_gain[4 + ORIENT_LEARNED];
	double rest_weighed;
	double keep_bias, keep_matrix; /* factors of forgetting, 1: none */
	/* rows of the two angles in the covariance, before forgetting */
	double p_angle[2][4 + ORIENT_LEARNED];
	double injected_rad[2];
	struct quat q_before; /* without what was injected */
};

enum orient_break {
	ORIENT_WHOLE, /* no gap */
	ORIENT_LOOSE, /* uncertainty was added */
	ORIENT_CUT    /* levelling begins anew */
};

/* What one call of orient_step_traced did, in this order. */
struct orient_trace {
	bool began;        /* this sample started the filter */
	bool block_before; /* a block was closed before the gap */
	struct orient_block before;
	enum orient_break gap;               /* then this */
	double p_gap[2][4 + ORIENT_LEARNED]; /* of the angles after it, if loose */
	bool block_after;                    /* a block was closed after the sample */
	struct orient_block after;
	bool levelled; /* everything since the levelling began turns: */
	struct quat turn;
	bool kalman_began; /* levelling ended, before the gap if there is one */
	double p_level[2][4 + ORIENT_LEARNED];
	bool restarted; /* overflow: all is lost */
};

static inline void orient_trace_clear(struct orient_trace *trace)
{
	trace->began = trace->block_before = trace->block_after = false;
	trace->levelled = trace->kalman_began = trace->restarted = false;
	trace->gap = ORIENT_WHOLE;
}

/* orient_step; adds to *trace (cleared by the caller) unless NULL. */
void orient_step_traced(struct orient_state *state, const struct orient_param *param,
	double dt_s, struct vec3 acc_m_s2, struct vec3 gyr_rad_s,
	struct orient_trace *trace);

/* Velocity, and the covariance of angles and velocity, as after levelling; that of
 * the learned numbers stays. */
void orient_block_begin(struct orient_state *state, const struct orient_param *param);

/* Learned numbers zero, their covariance as before any data. */
void orient_block_forget_all(
	struct orient_state *state, const struct orient_param *param);

/* Closes the block: still, predict, update, inject; *block unless NULL. */
void orient_block_close(struct orient_state *state, const struct orient_param *param,
	struct orient_block *block);

/* Rest test of the block, moves still_s on; the sums stay. */
void orient_block_still(struct orient_state *state, const struct orient_param *param);

/* Empties the sums of the block. */
void orient_block_clear(struct orient_state *state);

/* Copies the rows of the two angles out of the covariance. */
void orient_block_rows(
	const struct orient_state *state, double p_angle[2][4 + ORIENT_LEARNED]);

/* A step of samples has ended: gathers its effect, closes the block when due. */
void orient_edge_step(struct orient_state *state, const struct orient_param *param,
	struct orient_trace *trace);

/* The first sample, or one after a gap of dt_s (0: not known). */
void orient_edge_cross(struct orient_state *state, const struct orient_param *param,
	double dt_s, const struct vec3 *acc_m_s2, const struct vec3 *gyr_rad_s,
	struct orient_trace *trace);

#define ORIENT_DT_MAX_S 1e6

/* The interval, 0 for one that cannot be. */
static inline double orient_interval(double dt_s)
{
	return dt_s > 0.0 && dt_s <= ORIENT_DT_MAX_S ? dt_s : 0.0;
}

#define ORIENT_ACC_MAX_M_S2 1000.0 /* beyond any chip: not a reading */
#define ORIENT_GYR_MAX_RAD_S 100.0

/* False for NAN, infinity and the zeros of a dead chip. */
static inline bool orient_usable(struct vec3 acc, struct vec3 gyr)
{
	double acc_square = vec3_dot(acc, acc);

	return acc_square > 0.0 &&
		acc_square <= ORIENT_ACC_MAX_M_S2 * ORIENT_ACC_MAX_M_S2 &&
		vec3_dot(gyr, gyr) <= ORIENT_GYR_MAX_RAD_S * ORIENT_GYR_MAX_RAD_S;
}

/* True when an interval is a gap; moves on the usual one (gap_s at the start). */
static inline bool orient_is_gap(
	const struct orient_param *p, double dt_s, double *usual_s)
{
	double limited_s = dt_s > p->gap_s ? p->gap_s : dt_s;
	bool gap = dt_s > p->gap_s || dt_s > p->gap_factor * *usual_s;

	*usual_s += (limited_s - *usual_s) * (1.0 / 16.0);
	return gap;
}

#define ORIENT_SMALL_SQUARE 0.04 /* rad^2: up to here the series is good to 1e-9 */
#define ORIENT_HALVED_MAX 10

/*
 * Quaternion of a rotation vector. A turn too large for the series is halved until
 * it fits and its quaternion squared as often: no sine, which differs between
 * libraries in its last bit.
 */
static inline struct quat orient_turn(struct vec3 by_rad)
{
	double n2 = vec3_dot(by_rad, by_rad);
	int halved = 0;
	struct quat t;
	double k;

	for (; n2 > ORIENT_SMALL_SQUARE && halved < ORIENT_HALVED_MAX; halved++) {
		by_rad = vec3_scale(by_rad, 0.5);
		n2 *= 0.25;
	}
	k = 0.5 - n2 * (1.0 / 48.0 - n2 * (1.0 / 3840.0));
	t = (struct quat){ 1.0 - n2 * (1.0 / 8.0 - n2 * (1.0 / 384.0)), k * by_rad.x,
		k * by_rad.y, k * by_rad.z };
	for (; halved > 0; halved--)
		t = quat_mul(t, t);
	return t;
}

/* What the sensor really turned by, given what it read. */
static inline struct vec3 orient_corrected(
	const struct orient_state *s, struct vec3 read_rad, double dt_s)
{
	const double *e = s->learned;

	return (struct vec3){
		read_rad.x - e[0] * dt_s - e[1] * read_rad.x - e[2] * read_rad.y -
			e[3] * read_rad.z,
		read_rad.y - e[4] * dt_s - e[5] * read_rad.x - e[6] * read_rad.y -
			e[7] * read_rad.z,
		read_rad.z - e[8] * dt_s - e[9] * read_rad.x - e[10] * read_rad.y -
			e[11] * read_rad.z,
	};
}

#endif
