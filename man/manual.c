/*
 * The parts of the manual that come from tables, as mdoc: settings, columns, LED
 * patterns, commands of the control socket. scripts/manual.sh puts them
 * between their marks in the pages.
 *
 *   manual settings|samples|holds|raw|sessions|live|leds|commands
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "linux/config.h"
#include "linux/control_request.h"
#include "linux/live_row.h"
#include "stretch/raw.h"
#include "stretch/session_row.h"

/* Text as mdoc takes it; at the start of a line it may be taken for a macro. */
static void put_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (char last = '\0'; *text != '\0'; last = *text++)
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == ' ' && last == '.') /* a new sentence, a new line */
			putchar('\n');
		else
			putchar(*text);
}

static void put_line(const char *text)
{
	put_text(text);
	putchar('\n');
}

static void put_item(const char *name)
{
	fputs(".It Cm ", stdout);
	put_line(name);
}

/* A help text becomes a sentence, but a name in lower case at its start stays one. */
static void put_sentence(const char *text)
{
	size_t length = strlen(text);

	if (islower((unsigned char)text[0]) && text[strcspn(text, " :=_")] == ' ') {
		putchar(toupper((unsigned char)*text++));
		length--;
	}
	put_text(text);
	puts(length > 0 && text[length - 1] == '.' ? "" : ".");
}

/* ---- settings ---- */

static void put_range(const struct setting *s)
{
	char number[96];

	switch (s->type) {
	case SETTING_NUMBER:
	case SETTING_INT:
		snprintf(number, sizeof number, "A %snumber from %.10g to %.10g%s%s.",
			s->type == SETTING_INT ? "whole " : "", s->min, s->max,
			s->unit[0] != '\0' ? " " : "", s->unit);
		put_line(number);
		break;
	case SETTING_BOOL:
		puts("Yes or no.");
		break;
	case SETTING_CHOICE:
		puts("One of");
		for (size_t i = 0; i < s->name_count; i++) {
			fputs(".Cm ", stdout);
			put_text(s->names[i]);
			puts(i + 1 < s->name_count ? " ," : " .");
		}
		break;
	case SETTING_LABEL:
		puts("A label: letters, digits, blanks, dots, underscores, hyphens; at most");
		puts("32, the first one a letter or a digit.");
		break;
	case SETTING_SENSOR:
		puts("See");
		puts(".Sx SENSORS .");
		break;
	case SETTING_LINE:
		puts("See");
		puts(".Sx LINES .");
		break;
	case SETTING_FOLDER:
		puts("An absolute path.");
		break;
	case SETTING_FILE:
		puts("A path.");
		break;
	case SETTING_TYPE_COUNT:
		break;
	}
}

static void put_setting(const struct settings *defaults, const struct setting *s)
{
	char value[SETTING_PATH_MAX];

	put_item(s->key);
	put_sentence(s->help);
	put_range(s);
	config_value(defaults, s, value, sizeof value);
	if (value[0] == '\0') {
		puts("Blank by default.");
		return;
	}
	fputs("Default:\n.Ql ", stdout);
	put_text(value);
	puts(" .");
}

static void print_settings(void)
{
	struct settings defaults;

	settings_default(&defaults);
	for (int section = 0; section < SECTION_COUNT; section++) {
		printf(".Ss %s\n", setting_section_names[section]);
		printf("Section\n.Cm %s :\n", setting_section_names[section]);
		put_sentence(setting_section_help[section]);
		puts(".Bl -tag -width Ds");
		for (size_t i = 0; i < setting_count; i++)
			if (setting_table[i].section == (enum setting_section)section)
				put_setting(&defaults, &setting_table[i]);
		puts(".El");
	}
}

/* ---- columns ---- */

static void put_column(const struct column *c)
{
	put_item(c->name);
	put_sentence(c->help);
	if (c->unit[0] != '\0') {
		fputs("Unit: ", stdout);
		put_sentence(c->unit);
	}
	if (c->type != COLUMN_NAME && c->type != COLUMN_FLAGS)
		return;
	puts(c->type == COLUMN_NAME ? "One of" : "Any of, with blanks between:");
	for (size_t i = 0; i < c->name_count; i++) {
		if (c->names[i] == NULL || c->names[i][0] == '\0')
			continue;
		fputs(".Ql ", stdout);
		put_text(c->names[i]);
		puts(i + 1 < c->name_count ? " ," : " .");
	}
}

static void print_columns(const struct column_table *table)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < table->count; i++)
		put_column(&table->columns[i]);
	puts(".El");
}

static void print_samples(void)
{
	print_columns(&judged_table);
}

static void print_holds(void)
{
	print_columns(&hold_table);
}

static void print_raw(void)
{
	print_columns(raw_table(RAW_PARTS));
}

static void print_sessions(void)
{
	print_columns(&session_table);
}

static void print_live(void)
{
	print_columns(&live_table);
}

/* ---- the rest ---- */

static void print_leds(void)
{
	static const char *const colours[] = { "dark", "red", "amber", "green" };

	puts(".Bl -tag -width Ds");
	for (int i = 0; i < LED_ID_COUNT; i++) {
		const struct led_pattern *p = &led_patterns[i];

		put_item(p->name);
		fputs(colours[p->colour], stdout);
		fputs(": ", stdout);
		put_text(p->meaning);
		puts(".");
	}
	puts(".El");
}

static void print_commands(void)
{
	static const char *const types[] = { "true or false", "whole number", "text" };

	puts(".Bl -tag -width Ds");
	for (int i = 0; i < CONTROL_COMMANDS; i++) {
		put_item(control_commands[i].name);
		put_sentence(control_commands[i].help);
		for (size_t k = 0; k < control_member_count; k++) {
			const struct control_member *m = &control_members[k];

			if ((m->commands & 1u << i) == 0)
				continue;
			printf("Member\n.Cm %s\n(%s):\n", m->name, types[m->type]);
			put_sentence(m->help);
		}
	}
	puts(".El");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} parts[] = { { "settings", print_settings }, { "samples", print_samples },
		{ "holds", print_holds }, { "raw", print_raw },
		{ "sessions", print_sessions }, { "live", print_live },
		{ "leds", print_leds }, { "commands", print_commands } };

	for (size_t i = 0; argc == 2 && i < sizeof parts / sizeof parts[0]; i++)
		if (strcmp(argv[1], parts[i].name) == 0) {
			parts[i].print();
			return fflush(stdout) == 0 ? 0 : 3;
		}
	fputs("usage: manual PART\n", stderr);
	return 2;
}
