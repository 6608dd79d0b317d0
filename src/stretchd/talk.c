/*
 * The daemon on its control socket: requests become events of the session, as presses
 * of the button do, and rows go out to whoever watches. Neither waits for anybody.
 *
 * A note is kept until its session ends and is written then: its file goes to the disk
 * with a sync, which the sensors should not have to wait for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/live_row.h"
#include "stretchd/daemon.h"

#define ROW_US 100000 /* rows are streamed that often at most */

/* ---- what it knows ---- */

/* The session that runs; null between two. */
static json_t *session_now(const struct daemon *d)
{
	const struct session_inputs *in = &d->run.inputs;
	const struct settings *set = &in->settings;
	json_t *session;

	if (d->waiting || !d->talk.session || source_is_none(&d->source))
		return json_null();
	session = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:i,s:i}",
		"session", in->name, "wearer", set->wearer,
		"exercise", exercise_names[set->exercise], "side", side_names[set->side],
		"other_leg", other_leg_names[set->other_leg],
		"mode", session_mode_names[in->mode], "started_at", d->run.started_at,
		"calibrated", in->calib[SITE_THIGH].parameters > 0,
		"attempts", (int)d->talk.holds.attempts,
		"done", (int)d->talk.holds.done);
	if (session != NULL && d->programme.from_file)
		json_object_update_new(session, json_pack("{s:s,s:i,s:i}",
			"run_id", d->programme.run_id, "step", (int)d->programme.at + 1,
			"steps", (int)d->programme.count));
	return session;
}

/* The row streamed last, as an object; null before the first sample. */
static json_t *row_now(const struct daemon *d)
{
	char text[ROW_TEXT_MAX];
	struct live_row row;
	json_t *object = NULL;

	if (d->run.started) {
		live_fill(&row, &d->run);
		if (live_json(&row, text, sizeof text) > 0)
			object = json_loads(text, 0, NULL);
		json_object_del(object, "class");
	}
	return object != NULL ? object : json_null();
}

/* The longest that one step of writing took in this session, or takes already. */
static double stall_s(const struct daemon *d)
{
	const struct writer *writer = &d->run.files[d->run.at].writer;
	int64_t now_us = writer_busy_us(writer, clock_monotonic_us());
	int64_t longest_us = atomic_load(&writer->stall_us);

	return (double)(now_us > longest_us ? now_us : longest_us) * 1e-6;
}

static json_t *counters_now(const struct daemon *d)
{
	json_t *counters = json_object();

	for (int i = 0; i < HEALTH_COUNT; i++)
		json_object_set_new(counters, health_names[i],
			json_integer(d->run.state.health[i]));
	json_object_set_new(counters, "storage_stall_s", json_real(stall_s(d)));
	json_object_set_new(counters, "wakeups", json_integer((json_int_t)d->loop.wakeups));
	json_object_set_new(counters, "samples_taken",
		json_integer((json_int_t)d->loop.samples));
	json_object_set_new(counters, "events_lost",
		json_integer((json_int_t)d->loop.events_lost));
	json_object_set_new(counters, "sessions", json_integer(d->sessions));
	json_object_set_new(counters, "sessions_kept", json_integer(d->kept));
	json_object_set_new(counters, "lamp_writes",
		json_integer((json_int_t)d->panel.lamps.writes));
	json_object_set_new(counters, "lamp_errors",
		json_integer((json_int_t)d->panel.lamps.errors));
	return counters;
}

static json_t *sensors_now(const struct daemon *d)
{
	json_t *sensors = d->source_open ? source_json(&d->source) : NULL;

	return sensors != NULL ? sensors : json_null();
}

static const char *lines_now(const struct daemon *d)
{
	if (d->panel.count == 0)
		return "none";
	return panel_missing(&d->panel) ? "missing" : "held";
}

static json_t *status_now(const struct daemon *d)
{
	bool none = source_is_none(&d->source);
	int error = d->run.store_error;
	json_t *storage = error == 0 ? json_null() : json_string(strerror(-error));

	return json_pack("{s:s,s:s,s:s,s:b,s:s,s:o,s:o,s:o,s:o,s:s,s:o,s:o}",
		"source", d->settings.sensor, "clock_source", clock_source_names[d->trust],
		"state_dir", d->settings.state_dir, "waiting", none || d->waiting,
		"why", none ? d->missing : d->why.text, "storage_error", storage, "session", session_now(d),
		"row", row_now(d), "sensors", sensors_now(d), "lines", lines_now(d),
		"counters", counters_now(d), "control", control_json(&d->control));
}

