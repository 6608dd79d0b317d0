/*
 * What all emulated chips share: time, samples, the log, the ring of the FIFO.
 */
#include "emul.h"

#include <math.h>
#include <string.h>

const char *const emul_names[EMUL_KIND_COUNT] = { "MPU-6050", "MPU-6500", "MPU-9250",
	"ICM-20689", "LSM6DSO", "LSM6DSR", "LSM6DSL", "DS1307" };

static void memory_reset(struct emul *chip)
{
	(void)chip;
}

static double memory_rate_hz(const struct emul *chip)
{
	(void)chip;
	return 0.0;
}

static bool memory_storing(const struct emul *chip)
{
	(void)chip;
	return false;
}

static uint8_t memory_read(struct emul *chip, uint8_t reg)
{
	return chip->reg[reg % 64];
}

static void memory_write(struct emul *chip, uint8_t reg, uint8_t value)
{
	chip->reg[reg % 64] = value;
}

static uint8_t memory_next(const struct emul *chip, uint8_t reg)
{
	(void)chip;
	return (uint8_t)(reg + 1);
}

/* A DS1307: 64 bytes that keep what is written; it never samples. */
static const struct emul_ops memory_ops = { .reset = memory_reset,
	.rate_hz = memory_rate_hz,
	.storing = memory_storing,
	.read = memory_read,
	.write = memory_write,
	.next = memory_next,
	.id_register = 0x75 };

static const struct emul_ops *ops_of(const struct emul *chip)
{
	switch (chip->kind) {
	case EMUL_LSM6DSO:
	case EMUL_LSM6DSR: return &emul_tagged_ops;
	case EMUL_LSM6DSL: return &emul_plain_ops;
	case EMUL_DS1307: return &memory_ops;
	case EMUL_MPU6050:
	case EMUL_MPU6500:
	case EMUL_MPU9250:
	case EMUL_ICM20689:
	case EMUL_KIND_COUNT: break;
	}
	return &emul_mpu_ops;
}

void emul_swing(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	double swing = 60.0 * RAD_PER_DEG, rate = STRETCH_PI;
	double angle = swing * sin(rate * t_s);

	(void)context;
	acc_g[0] = -sin(angle);
	acc_g[1] = 0.0;
	acc_g[2] = cos(angle);
	gyr_dps[0] = 0.0;
	gyr_dps[1] = swing * rate * cos(rate * t_s) * DEG_PER_RAD;
	gyr_dps[2] = 0.0;
}

void emul_rest(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	(void)context;
	(void)t_s;
	acc_g[0] = acc_g[1] = 0.0;
	acc_g[2] = 1.0;
	gyr_dps[0] = gyr_dps[1] = gyr_dps[2] = 0.0;
}

void emul_fifo_clear(struct emul *chip)
{
	chip->fifo_head = 0;
	chip->fifo_count = 0;
	chip->pattern = 0;
	chip->overrun = false;
	chip->overrun_latched = false;
}

void emul_fifo_push(struct emul *chip, uint8_t byte)
{
	size_t end = (chip->fifo_head + chip->fifo_count) % chip->fifo_size;

	chip->fifo[end] = byte;
	if (chip->fifo_count < chip->fifo_size) {
		chip->fifo_count++;
		return;
	}
	chip->fifo_head = (chip->fifo_head + 1) % chip->fifo_size;
	chip->lost++;
}

uint8_t emul_fifo_pop(struct emul *chip)
{
	if (chip->fifo_count == 0)
		return chip->fifo_last;
	chip->fifo_last = chip->fifo[chip->fifo_head];
	chip->fifo_head = (chip->fifo_head + 1) % chip->fifo_size;
	chip->fifo_count--;
	return chip->fifo_last;
}

void emul_fifo_skip(struct emul *chip, int amount)
{
	int bytes = chip->kind <= EMUL_ICM20689 ? 1 : chip->kind == EMUL_LSM6DSL ? 2 : 7;

	for (int i = 0; i < amount * bytes && chip->fifo_count > 0; i++)
		(void)emul_fifo_pop(chip);
	if (chip->kind == EMUL_LSM6DSL)
		chip->pattern = (uint8_t)((chip->pattern + amount) % 6);
}

double emul_rate_hz(const struct emul *chip)
{
	return ops_of(chip)->rate_hz(chip);
}

double emul_true_rate_hz(const struct emul *chip)
{
	return emul_rate_hz(chip) * (1.0 + chip->rate_error) *
		(1.0 + chip->rate_per_c * (chip->temp_c - 25.0));
}

void emul_retime(struct emul *chip)
{
	double rate_hz = emul_rate_hz(chip);

	if (rate_hz <= 0.0) {
		chip->next_us = -1.0;
		return;
	}
	if (chip->next_us < 0.0)
		chip->awake_us = (double)chip->now_us;
	chip->slot_us = (double)chip->now_us +
		random_between(&chip->random, 0.2, 1.0) * 1e6 / emul_true_rate_hz(chip);
	chip->next_us = chip->slot_us;
}

