/*
 * The one reader of numbers written as text.
 *
 * The whole text must be one decimal number with a point, in any locale:
 * [+-] digits [. digits] [e [+-] digits]. No blanks, no hexadecimal, no inf, no
 * nan, no trailing unit. The value is the nearest double, as strtod gives it.
 */
#ifndef STRETCH_LINUX_NUMBER_H
#define STRETCH_LINUX_NUMBER_H

#include <stdint.h>

/*
 * Reads text into *value. Returns 0; -EINVAL when it is no number; -ERANGE when
 * it is outside low..high (both included). *value is unchanged on error.
 */
int number_parse(const char *text, double low, double high, double *value);

/* The same for a whole number: [+-] digits. */
int number_parse_int(const char *text, int64_t low, int64_t high, int64_t *value);

#endif
