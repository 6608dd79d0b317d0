/*
 * Stillness of a pose, bin by bin; see still.h. The gyroscope's own bias drops
 * out because only its scatter about the mean of each bin counts, and a slow
 * steady turn is caught by the direction itself.
 */
#include "stretch/still.h"

#include <string.h>

#define BREATH_BINS 16

struct still_param still_default(void)
{
	return (struct still_param){ .window_s = 3.0, .stray_deg = { 1.2, 2.5 },
		.shake_rad_s = 0.14, .move_deg = 8.0 };
}

void still_init(struct still_state *state)
{
	memset(state, 0, sizeof *state);
	state->moved_us = INT64_MIN;
}

static const struct still_bin *bin_at(const struct still_state *s, int32_t age)
{
	return &s->bins[(s->head - age + STILL_BINS_MAX) % STILL_BINS_MAX];
}

static double bin_shake(const struct still_bin *bin, int site)
{
	struct vec3 mean = vec3_scale(bin->gyr_sum[site], 1.0 / bin->n);
	double var = bin->gyr_square_sum[site] / bin->n - vec3_dot(mean, mean);

	return var > 0.0 ? sqrt(var) : 0.0;
}

/* Still for longer than the window asks: over one breath (4 s at rest), so that a
 * belt sensor's direction does not depend on the moment. */
static void average_longer(struct still_state *s, unsigned sites, int32_t need,
	int64_t end_us)
{
	int32_t bins = (int32_t)((end_us - s->still_since_us) / STILL_BIN_US);

	if (bins > BREATH_BINS)
		bins = BREATH_BINS;
	if (bins <= need)
		return;
	for (int site = 0; site < SITE_COUNT; site++) {
		struct vec3 sum = { 0, 0, 0 };

		if ((sites & 1u << site) == 0)
			continue;
		for (int32_t age = 0; age < bins; age++)
			sum = vec3_add(sum, bin_at(s, age)->up_sum[site]);
		s->up[site] = vec3_unit(sum);
	}
}

/* Judges the window that ends with the bin just completed. */
static void judge(struct still_state *s, const struct still_param *p,
	unsigned sites, int64_t end_us)
{
	int32_t need = (int32_t)lround(p->window_s * 1e6 / STILL_BIN_US);
	bool still = s->filled >= need && need <= STILL_BINS_MAX;
	bool moved = false;

	for (int site = 0; site < SITE_COUNT; site++) {
		struct vec3 sum = { 0, 0, 0 };
		double worst = 0.0;
		int32_t have = s->filled < need ? s->filled : need;

		if ((sites & 1u << site) == 0)
			continue;
		for (int32_t age = 0; age < have; age++)
			sum = vec3_add(sum, bin_at(s, age)->up_sum[site]);
		for (int32_t age = 0; age < have; age++) {
			const struct still_bin *bin = bin_at(s, age);
			double off = vec3_angle_rad(sum, bin->up_sum[site]);
			double shake = bin_shake(bin, site);

			worst = fmax(worst, shake);
			if (!bin->whole || off > p->stray_deg[site] * RAD_PER_DEG ||
				shake > p->shake_rad_s)
				still = false;
			if (age == 0 && off > p->move_deg * RAD_PER_DEG)
				moved = true;
		}
		s->up[site] = vec3_unit(sum);
		s->quiet_rad_s[site] = worst;
	}
	if (moved)
		s->moved_us = end_us;
	if (still && !s->still)
		s->still_since_us = end_us - (int64_t)need * STILL_BIN_US;
	s->still = still;
	if (still)
		average_longer(s, sites, need, end_us);
}

double still_for_s(const struct still_state *s, const struct still_param *p, unsigned sites)
{
	int32_t need = (int32_t)lround(p->window_s * 1e6 / STILL_BIN_US), n = 0;

	/* head is being filled; the newest complete bin is one older */
	for (int32_t age = 1; age <= s->filled && age < STILL_BINS_MAX && n < need; age++) {
		const struct still_bin *bin = bin_at(s, age), *newest = bin_at(s, 1);
		bool quiet = bin->whole && bin->n > 0;

		for (int site = 0; quiet && site < SITE_COUNT; site++)
			if ((sites & 1u << site) != 0)
				quiet = bin_shake(bin, site) <= p->shake_rad_s &&
					vec3_angle_rad(newest->up_sum[site],
						bin->up_sum[site]) <=
						p->stray_deg[site] * RAD_PER_DEG;
		if (!quiet)
			break;
		n++;
	}
	return n * (STILL_BIN_US * 1e-6);
}

static void open_bin(struct still_state *s, int64_t t_us)
{
	s->head = (s->head + 1) % STILL_BINS_MAX;
	memset(&s->bins[s->head], 0, sizeof s->bins[s->head]);
	s->bins[s->head].whole = true;
	s->bin_start_us = t_us;
}

void still_step(struct still_state *s, const struct still_param *p, int64_t t_us,
	unsigned sites, const struct vec3 up[SITE_COUNT],
	const struct vec3 gyr_rad_s[SITE_COUNT], bool ok)
{
	struct still_bin *bin;

	if (!s->started || t_us - s->bin_start_us > 2 * STILL_BIN_US) {
		s->started = true;
		s->filled = 0;
		s->still = false;
		open_bin(s, t_us);
	} else if (t_us - s->bin_start_us >= STILL_BIN_US) {
		if (s->filled < STILL_BINS_MAX)
			s->filled++;
		judge(s, p, sites, t_us);
		open_bin(s, s->bin_start_us + STILL_BIN_US);
	}
	bin = &s->bins[s->head];
	bin->n++;
	bin->whole = bin->whole && ok;
	for (int site = 0; site < SITE_COUNT; site++) {
		if ((sites & 1u << site) == 0)
			continue;
		bin->up_sum[site] = vec3_add(bin->up_sum[site], up[site]);
		bin->gyr_sum[site] = vec3_add(bin->gyr_sum[site], gyr_rad_s[site]);
		bin->gyr_square_sum[site] += vec3_dot(gyr_rad_s[site], gyr_rad_s[site]);
	}
}
