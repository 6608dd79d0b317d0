/* The reminder to get up; see sitting.h. */
#include "stretch/sitting.h"

#include <math.h>

#define US_PER_MIN 60e6

void sitting_init(struct sitting *s, int64_t t_us)
{
	*s = (struct sitting){ .since_us = t_us, .moved_us = t_us, .cue_us = INT64_MIN };
}

bool sitting_step(struct sitting *s, double every_min, int64_t t_us, bool moved)
{
	double every_us = every_min * US_PER_MIN;

	if (moved)
		s->moved_us = t_us;
	if (s->cue_us != INT64_MIN) {
		if (t_us - s->cue_us < SITTING_CUE_US)
			return true;
		s->cue_us = INT64_MIN;
		s->since_us = t_us;
	}
	/* a comparison with NAN is false: never */
	if (!((double)(t_us - s->since_us) >= every_us) ||
		(double)(t_us - s->moved_us) > every_us)
		return false;
	s->cue_us = t_us;
	return true;
}
