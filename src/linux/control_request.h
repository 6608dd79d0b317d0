/*
 * A line of the control socket as a command: one table of commands, one of their
 * members. Reader, stretchctl, completion and manual come from them.
 *
 * A request is one JSON object a line: {"cmd":"stop","reason":"pain","id":7}. A
 * member that the command does not know is a mistake, not ignored.
 */
#ifndef STRETCH_LINUX_CONTROL_REQUEST_H
#define STRETCH_LINUX_CONTROL_REQUEST_H

#include <jansson.h>
#include <stdint.h>

#include "linux/problem.h"
#include "linux/session_note.h"
#include "stretch/sample.h"
#include "stretch/setting.h"

#define CONTROL_PROTOCOL 1 /* grows when an old client would be misled */

enum control_command {
	CONTROL_HELLO,
	CONTROL_STATUS,
	CONTROL_WATCH,
	CONTROL_RAW,
	CONTROL_START,
	CONTROL_STOP,
	CONTROL_NEXT,
	CONTROL_REFERENCE,
	CONTROL_NOTE,
	CONTROL_RELOAD,
	CONTROL_COMMANDS
};

struct control_command_about {
	const char *name;
	const char *help;
};

extern const struct control_command_about control_commands[CONTROL_COMMANDS];

enum control_type { CONTROL_BOOL, CONTROL_INT, CONTROL_WORD };

/* One member of a request: which commands take it, what it may be. */
struct control_member {
	const char *name;
	unsigned commands; /* bit = enum control_command */
	enum control_type type;
	int32_t min, max;  /* of a number */
	size_t offset, size; /* in struct control_request */
	const char *(*wrong)(const char *text); /* of a text; NULL: it is right */
	const char *help;
};

extern const struct control_member control_members[];
extern const size_t control_member_count;

struct control_request {
	enum control_command command; /* CONTROL_COMMANDS: none could be read */
	int32_t protocol;             /* of hello; -1: not said */
	int32_t on;                   /* of watch, raw */
	int32_t pain_before, pain_after, warm_up; /* of note; -1: not said */
	char reason[EVENT_WORD_MAX];  /* of stop; a name of hold_reason_names */
	char strapped_by[SETTING_LABEL_MAX];
	char text[SESSION_NOTE_TEXT_MAX + 1];
	bool has_text;
	json_t *id; /* a text or a whole number to be given back; NULL: none */
};

/*
 * Reads one line without its newline. 0, or -EBADMSG with what is wrong and what
 * to do; command and id are then set as far as they could be read. Either way
 * control_request_end releases what it holds.
 */
int control_request_parse(struct control_request *request, const char *line,
	size_t length, struct problem *problem);

void control_request_end(struct control_request *request);

#endif
