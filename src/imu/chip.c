/*
 * Finding a chip's table, asking a chip who it is, walking the registers of a set-up.
 */
#include "stretch/chip.h"

#include <stddef.h>

#define LOOKS_MAX 4 /* one wrong answer among them is outvoted, wherever it stands */

const struct chip_family *chip_family_at(uint8_t address)
{
	static const struct chip_family *const family[] = { &chip_family_mpu,
		&chip_family_lsm6ds };

	for (size_t i = 0; i < sizeof family / sizeof family[0]; i++)
		if (address == family[i]->address[0] || address == family[i]->address[1])
			return family[i];
	return NULL;
}

const struct chip *chip_find(const struct chip_family *family, uint8_t id)
{
	for (int32_t i = 0; i < family->chip_count; i++)
		if (family->chip[i].id == id)
			return &family->chip[i];
	return NULL;
}

int chip_ask(const struct chip_family *family, const struct bus *bus, uint8_t address,
	struct chip_answer *answer)
{
	*answer = (struct chip_answer){ .looks = 0 };
	while (answer->looks < LOOKS_MAX) {
		uint8_t id = 0;
		int error = bus->read(bus->context, address, family->id_register, &id, 1);
		bool same = answer->looks > 0 && id == answer->id;

		answer->looks++;
		if (error != 0)
			return error;
		answer->id = id;
		if (same) {
			answer->chip = chip_find(family, id);
			return 0;
		}
	}
	return 0;
}

int32_t chip_config_count(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin)
{
	return chip->setup[rate].config_count + chip->pin[pin].count;
}

const struct chip_register *chip_config_at(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin, int32_t index)
{
	const struct chip_setup *setup = &chip->setup[rate];

	if (index < setup->config_count)
		return &setup->config[index];
	return &chip->pin[pin].config[index - setup->config_count];
}

/* How many of chip_config_at's are re-checked. */
static int32_t checked_count(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin)
{
	return pin == CHIP_PIN_QUIET ? chip_config_count(chip, rate, pin)
				     : chip->setup[rate].config_count;
}

int32_t chip_register_count(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin)
{
	return checked_count(chip, rate, pin) + chip->setup[rate].fifo_on_count;
}

const struct chip_register *chip_register_at(
	const struct chip *chip, enum chip_rate rate, enum chip_pin pin, int32_t index)
{
	int32_t checked = checked_count(chip, rate, pin);

	if (index < checked)
		return chip_config_at(chip, rate, pin, index);
	return &chip->setup[rate].fifo_on[index - checked];
}

bool chip_register_right(const struct chip_register *reg, uint8_t value)
{
	return (value & reg->set) == reg->set && (value & reg->clear) == 0;
}
