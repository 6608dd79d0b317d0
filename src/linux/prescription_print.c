/* The canonical text of a prescription; see prescription_file.h. */
#include "prescription_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 64

static void print_key(const struct prescription *p, int32_t item,
	enum prescription_key_id id, FILE *out)
{
	const struct prescription_key *key = &prescription_keys[id];
	bool blank = prescription_blank(p, item, id);
	const char *quote = key->type == PRESCRIPTION_LABEL && !blank ? "\"" : "";
	const char *indent = item < 0 ? "" : "\t";
	char value[VALUE_MAX];

	prescription_value(p, item, id, value, sizeof(value));
	if (!blank)
		fprintf(out, "%s%s = %s%s%s\n", indent, key->key, quote, value, quote);
	else if (prescription_needed(p, item, id))
		fprintf(out, "%s%s =\n", indent, key->key);
}

int prescription_print(const struct prescription *p, FILE *out)
{
	for (int id = 0; id < KEY_COUNT; id++) {
		/* of what is for all items only the sides matter to the order */
		if (prescription_keys[id].scope == SCOPE_FILE || id == KEY_SIDES)
			print_key(p, PRESCRIPTION_FILE, (enum prescription_key_id)id,
				out);
	}
	for (int32_t item = 0; item < p->count; item++) {
		fprintf(out, "\nitem %s {\n", exercise_names[p->items[item].exercise]);
		for (int id = 0; id < KEY_COUNT; id++) {
			if (prescription_keys[id].scope != SCOPE_FILE)
				print_key(p, item, (enum prescription_key_id)id, out);
		}
		fprintf(out, "}\n");
	}
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno != 0 ? -errno : -EIO;
	return 0;
}

char *prescription_text(const struct prescription *p)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int error;

	if (out == NULL)
		return NULL;
	error = prescription_print(p, out);
	if (fclose(out) == 0 && error == 0)
		return text;
	free(text);
	return NULL;
}
