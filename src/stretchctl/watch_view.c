/* From the daemon's JSON to what is shown; see watch_view.h. */
#include "stretchctl/watch_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stretch/fmt.h"

static double number_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int count_of(const json_t *object, const char *key)
{
	double value = number_of(object, key);

	return value > 0.0 && value < 1e6 ? (int)value : 0;
}

/* Printable ASCII only: it goes to a terminal. */
static void text_of(const json_t *object, const char *key, char *text, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(text, size, "%s", value != NULL ? value : "");
	for (char *c = text; *c != '\0'; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
}

#define TEXT_OF(object, view, member) \
	text_of(object, #member, (view)->member, sizeof (view)->member)

void watch_clear(struct watch_view *v)
{
	memset(v, 0, sizeof *v);
	v->t_s = v->angle_deg = v->band_low_deg = v->band_high_deg = (double)NAN;
	v->counted_s = v->prescribed_s = v->pelvis_tilt_deg = (double)NAN;
	v->gaps = v->clients = (double)NAN;
}

static void hear_row(struct watch_view *v, const json_t *row)
{
	v->t_s = number_of(row, "t_s");
	v->angle_deg = number_of(row, "signal");
	v->band_low_deg = number_of(row, "band_low_deg");
	v->band_high_deg = number_of(row, "band_high_deg");
	v->counted_s = number_of(row, "counted_s");
	v->prescribed_s = number_of(row, "prescribed_s");
	v->pelvis_tilt_deg = number_of(row, "pelvis_tilt_deg");
	v->hold = count_of(row, "hold_index");
	v->holds = count_of(row, "holds");
	v->holds_done = count_of(row, "holds_done");
	TEXT_OF(row, v, state);
	TEXT_OF(row, v, led);
	TEXT_OF(row, v, advice);
	TEXT_OF(row, v, flags);
	TEXT_OF(row, v, pelvis_method);
	text_of(row, "pelvis_verdict", v->pelvis, sizeof v->pelvis);
	text_of(row, "thigh_elevation_method", v->method, sizeof v->method);
	text_of(row, "thigh_elevation_confidence", v->confidence, sizeof v->confidence);
	v->red = json_is_true(json_object_get(row, "red"));
	v->amber = json_is_true(json_object_get(row, "amber"));
	v->green = json_is_true(json_object_get(row, "green"));
	v->buzzer = json_is_true(json_object_get(row, "buzzer"));
}

static void hear_hold(struct watch_view *v, const json_t *hold)
{
	char result[WATCH_WORD], reason[WATCH_WORD], counted[FMT_NUMBER_MAX];
	char wanted[FMT_NUMBER_MAX];

	text_of(hold, "result", result, sizeof result);
	text_of(hold, "reason", reason, sizeof reason);
	fmt_fixed(counted, number_of(hold, "hold_s"), 1);
	fmt_fixed(wanted, number_of(hold, "prescribed_s"), 0);
	snprintf(v->told, sizeof v->told, "hold %d stored: %s%s%s, %s%s%s s",
		count_of(hold, "hold_index"), result, reason[0] != '\0' ? ", " : "", reason,
		counted, wanted[0] != '\0' ? " of " : "", wanted);
}

/* null: none runs */
static void hear_session(struct watch_view *v, const json_t *session)
{
	v->waiting = !json_is_object(session);
	TEXT_OF(session, v, exercise);
	TEXT_OF(session, v, side);
	TEXT_OF(session, v, wearer);
	TEXT_OF(session, v, session);
	v->step = count_of(session, "step");
	v->steps = count_of(session, "steps");
}

static void hear_sensors(struct watch_view *v, const json_t *sensors)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		const json_t *one = json_object_get(sensors, site_names[site]);
		char chip[WATCH_WORD], address[WATCH_WORD], fault[WATCH_WORD];
		char rate[FMT_NUMBER_MAX];

		v->sensor[site][0] = '\0';
		if (one == NULL)
			continue;
		text_of(one, "chip", chip, sizeof chip);
		text_of(one, "address", address, sizeof address);
		text_of(one, "fault", fault, sizeof fault);
		fmt_fixed(rate, number_of(one, "rate_hz"), 1);
		snprintf(v->sensor[site], sizeof v->sensor[site], "%s: %s at %s, %s/s, %s",
			site_names[site], chip[0] != '\0' ? chip : "no chip", address,
			rate[0] != '\0' ? rate : "-", fault[0] != '\0' ? fault : "ok");
	}
}

