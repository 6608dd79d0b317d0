/*
 * The learned clock against a clock that is known: pairs made from an ideal
 * sequence of samples, read at odd and even times, late, and with stalls.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/chip_clock.h"
#include "stretch/random.h"

/* Sample n of the true clock is taken at time[n]; all of one run, counted on. */
struct truth_clock {
	double next_us, period_us;
	double warm_c, warm_tau_s; /* drift: 1 % a degree while it warms up */
	double t0_us;
	int64_t count;
	double taken_us[4096]; /* of the last ones, by number */
};

struct run {
	struct chip_clock clock;
	struct truth_clock truth;
	struct random random;
	double interval_us, late_us; /* between readings; uniform, on top */
	bool dither;
	int64_t now_us, read;
	int64_t last_out_us;
	uint32_t drains;
	double worst_us, sum_us;
	uint64_t judged;
	double settle_us;
	bool judging;
};

static struct run run;

static void begin(double hz, double error, double late_us, bool dither, uint64_t seed)
{
	memset(&run, 0, sizeof run);
	chip_clock_init(&run.clock, hz);
	run.truth.period_us = 1e6 / (hz * (1.0 + error));
	run.truth.t0_us = 5e6;
	run.truth.next_us = run.truth.t0_us;
	run.now_us = 5000000;
	run.last_out_us = INT64_MIN;
	run.interval_us = 50000.0;
	run.late_us = late_us;
	run.dither = dither;
	random_seed(&run.random, seed, 0);
}

static double true_period_us(const struct truth_clock *truth)
{
	double t_s = (truth->next_us - truth->t0_us) * 1e-6;
	double warm_c = truth->warm_tau_s > 0.0
		? truth->warm_c * (1.0 - exp(-t_s / truth->warm_tau_s))
		: 0.0;

	return truth->period_us / (1.0 + 0.01 * warm_c);
}

static void samples_until(struct truth_clock *truth, double now_us)
{
	while (truth->next_us <= now_us) {
		truth->taken_us[truth->count++ % 4096] = truth->next_us;
		truth->next_us += true_period_us(truth);
	}
}

static void judge(int64_t t_us, int64_t index)
{
	double error_us = (double)t_us - run.truth.taken_us[index % 4096];

	assert_true(t_us > run.last_out_us);
	run.last_out_us = t_us;
	if (!run.judging)
		return;
	run.judged++;
	run.sum_us += error_us;
	run.worst_us = fmax(run.worst_us, fabs(error_us));
}

/* One reading: the time is stamped, then the count is taken, delay_us later. */
static void read_once(double delay_us)
{
	int32_t waiting;

	samples_until(&run.truth, (double)run.now_us + delay_us);
	waiting = (int32_t)(run.truth.count - run.read);
	chip_clock_observe(&run.clock, waiting, run.now_us);
	while (chip_clock_sure(&run.clock) && run.read < run.truth.count)
		judge(chip_clock_take(&run.clock), run.read++);
	run.now_us += (int64_t)delay_us;
}

static void go_on(double seconds)
{
	int64_t until_us = run.now_us + (int64_t)(seconds * 1e6);

	while (run.now_us < until_us) {
		int64_t stamp_us = run.now_us;

		read_once(300.0 + random_between(&run.random, 0.0, 200.0));
		run.now_us = stamp_us + (int64_t)run.interval_us +
			(int64_t)random_between(&run.random, 0.0, run.late_us);
		if (!chip_clock_sure(&run.clock))
			run.now_us = stamp_us + chip_clock_second_us(&run.clock);
		else if (run.dither)
			run.now_us -= chip_clock_dither_us(&run.clock, run.drains++);
	}
}

static double rate_error_ppm(void)
{
	return (run.clock.period_us / true_period_us(&run.truth) - 1.0) * 1e6;
}

/*
 * Rates that beat with a reading every 50 ms are the hard ones: at 100 Hz and an
 * error of a few ppm the phase between reading and sample hardly moves.
 */
