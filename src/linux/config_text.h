/*
 * Values in files that a person writes: read with one check, described and
 * written in one way. The settings and the prescription share it.
 */
#ifndef STRETCH_LINUX_CONFIG_TEXT_H
#define STRETCH_LINUX_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What a number may be; both bounds are allowed. */
struct config_range {
	double min, max;
	bool whole;
};

/* Reads text into *number; on a mistake fills wrong and returns false. */
bool config_read_number(const char *text, const struct config_range *range,
	double *number, char *wrong, size_t size);

/* 1, 0, or -1 when it is neither yes nor no. */
int config_read_yes_no(const char *text);

/* "write a whole number from 3 to 600 s"; unit may be "". */
void config_say_range(char *text, size_t size, const struct config_range *range,
	const char *unit);

/* The fewest decimals that read back as the very same number. */
void config_write_number(char *text, size_t size, double value);

#endif
