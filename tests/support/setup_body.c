/* A body that is posed by hand; see setup_body.h. */
#include "setup_body.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/random.h"
#include "stretch/track.h"

#define SEED 7700

void body_init(struct body *b, enum exercise_id exercise, int sensors, int raises)
{
	static uint64_t stream;
	const struct alignment none[SITE_COUNT] = { { .valid = false } };
	struct random random;

	memset(b, 0, sizeof *b);
	random_seed(&random, SEED, stream++);
	settings_default(&b->settings);
	b->param = still_default();
	still_init(&b->still);
	b->plan = (struct setup_plan){ .exercise = exercise,
		.sites = sensors == 2 ? 3u : 1u, .raises = raises,
		.reference_from_us = -1, .reference_to_us = -1 };
	for (int site = 0; site < SITE_COUNT; site++)
		b->strap[site] = random_rotation(&random);
	setup_init(&b->setup, &b->plan, none);
}

struct vec3 body_sees(const struct body *b, int site)
{
	double a = b->angle_deg[site] * RAD_PER_DEG;
	double o = site == SITE_THIGH ? b->plane_deg * RAD_PER_DEG : 0.0;

	return quat_rotate(quat_conj(b->strap[site]),
		(struct vec3){ sin(a) * cos(o), cos(a) * cos(o), sin(o) });
}

void body_step(struct body *b)
{
	struct setup_input in = { .t_us = b->index * 1000000 / BODY_RATE_HZ,
		.ok = !b->bad, .still = &b->still };
	struct vec3 gyr[SITE_COUNT];

	for (int site = 0; site < SITE_COUNT; site++) {
		in.up[site] = body_sees(b, site);
		gyr[site] = (struct vec3){ b->shake_rad_s * (b->index % 2 ? 1.0 : -1.0),
			0.0, 0.0 };
	}
	still_step(&b->still, &b->param, in.t_us, b->plan.sites, in.up, gyr, in.ok);
	setup_step(&b->setup, &b->plan, &b->settings, &in);
	b->index++;
}

void body_keep(struct body *b, double seconds)
{
	for (int i = 0; i < (int)lround(seconds * BODY_RATE_HZ); i++)
		body_step(b);
}

void body_pose(struct body *b, double seconds, double thigh_deg, double pelvis_deg)
{
	double from[SITE_COUNT] = { b->angle_deg[0], b->angle_deg[1] };
	int n = (int)lround(seconds * BODY_RATE_HZ);

	for (int i = 1; i <= n; i++) {
		double part = track_ease((double)i / n);

		b->angle_deg[SITE_THIGH] = from[0] + part * (thigh_deg - from[0]);
		b->angle_deg[SITE_PELVIS] = from[1] + part * (pelvis_deg - from[1]);
		body_step(b);
	}
}

/* Pelvis of this body over a straight-leg raise. */
double body_curve(double thigh_deg)
{
	return 0.1 * thigh_deg + 0.0025 * thigh_deg * thigh_deg;
}

void body_raise(struct body *b, double angle_deg, double seconds)
{
	int n = (int)lround(seconds * BODY_RATE_HZ);

	for (int way = 0; way < 2; way++) {
		for (int i = 1; i <= n; i++) {
			double part = track_ease((double)i / n);

			b->angle_deg[SITE_THIGH] = angle_deg *
				(way == 0 ? part : 1.0 - part);
			b->angle_deg[SITE_PELVIS] = body_curve(b->angle_deg[SITE_THIGH]);
			body_step(b);
		}
		body_keep(b, 1.0);
	}
}

/* What the straps and the zero make of a pose now. */
double body_measured(const struct body *b, int site, double angle_deg)
{
	struct body posed = *b;

	posed.angle_deg[site] = angle_deg;
	return align_wrap_deg(align_angle(&b->setup.align[site], body_sees(&posed, site))
		.angle_deg - b->setup.reference_deg[site]);
}

void body_assert_step(const struct body *b, enum setup_step step)
{
	assert_int_equal(b->setup.step, step);
}
