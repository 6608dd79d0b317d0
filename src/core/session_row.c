/* The columns of sessions.csv, and how a session's holds add up; see session_row.h. */
#include "stretch/session_row.h"

#include <math.h>
#include <string.h>

#include "stretch/exercise.h"
#include "stretch/hold.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MEANS_MAX 64 /* holds of one session that the median is taken of */

static const char *const slip_check_names[] = { "not_done", "done" };
static const char *const yes_no_names[] = { "no", "yes" };

#define AT(member) offsetof(struct session_row, member)
#define WORDS(type_, member, help_) \
	{ .name = #member, .type = (type_), .offset = AT(member), \
		.name_count = sizeof(((struct session_row *)0)->member), .unit = "", \
		.help = (help_) }
#define TEXT(member, help_) WORDS(COLUMN_TEXT, member, help_)
#define NUMBER(member, decimals_, unit_, help_) \
	{ .name = #member, .type = COLUMN_NUMBER, .decimals = (decimals_), \
		.offset = AT(member), .unit = (unit_), .help = (help_) }
#define WHOLE(member, help_) \
	{ .name = #member, .type = COLUMN_INT, .offset = AT(member), .unit = "", \
		.help = (help_) }
#define NAME(member, names_, help_) \
	{ .name = #member, .type = COLUMN_NAME, .offset = AT(member), \
		.names = (names_), .name_count = COUNT_OF(names_), .unit = "", \
		.help = (help_) }

static const struct column session_columns[] = {
	TEXT(session, "name of the session folder"),
	TEXT(run_id, "sessions of one programme have the same; empty: not part of one"),
	TEXT(wearer, "label of who stretched"),
	WORDS(COLUMN_DATE, date_local, "local date; empty: the date is not certain"),
	WORDS(COLUMN_CLOCK, time_local, "local time of the start; empty: not certain"),
	TEXT(clock_source, "who vouches for the date; none: nobody"),
	NAME(exercise, exercise_names, "exercise"),
	NAME(side, side_names, "side that the wearer named"),
	NAME(other_leg, other_leg_names, "the other leg, as the wearer said"),
	NAME(mode, session_mode_names, "sensors worn"),
	WHOLE(attempts, "holds that were begun"),
	WHOLE(reps_done, "holds that reached their time"),
	WHOLE(reps_prescribed, "holds asked for"),
	NUMBER(stretch_s, 2, "s", "seconds that counted, all holds"),
	NUMBER(prescribed_s, 1, "s", "seconds asked for: a hold's times the holds"),
	NAME(angle_quantity, angle_quantity_names, "what the angle columns are"),
	NUMBER(angle_best_deg, 2, "deg", "largest mean of a hold"),
	NUMBER(angle_typical_deg, 2, "deg", "median of the means of the holds"),
	NAME(angle_method, method_names, "how the angle came about"),
	WHOLE(pain_before, "0 to 10 as the wearer noted it; empty: not noted"),
	WHOLE(pain_after, "0 to 10 as the wearer noted it; empty: not noted"),
	NAME(warm_up, yes_no_names, "warmed up before; empty: not noted"),
	TEXT(strapped_by, "who put the sensors on; empty: not noted"),
	NUMBER(slip_deg, 2, "deg", "zero at the end against zero at the start"),
	NAME(slip_check, slip_check_names, "whether the closing check was done"),
	NAME(worst_confidence, confidence_names, "lowest of its holds"),
	TEXT(status, "open, closed, or recovered after a power cut"),
	TEXT(note, "free text; a leading = + - or @ has a ' before it"),
};

const struct column_table session_table = {
	.file = "sessions.csv",
	.help = "one row for each session: one exercise, one side, one strapping",
	.columns = session_columns,
	.count = COUNT_OF(session_columns),
};

void session_row_init(struct session_row *row)
{
	memset(row, 0, sizeof *row);
	row->exercise = row->side = row->other_leg = row->mode = -1;
	row->attempts = row->reps_done = row->reps_prescribed = INT32_MIN;
	row->stretch_s = row->prescribed_s = (double)NAN;
	row->angle_quantity = row->angle_method = -1;
	row->angle_best_deg = row->angle_typical_deg = (double)NAN;
	row->pain_before = row->pain_after = INT32_MIN;
	row->warm_up = row->slip_check = row->worst_confidence = -1;
	row->slip_deg = (double)NAN;
	row->slip_flag_deg = SESSION_SLIP_FLAG_DEG;
	row->slip_untrusted_deg = SESSION_SLIP_UNTRUSTED_DEG;
}

/* Into a sorted list, for the median. */
static size_t insert(double *means, size_t count, double mean)
{
	size_t at = count;

	if (count == MEANS_MAX)
		return count;
	while (at > 0 && means[at - 1] > mean) {
		means[at] = means[at - 1];
		at--;
	}
	means[at] = mean;
	return count + 1;
}

static void add_hold(struct session_row *row, const struct hold_row *hold)
{
	row->attempts++;
	row->reps_done += hold->result == RESULT_DONE;
	if (isfinite(hold->hold_s))
		row->stretch_s += hold->hold_s;
	if (hold->angle_quantity >= 0)
		row->angle_quantity = hold->angle_quantity;
	if (hold->angle_method >= 0)
		row->angle_method = hold->angle_method;
	/* an attempt that never counted, or is timed, has no angle to trust or not */
	if (hold->samples > 0 && hold->angle_confidence >= 0 &&
		hold->angle_method != METHOD_NOT_MEASURED &&
		(row->worst_confidence < 0 ||
			hold->angle_confidence < row->worst_confidence))
		row->worst_confidence = hold->angle_confidence;
}

bool session_row_strap_held(const struct session_row *row)
{
	return !(fabs(row->slip_deg) > row->slip_untrusted_deg);
}

void session_row_holds(struct session_row *row, const struct hold_row *holds,
	size_t count)
{
	double means[MEANS_MAX];
	size_t known = 0;

	row->attempts = row->reps_done = 0;
	row->stretch_s = 0.0;
	for (size_t i = 0; i < count; i++) {
		add_hold(row, &holds[i]);
		if (isfinite(holds[i].angle_mean_deg) && holds[i].hold_s > 0.0)
			known = insert(means, known, holds[i].angle_mean_deg);
	}
	if (known == 0)
		return;
	row->angle_best_deg = means[known - 1];
	row->angle_typical_deg = 0.5 * (means[(known - 1) / 2] + means[known / 2]);
}
