/*
 * What persons noted, and what a reader must know before trusting the numbers, in plain
 * sentences.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "stretch/exercise.h"
#include "stretchctl/report_plan.h"
#include "stretchctl/report_sheet_parts.h"

#define NOTE_MAX 320
#define NOTES_MAX 24
#define NOTED_MAX 4     /* of persons */
#define PAIN_ROSE 2     /* on the scale of 0 to 10: worth a line without words */
#define LIST_GAP 2.0
#define LAST_DAYS 7     /* after that long without a session it is said */

struct notes {
	char text[NOTES_MAX][NOTE_MAX];
	size_t count;
};

static void add(struct notes *notes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct notes *notes, const char *format, ...)
{
	va_list arguments;

	if (notes->count == NOTES_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(notes->text[notes->count++], NOTE_MAX, format, arguments);
	va_end(arguments);
}

/* "1 session", "12 sessions" */
static const char *sessions(int32_t count)
{
	return count == 1 ? "session" : "sessions";
}

static const char *holds(int32_t count)
{
	return count == 1 ? "hold" : "holds";
}

static bool is_noted(const struct session_row *row)
{
	return row->note[0] != '\0' || (row->pain_before >= 0 &&
		row->pain_after >= row->pain_before + PAIN_ROSE);
}

static void add_noted(struct notes *notes, const struct history_session *session)
{
	const struct session_row *row = &session->facts.row;
	char when[40], before[12] = DASH, after[12] = DASH;
	bool pain = row->pain_before >= 0 || row->pain_after >= 0;

	sheet_day(session->day, when);
	if (when[0] == '\0')
		snprintf(when, sizeof when, "session %u (date not certain)",
			session->number);
	if (row->pain_before >= 0)
		snprintf(before, sizeof before, "%d", (int)row->pain_before);
	if (row->pain_after >= 0)
		snprintf(after, sizeof after, "%d", (int)row->pain_after);
	add(notes, "%s, %s %s:%s%s%s%s%s", when,
		row->exercise >= 0 ? exercise_names[row->exercise] : DASH,
		row->side >= 0 ? side_names[row->side] : "", pain ? " pain " : "",
		pain ? before : "", pain ? ARROW : "", pain ? after : "",
		pain && row->note[0] != '\0' ? ";" : "");
	if (row->note[0] != '\0') {
		char *text = notes->text[notes->count - 1];

		snprintf(text + strlen(text), NOTE_MAX - strlen(text), " \"%s\"",
			row->note);
	}
}

/* The newest notes of persons. */
static void add_all_noted(struct notes *notes, const struct report *r)
{
	int32_t more = 0;

	for (size_t i = r->history->count; i-- > 0;) {
		const struct history_session *session = &r->history->sessions[i];

		if (!is_noted(&session->facts.row))
			continue;
		if (notes->count < NOTED_MAX)
			add_noted(notes, session);
		else
			more++;
	}
	if (more > 0)
		add(notes, "%d more: see the column note of stretchctl export.",
			(int)more);
}

static void add_methods(struct notes *notes, const struct report *r)
{
	const struct report_trouble *t = &r->trouble;
	const struct report_series *s = r->series;
	char low[SHEET_NUMBER_MAX], high[SHEET_NUMBER_MAX];

	sheet_number(low, s->flexion_low_deg, 0, "");
	sheet_number(high, s->flexion_high_deg, 0, DEGREE);
	if (t->made_up > 0)
		add(notes,
			"From a simulated wearer or a recording, not from a worn sensor: "
			"%d %s.", (int)t->made_up, sessions(t->made_up));
	if (t->measured > 0)
		add(notes,
			"Measured with two sensors (%d %s): thigh, pelvis, hip flexion "
			"and the pelvis's share of the raise.", (int)t->measured,
			sessions(t->measured));
	if (t->inferred > 0 && r->series_count > 0 && s->mode == MODE_THIGH &&
		isfinite(s->flexion_low_deg))
		add(notes, "One sensor (%d %s): the thigh's elevation is measured; hip "
			"flexion is only inferred from a usual pelvic share (%s, %s: %s"
			DASH "%s), and the pelvis is not measured.",
			(int)t->inferred, sessions(t->inferred),
			exercise_names[s->exercise], side_names[s->side],
			low, high);
	else if (t->inferred > 0)
		add(notes, "One sensor (%d %s): the thigh's elevation is measured, hip "
			"flexion only inferred, and the pelvis not measured.",
			(int)t->inferred, sessions(t->inferred));
	if (t->timed > 0)
		add(notes, "Timed only, no angle was measured: %d %s.", (int)t->timed,
			sessions(t->timed));
}

static void add_quality(struct notes *notes, const struct report *r)
{
	const struct report_trouble *t = &r->trouble;
	int32_t fast = 0, bounced = 0;
	bool hands = false;

	for (size_t i = 0; i < r->series_count; i++) {
		fast += r->series[i].fast;
		bounced += r->series[i].bounced;
	}
	for (size_t i = 0; i < r->series_count; i++)
		hands = hands || r->series[i].several_hands;
	if (hands)
		add(notes, "Strapped by different people: a change must be 10" DEGREE
			" to be told apart, not 7" DEGREE ".");
	if (fast + bounced > 0)
		add(notes, "Way of moving: %d holds entered fast, %d with bouncing.",
			(int)fast, (int)bounced);
	if (t->uncalibrated > 0)
		add(notes, "%d %s with a sensor that was never calibrated: angles of low "
			"confidence.", (int)t->uncalibrated, sessions(t->uncalibrated));
	if (t->low_confidence > t->uncalibrated)
		add(notes, "%d %s with an angle of low confidence.",
			(int)t->low_confidence, sessions(t->low_confidence));
	if (t->slipped > 0)
		add(notes, "Strap: moved by %s in %d %s.", t->slip_limits ?
			"more than the settings let pass" : "3 to 6" DEGREE,
			(int)t->slipped, sessions(t->slipped));
	if (t->untrusted > 0)
		add(notes, "Strap: moved by more than %s in %d %s, whose angles are left "
			"out above.", t->slip_limits ? "the settings' limit of trust"
			: "6" DEGREE, (int)t->untrusted, sessions(t->untrusted));
	if (t->unchecked > 0)
		add(notes, "%d %s ended without the check whether the strap had moved.",
			(int)t->unchecked, sessions(t->unchecked));
}

static void add_sensor(struct notes *notes, const struct report *r)
{
	const struct report_trouble *t = &r->trouble;
	const struct {
		const char *name;
		int32_t count;
	} kinds[] = { { "gaps", t->gaps }, { "missing readings", t->absent },
		{ "frozen readings", t->frozen }, { "readings at full scale",
		t->saturated },
		{ "a restart", t->restarts } };
	char text[NOTE_MAX] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].count > 0)
			used += (size_t)snprintf(text + used, sizeof text - used,
				"%s%s in %d %s", used > 0 ? ", " : "", kinds[i].name,
				(int)kinds[i].count, sessions(kinds[i].count));
	if (used > 0)
		add(notes,
			"Sensor: %s. Such moments are not counted; %d %s ended by sensor "
			"trouble.", text, (int)t->holds_sensor, holds(t->holds_sensor));
	if (t->rows_lost > 0)
		add(notes, "Disk: rows were lost in %d %s, because it was full or slow.",
			(int)t->rows_lost, sessions(t->rows_lost));
	if (t->undated > 0)
		add(notes, "Date not certain in %d %s (the clock was not set): in the "
			"totals and in their order, on no day, not among those kept.", (int)t->undated,
			sessions(t->undated));
	if (t->damaged + t->recovered > 0)
		add(notes,
			"%d %s not readable in full, %d closed after a power cut.",
			(int)t->damaged, sessions(t->damaged), (int)t->recovered);
}

