/*
 * The bridge of mcp2221.h.
 */
#include "mcp2221.h"

#include <errno.h>
#include <string.h>

enum {
	CMD_STATUS = 0x10,
	CMD_GET_DATA = 0x40,
	CMD_SET_GPIO = 0x50,
	CMD_GET_GPIO = 0x51,
	CMD_WRITE = 0x90,
	CMD_READ = 0x91,
	CMD_READ_REPEATED = 0x93,
	CMD_WRITE_NO_STOP = 0x94
};

#define DATA_MAX 60        /* bytes of a transfer in one report */
#define BUSY 0x01          /* "the command was not carried out" */
#define CANCELLED 0x10
#define SPEED_SET 0x20
#define NO_ACKNOWLEDGE 0x25
#define READ_PART 0x54
#define READ_WHOLE 0x55
#define READ_FAILED 127
#define STATUS_NACK 0x40   /* in byte 20 of the status */

void mcp2221_init(struct mcp2221 *device, struct emul_bus *bus)
{
	memset(device, 0, sizeof *device);
	device->bus = bus;
	for (int i = 0; i < MCP2221_LINES; i++)
		device->input[i] = true;
}

static const struct emul *chip_at(const struct mcp2221 *device, uint8_t address)
{
	for (int i = 0; i < EMUL_BUS_CHIPS && device->bus->chip[i] != NULL; i++)
		if (device->bus->chip[i]->address == address)
			return device->bus->chip[i];
	return NULL;
}

/* A write of the pointer alone is a question whether somebody is there. */
static int carry_out(struct mcp2221 *device, uint8_t address)
{
	struct bus door = emul_bus_door(device->bus);
	const struct emul *chip = chip_at(device, address);

	device->transfers++;
	if (device->out_size > 0)
		device->pointer[address] = device->out[0];
	if (device->out_size > 1)
		return door.write(door.context, address, device->out[0], device->out + 1,
			device->out_size - 1);
	return chip == NULL || chip->refuses ? -ENXIO : 0;
}

/* How the bridge says an error, in byte 1; no acknowledge comes with the status. */
static uint8_t refused(int error)
{
	return error == 0 || error == -ENXIO || error == -EREMOTEIO ? 0
		: error == -EAGAIN                                     ? BUSY
								       : 0x02;
}

static size_t length_of(const uint8_t *command)
{
	size_t length = (size_t)(command[1] | command[2] << 8);

	return length < MCP2221_TRANSFER_MAX ? length : MCP2221_TRANSFER_MAX;
}

static void write_some(struct mcp2221 *device, const uint8_t *command, uint8_t *answer)
{
	size_t whole = length_of(command);
	size_t left = whole - device->out_size;
	size_t here = left < DATA_MAX ? left : DATA_MAX;

	memcpy(device->out + device->out_size, command + 4, here);
	device->out_size += here;
	if (device->out_size < whole)
		return;
	device->error = carry_out(device, command[3] >> 1);
	device->out_size = 0;
	answer[1] = refused(device->error);
}

static void read_all(struct mcp2221 *device, const uint8_t *command, uint8_t *answer)
{
	struct bus door = emul_bus_door(device->bus);
	uint8_t address = command[3] >> 1;

	device->transfers++;
	device->in_taken = 0;
	device->in_size = length_of(command);
	device->error = door.read(door.context, address, device->pointer[address],
		device->in, device->in_size);
	if (device->error != 0)
		device->in_size = 0;
	answer[1] = refused(device->error);
}

static void give_data(struct mcp2221 *device, uint8_t *answer)
{
	size_t left = device->in_size - device->in_taken;
	size_t here = left < DATA_MAX ? left : DATA_MAX;

	if (device->error != 0) {
		answer[2] = NO_ACKNOWLEDGE;
		answer[3] = READ_FAILED;
		return;
	}
	if (here == 0)
		return;
	memcpy(answer + 4, device->in + device->in_taken, here);
	device->in_taken += here;
	answer[2] = device->in_taken < device->in_size ? READ_PART : READ_WHOLE;
	answer[3] = (uint8_t)here;
}

static void give_status(struct mcp2221 *device, const uint8_t *command, uint8_t *answer)
{
	if (command[2] == CANCELLED) {
		device->error = 0;
		device->out_size = device->in_size = device->in_taken = 0;
		answer[2] = CANCELLED;
	}
	if (command[3] == SPEED_SET) {
		answer[3] = SPEED_SET;
		answer[4] = command[4];
	}
	if (device->error == -ENXIO || device->error == -EREMOTEIO)
		answer[20] = STATUS_NACK;
}

static void set_lines(struct mcp2221 *device, const uint8_t *command, uint8_t *answer)
{
	for (int i = 0; i < MCP2221_LINES; i++) {
		const uint8_t *word = command + 2 + 4 * i;
		bool level = word[1] != 0;

		memcpy(answer + 2 + 4 * i, word, 4);
		if (word[2] != 0)
			device->input[i] = word[3] != 0;
		if (word[0] == 0 || level == device->level[i])
			continue;
		device->level[i] = level;
		if (device->line_changed != NULL)
			device->line_changed(device->context, i, level);
	}
}

void mcp2221_answer(struct mcp2221 *device, const uint8_t *command, size_t size,
	uint8_t answer[MCP2221_REPORT])
{
	uint8_t whole[MCP2221_REPORT] = { 0 };

	memcpy(whole, command, size < sizeof whole ? size : sizeof whole);
	memset(answer, 0, MCP2221_REPORT);
	answer[0] = whole[0];
	switch (whole[0]) {
	case CMD_STATUS: give_status(device, whole, answer); break;
	case CMD_WRITE:
	case CMD_WRITE_NO_STOP: write_some(device, whole, answer); break;
	case CMD_READ:
	case CMD_READ_REPEATED: read_all(device, whole, answer); break;
	case CMD_GET_DATA: give_data(device, answer); break;
	case CMD_SET_GPIO: set_lines(device, whole, answer); break;
	case CMD_GET_GPIO:
		for (int i = 0; i < MCP2221_LINES; i++) {
			answer[2 + 2 * i] = device->level[i];
			answer[3 + 2 * i] = device->input[i];
		}
		break;
	default: break; /* flash and SRAM read as zeros */
	}
}
