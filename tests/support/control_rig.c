/* A control socket without a daemon; see control_rig.h. */
#include "control_rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "temp_files.h"

#define TEXT_MAX 262144

struct control_rig control_rig;

void control_rig_request(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	(void)context;
	control_rig.last = *request;
	control_rig.last.id = NULL;
	control_rig.requests++;
	if (request->command == CONTROL_WATCH)
		from->streams |= CONTROL_ROWS;
	if (request->command == CONTROL_RAW)
		from->streams |= CONTROL_SAMPLES;
	control_answer(c, from, request, NULL);
}

int control_rig_set_up(void **state)
{
	(void)state;
	temp_make();
	assert_int_equal(control_init(&control_rig.control), 0);
	control_rig.control.request = control_rig_request;
	control_rig.requests = 0;
	return 0;
}

int control_rig_tear_down(void **state)
{
	(void)state;
	control_close(&control_rig.control);
	temp_remove();
	return 0;
}

int control_rig_client(void)
{
	int fd[2];

	/* only this end does not block: the other one must never wait by itself */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fcntl(fd[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(control_adopt(&control_rig.control, fd[0]), 0);
	return fd[1];
}

void control_rig_say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	control_serve(&control_rig.control);
}

const char *control_rig_heard(int fd)
{
	static char text[TEXT_MAX];
	ssize_t got;
	size_t used = 0;

	while ((got = recv(fd, text + used, sizeof text - 1 - used, MSG_DONTWAIT)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	return used == 0 && got == 0 ? "EOF" : text;
}
