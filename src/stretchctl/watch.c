/*
 * stretchctl watch: the running session, full screen or line by line. It connects
 * again by itself when stretchd was restarted.
 */
#include <errno.h>
#include <poll.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "linux/clock.h"
#include "linux/control_link.h"
#include "linux/output.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/places.h"
#include "stretchctl/watch_screen.h"

#define STATUS_US 2000000 /* sensors and counters are asked for that often */
#define RETRY_MS 1000
#define PLAIN_US 1000000  /* without a change, one line that often */
#define NOTICE_US 4000000
#define SILENT_US 5000000 /* an answer to status is due by then: old rows are no news */

struct watch {
	const char *socket;
	bool plain, once, help;
	struct watch_view view;
	struct control_link link;
	int64_t asked_us, heard_us, printed_us, noticed_us;
	char state[WATCH_WORD], led[WATCH_WORD];
	bool was_there; /* connected at least once */
};

static volatile sig_atomic_t ended;

static void on_signal(int number)
{
	ended = number;
}

static void print_help(void)
{
	puts("Usage: stretchctl watch [OPTION]...\n"
	       "Angle, band, timer, advice, pelvis, LED, sensors of the running session.\n"
	       "Connects again by itself when stretchd was restarted.\n\n"
	       "      --plain         lines instead of the full screen: one at each change\n"
	       "                      of state or LED, one a second otherwise, and one for\n"
	       "                      each hold that is stored. So also when standard\n"
	       "                      output is no terminal, or one without a cursor\n"
	       "      --once          with --plain: end when stretchd does, do not wait\n"
	       "      --socket PATH   where stretchd listens (as the service's settings say)\n"
	       "      --help          this text\n\n"
	       "Keys: b begin a timed hold, or wake it; s stop; p stop for pain; n next\n"
	       "exercise; r reference again; q quit.\n\n"
	       "Exit status: 0 done; 2 wrong usage; 3 stretchd does not listen (--once),\n"
	       "or trouble of the system.");
}

/* ---- the link ---- */

static int ask(struct watch *w, const char *cmd, const char *reason)
{
	struct problem problem;

	return control_link_say(&w->link, json_pack("{s:s,s:s*}", "cmd", cmd, "reason",
		reason), &problem);
}

static void lose(struct watch *w, const char *why)
{
	control_link_close(&w->link);
	watch_clear(&w->view);
	snprintf(w->view.notice, sizeof w->view.notice, "%s%s",
		w->was_there ? "the connection is gone: " : "", why);
	w->state[0] = w->led[0] = '\0';
}

static int connect_to(struct watch *w)
{
	struct problem problem;
	int error = control_link_open(&w->link, w->socket, &problem);

	if (error == 0)
		error = ask(w, "status", NULL);
	if (error == 0)
		error = ask(w, "watch", NULL);
	if (error != 0) {
		lose(w, problem.text);
		return error;
	}
	watch_clear(&w->view);
	w->view.connected = w->was_there = true;
	w->asked_us = w->heard_us = clock_monotonic_us();
	return 0;
}

/* Asks for the status now and then; a daemon that does not answer is lost: what it said
 * last must not stand there as if it were so. */
static void keep_asking(struct watch *w, int64_t now_us)
{
	if (now_us - w->heard_us > SILENT_US) {
		lose(w, "stretchd says nothing any more: is it stuck?");
	} else if (now_us - w->asked_us >= STATUS_US) {
		w->asked_us = now_us;
		if (ask(w, "status", NULL) != 0)
			lose(w, "it does not listen any more");
	}
}

/* ---- lines ---- */

static void print_row(struct watch *w)
{
	int64_t now_us = clock_monotonic_us();
	char text[8 * WATCH_TEXT];

	if (strcmp(w->state, w->view.state) == 0 && strcmp(w->led, w->view.led) == 0 &&
		now_us - w->printed_us < PLAIN_US)
		return;
	memcpy(w->state, w->view.state, sizeof w->state);
	memcpy(w->led, w->view.led, sizeof w->led);
	w->printed_us = now_us;
	watch_line(&w->view, text, sizeof text);
	puts(text);
	if (fflush(stdout) != 0)
		ended = SIGPIPE;
}

static void print_told(struct watch *w)
{
	if (w->view.told[0] == '\0')
		return;
	puts(w->view.told);
	w->view.told[0] = '\0';
	if (fflush(stdout) != 0)
		ended = SIGPIPE;
}

