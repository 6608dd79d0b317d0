/* The system's clocks; see clock.h. */
#include "linux/clock.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "folder.h"
#include "number.h"

#define MAX_ERROR_US 16000000 /* NTP's own limit for a synchronised clock */
#define CHIPS "/sys/class/rtc"
#define WRITTEN_S INT64_C(1735689600) /* 2025-01-01: no clock that is set is before */
#define CHIP_APART_S 30 /* cheap crystals between two settings by NTP */

const char *const clock_source_names[CLOCK_SOURCES] = { "none", "ntp", "rtc", "person" };

int64_t clock_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_sleep_until_us(int64_t t_us)
{
	struct timespec until = { .tv_sec = t_us / 1000000,
		.tv_nsec = t_us % 1000000 * 1000 };

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static bool disciplined(void)
{
	struct timex state = { .modes = 0 };
	int result = adjtimex(&state);

	return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0 &&
		state.maxerror < MAX_ERROR_US;
}

struct chip_look {
	const char *folder;
	int64_t now_s;
};

/* The kernel gives its time in since_epoch, and an error when the chip is not set. */
static int look_at_chip(void *context, const char *name)
{
	const struct chip_look *look = context;
	char path[PATH_MAX], text[32] = "";
	int64_t chip_s;
	FILE *file;
	int length = snprintf(path, sizeof path, "%s/%s/since_epoch", look->folder, name);

	if (length < 0 || (size_t)length >= sizeof path)
		return 0;
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fgets(text, sizeof text, file) == NULL)
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return number_parse_int(text, WRITTEN_S, INT64_C(1) << 40, &chip_s) == 0 &&
		llabs(chip_s - look->now_s) <= CHIP_APART_S;
}

bool clock_chip_agrees(const char *folder, int64_t now_s)
{
	struct chip_look look = { folder, now_s };

	return folder_each(folder, look_at_chip, &look) > 0;
}

enum clock_source clock_trust(void)
{
	if (disciplined())
		return CLOCK_NTP;
	return clock_chip_agrees(CHIPS, (int64_t)time(NULL)) ? CLOCK_RTC : CLOCK_NONE;
}

void clock_boot_id(char text[CLOCK_TEXT_MAX])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	text[0] = '\0';
	if (file == NULL)
		return;
	if (fgets(text, CLOCK_TEXT_MAX, file) == NULL)
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
}

void clock_iso_ago(char text[CLOCK_TEXT_MAX], int64_t ago_us)
{
	struct timespec now;
	struct tm local;
	char day[24], zone[8];
	int64_t ms;
	time_t s;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - ago_us / 1000;
	s = (time_t)(ms / 1000);
	localtime_r(&s, &local);
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &local);
	strftime(zone, sizeof zone, "%z", &local); /* +0100 */
	snprintf(text, CLOCK_TEXT_MAX, "%s.%03u%.3s:%.2s", day,
		(unsigned)(ms % 1000) % 1000u,
		zone, zone + 3);
}

void clock_iso(char text[CLOCK_TEXT_MAX])
{
	clock_iso_ago(text, 0);
}

void clock_date(char text[CLOCK_TEXT_MAX], enum clock_source trust)
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	if (trust == CLOCK_NONE)
		memcpy(text, "undated", sizeof "undated");
	else
		strftime(text, CLOCK_TEXT_MAX, "%Y-%m-%d", &local);
}

int clock_hour(enum clock_source trust)
{
	time_t now = time(NULL);
	struct tm local;

	if (trust == CLOCK_NONE)
		return -1;
	localtime_r(&now, &local);
	return local.tm_hour;
}
