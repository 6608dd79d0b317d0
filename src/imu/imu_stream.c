/*
 * Two rings of readings, merged as imu_stream.h says.
 */
#include "stretch/imu_stream.h"

#include <string.h>

#define INTERVALS 2.0 /* neighbours further apart than this are not joined */

void imu_stream_init(struct imu_stream *stream)
{
	memset(stream, 0, sizeof *stream);
	stream->last_us = INT64_MIN;
}

void imu_stream_add(struct imu_stream *stream, enum site site, const struct bus *bus,
	uint8_t address, enum chip_rate rate)
{
	struct imu_stream_side *side = &stream->side[site];

	memset(side, 0, sizeof *side);
	side->used = true;
	imu_init(&side->imu, bus, address, rate);
}

static struct imu_frame *peek(struct imu_stream_side *side, int32_t index)
{
	return &side->ring[(side->head + index) % IMU_STREAM_RING];
}

static void drop(struct imu_stream_side *side)
{
	side->before = *peek(side, 0);
	side->has_before = true;
	side->head = (side->head + 1) % IMU_STREAM_RING;
	side->count--;
}

static void push(struct imu_stream *stream, struct imu_stream_side *side,
	const struct imu_frame *frame)
{
	if (side->count == IMU_STREAM_RING) {
		drop(side);
		stream->late++;
	}
	side->count++;
	*peek(side, side->count - 1) = *frame;
}

/* A sensor with no room waits until the other one has caught up. */
static bool has_room(const struct imu_stream_side *side)
{
	return side->count <= IMU_STREAM_RING - IMU_BATCH_MAX - 1;
}

/* When one is due the other is asked too: one wake-up for both. */
static void ask(struct imu_stream *stream, int64_t now_us)
{
	bool due = false;

	for (int site = 0; site < SITE_COUNT; site++) {
		if (stream->side[site].asked)
			return;
		due = due ||
			(stream->side[site].used &&
				now_us >= stream->side[site].imu.wake_us);
	}
	for (int site = 0; site < SITE_COUNT && due; site++)
		stream->side[site].asked = stream->side[site].used;
}

/* Has every sensor failed? */
static bool all_failed(const struct imu_stream *stream)
{
	for (int site = 0; site < SITE_COUNT; site++)
		if (stream->side[site].used && stream->side[site].imu.fault == IMU_OK)
			return false;
	return true;
}

int64_t imu_stream_step(struct imu_stream *stream, int64_t now_us)
{
	int64_t wake_us = INT64_MAX;
	bool stepped = false;

	ask(stream, now_us);
	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_stream_side *side = &stream->side[site];
		struct imu_batch batch;

		if (!side->used || !has_room(side)) {
			side->asked = false;
			continue;
		}
		if (side->asked && !stepped) {
			side->asked = false;
			stepped = true;
			(void)imu_step(&side->imu, now_us, &batch);
			for (int32_t i = 0; i < batch.count; i++)
				push(stream, side, &batch.frame[i]);
		}
		if (side->asked)
			wake_us = now_us;
		else if (side->imu.wake_us < wake_us)
			wake_us = side->imu.wake_us;
	}
	if (all_failed(stream) && wake_us > now_us + IMU_STREAM_EMPTY_US)
		wake_us = now_us + IMU_STREAM_EMPTY_US;
	return wake_us < INT64_MAX ? wake_us : now_us;
}

static struct vec3 blend(struct vec3 a, struct vec3 b, double part)
{
	return vec3_add(a, vec3_scale(vec3_sub(b, a), part));
}

static struct imu_reading absent(void)
{
	struct imu_reading reading = { .present = false, .temp_c = MISSING };

	return reading;
}

/* The reading between two frames at t_us; absent where they are too far apart. */
static struct imu_reading between(const struct imu_frame *a, const struct imu_frame *b,
	int64_t t_us, double interval_us)
{
	double length_us = (double)(b->t_us - a->t_us);
	double part = (double)(t_us - a->t_us) / length_us;
	struct imu_reading reading;

	if (!a->reading.present || !b->reading.present ||
		length_us >= INTERVALS * interval_us)
		return absent();
	reading.present = true;
	reading.acc_m_s2 = blend(a->reading.acc_m_s2, b->reading.acc_m_s2, part);
	reading.gyr_rad_s = blend(a->reading.gyr_rad_s, b->reading.gyr_rad_s, part);
	reading.temp_c = b->reading.temp_c;
	return reading;
}

/*
 * The side's reading at t_us, or false when it may still come. Frames before t_us
 * are used up.
 */
