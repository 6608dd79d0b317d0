/* Asking for chips; see i2c_probe.h. */
#include "linux/i2c_probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TRIES 3

const uint8_t i2c_probe_addresses[I2C_PROBE_ADDRESSES] = { 0x68, 0x69, 0x6A, 0x6B };

void i2c_probe_chip(struct i2c_bus *bus, uint8_t address, struct i2c_probe *probe)
{
	const struct chip_family *family = chip_family_at(address);
	struct bus door = i2c_bus_door(bus);
	struct chip_answer answer;

	memset(probe, 0, sizeof *probe);
	probe->address = address;
	if (family == NULL) {
		probe->error = -EINVAL;
		return;
	}
	probe->error = i2c_bus_claim(bus, address, &probe->problem);
	if (probe->error != 0)
		return;
	for (int i = 0; i < TRIES; i++) {
		probe->error = chip_ask(family, &door, address, &answer);
		if (probe->error == 0)
			break;
	}
	if (probe->error != 0)
		return;
	probe->id = answer.id;
	probe->chip = answer.chip;
}

int i2c_probe_all(struct i2c_bus *bus, struct i2c_probe probes[I2C_PROBE_ADDRESSES])
{
	int count = 0;

	for (int i = 0; i < I2C_PROBE_ADDRESSES; i++) {
		i2c_probe_chip(bus, i2c_probe_addresses[i], &probes[i]);
		count += probes[i].chip != NULL;
	}
	return count;
}

/* One name of several, put down in full: "DSOX" behind "LSM6DSO/" is LSM6DSOX. */
static size_t next_name(const char *list, char name[I2C_BUS_NAME_MAX])
{
	size_t length = strcspn(list, "/");

	snprintf(name, I2C_BUS_NAME_MAX, "%s%.*s",
		strncmp(list, "DS", 2) == 0 ? "LSM6" : "", (int)length, list);
	return list[length] == '/' ? length + 1 : length;
}

bool i2c_probe_named(const struct chip *chip, const char *name)
{
	size_t length = strcspn(name, ":");
	const char *rest = chip->name;

	while (*rest != '\0') {
		char one[I2C_BUS_NAME_MAX];

		rest += next_name(rest, one);
		if (strlen(one) == length && strncmp(one, name, length) == 0)
			return true;
	}
	return false;
}

void i2c_probe_name(const struct chip *chip, char name[I2C_BUS_NAME_MAX])
{
	(void)next_name(chip->name, name);
}
