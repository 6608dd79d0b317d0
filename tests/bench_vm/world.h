/*
 * What stands behind the bridge's bus: up to four emulated chips, and how they move.
 * Each lies still in an attitude that was set, or is worn: a simulated wearer plays a
 * set in real time, the first chip on the thigh, the second on the pelvis.
 *
 * The caller brings the time (CLOCK_MONOTONIC, microseconds).
 */
#ifndef STRETCH_TESTS_BENCH_VM_WORLD_H
#define STRETCH_TESTS_BENCH_VM_WORLD_H

#include "../support/emul_bus.h"
#include "stretch/wearer.h"

struct world;

struct world_chip {
	struct emul emul;
	const struct world *world;
	double acc_g[3], gyr_dps[3]; /* while nobody wears it */
	enum site site;
};

struct world {
	struct emul_bus bus;
	struct world_chip chip[EMUL_BUS_CHIPS];
	int chips;
	bool worn;
	double start_s; /* wearer's time 0 on the bench's clock */
	struct wearer_param param;
	struct wearer_state wearer;
	double cut_from_s, cut_to_s; /* thigh unplugged, wearer's time; NAN: never */
};

void world_init(struct world *world);

/* The wearer of the bench: short poses, so that a set takes little more than a minute. */
struct wearer_param world_wearer(double hold_s, int holds);

/* Moves chips to that time. */
void world_advance(struct world *world, int64_t now_us);

/*
 * Carries out one line of the control channel and writes the answer, one line that
 * begins with "ok" or "no":
 *   chips MPU-6050@0x68 LSM6DSO@0x6a   these, new, instead of those before
 *   attitude 0x68 AX AY AZ GX GY GZ    g and deg/s, chip's axes
 *   pose 0x68 AX AY AZ                 g, chip's axes: at rest there, with its noise
 *   play HOLD_S HOLDS                  the wearer begins in 3 s; answers with begin and
 *                                      end, microseconds
 *   cut HOLD AFTER_S FOR_S             unplugs the thigh's chip so long after that
 *                                      hold's (0, 1, ...) pose was reached; answers
 *                                      with when that will be, microseconds
 *   fault KIND FOR_MS                  emul_bus.h, from the next transfer on
 *   refuse 0x68 0|1                    one chip unplugged, or back with power new
 *   chip 0x68                          its counters
 */
void world_command(struct world *world, int64_t now_us, char *line, char *answer,
	size_t size);

#endif
