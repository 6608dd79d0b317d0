/* The page as a whole, its head and its key figures; see report_sheet.h. */
#include "stretchctl/report_sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/exercise.h"
#include "stretch/fmt.h"
#include "stretchctl/report_sheet_parts.h"

#define FOOT_Y (PAGE_HEIGHT - PAGE_MARGIN)
#define BODY_END (FOOT_Y - 13.0)
#define GAP 9.0
#define FIGURES 4
#define ASKED_ITEMS 4

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	"Aug", "Sep", "Oct", "Nov", "Dec" };

void sheet_day(int32_t day, char text[SHEET_DAY_MAX])
{
	char iso[DAY_TEXT_MAX];
	int month, date;

	day_print(day, iso);
	text[0] = '\0';
	if (iso[0] == '\0')
		return;
	month = 10 * (iso[5] - '0') + iso[6] - '0';
	date = 10 * (iso[8] - '0') + iso[9] - '0';
	snprintf(text, SHEET_DAY_MAX, "%d %s %.4s", date, months[month - 1], iso);
}

void sheet_day_short(int32_t day, char text[SHEET_DAY_MAX])
{
	char *year;

	sheet_day(day, text);
	year = strrchr(text, ' ');
	if (year)
		*year = '\0';
}

void sheet_number(char text[SHEET_NUMBER_MAX], double value, int decimals,
	const char *unit)
{
	double shown = isfinite(value) ? fmt_round(value, decimals) : 0.0;

	if (isfinite(value))
		snprintf(text, SHEET_NUMBER_MAX, "%s%.*f%s", shown < 0.0 ? MINUS : "",
			decimals, fabs(shown), unit);
	else
		snprintf(text, SHEET_NUMBER_MAX, DASH);
}

static void period_text(const struct report *r, char *text, size_t size)
{
	char first[SHEET_DAY_MAX], last[SHEET_DAY_MAX];

	sheet_day(r->days > 0 ? r->first_day : r->since, first);
	sheet_day(r->days > 0 ? r->last_day : r->until, last);
	if (r->history->count > 0 && r->days == 0)
		snprintf(text, size, "no certain date");
	else if (r->days == 0)
		snprintf(text, size, "%s%s%s%s", first[0] != '\0' ? "since " : "", first,
			last[0] != '\0' ? "until " : "", last);
	else if (r->days == 1)
		snprintf(text, size, "%s", first);
	else
		snprintf(text, size, "%s " DASH " %s (%d days)", first, last,
			(int)r->days);
}

/* One line of what is asked for, item by item; what does not fit is counted. */
static void asked_text(const struct prescription *p, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "Asked for: ");

	for (int32_t i = 0; i < p->count; i++) {
		const struct prescription_item *item = &p->items[i];
		char dose[64] = "", often[32] = "", legs[16] = "";

		if (i == ASKED_ITEMS) {
			snprintf(text + used, size - used, "; and %d more",
				(int)(p->count - i));
			return;
		}
		if (item->reps > 0 && item->hold_s > 0.0)
			snprintf(dose, sizeof dose, " %d " TIMES " %.0f s",
				(int)item->reps, item->hold_s);
		if (item->per_day > 0 || item->per_week > 0)
			snprintf(often, sizeof often, ", %d a %s", item->per_day > 0
				? (int)item->per_day : (int)item->per_week,
				item->per_day > 0 ? "day" : "week");
		if (!prescription_both_legs((enum exercise_id)item->exercise) &&
			item->sides.count > 0)
			snprintf(legs, sizeof legs, ", %s", item->sides.count == 1
				? side_names[item->sides.at[0]] : "each leg");
		used += (size_t)snprintf(text + used, size - used, "%s%s%s%s%s",
			i > 0 ? "; " : "", exercise_names[item->exercise], dose, often,
			legs);
		if (used >= size)
			return;
	}
}

