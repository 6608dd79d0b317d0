/* The curve of a session's page: angle, band, counted time, how its holds ended. */
#ifndef STRETCH_STRETCHCTL_REPORT_GRAPH_H
#define STRETCH_STRETCHCTL_REPORT_GRAPH_H

#include "stretchctl/report_session.h"

/* Draws it from y on; returns where the next may begin. */
double report_graph(struct page *page, const struct history *history,
	const struct history_session *session, const struct report_trace *trace,
	double y);

#endif
