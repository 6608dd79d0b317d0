/*
 * The writing thread before a disk that stalls or fails. The stall is made by a
 * sync that waits until the test lets it go; samples are fed by their own time, so
 * nothing here depends on the clock. Expected: a 5 s stall loses nothing; a long
 * one refuses raw rows, then judged ones, never a hold; the caller never waits.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/fake_disk.h"
#include "../support/temp_files.h"
#include "linux/csv_in.h"
#include "linux/folder.h"
#include "linux/writer.h"
#include "stretch/raw.h"

#define RATE_HZ 208

static struct {
	_Atomic bool stalled, full;
	sem_t reached, go;
} disk;

static int before(enum disk_call call, int fd)
{
	if (call == DISK_SYNC && atomic_load(&disk.stalled)) {
		sem_post(&disk.reached);
		sem_wait(&disk.go);
	}
	return call == DISK_WRITE && fd > STDERR_FILENO && atomic_load(&disk.full)
		? -ENOSPC : 0;
}

static struct store store;
static struct writer writer;
static int64_t now_us;
static int raw_fed, judged_fed;

static void begin(const char *wearer, enum writer_mode mode)
{
	const struct store_tables tables = { .file = { [STORE_RAW] = raw_table(RAW_PELVIS),
		[STORE_JUDGED] = &judged_table, [STORE_HOLDS] = &hold_table } };
	static char state_dir[PATH_MAX];
	struct store_place place = { .program = "stretchd", .wearer = wearer,
		.date = "2025-11-30", .exercise = "lying-towel", .side = "left" };
	struct problem problem;

	strcpy(state_dir, temp_path("."));
	place.state_dir = state_dir;
	if (store_open(&store, &place, &tables, &problem) != 0)
		fail_msg("%s", problem.text);
	assert_int_equal(writer_start(&writer, &store, mode, true), 0);
	writer_keep(&writer);
	now_us = 0;
	raw_fed = judged_fed = 0;
}

/* Two sensors at 208 Hz, judged rows at 25 Hz, a flush a second. */
static void feed(double seconds)
{
	int count = (int)(seconds * RATE_HZ);

	for (int i = 0; i < count; i++) {
		struct sample sample = { .t_us = now_us };
		struct judged_row row;

		memset(&row, 0, sizeof row);
		for (int site = 0; site < SITE_COUNT; site++)
			sample.imu[site].present = true;
		writer_raw(&writer, &sample);
		raw_fed++;
		if (i % 8 == 0) {
			row.t_us = now_us;
			writer_judged(&writer, &row);
			judged_fed++;
		}
		if (i % RATE_HZ == RATE_HZ - 1)
			writer_flush(&writer);
		now_us += 1000000 / RATE_HZ;
	}
}

static void feed_hold(void)
{
	struct hold_row row;

	memset(&row, 0, sizeof row);
	row.result = RESULT_DONE;
	writer_hold(&writer, &row);
}

static void stall(void)
{
	atomic_store(&disk.stalled, true);
	writer_flush(&writer);
	sem_wait(&disk.reached);
}

static void let_go(void)
{
	atomic_store(&disk.stalled, false);
	sem_post(&disk.go);
}

static int rows_of(const char *file)
{
	char path[PATH_MAX];
	struct problem problem;
	struct csv_in *in;
	int rows = 0;

	assert_int_equal(folder_join(path, sizeof path, store.target, file), 0);
	if (csv_in_open(&in, path, &problem) != 0)
		fail_msg("%s", problem.text);
	while (csv_in_next(in, &problem) == 1)
		rows++;
	csv_in_close(in);
	return rows;
}

static void finish(void)
{
	struct problem problem;

	writer_stop(&writer);
	(void)store_close(&store, NULL, &problem);
}

static void a_stall_of_five_seconds_loses_nothing(void **state)
{
	(void)state;
	begin("ann", WRITER_DROPS);
	feed(1.0);
	stall();
	feed(5.0);
	feed_hold();
	assert_int_equal(atomic_load(&writer.holds_safe), 0); /* not told too early */
	/* on the thread's own clock: at one step until it is let go */
	assert_true(writer_busy_us(&writer, INT64_MAX) > 0);
	assert_int_equal(writer_busy_us(&writer, 1), 0);
	let_go();
	finish();
	assert_int_equal(writer_busy_us(&writer, INT64_MAX), 0);
	assert_int_equal(writer_error(&writer), 0);
	assert_int_equal(atomic_load(&writer.holds_safe), 1);
	assert_int_equal(rows_of("raw.csv.gz"), raw_fed);
	assert_int_equal(rows_of("samples.csv"), judged_fed);
	assert_int_equal(rows_of("holds.csv"), 1);
}