static void test_learned_rate(void **state)
{
	static const double rates_hz[] = { 100.0, 104.0, 200.0, 208.0 };
	static const double errors[] = { -0.05, -0.013, -1e-3, -1e-4, -1e-5, 0.0, 1e-5,
		3e-5, 1e-4, 3e-4, 1e-3, 0.02, 0.03846, 0.05 };
	double worst_60 = 0.0, worst_600 = 0.0;

	(void)state;
	for (size_t r = 0; r < 4; r++)
		for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++)
			for (int way = 0; way < 3; way++) {
				begin(rates_hz[r], errors[e], way == 2 ? 5000.0 : 0.0,
					way == 1, r * 100 + e);
				go_on(60.0);
				worst_60 = fmax(worst_60, fabs(rate_error_ppm()));
				if (fabs(rate_error_ppm()) > 500.0)
					fail_msg("%g Hz %g, way %d: %g ppm after 60 s",
						rates_hz[r], errors[e], way,
						rate_error_ppm());
				go_on(540.0);
				worst_600 = fmax(worst_600, fabs(rate_error_ppm()));
				if (fabs(rate_error_ppm()) > 100.0)
					fail_msg("%g Hz %g, way %d: %g ppm after 10 min",
						rates_hz[r], errors[e], way,
						rate_error_ppm());
			}
	printf("# learned rate: off by at most %.0f ppm after 60 s, %.0f ppm after "
	       "10 min\n",
		worst_60, worst_600);
}

/* Times given out, once the rate is known: half a period at worst, less dithered. */
static void test_times(void **state)
{
	(void)state;
	for (int way = 0; way < 2; way++) {
		double period_us;

		begin(100.0, 1e-5, 0.0, way == 1, 3);
		go_on(60.0);
		run.judging = true;
		go_on(120.0);
		period_us = true_period_us(&run.truth);
		printf("# times at 100 Hz, %s: off by %.2f ms at most, %.2f ms on "
		       "average\n",
			way == 1 ? "dithered" : "in step with the readings",
			run.worst_us * 1e-3, run.sum_us / (double)run.judged * 1e-3);
		assert_true(run.worst_us < (way == 1 ? 0.25 : 0.75) * period_us);
	}
}

/* Warming up by 5 degrees at 1 % a degree; what is left of it in rate and time. */
static void test_drift(void **state)
{
	double worst_ppm = 0.0;

	(void)state;
	begin(208.0, 0.03, 2000.0, true, 4);
	run.truth.warm_c = 5.0;
	run.truth.warm_tau_s = 180.0;
	go_on(30.0);
	run.judging = true;
	for (int i = 0; i < 600; i++) {
		go_on(1.0);
		worst_ppm = fmax(worst_ppm, fabs(rate_error_ppm()));
	}
	printf("# 5 degrees of warming in 3 min at 1 %%/degree: rate lags by %.0f ppm, "
	       "times by %.2f ms at most\n",
		worst_ppm, run.worst_us * 1e-3);
	assert_true(run.worst_us < 1.5e6 / 208.0);
	go_on(1800.0);
	printf("# half an hour later: %.0f ppm\n", fabs(rate_error_ppm()));
	assert_true(fabs(rate_error_ppm()) < 300.0);
}

/* A count that comes late (host stopped between stamp and count) moves nothing. */
static void test_stalls(void **state)
{
	(void)state;
	begin(208.0, -0.04, 1000.0, true, 5);
	go_on(60.0);
	run.judging = true;
	for (int i = 0; i < 200; i++) {
		go_on(1.0);
		read_once(random_between(&run.random, 10000.0, 300000.0));
	}
	printf("# 200 stalls of 10 to 300 ms: times off by %.2f ms at most, rate by "
	       "%.0f ppm, %u resyncs\n",
		run.worst_us * 1e-3, fabs(rate_error_ppm()), run.clock.resyncs);
	assert_true(run.worst_us < 4000.0);
	assert_true(fabs(rate_error_ppm()) < 200.0);
	assert_int_equal(run.clock.resyncs, 0);
}

