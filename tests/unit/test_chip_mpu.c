/*
 * MPU family: decode by hand, bring-up and streaming on the emulator, and the
 * emulator's own side effects against the register map.
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
#define G_M_S2 9.80665

static struct imu_rig rig;

static const struct chip *chip_of(uint8_t id)
{
	return chip_find(&chip_family_mpu, id);
}

/* Frames written out byte by byte: accelerometer, temperature, gyroscope. */
static void test_decode(void **state)
{
	/* clang-format off */
	static const struct {
		uint8_t frame[14];
		int acc[3], temp, gyr[3];
	} cases[] = {
		{ { 0x00, 0x01, 0x00, 0x02, 0x00, 0x03, 0x00, 0x04,
			0x00, 0x05, 0x00, 0x06, 0x00, 0x07 },
			{ 1, 2, 3 }, 4, { 5, 6, 7 } },
		{ { 0x80, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xF1, 0x18,
			0x80, 0x01, 0xFF, 0x00, 0x00, 0xFF },
			{ -32768, 32767, -1 }, -3816, { -32767, -256, 255 } },
		{ { 0x20, 0x00, 0xE0, 0x00, 0x00, 0x00, 0x00, 0x00,
			0x80, 0x00, 0x80, 0x00, 0x80, 0x00 },
			{ 8192, -8192, 0 }, 0, { -32768, -32768, -32768 } },
	};
	/* clang-format on */
	const struct chip *chip = chip_of(0x68);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct chip_counts counts;

		assert_true(chip->decode(cases[i].frame, &counts));
		for (int axis = 0; axis < 3; axis++) {
			assert_int_equal(counts.acc[axis], cases[i].acc[axis]);
			assert_int_equal(counts.gyr[axis], cases[i].gyr[axis]);
		}
		assert_int_equal(counts.temp, cases[i].temp);
		assert_int_equal(counts.slot, -1);
	}
}

/* An empty FIFO repeats its last byte; all zeros and all ones are judged later. */
static void test_decode_refuses(void **state)
{
	uint8_t frame[14];
	struct chip_counts counts;

	(void)state;
	memset(frame, 0x37, sizeof frame);
	assert_false(chip_of(0x68)->decode(frame, &counts));
	frame[13] = 0x38;
	assert_true(chip_of(0x68)->decode(frame, &counts));
	memset(frame, 0x00, sizeof frame);
	assert_true(chip_of(0x68)->decode(frame, &counts));
	assert_true(imu_judge_blank(&counts));
	memset(frame, 0xFF, sizeof frame);
	assert_true(chip_of(0x68)->decode(frame, &counts));
	assert_true(imu_judge_blank(&counts));
}

