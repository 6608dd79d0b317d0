/*
 * First look at a settings file, line by line (config_lines.c reads the lines).
 *
 * libconfuse stops at the first syntax error, counts lines wrongly after a
 * comment and lets the last of two equal keys win. So the shape of each line is
 * checked here, comments are taken out, and libconfuse gets only what is right.
 */
#include "config_parts.h"

#include <string.h>

#include "nearest.h"

/* Has a meaning to libconfuse outside quotes, or inside them. */
#define NOT_BARE " \t\"'#={}()+,;\\$`"
#define NOT_QUOTED "\\$`'"

enum inside { INSIDE_NOTHING, INSIDE_SECTION, INSIDE_UNKNOWN };

struct state {
	struct config_scan *scan;
	struct config_lines lines;
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
	config_mistake(state->scan, state->lines.line, key, wrong, advice);
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
	state->opened = state->lines.line;
	state->inside = section < 0 ? INSIDE_UNKNOWN : INSIDE_SECTION;
	if (section < 0)
		return;
	state->section = section;
	if (state->section_line[section] == 0)
		state->section_line[section] = state->lines.line;
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
	*line = state->lines.line;
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
	n += strspn(value + n, CONFIG_BLANKS);
	if (value[n] == '\0' || value[n] == '#')
		return NULL;
	*advice = "write one value a line, in double quotes when it has blanks";
	return "there is something after the value";
}

/* The value of a key that is given twice or stands in another section: libconfuse does
 * not get it, but what is wrong with it is told in the same go. */
static void check_value(const struct state *state, const char *key, char *value,
	size_t length, const struct setting *setting)
{
	char wrong[256], expected[512];
	struct settings unused;

	settings_default(&unused);
	if (value[0] == '"') {
		value++;
		length -= 2;
	}
	value[length] = '\0';
	if (config_store(&unused, setting, value, wrong, sizeof(wrong)))
		return;
	config_expected(setting, expected, sizeof(expected));
	mistake(state, key, wrong, expected);
}

/* The value of a known key: onto scan->clean if it fits there, or a mistake and false. */
static bool scan_value(struct state *state, const char *key, char *value,
	const struct setting *setting, bool fits)
{
	const char *wrong = "no = after the key", *hint = "write key = value";
	char expected[256];
	size_t length = 0;

	if (value != NULL)
		wrong = value_wrong(value, &length, &hint);
	if (wrong != NULL) {
		config_expected(setting, expected, sizeof(expected));
		mistake(state, key, wrong, strcmp(hint, "write key = value") == 0 ?
			expected : hint);
		return false;
	}
	if (!fits) {
		check_value(state, key, value, length, setting);
		return false;
	}
	value[length] = '\0';
	emit(state->scan, key);
	emit(state->scan, "=");
	emit(state->scan, value);
	return true;
}

static void scan_key(struct state *state)
{
	const char *key = state->lines.word;
	const struct setting *setting;
	bool fits;

	if (key[0] == '\0') {
		mistake(state, NULL, "not understood", "write key = value");
		return;
	}
	setting = setting_find(key);
	fits = key_fits(state, key, setting);
	/* the first of two is looked at as if it stood alone */
	if (setting != NULL &&
		!scan_value(state, key, state->lines.value, setting, fits) &&
		state->scan->line_of[setting - setting_table] == state->lines.line)
		state->scan->bad[setting - setting_table] = true;
}

static void scan_line(struct state *state, enum config_line kind)
{
	if (kind == CONFIG_LINE_OPEN)
		open_section(state, state->lines.word);
	else if (kind == CONFIG_LINE_KEY && state->inside != INSIDE_UNKNOWN)
		scan_key(state);
	else if (kind == CONFIG_LINE_CLOSE && state->inside == INSIDE_NOTHING)
		mistake(state, NULL, "} closes nothing", "take it out");
	else if (kind == CONFIG_LINE_CLOSE)
		close_section(state);
}

void config_scan_text(struct config_scan *scan, const char *text, size_t length)
{
	struct state state = { .scan = scan, .lines = { .name = scan->name,
		.mistakes = scan->mistakes, .text = text, .length = length } };
	enum config_line kind;

	while ((kind = config_lines_next(&state.lines)) != CONFIG_LINE_END) {
		scan_line(&state, kind);
		emit(scan, "\n");
	}
	if (state.inside == INSIDE_NOTHING)
		return;
	config_mistake(scan, state.opened, state.inside == INSIDE_SECTION ?
		setting_section_names[state.section] : NULL,
		"the section is not closed", "write } after its last line");
	close_section(&state);
}
