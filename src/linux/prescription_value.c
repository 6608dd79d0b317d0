/* One value of a prescription as text: read with all its checks, and written. */
#include "prescription_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config_text.h"
#include "prescription_file.h"

#define LIST_SIGNS ", \t"

static struct config_range range_of(const struct prescription_key *key)
{
	return (struct config_range){ .min = key->min, .max = key->max,
		.whole = key->type == PRESCRIPTION_WHOLE };
}

static void list_names(const struct prescription_key *key, char *text, size_t size)
{
	for (size_t i = 0; i < key->name_count; i++) {
		size_t used = strlen(text);

		snprintf(text + used, size - used, "%s%s", i ? ", " : "", key->names[i]);
	}
}

void prescription_expected(enum prescription_key_id id, char *text, size_t size)
{
	const struct prescription_key *key = &prescription_keys[id];
	struct config_range range = range_of(key);

	switch (key->type) {
	case PRESCRIPTION_NUMBER:
	case PRESCRIPTION_WHOLE:
		config_say_range(text, size, &range, "");
		if (key->unit[0])
			snprintf(text + strlen(text), size - strlen(text),
				" (%s), the number alone", key->unit);
		return;
	case PRESCRIPTION_YES_NO:
		snprintf(text, size, "write yes or no");
		return;
	case PRESCRIPTION_CHOICE:
		snprintf(text, size, "write one of ");
		list_names(key, text, size);
		return;
	case PRESCRIPTION_LIST:
		snprintf(text, size, "write one or more of ");
		list_names(key, text, size);
		return;
	default:
		snprintf(text, size, "write a label such as anna-1");
		return;
	}
}

static bool store_number(const struct prescription_place *place, const char *value,
	char *wrong, size_t size)
{
	struct config_range range = range_of(&prescription_keys[place->id]);
	double number;

	return config_read_number(value, &range, &number, wrong, size) &&
		prescription_put_number(place->p, place->item, place->id, number) == 0;
}

static bool store_name(const struct prescription_place *place, const char *value,
	char *wrong, size_t size)
{
	const struct prescription_key *key = &prescription_keys[place->id];
	int index = key->type == PRESCRIPTION_YES_NO ? config_read_yes_no(value) :
		name_lookup(key->names, key->name_count, value);

	if (index >= 0 &&
		prescription_put_number(place->p, place->item, place->id, index) == 0)
		return true;
	snprintf(wrong, size, "\"%.40s\" is not possible here", value);
	return false;
}

/* Words between commas or blanks; cut in place. */
static bool store_list(const struct prescription_place *place, char *value, char *wrong,
	size_t size)
{
	const struct prescription_key *key = &prescription_keys[place->id];
	struct prescription_list list = { 0 };
	char *rest = NULL;

	for (char *word = strtok_r(value, LIST_SIGNS, &rest); word != NULL;
		word = strtok_r(NULL, LIST_SIGNS, &rest)) {
		int index = name_lookup(key->names, key->name_count, word);

		if (index < 0) {
			snprintf(wrong, size, "\"%.40s\" is not possible here", word);
			return false;
		}
		for (int32_t i = 0; i < list.count; i++) {
			if (list.at[i] == index) {
				snprintf(wrong, size, "%s is there twice", word);
				return false;
			}
		}
		list.at[list.count++] = index;
	}
	return prescription_put_list(place->p, place->item, place->id, &list) == 0;
}

static bool store_label(const struct prescription_place *place, const char *value,
	char *wrong, size_t size)
{
	const char *reason = prescription_put_label(place->p, value);

	if (reason == NULL)
		return true;
	snprintf(wrong, size, "\"%.80s\": %s", value, reason);
	return false;
}

bool prescription_store(const struct prescription_place *place, char *value,
	char *wrong, size_t size)
{
	enum prescription_type type = prescription_keys[place->id].type;

	snprintf(wrong, size, "\"%.40s\" is not possible here", value);
	if (type == PRESCRIPTION_LIST)
		return store_list(place, value, wrong, size);
	if (type == PRESCRIPTION_LABEL)
		return store_label(place, value, wrong, size);
	if (value[0] == '\0')
		return prescription_put_number(place->p, place->item, place->id,
			(double)NAN) == 0;
	if (type == PRESCRIPTION_NUMBER || type == PRESCRIPTION_WHOLE)
		return store_number(place, value, wrong, size);
	return store_name(place, value, wrong, size);
}

static void write_list(const struct prescription_list *list,
	const struct prescription_key *key, char *text, size_t size)
{
	text[0] = '\0';
	for (int32_t i = 0; i < list->count; i++) {
		size_t used = strlen(text);

		snprintf(text + used, size - used, "%s%s", i ? ", " : "",
			key->names[list->at[i]]);
	}
}

void prescription_value(const struct prescription *p, int32_t item,
	enum prescription_key_id id, char *text, size_t size)
{
	const struct prescription_key *key = &prescription_keys[id];
	double number;

	if (key->type == PRESCRIPTION_LABEL) {
		snprintf(text, size, "%s", p->wearer);
		return;
	}
	if (key->type == PRESCRIPTION_LIST) {
		write_list(prescription_list(p, item, id), key, text, size);
		return;
	}
	number = prescription_number(p, item, id);
	if (isnan(number))
		snprintf(text, size, "%s", "");
	else if (key->type == PRESCRIPTION_YES_NO)
		snprintf(text, size, "%s", number > 0.0 ? "yes" : "no");
	else if (key->type == PRESCRIPTION_CHOICE)
		snprintf(text, size, "%s", key->names[(int)number]);
	else
		config_write_number(text, size, number);
}
