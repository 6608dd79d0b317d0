/*
 * inputs.json: everything beside raw.csv that a session was judged by.
 *
 * Numbers are written with 17 digits, so that reading them back gives the same
 * doubles and a replay the same bytes. Missing numbers are null.
 */
#ifndef STRETCH_LINUX_INPUTS_JSON_H
#define STRETCH_LINUX_INPUTS_JSON_H

#include <jansson.h>

#include "problem.h"
#include "stretch/session.h"

/* A new object (the caller's reference), or NULL without memory. */
json_t *inputs_to_json(const struct session_inputs *inputs);

/*
 * Reads path into *inputs. Returns 0; -EBADMSG when it is not such a file (the
 * problem names the member); another -errno when it cannot be read. note: "", or the line
 * to say about settings that this version has and the file has not, which keep their
 * defaults, and about those that only the file has.
 */
int inputs_read(const char *path, struct session_inputs *inputs, struct problem *note,
	struct problem *problem);

#endif
