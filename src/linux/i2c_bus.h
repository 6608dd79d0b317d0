/*
 * I2C buses of Linux: finding one by name, and the two functions of bus.h on it.
 *
 * A name is a number ("1"), a path ("/dev/i2c-1", or a udev link to it), an alias of
 * the device tree ("i2c_arm"), or what the adapter calls itself, whole or in part,
 * as long as exactly one matches ("MCP2221"). Numbers can change from boot to boot;
 * aliases and names do not. "auto" is the caller's business: he lists the buses.
 *
 * One program has a bus (flock on its device node). A chip that a kernel driver is
 * bound to is never read behind the driver's back: -EBUSY, and i2c_bus_owner says
 * whose it is. Single registers go through libi2c, blocks through I2C_RDWR, because
 * SMBus blocks end at 32 bytes and some adapters get them wrong.
 */
#ifndef STRETCH_LINUX_I2C_BUS_H
#define STRETCH_LINUX_I2C_BUS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux/problem.h"
#include "stretch/bus.h"

#define I2C_BUS_NAME_MAX 64
#define I2C_BUS_WRITE_MAX 32 /* bytes of one block written */

/* Where the system keeps things; tests have a tree of their own. */
struct i2c_places {
	const char *dev;     /* holds i2c-N */
	const char *class;   /* holds i2c-N/name, of all adapters */
	const char *devices; /* holds N-00xx/driver, of all chips */
	const char *tree;    /* device tree: aliases/NAME holds a path in it */
};

extern const struct i2c_places i2c_places_system;

struct i2c_adapter {
	int number;
	char name[I2C_BUS_NAME_MAX];
};

/*
 * The machine's adapters, by number. Returns how many there are (at most max are
 * filled in), or a negative errno; none at all: -ENODEV, with what to do.
 */
int i2c_bus_list(const struct i2c_places *places, struct i2c_adapter *adapters, int max,
	struct problem *problem);

/*
 * The device node of a name. Returns 0, -EINVAL (no name), -ENOENT (no such bus),
 * -ENOTUNIQ (matches several), -ENODEV (no I2C at all), -ENAMETOOLONG.
 * *number: -1 when the path does not tell.
 */
int i2c_bus_find(const struct i2c_places *places, const char *name, char path[PATH_MAX],
	int *number, struct problem *problem);

/* Name of the kernel driver that has a chip; false: none. */
bool i2c_bus_owner(const struct i2c_places *places, int number, uint8_t address,
	char driver[I2C_BUS_NAME_MAX]);

struct i2c_bus {
	const struct i2c_places *places;
	int fd;
	int number;
	char name[I2C_BUS_NAME_MAX]; /* as it was asked for, cut */
	unsigned long functions;
	int address; /* chip that single registers go to now; -1: none */
	uint64_t transfers, bytes, errors;
	uint64_t retries; /* of single registers, after lost arbitration */
};

/*
 * Opens and locks a bus. Returns 0 or a negative errno, problem saying what to do:
 * those of i2c_bus_find; -EACCES; -EBUSY: another program has it; -ENOTTY: no I2C
 * bus; -EOPNOTSUPP: the adapter cannot do plain I2C transfers.
 */
int i2c_bus_open(struct i2c_bus *bus, const struct i2c_places *places, const char *name,
	struct problem *problem);

void i2c_bus_close(struct i2c_bus *bus);

/*
 * May we talk to that chip? Returns 0 or a negative errno; -EBUSY: a kernel driver
 * has it, which problem names. No byte goes over the bus.
 */
int i2c_bus_claim(struct i2c_bus *bus, uint8_t address, struct problem *problem);

/* The functions of bus.h; the bus must stay open and in its place. */
struct bus i2c_bus_door(struct i2c_bus *bus);

#endif
