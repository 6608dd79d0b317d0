/*
 * Poses, calm raises, reference; see setup.h.
 *
 * Gravity cannot tell which pose a wearer is in before the straps are known, so
 * the poses are asked for in a fixed order and a new one is one that differs by
 * POSE_DIFFERS_DEG at some sensor. During a raise the leg's tilt from lying is
 * its angle, whatever the strap: it sorts the up directions into bins, from
 * which afterwards come the flexion axis, the band and the pelvis curve.
 */
#include "stretch/setup.h"

#include <string.h>

#define POSE_DIFFERS_DEG 40.0
#define RAISE_DOWN_DEG 10.0
#define RAISE_ALIGN_DEG 40.0 /* the pair lying + raise needs this much */
#define BIN_WEIGHT_MAX 100   /* a long stay at the top must not rule the curve */
#define BIN_WEIGHT_MIN 3
#define AFTER_RAISES_US 5000000
/* A leg that lies: within this of the quietest window, or below what hands and muscles
 * do to a leg that is up: 0.3 to 1 deg/s. */
#define AS_QUIET 2.0
#define LYING_RAD_S 0.003
#define RESTLESS_US 60000000 /* the legs of some people shake always */
#define ON_SIDE_DEG 45.0 /* the upper leg rolls forward easily */

static const enum pose *pose_list(const struct setup_plan *plan)
{
	const struct exercise *ex = &exercises[plan->exercise];

	return (plan->sites & 1u << SITE_PELVIS) != 0 ? ex->align_two : ex->align_one;
}

/* Poses asked for before any raise; a raise is met in SETUP_RAISES. */
static int32_t pose_count(const struct setup_plan *plan)
{
	const enum pose *list = pose_list(plan);
	int32_t n = 0;

	while (n < ALIGN_POSES_MAX && list[n] != POSE_NONE && list[n] != POSE_RAISE)
		n++;
	return n;
}

void setup_init(struct setup_state *s, const struct setup_plan *plan,
	const struct alignment given[SITE_COUNT])
{
	memset(s, 0, sizeof *s);
	steady_init(&s->tilt);
	if (!plan->have_alignment)
		return;
	for (int site = 0; site < SITE_COUNT; site++)
		s->align[site] = given[site];
	s->step = plan->raises > 0 ? SETUP_RAISES : SETUP_REFERENCE;
}

const char *setup_advice(const struct setup_state *s, const struct setup_plan *plan)
{
	switch (s->step) {
	case SETUP_POSES:
		return pose_advice[pose_list(plan)[s->poses]];
	case SETUP_RAISES:
		return pose_advice[POSE_RAISE];
	case SETUP_REFERENCE:
		return pose_advice[exercises[plan->exercise].start_pose];
	case SETUP_DONE:
		break;
	}
	return "";
}

void setup_again(struct setup_state *s)
{
	if (s->step == SETUP_DONE)
		s->step = SETUP_REFERENCE;
	s->window_n = 0;
	memset(s->window_sum, 0, sizeof s->window_sum);
}

static bool differs(const struct setup_plan *plan, const struct vec3 a[SITE_COUNT],
	const struct vec3 b[SITE_COUNT])
{
	for (int site = 0; site < SITE_COUNT; site++)
		if ((plan->sites & 1u << site) != 0 &&
			vec3_angle_rad(a[site], b[site]) >
				POSE_DIFFERS_DEG * RAD_PER_DEG)
			return true;
	return false;
}

static enum align_result solve_site(struct setup_state *s, enum site site)
{
	struct vec3 up[ALIGN_POSES_MAX];

	for (int32_t i = 0; i < s->poses; i++)
		up[i] = s->pose_up[i][site];
	return align_solve_list(site, s->pose, up, s->poses, &s->align[site]);
}

static enum align_result solve(struct setup_state *s, const struct setup_plan *plan)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		enum align_result result;

		if ((plan->sites & 1u << site) == 0)
			continue;
		result = solve_site(s, (enum site)site);
		if (result != ALIGN_OK)
			return result;
	}
	return ALIGN_OK;
}

