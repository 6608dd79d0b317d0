/*
 * stretchctl calibrate, the chip: accelerometer and gyroscope bias of one sensor.
 *
 * A recording and a live sensor take the same way: collect still windows, fit, judge,
 * write only what passed.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/calib_file.h"
#include "stretchctl/calib_guide.h"
#include "stretchctl/calib_report.h"
#include "stretchctl/calibrate.h"
#include "stretchctl/command.h"

#define IDLE_MAX_US INT64_C(120000000) /* guided: without a new window */

/* One run: what is collected, and in a dialogue what was said about it. */
struct chip_run {
	const struct calibrate_options *options;
	struct calib_wish wish;
	struct calib_collect_param param;
	struct calib_collect collect;
	struct calib_verdict verdict;
	bool guided;
	struct calib_guide guide;
	struct guide_screen screen;
	struct guide_text text;
	int32_t windows, judged; /* seen; of them when last judged */
	int64_t fresh_us;        /* the newest window began */
};

/* The newest window has had its time. */
static bool settled(const struct chip_run *r)
{
	return r->collect.open < 0 || r->collect.still_s >= 2.0 * r->param.window_s;
}

/* Enough, and good: then the dialogue is over. What is wrong is said once. */
static bool good_enough(struct chip_run *r)
{
	if (calib_sphere_enough(&r->collect.sphere, r->guide.parameters) !=
			CALIB_ENOUGH ||
		!settled(r) || r->judged == r->collect.count)
		return false;
	r->judged = r->collect.count;
	calib_judge(&r->collect, &r->wish, &r->verdict);
	if (!r->verdict.good)
		guide_text_add(
			&r->text, "           not good yet: %s", r->verdict.reason);
	return r->verdict.good;
}

/* After each sample of a dialogue; true: it is over. */
static bool talk(struct chip_run *r, int64_t t_us)
{
	bool over;

	calib_guide_step(&r->guide, &r->collect, &r->text);
	over = good_enough(r);
	guide_screen_show(&r->screen, &r->text, t_us);
	if (r->collect.count > r->windows)
		r->fresh_us = t_us;
	r->windows = r->collect.count;
	return over || r->collect.full || t_us - r->fresh_us > IDLE_MAX_US;
}

static void begin(struct chip_run *r)
{
	r->param = calib_collect_default();
	calib_collect_init(&r->collect);
	if (!r->guided)
		return;
	guide_screen_open(&r->screen, stdout);
	calib_guide_begin(
		&r->guide, r->options->parameters == 6 ? 6 : 9, &r->param, &r->text);
	guide_screen_show(&r->screen, &r->text, 0);
}

static int collect(struct chip_run *r, struct calib_feed *feed, struct problem *problem)
{
	enum site site = r->options->site;
	struct sample sample;
	bool first = true, before = true;
	int got;

	begin(r);
	while ((got = calib_feed_next(feed, &sample, problem)) == 1) {
		if (first)
			r->fresh_us = sample.t_us;
		first = false;
		if (before && sample.t_us >= r->wish.until_us)
			calib_collect_break(&r->collect);
		before = sample.t_us < r->wish.until_us;
		calib_collect_step(
			&r->collect, &r->param, sample.t_us, &sample.imu[site]);
		if (r->guided && talk(r, sample.t_us))
			break;
	}
	if (r->guided)
		guide_screen_close(&r->screen);
	return got < 0 ? got : 0;
}

/* ---- verdict ---- */

static int write_file(const struct calibrate_options *o, struct calib_verdict *v)
{
	struct problem problem;
	int error;

	v->file.site = o->site;
	(void)snprintf(v->file.chip, sizeof v->file.chip, "%s", o->chip);
	calibrate_date(v->file.date);
	error = calib_file_write(o->output, &v->file, &problem);
	return error != 0 ? calibrate_fail(&problem, error) : 0;
}

static int report(struct chip_run *r)
{
	const struct calibrate_options *o = r->options;
	struct calib_verdict *v = &r->verdict;
	int status = 0;

	if (r->collect.count > 0)
		calib_report_windows(&r->collect, &r->wish, v);
	if (v->have_fit)
		calib_report_fit(v);
	if (r->collect.full)
		printf("More than %d windows: the later ones were left out.\n",
			CALIB_WINDOWS_MAX);
	if (v->good && v->note[0] != '\0')
		printf("Note: %s.\n", v->note);
	if (v->good && o->output != NULL)
		status = write_file(o, v);
	if (v->good && status == 0)
		printf("Good%s%s.\n", o->output != NULL ? ", written to " : "",
			o->output != NULL ? o->output : "");
	if (v->good)
		return status;
	fprintf(stderr, CALIBRATE ": refused, nothing written: %s\n", v->reason);
	return EXIT_NO;
}

/* A calibration of another chip, or for the other site, is not written over. */
static int check_target(const struct calibrate_options *o)
{
	struct calib_file old;
	struct problem problem;
	int error;

	if (o->output == NULL || calib_file_read(o->output, &old, &problem) != 0)
		return 0; /* none, or none that could be lost */
	error = calib_file_fits(&old, o->output, o->site, o->chip, &problem);
	if (error == 0)
		return 0;
	fprintf(stderr, CALIBRATE ": refused, nothing written: %s\n", problem.text);
	return EXIT_NO;
}

int calibrate_chip(const struct calibrate_options *o)
{
	static struct chip_run r;
	struct calib_feed feed;
	struct problem problem;
	int error, status = check_target(o);

	if (status != 0)
		return status;
	memset(&r, 0, sizeof r);
	r.options = o;
	r.guided = o->guided || o->sensor != NULL;
	r.wish = (struct calib_wish){ o->parameters, o->gravity_m_s2,
		(int64_t)llround(o->until_s * 1e6) };
	error = calib_feed_open(&feed, o, &problem);
	if (error != 0)
		return calibrate_fail(&problem, error);
	if (o->site == SITE_PELVIS && !calib_feed_has_pelvis(&feed)) {
		problem_set(&problem, "%s: it has no pelvis sensor", feed.name);
		error = -EINVAL;
	} else {
		error = collect(&r, &feed, &problem);
	}
	calib_feed_close(&feed);
	if (error != 0)
		return calibrate_fail(&problem, error);
	if (calib_feed_stopped()) {
		fprintf(stderr, CALIBRATE ": stopped, nothing written\n");
		return EXIT_NO;
	}
	calib_judge(&r.collect, &r.wish, &r.verdict);
	return report(&r);
}
