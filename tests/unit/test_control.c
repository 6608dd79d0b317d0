/*
 * The control socket: its lines, its bounds, its clients; and a minute of a session
 * on the virtual clock with ten clients, three of them stalled and one that sends
 * random bytes. Expected answers are written out from the protocol's description.
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

#include "../support/live_rig.h"
#include "../support/programs.h"
#include "../support/temp_files.h"
#include "linux/control.h"
#include "linux/control_samples.h"
#include "linux/live_row.h"

#define TEXT_MAX 262144

static struct control control;
static struct control_request last;
static int requests;

static void keep_request(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	(void)context;
	last = *request;
	last.id = NULL;
	requests++;
	if (request->command == CONTROL_WATCH)
		from->streams |= CONTROL_ROWS;
	if (request->command == CONTROL_RAW)
		from->streams |= CONTROL_SAMPLES;
	control_answer(c, from, request, NULL);
}

static int set_up(void **state)
{
	(void)state;
	temp_make();
	assert_int_equal(control_init(&control), 0);
	control.request = keep_request;
	requests = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	control_close(&control);
	temp_remove();
	return 0;
}

/* A client's end of a connection. */
static int client(void)
{
	int fd[2];

	/* only this end does not block: the other one must never wait by itself */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fcntl(fd[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(control_adopt(&control, fd[0]), 0);
	return fd[1];
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	control_serve(&control);
}

/* What has come; "" when nothing; "EOF" when the daemon hung up. */
static const char *heard(int fd)
{
	static char text[TEXT_MAX];
	ssize_t got;
	size_t used = 0;

	while ((got = recv(fd, text + used, sizeof text - 1 - used, MSG_DONTWAIT)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	return used == 0 && got == 0 ? "EOF" : text;
}

#define HELLO "{\"class\":\"hello\",\"protocol\":1,\"program\":\"stretchd\","

static void greets_and_answers(void **state)
{
	int fd = client();

	(void)state;
	assert_int_equal(strncmp(heard(fd), HELLO, strlen(HELLO)), 0);
	say(fd, "{\"cmd\":\"stop\",\"reason\":\"pain\",\"id\":7}\n");
	assert_int_equal(last.command, CONTROL_STOP);
	assert_string_equal(last.reason, "pain");
	assert_string_equal(heard(fd),
		"{\"class\":\"answer\",\"cmd\":\"stop\",\"id\":7}\n");
	/* three in one piece, one in two, blank lines and a carriage return between */
	say(fd, "{\"cmd\":\"next\"}\n\n{\"cmd\":\"start\"}\r\n"
		"{\"cmd\":\"reload\",\"id\":\"a\"}\n{\"cmd\":\"refe");
	assert_int_equal(requests, 4);
	say(fd, "rence\"}\n");
	assert_int_equal(last.command, CONTROL_REFERENCE);
	assert_int_equal(requests, 5);
	assert_int_equal(control.counters.lines, 5);
	assert_int_equal(control.counters.mistakes, 0);
	close(fd);
}

static void reads_a_note(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"cmd\":\"note\",\"pain_before\":0,\"pain_after\":10,\"warm_up\":false,"
		"\"strapped_by\":\"anna-1\",\"text\":\"felt \\u00fc fine\"}\n");
	assert_int_equal(requests, 1);
	assert_int_equal(last.pain_before, 0);
	assert_int_equal(last.pain_after, 10);
	assert_int_equal(last.warm_up, 0);
	assert_string_equal(last.strapped_by, "anna-1");
	assert_string_equal(last.text, "felt \xc3\xbc fine");
	say(fd, "{\"cmd\":\"note\",\"pain_after\":3}\n");
	assert_int_equal(last.pain_before, -1);
	assert_int_equal(last.warm_up, -1);
	assert_false(last.has_text);
	close(fd);
}

/* Each wrong line has one answer, of class error, and the next good one is heard. */
static void bad_lines(void **state)
{
	/* clang-format off */
	static const struct { const char *line, *message; } table[] = {
		{ "hello", "not one JSON object a line: " },
		{ "[]", "not one JSON object a line: it is an array" },
		{ "{\"cmd\":\"stop\"", "not one JSON object a line: " },
		{ "{\"cmd\":\"stop\"} x", "not one JSON object a line: " },
		{ "{\"cmd\":\"stop\",\"cmd\":\"next\"}", "not one JSON object a line: " },
		{ "{}", "cmd: missing, or not a text. " },
		{ "{\"cmd\":3}", "cmd: missing, or not a text. " },
		{ "{\"cmd\":\"sotp\"}", "cmd: no such command. " },
		{ "{\"cmd\":\"stop\",\"raeson\":\"pain\"}",
			"raeson: this command has no such member" },
		{ "{\"cmd\":\"next\",\"reason\":\"pain\"}",
			"reason: this command has no such member" },
		{ "{\"cmd\":\"stop\",\"reason\":\"button\"}",
			"reason: not pain, fatigue or other" },
		{ "{\"cmd\":\"stop\",\"reason\":\"pain\\u0000x\"}",
			"not one JSON object a line: " },
		{ "{\"cmd\":\"watch\",\"on\":1}", "on: not true or false" },
		{ "{\"cmd\":\"note\",\"id\":3}", "note: none of its members" },
		{ "{\"cmd\":\"note\",\"pain_after\":11}",
			"pain_after: not a whole number from 0 to 10" },
		{ "{\"cmd\":\"note\",\"pain_after\":4294967297}",
			"pain_after: not a whole number from 0 to 10" },
		{ "{\"cmd\":\"note\",\"pain_after\":2.0}", "pain_after: not a whole number" },
		{ "{\"cmd\":\"note\",\"strapped_by\":\"../x\"}", "strapped_by: " },
		{ "{\"cmd\":\"note\",\"strapped_by\":"
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
			"strapped_by: too long" },
		{ "{\"cmd\":\"status\",\"id\":[1]}", "id: not a whole number or a text " },
		{ "{\"\xff\":1}", "not one JSON object a line: " },
	};
	/* clang-format on */
	int fd = client();

	(void)state;
	(void)heard(fd);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		json_t *answer;
		char line[256];

		snprintf(line, sizeof line, "%s\n", table[i].line);
		say(fd, line);
		answer = json_loads(heard(fd), 0, NULL);
		assert_non_null(answer); /* exactly one object */
		assert_string_equal(json_string_value(json_object_get(answer, "class")),
			"error");
		if (strncmp(json_string_value(json_object_get(answer, "message")),
			    table[i].message, strlen(table[i].message)) != 0)
			fail_msg("%s: %s", table[i].line,
				json_string_value(json_object_get(answer, "message")));
		json_decref(answer);
	}
	assert_int_equal(requests, 0);
	assert_int_equal(control.counters.mistakes, sizeof table / sizeof table[0]);
	say(fd, "{\"cmd\":\"next\"}\n");
	assert_int_equal(requests, 1);
	close(fd);
}

/* A line may have CONTROL_LINE_MAX bytes with its newline, and not one more. */
static void long_lines(void **state)
{
	char text[3 * CONTROL_LINE_MAX];
	int fd = client();

	(void)state;
	(void)heard(fd);
	memset(text, ' ', sizeof text);
	memcpy(text, "{\"cmd\":\"next\"}", 14);
	text[CONTROL_LINE_MAX - 1] = '\n';
	text[CONTROL_LINE_MAX] = '\0';
	say(fd, text);
	assert_int_equal(requests, 1);
	(void)heard(fd);
	text[CONTROL_LINE_MAX - 1] = text[CONTROL_LINE_MAX] = ' ';
	text[sizeof text - 2] = '\n';
	text[sizeof text - 1] = '\0';
	say(fd, text);
	for (int i = 0; i < 4; i++)
		control_serve(&control);
	assert_int_equal(requests, 1);
	assert_string_equal(heard(fd), "{\"class\":\"error\",\"message\":\"the line is "
		"longer than 1023 bytes\"}\n");
	say(fd, "{\"cmd\":\"next\"}\n");
	assert_int_equal(requests, 2);
	close(fd);
}

static void a_talker_waits_for_the_next_second(void **state)
{
	char text[1024];
	int fd = client();
	uint64_t lines;

	(void)state;
	control_round(&control, 5000000);
	memset(text, 'x', sizeof text);
	for (size_t i = 63; i < sizeof text; i += 64)
		text[i] = '\n';
	for (int i = 0; i < 100; i++) {
		(void)send(fd, text, sizeof text, MSG_DONTWAIT | MSG_NOSIGNAL);
		control_serve(&control);
		(void)heard(fd);
	}
	lines = control.counters.lines;
	assert_int_equal(lines, CONTROL_READ_PER_S / 64);
	assert_true(control.counters.throttled >= 1);
	control_round(&control, 5900000);
	control_serve(&control);
	assert_int_equal(control.counters.lines, lines);
	control_round(&control, 6000000);
	control_serve(&control);
	assert_true(control.counters.lines > lines);
	close(fd);
}

static void a_slow_reader_is_dropped(void **state)
{
	char line[1001];
	int slow = client(), quick = client();
	size_t got = 0;
	int sent = 0;

	(void)state;
	(void)heard(quick);
	say(slow, "{\"cmd\":\"watch\"}\n");
	say(quick, "{\"cmd\":\"watch\"}\n");
	(void)heard(quick);
	memset(line, 'r', sizeof line - 1);
	line[999] = '\n';
	line[1000] = '\0';
	while (control.counters.slow == 0 && sent < 1000) {
		control_stream(&control, CONTROL_ROWS, line, 1000);
		control_round(&control, sent++);
		got += strlen(heard(quick));
	}
	/* Our bound, and what the kernel takes: it doubles what it was asked for and
	 * counts its own bookkeeping. */
	printf("# a reader that stalls is dropped after %d kB\n", sent);
	assert_true(sent > CONTROL_OUT_MAX / 1000);
	assert_true(sent < (CONTROL_OUT_MAX + 4 * CONTROL_SEND_BUFFER) / 1000);
	assert_int_equal(control.counters.slow, 1);
	assert_int_equal(got, 1000 * (size_t)sent); /* the other one missed nothing */
	assert_true(control_wanted(&control, CONTROL_ROWS));
	close(quick);
	control_serve(&control);
	assert_false(control_wanted(&control, CONTROL_ROWS));
	close(slow);
}

/* echo '{"cmd":"next"}' | nc -U: it sends, closes its half, and waits. */
static void half_closed(void **state)
{
	int fd = client();

	(void)state;
	(void)heard(fd);
	assert_int_equal(send(fd, "{\"cmd\":\"next\"}\n", 15, 0), 15);
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 3; i++)
		control_serve(&control);
	assert_string_equal(heard(fd), "{\"class\":\"answer\",\"cmd\":\"next\"}\n");
	assert_string_equal(heard(fd), "EOF");
	close(fd);
}

static void places(void **state)
{
	int fd[CONTROL_CLIENTS], pair[2];

	(void)state;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		fd[i] = client();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(control_adopt(&control, pair[0]), -EBUSY);
	assert_non_null(strstr(heard(pair[1]), "too many clients"));
	close(pair[1]);
	close(fd[3]);
	control_serve(&control);
	fd[3] = client(); /* its place is free again */
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		close(fd[i]);
	assert_int_equal(control.counters.refused, 1);
}

/* ---- the socket's place ---- */

static int dial(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static void listens(void **state)
{
	struct control other;
	struct problem problem;
	struct stat about;
	char path[PATH_MAX];
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s", temp_path("control"));
	assert_int_equal(control_listen(&control, path, &problem), 0);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0660);
	fd = dial(path);
	control_serve(&control);
	assert_int_equal(strncmp(heard(fd), HELLO, strlen(HELLO)), 0);
	close(fd);
	/* a second daemon is refused and does the first no harm */
	assert_int_equal(control_init(&other), 0);
	assert_int_equal(control_listen(&other, path, &problem), -EADDRINUSE);
	assert_non_null(strstr(problem.text, "another stretchd listens"));
	control_close(&other);
	close(dial(path));
	/* killed: the socket stays behind, and is replaced */
	assert_int_equal(control_init(&other), 0);
	close(control.listen_fd);
	control.listen_fd = -1;
	assert_int_equal(control_listen(&other, path, &problem), 0);
	close(dial(path));
	control_close(&other);
	assert_int_equal(stat(path, &about), -1);
	/* what is no socket is nobody's to remove */
	(void)temp_write_text("control", "mine");
	assert_int_equal(control_listen(&control, path, &problem), -EINVAL);
	assert_int_equal(stat(path, &about), 0);
	memset(path, 'x', 120);
	path[0] = '/';
	path[120] = '\0';
	assert_int_equal(control_listen(&control, path, &problem), -EINVAL);
}

/* ---- samples on the wire ---- */

/* What the raw stream says, read back, is the sample, bit for bit. */
static void samples_survive(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 5, 0);
	for (int n = 0; n < 2000; n++) {
		struct sample sample = { .t_us = (int64_t)(random_u64(&random) >> 13) };
		struct sample back;
		const unsigned parts = RAW_EVENT | RAW_TEMP | RAW_PELVIS;
		struct row_part full = { raw_table(parts), NULL };
		char text[ROW_TEXT_MAX];
		struct raw_row row;
		json_t *object;

		sample.t_us %= INT64_C(4000000000000);
		for (int site = 0; site < SITE_COUNT; site++) {
			struct imu_reading *r = &sample.imu[site];
			double *v[] = { &r->acc_m_s2.x, &r->acc_m_s2.y, &r->acc_m_s2.z,
				&r->gyr_rad_s.x, &r->gyr_rad_s.y, &r->gyr_rad_s.z };

			for (int i = 0; i < 6; i++)
				*v[i] = random_between(&random, -39.0, 39.0);
			r->present = n % 7 != site;
			r->temp_c = n % 5 == 0 ? (double)NAN
					       : random_between(&random, -40.0, 85.0);
		}
		if (n % 3 == 0)
			assert_int_equal(event_parse("stop:pain", &sample.event), 0);
		(void)raw_round(&sample);
		raw_row_fill(&row, &sample, NULL);
		full.row = &row;
		assert_true(row_json(text, sizeof text, "sample", &full, 1) > 0);
		object = json_loads(text, 0, NULL);
		assert_true(control_sample_read(object, &back));
		json_decref(object);
		assert_int_equal(back.t_us, sample.t_us);
		assert_int_equal(back.event.kind, sample.event.kind);
		assert_string_equal(back.event.word[0], sample.event.word[0]);
		for (int site = 0; site < SITE_COUNT; site++) {
			assert_int_equal(back.imu[site].present, sample.imu[site].present);
			assert_memory_equal(&back.imu[site].acc_m_s2,
				&sample.imu[site].acc_m_s2, sizeof(struct vec3));
			assert_memory_equal(&back.imu[site].gyr_rad_s,
				&sample.imu[site].gyr_rad_s, sizeof(struct vec3));
			if (isfinite(sample.imu[site].temp_c))
				assert_memory_equal(&back.imu[site].temp_c,
					&sample.imu[site].temp_c, sizeof(double));
			else
				assert_true(isnan(back.imu[site].temp_c));
		}
	}
}

