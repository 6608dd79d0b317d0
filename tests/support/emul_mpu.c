/*
 * MPU-6050 (RM-MPU-6000A-00 rev. 4.2) and the 6500, 9250, 20689 (RM-MPU-9250A-00).
 */
#include "emul.h"

#include <math.h>
#include <string.h>

static bool late_kind(const struct emul *chip)
{
	return chip->kind != EMUL_MPU6050;
}

/* Reset values: section 3 of either map. The late ones wake up by themselves. */
static void mpu_reset(struct emul *chip)
{
	static const uint8_t id[] = { 0x68, 0x70, 0x71, 0x98 };

	memset(chip->reg, 0, sizeof chip->reg);
	chip->reg[0x6B] = late_kind(chip) ? 0x01 : 0x40;
	chip->reg[0x75] = id[chip->kind];
	chip->fifo_size = late_kind(chip) ? 512 : 1024;
	emul_fifo_clear(chip);
	memset(&chip->now, 0, sizeof chip->now);
	chip->next_us = -1.0;
	emul_retime(chip);
}

/* SMPLRT_DIV divides 1 kHz, or 8 kHz while the low-pass is 0 or 7. */
static double mpu_rate_hz(const struct emul *chip)
{
	unsigned filter = chip->reg[0x1A] & 7u;
	double base_hz = filter == 0 || filter == 7 ? 8000.0 : 1000.0;

	if ((chip->reg[0x6B] & 0xE0) != 0 || (chip->reg[0x6C] & 0x3F) == 0x3F)
		return 0.0;
	return base_hz / (1.0 + chip->reg[0x19]);
}

/* Sensitivities: RS-MPU-6000A section 6.1 and 6.2, typical values. */
static void mpu_scale(const struct emul *chip, double *acc_per_g, double *gyr_per_dps)
{
	static const double gyr[] = { 131.0, 65.5, 32.8, 16.4 };

	*acc_per_g = 16384.0 / (1 << (chip->reg[0x1C] >> 3 & 3));
	*gyr_per_dps = gyr[chip->reg[0x1B] >> 3 & 3];
}

static int16_t mpu_temp_6050(double temp_c)
{
	return (int16_t)rint((temp_c - 36.53) * 340.0);
}

static void push16(struct emul *chip, int16_t value)
{
	emul_fifo_push(chip, (uint8_t)((uint16_t)value >> 8));
	emul_fifo_push(chip, (uint8_t)value);
}

static int16_t temp_of(const struct emul *chip)
{
	if (chip->kind == EMUL_MPU6050)
		return chip->now.temp;
	if (chip->kind == EMUL_ICM20689)
		return (int16_t)rint((chip->temp_c - 25.0) * 326.8);
	return (int16_t)rint((chip->temp_c - 21.0) * 333.87);
}

static bool mpu_storing(const struct emul *chip)
{
	return (chip->reg[0x6A] & 0x40) != 0;
}

/* Words 0..2 acceleration, 3 temperature, 4..6 turn rate. What an axis in standby
 * (PWR_MGMT_2) reads as is not promised in the map; here it is 0. */
static int16_t word_of(const struct emul *chip, int word)
{
	int standby = word < 3 ? 5 - word : 6 - word;

	if (word == 3)
		return temp_of(chip);
	if ((chip->reg[0x6C] >> standby & 1) != 0)
		return 0;
	return word < 3 ? chip->now.acc[word] : chip->now.gyr[word - 4];
}

/* FIFO_EN's bits, low registers first; FIFO_MODE 1 keeps the old instead of the new. */
static void mpu_store(struct emul *chip, const struct emul_sample *sample)
{
	uint8_t enabled = chip->reg[0x23];

	(void)sample; /* it is chip->now */
	chip->reg[0x3A] |= 0x01;
	if ((chip->reg[0x6A] & 0x40) == 0)
		return;
	if ((chip->reg[0x1A] & 0x40) != 0 && chip->fifo_count + 14 > chip->fifo_size)
		return;
	if (chip->fifo_count + 14 > chip->fifo_size)
		chip->reg[0x3A] |= 0x10;
	for (int axis = 0; axis < 3 && (enabled & 0x08) != 0; axis++)
		push16(chip, word_of(chip, axis));
	if ((enabled & 0x80) != 0)
		push16(chip, word_of(chip, 3));
	for (int axis = 0; axis < 3; axis++)
		if ((enabled & 0x40 >> axis) != 0)
			push16(chip, word_of(chip, 4 + axis));
}

static uint8_t data_register(const struct emul *chip, uint8_t reg)
{
	int16_t value = word_of(chip, (reg - 0x3B) / 2);

	return (reg - 0x3B) % 2 == 0 ? (uint8_t)((uint16_t)value >> 8) : (uint8_t)value;
}

static uint8_t mpu_read(struct emul *chip, uint8_t reg)
{
	uint8_t value;

	if (chip->now_us < chip->ready_us && reg == 0x6B)
		return chip->reg[reg] | 0x80; /* the reset is still on */
	if (reg >= 0x3B && reg <= 0x48)
		return data_register(chip, reg);
	switch (reg) {
	case 0x3A: /* cleared by reading */
		value = chip->reg[reg];
		chip->reg[reg] = 0;
		return value;
	case 0x72: /* latches both halves */
		chip->latched_count = (uint16_t)chip->fifo_count;
		return (uint8_t)(chip->latched_count >> 8);
	case 0x73: return (uint8_t)chip->latched_count;
	case 0x74: return emul_fifo_pop(chip);
	default: return chip->reg[reg & 0x7F];
	}
}

static void mpu_write(struct emul *chip, uint8_t reg, uint8_t value)
{
	bool asleep = (chip->reg[0x6B] & 0x40) != 0;

	if (chip->now_us < chip->ready_us)
		return;
	switch (reg) {
	case 0x6B:
		if ((value & 0x80) != 0) {
			mpu_reset(chip);
			chip->ready_us = chip->now_us + 50000;
			return;
		}
		break;
	case 0x6A: /* FIFO_RESET only while FIFO_EN is 0; clears itself */
		if ((value & 0x44) == 0x04)
			emul_fifo_clear(chip);
		value &= (uint8_t)~0x07;
		break;
	case 0x3A:
	case 0x72:
	case 0x73:
	case 0x75: return; /* read only */
	case 0x74: emul_fifo_push(chip, value); return;
	default:
		/* Not promised in the map; the strict reading catches a wrong order. */
		if (asleep && reg != 0x6C)
			return;
		break;
	}
	if (reg == 0x1D && !late_kind(chip))
		return;
	chip->reg[reg & 0x7F] = value;
	if (reg == 0x6B || reg == 0x6C || reg == 0x19 || reg == 0x1A)
		emul_retime(chip);
}

static uint8_t mpu_next(const struct emul *chip, uint8_t reg)
{
	(void)chip;
	return reg == 0x74 ? reg : (uint8_t)((reg + 1) & 0x7F);
}

/* DATA_RDY_EN; active high, pulses (INT_PIN_CFG). */
static bool mpu_pulsing(const struct emul *chip)
{
	return (chip->reg[0x38] & 0x01) != 0 && (chip->reg[0x37] & 0xE0) == 0;
}

const struct emul_ops emul_mpu_ops = { .reset = mpu_reset,
	.rate_hz = mpu_rate_hz,
	.scale = mpu_scale,
	.startup_us = 35000.0,
	.temp = mpu_temp_6050,
	.storing = mpu_storing,
	.store = mpu_store,
	.read = mpu_read,
	.write = mpu_write,
	.next = mpu_next,
	.pulsing = mpu_pulsing,
	.id_register = 0x75 };