static double head(struct page *page, const struct report *r,
	const struct sheet_title *title)
{
	struct page_style big = { 15.0, true, INK_BLACK };
	char period[80], asked[PAGE_TEXT_MAX - 8], day[SHEET_DAY_MAX], name[80];
	double y = PAGE_MARGIN + 12.0;

	period_text(r, period, sizeof period);
	sheet_day(title->made_day, day);
	snprintf(name, sizeof name, "Hamstring stretching: %s", r->history->wearer);
	if (page->measure(page->context, name, big.size, big.bold) > PAGE_INNER)
		big.size = 12.5;
	page_role(page, ROLE_TITLE);
	page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, big, "%s", name);
	y += 14.0;
	page_role(page, ROLE_TEXT);
	page_text(page, SHEET_LEFT, y, 0.55 * PAGE_INNER, ALIGN_LEFT,
		(struct page_style){ 9.5, false, INK_BLACK }, "%s", period);
	page_text(page, SHEET_LEFT + 0.55 * PAGE_INNER, y, 0.45 * PAGE_INNER, ALIGN_RIGHT,
		sheet_small, "%zu %s%s%s%s%s", r->history->count,
		r->history->count == 1 ? "session" : "sessions",
		title->choice[0] != '\0' ? ", " : "", title->choice,
		day[0] != '\0' ? DOT "made on " : "", day);
	y += 11.0;
	if (r->prescription && r->prescription->count > 0)
		asked_text(r->prescription, asked, sizeof asked);
	else
		snprintf(asked, sizeof asked, "No prescription is known.");
	page_text(page, SHEET_LEFT, y, PAGE_INNER, ALIGN_LEFT, sheet_small, "%s", asked);
	page_role(page, ROLE_NONE);
	y += 4.0;
	page_line(page, SHEET_LEFT, y, SHEET_RIGHT, y, 0.8, INK_BLACK, false);
	return y;
}

struct figure {
	char name[40], value[40], more[96];
};

static void figure_sessions(const struct report *r, struct figure *f)
{
	snprintf(f->name, sizeof f->name, r->planned > 0 ? "Sessions kept" : "Sessions");
	if (r->planned > 0) {
		snprintf(f->value, sizeof f->value, "%d of %d", (int)r->kept,
			(int)r->planned);
		snprintf(f->more, sizeof f->more, "%.0f %%; all holds done in %d",
			100.0 * r->kept / r->planned, (int)r->complete);
		return;
	}
	snprintf(f->value, sizeof f->value, "%d", (int)r->sessions);
	snprintf(f->more, sizeof f->more, "all holds done in %d", (int)r->complete);
}

static void figure_days(const struct report *r, struct figure *f)
{
	snprintf(f->name, sizeof f->name, "Days with a session");
	if (r->days == 0) {
		snprintf(f->value, sizeof f->value, DASH);
		snprintf(f->more, sizeof f->more, "no certain date");
		return;
	}
	snprintf(f->value, sizeof f->value, "%d of %d", (int)r->days_with_data,
		(int)r->days);
	snprintf(f->more, sizeof f->more, "in the last 30 days: %d",
		(int)r->days_with_data_30);
}

/* Whose seconds they are. */
static const char *legs_text(const struct report *r)
{
	bool left = false, right = false;

	for (size_t i = 0; i < r->history->count; i++) {
		const struct session_row *row = &r->history->sessions[i].facts.row;

		left = left || (row->side == SIDE_LEFT && row->stretch_s > 0.0);
		right = right || (row->side == SIDE_RIGHT && row->stretch_s > 0.0);
	}
	return left && right ? "both legs together" : left ? "left leg only" :
		right ? "right leg only" : "nothing counted";
}

static void figure_stretch(const struct report *r, struct figure *f)
{
	double dose = isfinite(r->dose_day_s) ? r->dose_day_s :
		isfinite(r->dose_week_s) ? r->dose_week_s / 7.0 : (double)NAN;
	double dated_s = r->dated_stretch_s, each;

	if (isfinite(r->dose_day_s) && isfinite(r->dose_week_s))
		dose += r->dose_week_s / 7.0;
	if (!(dose > 0.0)) /* else like is held against like */
		dated_s += r->dated_other_s;
	each = r->days > 0 ? dated_s / r->days : (double)NAN;
	snprintf(f->name, sizeof f->name, "Under stretch");
	if (!isfinite(each)) {
		snprintf(f->value, sizeof f->value, "%.0f s", r->stretch_s);
		snprintf(f->more, sizeof f->more, "in all, %s", legs_text(r));
		return;
	}
	snprintf(f->value, sizeof f->value, "%.0f s a day", each);
	if (dose > 0.0)
		snprintf(f->more, sizeof f->more, "of %.0f asked for (%.0f %%)", dose,
			100.0 * each / dose);
	else
		snprintf(f->more, sizeof f->more, "%s; no dose given", legs_text(r));
}