static bool reading_at(
	struct imu_stream_side *side, int64_t t_us, struct imu_reading *reading)
{
	const struct imu *imu = &side->imu;

	*reading = absent();
	if (!side->used)
		return true;
	while (side->count > 0 && peek(side, 0)->t_us < t_us)
		drop(side);
	if (side->count > 0) {
		const struct imu_frame *next = peek(side, 0);

		if (next->t_us == t_us)
			*reading = next->reading;
		else if (side->has_before)
			*reading =
				between(&side->before, next, t_us, imu->clock.period_us);
		return true;
	}
	if (imu->state != IMU_STREAM)
		return true;
	/* Drained to the end since then, and still nothing: it does not come. */
	return imu->backlog == 0 && imu->drained_us - t_us > IMU_STREAM_LATE_US;
}

/* What happened to a sensor, told once. A sample has room for one event. */
static void tell(struct imu_stream *stream, struct sample *sample)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_stream_side *side = &stream->side[site];
		enum imu_fault fault = side->imu.fault;

		if (!side->used || (fault == IMU_OK) == (side->told == IMU_OK))
			continue;
		if (fault == IMU_OK && !sample->imu[site].present)
			continue;
		sample->event.kind = fault == IMU_OK ? EVENT_RECOVERED : EVENT_FAULT;
		strncpy(sample->event.word[0], site_names[site], EVENT_WORD_MAX - 1);
		if (fault != IMU_OK)
			strncpy(sample->event.word[1], imu_fault_names[fault],
				EVENT_WORD_MAX - 1);
		side->told = fault;
		return;
	}
}

static bool finish(struct imu_stream *stream, struct sample *sample)
{
	stream->last_us = sample->t_us;
	stream->samples++;
	tell(stream, sample);
	return true;
}

static bool too_late(struct imu_stream *stream, int64_t t_us)
{
	if (stream->last_us == INT64_MIN || t_us > stream->last_us)
		return false;
	stream->late++;
	return true;
}

/* Thigh down: the pelvis' readings, once they are old enough to be alone. */
static bool pelvis_alone(struct imu_stream *stream, int64_t now_us, struct sample *sample)
{
	struct imu_stream_side *pelvis = &stream->side[SITE_PELVIS];

	while (pelvis->count > 0) {
		struct imu_frame frame = *peek(pelvis, 0);

		if (now_us - frame.t_us <= IMU_STREAM_LATE_US)
			return false;
		drop(pelvis);
		if (too_late(stream, frame.t_us))
			continue;
		sample->t_us = frame.t_us;
		sample->imu[SITE_PELVIS] = frame.reading;
		return finish(stream, sample);
	}
	return false;
}

/* A fault that no reading came to tell of; then time alone goes on. */
static bool fault_alone(struct imu_stream *stream, int64_t now_us, struct sample *sample)
{
	int64_t t_us = now_us - IMU_STREAM_LATE_US;
	bool due = stream->last_us != INT64_MIN &&
		t_us - stream->last_us >= IMU_STREAM_EMPTY_US;
	bool untold = false;

	if (!all_failed(stream))
		return false;
	for (int site = 0; site < SITE_COUNT; site++) {
		const struct imu_stream_side *side = &stream->side[site];

		if (side->used && side->count > 0)
			return false;
		untold = untold || (side->used && side->told == IMU_OK);
	}
	if (!untold && !due)
		return false;
	if (stream->last_us != INT64_MIN && t_us <= stream->last_us)
		t_us = stream->last_us + 1;
	sample->t_us = t_us;
	return finish(stream, sample);
}

bool imu_stream_next(struct imu_stream *stream, int64_t now_us, struct sample *sample)
{
	struct imu_stream_side *thigh = &stream->side[SITE_THIGH];
	struct imu_stream_side *pelvis = &stream->side[SITE_PELVIS];

	memset(sample, 0, sizeof *sample);
	sample->imu[SITE_THIGH] = absent();
	sample->imu[SITE_PELVIS] = absent();
	while (thigh->count > 0) {
		struct imu_frame frame = *peek(thigh, 0);

		if (too_late(stream, frame.t_us)) {
			drop(thigh);
			continue;
		}
		if (!reading_at(pelvis, frame.t_us, &sample->imu[SITE_PELVIS]))
			return false;
		drop(thigh);
		sample->t_us = frame.t_us;
		sample->imu[SITE_THIGH] = frame.reading;
		return finish(stream, sample);
	}
	if (pelvis->used && (!thigh->used || thigh->imu.fault != IMU_OK) &&
		pelvis_alone(stream, now_us, sample))
		return true;
	return fault_alone(stream, now_us, sample);
}
