/*
 * Settings by name: defaults, values in and out, and what a text may hold.
 *
 * Texts are limited so that they can stand in quotes in any file we write.
 */
#include "stretch/setting.h"

#include <math.h>
#include <string.h>

static bool is_text(const struct setting *setting)
{
	return setting->type >= SETTING_LABEL;
}

void settings_default(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];

		if (is_text(setting))
			(void)setting_put_text(settings, setting, setting->text);
		else
			(void)setting_put_number(settings, setting,
				setting->number);
	}
}

const struct setting *setting_find(const char *key)
{
	for (size_t i = 0; i < setting_count; i++) {
		if (strcmp(setting_table[i].key, key) == 0)
			return &setting_table[i];
	}
	return NULL;
}

const char *setting_choice_name(const struct setting *setting, int index)
{
	if (index < 0 || (size_t)index >= setting->name_count)
		return NULL;
	return setting->names ? setting->names[index] : exercise_names[index];
}

double setting_number(const struct settings *settings,
	const struct setting *setting)
{
	const char *at = (const char *)settings + setting->offset;
	int32_t whole;
	double value;

	if (setting->type == SETTING_NUMBER) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	memcpy(&whole, at, sizeof(whole));
	return whole;
}

const char *setting_text(const struct settings *settings,
	const struct setting *setting)
{
	return (const char *)settings + setting->offset;
}

bool setting_blank(const struct settings *settings, const struct setting *setting)
{
	if (is_text(setting))
		return setting_text(settings, setting)[0] == '\0';
	return isnan(setting_number(settings, setting));
}

int setting_put_number(struct settings *settings, const struct setting *setting,
	double value)
{
	char *at = (char *)settings + setting->offset;
	int32_t whole;

	if (isnan(value)) {
		if (setting->type != SETTING_NUMBER || !isnan(setting->number))
			return -1;
	} else if (!(value >= setting->min && value <= setting->max)) {
		return -1;
	}
	if (setting->type == SETTING_NUMBER) {
		value += 0.0; /* -0 becomes 0, as it is printed */
		memcpy(at, &value, sizeof(value));
		return 0;
	}
	whole = (int32_t)value;
	if (whole < value || whole > value)
		return -1;
	memcpy(at, &whole, sizeof(whole));
	return 0;
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

const char *setting_label_wrong(const char *text)
{
	size_t length = strlen(text);

	if (length == 0)
		return "it is empty";
	if (length >= SETTING_LABEL_MAX)
		return "it is longer than 32 characters";
	if (!is_letter_or_digit(text[0]))
		return "it does not begin with a letter A-Z or a digit";
	for (size_t i = 0; i < length; i++) {
		if (!is_letter_or_digit(text[i]) && strchr(" _.-", text[i]) == NULL)
			return "only A-Z, a-z, 0-9, blank, _ . and - are allowed";
	}
	return NULL;
}

/* Also keeps a text printable in quotes, whatever reads it. */
static const char *plain_wrong(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return "it holds a control character";
		if (strchr("\"\\$'`", *c) != NULL)
			return "quotes, backslash, ` and $ are not allowed";
	}
	return NULL;
}

const char *setting_line_wrong(const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *wrong = plain_wrong(text);

	if (wrong != NULL)
		return wrong;
	if (strlen(text) >= SETTING_LINE_MAX)
		return "it is longer than 64 characters";
	if (strchr(text, '/') != NULL || strncmp(text, "gpiochip", 8) == 0)
		return "chip numbers change between kernels";
	if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0')
		return "a number alone names no line";
	if (colon == NULL)
		return NULL;
	if (colon == text)
		return "the chip's label is missing before the colon";
	if (colon[1] == '\0' || strlen(colon + 1) > 4)
		return "the offset after the colon is not 0 to 9999";
	for (const char *c = colon + 1; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			return "the offset after the colon is not 0 to 9999";
	}
	return NULL;
}

/* simulate:EXERCISE may go on after the name (options of the simulator). */
static const char *sensor_wrong(const char *text)
{
	char name[32];
	size_t n = 0;

	if (strncmp(text, "replay:", 7) == 0)
		return text[7] == '\0' ? "the file is missing" : NULL;
	if (strncmp(text, "i2c:", 4) == 0)
		return text[4] == '\0' ? "the bus is missing" : NULL;
	if (strncmp(text, "simulate:", 9) != 0)
		return "no such kind of sensor";
	text += 9;
	while ((is_letter_or_digit(text[n]) || text[n] == '-') &&
		n + 1 < sizeof(name)) {
		name[n] = text[n];
		n++;
	}
	name[n] = '\0';
	return exercise_lookup(name) == EX_COUNT ? "no such exercise" : NULL;
}

const char *setting_put_text(struct settings *settings, const struct setting *setting,
	const char *text)
{
	char *at = (char *)settings + setting->offset;
	const char *wrong = NULL;

	if (strlen(text) >= setting->size)
		return "it is too long";
	switch (setting->type) {
	case SETTING_LABEL:
		wrong = setting_label_wrong(text);
		break;
	case SETTING_LINE:
		wrong = setting_line_wrong(text);
		break;
	case SETTING_SENSOR:
		wrong = plain_wrong(text);
		if (wrong == NULL)
			wrong = sensor_wrong(text);
		break;
	case SETTING_FILE:
		wrong = plain_wrong(text);
		break;
	case SETTING_FOLDER:
		wrong = plain_wrong(text);
		if (wrong == NULL && text[0] != '/')
			wrong = "it does not begin with /";
		break;
	default:
		return "it is no text";
	}
	if (wrong != NULL)
		return wrong;
	memset(at, 0, setting->size);
	memcpy(at, text, strlen(text));
	return NULL;
}