static void take_base(struct setup_state *s, const struct vec3 up[SITE_COUNT])
{
	memcpy(s->base_up, up, sizeof s->base_up);
	s->based = true;
}

/* The list is complete: go on, or begin again, with the first pose. Which one the
 * wearer is in now is not known any more, only that it led nowhere. */
static void finish_poses(struct setup_state *s, const struct setup_plan *plan)
{
	if (pose_list(plan)[s->poses < ALIGN_POSES_MAX ? s->poses : 0] == POSE_RAISE) {
		take_base(s, s->pose_up[s->poses - 1]);
		s->step = SETUP_RAISES;
		return;
	}
	s->problem = solve(s, plan);
	if (s->problem == ALIGN_OK) {
		s->step = plan->raises > 0 ? SETUP_RAISES : SETUP_REFERENCE;
		return;
	}
	memcpy(s->refused_up, s->pose_up[s->poses - 1], sizeof s->refused_up);
	s->refused = true;
	s->poses = 0;
}

static void step_poses(struct setup_state *s, const struct setup_plan *plan,
	const struct setup_input *in)
{
	if (!in->still->still)
		return;
	if (s->poses > 0 ? !differs(plan, in->still->up, s->pose_up[s->poses - 1])
			 : s->refused && !differs(plan, in->still->up, s->refused_up))
		return;
	s->pose[s->poses] = pose_list(plan)[s->poses];
	memcpy(s->pose_up[s->poses], in->still->up, sizeof s->pose_up[0]);
	s->poses++;
	if (s->poses == pose_count(plan))
		finish_poses(s, plan);
}

static void keep_bin(struct setup_state *s, double tilt_deg,
	const struct vec3 up[SITE_COUNT])
{
	int32_t i = (int32_t)(tilt_deg / RAISE_BIN_DEG);
	struct raise_bin *bin;

	if (i < 0 || i >= RAISE_BINS)
		return;
	bin = &s->bins[i];
	for (int site = 0; site < SITE_COUNT; site++)
		bin->up_sum[site] = vec3_add(bin->up_sum[site], up[site]);
	bin->n++;
}

/* Lying and the direction of the raise, in its own plane: a pair to solve. */
static enum align_result solve_raise(struct setup_state *s, enum site site)
{
	struct vec3 base = s->base_up[site], normal = { 0, 0, 0 }, top = base;

	for (int i = 0; i < RAISE_BINS; i++) {
		const struct raise_bin *bin = &s->bins[i];

		if (bin->n < BIN_WEIGHT_MIN)
			continue;
		/* a cross product grows with the sine: high bins weigh more */
		normal = vec3_add(normal, vec3_cross(base, bin->up_sum[site]));
		top = vec3_unit(bin->up_sum[site]);
	}
	normal = vec3_unit(normal);
	top = vec3_unit(vec3_sub(top, vec3_scale(normal, vec3_dot(top, normal))));
	return align_solve(site, POSE_LYING, base, POSE_RAISE, top, &s->align[site]);
}

static double bin_angle(const struct setup_state *s, const struct raise_bin *bin,
	enum site site)
{
	struct vec3 up = vec3_unit(bin->up_sum[site]);
	double base = align_angle(&s->align[site], s->base_up[site]).angle_deg;

	return align_wrap_deg(align_angle(&s->align[site], up).angle_deg - base);
}

static void learn_curve(struct setup_state *s)
{
	double thigh[RAISE_BINS], pelvis[RAISE_BINS], weight[RAISE_BINS];
	int n = 0;

	for (int i = 0; i < RAISE_BINS; i++) {
		const struct raise_bin *bin = &s->bins[i];

		if (bin->n < BIN_WEIGHT_MIN)
			continue;
		thigh[n] = bin_angle(s, bin, SITE_THIGH);
		pelvis[n] = bin_angle(s, bin, SITE_PELVIS);
		weight[n] = bin->n < BIN_WEIGHT_MAX ? bin->n : BIN_WEIGHT_MAX;
		n++;
	}
	(void)pelvis_curve_fit(thigh, pelvis, weight, n, &s->curve);
}

