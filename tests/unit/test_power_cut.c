/*
 * Power cuts. A session of the simulated wearer is written by the daemon's own loop
 * body onto a disk that writes everything down; then power is cut after every
 * operation in turn, for every fate of what was not yet durable, and the daemon's
 * start is tried on what is left. The promises are those of the README: a hold that
 * was told stays, no more than 2 s of samples are lost, every file can be read, and
 * nothing stops the next start.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../support/effort.h"
#include "../support/fake_disk.h"
#include "../support/temp_files.h"
#include "linux/csv_in.h"
#include "linux/folder.h"
#include "linux/recording.h"
#include "linux/run.h"
#include "stretch/raw.h"
#include "stretch/wearer.h"

#define PROMISE_S 2.0
#define MARKS_MAX 20000

/* What the world had been told after so many operations. */
struct mark {
	int operations;
	uint32_t holds;
	bool kept, closed;
	double t_s;
};

static struct mark marks[MARKS_MAX];
static int mark_count;
static struct run run;
static char root[PATH_MAX];
static char present[256]; /* the cut, for a failure's text */

static void mark(double t_s, bool closed)
{
	assert_true(mark_count < MARKS_MAX);
	marks[mark_count++] = (struct mark){ disk_operations(), run.files[run.at].writer.holds_safe,
		run.files[run.at].store.kept, closed, t_s };
}

static struct store_place place_in(const char *state_dir)
{
	return (struct store_place){ .program = "stretchd", .state_dir = state_dir,
		.wearer = "anna", .date = "2025-11-30", .exercise = "lying-towel",
		.side = "left" };
}

static void set_up(struct wearer_param *param)
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
	memset(&run, 0, sizeof run);
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
	run.writing = WRITER_INLINE; /* the order of writes is the thread's */
}

/* One session from beginning to end; the disk writes everything down. */
static void record_session(void)
{
	static struct wearer_state wearer;
	struct wearer_param param;
	struct store_place place;
	struct problem problem;
	struct sample sample;
	struct truth truth;

	assert_int_equal(folder_make(temp_path("disk")), 0);
	strcpy(root, temp_path("disk"));
	set_up(&param);
	place = place_in(root);
	disk_record(root);
	assert_null(wearer_init(&wearer, &param));
	assert_int_equal(run_begin(&run, &place, &problem), 0);
	while (!run.state.finished && wearer_step(&wearer, &param, &sample, &truth)) {
		(void)raw_round(&sample);
		run_feed(&run, &sample);
		mark((double)sample.t_us * 1e-6, false);
	}
	assert_int_equal(run_end(&run, &problem), 0);
	mark(marks[mark_count - 1].t_s, true);
	disk_record(NULL);
	assert_int_equal(run.totals.results[RESULT_DONE], 1);
}

/* The last mark that was made before so many operations had been begun. */
static const struct mark *told_by(int operations)
{
	static const struct mark none = { .t_s = NAN };
	const struct mark *found = &none;

	for (int i = 0; i < mark_count && marks[i].operations <= operations; i++)
		found = &marks[i];
	return found;
}

static int first_session(void *context, const char *name)
{
	if (name[0] >= '0' && name[0] <= '9')
		snprintf(context, PATH_MAX, "%s", name);
	return 0;
}

static int count_rows(const char *path)
{
	struct problem problem;
	struct csv_in *in;
	int rows = 0, got;

	got = csv_in_open(&in, path, &problem);
	if (got != 0)
		fail_msg("%s: %s", present, problem.text);
	while ((got = csv_in_next(in, &problem)) == 1)
		rows++;
	if (got != 0 || csv_in_torn(in) != 0)
		fail_msg("%s: torn, or %s", path, problem.text);
	csv_in_close(in);
	return rows;
}

static double last_sample_s(const char *folder)
{
	char path[PATH_MAX];
	struct recording *recording;
	struct problem problem;
	struct sample sample = { .t_us = INT64_MIN };
	int got;

	assert_int_equal(folder_join(path, sizeof path, folder, "raw.csv.gz"), 0);
	if (recording_open(&recording, path, NULL, &problem) != 0)
		fail_msg("%s: %s", present, problem.text);
	while ((got = recording_next(recording, &sample, NULL, &problem)) == 1)
		;
	if (got != 0)
		fail_msg("%s: %s", present, problem.text);
	recording_close(recording);
	return (double)sample.t_us * 1e-6;
}

