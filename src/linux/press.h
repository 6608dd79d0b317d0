/*
 * What a press of the button means. In a hold any press counts at once, when the
 * button goes down: the wearer wants to stop. Else a short one (EVENT_PRESS) or a long
 * one (EVENT_REFERENCE: take the reference again) is told when it comes up.
 */
#ifndef STRETCH_LINUX_PRESS_H
#define STRETCH_LINUX_PRESS_H

#include "linux/lines.h"
#include "stretch/sample.h"

#define PRESS_LONG_NS INT64_C(1000000000)

struct press {
	bool down, told; /* told: this press has had its event */
	int64_t down_ns;
};

/* What this edge is to the session; EVENT_NONE: nothing. */
enum event_kind press_edge(struct press *press, const struct line_edge *edge, bool in_hold);

#endif
