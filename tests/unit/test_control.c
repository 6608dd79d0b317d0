/*
 * The control socket: its lines, its bounds, its clients, its place. Expected answers are
 * written out from the protocol's description.
 */
#include <errno.h>
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

#include "../support/control_rig.h"
#include "../support/temp_files.h"
#include "linux/control.h"
#include "linux/control_link.h"

static struct control *const control = &control_rig.control;

#define HELLO "{\"class\":\"hello\",\"protocol\":1,\"program\":\"stretchd\","

static void greets_and_answers(void **state)
{
	int fd = control_rig_client();

	(void)state;
	assert_int_equal(strncmp(control_rig_heard(fd), HELLO, strlen(HELLO)), 0);
	control_rig_say(fd, "{\"cmd\":\"stop\",\"reason\":\"pain\",\"id\":7}\n");
	assert_int_equal(control_rig.last.command, CONTROL_STOP);
	assert_string_equal(control_rig.last.reason, "pain");
	assert_string_equal(control_rig_heard(fd),
		"{\"class\":\"answer\",\"cmd\":\"stop\",\"id\":7}\n");
	/* three in one piece, one in two, blank lines and a carriage return between */
	control_rig_say(fd, "{\"cmd\":\"next\"}\n\n{\"cmd\":\"start\"}\r\n"
		"{\"cmd\":\"reload\",\"id\":\"a\"}\n{\"cmd\":\"refe");
	assert_int_equal(control_rig.requests, 4);
	control_rig_say(fd, "rence\"}\n");
	assert_int_equal(control_rig.last.command, CONTROL_REFERENCE);
	assert_int_equal(control_rig.requests, 5);
	assert_int_equal(control->counters.lines, 5);
	assert_int_equal(control->counters.mistakes, 0);
	close(fd);
}

static void reads_a_note(void **state)
{
	int fd = control_rig_client();

	(void)state;
	control_rig_say(fd,
		"{\"cmd\":\"note\",\"pain_before\":0,\"pain_after\":10,\"warm_up\":false,"
		"\"strapped_by\":\"anna-1\",\"text\":\"felt \\u00fc fine\"}\n");
	assert_int_equal(control_rig.requests, 1);
	assert_int_equal(control_rig.last.pain_before, 0);
	assert_int_equal(control_rig.last.pain_after, 10);
	assert_int_equal(control_rig.last.warm_up, 0);
	assert_string_equal(control_rig.last.strapped_by, "anna-1");
	assert_string_equal(control_rig.last.text, "felt \xc3\xbc fine");
	control_rig_say(fd, "{\"cmd\":\"note\",\"pain_after\":3}\n");
	assert_int_equal(control_rig.last.pain_before, -1);
	assert_int_equal(control_rig.last.warm_up, -1);
	assert_false(control_rig.last.has_text);
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
	int fd = control_rig_client();

	(void)state;
	(void)control_rig_heard(fd);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		json_t *answer;
		char line[256];

		snprintf(line, sizeof line, "%s\n", table[i].line);
		control_rig_say(fd, line);
		answer = json_loads(control_rig_heard(fd), 0, NULL);
		assert_non_null(answer); /* exactly one object */
		assert_string_equal(json_string_value(json_object_get(answer, "class")),
			"error");
		if (strncmp(json_string_value(json_object_get(answer, "message")),
			    table[i].message, strlen(table[i].message)) != 0)
			fail_msg("%s: %s", table[i].line,
				json_string_value(json_object_get(answer, "message")));
		json_decref(answer);
	}
	assert_int_equal(control_rig.requests, 0);
	assert_int_equal(control->counters.mistakes, sizeof table / sizeof table[0]);
	control_rig_say(fd, "{\"cmd\":\"next\"}\n");
	assert_int_equal(control_rig.requests, 1);
	close(fd);
}

/* A line may have CONTROL_LINE_MAX bytes with its newline, and not one more. */
static void long_lines(void **state)
{
	char text[3 * CONTROL_LINE_MAX];
	int fd = control_rig_client();

	(void)state;
	(void)control_rig_heard(fd);
	memset(text, ' ', sizeof text);
	memcpy(text, "{\"cmd\":\"next\"}", 14);
	text[CONTROL_LINE_MAX - 1] = '\n';
	text[CONTROL_LINE_MAX] = '\0';
	control_rig_say(fd, text);
	assert_int_equal(control_rig.requests, 1);
	(void)control_rig_heard(fd);
	text[CONTROL_LINE_MAX - 1] = text[CONTROL_LINE_MAX] = ' ';
	text[sizeof text - 2] = '\n';
	text[sizeof text - 1] = '\0';
	control_rig_say(fd, text);
	for (int i = 0; i < 4; i++)
		control_serve(control);
	assert_int_equal(control_rig.requests, 1);
	assert_string_equal(control_rig_heard(fd),
		"{\"class\":\"error\",\"message\":\"the line is "
		"longer than 1023 bytes\"}\n");
	control_rig_say(fd, "{\"cmd\":\"next\"}\n");
	assert_int_equal(control_rig.requests, 2);
	close(fd);
}

