/* Reading a prescription line by line; see prescription_file.h. */
#include "prescription_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "prescription_parts.h"

struct scan {
	struct config_lines lines;
	struct prescription p;
	struct prescription_report *report;
	int32_t item;     /* PRESCRIPTION_FILE: outside any */
	bool inside;
	bool skipped;     /* an item that there is no room for */
	bool brace_due;   /* told that { is missing; the next line may have it */
	unsigned int opened;
	unsigned int item_line[PRESCRIPTION_ITEMS_MAX];
	bool item_bad[PRESCRIPTION_ITEMS_MAX]; /* told, and not what was meant */
	/* [0]: the file, [1 + item]: an item */
	unsigned int line_of[1 + PRESCRIPTION_ITEMS_MAX][KEY_COUNT];
	bool bad[1 + PRESCRIPTION_ITEMS_MAX][KEY_COUNT];
};

static void mistake(const struct scan *scan, const char *key, const char *wrong,
	const char *advice)
{
	config_mistakes_add(&scan->report->mistakes, scan->lines.name, scan->lines.line,
		key, wrong, advice);
}

/* ---- items ------------------------------------------------------------------ */

static const char *exercise_name(const void *context, size_t index)
{
	(void)context;
	return index < EX_COUNT ? exercise_names[index] : NULL;
}

/* An exercise by its name or nearly so; EX_COUNT when none is near. */
static enum exercise_id exercise_meant(const char *name)
{
	enum exercise_id exercise = exercise_lookup(name);
	const char *near;

	if (exercise != EX_COUNT)
		return exercise;
	near = nearest_word(name, exercise_name, NULL);
	return near != NULL ? exercise_lookup(near) : EX_COUNT;
}

/*
 * Opens an item. What is not known is kept as one that is never done, so that its
 * keys are checked all the same; item_bad stops what would follow from it.
 */
static void add_item(struct scan *scan, enum exercise_id exercise, bool bad)
{
	int32_t item = prescription_add(&scan->p,
		exercise == EX_COUNT ? EX_WALL_STAND : exercise);

	scan->inside = true;
	scan->opened = scan->lines.line;
	scan->skipped = item < 0;
	scan->item = item;
	if (item < 0) {
		mistake(scan, NULL, "more than 16 items", "write a second prescription");
		return;
	}
	scan->item_line[item] = scan->lines.line;
	scan->item_bad[item] = bad;
}

static void close_item(struct scan *scan)
{
	scan->inside = scan->skipped = false;
	scan->item = PRESCRIPTION_FILE;
}

static void open_item(struct scan *scan, const char *word, const char *title)
{
	bool is_item = strcmp(word, "item") == 0;
	const char *name = is_item || title[0] != '\0' ? title : word;
	enum exercise_id exercise = exercise_meant(name);
	bool known = exercise != EX_COUNT &&
		strcmp(exercise_names[exercise], name) == 0;
	char advice[128];

	if (scan->inside) {
		snprintf(advice, sizeof(advice), "write } before it (the item of line %u "
			"is open)", scan->opened);
		mistake(scan, NULL, "an item inside an item", advice);
	}
	if (exercise != EX_COUNT)
		snprintf(advice, sizeof(advice), "write item %s {",
			exercise_names[exercise]);
	else
		snprintf(advice, sizeof(advice), "write item and an exercise, for "
			"example item lying-towel {");
	if (is_item && name[0] == '\0')
		mistake(scan, word, "the exercise is missing", advice);
	else if (is_item && !known)
		mistake(scan, name, "no such exercise", advice);
	else if (!is_item)
		mistake(scan, word, "only an item has braces", advice);
	add_item(scan, exercise, !known);
}

/* ---- keys ------------------------------------------------------------------- */

static const char *key_name(const void *context, size_t index)
{
	(void)context;
	return index < KEY_COUNT ? prescription_keys[index].key : NULL;
}