/* Samples lost behind the clock's back: found out, and time goes on growing. */
static void test_lost_samples(void **state)
{
	(void)state;
	begin(104.0, 0.01, 1000.0, true, 6);
	go_on(60.0);
	run.truth.next_us += 40 * true_period_us(&run.truth);
	go_on(1.0);
	assert_true(run.clock.resyncs > 0);
	run.judging = true;
	go_on(20.0);
	assert_true(run.worst_us < 6000.0);
	assert_true(fabs(rate_error_ppm()) < 500.0);
}

/* Behind a gap: the phase is kept modulo a period, the right period is found. */
static void test_gap(void **state)
{
	double worst_us = 0.0;

	(void)state;
	begin(100.0, 0.05, 1000.0, true, 7);
	go_on(60.0);
	for (int i = 0; i < 200; i++) {
		/* A FIFO that is emptied: these are never seen. */
		run.now_us += (int64_t)random_between(&run.random, 0.0, 700000.0);
		samples_until(&run.truth, (double)run.now_us);
		run.read = run.truth.count;
		chip_clock_gap(&run.clock, false);
		run.now_us += 30000;
		run.judging = true;
		go_on(0.5);
		run.judging = false;
		worst_us = fmax(worst_us, run.worst_us);
	}
	printf("# 200 gaps: times off by %.2f ms at most behind them\n", worst_us * 1e-3);
	assert_true(worst_us < 5000.0);
}

/* A chip that was reset keeps its rate; its phase is new. */
static void test_reset(void **state)
{
	(void)state;
	begin(208.0, 0.05, 0.0, true, 8);
	go_on(120.0);
	run.truth.next_us += 300000.0 + 0.37 * true_period_us(&run.truth);
	run.now_us += 200000;
	run.read = run.truth.count;
	chip_clock_gap(&run.clock, true);
	assert_false(chip_clock_sure(&run.clock));
	go_on(1.0);
	run.judging = true;
	go_on(5.0);
	assert_true(run.worst_us < 2500.0);
	assert_true(fabs(rate_error_ppm()) < 2000.0);
}

/* Nothing to go by: a level that shrinks, no samples, time that stands still. */
static void test_nothing_new(void **state)
{
	struct chip_clock clock, before;

	(void)state;
	chip_clock_init(&clock, 100.0);
	chip_clock_observe(&clock, 0, 1000);
	assert_false(chip_clock_sure(&clock));
	chip_clock_observe(&clock, 3, 50000);
	chip_clock_observe(&clock, 4, 60000);
	assert_true(chip_clock_sure(&clock));
	before = clock;
	chip_clock_observe(&clock, 2, 70000);
	assert_memory_equal(&clock, &before, sizeof clock);
	chip_clock_observe(&clock, 5, 60000);
	assert_memory_equal(&clock, &before, sizeof clock);
	/* By hand: the fourth is half a period before 60 ms, the first three earlier. */
	assert_int_equal(chip_clock_take(&clock), 25000);
	assert_int_equal(chip_clock_take(&clock), 35000);
	assert_int_equal(chip_clock_take(&clock), 45000);
	assert_int_equal(chip_clock_take(&clock), 55000);
	assert_true(fabs(chip_clock_rate_hz(&clock) - 100.0) < 1e-9);
}

static void test_dither(void **state)
{
	struct chip_clock clock;
	int parts[10] = { 0 };

	(void)state;
	chip_clock_init(&clock, 100.0);
	for (uint32_t n = 0; n < 1000; n++) {
		int64_t us = chip_clock_dither_us(&clock, n);

		assert_in_range(us, 0, 9999);
		parts[us / 1000]++;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(parts[i], 97, 103);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_new),
		cmocka_unit_test(test_dither),
		cmocka_unit_test(test_learned_rate),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_lost_samples),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
