/* What was done, kind by kind, and how the holds ended. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/exercise.h"
#include "stretch/fmt.h"
#include "stretchctl/report_sheet_parts.h"

#define ROWS_MAX 6
#define LINE 10.5
#define CELL_MAX SHEET_NUMBER_MAX

enum cell { EXERCISE, SIDE, OTHER_LEG, SENSORS, SESSIONS, HOLDS, SECONDS, TYPICAL, BEST,
	CHANGE, SWAY, PELVIS, CELLS };

static const struct {
	const char *title;
	double width;
	enum text_align align;
} cells[CELLS] = {
	[EXERCISE] = { "exercise", 74.0, ALIGN_LEFT },
	[SIDE] = { "side", 25.0, ALIGN_LEFT },
	[OTHER_LEG] = { "other leg", 37.0, ALIGN_LEFT },
	[SENSORS] = { "sensors", 50.0, ALIGN_LEFT },
	[SESSIONS] = { "sessions", 32.0, ALIGN_RIGHT },
	[HOLDS] = { "holds done", 50.0, ALIGN_RIGHT },
	[SECONDS] = { "time held", 54.0, ALIGN_RIGHT },
	[TYPICAL] = { "typical", 31.0, ALIGN_RIGHT },
	[BEST] = { "best", 31.0, ALIGN_RIGHT },
	[CHANGE] = { "change", 36.0, ALIGN_RIGHT },
	[SWAY] = { "sway", 24.0, ALIGN_RIGHT },
	[PELVIS] = { "pelvis share", 78.0, ALIGN_RIGHT },
};

/* In brackets what is too little to be called a change. */
static void change(char *text, const struct report_series *s)
{
	bool told = fabs(s->change_deg) > s->detectable_deg;
	char number[SHEET_NUMBER_MAX];

	sheet_number(number, s->change_deg, 1, DEGREE);
	if (!isfinite(s->change_deg))
		snprintf(text, CELL_MAX, DASH);
	else
		snprintf(text, CELL_MAX, "%s%s%.20s%s", told ? "" : "(",
			fmt_round(s->change_deg, 1) < 0.0 ? "" : "+", number,
			told ? "" : ")");
}

/* Share of the raise and what the check found; one sensor cannot see a pelvis. */
static void pelvis(char *text, const struct report_series *s)
{
	const int32_t *v = s->verdict;
	int32_t judged = v[PELVIS_QUIET] + v[PELVIS_NO_SIGN] + v[PELVIS_DOUBTFUL] +
		v[PELVIS_MOVING];

	if (judged == 0 || s->mode != MODE_THIGH_PELVIS)
		snprintf(text, CELL_MAX, "not measured");
	else if (isfinite(s->share))
		snprintf(text, CELL_MAX, "%.0f %%, moved %d/%d", 100.0 * s->share,
			(int)v[PELVIS_MOVING], (int)judged);
	else
		snprintf(text, CELL_MAX, "moved in %d of %d", (int)v[PELVIS_MOVING],
			(int)judged);
}

static void fill(char text[CELLS][CELL_MAX], const struct report_series *s)
{
	memset(text, 0, CELLS * CELL_MAX);
	snprintf(text[EXERCISE], CELL_MAX, "%s", exercise_names[s->exercise]);
	snprintf(text[SIDE], CELL_MAX, "%s", side_names[s->side]);
	snprintf(text[OTHER_LEG], CELL_MAX, "%s",
		s->other_leg >= 0 ? other_leg_names[s->other_leg] : DASH);
	snprintf(text[SENSORS], CELL_MAX, "%s",
		s->mode >= 0 ? session_mode_names[s->mode] : DASH);
	snprintf(text[SESSIONS], CELL_MAX, "%d", (int)s->sessions);
	snprintf(text[HOLDS], CELL_MAX, "%d of %d", (int)s->done, (int)s->attempts);
	if (s->prescribed_s > s->prescribed_low_s)
		snprintf(text[SECONDS], CELL_MAX, "%.1f of %.0f" DASH "%.0f s", s->hold_s,
			s->prescribed_low_s, s->prescribed_s);
	else if (s->prescribed_s > 0.0)
		snprintf(text[SECONDS], CELL_MAX, "%.1f of %.0f s", s->hold_s,
			s->prescribed_s);
	else
		sheet_number(text[SECONDS], s->hold_s, 1, " s");
	sheet_number(text[TYPICAL], s->typical_deg, 1, DEGREE);
	/* in the doorway the angle falls as the stretch grows */
	sheet_number(text[BEST], exercises[s->exercise].judging == JUDGE_DOORWAY
		? (double)NAN : s->best_deg, 1, DEGREE);
	change(text[CHANGE], s);
	sheet_number(text[SWAY], s->sway_deg, 1, DEGREE);
	pelvis(text[PELVIS], s);
}

static void row(struct page *page, double y, char text[CELLS][CELL_MAX],
	struct page_style style)
{
	double x = SHEET_LEFT;

	for (int i = 0; i < CELLS; i++) {
		page_text(page, x, y, cells[i].width - 2.0, cells[i].align, style, "%s",
			text[i]);
		x += cells[i].width;
	}
}

