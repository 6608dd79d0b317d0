/* How long this thigh has not followed the cue; see cue.h. */
#include "stretch/cue.h"

#include <string.h>

void cue_init(struct cue_state *s)
{
	memset(s, 0, sizeof *s);
}

bool cue_step(struct cue_state *s, bool asked, int64_t t_us, struct vec3 up,
	double limit_s)
{
	if (asked && (!s->asked ||
			vec3_angle_rad(s->up, up) * DEG_PER_RAD > CUE_MOVED_DEG)) {
		s->since_us = t_us;
		s->up = up;
	}
	s->asked = asked;
	return asked && (double)(t_us - s->since_us) > limit_s * 1e6;
}