/* Numbers with the decimals of the file, null for what is empty there. */
static void a_row_in_json(void **state)
{
	struct live_row row = { .judged = { .t_us = 1500000, .thigh_elevation_deg = 43.2104,
		.thigh_elevation_method = METHOD_MEASURED, .signal_deg = (double)NAN,
		.state = HOLD_COUNTING, .counting = 1, .hold_index = 2,
		.pelvis_verdict = -1, .led = LED_COUNT,
		.flags = FLAG_BIT(FLAG_STALE) | FLAG_BIT(FLAG_GAP) },
		.band_low_deg = 50.0, .counted_s = 12.44, .prescribed_s = 30.0,
		.holds = INT32_MIN, .green = 1, .advice = "say \"a\\b\"\n\xfc" };
	static const char *const parts[] = { "{\"class\":\"row\",\"t_s\":1.500000,",
		",\"thigh_elevation_deg\":43.210,",
		",\"thigh_elevation_method\":\"measured\",", ",\"signal\":null,",
		",\"state\":\"counting\",", ",\"counting\":true,", ",\"hold_index\":2,",
		",\"pelvis_verdict\":null,", ",\"led\":\"count\",",
		",\"flags\":\"stale gap\",", ",\"band_low_deg\":50.0,",
		",\"counted_s\":12.4,", ",\"prescribed_s\":30.0,", ",\"holds\":null,",
		",\"red\":false,", ",\"green\":true,",
		",\"advice\":\"say \\\"a\\\\b\\\"??\"}\n" };
	char text[ROW_TEXT_MAX];
	size_t length = live_json(&row, text, sizeof text);

	(void)state;
	assert_int_equal(length, strlen(text));
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(text, parts[i]) == NULL)
			fail_msg("%s is not in %s", parts[i], text);
	/* one byte less than it takes: nothing, not half a line */
	assert_int_equal(live_json(&row, text, length + 1), length);
	assert_int_equal(live_json(&row, text, length), 0);
}

