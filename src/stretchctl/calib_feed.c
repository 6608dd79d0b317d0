/* Samples for stretchctl calibrate; see calibrate.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/clock.h"
#include "linux/i2c_probe.h"
#include "stretchctl/calibrate.h"

#define I2C "i2c:"
#define SILENT_MAX_US INT64_C(10000000)
#define WAIT_MAX_US INT64_C(100000) /* so that a signal is seen soon */

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

void calib_feed_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	stopped = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool calib_feed_stopped(void)
{
	return stopped != 0;
}

static int open_chips(struct calib_feed *feed, const struct calibrate_options *o,
	const struct settings *settings, struct problem *problem)
{
	int error;

	feed->sensors = malloc(sizeof *feed->sensors);
	if (feed->sensors == NULL)
		return problem_errno(problem, settings->sensor, "open", -ENOMEM);
	error = sensors_open(feed->sensors,
		o->places != NULL ? o->places : &i2c_places_system, settings, problem);
	feed->heard_us = clock_monotonic_us();
	if (error == 0)
		return 0;
	free(feed->sensors);
	feed->sensors = NULL;
	return error;
}

/* While stretchd has the bus its sensors are read through it. -ENODEV: it has not. */
static int open_daemon(struct calib_feed *feed, const struct settings *settings)
{
	int error;

	if (settings->control[0] == '\0')
		return -ENODEV;
	feed->daemon = malloc(sizeof *feed->daemon);
	if (feed->daemon == NULL)
		return -ENODEV;
	error = control_samples_open(feed->daemon, settings->control, NULL);
	if (error == 0) {
		fprintf(stderr, CALIBRATE ": stretchd runs: its sensors are used\n");
		feed->heard_us = clock_monotonic_us();
		return 0;
	}
	free(feed->daemon);
	feed->daemon = NULL;
	return error;
}

int calib_feed_open(struct calib_feed *feed, const struct calibrate_options *o,
	const struct settings *settings, struct problem *problem)
{
	/* other programs' events are of no interest here */
	const struct recording_options loose = { .loose_events = true };

	memset(feed, 0, sizeof *feed);
	feed->speed = o->guided || o->from == NULL ? settings->speed : 0.0;
	feed->name = o->from != NULL ? o->from : settings->sensor;
	if (o->from != NULL)
		return recording_open(&feed->recording, o->from, &loose, problem);
	if (strncmp(settings->sensor, I2C, strlen(I2C)) == 0 &&
		open_daemon(feed, settings) == 0)
		return 0;
	if (strncmp(settings->sensor, I2C, strlen(I2C)) == 0)
		return open_chips(feed, o, settings, problem);
	return source_open(&feed->source, settings, problem);
}

/* Waits until the moment of the sample. */
static void keep_pace(struct calib_feed *feed, int64_t t_us)
{
	if (!feed->begun) {
		feed->begun = true;
		feed->first_us = t_us;
		feed->begin_us = clock_monotonic_us();
	}
	if (feed->speed > 0.0)
		clock_sleep_until_us(feed->begin_us +
			(int64_t)((double)(t_us - feed->first_us) / feed->speed));
}

static void say_event(const struct event *event)
{
	char text[SOURCE_TEXT_MAX];

	if (source_say(event, text))
		fprintf(stderr, CALIBRATE ": %s\n", text);
}

static int silent(const struct calib_feed *feed, struct problem *problem)
{
	problem_set(problem, "%s: no reading for %d s. look at the wiring", feed->name,
		(int)(SILENT_MAX_US / 1000000));
	return -EIO;
}

/* Waits for the next sample, through stretchd. */
static int next_of_daemon(
	struct calib_feed *feed, struct sample *sample, struct problem *problem)
{
	while (stopped == 0) {
		int got = control_samples_next(feed->daemon, (int)(WAIT_MAX_US / 1000),
			sample, problem);

		if (got < 0)
			return got;
		if (got == 1) {
			feed->heard_us = clock_monotonic_us();
			say_event(&sample->event);
			return 1;
		}
		if (clock_monotonic_us() - feed->heard_us > SILENT_MAX_US)
			return silent(feed, problem);
	}
	return 0;
}

/* Waits for the next sample of the chips. */
static int next_of_chips(
	struct calib_feed *feed, struct sample *sample, struct problem *problem)
{
	while (stopped == 0) {
		int64_t now_us = clock_monotonic_us(), wake_us = now_us;
		int got = sensors_poll(feed->sensors, now_us, sample, &wake_us, problem);

		if (got < 0)
			return got;
		if (got == 1) {
			feed->heard_us = now_us;
			say_event(&sample->event);
			return 1;
		}
		if (now_us - feed->heard_us > SILENT_MAX_US)
			return silent(feed, problem);
		if (wake_us > now_us)
			clock_sleep_until_us(wake_us < now_us + WAIT_MAX_US
					? wake_us
					: now_us + WAIT_MAX_US);
	}
	return 0;
}

int calib_feed_next(
	struct calib_feed *feed, struct sample *sample, struct problem *problem)
{
	int got;

	if (stopped != 0)
		return 0;
	if (feed->sensors != NULL)
		return next_of_chips(feed, sample, problem);
	if (feed->daemon != NULL)
		return next_of_daemon(feed, sample, problem);
	if (feed->recording == NULL) {
		got = source_next(&feed->source, sample, problem);
	} else {
		got = recording_next(feed->recording, sample, NULL, problem);
		if (got == 1)
			(void)raw_round(sample);
	}
	if (got == 1)
		keep_pace(feed, sample->t_us);
	return got;
}

bool calib_feed_has_pelvis(const struct calib_feed *feed)
{
	if (feed->sensors != NULL)
		return sensors_has(feed->sensors, SITE_PELVIS);
	if (feed->daemon != NULL)
		return feed->daemon->has[SITE_PELVIS];
	if (feed->recording == NULL)
		return source_has_pelvis(&feed->source);
	return (recording_parts(feed->recording) & RAW_PELVIS) != 0;
}

void calibrate_chip_name(const struct chip *chip, char name[CALIB_CHIP_MAX])
{
	char whole[I2C_BUS_NAME_MAX];

	i2c_probe_name(chip, whole);
	(void)snprintf(name, CALIB_CHIP_MAX, "%.48s", whole);
}

const struct chip *calib_feed_chip(const struct calib_feed *feed, enum site site)
{
	if (feed->daemon != NULL)
		return feed->daemon->chip[site];
	return feed->sensors != NULL ? feed->sensors->stream.side[site].imu.chip : NULL;
}

void calib_feed_full_scales(const struct calib_feed *feed, struct calib calib[SITE_COUNT])
{
	if (feed->sensors != NULL)
		sensors_full_scales(feed->sensors, calib);
	if (feed->daemon != NULL)
		control_samples_full_scales(feed->daemon, calib);
}

void calib_feed_close(struct calib_feed *feed)
{
	bool torn = feed->recording != NULL ? recording_stats(feed->recording).torn > 0
					    : source_torn(&feed->source);

	if (feed->sensors != NULL)
		sensors_close(feed->sensors);
	free(feed->sensors);
	if (feed->daemon != NULL)
		control_samples_close(feed->daemon);
	free(feed->daemon);
	if (torn)
		fprintf(stderr, CALIBRATE ": %s: the last row was torn and is left out\n",
			feed->name);
	if (feed->recording != NULL)
		recording_close(feed->recording);
	else if (feed->sensors == NULL)
		source_close(&feed->source);
	memset(feed, 0, sizeof *feed);
}
