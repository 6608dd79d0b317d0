/* Raises sorted into bins by their tilt; see raise.h. */
#include "stretch/raise.h"

#include <string.h>

#define BIN_WEIGHT_MAX 100   /* a long stay at the top must not rule the curve */
#define BIN_WEIGHT_MIN 3
/* The thigh rolls on its way up, toes outwards; a hand turns a sensor anyhow. */
#define PLANE_OFF_DEG 25.0

void raise_init(struct raise_track *r)
{
	memset(r, 0, sizeof *r);
	steady_init(&r->tilt);
}

void raise_begin(struct raise_track *r, const struct vec3 up[SITE_COUNT])
{
	double quietest_rad_s = r->quietest_rad_s;

	raise_init(r);
	r->quietest_rad_s = quietest_rad_s;
	memcpy(r->base_up, up, sizeof r->base_up);
	r->based = true;
}

static void forget(struct raise_track *r)
{
	memset(r->bins, 0, sizeof r->bins);
	r->raised = 0;
	r->best_deg = 0.0;
}

double raise_tilt_deg(const struct raise_track *r, const struct vec3 up[SITE_COUNT])
{
	return vec3_angle_rad(r->base_up[SITE_THIGH], up[SITE_THIGH]) * DEG_PER_RAD;
}

static void keep_bin(struct raise_track *r, double tilt_deg,
	const struct vec3 up[SITE_COUNT])
{
	int32_t i = (int32_t)(tilt_deg / RAISE_BIN_DEG);
	struct raise_bin *bin;

	if (i < 0 || i >= RAISE_BINS)
		return;
	bin = &r->bins[i];
	for (int site = 0; site < SITE_COUNT; site++)
		bin->up_sum[site] = vec3_add(bin->up_sum[site], up[site]);
	bin->n++;
}

/* Normal to the plane of the raise; a cross product grows with the sine: high bins
 * weigh more. top: the highest bin's direction. */
static struct vec3 plane_of(const struct raise_track *r, enum site site, struct vec3 *top)
{
	struct vec3 base = r->base_up[site], normal = { 0, 0, 0 };

	*top = base;
	for (int i = 0; i < RAISE_BINS; i++) {
		const struct raise_bin *bin = &r->bins[i];

		if (bin->n < BIN_WEIGHT_MIN)
			continue;
		normal = vec3_add(normal, vec3_cross(base, bin->up_sum[site]));
		*top = vec3_unit(bin->up_sum[site]);
	}
	return vec3_unit(normal);
}

/* No bin of the thigh off the plane, nor one that was filled from all sides. */
static bool in_one_plane(const struct raise_track *r)
{
	struct vec3 top, normal = plane_of(r, SITE_THIGH, &top);

	for (int i = 0; i < RAISE_BINS; i++) {
		const struct raise_bin *bin = &r->bins[i];
		double length = vec3_norm(bin->up_sum[SITE_THIGH]);

		if (bin->n < BIN_WEIGHT_MIN)
			continue;
		if (length < bin->n * cos(PLANE_OFF_DEG * RAD_PER_DEG) ||
			fabs(vec3_dot(normal, bin->up_sum[SITE_THIGH])) >
				length * sin(PLANE_OFF_DEG * RAD_PER_DEG))
			return false;
	}
	return true;
}

static bool end_raise(struct raise_track *r, const struct settings *set, double need_deg)
{
	r->raising = false;
	if (!in_one_plane(r)) {
		forget(r);
		return false;
	}
	if (r->peak_deg < need_deg || r->rate_deg_s > set->fast_entry_deg_s)
		return false;
	r->raised++;
	if (r->peak_deg > r->best_deg)
		r->best_deg = r->peak_deg;
	return true;
}

bool raise_step(struct raise_track *r, const struct settings *set, double need_deg,
	int64_t t_us, const struct vec3 up[SITE_COUNT])
{
	double tilt_deg = raise_tilt_deg(r, up), rate;

	steady_step(&r->tilt, set, t_us, tilt_deg);
	rate = fabs(r->tilt.rate_deg_s);
	if (!r->raising && tilt_deg > set->raise_min_deg) {
		r->raising = true;
		r->peak_deg = r->rate_deg_s = 0.0;
	}
	keep_bin(r, tilt_deg, up);
	if (tilt_deg >= RAISE_DOWN_DEG)
		r->away_us = t_us;
	if (!r->raising)
		return false;
	if (r->tilt.low_deg > r->peak_deg)
		r->peak_deg = r->tilt.low_deg;
	if (rate > r->rate_deg_s)
		r->rate_deg_s = rate;
	return tilt_deg < RAISE_DOWN_DEG && end_raise(r, set, need_deg);
}

bool raise_rebase(struct raise_track *r, const struct vec3 up[SITE_COUNT])
{
	struct raise_bin old[RAISE_BINS];

	memcpy(old, r->bins, sizeof old);
	memset(r->bins, 0, sizeof r->bins);
	memcpy(r->base_up, up, sizeof r->base_up);
	r->best_deg = 0.0;
	for (int i = 0; i < RAISE_BINS; i++) {
		struct vec3 mean = vec3_unit(old[i].up_sum[SITE_THIGH]);
		double tilt_deg = vec3_angle_rad(up[SITE_THIGH], mean) * DEG_PER_RAD;
		int32_t k = (int32_t)(tilt_deg / RAISE_BIN_DEG);

		if (old[i].n < BIN_WEIGHT_MIN || k >= RAISE_BINS)
			continue;
		for (int site = 0; site < SITE_COUNT; site++)
			r->bins[k].up_sum[site] = vec3_add(r->bins[k].up_sum[site],
				old[i].up_sum[site]);
		r->bins[k].n += old[i].n;
		if (tilt_deg > r->best_deg)
			r->best_deg = tilt_deg;
	}
	if (!in_one_plane(r))
		forget(r);
	return r->best_deg > 0.0;
}

enum align_result raise_solve(const struct raise_track *r, enum site site,
	struct alignment *out)
{
	struct vec3 top, normal = plane_of(r, site, &top);

	top = vec3_unit(vec3_sub(top, vec3_scale(normal, vec3_dot(top, normal))));
	return align_solve(site, POSE_LYING, r->base_up[site], POSE_RAISE, top, out);
}

static double bin_angle(const struct raise_track *r, const struct raise_bin *bin,
	const struct alignment align[SITE_COUNT], enum site site)
{
	struct vec3 up = vec3_unit(bin->up_sum[site]);
	double base = align_angle(&align[site], r->base_up[site]).angle_deg;

	return align_wrap_deg(align_angle(&align[site], up).angle_deg - base);
}

void raise_curve(const struct raise_track *r, const struct alignment align[SITE_COUNT],
	struct pelvis_curve *curve)
{
	double thigh[RAISE_BINS], pelvis[RAISE_BINS], weight[RAISE_BINS];
	int n = 0;

	for (int i = 0; i < RAISE_BINS; i++) {
		const struct raise_bin *bin = &r->bins[i];

		if (bin->n < BIN_WEIGHT_MIN)
			continue;
		thigh[n] = bin_angle(r, bin, align, SITE_THIGH);
		pelvis[n] = bin_angle(r, bin, align, SITE_PELVIS);
		weight[n] = bin->n < BIN_WEIGHT_MAX ? bin->n : BIN_WEIGHT_MAX;
		n++;
	}
	(void)pelvis_curve_fit(thigh, pelvis, weight, n, curve);
}
