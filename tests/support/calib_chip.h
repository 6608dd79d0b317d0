/*
 * A simulated chip in a simulated hand, for the tests of calibration.
 *
 * raw = distort * acceleration + bias, as a data sheet words it. The hand turns
 * the sensor to a pose, keeps it there with tremor and sway, and goes on.
 */
#ifndef STRETCH_TESTS_CALIB_CHIP_H
#define STRETCH_TESTS_CALIB_CHIP_H

#include "stretch/calib_collect.h"
#include "stretch/random.h"

#define CHIP_MG 9.80665e-3 /* m/s^2 */

struct chip {
	struct mat3 distort;
	struct vec3 bias_m_s2, gyr_bias_rad_s;
	double gravity_m_s2;
	struct random random;
};

struct hand {
	double rate_hz;         /* 104 */
	double hold_s, turn_s;  /* 2.5, 1.0 */
	double noise_m_s2;      /* 0.028: 400 ug/sqrt(Hz) up to 52 Hz */
	double gyr_noise_rad_s; /* 0.0006 */
	double tremor_m_s2;     /* 0.15: amplitude, 8..10 Hz, each axis */
	double sway_m_s2;       /* 0.02: amplitude, 0.3..1 Hz, each axis */
	double tremor_deg;      /* 0.1: amplitude, 8..10 Hz, each axis */
	double wander_deg;      /* 0.6: amplitude, 0.1..0.4 Hz, each axis */
	double temp_c;          /* NAN */
};

/* A still sensor on a table: noise only. */
struct hand chip_table(void);
struct hand chip_hand(void);

/* Draws errors within those limits, each axis evenly; gyro bias +-20 deg/s. */
void chip_draw(
	struct chip *chip, uint64_t seed, double bias_mg, double scale, double cross);

/* What it reads without noise for an acceleration. */
struct vec3 chip_reads(const struct chip *chip, struct vec3 acc_m_s2);

/* The sensor's history: feeds the collector, keeps time and pose. */
struct chip_play {
	struct chip *chip;
	struct hand hand;
	struct calib_collect *collect;
	int64_t t_us;
	struct vec3 up; /* present pose; unit */
	void (*also)(void *context, int64_t t_us, const struct imu_reading *reading);
	void *context; /* of also, which may be NULL: gets every reading too */
};

/* Turns to a pose and holds it. push_m_s2: a steady acceleration of the hand,
 * along up, which no gate can see. */
void chip_pose(struct chip_play *play, struct vec3 up, double push_m_s2);

/* Keeps turning for so long. */
void chip_wave(struct chip_play *play, double seconds);

/* A random direction within deg of up. */
struct vec3 chip_near(struct random *random, struct vec3 up, double deg);

/* The upper triangular matrix that undoes distort but for a turn of the frame:
 * distort^-1 = (rotation) (that matrix). */
struct mat3 chip_truth(const struct chip *chip);

#endif