/* A period ends with its last session: who has given up would look faithful. */
static void add_silence(struct notes *notes, const struct report *r, int32_t made_day)
{
	char last[SHEET_DAY_MAX];

	if (made_day == DAY_NONE || r->days == 0 || r->until != DAY_NONE ||
		made_day - r->last_day <= LAST_DAYS)
		return;
	sheet_day(r->last_day, last);
	add(notes, "No session after %s: the %d days until this report was made are not "
		"in the period above (--until puts them there).", last,
		(int)(made_day - r->last_day));
}

/* What was done without being asked for: each exercise once, one leg by its name. */
static void other_names(const struct report *r, char *text, size_t size)
{
	uint32_t legs[EX_COUNT] = { 0 };
	size_t used = 0;

	for (size_t i = 0; i < r->history->count; i++) {
		const struct session_row *row = &r->history->sessions[i].facts.row;

		if (report_is_kept(row) && !report_is_asked(r, row) &&
			row->exercise >= 0 && row->side >= 0)
			legs[row->exercise] |= UINT32_C(1) << row->side;
	}
	text[0] = '\0';
	for (int i = 0; i < EX_COUNT && used < size; i++)
		if (legs[i] != 0)
			used += (size_t)snprintf(text + used, size - used, "%s%s%s",
				used > 0 ? ", " : "", exercise_names[i],
				legs[i] == 1 << SIDE_LEFT ? " left" :
				legs[i] == 1 << SIDE_RIGHT ? " right" : "");
}

