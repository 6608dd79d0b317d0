/* A chip in a hand; see calib_chip.h. */
#include "calib_chip.h"

#include <string.h>

#define WAVES 2

struct hand chip_hand(void)
{
	return (struct hand){ .rate_hz = 104.0,
		.hold_s = 2.5,
		.turn_s = 1.0,
		.noise_m_s2 = 0.028,
		.gyr_noise_rad_s = 0.0006,
		.tremor_m_s2 = 0.15,
		.sway_m_s2 = 0.02,
		.tremor_deg = 0.1,
		.wander_deg = 0.6,
		.temp_c = (double)NAN };
}

struct hand chip_table(void)
{
	struct hand hand = chip_hand();

	hand.tremor_m_s2 = hand.sway_m_s2 = hand.tremor_deg = hand.wander_deg = 0.0;
	return hand;
}

static struct vec3 draw_box(struct random *random, double half)
{
	double x = random_between(random, -half, half);
	double y = random_between(random, -half, half);

	return (struct vec3){ x, y, random_between(random, -half, half) };
}

void chip_draw(
	struct chip *chip, uint64_t seed, double bias_mg, double scale, double cross)
{
	memset(chip, 0, sizeof *chip);
	random_seed(&chip->random, seed, 1);
	chip->gravity_m_s2 = GRAVITY_M_S2;
	chip->bias_m_s2 = draw_box(&chip->random, bias_mg * CHIP_MG);
	chip->gyr_bias_rad_s = draw_box(&chip->random, 20.0 * RAD_PER_DEG);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			chip->distort.m[i][j] = i == j
				? 1.0 + random_between(&chip->random, -scale, scale)
				: random_between(&chip->random, -cross, cross);
}

struct vec3 chip_reads(const struct chip *chip, struct vec3 acc)
{
	return vec3_add(mat3_apply(&chip->distort, acc), chip->bias_m_s2);
}

struct vec3 chip_near(struct random *random, struct vec3 up, double deg)
{
	struct vec3 axis = vec3_unit(vec3_cross(up, random_direction(random)));

	return vec3_unit(quat_rotate(
		quat_axis_angle(axis, random_between(random, 0.0, deg) * RAD_PER_DEG),
		up));
}

/* A sum of sines on each axis: amplitude 1 altogether. */
struct shaking {
	double hz[3][WAVES], phase[3][WAVES];
};

static void draw_shaking(
	struct random *random, struct shaking *s, double low, double high)
{
	for (int axis = 0; axis < 3; axis++)
		for (int i = 0; i < WAVES; i++) {
			s->hz[axis][i] = random_between(random, low, high);
			s->phase[axis][i] = random_between(random, 0.0, 2.0 * STRETCH_PI);
		}
}

static struct vec3 shake(const struct shaking *s, double t_s, bool slope)
{
	double value[3] = { 0, 0, 0 };

	for (int axis = 0; axis < 3; axis++)
		for (int i = 0; i < WAVES; i++) {
			double omega = 2.0 * STRETCH_PI * s->hz[axis][i];
			double angle = omega * t_s + s->phase[axis][i];

			value[axis] += (slope ? omega * cos(angle) : sin(angle)) / WAVES;
		}
	return (struct vec3){ value[0], value[1], value[2] };
}

static struct vec3 noise(struct random *random, double sd)
{
	double x = random_gauss(random), y = random_gauss(random);

	return (struct vec3){ sd * x, sd * y, sd * random_gauss(random) };
}

static void emit(struct chip_play *p, struct vec3 acc, struct vec3 gyr)
{
	struct chip *chip = p->chip;
	struct imu_reading reading = { .present = true, .temp_c = p->hand.temp_c };
	struct calib_collect_param param = calib_collect_default();

	reading.acc_m_s2 =
		vec3_add(chip_reads(chip, acc), noise(&chip->random, p->hand.noise_m_s2));
	reading.gyr_rad_s = vec3_add(vec3_add(gyr, chip->gyr_bias_rad_s),
		noise(&chip->random, p->hand.gyr_noise_rad_s));
	calib_collect_step(p->collect, &param, p->t_us, &reading);
	if (p->also != NULL)
		p->also(p->context, p->t_us, &reading);
	p->t_us += (int64_t)llround(1e6 / p->hand.rate_hz);
}

