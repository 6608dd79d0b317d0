/* Between control.c and control_say.c: what is said, and the buffer it goes into. */
#ifndef STRETCH_LINUX_CONTROL_SAY_H
#define STRETCH_LINUX_CONTROL_SAY_H

#include "linux/control.h"

/* Whole lines into a client's buffer; one that does not fit makes the client slow. */
void control_put(struct control_client *client, const char *line, size_t length);

/* The first line that a client gets. */
void control_greet(struct control *control, struct control_client *client);

#endif
