/*
 * LSM6DS family: decode by hand, tagged and untagged, bring-up and streaming on the
 * emulator, and the emulator's FIFO against the data sheets.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/imu_rig.h"

#define SECOND 1000000

static struct imu_rig rig;

static const struct chip *chip_of(uint8_t id)
{
	return chip_find(&chip_family_lsm6ds, id);
}

/*
 * Tags by hand: gyroscope 00001, accelerometer 00010, two bits of slot, parity.
 * Slot 0: 0000 1000 has one bit, so 0x09; 0001 0000 -> 0x11. Slot 1: 0x0A, 0x12.
 * Slot 2: 0x0C, 0x14. Slot 3: 0000 1110 has three, so 0x0F; 0x17.
 */
static const uint8_t gyr_tag[4] = { 0x09, 0x0A, 0x0C, 0x0F };
static const uint8_t acc_tag[4] = { 0x11, 0x12, 0x14, 0x17 };

static void test_tagged_decode(void **state)
{
	(void)state;
	for (int slot = 0; slot < 4; slot++)
		for (int swapped = 0; swapped < 2; swapped++) {
			const uint8_t gyr[7] = { gyr_tag[slot], 0x00, 0x80, 0xFF, 0x7F,
				0xFE, 0xFF };
			const uint8_t acc[7] = { acc_tag[slot], 0x00, 0x20, 0x01, 0x00,
				0x0C, 0xFE };
			uint8_t frame[14];
			struct chip_counts counts;

			memcpy(frame, swapped ? acc : gyr, 7);
			memcpy(frame + 7, swapped ? gyr : acc, 7);
			assert_true(chip_of(0x6C)->decode(frame, &counts));
			assert_int_equal(counts.gyr[0], INT16_MIN);
			assert_int_equal(counts.gyr[1], INT16_MAX);
			assert_int_equal(counts.gyr[2], -2);
			assert_int_equal(counts.acc[0], 8192);
			assert_int_equal(counts.acc[1], 1);
			assert_int_equal(counts.acc[2], -500);
			assert_int_equal(counts.slot, slot);
		}
}

static bool decodes(uint8_t first, uint8_t second)
{
	uint8_t frame[14] = { 0 };
	struct chip_counts counts;

	frame[0] = first;
	frame[7] = second;
	return chip_of(0x6B)->decode(frame, &counts);
}

static void test_tagged_refuses(void **state)
{
	(void)state;
	for (int a = 0; a < 4; a++)
		for (int b = 0; b < 4; b++)
			assert_int_equal(decodes(gyr_tag[a], acc_tag[b]), a == b);
	assert_false(decodes(gyr_tag[0], gyr_tag[0]));
	assert_false(decodes(acc_tag[0], acc_tag[0]));
	assert_false(decodes(0x08, acc_tag[0])); /* parity */
	assert_false(decodes(gyr_tag[0], 0x10));
	assert_false(decodes(0x00, 0x00)); /* empty */
	assert_false(decodes(0xFF, 0xFF));
	assert_false(decodes(gyr_tag[0], 0x18)); /* 00011: temperature, even parity */
}

/* Any single bit of either tag turned over is found out: 16 bits by 4 slots. */
static void test_tagged_bits(void **state)
{
	(void)state;
	for (int slot = 0; slot < 4; slot++)
		for (int bit = 0; bit < 8; bit++) {
			assert_false(decodes(
				gyr_tag[slot] ^ (uint8_t)(1u << bit), acc_tag[slot]));
			assert_false(decodes(
				gyr_tag[slot], acc_tag[slot] ^ (uint8_t)(1u << bit)));
		}
}

static void test_plain_decode(void **state)
{
	static const uint8_t frame[12] = { 0x00, 0x80, 0xFF, 0x7F, 0xFF, 0xFF, 0x01, 0x00,
		0x00, 0x01, 0x00, 0xE0 };
	uint8_t same[12];
	struct chip_counts counts;

	(void)state;
	assert_true(chip_of(0x6A)->decode(frame, &counts));
	assert_int_equal(counts.gyr[0], INT16_MIN);
	assert_int_equal(counts.gyr[1], INT16_MAX);
	assert_int_equal(counts.gyr[2], -1);
	assert_int_equal(counts.acc[0], 1);
	assert_int_equal(counts.acc[1], 256);
	assert_int_equal(counts.acc[2], -8192);
	assert_int_equal(counts.slot, -1);
	memset(same, 0x42, sizeof same);
	assert_false(chip_of(0x6A)->decode(same, &counts));
}

