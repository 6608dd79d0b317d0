/*
 * CSV files out: whole rows, kept errors, atomic replacement. Expected texts are
 * written by hand; errors come from real devices and limits of the system.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/atomic_file.h"
#include "linux/csv_out.h"

struct row {
	int32_t number;
};

static const struct column columns[] = {
	{ "number", COLUMN_INT, 0, offsetof(struct row, number), NULL, 0, "",
		"a number" },
};
static const struct column_table table = { "numbers.csv", "", columns, 1 };

static struct csv_out out;
static struct problem problem;

static int make_folder(void **state)
{
	(void)state;
	umask(022);
	temp_make();
	return 0;
}

static void put_row(int32_t number, int expected)
{
	const struct row row = { number };

	assert_int_equal(csv_out_row(&out, &row), expected);
}

static void expect_file(const char *path, const char *expected)
{
	char *text = temp_read(path, NULL);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static int file_count;

static void count_files(const char *folder)
{
	char command[PATH_MAX + 40], line[16] = "";
	FILE *pipe;

	snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof line, pipe));
	pclose(pipe);
	file_count = atoi(line);
}

static void test_writes_and_replaces(void **state)
{
	const char *path =
		temp_write_text("a.csv", "something older and longer than that\n");
	struct stat info;

	(void)state;
	assert_int_equal(csv_out_open(&out, path, &table, false, &problem), 0);
	put_row(7, 0);
	put_row(INT32_MIN, 0);
	assert_int_equal(out.rows, 2);
	assert_int_equal(csv_out_flush(&out), 0);
	expect_file(path, "number\r\n7\r\n\r\n");
	put_row(-1, 0);
	assert_int_equal(csv_out_close(&out, &problem), 0);
	expect_file(path, "number\r\n7\r\n\r\n-1\r\n");
	assert_int_equal(out.bytes, 17);
	assert_int_equal(csv_out_close(&out, &problem), 0); /* again: nothing */
	path = temp_path("new.csv");
	assert_int_equal(csv_out_open(&out, path, &table, false, &problem), 0);
	assert_int_equal(csv_out_close(&out, &problem), 0);
	expect_file(path, "number\r\n");
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
}

/* Whenever the buffer goes out by itself, it ends with a row's end. */
static void test_whole_rows_per_write(void **state)
{
	const char *path = temp_path("b.csv");
	off_t before = 0;
	int writes = 0;

	(void)state;
	assert_int_equal(csv_out_open(&out, path, &table, false, &problem), 0);
	for (int32_t i = 0; i < 20000; i++) {
		struct stat info;
		char end[2];
		int fd;

		put_row(i * 7919, 0);
		assert_int_equal(stat(path, &info), 0);
		if (info.st_size == before)
			continue;
		writes++;
		before = info.st_size;
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_int_equal(pread(fd, end, 2, before - 2), 2);
		close(fd);
		assert_memory_equal(end, "\r\n", 2);
	}
	assert_true(writes > 3 && writes < 20);
	assert_int_equal(csv_out_close(&out, &problem), 0);
}

static void test_atomic(void **state)
{
	const char *path = temp_write_text("c.csv", "old\n");
	int before;

	(void)state;
	count_files(temp_path("."));
	before = file_count;
	assert_int_equal(csv_out_open(&out, path, &table, true, &problem), 0);
	put_row(1, 0);
	assert_int_equal(csv_out_flush(&out), 0);
	expect_file(path, "old\n");
	csv_out_abort(&out);
	csv_out_abort(&out);
	expect_file(path, "old\n");
	assert_int_equal(csv_out_open(&out, path, &table, true, &problem), 0);
	put_row(2, 0);
	assert_int_equal(csv_out_close(&out, &problem), 0);
	expect_file(path, "number\r\n2\r\n");
	count_files(temp_path("."));
	assert_int_equal(file_count, before);
}

