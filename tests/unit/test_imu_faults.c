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
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/imu_rig.h"

#define SECOND 1000000
#define TIME_ERROR_US 15000      /* of any reading, at any moment of a fault */
#define BACKLOG_MAX_US 1250000.0 /* that a FIFO holds at 200 Hz */

static struct imu_rig rig;

/* Chip, rate and clock error that each sweep is run with. */
/* clang-format off */
static const struct {
	enum emul_kind kind;
	enum chip_rate rate;
	double rate_error;
} subjects[] = {
	{ EMUL_MPU6050, CHIP_RATE_200, 0.03 },
	{ EMUL_MPU6500, CHIP_RATE_100, -0.05 },
	{ EMUL_LSM6DSO, CHIP_RATE_200, 0.05 },
	{ EMUL_LSM6DSL, CHIP_RATE_100, -0.02 },
};
/* clang-format on */

#define SUBJECTS (sizeof subjects / sizeof subjects[0])

static uint32_t counted(enum imu_fault fault)
{
	return rig.imu.count[fault];
}

static void begin(size_t subject, uint64_t seed)
{
	imu_rig_init(&rig, subjects[subject].kind, subjects[subject].rate, seed);
	rig.chip.rate_error = subjects[subject].rate_error;
	rig.chip.jitter_us = 30.0;
}

/* Transfers that bring-up and one second of streaming take. */
static uint64_t transfers_of(size_t subject, uint64_t *bringup)
{
	begin(subject, 1);
	imu_rig_start(&rig, SECOND);
	*bringup = rig.bus.transfers;
	imu_rig_run(&rig, rig.bus.now_us + SECOND);
	assert_int_equal(imu_rig_counts(&rig), 0);
	assert_true(rig.present > 90);
	return rig.bus.transfers;
}

static const char *describe(size_t subject)
{
	static char text[400];
	const struct emul_fault *f = &rig.bus.fault;
	int used = snprintf(text, sizeof text,
		"%s, %s at transfer %llu (%llu transfers, "
		"%lld us, amount %u): wrong %llu near %llu stale %llu repeated %llu, "
		"times %.0f to %.0f us",
		emul_names[subjects[subject].kind], emul_fault_names[f->kind],
		(unsigned long long)f->first, (unsigned long long)f->transfers,
		(long long)f->for_us, f->amount, (unsigned long long)rig.wrong,
		(unsigned long long)rig.near, (unsigned long long)rig.stale,
		(unsigned long long)rig.repeated, rig.early_us, rig.tardy_us);

	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		if (rig.imu.count[i] != 0 && used >= 0 && (size_t)used < sizeof text)
			used += snprintf(text + used, sizeof text - (size_t)used,
				", %s %u", imu_fault_names[i], rig.imu.count[i]);
	return text;
}

