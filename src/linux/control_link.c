/* A client of the control socket; see control_link.h. */
#include "linux/control_link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "linux/clock.h"
#include "linux/control_request.h"

#define ANSWER_MS 5000
#define PLACE_S 2 /* for a place in the queue: the daemon takes them in a moment */

static int cannot(struct problem *problem, const char *path, int error)
{
	if (error == -ENOENT || error == -ECONNREFUSED)
		problem_set(problem, "%s: stretchd does not listen there. start it "
			"(systemctl start stretchd), or name its socket: --socket PATH",
			path);
	else if (error == -EACCES || error == -EPERM)
		problem_set(problem, "%s: you may not talk to stretchd. add yourself to its "
			"group (sudo adduser $USER stretchd) and log in again", path);
	else if (error == -EAGAIN)
		problem_set(problem, "%s: stretchd takes nobody: is it stuck?", path);
	else
		return problem_errno(problem, path, "connect", error);
	return error == -EAGAIN ? -ETIMEDOUT : error;
}

static int check_greeting(struct control_link *link, struct problem *problem)
{
	json_t *hello;
	int got = control_link_read(link, ANSWER_MS, &hello, problem), protocol = 0;
	const char *class = "";

	if (got <= 0) {
		if (got == 0)
			problem_set(problem, "stretchd does not greet: is it stuck?");
		return got == 0 ? -ETIMEDOUT : got;
	}
	(void)json_unpack(hello, "{s?s,s?i}", "class", &class, "protocol", &protocol);
	if (strcmp(class, "error") == 0) {
		problem_set(problem, "stretchd: %s",
			json_string_value(json_object_get(hello, "message")));
		got = -EBUSY;
	} else if (strcmp(class, "hello") != 0 || protocol != CONTROL_PROTOCOL) {
		problem_set(problem, "it speaks protocol %d, this stretchctl %d. install "
			"both from one release", protocol, CONTROL_PROTOCOL);
		got = -EPROTO;
	} else {
		got = 0;
	}
	json_decref(hello);
	return got;
}

int control_link_open(struct control_link *link, const char *path,
	struct problem *problem)
{
	const struct timeval limit = { .tv_sec = PLACE_S }; /* of connect(2), too */
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int error;

	link->used = 0;
	link->fd = -1;
	if (path[0] == '\0') {
		problem_set(problem, "stretchd has no socket: control is blank in its "
			"settings. fill it in, or name a socket: --socket PATH");
		return -ENOENT;
	}
	if (strlen(path) >= sizeof address.sun_path)
		return cannot(problem, path, -ENAMETOOLONG);
	memcpy(address.sun_path, path, strlen(path) + 1);
	link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return cannot(problem, path, -errno);
	(void)setsockopt(link->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	error = connect(link->fd, (const struct sockaddr *)&address, sizeof address) != 0
		? cannot(problem, path, -errno) : check_greeting(link, problem);
	if (error != 0)
		control_link_close(link);
	return error;
}

int control_link_say(struct control_link *link, json_t *object, struct problem *problem)
{
	char text[CONTROL_LINK_MAX];
	size_t length = object == NULL ? 0
		: json_dumpb(object, text, sizeof text - 1, JSON_COMPACT), sent = 0;

	json_decref(object);
	if (length == 0 || length > sizeof text - 1) {
		problem_set(problem, "no memory for a request");
		return -ENOMEM;
	}
	text[length++] = '\n';
	while (sent < length) {
		ssize_t now = send(link->fd, text + sent, length - sent, MSG_NOSIGNAL);

		if (now < 0 && errno != EINTR)
			return problem_errno(problem, "stretchd", "be told", -errno);
		sent += now > 0 ? (size_t)now : 0;
	}
	return 0;
}

/* A whole line of what has come: 1, 0 none, -EBADMSG. */
static int take_line(struct control_link *link, json_t **object, struct problem *problem)
{
	char *newline = memchr(link->in, '\n', link->used);
	size_t length;

	if (newline == NULL && link->used < sizeof link->in)
		return 0;
	length = newline != NULL ? (size_t)(newline - link->in) : link->used;
	*object = json_loadb(link->in, length, 0, NULL);
	if (newline == NULL || !json_is_object(*object)) {
		json_decref(*object);
		*object = NULL;
		problem_set(problem, "stretchd said something that is no JSON object");
		return -EBADMSG;
	}
	link->used -= length + 1;
	memmove(link->in, newline + 1, link->used);
	return 1;
}

int control_link_read(struct control_link *link, int timeout_ms, json_t **object,
	struct problem *problem)
{
	struct pollfd wait = { .fd = link->fd, .events = POLLIN };
	int64_t until_us = clock_monotonic_us() + (int64_t)timeout_ms * 1000;

	*object = NULL;
	for (;;) {
		int left_ms = timeout_ms, got = take_line(link, object, problem);
		ssize_t more;

		if (got != 0)
			return got;
		if (timeout_ms > 0)
			left_ms = (int)((until_us - clock_monotonic_us()) / 1000);
		got = poll(&wait, 1, timeout_ms > 0 && left_ms < 0 ? 0 : left_ms);
		if (got == 0 || (got < 0 && errno == EINTR))
			return 0;
		if (got < 0)
			return problem_errno(problem, "stretchd", "wait for", -errno);
		more = recv(link->fd, link->in + link->used,
			sizeof link->in - link->used, MSG_DONTWAIT);
		if (more < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (more == 0 || (more < 0 && errno == ECONNRESET)) {
			problem_set(problem, "stretchd hung up");
			return -EPIPE;
		}
		if (more < 0)
			return problem_errno(problem, "stretchd", "hear", -errno);
		link->used += (size_t)more;
	}
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

int control_link_request(struct control_link *link, json_t *request, json_t **answer,
	struct problem *problem)
{
	int64_t until_us = clock_monotonic_us() + ANSWER_MS * 1000;
	int got = control_link_say(link, request, problem);

	*answer = NULL;
	while (got >= 0 && clock_monotonic_us() < until_us) {
		const char *class;

		got = control_link_read(link, ANSWER_MS, answer, problem);
		if (got <= 0)
			continue;
		class = text_of(*answer, "class");
		if (strcmp(class, "answer") == 0)
			return 0;
		if (strcmp(class, "error") == 0)
			return 1;
		json_decref(*answer);
		*answer = NULL;
	}
	if (got >= 0)
		problem_set(problem, "stretchd does not answer: is it stuck?");
	return got < 0 ? got : -ETIMEDOUT;
}

int control_link_ask(struct control_link *link, json_t *request, json_t **answer,
	struct problem *problem)
{
	int got = control_link_request(link, request, answer, problem);

	if (got != 1)
		return got;
	problem_set(problem, "%s", text_of(*answer, "message"));
	json_decref(*answer);
	*answer = NULL;
	return -EINVAL;
}

void control_link_close(struct control_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}
