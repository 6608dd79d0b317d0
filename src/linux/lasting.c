/* Memory or disk; see lasting.h. The format of mountinfo is in proc(5). */
#include "lasting.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_BEFORE_MOUNT 4 /* id, parent, device, root */

struct mount {
	char point[PATH_MAX], type[32], upper[PATH_MAX];
};

/* The folder itself or what is there of the way to it. */
static void nearest(const char *path, char *found)
{
	char part[PATH_MAX];

	snprintf(part, sizeof part, "%s", path);
	while (realpath(part, found) == NULL) {
		char *slash = strrchr(part, '/');

		if (slash == NULL)
			strcpy(part, ".");
		else
			slash[slash == part ? 1 : 0] = '\0';
		if (strcmp(part, "/") == 0 || strcmp(part, ".") == 0) {
			if (realpath(part, found) == NULL)
				strcpy(found, "/");
			return;
		}
	}
}

/* Is path at or below point? */
static bool below(const char *path, const char *point)
{
	size_t length = strlen(point);

	if (length == 1)
		return true;
	return strncmp(path, point, length) == 0 &&
		(path[length] == '/' || path[length] == '\0');
}

/* mountinfo writes a blank as \040 and a few others alike. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		unsigned int code;

		if (*from == '\\' && sscanf(from + 1, "%3o", &code) == 1) {
			*to++ = (char)code;
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static bool read_mount(char *line, struct mount *mount)
{
	char *rest, *field = strtok_r(line, " \n", &rest);
	char *options = NULL, *upper;

	for (int i = 0; field != NULL && i < FIELDS_BEFORE_MOUNT; i++)
		field = strtok_r(NULL, " \n", &rest);
	if (field == NULL)
		return false;
	snprintf(mount->point, sizeof mount->point, "%s", field);
	unescape(mount->point);
	while (field != NULL && strcmp(field, "-") != 0)
		field = strtok_r(NULL, " \n", &rest);
	field = strtok_r(NULL, " \n", &rest);
	if (field == NULL)
		return false;
	snprintf(mount->type, sizeof mount->type, "%s", field);
	for (; field != NULL; field = strtok_r(NULL, " \n", &rest))
		options = field;
	upper = options != NULL ? strstr(options, "upperdir=") : NULL;
	snprintf(mount->upper, sizeof mount->upper, "%.*s",
		upper != NULL ? (int)strcspn(upper + 9, ",") : 0,
		upper != NULL ? upper + 9 : "");
	unescape(mount->upper);
	return true;
}

/* The mount that path lies in: the longest, of equals the last. */
static bool mount_of(const char *path, const char *mountinfo, struct mount *found)
{
	char *line = NULL;
	size_t room = 0;
	bool any = false;
	struct mount mount;
	FILE *file = fopen(mountinfo, "re");

	if (file == NULL)
		return false;
	while (getline(&line, &room, file) > 0) {
		if (!read_mount(line, &mount) || !below(path, mount.point))
			continue;
		if (!any || strlen(mount.point) >= strlen(found->point))
			*found = mount;
		any = true;
	}
	free(line);
	fclose(file);
	return any;
}

static bool in_memory(const struct mount *mount)
{
	return strcmp(mount->type, "tmpfs") == 0 || strcmp(mount->type, "ramfs") == 0;
}

enum lasting lasting_look(const char *path, const char *mountinfo,
	struct problem *problem)
{
	char real[PATH_MAX];
	struct mount mount, upper;

	nearest(path, real);
	if (!mount_of(real, mountinfo, &mount)) {
		problem_set(problem, "%s: its file system is not found in %s", path,
			mountinfo);
		return LASTING_UNKNOWN;
	}
	if (in_memory(&mount)) {
		problem_set(problem, "%s: lies in memory (%s on %s) and is gone with the "
			"power. Name a folder on a disk, or set volatile=yes", path,
			mount.type, mount.point);
		return LASTING_NO;
	}
	if (strcmp(mount.type, "overlay") != 0)
		return LASTING_YES;
	if (mount_of(mount.upper, mountinfo, &upper) && in_memory(&upper)) {
		problem_set(problem, "%s: lies on an overlay that keeps changes in memory "
			"(%s); they are gone with the power. Switch the overlay off, name "
			"a folder on a disk, or set volatile=yes", path, mount.upper);
		return LASTING_NO;
	}
	problem_set(problem, "%s: lies on an overlay (changes go to %s); make sure that "
		"it outlives the power", path, mount.upper);
	return LASTING_UNKNOWN;
}
