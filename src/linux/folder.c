/* Folders of a session; see folder.h. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_one(const char *path)
{
	struct stat info;

	if (mkdir(path, FOLDER_MODE) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (stat(path, &info) < 0)
		return -errno;
	return S_ISDIR(info.st_mode) ? 0 : -ENOTDIR;
}

int folder_make(const char *path)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof part)
		return -ENAMETOOLONG;
	memcpy(part, path, length + 1);
	for (size_t i = 1; i < length; i++) {
		int error;

		if (part[i] != '/')
			continue;
		part[i] = '\0';
		error = make_one(part);
		part[i] = '/';
		if (error < 0)
			return error;
	}
	return make_one(part);
}

int folder_join(char *path, size_t size, const char *folder, const char *name)
{
	int length = snprintf(path, size, "%s/%s", folder, name);

	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

int folder_each(const char *path, int (*each)(void *context, const char *name),
	void *context)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (!dir)
		return -errno;
	/* readdir is safe where no other thread reads the same dir, and this one is ours;
	 * readdir_r is deprecated in glibc. */
	// cppcheck-suppress readdirCalled
	for (errno = 0; result == 0 && (entry = readdir(dir)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = each(context, entry->d_name);
	if (result == 0 && errno != 0)
		result = -errno;
	closedir(dir);
	return result;
}

static int remove_file(void *context, const char *name)
{
	char path[PATH_MAX];
	int error = folder_join(path, sizeof path, context, name);

	if (error == 0 && unlink(path) < 0 && errno != EISDIR)
		error = -errno;
	return error;
}

int folder_remove(const char *path)
{
	char copy[PATH_MAX];
	int error;

	if (strlen(path) >= sizeof copy)
		return -ENAMETOOLONG;
	strcpy(copy, path);
	error = folder_each(path, remove_file, copy);
	if (error == 0 && rmdir(path) < 0)
		error = -errno;
	return error;
}
