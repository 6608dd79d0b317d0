/*
 * Settings file and command-line words from any bytes.
 *
 * Must hold: no crash; refused means at least one mistake and the settings
 * untouched; accepted means every value in range, and printed it reads back to
 * the same values.
 */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/config.h"

#define WORD_MARK 0xff

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
	if (!condition)
		abort();
}

static void check_values(const struct settings *s)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		double value;

		if (setting->type >= SETTING_LABEL) {
			must(memchr(setting_text(s, setting), '\0', setting->size) !=
				NULL);
			continue;
		}
		value = setting_number(s, setting);
		if (isnan(value))
			must(isnan(setting->number));
		else
			must(value >= setting->min && value <= setting->max);
	}
}

static void check_round_trip(const struct settings *s)
{
	static struct config_mistakes mistakes;
	struct settings back;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	must(out != NULL);
	must(config_print(s, out) == 0);
	fclose(out);
	must(config_load_text(&back, "printed", text, length, NULL, 0, &mistakes) == 0);
	for (size_t i = 0; i < setting_count; i++)
		must(memcmp((const char *)s + setting_table[i].offset,
			(const char *)&back + setting_table[i].offset,
			setting_table[i].size) == 0);
	free(text);
}

/* Up to a byte 0xff the bytes are a file, after it a word of the command line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config_mistakes mistakes;
	const uint8_t *end = size ? memchr(data, WORD_MARK, size) : NULL;
	size_t length = end ? (size_t)(end - data) : size;
	char word[1024] = "";
	const char *words[] = { word };
	struct settings s, before;

	if (end != NULL)
		snprintf(word, sizeof(word), "%.*s", (int)(size - length - 1),
			(const char *)end + 1);
	memset(&s, 0x5a, sizeof(s));
	before = s;
	if (config_load_text(&s, "fuzz", (const char *)data, length, words,
			end != NULL, &mistakes) != 0) {
		must(mistakes.count > 0);
		must(memcmp(&s, &before, sizeof(s)) == 0);
		for (size_t i = 0; i < mistakes.count; i++) {
			must(strchr(mistakes.list[i].text, '\n') == NULL);
			must(i == 0 ||
				mistakes.list[i].line >= mistakes.list[i - 1].line);
		}
		return 0;
	}
	must(mistakes.count == 0);
	check_values(&s);
	check_round_trip(&s);
	return 0;
}
