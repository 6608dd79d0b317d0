/*
 * The data-ready pin teaches the clock: each family's pin on its emulator, what it
 * sharpens, and that nothing is lost where it is cut, loose or late. What really was
 * comes from the emulator's log.
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

enum pin { UNUSED, CUT, WIRED };

static void begin(enum emul_kind kind, enum chip_rate rate, uint64_t seed, enum pin pin)
{
	const struct imu_edges edges = { .context = &rig.chip,
		.take = emul_take_pulses };

	imu_rig_init(&rig, kind, rate, seed);
	if (pin != UNUSED)
		imu_set_edges(&rig.imu, &edges);
	rig.chip.rate_error = seed % 2 == 0 ? 0.05 : -0.05;
	rig.chip.jitter_us = 50.0;
	rig.chip.int_late_us = 100.0;
	rig.chip.int_cut = pin == CUT;
	imu_rig_start(&rig, SECOND);
}

static double off_ppm(void)
{
	return (chip_clock_rate_hz(&rig.imu.clock) / emul_true_rate_hz(&rig.chip) - 1.0) *
		1e6;
}

/* Each sample once, in order, as it was; no complaint. */
static void nothing_lost(void)
{
	assert_int_equal(rig.lost + rig.absent + rig.repeated, 0);
	assert_int_equal(rig.wrong + rig.near + rig.stale, 0);
	assert_int_equal(imu_rig_counts(&rig), 0);
	assert_int_equal(rig.imu.bringups, 1);
}

/*
 * Every chip at both rates: 10 s after the start the rate is within 200 ppm (500 ppm
 * after a minute is asked for), and times from 3 s on within 0.5 ms: jitter of 50 us
 * and up to 100 us of lateness, which no clock can know.
 */
static void test_every_chip(void **state)
{
	double worst_ppm = 0.0, early_us = 0.0, tardy_us = 0.0;

	(void)state;
	for (int kind = EMUL_MPU6050; kind <= EMUL_LSM6DSL; kind++)
		for (int rate = 0; rate < CHIP_RATE_COUNT; rate++) {
			begin((enum emul_kind)kind, (enum chip_rate)rate,
				(uint64_t)kind + 1, WIRED);
			rig.settle_us = rig.bus.now_us + 3 * SECOND;
			imu_rig_run(&rig, rig.bus.now_us + 10 * SECOND);
			nothing_lost();
			assert_int_equal(rig.imu.ready, IMU_READY_GOOD);
			assert_true(rig.imu.edge_pairs > 60);
			worst_ppm = fmax(worst_ppm, fabs(off_ppm()));
			early_us = fmin(early_us, rig.early_us);
			tardy_us = fmax(tardy_us, rig.tardy_us);
		}
	printf("# data-ready pin, 7 chips at 2 rates, 10 s: rate off by up to %.0f ppm, "
	       "times by %.2f to %.2f ms\n", worst_ppm, early_us * 1e-3, tardy_us * 1e-3);
	assert_true(worst_ppm < 200.0);
	assert_true(early_us > -500.0 && tardy_us < 500.0);
}

static void warm(double seconds, double *worst_ppm)
{
	int64_t start_us = rig.bus.now_us;

	*worst_ppm = 0.0;
	rig.settle_us = start_us;
	rig.early_us = 1e9;
	rig.tardy_us = -1e9;
	for (int i = 0; i < seconds * 10.0; i++) {
		double t_s = (double)(rig.bus.now_us - start_us) * 1e-6;

		rig.chip.temp_c = 25.0 + 5.0 * (1.0 - exp(-t_s / 180.0));
		imu_rig_run(&rig, rig.bus.now_us + 100000);
		*worst_ppm = fmax(*worst_ppm, fabs(off_ppm()));
	}
}

