/* Made sessions; see made_history.h. */
#include "made_history.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/folder.h"
#include "stretch/exercise.h"
#include "stretch/hold.h"

#define MISSING ((double)NAN)

static void put_file(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *out;

	assert(folder_join(path, sizeof path, folder, name) == 0);
	out = fopen(path, "w");
	assert(out);
	fputs(text, out);
	assert(fclose(out) == 0);
}

struct hold_row *made_hold(struct made_session *session, double angle_deg)
{
	struct hold_row *row = &session->hold[session->holds++];
	bool two = session->mode == MODE_THIGH_PELVIS;

	assert(session->holds <= MADE_HOLDS_MAX);
	memset(row, 0, sizeof *row);
	row->hold_index = session->holds;
	row->exercise = session->exercise;
	row->side = session->side;
	row->other_leg = session->other_leg;
	row->mode = session->mode;
	row->start_t_us = 60000000 + 50000000 * (int64_t)(session->holds - 1);
	row->prescribed_s = session->prescribed_s;
	row->hold_s = row->longest_s = session->prescribed_s + 1.5;
	row->angle_quantity = two ? QUANTITY_HIP_FLEXION : QUANTITY_THIGH_ELEVATION;
	row->angle_mean_deg = row->angle_median_deg = angle_deg;
	row->angle_peak_deg = angle_deg + 1.25;
	row->angle_sd_deg = 0.5;
	row->thigh_elevation_mean_deg = two ? angle_deg / 0.72 : angle_deg;
	row->hip_flexion_mean_deg = two ? angle_deg : 0.72 * angle_deg;
	row->hip_flexion_low_deg = row->hip_flexion_mean_deg - 4.0;
	row->hip_flexion_high_deg = row->hip_flexion_mean_deg + 4.0;
	row->hip_flexion_method = two ? METHOD_MEASURED : METHOD_INFERRED;
	row->entry_rate_peak_deg_s = 20.5;
	row->exit_rate_peak_deg_s = 22.5;
	row->creep_deg = row->creep_deg_per_30s = 1.0;
	row->sway_sd_deg = 0.75;
	row->tremor_rms_deg_s = 0.25;
	row->out_of_plane_max_deg = -3.5;
	row->pelvis_tilt_mean_deg = two ? angle_deg * 0.28 / 0.72 : MISSING;
	row->pelvis_tilt_peak_deg = two ? row->pelvis_tilt_mean_deg + 1.0 : MISSING;
	row->pelvis_share = two ? 0.28 : MISSING;
	row->pelvis_verdict = two ? PELVIS_QUIET : PELVIS_NO_SIGN;
	row->pelvis_method = two ? METHOD_MEASURED : METHOD_INFERRED;
	row->result = RESULT_DONE;
	row->reason = -1;
	row->stopped_by = 1;
	row->angle_method = METHOD_MEASURED;
	row->angle_confidence = CONFIDENCE_HIGH;
	row->angle_error_deg = 0.75;
	row->rest_drift_deg = 0.25;
	row->samples = (int32_t)(100.0 * row->hold_s);
	return row;
}

void made_session_init(struct made_session *session, int32_t day, int32_t side,
	double angle_deg)
{
	memset(session, 0, sizeof *session);
	session->wearer = "anna-1";
	session->number = 1;
	session->day = day;
	session->minute = 7 * 60 + 2;
	session->exercise = EX_LYING_TOWEL;
	session->side = side;
	session->reps = 1;
	session->prescribed_s = 30.0;
	session->slip_deg = 0.5;
	session->calibrated = true;
	session->pain_before = session->pain_after = -1;
	if (isfinite(angle_deg))
		made_hold(session, angle_deg);
}

void made_session_name(const struct made_session *session, char name[ROW_SESSION_MAX])
{
	char date[DAY_TEXT_MAX];

	day_print(session->day, date);
	snprintf(name, ROW_SESSION_MAX, "%06u-%s-%s-%s", session->number,
		date[0] != '\0' ? date : "undated", exercise_names[session->exercise],
		side_names[session->side]);
}

static void put_facts(const struct made_session *s, const char *name, const char *folder)
{
	char text[2048], date[DAY_TEXT_MAX];

	/* a clock that nobody set stands at the beginning of its time */
	day_print(s->day == DAY_NONE ? 0 : s->day, date);
	snprintf(text, sizeof text,
		"{ \"session\": \"%s\", \"wearer\": \"%s\", \"exercise\": \"%s\","
		" \"side\": \"%s\", \"other_leg\": \"%s\", \"mode\": \"%s\","
		" \"started_at\": \"%sT%02d:%02d:11.250+01:00\","
		" \"clock_source\": \"%s\", \"duration_s\": 200.5,"
		" \"sensor\": \"i2c\", \"calibrated\": %s, \"status\": \"closed\","
		" \"closing_check\": { \"slip_check\": \"done\", \"slip_deg\": %.2f,"
		" \"roll_deg\": 0.1 }, \"band_deg\": { \"low\": 55.0, \"high\": 85.0 },"
		" \"pain_told_late_of_hold\": %d,"
		" \"totals\": { \"reps_prescribed\": %d, \"prescribed_s\": %.1f },"
		" \"counters\": { \"gaps\": %d, \"absent_thigh\": 0, \"frozen\": 0,"
		" \"saturated\": 0, \"orientation_restarts\": 0 } }\n",
		name, s->wearer, exercise_names[s->exercise], side_names[s->side],
		other_leg_names[s->other_leg], session_mode_names[s->mode], date,
		(int)s->minute / 60, (int)s->minute % 60,
		s->day == DAY_NONE ? "none" : "ntp", s->calibrated ? "true" : "false",
		s->slip_deg, (int)s->late_pain, (int)s->reps, s->prescribed_s, (int)s->gaps);
	put_file(folder, "session.json", text);
}

