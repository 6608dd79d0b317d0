/* CSV out; see csv_out.h. */
#include "csv_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"

_Static_assert(CSV_OUT_BUFFER >= 2 * ROW_TEXT_MAX, "a row must fit beside another");

/* A pipe or a device cannot be replaced by a rename. */
static bool can_rename(const char *path)
{
	struct stat info;

	return stat(path, &info) < 0 || S_ISREG(info.st_mode);
}

static int open_file(struct csv_out *out, const char *path, bool atomic)
{
	if (strcmp(path, "-") == 0) {
		out->is_stdout = true;
		out->fd = STDOUT_FILENO;
		return 0;
	}
	if (strlen(path) >= sizeof out->path)
		return -ENAMETOOLONG;
	strcpy(out->path, path);
	out->atomic = atomic && can_rename(path);
	if (out->atomic) {
		int error = atomic_file_temp(path, out->temp, sizeof out->temp);

		if (error < 0)
			return error;
	}
	out->fd = open(out->atomic ? out->temp : path,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, ATOMIC_FILE_MODE);
	return out->fd < 0 ? -errno : 0;
}

int csv_out_open(struct csv_out *out, const char *path,
	const struct column_table *table, bool atomic, struct problem *problem)
{
	out->table = table;
	out->fd = -1;
	out->is_stdout = out->atomic = false;
	out->rows = out->bytes = 0;
	out->path[0] = out->temp[0] = '\0';
	out->used = column_header(table, out->buffer, sizeof out->buffer);
	out->error = open_file(out, path, atomic);
	if (out->error < 0)
		return problem_errno(problem, path, "create", out->error);
	return 0;
}

int csv_out_flush(struct csv_out *out)
{
	if (out->error == 0 && out->used > 0) {
		out->error = atomic_file_put(out->fd, out->buffer, out->used);
		if (out->error == 0)
			out->bytes += out->used;
		else
			out->lost += out->waiting;
		out->used = 0;
		out->waiting = 0;
	}
	return out->error;
}

int csv_out_row(struct csv_out *out, const void *row)
{
	size_t length;

	if (CSV_OUT_BUFFER - out->used < ROW_TEXT_MAX)
		csv_out_flush(out);
	if (out->error < 0) {
		out->lost++;
		return out->error;
	}
	length = column_row(out->table, row, out->buffer + out->used,
		CSV_OUT_BUFFER - out->used);
	if (length == 0) {
		out->error = -EOVERFLOW; /* ROW_TEXT_MAX is too small: our bug */
		return out->error;
	}
	out->used += length;
	out->rows++;
	out->waiting++;
	return 0;
}

static void sync_fd(struct csv_out *out)
{
	struct stat info;

	if (out->error < 0)
		return;
	if (fdatasync(out->fd) < 0)
		out->error = -errno;
	if (fstat(out->fd, &info) < 0)
		return;
	/* a pipe or a device has nothing to sync */
	if (!S_ISREG(info.st_mode) && (out->error == -EINVAL || out->error == -EROFS))
		out->error = 0;
	/* what is in a file that was removed is safe nowhere */
	if (S_ISREG(info.st_mode) && info.st_nlink == 0 && out->error == 0)
		out->error = -ENOENT;
}

int csv_out_sync(struct csv_out *out)
{
	csv_out_flush(out);
	sync_fd(out);
	return out->error;
}

static void close_fd(struct csv_out *out)
{
	if (out->fd >= 0 && !out->is_stdout && close(out->fd) < 0 && out->error == 0)
		out->error = -errno;
	out->fd = -1;
}

int csv_out_close(struct csv_out *out, struct problem *problem)
{
	const char *path = out->is_stdout ? "stdout" : out->path;

	if (out->fd < 0)
		return out->error;
	csv_out_flush(out);
	if (out->atomic)
		sync_fd(out);
	close_fd(out);
	if (out->atomic && out->error == 0 && rename(out->temp, out->path) < 0)
		out->error = -errno;
	if (out->atomic && out->error == 0)
		out->error = atomic_file_sync_folder(out->path);
	if (out->error < 0) {
		if (out->atomic)
			unlink(out->temp);
		problem_errno(problem, path, "write", out->error);
	}
	return out->error;
}

void csv_out_abort(struct csv_out *out)
{
	if (out->fd < 0)
		return;
	close_fd(out);
	if (out->atomic)
		unlink(out->temp);
}
