/*
 * One or two sensors as one stream of samples.
 *
 * A sample has the thigh's time. The pelvis' reading at that time is interpolated
 * on a straight line between its two neighbours, and only where these are less than
 * two of its intervals apart and both present; otherwise it is absent. No value is
 * ever held or guessed forward. So a sample waits for the pelvis' next reading: one
 * drain at most (50 ms), or until the pelvis is late by more than 150 ms.
 *
 * When the thigh fails and the pelvis goes on, samples come at the pelvis' times
 * with the thigh absent. When all fail, an empty sample tells the fault, and others
 * follow every 50 ms, so that time goes on: a lamp blinks by it, and a hold ends by
 * it. The first sample after a sensor failed carries its fault (the first
 * cause), the first good one its recovery.
 *
 * The sensors may be on one bus or on two.
 */
#ifndef STRETCH_IMU_STREAM_H
#define STRETCH_IMU_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/imu.h"
#include "stretch/sample.h"

#define IMU_STREAM_RING 128 /* frames of each sensor that wait for their partner */
#define IMU_STREAM_LATE_US 150000
#define IMU_STREAM_EMPTY_US 50000 /* between empty samples */

struct imu_stream_side {
	bool used;
	bool asked; /* to be stepped next */
	struct imu imu;
	struct imu_frame ring[IMU_STREAM_RING];
	int32_t head, count;
	struct imu_frame before; /* last one taken out; kept for interpolation */
	bool has_before;
	enum imu_fault told; /* fault that the samples have told of */
};

struct imu_stream {
	struct imu_stream_side side[SITE_COUNT];
	int64_t last_us; /* time of the last sample; INT64_MIN before */
	uint64_t samples;
	uint64_t late; /* readings that came too late to be in a sample */
};

void imu_stream_init(struct imu_stream *stream);

/* Puts a sensor at a site, as imu_init. */
void imu_stream_add(struct imu_stream *stream, enum site site, const struct bus *bus,
	uint8_t address, enum chip_rate rate);

/*
 * Lets one sensor do what is due at now_us. Returns when to be called again: now_us
 * itself when the other one is due too, for by then the time has to be read anew.
 * Take the samples out with imu_stream_next after each call.
 */
int64_t imu_stream_step(struct imu_stream *stream, int64_t now_us);

/*
 * Next sample that is ready, on the clock of now_us; false: none. Times grow
 * strictly. The caller turns them into time since the session began.
 */
bool imu_stream_next(struct imu_stream *stream, int64_t now_us, struct sample *sample);

#endif
