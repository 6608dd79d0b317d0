/*
 * Session after session on emulated chips and a virtual clock, with a fault on the bus
 * every few minutes: memory and descriptors do not grow, the counters of the files
 * agree with what was seen from outside, every session can be read. An hour of use in
 * a plain run, 24 in a soak (STRETCH_SOAK=1).
 */
#include <dirent.h>
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/live_rig.h"
#include "../support/programs.h"
#include "../support/temp_files.h"
#include "linux/history.h"
#include "stretch/day.h"

#define SEED UINT64_C(86400)
#define REPLAY_EACH 20 /* so many sessions: one is judged again from its files */
#define WARM 3         /* sessions until every buffer of the C library is there */
#define GROWTH_MAX 16384 /* bytes in a whole day: less than 50 a session */

static struct live_rig rig;

/* The next fault, and what has become of the earlier ones. */
static struct {
	struct random random;
	double next_s;
	unsigned planted[EMUL_FAULT_COUNT];
	double events; /* fault and recovered events seen */
	double worst_deg;
	unsigned holds, results[RESULT_COUNT];
} day;

static double hours(void)
{
	return effort_times(60, 24 * 60, 15) / 60.0;
}

static double rest_until_next_s(void)
{
	return random_between(&day.random, 60.0, 180.0);
}

/* One transfer, a burst of them, or some seconds; the stall is one long stop. */
static void plant(struct live_rig *r)
{
	enum emul_fault_kind kind = (enum emul_fault_kind)(1 +
		random_u64(&day.random) % (EMUL_FAULT_COUNT - 1));
	bool brief = random_u64(&day.random) % 2 == 0;

	r->bus.fault = (struct emul_fault){ .kind = kind, .first = r->bus.transfers,
		.amount = 1 + (unsigned)(random_u64(&day.random) % 7) };
	if (brief && kind != EMUL_FAULT_STALL)
		r->bus.fault.transfers = 1 + random_u64(&day.random) % 20;
	else
		r->bus.fault.for_us =
			(int64_t)(1e6 * random_between(&day.random, 0.2, 6.0));
	r->bus.begun = r->bus.ended = false;
	day.planted[kind]++;
}

static void trouble(struct live_rig *r, double t_s)
{
	if (t_s < day.next_s)
		return;
	plant(r);
	day.next_s = t_s + rest_until_next_s();
}

/* Data that are called good are never wrong, whatever the bus does. */
static void watch(struct live_rig *r, const struct sample *sample)
{
	const struct judged_row *row = &r->run.out.judged;
	double t_s = live_time_s(r, r->sensors.origin_us + sample->t_us);
	struct truth truth;

	if (row->state != HOLD_COUNTING || (row->flags & FLAGS_BAD_DATA) != 0 ||
		!isfinite(row->thigh_elevation_deg))
		return;
	truth = wearer_truth_at(&r->wearer.plan, &r->param, t_s);
	day.worst_deg = fmax(day.worst_deg,
		fabs(row->thigh_elevation_deg - truth.thigh_elevation_deg));
}

static int descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

static json_int_t number_in(const json_t *json, const char *part, const char *name)
{
	const json_t *value = json_object_get(json_object_get(json, part), name);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static json_t *session_facts_of(const char *target)
{
	char path[PATH_MAX + 16];
	json_t *json;

	snprintf(path, sizeof path, "%s/session.json", target);
	json = json_load_file(path, 0, NULL);
	assert_non_null(json);
	return json;
}

/* What session.json counts is what the test saw, and what holds.csv has. */
static void check_counters(const char *target)
{
	json_t *json = session_facts_of(target);
	json_int_t results = 0;
	struct csv_table holds;
	char path[PATH_MAX + 16];

	assert_string_equal(json_string_value(json_object_get(json, "status")), "closed");
	assert_int_equal(number_in(json, "counters", "samples"), rig.samples);
	assert_int_equal(number_in(json, "storage", "raw_rows_lost"), 0);
	assert_int_equal(number_in(json, "storage", "hold_rows_lost"), 0);
	snprintf(path, sizeof path, "%s/holds.csv", target);
	assert_true(csv_table_load(&holds, path));
	for (int i = 1; i < RESULT_COUNT; i++) {
		json_int_t n = number_in(json_object_get(json, "totals"), "results",
			hold_result_names[i]);

		results += n;
		day.results[i] += (unsigned)n;
	}
	assert_int_equal(holds.rows, results);
	assert_int_equal(number_in(json, "totals", "attempts"), results);
	day.holds += (unsigned)results;
	csv_table_free(&holds);
	json_decref(json);
}

static void check_replay(const char *target)
{
	const char *words[] = { "stretchctl", "replay", target, "--output",
		temp_path("again"), NULL };
	const char *const names[] = { "samples.csv", "holds.csv" };
	struct program_end end = program_run(words);

	if (end.status != 0)
		fail_msg("replay: %s", end.err);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[2][PATH_MAX + 16];
		char *text[2];
		size_t size[2];

		snprintf(path[0], sizeof path[0], "%s/%s", target, names[i]);
		snprintf(path[1], sizeof path[1], "%s/%s", temp_path("again"), names[i]);
		text[0] = temp_read(path[0], &size[0]);
		text[1] = temp_read(path[1], &size[1]);
		assert_non_null(text[0]);
		assert_non_null(text[1]);
		if (size[0] != size[1] || memcmp(text[0], text[1], size[0]) != 0)
			fail_msg("%s: the replay differs", target);
		free(text[0]);
		free(text[1]);
	}
	temp_remove_below("again");
}

