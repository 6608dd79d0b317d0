/*
 * What the bench's adapter itself costs, through the same files of the daemon: one
 * look at a FIFO's level, a burst of five frames, one register, one lamp.
 *
 *   bench_vm probe BUS ADDRESS LINE
 *
 * Registers of an MPU-6050 are read; nothing is written but the line.
 */
#include "bench_vm.h"

#include <stdio.h>
#include <stdlib.h>

#include "linux/clock.h"
#include "linux/i2c_bus.h"
#include "linux/lines.h"

#define ROUNDS 40
#define FRAMES_SIZE 70
#define COUNT_REGISTER 0x72
#define FIRST_REGISTER 0x0D /* as many registers as a burst has bytes, no FIFO's */
#define ID_REGISTER 0x75

enum what { LEVEL, BURST, REGISTER, LAMP, WHAT_COUNT };

static const char *const names[WHAT_COUNT] = { "FIFO level", "burst of 70 bytes",
	"one register", "one lamp" };

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int once(enum what what, const struct bus *bus, uint8_t address,
	struct lines *lines, int round)
{
	uint8_t bytes[FRAMES_SIZE];

	switch (what) {
	case LEVEL: return bus->read(bus->context, address, COUNT_REGISTER, bytes, 2);
	case BURST:
		return bus->read(bus->context, address, FIRST_REGISTER, bytes,
			sizeof bytes);
	case REGISTER: return bus->read(bus->context, address, ID_REGISTER, bytes, 1);
	default: return lines_set(lines, 0, round % 2 == 0);
	}
}

int bench_probe(int argc, char **argv)
{
	static double ms[WHAT_COUNT][ROUNDS];
	const struct line_request line = { .name = argc == 4 ? argv[3] : "" };
	struct problem problem = { "probe BUS ADDRESS LINE" };
	struct lines *lines = NULL;
	struct i2c_bus bus = { .fd = -1 };
	struct bus door = i2c_bus_door(&bus);
	int error = -1;

	if (argc == 4)
		error = i2c_bus_open(&bus, &i2c_places_system, argv[1], &problem);
	if (error == 0)
		error = lines_open(&lines, &line, 1, "bench", &problem);
	if (error != 0) {
		fprintf(stderr, "%s\n", problem.text);
		return 3;
	}
	for (int i = 0; i < ROUNDS; i++)
		for (int what = 0; what < WHAT_COUNT; what++) {
			int64_t from_us = clock_monotonic_us();

			error = error != 0 ? error
					   : once((enum what)what, &door,
						     (uint8_t)strtoul(argv[2], NULL, 0),
						     lines, i);
			ms[what][i] = (double)(clock_monotonic_us() - from_us) * 1e-3;
		}
	lines_close(lines);
	i2c_bus_close(&bus);
	printf("the adapter's own time, median and worst of %d:", ROUNDS);
	for (int what = 0; what < WHAT_COUNT; what++) {
		qsort(ms[what], ROUNDS, sizeof ms[what][0], by_size);
		printf("%s %s %.1f, %.1f ms", what > 0 ? ";" : "", names[what],
			ms[what][ROUNDS / 2], ms[what][ROUNDS - 1]);
	}
	printf("\n");
	return error != 0;
}
