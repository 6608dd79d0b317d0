/*
 * Repetitions: away from the start pose and back, as exercises that are counted
 * do. No verdict on how well; a movement that leaves what the exercise can be
 * (getting up, turning over) is not a repetition.
 */
#ifndef STRETCH_COUNT_H
#define STRETCH_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#define COUNT_BACK_PART 0.5    /* back below this part of the size: it has ended */
#define COUNT_GONE_DEG 110.0   /* beyond: no repetition any more */
#define COUNT_LONGEST_S 20.0   /* longer: neither */

enum count_event { COUNT_NOTHING, COUNT_BEGAN, COUNT_DONE, COUNT_GONE };

struct count_state {
	bool up;         /* between began and done */
	bool gone;       /* went too far: waits for the start pose */
	double peak_deg; /* of this repetition */
};

void count_init(struct count_state *state);

/*
 * One good sample of the signal (degrees since the start pose, + is the way of
 * the exercise, low-passed). size_deg: the least that is a repetition.
 */
enum count_event count_step(struct count_state *state, double size_deg,
	double signal_deg);

#endif
