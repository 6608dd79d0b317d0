/* FHIR Observations; see export_fhir.h. */
#include "export_fhir.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"
#include "folder.h"
#include "stretch/day.h"
#include "stretch/exercise.h"
#include "stretch/fmt.h"
#include "stretch/hold.h"
#include "stretch/pelvis.h"

#define CODES "urn:stretchd:measure"
#define WEARERS "urn:stretchd:wearer"
#define UCUM "http://unitsofmeasure.org"
#define TERMS "http://terminology.hl7.org/CodeSystem/"
#define ID_MAX 64 /* of FHIR */

static const struct {
	const char *code, *display;
} measures[QUANTITY_COUNT] = {
	[QUANTITY_NONE] = { "timed-hold", "Timed hold of a stretch, angle not measured" },
	[QUANTITY_THIGH_ELEVATION] = { "thigh-elevation",
		"Elevation of the thigh against lying flat, mean of a hold" },
	[QUANTITY_HIP_FLEXION] = { "hip-flexion",
		"Hip flexion, thigh minus pelvis, mean of a hold" },
	[QUANTITY_PELVIS_TILT_GAIN] = { "pelvis-tilt-gain",
		"Forward tilt of the pelvis since the start, mean of a hold" },
};

/* Self-assisted, so passive. */
static const char *const loinc_codes[SIDE_COUNT] = { "41320-3", "41332-8" };

static json_t *concept(const char *code, const char *display)
{
	return json_pack("{s:[{s:s, s:s, s:s}], s:s}", "coding", "system", CODES, "code",
		code, "display", display, "text", display);
}

static json_t *quantity(double value, int decimals, const char *unit)
{
	return json_pack("{s:f, s:s, s:s, s:s}", "value", fmt_round(value, decimals),
		"unit", unit, "system", UCUM, "code", unit);
}

/* A part of the observation; a value that is missing leaves it out. */
static void add_part(json_t *parts, const char *code, const char *display, double value,
	int decimals, const char *unit)
{
	if (isfinite(value))
		json_array_append_new(parts, json_pack("{s:o, s:o}", "code",
			concept(code, display), "valueQuantity",
			quantity(value, decimals, unit)));
}

static void add_word(json_t *parts, const char *code, const char *display,
	const char *const *names, int32_t index, int32_t count)
{
	if (index >= 0 && index < count && names[index])
		json_array_append_new(parts, json_pack("{s:o, s:s}", "code",
			concept(code, display), "valueString", names[index]));
}

static json_t *parts_of(const struct hold_row *hold, bool trusted)
{
	json_t *parts = json_array();

	add_part(parts, "hold-time", "Seconds that counted", hold->hold_s, 2, "s");
	add_part(parts, "prescribed-time", "Seconds asked for", hold->prescribed_s, 1,
		"s");
	if (trusted)
		add_part(parts, "angle-peak", "Highest angle of the hold",
			hold->angle_peak_deg, 2, "deg");
	if (trusted)
		add_part(parts, "angle-error", "Expected error of the angle, one sigma",
			hold->angle_error_deg, 2, "deg");
	if (trusted && isfinite(hold->pelvis_share))
		add_part(parts, "pelvis-share", "Pelvic share of the raise",
			100.0 * hold->pelvis_share, 1, "%");
	add_word(parts, "hold-result", "How the hold ended", hold_result_names,
		hold->result, RESULT_COUNT);
	add_word(parts, "hold-reason", "Why it was not done", hold_reason_names,
		hold->reason, REASON_COUNT);
	if (hold->pelvis_method == METHOD_MEASURED)
		add_word(parts, "pelvis-check", "Pelvis during the hold",
			pelvis_verdict_names, hold->pelvis_verdict, PELVIS_VERDICT_COUNT);
	return parts;
}

static bool is_measured(const struct hold_row *hold)
{
	return hold->angle_method == METHOD_MEASURED && isfinite(hold->angle_mean_deg) &&
		hold->angle_quantity > QUANTITY_NONE &&
		hold->angle_quantity < QUANTITY_COUNT;
}

static json_t *code_of(const struct hold_row *hold, bool trusted, bool loinc)
{
	int32_t kind = trusted ? hold->angle_quantity : QUANTITY_NONE;
	json_t *code = concept(measures[kind].code, measures[kind].display);

	if (loinc && kind == QUANTITY_HIP_FLEXION && hold->mode == MODE_THIGH_PELVIS &&
		hold->side >= 0 && hold->exercise >= 0 &&
		exercises[hold->exercise].judging == JUDGE_RAISE)
		json_array_append_new(json_object_get(code, "coding"), json_pack(
			"{s:s, s:s}", "system", "http://loinc.org", "code",
			loinc_codes[hold->side]));
	return code;
}

/* "anna-1-000012-1" with what FHIR allows in an id. */
static void make_id(char id[ID_MAX + 1], const struct history *history,
	const struct history_session *session, const struct hold_row *hold)
{
	snprintf(id, ID_MAX + 1, "%.32s-%06u-%d", history->wearer, session->number,
		(int)hold->hold_index);
	for (char *c = id; *c != '\0'; c++)
		if (*c == ' ' || *c == '_')
			*c = '-';
}

static void add_note(json_t *observation, const char *text)
{
	json_t *notes = json_object_get(observation, "note");

	if (!notes) {
		json_object_set_new(observation, "note", json_array());
		notes = json_object_get(observation, "note");
	}
	json_array_append_new(notes, json_pack("{s:s}", "text", text));
}

