/* What sensors.c and sensors_find.c share. */
#ifndef STRETCH_LINUX_SENSORS_PARTS_H
#define STRETCH_LINUX_SENSORS_PARTS_H

#include "linux/i2c_probe.h"
#include "linux/sensors.h"

/*
 * Opens the buses and fills the addresses that were left open (0). two: the pelvis is
 * wanted too. Returns 0 or a negative errno, with nothing left open.
 */
int sensors_find(struct sensors *sensors, uint8_t address[SITE_COUNT], bool two,
	struct problem *problem);

/* Opens a site's bus again, by the same rule; address is known by now. */
int sensors_find_again(struct sensors *sensors, enum site site, struct problem *problem);

/* The bus that a site's sensor is on. */
struct i2c_bus *sensors_bus(struct sensors *sensors, enum site site);

#endif
