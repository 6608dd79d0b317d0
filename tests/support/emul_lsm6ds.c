/*
 * LSM6DSO, LSM6DSR (DS12140 rev. 2: tagged FIFO) and LSM6DSL (DocID028475 rev. 7:
 * untagged FIFO).
 */
#include "emul.h"

#include <math.h>
#include <string.h>

static const double odr_hz[16] = { 0.0, 12.5, 26.0, 52.0, 104.0, 208.0, 416.0, 833.0,
	1666.0, 3332.0, 6664.0 };

static double acc_odr(const struct emul *chip)
{
	return odr_hz[chip->reg[0x10] >> 4];
}

static double gyr_odr(const struct emul *chip)
{
	return (chip->reg[0x13] & 0x40) != 0 ? 0.0 : odr_hz[chip->reg[0x11] >> 4];
}

/* Both sensors run on one clock; the faster one sets the pace. */
static double lsm_rate_hz(const struct emul *chip)
{
	return fmax(acc_odr(chip), gyr_odr(chip));
}

static void lsm_reset(struct emul *chip)
{
	memset(chip->reg, 0, sizeof chip->reg);
	chip->reg[0x12] = 0x04; /* IF_INC */
	chip->reg[0x18] = 0xE0; /* CTRL9_XL */
	chip->reg[0x0F] = chip->kind == EMUL_LSM6DSO ? 0x6C
		: chip->kind == EMUL_LSM6DSR         ? 0x6B
						     : 0x6A;
	chip->fifo_size = chip->kind == EMUL_LSM6DSL ? 4096 : 512 * 7;
	emul_fifo_clear(chip);
	memset(&chip->now, 0, sizeof chip->now);
	chip->slot = 0;
	emul_retime(chip);
}

static bool lsm_storing(const struct emul *chip)
{
	return (chip->reg[0x0A] & 7) != 0;
}

static void lsm_scale(const struct emul *chip, double *acc_per_g, double *gyr_per_dps)
{
	static const double mg[] = { 0.061, 0.488, 0.122, 0.244 };
	static const double mdps[] = { 8.75, 17.5, 35.0, 70.0 };

	*acc_per_g = 1000.0 / mg[chip->reg[0x10] >> 2 & 3];
	*gyr_per_dps = 1000.0 /
		((chip->reg[0x11] & 0x02) != 0 ? 4.375 : mdps[chip->reg[0x11] >> 2 & 3]);
}

static int16_t lsm_temp(double temp_c)
{
	return (int16_t)rint((temp_c - 25.0) * 256.0);
}

static void push16le(struct emul *chip, int16_t value)
{
	emul_fifo_push(chip, (uint8_t)value);
	emul_fifo_push(chip, (uint8_t)((uint16_t)value >> 8));
}

/* ---- tagged ---- */

static void push_word(struct emul *chip, unsigned sensor, const int16_t value[3])
{
	unsigned tag = sensor << 3 | (unsigned)chip->slot << 1;
	unsigned ones = 0;

	if (chip->fifo_count + 7 > chip->fifo_size) {
		if ((chip->reg[0x0A] & 7) != 6)
			return;
		for (int i = 0; i < 7; i++)
			(void)emul_fifo_pop(chip);
		chip->lost++;
		chip->overrun = true;
		chip->overrun_latched = true;
	}
	for (unsigned bits = tag; bits != 0; bits >>= 1)
		ones += bits & 1u;
	emul_fifo_push(chip, (uint8_t)(tag | (ones & 1u)));
	for (int axis = 0; axis < 3; axis++)
		push16le(chip, value[axis]);
}

static void tagged_store(struct emul *chip, const struct emul_sample *sample)
{
	bool started = sample->t_us - chip->awake_us >= 70000.0;

	if ((chip->reg[0x0A] & 7) == 0)
		return;
	chip->slot = (chip->slot + 1) & 3;
	if (started && chip->reg[0x09] >> 4 != 0 && gyr_odr(chip) > 0.0)
		push_word(chip, 0x01, sample->gyr);
	if ((chip->reg[0x09] & 15) != 0 && acc_odr(chip) > 0.0)
		push_word(chip, 0x02, sample->acc);
}

static uint8_t tagged_status(struct emul *chip, uint8_t reg)
{
	size_t words = chip->fifo_count / 7;
	uint8_t value;

	if (reg == 0x3A)
		return (uint8_t)words;
	value = (uint8_t)(words >> 8 & 3) | (uint8_t)(words >= 512 ? 0x20 : 0) |
		(uint8_t)(chip->overrun && words >= 512 ? 0x40 : 0) |
		(uint8_t)(chip->overrun_latched ? 0x08 : 0);
	chip->overrun_latched = false; /* cleared by reading */
	return value;
}

/* A word goes out when its last byte was read; an empty FIFO has tag 0. */
static uint8_t tagged_data(struct emul *chip, uint8_t reg)
{
	uint8_t value = 0;

	if (chip->fifo_count >= 7)
		value = chip->fifo[(chip->fifo_head + reg - 0x78) % chip->fifo_size];
	if (reg == 0x7E)
		for (int i = 0; i < 7 && chip->fifo_count > 0; i++)
			(void)emul_fifo_pop(chip);
	return value;
}

/* ---- untagged ---- */

static void push_plain(struct emul *chip, int16_t value)
{
	if (chip->fifo_count + 2 > chip->fifo_size) {
		if ((chip->reg[0x0A] & 7) != 6)
			return;
		(void)emul_fifo_pop(chip);
		(void)emul_fifo_pop(chip);
		chip->pattern = (uint8_t)((chip->pattern + 1) % 6);
		chip->lost++;
		chip->overrun = true;
	}
	push16le(chip, value);
}

