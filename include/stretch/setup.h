/*
 * What must be known before the first hold: how the straps sit, where zero is,
 * and (lying) what three calm raises say about band and pelvis.
 *
 * Steps, each from gravity alone: the alignment poses of the exercise, in their
 * order, each kept still; calm raises where they are needed; the reference pose.
 * What the session was given (alignment, band, curve) is not asked for again.
 */
#ifndef STRETCH_SETUP_H
#define STRETCH_SETUP_H

#include "stretch/raise.h"
#include "stretch/still.h"

#define CALM_RAISES 3
#define SETUP_OTHERS 2 /* the start pose, and the top of a raise from it */

enum setup_step { SETUP_POSES, SETUP_RAISES, SETUP_REFERENCE, SETUP_DONE };

struct setup_plan {
	enum exercise_id exercise;
	unsigned sites;         /* bit = enum site: sensors worn */
	int32_t raises;         /* calm raises wanted, 0..CALM_RAISES */
	bool have_alignment;    /* given: no poses are asked for */
	int64_t reference_from_us, reference_to_us; /* a fixed window; -1: by itself */
};

struct setup_state {
	enum setup_step step;
	enum align_result problem; /* why the last pair was refused */
	bool proved; /* by a hold that was done: the straps are not learned anew */
	int32_t poses;             /* of the list, so far */
	/* the newest rests, each unlike the one before, the newest last */
	int32_t rests;
	struct vec3 rest_up[ALIGN_POSES_MAX][SITE_COUNT];
	struct alignment align[SITE_COUNT];
	struct raise_track raises; /* from the start pose */
	struct raise_track other[SETUP_OTHERS]; /* from rests that may be the start pose */
	struct pelvis_curve curve;
	/* the reference pose */
	double reference_deg[SITE_COUNT];   /* absolute segment angles */
	double reference_plane_deg[SITE_COUNT];
	struct vec3 reference_up[SITE_COUNT]; /* segment frame */
	int64_t reference_us;
	struct vec3 window_sum[SITE_COUNT]; /* of a fixed window */
	int32_t window_n;
};

struct setup_input {
	int64_t t_us;
	bool ok;                         /* all worn sensors good */
	struct vec3 up[SITE_COUNT];      /* unit, sensor frame */
	const struct still_state *still;
};

void setup_init(struct setup_state *state, const struct setup_plan *plan,
	const struct alignment given[SITE_COUNT]);

/*
 * One sample; the step stands in state->step. In SETUP_DONE too, as long as nothing is
 * proved: another rest may show that an earlier one was no pose.
 */
void setup_step(struct setup_state *state, const struct setup_plan *plan,
	const struct settings *settings, const struct setup_input *input);

/* What the wearer does now, a phrase. */
const char *setup_advice(const struct setup_state *state, const struct setup_plan *plan);

/* The reference is to be taken again; alignment, band and curve are kept. */
void setup_again(struct setup_state *state);

/* All from the beginning but for what the session was given. */
void setup_restart(struct setup_state *state, const struct setup_plan *plan);

#endif
