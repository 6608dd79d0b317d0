/*
 * stretchctl calibrate --alignment: how the straps sit, from poses of a recording or
 * of a live sensor; how well the axes are known, and what that does to the angles.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/align_file.h"
#include "linux/calib_file.h"
#include "linux/clock.h"
#include "stretchctl/calib_align_report.h"
#include "stretchctl/calib_poses.h"
#include "stretchctl/calibrate.h"
#include "stretchctl/command.h"

#define IDLE_MAX_US INT64_C(120000000) /* guided: without a new pose */

struct align_run {
	const struct calibrate_options *options;
	enum session_mode mode;
	unsigned sites; /* that are aligned */
	struct calib_file calib_file[SITE_COUNT];
	bool calibrated[SITE_COUNT];
	struct pose_taker taker;
	bool guided;
	struct poses_guide guide;
	struct guide_screen screen;
	struct guide_text text;
	const struct chip *chip[SITE_COUNT]; /* that answered; NULL: not known */
	struct align_file file;
};

static bool wanted(const struct align_run *r, int site)
{
	return (r->sites & 1u << site) != 0;
}

static int refuse(const char *text)
{
	fprintf(stderr, CALIBRATE ": refused, nothing written: %s\n", text);
	return EXIT_NO;
}

/* ---- before the first sample ---- */

static char *calibration_setting(struct settings *settings, enum site site)
{
	return site == SITE_THIGH ? settings->calibration_thigh
				  : settings->calibration_pelvis;
}

static int read_calibration(struct align_run *r, const char *path,
	struct settings *settings, struct problem *problem)
{
	const struct calibrate_options *o = r->options;
	struct calib_file file;
	int error = calib_file_read(path, &file, problem);

	if (error == 0)
		error = calib_file_fits(&file, path, file.site,
			o->site == file.site ? o->chip : "", problem);
	if (error != 0)
		return error;
	if (r->calibrated[file.site] || strlen(path) >= SETTING_PATH_MAX) {
		problem_set(problem,
			"%s: a second file for the %s sensor, or too long a "
			"name",
			path, site_names[file.site]);
		return -EINVAL;
	}
	r->calib_file[file.site] = file;
	r->calibrated[file.site] = true;
	(void)snprintf(
		calibration_setting(settings, file.site), SETTING_PATH_MAX, "%s", path);
	return 0;
}

/* Each calibration file is for the site that stands in it; without any, those of the
 * settings. */
static int read_calibrations(struct align_run *r, struct settings *settings)
{
	const struct calibrate_options *o = r->options;
	const char *paths[SITE_COUNT] = { o->calibration[0], o->calibration[1] };
	char kept[SITE_COUNT][SETTING_PATH_MAX];
	int count = o->calibrations;
	struct problem problem;

	for (int site = 0; site < SITE_COUNT; site++) {
		char *set = calibration_setting(settings, (enum site)site);

		(void)snprintf(kept[site], sizeof kept[site], "%s", set);
		if (o->calibrations == 0 && set[0] != '\0')
			paths[count++] = kept[site];
		set[0] = '\0';
	}
	for (int i = 0; i < count; i++) {
		int error = read_calibration(r, paths[i], settings, &problem);

		if (error != 0)
			return calibrate_fail(&problem, error);
	}
	return 0;
}

/* Which sensors: the one asked for, else all that are there. */
static int choose_sites(struct align_run *r, const struct calib_feed *feed)
{
	const struct calibrate_options *o = r->options;
	bool pelvis = calib_feed_has_pelvis(feed);
	struct problem problem;

	if (o->site_given && o->site == SITE_PELVIS && !pelvis) {
		problem_set(&problem, "%s: it has no pelvis sensor", feed->name);
		return calibrate_fail(&problem, -EINVAL);
	}
	r->sites = o->site_given ? 1u << o->site : pelvis ? 3u : 1u;
	r->mode = (r->sites & 1u << SITE_PELVIS) != 0 ? MODE_THIGH_PELVIS : MODE_THIGH;
	return 0;
}

