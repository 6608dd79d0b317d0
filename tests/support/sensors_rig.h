/*
 * Two I2C buses with emulated chips on them, sensors opened on these, and what came of a
 * run on the virtual clock.
 */
#ifndef STRETCH_SUPPORT_SENSORS_RIG_H
#define STRETCH_SUPPORT_SENSORS_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "emul_bus.h"
#include "linux/sensors.h"

struct sensors_rig {
	struct emul chip[3];
	struct emul_bus wire[2]; /* of buses 1 and 2 */
	struct sensors sensors;
	struct settings set;
	struct problem problem;
	struct { /* what came out of a run */
		int samples, both, thigh, pelvis, none;
		int faults, recovered;
		char fault[EVENT_WORD_MAX];
		int64_t first_us, last_us;
		bool temp;
		int error;
	} seen;
};

extern struct sensors_rig sensors_rig;

/* For cmocka. Two buses of a Pi, each with a wire of its own; nobody on them yet. */
int sensors_rig_set_up(void **state);
int sensors_rig_tear_down(void **state);

/* A chip on a bus (1, 2). */
void sensors_rig_put(int bus, int index, enum emul_kind kind, uint8_t address);

/* The wires' clock goes on by a second: chips have their power. */
void sensors_rig_start(void);

/* Opens the sensors by that setting; 0 or -errno, with the reason in problem. */
int sensors_rig_open(const char *sensor);

/* A test fails unless opening ends so, with these words; closes again what was opened. */
void sensors_rig_expect(int error, const char *sensor, const char *says);

/* Lets the sensors run for so long. */
void sensors_rig_run(double seconds);

#endif
