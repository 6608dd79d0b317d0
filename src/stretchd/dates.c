/*
 * Dates of sessions while the clock changes under them. A session counts on the
 * monotonic clock; its date is the wall clock's when somebody vouched for that at its
 * beginning. When somebody does so later in the same boot, it is dated backwards.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock_said.h"
#include "stretchd/daemon.h"

#define LOOK_US INT64_C(60000000)

void dates_look(struct daemon *d)
{
	struct problem problem;
	int dated = clock_said_follow(d->settings.state_dir, &d->trust, &problem);

	d->dates_us = clock_monotonic_us();
	if (dated > 0)
		log_say(LOG_STEP, "the clock is right now (%s): %d earlier session%s "
			"of this boot dated", clock_source_names[d->trust], dated,
			dated == 1 ? "" : "s");
	/* no sessions yet is no trouble */
	if (dated < 0 && dated != -ENOENT)
		log_say(LOG_STORAGE, "%s", problem.text);
}

void dates_look_idle(struct daemon *d, int64_t now_us)
{
	if (now_us - d->dates_us >= LOOK_US)
		dates_look(d);
}

void dates_begin(struct daemon *d)
{
	struct run *run = &d->run;

	dates_look(d);
	clock_date(d->today, d->trust);
	clock_iso(run->started_at);
	clock_boot_id(run->boot_id);
	run->started_us = clock_monotonic_us();
	run->clock_source = clock_source_names[d->trust];
}

void dates_end(struct daemon *d)
{
	struct run *run = &d->run;

	dates_look(d);
	if (strcmp(run->clock_source, clock_source_names[CLOCK_NONE]) != 0)
		return;
	d->undated = d->trust == CLOCK_NONE;
	if (d->undated)
		return;
	clock_iso_ago(run->started_at, clock_monotonic_us() - run->started_us);
	run->clock_source = clock_source_names[d->trust];
}
