/*
 * Any answers on the sensors' bus, under the drivers, the merged stream and a session.
 *
 * One or two emulated chips are brought up and streamed from; the input says of each
 * transfer whether it is let through, fails (with nothing, half or all of it moved), is
 * answered with the input's own bytes (ids, registers, fill levels, frames), gets a bit
 * turned over or is lost; and between transfers, whether the host stops, a chip loses
 * power, its FIFO bytes, or is unplugged.
 *
 * Must hold: no crash, no step that repeats without end; times grow; what is present is
 * finite and within the chip's range; a row of the session always prints, and an angle
 * has its error. As long as no byte was forged, every reading is what the chip measured
 * then. When the input is over and all is whole again, both sensors are back within the
 * 2 s that imu.h promises, and half a second comes without a gap and exact; but a chip
 * that answered as a clock does is left alone for good.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/emul_bus.h"
#include "stretch/imu_stream.h"
#include "stretch/raw.h"
#include "stretch/rows.h"
#include "stretch/session.h"

#define INPUT_MAX 4096
#define SECOND INT64_C(1000000)
#define LIMIT_US (30 * SECOND) /* an input that stalls the host is cut off there */
#define STEPS_MAX 200000

/* Against the swing of emul.h, which moves 32 m/s^2 a second at its fastest: a time that
 * is 15 ms off, or 80 ms in a backlog that was taken before the rate was learned. */
#define EXACT_ACC_M_S2 0.6
#define HONEST_ACC_M_S2 3.0

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	const uint8_t *data;
	size_t size, at;
	unsigned pass; /* transfers that are let through before the next word is read */
	bool over;     /* the input is: nothing more happens */
	bool forged;   /* bytes were given that no chip sent */
	bool judged;   /* a session runs on the stream: half as fast */
	struct emul chip[SITE_COUNT];
	struct emul_bus bus;
	struct bus door;
	struct imu_stream stream;
	struct session_inputs inputs;
	struct session_state session;
	int64_t last_us, origin_us;
	uint64_t present[SITE_COUNT], absent[SITE_COUNT];
	double worst_m_s2;
} rig;

static void broken(int line, const char *what)
{
	fprintf(stderr, "line %d: not so: %s\n", line, what);
	abort();
}