double sheet_table(struct page *page, const struct report *r, double y)
{
	char text[CELLS][CELL_MAX];
	size_t count = r->series_count < ROWS_MAX ? r->series_count : ROWS_MAX;

	page_text(page, SHEET_LEFT, y + 8.0, 0.3 * PAGE_INNER, ALIGN_LEFT, sheet_head,
		"What was done");
	page_text(page, SHEET_LEFT + 0.3 * PAGE_INNER, y + 8.0, 0.7 * PAGE_INNER,
		ALIGN_RIGHT, sheet_small,
		"medians of sessions or holds; in brackets: too little to be called a "
		"change");
	y += 18.0;
	for (int i = 0; i < CELLS; i++)
		snprintf(text[i], CELL_MAX, "%s", cells[i].title);
	row(page, y, text, sheet_small);
	page_line(page, SHEET_LEFT, y + 2.5, SHEET_RIGHT, y + 2.5, 0.4, INK_MIDDLE,
		false);
	for (size_t i = 0; i < count; i++) {
		y += LINE;
		fill(text, &r->series[i]);
		row(page, y, text, (struct page_style){ 7.8, false, INK_BLACK });
	}
	if (r->series_count + r->series_lost > count) {
		y += LINE;
		page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, sheet_small,
			"More kinds than fit here: see stretchctl export.");
	}
	return y + 3.0;
}

/* How reasons are told. */
static const char *const reasons[REASON_COUNT] = {
	[REASON_NEARLY] = "nearly there",
	[REASON_BELOW_BAND] = "below the band",
	[REASON_NOT_STILL] = "not still",
	[REASON_BOUNCE] = "bouncing",
	[REASON_LEFT_BAND] = "left the band",
	[REASON_DROPPED] = "dropped",
	[REASON_LEG_DOWN] = "leg lowered early",
	[REASON_PAST_CAP] = "past the upper limit",
	[REASON_TOO_LONG] = "held too long",
	[REASON_SENSOR] = "sensor trouble",
	[REASON_BUTTON] = "button",
	[REASON_PAIN] = "pain",
	[REASON_FATIGUE] = "fatigue",
	[REASON_OTHER] = "other",
	[REASON_END] = "recording ended",
};

/* The most frequent first; what does not fit is added up. */
static void reason_text(const struct report *r, char *text, size_t size)
{
	bool told[REASON_COUNT] = { false };
	int32_t others = 0;
	size_t used = 0;

	text[0] = '\0';
	for (int n = 0; n < 6; n++) {
		int best = -1;

		for (int i = 1; i < REASON_COUNT; i++)
			if (!told[i] && r->reason[i] > 0 &&
				(best < 0 || r->reason[i] > r->reason[best]))
				best = i;
		if (best < 0)
			return;
		told[best] = true;
		used += (size_t)snprintf(text + used, size - used, "%s%s %d",
			n > 0 ? ", " : "", reasons[best], (int)r->reason[best]);
		if (used >= size)
			return;
	}
	for (int i = 1; i < REASON_COUNT; i++)
		others += told[i] ? 0 : r->reason[i];
	if (others > 0)
		snprintf(text + used, size - used, ", others %d", (int)others);
}

const char *sheet_reason(int32_t reason)
{
	return reason > REASON_NONE && reason < REASON_COUNT && reasons[reason]
		? reasons[reason] : "";
}

static void bar(struct page *page, const struct report *r, double y, int32_t all)
{
	static const enum mark_fill fills[] = { FILL_SOLID, FILL_HATCH, FILL_SOLID,
		FILL_NONE };
	static const enum mark_ink inks[] = { INK_DARK, INK_DARK, INK_LIGHT, INK_MIDDLE };
	double x = SHEET_LEFT;

	for (int i = RESULT_DONE; i < RESULT_COUNT; i++) {
		double width = PAGE_INNER * r->result[i] / all;

		if (r->result[i] > 0)
			page_box(page, x, y, width, 7.0, fills[i - RESULT_DONE],
				inks[i - RESULT_DONE]);
		x += width;
	}
}

double sheet_results(struct page *page, const struct report *r, double y)
{
	char why[PAGE_TEXT_MAX - 40];
	int32_t all = 0;

	for (int i = RESULT_DONE; i < RESULT_COUNT; i++)
		all += r->result[i];
	page_role(page, ROLE_HEAD);
	page_text(page, SHEET_LEFT, y + 8.0, 90.0, ALIGN_LEFT, sheet_head,
		"How holds ended");
	page_role(page, ROLE_TEXT);
	if (all == 0) {
		page_text(page, SHEET_LEFT, y + 19.0, PAGE_INNER, ALIGN_LEFT, sheet_body,
			"No hold was begun.");
		page_role(page, ROLE_NONE);
		return y + 22.0;
	}
	page_text(page, SHEET_LEFT + 95.0, y + 8.0, PAGE_INNER - 95.0, ALIGN_RIGHT,
		sheet_body,
		"%d begun: %d done (dark), %d short (hatched), %d past the limit "
		"(grey), %d stopped (open)", (int)all, (int)r->result[RESULT_DONE],
		(int)r->result[RESULT_SHORT], (int)r->result[RESULT_OVER],
		(int)r->result[RESULT_STOPPED]);
	y += 12.0;
	bar(page, r, y, all);
	y += 7.0;
	reason_text(r, why, sizeof why);
	if (why[0] != '\0') {
		y += 10.0;
		page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, sheet_body,
			"Why not done: %s.", why);
	}
	page_role(page, ROLE_NONE);
	return y;
}