static void put_holds(const struct made_session *s, const char *name, const char *folder)
{
	char path[PATH_MAX], text[ROW_TEXT_MAX];
	FILE *out;

	assert(folder_join(path, sizeof path, folder, "holds.csv") == 0);
	out = fopen(path, "w");
	assert(out);
	column_header(&hold_table, text, sizeof text);
	fputs(text, out);
	for (int32_t i = 0; i < s->holds; i++) {
		struct hold_row row = s->hold[i];

		snprintf(row.session, sizeof row.session, "%s", name);
		assert(column_row(&hold_table, &row, text, sizeof text) > 0);
		fputs(text, out);
	}
	assert(fclose(out) == 0);
}

void made_session_write(const struct made_session *session, const char *state_dir,
	char path[PATH_MAX])
{
	char name[ROW_SESSION_MAX], text[400];

	made_session_name(session, name);
	assert(snprintf(path, PATH_MAX, "%s/%s/sessions/%s", state_dir, session->wearer,
		name) < PATH_MAX);
	assert(folder_make(path) == 0);
	put_facts(session, name, path);
	put_holds(session, name, path);
	if (session->pain_before < 0)
		return;
	snprintf(text, sizeof text, "{ \"pain_before\": %d, \"pain_after\": %d,"
		" \"warm_up\": true, \"strapped_by\": \"self\"%s%s%s }\n",
		(int)session->pain_before, (int)session->pain_after,
		session->note ? ", \"note\": \"" : "", session->note ? session->note : "",
		session->note ? "\"" : "");
	put_file(path, "note.json", text);
}

/* A number that looks random and is the same each time. */
static double wobble(uint32_t n)
{
	n = n * 2654435761u;
	n ^= n >> 15;
	return (double)(n % 1001) / 500.0 - 1.0;
}

static void spoil(struct made_session *s, uint32_t n)
{
	struct hold_row *row = &s->hold[s->holds - 1];

	if (n % 7 == 3) {
		row->result = RESULT_SHORT;
		row->reason = n % 2 ? REASON_LEFT_BAND : REASON_LEG_DOWN;
		row->hold_s = row->longest_s = 17.5;
	}
	if (n % 61 == 11) {
		row->result = RESULT_STOPPED;
		row->reason = REASON_PAIN;
		row->hold_s = 12.0;
		row->flags = FLAG_BIT(FLAG_PAIN);
	}
	if (n % 11 == 5)
		row->pelvis_verdict = PELVIS_MOVING;
	if (n % 29 == 7)
		s->gaps = 2;
	if (n % 41 == 17)
		s->slip_deg = 4.25;
}

static uint32_t made_day(const struct made_plan *plan, int32_t day, uint32_t number,
	const char *state_dir)
{
	char path[PATH_MAX];
	struct made_session s;

	for (int32_t slot = 0; slot < plan->per_day; slot++) {
		if (!plan->spotless && wobble(977 * (uint32_t)day + (uint32_t)slot) > 0.6)
			continue;
		for (int32_t side = 0; side < (plan->one_side ? 1 : 2); side++) {
			double part = plan->days > 1
				? (double)(day - plan->first_day) / (plan->days - 1)
				: 0.0;
			double angle = 62.0 + 4.0 * side + plan->gain_deg * part +
				2.0 * wobble(number);

			made_session_init(&s, day, side, MISSING);
			s.wearer = plan->wearer;
			s.number = ++number;
			s.mode = plan->two_sensors ? MODE_THIGH_PELVIS : MODE_THIGH;
			s.minute = (slot == 0 ? 7 : 20) * 60 + 5 + 8 * side;
			s.reps = plan->holds;
			for (int32_t i = 0; i < plan->holds; i++)
				made_hold(&s, angle + 0.5 * i);
			if (number % 3 == 0) {
				s.pain_before = 3;
				s.pain_after = 2;
			}
			if (!plan->spotless)
				spoil(&s, number);
			if (!plan->spotless && number % 37 == 20)
				s.day = DAY_NONE;
			made_session_write(&s, state_dir, path);
		}
	}
	return number;
}

uint32_t made_history(const struct made_plan *plan, const char *state_dir)
{
	uint32_t number = 0;

	for (int32_t i = 0; i < plan->days; i++)
		number = made_day(plan, plan->first_day + i, number, state_dir);
	return number;
}
