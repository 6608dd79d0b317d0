/*
 * A bus of chips with registers, as two functions.
 *
 * Each moves one block of bytes from or to one register of one chip, whole or
 * not at all: 0 or a negative error number, never a part. A read is the register
 * number, a repeated start and the bytes; it writes no data byte. Nothing here
 * waits: how long to wait is the caller's business, so that an emulator needs no
 * sleeping and a test no time.
 */
#ifndef STRETCH_BUS_H
#define STRETCH_BUS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The error numbers that mean something on a bus, by the kernel's document
 * i2c/fault-codes. The pure part has no <errno.h>; src/linux/i2c_bus.c checks
 * that they are the system's own.
 */
enum {
	BUS_EIO = 5,
	BUS_ENXIO = 6,       /* no acknowledge */
	BUS_EAGAIN = 11,     /* arbitration lost */
	BUS_EBUSY = 16,      /* a kernel driver owns the chip */
	BUS_ENODEV = 19,     /* the adapter is gone */
	BUS_ESHUTDOWN = 108, /* likewise */
	BUS_ETIMEDOUT = 110,
	BUS_EREMOTEIO = 121 /* no acknowledge, as many adapters say it */
};

struct bus {
	void *context;
	int (*read)(
		void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size);
	int (*write)(void *context, uint8_t address, uint8_t reg, const uint8_t *data,
		size_t size);
};

#endif
