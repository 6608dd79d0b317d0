/*
 * One value of a setting as text: read with all its checks, and written.
 */
#include "config_parts.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "nearest.h"
#include "number.h"
#include "stretch/fmt.h"

#define DECIMALS_MAX 9

const char *config_key_name(const void *context, size_t index)
{
	(void)context;
	return index < setting_count ? setting_table[index].key : NULL;
}

void config_suggest(const char *key, char *text, size_t size)
{
	const char *near = nearest_word(key, config_key_name, NULL);

	if (near != NULL)
		snprintf(text, size, "did you mean %s?", near);
	else
		snprintf(text, size, "stretchd --print-config lists all keys");
}

static void list_choices(const struct setting *setting, char *text, size_t size)
{
	const char *name;
	size_t used = strlen(text);

	for (int i = 0; (name = setting_choice_name(setting, i)) != NULL; i++) {
		snprintf(text + used, size - used, "%s%s", i ? ", " : "", name);
		used = strlen(text);
	}
}

void config_expected(const struct setting *setting, char *text, size_t size)
{
	const char *examples[SETTING_TYPE_COUNT] = {
		[SETTING_BOOL] = "write yes or no",
		[SETTING_LABEL] = "write a label such as \"anna-1\"",
		[SETTING_SENSOR] = "write simulate:EXERCISE, replay:FILE or i2c:BUS",
		[SETTING_LINE] = "write a line such as \"GPIO17\" or "
			"\"pinctrl-bcm2835:17\"",
		[SETTING_FOLDER] = "write a folder such as \"/var/lib/stretchd\"",
	};

	switch (setting->type) {
	case SETTING_NUMBER:
	case SETTING_INT:
		snprintf(text, size, "write a %snumber from %.10g to %.10g%s%s",
			setting->type == SETTING_INT ? "whole " : "", setting->min,
			setting->max, setting->unit[0] ? " " : "", setting->unit);
		return;
	case SETTING_CHOICE:
		snprintf(text, size, "write one of ");
		list_choices(setting, text, size);
		return;
	default:
		snprintf(text, size, "%s", examples[setting->type]);
		return;
	}
}

static bool store_number(struct settings *settings, const struct setting *setting,
	const char *value, char *wrong, size_t size)
{
	double number;
	int error = number_parse(value, -1e300, 1e300, &number);

	if (error == 0 && setting_put_number(settings, setting, number) == 0)
		return true;
	if (error == -EINVAL)
		snprintf(wrong, size, "\"%.40s\" is no number", value);
	else if (number < setting->min || number > setting->max || error == -ERANGE)
		snprintf(wrong, size, "%.40s is out of range", value);
	else
		snprintf(wrong, size, "%.40s is not a whole number", value);
	return false;
}

static int choice_lookup(const struct setting *setting, const char *value)
{
	const char *name;

	for (int i = 0; (name = setting_choice_name(setting, i)) != NULL; i++) {
		if (strcmp(name, value) == 0)
			return i;
	}
	return -1;
}

static int yes_no(const char *value)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };
	int i = name_lookup(words, sizeof(words) / sizeof(words[0]), value);

	return i < 0 ? -1 : i % 2;
}

bool config_store(struct settings *settings, const struct setting *setting,
	const char *value, char *wrong, size_t size)
{
	const char *reason;
	int index;

	switch (setting->type) {
	case SETTING_NUMBER:
		if (value[0] == '\0' &&
			setting_put_number(settings, setting, (double)NAN) == 0)
			return true;
		return store_number(settings, setting, value, wrong, size);
	case SETTING_INT:
		return store_number(settings, setting, value, wrong, size);
	case SETTING_BOOL:
	case SETTING_CHOICE:
		index = setting->type == SETTING_BOOL ? yes_no(value) :
			choice_lookup(setting, value);
		if (index >= 0 && setting_put_number(settings, setting, index) == 0)
			return true;
		snprintf(wrong, size, "\"%.40s\" is not possible here", value);
		return false;
	default:
		reason = setting_put_text(settings, setting, value);
		if (reason == NULL)
			return true;
		snprintf(wrong, size, "\"%.80s\": %s", value, reason);
		return false;
	}
}

/* The fewest decimals that give the very same number back. */
static void print_number(char *text, size_t size, double value)
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

void config_value(const struct settings *settings, const struct setting *setting,
	char *text, size_t size)
{
	double number;

	if (setting->type >= SETTING_LABEL) {
		snprintf(text, size, "%s", setting_text(settings, setting));
		return;
	}
	number = setting_number(settings, setting);
	if (isnan(number))
		snprintf(text, size, "%s", "");
	else if (setting->type == SETTING_BOOL)
		snprintf(text, size, "%s", number > 0.0 ? "yes" : "no");
	else if (setting->type == SETTING_CHOICE)
		snprintf(text, size, "%s", setting_choice_name(setting, (int)number));
	else
		print_number(text, size, number);
}
