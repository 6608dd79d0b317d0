/*
 * The checks of imu_judge.h, on counts where equality matters and on SI values
 * where size does.
 */
#include "stretch/imu_judge.h"

#include <math.h>
#include <string.h>

#define FROZEN_REPEATS 2

void imu_judge_init(struct imu_judge *judge)
{
	memset(judge, 0, sizeof *judge);
}

void imu_judge_break(struct imu_judge *judge)
{
	judge->has_before = false;
	judge->has_held = false;
	judge->seen = IMU_SEEN_GOOD;
	if (judge->run > FROZEN_REPEATS)
		judge->run = FROZEN_REPEATS;
}

static bool all_are(const struct chip_counts *counts, int value)
{
	for (int axis = 0; axis < 3; axis++)
		if (counts->acc[axis] != value || counts->gyr[axis] != value)
			return false;
	return true;
}

bool imu_judge_blank(const struct chip_counts *counts)
{
	return all_are(counts, 0) || all_are(counts, -1);
}

static bool equal(const struct chip_counts *a, const struct chip_counts *b)
{
	for (int axis = 0; axis < 3; axis++)
		if (a->acc[axis] != b->acc[axis] || a->gyr[axis] != b->gyr[axis])
			return false;
	return true;
}

/* Counts equal frames before this one in `run`, and names what the frame is. */
static enum imu_seen look(struct imu_judge *judge, const struct chip_counts *counts)
{
	bool repeated = judge->has_last && equal(&judge->last, counts);
	enum imu_seen seen = IMU_SEEN_GOOD;

	judge->run = repeated ? judge->run + 1 : 0;
	judge->last = *counts;
	judge->has_last = true;
	if (all_are(counts, 0))
		seen = IMU_SEEN_ZEROS;
	else if (all_are(counts, -1))
		seen = IMU_SEEN_ONES;
	else if (judge->run >= FROZEN_REPEATS)
		seen = IMU_SEEN_FROZEN;
	return seen;
}

static struct imu_frame convert(const struct chip *chip, const struct chip_counts *counts,
	double temp_c, int64_t t_us)
{
	struct imu_frame frame = { .t_us = t_us };

	frame.reading.present = true;
	frame.reading.acc_m_s2 = (struct vec3){ counts->acc[0] * chip->acc_m_s2,
		counts->acc[1] * chip->acc_m_s2, counts->acc[2] * chip->acc_m_s2 };
	frame.reading.gyr_rad_s = (struct vec3){ counts->gyr[0] * chip->gyr_rad_s,
		counts->gyr[1] * chip->gyr_rad_s, counts->gyr[2] * chip->gyr_rad_s };
	frame.reading.temp_c = temp_c;
	return frame;
}

static struct imu_frame absent(int64_t t_us)
{
	struct imu_frame frame = { .t_us = t_us };

	frame.reading.temp_c = MISSING;
	return frame;
}

static void give(struct imu_batch *batch, const struct imu_frame *frame)
{
	if (batch->count <= IMU_BATCH_MAX)
		batch->frame[batch->count++] = *frame;
}

static void axes(const struct imu_frame *frame, double value[6])
{
	const struct imu_reading *r = &frame->reading;

	value[0] = r->acc_m_s2.x / IMU_LEAP_ACC_M_S2;
	value[1] = r->acc_m_s2.y / IMU_LEAP_ACC_M_S2;
	value[2] = r->acc_m_s2.z / IMU_LEAP_ACC_M_S2;
	value[3] = r->gyr_rad_s.x / IMU_LEAP_GYR_RAD_S;
	value[4] = r->gyr_rad_s.y / IMU_LEAP_GYR_RAD_S;
	value[5] = r->gyr_rad_s.z / IMU_LEAP_GYR_RAD_S;
}

static bool leaps(const struct imu_frame *from, const struct imu_frame *to)
{
	double a[6], b[6];

	axes(from, a);
	axes(to, b);
	for (int i = 0; i < 6; i++)
		if (fabs(b[i] - a[i]) > 1.0)
			return true;
	return false;
}

/* Did the middle frame leap in some axis, and the last one come back? */
static bool spike(const struct imu_frame *first, const struct imu_frame *middle,
	const struct imu_frame *last)
{
	double a[6], b[6], c[6];

	axes(first, a);
	axes(middle, b);
	axes(last, c);
	for (int i = 0; i < 6; i++) {
		double out = b[i] - a[i], back = b[i] - c[i];
		double less = fmin(fabs(out), fabs(back));

		if (less > 1.0 && (out > 0.0) == (back > 0.0) &&
			fabs(c[i] - a[i]) < 0.5 * less)
			return true;
	}
	return false;
}

/* The frame behind the held one tells what that was. */
static void settle(
	struct imu_judge *judge, const struct imu_frame *next, struct imu_batch *batch)
{
	struct imu_frame held = judge->held;
	bool gone;

	if (!judge->has_held)
		return;
	judge->has_held = false;
	if (judge->has_before)
		gone = spike(&judge->before, &held, next);
	else
		gone = leaps(&held, next); /* which of the two is wrong is not known */
	if (gone) {
		judge->spikes++;
		held = absent(held.t_us);
	} else {
		judge->before = held;
		judge->has_before = true;
	}
	give(batch, &held);
}

bool imu_judge_step(struct imu_judge *judge, const struct chip *chip,
	const struct chip_counts *counts, double temp_c, int64_t t_us,
	struct imu_batch *batch)
{
	enum imu_seen before = judge->seen;
	struct imu_frame frame;

	judge->seen = look(judge, counts);
	if (judge->seen != IMU_SEEN_GOOD) {
		/* A held frame has no successor to tell by: not believed either. */
		if (judge->has_held) {
			frame = absent(judge->held.t_us);
			give(batch, &frame);
			judge->has_held = false;
		}
		frame = absent(t_us);
		give(batch, &frame);
		judge->has_before = false;
		return judge->seen != before;
	}
	frame = convert(chip, counts, temp_c, t_us);
	settle(judge, &frame, batch);
	if (!judge->has_before || leaps(&judge->before, &frame)) {
		judge->held = frame;
		judge->has_held = true;
		return false;
	}
	give(batch, &frame);
	judge->before = frame;
	return false;
}
