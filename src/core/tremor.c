/* The 4-12 Hz band of the gyroscope; see tremor.h. */
#include "stretch/tremor.h"

#include <string.h>

#define CENTRE_HZ 6.928203230275509 /* sqrt(4 * 12) */
#define DAMPING 1.1547005383792517  /* 1/Q = (12 - 4) / centre */
#define MEAN_S 1.0

void tremor_init(struct tremor_state *state)
{
	memset(state, 0, sizeof *state);
}

static double band_pass(struct tremor_state *s, int axis, double x)
{
	double g = s->gain;
	double high = (x - (g + DAMPING) * s->band[axis] - s->low[axis]) /
		(1.0 + DAMPING * g + g * g);
	double band = s->band[axis] + g * high;
	double low = s->low[axis] + g * band;

	s->band[axis] = band + g * high;
	s->low[axis] = low + g * band;
	return DAMPING * band; /* unit gain at the centre */
}

void tremor_step(struct tremor_state *s, double dt_s, struct vec3 gyr_rad_s)
{
	double x[3] = { gyr_rad_s.x, gyr_rad_s.y, gyr_rad_s.z };

	if (dt_s <= 0.0)
		return;
	if (dt_s > 1.0 / TREMOR_MIN_RATE_HZ) {
		tremor_init(s);
		return;
	}
	if (fabs(dt_s - s->dt_s) > 1e-6) {
		s->dt_s = dt_s;
		s->gain = tan(STRETCH_PI * CENTRE_HZ * dt_s);
	}
	s->now_square = 0.0;
	for (int axis = 0; axis < 3; axis++) {
		double y = band_pass(s, axis, x[axis]);

		s->now_square += y * y;
	}
	s->square += (1.0 - exp(-dt_s / MEAN_S)) * (s->now_square - s->square);
}