static void finish_raises(struct setup_state *s, const struct setup_plan *plan)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		if ((plan->sites & 1u << site) == 0 || plan->have_alignment ||
			s->align[site].valid)
			continue;
		s->problem = solve_raise(s, (enum site)site);
		if (s->problem != ALIGN_OK) {
			s->raised = 0; /* once more, higher */
			return;
		}
	}
	if ((plan->sites & 1u << SITE_PELVIS) != 0)
		learn_curve(s);
	s->step = SETUP_REFERENCE;
}

static void end_raise(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set)
{
	double need = plan->have_alignment ? set->raise_min_deg : RAISE_ALIGN_DEG;

	s->raising = false;
	if (s->raise_peak_deg < need || s->raise_rate_deg_s > set->fast_entry_deg_s)
		return;
	s->raised++;
	if (s->raise_peak_deg > s->best_raise_deg)
		s->best_raise_deg = s->raise_peak_deg;
	if (s->raised >= plan->raises)
		finish_raises(s, plan);
}

static void step_raises(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	double tilt_deg, rate;

	if (!s->based) {
		if (in->still->still)
			take_base(s, in->still->up);
		return;
	}
	tilt_deg = vec3_angle_rad(s->base_up[SITE_THIGH], in->up[SITE_THIGH]) * DEG_PER_RAD;
	steady_step(&s->tilt, set, in->t_us, tilt_deg);
	keep_bin(s, tilt_deg, in->up);
	rate = fabs(s->tilt.rate_deg_s);
	if (!s->raising && tilt_deg > set->raise_min_deg) {
		s->raising = true;
		s->raise_peak_deg = s->raise_rate_deg_s = 0.0;
	}
	if (!s->raising)
		return;
	if (s->tilt.low_deg > s->raise_peak_deg)
		s->raise_peak_deg = s->tilt.low_deg;
	if (rate > s->raise_rate_deg_s)
		s->raise_rate_deg_s = rate;
	if (tilt_deg < RAISE_DOWN_DEG)
		end_raise(s, plan, set);
}

static void take_reference(struct setup_state *s, const struct setup_plan *plan,
	const struct vec3 up[SITE_COUNT], int64_t t_us)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		struct segment_angle angle;

		if ((plan->sites & 1u << site) == 0)
			continue;
		angle = align_angle(&s->align[site], up[site]);
		s->reference_deg[site] = angle.angle_deg;
		s->reference_plane_deg[site] = angle.out_of_plane_deg;
		s->reference_up[site] = mat3_apply(&s->align[site].to_segment, up[site]);
	}
	s->reference_us = t_us;
	s->problem = ALIGN_OK;
	s->step = SETUP_DONE;
}

/* Within reference_within_deg of the pose that the exercise starts from. */
static bool plausible(const struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct vec3 up[SITE_COUNT])
{
	double thigh = align_angle(&s->align[SITE_THIGH], up[SITE_THIGH]).angle_deg;
	enum pose pose = exercises[plan->exercise].start_pose;
	double expected = align_pose_angle_deg(SITE_THIGH, pose);

	if (pose == POSE_SIDE_LYING)
		return fabs(align_angle(&s->align[SITE_THIGH], up[SITE_THIGH])
			.out_of_plane_deg) > ON_SIDE_DEG;
	return !isfinite(expected) ||
		fabs(align_wrap_deg(thigh - expected)) <= set->reference_within_deg;
}

/* A window named beforehand: its mean counts, stillness is not asked for. */
static void step_window(struct setup_state *s, const struct setup_plan *plan,
	const struct setup_input *in)
{
	if (in->t_us >= plan->reference_from_us && in->t_us <= plan->reference_to_us) {
		for (int site = 0; site < SITE_COUNT; site++)
			s->window_sum[site] = vec3_add(s->window_sum[site], in->up[site]);
		s->window_n++;
	} else if (in->t_us > plan->reference_to_us && s->window_n > 0) {
		struct vec3 up[SITE_COUNT];

		for (int site = 0; site < SITE_COUNT; site++)
			up[site] = vec3_unit(s->window_sum[site]);
		take_reference(s, plan, up, in->t_us);
	}
}

