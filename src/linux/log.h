/*
 * What the daemon says of itself, in lines on standard error.
 *
 * Each kind of line has a level and whom it blames in one table: the machine (device),
 * what a person wrote (user), or this program (bug). When standard error is the journal,
 * a line begins with its level as <N> (sd-daemon(3)) and without the program's name, which
 * the journal knows; else with the name.
 *
 * A sensor with a loose wire can fail ten times a second for a night. The same line again
 * within a minute is held back and counted, and so is whatever exceeds ten lines of a kind
 * in a minute; the count is told with the next line of that kind. Lines that belong
 * together, such as all mistakes of a file, count as one: a part of them helps nobody.
 */
#ifndef STRETCH_LINUX_LOG_H
#define STRETCH_LINUX_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum log_kind {
	LOG_STEP,     /* what it does now */
	LOG_SENSOR,   /* a sensor fails, comes, goes */
	LOG_STORAGE,  /* sessions and their folder */
	LOG_ASK,      /* a person has to do something: accept, mend a file */
	LOG_MISTAKE,  /* refused: settings, prescription, rights */
	LOG_SYSTEM,   /* it cannot go on: lines, disk, memory */
	LOG_BUG,      /* what must not happen */
	LOG_KINDS
};

struct log_rule {
	const char *name;  /* of the kind, for counters */
	int level;         /* of syslog(3): 3 error, 4 warning, 5 notice, 6 information */
	const char *blame; /* device, user, bug; "": nobody */
};

extern const struct log_rule log_rules[LOG_KINDS];

#define LOG_TEXT_MAX 640
#define LOG_SAME_US INT64_C(60000000)
#define LOG_BUDGET 10 /* lines of a kind in that time */

struct log {
	FILE *out;
	const char *program; /* "": the journal */
	bool journal;
	struct {
		size_t length;              /* of the last line, */
		unsigned long check;        /* its CRC-32 */
		int64_t last_us, minute_us; /* and its time; begin of the budget's minute */
		unsigned in_minute, held;   /* held back since the last line */
		uint64_t lines, held_total;
	} kind[LOG_KINDS];
};

/* journal_stream: the variable JOURNAL_STREAM ("device:inode"), NULL without one. */
void log_init(struct log *log, FILE *out, const char *program,
	const char *journal_stream);

/* One line, without its newline; false: it was held back. Time is CLOCK_MONOTONIC. */
bool log_line(struct log *log, enum log_kind kind, int64_t now_us, const char *text);

/*
 * The lines of text, each ended by a newline, as one entry. Each has its level in the
 * journal; elsewhere they stand as they are, FILE:LINE first.
 */
bool log_lines(struct log *log, enum log_kind kind, int64_t now_us, const char *text);

/* "sensor 3 (12 held back), mistake 1": lines so far, kinds that had none left out. */
void log_counts(const struct log *log, char *text, size_t size);

/* The process' own log, on standard error, now. */
void log_open(const char *program);
void log_say(enum log_kind kind, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void log_say_counts(char *text, size_t size);

/*
 * Lines that are written to a stream first. begin: true, or out of memory and out is
 * standard error. end: says them, if any; text stays until free.
 */
struct log_list {
	FILE *out;
	char *text; /* NULL without memory */
	size_t length;
};

bool log_list_begin(struct log_list *list);
void log_list_end(struct log_list *list, enum log_kind kind);
void log_list_free(struct log_list *list);

#endif
