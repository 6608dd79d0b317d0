/*
 * Who is at an address? WHO_AM_I and nothing else: one pointer is written, never a
 * data byte, for at 0x68 there may be a clock chip.
 */
#ifndef STRETCH_LINUX_I2C_PROBE_H
#define STRETCH_LINUX_I2C_PROBE_H

#include "linux/i2c_bus.h"
#include "stretch/chip.h"

#define I2C_PROBE_ADDRESSES 4

/* All addresses that a chip of ours can have, in the order in which they are asked. */
extern const uint8_t i2c_probe_addresses[I2C_PROBE_ADDRESSES];

struct i2c_probe {
	uint8_t address;
	int error;               /* 0: it answered; -EBUSY: a kernel driver has it */
	uint8_t id;              /* the answer, twice the same with a chip */
	const struct chip *chip; /* NULL: none of ours */
	struct problem problem;  /* with -EBUSY: which driver, and what to do */
};

/* Asks one of those addresses. Tries three times before silence is believed. */
void i2c_probe_chip(struct i2c_bus *bus, uint8_t address, struct i2c_probe *probe);

/* Asks all of them; returns how many chips of ours there are. */
int i2c_probe_all(struct i2c_bus *bus, struct i2c_probe probes[I2C_PROBE_ADDRESSES]);

/*
 * Is the name (of a calibration file, up to its colon) one of the chip's? A chip is
 * listed with all that it cannot be told from: "LSM6DSO/DSOX".
 */
bool i2c_probe_named(const struct chip *chip, const char *name);

/* The first of its names, as a calibration file may hold it: "LSM6DSO". */
void i2c_probe_name(const struct chip *chip, char name[I2C_BUS_NAME_MAX]);

#endif
