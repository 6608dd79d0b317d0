/*
 * A Microchip MCP2221A, command by command: what comes as a 64-byte report and what
 * goes back. One I2C bus, four GPIO lines. Behind the bus stand emulated chips
 * (emul_bus.h): the same that the unit tests drive, by another door.
 *
 * Report layouts: data sheet DS20005565, section 3. A transfer is carried out when its
 * last byte has come; bytes that the host asks for are fetched by 60-byte reports.
 */
#ifndef STRETCH_TESTS_BENCH_VM_MCP2221_H
#define STRETCH_TESTS_BENCH_VM_MCP2221_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../support/emul_bus.h"

#define MCP2221_REPORT 64
#define MCP2221_LINES 4
#define MCP2221_TRANSFER_MAX 4096

struct mcp2221 {
	struct emul_bus *bus;
	/* Called when an output line changes; may be NULL. */
	void (*line_changed)(void *context, int line, bool on);
	void *context;

	uint8_t pointer[128];  /* register that a read begins with, by address */
	uint8_t in[MCP2221_TRANSFER_MAX], out[MCP2221_TRANSFER_MAX];
	size_t in_size, in_taken;
	size_t out_size;
	int error;             /* of the last transfer: 0 or a negative errno */
	uint64_t transfers;
	bool level[MCP2221_LINES], input[MCP2221_LINES];
};

void mcp2221_init(struct mcp2221 *device, struct emul_bus *bus);

/* One command in, one answer out. Bytes behind size count as 0. */
void mcp2221_answer(struct mcp2221 *device, const uint8_t *command, size_t size,
	uint8_t answer[MCP2221_REPORT]);

#endif
