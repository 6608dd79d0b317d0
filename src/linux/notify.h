/*
 * What a service manager is told: up, still alive, what it is doing, going down.
 *
 * The protocol is sd_notify(3)'s. Without a manager (no NOTIFY_SOCKET), or built
 * without libsystemd, every call does nothing. Time is passed in.
 */
#ifndef STRETCH_LINUX_NOTIFY_H
#define STRETCH_LINUX_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#define NOTIFY_TEXT_MAX 256

struct notify {
	int64_t every_us; /* between two signs of life; 0: nobody waits for them */
	int64_t alive_us; /* last one */
	bool ready;       /* that it is up was told */
	char status[NOTIFY_TEXT_MAX]; /* last one told */
};

/* Asks the surroundings whether somebody watches, and how often. */
void notify_init(struct notify *notify);

/* One line for people; told when it is another one than before. No heap. */
void notify_status(struct notify *notify, const char *text);

/*
 * A round of the loop is complete: the first one tells that the service is up, later
 * ones give the sign of life when it is due (half the watchdog's time). True: one was
 * due and given, so that the caller begins to look anew for the next.
 */
bool notify_round(struct notify *notify, int64_t now_us);

/* It ends on its own will. */
void notify_stopping(struct notify *notify);

#endif
