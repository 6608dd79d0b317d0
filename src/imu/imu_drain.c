/*
 * Streaming: fill level, burst, fill level again, decode, judge; then one register
 * or the temperature now and then.
 *
 * No byte is believed for its own sake. A level that is not what the clock expects
 * is read again and the smaller one taken; frames are decoded as a whole burst and
 * given out only when all of them, and the level behind them, make sense.
 */
#include "stretch/imu_parts.h"

#include "stretch/bytes.h"

#include <math.h>

#define MARGIN_FRAMES 3 /* as the kernel's inv_mpu6050: time between count and burst */
#define EDGES_SILENT_US 1000000
#define EDGE_AGE_S 2.0 /* by then the period is known well enough to wait for edges */
#define EDGE_PERIODS 0.9 /* while the chip's clock may be 5 % off */
#define CHECK_US 100000
#define TEMP_US 1000000
#define SILENCE_US 150000
#define CALM_US 1000000 /* of streaming, until the back-off is short again */
#define RUN_US 100000   /* of frozen, zero or one frames, until the chip is restarted */
#define TEMP_LOW_C (-40.0)
#define TEMP_HIGH_C 85.0
#define TEMP_LEAP_C 3.0 /* from frame to frame: a shifted frame, no weather */

/*
 * The stream is out of order. First of all: is it the chip, or does the bus make up
 * what we read?
 */
static int64_t trouble(struct imu *imu, enum imu_fault fault, int64_t now_us)
{
	uint8_t id = 0;
	int error = imu_read(imu, imu->family->id_register, &id, 1);

	if (error != 0) {
		int64_t wake_us = imu_failed(imu, error, now_us);

		return imu->state == IMU_STREAM ? imu_restart(imu, fault, wake_us)
						: wake_us;
	}
	if (id != imu->chip->id && (id == 0x00 || id == 0xFF)) {
		fault = imu_name_id(imu, id);
		imu_count(imu, fault);
		return imu_give_up(imu, fault, now_us);
	}
	imu_count(imu, fault);
	return fault == IMU_REGISTER || fault == IMU_SILENT
		? imu_give_up(imu, fault, now_us)
		: imu_restart(imu, fault, now_us);
}

static int read_level(struct imu *imu, struct chip_level *level)
{
	uint8_t status[CHIP_LEVEL_MAX] = { 0 };
	int error =
		imu_read(imu, imu->chip->level_register, status, imu->chip->level_size);

	*level = imu->chip->level(status);
	return error;
}

/*
 * Frames that can have come by the learned clock: one more than must have. Reading
 * beyond the last one would be found out by the decoder, at the price of the burst.
 */
static int32_t expected(const struct imu *imu, int64_t now_us)
{
	const struct chip_clock *clock = &imu->clock;
	double fresh = ((double)now_us - clock->last_us) / clock->period_us;

	if (!chip_clock_sure(clock) || !(fresh > 0.0))
		return 0;
	return (int32_t)(clock->arrived - clock->taken) + (int32_t)fmin(fresh, 1000.0) +
		1;
}

/* The level; read twice when it is not what was expected, and the smaller one taken. */
static int look_level(struct imu *imu, int32_t plausible, struct chip_level *level)
{
	struct chip_level again;
	int error = read_level(imu, level);

	if (error != 0 || (level->aligned && level->frames <= plausible))
		return error;
	error = read_level(imu, &again);
	if (error != 0)
		return error;
	again.overflow = again.overflow || level->overflow; /* told only once */
	/* Without a clock there is nothing else to tell a right count by. */
	if (!chip_clock_sure(&imu->clock) && again.frames != level->frames &&
		again.frames != level->frames + 1)
		again.frames = 0;
	if (level->aligned && again.frames >= level->frames) {
		level->overflow = again.overflow;
		return 0;
	}
	if (again.aligned)
		imu_count(imu, IMU_GARBLED);
	*level = again;
	return 0;
}

static double frame_temp_c(const struct imu *imu, const struct chip_counts *counts)
{
	const struct chip *chip = imu->chip;

	if (chip->temp_register != 0)
		return imu->temp_c;
	return counts->temp * chip->temp_c + chip->temp_zero_c;
}

static bool temp_plausible(const struct imu *imu, double temp_c)
{
	if (temp_c < TEMP_LOW_C || temp_c > TEMP_HIGH_C)
		return false;
	return isnan(imu->temp_c) || fabs(temp_c - imu->temp_c) <= TEMP_LEAP_C;
}

/* Decodes a burst; false when one of its frames cannot be right. */
static bool decode(
	struct imu *imu, const uint8_t *bytes, int32_t n, struct chip_counts *counts)
{
	const struct chip *chip = imu->chip;

