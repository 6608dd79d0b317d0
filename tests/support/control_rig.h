/*
 * A control socket without a daemon, for tests: its clients are ends of socket pairs, and
 * its requests are kept and answered.
 */
#ifndef STRETCH_SUPPORT_CONTROL_RIG_H
#define STRETCH_SUPPORT_CONTROL_RIG_H

#include "linux/control.h"

struct control_rig {
	struct control control;
	struct control_request last; /* without its id */
	int requests;
};

extern struct control_rig control_rig;

/* For cmocka; a folder for temporary files is made and removed, too. */
int control_rig_set_up(void **state);
int control_rig_tear_down(void **state);

/* What is done with a request: it is kept, streams are begun, the answer is "done". */
void control_rig_request(void *context, struct control *c, struct control_client *from,
	const struct control_request *request);

/* A client's end of a new connection. */
int control_rig_client(void);

/* Sends the text, and lets the socket be served once. */
void control_rig_say(int fd, const char *text);

/* What has come, until the next call; "" when nothing; "EOF" when the daemon hung up. */
const char *control_rig_heard(int fd);

#endif