static void check_session(const char *folder, const struct mark *told, double *lost_s)
{
	char path[PATH_MAX];
	json_t *facts;
	const char *status;

	assert_int_equal(folder_join(path, sizeof path, folder, "holds.csv"), 0);
	if (count_rows(path) < (int)told->holds)
		fail_msg("%s: a hold that was told is lost", present);
	assert_int_equal(folder_join(path, sizeof path, folder, "samples.csv"), 0);
	(void)count_rows(path);
	*lost_s = fmax(*lost_s, told->t_s - last_sample_s(folder));
	if (told->t_s - last_sample_s(folder) > PROMISE_S)
		fail_msg("%s: %.2f s of samples lost", present, told->t_s - last_sample_s(folder));
	assert_int_equal(folder_join(path, sizeof path, folder, "session.json"), 0);
	facts = json_load_file(path, 0, NULL);
	status = json_string_value(json_object_get(facts, "status"));
	if (status == NULL)
		fail_msg("%s: session.json cannot be read", present);
	if (told->closed ? strcmp(status, STORE_CLOSED) != 0
			 : strcmp(status, STORE_OPEN) == 0)
		fail_msg("%s: left as %s", present, status);
	json_decref(facts);
}

/* The daemon's start on what is left, and the next session's number. */
static void start_again(const char *state, const struct mark *told, double *lost_s)
{
	static struct store next;
	const struct store_tables tables = { .file = { [STORE_RAW] = raw_table(RAW_EVENT),
		[STORE_JUDGED] = &judged_table, [STORE_HOLDS] = &hold_table } };
	struct store_place place = place_in(state);
	struct problem problem;
	char sessions[PATH_MAX], name[PATH_MAX] = "", folder[PATH_MAX];

	if (store_recover(state, "anna", &tables, "stretchd", &problem) < 0)
		fail_msg("%s: %s", present, problem.text);
	assert_int_equal(folder_join(sessions, sizeof sessions, state, "anna/sessions"), 0);
	(void)folder_each(sessions, first_session, name);
	if (told->kept)
		assert_string_not_equal(name, "");
	if (name[0] != '\0' && told->kept) {
		assert_int_equal(folder_join(folder, sizeof folder, sessions, name), 0);
		check_session(folder, told, lost_s);
	}
	if (store_open(&next, &place, &tables, &problem) != 0)
		fail_msg("%s: %s", present, problem.text);
	assert_int_equal(next.number, name[0] != '\0' ? 2 : 1);
	store_abort(&next);
}

static void cut(int operations, enum disk_data data, bool names_done, uint64_t seed,
	double *lost_s)
{
	char state[PATH_MAX];

	snprintf(present, sizeof present, "cut after %s, data %s, names %s, seed %llu",
		operations > 0 ? disk_operation_text(operations - 1) : "nothing",
		disk_data_names[data], names_done ? "done" : "lost",
		(unsigned long long)seed);
	strcpy(state, temp_path("left"));
	disk_restore(state, operations, data, names_done, seed);
	start_again(state, told_by(operations), lost_s);
	temp_remove_below("left");
}

static void power_is_cut_after_every_operation(void **state)
{
	int mixed = effort_times(1, 40, 1), every = effort_times(1, 1, 5), cuts = 0;
	double lost_s = 0.0;

	(void)state;
	record_session();
	for (int n = 0; n <= disk_operations(); n += every) {
		for (int data = 0; data < DATA_FATES; data++) {
			int times = data == DATA_MIXED ? mixed : 2;

			if (!disk_names_open(n) && data != DATA_MIXED)
				times = 1; /* the names have one fate only */
			for (int k = 0; k < times; k++, cuts++)
				cut(n, (enum disk_data)data, k % 2 == 1,
					(uint64_t)(n * 100 + k), &lost_s);
		}
	}
	printf("# %d operations of a %.0f s session, %d power cuts: at most %.2f s of "
		"samples lost\n", disk_operations(), marks[mark_count - 1].t_s, cuts,
		lost_s);
}

static int clean(void **state)
{
	(void)state;
	disk_free();
	temp_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_is_cut_after_every_operation),
	};

	return cmocka_run_group_tests(tests, temp_set_up, clean);
}
