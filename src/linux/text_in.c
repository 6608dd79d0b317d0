/* Lines of a plain or compressed text file; see text_in.h. */
#include "text_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define BUFFER_SIZE (2 * TEXT_IN_LINE_MAX)

struct text_in {
	char *path;
	gzFile gz;
	uint64_t line;
	bool at_end, torn;
	size_t begin, end; /* unread bytes of the buffer */
	char buffer[BUFFER_SIZE];
};

static const char zero_byte[] = "a zero byte: this is no text file. Give a CSV file.";

static int bad_line(const struct text_in *in, uint64_t line, const char *what,
	struct problem *problem)
{
	problem_set(problem, "%s:%llu: %s", in->path, (unsigned long long)line, what);
	return -EBADMSG;
}

static int bad_read(const struct text_in *in, int zlib_error, int saved_errno,
	struct problem *problem)
{
	const char *what = "is damaged";

	if (zlib_error == Z_ERRNO)
		return problem_errno(problem, in->path, "read",
			saved_errno ? -saved_errno : -EIO);
	if (zlib_error == Z_MEM_ERROR)
		return problem_errno(problem, in->path, "read", -ENOMEM);
	if (zlib_error == Z_BUF_ERROR)
		what = "ends too early";
	problem_set(
		problem, "%s: the compressed file %s. Copy it again.", in->path, what);
	return -EBADMSG;
}

/* Reads more bytes behind the unread ones; 0 or the error. */
static int refill(struct text_in *in, struct problem *problem)
{
	int zlib_error = Z_OK;
	int got, saved_errno;
	size_t room;

	memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
	in->end -= in->begin;
	in->begin = 0;
	room = BUFFER_SIZE - in->end;
	errno = 0;
	got = gzread(in->gz, in->buffer + in->end, (unsigned int)room);
	saved_errno = errno;
	/* a short read without an error may still be a stream that was cut */
	if (got < (int)room)
		gzerror(in->gz, &zlib_error);
	if (got < 0 || (zlib_error != Z_OK && zlib_error != Z_STREAM_END))
		return bad_read(in, zlib_error, saved_errno, problem);
	in->end += (size_t)got;
	in->at_end = got == 0;
	return 0;
}

static int check_line(const struct text_in *in, const char *line, size_t length,
	struct problem *problem)
{
	const char *carriage = memchr(line, '\r', length);

	if (memchr(line, '\0', length))
		return bad_line(in, in->line, zero_byte, problem);
	if (carriage && carriage + 2 != line + length)
		return bad_line(in, in->line, "a carriage return inside the line. "
			"End lines with LF or CRLF.", problem);
	return 1;
}

int text_in_next(struct text_in *in, const char **line, size_t *length,
	struct problem *problem)
{
	*line = NULL;
	*length = 0;
	for (;;) {
		const char *start = in->buffer + in->begin;
		size_t unread = in->end - in->begin;
		const char *newline = memchr(start, '\n', unread);
		size_t size = newline ? (size_t)(newline - start) + 1 : unread;
		int error;

		if (size > TEXT_IN_LINE_MAX)
			return bad_line(in, in->line + 1, "longer than 64 KiB. "
				"This is no recording.", problem);
		if (newline) {
			in->begin += size;
			in->line++;
			*line = start;
			*length = size;
			return check_line(in, start, size, problem);
		}
		if (in->at_end) {
			in->torn = unread > 0;
			if (memchr(start, '\0', unread))
				return bad_line(in, in->line + 1, zero_byte, problem);
			return 0;
		}
		error = refill(in, problem);
		if (error < 0)
			return error;
	}
}

/* Opens path for zlib, which passes plain text through; 0 or -errno. */
static int open_gz(struct text_in *in, const char *path)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
		: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	in->gz = gzdopen(fd, "rb");
	if (!in->gz) {
		close(fd);
		return -ENOMEM;
	}
	gzbuffer(in->gz, TEXT_IN_LINE_MAX);
	return 0;
}

/* First bytes: an empty file is told apart, a byte order mark is passed over. */
static int read_start(struct text_in *in, struct problem *problem)
{
	static const unsigned char mark[] = { 0xef, 0xbb, 0xbf };
	int error = refill(in, problem);

	if (error < 0)
		return error;
	if (in->end == 0) {
		problem_set(problem,
			"%s: the file is empty. Give a CSV file with a header.",
			in->path);
		return -EBADMSG;
	}
	if (in->end >= sizeof mark && memcmp(in->buffer, mark, sizeof mark) == 0)
		in->begin = sizeof mark;
	return 0;
}

int text_in_open(struct text_in **result, const char *path, struct problem *problem)
{
	struct text_in *in = calloc(1, sizeof *in);
	int error;

	*result = NULL;
	if (!in)
		return problem_errno(problem, path, "open", -ENOMEM);
	in->path = strdup(strcmp(path, "-") == 0 ? "stdin" : path);
	error = in->path ? open_gz(in, path) : -ENOMEM;
	if (error < 0)
		problem_errno(problem, path, "open", error);
	else
		error = read_start(in, problem);
	if (error < 0) {
		text_in_close(in);
		return error;
	}
	*result = in;
	return 0;
}

void text_in_close(struct text_in *in)
{
	if (!in)
		return;
	if (in->gz)
		gzclose(in->gz); /* read only: nothing can get lost */
	free(in->path);
	free(in);
}

const char *text_in_path(const struct text_in *in)
{
	return in->path;
}

uint64_t text_in_line(const struct text_in *in)
{
	return in->line;
}

bool text_in_torn(const struct text_in *in)
{
	return in->torn;
}
