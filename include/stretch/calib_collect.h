/*
 * Still windows out of a stream of raw readings, for calibrating one sensor.
 *
 * Raw means uncorrected: the gate looks only at scatter and change, so neither
 * bias nor scale matters to it. Readings are taken in quarter-second means; a
 * window is a row of quiet ones that agree, without the first and the last (the
 * hand has just let go, or is about to take hold). It grows while the sensor
 * rests and is good from window_s on. The trembling of a hand passes, its drift
 * and its pushes do not.
 */
#ifndef STRETCH_CALIB_COLLECT_H
#define STRETCH_CALIB_COLLECT_H

#include "stretch/calib_sphere.h"
#include "stretch/sample.h"

#define CALIB_WINDOWS_MAX 64
#define CALIB_BIN_US 250000

struct calib_collect_param {
	double window_s;          /* 1.0: shortest window */
	double gyr_scatter_rad_s; /* 0.12: root mean square within a bin */
	double acc_scatter_m_s2;  /* 0.5: likewise, the three axes together */
	double stray_deg;         /* 3.0: a bin against the window so far */
	double norm_stray_m_s2;   /* 0.15: likewise, length of the acceleration */
	double gyr_stray_rad_s;   /* 0.08: likewise, mean rate */
	double norm_off;          /* 0.3: length against gravity, a fraction */
	double away_deg;          /* 30: turned away: the next is a new visit */
};

/* What the sensor does at the end of the last bin. */
enum calib_now {
	CALIB_NOW_ABSENT, /* no reading, or a gap */
	CALIB_NOW_FROZEN, /* every value the same: not a measurement */
	CALIB_NOW_WRONG,  /* quiet, but nothing like gravity */
	CALIB_NOW_MOVING,
	CALIB_NOW_SETTLING, /* still, not long enough yet */
	CALIB_NOW_TAKEN,    /* the window is good; it may go on */
	CALIB_NOW_FULL,     /* no room for more */
	CALIB_NOW_COUNT
};

extern const char *const calib_now_words[CALIB_NOW_COUNT];

struct calib_window {
	int64_t from_us, to_us;
	struct vec3 acc_m_s2, gyr_rad_s;            /* means, raw */
	double acc_scatter_m_s2, gyr_scatter_rad_s; /* within bins, rms */
	double temp_c;                              /* mean; NAN: not measured */
	int32_t samples;
	int32_t direction; /* index in the sphere */
	int32_t visit;     /* windows of one visit were not turned away in between */
};

struct calib_sum {
	int64_t from_us, to_us;
	struct vec3 acc, gyr;
	double acc_square, gyr_square; /* about the mean of each bin */
	double temp;
	int32_t n, temp_n;
};

struct calib_collect {
	struct calib_window windows[CALIB_WINDOWS_MAX];
	int32_t count, visits;
	struct calib_sphere sphere;
	enum calib_now now;
	double still_s; /* of the present window, usable part; 0: none */
	int32_t frozen_bins, wrong_bins, moving_bins;
	bool full;

	bool started, away;
	int64_t last_us;
	struct calib_sum bin; /* being filled; squares about first */
	struct vec3 first_acc, first_gyr;
	bool same;                 /* every reading of the bin is equal */
	int32_t quiet;             /* bins in the present row */
	struct calib_sum last_bin; /* newest quiet bin, not in the window yet */
	struct calib_sum stay;     /* bins of the window */
	int32_t open;              /* index of the window of this row; -1: none */
};

struct calib_collect_param calib_collect_default(void);
void calib_collect_init(struct calib_collect *collect);

/* One reading; times increase. */
void calib_collect_step(struct calib_collect *collect,
	const struct calib_collect_param *param, int64_t t_us,
	const struct imu_reading *reading);

/* Ends the present window, so that none reaches over this moment. */
void calib_collect_break(struct calib_collect *collect);

#endif
