/*
 * The other end of the control socket: stretchctl's. Waits, with a limit.
 */
#ifndef STRETCH_LINUX_CONTROL_LINK_H
#define STRETCH_LINUX_CONTROL_LINK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "linux/problem.h"

#define CONTROL_LINK_MAX 65536 /* bytes of a line from the daemon */

struct control_link {
	int fd; /* -1: not connected */
	size_t used;
	char in[CONTROL_LINK_MAX];
};

/*
 * Connects and reads the greeting. 0; -ENOENT or -ECONNREFUSED when nobody listens,
 * -EACCES without the right to, -ETIMEDOUT when it takes or greets nobody (it is stuck),
 * -EPROTO when the daemon speaks a later protocol, another -errno; problem says what to
 * do. *link need not be initialised.
 */
int control_link_open(struct control_link *link, const char *path,
	struct problem *problem);

/* Sends one object, which is released. 0 or -errno. */
int control_link_say(struct control_link *link, json_t *object, struct problem *problem);

/*
 * The next object into *object (the caller's to release). 1; 0 when none came within
 * timeout_ms (negative: no limit) or a signal came; -EPIPE when the daemon hung up,
 * -EBADMSG for what is no object, another -errno.
 */
int control_link_read(struct control_link *link, int timeout_ms, json_t **object,
	struct problem *problem);

/*
 * Sends one request and waits for its answer (the caller's to release); what streams in
 * between is passed over. 0; 1 when the daemon refuses: then its member message says why,
 * in a line or more; or as above.
 */
int control_link_request(struct control_link *link, json_t *request, json_t **answer,
	struct problem *problem);

/* The same; -EINVAL when the daemon refuses, its words in problem as one line. */
int control_link_ask(struct control_link *link, json_t *request, json_t **answer,
	struct problem *problem);

void control_link_close(struct control_link *link);

#endif
