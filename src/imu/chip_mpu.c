/*
 * InvenSense MPU-6050, 6000, 6500, 9250 and what is sold under those names.
 *
 * RM: "MPU-6000 and MPU-6050 Register Map and Descriptions", RM-MPU-6000A-00
 * rev. 4.2. RM9: the same for the MPU-9250, RM-MPU-9250A-00 rev. 1.4 (sections by
 * register number). Where the two differ the table says so.
 *
 * A frame is what FIFO_EN asks for, in the order of the registers (RM 4.31):
 * accelerometer, temperature, gyroscope, high byte first.
 *
 * Errata and traps
 * - A full FIFO drops its oldest bytes, not its oldest frame (RM 4.31): 1024 and
 *   512 are no multiples of 14, so that a FIFO that ever overflowed holds a count
 *   that is none either. That is how a shifted frame is known for certain.
 * - An empty FIFO repeats its last byte (RM 4.31): never read more than the count.
 * - FIFO_RESET works only while FIFO_EN is 0 (RM 4.27).
 * - FIFO_COUNT_H latches both halves (RM 4.30): read them in one block.
 * - Clones answer 0x70 or 0x98 in a case marked MPU-6050; their filter, FIFO and
 *   temperature are those of the chip that they say they are.
 */
#include "stretch/chip.h"

#include "stretch/bytes.h"
#include "stretch/vec.h"

#define FRAME_SIZE 14
#define ACC_M_S2 (9.80665 / 8192.0)    /* RM 4.17: 8192 LSB/g at +-4 g */
#define GYR_RAD_S (RAD_PER_DEG / 65.5) /* RM 4.19: 65.5 LSB per deg/s at +-500 */

enum {
	SMPLRT_DIV = 0x19,
	CONFIG = 0x1A,
	GYRO_CONFIG = 0x1B,
	ACCEL_CONFIG = 0x1C,
	ACCEL_CONFIG_2 = 0x1D, /* not on the 6050 */
	FIFO_EN = 0x23,
	INT_PIN_CFG = 0x37,
	INT_ENABLE = 0x38,
	USER_CTRL = 0x6A,
	PWR_MGMT_1 = 0x6B,
	PWR_MGMT_2 = 0x6C,
	FIFO_COUNT_H = 0x72,
	FIFO_R_W = 0x74,
	WHO_AM_I = 0x75
};

/* clang-format off */
/*
 * 1 kHz over (1 + divider) while the low-pass is on (RM 4.2). Low-pass 3: 44 Hz
 * and 42 Hz with 4.9 ms and 4.8 ms of delay (RM 4.3), below half of either rate;
 * on the later chips 41 Hz for the gyroscope (RM9 26) and, in a register of its
 * own, 44.8 Hz for the accelerometer (RM9 29).
 */
#define DIVIDER(n) { SMPLRT_DIV, (n), (uint8_t)~(n) }
/* Awake, clock of the gyroscope's x axis, as RM 4.28 recommends. */
#define WAKE { PWR_MGMT_1, 0x01, 0xEE }
#define ALL_AXES_ON { PWR_MGMT_2, 0x00, 0xFF }   /* RM 4.29 */
#define LOW_PASS { CONFIG, 0x03, 0x7C }          /* no FSYNC; FIFO_MODE 0 (RM9 26) */
#define GYRO_500 { GYRO_CONFIG, 0x08, 0xF7 }     /* RM 4.4; FCHOICE_B 0 (RM9 27) */
#define ACCEL_4G { ACCEL_CONFIG, 0x08, 0xF0 }    /* RM 4.5: no self-test */
#define ACCEL_LOW_PASS { ACCEL_CONFIG_2, 0x03, 0xCC } /* RM9 29; 512 bytes of FIFO */

#define COMMON(divider) \
	WAKE, ALL_AXES_ON, DIVIDER(divider), LOW_PASS, GYRO_500, ACCEL_4G

/*
 * Active high, push-pull, pulses of 50 us (RM 4.14: INT_LEVEL, INT_OPEN, LATCH_INT_EN
 * 0); one when the registers hold a new sample (RM 4.15: DATA_RDY_EN). There is no
 * watermark of the FIFO.
 */
static const struct chip_register pin_quiet[] = { { INT_ENABLE, 0x00, 0xFF } };
static const struct chip_register pin_ready[] = { { INT_PIN_CFG, 0x00, 0xE0 },
	{ INT_ENABLE, 0x01, 0xFE } };

/* clang-format on */

