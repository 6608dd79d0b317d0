/*
 * Calm raises, reference, and the order of it all; see setup.h. Poses: setup_poses.c.
 *
 * Gravity cannot tell a pose from a sensor that lies on a table, or rests in a hand
 * while it is strapped on. What comes last is believed: the poses are the newest rests,
 * and calm raises are those of the pose that is come back to.
 */
#include "stretch/setup_parts.h"

#include <string.h>

#define RAISE_ALIGN_DEG 40.0 /* the pair lying + raise needs this much */
#define BACK_US 1500000 /* in the pose: longer than it takes to pass it by */
#define AFTER_RAISES_US 5000000
/* A leg that lies: within this of the quietest window, or below what hands and muscles
 * do to a leg that is up: 0.3 to 1 deg/s. */
#define AS_QUIET 2.0
#define LYING_RAD_S 0.003
#define RESTLESS_US 60000000 /* the legs of some people shake always */
#define ON_SIDE_DEG 45.0 /* the upper leg rolls forward easily */

void setup_init(struct setup_state *s, const struct setup_plan *plan,
	const struct alignment given[SITE_COUNT])
{
	memset(s, 0, sizeof *s);
	raise_init(&s->raises);
	for (int i = 0; i < SETUP_OTHERS; i++)
		raise_init(&s->other[i]);
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
		return pose_advice[setup_pose_list(plan)[s->poses]];
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

void setup_restart(struct setup_state *s, const struct setup_plan *plan)
{
	struct pelvis_curve curve = s->curve;

	if (plan->have_alignment)
		return;
	setup_init(s, plan, s->align);
	s->curve = curve;
}

/* ---- raises ---- */

static double raise_least_deg(const struct setup_plan *plan, const struct settings *set)
{
	return plan->have_alignment ? set->raise_min_deg : RAISE_ALIGN_DEG;
}

static void finish_raises(struct setup_state *s, const struct setup_plan *plan)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		if ((plan->sites & 1u << site) == 0 || plan->have_alignment ||
			s->align[site].valid)
			continue;
		s->problem = raise_solve(&s->raises, (enum site)site, &s->align[site]);
		if (s->problem != ALIGN_OK) {
			s->raises.raised = 0; /* once more, higher */
			return;
		}
	}
	if ((plan->sites & 1u << SITE_PELVIS) != 0)
		raise_curve(&s->raises, s->align, &s->curve);
	s->step = SETUP_REFERENCE;
}

static void drop_others(struct setup_state *s)
{
	for (int i = 0; i < SETUP_OTHERS; i++)
		s->other[i].based = false;
}

/* The one of that rest, or the one that was rested in longest ago, begun anew. */
static struct raise_track *other_at(struct setup_state *s,
	const struct vec3 up[SITE_COUNT])
{
	struct raise_track *oldest = &s->other[0];

	for (int i = 0; i < SETUP_OTHERS; i++) {
		struct raise_track *r = &s->other[i];

		if (r->based && raise_tilt_deg(r, up) <= RAISE_DOWN_DEG)
			return r;
		if (oldest->based && (!r->based || r->rest_us < oldest->rest_us))
			oldest = r;
	}
	raise_init(oldest);
	raise_begin(oldest, up);
	return oldest;
}

/*
 * A rest: the pose of the raises, or another one that may be it. Which of both is told
 * by the next raise, from the pose that it comes back to.
 */
static void note_rest(struct setup_state *s, const struct vec3 up[SITE_COUNT],
	int64_t t_us)
{
	struct raise_track *r = &s->raises;

	if (!r->based)
		raise_begin(r, up);
	else if (raise_tilt_deg(r, up) > RAISE_DOWN_DEG)
		other_at(s, up)->rest_us = t_us;
	else if (r->raised == 0) /* the other sensor may have been put on since */
		memcpy(r->base_up, up, sizeof r->base_up);
}

static void step_raises(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	double need = raise_least_deg(plan, set);
	bool counts;

	if (in->still->still)
		note_rest(s, in->still->up, in->t_us);
	if (!s->raises.based)
		return;
	counts = raise_step(&s->raises, set, need, in->t_us, in->up);
	if (in->t_us - s->raises.away_us > BACK_US)
		drop_others(s);
	for (int i = 0; i < SETUP_OTHERS && !counts; i++) {
		struct raise_track *other = &s->other[i];

		if (!other->based || !raise_step(other, set, need, in->t_us, in->up) ||
			other->raised <= s->raises.raised)
			continue;
		s->raises = *other;
		drop_others(s);
		counts = true;
	}
	if (counts && s->raises.raised >= plan->raises)
		finish_raises(s, plan);
}

