/* The settings written as a file that explains itself and reads back. */
#include "config.h"

#include <errno.h>
#include <string.h>

/* What a person must know to change the value. */
static void print_comment(const struct setting *setting, FILE *out)
{
	const char *name;
	size_t column = 9;

	fprintf(out, "\t# %s", setting->help);
	if (setting->type == SETTING_NUMBER || setting->type == SETTING_INT)
		fprintf(out, " (%.10g to %.10g%s%s)", setting->min, setting->max,
			setting->unit[0] ? " " : "", setting->unit);
	fputc('\n', out);
	if (setting->type != SETTING_CHOICE)
		return;
	fprintf(out, "\t#");
	for (int i = 0; (name = setting_choice_name(setting, i)) != NULL; i++) {
		if (column + strlen(name) > 78) {
			fprintf(out, "\n\t#");
			column = 9;
		}
		fprintf(out, " %s", name);
		column += 1 + strlen(name);
	}
	fputc('\n', out);
}

static void print_setting(const struct settings *settings,
	const struct setting *setting, FILE *out)
{
	char value[SETTING_PATH_MAX];
	const char *quote = setting->type >= SETTING_LABEL ? "\"" : "";

	config_value(settings, setting, value, sizeof(value));
	print_comment(setting, out);
	if (setting->type < SETTING_LABEL && value[0] == '\0')
		fprintf(out, "\t# %s =\n", setting->key);
	else
		fprintf(out, "\t%s = %s%s%s\n", setting->key, quote, value, quote);
}

int config_print(const struct settings *settings, FILE *out)
{
	fprintf(out, "# Settings of stretchd. What is left out keeps its default.\n");
	for (int s = 0; s < SECTION_COUNT; s++) {
		fprintf(out, "\n# %s\n%s {\n", setting_section_help[s],
			setting_section_names[s]);
		for (size_t i = 0; i < setting_count; i++) {
			if (setting_table[i].section == (enum setting_section)s)
				print_setting(settings, &setting_table[i], out);
		}
		fprintf(out, "}\n");
	}
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno != 0 ? -errno : -EIO;
	return 0;
}
