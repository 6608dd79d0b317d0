/* A push button without its bounce. (How: see lines_button.h.) */
#include "lines_button.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SETTLE_NS 10000000L
#define NS_PER_S INT64_C(1000000000)
#define EDGES_AT_ONCE 64 /* a floating line must not hold the caller up */

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int start_timer(const struct button *button)
{
	struct itimerspec when = { .it_value.tv_nsec = SETTLE_NS };

	if (!button->edges)
		when.it_interval.tv_nsec = SETTLE_NS;
	return timerfd_settime(button->timer_fd, 0, &when, NULL) == 0 ? 0 : -errno;
}

static int watch(int poll_fd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int button_open(struct button *button, struct backend_request *request)
{
	int fd = backend_fd(request);
	int error = 0;

	*button = (struct button){ .request = request, .edges = fd >= 0 };
	button->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	button->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (button->timer_fd < 0 || button->poll_fd < 0)
		error = -errno;
	if (error == 0)
		error = watch(button->poll_fd, button->timer_fd);
	if (error == 0 && button->edges)
		error = watch(button->poll_fd, fd);
	if (error == 0 && !button->edges)
		error = start_timer(button);
	if (error == 0) {
		button->reported = backend_get(request);
		button->seen = button->reported;
		if (button->reported < 0)
			error = button->reported;
	}
	if (error != 0)
		button_close(button);
	return error;
}

/* Takes the edges that wait; 0 or -errno. */
static int take_edges(struct button *button)
{
	struct pollfd wait = { .fd = backend_fd(button->request), .events = POLLIN };

	for (int i = 0; i < EDGES_AT_ONCE && poll(&wait, 1, 0) > 0; i++) {
		int64_t t_ns;
		int got = backend_edge(button->request, &t_ns);

		if (got < 0)
			return got;
		if (!button->moving)
			button->moved_ns = t_ns;
		button->moving = true;
		got = start_timer(button);
		if (got < 0)
			return got;
	}
	return 0;
}

/* True when the level may be believed. */
static bool settled(struct button *button, int level)
{
	if (button->edges) {
		button->moving = false;
		return true;
	}
	if (level == button->seen)
		return true;
	button->seen = level;
	button->moved_ns = now_ns();
	return false;
}

int button_read(struct button *button, struct line_edge *edge)
{
	uint64_t expired;
	int level, error;

	if (button->edges) {
		error = take_edges(button);
		if (error < 0)
			return error;
	}
	if (read(button->timer_fd, &expired, sizeof(expired)) < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	level = backend_get(button->request);
	if (level < 0)
		return level;
	if (!settled(button, level) || level == button->reported)
		return 0;
	button->reported = level;
	edge->t_ns = button->moved_ns;
	edge->pressed = level == 1;
	return 1;
}

void button_close(struct button *button)
{
	if (button->timer_fd >= 0)
		close(button->timer_fd);
	if (button->poll_fd >= 0)
		close(button->poll_fd);
	button->timer_fd = -1;
	button->poll_fd = -1;
}
