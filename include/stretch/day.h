/*
 * Calendar days as numbers, and moments with their offset, without a time zone
 * table: what a file says is local time, and stays so.
 *
 * The proleptic Gregorian calendar; days are counted from 1970-01-01.
 */
#ifndef STRETCH_DAY_H
#define STRETCH_DAY_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_NONE INT32_MIN
#define DAY_TEXT_MAX 12
#define MOMENT_TEXT_MAX 40

/* "2025-11-30" as a day; DAY_NONE when it is not a date of the years 1970..9999. */
int32_t day_parse(const char *text);

/* The way back; "" for DAY_NONE. */
void day_print(int32_t day, char text[DAY_TEXT_MAX]);

/* 0 Monday .. 6 Sunday. */
int32_t day_of_week(int32_t day);

/* A local moment: milliseconds since 1970-01-01T00:00 of its own zone. */
struct moment {
	int64_t local_ms;
	int32_t offset_min; /* of the zone, east is positive */
};

/* "2025-11-30T07:02:11.250+01:00" (fraction of 1..9 digits optional; also "Z"). */
bool moment_parse(const char *text, struct moment *moment);

/* The same shape, always with milliseconds and a numeric offset. */
void moment_print(const struct moment *moment, char text[MOMENT_TEXT_MAX]);

#endif