static void put_time(json_t *observation, const struct history_session *session,
	const struct hold_row *hold)
{
	struct moment moment;
	char text[MOMENT_TEXT_MAX];

	if (session->day == DAY_NONE ||
		!moment_parse(session->facts.started_at, &moment)) {
		add_note(observation, "The date is not certain: the clock was not set.");
		return;
	}
	if (hold->start_t_us > 0)
		moment.local_ms += hold->start_t_us / 1000;
	moment_print(&moment, text);
	json_object_set_new(observation, "effectiveDateTime", json_string(text));
}

/* An angle that was measured with a strap out of its place is none to be charted. */
static void put_value(json_t *observation, const struct session_row *row,
	const struct hold_row *hold, bool trusted)
{
	bool measured = is_measured(hold);
	char moved[80];

	snprintf(moved, sizeof moved, "the strap moved by more than %.3g degrees: its "
		"angle is not to be trusted", row->slip_untrusted_deg);
	if (trusted)
		json_object_set_new(observation, "valueQuantity",
			quantity(hold->angle_mean_deg, 2, "deg"));
	else
		json_object_set_new(observation, "dataAbsentReason", json_pack(
			"{s:[{s:s, s:s}], s:s}", "coding", "system",
			TERMS "data-absent-reason", "code",
			measured ? "error" : "not-performed", "text",
			measured ? moved : "the angle was not measured"));
}

static json_t *method_of(const struct hold_row *hold, bool trusted)
{
	const char *other = hold->other_leg >= 0 ? other_leg_names[hold->other_leg]
						 : NULL;
	const char *trust = hold->angle_confidence >= 0
		? confidence_names[hold->angle_confidence] : "none";

	return json_pack("{s:o}", "text", json_sprintf(
		"worn motion sensors; exercise %s, other leg %s; %s, confidence %s",
		hold->exercise >= 0 ? exercise_names[hold->exercise] : "not known",
		other ? other : "not said",
		trusted ? "angle measured" : is_measured(hold) ? "angle not trusted"
		: "angle not measured", trust));
}

static json_t *observation_of(const struct history *history,
	const struct history_session *session, const struct hold_row *hold, bool loinc)
{
	bool trusted = is_measured(hold) && session_row_strap_held(&session->facts.row);
	char id[ID_MAX + 1];
	json_t *o;

	make_id(id, history, session, hold);
	o = json_pack("{s:s, s:s, s:s, s:[{s:[{s:s, s:s}]}], s:o, s:{s:{s:s, s:s}}}",
		"resourceType", "Observation", "id", id,
		"status", hold->result == RESULT_DONE ? "final" : "preliminary",
		"category", "coding", "system", TERMS "observation-category", "code",
		"activity", "code", code_of(hold, trusted, loinc), "subject",
		"identifier", "system", WEARERS, "value", history->wearer);
	if (!o)
		return NULL;
	put_time(o, session, hold);
	put_value(o, &session->facts.row, hold, trusted);
	if (session_facts_made_up(&session->facts))
		add_note(o, "From a simulated wearer or a recording, not from a worn "
			"sensor.");
	if (hold->side >= 0)
		json_object_set_new(o, "bodySite", json_pack("{s:o}", "text",
			json_sprintf("%s leg, as the wearer said",
				side_names[hold->side])));
	json_object_set_new(o, "method", method_of(hold, trusted));
	json_object_set_new(o, "device", json_pack("{s:o}", "display", json_sprintf(
		"stretchd, sensors: %s",
		hold->mode >= 0 ? session_mode_names[hold->mode] : "not known")));
	json_object_set_new(o, "component", parts_of(hold, trusted));
	return o;
}

/* One line an Observation: a year of holds is never in memory at once. */
static int put_entries(FILE *out, const struct history *history, bool loinc)
{
	const char *before = ", \"entry\": [\n"; /* FHIR allows no empty array */
	bool any = false;

	for (size_t i = 0; i < history->count; i++) {
		const struct history_session *session = &history->sessions[i];

		for (size_t h = 0; h < session->holds; h++) {
			json_t *o = observation_of(history, session,
				&history->holds[session->first + h], loinc);
			int error = o ? 0 : -ENOMEM;

			fprintf(out, "%s{ \"resource\": ", before);
			if (o && json_dumpf(o, out, JSON_REAL_PRECISION(15)) < 0)
				error = -EIO;
			json_decref(o);
			if (error < 0)
				return error;
			fputs(" }", out);
			before = ",\n";
			any = true;
		}
	}
	fputs(any ? "\n]" : "", out);
	return 0;
}

static int put_bundle(const char *path, const struct history *history, bool loinc)
{
	FILE *out = fopen(path, "we");
	int error;

	if (!out)
		return -errno;
	fputs("{ \"resourceType\": \"Bundle\", \"type\": \"collection\"", out);
	error = put_entries(out, history, loinc);
	fputs(" }\n", out);
	errno = 0;
	if (error == 0 && (fflush(out) != 0 || ferror(out) || fsync(fileno(out)) < 0 ||
		fchmod(fileno(out), ATOMIC_FILE_MODE) < 0))
		error = errno ? -errno : -EIO;
	if (fclose(out) != 0 && error == 0)
		error = errno ? -errno : -EIO;
	return error;
}

int export_fhir_write(const struct history *history, bool loinc, const char *folder,
	struct problem *problem)
{
	char path[PATH_MAX], temp[PATH_MAX];
	int error = folder_join(path, sizeof path, folder, EXPORT_FHIR_FILE);

	if (error == 0)
		error = atomic_file_temp(path, temp, sizeof temp);
	if (error < 0)
		return problem_errno(problem, folder, "write", error);
	error = put_bundle(temp, history, loinc);
	if (error == 0 && rename(temp, path) < 0)
		error = -errno;
	if (error == 0)
		error = atomic_file_sync_folder(path);
	else
		unlink(temp);
	return error < 0 ? problem_errno(problem, path, "write", error) : 0;
}
