/*
 * Settings from a file and from the command line.
 *
 * In order: config_scan.c checks the shape of the lines, libconfuse reads what
 * is left (its options are made from the table at run time, all of them text),
 * and each value goes through the one check that overrides go through too.
 */
#include "config.h"

#include <confuse.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_parts.h"

#define COMMAND_LINE "command line"

void config_mistake(struct config_scan *scan, unsigned int line, const char *key,
	const char *wrong, const char *advice)
{
	config_mistakes_add(scan->mistakes, scan->name, line, key, wrong, advice);
}

/* The same for a word of the command line. */
static void word_mistake(struct config_scan *scan, const char *key,
	const char *wrong, const char *advice)
{
	config_mistakes_add(scan->mistakes, COMMAND_LINE, 0, key, wrong, advice);
}

const char *config_choose_file(const char *named, const char *service)
{
	if (named != NULL)
		return named;
	return access(service, F_OK) == 0 ? service : NULL;
}

/* ---- the file -------------------------------------------------------------- */

/* libconfuse would print; the place of its error is in cfg->line. */
static void silent(cfg_t *cfg, const char *format, va_list arguments)
{
	(void)cfg;
	(void)format;
	(void)arguments;
}

/*
 * The table as libconfuse's options: sections in root, their keys in keys. Both
 * are copied by cfg_init().
 */
static void make_options(cfg_opt_t root[SECTION_COUNT + 1],
	cfg_opt_t keys[CONFIG_KEYS_MAX + SECTION_COUNT])
{
	const cfg_opt_t end = CFG_END();
	size_t used = 0;

	for (int s = 0; s < SECTION_COUNT; s++) {
		const cfg_opt_t section = CFG_SEC(setting_section_names[s], &keys[used],
			CFGF_NONE);

		root[s] = section;
		for (size_t i = 0; i < setting_count; i++) {
			const cfg_opt_t key = CFG_STR(setting_table[i].key, NULL,
				CFGF_NONE);

			if (setting_table[i].section == (enum setting_section)s)
				keys[used++] = key;
		}
		keys[used++] = end;
	}
	root[SECTION_COUNT] = end;
}

static void store_values(struct config_scan *scan, struct settings *settings,
	cfg_t *cfg)
{
	char wrong[256], advice[512];

	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		const char *value = NULL;

		if (scan->line_of[i] != 0 && !scan->bad[i])
			value = cfg_getstr(cfg_getsec(cfg,
				setting_section_names[setting->section]), setting->key);
		if (value == NULL ||
			config_store(settings, setting, value, wrong, sizeof(wrong)))
			continue;
		scan->bad[i] = true;
		config_expected(setting, advice, sizeof(advice));
		config_mistake(scan, scan->line_of[i], setting->key, wrong, advice);
	}
}

static int read_values(struct config_scan *scan, struct settings *settings)
{
	cfg_opt_t root[SECTION_COUNT + 1], keys[CONFIG_KEYS_MAX + SECTION_COUNT];
	cfg_t *cfg;

	make_options(root, keys);
	cfg = cfg_init(root, CFGF_NONE);
	if (cfg == NULL)
		return -ENOMEM;
	cfg_set_error_function(cfg, silent);
	if (cfg_parse_buf(cfg, scan->clean) == CFG_SUCCESS)
		store_values(scan, settings, cfg);
	else
		config_mistake(scan, (unsigned int)cfg->line, NULL, "not understood",
			"write key = value inside a section");
	cfg_free(cfg);
	return 0;
}

static int load_file(struct config_scan *scan, struct settings *settings,
	const char *text, size_t length)
{
	size_t lines = 1;
	int error;

	if (length > CONFIG_FILE_MAX) {
		config_mistake(scan, 0, NULL, "the file is longer than 64 KiB",
			"is it a settings file?");
		return 0;
	}
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	/* a corrected section name and a missing } may make a line longer */
	scan->clean_size = length + lines * 16 + 16;
	scan->clean = calloc(1, scan->clean_size);
	if (scan->clean == NULL)
		return -ENOMEM;
	config_scan_text(scan, text, length);
	error = read_values(scan, settings);
	free(scan->clean);
	return error;
}

/* ---- the command line and what is wrong together --------------------------- */

