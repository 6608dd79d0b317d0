/*
 * Register-level emulators of the sensors: an array of registers with side
 * effects, a FIFO with the real overflow rule, a clock that is a few percent off
 * and moves with temperature, start-up times, sleep, brown-out.
 *
 * Time is a number that the caller moves; nothing here reads a clock. The back
 * door is physical: a function of time says how the chip moves, and each sample
 * that the chip takes is logged with what it really was, for tests to compare.
 * Written from the data sheets, not from the drivers under test.
 */
#ifndef STRETCH_TESTS_EMUL_H
#define STRETCH_TESTS_EMUL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stretch/random.h"

#define EMUL_LOG 2048
#define EMUL_FIFO_MAX 4096

enum emul_kind {
	EMUL_MPU6050,
	EMUL_MPU6500,
	EMUL_MPU9250,
	EMUL_ICM20689,
	EMUL_LSM6DSO,
	EMUL_LSM6DSR,
	EMUL_LSM6DSL,
	EMUL_DS1307, /* a clock with memory: 64 registers, the rest are the same again */
	EMUL_KIND_COUNT
};

extern const char *const emul_names[EMUL_KIND_COUNT];

/* The motion at a time: specific force in g, turn rate in deg/s, chip's axes. */
typedef void emul_motion(void *context, double t_s, double acc_g[3], double gyr_dps[3]);

/* Swings by 60 deg about y, once in 2 s; about 190 deg/s at most. */
emul_motion emul_swing;

/* Lies still, flat. */
emul_motion emul_rest;

struct emul_sample {
	uint64_t index;               /* samples since power was first applied */
	double t_us;                  /* when it was taken */
	int16_t acc[3], gyr[3], temp; /* counts as they went into the FIFO */
	double acc_g[3], gyr_dps[3];  /* what really was */
	bool stale;                   /* the counts are not those of that moment */
};

struct emul {
	enum emul_kind kind;
	uint8_t address;
	bool refuses; /* does not acknowledge: unplugged */
	uint8_t reg[128];
	bool int_cut;        /* nothing is wired to the interrupt pin */
	double int_late_us;  /* a pulse is noticed up to so much later */

	/* the world */
	int64_t now_us;
	double rate_error; /* of the output rate: 0.05 is 5 % too fast */
	double rate_per_c; /* change of the rate per degree above 25 */
	double jitter_us;  /* of single samples, uniform either side */
	double temp_c;
	int noise;   /* counts either side */
	bool frozen; /* samples repeat the last counts */
	bool ever_frozen;
	emul_motion *motion;
	void *motion_context;
	struct random random;

	/* the chip's inside */
	double next_us;   /* when the next sample is taken; negative: not running */
	double awake_us;  /* since when it measures */
	int64_t ready_us; /* reset or boot lasts until then */
	double slot_us;
	uint8_t fifo[EMUL_FIFO_MAX + 16];
	size_t fifo_size, fifo_head, fifo_count;
	uint8_t fifo_last;
	uint8_t pattern; /* untagged: next word of the pattern */
	uint8_t slot;    /* tagged: time slot */
	uint8_t word[7]; /* tagged: word that is being read */
	bool overrun, overrun_latched;
	uint16_t latched_count;
	struct emul_sample now; /* data registers */
	int pulses;             /* of the interrupt pin, since they were last taken */
	double pulse_us;        /* when the newest one was noticed */

	/* the log */
	struct emul_sample log[EMUL_LOG];
	uint64_t samples; /* taken with both sensors running, from the first on */
	uint64_t lost;    /* frames or parts of them that the FIFO dropped */
	uint64_t data_bytes_written;
	bool id_read; /* WHO_AM_I was read */
	bool wrote_before_id;
};

void emul_init(struct emul *chip, enum emul_kind kind, uint8_t address, uint64_t seed);

/* Runs the chip's time up to now_us. */
void emul_advance(struct emul *chip, int64_t now_us);

/* Power away and back: registers, FIFO and phase of the clock are new. */
void emul_power_cycle(struct emul *chip);

/* Throws away bytes (MPU) or words (others) at the reading end of the FIFO. */
void emul_fifo_skip(struct emul *chip, int amount);

/* A block read or write, as it comes over the wire. */
void emul_read(struct emul *chip, uint8_t reg, uint8_t *data, size_t size);
void emul_write(struct emul *chip, uint8_t reg, const uint8_t *data, size_t size);

/*
 * As imu_edges.take: data-ready pulses since the last call, on the emulator's clock,
 * and when the newest was noticed.
 */
int emul_take_pulses(void *chip, int64_t *newest_us);

/* Logged sample with that index, NULL when it is no longer or not yet there. */
const struct emul_sample *emul_sample_at(const struct emul *chip, uint64_t index);

/* Nominal output rate by the registers, Hz; 0 while it does not run. */
double emul_rate_hz(const struct emul *chip);

/* The output rate that it really has now. */
double emul_true_rate_hz(const struct emul *chip);

/* ---- between the families ---- */

struct emul_ops {
	void (*reset)(struct emul *chip);
	double (*rate_hz)(const struct emul *chip);
	void (*scale)(const struct emul *chip, double *acc_per_g, double *gyr_per_dps);
	double startup_us; /* of the gyroscope */
	int16_t (*temp)(double temp_c);
	bool (*storing)(const struct emul *chip); /* does the FIFO take samples? */
	void (*store)(struct emul *chip, const struct emul_sample *sample);
	uint8_t (*read)(struct emul *chip, uint8_t reg);
	void (*write)(struct emul *chip, uint8_t reg, uint8_t value);
	uint8_t (*next)(const struct emul *chip, uint8_t reg);
	bool (*pulsing)(const struct emul *chip); /* a data-ready pulse a sample? */
	uint8_t id_register;
};

extern const struct emul_ops emul_mpu_ops, emul_tagged_ops, emul_plain_ops;

void emul_fifo_clear(struct emul *chip);
void emul_fifo_push(struct emul *chip, uint8_t byte);
uint8_t emul_fifo_pop(struct emul *chip);
/* To be called when a register changed that starts, stops or times the samples. */
void emul_retime(struct emul *chip);

#endif
