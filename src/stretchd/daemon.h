/*
 * What the daemon's files share: one struct, and what each file does with it.
 *
 *   main.c     options, settings, start
 *   serve.c    run after run of the programme, until it is told to stop
 *   session.c  one session: source, alignment, store; and its end
 *   dates.c    which day it is, and who says so
 *   rounds.c   the loop's callbacks: sample, button, signals
 *   show.c     lamps and terminal
 *   talk.c     the control socket
 *   talk_events.c  what is asked of the session there
 *   talk_holds.c  holds that are on the disk, told there
 *   service.c  what the system wants of a service
 *
 * A status is a program's exit status; 0 is good.
 */
#ifndef STRETCH_STRETCHD_DAEMON_H
#define STRETCH_STRETCHD_DAEMON_H

#include <signal.h>

#include "linux/clock.h"
#include "linux/control.h"
#include "linux/instance.h"
#include "linux/log.h"
#include "linux/loop.h"
#include "linux/notify.h"
#include "linux/panel.h"
#include "linux/person.h"
#include "linux/press.h"
#include "linux/programme.h"
#include "linux/run.h"
#include "linux/source.h"
#include "stretch/sitting.h"

#define EXIT_NO 1
#define EXIT_USAGE 2
#define EXIT_SYSTEM 3
#define STATUS_STOPPED (-1) /* no exit status: a signal ended it, all is well */
#define WORDS_MAX 64

struct options {
	const char *config;
	const char *words[WORDS_MAX];
	size_t word_count;
	char speed[SETTING_LINE_MAX];
	bool check, print_config, foreground, dark, help, version;
};

#define TALK_HOLDS 8

/* Holds that are over and not told yet, the oldest first. */
struct talk_holds {
	struct talk_hold {
		struct hold_row row;
		uint32_t nth;     /* of its session's rows; told once so many are safe */
		int files;        /* run.files of its session */
	} waiting[TALK_HOLDS];
	int count;
	int32_t seen;             /* of the present session's attempts */
	int32_t attempts, done;   /* of them on the disk */
};

/* What the control socket has been told, and has to keep. */
struct talk {
	struct talk_holds holds;
	bool session;             /* one runs */
	int64_t row_us;           /* of the last row, CLOCK_MONOTONIC */
	int led, state;           /* in it; -1: none yet */
	bool noted;
	struct control_request note; /* for the end of the session */
	char folder[PATH_MAX];    /* of the session that ended last */
};

struct daemon {
	struct options options;
	struct settings settings;
	int lock;                 /* of the state folder; -1: none */
	struct programme programme;
	struct source source;
	bool source_open;         /* a recording goes on from step to step */
	bool source_ended;
	bool waiting;             /* no session: dark until the wearer moves */
	struct sitting sitting;
	int64_t origin_us;        /* session time begins there; -1: with the next sample */
	struct panel panel;       /* LEDs, buzzer and button on lines */
	struct loop loop;
	struct press press;
	int storage_error;        /* that stands in the recording */
	struct run run;
	int close_status;         /* of sessions whose files could not be closed */
	struct person person;     /* what earlier sessions taught */
	char person_of[SETTING_LABEL_MAX]; /* the wearer; "": nobody yet */
	char today[CLOCK_TEXT_MAX]; /* "undated": nothing is reused or learned */
	enum clock_source trust;
	int64_t dates_us;         /* the last look at it */
	bool undated;             /* a session ended without a date */
	int64_t shown_us;
	struct problem why;         /* no run could begin; "": it could */
	int64_t looked_us;          /* when that was last looked at */
	struct control control;
	struct talk talk;
	struct notify notify;
	unsigned sessions, kept;  /* ended; with a hold in them */
	uint64_t judged;          /* samples, when the last sign of life was given */
	char missing[sizeof(struct problem)]; /* why there is no sensor, once told */
	int64_t missing_since_us, retry_us;
	int source_error;
};

/* Set by signal handlers, looked at between rounds. */
extern volatile sig_atomic_t daemon_stop, daemon_hangup;

/* Says the problem; its exit status. */
int daemon_fail(const struct problem *problem, int error);