static int16_t count_of(double value)
{
	value = rint(value);
	return (int16_t)fmax(fmin(value, INT16_MAX), INT16_MIN);
}

static void take_sample(struct emul *chip, double t_us)
{
	const struct emul_ops *ops = ops_of(chip);
	struct emul_sample *s = &chip->now;
	uint64_t noise = random_u64(&chip->random);
	double acc_scale, gyr_scale;
	bool started = t_us - chip->awake_us >= ops->startup_us;

	chip->motion(chip->motion_context, t_us * 1e-6, s->acc_g, s->gyr_dps);
	ops->scale(chip, &acc_scale, &gyr_scale);
	s->t_us = t_us;
	s->stale = chip->frozen || !started;
	s->index = chip->samples;
	for (int axis = 0; axis < 3 && !chip->frozen; axis++) {
		unsigned span = 2 * (unsigned)chip->noise + 1;
		int acc_noise = (int)((noise >> (16 * axis) & 0xFF) % span) - chip->noise;
		int gyr_noise =
			(int)((noise >> (16 * axis + 8) & 0xFF) % span) - chip->noise;

		s->acc[axis] = count_of(s->acc_g[axis] * acc_scale + acc_noise);
		s->gyr[axis] =
			started ? count_of(s->gyr_dps[axis] * gyr_scale + gyr_noise) : 0;
	}
	if (!chip->frozen)
		s->temp = ops->temp(chip->temp_c);
	chip->log[chip->samples % EMUL_LOG] = *s;
	chip->samples++;
	ops->store(chip, s);
	if (!chip->int_cut && started && ops->pulsing != NULL && ops->pulsing(chip)) {
		chip->pulses++;
		chip->pulse_us = t_us;
		if (chip->int_late_us > 0.0)
			chip->pulse_us +=
				random_between(&chip->random, 0.0, chip->int_late_us);
	}
}

int emul_take_pulses(void *context, int64_t *newest_us)
{
	struct emul *chip = context;
	int count = chip->pulses;

	*newest_us = (int64_t)chip->pulse_us;
	chip->pulses = 0;
	return count;
}

/* Samples that go nowhere need not be taken, but the last one. */
static void skip_idle(struct emul *chip, int64_t now_us)
{
	double period_us = 1e6 / emul_true_rate_hz(chip);
	double periods = floor(((double)now_us - chip->slot_us) / period_us) - 1.0;

	if (periods > 0.0) {
		chip->slot_us += periods * period_us;
		chip->next_us = chip->slot_us;
	}
}

void emul_advance(struct emul *chip, int64_t now_us)
{
	if (chip->next_us >= 0.0 && !ops_of(chip)->storing(chip))
		skip_idle(chip, now_us);
	while (chip->next_us >= 0.0 && chip->next_us <= (double)now_us) {
		double t_us = chip->next_us;

		chip->now_us = (int64_t)t_us;
		take_sample(chip, t_us);
		chip->slot_us += 1e6 / emul_true_rate_hz(chip);
		chip->next_us = chip->slot_us;
		if (chip->jitter_us > 0.0)
			chip->next_us += random_between(&chip->random, -1.0, 1.0) *
				chip->jitter_us;
	}
	if (now_us > chip->now_us)
		chip->now_us = now_us;
}

const struct emul_sample *emul_sample_at(const struct emul *chip, uint64_t index)
{
	if (index >= chip->samples || index + EMUL_LOG < chip->samples)
		return NULL;
	return &chip->log[index % EMUL_LOG];
}

void emul_power_cycle(struct emul *chip)
{
	emul_fifo_clear(chip);
	chip->next_us = -1.0;
	chip->ready_us = chip->now_us + 10000;
	ops_of(chip)->reset(chip);
}

void emul_init(struct emul *chip, enum emul_kind kind, uint8_t address, uint64_t seed)
{
	memset(chip, 0, sizeof *chip);
	chip->kind = kind;
	chip->address = address;
	chip->temp_c = 25.0;
	chip->noise = 3;
	chip->motion = emul_swing;
	chip->fifo_size = EMUL_FIFO_MAX;
	random_seed(&chip->random, seed, 1);
	emul_power_cycle(chip);
}

void emul_read(struct emul *chip, uint8_t reg, uint8_t *data, size_t size)
{
	const struct emul_ops *ops = ops_of(chip);

	for (size_t i = 0; i < size; i++) {
		if (reg == ops->id_register)
			chip->id_read = true;
		data[i] = ops->read(chip, reg);
		reg = ops->next(chip, reg);
	}
}

void emul_write(struct emul *chip, uint8_t reg, const uint8_t *data, size_t size)
{
	const struct emul_ops *ops = ops_of(chip);

	for (size_t i = 0; i < size; i++) {
		chip->data_bytes_written++;
		if (!chip->id_read)
			chip->wrote_before_id = true;
		ops->write(chip, reg, data[i]);
		reg = ops->next(chip, reg);
	}
}
