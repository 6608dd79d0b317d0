/*
 * The checks of the stream one by one: what each is there for, on emulated chips.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/imu_sweep.h"

/* The first frame of a stream has none before it to be compared with. */
static void test_flipped_at_the_start(void **state)
{
	struct sweep sweep = { 0 };

	(void)state;
	for (size_t subject = 0; subject < SWEEP_SUBJECTS;
		subject += SWEEP_SUBJECTS - 1) {
		uint64_t bringup;

		(void)sweep_transfers(subject, &bringup);
		for (uint64_t n = bringup; n < bringup + 7; n++)
			for (unsigned bit = 0; bit < 112; bit++) {
				struct emul_fault fault = { .kind = EMUL_FAULT_FLIP,
					.first = n,
					.transfers = 1,
					.amount = bit };

				sweep_run(subject, &fault, &sweep);
				CHECK(rig.stale == 0, subject);
			}
	}
	sweep_report("flip at the start", &sweep);
	assert_true(sweep.count[IMU_SPIKE] > 0);
}

/*
 * A bit of WHO_AM_I that the bus turned over, in each of the first two answers: 0x70
 * and 0x71, 0x6A and 0x6B are chips with other scales, one bit apart. At no moment may
 * the chip be taken for another one, and it costs one more look or two, no bring-up.
 */
static void test_flipped_name(void **state)
{
	unsigned others = 0;

	(void)state;
	for (int kind = EMUL_MPU6050; kind <= EMUL_LSM6DSL; kind++)
		for (unsigned bit = 0; bit < 16; bit++) {
			const struct chip *right, *seen = NULL;

			imu_rig_init(&rig, (enum emul_kind)kind, CHIP_RATE_200, 1);
			right = chip_find(rig.imu.family,
				rig.chip.reg[rig.imu.family->id_register]);
			assert_non_null(right);
			others += chip_find(rig.imu.family,
				(uint8_t)(right->id ^ 1u << bit % 8)) != NULL;
			rig.bus.fault = (struct emul_fault){ .kind = EMUL_FAULT_FLIP,
				.first = bit / 8,
				.transfers = 1,
				.amount = bit % 8 };
			while (rig.imu.state != IMU_STREAM) {
				imu_rig_run(&rig, rig.bus.now_us + 1000);
				seen = rig.imu.chip != NULL ? rig.imu.chip : seen;
				assert_ptr_equal(seen != NULL ? seen : right, right);
				assert_true(rig.bus.now_us < 2 * SECOND);
			}
			assert_int_equal(rig.bus.injected, 1);
			assert_int_equal(sweep_counted(IMU_GARBLED), 1);
			assert_int_equal(imu_rig_counts(&rig), 1);
			assert_int_equal(rig.imu.bringups, 1);
			assert_false(rig.chip.wrote_before_id);
		}
	assert_int_equal(others, 8); /* else the table holds no such pair any more */
}

/* What the next looks at WHO_AM_I answer; negative: an error of the bus. */
static const int *answers;

static int read_answer(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	int answer = *answers++;

	(void)context;
	assert_int_equal(address, 0x69);
	assert_int_equal(reg, 0x75);
	assert_int_equal(size, 1);
	if (answer < 0)
		return answer;
	*data = (uint8_t)answer;
	return 0;
}

/* Two answers in a row, four looks at most; written out by hand. */
static void test_looks_at_the_name(void **state)
{
	static const struct {
		int answer[4], error, looks;
		uint8_t name; /* of the chip; 0: none */
	} table[] = {
		{ { 0x70, 0x70, 0, 0 }, 0, 2, 0x70 },
		{ { 0x71, 0x70, 0x70, 0 }, 0, 3, 0x70 },
		{ { 0x70, 0x71, 0x70, 0x70 }, 0, 4, 0x70 },
		{ { 0x70, 0x71, 0x70, 0x71 }, 0, 4, 0 },
		{ { 0x70, 0x71, 0x68, 0x98 }, 0, 4, 0 },
		{ { 0x42, 0x42, 0, 0 }, 0, 2, 0 },
		{ { -BUS_ENXIO, 0, 0, 0 }, -BUS_ENXIO, 1, 0 },
		{ { 0x70, -BUS_EAGAIN, 0, 0 }, -BUS_EAGAIN, 2, 0 },
	};
	const struct bus bus = { .read = read_answer };

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct chip_answer answer;

		answers = table[i].answer;
		assert_int_equal(chip_ask(&chip_family_mpu, &bus, 0x69, &answer),
			table[i].error);
		assert_int_equal(answer.looks, table[i].looks);
		assert_int_equal(answer.chip != NULL ? answer.chip->id : 0,
			table[i].name);
	}
}

/*
 * A temperature that leaps says that a frame is shifted, though its length is right.
 * The FIFO is emptied; what comes then is believed.
 */
static void test_leaping_temperature(void **state)
{
	(void)state;
	for (size_t subject = 0; subject < 2; subject++) {
		sweep_begin(subject);
		imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
		rig.chip.temp_c = 60.0;
		imu_rig_run(&rig, rig.bus.now_us + SECOND);
		assert_int_equal(sweep_counted(IMU_GARBLED), 1);
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
	for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
		const struct chip *chip;
		size_t size;

		sweep_begin(subject);
		imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
		chip = rig.imu.chip;
		size = (size_t)(chip->fifo_frames - 1) * chip->frame_size;
		while (rig.chip.fifo_count < size)
			emul_bus_advance(&rig.bus, rig.bus.now_us + 500);
		assert_int_equal(rig.chip.lost, 0);
		imu_rig_run(&rig, rig.bus.now_us + SECOND);
		assert_int_equal(sweep_counted(IMU_OVERFLOW), 1);
		assert_int_equal(imu_rig_counts(&rig), 1);
		assert_int_equal(rig.wrong + rig.near + rig.stale + rig.repeated, 0);
		assert_int_equal(rig.imu.bringups, 1);
	}
}

