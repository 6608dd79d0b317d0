/* Short, long, and in a hold; see press.h. */
#include "linux/press.h"

enum event_kind press_edge(struct press *press, const struct line_edge *edge, bool in_hold)
{
	bool was_down = press->down;

	press->down = edge->pressed;
	if (edge->pressed) {
		press->down_ns = edge->t_ns;
		press->told = in_hold;
		return in_hold ? EVENT_PRESS : EVENT_NONE;
	}
	if (!was_down || press->told)
		return EVENT_NONE;
	return edge->t_ns - press->down_ns >= PRESS_LONG_NS ? EVENT_REFERENCE
							     : EVENT_PRESS;
}
