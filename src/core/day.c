/* Days and moments; see day.h. The calendar is the usual one of 400-year cycles. */
#include "stretch/day.h"

#include <stddef.h>
#include <string.h>

#define YEAR_FIRST 1970
#define YEAR_LAST 9999
#define DAY_MS INT64_C(86400000)

static bool is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t days_in(int32_t year, int32_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days before the first of January of that year, from 1970. */
static int32_t days_before(int32_t year)
{
	int32_t y = year - 1;

	return 365 * (year - YEAR_FIRST) + (y / 4 - 1969 / 4) - (y / 100 - 1969 / 100) +
		(y / 400 - 1969 / 400);
}

/* So many digits as a number, -1 when there is something else. */
static int32_t digits(const char *text, int count)
{
	int32_t value = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = 10 * value + (text[i] - '0');
	}
	return value;
}

/* The first ten characters. */
static int32_t parse_day(const char *text)
{
	int32_t year, month, day, sum;

	if (memchr(text, '\0', 10) != NULL || text[4] != '-' || text[7] != '-')
		return DAY_NONE;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 ||
		day < 1 || day > days_in(year, month))
		return DAY_NONE;
	sum = days_before(year) + day - 1;
	for (int32_t m = 1; m < month; m++)
		sum += days_in(year, m);
	return sum;
}

int32_t day_parse(const char *text)
{
	int32_t day = parse_day(text);

	return day != DAY_NONE && text[10] == '\0' ? day : DAY_NONE;
}

static void put_digits(char *text, int32_t value, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		text[i] = (char)('0' + value % 10);
		value /= 10;
	}
}

void day_print(int32_t day, char text[DAY_TEXT_MAX])
{
	int32_t year = YEAR_FIRST, month = 1;

	text[0] = '\0';
	if (day < 0 || day >= days_before(YEAR_LAST + 1))
		return;
	year += day / 366;
	while (days_before(year + 1) <= day)
		year++;
	day -= days_before(year);
	while (day >= days_in(year, month))
		day -= days_in(year, month++);
	put_digits(text, year, 4);
	text[4] = text[7] = '-';
	put_digits(text + 5, month, 2);
	put_digits(text + 8, day + 1, 2);
	text[10] = '\0';
}

int32_t day_of_week(int32_t day)
{
	return (day % 7 + 7 + 3) % 7; /* 1970-01-01 was a Thursday */
}

/* ".250" or nothing; moves *text behind it. -1: no digit follows the point. */
static int32_t fraction_ms(const char **text)
{
	int32_t ms = 0, scale = 100;
	const char *c = *text;
	int count = 0;

	if (*c != '.')
		return 0;
	for (c++; *c >= '0' && *c <= '9' && count < 9; c++, count++) {
		ms += scale * (*c - '0');
		scale /= 10;
	}
	*text = c;
	return count > 0 ? ms : -1;
}

static bool parse_offset(const char *text, int32_t *minutes)
{
	int32_t hour, minute;

	*minutes = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':')
		return false;
	hour = digits(text + 1, 2);
	minute = digits(text + 4, 2);
	if (hour < 0 || hour > 14 || minute < 0 || minute > 59)
		return false;
	*minutes = (text[0] == '-' ? -1 : 1) * (60 * hour + minute);
	return true;
}

bool moment_parse(const char *text, struct moment *moment)
{
	int32_t day = parse_day(text), hour, minute, second, ms;

	if (day == DAY_NONE || strlen(text) < 20 || text[10] != 'T' || text[13] != ':' ||
		text[16] != ':')
		return false;
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2);
	text += 19;
	ms = fraction_ms(&text);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
		second > 59 || ms < 0)
		return false;
	moment->local_ms = day * DAY_MS + hour * INT64_C(3600000) +
		minute * INT64_C(60000) + second * INT64_C(1000) + ms;
	return parse_offset(text, &moment->offset_min);
}

void moment_print(const struct moment *moment, char text[MOMENT_TEXT_MAX])
{
	int32_t ms = (int32_t)(moment->local_ms % DAY_MS);
	int32_t offset = moment->offset_min;

	day_print((int32_t)(moment->local_ms / DAY_MS), text);
	if (text[0] == '\0')
		return;
	memcpy(text + 10, "T00:00:00.000+00:00", sizeof "T00:00:00.000+00:00");
	put_digits(text + 11, ms / 3600000, 2);
	put_digits(text + 14, ms / 60000 % 60, 2);
	put_digits(text + 17, ms / 1000 % 60, 2);
	put_digits(text + 20, ms % 1000, 3);
	text[23] = offset < 0 ? '-' : '+';
	offset = offset < 0 ? -offset : offset;
	put_digits(text + 24, offset / 60, 2);
	put_digits(text + 27, offset % 60, 2);
}