#define CHECK(what, subject) \
	do { \
		if (!(what)) \
			fail_msg("%s: " #what, describe(subject)); \
	} while (0)

struct sweep {
	uint64_t runs, absent, near;
	int64_t slowest_us;
	double early_us, tardy_us; /* of all times given out: against the log */
	double near_acc_m_s2, near_gyr_rad_s;
	uint32_t count[IMU_FAULT_COUNT];
};

/* One run: the fault, then until 2 s behind it, then half a second that is clean. */
static void run_one(size_t subject, const struct emul_fault *fault, struct sweep *sweep)
{
	uint64_t present, absent, lost;
	int64_t until_us;
	double rate_hz;
	/* A backlog from before the rate was learned is 5 % longer or shorter. */
	double error_us =
		TIME_ERROR_US + 0.05 * fmin((double)fault->for_us, BACKLOG_MAX_US);

	begin(subject, 1);
	rig.bus.fault = *fault;
	while (!rig.bus.ended) {
		imu_rig_run(&rig, rig.bus.now_us + 20000);
		CHECK(rig.bus.now_us < 20 * (int64_t)SECOND, subject);
	}
	until_us = rig.bus.end_us + 2 * (int64_t)SECOND;
	while (rig.bus.now_us < until_us && rig.good_us < rig.bus.end_us)
		imu_rig_run(&rig, rig.bus.now_us + 10000);
	CHECK(rig.good_us >= rig.bus.end_us, subject);
	if (rig.good_us - rig.bus.end_us > sweep->slowest_us)
		sweep->slowest_us = rig.good_us - rig.bus.end_us;
	imu_rig_run(&rig, until_us);
	CHECK(rig.imu.state == IMU_STREAM && rig.imu.fault == IMU_OK, subject);
	present = rig.present;
	absent = rig.absent;
	lost = rig.lost;
	imu_rig_run(&rig, until_us + SECOND / 2);
	rate_hz = emul_true_rate_hz(&rig.chip);
	CHECK(rig.absent == absent && rig.lost == lost, subject);
	CHECK(fabs((double)(rig.present - present) - 0.5 * rate_hz) < 16.0, subject);
	CHECK(rig.wrong == 0 && rig.repeated == 0, subject);
	CHECK(rig.early_us > -error_us && rig.tardy_us < error_us, subject);
	sweep->early_us = fmin(sweep->early_us, rig.early_us);
	sweep->tardy_us = fmax(sweep->tardy_us, rig.tardy_us);
	CHECK(!rig.chip.wrote_before_id, subject);
	sweep->runs++;
	sweep->absent += rig.absent;
	sweep->near += rig.near;
	sweep->near_acc_m_s2 = fmax(sweep->near_acc_m_s2, rig.near_acc_m_s2);
	sweep->near_gyr_rad_s = fmax(sweep->near_gyr_rad_s, rig.near_gyr_rad_s);
	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		sweep->count[i] += rig.imu.count[i];
}

static void report(const char *name, const struct sweep *sweep)
{
	printf("# %s: %llu runs, recovery within %.2f s, times %.1f to %.1f ms off", name,
		(unsigned long long)sweep->runs, (double)sweep->slowest_us * 1e-6,
		sweep->early_us * 1e-3, sweep->tardy_us * 1e-3);
	for (int i = 0; i < IMU_FAULT_COUNT; i++)
		if (sweep->count[i] != 0)
			printf(", %s %u", imu_fault_names[i], sweep->count[i]);
	printf("\n");
}

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

		for (size_t subject = 0; subject < SUBJECTS; subject++) {
			uint64_t bringup, all = transfers_of(subject, &bringup);

			for (uint64_t n = 0; n < all; n++)
				for (int lasting = 0; lasting < 2; lasting++) {
					struct emul_fault fault = { .kind = kinds[k].kind,
						.first = n,
						.transfers = lasting ? 0 : 1,
						.for_us = lasting ? 300000 : 0 };

					run_one(subject, &fault, &sweep);
					CHECK(counted(kinds[k].name) == rig.bus.injected,
						subject);
					CHECK(imu_rig_counts(&rig) == rig.bus.injected,
						subject);
					CHECK(rig.near == 0 && rig.stale == 0, subject);
				}
		}
		report(emul_fault_names[kinds[k].kind], &sweep);
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
	for (size_t subject = 0; subject < SUBJECTS; subject++) {
		uint64_t bringup, all = transfers_of(subject, &bringup);

		for (uint64_t n = 0; n < all; n++)
			for (int i = 0; i < 6; i++) {
				struct emul_fault fault = { .kind = EMUL_FAULT_FLIP,
					.first = n,
					.transfers = 1,
					.amount =
						(unsigned)(random_u64(&random) % 1120) };

				run_one(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) <= 2, subject);
			}
	}
	report("flip", &sweep);
	printf("# flipped bits that passed as readings: %llu, at most %.2f m/s^2 and "
	       "%.1f deg/s off\n",
		(unsigned long long)sweep.near, sweep.near_acc_m_s2,
		sweep.near_gyr_rad_s * DEG_PER_RAD);
}

