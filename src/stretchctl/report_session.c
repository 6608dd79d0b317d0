/* The page of a session; see report_session.h. */
#include "stretchctl/report_session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/day.h"
#include "stretch/exercise.h"
#include "stretch/hold.h"
#include "stretch/pelvis.h"
#include "stretchctl/report_graph.h"
#include "stretchctl/report_sheet_parts.h"

#define ROWS_MAX 22
#define CELL_MAX 48

enum cell { INDEX, RESULT, HELD, MEAN, PEAK, SWAY, CREEP, SHARE, PELVIS, TRUST, CELLS };

static const struct {
	const char *title;
	double width;
	enum text_align align;
} cells[CELLS] = {
	[INDEX] = { "hold", 24.0, ALIGN_RIGHT },
	[RESULT] = { "result", 121.0, ALIGN_LEFT },
	[HELD] = { "time held", 61.0, ALIGN_RIGHT },
	[MEAN] = { "mean", 36.0, ALIGN_RIGHT },
	[PEAK] = { "highest", 36.0, ALIGN_RIGHT },
	[SWAY] = { "sway", 28.0, ALIGN_RIGHT },
	[CREEP] = { "drift in 30 s", 50.0, ALIGN_RIGHT },
	[SHARE] = { "pelvis share", 52.0, ALIGN_RIGHT },
	[PELVIS] = { "pelvis", 63.0, ALIGN_RIGHT },
	[TRUST] = { "confidence", 52.0, ALIGN_RIGHT },
};

static const char *name_of(const char *const *names, int32_t index, int32_t count)
{
	return index >= 0 && index < count && names[index] ? names[index] : DASH;
}

static void fill(char text[CELLS][CELL_MAX], const struct hold_row *hold)
{
	snprintf(text[INDEX], CELL_MAX, "%d", (int)hold->hold_index);
	snprintf(text[RESULT], CELL_MAX, "%s%s%s",
		name_of(hold_result_names, hold->result, RESULT_COUNT),
		hold->reason > REASON_NONE ? ": " : "", sheet_reason(hold->reason));
	if (isfinite(hold->prescribed_s))
		snprintf(text[HELD], CELL_MAX, "%.1f of %.0f s", hold->hold_s,
			hold->prescribed_s);
	else
		sheet_number(text[HELD], hold->hold_s, 1, " s");
	sheet_number(text[MEAN], hold->angle_mean_deg, 1, DEGREE);
	sheet_number(text[PEAK], hold->angle_peak_deg, 1, DEGREE);
	sheet_number(text[SWAY], hold->sway_sd_deg, 1, DEGREE);
	sheet_number(text[CREEP], hold->creep_deg_per_30s, 1, DEGREE);
	sheet_number(text[SHARE], 100.0 * hold->pelvis_share, 1, " %");
	snprintf(text[PELVIS], CELL_MAX, "%s", hold->pelvis_method == METHOD_MEASURED
		? name_of(pelvis_verdict_names, hold->pelvis_verdict,
		PELVIS_VERDICT_COUNT)
		: "not measured");
	snprintf(text[TRUST], CELL_MAX, "%s", hold->angle_quantity == QUANTITY_NONE
		? DASH : name_of(confidence_names, hold->angle_confidence,
		CONFIDENCE_COUNT));
}

static void put_row(struct page *page, double y, char text[CELLS][CELL_MAX],
	struct page_style style, bool told)
{
	double x = SHEET_LEFT;

	for (int i = 0; i < CELLS; i++) {
		double gap = i == RESULT ? 8.0 : 0.0;

		/* which hold, how it ended, how long: the rest is for wide screens */
		page_role(page, !told || i > MEAN ? ROLE_NONE
			: i == INDEX ? ROLE_TEXT : ROLE_MORE);
		page_text(page, x + gap, y, cells[i].width - gap - 3.0, cells[i].align,
			style, "%s", text[i]);
		x += cells[i].width;
	}
}

