/*
 * A movement in closed form and what a perfect sensor reads of it: the mean of
 * angular velocity and specific force over each sample's interval.
 *
 * Attitude: Rx(a) Ry(b), sensor -> level, a and b each the sum of an offset, a ramp
 * and a sine. Place: a sine along each level axis.
 */
#ifndef STRETCH_TESTS_MADE_MOTION_H
#define STRETCH_TESTS_MADE_MOTION_H

#include "stretch/orient.h"

struct made_wave {
	double offset, rate_s; /* value, and growth a second from t = start_s on */
	double start_s, end_s; /* of the ramp; end_s 0: never */
	double amplitude, hz, phase_rad;
};

struct made_motion {
	struct made_wave tilt_rad[2]; /* a, b */
	struct made_wave place_m[3];  /* sine part only */
};

struct made_reading {
	struct vec3 acc_m_s2, gyr_rad_s;
};

/* Readings for the interval t0_s..t1_s (Simpson's rule in four parts). */
struct made_reading made_read(const struct made_motion *motion, double t0_s, double t1_s);

/* Up in the sensor frame at one moment. */
struct vec3 made_up(const struct made_motion *motion, double t_s);

/* A leg that is swung and turned by some 50 degrees, its hip moved a little. */
struct made_motion made_busy(void);

/* A run of the filter: the movement, the sampling, the sensor. */
struct made_run {
	struct made_motion motion;
	double start_s, end_s, rate_hz;
	double jitter;           /* of the intervals, part of one */
	struct vec3 bias_rad_s;  /* of the gyroscope */
	double scale;            /* 0.01: it reads 1 % too much */
	double full_scale_rad_s; /* it ends there; 0: never */
	double score_s;          /* errors count from here on */
};

/* What the sensor of that run reads. */
struct made_reading made_run_read(const struct made_run *run, double t0_s, double t1_s);

/* Goes through the run; *state is left as at its end. Returns the worst error. */
double made_play(const struct made_run *run, const struct orient_param *param,
	struct orient_state *state);

/* Angle between the filter's up and that one, degrees. */
double made_error_deg(const struct orient_state *state, struct vec3 up);

#endif