	for (int32_t i = 0; i < n; i++) {
		int8_t slot = imu->slot;
		double temp_c;

		if (!chip->decode(bytes + i * chip->frame_size, &counts[i]))
			return false;
		if (slot >= 0 && counts[i].slot >= 0 &&
			counts[i].slot != ((slot + 1) & 3))
			return false;
		imu->slot = counts[i].slot;
		temp_c = frame_temp_c(imu, &counts[i]);
		if (chip->temp_register != 0 || imu_judge_blank(&counts[i]))
			continue;
		if (!temp_plausible(imu, temp_c))
			return false;
		imu->temp_c = temp_c;
	}
	return true;
}

static enum imu_fault name_seen(enum imu_seen seen)
{
	switch (seen) {
	case IMU_SEEN_ZEROS: return IMU_ZEROS;
	case IMU_SEEN_ONES: return IMU_ONES;
	case IMU_SEEN_FROZEN: return IMU_FROZEN;
	case IMU_SEEN_GOOD: break;
	}
	return IMU_OK;
}

/* Gives the frames out. Returns the fault to restart the chip for, or IMU_OK. */
static enum imu_fault give(struct imu *imu, const struct chip_counts *counts, int32_t n,
	int64_t now_us, struct imu_batch *batch)
{
	uint32_t spikes = imu->judge.spikes;

	for (int32_t i = 0; i < n; i++) {
		int64_t t_us = chip_clock_take(&imu->clock);

		if (imu_judge_step(&imu->judge, imu->chip, &counts[i],
			    frame_temp_c(imu, &counts[i]), t_us, batch))
			imu_count(imu, name_seen(imu->judge.seen));
	}
	imu->frames += (uint64_t)n;
	imu->frame_us = now_us;
	imu->count[IMU_SPIKE] += imu->judge.spikes - spikes;
	for (int32_t i = 0; i < batch->count; i++)
		if (batch->frame[i].reading.present) {
			imu->fault = IMU_OK;
			imu->restarts = 0;
		}
	if ((double)imu->judge.run * imu->clock.nominal_us >= RUN_US)
		return name_seen(imu->judge.seen);
	return IMU_OK;
}

/* Reads n frames. False: they are no good, and *wake_us is the next wake-up. */
static bool burst(struct imu *imu, int32_t n, struct chip_counts *counts, int64_t now_us,
	int64_t *wake_us)
{
	uint8_t bytes[IMU_BATCH_MAX * CHIP_FRAME_MAX];
	struct chip_level after;
	int error = imu_read(
		imu, imu->chip->fifo_register, bytes, (size_t)n * imu->chip->frame_size);

	if (error == 0) {
		error = read_level(imu, &after);
		if (error == 0 && !after.aligned)
			error = read_level(imu, &after);
	}
	if (error != 0) {
		/* How much was taken out of the FIFO is not known. */
		*wake_us = imu_failed(imu, error, now_us);
		if (imu->state == IMU_STREAM)
			*wake_us = imu_restart(imu, IMU_GARBLED, *wake_us);
		return false;
	}
	if (after.overflow || !after.aligned) {
		*wake_us = trouble(
			imu, after.overflow ? IMU_OVERFLOW : IMU_MISALIGNED, now_us);
		return false;
	}
	if (!decode(imu, bytes, n, counts)) {
		*wake_us = trouble(imu, IMU_GARBLED, now_us);
		return false;
	}
	return true;
}

/* Silence: a chip that lost its registers, or one that just does not measure. */
static int64_t silent(struct imu *imu, int64_t now_us)
{
	for (int32_t i = 0; i < imu_register_count(imu); i++) {
		int result = imu_check(imu, imu_register_at(imu, i));

		if (result < 0)
			return imu_failed(imu, result, now_us);
		if (result > 0)
			return trouble(imu, IMU_REGISTER, now_us);
	}
	return trouble(imu, IMU_SILENT, now_us);
}

static int read_temp(struct imu *imu, int64_t now_us)
{
	const struct chip *chip = imu->chip;
	uint8_t bytes[2] = { 0 };
	double temp_c;
	int error = imu_read(imu, chip->temp_register, bytes, sizeof bytes);

	if (error != 0)
		return error;
	temp_c = chip->temp_low_first ? le16s(bytes) : be16s(bytes);
	temp_c = temp_c * chip->temp_c + chip->temp_zero_c;
	imu->temp_us = now_us;
	if (temp_plausible(imu, temp_c)) {
		imu->temp_c = temp_c;
	} else {
		imu->temp_c = MISSING; /* the next one starts anew */
		imu_count(imu, IMU_GARBLED);
	}
	return 0;
}

