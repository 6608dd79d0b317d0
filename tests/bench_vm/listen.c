/*
 * What a running stretchd tells on its socket, as short lines for the machine's console:
 *
 *   @session NAME       one begins, or "-": none runs
 *   @row T_S STATE      ten times a second at most
 *   @hold NAME INDEX    a hold's row is on the disk
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bench_vm.h"
#include "linux/control_link.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

static void print(const json_t *object)
{
	const char *class = text_of(object, "class");
	const json_t *session = json_object_get(object, "session");

	if (strcmp(class, "row") == 0)
		printf("@row %.2f %s\n", json_number_value(json_object_get(object, "t_s")),
			text_of(object, "state"));
	else if (strcmp(class, "hold") == 0)
		printf("@hold %s %d\n", text_of(object, "session"),
			(int)json_integer_value(json_object_get(object, "hold_index")));
	else if (session != NULL)
		printf("@session %s\n", text_of(session, "session"));
	fflush(stdout);
}

/* listen SOCKET: until the daemon hangs up. */
int bench_listen(int argc, char **argv)
{
	static struct control_link link; /* large */
	struct problem problem;
	json_t *object;
	int got = argc == 2 ? control_link_open(&link, argv[1], &problem) : -1;

	if (got == 0)
		got = control_link_say(&link, json_pack("{s:s}", "cmd", "watch"), &problem);
	if (got != 0) {
		fprintf(stderr, "bench_vm listen: %s\n", argc == 2 ? problem.text : "usage");
		return 3;
	}
	while ((got = control_link_read(&link, -1, &object, &problem)) >= 0) {
		if (got == 0)
			continue;
		print(object);
		json_decref(object);
	}
	return 0;
}
