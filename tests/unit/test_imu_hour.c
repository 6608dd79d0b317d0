/*
 * Long streams of one sensor: an hour at the largest clock error, and a clock that
 * drifts while the chip warms up.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/imu_rig.h"

#define SECOND INT64_C(1000000)

static struct imu_rig rig;

static double ppm(double rate_hz, double true_hz)
{
	return (rate_hz / true_hz - 1.0) * 1e6;
}

static void run_hour(enum emul_kind kind, double rate_error, uint64_t seed)
{
	double after_60, after_600, after_3600;

	imu_rig_init(&rig, kind, CHIP_RATE_200, seed);
	rig.chip.rate_error = rate_error;
	rig.chip.jitter_us = 100.0;
	rig.late_us = 3000.0;
	imu_rig_start(&rig, SECOND);
	rig.settle_us = rig.bus.now_us + 10 * SECOND;
	imu_rig_run(&rig, rig.bus.now_us + 60 * SECOND);
	after_60 = ppm(chip_clock_rate_hz(&rig.imu.clock), emul_true_rate_hz(&rig.chip));
	imu_rig_run(&rig, rig.bus.now_us + 540 * SECOND);
	after_600 = ppm(chip_clock_rate_hz(&rig.imu.clock), emul_true_rate_hz(&rig.chip));
	imu_rig_run(&rig, rig.bus.now_us + 3000 * SECOND);
	after_3600 =
		ppm(chip_clock_rate_hz(&rig.imu.clock), emul_true_rate_hz(&rig.chip));
	printf("# an hour of %s at %.1f Hz: %llu samples, %llu lost, %llu false; rate "
	       "off "
	       "by %.0f, %.0f, %.0f ppm after 1, 10, 60 min; times by %.2f to %.2f ms\n",
		emul_names[kind], emul_true_rate_hz(&rig.chip),
		(unsigned long long)rig.present, (unsigned long long)rig.lost,
		(unsigned long long)(rig.wrong + rig.near + rig.stale), after_60,
		after_600, after_3600, rig.early_us * 1e-3, rig.tardy_us * 1e-3);
	assert_true(fabs(after_60) < 500.0);
	assert_true(fabs(after_600) < 100.0);
	assert_true(fabs(after_3600) < 100.0);
	/* Each sample once, in order: the rig counts on from log entry to log entry. */
	assert_int_equal(rig.lost + rig.absent + rig.repeated, 0);
	assert_int_equal(rig.wrong + rig.near + rig.stale, 0);
	assert_true(
		fabs((double)rig.present - 3600.0 * emul_true_rate_hz(&rig.chip)) < 20.0);
	assert_int_equal(imu_rig_counts(&rig), 0);
	assert_int_equal(rig.imu.bringups, 1);
	assert_true(rig.early_us > -3000.0 && rig.tardy_us < 3000.0);
}

static void test_hour(void **state)
{
	(void)state;
	run_hour(EMUL_LSM6DSO, 0.05, 1);
	run_hour(EMUL_LSM6DSL, -0.05, 2);
	run_hour(EMUL_MPU6050, 0.05, 3);
}

/* The rate drifts by 1 % a degree while the chip warms by 5 degrees in minutes. */
static void test_warming(void **state)
{
	double worst_ppm = 0.0;
	int64_t start_us;

	(void)state;
	imu_rig_init(&rig, EMUL_LSM6DSO, CHIP_RATE_200, 4);
	rig.chip.rate_error = 0.03;
	rig.chip.rate_per_c = 0.01;
	imu_rig_start(&rig, SECOND);
	imu_rig_run(&rig, rig.bus.now_us + 60 * SECOND);
	rig.settle_us = rig.bus.now_us;
	start_us = rig.bus.now_us;
	for (int i = 0; i < 6000; i++) {
		double t_s = (double)(rig.bus.now_us - start_us) * 1e-6;
		double off;

		rig.chip.temp_c = 25.0 + 5.0 * (1.0 - exp(-t_s / 180.0));
		imu_rig_run(&rig, rig.bus.now_us + 100000);
		off = ppm(
			chip_clock_rate_hz(&rig.imu.clock), emul_true_rate_hz(&rig.chip));
		worst_ppm = fmax(worst_ppm, fabs(off));
	}
	printf("# 10 min of warming by 5 degrees, 1 %%/degree: rate lags by up to %.0f "
	       "ppm, times by %.2f to %.2f ms\n",
		worst_ppm, rig.early_us * 1e-3, rig.tardy_us * 1e-3);
	assert_int_equal(rig.lost + rig.absent + rig.wrong + rig.repeated, 0);
	assert_true(rig.early_us > -10000.0 && rig.tardy_us < 10000.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hour),
		cmocka_unit_test(test_warming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
