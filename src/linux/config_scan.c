/*
 * First look at a settings file, line by line.
 *
 * libconfuse stops at the first syntax error, counts lines wrongly after a
 * comment and lets the last of two equal keys win. So the shape of each line is
 * checked here, comments are taken out, and libconfuse gets only what is right.
 */
#include "config_parts.h"

#include <string.h>

#include "nearest.h"

#define BLANKS " \t"
/* Has a meaning to libconfuse outside quotes, or inside them. */
#define NOT_BARE " \t\"'#={}()+,;\\$`"
#define NOT_QUOTED "\\$`'"

enum inside { INSIDE_NOTHING, INSIDE_SECTION, INSIDE_UNKNOWN };

struct state {
	struct config_scan *scan;
	unsigned int line;
	enum inside inside;
	int section;
	unsigned int opened; /* line of the section's brace */
	unsigned int section_line[SECTION_COUNT];
};

static const char *section_name(const void *context, size_t index)
{
	(void)context;
	return index < SECTION_COUNT ? setting_section_names[index] : NULL;
}

static void emit(struct config_scan *scan, const char *text)
{
	size_t length = strlen(text);

	if (scan->clean_length + length + 1 > scan->clean_size)
		return; /* cannot be: see the size in config.c */
	memcpy(scan->clean + scan->clean_length, text, length + 1);
	scan->clean_length += length;
}

static void mistake(const struct state *state, const char *key, const char *wrong,
	const char *advice)
{
	config_mistake(state->scan, state->line, key, wrong, advice);
}

static int section_lookup(const char *name)
{
	return name_lookup(setting_section_names, SECTION_COUNT, name);
}

static void close_section(struct state *state)
{
	if (state->inside == INSIDE_SECTION)
		emit(state->scan, "}");
	state->inside = INSIDE_NOTHING;
}

/* A section whose name is nearly right is read as the one that is meant. */
static void open_section(struct state *state, const char *name)
{
	int section = section_lookup(name);
	char advice[128];

	if (state->inside != INSIDE_NOTHING) {
		snprintf(advice, sizeof(advice), "write } before it (the section of "
			"line %u is open)", state->opened);
		mistake(state, name, "a section inside a section", advice);
		close_section(state);
	}
	if (section < 0) {
		const char *near = nearest_word(name, section_name, NULL);

		if (near != NULL) {
			section = section_lookup(near);
			snprintf(advice, sizeof(advice), "write %s {", near);
			mistake(state, name, "no such section", advice);
		} else {
			mistake(state, name, "no such section, and nothing in it "
				"was checked", "write session, hold, pelvis, sensor, "
				"leds or store");
		}
	} else if (state->section_line[section] != 0) {
		snprintf(advice, sizeof(advice), "put it all in the one of line %u",
			state->section_line[section]);
		mistake(state, name, "this section is there twice", advice);
	}
	state->opened = state->line;
	state->inside = section < 0 ? INSIDE_UNKNOWN : INSIDE_SECTION;
	if (section < 0)
		return;
	state->section = section;
	if (state->section_line[section] == 0)
		state->section_line[section] = state->line;
	emit(state->scan, setting_section_names[section]);
	emit(state->scan, " {");
}

/* True when the key may stand here; tells why when not. */
static bool key_fits(const struct state *state, const char *key,
	const struct setting *setting)
{
	struct config_scan *scan = state->scan;
	char advice[128];
	unsigned int *line;

	if (setting == NULL) {
		config_suggest(key, advice, sizeof(advice));
		mistake(state, key, "unknown key", advice);
		return false;
	}
	line = &scan->line_of[setting - setting_table];
	if (*line != 0) {
		snprintf(advice, sizeof(advice), "keep one; the other is in line %u",
			*line);
		mistake(state, key, "given twice", advice);
		return false;
	}
	*line = state->line;
	if (state->inside == INSIDE_SECTION &&
		state->section == (int)setting->section)
		return true;
	snprintf(advice, sizeof(advice), "write it inside %s { }",
		setting_section_names[setting->section]);
	mistake(state, key, state->inside == INSIDE_SECTION ?
		"this key belongs to another section" :
		"this key stands outside its section", advice);
	return false;
}

