/*
 * Two sensors as one stream: times aligned through the learned clocks, backlogs
 * matched, and one sensor failing while the other goes on.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/emul_bus.h"
#include "stretch/imu_stream.h"

#define SECOND INT64_C(1000000)

struct pair {
	struct emul chip[SITE_COUNT];
	struct emul_bus bus;
	struct imu_stream stream;
	struct random random;
	int64_t last_us;
	uint64_t samples, both, thigh_only, pelvis_only, empty, wakeups;
	double worst_acc, worst_gyr; /* pelvis against the motion at the sample's time */
	double worst_offset_us;      /* thigh's time against the log */
	struct event event[16];
	int64_t event_us[16];
	int events;
	int64_t longest_wait_us; /* from a sample's time to its delivery */
};

static struct pair pair;

static void pair_init(enum emul_kind thigh, enum emul_kind pelvis, bool with_pelvis)
{
	struct bus door;

	memset(&pair, 0, sizeof pair);
	emul_bus_init(&pair.bus);
	pair.bus.us_per_byte = 22.5; /* 400 kHz */
	emul_init(&pair.chip[0], thigh, thigh >= EMUL_LSM6DSO ? 0x6A : 0x68, 1);
	emul_init(&pair.chip[1], pelvis, pelvis >= EMUL_LSM6DSO ? 0x6B : 0x69, 2);
	pair.chip[0].rate_error = 0.04;
	pair.chip[1].rate_error = -0.03;
	door = emul_bus_door(&pair.bus);
	imu_stream_init(&pair.stream);
	emul_bus_add(&pair.bus, &pair.chip[0]);
	imu_stream_add(
		&pair.stream, SITE_THIGH, &door, pair.chip[0].address, CHIP_RATE_100);
	if (with_pelvis) {
		emul_bus_add(&pair.bus, &pair.chip[1]);
		imu_stream_add(&pair.stream, SITE_PELVIS, &door, pair.chip[1].address,
			CHIP_RATE_100);
	}
	random_seed(&pair.random, 5, 5);
	pair.last_us = INT64_MIN;
	emul_bus_advance(&pair.bus, SECOND);
}

static void take(const struct sample *s)
{
	const struct imu_reading *thigh = &s->imu[SITE_THIGH];
	const struct imu_reading *pelvis = &s->imu[SITE_PELVIS];
	double acc_g[3], gyr_dps[3];

	assert_true(s->t_us > pair.last_us);
	pair.last_us = s->t_us;
	pair.samples++;
	if (pair.bus.now_us - s->t_us > pair.longest_wait_us)
		pair.longest_wait_us = pair.bus.now_us - s->t_us;
	if (s->event.kind != EVENT_NONE && pair.events < 16) {
		pair.event[pair.events] = s->event;
		pair.event_us[pair.events++] = s->t_us;
	}
	if (thigh->present && pelvis->present)
		pair.both++;
	else if (thigh->present)
		pair.thigh_only++;
	else if (pelvis->present)
		pair.pelvis_only++;
	else
		pair.empty++;
	emul_swing(NULL, (double)s->t_us * 1e-6, acc_g, gyr_dps);
	for (int site = 0; site < SITE_COUNT; site++) {
		const struct imu_reading *r = &s->imu[site];

		if (!r->present)
			continue;
		pair.worst_acc =
			fmax(pair.worst_acc, fabs(r->acc_m_s2.x - acc_g[0] * 9.80665));
		pair.worst_acc =
			fmax(pair.worst_acc, fabs(r->acc_m_s2.z - acc_g[2] * 9.80665));
		pair.worst_gyr = fmax(
			pair.worst_gyr, fabs(r->gyr_rad_s.y * DEG_PER_RAD - gyr_dps[1]));
	}
}

static void pair_run(double seconds)
{
	int64_t until_us = pair.bus.now_us + (int64_t)(seconds * 1e6);
	int64_t last_wake_us = 0;

	while (pair.bus.now_us < until_us) {
		int64_t wake_us = imu_stream_step(&pair.stream, pair.bus.now_us);
		struct sample sample;

		while (imu_stream_next(&pair.stream, pair.bus.now_us, &sample))
			take(&sample);
		if (wake_us <= pair.bus.now_us)
			continue;
		if (wake_us != last_wake_us)
			pair.wakeups++;
		last_wake_us = wake_us;
		wake_us += (int64_t)random_between(&pair.random, 0.0, 1000.0);
		emul_bus_advance(&pair.bus, wake_us < until_us ? wake_us : until_us);
	}
}

static void forget(void)
{
	pair.samples = pair.both = pair.thigh_only = pair.pelvis_only = pair.empty = 0;
	pair.worst_acc = pair.worst_gyr = 0.0;
	pair.events = 0;
	pair.longest_wait_us = 0;
	pair.wakeups = 0;
}

/*
 * Both chips feel the same motion, on clocks 7 % apart: what is left between them
 * is the error of the alignment. 190 deg/s: 0.19 deg and 0.033 m/s^2 a millisecond.
 */
