/*
 * Sessions that end or begin while the disk stalls: the caller goes on. The
 * stall is made by syncs of other threads that wait until the test lets them go; the
 * sessions are those of the simulated wearer, one hold each. Expected: nothing is
 * closed before the disk is back, numbers rise meanwhile, then both are whole; and a
 * disk that fails is told once.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/fake_disk.h"
#include "../support/temp_files.h"
#include "linux/csv_in.h"
#include "linux/folder.h"
#include "linux/run.h"
#include "stretch/raw.h"
#include "stretch/wearer.h"

static struct {
	pthread_t caller;
	_Atomic bool stalled, full;
	int waits; /* of the caller, had it not been let through */
} disk;

static int before(enum disk_call call, int fd)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	if (pthread_equal(pthread_self(), disk.caller)) {
		disk.waits += call == DISK_SYNC && disk.stalled;
		return 0;
	}
	while (call == DISK_SYNC && disk.stalled)
		nanosleep(&pause, NULL);
	return call == DISK_WRITE && fd > STDERR_FILENO && disk.full ? -ENOSPC : 0;
}

static struct run run;
static struct problem problem;

static void set_up_run(struct wearer_param *param)
{
	*param = wearer_default(EX_LYING_TOWEL, SIDE_LEFT);
	param->sensors = 1;
	param->rate_hz = 26.0;
	param->strapping_s = 1.0;
	param->calm_raises = 1;
	param->hold_count = 1;
	param->prescribed_s = 8.0;
	param->extra_s = 0.5;
	param->closing_s = 1.0;
	memset(&run.inputs, 0, sizeof run.inputs);
	settings_default(&run.inputs.settings);
	run.inputs.settings.exercise = EX_LYING_TOWEL;
	run.inputs.settings.side = SIDE_LEFT;
	run.inputs.settings.hold_s = 8.0;
	run.inputs.settings.reps = 1;
	run.inputs.settings.target_lo_deg = 50.0;
	run.inputs.settings.cap_deg = 90.0;
	run.inputs.mode = MODE_THIGH;
	run.inputs.reference_from_us = run.inputs.reference_to_us = -1;
	run.inputs.armed = true;
	for (int site = 0; site < SITE_COUNT; site++)
		run.inputs.calib[site] = calib_none();
	run.sync = true;
	run.writing = WRITER_WAITS;
}

static struct wearer_state wearer;
static struct wearer_param param;

static void begin(void)
{
	static char state_dir[PATH_MAX];
	struct store_place place = { .program = "stretchd", .state_dir = state_dir,
		.wearer = "anna", .date = "2025-11-30", .exercise = "lying-towel",
		.side = "left" };

	strcpy(state_dir, temp_path("."));
	set_up_run(&param);
	assert_null(wearer_init(&wearer, &param));
	assert_int_equal(run_begin(&run, &place, &problem), 0);
}

/* Up to that moment, or to the end of the session. */
static void play(double until_s)
{
	struct sample sample = { .t_us = 0 };
	struct truth truth;

	while (!run.state.finished && (double)sample.t_us * 1e-6 < until_s &&
		wearer_step(&wearer, &param, &sample, &truth)) {
		(void)raw_round(&sample);
		run_feed(&run, &sample);
	}
}

#define TO_THE_END 1e9
#define IN_THE_HOLD 32.0

/* The ring has room for the rest of a session, but not for all of it. */
static void let_it_write(void)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (ring_used(&run.files[run.at].writer.ring) > RING_BYTES / 16)
		nanosleep(&pause, NULL);
}

/* Result rows of a closed session; -1 when it is not closed. */
static int holds_in(const char *folder)
{
	char path[PATH_MAX];
	struct csv_in *in;
	json_t *facts;
	const char *status;
	int rows = 0;

	assert_int_equal(folder_join(path, sizeof path, folder, "session.json"), 0);
	facts = json_load_file(path, 0, NULL);
	status = json_string_value(json_object_get(facts, "status"));
	if (status == NULL || strcmp(status, STORE_CLOSED) != 0)
		rows = -1;
	json_decref(facts);
	assert_int_equal(folder_join(path, sizeof path, folder, "holds.csv"), 0);
	if (rows < 0 || csv_in_open(&in, path, &problem) != 0)
		return -1;
	while (csv_in_next(in, &problem) == 1)
		rows++;
	csv_in_close(in);
	return rows;
}

/* The strap of one sensor, learned from lying and a raise: no body says how far apart
 * those are, so there is no residual. */
static void expect_alignment(const char *folder)
{
	char path[PATH_MAX];
	json_t *facts;
	const json_t *thigh, *both;

	assert_int_equal(folder_join(path, sizeof path, folder, "session.json"), 0);
	facts = json_load_file(path, 0, NULL);
	both = json_object_get(facts, "alignment");
	thigh = json_object_get(both, "thigh");
	assert_true(json_is_null(json_object_get(both, "pelvis")));
	assert_true(json_is_false(json_object_get(thigh, "given")));
	assert_string_equal(json_string_value(json_array_get(
		json_object_get(thigh, "poses"), 1)), "raise");
	assert_true(json_is_null(json_object_get(thigh, "residual_deg")));
	assert_true(json_number_value(json_object_get(thigh, "between_deg")) > 40.0);
	assert_true(json_number_value(json_object_get(thigh, "cone_deg")) > 0.0);
	json_decref(facts);
}

static const char *folder_of(int at)
{
	return run.files[at].store.target;
}