static void store_word(struct config_scan *scan, struct settings *settings,
	const char *word)
{
	const char *equals = strchr(word, '=');
	char key[64], wrong[256], advice[512];
	const struct setting *setting;
	const char *dot, *name;

	if (equals == NULL || equals == word || equals - word >= (int)sizeof(key)) {
		word_mistake(scan, word, "not understood", "write key=value");
		return;
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
	dot = strchr(key, '.');
	name = dot ? dot + 1 : key;
	setting = setting_find(name);
	if (setting != NULL && dot != NULL) {
		const char *section = setting_section_names[setting->section];

		if (strlen(section) != (size_t)(dot - key) ||
			strncmp(section, key, strlen(section)) != 0)
			setting = NULL;
	}
	if (setting == NULL) {
		config_suggest(name, advice, sizeof(advice));
		word_mistake(scan, key, "unknown key", advice);
		return;
	}
	scan->by_word[setting - setting_table] = true;
	if (config_store(settings, setting, equals + 1, wrong, sizeof(wrong)))
		return;
	scan->bad[setting - setting_table] = true;
	config_expected(setting, advice, sizeof(advice));
	word_mistake(scan, key, wrong, advice);
}

static void found_conflict(void *context, const char *key, const char *wrong,
	const char *advice)
{
	struct config_scan *scan = context;
	const struct setting *setting = setting_find(key);
	size_t index = (size_t)(setting - setting_table);

	if (scan->bad[index])
		return; /* told already, and its value is not the one meant */
	if (scan->by_word[index] || scan->name == NULL)
		word_mistake(scan, key, wrong, advice);
	else
		config_mistake(scan, scan->line_of[index], key, wrong, advice);
}

static int finish(struct config_scan *scan, struct settings *settings,
	const struct settings *changed)
{
	settings_conflicts(changed, found_conflict, scan);
	if (scan->mistakes->count > 0)
		return -EBADMSG;
	*settings = *changed;
	return 0;
}

/* Defaults, file and words; what is wrong keeps what was there before. */
static int load_all(struct config_scan *scan, struct settings *changed, const char *text,
	size_t length, const char *const *words, size_t count)
{
	int error = 0;

	config_mistakes_clear(scan->mistakes);
	settings_default(changed);
	if (text != NULL)
		error = load_file(scan, changed, text, length);
	if (error != 0) {
		config_mistake(scan, 0, NULL, "no memory", "close other programs");
		return error;
	}
	for (size_t i = 0; i < count; i++)
		store_word(scan, changed, words[i]);
	return 0;
}

int config_load_text(struct settings *settings, const char *name, const char *text,
	size_t length, const char *const *words, size_t count,
	struct config_mistakes *mistakes)
{
	struct config_scan scan = { .name = name, .mistakes = mistakes };
	struct settings changed;
	int error = load_all(&scan, &changed, text, length, words, count);

	return error != 0 ? error : finish(&scan, settings, &changed);
}

void config_load_right(struct settings *settings, const char *path,
	const char *const *words, size_t count)
{
	static struct config_mistakes told; /* before, by config_load; large */
	struct config_scan scan = { .name = path, .mistakes = &told };
	char *text = NULL;
	size_t length = 0;

	if (path == NULL || config_read_file(path, &text, &length) != 0)
		text = NULL;
	(void)load_all(&scan, settings, text, length, words, count);
	free(text);
}

int config_load(struct settings *settings, const char *path,
	const char *const *words, size_t count, struct config_mistakes *mistakes)
{
	struct settings unused;
	char *text = NULL;
	size_t length = 0;
	int error;

	if (path == NULL)
		return config_load_text(settings, NULL, NULL, 0, words, count, mistakes);
	error = config_read_file(path, &text, &length);
	if (error == 0) {
		error = config_load_text(settings, path, text, length, words, count,
			mistakes);
	} else {
		struct config_scan scan = { .name = path, .mistakes = mistakes };
		char wrong[128];

		/* the words are checked all the same */
		(void)config_load_text(&unused, NULL, NULL, 0, words, count, mistakes);
		snprintf(wrong, sizeof(wrong), "cannot be read: %s", strerror(-error));
		config_mistake(&scan, 0, NULL, wrong, error == -ENOENT ?
			"stretchd --print-config writes such a file" :
			"check its path and rights");
	}
	free(text);
	return error;
}

void config_service_places(struct settings *settings, const char *service,
	struct problem *why)
{
	static struct config_mistakes mistakes; /* large; stretchd --check lists them */
	int error;

	why->text[0] = '\0';
	error = config_load(settings, service, NULL, 0, &mistakes);
	if (error == 0)
		return;
	config_load_right(settings, service, NULL, 0);
	if (error == -ENOENT)
		return; /* not installed as a service */
	if (error == -EBADMSG)
		problem_set(why, "%s has mistakes (stretchd --check --config %s lists "
			"them). taken meanwhile: state_dir %s, control %s", service,
			service, settings->state_dir, settings->control);
	else
		problem_set(why, "%s cannot be read: %s. taken instead: state_dir %s, "
			"control %s", service, strerror(-error), settings->state_dir,
			settings->control);
}
