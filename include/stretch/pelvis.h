/*
 * The pelvis check: quiet, doubtful or moving while a hold goes on.
 *
 * Measured (two sensors, lying): the pelvis follows a raised leg by a share that
 * grows with the angle, so it is compared with the person's own curve
 * theta_P = a + b theta_T + c theta_T^2 from calm raises. Inferred (thigh sensor
 * only): what a rolling pelvis would do to the leg; never "quiet".
 */
#ifndef STRETCH_PELVIS_H
#define STRETCH_PELVIS_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/setting.h"
#include "stretch/vec.h"

#define PELVIS_BIN_US 250000
#define PELVIS_BINS 64 /* 16 s */

enum pelvis_verdict {
	PELVIS_NONE,     /* not in a hold, or no data */
	PELVIS_QUIET,    /* measured only */
	PELVIS_NO_SIGN,  /* inferred only */
	PELVIS_DOUBTFUL,
	PELVIS_MOVING,
	PELVIS_VERDICT_COUNT
};

enum method { METHOD_NOT_MEASURED, METHOD_INFERRED, METHOD_MEASURED, METHOD_COUNT };

extern const char *const pelvis_verdict_names[PELVIS_VERDICT_COUNT];
extern const char *const method_names[METHOD_COUNT];

/* Baseline of one person and side. */
struct pelvis_curve {
	bool valid;
	double a, b, c;       /* degrees, per degree, per degree^2 */
	double top_deg;       /* highest thigh elevation it was learned from */
	double residual_deg;  /* root mean square of the fit */
};

#define CURVE_POINTS_MAX 32

/*
 * Least squares through n points (thigh elevation, pelvis tilt, weight), made
 * monotone from 0 to the top: where the parabola would turn down, a line is
 * taken. Returns 0, or -1 for fewer than three points or a span below 20 deg.
 */
int pelvis_curve_fit(const double *thigh_deg, const double *pelvis_deg,
	const double *weight, int n, struct pelvis_curve *curve);

double pelvis_curve_at(const struct pelvis_curve *curve, double thigh_deg);

struct pelvis_input {
	int64_t t_us;
	bool ok;                   /* data good in this sample */
	bool measured;             /* two sensors, lying: excess is judged */
	double thigh_deg, pelvis_deg; /* since the reference */
	double roll_deg;           /* out of plane */
	double tremor_rad_s;       /* root mean square; NAN below 30 Hz */
};

struct pelvis_state {
	bool in_hold;
	int64_t start_us;          /* of counting */
	double roll_start_deg;
	double start_deg;          /* pelvis tilt at the start, for leans */
	/* quarter-second means of the excess (measured) or the thigh (inferred) */
	double mean_deg[PELVIS_BINS];
	int32_t head, filled, total;
	double sum_deg;
	int32_t n;
	int64_t bin_start_us;
	int64_t tremor_since_us;   /* INT64_MIN: below the limit */
	double early_sum_deg;      /* seconds 2-7 of the hold */
	int32_t early_n;
	enum pelvis_verdict worst; /* of this hold, but for its last second */
	enum pelvis_verdict pending; /* not yet in worst */
	int64_t pending_us;        /* when it appeared */
};

void pelvis_init(struct pelvis_state *state);

/* A hold begins to count: windows start anew. */
void pelvis_begin(struct pelvis_state *state, const struct pelvis_input *input);

/* Verdict of this sample. It joins the worst of the hold a second later, so that
 * the leg coming down at the end is not taken for a fault of the hold. */
enum pelvis_verdict pelvis_step(struct pelvis_state *state,
	const struct pelvis_curve *curve, const struct settings *settings,
	const struct pelvis_input *input);

#endif