static void a_talker_waits_for_the_next_second(void **state)
{
	char text[1024];
	int fd = control_rig_client();
	uint64_t lines;

	(void)state;
	control_round(control, 5000000);
	memset(text, 'x', sizeof text);
	for (size_t i = 63; i < sizeof text; i += 64)
		text[i] = '\n';
	for (int i = 0; i < 100; i++) {
		(void)send(fd, text, sizeof text, MSG_DONTWAIT | MSG_NOSIGNAL);
		control_serve(control);
		(void)control_rig_heard(fd);
	}
	lines = control->counters.lines;
	assert_int_equal(lines, CONTROL_READ_PER_S / 64);
	assert_true(control->counters.throttled >= 1);
	control_round(control, 5900000);
	control_serve(control);
	assert_int_equal(control->counters.lines, lines);
	control_round(control, 6000000);
	control_serve(control);
	assert_true(control->counters.lines > lines);
	close(fd);
}

static void a_slow_reader_is_dropped(void **state)
{
	char line[1001];
	int slow = control_rig_client(), quick = control_rig_client();
	size_t got = 0;
	int sent = 0;

	(void)state;
	(void)control_rig_heard(quick);
	control_rig_say(slow, "{\"cmd\":\"watch\"}\n");
	control_rig_say(quick, "{\"cmd\":\"watch\"}\n");
	(void)control_rig_heard(quick);
	memset(line, 'r', sizeof line - 1);
	line[999] = '\n';
	line[1000] = '\0';
	while (control->counters.slow == 0 && sent < 1000) {
		control_stream(control, CONTROL_ROWS, line, 1000);
		control_round(control, sent++);
		got += strlen(control_rig_heard(quick));
	}
	/* Our bound, and what the kernel takes: it doubles what it was asked for and
	 * counts its own bookkeeping. */
	printf("# a reader that stalls is dropped after %d kB\n", sent);
	assert_true(sent > CONTROL_OUT_MAX / 1000);
	assert_true(sent < (CONTROL_OUT_MAX + 4 * CONTROL_SEND_BUFFER) / 1000);
	assert_int_equal(control->counters.slow, 1);
	assert_int_equal(got, 1000 * (size_t)sent); /* the other one missed nothing */
	assert_true(control_wanted(control, CONTROL_ROWS));
	close(quick);
	control_serve(control);
	assert_false(control_wanted(control, CONTROL_ROWS));
	close(slow);
}

/* echo '{"cmd":"next"}' | nc -U: it sends, closes its half, and waits. */
static void half_closed(void **state)
{
	int fd = control_rig_client();

	(void)state;
	(void)control_rig_heard(fd);
	assert_int_equal(send(fd, "{\"cmd\":\"next\"}\n", 15, 0), 15);
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 3; i++)
		control_serve(control);
	assert_string_equal(control_rig_heard(fd),
		"{\"class\":\"answer\",\"cmd\":\"next\"}\n");
	assert_string_equal(control_rig_heard(fd), "EOF");
	close(fd);
}

static void places(void **state)
{
	int fd[CONTROL_CLIENTS], pair[2];

	(void)state;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		fd[i] = control_rig_client();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(control_adopt(control, pair[0]), -EBUSY);
	assert_non_null(strstr(control_rig_heard(pair[1]), "too many clients"));
	close(pair[1]);
	close(fd[3]);
	control_serve(control);
	fd[3] = control_rig_client(); /* its place is free again */
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		close(fd[i]);
	assert_int_equal(control->counters.refused, 1);
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
	assert_int_equal(control_listen(control, path, &problem), 0);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0660);
	fd = dial(path);
	control_serve(control);
	assert_int_equal(strncmp(control_rig_heard(fd), HELLO, strlen(HELLO)), 0);
	close(fd);
	/* a second daemon is refused and does the first no harm */
	assert_int_equal(control_init(&other), 0);
	assert_int_equal(control_listen(&other, path, &problem), -EADDRINUSE);
	assert_non_null(strstr(problem.text, "another stretchd listens"));
	control_close(&other);
	close(dial(path));
	/* killed: the socket stays behind, and is replaced */
	assert_int_equal(control_init(&other), 0);
	close(control->listen_fd);
	control->listen_fd = -1;
	assert_int_equal(control_listen(&other, path, &problem), 0);
	close(dial(path));
	control_close(&other);
	assert_int_equal(stat(path, &about), -1);
	/* what is no socket is nobody's to remove */
	(void)temp_write_text("control", "mine");
	assert_int_equal(control_listen(control, path, &problem), -EINVAL);
	assert_int_equal(stat(path, &about), 0);
	memset(path, 'x', 120);
	path[0] = '/';
	path[120] = '\0';
	assert_int_equal(control_listen(control, path, &problem), -EINVAL);
}

/* A daemon that stands still takes nobody: a client is not kept for ever. */
static void a_stopped_daemon_keeps_nobody(void **state)
{
	static struct control_link link;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct problem problem;
	int fds[64], count = 0;

	(void)state;
	snprintf(address.sun_path, sizeof address.sun_path, "%s", temp_path("control"));
	assert_int_equal(control_listen(control, address.sun_path, &problem), 0);
	do {
		assert_true(count < 64);
		fds[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	} while (connect(fds[count++], (struct sockaddr *)&address, sizeof address) == 0);
	assert_int_equal(errno, EAGAIN); /* the queue is full */
	alarm(60); /* instead of for ever */
	assert_int_equal(control_link_open(&link, address.sun_path, &problem),
		-ETIMEDOUT);
	alarm(0);
	assert_non_null(strstr(problem.text, "is it stuck?"));
	assert_int_equal(link.fd, -1);
	while (count > 0)
		close(fds[--count]);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown( \
		function, control_rig_set_up, control_rig_tear_down)

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
		TEST(a_stopped_daemon_keeps_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
