/* Lamps and button that may go and come back; see panel.h. */
#include "panel.h"

#include <errno.h>

#define LOOK_US 1000000

static int take(struct panel *panel, struct problem *problem)
{
	int error = lines_open(&panel->lines, panel->requests, panel->count,
		panel->consumer, problem);

	if (error != 0)
		panel->lines = NULL;
	else
		lamp_attach(&panel->lamps, panel->lines);
	return error;
}

int panel_open(struct panel *panel, const struct settings *settings,
	const char *consumer, struct problem *problem)
{
	int button;

	*panel = (struct panel){ .consumer = consumer, .look_us = INT64_MIN };
	panel->count = lamp_plan(settings, &panel->lamps, panel->requests, &button);
	return panel->count > 0 ? take(panel, problem) : 0;
}

static void let_go(struct panel *panel)
{
	lines_close(panel->lines);
	panel->lines = NULL;
	panel->lost = false;
	panel->losses++;
}

enum panel_news panel_show(
	struct panel *panel, const struct lamp *lamp, int64_t now_us)
{
	bool look = now_us >= panel->look_us;

	if (panel->count == 0)
		return PANEL_SAME;
	if (look)
		panel->look_us = now_us + LOOK_US;
	if (panel->lines != NULL) {
		if (lamp_show(&panel->lamps, lamp) == -ENODEV)
			panel->lost = true;
		if (!panel->lost && !(look && lines_gone(panel->lines)))
			return PANEL_SAME;
		let_go(panel);
		return PANEL_GONE;
	}
	if (!look || take(panel, NULL) != 0)
		return PANEL_SAME;
	(void)lamp_show(&panel->lamps, lamp);
	return PANEL_BACK;
}

bool panel_missing(const struct panel *panel)
{
	return panel->count > 0 && panel->lines == NULL;
}

int panel_button_fd(const struct panel *panel)
{
	return panel->lines != NULL ? lines_button_fd(panel->lines) : -1;
}

int panel_button_read(struct panel *panel, struct line_edge *edge)
{
	int got = panel->lines != NULL ? lines_button_read(panel->lines, edge) : -ENODEV;

	if (got == -ENODEV)
		panel->lost = true;
	return got;
}

void panel_close(struct panel *panel)
{
	if (panel->lines == NULL)
		return;
	(void)lamp_dark(&panel->lamps);
	lines_close(panel->lines);
	panel->lines = NULL;
}
