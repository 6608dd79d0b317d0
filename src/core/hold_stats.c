/* The figures of one hold; see hold_stats.h. */
#include "stretch/hold_stats.h"

#include <string.h>

#define STEP_DEG 1.5         /* a quick rise that stays: an exhale step */
#define STEP_US 1500000
#define STEP_STAYS_US 2000000
#define BLOCK_US 1000000
#define SHARE_FROM_DEG 30.0
#define CREEP_RATE_FROM_S 15.0

void hold_stats_init(struct hold_stats *s)
{
	memset(s, 0, sizeof *s);
	s->peak_deg = s->pelvis_peak_deg = s->exit_rate_deg_s = NAN;
	s->out_of_plane_deg = NAN;
	s->worst = CONFIDENCE_HIGH;
}

static void mean_add(struct mean *m, double x)
{
	if (isfinite(x)) {
		m->sum += x;
		m->n++;
	}
}

static double mean_of(const struct mean *m)
{
	return m->n > 0 ? m->sum / m->n : MISSING;
}

static double larger(double a, double b)
{
	return isnan(a) || b > a ? b : a;
}

static void trend_add(struct trend *r, double t_s, double y)
{
	double dt = t_s - r->mean_t, dy = y - r->mean_y;

	r->n++;
	r->mean_t += dt / r->n;
	r->mean_y += dy / r->n;
	r->var_t += dt * (t_s - r->mean_t);
	r->var_y += dy * (y - r->mean_y);
	r->cov += dt * (y - r->mean_y);
	r->last_t = t_s;
}

/* Both as if their samples had come one after the other (Chan et al. 1979). */
static void trend_join(struct trend *a, const struct trend *b)
{
	double dt = b->mean_t - a->mean_t, dy = b->mean_y - a->mean_y;
	double n = a->n + b->n, part;

	if (b->n == 0)
		return;
	part = (double)a->n * b->n / n;
	a->var_t += b->var_t + dt * dt * part;
	a->var_y += b->var_y + dy * dy * part;
	a->cov += b->cov + dt * dy * part;
	a->mean_t += dt * b->n / n;
	a->mean_y += dy * b->n / n;
	a->n += b->n;
	a->last_t = b->last_t;
}

static void regress(struct hold_stats *s, int64_t t_us, double y)
{
	if (s->block.n > 0 && t_us - s->block_us >= BLOCK_US) {
		trend_join(&s->trend, &s->waiting);
		s->waiting = s->block;
		memset(&s->block, 0, sizeof s->block);
	}
	if (s->block.n == 0)
		s->block_us = t_us;
	trend_add(&s->block, (double)(t_us - s->start_us) * 1e-6, y);
}

/* Counting was left: what came just before was the leaving. */
static void drop_leaving(struct hold_stats *s)
{
	memset(&s->waiting, 0, sizeof s->waiting);
	memset(&s->block, 0, sizeof s->block);
}

/* A quick rise is a step once it has stayed up; a sway goes back before. */
static void count_steps(struct hold_stats *s, const struct hold_moment *m)
{
	bool anew = s->n == 0;

	if (s->rising && m->low_deg < s->level_deg + 0.5 * STEP_DEG) {
		anew = true;
	} else if (s->rising && m->t_us - s->rise_us > STEP_STAYS_US) {
		s->steps++;
		anew = true;
	} else if (!s->rising && m->low_deg > s->level_deg + STEP_DEG) {
		s->rising = true;
		s->rise_us = m->t_us;
	}
	if (!s->rising && (m->t_us - s->level_us > STEP_US || m->low_deg < s->level_deg))
		anew = true;
	if (anew) {
		s->rising = false;
		s->level_deg = m->low_deg;
		s->level_us = m->t_us;
	}
}

