/* Still windows, bin by bin; see calib_collect.h. */
#include "stretch/calib_collect.h"

#include <string.h>

#define GAP_US 150000 /* a hole in the data ends a window */
#define BIN_SAMPLES_MIN 5

const char *const calib_now_words[CALIB_NOW_COUNT] = {
	[CALIB_NOW_ABSENT] = "no reading",
	[CALIB_NOW_FROZEN] = "frozen: the values do not change at all",
	[CALIB_NOW_WRONG] = "nothing like gravity",
	[CALIB_NOW_MOVING] = "moving",
	[CALIB_NOW_SETTLING] = "still, keep it so",
	[CALIB_NOW_TAKEN] = "taken, turn it",
	[CALIB_NOW_FULL] = "no room for more windows",
};

struct calib_collect_param calib_collect_default(void)
{
	return (struct calib_collect_param){ .window_s = 1.0,
		.gyr_scatter_rad_s = 0.12,
		.acc_scatter_m_s2 = 0.5,
		.stray_deg = 3.0,
		.norm_stray_m_s2 = 0.15,
		.gyr_stray_rad_s = 0.08,
		.norm_off = 0.3,
		.away_deg = 30.0 };
}

void calib_collect_init(struct calib_collect *c)
{
	memset(c, 0, sizeof *c);
	c->open = -1;
}

static void end_stay(struct calib_collect *c)
{
	memset(&c->stay, 0, sizeof c->stay);
	c->quiet = 0;
	c->open = -1;
	c->still_s = 0.0;
}

void calib_collect_break(struct calib_collect *c)
{
	end_stay(c);
	c->started = false;
	c->now = CALIB_NOW_ABSENT;
}

static struct vec3 mean_acc(const struct calib_sum *s)
{
	return vec3_scale(s->acc, 1.0 / s->n);
}

static struct vec3 mean_gyr(const struct calib_sum *s)
{
	return vec3_scale(s->gyr, 1.0 / s->n);
}

static void merge(struct calib_sum *to, const struct calib_sum *bin)
{
	if (to->n == 0)
		to->from_us = bin->from_us;
	to->to_us = bin->to_us;
	to->acc = vec3_add(to->acc, bin->acc);
	to->gyr = vec3_add(to->gyr, bin->gyr);
	to->acc_square += bin->acc_square;
	to->gyr_square += bin->gyr_square;
	to->temp += bin->temp;
	to->n += bin->n;
	to->temp_n += bin->temp_n;
}

/* Index of the window that this row of bins fills; -1: no room. */
static int32_t open_window(struct calib_collect *c, struct vec3 acc)
{
	const struct calib_window *before = &c->windows[c->count > 0 ? c->count - 1 : 0];
	int32_t direction =
		c->count < CALIB_WINDOWS_MAX ? calib_sphere_add(&c->sphere, acc) : -1;
	struct calib_window *window = &c->windows[c->count];

	if (direction < 0) {
		c->full = true;
		return -1;
	}
	if (c->count == 0 || c->away || before->direction != direction) {
		c->visits++;
		c->sphere.of[direction].visits++;
	}
	memset(window, 0, sizeof *window);
	window->direction = direction;
	window->visit = c->visits - 1;
	c->away = false;
	return c->count++;
}

/* The window as it stands after one more bin. */
static void write_window(struct calib_collect *c)
{
	const struct calib_sum *s = &c->stay;
	struct calib_window *window;

	if (c->open < 0)
		c->open = open_window(c, mean_acc(s));
	if (c->open < 0)
		return;
	window = &c->windows[c->open];
	window->from_us = s->from_us;
	window->to_us = s->to_us;
	window->acc_m_s2 = mean_acc(s);
	window->gyr_rad_s = mean_gyr(s);
	window->acc_scatter_m_s2 = sqrt(s->acc_square / s->n);
	window->gyr_scatter_rad_s = sqrt(s->gyr_square / s->n);
	window->temp_c = s->temp_n > 0 ? s->temp / s->temp_n : MISSING;
	window->samples = s->n;
}

/* Does the bin go on with the row before it? */
static bool agrees(const struct calib_collect *c, const struct calib_collect_param *p,
	const struct calib_sum *bin)
{
	const struct calib_sum *s = c->stay.n > 0 ? &c->stay : &c->last_bin;
	struct vec3 acc = mean_acc(bin), gyr = mean_gyr(bin);

	return vec3_angle_rad(acc, mean_acc(s)) <= p->stray_deg * RAD_PER_DEG &&
		fabs(vec3_norm(acc) - vec3_norm(mean_acc(s))) <= p->norm_stray_m_s2 &&
		vec3_norm(vec3_sub(gyr, mean_gyr(s))) <= p->gyr_stray_rad_s;
}

