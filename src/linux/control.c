/* The control socket: clients, their lines, what waits for them; see control.h. */
#include "linux/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/control_say.h"

#define BACKLOG 8
#define LISTENER CONTROL_CLIENTS /* its number among epoll's events */
#define SECOND_US 1000000

/* ---- a client's descriptor ---- */

static void drop(struct control *c, struct control_client *client)
{
	(void)epoll_ctl(c->epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
	close(client->fd);
	client->fd = -1;
	client->streams = 0;
}

/* What epoll has to wake us for: room to write where something waits, bytes to read
 * where reading is allowed. A hang-up is told in any case. */
static void arm(struct control *c, struct control_client *client)
{
	struct epoll_event event = { .data.u32 = (uint32_t)(client - c->client) };

	if (!client->ended && client->read_left > 0)
		event.events |= EPOLLIN;
	if (client->out_used > client->out_from)
		event.events |= EPOLLOUT;
	if (event.events == client->events)
		return;
	client->events = event.events;
	(void)epoll_ctl(c->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

/* Writes what the kernel takes. */
static void flush(struct control *c, struct control_client *client)
{
	bool gone = false;

	while (client->out_from < client->out_used && !gone) {
		ssize_t sent = send(client->fd, client->out + client->out_from,
			client->out_used - client->out_from,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0)
			client->out_from += (size_t)sent;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
		else
			gone = errno != EINTR;
	}
	if (client->out_from == client->out_used)
		client->out_from = client->out_used = 0;
	if (client->slow)
		c->counters.slow++;
	if (gone || client->slow || (client->ended && client->out_used == 0 &&
			client->streams == 0))
		drop(c, client);
	else
		arm(c, client);
}

void control_put(struct control_client *client, const char *line, size_t length)
{
	if (client->fd < 0 || client->slow)
		return;
	if (length > CONTROL_OUT_MAX - client->out_used && client->out_from > 0) {
		client->out_used -= client->out_from;
		memmove(client->out, client->out + client->out_from, client->out_used);
		client->out_from = 0;
	}
	if (length > CONTROL_OUT_MAX - client->out_used) {
		client->slow = true; /* half a line would be a lie */
		return;
	}
	memcpy(client->out + client->out_used, line, length);
	client->out_used += length;
}

/* ---- lines ---- */

static void take_line(struct control *c, struct control_client *client, const char *line,
	size_t length)
{
	struct control_request request;
	struct problem problem;

	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (length == 0)
		return;
	c->counters.lines++;
	if (control_request_parse(&request, line, length, &problem) != 0) {
		c->counters.mistakes++;
		control_refuse(c, client, &request, problem.text);
	} else {
		c->request(c->context, c, client, &request);
	}
	control_request_end(&request);
}

static void take_long_line(struct control *c, struct control_client *client)
{
	static const struct control_request none = { .command = CONTROL_COMMANDS };
	char text[64];

	if (!client->skipping) {
		c->counters.lines++;
		c->counters.mistakes++;
		snprintf(text, sizeof text, "the line is longer than %d bytes",
			CONTROL_LINE_MAX - 1);
		control_refuse(c, client, &none, text);
	}
	client->skipping = true;
	client->in_used = 0;
}

static void take_lines(struct control *c, struct control_client *client)
{
	char *from = client->in, *end = client->in + client->in_used, *newline;

	while (!client->slow && from < end &&
		(newline = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		if (!client->skipping)
			take_line(c, client, from, (size_t)(newline - from));
		client->skipping = false;
		from = newline + 1;
	}
	client->in_used = (size_t)(end - from);
	memmove(client->in, from, client->in_used);
	if (client->in_used == sizeof client->in)
		take_long_line(c, client);
}

/* One bounded piece: the others, and the samples, have their turn after it. */
static void read_some(struct control *c, struct control_client *client)
{
	size_t room = sizeof client->in - client->in_used;
	size_t want = room < client->read_left ? room : client->read_left;
	ssize_t got;

	if (want == 0)
		return;
	got = recv(client->fd, client->in + client->in_used, want, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (got <= 0) {
		client->ended = true;
		return;
	}
	client->in_used += (size_t)got;
	client->read_left -= (size_t)got;
	c->counters.throttled += client->read_left == 0;
	take_lines(c, client);
}

/* ---- coming ---- */

int control_adopt(struct control *c, int fd)
{
	static const char full[] = "{\"class\":\"error\",\"message\":\"too many clients. "
		"try again later\"}\n";
	struct epoll_event event = { .events = EPOLLIN };
	int size = CONTROL_SEND_BUFFER, i = 0;
	struct control_client *client;

	while (i < CONTROL_CLIENTS && c->client[i].fd >= 0)
		i++;
	if (i == CONTROL_CLIENTS) {
		c->counters.refused++;
		(void)send(fd, full, sizeof full - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
		return -EBUSY;
	}
	client = &c->client[i];
	event.data.u32 = (uint32_t)i;
	if (epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	client->fd = fd;
	client->streams = 0;
	client->slow = client->ended = client->skipping = false;
	client->events = event.events;
	client->read_left = CONTROL_READ_PER_S;
	client->in_used = client->out_from = client->out_used = 0;
	c->counters.clients++;
	control_greet(c, client);
	flush(c, client);
	return 0;
}

/* One a time: who wants to come is still there in the next round. */
static void welcome(struct control *c)
{
	int fd = accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0)
		(void)control_adopt(c, fd);
}

/* ---- the loop's calls ---- */

int control_fd(const struct control *c)
{
	return c->epoll_fd;
}

void control_serve(void *control)
{
	struct control *c = control;
	struct epoll_event events[CONTROL_CLIENTS + 1];
	int count = epoll_wait(c->epoll_fd, events, CONTROL_CLIENTS + 1, 0);

	for (int i = 0; i < count; i++) {
		uint32_t who = events[i].data.u32;
		struct control_client *client;

		if (who == LISTENER) {
			welcome(c);
			continue;
		}
		client = &c->client[who];
		if (client->fd < 0)
			continue; /* dropped since */
		if ((events[i].events & EPOLLIN) != 0)
			read_some(c, client);
		if ((events[i].events & (EPOLLHUP | EPOLLERR)) != 0 &&
			(client->ended || (events[i].events & EPOLLIN) == 0))
			drop(c, client);
		if (client->fd >= 0)
			flush(c, client);
	}
}

void control_round(struct control *c, int64_t now_us)
{
	bool next = now_us - c->second_us >= SECOND_US || now_us < c->second_us;

	if (next)
		c->second_us = now_us;
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		struct control_client *client = &c->client[i];

		if (client->fd < 0)
			continue;
		if (next)
			client->read_left = CONTROL_READ_PER_S;
		if (client->slow || client->out_used > 0)
			flush(c, client);
		else if (next)
			arm(c, client);
	}
}

void control_stream(struct control *c, enum control_stream stream, const char *line,
	size_t length)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if ((c->client[i].streams & (unsigned)stream) != 0)
			control_put(&c->client[i], line, length);
}

bool control_wanted(const struct control *c, enum control_stream stream)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->client[i].fd >= 0 && (c->client[i].streams & (unsigned)stream) != 0)
			return true;
	return false;
}

/* ---- begin and end ---- */

int control_init(struct control *c)
{
	c->listen_fd = -1;
	c->path[0] = '\0';
	c->second_us = 0;
	memset(&c->counters, 0, sizeof c->counters);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		c->client[i].fd = -1;
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return c->epoll_fd < 0 ? -errno : 0;
}

/* What stands at the path: 0 nothing any more, or why it must stay. */
static int make_room(const struct sockaddr_un *address, struct problem *problem)
{
	struct stat about;
	int fd, error;

	if (lstat(address->sun_path, &about) != 0)
		return errno == ENOENT ? 0 : problem_errno(problem, address->sun_path,
			"look for the control socket", -errno);
	if (!S_ISSOCK(about.st_mode)) {
		problem_set(problem, "%s: there is something else than a socket. set "
			"control to another path", address->sun_path);
		return -EINVAL;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return problem_errno(problem, "control", "make a socket", -errno);
	error = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0
		? -EADDRINUSE : -errno;
	close(fd);
	if (error == -ECONNREFUSED)
		return unlink(address->sun_path) == 0 ? 0 : problem_errno(problem,
			address->sun_path, "remove the old control socket", -errno);
	problem_set(problem, "%s: another stretchd listens there. stop it, or set control "
		"to another path", address->sun_path);
	return -EADDRINUSE;
}

static int bind_socket(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0117); /* 0660 from the first moment on */
	int error = bind(fd, (const struct sockaddr *)address, sizeof *address) != 0
		? -errno : 0;

	(void)umask(before);
	if (error == 0 && listen(fd, BACKLOG) != 0)
		error = -errno;
	return error;
}

int control_listen(struct control *c, const char *path, struct problem *problem)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = LISTENER };
	int fd, error;

	if (strlen(path) >= sizeof address.sun_path) {
		problem_set(problem, "control: %s: a socket's path has at most %zu bytes",
			path, sizeof address.sun_path - 1);
		return -EINVAL;
	}
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	error = make_room(&address, problem);
	if (error != 0)
		return error;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return problem_errno(problem, "control", "make a socket", -errno);
	error = bind_socket(fd, &address);
	if (error == 0 && epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		error = -errno;
	if (error != 0) {
		close(fd);
		return problem_errno(problem, path, "listen for stretchctl", error);
	}
	c->listen_fd = fd;
	snprintf(c->path, sizeof c->path, "%s", path);
	return 0;
}

void control_close(struct control *c)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->client[i].fd >= 0) {
			flush(c, &c->client[i]);
			if (c->client[i].fd >= 0)
				drop(c, &c->client[i]);
		}
	if (c->listen_fd >= 0) {
		(void)unlink(c->path);
		close(c->listen_fd);
	}
	if (c->epoll_fd >= 0)
		close(c->epoll_fd);
	c->listen_fd = c->epoll_fd = -1;
}
