/* The first rest of a session and what the gyroscope reads in it; see gyr_zero.h. */
#include "stretch/gyr_zero.h"

#include <string.h>

struct gyr_zero_param gyr_zero_default(void)
{
	struct gyr_zero_param param = { .still = still_default(),
		.wander_rad_s = 2.0 * RAD_PER_DEG, .least_rad_s = 1.5 * RAD_PER_DEG };

	param.still.window_s = 1.0;
	return param;
}

void gyr_zero_init(struct gyr_zero *zero)
{
	memset(zero, 0, sizeof *zero);
	still_init(&zero->still);
}

/* The bins of a finished window: age 1 is the last complete one. */
static const struct still_bin *bin_at(const struct still_state *s, int32_t age)
{
	return &s->bins[(s->head - age + STILL_BINS_MAX) % STILL_BINS_MAX];
}

static int32_t window_bins(const struct gyr_zero_param *p)
{
	return (int32_t)lround(p->still.window_s * 1e6 / STILL_BIN_US);
}

static struct vec3 mean_rate(const struct still_state *s, int32_t bins, int site)
{
	struct vec3 sum = { 0, 0, 0 };
	int32_t n = 0;

	for (int32_t age = 1; age <= bins; age++) {
		sum = vec3_add(sum, bin_at(s, age)->gyr_sum[site]);
		n += bin_at(s, age)->n;
	}
	return n > 0 ? vec3_scale(sum, 1.0 / n) : sum;
}

/* No bin's own mean wanders from that of the window. */
static bool one_value(const struct gyr_zero *zero, const struct gyr_zero_param *p,
	int site)
{
	for (int32_t age = 1; age <= window_bins(p); age++) {
		const struct still_bin *bin = bin_at(&zero->still, age);
		struct vec3 of_bin = vec3_scale(bin->gyr_sum[site], 1.0 / bin->n);

		if (vec3_norm(vec3_sub(of_bin, zero->mean_rad_s)) > p->wander_rad_s)
			return false;
	}
	return true;
}

bool gyr_zero_step(struct gyr_zero *zero, const struct gyr_zero_param *param,
	int site, int64_t t_us, const struct imu_reading *reading, bool ok)
{
	struct vec3 up[SITE_COUNT] = { { 0, 0, 0 }, { 0, 0, 0 } };
	struct vec3 gyr[SITE_COUNT] = { { 0, 0, 0 }, { 0, 0, 0 } };

	if (zero->known)
		return false;
	up[site] = vec3_unit(reading->acc_m_s2);
	gyr[site] = reading->gyr_rad_s;
	ok = ok && vec3_finite(up[site]) && vec3_finite(gyr[site]);
	if (!ok)
		up[site] = gyr[site] = (struct vec3){ 0, 0, 0 };
	still_step(&zero->still, &param->still, t_us, 1u << site, up, gyr, ok);
	zero->mean_rad_s = mean_rate(&zero->still, zero->still.filled < window_bins(param)
		? zero->still.filled : window_bins(param), site);
	if (!zero->still.still || !one_value(zero, param, site))
		return false;
	zero->known = true;
	if (vec3_norm(zero->mean_rad_s) >= param->least_rad_s)
		zero->zero_rad_s = zero->mean_rad_s;
	return true;
}

bool gyr_zero_wanted(const struct gyr_zero *zero, const struct gyr_zero_param *param)
{
	return !zero->known && vec3_norm(zero->mean_rad_s) >= param->least_rad_s;
}