/* The gate for one bin by itself. */
static enum calib_now judge_bin(const struct calib_collect *c,
	const struct calib_collect_param *p, const struct calib_sum *bin)
{
	if (bin->n < BIN_SAMPLES_MIN)
		return CALIB_NOW_ABSENT;
	if (c->same)
		return CALIB_NOW_FROZEN;
	if (sqrt(bin->acc_square / bin->n) > p->acc_scatter_m_s2 ||
		sqrt(bin->gyr_square / bin->n) > p->gyr_scatter_rad_s)
		return CALIB_NOW_MOVING;
	if (fabs(vec3_norm(mean_acc(bin)) / GRAVITY_M_S2 - 1.0) > p->norm_off)
		return CALIB_NOW_WRONG;
	return CALIB_NOW_SETTLING;
}

/* A quiet bin: go on with the row, or begin another. */
static void extend_stay(struct calib_collect *c, const struct calib_collect_param *p,
	const struct calib_sum *bin)
{
	if (c->quiet > 0 && !agrees(c, p, bin)) {
		end_stay(c);
		c->moving_bins++;
		c->now = CALIB_NOW_MOVING;
	}
	if (c->quiet >= 2) /* the first bin of a row is left out */
		merge(&c->stay, &c->last_bin);
	c->last_bin = *bin;
	c->quiet++;
	if (c->stay.n == 0)
		return;
	c->still_s = (double)(c->stay.to_us - c->stay.from_us) * 1e-6;
	if (c->still_s < p->window_s)
		return;
	write_window(c);
	c->now = c->open >= 0 ? CALIB_NOW_TAKEN : CALIB_NOW_FULL;
}

static void close_bin(
	struct calib_collect *c, const struct calib_collect_param *p, int64_t end_us)
{
	struct calib_sum bin = c->bin;
	struct vec3 acc, gyr;

	bin.to_us = end_us;
	if (bin.n > 0) { /* sums are about the first reading, for their digits */
		acc = mean_acc(&bin);
		gyr = mean_gyr(&bin);
		bin.acc_square = fmax(bin.acc_square - bin.n * vec3_dot(acc, acc), 0.0);
		bin.gyr_square = fmax(bin.gyr_square - bin.n * vec3_dot(gyr, gyr), 0.0);
		bin.acc = vec3_add(bin.acc, vec3_scale(c->first_acc, bin.n));
		bin.gyr = vec3_add(bin.gyr, vec3_scale(c->first_gyr, bin.n));
	}
	c->now = judge_bin(c, p, &bin);
	if (bin.n >= BIN_SAMPLES_MIN && c->count > 0 &&
		vec3_angle_rad(mean_acc(&bin), c->windows[c->count - 1].acc_m_s2) >
			p->away_deg * RAD_PER_DEG)
		c->away = true;
	if (c->now == CALIB_NOW_SETTLING) {
		extend_stay(c, p, &bin);
		return;
	}
	c->frozen_bins += c->now == CALIB_NOW_FROZEN;
	c->wrong_bins += c->now == CALIB_NOW_WRONG;
	c->moving_bins += c->now == CALIB_NOW_MOVING;
	end_stay(c);
}

static void open_bin(struct calib_collect *c, int64_t t_us, const struct imu_reading *r)
{
	memset(&c->bin, 0, sizeof c->bin);
	c->bin.from_us = t_us;
	c->first_acc = r->acc_m_s2;
	c->first_gyr = r->gyr_rad_s;
	c->same = true;
	c->started = true;
}

void calib_collect_step(struct calib_collect *c, const struct calib_collect_param *p,
	int64_t t_us, const struct imu_reading *r)
{
	struct vec3 acc, gyr;

	if (!r->present ||
		(c->started && (t_us - c->last_us > GAP_US || t_us <= c->last_us)))
		calib_collect_break(c);
	c->last_us = t_us;
	if (!r->present)
		return;
	if (c->started && t_us - c->bin.from_us >= CALIB_BIN_US) {
		close_bin(c, p, t_us);
		open_bin(c, t_us, r);
	} else if (!c->started) {
		open_bin(c, t_us, r);
	}
	acc = vec3_sub(r->acc_m_s2, c->first_acc);
	gyr = vec3_sub(r->gyr_rad_s, c->first_gyr);
	c->same = c->same && vec3_dot(acc, acc) == 0.0 && vec3_dot(gyr, gyr) == 0.0;
	c->bin.acc = vec3_add(c->bin.acc, acc);
	c->bin.gyr = vec3_add(c->bin.gyr, gyr);
	c->bin.acc_square += vec3_dot(acc, acc);
	c->bin.gyr_square += vec3_dot(gyr, gyr);
	if (isfinite(r->temp_c)) {
		c->bin.temp += r->temp_c;
		c->bin.temp_n++;
	}
	c->bin.n++;
}
