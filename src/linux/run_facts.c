/* What a session's session.json says of it; see run_facts.h. */
#include "linux/run_facts.h"

#include <math.h>

/* run_id beside it: exports look for it in session.json. */
json_t *run_add_programme(const struct run *run, json_t *json)
{
	if (run->programme == NULL || json == NULL)
		return json;
	json_object_set(json, "run_id", json_object_get(run->programme, "run_id"));
	json_object_set(json, "programme", run->programme);
	return json;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* What was taken off the gyroscope since the first rest; null: nothing was. */
static json_t *zero_json(const struct session_state *s, int site)
{
	struct vec3 zero = s->sensor[site].zero.zero_rad_s;

	if (!(vec3_norm(zero) > 0.0))
		return json_null();
	return json_pack("[f,f,f]", zero.x, zero.y, zero.z);
}

/*
 * How well the straps are known: residual_deg is the angle between the two poses against
 * what a body makes of them (null: that hangs on the person), cone_deg the expected
 * error of the flexion axis, one sigma. null: no sensor there, or not learned.
 */
static json_t *alignment_json(const struct run *run, enum site site)
{
	const struct alignment *a = &run->state.setup.align[site];

	if (!a->valid)
		return json_null();
	return json_pack("{s:b,s:[s,s],s:o,s:o,s:o,s:b}",
		"given", run->inputs.have_alignment,
		"poses", pose_names[a->pair[0]], pose_names[a->pair[1]],
		"between_deg", number(a->between_deg),
		"residual_deg", number(a->between_deg -
			align_expected_deg(site, a->pair[0], a->pair[1])),
		"cone_deg", number(a->cone_deg),
		"weak", a->weak);
}

json_t *run_facts_json(const struct run *run, const char *status)
{
	const struct session_inputs *in = &run->inputs;
	const struct settings *set = &in->settings;
	const struct session_state *s = &run->state;
	json_t *counters = json_object(), *results = json_object();

	for (int i = 0; i < HEALTH_COUNT; i++)
		json_object_set_new(counters, health_names[i], json_integer(s->health[i]));
	for (int i = 1; i < RESULT_COUNT; i++)
		json_object_set_new(results, hold_result_names[i],
			json_integer(run->totals.results[i]));
	return run_add_programme(run, json_pack(
			 "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s*,s:s,s:s*,s:o*,s:f,s:s,s:s,s:b,"
			 "s:{s:o,s:o},s:{s:o,s:o},s:{s:s,s:o,s:o,s:f,s:f},"
			 "s:{s:o,s:o},s:{s:i,s:o,s:i,s:f,s:o},s:o,s:o}",
		"session", in->name,
		"status", status,
		"wearer", set->wearer,
		"exercise", exercise_names[set->exercise],
		"side", side_names[set->side],
		"other_leg", other_leg_names[set->other_leg],
		"mode", session_mode_names[in->mode],
		"started_at", run->started_at[0] != '\0' ? run->started_at : NULL,
		"clock_source", run->clock_source != NULL ? run->clock_source : "none",
		"boot_id", run->boot_id[0] != '\0' ? run->boot_id : NULL,
		"started_monotonic_s", run->boot_id[0] != '\0'
			? json_real((double)run->started_us * 1e-6) : NULL,
		"duration_s", (double)(run->totals.last_us - run->totals.first_us) * 1e-6,
		"sensor", set->sensor,
		"orientation", in->smoothed ? "smoothed" : "causal",
		"calibrated", in->calib[SITE_THIGH].parameters > 0,
		"alignment",
		site_names[SITE_THIGH], alignment_json(run, SITE_THIGH),
		site_names[SITE_PELVIS], alignment_json(run, SITE_PELVIS),
		"gyr_first_zero_rad_s",
		site_names[SITE_THIGH], zero_json(s, SITE_THIGH),
		site_names[SITE_PELVIS], zero_json(s, SITE_PELVIS),
		"closing_check",
		"slip_check", isfinite(s->slip_deg) ? "done" : "not_done",
		"slip_deg", number(s->slip_deg),
		"roll_deg", number(s->slip_roll_deg),
		"flag_deg", set->slip_flag_deg,
		"untrusted_deg", set->slip_untrusted_deg,
		"band_deg",
		"low", number(s->plan.band_low_deg),
		"high", number(s->plan.band_high_deg),
		"totals",
		"attempts", (int)run->totals.attempts,
		"results", results,
		"reps_prescribed", (int)s->plan.reps,
		"stretch_s", run->totals.stretch_s,
		"prescribed_s", number(s->plan.prescribed_s),
		"counters", counters,
		"pain_told_late_of_hold", s->hold.late_pain > 0
			? json_integer(s->hold.late_pain) : json_null()));
}
