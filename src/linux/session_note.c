/* Notes on a session; see session_note.h. */
#include "session_note.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "folder.h"
#include "session_facts.h"
#include "store_parts.h"
#include "stretch/setting.h"

/* jansson checks UTF-8; control characters are ours to refuse. */
const char *session_note_text_wrong(const char *text)
{
	json_t *string = json_string(text);

	json_decref(string);
	if (string == NULL)
		return "it is not UTF-8";
	if (strlen(text) > SESSION_NOTE_TEXT_MAX)
		return "it is longer than 200 bytes";
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return "write one line, without control characters";
	return NULL;
}

/* The note so far: a new object when there is none, NULL when it makes no sense. */
static json_t *read_note(const char *path, struct problem *problem)
{
	json_error_t wrong;
	json_t *note;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return json_object();
	note = json_load_file(path, JSON_REJECT_DUPLICATES, &wrong);
	if (json_is_object(note))
		return note;
	problem_set(problem, "%s:%d: %s. Remove the file, or mend it.", path,
		note ? 1 : wrong.line, note ? "not a JSON object" : wrong.text);
	json_decref(note);
	return NULL;
}

static void put_number(json_t *object, const char *key, int32_t value)
{
	if (value >= 0)
		json_object_set_new(object, key, json_integer(value));
}

static void put_note(json_t *object, const struct session_note *note)
{
	char now[CLOCK_TEXT_MAX];

	clock_iso(now);
	put_number(object, "pain_before", note->pain_before);
	put_number(object, "pain_after", note->pain_after);
	if (note->warm_up >= 0)
		json_object_set_new(object, "warm_up", json_boolean(note->warm_up));
	if (note->strapped_by)
		json_object_set_new(object, "strapped_by",
			json_string(note->strapped_by));
	if (note->text && note->text[0] == '\0')
		json_object_del(object, "note");
	else if (note->text)
		json_object_set_new(object, "note", json_string(note->text));
	json_object_set_new(object, "noted_at", json_string(now));
	json_object_set_new(object, "noted_clock_source",
		json_string(clock_source_names[clock_trust()]));
}

static int check(const char *folder, const struct session_note *note,
	struct problem *problem)
{
	char path[PATH_MAX];
	const char *wrong = NULL;

	if (folder_join(path, sizeof path, folder, "session.json") < 0 ||
		access(path, F_OK) < 0) {
		problem_set(problem, "%s: not a session folder: it has no session.json",
			folder);
		return -EINVAL;
	}
	if (note->pain_before > SESSION_NOTE_PAIN_MAX ||
		note->pain_after > SESSION_NOTE_PAIN_MAX)
		wrong = "pain is a number from 0 to 10";
	else if (note->strapped_by)
		wrong = setting_label_wrong(note->strapped_by);
	if (!wrong && note->text)
		wrong = session_note_text_wrong(note->text);
	if (wrong)
		problem_set(problem, "%s", wrong);
	return wrong ? -EINVAL : 0;
}

int session_note_write(const char *folder, const struct session_note *note,
	struct problem *problem)
{
	char path[PATH_MAX];
	json_t *object;
	int error = check(folder, note, problem);

	if (error < 0)
		return error;
	error = folder_join(path, sizeof path, folder, SESSION_NOTE_FILE);
	if (error < 0)
		return problem_errno(problem, folder, "write", error);
	object = read_note(path, problem);
	if (!object)
		return -EBADMSG;
	put_note(object, note);
	error = store_put_json(path, object);
	json_decref(object);
	return error < 0 ? problem_errno(problem, path, "write", error) : 0;
}
