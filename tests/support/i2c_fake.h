/*
 * I2C adapters behind ioctl(), which the tests define in place of the C library's.
 * They pass transfers on to emulated chips, so that a driver runs through everything
 * but the kernel. What is no I2C request goes to the system.
 */
#ifndef STRETCH_TESTS_I2C_FAKE_H
#define STRETCH_TESTS_I2C_FAKE_H

#include <stdbool.h>
#include <sys/types.h>

#include "stretch/bus.h"

#define I2C_FAKES 4

struct i2c_fake {
	dev_t node;              /* of its device; number 0 is every other device's */
	unsigned long functions; /* 0: it is no I2C bus */
	int owned; /* address that a kernel driver has; -1: none */
	int slave; /* as set by I2C_SLAVE */
	bool forced;
	long retries, timeout;
	int fail_errno; /* of the next transfers */
	int fail_count;
	int short_by; /* messages that I2C_RDWR claims to have left out */
	unsigned transfers, smbus, rdwr;
	unsigned written; /* data bytes */
	struct bus chips; /* read NULL: nobody answers */
};

extern struct i2c_fake i2c_fake[I2C_FAKES];

/* All new: full adapters without chips. */
void i2c_fake_reset(void);

/* Number index is the adapter of the device at path. */
void i2c_fake_place(int index, const char *path);

#endif