/* One register that changes by itself is found within a second, while it streams. */
static void test_register_rotation(void **state)
{
	int64_t slowest_us = 0;

	(void)state;
	for (size_t subject = 0; subject < SWEEP_SUBJECTS; subject++) {
		sweep_begin(subject);
		imu_rig_start(&rig, SECOND);
		for (int32_t i = 0;
			i < chip_register_count(
				rig.imu.chip, rig.imu.rate, sweep_subjects[subject].pin);
			i++) {
			const struct chip_register *reg = chip_register_at(
				rig.imu.chip, rig.imu.rate,
				sweep_subjects[subject].pin, i);
			uint8_t mask = (uint8_t)(reg->set | reg->clear);
			int64_t start_us;

			/* At another moment of the rotation each time. */
			imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND + 130000 * i);
			assert_int_equal(rig.imu.fault, IMU_OK);
			memset(rig.imu.count, 0, sizeof rig.imu.count);
			rig.chip.reg[reg->address] ^= (uint8_t)(mask & (uint8_t)-mask);
			start_us = rig.bus.now_us;
			while (imu_rig_counts(&rig) == 0 &&
				rig.bus.now_us < start_us + 2 * SECOND)
				imu_rig_run(&rig, rig.bus.now_us + 10000);
			if (rig.bus.now_us - start_us > slowest_us)
				slowest_us = rig.bus.now_us - start_us;
			if (sweep_counted(IMU_REGISTER) != 1)
				fail_msg("%s: register 0x%02x", rig.imu.chip->name,
					reg->address);
			rig.started = false;
		}
	}
	printf("# a register that changed by itself was named within %.2f s\n",
		(double)slowest_us * 1e-6);
	assert_true(slowest_us <= SECOND + 100000);
}

/* Feeds the same counts n times; how many readings are given as present. */
static int feed_equal(struct imu_judge *judge, const struct chip *chip, int n, int64_t *t_us)
{
	const struct chip_counts counts = { .acc = { 100, -50, 8000 }, .gyr = { 3, 4, 5 },
		.slot = -1 };
	int present = 0;

	for (int i = 0; i < n; i++) {
		struct imu_batch batch = { .count = 0 };

		(void)imu_judge_step(judge, chip, &counts, 25.0, *t_us += 10000, &batch);
		for (int32_t k = 0; k < batch.count; k++)
			present += batch.frame[k].reading.present;
	}
	return present;
}

/*
 * The first two of equal frames cannot be told from good ones; started anew, a chip
 * that is still frozen gives none. Another frame, and it is believed again.
 */
static void test_frozen_over_a_restart(void **state)
{
	const struct chip *chip = chip_find(&chip_family_mpu, 0x68);
	const struct chip_counts other = { .acc = { 101, -50, 8000 }, .slot = -1 };
	struct imu_batch batch = { .count = 0 };
	struct imu_judge judge;
	int64_t t_us = 0;

	(void)state;
	imu_judge_init(&judge);
	assert_int_equal(feed_equal(&judge, chip, 8, &t_us), 2);
	for (int i = 0; i < 3; i++) {
		imu_judge_break(&judge);
		assert_int_equal(feed_equal(&judge, chip, 8, &t_us), 0);
	}
	imu_judge_break(&judge);
	(void)imu_judge_step(&judge, chip, &other, 25.0, t_us += 10000, &batch);
	assert_int_equal(judge.seen, IMU_SEEN_GOOD);
	assert_int_equal(feed_equal(&judge, chip, 2, &t_us), 3); /* the held one too */
}

/*
 * A chip that shows another bank (FUNC_CFG_ACCESS, 01h) answers zeros, its name
 * too: it is led back without a power cycle. To one that has never said its name nothing
 * is written: it may be anybody's.
 */
static void test_another_bank(void **state)
{
	(void)state;
	for (int kind = EMUL_LSM6DSO; kind <= EMUL_LSM6DSL; kind++)
		for (uint8_t bits = 0x40; bits != 0; bits = (uint8_t)(bits << 1)) {
			imu_rig_init(&rig, (enum emul_kind)kind, CHIP_RATE_100, 1);
			imu_rig_start(&rig, SECOND);
			rig.chip.reg[0x01] = bits;
			imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
			assert_int_equal(rig.imu.state, IMU_STREAM);
			assert_int_equal(rig.chip.reg[0x01], 0);
			assert_true(rig.bus.now_us - rig.good_us < SECOND / 2);
			assert_int_equal(rig.wrong, 0);

			imu_rig_init(&rig, (enum emul_kind)kind, CHIP_RATE_100, 1);
			rig.chip.reg[0x01] = bits;
			imu_rig_run(&rig, 5 * SECOND);
			assert_int_equal(rig.imu.fault, IMU_ZEROS);
			assert_int_equal(rig.chip.reg[0x01], bits);
			assert_int_equal(rig.chip.data_bytes_written, 0);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flipped_at_the_start),
		cmocka_unit_test(test_flipped_name),
		cmocka_unit_test(test_looks_at_the_name),
		cmocka_unit_test(test_leaping_temperature),
		cmocka_unit_test(test_overflow_foreseen),
		cmocka_unit_test(test_register_rotation),
		cmocka_unit_test(test_frozen_over_a_restart),
		cmocka_unit_test(test_another_bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
