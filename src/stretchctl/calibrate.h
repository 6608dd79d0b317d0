/*
 * The pieces of stretchctl calibrate: what its options say, where samples come from,
 * and its two jobs, the chip and the straps.
 */
#ifndef STRETCH_STRETCHCTL_CALIBRATE_H
#define STRETCH_STRETCHCTL_CALIBRATE_H

#include "linux/control_samples.h"
#include "linux/problem.h"
#include "linux/sensors.h"
#include "linux/source.h"
#include "stretch/pose_take.h"

#define CALIBRATE "stretchctl calibrate"
#define CALIBRATE_WORDS_MAX 16

struct calibrate_options {
	const char *from;   /* a recording; NULL: a live sensor */
	const char *sensor; /* replay:, simulate:, i2c:; NULL: as the settings say */
	const char *config; /* settings file, and KEY=VALUE words */
	const char *words[CALIBRATE_WORDS_MAX];
	size_t word_count;
	const struct i2c_places *places; /* of the buses; NULL: the system's */
	const char *chip, *output, *side;
	const char *calibration[SITE_COUNT]; /* files, in the order given */
	int32_t calibrations;
	enum site site;
	bool site_given;
	double until_s, gravity_m_s2;
	double speed;       /* 0: as the settings say */
	int32_t parameters; /* 0: auto */
	struct pose_take poses[POSE_TAKES_MAX];
	int32_t pose_count;
	bool alignment, guided, help;
};

/* Samples at their own pace when live or guided, else as fast as they go. */
struct calib_feed {
	struct recording *recording;
	struct sensors *sensors; /* i2c */
	struct control_samples *daemon; /* i2c, while stretchd has the bus */
	struct source source;    /* none of them */
	const char *name;
	double speed; /* times real time; 0: as fast as it goes */
	bool begun;
	int64_t first_us, begin_us;
	int64_t heard_us; /* i2c: monotonic time of the newest sample */
};

/*
 * Opens what options and settings name; settings->calibration_* are checked against
 * the chips of an i2c sensor. It must stay in its place. 0, or a negative error with
 * the problem filled.
 */
int calib_feed_open(struct calib_feed *feed, const struct calibrate_options *options,
	const struct settings *settings, struct problem *problem);

/* 1 with *sample filled, rounded as a recording holds it; 0 at the end, or when a
 * signal asked for it (calib_feed_stopped); or a negative error. */
int calib_feed_next(
	struct calib_feed *feed, struct sample *sample, struct problem *problem);

bool calib_feed_has_pelvis(const struct calib_feed *feed);

/* The chip's own name for a file, as i2c_probe_name says it. */
void calibrate_chip_name(const struct chip *chip, char name[CALIB_CHIP_MAX]);

/* The chip of that site, NULL when it is not known (a recording, or not up yet). */
const struct chip *calib_feed_chip(const struct calib_feed *feed, enum site site);

/* Full scales of its chips, where the calibration does not know them. */
void calib_feed_full_scales(const struct calib_feed *feed, struct calib calib[SITE_COUNT]);

/* Closes it and says so when the last row was torn. */
void calib_feed_close(struct calib_feed *feed);

/* From now on SIGINT and SIGTERM end the samples instead of the program; and: was
 * there one? */
void calib_feed_catch(void);
bool calib_feed_stopped(void);

/* "stretchctl calibrate: TEXT", and the exit status of a negative error. */
int calibrate_fail(const struct problem *problem, int error);

/* The settings that the options name: file and words, --sensor, --speed, the pelvis
 * sensor when --site asks for it. 0 or the exit status, mistakes said. */
int calibrate_settings(
	const struct calibrate_options *options, struct settings *settings);

/* The date of a file that is written now; "undated" when the clock is not trusted. */
void calibrate_date(char text[40]);

/* The two jobs. Exit status. */
int calibrate_chip(const struct calibrate_options *options);
int calibrate_alignment(const struct calibrate_options *options);

#endif
