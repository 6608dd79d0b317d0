/* A session's facts; see session_facts.h. */
#include "session_facts.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "folder.h"
#include "stretch/day.h"
#include "stretch/exercise.h"

#define DAY_S 86400.0
#define PAIN_MAX 10
#define REPS_MAX 1000

void session_facts_init(struct session_facts *facts)
{
	memset(facts, 0, sizeof *facts);
	session_row_init(&facts->row);
	facts->duration_s = facts->roll_deg = (double)NAN;
	facts->band_low_deg = facts->band_high_deg = (double)NAN;
	facts->calibrated = -1;
	facts->gaps = facts->absent = facts->frozen = -1;
	facts->saturated = facts->restarts = facts->rows_lost = -1;
}

/* A line of text; control characters become blanks, what is too long is cut
 * between characters of UTF-8. Room is left for the mark that an export sets before
 * a formula. */
static void take_text(char *to, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	size_t length = text ? strlen(text) : 0;

	if (!text)
		return;
	if (length > size - 2) {
		length = size - 2;
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	for (size_t i = 0; i < length; i++)
		to[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i];
	to[length] = '\0';
}

static double number_of(const json_t *object, const char *key, double low, double high)
{
	const json_t *value = json_object_get(object, key);
	double number = json_is_number(value) ? json_number_value(value) : (double)NAN;

	return number >= low && number <= high ? number : (double)NAN;
}

static double limit_of(const json_t *object, const char *key, double otherwise)
{
	double limit = number_of(object, key, 0.0, 180.0);

	return isfinite(limit) ? limit : otherwise;
}

static int32_t whole_of(const json_t *object, const char *key, int32_t high,
	int32_t missing)
{
	const json_t *value = json_object_get(object, key);
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;

	return number >= 0 && number <= high ? (int32_t)number : missing;
}

static int64_t counter_of(const json_t *object, const char *key)
{
	return whole_of(object, key, INT32_MAX, -1);
}

static int32_t yes_no_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_true(value) ? 1 : json_is_false(value) ? 0 : -1;
}

static int32_t name_of(const json_t *object, const char *key, const char *const *names,
	size_t count)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? name_lookup(names, count, text) : -1;
}

/* Date and time of day of an ISO moment; both "" when it is none. */
static bool split_time(const char *iso, char date[12], char time[12])
{
	struct moment moment;
	char text[MOMENT_TEXT_MAX];

	date[0] = time[0] = '\0';
	if (!moment_parse(iso, &moment))
		return false;
	moment_print(&moment, text);
	memcpy(date, text, 10);
	date[10] = '\0';
	memcpy(time, text + 11, 8);
	time[8] = '\0';
	return true;
}

/* A date goes into the row only when somebody vouches for it. */
static void take_time(struct session_facts *facts, const json_t *session)
{
	struct session_row *row = &facts->row;
	bool known = false;

	take_text(facts->started_at, sizeof facts->started_at, session, "started_at");
	take_text(row->clock_source, sizeof row->clock_source, session, "clock_source");
	for (int i = CLOCK_NONE + 1; i < CLOCK_SOURCES; i++)
		known = known || strcmp(row->clock_source, clock_source_names[i]) == 0;
	if (!known || !split_time(facts->started_at, row->date_local, row->time_local))
		snprintf(row->clock_source, sizeof row->clock_source, "none");
}

static void take_totals(struct session_facts *facts, const json_t *totals)
{
	struct session_row *row = &facts->row;
	double hold_s = number_of(totals, "prescribed_s", 0.0, DAY_S);

	row->reps_prescribed = whole_of(totals, "reps_prescribed", REPS_MAX, INT32_MIN);
	if (row->reps_prescribed >= 0)
		row->prescribed_s = hold_s * row->reps_prescribed;
}

static void take_counters(struct session_facts *facts, const json_t *counters)
{
	int64_t thigh = counter_of(counters, "absent_thigh");
	int64_t pelvis = counter_of(counters, "absent_pelvis");

	facts->gaps = counter_of(counters, "gaps");
	if (thigh >= 0 || pelvis >= 0)
		facts->absent = (thigh > 0 ? thigh : 0) + (pelvis > 0 ? pelvis : 0);
	facts->frozen = counter_of(counters, "frozen");
	facts->saturated = counter_of(counters, "saturated");
	facts->restarts = counter_of(counters, "orientation_restarts");
}

static void take_storage(struct session_facts *facts, const json_t *storage)
{
	int64_t judged = counter_of(storage, "judged_rows_lost");
	int64_t holds = counter_of(storage, "hold_rows_lost");

	if (judged >= 0 && holds >= 0)
		facts->rows_lost = judged + holds;
}