static void unknown_key(const struct scan *scan, const char *key)
{
	const char *near = NULL;
	char advice[128];

	if (strcmp(key, "accepted_by") == 0 || strcmp(key, "accepted_on") == 0) {
		mistake(scan, key, "this is not written by hand",
			"take it out; stretchctl accept notes who and when");
		return;
	}
	for (size_t i = 0; i < KEY_COUNT && near == NULL; i++) {
		if (strlen(key) >= 3 &&
			strncmp(prescription_keys[i].key, key, strlen(key)) == 0)
			near = prescription_keys[i].key;
	}
	if (near == NULL)
		near = nearest_word(key, key_name, NULL);
	if (near != NULL)
		snprintf(advice, sizeof(advice), "did you mean %s?", near);
	else
		snprintf(advice, sizeof(advice),
			"stretchctl prescription --help lists all keys");
	mistake(scan, key, "unknown key", advice);
}

/* True when the key may stand here; tells why when not. */
static bool key_fits(const struct scan *scan, enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (scan->inside && key->scope == SCOPE_FILE) {
		mistake(scan, key->key, "this key is for the whole file",
			"write it above the first item");
		return false;
	}
	if (!scan->inside && key->scope == SCOPE_ITEM) {
		mistake(scan, key->key, "this key belongs to one exercise",
			"write it inside item NAME { }");
		return false;
	}
	return true;
}

/* False, and told, when it was given before. */
static bool key_is_first(struct scan *scan, enum prescription_key_id id)
{
	unsigned int *line = &scan->line_of[1 + scan->item][id];
	char advice[64];

	if (*line == 0) {
		*line = scan->lines.line;
		return true;
	}
	snprintf(advice, sizeof(advice), "keep one; the other is in line %u", *line);
	mistake(scan, prescription_keys[id].key, "given twice", advice);
	return false;
}

/* Takes quotes and comment off in place; tells what is wrong and gives NULL. */
static char *bare_value(const struct scan *scan, const char *key, char *value)
{
	char *end;

	if (value[0] != '"') {
		config_cut_comment(value);
		return value;
	}
	end = strchr(value + 1, '"');
	if (end == NULL) {
		mistake(scan, key, "the quotes are not closed",
			"write a closing \", or none: quotes are not needed");
		return NULL;
	}
	config_cut_comment(end + 1);
	if (end[1 + strspn(end + 1, CONFIG_BLANKS)] != '\0') {
		mistake(scan, key, "there is something after the value",
			"write one value a line");
		return NULL;
	}
	*end = '\0';
	return value + 1;
}

static void scan_key(struct scan *scan)
{
	const char *word = scan->lines.word;
	enum prescription_key_id id = prescription_key_find(word);
	struct prescription_place place = { .p = &scan->p, .item = scan->item, .id = id };
	struct prescription unused; /* whichever of two is kept, both are looked at */
	char wrong[256], advice[256];
	char *value;

	if (word[0] == '\0') {
		mistake(scan, NULL, "not understood", "write key = value");
		return;
	}
	if (id == KEY_COUNT) {
		unknown_key(scan, word);
		return;
	}
	scan->bad[1 + scan->item][id] = true;
	if (!key_fits(scan, id))
		return;
	if (!key_is_first(scan, id)) {
		unused = scan->p;
		place.p = &unused;
	}
	if (scan->lines.value == NULL) {
		prescription_expected(id, advice, sizeof(advice));
		mistake(scan, word, "no = after the key", advice);
		return;
	}
	value = bare_value(scan, word, scan->lines.value);
	if (value == NULL)
		return;
	if (prescription_store(&place, value, wrong, sizeof(wrong))) {
		scan->bad[1 + scan->item][id] = place.p == &unused;
		return;
	}
	prescription_expected(id, advice, sizeof(advice));
	mistake(scan, word, wrong, advice);
}

/* ---- the file --------------------------------------------------------------- */

/* `item NAME` without a brace, and a brace on a line of its own. */
static bool scan_brace(struct scan *scan)
{
	const struct config_lines *lines = &scan->lines;
	bool due = scan->brace_due;
	char advice[128];

	scan->brace_due = false;
	if (lines->word[0] == '{') {
		if (!due)
			mistake(scan, NULL, "a brace on its own",
				"write it behind the exercise: item lying-towel {");
		return true;
	}
	if (lines->value != NULL || strcmp(lines->word, "item") != 0)
		return false;
	snprintf(advice, sizeof(advice), "write item %.40s {",
		lines->title[0] ? lines->title : "lying-towel");
	mistake(scan, "item", "no { behind the exercise", advice);
	scan->brace_due = true;
	add_item(scan, exercise_meant(lines->title),
		exercise_lookup(lines->title) == EX_COUNT);
	return true;
}

