/* Lines of the control socket; see control_request.h. */
#include "linux/control_request.h"

#include <errno.h>
#include <string.h>

#include "stretch/hold.h"

#define ID_MAX 64
#define BIT(command) (1u << CONTROL_##command)

const struct control_command_about control_commands[CONTROL_COMMANDS] = {
	[CONTROL_HELLO] = { "hello", "say which protocol you speak; answered with ours" },
	[CONTROL_STATUS] = { "status", "session, state, sensors and counters, once" },
	[CONTROL_WATCH] = { "watch", "the judged row, ten times a second at most, and at "
		"every change of LED or state" },
	[CONTROL_RAW] = { "raw", "every sample of the sensors, as raw.csv has it" },
	[CONTROL_START] = { "start", "begin a timed hold, or wake from idle" },
	[CONTROL_STOP] = { "stop", "end a hold at once, as the button does" },
	[CONTROL_NEXT] = { "next", "leave this exercise for the next one" },
	[CONTROL_REFERENCE] = { "reference", "take the reference pose again" },
	[CONTROL_NOTE] = { "note", "pain, warm-up and straps of this session" },
	[CONTROL_RELOAD] = { "reload", "read the prescription again, for the next run" },
};

/* What else is a reason comes from judging, not from a person. */
static const char *reason_wrong(const char *text)
{
	static const enum hold_reason said[] = { REASON_PAIN, REASON_FATIGUE,
		REASON_OTHER };

	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		if (strcmp(text, hold_reason_names[said[i]]) == 0)
			return NULL;
	return "not pain, fatigue or other";
}

#define AT(member) .offset = offsetof(struct control_request, member), \
	.size = sizeof(((struct control_request *)0)->member)

const struct control_member control_members[] = {
	{ "protocol", BIT(HELLO), CONTROL_INT, 1, 1000, AT(protocol), NULL,
		"the version that you speak" },
	{ "on", BIT(WATCH) | BIT(RAW), CONTROL_BOOL, 0, 1, AT(on), NULL,
		"false ends the stream; without it: true" },
	{ "reason", BIT(STOP), CONTROL_WORD, 0, 0, AT(reason), reason_wrong,
		"pain, fatigue or other; without it: other" },
	{ "pain_before", BIT(NOTE), CONTROL_INT, 0, SESSION_NOTE_PAIN_MAX,
		AT(pain_before), NULL, "0 none to 10 worst" },
	{ "pain_after", BIT(NOTE), CONTROL_INT, 0, SESSION_NOTE_PAIN_MAX,
		AT(pain_after), NULL, "0 none to 10 worst" },
	{ "warm_up", BIT(NOTE), CONTROL_BOOL, 0, 1, AT(warm_up), NULL,
		"true: warmed up before" },
	{ "strapped_by", BIT(NOTE), CONTROL_WORD, 0, 0, AT(strapped_by),
		setting_label_wrong, "label of who put the sensors on" },
	{ "text", BIT(NOTE), CONTROL_WORD, 0, 0, AT(text), session_note_text_wrong,
		"one line of words" },
};

const size_t control_member_count = sizeof control_members / sizeof control_members[0];

static int mistake(struct problem *problem, const char *member, const char *what)
{
	problem_set(problem, "%s: %s", member, what);
	/* jansson quotes the line; a line may hold anything */
	for (char *c = problem->text; *c != '\0'; c++)
		if ((unsigned char)*c > 0x7e)
			*c = '?';
	return -EBADMSG;
}

static int put_number(struct control_request *r, const struct control_member *m,
	int64_t value, struct problem *problem)
{
	char what[64];
	int32_t number = (int32_t)value;

	if (value < m->min || value > m->max) {
		snprintf(what, sizeof what, "not a whole number from %d to %d",
			(int)m->min, (int)m->max);
		return mistake(problem, m->name, what);
	}
	memcpy((char *)r + m->offset, &number, sizeof number);
	return 0;
}