#define must(what) \
	do { \
		if (!(what)) \
			broken(__LINE__, #what); \
	} while (0)

static uint8_t take(void)
{
	return rig.at < rig.size ? rig.data[rig.at++] : 0;
}

/* ---- the bus ---- */

/* What the low three bits of an input's word do to a transfer; the others say how. */
enum { DO_PASS, DO_PASS_MORE, DO_PASS_MANY, DO_FAIL, DO_FORGE, DO_TURN, DO_STOP, DO_WORLD };

static uint8_t next_word(void)
{
	uint8_t word;

	if (rig.pass > 0 || rig.at >= rig.size) {
		rig.pass -= rig.pass > 0;
		return DO_PASS;
	}
	word = take();
	if ((word & 7) == DO_PASS_MORE)
		rig.pass = word >> 3;
	if ((word & 7) == DO_PASS_MANY)
		rig.pass = (word >> 3) * 8u;
	return word;
}

static struct emul *chip_at(uint8_t address)
{
	for (int site = 0; site < SITE_COUNT; site++)
		if (rig.chip[site].address == address)
			return &rig.chip[site];
	return &rig.chip[0];
}

/* Between transfers: power, plug, bytes of the FIFO. */
static void shake(struct emul *chip, unsigned how)
{
	if (how < 8) {
		rig.forged = true; /* where a frame ends is not told any more */
		emul_fifo_skip(chip, (int)how + 1);
	} else if (how < 16) {
		emul_power_cycle(chip);
	} else if (how < 24) {
		chip->refuses = !chip->refuses;
		if (!chip->refuses)
			emul_power_cycle(chip);
	} else {
		/* its first two equal frames cannot be told from good ones */
		rig.forged = true;
		chip->frozen = !chip->frozen;
		chip->ever_frozen = true;
	}
}

static int fail(uint8_t word, size_t size, size_t *moved)
{
	static const int errors[8] = { BUS_ENXIO, BUS_EREMOTEIO, BUS_EAGAIN, BUS_ETIMEDOUT,
		BUS_EIO, BUS_ENODEV, BUS_ESHUTDOWN, BUS_EBUSY };
	static const unsigned halves[4] = { 0, 1, 2, 0 };

	*moved = size * halves[word >> 6] / 2;
	return -errors[word >> 3 & 7];
}

static void before_transfer(uint8_t word, uint8_t address)
{
	int64_t ms = (word >> 3) + 1;

	if ((word & 7) == DO_STOP)
		emul_bus_advance(&rig.bus, rig.bus.now_us + 2000 * ms * ms);
	if ((word & 7) == DO_WORLD)
		shake(chip_at(address), word >> 3);
}

static int bus_read(void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	uint8_t word = next_word();
	size_t moved = size;
	int error = 0, got;

	(void)context;
	before_transfer(word, address);
	if ((word & 7) == DO_FAIL)
		error = fail(word, size, &moved);
	memset(data, 0x5A, size); /* what was not moved must not be used */
	got = rig.door.read(rig.door.context, address, reg, data, moved);
	if (error != 0 || got != 0)
		return error != 0 ? error : got;
	if ((word & 7) == DO_FORGE) {
		rig.forged = true;
		for (size_t i = 0; i < size && rig.at < rig.size; i++)
			data[i] = take();
	}
	if ((word & 7) == DO_TURN) {
		rig.forged = true;
		data[take() % size] ^= (uint8_t)(1u << (word >> 3) % 8);
	}
	return 0;
}

static int bus_write(
	void *context, uint8_t address, uint8_t reg, const uint8_t *data, size_t size)
{
	uint8_t word = next_word(), copy[16];
	size_t moved = size;
	int error = 0, got;

	(void)context;
	must(size > 0 && size <= sizeof copy);
	before_transfer(word, address);
	memcpy(copy, data, size);
	switch (word & 7) {
	case DO_FAIL: error = fail(word, size, &moved); break;
	case DO_FORGE: copy[0] = take(); break;
	case DO_TURN: moved = 0; break; /* acknowledged and lost */
	default: break;
	}
	rig.forged = rig.forged || (word & 7) == DO_FORGE;
	got = rig.door.write(rig.door.context, address, reg, copy, moved);
	return error != 0 ? error : got;
}

/* ---- what comes of it ---- */

static double error_m_s2(const struct imu_reading *r, int64_t t_us)
{
	double g[3], dps[3];

	emul_swing(NULL, (double)t_us * 1e-6, g, dps);
	return fmax(fabs(r->acc_m_s2.x - g[0] * 9.80665),
		fabs(r->acc_m_s2.z - g[2] * 9.80665));
}

static void check_reading(const struct imu *imu, const struct imu_reading *r, int64_t t_us)
{
	double acc = imu_acc_full_scale_m_s2(imu), gyr = imu_gyr_full_scale_rad_s(imu);

	must(vec3_finite(r->acc_m_s2) && vec3_finite(r->gyr_rad_s));
	must(fabs(r->acc_m_s2.x) <= acc && fabs(r->acc_m_s2.z) <= acc);
	must(fabs(r->gyr_rad_s.y) <= gyr);
	must(isnan(r->temp_c) || (r->temp_c >= -60.0 && r->temp_c <= 100.0));
	rig.worst_m_s2 = fmax(rig.worst_m_s2, error_m_s2(r, t_us));
	must(rig.forged || rig.worst_m_s2 <= HONEST_ACC_M_S2);
}

static void check_row(const struct session_output *out)
{
	const struct judged_row *row = &out->judged;
	char text[1024];

	must(!isinf(row->thigh_elevation_deg) && !isinf(row->hip_flexion_deg));
	must(isnan(row->thigh_elevation_deg) || row->thigh_elevation_error_deg > 0.0);
	if (out->judged_due || out->changed)
		must(column_row(&judged_table, row, text, sizeof text) > 0);
	must(!out->hold_due ||
		column_row(&hold_table, &out->hold, text, sizeof text) > 0);
}

static void give(const struct sample *sample)
{
	struct sample mine = *sample;
	struct session_output out;

	must(sample->t_us > rig.last_us);
	rig.last_us = sample->t_us;
	for (int site = 0; site < SITE_COUNT; site++) {
		if (!rig.stream.side[site].used)
			must(!sample->imu[site].present);
		if (!sample->imu[site].present) {
			rig.absent[site]++;
			continue;
		}
		rig.present[site]++;
		check_reading(&rig.stream.side[site].imu, &sample->imu[site],
			sample->t_us);
	}
	if (rig.origin_us < 0)
		rig.origin_us = sample->t_us;
	if (!rig.judged)
		return;
	mine.t_us -= rig.origin_us;
	must(raw_round(&mine) == 0); /* no chip's range is beyond a recording's */
	session_step(&rig.session, &rig.inputs, &mine, &out);
	check_row(&out);
}

static void run(int64_t until_us)
{
	for (int step = 0; rig.bus.now_us < until_us; step++) {
		int64_t wake_us = imu_stream_step(&rig.stream, rig.bus.now_us);
		struct sample sample;

		must(step < STEPS_MAX);
		while (imu_stream_next(&rig.stream, rig.bus.now_us, &sample))
			give(&sample);
		if (!rig.over && rig.at >= rig.size && rig.pass == 0)
			return;
		if (wake_us > rig.bus.now_us)
			emul_bus_advance(
				&rig.bus, wake_us < until_us ? wake_us : until_us);
	}
}

/* ---- one input ---- */

static void add(enum site site, uint8_t word)
{
	static const struct bus_kind {
		enum emul_kind kind;
		uint8_t address;
	} kinds[] = { { EMUL_MPU6050, 0x68 }, { EMUL_MPU6500, 0x68 }, { EMUL_MPU9250, 0x68 },
		{ EMUL_ICM20689, 0x68 }, { EMUL_LSM6DSO, 0x6A }, { EMUL_LSM6DSR, 0x6A },
		{ EMUL_LSM6DSL, 0x6A }, { EMUL_MPU6050, 0x68 } };
	const struct bus mine = { .read = bus_read, .write = bus_write };
	const struct imu_edges edges = { &rig.chip[site], emul_take_pulses };
	struct emul *chip = &rig.chip[site];

	emul_init(chip, kinds[word & 7].kind,
		(uint8_t)(kinds[word & 7].address + (site == SITE_PELVIS)), 1 + site);
	chip->rate_error = site == SITE_THIGH ? 0.04 : -0.03;
	emul_bus_add(&rig.bus, chip);
	imu_stream_add(&rig.stream, site, &mine, chip->address,
		(word & 8) != 0 ? CHIP_RATE_200 : CHIP_RATE_100);
	if ((word & 16) != 0)
		imu_set_edges(&rig.stream.side[site].imu, &edges);
}

/*
 * The first byte: chip, rate, data-ready line, a second sensor, a session; the second
 * byte, with a second sensor: its.
 */
static void begin(const uint8_t *data, size_t size)
{
	memset(&rig, 0, sizeof rig);
	rig.data = data;
	rig.size = size;
	rig.last_us = INT64_MIN;
	rig.origin_us = -1;
	emul_bus_init(&rig.bus);
	rig.bus.us_per_byte = 22.5; /* 400 kHz */
	rig.door = emul_bus_door(&rig.bus);
	imu_stream_init(&rig.stream);
	settings_default(&rig.inputs.settings);
	rig.inputs.settings.exercise = EX_DOORWAY;
	rig.inputs.settings.hold_s = 10.0;
	rig.inputs.reference_from_us = rig.inputs.reference_to_us = -1;
	rig.inputs.mode = (data[0] & 32) != 0 ? MODE_THIGH_PELVIS : MODE_THIGH;
	for (int site = 0; site < SITE_COUNT; site++)
		rig.inputs.calib[site] = calib_none();
	rig.inputs.armed = true;
	rig.judged = (data[0] & 64) != 0;
	add(SITE_THIGH, take());
	if (rig.inputs.mode == MODE_THIGH_PELVIS)
		add(SITE_PELVIS, take());
	must(session_init(&rig.session, &rig.inputs) == NULL);
	emul_bus_advance(&rig.bus, SECOND);
}

/* All is whole again: so are the sensors, soon. */
static void recover(void)
{
	uint64_t absent[SITE_COUNT], present[SITE_COUNT];

	rig.over = true;
	rig.at = rig.size;
	rig.pass = 0;
	for (int site = 0; site < SITE_COUNT; site++) {
		rig.chip[site].frozen = false;
		if (rig.chip[site].refuses)
			emul_power_cycle(&rig.chip[site]);
		rig.chip[site].refuses = false;
	}
	run(rig.bus.now_us + 2500000);
	memcpy(absent, rig.absent, sizeof absent);
	memcpy(present, rig.present, sizeof present);
	rig.worst_m_s2 = 0.0;
	run(rig.bus.now_us + SECOND / 2);
	for (int site = 0; site < SITE_COUNT; site++) {
		const struct imu *imu = &rig.stream.side[site].imu;

		if (!rig.stream.side[site].used || imu->refused)
			continue;
		must(imu->fault == IMU_OK && imu->state == IMU_STREAM);
		if (rig.stream.side[SITE_THIGH].imu.refused)
			continue; /* then its fault is told between */
		must(rig.absent[site] == absent[site]);
		must(rig.present[site] - present[site] >= 40);
	}
	must(rig.worst_m_s2 <= EXACT_ACC_M_S2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3 || size > INPUT_MAX)
		return 0;
	begin(data, size);
	run(rig.bus.now_us + LIMIT_US);
	recover();
	return 0;
}
