/*
 * Transfers on an I2C bus; see i2c_bus.h. Never I2C_SLAVE_FORCE: two masters of one
 * chip have hung buses until the power was cut.
 */
#include "linux/i2c_bus.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <i2c/smbus.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>

#define TIMEOUT_10MS 20 /* 0.2 s: a burst takes 0.05 s, and a stuck line must not block */
#define TRIES 3         /* of a single register, when another master was faster */

static_assert(BUS_EIO == EIO && BUS_ENXIO == ENXIO && BUS_EAGAIN == EAGAIN &&
		BUS_EBUSY == EBUSY && BUS_ENODEV == ENODEV &&
		BUS_ESHUTDOWN == ESHUTDOWN && BUS_ETIMEDOUT == ETIMEDOUT &&
		BUS_EREMOTEIO == EREMOTEIO,
	"the numbers of bus.h are those of this system");

static int explain_open(
	const char *name, const char *path, int error, struct problem *problem)
{
	if (error == -EACCES)
		problem_set(problem,
			"bus \"%s\": no permission for %s. Add the user to "
			"the group i2c, then log in again",
			name, path);
	else
		problem_set(problem, "bus \"%s\": cannot open %s: %s", name, path,
			strerror(-error));
	return error;
}

/* The lock comes before the first ioctl: it says whose bus this is. */
static int take(struct i2c_bus *bus, const char *path, struct problem *problem)
{
	struct stat info;

	if (fstat(bus->fd, &info) != 0)
		return explain_open(bus->name, path, -errno, problem);
	if (!S_ISCHR(info.st_mode)) {
		problem_set(problem, "bus \"%s\": %s is no device", bus->name, path);
		return -ENOTTY;
	}
	if (flock(bus->fd, LOCK_EX | LOCK_NB) != 0) {
		problem_set(problem,
			errno == EWOULDBLOCK ? "bus \"%s\": another program has %s. Stop "
					       "it, or take another bus"
					     : "bus \"%s\": %s cannot be locked",
			bus->name, path);
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	}
	if (ioctl(bus->fd, I2C_FUNCS, &bus->functions) < 0) {
		problem_set(problem, "bus \"%s\": %s is no I2C bus", bus->name, path);
		return -ENOTTY;
	}
	if ((bus->functions & I2C_FUNC_I2C) == 0 ||
		(bus->functions & I2C_FUNC_SMBUS_BYTE_DATA) != I2C_FUNC_SMBUS_BYTE_DATA) {
		problem_set(problem,
			"bus \"%s\": the adapter can do SMBus only; its FIFO "
			"cannot be read. Take another adapter",
			bus->name);
		return -EOPNOTSUPP;
	}
	return 0;
}

int i2c_bus_open(struct i2c_bus *bus, const struct i2c_places *places, const char *name,
	struct problem *problem)
{
	char path[PATH_MAX];
	int error;

	memset(bus, 0, sizeof *bus);
	bus->places = places;
	bus->fd = -1;
	bus->address = -1;
	snprintf(bus->name, sizeof bus->name, "%.*s", I2C_BUS_NAME_MAX - 1, name);
	error = i2c_bus_find(places, name, path, &bus->number, problem);
	if (error != 0)
		return error;
	bus->fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (bus->fd < 0)
		return explain_open(name, path, -errno, problem);
	error = take(bus, path, problem);
	if (error != 0) {
		i2c_bus_close(bus);
		return error;
	}
	/*
	 * The adapter repeating a burst by itself would take bytes out of a FIFO
	 * twice. Both are wishes: an adapter that does not know them is as good.
	 */
	(void)ioctl(bus->fd, I2C_RETRIES, 0UL);
	(void)ioctl(bus->fd, I2C_TIMEOUT, (unsigned long)TIMEOUT_10MS);
	return 0;
}

void i2c_bus_close(struct i2c_bus *bus)
{
	if (bus->fd >= 0)
		close(bus->fd);
	bus->fd = -1;
}

/*
 * While an adapter is being removed the kernel waits for our descriptor to be closed,
 * and some drivers let each transfer run into their own time limit meanwhile. Whether
 * the adapter is still listed tells that from a stuck bus.
 */
static bool vanished(const struct i2c_bus *bus)
{
	char path[PATH_MAX];

	return bus->number >= 0 &&
		snprintf(path, sizeof path, "%s/i2c-%d", bus->places->class,
			bus->number) < (int)sizeof path &&
		access(path, F_OK) != 0;
}

