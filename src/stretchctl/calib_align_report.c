/* What an alignment found, for people; see calib_align_report.h. */
#include "stretchctl/calib_align_report.h"

#include <math.h>
#include <stdio.h>

#include "stretch/fmt.h"

#define RAISE_DEG 80.0 /* the angles the effect is told for */
#define TILT_DEG 20.0
#define OUT_OF_PLANE_DEG 12.0

static void print_poses(const struct pose_taker *taker, const struct align_file *file)
{
	printf("pose         from s    to s");
	for (int site = 0; site < SITE_COUNT; site++)
		if (file->site[site].align.valid)
			printf("  %6s deg  out of plane", site_names[site]);
	printf("\n");
	for (int32_t i = 0; i < taker->count; i++) {
		const struct pose_take *take = &taker->takes[i];

		printf("%-10s %8.1f %7.1f", pose_names[take->pose],
			(double)take->from_us * 1e-6, (double)take->to_us * 1e-6);
		for (int site = 0; site < SITE_COUNT; site++) {
			struct segment_angle angle;
			char in[FMT_NUMBER_MAX], out[FMT_NUMBER_MAX];

			if (!file->site[site].align.valid)
				continue;
			angle = align_angle(&file->site[site].align, take->up[site]);
			fmt_fixed(in, angle.angle_deg, 1);
			fmt_fixed(out, angle.out_of_plane_deg, 1);
			printf("  %10s  %12s", in, out);
		}
		printf("\n");
	}
	printf("\n");
}

static void print_site(const struct align_file_site *s, const char *name)
{
	const struct alignment *a = &s->align;

	printf("%-7s%s and %s, %.1f deg apart", name, pose_names[a->pair[0]],
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
static void print_effects(const struct align_file *file)
{
	const struct alignment *thigh = &file->site[SITE_THIGH].align;
	const struct alignment *pelvis = &file->site[SITE_PELVIS].align;
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
		if (file->site[site].align.valid && !file->site[site].calibrated)
			printf("Note: the %s sensor is not calibrated (see "
			       "--calibration): that adds up to 4.6 deg.\n",
				site_names[site]);
	printf("\n");
}

void calib_align_report(const struct pose_taker *taker, const struct align_file *file)
{
	print_poses(taker, file);
	for (int site = 0; site < SITE_COUNT; site++)
		if (file->site[site].align.valid)
			print_site(&file->site[site], site_names[site]);
	print_effects(file);
}
