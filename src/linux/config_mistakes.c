/* What is wrong in a file, in order; see config_mistakes.h. */
#include "config_mistakes.h"

void config_mistakes_clear(struct config_mistakes *mistakes)
{
	mistakes->count = 0;
	mistakes->dropped = 0;
}

/* A line of text that came from outside goes to a terminal: no controls. */
static void make_printable(char *text)
{
	for (char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
}

void config_mistakes_add(struct config_mistakes *mistakes, const char *name,
	unsigned int line, const char *key, const char *wrong, const char *advice)
{
	char place[16] = "";
	size_t at = mistakes->count;
	struct config_mistake *mistake;

	if (at == CONFIG_MISTAKES_MAX) {
		mistakes->dropped++;
		return;
	}
	while (at > 0 && mistakes->list[at - 1].line > line) {
		mistakes->list[at] = mistakes->list[at - 1];
		at--;
	}
	mistake = &mistakes->list[at];
	mistake->line = line;
	if (line != 0)
		snprintf(place, sizeof(place), ":%u", line);
	snprintf(mistake->text, sizeof(mistake->text), "%.255s%s: %.64s%s%s. %s", name,
		place, key ? key : "", key ? ": " : "", wrong, advice);
	make_printable(mistake->text);
	mistakes->count++;
}

void config_print_mistakes(const struct config_mistakes *mistakes, FILE *out)
{
	for (size_t i = 0; i < mistakes->count; i++)
		fprintf(out, "%s\n", mistakes->list[i].text);
	if (mistakes->dropped > 0)
		fprintf(out, "and %zu mistakes more\n", mistakes->dropped);
}