static const struct chip_register config_6050_100[] = { COMMON(9) };
static const struct chip_register config_6050_200[] = { COMMON(4) };
static const struct chip_register config_6500_100[] = { COMMON(9), ACCEL_LOW_PASS };
static const struct chip_register config_6500_200[] = { COMMON(4), ACCEL_LOW_PASS };

static const struct chip_write fifo_off[] = {
	{ FIFO_EN, 0x00 },
	{ USER_CTRL, 0x04 } /* FIFO_RESET with FIFO_EN 0 (RM 4.27); clears itself */
};

static const struct chip_register fifo_on[] = {
	{ USER_CTRL, 0x40, 0xA4 }, /* FIFO on; no DMP, no I2C master (RM 4.27) */
	{ FIFO_EN, 0xF8, 0x07 }    /* temperature, gyroscope, accelerometer (RM 4.6) */
};

/* A count of bytes; beyond the largest FIFO it is noise. */
static struct chip_level mpu_level(const uint8_t *status)
{
	int32_t bytes = be16u(status);

	return (struct chip_level){
		.frames = bytes / FRAME_SIZE,
		.aligned = bytes % FRAME_SIZE == 0 && bytes <= 1024,
		.overflow = false /* told by the count, see above */
	};
}

/* One byte all over is an empty FIFO; but zeros and ones have names of their own. */
static bool mpu_decode(const uint8_t *frame, struct chip_counts *counts)
{
	if (bytes_equal(frame, FRAME_SIZE) && frame[0] != 0x00 && frame[0] != 0xFF)
		return false;
	for (int axis = 0; axis < 3; axis++) {
		counts->acc[axis] = be16s(frame + 2 * axis);
		counts->gyr[axis] = be16s(frame + 8 + 2 * axis);
	}
	counts->temp = be16s(frame + 6);
	counts->slot = -1;
	return true;
}

/* clang-format off */
#define COUNT(array) ((int32_t)(sizeof(array) / sizeof((array)[0])))

#define SETUP(hz, array) { .rate_hz = (hz), .config = (array), \
	.config_count = COUNT(array), \
	.fifo_on = fifo_on, .fifo_on_count = COUNT(fifo_on) }

/*
 * Reset: DEVICE_RESET, then 100 ms (RM 4.28, PS 6.1). PWR_MGMT_1 then reads 0x40
 * on the 6050 (RM 3) and 0x01 on the later ones (RM9 107): a clock chip, which
 * would keep the 0x80, is not mistaken for one of these. Start-up: gyroscope
 * 30 ms, accelerometer 20-30 ms (PS 6.1, 6.2); the kernel's driver waits 60-70 ms.
 */
#define MPU(chip_name, chip_id, family, size, per_c, zero_c) { \
	.name = (chip_name), .id = (chip_id), \
	.reset = { PWR_MGMT_1, 0x80 }, .reset_done = { PWR_MGMT_1, 0x00, 0xBE }, \
	.reset_us = 100000, .startup_us = 100000, \
	.setup = { SETUP(100.0, config_##family##_100), \
		SETUP(200.0, config_##family##_200) }, \
	.pin = { { pin_quiet, COUNT(pin_quiet) }, { pin_ready, COUNT(pin_ready) } }, \
	.fifo_off = fifo_off, .fifo_off_count = COUNT(fifo_off), \
	.level_register = FIFO_COUNT_H, .level_size = 2, \
	.fifo_register = FIFO_R_W, .frame_size = FRAME_SIZE, \
	.fifo_frames = (size) / FRAME_SIZE, .level = mpu_level, .decode = mpu_decode, \
	.acc_m_s2 = ACC_M_S2, .gyr_rad_s = GYR_RAD_S, \
	.temp_c = 1.0 / (per_c), .temp_zero_c = (zero_c) }

static const struct chip mpu[] = {
	/* RM 4.18: value / 340 + 36.53 deg C; 1024 bytes: PS 7.17 */
	MPU("MPU-6050", 0x68, 6050, 1024, 340.0, 36.53),
	/* RM9 65: (value - 0) / 333.87 + 21; 512 bytes: RM9 114 */
	MPU("MPU-6500", 0x70, 6500, 512, 333.87, 21.0),
	MPU("MPU-9250", 0x71, 6500, 512, 333.87, 21.0),
	/* the ICM-20689's number; FIFO left at its smallest size, 512 */
	MPU("ICM-20689", 0x98, 6500, 512, 326.8, 25.0),
};

/* clang-format on */

const struct chip_family chip_family_mpu = { .name = "MPU",
	.address = { 0x68, 0x69 },
	.id_register = WHO_AM_I, /* RM 4.32 */
	.chip = mpu,
	.chip_count = COUNT(mpu) };