/* ---- ten clients in a session ---- */

#define MINUTE_S 60.0
#define CLIENTS 10
#define STALLED 3 /* the first ones: watch and raw, and never read */
#define NOISY 3   /* sends random bytes; those behind it read all they get */

static struct live_rig rig;
static int fds[CLIENTS];
static struct random noise;
static bool connected;

static struct {
	int64_t at_us[LIVE_LAGS]; /* LED changes on the virtual clock */
	int led[LIVE_LAGS], changes;
	uint64_t samples, bytes_of_noise, rounds;
	int rows_heard[CLIENTS], changes_heard[CLIENTS], samples_heard[CLIENTS];
	int stops;
	bool asked;
} seen[2], *now;

static void talk(struct live_rig *r, double t_s)
{
	(void)r;
	(void)t_s;
	if (!connected)
		return;
	for (int i = 0; i < 8; i++) {
		char bytes[200];

		for (size_t k = 0; k < sizeof bytes; k++)
			bytes[k] = (char)(random_u64(&noise) & 0xff);
		if (send(fds[NOISY], bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
			now->bytes_of_noise += sizeof bytes;
	}
	(void)heard(fds[NOISY]);
}

/* Counts the lines by class; a row whose LED differs from the one before is a change. */
static void listen_to(int i)
{
	static char led[CLIENTS][16];
	const char *at = heard(fds[i]);

	for (; *at != '\0'; at = strchr(at, '\n') + 1) {
		const char *word = strstr(at, "\"led\":\"");

		assert_non_null(strchr(at, '\n')); /* whole lines only */
		if (strncmp(at, "{\"class\":\"sample\"", 17) == 0)
			now->samples_heard[i]++;
		if (strncmp(at, "{\"class\":\"row\"", 14) != 0)
			continue;
		now->rows_heard[i]++;
		assert_non_null(word);
		if (strncmp(word + 7, led[i], strcspn(word + 7, "\"") + 1) == 0)
			continue;
		snprintf(led[i], sizeof led[i], "%.*s", (int)strcspn(word + 7, "\"") + 1,
			word + 7);
		now->changes_heard[i]++;
	}
}

/* As the daemon does: the row at 10 Hz and at every change, each sample. */
static void publish(struct live_rig *r, const struct sample *sample)
{
	static int64_t told_us;
	static int led;
	char text[ROW_TEXT_MAX];
	struct live_row row;
	struct raw_row raw;
	const struct row_part parts[] = { { raw_table(RAW_EVENT | RAW_TEMP), &raw } };
	size_t length;

	if (now->samples++ == 0)
		told_us = 0, led = -1;
	if (r->run.out.judged.led != led && now->changes < LIVE_LAGS) {
		now->at_us[now->changes] = r->bus.now_us;
		now->led[now->changes++] = r->run.out.judged.led;
	}
	if (r->run.out.judged.led != led || r->bus.now_us - told_us >= 100000) {
		live_fill(&row, &r->run);
		assert_true(!(fabs(row.counted_s - r->run.out.counted_s) > 0.0));
		assert_int_equal(row.green, r->run.out.lamp.green);
		assert_string_equal(row.advice, session_advice(&r->run.state));
		length = live_json(&row, text, sizeof text);
		assert_true(length > 0);
		control_stream(&control, CONTROL_ROWS, text, length);
		told_us = r->bus.now_us;
	}
	led = r->run.out.judged.led;
	raw_row_fill(&raw, sample, NULL);
	length = row_json(text, sizeof text, "sample", parts, 1);
	assert_true(length > 0);
	control_stream(&control, CONTROL_SAMPLES, text, length);
}

static bool go_on(void *context, int64_t now_us)
{
	(void)context;
	control_round(&control, now_us);
	now->rounds++;
	for (int i = NOISY + 1; i < CLIENTS && connected; i++)
		listen_to(i);
	return true;
}

static void stop_by_name(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	struct event event = { .kind = EVENT_STOP };

	keep_request(context, c, from, request);
	snprintf(event.word[0], sizeof event.word[0], "%s", request->reason);
	if (request->command == CONTROL_STOP) {
		loop_event(&rig.loop, &event);
		now->stops++;
	}
}

/* In the third hold, ten seconds after it settled, client 4 says stop. */
static void watch(struct live_rig *r, const struct sample *sample)
{
	double t_s = live_time_s(r, r->bus.now_us);

	publish(r, sample);
	if (now->asked || t_s < r->wearer.plan.holds[2].settled_s + 10.0)
		return;
	now->asked = true;
	say(fds[4], "{\"cmd\":\"stop\",\"reason\":\"fatigue\"}\n");
}

static void run_session(int which, bool clients, const char *folder)
{
	now = &seen[which];
	memset(now, 0, sizeof *now);
	connected = clients;
	random_seed(&noise, 11, 0);
	live_init(&rig, 1, 21);
	rig.world = talk;
	rig.watch = clients ? watch : publish;
	live_begin(&rig, temp_path(folder));
	control.request = stop_by_name;
	rig.loop.round = go_on;
	assert_true(loop_watch(&rig.loop, control_fd(&control), control_serve, &control));
	for (int i = 0; i < CLIENTS && clients; i++) {
		fds[i] = client();
		if (i == NOISY)
			continue;
		say(fds[i], "{\"cmd\":\"watch\"}\n");
		if (i < STALLED || i % 2 == 0)
			say(fds[i], "{\"cmd\":\"raw\"}\n");
	}
	(void)live_loop(&rig);
	(void)go_on(NULL, rig.bus.now_us);
	live_end(&rig);
	for (int i = 0; i < CLIENTS && clients; i++)
		close(fds[i]);
}

static void same_replay(void)
{
	char folder[PATH_MAX], again[PATH_MAX], path[2][PATH_MAX + 16];
	const char *words[] = { "stretchctl", "replay", folder, "--output", again, NULL };
	static const char *const names[] = { "samples.csv", "holds.csv" };

	snprintf(folder, sizeof folder, "%s",
		rig.run.files[rig.run.at].store.target);
	snprintf(again, sizeof again, "%s", temp_path("again"));
	assert_int_equal(program_run(words).status, 0);
	for (int n = 0; n < 2; n++) {
		size_t size[2];
		char *text[2];

		snprintf(path[0], sizeof path[0], "%s/%s", folder, names[n]);
		snprintf(path[1], sizeof path[1], "%s/%s", again, names[n]);
		for (int i = 0; i < 2; i++)
			text[i] = temp_read(path[i], &size[i]);
		assert_int_equal(size[0], size[1]);
		assert_memory_equal(text[0], text[1], size[0]);
		free(text[0]);
		free(text[1]);
	}
}

static void ten_clients(void **state)
{
	int same = 0;

	(void)state;
	run_session(0, false, "alone");
	run_session(1, true, "watched");
	printf("# ten clients, three stalled, %.1f min on the virtual clock: %llu samples, "
		"%d LED changes; alone: %llu and %d; %llu kB of noise, %llu lines refused\n",
		live_time_s(&rig, rig.bus.now_us) / 60.0, (unsigned long long)now->samples,
		now->changes, (unsigned long long)seen[0].samples, seen[0].changes,
		(unsigned long long)now->bytes_of_noise / 1000,
		(unsigned long long)control.counters.mistakes);
	assert_true(live_time_s(&rig, rig.bus.now_us) > MINUTE_S);
	assert_int_equal(rig.absent[SITE_THIGH], 0);
	assert_int_equal(rig.run.state.health[HEALTH_GAPS], 0);
	assert_int_equal(rig.loop.events_lost, 0);
	/* the stalled ones are gone, nobody else */
	assert_int_equal(control.counters.slow, STALLED);
	assert_true(now->bytes_of_noise > 60 * CONTROL_READ_PER_S / 2);
	/* Until the stop, every LED change at the very moment it has without clients. */
	while (same < now->changes && same < seen[0].changes &&
		now->at_us[same] == seen[0].at_us[same] &&
		now->led[same] == seen[0].led[same])
		same++;
	printf("# %d LED changes up to the stop, each at the very same moment\n", same);
	assert_true(same >= 12);
	assert_int_equal(now->led[same], LED_SHORT); /* stopped */
	assert_int_equal(now->stops, 1);
	assert_int_equal(rig.hold[2].result, RESULT_STOPPED);
	assert_int_equal(rig.hold[2].reason, REASON_FATIGUE);
	assert_true(fabs(rig.hold[2].hold_s - 10.0) < 4.0);
	/* from the request to the lamp: the next drain, as with the button */
	assert_true(live_lag_ms(&rig, 0.99) <= 150.0);
	for (int i = NOISY + 1; i < CLIENTS; i++) {
		assert_int_equal(now->changes_heard[i], now->changes);
		assert_true(now->rows_heard[i] <= (int)(10.1 * (double)(rig.bus.now_us -
			rig.begun_us) * 1e-6) + now->changes);
		assert_int_equal(now->samples_heard[i], i % 2 == 0 ? now->samples : 0);
	}
	same_replay();
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(greets_and_answers),
		TEST(reads_a_note),
		TEST(bad_lines),
		TEST(long_lines),
		TEST(a_talker_waits_for_the_next_second),
		TEST(a_slow_reader_is_dropped),
		TEST(half_closed),
		TEST(places),
		TEST(listens),
		TEST(samples_survive),
		TEST(a_row_in_json),
		TEST(ten_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
