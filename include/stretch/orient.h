/*
 * Orientation of one sensor from gyroscope and accelerometer: inclination only,
 * heading is free. Causal. Equations and their origin: head of orient_block.c.
 *
 * orient_param: tunables, independent of the sampling rate, which is not given:
 *   each sample brings the time since the one before (25..1000 Hz, uneven).
 * orient_state: everything that changes; a plain copy saves and restores it.
 * Nothing is derived from param beforehand: what depends on it is worked out once
 * a block (0.2 s), where it costs next to nothing.
 */
#ifndef STRETCH_ORIENT_H
#define STRETCH_ORIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/vec.h"

/* Learned numbers: for each axis of the gyroscope its bias (rad/s) and its row of
 * the error matrix: reading = rate + bias + matrix * rate, to first order. */
#define ORIENT_LEARNED 12

/*
 * All defaults are orient_default()'s; "flat" means that half and twice the value
 * give nearly the same error on real recordings.
 */
struct orient_param {
	/* NAN (default): not known. Else samples with a component beyond 0.98 of
	 * it make the attitude uncertain instead of spoiling bias and matrix. */
	double gyr_full_scale_rad_s;
	double clip_rad_s; /* 2: rate that a clipped sample may hide */

	/* Noise of attitude and velocity. More: quicker, noisier tilt. Flat. */
	double gyr_walk_rad_sqrt_s; /* 0.002 rad/sqrt(s): walk of the angle */
	double turn_walk_sqrt_s;    /* 0.002 a rad/s: more of it while turning */
	double acc_walk_m_s_sqrt_s; /* 0.003 m/s/sqrt(s): walk of the velocity */

	/* "The velocity stays near zero": density of the velocity about zero. */
	double calm_m_s_sqrt_s; /* 0.25: less follows the accelerometer more */
	double speed_part_s;    /* 0.2: share of the recent mean square speed */
	double speed_time_s;    /* 8: what recent means */
	double speed_max_m_s;   /* 5: the velocity ends here, so that a lasting push
	                         * cannot switch gravity off for long */
	double rest_m_s_sqrt_s; /* 0.002: the same at rest; flat over 0.0005..0.01 */

	/* Rest: all four for rest_s. A steady slow turn is the danger. */
	double rest_s;               /* 0.9: five blocks; the bias is updated as often */
	double rest_gyr_rad_s;       /* 1 deg/s: scatter within a block */
	double rest_acc_m_s2;        /* 0.4: scatter within a block */
	double rest_step_m_s2;       /* 0.25: change of the mean between blocks */
	double rest_rate_rad_s;      /* 3 deg/s: mean rate less the learned bias */
	double rest_bias_rad_sqrt_s; /* 0.1 deg/s sqrt(s): of the mean rate */

	/* What is learned: size before anything is known, time to forget it. */
	double bias_rad_s;     /* 1 deg/s: after a calibration at rest */
	double bias_time_s;    /* 20000: walks by 0.1 deg/s in 100 s */
	double bias_max_rad_s; /* 20 deg/s: beyond any chip */
	double scale;          /* 0.005: factory trim; 1 % overfits short motion */
	double cross;          /* 0.003: misalignment */
	double matrix_time_s;  /* 600: keeps endless repetitions from bending it */
	double matrix_max;     /* 0.05 */

	/* Start: level on the mean of the acceleration, then these. */
	double start_s;         /* 0.6 */
	double start_angle_rad; /* 0.15 */
	double start_speed_m_s; /* 0.7 */

	/* Steps. */
	double step_s;  /* 0.05: turn gathered before it is rotated to level;
	                 * 0.02 costs more and gains nothing */
	double block_s; /* 0.2: a covariance step; 0.05..0.2 equal, 0.4 2 % worse */

	/* Missing samples. */
	double gap_s;          /* 0.1: a longer interval is a gap by itself, */
	double gap_factor;     /* 2.5: and one so many times the usual one */
	double gap_rate_rad_s; /* 0.2: attitude uncertainty a second of gap */
	double gap_change;     /* 0.25: more of it a rad/s of change across the gap */
	double gap_level_rad;  /* 0.25: more uncertain than this: level anew */
	double gap_acc_m_s2;   /* 3: velocity uncertainty a second of gap */
};

