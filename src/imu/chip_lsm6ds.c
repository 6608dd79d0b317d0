/*
 * ST LSM6DS: LSM6DSO, DSOX, DSR, ISM330DHCX (tagged FIFO) and LSM6DSL, DS3TR-C
 * (untagged FIFO).
 *
 * DSO: data sheet DS12140 rev. 2 of the LSM6DSO; the DSOX, DSR and ISM330DHCX have
 * the same registers where we touch them. DSL: data sheet DocID028475 rev. 7 of
 * the LSM6DSL. Registers are named with their address, as both documents do.
 *
 * Tagged: words of seven bytes, a tag and three values (DSO 6.5.7). The tag names
 * the sensor, counts time slots modulo 4 and has even parity; a frame is the
 * gyroscope's and the accelerometer's word of one slot.
 * Untagged: 16-bit words in a fixed pattern, gyroscope first (DSL 5.5.6); the
 * status block tells which word of the pattern is the next one.
 *
 * Errata and traps
 * - The gyroscope needs 70 ms to start (AN5272 and AN5040, turn-on time); words of
 *   the accelerometer alone come before. The FIFO starts after it.
 * - Bursts need IF_INC (CTRL3_C 12h); I3C is switched off, as CTRL9_XL (18h) asks
 *   for where only I2C is wired.
 * - The latched overrun flag clears when it is read (FIFO_STATUS2 3Bh).
 * - The untagged FIFO holds 2048 words, but the count has 11 bits: full reads as 0
 *   with FIFO_EMPTY clear.
 * - Rate and full scale do not survive a brown-out: rate 0 reads as silence.
 */
#include "stretch/chip.h"

#include <stddef.h>

#include "stretch/bytes.h"
#include "stretch/vec.h"

#define ACC_M_S2 (0.122e-3 * 9.80665)     /* 0.122 mg/LSB at +-4 g: DSO 4.1, DSL 4.1 */
#define GYR_RAD_S (17.5e-3 * RAD_PER_DEG) /* 17.50 mdps/LSB at +-500: likewise */

enum {
	FUNC_CFG_ACCESS = 0x01,
	TAGGED_FIFO_CTRL3 = 0x09,
	TAGGED_FIFO_CTRL4 = 0x0A,
	PLAIN_FIFO_CTRL3 = 0x08,
	PLAIN_FIFO_CTRL5 = 0x0A,
	PULSED = 0x0B, /* DSO: COUNTER_BDR_REG1; DSL: DRDY_PULSE_CFG_G */
	INT1_CTRL = 0x0D,
	WHO_AM_I = 0x0F,
	CTRL1_XL = 0x10,
	CTRL2_G = 0x11,
	CTRL3_C = 0x12,
	CTRL4_C = 0x13,
	CTRL6_C = 0x15,
	CTRL9_XL = 0x18,
	OUT_TEMP_L = 0x20,
	FIFO_STATUS1 = 0x3A,
	FIFO_DATA_OUT_L = 0x3E,
	FIFO_DATA_OUT_TAG = 0x78
};

enum { TAG_GYR = 0x01, TAG_ACC = 0x02 };

/* clang-format off */
/*
 * Output rate 104 Hz = 4, 208 Hz = 5 in every rate field (DSO 9, CTRL1_XL 10h,
 * CTRL2_G 11h, FIFO_CTRL3 09h). Filters: at 104 Hz the accelerometer's first
 * low-pass alone, half the rate = 52 Hz; at 208 Hz a quarter of it, 52 Hz again
 * (DSO CTRL1_XL LPF2_XL_EN with HPCF_XL 0; DSL CTRL1_XL LPF1_BW_SEL).
 */
#define USER_BANK { FUNC_CFG_ACCESS, 0x00, 0xE0 }
#define BDU_AND_INC { CTRL3_C, 0x44, 0x8B } /* high byte never of another sample */
#define I2C_ON { CTRL4_C, 0x00, 0x46 }      /* no sleep, I2C not disabled, no LPF1_G */
#define ACC_FULL_POWER { CTRL6_C, 0x00, 0x10 }
#define NO_I3C { CTRL9_XL, 0x02, 0x00 }
#define GYRO(odr) { CTRL2_G, (odr) << 4 | 0x04, (uint8_t)~((odr) << 4 | 0x05) }
#define ACCEL(odr, filter) { CTRL1_XL, (odr) << 4 | 0x08 | (filter), \
	(uint8_t)~((odr) << 4 | 0x09 | (filter)) }