static int put_word(struct control_request *r, const struct control_member *m,
	const json_t *value, struct problem *problem)
{
	const char *text = json_string_value(value), *wrong;
	size_t length = json_string_length(value);

	if (length >= m->size)
		return mistake(problem, m->name, "too long");
	if (strlen(text) != length)
		return mistake(problem, m->name, "a zero byte in it");
	wrong = m->wrong(text);
	if (wrong != NULL)
		return mistake(problem, m->name, wrong);
	memcpy((char *)r + m->offset, text, length + 1);
	return 0;
}

static int put_member(struct control_request *r, const struct control_member *m,
	const json_t *value, struct problem *problem)
{
	switch (m->type) {
	case CONTROL_BOOL:
		if (!json_is_boolean(value))
			return mistake(problem, m->name, "not true or false");
		return put_number(r, m, json_is_true(value), problem);
	case CONTROL_INT:
		if (!json_is_integer(value))
			return mistake(problem, m->name, "not a whole number");
		return put_number(r, m, json_integer_value(value), problem);
	case CONTROL_WORD:
		if (!json_is_string(value))
			return mistake(problem, m->name, "not a text");
		if (m->offset == offsetof(struct control_request, text))
			r->has_text = true;
		return put_word(r, m, value, problem);
	}
	return -EBADMSG;
}

static int read_id(struct control_request *r, json_t *root, struct problem *problem)
{
	json_t *id = json_object_get(root, "id");

	if (id == NULL)
		return 0;
	if (!json_is_integer(id) &&
		!(json_is_string(id) && json_string_length(id) <= ID_MAX))
		return mistake(problem, "id", "not a whole number or a text of at most "
			"64 bytes");
	r->id = json_incref(id);
	return 0;
}

static int read_command(struct control_request *r, const json_t *root,
	struct problem *problem)
{
	const json_t *cmd = json_object_get(root, "cmd");

	if (!json_is_string(cmd))
		return mistake(problem, "cmd", "missing, or not a text. write "
			"{\"cmd\":\"status\"}");
	for (int i = 0; i < CONTROL_COMMANDS; i++)
		if (strcmp(json_string_value(cmd), control_commands[i].name) == 0) {
			r->command = (enum control_command)i;
			return 0;
		}
	return mistake(problem, "cmd", "no such command. see stretchd-control(5)");
}

static int read_members(struct control_request *r, json_t *root, struct problem *problem)
{
	const char *key;
	json_t *value;
	bool any = false;

	json_object_foreach(root, key, value) {
		const struct control_member *found = NULL;
		int error;

		if (strcmp(key, "cmd") == 0 || strcmp(key, "id") == 0)
			continue;
		for (size_t i = 0; i < control_member_count; i++)
			if (strcmp(control_members[i].name, key) == 0 &&
				(control_members[i].commands & 1u << r->command) != 0)
				found = &control_members[i];
		if (found == NULL)
			return mistake(problem, key, "this command has no such member");
		error = put_member(r, found, value, problem);
		if (error != 0)
			return error;
		any = true;
	}
	if (r->command == CONTROL_NOTE && !any)
		return mistake(problem, "note", "none of its members. see "
			"stretchd-control(5)");
	return 0;
}

int control_request_parse(struct control_request *r, const char *line, size_t length,
	struct problem *problem)
{
	json_error_t why;
	json_t *root;
	int error;

	*r = (struct control_request){ .command = CONTROL_COMMANDS, .protocol = -1,
		.on = 1, .pain_before = -1, .pain_after = -1, .warm_up = -1 };
	snprintf(r->reason, sizeof r->reason, "%s", hold_reason_names[REASON_OTHER]);
	root = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL)
		return mistake(problem, "not one JSON object a line", why.text);
	if (json_is_object(root)) {
		error = read_id(r, root, problem);
		if (error == 0)
			error = read_command(r, root, problem);
		if (error == 0)
			error = read_members(r, root, problem);
	} else {
		error = mistake(problem, "not one JSON object a line", "it is an array");
	}
	json_decref(root);
	return error;
}

void control_request_end(struct control_request *r)
{
	json_decref(r->id);
	r->id = NULL;
}
