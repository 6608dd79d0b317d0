/* Repetitions by two thresholds; see count.h. */
#include "stretch/count.h"

void count_init(struct count_state *s)
{
	*s = (struct count_state){ .up = false };
}

enum count_event count_step(struct count_state *s, double size_deg, double signal_deg)
{
	if (s->gone) {
		s->gone = !(signal_deg < COUNT_BACK_PART * size_deg &&
			signal_deg > -size_deg);
		return COUNT_NOTHING;
	}
	if (!s->up) {
		if (!(signal_deg >= size_deg) || signal_deg > COUNT_GONE_DEG)
			return COUNT_NOTHING;
		s->up = true;
		s->peak_deg = signal_deg;
		return COUNT_BEGAN;
	}
	if (signal_deg > s->peak_deg)
		s->peak_deg = signal_deg;
	if (signal_deg > COUNT_GONE_DEG) {
		s->up = false;
		s->gone = true;
		return COUNT_GONE;
	}
	if (signal_deg > COUNT_BACK_PART * size_deg)
		return COUNT_NOTHING;
	s->up = false;
	return COUNT_DONE;
}
