/*
 * One value of a setting as text: read with all its checks, and written.
 */
#include "config_parts.h"

#include <math.h>
#include <string.h>

#include "config_text.h"
#include "nearest.h"

/* The keys, for nearest_word(). */
static const char *key_name(const void *context, size_t index)
{
	(void)context;
	return index < setting_count ? setting_table[index].key : NULL;
}

void config_suggest(const char *key, char *text, size_t size)
{
	const char *near = nearest_word(key, key_name, NULL);

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

static struct config_range range_of(const struct setting *setting)
{
	return (struct config_range){ .min = setting->min, .max = setting->max,
		.whole = setting->type == SETTING_INT };
}

void config_expected(const struct setting *setting, char *text, size_t size)
{
	const char *examples[SETTING_TYPE_COUNT] = {
		[SETTING_BOOL] = "write yes or no",
		[SETTING_LABEL] = "write a label such as \"anna-1\"",
		[SETTING_SENSOR] = "write simulate:EXERCISE, replay:FILE or i2c:BUS",
		[SETTING_LINE] =
			"write a line such as \"GPIO17\" or \"pinctrl-bcm2835:17\"",
		[SETTING_FOLDER] = "write a folder such as \"/var/lib/stretchd\"",
		[SETTING_FILE] = "write a file such as \"/etc/stretchd/thigh.json\"",
	};
	struct config_range range = range_of(setting);

	switch (setting->type) {
	case SETTING_NUMBER:
	case SETTING_INT:
		config_say_range(text, size, &range, setting->unit);
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
	struct config_range range = range_of(setting);
	double number;

	return config_read_number(value, &range, &number, wrong, size) &&
		setting_put_number(settings, setting, number) == 0;
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
		index = setting->type == SETTING_BOOL ? config_read_yes_no(value) :
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
		config_write_number(text, size, number);
}