/* Beside the stream: temperature, or one register. Returns the next wake-up. */
static int64_t look_after(struct imu *imu, int64_t now_us, int64_t wake_us)
{
	int result;

	if (imu->chip->temp_register != 0 &&
		(imu->temp_us == INT64_MIN || now_us - imu->temp_us >= TEMP_US)) {
		result = read_temp(imu, now_us);
		return result != 0 ? imu_failed(imu, result, now_us) : wake_us;
	}
	if (now_us - imu->check_us < CHECK_US - IMU_DRAIN_US / 2)
		return wake_us;
	result = imu_check(imu, imu_register_at(imu, imu->check));
	if (result < 0)
		return imu_failed(imu, result, now_us);
	if (result > 0)
		return trouble(imu, IMU_REGISTER, now_us);
	imu->check_us = now_us;
	imu->check = (imu->check + 1) % imu_register_count(imu);
	return wake_us;
}

static int64_t next_drain(struct imu *imu, int64_t now_us)
{
	if (imu->backlog > 0)
		return now_us;
	return now_us + IMU_DRAIN_US - chip_clock_dither_us(&imu->clock, imu->drains++);
}

/*
 * The newest edge, when it is certain which sample it belongs to: it came before the
 * level was asked for, and none came until after the answer. So it is the newest
 * sample's. An edge that was missed would leave more than a period behind it.
 */
static bool sure_edge(struct imu *imu, int64_t now_us, int64_t *edge_us)
{
	double part;
	int count;

	if (imu->edges.take == NULL)
		return false;
	count = imu->edges.take(imu->edges.context, edge_us);
	imu->edge_count += count > 0 ? (uint64_t)count : 0;
	if (count > 0) {
		imu->ready = IMU_READY_GOOD;
		imu->edge_us = now_us;
	} else if (now_us - imu->edge_us > EDGES_SILENT_US) {
		imu->ready = IMU_READY_SILENT;
	}
	part = chip_clock_sure(&imu->clock) ? 1.0 : EDGE_PERIODS;
	return count > 0 && *edge_us <= now_us &&
		(double)(now_us - *edge_us) < part * imu->clock.period_us;
}

static void observe(struct imu *imu, int32_t waiting, int64_t now_us)
{
	int64_t edge_us;

	if (sure_edge(imu, now_us, &edge_us)) {
		imu->edge_pairs++;
		imu->pair_us = now_us;
		chip_clock_observe_edge(&imu->clock, waiting, now_us, edge_us);
	} else if (imu->ready == IMU_READY_GOOD && chip_clock_sure(&imu->clock) &&
		imu->clock.age_s > EDGE_AGE_S &&
		now_us - imu->pair_us < EDGES_SILENT_US) {
		chip_clock_count(&imu->clock, waiting, now_us);
	} else {
		chip_clock_observe(&imu->clock, waiting, now_us);
	}
}

int64_t imu_drain(struct imu *imu, int64_t now_us, struct imu_batch *batch)
{
	struct chip_counts counts[IMU_BATCH_MAX];
	int32_t plausible = expected(imu, now_us);
	struct chip_level level;
	enum imu_fault fault;
	int64_t wake_us;
	int32_t n;
	int error = look_level(imu, plausible, &level);

	if (error != 0)
		return imu_failed(imu, error, now_us);
	imu->streak = 0;
	imu->drained_us = now_us;
	imu->backlog = level.frames;
	if (level.overflow || level.frames > imu->chip->fifo_frames - MARGIN_FRAMES)
		return trouble(imu, IMU_OVERFLOW, now_us);
	if (!level.aligned)
		return trouble(imu, IMU_MISALIGNED, now_us);
	if (now_us - imu->stream_us > CALM_US)
		imu->backoff_us = IMU_BACKOFF_MIN_US;
	observe(imu, level.frames, now_us);
	if (level.frames == 0) {
		if (now_us - imu->frame_us > SILENCE_US)
			return silent(imu, now_us);
		return look_after(imu, now_us, next_drain(imu, now_us));
	}
	if (!chip_clock_sure(&imu->clock))
		return now_us + chip_clock_second_us(&imu->clock);
	n = level.frames < IMU_BATCH_MAX ? level.frames : IMU_BATCH_MAX;
	if (!burst(imu, n, counts, now_us, &wake_us))
		return wake_us;
	imu->backlog = level.frames - n;
	fault = give(imu, counts, n, now_us, batch);
	if (fault != IMU_OK)
		return imu_give_up(imu, fault, now_us);
	return look_after(imu, now_us, next_drain(imu, now_us));
}
