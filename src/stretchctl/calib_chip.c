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
#include "linux/i2c_probe.h"
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
	char chip[CALIB_CHIP_MAX];                        /* name for the file */
	double gyr_full_scale_rad_s, acc_full_scale_m_s2; /* NAN: not known */
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

static int write_file(struct chip_run *r)
{
	const struct calibrate_options *o = r->options;
	struct calib_verdict *v = &r->verdict;
	struct problem problem;
	int error;

	v->file.site = o->site;
	memcpy(v->file.chip, r->chip, sizeof v->file.chip);
	v->file.calib.gyr_full_scale_rad_s = r->gyr_full_scale_rad_s;
	v->file.calib.acc_full_scale_m_s2 = r->acc_full_scale_m_s2;
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
		status = write_file(r);
	if (v->good && status == 0)
		printf("Good%s%s.\n", o->output != NULL ? ", written to " : "",
			o->output != NULL ? o->output : "");
	if (v->good)
		return status;
	fprintf(stderr, CALIBRATE ": refused, nothing written: %s\n", v->reason);
	return EXIT_NO;
}

static int refuse(const struct problem *problem)
{
	fprintf(stderr, CALIBRATE ": refused, nothing written: %s\n", problem->text);
	return EXIT_NO;
}

/*
 * The name that the file will carry: as given, else that of the file which is there
 * already, else the chip's own. A calibration of another chip, or for the other site,
 * is not written over. 0 or the exit status.
 */
static int name_chip(struct chip_run *r, const struct chip *chip)
{
	const struct calibrate_options *o = r->options;
	struct calib_file old = { .chip = "" };
	struct problem problem;
	const char *name = o->chip;

	if (o->output != NULL && calib_file_read(o->output, &old, &problem) == 0) {
		if (calib_file_fits(&old, o->output, o->site, o->chip, &problem) != 0)
			return refuse(&problem);
		name = name[0] != '\0' ? name : old.chip;
	}
	(void)snprintf(r->chip, sizeof r->chip, "%s", name);
	if (chip == NULL)
		return 0;
	if (r->chip[0] == '\0')
		calibrate_chip_name(chip, r->chip);
	if (i2c_probe_named(chip, r->chip))
		return 0;
	problem_set(&problem, "the chip that answers is a %s, not \"%s\"", chip->name,
		r->chip);
	return refuse(&problem);
}

/* Learned once the sensor is up: which chip it is, and its ranges. */
static int know_chip(struct chip_run *r, const struct calib_feed *feed)
{
	const struct chip *chip = calib_feed_chip(feed, r->options->site);
	struct calib calib[SITE_COUNT] = { calib_none(), calib_none() };

	calib_feed_full_scales(feed, calib);
	r->gyr_full_scale_rad_s = calib[r->options->site].gyr_full_scale_rad_s;
	r->acc_full_scale_m_s2 = calib[r->options->site].acc_full_scale_m_s2;
	return name_chip(r, chip);
}

static int run(struct chip_run *r, struct calib_feed *feed)
{
	const struct calibrate_options *o = r->options;
	struct problem problem;
	int error, status = know_chip(r, feed);

	if (status != 0)
		return status;
	if (o->site == SITE_PELVIS && !calib_feed_has_pelvis(feed)) {
		problem_set(&problem, "%s: it has no pelvis sensor", feed->name);
		return calibrate_fail(&problem, -EINVAL);
	}
	error = collect(r, feed, &problem);
	if (error != 0)
		return calibrate_fail(&problem, error);
	if (calib_feed_stopped()) {
		problem_set(&problem, "stopped");
		return refuse(&problem);
	}
	calib_judge(&r->collect, &r->wish, &r->verdict);
	status = know_chip(r, feed); /* it may have come up since */
	return status != 0 ? status : report(r);
}

int calibrate_chip(const struct calibrate_options *o)
{
	static struct chip_run r;
	static struct settings settings;
	struct calib_feed feed;
	struct problem problem;
	int error, status = calibrate_settings(o, &settings);

	if (status != 0)
		return status;
	/* raw readings are wanted, whatever they were corrected by before */
	settings.calibration_thigh[0] = settings.calibration_pelvis[0] = '\0';
	memset(&r, 0, sizeof r);
	r.options = o;
	r.guided = o->guided || o->from == NULL;
	r.wish = (struct calib_wish){ o->parameters, o->gravity_m_s2,
		(int64_t)llround(o->until_s * 1e6) };
	error = calib_feed_open(&feed, o, &settings, &problem);
	if (error != 0)
		return calibrate_fail(&problem, error);
	status = run(&r, &feed);
	calib_feed_close(&feed);
	return status;
}
