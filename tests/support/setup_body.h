/*
 * A body of two segments that is posed by hand for tests of the set-up; each sensor sits
 * on its segment by a random strap and sees only which way is up.
 */
#ifndef STRETCH_SUPPORT_SETUP_BODY_H
#define STRETCH_SUPPORT_SETUP_BODY_H

#include "stretch/setup.h"

#define BODY_RATE_HZ 50

struct body {
	struct settings settings;
	struct setup_plan plan;
	struct setup_state setup;
	struct still_state still;
	struct still_param param;
	struct quat strap[SITE_COUNT];
	double angle_deg[SITE_COUNT];
	double plane_deg; /* of the thigh */
	double shake_rad_s;
	bool bad;
	int64_t index;
};

void body_init(struct body *b, enum exercise_id exercise, int sensors, int raises);

/* What a sensor sees as up. */
struct vec3 body_sees(const struct body *b, int site);

/* One sample through the set-up, at 50 Hz. */
void body_step(struct body *b);
void body_keep(struct body *b, double seconds);

/* Thigh and pelvis from where they are to these angles. */
void body_pose(struct body *b, double seconds, double thigh_deg, double pelvis_deg);

/* Up and down, each so long, and a second of rest after each; the pelvis follows. */
void body_raise(struct body *b, double angle_deg, double seconds);
/* How far it follows. */
double body_curve(double thigh_deg);

/* What the straps and the zero make of a pose now. */
double body_measured(const struct body *b, int site, double angle_deg);

void body_assert_step(const struct body *b, enum setup_step step);

#endif
