/* A person's word for the clock; see clock_said.h. */
#include "clock_said.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "session_list.h"
#include "store_parts.h"

#define CLOCK_FILE "clock.json"
#define AGO_MAX_S 3.2e8 /* ten years: no machine runs longer */

static bool same_text(const json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value && strcmp(value, text) == 0;
}

enum clock_source clock_said_trust(const char *state_dir)
{
	enum clock_source trust = clock_trust();
	char path[PATH_MAX], boot[CLOCK_TEXT_MAX];
	json_t *word;

	clock_boot_id(boot);
	if (trust != CLOCK_NONE || boot[0] == '\0' ||
		folder_join(path, sizeof path, state_dir, CLOCK_FILE) < 0)
		return trust;
	word = json_load_file(path, 0, NULL);
	if (same_text(word, "boot_id", boot))
		trust = CLOCK_PERSON;
	json_decref(word);
	return trust;
}

int clock_said_write(const char *state_dir, struct problem *problem)
{
	char path[PATH_MAX], boot[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];
	json_t *word;
	int error = folder_join(path, sizeof path, state_dir, CLOCK_FILE);

	clock_boot_id(boot);
	clock_iso(now);
	if (boot[0] == '\0')
		error = -ENOTSUP;
	if (error == 0)
		error = folder_make(state_dir);
	if (error == 0) {
		word = json_pack("{s:s, s:s}", "boot_id", boot, "said_at", now);
		error = word ? store_put_json(path, word) : -ENOMEM;
		json_decref(word);
	}
	return error < 0 ? problem_errno(problem, path, "write", error) : 0;
}

/* Seconds of the monotonic clock since the session began; NAN: not of this boot. */
static double seconds_since(const json_t *session, const char *boot)
{
	double start = json_number_value(json_object_get(session, "started_monotonic_s"));
	double ago = (double)clock_monotonic_us() * 1e-6 - start;

	if (!same_text(session, "boot_id", boot) || !(start > 0.0) || !(ago >= 0.0) ||
		ago > AGO_MAX_S)
		return (double)NAN;
	return ago;
}

/* 1 when it was dated, 0, or -errno. */
static int date_session(const char *folder, const char *boot, enum clock_source source)
{
	char path[PATH_MAX], start[CLOCK_TEXT_MAX];
	json_t *session;
	double ago;
	int result = 0;

	if (folder_join(path, sizeof path, folder, "session.json") < 0)
		return -ENAMETOOLONG;
	session = json_load_file(path, 0, NULL);
	ago = seconds_since(session, boot);
	if (same_text(session, "clock_source", clock_source_names[CLOCK_NONE]) &&
		!same_text(session, "status", STORE_OPEN) && isfinite(ago)) {
		clock_iso_ago(start, llround(ago * 1e6));
		json_object_set_new(session, "started_at", json_string(start));
		json_object_set_new(session, "clock_source",
			json_string(clock_source_names[source]));
		result = store_put_json(path, session);
		result = result < 0 ? result : 1;
	}
	json_decref(session);
	return result;
}

int clock_said_date(const char *state_dir, enum clock_source source,
	struct problem *problem)
{
	char boot[CLOCK_TEXT_MAX];
	struct session_entry *list;
	size_t count;
	int dated = 0, first = 0;
	int error = session_list_names(state_dir, NULL, &list, &count, problem);

	if (error < 0)
		return error;
	clock_boot_id(boot);
	for (size_t i = 0; boot[0] != '\0' && i < count; i++) {
		int result = date_session(list[i].path, boot, source);

		dated += result > 0;
		if (result < 0 && first == 0)
			first = problem_errno(problem, list[i].path, "date", result);
	}
	free(list);
	return first < 0 ? first : dated;
}

int clock_said_follow(const char *state_dir, enum clock_source *trust,
	struct problem *problem)
{
	enum clock_source before = *trust;

	*trust = clock_said_trust(state_dir);
	if (*trust == CLOCK_NONE || before != CLOCK_NONE)
		return 0;
	return clock_said_date(state_dir, *trust, problem);
}
