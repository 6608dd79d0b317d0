/* Samples for stretchctl calibrate; see calibrate.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock.h"
#include "stretchctl/calibrate.h"

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

static int open_sensor(struct calib_feed *feed, const struct calibrate_options *o,
	struct problem *problem)
{
	const struct setting *setting = setting_find("sensor");
	struct settings settings;
	const char *wrong;

	settings_default(&settings);
	wrong = setting_put_text(&settings, setting, o->sensor);
	if (wrong != NULL) {
		problem_set(problem, "%s: %s", o->sensor, wrong);
		return -EINVAL;
	}
	settings.pelvis = o->site_given && o->site == SITE_PELVIS;
	feed->name = o->sensor;
	return source_open(&feed->source, &settings, problem);
}

int calib_feed_open(struct calib_feed *feed, const struct calibrate_options *o,
	struct problem *problem)
{
	/* other programs' events are of no interest here */
	const struct recording_options loose = { .loose_events = true };

	memset(feed, 0, sizeof *feed);
	feed->speed = o->guided || o->sensor != NULL ? o->speed : 0.0;
	if (o->sensor != NULL)
		return open_sensor(feed, o, problem);
	feed->name = o->from;
	return recording_open(&feed->recording, o->from, &loose, problem);
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

int calib_feed_next(
	struct calib_feed *feed, struct sample *sample, struct problem *problem)
{
	int got;

	if (stopped != 0)
		return 0;
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
	if (feed->recording == NULL)
		return source_has_pelvis(&feed->source);
	return (recording_parts(feed->recording) & RAW_PELVIS) != 0;
}

void calib_feed_close(struct calib_feed *feed)
{
	bool torn = feed->recording != NULL ? recording_stats(feed->recording).torn > 0
					    : source_torn(&feed->source);

	if (torn)
		fprintf(stderr, CALIBRATE ": %s: the last row was torn and is left out\n",
			feed->name);
	if (feed->recording != NULL)
		recording_close(feed->recording);
	else
		source_close(&feed->source);
	memset(feed, 0, sizeof *feed);
}