#define BATCH(odr) { TAGGED_FIFO_CTRL3, (odr) << 4 | (odr), \
	(uint8_t)~((odr) << 4 | (odr)) }
#define NO_DECIMATION { PLAIN_FIFO_CTRL3, 0x09, 0x36 } /* both sensors, each sample */

static const struct chip_register tagged_104[] = { USER_BANK, BDU_AND_INC, I2C_ON,
	NO_I3C, ACC_FULL_POWER, BATCH(4), ACCEL(4, 0), GYRO(4) };
static const struct chip_register tagged_208[] = { USER_BANK, BDU_AND_INC, I2C_ON,
	NO_I3C, ACC_FULL_POWER, BATCH(5), ACCEL(5, 2), GYRO(5) };
static const struct chip_register plain_104[] = { USER_BANK, BDU_AND_INC, I2C_ON,
	ACC_FULL_POWER, NO_DECIMATION, ACCEL(4, 0), GYRO(4) };
static const struct chip_register plain_208[] = { USER_BANK, BDU_AND_INC, I2C_ON,
	ACC_FULL_POWER, NO_DECIMATION, ACCEL(5, 2), GYRO(5) };

/*
 * Pin INT1: active high, push-pull (CTRL3_C 12h: H_LACTIVE, PP_OD 0), a pulse of 75 us
 * instead of a level that waits to be read (DSO COUNTER_BDR_REG1 0Bh, DSL
 * DRDY_PULSE_CFG_G 0Bh: bit 7), with each sample of the gyroscope (INT1_CTRL 0Dh:
 * INT1_DRDY_G). After a reset the pin is quiet.
 */
static const struct chip_register pin_ready[] = { { CTRL3_C, 0x00, 0x30 },
	{ PULSED, 0x80, 0x00 }, { INT1_CTRL, 0x02, 0xFD } };

/* Bypass empties the FIFO (DSO 6.5.1, DSL 5.5.1); 6 is continuous mode. */
static const struct chip_write tagged_off[] = { { TAGGED_FIFO_CTRL4, 0x00 } };
static const struct chip_register tagged_on[] = { { TAGGED_FIFO_CTRL4, 0x06, 0xF1 } };
static const struct chip_write plain_off[] = { { PLAIN_FIFO_CTRL5, 0x00 } };
static const struct chip_register plain_on_104[] = { { PLAIN_FIFO_CTRL5, 0x26, 0xD9 } };
static const struct chip_register plain_on_208[] = { { PLAIN_FIFO_CTRL5, 0x2E, 0xD1 } };

/* clang-format on */

/* FIFO_STATUS1 (3Ah), FIFO_STATUS2 (3Bh): ten bits of count, overrun, latched. */
static struct chip_level tagged_level(const uint8_t *status)
{
	return (struct chip_level){ .frames = (int32_t)field(le16u(status), 0, 10) / 2,
		.aligned = true, /* proved word by word, by the tags */
		.overflow = (status[1] & 0x48) != 0 };
}

/* FIFO_STATUS1 to 4 (3Ah to 3Dh): count, flags, place in the pattern. */
static struct chip_level plain_level(const uint8_t *status)
{
	unsigned words = field(le16u(status), 0, 11);
	bool empty = (status[1] & 0x10) != 0;

	return (struct chip_level){ .frames = (int32_t)words / 6,
		.aligned = empty || field(le16u(status + 2), 0, 10) == 0,
		.overflow = (status[1] & 0x60) != 0 || (words == 0 && !empty) };
}

static void vector(const uint8_t *bytes, int16_t value[3])
{
	for (int axis = 0; axis < 3; axis++)
		value[axis] = le16s(bytes + 2 * axis);
}

static bool parity_even(unsigned byte)
{
	byte ^= byte >> 4;
	byte ^= byte >> 2;
	byte ^= byte >> 1;
	return (byte & 1u) == 0;
}