static int run_plain(struct watch *w)
{
	int error = connect_to(w);

	if (error != 0 && w->once) {
		fprintf(stderr, "stretchctl watch: %s\n", w->view.notice);
		return EXIT_SYSTEM;
	}
	while (ended == 0) {
		struct problem problem;
		json_t *object;
		int got;

		if (!w->view.connected) {
			fprintf(stderr, "stretchctl watch: %s%s\n", w->view.notice,
				w->once ? "" : "; tried again every second");
			if (w->once)
				return 0;
			while (ended == 0 && connect_to(w) != 0)
				(void)poll(NULL, 0, RETRY_MS);
			if (ended == 0)
				fputs("stretchctl watch: connected\n", stderr);
			continue;
		}
		got = control_link_read(&w->link, RETRY_MS, &object, &problem);
		if (got == 1)
			w->heard_us = clock_monotonic_us();
		if (got < 0)
			lose(w, problem.text);
		else if (got == 0)
			keep_asking(w, clock_monotonic_us());
		else if (watch_hear(&w->view, object))
			print_row(w);
		print_told(w);
		json_decref(got == 1 ? object : NULL);
	}
	return 0;
}

/* ---- the screen ---- */

static void take_key(struct watch *w, int key)
{
	static const struct {
		int key;
		const char *cmd, *reason;
	} keys[] = { { 'b', "start", NULL }, { 's', "stop", NULL },
		{ 'p', "stop", "pain" }, { 'n', "next", NULL },
		{ 'r', "reference", NULL } };

	if (key == 'q' || key == 'Q')
		ended = SIGTERM;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (key == keys[i].key && w->view.connected)
			(void)ask(w, keys[i].cmd, keys[i].reason);
}

/* Everything that has come; then, now and then, sensors and counters. */
static void hear_all(struct watch *w)
{
	int64_t now_us = clock_monotonic_us();
	bool had = w->view.notice[0] != '\0';
	struct problem problem;
	json_t *object;
	int got;

	while ((got = control_link_read(&w->link, 0, &object, &problem)) == 1) {
		(void)watch_hear(&w->view, object);
		w->heard_us = now_us;
		json_decref(object);
	}
	if (got < 0) {
		lose(w, problem.text);
		return;
	}
	if (w->view.told[0] != '\0') {
		snprintf(w->view.notice, sizeof w->view.notice, "%s", w->view.told);
		w->view.told[0] = '\0';
		had = false;
	}
	if (w->view.notice[0] != '\0' && !had)
		w->noticed_us = now_us;
	else if (had && now_us - w->noticed_us > NOTICE_US)
		w->view.notice[0] = '\0';
	keep_asking(w, now_us);
}

static int run_screen(struct watch *w)
{
	int64_t tried_us = 0;

	if (!watch_screen_open()) {
		fputs("stretchctl watch: this terminal cannot be drawn on: lines instead\n",
			stderr);
		return run_plain(w);
	}
	while (ended == 0) {
		struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = w->link.fd, .events = POLLIN } };
		int key;

		if (!w->view.connected && clock_monotonic_us() - tried_us >
				RETRY_MS * 1000) {
			tried_us = clock_monotonic_us();
			(void)connect_to(w);
		}
		watch_screen_show(&w->view);
		(void)poll(fds, 2, 250);
		if ((fds[0].revents & (POLLHUP | POLLERR)) != 0)
			ended = SIGHUP;
		while ((key = watch_screen_key()) != 0)
			take_key(w, key);
		if (w->view.connected)
			hear_all(w);
	}
	watch_screen_close();
	return 0;
}

int cmd_watch(int argc, char **argv)
{
	static struct watch w; /* large: a line from the daemon */
	struct settings service;
	const struct sigaction action = { .sa_handler = on_signal };
	const struct option_slot slots[] = {
		{ "socket", '\0', &w.socket, NULL },
		{ "plain", '\0', NULL, &w.plain },
		{ "once", '\0', NULL, &w.once },
		{ "help", '\0', NULL, &w.help },
	};
	int status = options_read(slots, sizeof slots / sizeof slots[0], argc, argv);

	if (status == 0 && optind < argc)
		status = options_refuse(argv[0], argv[optind], "not an option");
	if (status != 0)
		return status;
	if (w.help) {
		print_help();
		return output_end(argv[0]);
	}
	places_fill(argv[0], &service, NULL, &w.socket);
	w.link.fd = -1;
	watch_clear(&w.view);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	if (w.plain || isatty(STDOUT_FILENO) != 1 || isatty(STDIN_FILENO) != 1)
		status = run_plain(&w);
	else
		status = run_screen(&w);
	control_link_close(&w.link);
	return status != 0 ? status : output_end(argv[0]);
}
