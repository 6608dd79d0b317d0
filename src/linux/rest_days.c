/* Days of rest; see rest_days.h. */
#include "rest_days.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "folder.h"
#include "store_parts.h"
#include "stretch/day.h"

/* Index of the first day that is not earlier. */
static size_t place_of(const struct rest_days *days, int32_t day)
{
	size_t at = 0;

	while (at < days->count && days->day[at] < day)
		at++;
	return at;
}

bool rest_days_has(const struct rest_days *days, int32_t day)
{
	size_t at = place_of(days, day);

	return at < days->count && days->day[at] == day;
}

/* False when there is no room. */
static bool insert(struct rest_days *days, int32_t day)
{
	size_t at = place_of(days, day);

	if (rest_days_has(days, day))
		return true;
	if (days->count == REST_DAYS_MAX)
		return false;
	memmove(&days->day[at + 1], &days->day[at], (days->count - at) * sizeof day);
	days->day[at] = day;
	days->count++;
	return true;
}

/* What is wrong with the object, or NULL. */
static const char *take(struct rest_days *days, const json_t *object)
{
	const json_t *list = json_object_get(object, "days"), *item;
	size_t i;

	if (!json_is_array(list))
		return "no list of days";
	json_array_foreach(list, i, item) {
		const char *text = json_string_value(item);
		int32_t day = text ? day_parse(text) : DAY_NONE;

		if (day == DAY_NONE)
			return "one of them is no day like \"2025-11-30\"";
		if (!insert(days, day))
			return "more days than there is room for";
	}
	return NULL;
}

int rest_days_read(struct rest_days *days, const char *wearer_dir,
	struct problem *problem)
{
	char path[PATH_MAX];
	json_error_t error;
	json_t *object;
	const char *wrong;
	FILE *in;

	days->count = 0;
	if (folder_join(path, sizeof path, wearer_dir, REST_DAYS_FILE) < 0)
		return problem_errno(problem, wearer_dir, "read", -ENAMETOOLONG);
	in = fopen(path, "re");
	if (!in)
		return errno == ENOENT ? 0 : problem_errno(problem, path, "read", -errno);
	object = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
	fclose(in);
	wrong = object ? take(days, object) : error.text;
	if (wrong) {
		days->count = 0;
		problem_set(problem, "%s:%d: %s. Mend the file, or remove it.", path,
			object ? 1 : error.line, wrong);
	}
	json_decref(object);
	return wrong ? -EBADMSG : 0;
}

static int write_days(const char *path, const struct rest_days *days)
{
	json_t *list = json_array(), *object;
	char text[DAY_TEXT_MAX];
	int error;

	for (size_t i = 0; i < days->count; i++) {
		day_print(days->day[i], text);
		json_array_append_new(list, json_string(text));
	}
	object = json_pack("{s:o}", "days", list);
	error = object ? store_put_json(path, object) : -ENOMEM;
	json_decref(object);
	return error;
}

int rest_days_add(const char *wearer_dir, int32_t day, struct problem *problem)
{
	struct rest_days days;
	char path[PATH_MAX];
	int error = rest_days_read(&days, wearer_dir, problem);

	if (error < 0)
		return error;
	if (!insert(&days, day)) {
		problem_set(problem, "%s: it has %d days already", wearer_dir,
			REST_DAYS_MAX);
		return -ENOSPC;
	}
	error = folder_join(path, sizeof path, wearer_dir, REST_DAYS_FILE);
	if (error == 0)
		error = write_days(path, &days);
	return error < 0 ? problem_errno(problem, wearer_dir, "write", error) : 0;
}
