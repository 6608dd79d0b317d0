/*
 * The whole step, for callgrind: `session_cost EXERCISE SENSORS STEPS` simulates a
 * session of one hold and puts the first STEPS of its samples through session_step.
 * Prints how many there are in all. Two runs with different STEPS differ by the steps
 * alone: session_cost.sh.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stretch/raw.h"
#include "stretch/session.h"
#include "stretch/wearer.h"

#define HOLD_S 10.0

int main(int argc, char **argv)
{
	static struct wearer_state wearer;
	static struct session_state session;
	static struct session_output out;
	struct session_inputs in;
	struct wearer_param param;
	struct sample sample;
	long steps, n = 0;
	enum exercise_id exercise = argc == 4 ? exercise_lookup(argv[1]) : EX_COUNT;

	if (exercise == EX_COUNT) {
		fprintf(stderr, "usage: session_cost EXERCISE SENSORS STEPS\n");
		return 2;
	}
	steps = strtol(argv[3], NULL, 10);
	param = wearer_default(exercise, SIDE_LEFT);
	param.sensors = strcmp(argv[2], "2") == 0 ? 2 : 1;
	param.prescribed_s = HOLD_S;
	param.hold_count = 1;
	memset(&in, 0, sizeof in);
	settings_default(&in.settings);
	in.settings.exercise = (int32_t)exercise;
	in.settings.hold_s = HOLD_S;
	in.settings.reps = 1;
	in.mode = param.sensors == 2 ? MODE_THIGH_PELVIS : MODE_THIGH;
	for (int site = 0; site < SITE_COUNT; site++)
		in.calib[site] = calib_none();
	in.reference_from_us = in.reference_to_us = -1;
	in.armed = true;
	if (wearer_init(&wearer, &param) != NULL || session_init(&session, &in) != NULL)
		return 1;
	while (wearer_step(&wearer, &param, &sample, NULL)) {
		(void)raw_round(&sample);
		if (n < steps)
			session_step(&session, &in, &sample, &out);
		n++;
	}
	if (n <= steps && session.hold.index != 1)
		return 1; /* not the session that was meant */
	printf("%ld\n", n);
	return 0;
}