static void test_disk_full(void **state)
{
	int wrong = 0;

	(void)state;
	if (!temp_exists("/dev/full")) {
		printf("# no /dev/full here: skipped\n");
		skip();
	}
	for (int atomic = 0; atomic < 2; atomic++) {
		/* a device is written to even when asked to be replaced */
		assert_int_equal(
			csv_out_open(&out, "/dev/full", &table, atomic, &problem), 0);
		put_row(1, 0); /* only buffered */
		assert_int_equal(csv_out_flush(&out), -ENOSPC);
		put_row(2, -ENOSPC); /* the first error stays */
		assert_int_equal(csv_out_sync(&out), -ENOSPC);
		assert_int_equal(csv_out_close(&out, &problem), -ENOSPC);
		assert_string_equal(
			problem.text, "/dev/full: cannot write: No space left on device");
		assert_true(temp_exists("/dev/full"));
	}
	/* seen at close at the latest, and without a flush of one's own */
	assert_int_equal(csv_out_open(&out, "/dev/full", &table, false, &problem), 0);
	assert_int_equal(csv_out_close(&out, &problem), -ENOSPC);
	assert_int_equal(csv_out_open(&out, "/dev/full", &table, false, &problem), 0);
	for (int32_t i = 0; i < 20000 && wrong == 0; i++)
		wrong = csv_out_row(&out, &(struct row){ i });
	assert_int_equal(wrong, -ENOSPC);
	csv_out_abort(&out);
}

/* A limit on the file's size: the old file stays, the new one goes. */
static void test_error_keeps_the_old_file(void **state)
{
	const char *path = temp_write_text("d.csv", "old\n");
	struct rlimit before, small;
	int before_count, error = 0;

	(void)state;
	count_files(temp_path("."));
	before_count = file_count;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ 50000, before.rlim_max };
	assert_int_equal(csv_out_open(&out, path, &table, true, &problem), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int32_t i = 0; i < 20000; i++)
		error = csv_out_row(&out, &(struct row){ i });
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, -EFBIG);
	assert_int_equal(csv_out_close(&out, &problem), -EFBIG);
	expect_file(path, "old\n");
	count_files(temp_path("."));
	assert_int_equal(file_count, before_count);
}

static void test_cannot_create(void **state)
{
	const char *path = temp_path("none/a.csv");
	char expected[600];

	(void)state;
	assert_int_equal(csv_out_open(&out, path, &table, false, &problem), -ENOENT);
	snprintf(expected, sizeof expected,
		"%s: cannot create: No such file or directory", path);
	assert_string_equal(problem.text, expected);
	assert_int_equal(csv_out_open(&out, path, &table, true, NULL), -ENOENT);
}

static void test_standard_output(void **state)
{
	const char *path = temp_path("stdout.csv");
	int saved, fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	assert_int_equal(csv_out_open(&out, "-", &table, true, &problem), 0);
	put_row(5, 0);
	assert_int_equal(csv_out_close(&out, &problem), 0);
	assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0); /* not ours to close */
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	close(fd);
	expect_file(path, "number\r\n5\r\n");
}

static void test_small_files(void **state)
{
	const char *path = temp_write_text("e.json", "old");
	struct stat info;
	int before;

	(void)state;
	count_files(temp_path("."));
	before = file_count;
	assert_int_equal(atomic_file_write(path, "new\n", 4), 0);
	expect_file(path, "new\n");
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	count_files(temp_path("."));
	assert_int_equal(file_count, before);
	assert_int_equal(atomic_file_write(temp_path("none/e.json"), "x", 1), -ENOENT);
	/* a folder in the way: the temporary file is removed again */
	assert_int_equal(mkdir(temp_path("e.dir"), 0700), 0);
	assert_int_equal(atomic_file_write(temp_path("e.dir"), "x", 1), -EISDIR);
	count_files(temp_path("."));
	assert_int_equal(file_count, before + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_and_replaces),
		cmocka_unit_test(test_whole_rows_per_write),
		cmocka_unit_test(test_atomic),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_error_keeps_the_old_file),
		cmocka_unit_test(test_cannot_create),
		cmocka_unit_test(test_standard_output),
		cmocka_unit_test(test_small_files),
	};

	return cmocka_run_group_tests(tests, make_folder, temp_tear_down);
}
