/* Prescription, run and steps of the daemon; see programme.h. */
#include "linux/programme.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "linux/config_mistakes.h"
#include "linux/inputs.h"
#include "linux/prescription_file.h"
#include "linux/source.h"

/* ---- the prescription ---- */

/* Settings that are wrong together for one step; the first one is told. */
struct conflict {
	char key[48], wrong[160], advice[160];
	bool found;
};

static void keep_conflict(void *context, const char *key, const char *wrong,
	const char *advice)
{
	struct conflict *c = context;

	if (c->found)
		return;
	c->found = true;
	snprintf(c->key, sizeof c->key, "%s", key);
	snprintf(c->wrong, sizeof c->wrong, "%s", wrong);
	snprintf(c->advice, sizeof c->advice, "%s", advice);
}

/* The settings of one step; 0, or -EINVAL with the reason. */
static int step_settings(const struct programme *p, const struct prescription *of,
	const struct prescription_step *step, struct settings *settings,
	struct problem *problem)
{
	const char *name = exercise_names[step->exercise];
	struct conflict conflict = { .found = false };

	*settings = *p->settings;
	if (!p->from_file)
		return 0; /* checked when the settings were read */
	if (prescription_apply(of, step, settings) != 0) {
		problem_set(problem, "%s: item %s: its dose does not fit the settings. "
			"see stretchctl prescription check", settings->prescription, name);
		return -EINVAL;
	}
	if (settings_conflicts(settings, keep_conflict, &conflict) == 0)
		return 0;
	problem_set(problem, "%s: item %s: %s: %s. %s", settings->prescription, name,
		conflict.key, conflict.wrong, conflict.advice);
	return -EINVAL;
}

/* Every step can be done with the settings as they are. */
static int check_steps(const struct programme *p, const struct prescription *of,
	FILE *err)
{
	static struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	int32_t count = prescription_expand(of, PRESCRIPTION_ANY_SLOT, steps);
	int result = 0;

	for (int32_t i = 0; i < count; i++) {
		struct settings settings;
		struct problem problem;

		if (step_settings(p, of, &steps[i], &settings, &problem) == 0)
			continue;
		fprintf(err, "%s\n", problem.text);
		result = -EBADMSG;
	}
	return result;
}

static int load_file(const struct programme *p, struct programme_text *into, FILE *err)
{
	static struct prescription_report report;
	int error = prescription_load(&into->prescription, p->settings->prescription,
		&report);

	config_print_mistakes(&report.mistakes, err);
	config_print_mistakes(&report.open, err);
	if (error == 0 && report.open.count > 0)
		error = -EBADMSG;
	if (error == 0)
		error = check_steps(p, &into->prescription, err);
	return error != 0 ? error : accepted_digest(&into->prescription, into->digest);
}

int programme_load(struct programme *p, const struct settings *settings, FILE *err)
{
	memset(p, 0, sizeof *p);
	p->settings = settings;
	p->from_file = settings->prescription[0] != '\0';
	if (p->from_file)
		return load_file(p, &p->now, err);
	prescription_from_settings(&p->now.prescription, settings);
	return accepted_digest(&p->now.prescription, p->now.digest);
}

int programme_reload(struct programme *p, FILE *err)
{
	static struct programme_text found;
	int error;

	if (!p->from_file) {
		fputs("reload: no prescription file is set: nothing to read again\n", err);
		return 0;
	}
	error = load_file(p, &found, err);
	if (error != 0) {
		fprintf(err, "%s: not taken: the prescription read before stays\n",
			p->settings->prescription);
		return error;
	}
	if (strcmp(found.digest, p->now.digest) == 0) {
		p->next_waits = false;
		fprintf(err, "%s: read again: unchanged\n", p->settings->prescription);
		return 0;
	}
	p->next = found;
	p->next_waits = p->reload_due = true;
	fprintf(err, "%s: read again: begins with the next run, once it is accepted "
		"(stretchctl accept)\n", p->settings->prescription);
	return 0;
}

void programme_event(struct programme *p, struct sample *sample)
{
	if (!p->reload_due || sample->event.kind != EVENT_NONE)
		return;
	p->reload_due = false;
	sample->event.kind = EVENT_RELOAD;
	snprintf(sample->event.word[0], EVENT_WORD_MAX, "%.*s", PROGRAMME_EVENT_DIGITS,
		p->next.digest);
}

/* ---- a run ---- */

static int32_t slot_now(const struct settings *settings, enum clock_source trust)
{
	int hour = clock_hour(trust);

	if (settings->slot >= SLOT_GIVEN)
		return settings->slot - SLOT_GIVEN;
	if (settings->slot == SLOT_EVERY || hour < 0)
		return PRESCRIPTION_ANY_SLOT;
	return (int32_t)prescription_slot(hour);
}

/* 1: accepted, or nobody needs to; 0 with what to do; or -errno. */
static int look_accepted(const struct programme *p, const struct prescription *of,
	struct accepted *accepted, struct problem *problem)
{
	const struct settings *set = p->settings;
	int state = accepted_look(set->state_dir, of, accepted, problem);

	if (state == ACCEPTED_YES || (!p->from_file && !source_live(set)))
		return 1;
	if (state < 0 && state != -EBADMSG)
		return state;
	problem_set(problem, "%s: not accepted (%s). read and accept it: stretchctl "
		"accept%s%s%s%s --state-dir=%s",
		p->from_file ? set->prescription : "the settings' exercise",
		accepted_advice[state < 0 ? ACCEPTED_NEVER : state],
		p->from_file ? " " : "", set->prescription,
		p->from_file || p->config == NULL ? "" : " --config=",
		p->from_file || p->config == NULL ? "" : p->config, set->state_dir);
	return 0;
}