static void test_two_aligned(void **state)
{
	static const enum emul_kind kinds[][2] = {
		{ EMUL_MPU6050, EMUL_MPU6500 },
		{ EMUL_LSM6DSO, EMUL_LSM6DSR },
		{ EMUL_MPU9250, EMUL_LSM6DSL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		double expected;

		pair_init(kinds[i][0], kinds[i][1], true);
		pair_run(20.0);
		forget();
		pair_run(60.0);
		expected = 60.0 * emul_true_rate_hz(&pair.chip[0]);
		printf("# %s and %s: acceleration of both within %.3f m/s^2 of the "
		       "motion, rate within %.2f deg/s; longest wait %.0f ms; %.1f "
		       "wake-ups/s, %.0f transfers/s\n",
			emul_names[kinds[i][0]], emul_names[kinds[i][1]], pair.worst_acc,
			pair.worst_gyr, (double)pair.longest_wait_us * 1e-3,
			(double)pair.wakeups / 60.0, (double)pair.bus.transfers / 80.0);
		assert_true(fabs((double)pair.samples - expected) < 12.0);
		assert_true(pair.both >= pair.samples - 2);
		assert_true(pair.worst_acc < 0.15);
		assert_true(pair.worst_gyr < 3.0);
		assert_int_equal(pair.events, 0);
		assert_int_equal(pair.stream.late, 0);
	}
}

static void test_one_alone(void **state)
{
	(void)state;
	pair_init(EMUL_MPU6050, EMUL_MPU6050, false);
	pair_run(1.0);
	forget();
	pair_run(10.0);
	assert_in_range(pair.thigh_only, 1030, 1050);
	assert_int_equal(pair.both + pair.pelvis_only + pair.empty, 0);
	/* One sensor waits for nobody: a drain, and what lateness there is. */
	assert_true(pair.longest_wait_us < 70000);
}

static void expect_event(
	int index, enum event_kind kind, const char *site, const char *name)
{
	assert_true(index < pair.events);
	assert_int_equal(pair.event[index].kind, kind);
	assert_string_equal(pair.event[index].word[0], site);
	assert_string_equal(pair.event[index].word[1], name);
}

static void test_pelvis_fails(void **state)
{
	uint64_t late;

	(void)state;
	pair_init(EMUL_LSM6DSO, EMUL_LSM6DSO, true);
	pair_run(10.0);
	forget();
	pair.chip[1].refuses = true;
	pair_run(5.0);
	expect_event(0, EVENT_FAULT, "pelvis", "nack");
	assert_int_equal(pair.events, 1);
	assert_in_range(pair.thigh_only, 510, 545);
	assert_int_equal(pair.pelvis_only + pair.empty, 0);
	/* The thigh's samples wait until the pelvis is given up, then no more. */
	assert_true(pair.longest_wait_us < 300000);
	forget();
	pair_run(5.0);
	assert_true(pair.longest_wait_us < 120000);
	emul_power_cycle(&pair.chip[1]);
	pair.chip[1].refuses = false;
	pair_run(2.0);
	expect_event(0, EVENT_RECOVERED, "pelvis", "");
	forget();
	late = pair.stream.late;
	pair_run(10.0);
	assert_true(pair.both >= pair.samples - 1);
	assert_true(pair.worst_acc < 0.2);
	assert_true(pair.stream.late == late);
}

static void test_thigh_fails(void **state)
{
	(void)state;
	pair_init(EMUL_MPU6050, EMUL_MPU6500, true);
	pair_run(10.0);
	forget();
	pair.chip[0].refuses = true;
	pair_run(5.0);
	expect_event(0, EVENT_FAULT, "thigh", "nack");
	assert_int_equal(pair.events, 1);
	/* 97 Hz of the pelvis, less the time until the thigh was given up. */
	assert_in_range(pair.pelvis_only, 440, 490);
	assert_int_equal(pair.empty, 0);
	emul_power_cycle(&pair.chip[0]);
	pair.chip[0].refuses = false;
	pair_run(2.0);
	expect_event(1, EVENT_RECOVERED, "thigh", "");
	forget();
	pair_run(10.0);
	assert_true(pair.both >= pair.samples - 1);
	assert_in_range(pair.samples, 1030, 1050);
}

/* Nothing there from the start; then both; then none; then both again. */
static void test_both_fail(void **state)
{
	(void)state;
	pair_init(EMUL_MPU6050, EMUL_MPU6050, true);
	pair.chip[0].refuses = true;
	pair.chip[1].refuses = true;
	pair_run(5.0);
	/* One every 50 ms for 5 s, and none at a reading's own rate. */
	assert_in_range(pair.samples, 90, 102);
	assert_int_equal(pair.empty, pair.samples);
	assert_int_equal(pair.events, 2);
	expect_event(0, EVENT_FAULT, "thigh", "nack");
	expect_event(1, EVENT_FAULT, "pelvis", "nack");
	forget();
	pair.chip[0].refuses = false;
	pair.chip[1].refuses = false;
	pair_run(3.0);
	assert_int_equal(pair.events, 2);
	assert_int_equal(pair.event[0].kind, EVENT_RECOVERED);
	assert_int_equal(pair.event[1].kind, EVENT_RECOVERED);
	forget();
	pair.chip[0].refuses = true;
	pair.chip[1].refuses = true;
	pair_run(5.0);
	assert_int_equal(pair.events, 2);
	assert_int_equal(pair.event[0].kind, EVENT_FAULT);
	assert_int_equal(pair.event[1].kind, EVENT_FAULT);
	assert_in_range(pair.empty, 85, 102);
	forget();
	pair.chip[0].refuses = false;
	pair.chip[1].refuses = false;
	pair_run(3.0);
	forget();
	pair_run(5.0);
	assert_in_range(pair.both, 510, 530);
}

/* The host stops for as long as the larger FIFO lasts: the backlogs are matched. */
static void test_backlog(void **state)
{
	(void)state;
	pair_init(EMUL_LSM6DSO, EMUL_LSM6DSL, true);
	pair_run(20.0);
	forget();
	for (int i = 0; i < 10; i++) {
		emul_bus_advance(&pair.bus, pair.bus.now_us + 1000000);
		pair_run(1.0);
	}
	assert_in_range(pair.samples, 20 * 108 - 20, 20 * 108 + 20);
	printf("# after stops of 1 s: acceleration within %.3f m/s^2, %llu of %llu "
	       "samples "
	       "with both\n",
		pair.worst_acc, (unsigned long long)pair.both,
		(unsigned long long)pair.samples);
	assert_true(pair.both >= pair.samples - 5);
	assert_int_equal(pair.stream.late, 0);
	assert_true(pair.worst_acc < 0.2);
}

/* Joined only across less than two intervals: a hole in the pelvis stays a hole. */
static void test_no_guessing(void **state)
{
	struct imu_stream *stream = &pair.stream;
	struct imu_stream_side *pelvis = &stream->side[SITE_PELVIS];
	struct imu_stream_side *thigh = &stream->side[SITE_THIGH];
	struct sample sample;
	/* Pelvis readings at 0, 10, 20, (hole), 45, 55 (absent), 65, 75 ms. */
	static const int64_t t_ms[] = { 0, 10, 20, 45, 55, 65, 75 };
	/* By hand: is the pelvis there at the thigh's 5, 20, 30, 50, 70 ms? */
	static const struct {
		int64_t t_ms;
		bool there;
		double x;
	} expected[] = { { 5, true, 5.0 }, { 20, true, 20.0 }, { 30, false, 0.0 },
		{ 50, false, 0.0 }, { 70, true, 70.0 } };

	(void)state;
	pair_init(EMUL_MPU6050, EMUL_MPU6050, true);
	for (int site = 0; site < SITE_COUNT; site++) {
		chip_clock_init(&stream->side[site].imu.clock, 100.0);
		stream->side[site].imu.state = IMU_STREAM;
	}
	for (size_t i = 0; i < sizeof t_ms / sizeof t_ms[0]; i++) {
		struct imu_frame *frame = &pelvis->ring[pelvis->count++];

		frame->t_us = t_ms[i] * 1000;
		frame->reading.present = t_ms[i] != 55;
		frame->reading.acc_m_s2.x = (double)t_ms[i];
	}
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct imu_frame *frame = &thigh->ring[thigh->count++];

		frame->t_us = expected[i].t_ms * 1000;
		frame->reading.present = true;
	}
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		assert_true(imu_stream_next(stream, 80000, &sample));
		assert_int_equal(sample.t_us, expected[i].t_ms * 1000);
		assert_true(sample.imu[SITE_THIGH].present);
		assert_int_equal(sample.imu[SITE_PELVIS].present, expected[i].there);
		assert_true(
			fabs(sample.imu[SITE_PELVIS].acc_m_s2.x - expected[i].x) < 1e-9);
	}
	assert_false(imu_stream_next(stream, 80000, &sample));
	/* Older than what was given out: never. */
	thigh->ring[thigh->head].t_us = 69000;
	thigh->count = 1;
	assert_false(imu_stream_next(stream, 80000, &sample));
	assert_int_equal(stream->late, 1);
	/* Newer than the pelvis' last: waits, and after 150 ms goes alone. */
	thigh->ring[thigh->head].t_us = 80000;
	thigh->ring[thigh->head].reading.present = true;
	thigh->count = 1;
	pelvis->imu.drained_us = 229000;
	assert_false(imu_stream_next(stream, 300000, &sample));
	pelvis->imu.drained_us = 231000;
	pelvis->imu.backlog = 1;
	assert_false(imu_stream_next(stream, 300000, &sample));
	pelvis->imu.backlog = 0;
	assert_true(imu_stream_next(stream, 300000, &sample));
	assert_false(sample.imu[SITE_PELVIS].present);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_guessing),
		cmocka_unit_test(test_one_alone),
		cmocka_unit_test(test_two_aligned),
		cmocka_unit_test(test_pelvis_fails),
		cmocka_unit_test(test_thigh_fails),
		cmocka_unit_test(test_both_fail),
		cmocka_unit_test(test_backlog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
