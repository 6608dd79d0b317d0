/*
 * The one number formatter: fixed decimals, always a point, never "-0".
 *
 * fmt_round gives exactly the double that reading the printed text back gives,
 * so that a file and the program that wrote it hold the same numbers. (n and
 * 10^d are exact, and one IEEE division is correctly rounded, as strtod is.)
 */
#ifndef STRETCH_FMT_H
#define STRETCH_FMT_H

#include <stddef.h>
#include <stdint.h>

#define FMT_NUMBER_MAX 32 /* bytes that any formatted number fits in */

/* value rounded to that many decimals (0..9); not finite stays as it is. */
double fmt_round(double value, int decimals);

/*
 * Writes value with that many decimals (0..9) and a closing NUL into text
 * (FMT_NUMBER_MAX bytes); returns the length. A value that is not finite, or of
 * 1e15 and more before scaling, gives "": missing is empty.
 */
size_t fmt_fixed(char *text, double value, int decimals);

/* The same for a whole number. */
size_t fmt_int(char *text, int64_t value);

/* Microseconds as seconds with six decimals, exactly. */
size_t fmt_us_as_s(char *text, int64_t t_us);

#endif
