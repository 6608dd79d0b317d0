/* Values as text; see config_text.h. */
#include "config_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "number.h"
#include "stretch/exercise.h"
#include "stretch/fmt.h"

#define DECIMALS_MAX 9

bool config_read_number(const char *text, const struct config_range *range,
	double *number, char *wrong, size_t size)
{
	double value = 0.0;
	int error = number_parse(text, -1e300, 1e300, &value);

	if (error == -EINVAL)
		snprintf(wrong, size, "\"%.40s\" is no number", text);
	else if (error != 0 || value < range->min || value > range->max)
		snprintf(wrong, size, "%.40s is out of range", text);
	else if (range->whole && !(fabs(value - round(value)) <= 0.0))
		snprintf(wrong, size, "%.40s is not a whole number", text);
	else {
		*number = value;
		return true;
	}
	return false;
}

int config_read_yes_no(const char *text)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };
	int i = name_lookup(words, sizeof(words) / sizeof(words[0]), text);

	return i < 0 ? -1 : i % 2;
}

void config_say_range(char *text, size_t size, const struct config_range *range,
	const char *unit)
{
	snprintf(text, size, "write a %snumber from %.10g to %.10g%s%s",
		range->whole ? "whole " : "", range->min, range->max,
		unit[0] ? " " : "", unit);
}

void config_write_number(char *text, size_t size, double value)
{
	char number[FMT_NUMBER_MAX];

	for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
		double rounded = fmt_round(value, decimals);

		if (rounded < value || rounded > value)
			continue;
		fmt_fixed(number, value, decimals);
		snprintf(text, size, "%s", number);
		return;
	}
	snprintf(text, size, "%.17g", value);
}
