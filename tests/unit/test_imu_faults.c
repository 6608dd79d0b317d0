/*
 * Drivers against emulated chips on a bus that fails: every kind of fault at every
 * transfer of the bring-up and of the first second of streaming.
 *
 * What is right comes from the emulator's log of what the chip really measured.
 * A reading that is given out as present must be one of those, each at most once
 * and in order; a flipped bit may pass only below the limits of imu_judge.h.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/imu_sweep.h"

#define EVERY (EFFORT_FEW ? 5 : 1) /* transfer, the n-th of them */

/* Errors that the adapter reports: counted one by one, and nothing else. */
static void test_bus_errors(void **state)
{
	static const struct {
		enum emul_fault_kind kind;
		enum imu_fault name;
	} kinds[] = {
		{ EMUL_FAULT_NACK, IMU_NACK },
		{ EMUL_FAULT_REMOTEIO, IMU_NACK },
		{ EMUL_FAULT_AGAIN, IMU_ARBITRATION },
		{ EMUL_FAULT_TIMEOUT, IMU_TIMEOUT },
		{ EMUL_FAULT_IO, IMU_BUS },
	};

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct sweep sweep = { 0 };

		for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
			uint64_t bringup, all = sweep_transfers(subject, &bringup);

			for (uint64_t n = 0; n < all; n += EVERY)
				for (int lasting = 0; lasting < 2; lasting++) {
					struct emul_fault fault = { .kind = kinds[k].kind,
						.first = n,
						.transfers = lasting ? 0 : 1,
						.for_us = lasting ? 300000 : 0 };

					sweep_run(subject, &fault, &sweep);
					CHECK(sweep_counted(kinds[k].name) ==
							rig.bus.injected,
						subject);
					CHECK(imu_rig_counts(&rig) == rig.bus.injected,
						subject);
					CHECK(rig.near == 0 && rig.stale == 0, subject);
				}
		}
		sweep_report(emul_fault_names[kinds[k].kind], &sweep);
	}
}

/* Bits that the bus turns over, one a run, in any byte of any transfer. */
static void test_flipped_bits(void **state)
{
	struct sweep sweep = { 0 };
	struct random random;

	(void)state;
	random_seed(&random, 20, 0);
	printf("# seed 20\n");
	for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
		uint64_t bringup, all = sweep_transfers(subject, &bringup);

		for (uint64_t n = 0; n < all; n += EVERY)
			for (int i = 0; i < 6; i++) {
				struct emul_fault fault = { .kind = EMUL_FAULT_FLIP,
					.first = n,
					.transfers = 1,
					.amount =
						(unsigned)(random_u64(&random) % 1120) };

				sweep_run(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) <= 2, subject);
			}
	}
	sweep_report("flip", &sweep);
	printf("# flipped bits that passed as readings: %llu, at most %.2f m/s^2 and "
	       "%.1f deg/s off\n",
		(unsigned long long)sweep.near, sweep.near_acc_m_s2,
		sweep.near_gyr_rad_s * DEG_PER_RAD);
}

/* A bus that makes up its data: zeros, ones; a chip that repeats itself. */
static void test_false_data(void **state)
{
	static const struct {
		enum emul_fault_kind kind;
		enum imu_fault name;
	} kinds[] = {
		{ EMUL_FAULT_ZEROS, IMU_ZEROS },
		{ EMUL_FAULT_ONES, IMU_ONES },
		{ EMUL_FAULT_FROZEN, IMU_FROZEN },
	};

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct sweep sweep = { 0 };

		for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
			uint64_t bringup, all = sweep_transfers(subject, &bringup);

			for (uint64_t n = 0; n < all; n += EVERY)
				for (int lasting = 0; lasting < 2; lasting++) {
					struct emul_fault fault = { .kind = kinds[k].kind,
						.first = n,
						.transfers = lasting ? 0 : 1,
						.for_us = lasting ? 700000 : 0 };

					sweep_run(subject, &fault, &sweep);
					/* The first two of equal frames pass, once: not
					 * again after the chip was started anew. */
					CHECK(rig.stale <= 2,
						subject);
					if (lasting && n > bringup)
						CHECK(sweep_counted(kinds[k].name) > 0,
							subject);
				}
		}
		sweep_report(emul_fault_names[kinds[k].kind], &sweep);
	}
}