static void test_levels(void **state)
{
	/* clang-format off */
	static const struct {
		uint8_t id, status[4];
		int frames;
		bool aligned, overflow;
	} cases[] = {
		{ 0x6C, { 0x00, 0x00 }, 0, true, false },
		{ 0x6C, { 0x05, 0x00 }, 2, true, false },
		{ 0x6C, { 0xFF, 0x81 }, 255, true, false }, /* watermark */
		{ 0x6C, { 0x00, 0x22 }, 256, true, false }, /* full, nothing lost yet */
		{ 0x6C, { 0x00, 0x62 }, 256, true, true },
		{ 0x6C, { 0x02, 0x08 }, 1, true, true },    /* latched */
		{ 0x6A, { 0x00, 0x10, 0x00, 0x00 }, 0, true, false },
		{ 0x6A, { 0x0D, 0x00, 0x00, 0x00 }, 2, true, false },
		{ 0x6A, { 0x0C, 0x00, 0x01, 0x00 }, 2, false, false },
		{ 0x6A, { 0x0C, 0x00, 0x00, 0x02 }, 2, false, false },
		{ 0x6A, { 0xFE, 0x07, 0x00, 0x00 }, 341, true, false },
		{ 0x6A, { 0x00, 0x00, 0x00, 0x00 }, 0, true, true }, /* 2048 reads as 0 */
		{ 0x6A, { 0x00, 0x60, 0x02, 0x00 }, 0, false, true },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct chip_level level = chip_of(cases[i].id)->level(cases[i].status);

		assert_int_equal(level.frames, cases[i].frames);
		assert_int_equal(level.aligned, cases[i].aligned);
		assert_int_equal(level.overflow, cases[i].overflow);
	}
}

/* By the data sheets: 0.122 mg, 17.5 mdps, 256 LSB per degree from 25. */
static void test_scales(void **state)
{
	(void)state;
	for (int32_t i = 0; i < chip_family_lsm6ds.chip_count; i++) {
		const struct chip *chip = &chip_family_lsm6ds.chip[i];

		assert_true(fabs(10000 * chip->acc_m_s2 - 1.22 * 9.80665) < 1e-9);
		assert_true(fabs(1000 * chip->gyr_rad_s * DEG_PER_RAD - 17.5) < 1e-9);
		assert_true(fabs(-512 * chip->temp_c + chip->temp_zero_c - 23.0) < 1e-9);
		for (int rate = 0; rate < CHIP_RATE_COUNT; rate++)
			for (int pin = 0; pin < CHIP_PIN_COUNT; pin++)
				assert_true(chip_register_count(chip,
						    (enum chip_rate)rate,
						    (enum chip_pin)pin) <= 10);
	}
	assert_ptr_equal(chip_family_at(0x6A), &chip_family_lsm6ds);
	assert_ptr_equal(chip_family_at(0x6B), &chip_family_lsm6ds);
	assert_ptr_equal(chip_family_at(0x68), &chip_family_mpu);
	assert_ptr_equal(chip_family_at(0x69), &chip_family_mpu);
	assert_null(chip_family_at(0x67));
}

static void test_bringup(void **state)
{
	(void)state;
	for (int kind = EMUL_LSM6DSO; kind <= EMUL_LSM6DSL; kind++)
		for (int rate = 0; rate < CHIP_RATE_COUNT; rate++) {
			double expected = rate == CHIP_RATE_100 ? 104.0 : 208.0;

			imu_rig_init(&rig, (enum emul_kind)kind, (enum chip_rate)rate, 1);
			rig.chip.temp_c = 31.5;
			imu_rig_start(&rig, 300000);
			assert_false(rig.chip.wrote_before_id);
			assert_true(fabs(emul_rate_hz(&rig.chip) - expected) < 1e-9);
			/* IF_INC and BDU; I3C off where there is one. */
			assert_int_equal(rig.chip.reg[0x12] & 0x44, 0x44);
			assert_int_equal(rig.chip.reg[0x18] & 0x02,
				kind == EMUL_LSM6DSL ? 0 : 0x02);
			imu_rig_run(&rig, rig.bus.now_us + 10 * SECOND);
			assert_in_range(rig.present, 10 * (uint64_t)expected - 15,
				10 * (uint64_t)expected + 15);
			assert_int_equal(
				rig.absent + rig.lost + rig.wrong + rig.near + rig.stale,
				0);
			assert_int_equal(imu_rig_counts(&rig), 0);
			assert_true(fabs(rig.imu.temp_c - 31.5) < 0.01);
		}
}

/* A chip that was left asleep, at another rate, its FIFO on: comes up all the same. */
static void test_left_confused(void **state)
{
	(void)state;
	for (int kind = EMUL_LSM6DSO; kind <= EMUL_LSM6DSL; kind++) {
		imu_rig_init(&rig, (enum emul_kind)kind, CHIP_RATE_200, 1);
		rig.chip.reg[0x10] = 0xA4;
		rig.chip.reg[0x11] = 0xAC;
		rig.chip.reg[0x13] = 0x40;
		rig.chip.reg[0x0A] = 0x06;
		emul_retime(&rig.chip);
		imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
		assert_int_equal(rig.imu.state, IMU_STREAM);
		assert_int_equal(rig.wrong + rig.near + rig.absent, 0);
		assert_true(rig.present > 300);
	}
}

