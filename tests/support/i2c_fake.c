/*
 * The adapters of i2c_fake.h.
 */
#include "i2c_fake.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>

struct i2c_fake i2c_fake[I2C_FAKES];

void i2c_fake_reset(void)
{
	memset(i2c_fake, 0, sizeof i2c_fake);
	for (int i = 0; i < I2C_FAKES; i++) {
		i2c_fake[i].functions = I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
		i2c_fake[i].owned = -1;
		i2c_fake[i].retries = i2c_fake[i].timeout = -1;
	}
}

void i2c_fake_place(int index, const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	i2c_fake[index].node = info.st_rdev;
}

static int answer(int error)
{
	if (error == 0)
		return 0;
	errno = -error;
	return -1;
}

static int fail_now(struct i2c_fake *adapter)
{
	adapter->transfers++;
	if (adapter->fail_count > 0) {
		adapter->fail_count--;
		return -adapter->fail_errno;
	}
	return adapter->chips.read == NULL ? -ENXIO : 0;
}

static int do_smbus(struct i2c_fake *adapter, struct i2c_smbus_ioctl_data *data)
{
	int error = fail_now(adapter);
	uint8_t address = (uint8_t)adapter->slave;

	adapter->smbus++;
	assert_int_equal(data->size, I2C_SMBUS_BYTE_DATA);
	if (error != 0)
		return answer(error);
	if (data->read_write == I2C_SMBUS_READ)
		return answer(adapter->chips.read(adapter->chips.context, address,
			data->command, &data->data->byte, 1));
	adapter->written++;
	return answer(adapter->chips.write(
		adapter->chips.context, address, data->command, &data->data->byte, 1));
}

static int do_rdwr(struct i2c_fake *adapter, const struct i2c_rdwr_ioctl_data *data)
{
	int error = fail_now(adapter);
	const struct i2c_msg *m = data->msgs;
	uint8_t address = (uint8_t)m[0].addr;

	adapter->rdwr++;
	assert_int_equal(m[0].flags, 0);
	/* What the kernel itself does not refuse, the bus must not do. */
	assert_int_not_equal(m[0].addr, adapter->owned);
	if (error == 0 && data->nmsgs == 2) {
		assert_int_equal(m[0].len, 1);
		assert_int_equal(m[1].flags, I2C_M_RD);
		assert_int_equal(m[1].addr, m[0].addr);
		error = adapter->chips.read(
			adapter->chips.context, address, m[0].buf[0], m[1].buf, m[1].len);
	} else if (error == 0) {
		adapter->written += m[0].len - 1U;
		error = adapter->chips.write(adapter->chips.context, address, m[0].buf[0],
			m[0].buf + 1, (size_t)m[0].len - 1);
	}
	return error != 0 ? answer(error) : (int)data->nmsgs - adapter->short_by;
}

static struct i2c_fake *adapter_of(int fd)
{
	struct stat info;

	for (int i = 1; i < I2C_FAKES && fstat(fd, &info) == 0; i++)
		if (i2c_fake[i].node != 0 && i2c_fake[i].node == info.st_rdev)
			return &i2c_fake[i];
	return &i2c_fake[0];
}

/* In place of the C library's: what libi2c and the bus call. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *pointer;
	unsigned long number;
	struct i2c_fake *adapter = adapter_of(fd);

	va_start(arguments, request);
	pointer = va_arg(arguments, void *);
	va_end(arguments);
	number = (unsigned long)(uintptr_t)pointer;
	switch (request) {
	case I2C_FUNCS:
		if (adapter->functions == 0)
			return answer(-ENOTTY);
		*(unsigned long *)pointer = adapter->functions;
		return 0;
	case I2C_SLAVE:
		if ((int)number == adapter->owned)
			return answer(-EBUSY);
		adapter->slave = (int)number;
		return 0;
	case I2C_SLAVE_FORCE: adapter->forced = true; return 0;
	case I2C_RETRIES: adapter->retries = (long)number; return 0;
	case I2C_TIMEOUT: adapter->timeout = (long)number; return 0;
	case I2C_SMBUS: return do_smbus(adapter, pointer);
	case I2C_RDWR: return do_rdwr(adapter, pointer);
	default: return (int)syscall(SYS_ioctl, fd, request, pointer);
	}
}