/*
 * Still, but not where the start pose should be: the first pose was another one
 * (the leg was up before the straps were learned). The raises that were seen are
 * sorted anew from the pose kept now, instead of being asked for again. Only before
 * the first reference: afterwards the straps are known, and it is the leg that is up.
 */
static void rebase(struct setup_state *s, const struct setup_plan *plan,
	const struct vec3 up[SITE_COUNT])
{
	struct raise_bin old[RAISE_BINS];

	memcpy(old, s->bins, sizeof old);
	memset(s->bins, 0, sizeof s->bins);
	take_base(s, up);
	s->best_raise_deg = 0.0;
	for (int i = 0; i < RAISE_BINS; i++) {
		struct vec3 mean = vec3_unit(old[i].up_sum[SITE_THIGH]);
		double tilt_deg = vec3_angle_rad(up[SITE_THIGH], mean) * DEG_PER_RAD;
		int32_t k = (int32_t)(tilt_deg / RAISE_BIN_DEG);

		if (old[i].n < BIN_WEIGHT_MIN || k >= RAISE_BINS)
			continue;
		for (int site = 0; site < SITE_COUNT; site++)
			s->bins[k].up_sum[site] = vec3_add(s->bins[k].up_sum[site],
				old[i].up_sum[site]);
		s->bins[k].n += old[i].n;
		if (tilt_deg > s->best_raise_deg)
			s->best_raise_deg = tilt_deg;
	}
	for (int site = 0; site < SITE_COUNT; site++)
		s->align[site].valid = false;
	s->step = SETUP_RAISES;
	if (s->best_raise_deg >= RAISE_ALIGN_DEG)
		finish_raises(s, plan);
	else
		s->raised = 0;
}

/*
 * Gravity alone does not tell a leg that is up from one that lies while the straps are
 * learned by raises, but a leg that is up is shaken by hands and muscles. It tells the
 * first hold begun too early, and the leg that was up at the first pose.
 */
static bool rests(const struct setup_state *s, const struct still_state *still, int64_t t_us)
{
	double quiet = still->quiet_rad_s[SITE_THIGH];

	return quiet <= LYING_RAD_S || quiet <= AS_QUIET * s->quietest_rad_s ||
		t_us - still->still_since_us > RESTLESS_US;
}

static void step_reference(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	const struct still_state *still = in->still;

	if (plan->reference_from_us >= 0 && s->reference_us == 0) {
		step_window(s, plan, in);
		return;
	}
	/* longer than anybody stays at the top of a calm raise */
	if (s->raised > 0 && (in->t_us - still->still_since_us < AFTER_RAISES_US ||
				     !rests(s, still, in->t_us)))
		return;
	if (!still->still || still->moved_us == INT64_MIN ||
		(double)(still->still_since_us - still->moved_us) >
			set->reference_moved_s * 1e6)
		return;
	if (plausible(s, plan, set, still->up))
		take_reference(s, plan, still->up, in->t_us);
	else if (plan->have_alignment && s->reference_us == 0)
		s->problem = ALIGN_ELSEWHERE;
	else if (s->raised > 0 && s->reference_us == 0)
		rebase(s, plan, still->up);
}

void setup_step(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	double quiet = in->still->quiet_rad_s[SITE_THIGH];

	if (!in->ok)
		return;
	if (in->still->still && (s->quietest_rad_s <= 0.0 || quiet < s->quietest_rad_s))
		s->quietest_rad_s = quiet;
	switch (s->step) {
	case SETUP_POSES:
		step_poses(s, plan, in);
		break;
	case SETUP_RAISES:
		step_raises(s, plan, set, in);
		break;
	case SETUP_REFERENCE:
		step_reference(s, plan, set, in);
		break;
	case SETUP_DONE:
		break;
	}
}