static void add_others(struct notes *notes, const struct report *r)
{
	char names[160];

	if (r->others == 0)
		return;
	other_names(r, names, sizeof names);
	add(notes, "Not asked for: %d %s (%s). They are neither among those kept nor in "
		"the seconds of those asked for.", (int)r->others,
		sessions(r->others), names);
}

static void add_slots(struct notes *notes, const struct report *r)
{
	for (int32_t d = 0; d < r->days && r->days <= SHEET_BY_DAY; d++)
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			if (report_slot_kept(r, d, slot) == SLOT_PARTLY_KEPT) {
				add(notes, "A half square: of what is asked for at that "
					"time of day only a part was done.");
				return;
			}
}

/* What a reader must know of the comparison with what was asked for. */
static void add_asked(struct notes *notes, const struct report *r)
{
	char accepted[SHEET_DAY_MAX];

	if (r->planned > 0 && r->accepted_day != DAY_NONE &&
		r->first_day < r->accepted_day) {
		sheet_day(r->accepted_day, accepted);
		add(notes, "The prescription was accepted on %s; the days before are "
			"held against it, too.", accepted);
	}
	if (r->rest_days > 0)
		add(notes, "R: %d %s of rest, sore, as noted by a person; %s.",
			(int)r->rest_days, r->rest_days == 1 ? "day" : "days",
			report_rest_is_kept(r) ? "what was asked for then counts as kept"
			: r->planned > 0 ? "the prescription does not count it as kept"
			: "none was asked for");
}

static void add_person(struct notes *notes, const struct report *r)
{
	if (r->hurt > 0)
		add(notes, "Pain: the wearer said of %d %s that it hurt.",
			(int)r->hurt, holds(r->hurt));
	if (r->warm_up_noted > 0)
		add(notes,
			"Warmed up before %d of the %d %s in which it was noted.",
			(int)r->warm_up_yes, (int)r->warm_up_noted,
			sessions(r->warm_up_noted));
}

/* Of the exercises that were done, each once. */
static void add_blind(struct notes *notes, const struct report *r)
{
	bool told[EX_COUNT] = { false };
	int n = 0;

	for (size_t i = 0; i < r->series_count && n < 3; i++) {
		int32_t exercise = r->series[i].exercise;

		if (told[exercise])
			continue;
		told[exercise] = true;
		n++;
		add(notes, "Not seen by any sensor in %s: %s; nor which leg it is.",
			exercise_names[exercise], exercises[exercise].blind_spot);
	}
}

/* A headed list; returns the next base line. What does not fit is counted as cut. */
static double lay_out_list(struct page *page, const struct notes *notes, const char *name,
	double size, double y, double bottom)
{
	const struct page_style style = { size, false, INK_BLACK };

	if (notes->count == 0)
		return y;
	page_role(page, ROLE_HEAD);
	page_text(page, SHEET_LEFT, y + 8.0, PAGE_INNER, ALIGN_LEFT, sheet_head, "%s",
		name);
	y += 19.0;
	for (size_t i = 0; i < notes->count; i++) {
		page_role(page, ROLE_NONE);
		if (y <= bottom)
			page_text(page, SHEET_LEFT, y, 8.0, ALIGN_LEFT, style, DASH);
		page_role(page, ROLE_TEXT);
		y = page_paragraph(page, SHEET_LEFT + 9.0, y, PAGE_INNER - 9.0, bottom,
			style, notes->text[i]);
	}
	page_role(page, ROLE_NONE);
	return y + LIST_GAP;
}

/* Both lists; where they end. */
static double lay_out(struct page *page, const struct notes *noted,
	const struct notes *notes, double size, double y, double bottom)
{
	y = lay_out_list(page, noted, "Noted, the newest first", size, y, bottom);
	return lay_out_list(page, notes, "Measured, inferred, not seen", size, y, bottom);
}

double sheet_notes(struct page *page, const struct report *r, int32_t made_day, double y,
	double bottom)
{
	static const double sizes[] = { 7.6, 7.0, 6.4, 5.8 };
	struct notes noted = { .count = 0 }, notes = { .count = 0 };
	struct page trial;
	size_t i = 0;
	bool fits;

	add_all_noted(&noted, r);
	add_others(&notes, r);
	add_slots(&notes, r);
	add_asked(&notes, r);
	add_person(&notes, r);
	add_silence(&notes, r, made_day);
	add_methods(&notes, r);
	add_quality(&notes, r);
	add_sensor(&notes, r);
	add_blind(&notes, r);
	/* the largest letters that leave nothing out */
	do {
		page_init(&trial, page->measure, page->context);
		lay_out(&trial, &noted, &notes, sizes[i], y, bottom);
		fits = trial.clipped == 0;
		page_free(&trial);
	} while (!fits && ++i < sizeof sizes / sizeof sizes[0] - 1);
	return lay_out(page, &noted, &notes, sizes[i], y, bottom);
}