/* ---- notes ---- */

static int write_note(const char *folder, const struct control_request *r,
	struct problem *problem)
{
	const struct session_note note = { .pain_before = r->pain_before,
		.pain_after = r->pain_after, .warm_up = r->warm_up,
		.strapped_by = r->strapped_by[0] != '\0' ? r->strapped_by : NULL,
		.text = r->has_text ? r->text : NULL };

	return session_note_write(folder, &note, problem);
}

/* What is said later counts; what is not said stays. */
static void merge_note(struct control_request *kept, const struct control_request *r)
{
	if (r->pain_before >= 0)
		kept->pain_before = r->pain_before;
	if (r->pain_after >= 0)
		kept->pain_after = r->pain_after;
	if (r->warm_up >= 0)
		kept->warm_up = r->warm_up;
	if (r->strapped_by[0] != '\0')
		memcpy(kept->strapped_by, r->strapped_by, sizeof kept->strapped_by);
	if (!r->has_text)
		return;
	memcpy(kept->text, r->text, sizeof kept->text);
	kept->has_text = true;
}

static void take_note(struct daemon *d, struct control_client *from,
	const struct control_request *r)
{
	struct talk *talk = &d->talk;
	struct problem problem;

	if (talk->session) {
		if (talk->noted)
			merge_note(&talk->note, r);
		else
			talk->note = *r;
		talk->note.id = NULL;
		talk->noted = true;
		control_answer(&d->control, from, r, json_pack("{s:s}", "written",
			"at the end of the session"));
	} else if (talk->folder[0] == '\0') {
		control_refuse(&d->control, from, r, "no session yet. stretchctl sessions "
			"lists earlier ones, stretchctl note NAME notes one");
	} else if (write_note(talk->folder, r, &problem) != 0) {
		control_refuse(&d->control, from, r, problem.text);
	} else {
		control_answer(&d->control, from, r,
			json_pack("{s:s}", "written", talk->folder));
	}
}

/* ---- requests ---- */

static void tell_hello(struct daemon *d, struct control_client *from,
	const struct control_request *r)
{
	if (r->protocol > CONTROL_PROTOCOL)
		control_refuse(&d->control, from, r, "protocol: this stretchd speaks "
			"version 1");
	else
		control_answer(&d->control, from, r,
			json_pack("{s:i}", "protocol", CONTROL_PROTOCOL));
}

static void reload(struct daemon *d, struct control_client *from,
	const struct control_request *r)
{
	struct log_list said;
	int error = rounds_reload(d, &said);

	if (said.text == NULL) {
		control_refuse(&d->control, from, r, "no memory");
		return;
	}
	if (said.length > 0 && said.text[said.length - 1] == '\n')
		said.text[said.length - 1] = '\0';
	if (error != 0)
		control_refuse(&d->control, from, r, said.text);
	else
		control_answer(&d->control, from, r, json_pack("{s:s}", "said",
			said.text));
	log_list_free(&said);
}

static void subscribe(struct daemon *d, struct control_client *from,
	const struct control_request *r, enum control_stream stream)
{
	json_t *more = NULL;

	if (r->on != 0)
		from->streams |= (unsigned)stream;
	else
		from->streams &= ~(unsigned)stream;
	if (r->on != 0 && stream == CONTROL_ROWS)
		more = json_pack("{s:o,s:o}", "session", session_now(d), "row", row_now(d));
	else if (r->on != 0)
		more = json_pack("{s:o}", "sensors", sensors_now(d));
	control_answer(&d->control, from, r, more);
}

static void take_request(void *context, struct control *control,
	struct control_client *from, const struct control_request *r)
{
	struct daemon *d = context;

	switch (r->command) {
	case CONTROL_HELLO:
		tell_hello(d, from, r);
		break;
	case CONTROL_STATUS:
		control_answer(control, from, r, status_now(d));
		break;
	case CONTROL_WATCH:
		subscribe(d, from, r, CONTROL_ROWS);
		break;
	case CONTROL_RAW:
		subscribe(d, from, r, CONTROL_SAMPLES);
		break;
	case CONTROL_START:
	case CONTROL_STOP:
	case CONTROL_NEXT:
	case CONTROL_REFERENCE:
		talk_give_event(d, from, r);
		break;
	case CONTROL_NOTE:
		take_note(d, from, r);
		break;
	case CONTROL_RELOAD:
		reload(d, from, r);
		break;
	case CONTROL_COMMANDS:
		break;
	}
}

