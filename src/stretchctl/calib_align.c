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
#include "stretch/fmt.h"
#include "stretchctl/calib_poses.h"
#include "stretchctl/calibrate.h"
#include "stretchctl/command.h"

#define IDLE_MAX_US INT64_C(120000000) /* guided: without a new pose */
#define RAISE_DEG 80.0                 /* the angles the effect is told for */
#define TILT_DEG 20.0
#define OUT_OF_PLANE_DEG 12.0

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

/* Each calibration file is for the site that stands in it. */
static int read_calibrations(struct align_run *r)
{
	const struct calibrate_options *o = r->options;
	struct problem problem;

	for (int i = 0; i < o->calibrations; i++) {
		struct calib_file file;
		int error = calib_file_read(o->calibration[i], &file, &problem);
		const char *chip = o->site == file.site ? o->chip : "";

		if (error == 0)
			error = calib_file_fits(
				&file, o->calibration[i], file.site, chip, &problem);
		if (error == 0 && r->calibrated[file.site]) {
			problem_set(&problem, "%s: a second file for the %s sensor",
				o->calibration[i], site_names[file.site]);
			error = -EINVAL;
		}
		if (error != 0)
			return calibrate_fail(&problem, error);
		r->calib_file[file.site] = file;
		r->calibrated[file.site] = true;
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
		(void)snprintf(s->chip, sizeof s->chip, "%s",
			r->options->chip[0] != '\0' && r->options->site == (enum site)site
				? r->options->chip
				: r->calib_file[site].chip);
	}
	return 0;
}

static void print_poses(const struct align_run *r)
{
	printf("pose         from s    to s");
	for (int site = 0; site < SITE_COUNT; site++)
		if (wanted(r, site))
			printf("  %6s deg  out of plane", site_names[site]);
	printf("\n");
	for (int32_t i = 0; i < r->taker.count; i++) {
		const struct pose_take *take = &r->taker.takes[i];

		printf("%-10s %8.1f %7.1f", pose_names[take->pose],
			(double)take->from_us * 1e-6, (double)take->to_us * 1e-6);
		for (int site = 0; site < SITE_COUNT; site++) {
			struct segment_angle angle;
			char in[FMT_NUMBER_MAX], out[FMT_NUMBER_MAX];

			if (!wanted(r, site))
				continue;
			angle = align_angle(&r->file.site[site].align, take->up[site]);
			fmt_fixed(in, angle.angle_deg, 1);
			fmt_fixed(out, angle.out_of_plane_deg, 1);
			printf("  %10s  %12s", in, out);
		}
		printf("\n");
	}
	printf("\n");
}

static void print_site(const struct align_run *r, int site)
{
	const struct align_file_site *s = &r->file.site[site];
	const struct alignment *a = &s->align;

	printf("%-7s%s and %s, %.1f deg apart", site_names[site], pose_names[a->pair[0]],
		pose_names[a->pair[1]], a->between_deg);
	if (isfinite(s->residual_deg))
		printf(" (in a body about %.0f)", a->between_deg - s->residual_deg);
	printf("\n       the axes are known to a cone of %.1f deg (one sigma)%s\n",
		a->cone_deg, a->weak ? "; a weak pair: confidence at most medium" : "");
}

static void print_effect(const char *what, double in_plane_deg, double out_deg)
{
	printf("%-39s %5.2f deg, %.2f with the leg %.0f deg out of plane\n", what,
		in_plane_deg, out_deg, OUT_OF_PLANE_DEG);
}

/* What the cones do to the angles of a raise. */
static void print_effects(const struct align_run *r)
{
	const struct alignment *thigh = &r->file.site[SITE_THIGH].align;
	const struct alignment *pelvis = &r->file.site[SITE_PELVIS].align;
	double share = exercises[EX_LYING_TOWEL].share;
	double in = 0.0, out = 0.0, tilt = 0.0;

	printf("\nwhat the cone does to (one sigma):\n");
	if (thigh->valid) {
		in = align_cone_error_deg(thigh, RAISE_DEG, 0.0);
		out = align_cone_error_deg(thigh, RAISE_DEG, OUT_OF_PLANE_DEG);
		print_effect("  thigh elevation of 80 deg", in, out);
	}
	if (pelvis->valid) {
		tilt = align_cone_error_deg(pelvis, TILT_DEG, 0.0);
		printf("%-39s %5.2f deg\n", "  pelvis tilt of 20 deg", tilt);
	}
	if (thigh->valid && pelvis->valid)
		print_effect("  hip flexion (thigh less pelvis)", hypot(in, tilt),
			hypot(out, tilt));
	else if (thigh->valid)
		print_effect("  hip flexion (inferred from the thigh)",
			in * (1.0 - share), out * (1.0 - share));
	for (int site = 0; site < SITE_COUNT; site++)
		if (wanted(r, site) && !r->calibrated[site])
			printf("Note: the %s sensor is not calibrated (see "
			       "--calibration): that adds up to 4.6 deg.\n",
				site_names[site]);
	printf("\n");
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
	if (o->sensor != NULL) {
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
	print_poses(r);
	for (int site = 0; site < SITE_COUNT; site++)
		if (wanted(r, site))
			print_site(r, site);
	print_effects(r);
	if (o->output == NULL) {
		printf("Good.\n");
		return 0;
	}
	status = write_file(r);
	if (status != 0)
		return status;
	printf("Good, written to %s. It holds until the strap is taken off or moved%s.\n",
		o->output,
		o->sensor != NULL ? ""
				  : ";\nmade from a recording, it is for judging "
				    "recordings of that strapping only");
	return 0;
}

int calibrate_alignment(const struct calibrate_options *o)
{
	static struct align_run r;
	struct calib_feed feed;
	struct problem problem;
	int error, status;

	memset(&r, 0, sizeof r);
	r.options = o;
	r.guided = o->guided || o->sensor != NULL;
	status = read_calibrations(&r);
	if (status != 0)
		return status;
	error = calib_feed_open(&feed, o, &problem);
	if (error != 0)
		return calibrate_fail(&problem, error);
	status = choose_sites(&r, &feed);
	if (status == 0)
		status = check_pairs(&r);
	error = status == 0 ? take_poses(&r, &feed, &problem) : 0;
	calib_feed_close(&feed);
	if (status != 0)
		return status;
	if (error != 0)
		return calibrate_fail(&problem, error);
	if (calib_feed_stopped())
		return refuse("stopped");
	return report(&r);
}
