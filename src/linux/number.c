/*
 * Reading numbers; see number.h.
 *
 * The grammar is checked by hand first: strtod alone takes leading blanks, "0x1p3",
 * "inf", "nan" and whatever follows the number. strtod_l with the C locale then
 * does the arithmetic, so that a program's locale cannot turn the point around.
 */
#include "number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Moves past decimal digits; true when there was at least one. */
static bool skip_digits(const char **text)
{
	const char *start = *text;

	while (**text >= '0' && **text <= '9')
		(*text)++;
	return *text > start;
}

static void skip_sign(const char **text)
{
	if (**text == '+' || **text == '-')
		(*text)++;
}

static bool is_decimal(const char *text)
{
	bool whole, part = false;

	skip_sign(&text);
	whole = skip_digits(&text);
	if (*text == '.') {
		text++;
		part = skip_digits(&text);
	}
	if (!whole && !part)
		return false;
	if (*text == 'e' || *text == 'E') {
		text++;
		skip_sign(&text);
		if (!skip_digits(&text))
			return false;
	}
	return *text == '\0';
}

int number_parse(const char *text, double low, double high, double *value)
{
	locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* static in libc */
	double parsed;

	if (c_locale == (locale_t)0 || !is_decimal(text))
		return -EINVAL;
	parsed = strtod_l(text, NULL, c_locale);
	freelocale(c_locale);
	if (!isfinite(parsed) || parsed < low || parsed > high)
		return -ERANGE;
	*value = parsed;
	return 0;
}

int number_parse_int(const char *text, int64_t low, int64_t high, int64_t *value)
{
	const char *rest = text;
	long long parsed;

	skip_sign(&rest);
	if (!skip_digits(&rest) || *rest != '\0')
		return -EINVAL;
	errno = 0;
	parsed = strtoll(text, NULL, 10);
	if (errno == ERANGE || parsed < low || parsed > high)
		return -ERANGE;
	*value = parsed;
	return 0;
}
