/*
 * What a chip is, as data: names, registers, scales, times, and three pure
 * functions that turn bytes into numbers. One state machine (imu.h) runs them all.
 *
 * Both families stream accelerometer and gyroscope through the chip's FIFO, at
 * about 100 or 200 Hz, +-4 g and +-500 deg/s. Why these: a worn thigh turns at up
 * to 300-400 deg/s when a leg is let down fast, so +-250 would clip, while +-1000
 * doubles the step of the count for nothing; a heel set down reads above 2 g, and
 * a clipped second of +-2 g tilts the angle for seconds afterwards.
 *
 * Sources are named beside the numbers. RM = register map, PS = product
 * specification, DS = data sheet, AN = application note.
 */
#ifndef STRETCH_CHIP_H
#define STRETCH_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/bus.h"

enum chip_rate { CHIP_RATE_100, CHIP_RATE_200, CHIP_RATE_COUNT };

/* What the interrupt pin does: nothing, or one short pulse, active high, a sample. */
enum chip_pin { CHIP_PIN_QUIET, CHIP_PIN_READY, CHIP_PIN_COUNT };

/* A register and what its bits must be; bits in neither mask are the chip's own. */
struct chip_register {
	uint8_t address, set, clear;
};

struct chip_write {
	uint8_t address, value;
};

/* One frame of the FIFO. */
struct chip_counts {
	int16_t acc[3], gyr[3];
	int16_t temp; /* only of chips whose frames hold it */
	int8_t slot;  /* the chip's own frame counter 0..3; -1: it has none */
};

/* What the FIFO says of itself. */
struct chip_level {
	int32_t frames; /* whole ones that can be read now */
	bool aligned;   /* the next byte is the first of a frame */
	bool overflow;  /* the chip says that data were lost */
};

/* Registers in the order in which they are written and re-checked. */
struct chip_setup {
	double rate_hz;
	const struct chip_register *config; /* everything but the FIFO's switch */
	int32_t config_count;
	const struct chip_register *fifo_on; /* after fifo_off: starts it, empty */
	int32_t fifo_on_count;
};

struct chip_pin_setup {
	const struct chip_register *config;
	int32_t count;
};

struct chip {
	const char *name;
	uint8_t id; /* what WHO_AM_I answers */

	struct chip_write reset;
	struct chip_register reset_done; /* so it reads once the reset is over */
	int32_t reset_us, startup_us;    /* waits: after reset, after configuration */
	struct chip_setup setup[CHIP_RATE_COUNT];
	struct chip_pin_setup pin[CHIP_PIN_COUNT]; /* written after setup.config */
	const struct chip_write *fifo_off; /* stops and empties it */
	int32_t fifo_off_count;

	uint8_t level_register, level_size; /* what `level` is fed with */
	uint8_t fifo_register, frame_size;
	int32_t fifo_frames; /* that fit in */
	struct chip_level (*level)(const uint8_t *status);
	/* false: not a whole frame, or one that this chip cannot have sent */
	bool (*decode)(const uint8_t *frame, struct chip_counts *counts);

	double acc_m_s2, gyr_rad_s; /* per count */
	double temp_c, temp_zero_c; /* per count; at count 0 */
	uint8_t temp_register;      /* 0: the frame holds the temperature */
	bool temp_low_first;        /* byte order of that register */
};

/* Chips that are asked the same way. */
struct chip_family {
	const char *name;
	uint8_t address[2]; /* where they can be */
	uint8_t id_register;
	/* Leads back to the bank where id_register is, from any; clear 0: one bank. */
	struct chip_register bank;
	const struct chip *chip;
	int32_t chip_count;
};

#define CHIP_FRAME_MAX 14
#define CHIP_LEVEL_MAX 4
#define CHIP_ADDRESS_CLOCK 0x68 /* DS1307 and DS3231 answer here too */

extern const struct chip_family chip_family_mpu, chip_family_lsm6ds;

/* Which family can be at a 7-bit address; NULL: none. */
const struct chip_family *chip_family_at(uint8_t address);

/* The family's chip with that WHO_AM_I; NULL: not known. */
const struct chip *chip_find(const struct chip_family *family, uint8_t id);

/* Who answers? */
struct chip_answer {
	const struct chip *chip; /* NULL: none of the family's, or never twice the same */
	uint8_t id;              /* the last answer to WHO_AM_I */
	int32_t looks;           /* transfers; more than two: answers differed */
};

/*
 * Asks WHO_AM_I until two answers in a row are the same: names of one family differ by
 * a single bit, and a bus that turns it over would name another chip. Not a byte is
 * written but the register's number. 0 or the bus' error, and then no chip.
 */
int chip_ask(const struct chip_family *family, const struct bus *bus, uint8_t address,
	struct chip_answer *answer);

/* Registers that are written before the sensors start: config, then the pin's. */
int32_t chip_config_count(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin);

/*
 * Registers that are to be re-checked: those, then the FIFO's. Of a pin that gives
 * pulses none: when they stop, that is noticed by itself, and costs no data.
 */
int32_t chip_register_count(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin);

/* With index below chip_config_count one of config's and the pin's, checked or not. */
const struct chip_register *chip_config_at(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin, int32_t index);
const struct chip_register *chip_register_at(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin, int32_t index);

/* Does a value read hold what the register must hold? */
bool chip_register_right(const struct chip_register *reg, uint8_t value);

#endif