static void hear_answer(struct watch_view *v, const json_t *answer)
{
	const json_t *session = json_object_get(answer, "session");
	const json_t *counters = json_object_get(answer, "counters");

	if (session != NULL)
		hear_session(v, session);
	if (json_is_object(json_object_get(answer, "row")))
		hear_row(v, json_object_get(answer, "row"));
	if (counters == NULL)
		return;
	hear_sensors(v, json_object_get(answer, "sensors"));
	TEXT_OF(answer, v, source);
	TEXT_OF(answer, v, why);
	TEXT_OF(answer, v, storage_error);
	TEXT_OF(answer, v, clock_source);
	v->gaps = number_of(counters, "gaps");
	v->clients = number_of(json_object_get(answer, "control"), "clients_now");
}

bool watch_hear(struct watch_view *v, const json_t *object)
{
	char class[WATCH_WORD], state[WATCH_WORD], cmd[WATCH_WORD];

	text_of(object, "class", class, sizeof class);
	if (strcmp(class, "row") == 0) {
		hear_row(v, object);
		return true;
	}
	if (strcmp(class, "hold") == 0)
		hear_hold(v, object);
	else if (strcmp(class, "session") == 0)
		hear_session(v, json_object_get(object, "session"));
	else if (strcmp(class, "error") == 0)
		text_of(object, "message", v->notice, sizeof v->notice);
	else if (strcmp(class, "answer") == 0)
		hear_answer(v, object);
	if (strcmp(class, "answer") != 0)
		return false;
	text_of(object, "state", state, sizeof state);
	text_of(object, "cmd", cmd, sizeof cmd);
	if (state[0] != '\0')
		snprintf(v->notice, sizeof v->notice, "%s: told", cmd);
	return json_is_object(json_object_get(object, "row"));
}

/* The leg is on its way up or held; lying still in a rest it is below no target. */
static bool aims_at_band(const struct watch_view *v)
{
	return strcmp(v->state, "entering") == 0 || strcmp(v->state, "counting") == 0 ||
		strcmp(v->state, "paused") == 0;
}

void watch_target(const struct watch_view *v, char *text, size_t size)
{
	char low[FMT_NUMBER_MAX], high[FMT_NUMBER_MAX], now[FMT_NUMBER_MAX];

	text[0] = '\0';
	if (!(v->band_high_deg > v->band_low_deg))
		return;
	fmt_fixed(low, v->band_low_deg, 0);
	fmt_fixed(high, v->band_high_deg, 0);
	fmt_fixed(now, v->angle_deg, 0);
	if (v->angle_deg < v->band_low_deg && aims_at_band(v))
		snprintf(text, size, "still below target: %s of %s deg", now, low);
	else if (v->angle_deg > v->band_high_deg)
		snprintf(text, size, "past the cap: %s, at most %s deg", now, high);
	else
		snprintf(text, size, "band %s to %s deg", low, high);
}

void watch_line(const struct watch_view *v, char *text, size_t size)
{
	char t[FMT_NUMBER_MAX], angle[FMT_NUMBER_MAX], counted[FMT_NUMBER_MAX];
	char wanted[FMT_NUMBER_MAX], target[WATCH_TEXT];

	if (!v->connected) {
		snprintf(text, size, "%s", v->notice);
		return;
	}
	fmt_fixed(t, v->t_s, 1);
	fmt_fixed(angle, v->angle_deg, 1);
	fmt_fixed(counted, v->counted_s, 1);
	fmt_fixed(wanted, v->prescribed_s, 0);
	watch_target(v, target, sizeof target);
	snprintf(text, size, "%8s s  %-14s %-6s %6s deg  %5s%s%s s%s%s%s%s%s%s", t, v->state,
		v->led, angle[0] != '\0' ? angle : "-", counted,
		wanted[0] != '\0' ? " of " : "", wanted,
		v->pelvis[0] != '\0' ? "  pelvis " : "", v->pelvis,
		target[0] != '\0' ? "  " : "", target,
		v->advice[0] != '\0' ? "  " : "", v->advice);
}
