/*
 * The subcommands of stretchctl: one table, one file each.
 */
#ifndef STRETCH_STRETCHCTL_COMMAND_H
#define STRETCH_STRETCHCTL_COMMAND_H

#include <stddef.h>

/* Exit statuses of every program. */
#define EXIT_NO 1     /* it ran, and the answer is no */
#define EXIT_USAGE 2  /* wrong usage or bad input */
#define EXIT_SYSTEM 3 /* cannot open, disk, device */

int cmd_accept(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_clock(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_next(int argc, char **argv);
int cmd_note(int argc, char **argv);
int cmd_orient(int argc, char **argv);
int cmd_prescription(int argc, char **argv);
int cmd_reference(int argc, char **argv);
int cmd_reload(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_review(int argc, char **argv);
int cmd_sessions(int argc, char **argv);
int cmd_simulate(int argc, char **argv);
int cmd_start(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_watch(int argc, char **argv);

struct command {
	const char *name;
	const char *help;
	int (*run)(int argc, char **argv);
};

extern const struct command commands[];
extern const size_t command_count;

#endif