static void poke(uint8_t reg, uint8_t value)
{
	emul_write(&rig.chip, reg, &value, 1);
}

/* Tagged: words of the accelerometer alone until the gyroscope has started. */
static void test_tagged_emulator(void **state)
{
	uint8_t status[2], words[14];

	(void)state;
	imu_rig_init(&rig, EMUL_LSM6DSO, CHIP_RATE_100, 1);
	poke(0x09, 0x44);
	poke(0x0A, 0x06);
	poke(0x10, 0x48);
	poke(0x11, 0x44);
	emul_advance(&rig.chip, rig.chip.now_us + 50000);
	emul_read(&rig.chip, 0x78, words, 14);
	assert_int_equal(words[0] >> 3, 2);
	assert_int_equal(words[7] >> 3, 2);
	poke(0x0A, 0x00);
	emul_advance(&rig.chip, rig.chip.now_us + 50000);
	poke(0x0A, 0x06);
	emul_advance(&rig.chip, rig.chip.now_us + 20000);
	emul_read(&rig.chip, 0x78, words, 14);
	assert_int_equal(words[0] >> 3, 1);
	assert_int_equal(words[7] >> 3, 2);
	assert_int_equal(words[0] >> 1 & 3, words[7] >> 1 & 3);
	/* 512 words; the oldest go; the latched flag reads once. */
	emul_advance(&rig.chip, rig.chip.now_us + 5 * SECOND);
	emul_read(&rig.chip, 0x3A, status, 2);
	assert_int_equal(status[0], 0x00);
	assert_int_equal(status[1], 0x6A);
	emul_read(&rig.chip, 0x3A, status, 2);
	assert_int_equal(status[1], 0x62);
	emul_read(&rig.chip, 0x78, words, 7);
	emul_read(&rig.chip, 0x3A, status, 2);
	assert_int_equal(status[0], 0xFF);
	assert_int_equal(status[1], 0x01);
	/* FIFO mode stops when it is full. */
	poke(0x0A, 0x00);
	poke(0x0A, 0x01);
	emul_advance(&rig.chip, rig.chip.now_us + 5 * SECOND);
	emul_read(&rig.chip, 0x3A, status, 2);
	assert_int_equal(status[1], 0x22);
}

static void test_plain_emulator(void **state)
{
	uint8_t status[4], words[24];
	const struct emul_sample *sample;

	(void)state;
	imu_rig_init(&rig, EMUL_LSM6DSL, CHIP_RATE_100, 1);
	poke(0x08, 0x09);
	poke(0x10, 0x48);
	poke(0x11, 0x44);
	emul_advance(&rig.chip, rig.chip.now_us + 100000);
	poke(0x0A, 0x26);
	emul_advance(&rig.chip, rig.chip.now_us + 25000);
	emul_read(&rig.chip, 0x3A, status, 4);
	assert_in_range(status[0], 12, 18);
	assert_int_equal(status[1] | status[2] | status[3], 0);
	emul_read(&rig.chip, 0x3E, words, 2);
	emul_read(&rig.chip, 0x3A, status, 4);
	assert_int_equal(status[2], 1);
	emul_read(&rig.chip, 0x3E, words + 2, 10);
	emul_read(&rig.chip, 0x3A, status, 4);
	assert_int_equal(status[2], 0);
	/* Gyroscope first, low byte first. */
	sample = emul_sample_at(&rig.chip, rig.chip.samples - (status[0] / 6) - 1);
	assert_int_equal((int16_t)(words[3] << 8 | words[2]), sample->gyr[1]);
	assert_int_equal((int16_t)(words[11] << 8 | words[10]), sample->acc[2]);
	/* 2048 words read as 0, but not as empty; the pattern has moved. */
	emul_advance(&rig.chip, rig.chip.now_us + 5 * SECOND);
	emul_read(&rig.chip, 0x3A, status, 4);
	assert_int_equal(status[0], 0x00);
	assert_int_equal(status[1], 0x60);
	assert_int_not_equal(status[2], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tagged_decode),
		cmocka_unit_test(test_tagged_refuses),
		cmocka_unit_test(test_tagged_bits),
		cmocka_unit_test(test_plain_decode),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_scales),
		cmocka_unit_test(test_tagged_emulator),
		cmocka_unit_test(test_plain_emulator),
		cmocka_unit_test(test_bringup),
		cmocka_unit_test(test_left_confused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
