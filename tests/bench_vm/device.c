/*
 * The virtual MCP2221A as a process: /dev/uhid on one side, the emulated chips on the
 * other, a control channel of two named pipes beside it.
 *
 *   bench_vm device FOLDER     FOLDER/ask, FOLDER/answer (pipes), FOLDER/lines (log)
 *
 * A line written to `ask` is answered by one line in `answer`: commands of world.h, and
 *   unplug, plug     the whole adapter
 *   mark             forgets how slow the host was
 *   slow             answers with the longest time that a processor stood still, in ms
 * `lines` gets "TIME_US LINE LEVEL" whenever an output line changes; LINE is LINE_COUNT
 * (line_log.h) when the adapter itself is unplugged (0) or plugged in (1).
 */
#include "bench_vm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/uhid.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "line_log.h"
#include "linux/clock.h"
#include "mcp2221.h"
#include "pulse.h"
#include "world.h"

#define LINE_MAX_CHARS 256

struct device {
	struct world world;
	struct mcp2221 bridge;
	int uhid, ask, answer;
	FILE *log;
	bool plugged;
};

/* Unnumbered reports of 64 bytes in and out, as the real bridge describes them. */
static const uint8_t description[] = { 0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x09,
	0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02, 0x09,
	0x03, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xC0 };

static void log_line(struct device *d, int line, bool on)
{
	fprintf(d->log, "%" PRId64 " %d %d\n", clock_monotonic_us(), line, on);
}

static void line_changed(void *context, int line, bool on)
{
	log_line(context, line, on);
}

static void watch_lines(struct device *d)
{
	d->bridge.line_changed = line_changed;
	d->bridge.context = d;
}

static bool send(struct device *d, const struct uhid_event *event)
{
	return write(d->uhid, event, sizeof *event) == (ssize_t)sizeof *event;
}

static bool plug(struct device *d)
{
	struct uhid_event event = { .type = UHID_CREATE2 };
	struct uhid_create2_req *create = &event.u.create2;

	if (d->plugged)
		return true;
	snprintf((char *)create->name, sizeof create->name, "MCP2221 of the bench");
	memcpy(create->rd_data, description, sizeof description);
	create->rd_size = sizeof description;
	create->bus = 3; /* USB */
	create->vendor = 0x04D8;
	create->product = 0x00DD;
	d->plugged = send(d, &event);
	log_line(d, LINE_COUNT, true);
	return d->plugged;
}

/* Chips hang on the adapter's power. */
static bool unplug(struct device *d)
{
	const struct uhid_event event = { .type = UHID_DESTROY };

	if (!d->plugged)
		return true;
	d->plugged = false;
	log_line(d, LINE_COUNT, false);
	for (int i = 0; i < d->world.chips; i++)
		emul_power_cycle(&d->world.chip[i].emul);
	mcp2221_init(&d->bridge, &d->world.bus);
	watch_lines(d);
	return send(d, &event);
}

static void take_event(struct device *d)
{
	struct uhid_event event, reply = { .type = UHID_INPUT2 };

	if (read(d->uhid, &event, sizeof event) <= 0 || event.type != UHID_OUTPUT)
		return;
	world_advance(&d->world, clock_monotonic_us());
	reply.u.input2.size = MCP2221_REPORT;
	mcp2221_answer(&d->bridge, event.u.output.data, event.u.output.size,
		reply.u.input2.data);
	if (d->plugged)
		(void)send(d, &reply);
}

static void take_command(struct device *d)
{
	char line[LINE_MAX_CHARS], answer[LINE_MAX_CHARS] = "ok";
	ssize_t got = read(d->ask, line, sizeof line - 1);

	if (got <= 0)
		return;
	line[got] = '\0';
	line[strcspn(line, "\n")] = '\0';
	world_advance(&d->world, clock_monotonic_us());
	if (strcmp(line, "plug") == 0 || strcmp(line, "unplug") == 0) {
		if (!(line[0] == 'p' ? plug(d) : unplug(d)))
			snprintf(answer, sizeof answer, "no %s", strerror(errno));
	} else if (strcmp(line, "mark") == 0)
		pulse_forget();
	else if (strcmp(line, "slow") == 0)
		snprintf(answer, sizeof answer, "ok %" PRId64, pulse_longest_ms());
	else
		world_command(&d->world, clock_monotonic_us(), line, answer,
			sizeof answer - 1);
	strncat(answer, "\n", sizeof answer - strlen(answer) - 1);
	if (write(d->answer, answer, strlen(answer)) < 0)
		perror("answer");
}

/* Both ends are kept open, so that neither side ever waits for the other to come. */
static int open_pipe(const char *folder, const char *name)
{
	char path[LINE_MAX_CHARS];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (mkfifo(path, 0600) != 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDWR | O_CLOEXEC);
}

static bool open_all(struct device *d, const char *folder)
{
	char path[LINE_MAX_CHARS];

	snprintf(path, sizeof path, "%s/lines", folder);
	d->log = fopen(path, "ae"); /* others may empty it */
	d->ask = open_pipe(folder, "ask");
	d->answer = open_pipe(folder, "answer");
	d->uhid = open("/dev/uhid", O_RDWR | O_CLOEXEC);
	if (d->log != NULL)
		setvbuf(d->log, NULL, _IOLBF, 0);
	return d->log != NULL && d->ask >= 0 && d->answer >= 0 && d->uhid >= 0;
}

int bench_device(int argc, char **argv)
{
	static struct device d;
	struct pollfd wait[2];

	if (argc != 2 || !open_all(&d, argv[1])) {
		perror("bench_vm device FOLDER");
		return 3;
	}
	world_init(&d.world);
	mcp2221_init(&d.bridge, &d.world.bus);
	watch_lines(&d);
	if (!pulse_start() || !plug(&d)) {
		perror("bench_vm device");
		return 3;
	}
	wait[0] = (struct pollfd){ .fd = d.uhid, .events = POLLIN };
	wait[1] = (struct pollfd){ .fd = d.ask, .events = POLLIN };
	for (;;) {
		if (poll(wait, 2, 100) < 0 && errno != EINTR)
			return 3;
		if ((wait[0].revents & POLLIN) != 0)
			take_event(&d);
		if ((wait[1].revents & POLLIN) != 0)
			take_command(&d);
		world_advance(&d.world, clock_monotonic_us());
	}
}