/*
 * Bytes or words that vanish from the FIFO. A tagged FIFO counts its frames: there even
 * whole ones (2 and 4 words) are missed.
 */
static void test_misaligned_fifo(void **state)
{
	struct sweep sweep = { 0 };

	(void)state;
	for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
		bool mpu = sweep_subjects[subject].kind <= EMUL_ICM20689;
		uint64_t bringup, all = sweep_transfers(subject, &bringup);

		for (uint64_t n = bringup; n < all; n += EVERY)
			for (unsigned amount = 1; amount < (mpu ? 14 : 6);
				amount += mpu ? 3 : 1) {
				struct emul_fault fault = { .kind = EMUL_FAULT_MISALIGN,
					.first = n,
					.amount = amount };

				sweep_run(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) > 0 ||
						(rig.near == 0 && rig.lost == 0),
					subject);
			}
	}
	sweep_report("misalign", &sweep);
}

/* The host stops at any transfer, shorter and longer than the FIFO lasts. */
static void test_stalls(void **state)
{
	static const int64_t lengths_us[] = { 100000, 250000, 600000, 5000000 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths_us / sizeof lengths_us[0]; i++) {
		struct sweep sweep = { 0 };
		char name[40];

		for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
			uint64_t bringup, all = sweep_transfers(subject, &bringup);

			for (uint64_t n = 0; n < all; n += EVERY) {
				struct emul_fault fault = { .kind = EMUL_FAULT_STALL,
					.first = n,
					.for_us = lengths_us[i] };

				sweep_run(subject, &fault, &sweep);
				CHECK(rig.near == 0 && rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) <= 2, subject);
				if (n > bringup && lengths_us[i] > 2 * SECOND)
					CHECK(sweep_counted(IMU_OVERFLOW) +
								sweep_counted(
									IMU_MISALIGNED) ==
							1,
						subject);
			}
		}
		snprintf(name, sizeof name, "stall of %.2f s",
			(double)lengths_us[i] * 1e-6);
		sweep_report(name, &sweep);
	}
}

/* Supply gone for a moment: registers are lost, found out by name. */
static void test_brownout(void **state)
{
	struct sweep sweep = { 0 };

	(void)state;
	for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
		uint64_t bringup, all = sweep_transfers(subject, &bringup);

		for (uint64_t n = 0; n < all; n += EVERY) {
			struct emul_fault fault = { .kind = EMUL_FAULT_BROWNOUT,
				.first = n };

			sweep_run(subject, &fault, &sweep);
			CHECK(rig.near == 0 && rig.stale == 0, subject);
			CHECK(sweep_counted(IMU_REGISTER) <= 1, subject);
			if (n > bringup)
				CHECK(sweep_counted(IMU_REGISTER) == 1, subject);
			CHECK(imu_rig_counts(&rig) <= 3, subject);
		}
	}
	sweep_report("brownout", &sweep);
}

/* Pulled out and put in again, for a moment and for long. */
static void test_unplugged(void **state)
{
	static const int64_t lengths_us[] = { 20000, 120000, 1700000, 7300000 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths_us / sizeof lengths_us[0]; i++) {
		struct sweep sweep = { 0 };
		char name[40];

		for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
			uint64_t bringup, all = sweep_transfers(subject, &bringup);

			for (uint64_t n = 0; n < all; n += i < 2 ? EVERY : 5) {
				struct emul_fault fault = { .kind = EMUL_FAULT_UNPLUG,
					.first = n,
					.for_us = lengths_us[i] };

				sweep_run(subject, &fault, &sweep);
				CHECK(rig.near == 0 && rig.stale == 0, subject);
				CHECK(sweep_counted(IMU_NACK) == rig.bus.injected,
					subject);
			}
		}
		snprintf(name, sizeof name, "unplugged for %.2f s",
			(double)lengths_us[i] * 1e-6);
		sweep_report(name, &sweep);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus_errors),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_false_data),
		cmocka_unit_test(test_misaligned_fifo),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_brownout),
		cmocka_unit_test(test_unplugged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