static void add_counted(struct hold_stats *s, const struct hold_moment *m)
{
	const struct judged_row *row = m->row;
	double bin = (m->angle_deg - MEDIAN_LOW_DEG) / MEDIAN_BIN_DEG;

	if (s->n == 0)
		s->start_us = m->t_us;
	count_steps(s, m);
	if (isfinite(m->angle_deg)) {
		regress(s, m->t_us, m->angle_deg);
		if (bin >= 0.0 && bin < MEDIAN_BINS)
			s->histogram[(int)bin]++;
	}
	s->n++;
	mean_add(&s->thigh, row->thigh_elevation_deg);
	mean_add(&s->flexion, row->hip_flexion_deg);
	mean_add(&s->flexion_low, row->hip_flexion_low_deg);
	mean_add(&s->flexion_high, row->hip_flexion_high_deg);
	mean_add(&s->pelvis, row->pelvis_tilt_deg);
	mean_add(&s->error, m->error_deg);
	if (isfinite(row->pelvis_tilt_deg))
		s->pelvis_peak_deg = larger(s->pelvis_peak_deg, row->pelvis_tilt_deg);
	if (isfinite(row->out_of_plane_deg) && (isnan(s->out_of_plane_deg) ||
		fabs(row->out_of_plane_deg) > fabs(s->out_of_plane_deg)))
		s->out_of_plane_deg = row->out_of_plane_deg;
	if (isfinite(m->tremor_square)) {
		s->tremor_square_sum += m->tremor_square;
		s->tremor_n++;
	}
	if (m->confidence < s->worst)
		s->worst = m->confidence;
}

void hold_stats_add(struct hold_stats *s, const struct hold_moment *m)
{
	if (m->leaving) {
		if (m->rate_deg_s < 0.0)
			s->exit_rate_deg_s = larger(s->exit_rate_deg_s, -m->rate_deg_s);
		return;
	}
	s->gaps += m->gap;
	s->faults += m->bad;
	if (isfinite(m->angle_deg) && !m->bad)
		s->peak_deg = larger(s->peak_deg, m->angle_deg);
	if (m->counted)
		add_counted(s, m);
	else
		drop_leaving(s);
}

static double median(const struct hold_stats *s)
{
	uint32_t total = 0, below = 0;

	for (int i = 0; i < MEDIAN_BINS; i++)
		total += s->histogram[i];
	for (int i = 0; i < MEDIAN_BINS; i++) {
		if (2.0 * (below + s->histogram[i]) >= total && s->histogram[i] > 0) {
			double part = (0.5 * total - below) / s->histogram[i];

			return MEDIAN_LOW_DEG + (i + part) * MEDIAN_BIN_DEG;
		}
		below += s->histogram[i];
	}
	return NAN;
}

void hold_stats_fill(const struct hold_stats *s, bool lying, double counted_s,
	struct hold_row *row)
{
	const struct trend *r = &s->trend;
	double slope = r->var_t > 0.0 ? r->cov / r->var_t : MISSING;
	bool angle = r->n > 1 && r->var_t > 0.0;
	double rest = r->var_y - slope * r->cov;

	row->angle_mean_deg = angle ? r->mean_y : MISSING;
	row->angle_peak_deg = s->peak_deg;
	row->angle_median_deg = angle ? median(s) : MISSING;
	row->angle_sd_deg = angle ? sqrt(r->var_y / (r->n - 1)) : MISSING;
	row->thigh_elevation_mean_deg = mean_of(&s->thigh);
	row->hip_flexion_mean_deg = mean_of(&s->flexion);
	row->hip_flexion_low_deg = mean_of(&s->flexion_low);
	row->hip_flexion_high_deg = mean_of(&s->flexion_high);
	row->exit_rate_peak_deg_s = s->exit_rate_deg_s;
	row->creep_deg = angle ? slope * r->last_t : MISSING;
	row->creep_deg_per_30s = angle && counted_s >= CREEP_RATE_FROM_S
		? 30.0 * slope : MISSING;
	row->steps = s->n > 0 ? s->steps : INT32_MIN;
	row->sway_sd_deg = angle && r->n > 2
		? sqrt((rest > 0.0 ? rest : 0.0) / (r->n - 2)) : MISSING;
	row->tremor_rms_deg_s = s->tremor_n > 0
		? sqrt(s->tremor_square_sum / s->tremor_n) * DEG_PER_RAD : MISSING;
	row->out_of_plane_max_deg = s->out_of_plane_deg;
	row->pelvis_tilt_mean_deg = mean_of(&s->pelvis);
	row->pelvis_tilt_peak_deg = s->pelvis_peak_deg;
	row->pelvis_share = lying && row->thigh_elevation_mean_deg >= SHARE_FROM_DEG
		? row->pelvis_tilt_mean_deg / row->thigh_elevation_mean_deg : MISSING;
	row->angle_confidence = s->n > 0 ? (int32_t)s->worst : (int32_t)CONFIDENCE_NONE;
	row->angle_error_deg = mean_of(&s->error);
	row->samples = s->n;
	row->gaps = s->gaps;
	row->faults = s->faults;
}