static int check_pairs(const struct align_run *r)
{
	const struct calibrate_options *o = r->options;
	char text[256];

	for (int site = 0; site < SITE_COUNT; site++) {
		enum align_result result;

		if (!wanted(r, site))
			continue;
		result = pose_take_pair((enum site)site, o->poses, o->pose_count);
		if (result == ALIGN_OK)
			continue;
		(void)snprintf(text, sizeof text, "the %s sensor: %s", site_names[site],
			site == SITE_PELVIS && result == ALIGN_NEEDS_UPRIGHT
				? "a pose is missing: stand or sit tall for 3 s"
				: align_result_advice[result]);
		return refuse(text);
	}
	return 0;
}

/* ---- samples ---- */

static void begin(struct align_run *r)
{
	struct calib calib[SITE_COUNT];

	for (int site = 0; site < SITE_COUNT; site++)
		calib[site] =
			r->calibrated[site] ? r->calib_file[site].calib : calib_none();
	pose_taker_init(
		&r->taker, r->mode, calib, r->options->poses, r->options->pose_count);
	if (!r->guided)
		return;
	guide_screen_open(&r->screen, stdout);
	poses_guide_begin(&r->guide, &r->text);
	guide_screen_show(&r->screen, &r->text, 0);
}

static int take_poses(
	struct align_run *r, struct calib_feed *feed, struct problem *problem)
{
	struct sample sample;
	int64_t fresh_us = INT64_MIN;
	int32_t taken = 0;
	int got;

	begin(r);
	while ((got = calib_feed_next(feed, &sample, problem)) == 1) {
		if (fresh_us == INT64_MIN || r->taker.taken > taken)
			fresh_us = sample.t_us;
		taken = r->taker.taken;
		pose_taker_step(&r->taker, &sample);
		if (!r->guided)
			continue;
		poses_guide_step(&r->guide, &r->taker, &r->text);
		guide_screen_show(&r->screen, &r->text, sample.t_us);
		if (poses_guide_done(&r->taker) || sample.t_us - fresh_us > IDLE_MAX_US)
			break;
	}
	if (r->guided)
		guide_screen_close(&r->screen);
	pose_taker_finish(&r->taker);
	return got < 0 ? got : 0;
}

/* ---- verdict ---- */

/* Why a pose was not taken; 0: all were. */
static int check_takes(const struct align_run *r)
{
	char text[256];

	for (int32_t i = 0; i < r->taker.count; i++) {
		const struct pose_take *take = &r->taker.takes[i];
		const char *name = pose_names[take->pose];
		double from_s = (double)take->from_us * 1e-6;
		double to_s = (double)take->to_us * 1e-6;
		double stray = fmax(wanted(r, SITE_THIGH) ? take->stray_deg[0] : 0.0,
			wanted(r, SITE_PELVIS) ? take->stray_deg[1] : 0.0);

		switch (take->state) {
		case POSE_TAKEN: continue;
		case POSE_OPEN:
			(void)snprintf(text, sizeof text,
				"the pose \"%s\" is missing: %s, and keep still for %.0f "
				"s",
				name, pose_words[take->pose],
				pose_taker_needs_s(&r->taker));
			break;
		case POSE_MOVED:
			(void)snprintf(text, sizeof text,
				"the pose \"%s\": the sensor moves by %.1f deg (rms) in "
				"%g..%g s, at most %g is still. Name a window in which "
				"the pose is kept",
				name, stray, from_s, to_s, POSE_STRAY_MAX_DEG);
			break;
		case POSE_EMPTY:
			(void)snprintf(text, sizeof text,
				"the pose \"%s\": no, or too few, good readings in "
				"%g..%g s. Name a longer window",
				name, from_s, to_s);
			break;
		}
		return refuse(text);
	}
	return 0;
}

