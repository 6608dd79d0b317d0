/* Helpers of tests that touch files; see temp_files.h. */
#include "temp_files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[PATH_MAX - NAME_MAX - 2];

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	abort();
}

void temp_make(void)
{
	const char *place = getenv("TMPDIR");

	must(snprintf(folder, sizeof folder, "%s/stretch-test-XXXXXX",
		     place && place[0] ? place : P_tmpdir) < (int)sizeof folder,
		"folder name");
	must(mkdtemp(folder) != NULL, folder);
}

static int remove_one(
	const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info, (void)type, (void)where;
	return remove(path);
}

void temp_remove(void)
{
	must(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, folder);
}

void temp_remove_below(const char *name)
{
	must(nftw(temp_path(name), remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, name);
}

int temp_set_up(void **state)
{
	(void)state;
	temp_make();
	return 0;
}

int temp_tear_down(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

const char *temp_path(const char *name)
{
	static char path[8][PATH_MAX];
	static int turn;

	turn = (turn + 1) % 8;
	must(snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name) <
			(int)sizeof path[turn],
		name);
	return path[turn];
}

const char *temp_write(const char *name, const void *data, size_t size)
{
	const char *path = temp_path(name);
	FILE *file = fopen(path, "wb");

	must(file != NULL, path);
	must(fwrite(data, 1, size, file) == size, path);
	must(fclose(file) == 0, path);
	return path;
}

const char *temp_write_text(const char *name, const char *text)
{
	return temp_write(name, text, strlen(text));
}

char *temp_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	size_t used = 0, room = 4096, got;
	char *data = malloc(room);

	if (!file) {
		free(data);
		return NULL;
	}
	must(data != NULL, "memory");
	while ((got = fread(data + used, 1, room - used - 1, file)) > 0) {
		used += got;
		if (room - used < 2) {
			room *= 2;
			data = realloc(data, room);
			must(data != NULL, "memory");
		}
	}
	must(!ferror(file) && fclose(file) == 0, path);
	data[used] = '\0';
	if (size)
		*size = used;
	return data;
}

bool temp_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

void temp_compress(const char *from, const char *to)
{
	size_t size;
	char *data = temp_read(from, &size);
	gzFile gz = gzopen(to, "wb6");

	must(data != NULL && gz != NULL, from);
	must(gzwrite(gz, data, (unsigned int)size) == (int)size, to);
	must(gzclose(gz) == Z_OK, to);
	free(data);
}