static void a_long_stall_gives_up_raw_first_and_holds_never(void **state)
{
	double seconds = 0.0, raw_s = 0.0, judged_s = 0.0;

	(void)state;
	begin("bob", WRITER_DROPS);
	stall();
	while (writer.lost[STORE_JUDGED] == 0 && seconds < 3600.0) {
		feed(1.0);
		seconds += 1.0;
		if (writer.lost[STORE_RAW] == 0)
			raw_s = seconds;
		judged_s = seconds;
	}
	for (int i = 0; i < 20; i++)
		feed_hold();
	assert_int_equal(writer_error(&writer), -ENOBUFS);
	let_go();
	finish();
	printf("# two sensors at 208 Hz: the ring holds %.0f s of raw rows, then %.0f s of "
		"judged ones\n", raw_s, judged_s);
	assert_true(raw_s >= 5.0);
	assert_true(judged_s > raw_s);
	assert_int_equal(writer.lost[STORE_HOLDS], 0);
	assert_int_equal(rows_of("holds.csv"), 20);
	assert_int_equal(rows_of("raw.csv.gz") + (int)writer.lost[STORE_RAW], raw_fed);
	assert_int_equal(rows_of("samples.csv") + (int)writer.lost[STORE_JUDGED],
		judged_fed);
}

static void a_caller_that_may_wait_loses_nothing(void **state)
{
	(void)state;
	begin("cia", WRITER_WAITS);
	feed(120.0); /* many times the ring, as fast as it goes */
	finish();
	assert_int_equal(writer_error(&writer), 0);
	assert_int_equal(rows_of("raw.csv.gz"), raw_fed);
}

static int finished;

static void note_finished(void *context)
{
	assert_ptr_equal(context, &store);
	finished++;
}

/* The caller goes on while the disk stalls; what was put before is all there. */
static void an_end_does_not_wait_for_the_disk(void **state)
{
	(void)state;
	begin("eve", WRITER_DROPS);
	feed(1.0);
	stall();
	feed(3.0);
	feed_hold();
	writer_end(&writer, note_finished, &store);
	assert_false(writer_ended(&writer));
	assert_int_equal(finished, 0);
	let_go();
	writer_join(&writer);
	assert_true(writer_ended(&writer));
	assert_int_equal(finished, 1);
	finish(); /* stops once more: nothing */
	assert_int_equal(rows_of("raw.csv.gz"), raw_fed);
	assert_int_equal(rows_of("holds.csv"), 1);
}

static void an_error_of_the_disk_is_told(void **state)
{
	(void)state;
	begin("dan", WRITER_DROPS);
	feed(2.0);
	feed_hold();
	while (atomic_load(&writer.holds_safe) == 0)
		;
	atomic_store(&disk.full, true);
	feed(2.0);
	feed_hold();
	writer_stop(&writer);
	atomic_store(&disk.full, false);
	assert_int_equal(writer_error(&writer), -ENOSPC);
	assert_int_equal(atomic_load(&writer.holds_safe), 1);
	finish();
	assert_int_equal(rows_of("holds.csv"), 1);
}

/* Who is told of the first so many rows must not be told of one that is lost. */
static void a_hold_after_a_lost_one_is_not_taken_for_it(void **state)
{
	(void)state;
	begin("eve", WRITER_INLINE);
	feed(1.0);
	atomic_store(&disk.full, true);
	feed_hold();
	atomic_store(&disk.full, false);
	feed_hold();
	assert_int_equal(writer_error(&writer), -ENOSPC);
	assert_int_equal(atomic_load(&writer.holds_safe), 0);
	finish();
	assert_int_equal(rows_of("holds.csv"), 0);
}

static int make(void **state)
{
	(void)state;
	sem_init(&disk.reached, 0, 0);
	sem_init(&disk.go, 0, 0);
	disk_before = before;
	temp_make();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stall_of_five_seconds_loses_nothing),
		cmocka_unit_test(a_long_stall_gives_up_raw_first_and_holds_never),
		cmocka_unit_test(a_caller_that_may_wait_loses_nothing),
		cmocka_unit_test(an_end_does_not_wait_for_the_disk),
		cmocka_unit_test(an_error_of_the_disk_is_told),
		cmocka_unit_test(a_hold_after_a_lost_one_is_not_taken_for_it),
	};

	return cmocka_run_group_tests(tests, make, temp_tear_down);
}