static void scan_line(struct scan *scan, enum config_line kind)
{
	if (kind == CONFIG_LINE_OPEN)
		open_item(scan, scan->lines.word, scan->lines.title);
	else if (kind == CONFIG_LINE_KEY && !scan_brace(scan) && !scan->skipped)
		scan_key(scan);
	else if (kind == CONFIG_LINE_CLOSE && !scan->inside)
		mistake(scan, NULL, "} closes nothing", "take it out");
	else if (kind == CONFIG_LINE_CLOSE)
		close_item(scan);
}

struct finding {
	struct scan *scan;
	struct config_mistakes *into;
};

/* At the key's own line, else where its item begins. */
static void found(void *context, int32_t item, enum prescription_key_id id,
	const char *wrong, const char *advice)
{
	const struct finding *finding = context;
	const struct scan *scan = finding->scan;
	unsigned int line = item < 0 ? 0 : scan->item_line[item];
	char key[64] = "";

	if (item >= 0 && scan->item_bad[item])
		return;
	if (id < KEY_COUNT && scan->bad[1 + item][id])
		return;
	if (id < KEY_COUNT && scan->line_of[1 + item][id] != 0)
		line = scan->line_of[1 + item][id];
	if (id < KEY_COUNT)
		snprintf(key, sizeof(key), "%s", prescription_keys[id].key);
	else if (item >= 0)
		snprintf(key, sizeof(key), "item %s",
			exercise_names[scan->p.items[item].exercise]);
	config_mistakes_add(finding->into, scan->lines.name, line, key[0] ? key : NULL,
		wrong, advice);
}

static void scan_text(struct scan *scan)
{
	struct prescription_report *report = scan->report;
	struct finding finding = { .scan = scan };
	enum config_line kind;

	while ((kind = config_lines_next(&scan->lines)) != CONFIG_LINE_END)
		scan_line(scan, kind);
	if (scan->inside) {
		scan->lines.line = scan->opened;
		mistake(scan, "item", "the item is not closed",
			"write } after its last line");
	}
	prescription_complete(&scan->p);
	finding.into = &report->mistakes;
	(void)prescription_conflicts(&scan->p, found, &finding);
	finding.into = &report->open;
	(void)prescription_blanks(&scan->p, found, &finding);
	finding.into = &report->notes;
	if (report->mistakes.count == 0 && report->open.count == 0)
		(void)prescription_notes(&scan->p, found, &finding);
}

static void clear_report(struct prescription_report *report)
{
	config_mistakes_clear(&report->mistakes);
	config_mistakes_clear(&report->open);
	config_mistakes_clear(&report->notes);
}

int prescription_load_text(struct prescription *p, const char *name, const char *text,
	size_t length, struct prescription_report *report)
{
	struct scan scan = { .lines = { .name = name, .mistakes = &report->mistakes,
		.titles = true, .text = text, .length = length }, .report = report,
		.item = PRESCRIPTION_FILE };

	clear_report(report);
	prescription_init(&scan.p);
	if (length > CONFIG_FILE_MAX)
		config_mistakes_add(&report->mistakes, name, 0, NULL,
			"the file is longer than 64 KiB", "is it a prescription?");
	else
		scan_text(&scan);
	if (report->mistakes.count > 0)
		return -EBADMSG;
	*p = scan.p;
	return 0;
}

int prescription_load(struct prescription *p, const char *path,
	struct prescription_report *report)
{
	char *text = NULL, wrong[128];
	size_t length = 0;
	int error = config_read_file(path, &text, &length);

	if (error == 0) {
		error = prescription_load_text(p, path, text, length, report);
	} else {
		clear_report(report);
		snprintf(wrong, sizeof(wrong), "cannot be read: %s", strerror(-error));
		config_mistakes_add(&report->mistakes, path, 0, NULL, wrong,
			"check its path and rights");
	}
	free(text);
	return error;
}
