/*
 * A second implementation of the orientation filter, written from the equations at
 * the head of orient_block.c with plain 16x16 matrices, velocity in its usual form,
 * exact rotations and Joseph's update; and of the smoother, by Rauch, Tung and
 * Striebel with an inverse. Samples must be 1/128 s apart: times then add up
 * exactly, and every block has 24 of them. No gaps, no clipping.
 */
#ifndef STRETCH_TESTS_DENSE_ORIENT_H
#define STRETCH_TESTS_DENSE_ORIENT_H

#include "stretch/orient.h"

#define DENSE_N 16
#define DENSE_DT (1.0 / 128.0)
#define DENSE_BLOCK 24

/* Of every Kalman step, for the way back; in order of the state x. */
struct dense_record {
	double phi[DENSE_N][DENSE_N];      /* to here from the record before */
	double p_before[DENSE_N][DENSE_N]; /* predicted */
	double p_after[DENSE_N][DENSE_N];
	double keep[12];   /* forgetting after it */
	double x[DENSE_N]; /* injected */
	struct quat q;     /* after that */
};

struct dense {
	struct quat q;
	double v[2], learned[12], p[DENSE_N][DENSE_N];
	double effect[2][12];
	struct vec3 gyr_sum, step_gyr, gyr_before, push, acc_mean, level;
	double gyr_square, acc_square, speed_square, forget_s;
	int samples, blocks, still, rested; /* blocks still, blocks at rest */
	struct vec3 rest_gyr;
	struct dense_record *record; /* NULL: not wanted; else advanced */
};

/* The first sample. */
void dense_start(struct dense *dense, struct vec3 acc, struct vec3 gyr);

/* A further one. */
void dense_step(struct dense *dense, const struct orient_param *param, struct vec3 acc,
	struct vec3 gyr);

/* Attitudes at the ends of the blocks, given all count records. */
void dense_smooth(const struct dense_record *records, int count, struct quat *attitude);

#endif
