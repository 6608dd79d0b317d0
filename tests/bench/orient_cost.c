/*
 * Runs the orientation filter over N samples of a made-up movement at RATE Hz and
 * prints its last direction; orient_cost.sh counts the instructions of two runs.
 *
 *   orient_cost [N [RATE [moving|rest]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stretch/orient.h"

#define TABLE 1000 /* samples that repeat: making them is not measured twice */

int main(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	double rate_hz = argc > 2 ? strtod(argv[2], NULL) : 100.0;
	bool rest = argc > 3 && strcmp(argv[3], "rest") == 0;
	struct orient_param param = orient_default();
	struct orient_state state;
	struct vec3 acc[TABLE], gyr[TABLE], up;

	for (int k = 0; k < TABLE; k++) {
		double a = 2.0 * STRETCH_PI * k / TABLE;
		double part = rest ? 0.0 : 1.0;

		gyr[k] = (struct vec3){ part * sin(3 * a), part * cos(5 * a), 0.01 };
		acc[k] = (struct vec3){ part * sin(2 * a), part * cos(a), 9.8 };
	}
	orient_init(&state);
	for (long k = 0; k < n; k++)
		orient_step(
			&state, &param, 1.0 / rate_hz, acc[k % TABLE], gyr[k % TABLE]);
	up = orient_up(&state);
	printf("# %ld samples at %g Hz: up %.6f %.6f %.6f, %u restarts\n", n, rate_hz,
		up.x, up.y, up.z, orient_restarts(&state));
	return 0;
}