/* One session; its virtual hours. */
static double one_session(unsigned index, const char *state_dir)
{
	char target[PATH_MAX];
	double gone_s;

	live_init(&rig, 1 + (int)(index % 2), SEED + index);
	if (index % 4 >= 2) {
		rig.kind[SITE_THIGH] = EMUL_LSM6DSO;
		rig.kind[SITE_PELVIS] = EMUL_LSM6DSL;
		rig.address[SITE_THIGH] = 0x6A;
		rig.address[SITE_PELVIS] = 0x6B;
	}
	rig.world = trouble;
	rig.watch = watch;
	day.next_s = random_between(&day.random, 5.0, 120.0);
	live_run(&rig, state_dir);
	gone_s = (double)(rig.bus.now_us - rig.begun_us) * 1e-6;
	snprintf(target, sizeof target, "%s",
		rig.run.files[rig.run.at].store.target);
	check_counters(target);
	if (index % REPLAY_EACH == 0)
		check_replay(target);
	return gone_s / 3600.0;
}

static int count_complaint;

static void complain(void *context, const struct problem *problem)
{
	(void)context;
	printf("# %s\n", problem->text);
	count_complaint++;
}

static void check_all_readable(const char *state_dir, unsigned sessions)
{
	struct history_choice choice = { .state_dir = state_dir, .wearer = "wearer",
		.since = DAY_NONE, .until = DAY_NONE, .exercise = -1, .side = -1 };
	struct history history;
	struct problem problem = { "" };

	assert_int_equal(history_read(&history, &choice, complain, &problem), 0);
	assert_int_equal(count_complaint, 0);
	assert_int_equal(history.count, sessions);
	assert_int_equal(history.damaged, 0);
	assert_int_equal(history.hold_count, day.holds);
	history_free(&history);
}

static void test_a_day(void **state)
{
	char state_dir[PATH_MAX];
	double gone_h = 0.0, wanted_h = hours();
	size_t before = 0, after = 0;
	unsigned sessions = 0;
	int open_before = 0;

	(void)state;
	random_seed(&day.random, SEED, 1);
	snprintf(state_dir, sizeof state_dir, "%s", temp_path("state"));
	while (gone_h < wanted_h || sessions <= WARM) {
		if (sessions == WARM) {
			before = mallinfo2().uordblks;
			open_before = descriptors();
		}
		gone_h += one_session(sessions++, state_dir);
	}
	after = mallinfo2().uordblks;
	printf("# seed %d: %.1f h, %u sessions, %u holds (%u done, %u short), faults:",
		(int)SEED, gone_h, sessions, day.holds, day.results[RESULT_DONE],
		day.results[RESULT_SHORT]);
	for (int i = 1; i < EMUL_FAULT_COUNT; i++)
		printf(" %s %u", emul_fault_names[i], day.planted[i]);
	printf("\n# memory in use: %+ld bytes after %u sessions; worst angle of a counted "
	       "sample %.2f deg off\n", (long)after - (long)before, sessions - WARM,
		day.worst_deg);
	assert_true((long)after - (long)before < GROWTH_MAX);
	assert_int_equal(descriptors(), open_before);
	assert_true(day.worst_deg < 1.0); /* the stated error of a hold: 95 % within 2 */
	check_all_readable(state_dir, sessions);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_day) };

	return cmocka_run_group_tests(tests, temp_set_up, temp_tear_down);
}