static void test_level(void **state)
{
	/* clang-format off */
	static const struct {
		uint8_t status[2];
		int frames;
		bool aligned;
	} cases[] = {
		{ { 0x00, 0x00 }, 0, true },
		{ { 0x00, 0x0D }, 0, false },
		{ { 0x00, 0x0E }, 1, true },
		{ { 0x00, 0x0F }, 1, false },
		{ { 0x01, 0x18 }, 20, true },   /* 280 */
		{ { 0x02, 0x00 }, 36, false },  /* 512: a 6500 that overflowed */
		{ { 0x04, 0x00 }, 73, false },  /* 1024: a 6050 that did */
		{ { 0xFF, 0xFF }, 4681, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct chip_level level = chip_of(0x68)->level(cases[i].status);

		assert_int_equal(level.frames, cases[i].frames);
		assert_int_equal(level.aligned, cases[i].aligned);
		assert_false(level.overflow);
	}
}

/* By the data sheets: 8192 LSB/g, 65.5 LSB per deg/s, 340 LSB per degree. */
static void test_scales(void **state)
{
	const struct chip *chip = chip_of(0x68);

	(void)state;
	assert_true(fabs(8192 * chip->acc_m_s2 - G_M_S2) < 1e-12);
	assert_true(fabs(655 * chip->gyr_rad_s * DEG_PER_RAD - 10.0) < 1e-12);
	assert_true(fabs(-4540 * chip->temp_c + chip->temp_zero_c - 23.177) < 1e-3);
	chip = chip_of(0x70);
	assert_true(fabs(3339 * chip->temp_c + chip->temp_zero_c - 31.001) < 1e-3);
	assert_int_equal(chip_of(0x68)->fifo_frames, 73);
	assert_int_equal(chip_of(0x71)->fifo_frames, 36);
	assert_null(chip_of(0x00));
	assert_null(chip_of(0xFF));
	assert_null(chip_of(0x6C));
	for (int32_t i = 0; i < chip_family_mpu.chip_count; i++)
		for (int rate = 0; rate < CHIP_RATE_COUNT; rate++)
			/* One every 100 ms: all of them within a second. */
			for (int pin = 0; pin < CHIP_PIN_COUNT; pin++)
				assert_true(chip_register_count(&chip_family_mpu.chip[i],
						    (enum chip_rate)rate,
						    (enum chip_pin)pin) <= 10);
}

/* Cold start of each chip at each rate: streams, at the rate, without a complaint. */
static void test_bringup(void **state)
{
	(void)state;
	for (int kind = EMUL_MPU6050; kind <= EMUL_ICM20689; kind++)
		for (int rate = 0; rate < CHIP_RATE_COUNT; rate++) {
			double expected = rate == CHIP_RATE_100 ? 100.0 : 200.0;

			imu_rig_init(&rig, (enum emul_kind)kind, (enum chip_rate)rate, 1);
			imu_rig_start(&rig, 300000);
			assert_false(rig.chip.wrote_before_id);
			assert_true(fabs(emul_rate_hz(&rig.chip) - expected) < 1e-9);
			imu_rig_run(&rig, rig.bus.now_us + 10 * SECOND);
			assert_in_range(rig.present, 10 * (uint64_t)expected - 15,
				10 * (uint64_t)expected + 15);
			assert_int_equal(
				rig.absent + rig.lost + rig.wrong + rig.near + rig.stale,
				0);
			assert_int_equal(imu_rig_counts(&rig), 0);
			assert_int_equal(rig.imu.fault, IMU_OK);
			assert_true(fabs(rig.imu.temp_c - 25.0) < 0.01);
		}
}

struct pose {
	double acc_g[3], gyr_dps[3];
};

static void hold_pose(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	const struct pose *pose = context;

	(void)t_s;
	memcpy(acc_g, pose->acc_g, sizeof pose->acc_g);
	memcpy(gyr_dps, pose->gyr_dps, sizeof pose->gyr_dps);
}

/* Each axis alone, both signs, up to 3.9 g and 490 deg/s. */
static void test_poses(void **state)
{
	(void)state;
	for (int axis = 0; axis < 6; axis++)
		for (int i = 0; i < 4; i++) {
			static const double part[] = { 1.0, -1.0, 0.2, -0.003 };
			struct pose pose = { { 0 }, { 0 } };
			double *value =
				axis < 3 ? &pose.acc_g[axis] : &pose.gyr_dps[axis - 3];

			imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_100, 1);
			rig.chip.motion = hold_pose;
			rig.chip.motion_context = &pose;
			*value = part[i] * (axis < 3 ? 3.9 : 490.0);
			/* The rig compares each reading with the pose. */
			imu_rig_run(&rig, rig.bus.now_us + SECOND);
			assert_true(rig.present > 50);
			assert_int_equal(rig.wrong + rig.near + rig.absent, 0);
		}
}

/* Beyond the range: clipped at full scale, and passed on, for the core to see. */
static void test_clipping(void **state)
{
	struct pose pose = { { 0.0, 0.0, -9.0 }, { 900.0, 0.0, 0.0 } };
	struct imu_batch batch = { 0 };

	(void)state;
	imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_100, 1);
	rig.chip.motion = hold_pose;
	rig.chip.motion_context = &pose;
	imu_rig_start(&rig, SECOND);
	for (int i = 0; i < 5; i++) {
		emul_bus_advance(&rig.bus, rig.bus.now_us + 50000);
		(void)imu_step(&rig.imu, rig.bus.now_us, &batch);
	}
	assert_true(batch.count > 0 && batch.frame[0].reading.present);
	assert_true(fabs(batch.frame[0].reading.acc_m_s2.z + 4.0 * G_M_S2) < 1e-9);
	assert_true(batch.frame[0].reading.gyr_rad_s.x >
		0.98 * imu_gyr_full_scale_rad_s(&rig.imu));
	assert_true(fabs(imu_acc_full_scale_m_s2(&rig.imu) - 4.0 * G_M_S2) < 1e-9);
}

