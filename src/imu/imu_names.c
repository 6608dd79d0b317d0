/*
 * What the faults are called, and what to do about them.
 */
#include "stretch/imu.h"

/* clang-format off */
const char *const imu_fault_names[IMU_FAULT_COUNT] = {
	[IMU_OK] = "ok",
	[IMU_NACK] = "nack",
	[IMU_ARBITRATION] = "arbitration",
	[IMU_TIMEOUT] = "timeout",
	[IMU_BUS] = "bus",
	[IMU_GONE] = "gone",
	[IMU_CLOCK_CHIP] = "clock-chip",
	[IMU_WRONG_ID] = "wrong-id",
	[IMU_ZEROS] = "zeros",
	[IMU_ONES] = "ones",
	[IMU_REGISTER] = "register",
	[IMU_SILENT] = "silent",
	[IMU_FROZEN] = "frozen",
	[IMU_OVERFLOW] = "overflow",
	[IMU_MISALIGNED] = "misaligned",
	[IMU_GARBLED] = "garbled",
	[IMU_SPIKE] = "spike",
};

const char *const imu_ready_names[IMU_READY_COUNT] = {
	[IMU_READY_NONE] = "none",
	[IMU_READY_AWAITED] = "awaited",
	[IMU_READY_GOOD] = "good",
	[IMU_READY_SILENT] = "silent",
};

const char *const imu_fault_advice[IMU_FAULT_COUNT] = {
	[IMU_OK] = "nothing to do",
	[IMU_NACK] = "nobody answers: check power, both bus wires, the address pin",
	[IMU_ARBITRATION] = "the bus is disturbed: shorten the cable, check the pull-ups",
	[IMU_TIMEOUT] = "a bus line is held low: check for a short, unplug and plug in",
	[IMU_BUS] = "the adapter reports an error: see the kernel's log",
	[IMU_GONE] = "the adapter is gone: plug it in again",
	[IMU_CLOCK_CHIP] = ("no known sensor at 0x68, perhaps a clock chip (DS1307, "
		"DS3231), left alone: tie the sensor's AD0 pin high and use 0x69"),
	[IMU_WRONG_ID] = "an unknown chip answers: see the list of supported chips",
	[IMU_ZEROS] = "only zeros come: is the data wire held low?",
	[IMU_ONES] = "only ones come: is the data wire open?",
	[IMU_REGISTER] = "the chip lost its settings: check its supply and the plug",
	[IMU_SILENT] = "the chip stopped measuring; it is being restarted",
	[IMU_FROZEN] = "the chip repeats one reading; it is being restarted",
	[IMU_OVERFLOW] = "samples were lost: computer too busy or bus too slow",
	[IMU_MISALIGNED] = "data were out of step and thrown away",
	[IMU_GARBLED] = "bytes were damaged: shorten the cable, check the pull-ups",
	[IMU_SPIKE] = "a bit was flipped: shorten the cable, check the pull-ups",
};
/* clang-format on */