void session_facts_take(struct session_facts *facts, const json_t *session)
{
	struct session_row *row = &facts->row;
	const json_t *check = json_object_get(session, "closing_check");
	const json_t *band = json_object_get(session, "band_deg");
	const char *checked = json_string_value(json_object_get(check, "slip_check"));

	take_text(row->session, sizeof row->session, session, "session");
	take_text(row->run_id, sizeof row->run_id, session, "run_id");
	take_text(row->wearer, sizeof row->wearer, session, "wearer");
	take_text(row->status, sizeof row->status, session, "status");
	take_text(facts->sensor, sizeof facts->sensor, session, "sensor");
	take_time(facts, session);
	row->exercise = name_of(session, "exercise", exercise_names, EX_COUNT);
	row->side = name_of(session, "side", side_names, SIDE_COUNT);
	row->other_leg = name_of(session, "other_leg", other_leg_names, OTHER_COUNT);
	row->mode = name_of(session, "mode", session_mode_names, MODE_COUNT);
	row->slip_deg = number_of(check, "slip_deg", -180.0, 180.0);
	row->slip_flag_deg = limit_of(check, "flag_deg", SESSION_SLIP_FLAG_DEG);
	row->slip_untrusted_deg = limit_of(check, "untrusted_deg",
		SESSION_SLIP_UNTRUSTED_DEG);
	row->slip_check = checked ? strcmp(checked, "done") == 0 : -1;
	facts->roll_deg = number_of(check, "roll_deg", -180.0, 180.0);
	facts->duration_s = number_of(session, "duration_s", 0.0, DAY_S);
	facts->band_low_deg = number_of(band, "low", -180.0, 180.0);
	facts->band_high_deg = number_of(band, "high", -180.0, 180.0);
	facts->calibrated = yes_no_of(session, "calibrated");
	take_totals(facts, json_object_get(session, "totals"));
	take_counters(facts, json_object_get(session, "counters"));
	take_storage(facts, json_object_get(session, "storage"));
	facts->late_pain = whole_of(session, "pain_told_late_of_hold", INT32_MAX, 0);
}

void session_facts_take_note(struct session_facts *facts, const json_t *note)
{
	struct session_row *row = &facts->row;

	row->pain_before = whole_of(note, "pain_before", PAIN_MAX, INT32_MIN);
	row->pain_after = whole_of(note, "pain_after", PAIN_MAX, INT32_MIN);
	row->warm_up = yes_no_of(note, "warm_up");
	take_text(row->strapped_by, sizeof row->strapped_by, note, "strapped_by");
	take_text(row->note, sizeof row->note, note, "note");
}

bool session_facts_made_up(const struct session_facts *facts)
{
	return strncmp(facts->sensor, "simulate:", 9) == 0 ||
		strncmp(facts->sensor, "replay:", 7) == 0;
}

/* The object in folder/file; 0 with NULL when there is no such file. */
static int read_object(json_t **object, const char *folder, const char *file,
	struct problem *problem)
{
	char path[PATH_MAX];
	json_error_t wrong;
	FILE *in;
	int error = folder_join(path, sizeof path, folder, file);

	*object = NULL;
	if (error < 0)
		return problem_errno(problem, folder, "read", error);
	in = fopen(path, "re");
	if (!in)
		return errno == ENOENT ? 0 : problem_errno(problem, path, "read", -errno);
	*object = json_loadf(in, JSON_REJECT_DUPLICATES, &wrong);
	fclose(in);
	if (json_is_object(*object))
		return 0;
	problem_set(problem, "%s:%d: %s", path, *object ? 1 : wrong.line,
		*object ? "not a JSON object" : wrong.text);
	json_decref(*object);
	*object = NULL;
	return -EBADMSG;
}

int session_facts_read(struct session_facts *facts, const char *folder,
	struct problem *problem)
{
	json_t *session, *note;
	struct problem second;
	int first = read_object(&session, folder, "session.json", problem);
	int error = read_object(&note, folder, SESSION_NOTE_FILE, &second);

	session_facts_init(facts);
	if (!session && first == 0) {
		problem_set(problem, "%s: session.json is missing", folder);
		first = -EBADMSG;
	}
	session_facts_take(facts, session);
	session_facts_take_note(facts, note);
	json_decref(session);
	json_decref(note);
	if (first == 0 && error < 0)
		*problem = second;
	return first ? first : error;
}
