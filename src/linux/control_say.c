/* What the control socket says: hello, answers, errors; see control.h. */
#include "linux/control_say.h"

#include <stdio.h>
#include <string.h>

#include "linux/version.h"

/* One object to one client; it is released. NULL: nothing (no memory). */
static void send_object(struct control *c, struct control_client *to, json_t *object)
{
	char text[CONTROL_OUT_MAX / 4];
	const size_t flags = JSON_COMPACT | JSON_ENSURE_ASCII;
	size_t length = object == NULL ? 0
		: json_dumpb(object, text, sizeof text - 1, flags);

	(void)c;
	json_decref(object);
	if (length == 0 || length > sizeof text - 1)
		return;
	text[length] = '\n';
	control_put(to, text, length + 1);
}

static json_t *begin(const char *class, const struct control_request *request)
{
	json_t *object = json_pack("{s:s}", "class", class);

	if (request->command < CONTROL_COMMANDS)
		json_object_set_new(object, "cmd",
			json_string(control_commands[request->command].name));
	if (request->id != NULL)
		json_object_set(object, "id", request->id);
	return object;
}

void control_answer(struct control *c, struct control_client *to,
	const struct control_request *request, json_t *more)
{
	json_t *object = begin("answer", request);

	if (more != NULL)
		json_object_update(object, more);
	json_decref(more);
	send_object(c, to, object);
}

void control_refuse(struct control *c, struct control_client *to,
	const struct control_request *request, const char *message)
{
	json_t *object = begin("error", request);

	json_object_set_new(object, "message", json_string(message));
	send_object(c, to, object);
}

void control_greet(struct control *c, struct control_client *client)
{
	json_t *object = json_pack("{s:s,s:i,s:s,s:s}", "class", "hello",
		"protocol", CONTROL_PROTOCOL, "program", "stretchd",
		"version", STRETCH_VERSION);

	send_object(c, client, object);
}

json_t *control_json(const struct control *c)
{
	const struct control_counters *n = &c->counters;
	int now = 0;

	for (int i = 0; i < CONTROL_CLIENTS; i++)
		now += c->client[i].fd >= 0;
	return json_pack("{s:i,s:I,s:I,s:I,s:I,s:I,s:I}", "clients_now", now,
		"clients", (json_int_t)n->clients, "refused", (json_int_t)n->refused,
		"slow", (json_int_t)n->slow, "lines", (json_int_t)n->lines,
		"mistakes", (json_int_t)n->mistakes,
		"throttled", (json_int_t)n->throttled);
}