/* The first frame of a stream has none before it to be compared with. */
static void test_flipped_at_the_start(void **state)
{
	struct sweep sweep = { 0 };

	(void)state;
	for (size_t subject = 0; subject < SUBJECTS; subject += SUBJECTS - 1) {
		uint64_t bringup;

		(void)transfers_of(subject, &bringup);
		for (uint64_t n = bringup; n < bringup + 7; n++)
			for (unsigned bit = 0; bit < 112; bit++) {
				struct emul_fault fault = { .kind = EMUL_FAULT_FLIP,
					.first = n,
					.transfers = 1,
					.amount = bit };

				run_one(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
			}
	}
	report("flip at the start", &sweep);
	assert_true(sweep.count[IMU_SPIKE] > 0);
}

/*
 * A temperature that leaps says that a frame is shifted, though its length is right.
 * The FIFO is emptied; what comes then is believed.
 */
static void test_leaping_temperature(void **state)
{
	(void)state;
	for (size_t subject = 0; subject < 2; subject++) {
		begin(subject, 1);
		imu_rig_run(&rig, rig.bus.now_us + 2 * (int64_t)SECOND);
		rig.chip.temp_c = 60.0;
		imu_rig_run(&rig, rig.bus.now_us + SECOND);
		assert_int_equal(counted(IMU_GARBLED), 1);
		assert_int_equal(imu_rig_counts(&rig), 1);
		assert_true(fabs(rig.imu.temp_c - 60.0) < 0.1);
		assert_int_equal(rig.imu.fault, IMU_OK);
		/* Slowly it may go anywhere within what a chip survives. */
		for (int i = 0; i < 30; i++) {
			rig.chip.temp_c -= 2.0;
			imu_rig_run(&rig, rig.bus.now_us + 100000);
		}
		assert_int_equal(imu_rig_counts(&rig), 1);
	}
}

/* Nearly full, but nothing lost yet: emptied by choice, and counted as overflow. */
static void test_overflow_foreseen(void **state)
{
	(void)state;
	for (size_t subject = 0; subject < SUBJECTS; subject++) {
		const struct chip *chip;
		size_t size;

		begin(subject, 1);
		imu_rig_run(&rig, rig.bus.now_us + 2 * (int64_t)SECOND);
		chip = rig.imu.chip;
		size = (size_t)(chip->fifo_frames - 1) * chip->frame_size;
		while (rig.chip.fifo_count < size)
			emul_bus_advance(&rig.bus, rig.bus.now_us + 500);
		assert_int_equal(rig.chip.lost, 0);
		imu_rig_run(&rig, rig.bus.now_us + SECOND);
		assert_int_equal(counted(IMU_OVERFLOW), 1);
		assert_int_equal(imu_rig_counts(&rig), 1);
		assert_int_equal(rig.wrong + rig.near + rig.stale + rig.repeated, 0);
		assert_int_equal(rig.imu.bringups, 1);
	}
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

		for (size_t subject = 0; subject < SUBJECTS; subject++) {
			uint64_t bringup, all = transfers_of(subject, &bringup);

			for (uint64_t n = 0; n < all; n++)
				for (int lasting = 0; lasting < 2; lasting++) {
					struct emul_fault fault = { .kind = kinds[k].kind,
						.first = n,
						.transfers = lasting ? 0 : 1,
						.for_us = lasting ? 700000 : 0 };

					run_one(subject, &fault, &sweep);
					/* The first two of equal frames pass. */
					CHECK(rig.stale <= 2 * (1 + rig.imu.bringups),
						subject);
					if (lasting && n > bringup)
						CHECK(counted(kinds[k].name) > 0,
							subject);
				}
		}
		report(emul_fault_names[kinds[k].kind], &sweep);
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
	for (size_t subject = 0; subject < SUBJECTS; subject++) {
		bool mpu = subjects[subject].kind <= EMUL_ICM20689;
		bool tagged = subjects[subject].kind == EMUL_LSM6DSO;
		uint64_t bringup, all = transfers_of(subject, &bringup);

		for (uint64_t n = bringup; n < all; n++)
			for (unsigned amount = 1; amount < (mpu                     ? 14
									   : tagged ? 6
										    : 6);
				amount += mpu ? 3 : 1) {
				struct emul_fault fault = { .kind = EMUL_FAULT_MISALIGN,
					.first = n,
					.amount = amount };

				run_one(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) > 0 ||
						(rig.near == 0 && rig.lost == 0),
					subject);
			}
	}
	report("misalign", &sweep);
}

/* The host stops at any transfer, shorter and longer than the FIFO lasts. */
static void test_stalls(void **state)
{
	static const int64_t lengths_us[] = { 100000, 250000, 600000, 5000000 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths_us / sizeof lengths_us[0]; i++) {
		struct sweep sweep = { 0 };
		char name[40];

		for (size_t subject = 0; subject < SUBJECTS; subject++) {
			uint64_t bringup, all = transfers_of(subject, &bringup);

			for (uint64_t n = 0; n < all; n++) {
				struct emul_fault fault = { .kind = EMUL_FAULT_STALL,
					.first = n,
					.for_us = lengths_us[i] };

				run_one(subject, &fault, &sweep);
				CHECK(rig.near == 0 && rig.stale == 0, subject);
				CHECK(imu_rig_counts(&rig) <= 2, subject);
				if (n > bringup && lengths_us[i] > 2 * SECOND)
					CHECK(counted(IMU_OVERFLOW) +
								counted(IMU_MISALIGNED) ==
							1,
						subject);
			}
		}
		snprintf(name, sizeof name, "stall of %.2f s",
			(double)lengths_us[i] * 1e-6);
		report(name, &sweep);
	}
}