static void turn(struct chip_play *p, struct vec3 up)
{
	double angle = vec3_angle_rad(p->up, up);
	struct vec3 axis = vec3_unit(vec3_cross(p->up, up));
	int n = (int)(p->hand.turn_s * p->hand.rate_hz);

	if (vec3_norm(axis) < 0.5)
		axis = vec3_unit(vec3_cross(p->up, (struct vec3){ 0.36, 0.48, 0.8 }));
	for (int i = 0; i < n; i++) {
		double part = (double)i / n;
		double rate = angle * STRETCH_PI / 2.0 * sin(STRETCH_PI * part) /
			p->hand.turn_s;
		struct vec3 now =
			quat_rotate(quat_axis_angle(axis,
					    angle * (1.0 - cos(STRETCH_PI * part)) / 2.0),
				p->up);

		/* up turns by +axis in the sensor: the sensor turns by -axis */
		emit(p, vec3_scale(now, p->chip->gravity_m_s2), vec3_scale(axis, -rate));
	}
	p->up = up;
}

void chip_pose(struct chip_play *p, struct vec3 up, double push)
{
	struct shaking fast, slow, lean, sway;
	struct random *random = &p->chip->random;
	const struct hand *h = &p->hand;
	int n = (int)(h->hold_s * h->rate_hz);

	turn(p, vec3_unit(up));
	draw_shaking(random, &fast, 8.0, 10.0);
	draw_shaking(random, &slow, 8.0, 10.0);
	draw_shaking(random, &lean, 0.1, 0.4);
	draw_shaking(random, &sway, 0.3, 1.0);
	for (int i = 0; i < n; i++) {
		double t_s = i / h->rate_hz;
		struct vec3 angle = vec3_add(
			vec3_scale(shake(&fast, t_s, false), h->tremor_deg * RAD_PER_DEG),
			vec3_scale(
				shake(&lean, t_s, false), h->wander_deg * RAD_PER_DEG));
		struct vec3 rate = vec3_add(
			vec3_scale(shake(&fast, t_s, true), h->tremor_deg * RAD_PER_DEG),
			vec3_scale(shake(&lean, t_s, true), h->wander_deg * RAD_PER_DEG));
		struct vec3 leaned = vec3_unit(vec3_add(p->up, vec3_cross(angle, p->up)));
		struct vec3 acc = vec3_scale(leaned, p->chip->gravity_m_s2 + push);

		acc = vec3_add(acc, vec3_scale(shake(&slow, t_s, false), h->tremor_m_s2));
		acc = vec3_add(acc, vec3_scale(shake(&sway, t_s, false), h->sway_m_s2));
		emit(p, acc, vec3_scale(rate, -1.0));
	}
}

void chip_wave(struct chip_play *p, double seconds)
{
	int64_t end_us = p->t_us + (int64_t)llround(seconds * 1e6);

	while (p->t_us < end_us)
		turn(p, random_direction(&p->chip->random));
}

static struct mat3 inverse(const struct mat3 *a)
{
	struct vec3 row[3], column[3];
	struct mat3 out;
	double det;

	for (int i = 0; i < 3; i++)
		row[i] = (struct vec3){ a->m[i][0], a->m[i][1], a->m[i][2] };
	det = vec3_dot(row[0], vec3_cross(row[1], row[2]));
	for (int i = 0; i < 3; i++)
		column[i] = vec3_scale(
			vec3_cross(row[(i + 1) % 3], row[(i + 2) % 3]), 1.0 / det);
	for (int j = 0; j < 3; j++) {
		out.m[0][j] = column[j].x;
		out.m[1][j] = column[j].y;
		out.m[2][j] = column[j].z;
	}
	return out;
}

/* Gram-Schmidt on the columns of the inverse; the diagonal comes out positive. */
struct mat3 chip_truth(const struct chip *chip)
{
	struct mat3 a = inverse(&chip->distort), r = { { { 0 } } };
	struct vec3 unit[3];

	for (int j = 0; j < 3; j++) {
		struct vec3 v = { a.m[0][j], a.m[1][j], a.m[2][j] };

		for (int i = 0; i < j; i++) {
			r.m[i][j] = vec3_dot(unit[i], v);
			v = vec3_sub(v, vec3_scale(unit[i], r.m[i][j]));
		}
		r.m[j][j] = vec3_norm(v);
		unit[j] = vec3_scale(v, 1.0 / r.m[j][j]);
	}
	return r;
}
