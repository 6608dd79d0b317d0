/*
 * Any bytes on the control socket, in pieces of any size.
 *
 * Must hold: no crash; every line that comes back is one JSON object of a class that
 * the protocol has; as many answers and errors as lines with something in them were
 * counted; what reaches the daemon is in its range; the next good line is answered.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "linux/control.h"
#include "stretch/hold.h"

#define INPUT_MAX 8192 /* well under what is read in a second */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct control control;
static uint64_t answers, nexts;

static void must(int condition)
{
	if (!condition)
		abort();
}

static void take(void *context, struct control *c, struct control_client *from,
	const struct control_request *r)
{
	(void)context;
	must(r->command < CONTROL_COMMANDS);
	must(r->on == 0 || r->on == 1);
	must(r->pain_before >= -1 && r->pain_before <= SESSION_NOTE_PAIN_MAX);
	must(r->pain_after >= -1 && r->pain_after <= SESSION_NOTE_PAIN_MAX);
	must(r->warm_up >= -1 && r->warm_up <= 1);
	must(name_lookup(hold_reason_names, REASON_COUNT, r->reason) >= REASON_PAIN);
	must(r->strapped_by[0] == '\0' || setting_label_wrong(r->strapped_by) == NULL);
	must(session_note_text_wrong(r->text) == NULL);
	nexts += r->command == CONTROL_NEXT;
	control_answer(c, from, r, NULL);
}

static void read_answers(int fd)
{
	static char text[CONTROL_OUT_MAX * 2];
	ssize_t got = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);
	char *line = text, *end;

	if (got <= 0)
		return;
	text[got] = '\0';
	must(text[got - 1] == '\n' && strlen(text) == (size_t)got);
	for (; *line != '\0'; line = end + 1) {
		json_t *object;
		const char *class;

		end = strchr(line, '\n');
		object = json_loadb(line, (size_t)(end - line), 0, NULL);
		must(json_is_object(object));
		class = json_string_value(json_object_get(object, "class"));
		must(class != NULL);
		if (strcmp(class, "hello") != 0)
			answers++;
		must(strcmp(class, "hello") == 0 || strcmp(class, "answer") == 0 ||
			json_is_string(json_object_get(object, "message")));
		json_decref(object);
	}
}

/* The first byte says how large the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char good[] = "\n{\"cmd\":\"next\"}\n";
	size_t piece = size > 0 ? (size_t)data[0] * 8 + 1 : 1;
	int fd[2];
	uint64_t before;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	must(control_init(&control) == 0);
	control.request = take;
	answers = nexts = 0;
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
	must(control_adopt(&control, fd[0]) == 0);
	for (size_t at = 1; at < size; at += piece) {
		size_t length = size - at < piece ? size - at : piece;

		must(send(fd[1], data + at, length, 0) == (ssize_t)length);
		for (size_t n = 0; n <= length / CONTROL_LINE_MAX; n++) {
			control_serve(&control);
			read_answers(fd[1]);
		}
	}
	for (int i = 0; i < 3; i++)
		control_serve(&control);
	before = nexts;
	must(send(fd[1], good, sizeof good - 1, 0) == (ssize_t)sizeof good - 1);
	for (int i = 0; i < 3; i++) {
		control_serve(&control);
		read_answers(fd[1]);
	}
	must(nexts > before);
	must(answers == control.counters.lines);
	must(control.counters.mistakes <= control.counters.lines);
	close(fd[1]);
	control_close(&control);
	return 0;
}