/* A clock chip: asked once in a while, never written to, and said. */
static void test_clock_chip(void **state)
{
	static const uint8_t answers[] = { 0x00, 0x12, 0x59, 0x6C };

	(void)state;
	for (size_t i = 0; i < sizeof answers; i++) {
		imu_rig_init(&rig, EMUL_DS1307, CHIP_RATE_100, 1);
		rig.chip.reg[0x75 % 64] = answers[i];
		imu_rig_run(&rig, rig.bus.now_us + 10 * SECOND);
		assert_int_equal(rig.chip.data_bytes_written, 0);
		assert_int_equal(rig.imu.fault, IMU_CLOCK_CHIP);
		assert_int_equal(rig.imu.id, answers[i]);
		/* Two looks each time; the back-off grows to a second. */
		assert_in_range(rig.bus.transfers, 16, 40);
	}
	assert_non_null(strstr(imu_fault_advice[IMU_CLOCK_CHIP], "DS3231"));
}

/*
 * The one case that the pointer alone cannot tell: the memory of a DS1307 happens to
 * hold 0x68. One byte goes into its spare memory (0x6B is 0x2B there), never into
 * the time (0 to 7); it comes back, which a sensor's reset does not: no more then.
 */
static void test_clock_chip_that_lies(void **state)
{
	uint8_t before[64];

	(void)state;
	imu_rig_init(&rig, EMUL_DS1307, CHIP_RATE_100, 1);
	for (int i = 0; i < 64; i++)
		rig.chip.reg[i] = (uint8_t)(i * 3);
	rig.chip.reg[0x75 % 64] = 0x68;
	memcpy(before, rig.chip.reg, sizeof before);
	imu_rig_run(&rig, rig.bus.now_us + 20 * SECOND);
	assert_int_equal(rig.chip.data_bytes_written, 1);
	before[0x6B % 64] = 0x80;
	assert_memory_equal(rig.chip.reg, before, sizeof before);
	assert_int_equal(rig.imu.fault, IMU_CLOCK_CHIP);
}

static void test_wrong_answers(void **state)
{
	struct bus door;

	(void)state;
	/* Open data line. */
	imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_100, 1);
	rig.chip.reg[0x75] = 0xFF;
	imu_rig_run(&rig, rig.bus.now_us + SECOND);
	assert_int_equal(rig.imu.fault, IMU_ONES);
	/* A stranger at the other address: no clock chip can be there. */
	imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_100, 1);
	door = emul_bus_door(&rig.bus);
	rig.chip.address = 0x69;
	rig.chip.reg[0x75] = 0x33;
	imu_init(&rig.imu, &door, 0x69, CHIP_RATE_100);
	imu_rig_run(&rig, rig.bus.now_us + SECOND);
	assert_int_equal(rig.imu.fault, IMU_WRONG_ID);
	assert_int_equal(rig.chip.data_bytes_written, 0);
	rig.chip.reg[0x75] = 0x00;
	imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
	assert_int_equal(rig.imu.fault, IMU_ZEROS);
	/* Nobody there; then somebody is. */
	rig.chip.reg[0x75] = 0x68;
	rig.chip.refuses = true;
	imu_rig_run(&rig, rig.bus.now_us + 5 * SECOND);
	assert_int_equal(rig.imu.fault, IMU_NACK);
	rig.chip.refuses = false;
	imu_rig_run(&rig, rig.bus.now_us + 2 * SECOND);
	assert_int_equal(rig.imu.fault, IMU_OK);
	assert_int_equal(rig.imu.state, IMU_STREAM);
	/* No chip of ours has that address: not even asked. */
	rig.bus.transfers = 0;
	imu_init(&rig.imu, &door, 0x10, CHIP_RATE_100);
	imu_rig_run(&rig, rig.bus.now_us + SECOND);
	assert_int_equal(rig.bus.transfers, 0);
	assert_int_equal(rig.imu.fault, IMU_WRONG_ID);
	assert_true(imu_acc_full_scale_m_s2(&rig.imu) < 1e-9);
	assert_true(imu_gyr_full_scale_rad_s(&rig.imu) < 1e-9);
}