/* Supply gone for a moment: registers are lost, found out by name. */
static void test_brownout(void **state)
{
	struct sweep sweep = { 0 };

	(void)state;
	for (size_t subject = 0; subject < SUBJECTS; subject++) {
		uint64_t bringup, all = transfers_of(subject, &bringup);

		for (uint64_t n = 0; n < all; n++) {
			struct emul_fault fault = { .kind = EMUL_FAULT_BROWNOUT,
				.first = n };

			run_one(subject, &fault, &sweep);
			CHECK(rig.near == 0 && rig.stale == 0, subject);
			CHECK(counted(IMU_REGISTER) <= 1, subject);
			if (n > bringup)
				CHECK(counted(IMU_REGISTER) == 1, subject);
			CHECK(imu_rig_counts(&rig) <= 3, subject);
		}
	}
	report("brownout", &sweep);
}

/* Pulled out and put in again, for a moment and for long. */
static void test_unplugged(void **state)
{
	static const int64_t lengths_us[] = { 20000, 120000, 1700000, 7300000 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths_us / sizeof lengths_us[0]; i++) {
		struct sweep sweep = { 0 };
		char name[40];

		for (size_t subject = 0; subject < SUBJECTS; subject++) {
			uint64_t bringup, all = transfers_of(subject, &bringup);

			for (uint64_t n = 0; n < all; n += i < 2 ? 1 : 5) {
				struct emul_fault fault = { .kind = EMUL_FAULT_UNPLUG,
					.first = n,
					.for_us = lengths_us[i] };

				run_one(subject, &fault, &sweep);
				CHECK(rig.near == 0 && rig.stale == 0, subject);
				CHECK(counted(IMU_NACK) == rig.bus.injected, subject);
			}
		}
		snprintf(name, sizeof name, "unplugged for %.2f s",
			(double)lengths_us[i] * 1e-6);
		report(name, &sweep);
	}
}

/* One register that changes by itself is found within a second, while it streams. */
static void test_register_rotation(void **state)
{
	int64_t slowest_us = 0;

	(void)state;
	for (size_t subject = 0; subject < SUBJECTS; subject++) {
		begin(subject, 1);
		imu_rig_start(&rig, SECOND);
		for (int32_t i = 0;
			i < chip_register_count(&rig.imu.chip->setup[rig.imu.rate]);
			i++) {
			const struct chip_setup *setup =
				&rig.imu.chip->setup[rig.imu.rate];
			const struct chip_register *reg = chip_register_at(setup, i);
			uint8_t mask = (uint8_t)(reg->set | reg->clear);
			int64_t start_us;

			/* At another moment of the rotation each time. */
			imu_rig_run(
				&rig, rig.bus.now_us + 2 * (int64_t)SECOND + 130000 * i);
			assert_int_equal(rig.imu.fault, IMU_OK);
			memset(rig.imu.count, 0, sizeof rig.imu.count);
			rig.chip.reg[reg->address] ^= (uint8_t)(mask & (uint8_t)-mask);
			start_us = rig.bus.now_us;
			while (imu_rig_counts(&rig) == 0 &&
				rig.bus.now_us < start_us + 2 * (int64_t)SECOND)
				imu_rig_run(&rig, rig.bus.now_us + 10000);
			if (rig.bus.now_us - start_us > slowest_us)
				slowest_us = rig.bus.now_us - start_us;
			if (counted(IMU_REGISTER) != 1)
				fail_msg("%s: register 0x%02x", rig.imu.chip->name,
					reg->address);
			rig.started = false;
		}
	}
	printf("# a register that changed by itself was named within %.2f s\n",
		(double)slowest_us * 1e-6);
	assert_true(slowest_us <= SECOND + 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus_errors),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_flipped_at_the_start),
		cmocka_unit_test(test_leaping_temperature),
		cmocka_unit_test(test_overflow_foreseen),
		cmocka_unit_test(test_false_data),
		cmocka_unit_test(test_misaligned_fifo),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_brownout),
		cmocka_unit_test(test_unplugged),
		cmocka_unit_test(test_register_rotation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
