/*
 * Names of the sensors' places, and the grammar of event cells:
 *
 *   reference | start:<exercise>:<side> | stop:<reason> | next | press
 *   | fault:<sensor>:<name> | recovered:<sensor> | reload:<sha>
 *
 * A word is one or more of A-Z a-z 0-9 _ . - ; what it means is not judged here.
 */
#include "stretch/sample.h"

#include <stddef.h>
#include <string.h>

const char *const site_names[SITE_COUNT] = { "thigh", "pelvis" };

static const struct {
	const char *name;
	int words;
} grammar[EVENT_COUNT] = {
	[EVENT_NONE] = { "", 0 },
	[EVENT_REFERENCE] = { "reference", 0 },
	[EVENT_START] = { "start", 2 },
	[EVENT_STOP] = { "stop", 1 },
	[EVENT_NEXT] = { "next", 0 },
	[EVENT_PRESS] = { "press", 0 },
	[EVENT_FAULT] = { "fault", 2 },
	[EVENT_RECOVERED] = { "recovered", 1 },
	[EVENT_RELOAD] = { "reload", 1 },
};

static bool word_character(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* Copies the word at *text and moves past it; false when it is empty or long. */
static bool take_word(const char **text, char *word)
{
	size_t length = 0;

	while (word_character((*text)[length]))
		length++;
	if (length == 0 || length >= EVENT_WORD_MAX)
		return false;
	memcpy(word, *text, length);
	word[length] = '\0';
	*text += length;
	return true;
}

/* Kind of that name, or EVENT_COUNT. */
static enum event_kind kind_lookup(const char *name)
{
	for (int kind = EVENT_NONE + 1; kind < EVENT_COUNT; kind++)
		if (strcmp(grammar[kind].name, name) == 0)
			return (enum event_kind)kind;
	return EVENT_COUNT;
}

int event_parse(const char *text, struct event *event)
{
	struct event found = { .kind = EVENT_NONE };
	char name[EVENT_WORD_MAX];

	*event = found;
	if (text[0] == '\0')
		return 0;
	if (!take_word(&text, name))
		return -1;
	found.kind = kind_lookup(name);
	if (found.kind == EVENT_COUNT)
		return -1;
	for (int i = 0; i < grammar[found.kind].words; i++) {
		if (*text++ != ':')
			return -1;
		if (!take_word(&text, found.word[i]))
			return -1;
	}
	if (*text != '\0')
		return -1;
	*event = found;
	return 0;
}

static char *append(char *end, const char *text)
{
	size_t length = strlen(text);

	memcpy(end, text, length + 1);
	return end + length;
}

void event_format(const struct event *event, char *text)
{
	int kind = (int)event->kind;
	char *end = text;

	*text = '\0';
	if (kind <= EVENT_NONE || kind >= EVENT_COUNT)
		return;
	end = append(end, grammar[kind].name);
	for (int i = 0; i < grammar[kind].words; i++) {
		end = append(end, ":");
		end = append(end, event->word[i]);
	}
}