static void figure_pain(const struct report *r, struct figure *f)
{
	snprintf(f->name, sizeof f->name, "Pain, 0 to 10");
	if (r->pain_noted == 0) {
		snprintf(f->value, sizeof f->value, "not noted");
		snprintf(f->more, sizeof f->more, "holds that hurt: %d",
			(int)r->hurt);
		return;
	}
	if (isfinite(r->pain_before) && isfinite(r->pain_after))
		snprintf(f->value, sizeof f->value, "%.3g" ARROW "%.3g", r->pain_before,
			r->pain_after);
	else
		snprintf(f->value, sizeof f->value, "%.3g", isfinite(r->pain_before)
			? r->pain_before : r->pain_after);
	snprintf(f->more, sizeof f->more, "%s, noted %d" TIMES "; %d hurt",
		!isfinite(r->pain_after) ? "before" : !isfinite(r->pain_before) ? "after"
		: "before" ARROW "after", (int)r->pain_noted, (int)r->hurt);
}

static double figures(struct page *page, const struct report *r, double y)
{
	const struct page_style big = { 13.0, true, INK_BLACK };
	double width = (PAGE_INNER - (FIGURES - 1) * 6.0) / FIGURES;
	struct figure f[FIGURES];

	memset(f, 0, sizeof f);
	figure_sessions(r, &f[0]);
	figure_days(r, &f[1]);
	figure_stretch(r, &f[2]);
	figure_pain(r, &f[3]);
	for (int i = 0; i < FIGURES; i++) {
		double x = SHEET_LEFT + i * (width + 6.0);

		page_box(page, x, y, width, 42.0, FILL_NONE, INK_MIDDLE);
		page_role(page, ROLE_TEXT);
		page_text(page, x + 5.0, y + 10.0, width - 10.0, ALIGN_LEFT, sheet_body,
			"%s", f[i].name);
		page_role(page, ROLE_MORE);
		page_text(page, x + 5.0, y + 25.0, width - 10.0, ALIGN_LEFT, big, "%s",
			f[i].value);
		page_text(page, x + 5.0, y + 36.0, width - 10.0, ALIGN_LEFT, sheet_small,
			"%s", f[i].more);
	}
	page_role(page, ROLE_NONE);
	return y + 42.0;
}

void sheet_foot(struct page *page, const char *right)
{
	page_role(page, ROLE_TEXT);
	page_line(page, SHEET_LEFT, FOOT_Y - 9.0, SHEET_RIGHT, FOOT_Y - 9.0, 0.4,
		INK_MIDDLE, false);
	page_text(page, SHEET_LEFT, FOOT_Y, 0.82 * PAGE_INNER, ALIGN_LEFT, sheet_small,
		"Angles and times as a worn sensor gives them. No diagnosis; nothing is "
		"said about muscle length or relief. Not a medical device.");
	page_text(page, SHEET_LEFT + 0.82 * PAGE_INNER, FOOT_Y, 0.18 * PAGE_INNER,
		ALIGN_RIGHT, sheet_small, "%s", right);
	page_role(page, ROLE_NONE);
}

/* All below the key figures, down to the foot; returns where it ends. */
static double body(struct page *page, const struct report *r,
	const struct sheet_title *title, double y, double room)
{
	y = sheet_days(page, r, y) + GAP;
	y = sheet_trends(page, r, y, room) + GAP;
	y = sheet_table(page, r, y) + GAP;
	y = sheet_results(page, r, y) + GAP;
	return sheet_notes(page, r, title->made_day, y, BODY_END);
}

void report_sheet(struct page *page, const struct report *r,
	const struct sheet_title *title)
{
	double y = head(page, r, title) + GAP, end;
	struct page trial;

	if (r->history->count > 0 || r->days > 0)
		y = figures(page, r, y) + GAP;
	if (r->history->count == 0) {
		page_role(page, ROLE_TEXT);
		page_text(page, SHEET_LEFT, y + 11.0, PAGE_INNER, ALIGN_LEFT,
			(struct page_style){ 11.0, false, INK_BLACK },
			"No sessions in this period.");
		page_role(page, ROLE_NONE);
		sheet_foot(page, title->program);
		return;
	}
	/* what is left over makes the curves higher */
	page_init(&trial, page->measure, page->context);
	end = body(&trial, r, title, y, 0.0);
	page_free(&trial);
	body(page, r, title, y, BODY_END - end);
	sheet_foot(page, title->program);
}
