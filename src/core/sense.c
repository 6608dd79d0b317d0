/*
 * Calibration, plausibility, orientation and stillness of each sensor; see
 * sense.h. Data that cannot be right (the very same reading again and again, a
 * value at full scale) are flagged here and never credited to a hold.
 */
#include "stretch/sense.h"

#define FROZEN_REPEATS 5
#define FROZEN_US 100000
#define FULL_SCALE_PART 0.98

unsigned sense_sites(enum session_mode mode)
{
	return 1u << SITE_THIGH | (mode == MODE_THIGH_PELVIS ? 1u << SITE_PELVIS : 0u);
}

static bool same(struct vec3 a, struct vec3 b)
{
	return !(a.x < b.x || a.x > b.x || a.y < b.y || a.y > b.y || a.z < b.z ||
		a.z > b.z);
}

static bool frozen(struct session_sensor *s, const struct imu_reading *r, int64_t t_us)
{
	if (s->last_us == INT64_MIN || !same(s->last.acc_m_s2, r->acc_m_s2) ||
		!same(s->last.gyr_rad_s, r->gyr_rad_s)) {
		s->repeats = 0;
		s->repeat_us = t_us;
		return false;
	}
	if (s->repeats < INT32_MAX)
		s->repeats++;
	return s->repeats >= FROZEN_REPEATS && t_us - s->repeat_us >= FROZEN_US;
}

static bool beyond(struct vec3 v, double full_scale)
{
	double limit = FULL_SCALE_PART * full_scale; /* NAN: never beyond */

	return fabs(v.x) > limit || fabs(v.y) > limit || fabs(v.z) > limit;
}

/* The direction after this reading; false while it is not known. */
static bool turn(struct session_sensor *s, const struct calib *calib,
	const struct imu_reading *r, double dt_s, bool gap)
{
	struct orient_param param = orient_default();

	param.gyr_full_scale_rad_s = calib->gyr_full_scale_rad_s;
	if (gap && orient_ready(&s->orient))
		orient_gap(&s->orient, &param);
	orient_step(&s->orient, &param, dt_s, r->acc_m_s2, r->gyr_rad_s);
	if (!orient_ready(&s->orient))
		return false;
	s->up = orient_up(&s->orient);
	return true;
}

/*
 * A large zero makes the direction found so far worthless, so no pose is taken
 * while one is wanted and not known (see sense_step).
 */
static void take_zero(struct session_sensor *s, struct imu_reading *r, int site,
	int64_t t_us, bool ok)
{
	struct gyr_zero_param param = gyr_zero_default();

	if (gyr_zero_step(&s->zero, &param, site, t_us, r, ok) &&
		vec3_norm(s->zero.zero_rad_s) > 0.0)
		orient_init(&s->orient);
	r->gyr_rad_s = vec3_sub(r->gyr_rad_s, s->zero.zero_rad_s);
}

static bool take_known(struct session_sensor *s, struct vec3 up)
{
	if (!vec3_finite(up))
		return false;
	s->up = up;
	return true;
}

static uint32_t take_reading(struct session_state *state,
	const struct session_inputs *in, int site, const struct sample *sample,
	const struct vec3 *up, bool gap)
{
	struct session_sensor *s = &state->sensor[site];
	struct imu_reading r = sample->imu[site];
	const struct calib *calib = &in->calib[site];
	bool first = s->last_us == INT64_MIN;
	int64_t age_us = first ? 0 : sample->t_us - s->last_us;
	uint32_t bad = 0;

	if ((double)age_us > in->settings.stale_ms * 1e3)
		bad |= FLAG_BIT(FLAG_STALE);
	if (!r.present) {
		state->health[HEALTH_ABSENT_THIGH + site]++;
		return bad | FLAG_BIT(FLAG_ABSENT);
	}
	if (frozen(s, &r, sample->t_us)) {
		state->health[HEALTH_FROZEN]++;
		bad |= FLAG_BIT(FLAG_FROZEN);
	}
	if (beyond(r.gyr_rad_s, calib->gyr_full_scale_rad_s) ||
		beyond(r.acc_m_s2, calib->acc_full_scale_m_s2)) {
		state->health[HEALTH_SATURATED]++;
		bad |= FLAG_BIT(FLAG_SATURATED);
	}
	s->last = r;
	s->last_us = sample->t_us;
	calib_apply(calib, &r);
	gap = gap || (bad & FLAG_BIT(FLAG_STALE)) != 0;
	if (up == NULL)
		take_zero(s, &r, site, sample->t_us, bad == 0 && !gap);
	/* the band-pass of tremor is blind to the gyroscope's bias */
	tremor_step(&s->tremor, (double)age_us * 1e-6, r.gyr_rad_s);
	if (up != NULL ? !take_known(s, up[site])
		       : !turn(s, calib, &r, (double)age_us * 1e-6, gap))
		bad |= FLAG_BIT(FLAG_ABSENT);
	return bad;
}

bool sense_all_ok(const struct session_inputs *in, const uint32_t bad[SITE_COUNT])
{
	return bad[SITE_THIGH] == 0 &&
		(in->mode == MODE_THIGH || bad[SITE_PELVIS] == 0);
}

static bool zero_wanted(const struct session_state *state, unsigned sites)
{
	struct gyr_zero_param param = gyr_zero_default();

	for (int site = 0; site < SITE_COUNT; site++)
		if ((sites & 1u << site) != 0 &&
			gyr_zero_wanted(&state->sensor[site].zero, &param))
			return true;
	return false;
}

bool sense_step(struct session_state *state, const struct session_inputs *in,
	const struct sample *sample, const struct vec3 *up, int64_t *dt_us,
	uint32_t bad[SITE_COUNT])
{
	struct timebase_step time = timebase_step(&state->time, sample->t_us,
		in->settings.gap_factor, (int64_t)(in->settings.gap_min_ms * 1e3));
	unsigned sites = sense_sites(in->mode);
	struct vec3 now[SITE_COUNT], gyr[SITE_COUNT];
	struct still_param still = still_default();

	if (time.backwards) {
		state->health[HEALTH_BACKWARDS]++;
		return false;
	}
	state->health[HEALTH_SAMPLES]++;
	*dt_us = time.dt_us;
	for (int site = 0; site < SITE_COUNT; site++) {
		bad[site] = 0;
		if ((sites & 1u << site) != 0)
			bad[site] = take_reading(state, in, site, sample, up, time.gap);
		if (time.gap)
			bad[site] |= FLAG_BIT(FLAG_GAP);
		now[site] = state->sensor[site].up;
		gyr[site] = sample->imu[site].gyr_rad_s;
	}
	if (time.gap)
		state->health[HEALTH_GAPS]++;
	still.window_s = in->settings.reference_still_s;
	still_step(&state->still, &still, sample->t_us, sites, now, gyr,
		sense_all_ok(in, bad) && !zero_wanted(state, sites));
	return true;
}