static void draw_table(struct page *page, const struct hold_row *holds, size_t count,
	double y)
{
	char text[CELLS][CELL_MAX];

	/* with two sensors it is not the angle of the line above */
	if (count > 0) {
		bool none = holds[0].angle_quantity == QUANTITY_NONE;

		page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, sheet_small,
			"%s%s.", none ? "No angle is claimed here, only times: the line "
			"shows what the thigh did" : "Mean and highest below: ",
			none ? "" : sheet_quantity(holds[0].angle_quantity));
		y += 14.0;
	}
	for (int i = 0; i < CELLS; i++)
		snprintf(text[i], CELL_MAX, "%s", cells[i].title);
	put_row(page, y, text, sheet_small, false);
	page_line(page, SHEET_LEFT, y + 3.0, SHEET_RIGHT, y + 3.0, 0.4, INK_MIDDLE,
		false);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		y += 12.0;
		fill(text, &holds[i]);
		put_row(page, y, text, sheet_body, true);
	}
	page_role(page, ROLE_NONE);
	if (count > ROWS_MAX)
		page_text(page, SHEET_LEFT, y + 12.0, PAGE_INNER, ALIGN_LEFT, sheet_small,
			"%zu more: see holds.csv", count - ROWS_MAX);
}

/* What a person wrote of it. */
static double draw_note(struct page *page, const struct session_row *row, double y)
{
	char text[SESSION_ROW_NOTE + 16];

	if (row->note[0] == '\0')
		return y;
	snprintf(text, sizeof text, "Noted: \"%s\"", row->note);
	return page_paragraph(page, SHEET_LEFT, y, PAGE_INNER, y + 22.0, sheet_body,
		text);
}

static double draw_facts(struct page *page, const struct history_session *session,
	double y)
{
	const struct session_row *row = &session->facts.row;
	char day[SHEET_DAY_MAX], slip[CELL_MAX], pain[60] = "", before[12] = DASH,
		after[12] = DASH;

	sheet_day(session->day, day);
	sheet_number(slip, row->slip_deg, 1, DEGREE);
	if (row->pain_before >= 0)
		snprintf(before, sizeof before, "%d", (int)row->pain_before);
	if (row->pain_after >= 0)
		snprintf(after, sizeof after, "%d", (int)row->pain_after);
	if (row->pain_before >= 0 || row->pain_after >= 0)
		snprintf(pain, sizeof pain, DOT "pain before %s, after %s", before,
			after);
	page_role(page, ROLE_TITLE);
	page_text(page, SHEET_LEFT, y + 12.0, 0.62 * PAGE_INNER, ALIGN_LEFT,
		(struct page_style){ 13.0, true, INK_BLACK }, "%s, %s",
		row->exercise >= 0 ? exercise_names[row->exercise] : "exercise not known",
		row->side >= 0 ? side_names[row->side] : "side not known");
	page_role(page, ROLE_TEXT);
	page_text(page, SHEET_LEFT + 0.62 * PAGE_INNER, y + 12.0, 0.38 * PAGE_INNER,
		ALIGN_RIGHT, (struct page_style){ 9.5, false, INK_BLACK }, "%s%s%.5s",
		day[0] != '\0' ? day : "date not certain", day[0] != '\0' ? " " : "",
		day[0] != '\0' ? row->time_local : "");
	page_text(page, SHEET_LEFT, y + 24.0, PAGE_INNER, ALIGN_LEFT, sheet_small,
		"session %u of %s" DOT "other leg %s" DOT "sensors %s" DOT
		"strap moved by %s" DOT "%.0f s counted%s", session->number, row->wearer,
		name_of(other_leg_names, row->other_leg, OTHER_COUNT),
		name_of(session_mode_names, row->mode, MODE_COUNT), slip, row->stretch_s,
		pain);
	page_line(page, SHEET_LEFT, y + 28.0, SHEET_RIGHT, y + 28.0, 0.8, INK_BLACK,
		false);
	y = draw_note(page, row, y + 40.0);
	page_role(page, ROLE_NONE);
	return y;
}

void report_session_page(struct page *page, const struct history *history,
	const struct history_session *session, const struct report_trace *trace,
	const char *program)
{
	double y = draw_facts(page, session, PAGE_MARGIN);

	y = report_graph(page, history, session, trace, y) + 10.0;
	draw_table(page, history_holds(history, session), session->holds, y);
	sheet_foot(page, program);
}