/* What is wrong with the value's shape, or NULL; *length: without a comment. */
static const char *value_wrong(const char *value, size_t *length, const char **advice)
{
	size_t n;

	*advice = "write key = value";
	if (value[0] == '"') {
		n = strcspn(value + 1, "\"");
		*advice = "write a closing \"";
		if (value[1 + n] != '"')
			return "the quotes are not closed";
		*advice = "write it without them";
		if (strcspn(value + 1, NOT_QUOTED) < n)
			return "backslash, $, ` and ' are not allowed";
		n += 2;
	} else {
		n = strcspn(value, NOT_BARE);
		if (n == 0)
			return "the value is missing";
		*advice = "write the value in double quotes";
		if (strstr(value, "//") != NULL || strstr(value, "/*") != NULL)
			return "// and /* stand only in quotes";
	}
	*length = n;
	n += strspn(value + n, BLANKS);
	if (value[n] == '\0' || value[n] == '#')
		return NULL;
	*advice = "write one value a line, in double quotes when it has blanks";
	return "there is something after the value";
}

static void scan_key(struct state *state, char *text)
{
	size_t key_length = strcspn(text, BLANKS "=#\"");
	size_t equals = key_length + strspn(text + key_length, BLANKS);
	char key[CONFIG_LINE_MAX + 1], advice[256];
	const struct setting *setting;
	const char *value, *wrong, *hint;
	size_t length = 0;

	snprintf(key, sizeof(key), "%.*s", (int)key_length, text);
	if (key_length == 0) {
		mistake(state, NULL, "not understood", "write key = value");
		return;
	}
	setting = setting_find(key);
	if (!key_fits(state, key, setting)) {
		if (setting != NULL)
			state->scan->bad[setting - setting_table] = true;
		return;
	}
	value = text + equals + 1;
	if (text[equals] != '=') {
		wrong = "no = after the key";
		hint = "write key = value";
	} else {
		value += strspn(value, BLANKS);
		wrong = value_wrong(value, &length, &hint);
	}
	if (wrong != NULL) {
		config_expected(setting, advice, sizeof(advice));
		mistake(state, key, wrong, strcmp(hint, "write key = value") == 0 ?
			advice : hint);
		state->scan->bad[setting - setting_table] = true;
		return;
	}
	text[(size_t)(value - text) + length] = '\0';
	emit(state->scan, text);
}

/* One line without blanks around it. */
static void scan_line(struct state *state, char *text)
{
	size_t word = strcspn(text, BLANKS "{}=#\"");
	size_t after = word + strspn(text + word, BLANKS);
	const char *rest = text + after;
	char name[CONFIG_LINE_MAX + 1];

	if (text[0] == '\0' || text[0] == '#')
		return;
	if (text[0] == '}' || (word > 0 && rest[0] == '{')) {
		rest++;
		rest += strspn(rest, BLANKS);
		if (rest[0] != '\0' && rest[0] != '#')
			mistake(state, NULL, "there is something after the brace",
				"write it on a line of its own");
		snprintf(name, sizeof(name), "%.*s", (int)word, text);
		if (text[0] != '}')
			open_section(state, name);
		else if (state->inside == INSIDE_NOTHING)
			mistake(state, NULL, "} closes nothing", "take it out");
		else
			close_section(state);
		return;
	}
	if (state->inside != INSIDE_UNKNOWN)
		scan_key(state, text);
}

static void scan_raw_line(struct state *state, const char *raw, size_t length)
{
	char text[CONFIG_LINE_MAX + 1];
	char wrong[64];

	if (length > 0 && raw[length - 1] == '\r')
		length--;
	if (length > CONFIG_LINE_MAX) {
		snprintf(wrong, sizeof(wrong), "the line is longer than %d characters",
			CONFIG_LINE_MAX);
		mistake(state, NULL, wrong, "write a shorter line");
		return;
	}
	for (size_t i = 0; i < length; i++) {
		if (((unsigned char)raw[i] < ' ' && raw[i] != '\t') || raw[i] == 0x7f) {
			mistake(state, NULL, "a control character",
				"take it out; is this a text file?");
			return;
		}
	}
	while (length > 0 && strchr(BLANKS, raw[0]) != NULL) {
		raw++;
		length--;
	}
	memcpy(text, raw, length);
	text[length] = '\0';
	scan_line(state, text);
}

void config_scan_text(struct config_scan *scan, const char *text, size_t length)
{
	struct state state = { .scan = scan };
	size_t at = 0;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3; /* a byte order mark of some editors */
	while (at < length) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t n = end ? (size_t)(end - text) - at : length - at;

		state.line++;
		scan_raw_line(&state, text + at, n);
		emit(scan, "\n");
		at += n + 1;
	}
	if (state.inside == INSIDE_NOTHING)
		return;
	config_mistake(scan, state.opened, state.inside == INSIDE_SECTION ?
		setting_section_names[state.section] : NULL,
		"the section is not closed", "write } after its last line");
	close_section(&state);
}