/* A sensor is worn: neither played nor simulated. */
bool daemon_live(const struct daemon *d);

/* ---- serve.c ---- */

/* All of it, from lamp test to dark. The exit status. */
int serve_run(struct daemon *d);

/* While it waits, and something keeps a run from beginning: is that still so? A look
 * every two seconds, so that `accept` is followed by the right status at once. */
void serve_look_idle(struct daemon *d, int64_t now_us);

/* ---- service.c ---- */

/* May it run at all? 0, or the exit status. Ended by service_end. */
int service_begin(struct daemon *d);
void service_end(struct daemon *d);

/*
 * The source could not be opened, for the reason given. As a service with a worn sensor
 * it shows `fault` and tries again until there is one: 0. Else says the reason; the exit
 * status, or STATUS_STOPPED.
 */
int service_await_sensor(struct daemon *d, const struct problem *why, int error);

/* Called once a round: tells the service manager. False: leave the loop. */
bool service_round(struct daemon *d, int64_t now_us);

/* ---- session.c ---- */

/* Opens the source once; a simulated wearer is another one for each step. */
int session_open_source(struct daemon *d);

/* The programme's present step begins, or ends; its files are closed meanwhile. */
int session_begin_step(struct daemon *d);
int session_end_step(struct daemon *d);

/* Takes the sessions whose files are closed by now, or waits for them; trouble is said
 * and kept in close_status. */
void session_collect(struct daemon *d, bool wait);

/* Closes what a power cut left open; the daemon starts regardless. */
void session_recover(struct daemon *d);

/* ---- dates.c ---- */

/* Who vouches for the clock now? Sessions that waited for that are dated. */
void dates_look(struct daemon *d);

/* The same once a minute. */
void dates_look_idle(struct daemon *d, int64_t now_us);

/* A session's beginning: today, and what dates it later if nobody vouches yet. Its
 * end: somebody may do so since. */
void dates_begin(struct daemon *d);
void dates_end(struct daemon *d);

/* ---- rounds.c ---- */

void rounds_prepare(struct daemon *d);

/* The panel's button is looked at between samples. */
void rounds_watch_button(struct daemon *d);

/*
 * The prescription again, and what came of it into the log and into said, which is to be
 * freed; its text is NULL without memory. 0 or as programme_reload.
 */
int rounds_reload(struct daemon *d, struct log_list *said);

/* Until the session is over, the source ends or a signal comes. */
int rounds_run(struct daemon *d);

/* ---- show.c ---- */

int show_take_lines(struct daemon *d); /* with the lamp test */
void show_release_lines(struct daemon *d); /* dark */
/* What else than the session the lamps are to show; their going and coming is told. */
void show_lamps(struct daemon *d, const struct lamp *lamp, int64_t now_us);
void show_open_view(struct daemon *d); /* --foreground */

/* Lamps at once; the terminal now and then, or when forced. */
void show_moment(struct daemon *d, bool force);

/* A data-ready line that is silent, the same. */
void show_say_lines(struct daemon *d);

/* A sensor that fails or comes back is told once, in words. */
void show_say_event(const struct daemon *d, const struct event *event);

/* ---- talk.c ---- */

/* The socket is there, or there is none; an exit status when another daemon has it. */
int talk_open(struct daemon *d);
void talk_close(struct daemon *d);

/* A session began; one ended, and its folder was kept; no other one follows. */
void talk_session_begun(struct daemon *d);
void talk_session_ended(struct daemon *d, bool kept);
void talk_run_over(struct daemon *d);

/* After each sample: to those who watch. No heap, no waiting. */
void talk_sample(struct daemon *d, const struct sample *sample);

/* ---- talk_events.c ---- */

/* Answers start, stop, next or reference; taken with the next sample. */
void talk_give_event(struct daemon *d, struct control_client *from,
	const struct control_request *request);

/* ---- talk_holds.c ---- */

/* A session begins, its files are open; a sample was judged or a session closed. */
void talk_holds_begun(struct daemon *d);
void talk_holds_tell(struct daemon *d);

#endif
