/*
 * The wire of emul_bus.h.
 */
#include "emul_bus.h"

#include <errno.h>
#include <string.h>

#define APART_US 5000 /* transfers further apart belong to different steps */

const char *const emul_fault_names[EMUL_FAULT_COUNT] = { "none", "nack", "remoteio",
	"again", "timeout", "io", "flip", "zeros", "ones", "frozen", "misalign", "stall",
	"brownout", "unplug" };

void emul_bus_init(struct emul_bus *bus)
{
	memset(bus, 0, sizeof *bus);
	bus->us_per_byte = 90.0;
	bus->us_per_transfer = 100.0;
}

void emul_bus_add(struct emul_bus *bus, struct emul *chip)
{
	for (int i = 0; i < EMUL_BUS_CHIPS; i++)
		if (bus->chip[i] == NULL) {
			bus->chip[i] = chip;
			return;
		}
}

static struct emul *find(const struct emul_bus *bus, uint8_t address)
{
	for (int i = 0; i < EMUL_BUS_CHIPS && bus->chip[i] != NULL; i++)
		if (bus->chip[i]->address == address)
			return bus->chip[i];
	return NULL;
}

static void end_fault(struct emul_bus *bus)
{
	bus->ended = true;
	bus->end_us = bus->now_us;
	if (bus->victim == NULL)
		return;
	if (bus->fault.kind == EMUL_FAULT_FROZEN)
		bus->victim->frozen = false;
	if (bus->fault.kind == EMUL_FAULT_UNPLUG)
		emul_power_cycle(bus->victim);
}

static void move_clock(struct emul_bus *bus, int64_t now_us)
{
	bus->now_us = now_us;
	for (int i = 0; i < EMUL_BUS_CHIPS && bus->chip[i] != NULL; i++)
		emul_advance(bus->chip[i], now_us);
}

void emul_bus_advance(struct emul_bus *bus, int64_t now_us)
{
	int64_t end_us = bus->begin_us + bus->fault.for_us;

	if (now_us < bus->now_us)
		return;
	if (bus->begun && !bus->ended && bus->fault.transfers == 0 && now_us >= end_us) {
		if (end_us > bus->now_us)
			move_clock(bus, end_us);
		end_fault(bus);
	}
	move_clock(bus, now_us);
}

/* What a fault does when it begins. Returns whether it is over with that. */
static bool begin_fault(struct emul_bus *bus, struct emul *chip)
{
	const struct emul_fault *fault = &bus->fault;

	bus->begun = true;
	bus->begin_us = bus->now_us;
	bus->victim = chip;
	switch (fault->kind) {
	case EMUL_FAULT_FROZEN:
		if (chip != NULL) {
			chip->frozen = true;
			chip->ever_frozen = true;
		}
		return false;
	case EMUL_FAULT_MISALIGN:
		if (chip != NULL)
			emul_fifo_skip(chip, (int)fault->amount);
		return true;
	case EMUL_FAULT_STALL: move_clock(bus, bus->now_us + fault->for_us); return true;
	case EMUL_FAULT_BROWNOUT:
		if (chip != NULL)
			emul_power_cycle(chip);
		return true;
	default: return false;
	}
}

/* Is the fault on for this transfer? */
static bool fault_on(struct emul_bus *bus, struct emul *chip)
{
	const struct emul_fault *fault = &bus->fault;

	if (fault->kind == EMUL_FAULT_NONE || bus->ended || bus->transfers < fault->first)
		return false;
	/* A chip does not lose bytes between a look at the level and the burst. */
	if (fault->kind == EMUL_FAULT_MISALIGN && bus->now_us - bus->passed_us < APART_US)
		return false;
	if (!bus->begun && begin_fault(bus, chip)) {
		end_fault(bus);
		return false;
	}
	if (fault->transfers != 0 && bus->transfers >= fault->first + fault->transfers) {
		end_fault(bus);
		return false;
	}
	bus->injected++;
	return true;
}

static void pass_time(struct emul_bus *bus, size_t size)
{
	double us = bus->us_per_transfer + bus->us_per_byte * (double)(size + 3);

	emul_bus_advance(bus, bus->now_us + (int64_t)us);
	bus->passed_us = bus->now_us;
}

/* The error of a fault and how many bytes the chip saw; 0: none. */
static int error_of(enum emul_fault_kind kind, size_t size, size_t *moved)
{
	*moved = 0;
	switch (kind) {
	case EMUL_FAULT_NACK:
	case EMUL_FAULT_UNPLUG: return -ENXIO;
	case EMUL_FAULT_REMOTEIO: return -EREMOTEIO;
	case EMUL_FAULT_AGAIN: *moved = size / 2; return -EAGAIN;
	case EMUL_FAULT_TIMEOUT: *moved = size; return -ETIMEDOUT;
	case EMUL_FAULT_IO: *moved = size / 2; return -EIO;
	default: return 0;
	}
}

static void flip(uint8_t *data, size_t size, unsigned bit)
{
	data[bit / 8 % size] ^= (uint8_t)(1u << bit % 8);
}

static int bus_read(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	struct emul_bus *bus = context;
	struct emul *chip = find(bus, address);
	bool on = fault_on(bus, chip);
	enum emul_fault_kind kind = on ? bus->fault.kind : EMUL_FAULT_NONE;
	size_t moved;
	int error = error_of(kind, size, &moved);

	bus->transfers++;
	if (chip == NULL || chip->refuses) {
		pass_time(bus, 0);
		return error != 0 ? error : -ENXIO;
	}
	if (error != 0) {
		emul_read(chip, reg, data, moved);
		pass_time(bus, moved);
		return error;
	}
	emul_read(chip, reg, data, size);
	if (kind == EMUL_FAULT_ZEROS)
		memset(data, 0x00, size);
	if (kind == EMUL_FAULT_ONES)
		memset(data, 0xFF, size);
	if (kind == EMUL_FAULT_FLIP)
		flip(data, size, bus->fault.amount);
	pass_time(bus, size);
	return 0;
}

static int bus_write(
	void *context, uint8_t address, uint8_t reg, const uint8_t *data, size_t size)
{
	struct emul_bus *bus = context;
	struct emul *chip = find(bus, address);
	bool on = fault_on(bus, chip);
	enum emul_fault_kind kind = on ? bus->fault.kind : EMUL_FAULT_NONE;
	uint8_t copy[16];
	size_t moved;
	int error = error_of(kind, size, &moved);

	bus->transfers++;
	if (size > sizeof copy)
		return -EINVAL;
	if (chip == NULL || chip->refuses) {
		pass_time(bus, 0);
		return error != 0 ? error : -ENXIO;
	}
	memcpy(copy, data, size);
	if (kind == EMUL_FAULT_FLIP)
		flip(copy, size, bus->fault.amount);
	if (error != 0)
		size = moved;
	if (kind != EMUL_FAULT_ZEROS && kind != EMUL_FAULT_ONES)
		emul_write(chip, reg, copy, size);
	pass_time(bus, size);
	return error;
}

struct bus emul_bus_door(struct emul_bus *bus)
{
	return (struct bus){ .context = bus, .read = bus_read, .write = bus_write };
}