/* As given, else the calibration's, else the chip's own. */
static void name_chip(struct align_run *r, enum site site)
{
	const struct calibrate_options *o = r->options;
	char *name = r->file.site[site].chip;

	if (o->chip[0] != '\0' && o->site == site)
		(void)snprintf(name, SEALED_CHIP_MAX, "%s", o->chip);
	else
		memcpy(name, r->calib_file[site].chip, SEALED_CHIP_MAX);
	if (name[0] == '\0' && r->chip[site] != NULL)
		calibrate_chip_name(r->chip[site], name);
}

static int solve(struct align_run *r)
{
	char text[384];

	for (int site = 0; site < SITE_COUNT; site++) {
		struct align_file_site *s = &r->file.site[site];
		struct alignment *a = &s->align;
		enum align_result result;

		if (!wanted(r, site))
			continue;
		result = pose_taker_solve(&r->taker, (enum site)site, a);
		if (result != ALIGN_OK) {
			(void)snprintf(text, sizeof text, "the %s sensor: %s",
				site_names[site], align_result_advice[result]);
			return refuse(text);
		}
		s->calibrated = r->calibrated[site];
		s->residual_deg = a->between_deg -
			align_expected_deg((enum site)site, a->pair[0], a->pair[1]);
		if (fabs(s->residual_deg) > ALIGN_OFF_MAX_DEG) {
			(void)snprintf(text, sizeof text,
				"the %s sensor: %s and %s are %.0f deg apart, in a body "
				"about %.0f: another pose than named, or the strap "
				"slipped in between",
				site_names[site], pose_names[a->pair[0]],
				pose_names[a->pair[1]], a->between_deg,
				a->between_deg - s->residual_deg);
			return refuse(text);
		}
		name_chip(r, (enum site)site);
	}
	return 0;
}

static int write_file(struct align_run *r)
{
	const struct calibrate_options *o = r->options;
	struct align_file *f = &r->file;
	struct problem problem;
	int error;

	calibrate_date(f->date);
	(void)snprintf(f->side, sizeof f->side, "%s", o->side != NULL ? o->side : "");
	f->monotonic_s = MISSING;
	if (o->from == NULL) {
		clock_boot_id(f->boot_id);
		f->monotonic_s = f->boot_id[0] != '\0'
			? (double)clock_monotonic_us() * 1e-6
			: MISSING;
	}
	error = align_file_write(o->output, f, &problem);
	return error != 0 ? calibrate_fail(&problem, error) : 0;
}

static int report(struct align_run *r)
{
	const struct calibrate_options *o = r->options;
	int status = check_takes(r);

	if (status == 0)
		status = solve(r);
	if (status != 0)
		return status;
	calib_align_report(&r->taker, &r->file);
	if (o->output == NULL) {
		printf("Good.\n");
		return 0;
	}
	status = write_file(r);
	if (status != 0)
		return status;
	printf("Good, written to %s. It holds until the strap is taken off or moved%s.\n",
		o->output,
		o->from == NULL ? ""
				: ";\nmade from a recording, it is for judging "
				  "recordings of that strapping only");
	return 0;
}

int calibrate_alignment(const struct calibrate_options *o)
{
	static struct align_run r;
	static struct settings settings;
	struct calib_feed feed;
	struct problem problem;
	int error, status = calibrate_settings(o, &settings);

	memset(&r, 0, sizeof r);
	r.options = o;
	r.guided = o->guided || o->from == NULL;
	if (status == 0)
		status = read_calibrations(&r, &settings);
	if (status != 0)
		return status;
	error = calib_feed_open(&feed, o, &settings, &problem);
	if (error != 0)
		return calibrate_fail(&problem, error);
	status = choose_sites(&r, &feed);
	if (status == 0)
		status = check_pairs(&r);
	error = status == 0 ? take_poses(&r, &feed, &problem) : 0;
	for (int site = 0; site < SITE_COUNT; site++)
		r.chip[site] = calib_feed_chip(&feed, (enum site)site);
	calib_feed_close(&feed);
	if (status != 0)
		return status;
	if (error != 0)
		return calibrate_fail(&problem, error);
	if (calib_feed_stopped())
		return refuse("stopped");
	return report(&r);
}