/* Makes a chip the one that transfers go to; the kernel refuses another's. */
static int select_chip(struct i2c_bus *bus, uint8_t address)
{
	if (bus->fd < 0)
		return -ENODEV;
	if (bus->address == address)
		return 0;
	bus->address = -1;
	if (ioctl(bus->fd, I2C_SLAVE, (unsigned long)address) < 0)
		return -errno;
	bus->address = address;
	return 0;
}

int i2c_bus_claim(struct i2c_bus *bus, uint8_t address, struct problem *problem)
{
	char driver[I2C_BUS_NAME_MAX];
	int error;

	bus->address = -1;
	error = select_chip(bus, address);
	if (error == 0)
		return 0;
	if (error != -EBUSY) {
		problem_set(problem, "bus \"%s\": chip 0x%02x: %s", bus->name, address,
			strerror(-error));
		return error;
	}
	if (!i2c_bus_owner(bus->places, bus->number, address, driver))
		strcpy(driver, "unknown");
	problem_set(problem,
		"bus \"%s\": chip 0x%02x belongs to the kernel driver %s. "
		"Unbind it: echo %d-%04x > %s/%d-%04x/driver/unbind, and remove its "
		"overlay",
		bus->name, address, driver, bus->number, address, bus->places->devices,
		bus->number, address);
	return -EBUSY;
}

static int count(struct i2c_bus *bus, int error, size_t size)
{
	if (error == -ETIMEDOUT && vanished(bus))
		error = -ENODEV;
	bus->transfers++;
	if (error == 0)
		bus->bytes += size;
	else
		bus->errors++;
	return error;
}

/* One transfer of one or two messages; all of it or an error. */
static int transfer(struct i2c_bus *bus, struct i2c_msg *messages, unsigned n)
{
	struct i2c_rdwr_ioctl_data data = { .msgs = messages, .nmsgs = n };
	int done = ioctl(bus->fd, I2C_RDWR, &data);

	if (done < 0)
		return -errno;
	return (unsigned)done == n ? 0 : -EIO;
}

static int read_one(struct i2c_bus *bus, uint8_t reg, uint8_t *value)
{
	for (int attempt = 1;; attempt++) {
		int got = i2c_smbus_read_byte_data(bus->fd, reg);

		if (got >= 0) {
			*value = (uint8_t)got;
			return 0;
		}
		if (errno != EAGAIN || attempt == TRIES)
			return -errno;
		bus->retries++;
	}
}

static int write_one(struct i2c_bus *bus, uint8_t reg, uint8_t value)
{
	for (int attempt = 1;; attempt++) {
		if (i2c_smbus_write_byte_data(bus->fd, reg, value) >= 0)
			return 0;
		if (errno != EAGAIN || attempt == TRIES)
			return -errno;
		bus->retries++;
	}
}

static int read_block(
	struct i2c_bus *bus, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	struct i2c_msg messages[2] = {
		{ .addr = address, .len = 1, .buf = &reg },
		{ .addr = address, .flags = I2C_M_RD, .len = (uint16_t)size, .buf = data }
	};

	return transfer(bus, messages, 2);
}

static int bus_read(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	struct i2c_bus *bus = context;
	int error;

	if (size == 0 || size > UINT16_MAX)
		return -EINVAL;
	error = select_chip(bus, address);
	if (error == 0)
		error = size == 1 ? read_one(bus, reg, data)
				  : read_block(bus, address, reg, data, size);
	return count(bus, error, size);
}

static int bus_write(
	void *context, uint8_t address, uint8_t reg, const uint8_t *data, size_t size)
{
	struct i2c_bus *bus = context;
	uint8_t block[1 + I2C_BUS_WRITE_MAX];
	struct i2c_msg message = { .addr = address, .buf = block };
	int error;

	if (size == 0 || size > I2C_BUS_WRITE_MAX)
		return -EINVAL;
	error = select_chip(bus, address);
	if (error == 0 && size == 1)
		error = write_one(bus, reg, data[0]);
	if (error == 0 && size > 1) {
		block[0] = reg;
		memcpy(block + 1, data, size);
		message.len = (uint16_t)(size + 1);
		error = transfer(bus, &message, 1);
	}
	return count(bus, error, size);
}

struct bus i2c_bus_door(struct i2c_bus *bus)
{
	return (struct bus){ .context = bus, .read = bus_read, .write = bus_write };
}