static bool tagged_decode(const uint8_t *frame, struct chip_counts *counts)
{
	unsigned first = frame[0], second = frame[7];
	bool gyr_first = field(first, 3, 5) == TAG_GYR;
	unsigned other = gyr_first ? TAG_ACC : TAG_GYR;

	if (!parity_even(first) || !parity_even(second))
		return false;
	if (!gyr_first && field(first, 3, 5) != TAG_ACC)
		return false;
	if (field(second, 3, 5) != other || field(first, 1, 2) != field(second, 1, 2))
		return false;
	vector(frame + (gyr_first ? 1 : 8), counts->gyr);
	vector(frame + (gyr_first ? 8 : 1), counts->acc);
	counts->temp = 0;
	counts->slot = (int8_t)field(first, 1, 2);
	return true;
}

/* One byte all over: the FIFO was empty. Zeros and ones have names of their own. */
static bool plain_decode(const uint8_t *frame, struct chip_counts *counts)
{
	if (bytes_equal(frame, 12) && frame[0] != 0x00 && frame[0] != 0xFF)
		return false;
	vector(frame, counts->gyr);
	vector(frame + 6, counts->acc);
	counts->temp = 0;
	counts->slot = -1;
	return true;
}

/* clang-format off */
#define COUNT(array) ((int32_t)(sizeof(array) / sizeof((array)[0])))

#define SETUP(hz, array, on) { .rate_hz = (hz), .config = (array), \
	.config_count = COUNT(array), .fifo_on = (on), .fifo_on_count = COUNT(on) }

/*
 * Reset: SW_RESET clears itself within 50 us, a boot takes 10 ms (DSO CTRL3_C
 * 12h, AN5272 "software reset"). Temperature: 256 LSB per degree, 0 at 25 (DSO 4.3).
 */
#define COMMON(chip_name, chip_id) \
	.name = (chip_name), .id = (chip_id), \
	.reset = { CTRL3_C, 0x05 }, .reset_done = { CTRL3_C, 0x00, 0x81 }, \
	.reset_us = 20000, .startup_us = 120000, \
	.pin = { { NULL, 0 }, { pin_ready, COUNT(pin_ready) } }, \
	.level_register = FIFO_STATUS1, .acc_m_s2 = ACC_M_S2, .gyr_rad_s = GYR_RAD_S, \
	.temp_c = 1.0 / 256.0, .temp_zero_c = 25.0, \
	.temp_register = OUT_TEMP_L, .temp_low_first = true

/* 512 words without compression: DSO 6.5; the kernel's table says the same. */
#define TAGGED(chip_name, chip_id) { COMMON(chip_name, chip_id), \
	.setup = { SETUP(104.0, tagged_104, tagged_on), \
		SETUP(208.0, tagged_208, tagged_on) }, \
	.fifo_off = tagged_off, .fifo_off_count = COUNT(tagged_off), .level_size = 2, \
	.fifo_register = FIFO_DATA_OUT_TAG, .frame_size = 14, .fifo_frames = 256, \
	.level = tagged_level, .decode = tagged_decode }

/* 4096 bytes: DSL 5.5. */
#define PLAIN(chip_name, chip_id) { COMMON(chip_name, chip_id), \
	.setup = { SETUP(104.0, plain_104, plain_on_104), \
		SETUP(208.0, plain_208, plain_on_208) }, \
	.fifo_off = plain_off, .fifo_off_count = COUNT(plain_off), .level_size = 4, \
	.fifo_register = FIFO_DATA_OUT_L, .frame_size = 12, .fifo_frames = 341, \
	.level = plain_level, .decode = plain_decode }

static const struct chip lsm6ds[] = {
	TAGGED("LSM6DSO/DSOX", 0x6C),
	TAGGED("LSM6DSR/ISM330DHCX", 0x6B),
	PLAIN("LSM6DSL/DS3TR-C", 0x6A),
};

/* clang-format on */

const struct chip_family chip_family_lsm6ds = { .name = "LSM6DS",
	.address = { 0x6A, 0x6B },
	.id_register = WHO_AM_I,
	.bank = USER_BANK,
	.chip = lsm6ds,
	.chip_count = COUNT(lsm6ds) };