/* The steps of the present time of day; 0 with why there are none. */
static int expand(const struct programme *p, const struct prescription *of,
	enum clock_source trust, int32_t *slot,
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX], struct problem *problem)
{
	int count;

	*slot = p->from_file ? slot_now(p->settings, trust) : PRESCRIPTION_ANY_SLOT;
	count = prescription_expand(of, *slot, steps);
	if (count == 0)
		problem_set(problem, "%s: nothing is prescribed for the %s. slot=any "
			"does every item", p->settings->prescription,
			*slot >= 0 ? slot_names[*slot] : "day");
	return count;
}

int programme_look(const struct programme *p, enum clock_source trust,
	struct problem *problem)
{
	const struct prescription *of = p->next_waits ? &p->next.prescription
		: &p->now.prescription;
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	struct accepted accepted;
	int32_t slot;
	int result = look_accepted(p, of, &accepted, problem);

	return result <= 0 ? result : expand(p, of, trust, &slot, steps, problem);
}

static int new_run_id(char id[PROGRAMME_RUN_ID_MAX])
{
	unsigned char bytes[(PROGRAMME_RUN_ID_MAX - 1) / 2];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return -EIO;
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

int programme_begin(struct programme *p, enum clock_source trust,
	struct problem *problem)
{
	int result;

	if (p->next_waits)
		p->now = p->next;
	p->next_waits = p->strapped = p->have_curve = false;
	p->count = p->at = 0;
	result = look_accepted(p, &p->now.prescription, &p->accepted, problem);
	if (result <= 0)
		return result;
	if (new_run_id(p->run_id) != 0) {
		problem_set(problem, "getrandom: no run_id can be drawn");
		return -EIO;
	}
	p->count = expand(p, &p->now.prescription, trust, &p->slot, p->steps, problem);
	return p->count;
}

const struct prescription_step *programme_step(const struct programme *p)
{
	return p->at < p->count ? &p->steps[p->at] : NULL;
}

int programme_inputs(const struct programme *p, struct session_inputs *in,
	struct problem *problem)
{
	const struct prescription_step *step = &p->steps[p->at];
	struct settings settings;
	int error = step_settings(p, &p->now.prescription, step, &settings, problem);

	if (error == 0)
		error = inputs_from_settings(in, &settings, problem);
	if (error != 0)
		return error;
	in->restrap = step->restrap;
	in->other_leg_next = p->at + 1 < p->count && step[1].restrap;
	in->continued = p->strapped;
	in->have_alignment = p->strapped;
	memcpy(in->align, p->align, sizeof in->align);
	if (p->strapped && p->have_curve) {
		in->have_curve = true;
		in->curve = p->curve;
	}
	return 0;
}

int programme_wait_inputs(const struct programme *p, struct session_inputs *in,
	struct problem *problem)
{
	int error = inputs_from_settings(in, p->settings, problem);

	/* any exercise that needs no dose: nothing is judged by it */
	in->settings.exercise = EX_LYING_TOWEL;
	in->armed = false;
	return error;
}

bool programme_ended(struct programme *p, const struct session_inputs *in,
	const struct session_state *state)
{
	const struct prescription_step *next;

	p->strapped = p->have_curve = false;
	if (p->at >= p->count)
		return false;
	if (state->idled && !source_simulated(p->settings))
		return true;
	p->at++;
	next = programme_step(p);
	if (next == NULL)
		return false;
	if (next->restrap || !state->setup.align[SITE_THIGH].valid ||
		(in->mode == MODE_THIGH_PELVIS && !state->setup.align[SITE_PELVIS].valid))
		return true;
	p->strapped = true;
	memcpy(p->align, state->setup.align, sizeof p->align);
	p->have_curve = state->setup.curve.valid &&
		next->other_leg == in->settings.other_leg;
	p->curve = state->setup.curve;
	return true;
}

/* ---- what is told of it ---- */

json_t *programme_json(const struct programme *p)
{
	const struct prescription *of = &p->now.prescription;
	char *text = prescription_text(of);
	bool accepted = strcmp(p->accepted.prescription, p->now.digest) == 0;
	json_t *json;

	if (text == NULL)
		return NULL;
	json = json_pack("{s:s,s:i,s:i,s:s,s:b,s:b,s:s,s:s,s:s*,s:s*}",
		"run_id", p->run_id,
		"step", (int)p->at + 1,
		"steps", (int)p->count,
		"slot", p->slot >= 0 ? slot_names[p->slot] : "any",
		"warm_up_asked", of->warm_up == 1,
		"sore_day_is_kept", of->sore_today == 1,
		"prescription_sha256", p->now.digest,
		"prescription", text,
		"accepted_by", accepted ? p->accepted.by : NULL,
		"accepted_on", accepted ? p->accepted.on : NULL);
	free(text);
	return json;
}

void programme_say(const struct programme *p, char *text, size_t size)
{
	const struct prescription_step *step = programme_step(p);

	if (step == NULL)
		snprintf(text, size, "programme done");
	else
		snprintf(text, size, "step %d of %d: %s, %s%s", (int)p->at + 1,
			(int)p->count, exercise_names[step->exercise],
			side_names[step->side],
			step->restrap ? " (move the sensor to that leg)" : "");
}