static void the_next_session_does_not_wait(void **state)
{
	int first;

	(void)state;
	begin();
	play(15.0);
	let_it_write();
	disk.stalled = true; /* the folder has not got its name yet */
	play(TO_THE_END);
	assert_true(run.begun);
	first = run.at;
	run_end_later(&run);
	assert_int_equal(run_closed(&run, false, &problem), 0);
	assert_false(run_full(&run));
	begin();
	play(10.0);
	assert_int_not_equal(run.at, first);
	assert_int_equal(access(folder_of(first), F_OK), -1);
	assert_int_equal(run.files[first].store.number, 1);
	assert_int_equal(run.files[run.at].store.number, 2);
	assert_true(run_full(&run));
	assert_int_equal(run_closed(&run, false, &problem), 0);
	disk.stalled = false;
	assert_int_equal(run_closed(&run, true, &problem), 1);
	assert_int_equal(holds_in(folder_of(first)), 1);
	expect_alignment(folder_of(first));
	play(TO_THE_END);
	run_end_later(&run);
	assert_int_equal(run_closed(&run, true, &problem), 1);
	assert_int_equal(holds_in(folder_of(run.at)), 1);
	assert_int_equal(run_closed(&run, true, &problem), 0);
}

/*
 * The stall begins before the session does and lasts into its hold: nothing is lost. Then
 * a disk that fails after the stall: that is an error of writing, told at the end.
 */
static void a_session_begins_in_a_stall(void **state)
{
	char path[PATH_MAX];
	json_t *inputs;

	(void)state;
	disk.stalled = true;
	begin();
	play(IN_THE_HOLD);
	assert_int_equal(run.out.judged.state, HOLD_COUNTING);
	assert_int_equal(run.files[run.at].opened, 0);
	assert_int_equal(access(folder_of(run.at), F_OK), -1);
	assert_int_equal(disk.waits, 0);
	disk.stalled = false;
	play(TO_THE_END);
	run_end_later(&run);
	assert_int_equal(run_closed(&run, true, &problem), 1);
	assert_int_equal(holds_in(folder_of(run.at)), 1);
	assert_int_equal(folder_join(path, sizeof path, folder_of(run.at), "inputs.json"),
		0);
	inputs = json_load_file(path, 0, NULL);
	assert_non_null(json_object_get(inputs, "settings"));
	json_decref(inputs);
	assert_int_equal(run.files[run.at].writer.lost[STORE_RAW], 0);

	disk.stalled = true;
	begin();
	play(5.0);
	disk.full = true;
	disk.stalled = false;
	play(TO_THE_END);
	assert_int_equal(run_end(&run, &problem), -ENOSPC);
	assert_int_equal(run.store_error, -ENOSPC);
	disk.full = false;
}

/* Without a stall it is told at once. */
static void a_disk_that_fails_is_told_at_the_beginning(void **state)
{
	struct store_place place = { .program = "stretchd", .state_dir = temp_path("."),
		.wearer = "anna", .date = "2025-11-30", .exercise = "lying-towel",
		.side = "left" };

	(void)state;
	set_up_run(&param);
	disk.full = true;
	assert_int_equal(run_begin(&run, &place, &problem), -ENOSPC);
	assert_non_null(strstr(problem.text, "No space left"));
	assert_false(run.storing);
	assert_int_equal(access(run.files[run.at].store.path, F_OK), -1);
	disk.full = false;
}

/* Written after the session, whose end does not wait for it either. */
static void what_was_learned_follows(void **state)
{
	char path[PATH_MAX];

	(void)state;
	snprintf(path, sizeof path, "%s", temp_path("learned.json"));
	begin();
	play(TO_THE_END);
	disk.stalled = true;
	run_also(&run, path, json_pack("{s:i}", "person_version", 1));
	run_end_later(&run);
	assert_true(run_closing(&run));
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(disk.waits, 0);
	disk.stalled = false;
	assert_int_equal(run_closed(&run, true, &problem), 1);
	assert_int_equal(access(path, F_OK), 0);
	assert_false(run_closing(&run));
}

/* It leaves no folder and takes no number. */
static void a_session_without_a_hold_is_gone(void **state)
{
	(void)state;
	begin();
	play(5.0);
	assert_int_equal(run.files[run.at].store.number, 3);
	run_end_later(&run);
	assert_int_equal(access(run.files[run.at].store.path, F_OK), -1);
	assert_int_equal(run_closed(&run, false, &problem), 1);
	begin();
	play(TO_THE_END);
	assert_int_equal(run.files[run.at].store.number, 3);
	assert_int_equal(run_end(&run, &problem), 0);
	assert_int_equal(holds_in(folder_of(run.at)), 1);
}

static void trouble_is_told_once(void **state)
{
	(void)state;
	begin();
	play(TO_THE_END);
	disk.full = true;
	run_end_later(&run);
	assert_int_equal(run_closed(&run, true, &problem), -ENOSPC);
	assert_non_null(strstr(problem.text, "No space left"));
	assert_int_equal(run_closed(&run, true, &problem), 0);
	disk.full = false;
}

static int make(void **state)
{
	(void)state;
	disk.caller = pthread_self();
	disk_before = before;
	temp_make();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_session_does_not_wait),
		cmocka_unit_test(a_session_without_a_hold_is_gone),
		cmocka_unit_test(trouble_is_told_once),
		cmocka_unit_test(a_session_begins_in_a_stall),
		cmocka_unit_test(a_disk_that_fails_is_told_at_the_beginning),
		cmocka_unit_test(what_was_learned_follows),
	};

	return cmocka_run_group_tests(tests, make, temp_tear_down);
}