static void poke(uint8_t reg, uint8_t value)
{
	emul_write(&rig.chip, reg, &value, 1);
}

static unsigned fifo_count(void)
{
	uint8_t bytes[2];

	emul_read(&rig.chip, 0x72, bytes, 2);
	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* The emulator itself, against the register map (sections of RM rev. 4.2). */
static void test_emulator(void **state)
{
	uint8_t bytes[16], frame[14];
	const struct emul_sample *sample;

	(void)state;
	imu_rig_init(&rig, EMUL_MPU6050, CHIP_RATE_100, 1);
	emul_read(&rig.chip, 0x6B, bytes, 1);
	assert_int_equal(bytes[0], 0x40); /* 3: asleep after power-on */
	emul_advance(&rig.chip, 2 * SECOND);
	assert_int_equal(rig.chip.samples, 0);
	poke(0x6B, 0x01);
	poke(0x1A, 0x03);
	poke(0x19, 9);
	poke(0x23, 0xF8);
	poke(0x6A, 0x40);
	emul_advance(&rig.chip, 2 * SECOND + 100000);
	assert_in_range(fifo_count(), 9 * 14, 10 * 14);
	poke(0x6A, 0x44); /* 4.27: no reset of the FIFO while it is on */
	assert_in_range(fifo_count(), 9 * 14, 10 * 14);
	poke(0x6A, 0x04);
	assert_int_equal(fifo_count(), 0);
	poke(0x6A, 0x40);
	/* 4.31: the frame is what the data registers hold (4.17 to 4.19). */
	emul_advance(&rig.chip, 2 * SECOND + 111000);
	assert_int_equal(fifo_count(), 14);
	emul_read(&rig.chip, 0x3B, bytes, 14);
	emul_read(&rig.chip, 0x74, frame, 14);
	assert_memory_equal(frame, bytes, 14);
	emul_read(&rig.chip, 0x74, bytes, 2); /* empty: the last byte again */
	assert_int_equal(bytes[0], frame[13]);
	assert_int_equal(bytes[1], frame[13]);
	/* Full: 1024 bytes, the oldest bytes gone, the frames shifted by 2. */
	emul_advance(&rig.chip, 4 * SECOND);
	assert_int_equal(fifo_count(), 1024);
	emul_read(&rig.chip, 0x3A, bytes, 2);
	assert_int_equal(bytes[0] & 0x10, 0x10);
	emul_read(&rig.chip, 0x3A, bytes, 1);
	assert_int_equal(bytes[0] & 0x10, 0);
	emul_read(&rig.chip, 0x74, bytes, 2);
	emul_read(&rig.chip, 0x74, frame, 14);
	sample = emul_sample_at(&rig.chip, rig.chip.samples - 73);
	assert_int_equal((int16_t)(frame[0] << 8 | frame[1]), sample->acc[0]);
	/* 4.30: the low half alone is the latched one. */
	emul_read(&rig.chip, 0x73, bytes, 1);
	assert_int_equal(bytes[0], 0);
	/* 4.28: a reset puts it to sleep. */
	poke(0x6B, 0x80);
	emul_read(&rig.chip, 0x6B, bytes, 1);
	assert_int_equal(bytes[0], 0xC0);
	emul_advance(&rig.chip, 5 * SECOND);
	emul_read(&rig.chip, 0x6B, bytes, 1);
	assert_int_equal(bytes[0], 0x40);
	assert_int_equal(fifo_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_refuses),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_scales),
		cmocka_unit_test(test_emulator),
		cmocka_unit_test(test_bringup),
		cmocka_unit_test(test_poses),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_clock_chip),
		cmocka_unit_test(test_clock_chip_that_lies),
		cmocka_unit_test(test_wrong_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
