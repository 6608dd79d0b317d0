/*
 * A page for one session: the angle over time with its band, when seconds counted,
 * the pelvis where it was measured, and a row for each hold.
 */
#ifndef STRETCH_STRETCHCTL_REPORT_SESSION_H
#define STRETCH_STRETCHCTL_REPORT_SESSION_H

#include "linux/history.h"
#include "stretchctl/report_page.h"

/* What happened at a moment besides counting; as long as the lamp said so. */
enum trace_event {
	TRACE_NOTHING,
	TRACE_PAUSED,
	TRACE_FAST,
	TRACE_BOUNCE,
	TRACE_PAST_CAP,
	TRACE_LIFTED,   /* thigh of a seated hold */
	TRACE_PUSHED,   /* doorway */
	TRACE_ASIDE,
	TRACE_PELVIS,
	TRACE_NO_DATA,
	TRACE_EVENTS
};

struct judged_row;

enum trace_event report_trace_event(const struct judged_row *row);

/* What the page is drawn from; see report_trace_read. */
struct report_trace {
	size_t count, room;
	struct report_moment {
		float t_s, angle_deg, pelvis_deg; /* NAN: none */
		bool counting;
		uint8_t event; /* enum trace_event */
	} *moment;
};

/*
 * Reads samples.csv of a session folder. 0; a negative error with problem: the trace
 * holds what came before.
 */
int report_trace_read(struct report_trace *trace, const char *folder,
	struct problem *problem);
void report_trace_free(struct report_trace *trace);

/* Fills the page; program: name and version. Depends on its arguments alone. */
void report_session_page(struct page *page, const struct history *history,
	const struct history_session *session, const struct report_trace *trace,
	const char *program);

#endif
