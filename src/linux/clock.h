/*
 * The two clocks of the system, kept apart: CLOCK_MONOTONIC for durations, the
 * wall clock for headers only, and never without saying whether it is trusted.
 */
#ifndef STRETCH_LINUX_CLOCK_H
#define STRETCH_LINUX_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT_MAX 40

enum clock_source { CLOCK_NONE, CLOCK_NTP, CLOCK_RTC, CLOCK_PERSON, CLOCK_SOURCES };

extern const char *const clock_source_names[CLOCK_SOURCES];

/* Microseconds on CLOCK_MONOTONIC. */
int64_t clock_monotonic_us(void);

/* Sleeps until that moment on CLOCK_MONOTONIC; a signal ends it early. */
void clock_sleep_until_us(int64_t t_us);

/* Is the wall clock disciplined? (adjtimex: synchronised, maxerror below 16 s) */
enum clock_source clock_trust(void);

/* Identity of this run of the kernel, "" when it cannot be read. Monotonic times of
 * the same boot can be compared. */
void clock_boot_id(char text[CLOCK_TEXT_MAX]);

/* The moment that was so long ago (microseconds), as ISO 8601 with offset. */
void clock_iso_ago(char text[CLOCK_TEXT_MAX], int64_t ago_us);

/* Now as ISO 8601 with offset; and the local date, "undated" when not trusted. */
void clock_iso(char text[CLOCK_TEXT_MAX]);
void clock_date(char text[CLOCK_TEXT_MAX], enum clock_source trust);

/* Hour of the local day, 0..23; -1 when the clock is not trusted. */
int clock_hour(enum clock_source trust);

#endif
