/*
 * The two clocks of the system, kept apart: CLOCK_MONOTONIC for durations, the
 * wall clock for headers only, and never without saying whether it is trusted.
 */
#ifndef STRETCH_LINUX_CLOCK_H
#define STRETCH_LINUX_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT_MAX 40

enum clock_source { CLOCK_NONE, CLOCK_NTP, CLOCK_RTC, CLOCK_PERSON, CLOCK_SOURCES };

extern const char *const clock_source_names[CLOCK_SOURCES];

/* Microseconds on CLOCK_MONOTONIC. */
int64_t clock_monotonic_us(void);

/* Sleeps until that moment on CLOCK_MONOTONIC; a signal ends it early. */
void clock_sleep_until_us(int64_t t_us);

/*
 * Who vouches for the wall clock: NTP (adjtimex: synchronised, maxerror below 16 s),
 * else a clock chip that is set, or nobody. A person's word is in clock_said.h.
 */
enum clock_source clock_trust(void);

/*
 * Does a clock chip below folder ("/sys/class/rtc") say the same as the wall clock at
 * now_s (seconds since 1970)? One that lost its power stands in the past, or cannot be
 * read: not before this program was written, and not 30 s away from the wall clock.
 */
bool clock_chip_agrees(const char *folder, int64_t now_s);

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