/* ---- the reference pose ---- */

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
 * Still, but not where the raises began: the first pose was another one (the leg was
 * up before the straps were learned, or the sensor lay on a table). The raises that
 * were seen are sorted anew from the pose kept now, instead of being asked for again.
 * Only before the first reference: afterwards the straps are known, and it is the leg
 * that is up.
 */
static void rebase(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct vec3 up[SITE_COUNT])
{
	bool good = raise_rebase(&s->raises, up);

	for (int site = 0; site < SITE_COUNT && !plan->have_alignment; site++)
		s->align[site].valid = false;
	s->step = SETUP_RAISES;
	if (good && s->raises.best_deg >= raise_least_deg(plan, set))
		finish_raises(s, plan);
	else
		s->raises.raised = 0;
}

/*
 * Gravity alone does not tell a leg that is up from one that lies while the straps are
 * learned by raises, but a leg that is up is shaken by hands and muscles. It tells the
 * first hold begun too early, and the leg that was up at the first pose.
 */
static bool rests(const struct setup_state *s, const struct still_state *still, int64_t t_us)
{
	double quiet = still->quiet_rad_s[SITE_THIGH];

	return quiet <= LYING_RAD_S || quiet <= AS_QUIET * s->raises.quietest_rad_s ||
		t_us - still->still_since_us > RESTLESS_US;
}

static void step_reference(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	const struct still_state *still = in->still;
	bool elsewhere, fits;

	if (plan->reference_from_us >= 0 && s->reference_us == 0) {
		step_window(s, plan, in);
		return;
	}
	/* longer than anybody stays at the top of a calm raise */
	if (s->raises.raised > 0 && (in->t_us - still->still_since_us < AFTER_RAISES_US ||
				     !rests(s, still, in->t_us)))
		return;
	if (!still->still || still->moved_us == INT64_MIN ||
		(double)(still->still_since_us - still->moved_us) >
			set->reference_moved_s * 1e6)
		return;
	elsewhere = s->raises.raised > 0 && s->reference_us == 0 &&
		raise_tilt_deg(&s->raises, still->up) > RAISE_DOWN_DEG;
	fits = plausible(s, plan, set, still->up);
	/* the raises are made lying, and not every exercise starts so */
	if (fits && (!elsewhere || exercises[plan->exercise].start_pose != POSE_LYING))
		take_reference(s, plan, still->up, in->t_us);
	else if (fits || (elsewhere && !plan->have_alignment))
		rebase(s, plan, set, still->up);
	else if (plan->have_alignment && s->reference_us == 0)
		s->problem = ALIGN_ELSEWHERE;
}

static void note_quiet(struct raise_track *r, const struct still_state *still)
{
	double quiet = still->quiet_rad_s[SITE_THIGH];

	if (still->still && (r->quietest_rad_s <= 0.0 || quiet < r->quietest_rad_s))
		r->quietest_rad_s = quiet;
}

/*
 * Straps and zero are known, by rests that may have been none of the wearer's: another
 * one follows, and the newest ones in order make a pair as good. true: taken.
 */
static bool step_again(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	int32_t count = setup_pose_count(plan);

	if (plan->have_alignment || s->proved || count == 1 || !in->still->still ||
		!setup_new_rest(s, plan, in->still->up) || s->rests < count ||
		setup_solve_poses(s, plan) != ALIGN_OK ||
		!plausible(s, plan, set, in->still->up))
		return false;
	take_reference(s, plan, in->still->up, in->t_us);
	return true;
}

void setup_step(struct setup_state *s, const struct setup_plan *plan,
	const struct settings *set, const struct setup_input *in)
{
	if (!in->ok)
		return;
	note_quiet(&s->raises, in->still);
	for (int i = 0; i < SETUP_OTHERS; i++)
		note_quiet(&s->other[i], in->still);
	switch (s->step) {
	case SETUP_POSES:
		setup_step_poses(s, plan, in);
		break;
	case SETUP_RAISES:
		step_raises(s, plan, set, in);
		break;
	case SETUP_REFERENCE:
		if (!step_again(s, plan, set, in))
			step_reference(s, plan, set, in);
		break;
	case SETUP_DONE:
		(void)step_again(s, plan, set, in);
		break;
	}
}