/* ---- begin and end ---- */

/*
 * Without the socket it goes on, and says so once: who lies on the floor has lamps and
 * button, and loses a set if the service is not there, while stretchctl is a convenience
 * that can be mended after it. It is not tried again: what stands in the way is a path
 * or a right, and who mends that starts the service anew. Only a second daemon on a worn
 * sensor is an error. A played or simulated source with the default path, where nobody
 * may write, is not worth a word.
 */
int talk_open(struct daemon *d)
{
	const char *path = d->settings.control;
	bool worn = source_live(&d->settings);
	struct problem problem;
	int error = control_init(&d->control);

	if (error != 0) {
		problem_set(&problem, "control: cannot make an epoll descriptor: %s",
			strerror(-error));
		return daemon_fail(&problem, error);
	}
	d->control.request = take_request;
	d->control.context = d;
	if (path[0] == '\0')
		return 0;
	error = control_listen(&d->control, path, &problem);
	if (error == 0)
		return 0;
	if (worn || strcmp(path, SETTING_CONTROL) != 0)
		log_say(LOG_SYSTEM, "%s%s", problem.text,
			error == -EADDRINUSE ? "" : ". it runs without its socket: "
			"stretchctl cannot reach it until that is mended and it is "
			"started anew");
	return error == -EADDRINUSE && worn ? EXIT_SYSTEM : 0;
}

static void tell_session(struct daemon *d)
{
	json_t *object;
	char text[ROW_TEXT_MAX];
	size_t length;

	if (!control_wanted(&d->control, CONTROL_ROWS))
		return;
	object = json_pack("{s:s,s:o}", "class", "session", "session", session_now(d));
	length = json_dumpb(object, text, sizeof text - 1,
		JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(object);
	if (length == 0 || length > sizeof text - 1)
		return;
	text[length++] = '\n';
	control_stream(&d->control, CONTROL_ROWS, text, length);
}

void talk_session_begun(struct daemon *d)
{
	d->talk.session = true;
	d->talk.led = d->talk.state = -1;
	talk_holds_begun(d);
	tell_session(d);
}

void talk_session_ended(struct daemon *d, bool kept)
{
	struct problem problem;

	talk_holds_tell(d);
	d->talk.session = false;
	if (kept)
		snprintf(d->talk.folder, sizeof d->talk.folder, "%s",
			d->run.files[d->run.at].store.target);
	if (d->talk.noted && kept) {
		d->talk.noted = false;
		if (write_note(d->talk.folder, &d->talk.note, &problem) != 0)
			log_say(LOG_STORAGE, "a note is lost: %s", problem.text);
	}
	tell_session(d);
}

void talk_run_over(struct daemon *d)
{
	if (d->talk.noted)
		log_say(LOG_STORAGE, "a note is lost: its session had no hold and is not "
			"kept");
	d->talk.noted = false;
}

void talk_close(struct daemon *d)
{
	talk_run_over(d);
	control_close(&d->control);
}

/* ---- streams ---- */

static void stream_row(struct daemon *d)
{
	const struct judged_row *judged = &d->run.out.judged;
	int64_t now_us = clock_monotonic_us();
	char text[ROW_TEXT_MAX];
	struct live_row row;

	if (judged->led == d->talk.led && judged->state == d->talk.state &&
		now_us - d->talk.row_us < ROW_US)
		return;
	d->talk.led = judged->led;
	d->talk.state = judged->state;
	d->talk.row_us = now_us;
	live_fill(&row, &d->run);
	control_stream(&d->control, CONTROL_ROWS, text, live_json(&row, text, sizeof text));
}

static void stream_sample(struct daemon *d, const struct sample *sample)
{
	struct raw_row raw;
	char text[ROW_TEXT_MAX];
	unsigned parts = RAW_EVENT | RAW_TEMP |
		(d->run.inputs.mode == MODE_THIGH_PELVIS ? RAW_PELVIS : 0u);
	const struct row_part part = { raw_table(parts), &raw };

	raw_row_fill(&raw, sample, NULL);
	raw.sample.t_us += d->origin_us; /* it goes on from session to session */
	control_stream(&d->control, CONTROL_SAMPLES, text,
		row_json(text, sizeof text, "sample", &part, 1));
}

void talk_sample(struct daemon *d, const struct sample *sample)
{
	if (control_wanted(&d->control, CONTROL_ROWS))
		stream_row(d);
	talk_holds_tell(d);
	if (control_wanted(&d->control, CONTROL_SAMPLES))
		stream_sample(d, sample);
}