struct orient_state {
	bool started;   /* a usable sample was seen */
	bool levelling; /* within start_s of a start or a long gap */
	bool gap;       /* the next sample does not follow on the last one */
	uint32_t restarts;

	struct quat q;   /* sensor -> level frame, z up */
	double u_m_s[2]; /* horizontal velocity, level frame, as (-v_y, v_x) */
	double learned[ORIENT_LEARNED];

	/* Covariance of {angle x, y, u x, y} and of what is learned. */
	double p_now[4][4];
	double p_cross[ORIENT_LEARNED][4];
	double p_learned[ORIENT_LEARNED][ORIENT_LEARNED];

	double speed_square;       /* recent mean of the squared speed, m2/s2 */
	double still_s;            /* time that has been still up to now */
	double rest_s;             /* and of the rest that is averaged now: its time */
	struct vec3 rest_turn_rad; /* and turn as read */
	double forget_s;           /* time since the last forgetting */
	double level_s;            /* levelled so far */
	struct vec3 level_sum_m_s;

	/* of the last usable sample */
	struct vec3 gyr_rad_s;
	double waiting_s; /* time of skipped samples since then */
	double usual_s;   /* running mean of the intervals */

	/* integrals over the block so far */
	double block_s, clip_s;
	struct vec3 push_m_s; /* acceleration, level frame */
	struct vec3 gyr_sum;  /* sensor frame */
	double gyr_square, acc_square;
	double effect[2][ORIENT_LEARNED]; /* of what is learned on the angles */
	/* and over the step so far */
	double step_s;
	struct vec3 step_turn_rad;

	struct vec3 acc_before_m_s2; /* mean of the block before, level frame */
};

/* The one set of defaults, used for every recording and rate. */
struct orient_param orient_default(void);

/* Forgets everything; the next sample with a usable acceleration starts it. */
void orient_init(struct orient_state *state);

/*
 * One sample. dt_s: seconds since the sample before (0 for the first); acc in
 * m/s^2, gyr in rad/s, both calibrated, sensor frame, standing for the interval that
 * ends now (of point samples the result is that of half an interval later). A reading
 * that cannot be one (not finite, acceleration exactly zero, beyond 1000 m/s^2 or
 * 100 rad/s) is skipped; its time is added to the next dt. A dt_s that is not within
 * 0..1e6 counts as 0. An interval above gap_s, or gap_factor times the usual one, is
 * a gap.
 */
void orient_step(struct orient_state *state, const struct orient_param *param,
	double dt_s, struct vec3 acc_m_s2, struct vec3 gyr_rad_s);

/*
 * Samples are missing before the next one; its dt_s says for how long (0: not
 * known). Attitude and velocity become uncertain by that and by how much the rate
 * has changed; where that is too much, the next sample levels anew. The learned bias
 * and matrix are kept.
 */
void orient_gap(struct orient_state *state, const struct orient_param *param);

/* False until the first usable sample. */
bool orient_ready(const struct orient_state *state);

/* Unit vector up, sensor frame; (0, 0, 1) before the first sample. */
struct vec3 orient_up(const struct orient_state *state);

/* Sensor -> level frame, unit; heading arbitrary. */
struct quat orient_quat(const struct orient_state *state);

/* Gyroscope bias learned so far, rad/s. */
struct vec3 orient_gyr_bias_rad_s(const struct orient_state *state);

/* Gyroscope error matrix learned so far: it reads (1 + matrix) rate + bias. */
struct mat3 orient_gyr_matrix(const struct orient_state *state);

/* One sigma of the tilt, radians (both axes together); PI while it is not known:
 * before the start and within start_s of levelling. */
double orient_tilt_sd_rad(const struct orient_state *state);

/* How often the filter began anew because its numbers had overflowed. */
uint32_t orient_restarts(const struct orient_state *state);

#endif