/* 1 % a degree, 5 degrees in minutes: the same with the pin and without. */
static void test_sharper_than_polling(void **state)
{
	double worst_ppm[2], after_60_ppm[2], lag_us[2];

	(void)state;
	for (int wired = 0; wired < 2; wired++) {
		begin(EMUL_LSM6DSO, CHIP_RATE_200, 4, wired == 1 ? WIRED : UNUSED);
		rig.chip.rate_per_c = 0.01;
		imu_rig_run(&rig, rig.bus.now_us + 60 * SECOND);
		after_60_ppm[wired] = fabs(off_ppm());
		warm(300.0, &worst_ppm[wired]);
		lag_us[wired] = fmax(-rig.early_us, rig.tardy_us);
		nothing_lost();
	}
	printf("# drift of 1 %%/degree: rate off after 60 s, then by at most, times by: "
	       "polled %.0f ppm, %.0f ppm, %.2f ms; with the pin %.0f, %.0f, %.2f\n",
		after_60_ppm[0], worst_ppm[0], lag_us[0] * 1e-3, after_60_ppm[1],
		worst_ppm[1], lag_us[1] * 1e-3);
	assert_true(after_60_ppm[1] < 100.0);
	assert_true(worst_ppm[1] < 0.5 * worst_ppm[0]);
	assert_true(lag_us[1] < 0.5 * lag_us[0]);
}

/* Nothing is wired to the pin: said after a second, and as good as without one. */
static void test_silent(void **state)
{
	(void)state;
	begin(EMUL_MPU6050, CHIP_RATE_100, 2, CUT);
	assert_int_equal(rig.imu.ready, IMU_READY_AWAITED);
	imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
	assert_int_equal(rig.imu.ready, IMU_READY_SILENT);
	imu_rig_run(&rig, rig.bus.now_us + 58 * SECOND);
	assert_true(fabs(off_ppm()) < 500.0);
	assert_int_equal(rig.imu.edge_pairs, 0);
	nothing_lost();
}

/* The plug falls off in the middle, and is put back. */
static void test_falls_silent(void **state)
{
	(void)state;
	begin(EMUL_LSM6DSL, CHIP_RATE_100, 3, WIRED);
	imu_rig_run(&rig, rig.bus.now_us + 30 * SECOND);
	rig.settle_us = rig.bus.now_us;
	rig.chip.int_cut = true;
	imu_rig_run(&rig, rig.bus.now_us + 30 * SECOND);
	assert_int_equal(rig.imu.ready, IMU_READY_SILENT);
	assert_true(fabs(off_ppm()) < 500.0);
	rig.chip.int_cut = false;
	imu_rig_run(&rig, rig.bus.now_us + 30 * SECOND);
	assert_int_equal(rig.imu.ready, IMU_READY_GOOD);
	assert_true(fabs(off_ppm()) < 200.0);
	assert_true(rig.early_us > -10000.0 && rig.tardy_us < 10000.0);
	nothing_lost();
}

/* Every third pulse is noticed only: the newest one is not always the newest sample's. */
static int take_some(void *context, int64_t *newest_us)
{
	static unsigned calls;
	int64_t newest;
	int count = emul_take_pulses(context, &newest);

	calls++;
	if (count > 0 && calls % 3 != 0) /* the last one went missing */
		newest -= (int64_t)(1e6 / emul_true_rate_hz(context));
	*newest_us = newest;
	return count > 0 ? count - (calls % 3 != 0) : 0;
}

static void test_missed_edges(void **state)
{
	const struct imu_edges edges = { .context = &rig.chip, .take = take_some };

	(void)state;
	imu_rig_init(&rig, EMUL_MPU6500, CHIP_RATE_100, 6);
	imu_set_edges(&rig.imu, &edges);
	rig.chip.rate_error = 0.03;
	imu_rig_start(&rig, SECOND);
	rig.settle_us = rig.bus.now_us + 10 * SECOND;
	imu_rig_run(&rig, rig.bus.now_us + 60 * SECOND);
	printf("# two of three newest edges missed: rate off by %.0f ppm, times by "
	       "%.2f to %.2f ms\n", off_ppm(), rig.early_us * 1e-3, rig.tardy_us * 1e-3);
	assert_true(fabs(off_ppm()) < 500.0);
	/* never a whole period */
	assert_true(rig.early_us > -8000.0 && rig.tardy_us < 8000.0);
	nothing_lost();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_chip),
		cmocka_unit_test(test_sharper_than_polling),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_falls_silent),
		cmocka_unit_test(test_missed_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
