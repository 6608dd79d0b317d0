/*
 * What a running stretchd tells on its socket, as short lines for the machine's console:
 *
 *   @session NAME       one begins, or "-": none runs
 *   @row T_S STATE      ten times a second at most
 *   @hold NAME INDEX    a hold's row is on the disk
 *   @stall SECONDS      the session's longest write so far, twice a second
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bench_vm.h"
#include "linux/clock.h"
#include "linux/control_link.h"

#define ASK_US 500000

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

static void print(const json_t *object)
{
	const char *class = text_of(object, "class");
	const json_t *session = json_object_get(object, "session");
	const json_t *stall = json_object_get(json_object_get(object, "counters"),
		"storage_stall_s");

	if (stall != NULL)
		printf("@stall %.3f\n", json_number_value(stall));
	else if (strcmp(class, "row") == 0)
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
	int64_t asked_us = 0;
	int got = argc == 2 ? control_link_open(&link, argv[1], &problem) : -1;

	if (got == 0)
		got = control_link_say(&link, json_pack("{s:s}", "cmd", "watch"), &problem);
	if (got != 0) {
		fprintf(stderr, "bench_vm listen: %s\n", argc == 2 ? problem.text : "usage");
		return 3;
	}
	while (got >= 0) {
		if (clock_monotonic_us() - asked_us > ASK_US) {
			asked_us = clock_monotonic_us();
			(void)control_link_say(&link, json_pack("{s:s}", "cmd", "status"),
				&problem);
		}
		got = control_link_read(&link, ASK_US / 1000, &object, &problem);
		if (got > 0) {
			print(object);
			json_decref(object);
		}
	}
	return 0;
}