static void plain_store(struct emul *chip, const struct emul_sample *sample)
{
	if ((chip->reg[0x0A] & 7) == 0 || (chip->reg[0x0A] >> 3 & 15) == 0)
		return;
	for (int axis = 0; axis < 3 && (chip->reg[0x08] & 0x38) != 0; axis++)
		push_plain(chip, sample->gyr[axis]);
	for (int axis = 0; axis < 3 && (chip->reg[0x08] & 0x07) != 0; axis++)
		push_plain(chip, sample->acc[axis]);
}

/* 2048 words do not fit into eleven bits. */
static uint8_t plain_status(const struct emul *chip, uint8_t reg)
{
	size_t words = chip->fifo_count / 2;

	switch (reg) {
	case 0x3A: return (uint8_t)words;
	case 0x3B:
		return (uint8_t)((words >> 8 & 7) | (words == 0 ? 0x10u : 0u) |
			(words >= 2048 ? 0x20u : 0u) |
			(chip->overrun && words >= 2048 ? 0x40u : 0u));
	case 0x3C: return chip->pattern;
	default: return 0;
	}
}

static uint8_t plain_data(struct emul *chip, uint8_t reg)
{
	bool empty = chip->fifo_count == 0;
	uint8_t value = emul_fifo_pop(chip);

	if (reg == 0x3F && !empty)
		chip->pattern = (uint8_t)((chip->pattern + 1) % 6);
	return value;
}

/* ---- both ---- */

static uint8_t output(const struct emul *chip, uint8_t reg)
{
	int word = (reg - 0x20) / 2;
	int16_t value = word == 0 ? lsm_temp(chip->temp_c)
		: word < 4        ? chip->now.gyr[word - 1]
				  : chip->now.acc[word - 4];

	return reg % 2 == 0 ? (uint8_t)value : (uint8_t)((uint16_t)value >> 8);
}

static uint8_t lsm_read(struct emul *chip, uint8_t reg)
{
	bool plain = chip->kind == EMUL_LSM6DSL;

	if (chip->now_us < chip->ready_us && reg == 0x12)
		return chip->reg[reg] | 0x01;
	if ((chip->reg[0x01] & 0xC0) != 0 && reg != 0x01)
		return 0; /* another bank */
	if (reg >= 0x20 && reg <= 0x2D)
		return output(chip, reg);
	if (reg >= 0x3A && reg <= 0x3D)
		return plain ? plain_status(chip, reg) : tagged_status(chip, reg);
	if (plain && (reg == 0x3E || reg == 0x3F))
		return plain_data(chip, reg);
	if (!plain && reg >= 0x78 && reg <= 0x7E)
		return tagged_data(chip, reg);
	return chip->reg[reg & 0x7F];
}

static void lsm_write(struct emul *chip, uint8_t reg, uint8_t value)
{
	if (chip->now_us < chip->ready_us)
		return;
	if (reg == 0x0F || (reg >= 0x20 && reg <= 0x3F) || reg >= 0x78)
		return; /* read only */
	if ((chip->reg[0x01] & 0xC0) != 0 && reg != 0x01)
		return;
	if (reg == 0x12 && (value & 0x81) != 0) {
		lsm_reset(chip);
		chip->next_us = -1.0;
		chip->ready_us = chip->now_us + ((value & 0x80) != 0 ? 10000 : 50);
		return;
	}
	chip->reg[reg & 0x7F] = value;
	if (reg == 0x0A && (value & 7) == 0)
		emul_fifo_clear(chip);
	if (reg == 0x10 || reg == 0x11 || reg == 0x13) {
		if (reg == 0x11)
			chip->next_us = -1.0; /* the gyroscope starts anew */
		emul_retime(chip);
	}
}

static uint8_t lsm_next(const struct emul *chip, uint8_t reg)
{
	bool plain = chip->kind == EMUL_LSM6DSL;

	if (plain && reg == 0x3F)
		return 0x3E; /* both FIFOs go round by themselves */
	if (!plain && reg == 0x7E)
		return 0x78;
	if ((chip->reg[0x12] & 0x04) == 0)
		return reg;
	return (uint8_t)((reg + 1) & 0x7F);
}

/* INT1_DRDY_G as a pulse, the pin active high and push-pull. */
static bool lsm_pulsing(const struct emul *chip)
{
	return (chip->reg[0x0D] & 0x02) != 0 && (chip->reg[0x0B] & 0x80) != 0 &&
		(chip->reg[0x12] & 0x30) == 0;
}

const struct emul_ops emul_tagged_ops = { .reset = lsm_reset,
	.rate_hz = lsm_rate_hz,
	.scale = lsm_scale,
	.startup_us = 70000.0,
	.temp = lsm_temp,
	.storing = lsm_storing,
	.store = tagged_store,
	.read = lsm_read,
	.write = lsm_write,
	.next = lsm_next,
	.pulsing = lsm_pulsing,
	.id_register = 0x0F };

const struct emul_ops emul_plain_ops = { .reset = lsm_reset,
	.rate_hz = lsm_rate_hz,
	.scale = lsm_scale,
	.startup_us = 70000.0,
	.temp = lsm_temp,
	.storing = lsm_storing,
	.store = plain_store,
	.read = lsm_read,
	.write = lsm_write,
	.next = lsm_next,
	.pulsing = lsm_pulsing,
	.id_register = 0x0F };
