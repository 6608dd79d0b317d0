/*
 * Sensors on I2C as a source of samples: `sensor = i2c:BUS`.
 *
 * Buses are found and locked, chips asked who they are before a data byte is written,
 * and then imu_stream drains their FIFOs. Times are those of the learned clocks, on
 * CLOCK_MONOTONIC, counted from the first sample. Samples are rounded as a recording
 * holds them, so that a replay of it sees the very same ones.
 *
 * The thigh's bus is named by the setting `sensor` (what i2c_bus.h takes, or auto:
 * the one bus where enough chips of ours answer), the pelvis' by pelvis_bus, blank:
 * the same bus. Addresses may be left to it: the first chip that answers, in the order
 * 0x68, 0x69, 0x6a, 0x6b, is the thigh's and the second the pelvis'. With two
 * sensors and one answer nobody knows whose it is, and with one sensor and two answers
 * which of them is worn: that is refused.
 *
 * A sensor with a given address need not be there at the start, and may come and go:
 * its readings are absent, a fault event tells, and it is brought up again by itself.
 * With a line on a chip's INT pin (data_ready_thigh, data_ready_pelvis) the kernel's
 * times of its edges teach the chip's clock; see imu.h.
 *
 * An adapter that went away is opened again under the same name.
 */
#ifndef STRETCH_LINUX_SENSORS_H
#define STRETCH_LINUX_SENSORS_H

#include <jansson.h>

#include "linux/calib_file.h"
#include "linux/i2c_bus.h"
#include "linux/lines.h"
#include "stretch/imu_stream.h"
#include "stretch/setting.h"

struct sensor_calibration {
	bool given;
	char name[SETTING_PATH_MAX];
	struct calib_file file;
	const struct chip *checked; /* chip that it was found to fit; NULL: none yet */
};

struct sensors {
	struct imu_stream stream;
	const struct i2c_places *places;
	struct i2c_bus bus[SITE_COUNT];
	char wish[SITE_COUNT][SETTING_PATH_MAX]; /* bus names as set; "": shared */
	struct sensor_calibration calib[SITE_COUNT];
	struct lines *pulses[SITE_COUNT];    /* data-ready lines; NULL: none */
	enum imu_ready ready[SITE_COUNT];    /* as was told last */
	int64_t wake_us, revive_us;
	int64_t origin_us; /* of the first sample; INT64_MIN before */
	uint64_t revived;  /* times that an adapter was opened again */
};

/* A sensor and its driver begin here; for buses of any other kind: sensors_put. */
void sensors_init(struct sensors *sensors);
void sensors_put(struct sensors *sensors, enum site site, const struct bus *bus,
	uint8_t address, enum chip_rate rate);

/*
 * Opens what the settings ask for. Returns 0, or a negative errno with what to do in
 * problem: those of i2c_bus_open; -ENODEV no chip answers; -ENOTUNIQ it is not clear
 * which bus or chip is meant; -EBADMSG a calibration file is refused, or is for
 * another chip. The struct must stay in its place until sensors_close.
 */
int sensors_open(struct sensors *sensors, const struct i2c_places *places,
	const struct settings *settings, struct problem *problem);

/*
 * Lets at most one sensor do what is due. Returns 1 and a sample; 0 when there is
 * none, and not before *wake_us (at once when that is not after now_us: read the
 * clock and call again); -EBADMSG when a chip came that the calibration file is not
 * for. Never waits. now_us is CLOCK_MONOTONIC, read just before the call.
 */
int sensors_poll(struct sensors *sensors, int64_t now_us, struct sample *sample,
	int64_t *wake_us, struct problem *problem);

/*
 * A data-ready line that gives no edges, or gives them again, told once: true and one
 * line of text. Times are taken from the FIFO's fill level meanwhile.
 */
bool sensors_line_news(struct sensors *sensors, char *text, size_t size);

/* Is there a sensor for the pelvis? */
bool sensors_has(const struct sensors *sensors, enum site site);

/* Full scales of the chips, where the calibration does not know them. */
void sensors_full_scales(const struct sensors *sensors, struct calib calib[SITE_COUNT]);

/* "thigh: MPU-6050 at 0x68, bus 1"; false: there is none. */
bool sensors_describe(const struct sensors *sensors, enum site site, char *text,
	size_t size);

/* Chip, address, learned rate and counters of each sensor, for session.json. */
json_t *sensors_json(const struct sensors *sensors);

void sensors_close(struct sensors *sensors);

#endif
