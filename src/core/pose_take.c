/* Poses by window or by rest; see pose_take.h. */
#include "stretch/pose_take.h"

#include <string.h>

#include "stretch/sense.h"

#define DIFFERS_DEG 40.0     /* as at the start of a session */
#define DIFFERS_WEAK_DEG 8.0 /* the pelvis in a raise: it may turn by little */
#define SAMPLES_MIN 20

void pose_taker_init(struct pose_taker *p, enum session_mode mode,
	const struct calib calib[SITE_COUNT], const struct pose_take *takes,
	int32_t count)
{
	memset(p, 0, sizeof *p);
	settings_default(&p->inputs.settings);
	p->inputs.mode = mode;
	p->inputs.reference_from_us = p->inputs.reference_to_us = -1;
	for (int site = 0; site < SITE_COUNT; site++)
		p->inputs.calib[site] = calib[site];
	/* the exercise has no part in sensing; the default one is always allowed */
	(void)session_init(&p->sense, &p->inputs);
	p->count = count < POSE_TAKES_MAX ? count : POSE_TAKES_MAX;
	p->named = p->count > 0 && takes[0].from_us >= 0;
	p->rest_us = INT64_MIN;
	for (int32_t i = 0; i < p->count; i++) {
		p->takes[i] = (struct pose_take){ .pose = takes[i].pose,
			.from_us = takes[i].from_us,
			.to_us = takes[i].to_us,
			.stray_deg = { MISSING, MISSING } };
	}
}

static void add_to_window(struct pose_taker *p, struct pose_take *take)
{
	for (int site = 0; site < SITE_COUNT; site++)
		take->sum[site] = vec3_add(take->sum[site], p->sense.sensor[site].up);
	take->samples++;
}

/* Of n unit vectors about their mean: n - |sum| is half the sum of squares. */
static double stray_deg(struct vec3 sum, int32_t n)
{
	double part = 1.0 - vec3_norm(sum) / n;

	return part > 0.0 ? sqrt(2.0 * part) * DEG_PER_RAD : 0.0;
}

static void close_window(struct pose_taker *p, struct pose_take *take)
{
	take->state = take->samples < SAMPLES_MIN ? POSE_EMPTY : POSE_TAKEN;
	for (int site = 0; site < SITE_COUNT && take->state != POSE_EMPTY; site++) {
		if ((sense_sites(p->inputs.mode) & 1u << site) == 0)
			continue;
		take->up[site] = vec3_unit(take->sum[site]);
		take->stray_deg[site] = stray_deg(take->sum[site], take->samples);
		if (take->stray_deg[site] > POSE_STRAY_MAX_DEG)
			take->state = POSE_MOVED;
	}
	p->taken += take->state == POSE_TAKEN;
}

static void step_named(struct pose_taker *p, int64_t t_us, bool ok)
{
	for (int32_t i = 0; i < p->count; i++) {
		struct pose_take *take = &p->takes[i];

		if (take->state != POSE_OPEN || t_us < take->from_us)
			continue;
		if (t_us > take->to_us)
			close_window(p, take);
		else if (ok)
			add_to_window(p, take);
	}
}

static bool differs(
	const struct pose_taker *p, const struct pose_take *before, enum pose next)
{
	unsigned sites = sense_sites(p->inputs.mode);

	for (int site = 0; site < SITE_COUNT; site++) {
		double least = site == SITE_PELVIS && next == POSE_RAISE
			? DIFFERS_WEAK_DEG
			: DIFFERS_DEG;

		if ((sites & 1u << site) != 0 &&
			vec3_angle_rad(p->sense.still.up[site], before->up[site]) >
				least * RAD_PER_DEG)
			return true;
	}
	return false;
}

static void keep_rest(struct pose_taker *p, struct pose_take *take, int64_t t_us)
{
	take->to_us = t_us;
	memcpy(take->up, p->sense.still.up, sizeof take->up);
}

static void step_rest(struct pose_taker *p, int64_t t_us)
{
	const struct still_state *still = &p->sense.still;
	struct pose_take *newest = p->taken > 0 ? &p->takes[p->taken - 1] : NULL;
	struct pose_take *next = p->taken < p->count ? &p->takes[p->taken] : NULL;

	if (!still->still)
		return;
	if (newest != NULL && still->still_since_us == p->rest_us) {
		keep_rest(p, newest, t_us);
		return;
	}
	if (next == NULL || (newest != NULL && !differs(p, newest, next->pose)))
		return;
	p->rest_us = next->from_us = still->still_since_us;
	next->state = POSE_TAKEN;
	p->taken++;
	keep_rest(p, next, t_us);
}

void pose_taker_step(struct pose_taker *p, const struct sample *sample)
{
	int64_t dt_us;

	if (!sense_step(&p->sense, &p->inputs, sample, NULL, &dt_us, p->bad))
		return;
	if (p->named)
		step_named(p, sample->t_us, sense_all_ok(&p->inputs, p->bad));
	else
		step_rest(p, sample->t_us);
}

void pose_taker_finish(struct pose_taker *p)
{
	for (int32_t i = 0; p->named && i < p->count; i++)
		if (p->takes[i].state == POSE_OPEN)
			close_window(p, &p->takes[i]);
}

double pose_taker_needs_s(const struct pose_taker *p)
{
	return p->inputs.settings.reference_still_s;
}

double pose_taker_still_s(const struct pose_taker *p)
{
	struct still_param still = still_default();

	still.window_s = pose_taker_needs_s(p);
	return still_for_s(&p->sense.still, &still, sense_sites(p->inputs.mode));
}

enum align_result pose_take_pair(
	enum site site, const struct pose_take *takes, int32_t count)
{
	bool lying = false, flat = false, upright = false;

	for (int32_t i = 0; i < count; i++) {
		enum pose pose = takes[i].pose;

		lying = lying || pose == POSE_LYING;
		flat = flat || pose == POSE_LYING ||
			(site == SITE_THIGH && pose == POSE_SITTING);
		upright = upright || pose == POSE_STANDING || pose == POSE_RAISE ||
			(site == SITE_PELVIS && pose == POSE_SITTING);
	}
	if (!flat || (site == SITE_PELVIS && !lying))
		return ALIGN_NEEDS_HORIZONTAL;
	return upright ? ALIGN_OK : ALIGN_NEEDS_UPRIGHT;
}

enum align_result pose_taker_solve(
	const struct pose_taker *p, enum site site, struct alignment *out)
{
	enum pose poses[POSE_TAKES_MAX];
	struct vec3 up[POSE_TAKES_MAX];
	enum align_result result = pose_take_pair(site, p->takes, p->count);
	int32_t n = 0;

	if (result != ALIGN_OK)
		return result;
	for (int32_t i = 0; i < p->count; i++) {
		if (p->takes[i].state != POSE_TAKEN)
			continue;
		poses[n] = p->takes[i].pose;
		up[n++] = p->takes[i].up[site];
	}
	return align_solve_list(site, poses, up, n, out);
}
