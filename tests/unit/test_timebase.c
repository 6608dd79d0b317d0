/*
 * The sample clock. Expected values: the rule "a gap is longer than three times the
 * median and than 80 ms", worked by hand; the median against sorting the last 15.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/random.h"
#include "stretch/timebase.h"

#define FACTOR 3.0
#define GAP_MIN_US 80000
#define SEED 7100

static struct timebase_step feed(struct timebase *tb, int64_t dt_us)
{
	return timebase_step(tb, tb->last_us + dt_us, FACTOR, GAP_MIN_US);
}

/* A clock that has seen 20 even intervals. */
static void even(struct timebase *tb, int64_t dt_us)
{
	timebase_init(tb);
	timebase_step(tb, 1000000, FACTOR, GAP_MIN_US);
	for (int i = 0; i < 20; i++)
		feed(tb, dt_us);
}

static void test_first_sample(void **state)
{
	struct timebase tb;
	struct timebase_step step;

	(void)state;
	timebase_init(&tb);
	step = timebase_step(&tb, -5000000, FACTOR, GAP_MIN_US);
	assert_int_equal(step.dt_us, 0);
	assert_false(step.gap);
	assert_false(step.backwards);
	assert_int_equal(timebase_median_us(&tb), 0);
	/* nothing is learned yet: 80 ms decide alone */
	step = feed(&tb, 80000);
	assert_int_equal(step.dt_us, 80000);
	assert_false(step.gap);
	timebase_init(&tb);
	timebase_step(&tb, 0, FACTOR, GAP_MIN_US);
	assert_true(feed(&tb, 80001).gap);
}

static void test_gap_rule(void **state)
{
	/* usual interval, longest that is no gap: the larger of 3 x and 80 ms */
	static const int64_t rule[][2] = { { 1000, 80000 }, { 9615, 80000 },
		{ 19231, 80000 }, { 26666, 80000 }, { 26667, 80001 }, { 30000, 90000 },
		{ 40000, 120000 } };

	(void)state;
	for (size_t i = 0; i < sizeof rule / sizeof rule[0]; i++) {
		struct timebase tb;
		struct timebase_step step;

		even(&tb, rule[i][0]);
		assert_int_equal(timebase_median_us(&tb), rule[i][0]);
		step = feed(&tb, rule[i][1]);
		assert_false(step.gap);
		assert_int_equal(step.dt_us, rule[i][1]);
		even(&tb, rule[i][0]);
		step = feed(&tb, rule[i][1] + 1);
		assert_true(step.gap);
		assert_int_equal(step.dt_us, rule[i][1] + 1);
	}
}

static void test_gaps_are_not_learned(void **state)
{
	struct timebase tb;

	(void)state;
	even(&tb, 10000);
	for (int i = 0; i < 100; i++)
		assert_true(feed(&tb, 500000).gap);
	assert_int_equal(timebase_median_us(&tb), 10000);
	assert_false(feed(&tb, 10000).gap);
}

static void test_backwards(void **state)
{
	struct timebase tb;
	struct timebase_step step;

	(void)state;
	even(&tb, 10000);
	step = feed(&tb, 0); /* the same moment again is no advance either */
	assert_true(step.backwards);
	assert_int_equal(step.dt_us, 0);
	step = feed(&tb, -3000000);
	assert_true(step.backwards);
	assert_false(step.gap);
	/* a dropped sample leaves no trace: the next interval counts from before */
	step = feed(&tb, 10000);
	assert_false(step.backwards);
	assert_int_equal(step.dt_us, 10000);
	assert_int_equal(timebase_median_us(&tb), 10000);
}

static void test_change_of_rate(void **state)
{
	struct timebase tb;

	(void)state;
	even(&tb, 10000);
	/* 8 of the last 15 make the median: after 7 it is the old one, after 8 new */
	for (int i = 0; i < 7; i++)
		assert_false(feed(&tb, 40000).gap);
	assert_int_equal(timebase_median_us(&tb), 10000);
	feed(&tb, 40000);
	assert_int_equal(timebase_median_us(&tb), 40000);
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void test_median_by_sorting(void **state)
{
	int64_t all[2000], window[TIMEBASE_MEDIAN_N];
	struct timebase tb;
	struct random random;
	int n = 0;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	timebase_init(&tb);
	timebase_step(&tb, 0, FACTOR, GAP_MIN_US);
	for (int i = 0; i < 2000; i++) {
		int64_t dt = 1 + (int64_t)(random_uniform(&random) *
			(i % 200 < 100 ? 20000.0 : 75000.0));
		int have;

		assert_false(feed(&tb, dt).gap);
		all[n++] = dt;
		have = n < TIMEBASE_MEDIAN_N ? n : TIMEBASE_MEDIAN_N;
		memcpy(window, &all[n - have], (size_t)have * sizeof *window);
		qsort(window, (size_t)have, sizeof *window, ascending);
		assert_int_equal(timebase_median_us(&tb), window[have / 2]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_sample),
		cmocka_unit_test(test_gap_rule),
		cmocka_unit_test(test_gaps_are_not_learned),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_change_of_rate),
		cmocka_unit_test(test_median_by_sorting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
