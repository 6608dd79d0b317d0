/*
 * What the daemon answers on its socket, between sessions and in one: requests that it
 * has to refuse and why, notes that wait for the session's end, a reload, and how often
 * a row is streamed. Expected answers are those of stretchd-control(5), by hand.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "stretchd/daemon.h"

#define TEXT_MAX 65536

/* main.c's, which is not linked. */
volatile sig_atomic_t daemon_stop, daemon_hangup;

int daemon_fail(const struct problem *problem, int error)
{
	fail_msg("%s: %d", problem->text, error);
	return EXIT_SYSTEM;
}

static struct daemon d;
static int fd;

static int begin(void **state)
{
	struct problem problem;
	int pair[2];

	(void)state;
	temp_make();
	log_open("test_talk");
	memset(&d, 0, sizeof d);
	settings_default(&d.settings);
	strcpy(d.settings.state_dir, temp_path("state"));
	strcpy(d.settings.sensor, "simulate:lying-towel");
	d.settings.control[0] = '\0';
	assert_int_equal(programme_load(&d.programme, &d.settings, stderr), 0);
	assert_int_equal(programme_wait_inputs(&d.programme, &d.run.inputs, &problem), 0);
	loop_init(&d.loop, &loop_clock_system);
	assert_int_equal(talk_open(&d), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(fcntl(pair[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(control_adopt(&d.control, pair[0]), 0);
	fd = pair[1];
	return 0;
}

static int end(void **state)
{
	(void)state;
	talk_close(&d);
	close(fd);
	temp_remove();
	return 0;
}

/* All lines that have come. */
static const char *heard(void)
{
	static char text[TEXT_MAX];
	ssize_t got = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

static const char *ask(const char *line)
{
	(void)heard();
	assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL), strlen(line));
	control_serve(&d.control);
	return heard();
}

static void expect(const char *line, const char *words)
{
	const char *answer = ask(line);

	if (strstr(answer, words) == NULL)
		fail_msg("%s: no \"%s\" in: %s", line, words, answer);
}

#define ERROR_OF(cmd) "{\"class\":\"error\",\"cmd\":\"" cmd "\""

static void what_cannot_be_is_refused(void **state)
{
	(void)state;
	expect("{\"cmd\":\"hello\",\"protocol\":1}\n", "\"protocol\":1}\n");
	expect("{\"cmd\":\"hello\",\"protocol\":2}\n", ERROR_OF("hello"));
	/* no sensor: the reason is the answer */
	source_none(&d.source);
	strcpy(d.missing, "nobody at 0x68");
	expect("{\"cmd\":\"start\"}\n", "\"message\":\"nobody at 0x68\"");
	expect("{\"cmd\":\"status\"}\n", "\"why\":\"nobody at 0x68\"");
	assert_int_equal(d.loop.events, 0);
	memset(&d.source, 0, sizeof d.source);
	d.run.state.hold.phase = HOLD_READY;
	/* commands wait for the next sample; when none comes, there is an end */
	for (int i = 0; i < LOOP_EVENTS; i++)
		expect("{\"cmd\":\"next\"}\n", "\"class\":\"answer\"");
	expect("{\"cmd\":\"next\"}\n", "busy: no sample has come");
	assert_int_equal(d.loop.events_lost, 0);
}

static void each_command_is_its_event(void **state)
{
	static const struct {
		const char *line;
		enum hold_phase phase;
		enum event_kind kind;
		const char *word[2];
	} table[] = {
		{ "{\"cmd\":\"start\"}\n", HOLD_IDLE, EVENT_START,
			{ "lying-towel", "left" } },
		{ "{\"cmd\":\"stop\",\"reason\":\"pain\"}\n", HOLD_COUNTING,
			EVENT_STOP, { "pain", "" } },
		{ "{\"cmd\":\"next\"}\n", HOLD_REST, EVENT_NEXT, { "", "" } },
		{ "{\"cmd\":\"reference\"}\n", HOLD_READY, EVENT_REFERENCE,
			{ "", "" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		const struct event *event = &d.loop.event[0];

		d.loop.events = 0;
		d.run.state.hold.phase = table[i].phase;
		expect(table[i].line, "\"state\":\"");
		assert_int_equal(d.loop.events, 1);
		assert_int_equal(event->kind, table[i].kind);
		assert_string_equal(event->word[0], table[i].word[0]);
		assert_string_equal(event->word[1], table[i].word[1]);
	}
}

/* "told" would be a promise: what the state has no rule for (hold_rules.c) is refused. */
static void what_is_of_no_use_is_refused(void **state)
{
	static const struct {
		const char *cmd, *words;
		enum hold_phase phase;
		bool timed, waiting;
	} table[] = {
		{ "next", "no session runs", HOLD_IDLE, false, true },
		{ "next", NULL, HOLD_NEED_REFERENCE, false, false },
		{ "next", "a hold runs", HOLD_COUNTING, false, false },
		{ "next", "not now", HOLD_CLOSING, false, false },
		{ "next", NULL, HOLD_RESTRAP, false, false },
		{ "start", NULL, HOLD_IDLE, false, true },
		{ "start", "needs no start", HOLD_READY, false, false },
		{ "start", NULL, HOLD_READY, true, false },
		{ "start", "not now", HOLD_NEED_REFERENCE, true, false },
		{ "start", "runs already", HOLD_PAUSED, true, false },
		{ "start", NULL, HOLD_RESTRAP, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		const char *words = table[i].words;
		char line[64];

		d.loop.events = 0;
		d.waiting = table[i].waiting;
		d.run.state.hold.phase = table[i].phase;
		d.run.state.plan.timed = table[i].timed;
		snprintf(line, sizeof line, "{\"cmd\":\"%s\"}\n", table[i].cmd);
		expect(line, words != NULL ? words : "\"state\":\"");
		assert_int_equal(d.loop.events, words == NULL);
	}
}

static void the_status_tells_why_nothing_begins(void **state)
{
	(void)state;
	d.waiting = true;
	strcpy(d.why.text, "not accepted");
	d.run.store_error = -ENOSPC;
	d.sessions = 3;
	d.kept = 2;
	expect("{\"cmd\":\"status\"}\n", "\"waiting\":true,\"why\":\"not accepted\","
		"\"storage_error\":\"No space left on device\",\"session\":null,"
		"\"row\":null");
	expect("{\"cmd\":\"status\"}\n", "\"lines\":\"none\"");
	expect("{\"cmd\":\"status\"}\n", "\"sessions\":3,\"sessions_kept\":2,"
		"\"lamp_writes\":0,\"lamp_errors\":0");
}

/* The longest write of the session; one that goes on counts once it is longer. */
static void the_status_tells_how_long_a_write_took(void **state)
{
	struct writer *writer = &d.run.files[d.run.at].writer;

	(void)state;
	atomic_store(&writer->stall_us, 1250000);
	expect("{\"cmd\":\"status\"}\n", "\"storage_stall_s\":1.25,");
	atomic_store(&writer->begun_us, clock_monotonic_us() - 3600000000);
	expect("{\"cmd\":\"status\"}\n", "\"storage_stall_s\":3600.");
	atomic_store(&writer->begun_us, 0);
	atomic_store(&writer->stall_us, 0);
}

static char *note_of(const char *folder)
{
	char path[PATH_MAX];
	size_t size;

	snprintf(path, sizeof path, "%s/note.json", folder);
	return temp_read(path, &size);
}

/* A session folder as the store leaves one, for a note's purposes. */
static void make_session(struct store *store)
{
	strcpy(store->target, temp_path("kept"));
	assert_int_equal(mkdir(store->target, 0700), 0);
	(void)temp_write_text("kept/session.json", "{}");
}

/* Said in two requests, written once the session has its folder. */
static void a_note_waits_for_its_session(void **state)
{
	struct store *store = &d.run.files[d.run.at].store;
	char *note;

	(void)state;
	expect("{\"cmd\":\"note\",\"pain_after\":2}\n", "no session yet");
	talk_session_begun(&d);
	make_session(store);
	expect("{\"cmd\":\"note\",\"pain_before\":3,\"pain_after\":9,"
		"\"strapped_by\":\"anna\"}\n", "at the end of the session");
	expect("{\"cmd\":\"note\",\"pain_after\":4,\"warm_up\":true,\"text\":\"left\"}\n",
		"at the end of the session");
	assert_null(note_of(store->target));
	talk_session_ended(&d, true);
	note = note_of(store->target);
	assert_non_null(note);
	assert_non_null(strstr(note, "\"pain_before\": 3"));
	assert_non_null(strstr(note, "\"pain_after\": 4"));
	assert_non_null(strstr(note, "\"warm_up\": true"));
	assert_non_null(strstr(note, "\"strapped_by\": \"anna\""));
	assert_non_null(strstr(note, "\"left\""));
	free(note);
	/* after it, at once into the same folder, and what was said stays */
	expect("{\"cmd\":\"note\",\"pain_after\":5}\n", store->target);
	note = note_of(store->target);
	assert_non_null(strstr(note, "\"pain_after\": 5"));
	assert_non_null(strstr(note, "\"pain_before\": 3"));
	free(note);
	temp_remove_below("kept");
	expect("{\"cmd\":\"note\",\"pain_after\":5}\n", ERROR_OF("note"));
}

/* A session without a hold leaves no folder: its note goes on to the next one. */
static void a_note_survives_a_session_without_a_hold(void **state)
{
	struct store *store = &d.run.files[d.run.at].store;
	char *note;

	(void)state;
	talk_session_begun(&d);
	(void)ask("{\"cmd\":\"note\",\"pain_before\":3}\n");
	talk_session_ended(&d, false);
	assert_true(d.talk.noted);
	talk_session_begun(&d);
	make_session(store);
	talk_session_ended(&d, true);
	assert_false(d.talk.noted);
	note = note_of(store->target);
	assert_non_null(note);
	free(note);
	/* but not beyond the run */
	talk_session_begun(&d);
	(void)ask("{\"cmd\":\"note\",\"pain_before\":4}\n");
	talk_session_ended(&d, false);
	talk_run_over(&d);
	assert_false(d.talk.noted);
}

static void a_reload_says_what_came_of_it(void **state)
{
	static const char good[] = "wearer = anna\nitem lying-towel {\n\thold_s = 30\n"
		"\treps = 2\n\tper_day = 1\n\tother_leg = bent\n\ttarget_lo_deg = 50\n"
		"\tcap_deg = 85\n}\n";
	const char *path = temp_write_text("p.conf", good);
	char bad[512];

	(void)state;
	expect("{\"cmd\":\"reload\"}\n", "no prescription file is set");
	strcpy(d.settings.prescription, path);
	assert_int_equal(programme_load(&d.programme, &d.settings, stderr), 0);
	expect("{\"cmd\":\"reload\",\"id\":1}\n", "\"id\":1,\"said\":\"");
	expect("{\"cmd\":\"reload\"}\n", "read again: unchanged\"}\n");
	snprintf(bad, sizeof bad, "%srest = 5\n", good);
	(void)temp_write_text("p.conf", bad);
	expect("{\"cmd\":\"reload\"}\n", ERROR_OF("reload"));
	expect("{\"cmd\":\"reload\"}\n", "p.conf:10: rest: ");
	expect("{\"cmd\":\"reload\"}\n", "the prescription read before stays\"}\n");
	assert_false(d.programme.next_waits);
}

static int count_of(const char *text, const char *words)
{
	int n = 0;

	while ((text = strstr(text, words)) != NULL) {
		text += strlen(words);
		n++;
	}
	return n;
}

/* Rows that come of n samples at one moment; the clock goes on, so it is held. */
static int rows_of(int n)
{
	const struct sample sample = { .t_us = 0 };
	const char *text;
	int rows;

	for (int i = 0; i < n; i++) {
		talk_sample(&d, &sample);
		if (d.talk.row_us != 0)
			d.talk.row_us = INT64_MAX / 2;
	}
	control_round(&d.control, clock_monotonic_us());
	text = heard();
	rows = count_of(text, "{\"class\":\"row\"");
	assert_int_equal(count_of(text, "\n"), rows);
	return rows;
}

/* At most one row in 0.1 s, but one at each change; every sample, for who wants it. */
static void rows_are_few_samples_are_all(void **state)
{
	struct sample sample = { .t_us = 0 };
	const char *text;

	(void)state;
	expect("{\"cmd\":\"watch\"}\n", "\"session\":null,\"row\":null");
	talk_session_begun(&d);
	control_round(&d.control, clock_monotonic_us());
	text = heard();
	assert_non_null(strstr(text, "{\"class\":\"session\",\"session\":{"));
	assert_non_null(strstr(text, "\"exercise\":\"lying-towel\""));
	assert_int_equal(rows_of(5), 1); /* the first one */
	d.run.out.judged.led = LED_GO;
	assert_int_equal(rows_of(5), 1);
	d.run.out.judged.state = HOLD_COUNTING;
	assert_int_equal(rows_of(5), 1);
	assert_int_equal(rows_of(5), 0);
	d.talk.row_us = 0; /* long ago */
	assert_int_equal(rows_of(1), 1);
	(void)ask("{\"cmd\":\"watch\",\"on\":false}\n");
	expect("{\"cmd\":\"raw\"}\n", "\"sensors\":null");
	for (int i = 0; i < 7; i++)
		talk_sample(&d, &sample);
	control_round(&d.control, clock_monotonic_us());
	text = heard();
	assert_int_equal(count_of(text, "{\"class\":\"sample\""), 7);
	assert_int_equal(count_of(text, "{\"class\":\"row\""), 0);
	talk_session_ended(&d, false);
	control_round(&d.control, clock_monotonic_us());
	assert_string_equal(heard(), ""); /* told to who watches only */
}

/* A played session goes on without the socket; a worn one is not for two daemons. */
static void a_second_daemon(void **state)
{
	static struct daemon other;

	(void)state;
	strcpy(d.settings.control, temp_path("control"));
	talk_close(&d);
	assert_int_equal(talk_open(&d), 0);
	other.settings = d.settings;
	assert_int_equal(talk_open(&other), 0);
	talk_close(&other);
	assert_true(temp_exists(d.settings.control)); /* not its own to take along */
	strcpy(other.settings.sensor, "i2c:1");
	assert_int_equal(talk_open(&other), EXIT_SYSTEM);
	talk_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_cannot_be_is_refused),
		TEST(each_command_is_its_event),
		TEST(what_is_of_no_use_is_refused),
		TEST(the_status_tells_why_nothing_begins),
		TEST(the_status_tells_how_long_a_write_took),
		TEST(a_note_waits_for_its_session),
		TEST(a_note_survives_a_session_without_a_hold),
		TEST(a_reload_says_what_came_of_it),
		TEST(rows_are_few_samples_are_all),
		TEST(a_second_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
