/*
 * Numbers as text; see stretch/fmt.h for the promise.
 *
 * The value times 10^d is rounded to the whole number n, ties away from zero.
 * The product itself is rounded to double first: a value within half an ulp of a
 * tie may therefore go the other way than printf, which looks at every binary
 * digit (1.45 with one decimal: 1.5 here, 1.4 there). Only fmt_round and the text
 * have to agree, and they use the same n.
 *
 * From n = 2^53 on, one unit of the last decimal is finer than the double's own
 * spacing. Then the value stays as it is: its text is off by less than half a
 * spacing, so it reads back as the same double.
 */
#include "stretch/fmt.h"

#include <math.h>
#include <stdbool.h>

#define DECIMALS_MAX 9
#define WHOLE_MAX 1e15       /* from here on a value has no text */
#define EXACT_MAX 0x1p53     /* whole numbers up to here are exact doubles */
#define NEIGHBOUR_MIN 0x1p50
#define US_DIGITS 6

static const uint32_t power_of_ten[DECIMALS_MAX + 1] = { 1, 10, 100, 1000, 10000,
	100000, 1000000, 10000000, 100000000, 1000000000 };

static int decimals_clamp(int decimals)
{
	if (decimals < 0)
		return 0;
	return decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

/*
 * Magnitude in units of the last decimal. From 2^50 on the product's own rounding
 * can miss the whole number that a rounded value came from by one.
 */
static double scale_and_round(double magnitude, double scale)
{
	double n = round(magnitude * scale);

	if (n >= NEIGHBOUR_MIN && n / scale != magnitude) {
		if ((n - 1.0) / scale == magnitude)
			return n - 1.0;
		if ((n + 1.0) / scale == magnitude)
			return n + 1.0;
	}
	return n;
}

double fmt_round(double value, int decimals)
{
	double scale = (double)power_of_ten[decimals_clamp(decimals)];
	double n = scale_and_round(fabs(value), scale);

	if (!isfinite(value) || n >= EXACT_MAX)
		return value;
	if (n == 0.0)
		return 0.0; /* never -0 */
	return copysign(n / scale, value); /* both exact: the nearest double */
}

/* Writes whole in decimal, at least digits long; returns the length. */
static size_t put_digits(char *text, uint64_t whole, size_t digits)
{
	char reversed[FMT_NUMBER_MAX];
	size_t length = 0;

	do {
		reversed[length++] = (char)('0' + whole % 10);
		whole /= 10;
	} while (whole > 0 || length < digits);
	for (size_t i = 0; i < length; i++)
		text[i] = reversed[length - 1 - i];
	return length;
}

/* [-]whole[.part], part with leading zeros to digits; digits 0: no point. */
static size_t put_number(char *text, bool negative, uint64_t whole, uint64_t part,
	size_t digits)
{
	size_t length = 0;

	if (negative && (whole > 0 || part > 0))
		text[length++] = '-';
	length += put_digits(text + length, whole, 1);
	if (digits > 0) {
		text[length++] = '.';
		length += put_digits(text + length, part, digits);
	}
	text[length] = '\0';
	return length;
}

size_t fmt_fixed(char *text, double value, int decimals)
{
	int digits = decimals_clamp(decimals);
	uint64_t scale = power_of_ten[digits];
	double magnitude = fabs(value);
	double n = scale_and_round(magnitude, (double)scale);
	uint64_t whole, part;

	text[0] = '\0';
	if (!isfinite(value) || magnitude >= WHOLE_MAX)
		return 0;
	if (n < EXACT_MAX) {
		whole = (uint64_t)n / scale;
		part = (uint64_t)n % scale;
	} else {
		/* few binary digits are left below the point: exact in double */
		whole = (uint64_t)magnitude;
		part = (uint64_t)round((magnitude - (double)whole) * (double)scale);
		whole += part / scale;
		part %= scale;
	}
	return put_number(text, value < 0.0, whole, part, (size_t)digits);
}

/* Magnitude of value; well defined for INT64_MIN too. */
static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

size_t fmt_int(char *text, int64_t value)
{
	return put_number(text, value < 0, magnitude_of(value), 0, 0);
}

size_t fmt_us_as_s(char *text, int64_t t_us)
{
	uint64_t us = magnitude_of(t_us);
	uint64_t scale = power_of_ten[US_DIGITS];

	return put_number(text, t_us < 0, us / scale, us % scale, US_DIGITS);
}
