/*
 * One sensor: from a cold or confused chip on a bus to a stream of readings.
 *
 * identify -> reset -> wait -> configure -> wait -> start -> verify -> stream, and
 * from any of them back through a back-off to identify. WHO_AM_I is read before
 * any data byte is written: at 0x68 there may be a clock chip.
 *
 * imu_step never waits and never sleeps: it does a few transfers and returns when
 * it wants to be called again. While it streams it drains the FIFO every 50 ms,
 * whole frames only, and looks at the fill level before and after each burst: a
 * FIFO that filled up in between has shifted its frames, and such a burst is thrown
 * away. Every 100 ms one register is compared with what it must hold, so that a
 * brown-out is found within a second (at once when the chip falls silent).
 *
 * With the chip's data-ready pin on a line, the times of its edges teach the clock
 * instead of the fill level; nothing else changes, and when the edges stay away it
 * goes on as without.
 *
 * Everything odd is counted under its name. Failed transfers are tried again after
 * 10, 20, 40 and 80 ms; then, and for all other faults, the chip is brought up anew
 * after a back-off of 0.1 s, doubling to 1 s. A bring-up takes 0.3 s: a fault that
 * ends is over within 2 s.
 */
#ifndef STRETCH_IMU_H
#define STRETCH_IMU_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/bus.h"
#include "stretch/chip.h"
#include "stretch/chip_clock.h"
#include "stretch/imu_judge.h"

#define IMU_DRAIN_US 50000
#define IMU_EARLY_US 15000 /* a drain asked for this much early is done */

/*
 * The chip's data-ready pin, one edge a sample, each with its time. take: how many
 * edges came since the last call, and the time of the newest; 0 none; negative: the
 * line is no more.
 */
struct imu_edges {
	void *context;
	int (*take)(void *context, int64_t *newest_us);
};

/* Is the data-ready line of use? */
enum imu_ready {
	IMU_READY_NONE,    /* there is none: times come from the FIFO's level */
	IMU_READY_AWAITED, /* no edge yet */
	IMU_READY_GOOD,
	IMU_READY_SILENT,  /* samples without edges: as without a line */
	IMU_READY_COUNT
};

extern const char *const imu_ready_names[IMU_READY_COUNT]; /* "none", ... */

enum imu_fault {
	IMU_OK,
	IMU_NACK,        /* nobody acknowledges: wiring, address, power */
	IMU_ARBITRATION, /* lost: another master, or a disturbed line */
	IMU_TIMEOUT,     /* a line is held low */
	IMU_BUS,         /* another error of the adapter */
	IMU_GONE,        /* the adapter itself went away */
	IMU_CLOCK_CHIP,  /* at 0x68, and it is none of ours */
	IMU_WRONG_ID,    /* answers, but with an unknown WHO_AM_I */
	IMU_ZEROS,       /* answers with zeros only: data line held low */
	IMU_ONES,        /* answers with ones only: data line open */
	IMU_REGISTER,    /* a register lost its value: brown-out */
	IMU_SILENT,      /* registers right, but no data */
	IMU_FROZEN,      /* the same reading again and again */
	IMU_OVERFLOW,    /* the FIFO was (nearly) full; samples were lost */
	IMU_MISALIGNED,  /* the FIFO's next byte is not the first of a frame */
	IMU_GARBLED,     /* bytes that cannot be right; a second look said other */
	IMU_SPIKE,       /* one reading that leapt away and came back */
	IMU_FAULT_COUNT
};

/* One word each, for files and status: "nack", "frozen"; "ok". */
extern const char *const imu_fault_names[IMU_FAULT_COUNT];

/* What to do about it, one sentence. */
extern const char *const imu_fault_advice[IMU_FAULT_COUNT];

enum imu_state {
	IMU_IDENTIFY,
	IMU_RESET,
	IMU_CONFIGURE,
	IMU_START,
	IMU_VERIFY,
	IMU_STREAM
};

struct imu {
	struct bus bus;
	uint8_t address;
	enum chip_rate rate;

	const struct chip_family *family; /* NULL: no chip of ours has that address */
	const struct chip *chip;          /* NULL until identified */
	enum imu_state state;
	enum imu_fault fault; /* IMU_OK while readings come and before the first try */
	int64_t wake_us;      /* nothing to do before */

	int32_t index;    /* register or write that is next in this state */
	int32_t streak;   /* failed transfers in a row */
	int32_t restarts; /* of the FIFO, without a good frame between */
	int64_t backoff_us;
	int64_t stream_us;         /* since when it streams */
	int64_t frame_us;          /* last time that a frame came */
	int64_t check_us, temp_us; /* last register check, last temperature */
	int32_t check;             /* register that is checked next */
	int64_t drained_us;        /* last time that the FIFO's level was read */
	int32_t backlog;           /* whole frames left in the FIFO by the last drain */
	uint32_t drains;
	uint8_t id;   /* last answer to WHO_AM_I */
	bool refused; /* at 0x68, took our reset for data: never written again */

	double temp_c; /* MISSING: not known */
	int8_t slot;   /* the chip's frame counter; -1: not known */
	struct chip_clock clock;
	struct imu_judge judge;
	struct imu_edges edges;
	enum imu_ready ready;
	int64_t edge_us;      /* edges were there then, or are waited for since */
	int64_t pair_us;      /* last edge that set the clock */
	uint64_t edge_count, edge_pairs; /* that came; that set the clock */

	uint64_t transfers, frames;
	uint32_t count[IMU_FAULT_COUNT];
	uint32_t bringups; /* times that streaming began after a reset */
};

/* The bus functions are copied; the bus itself must outlive the sensor. */
void imu_init(
	struct imu *imu, const struct bus *bus, uint8_t address, enum chip_rate rate);

/* After imu_init: edges of the data-ready pin, which is set up for it. Copied. */
void imu_set_edges(struct imu *imu, const struct imu_edges *edges);

/*
 * Does what is due at now_us (monotonic, never backwards). Fills batch with the
 * frames that came, often none. Returns when to be called again; sooner is allowed.
 */
int64_t imu_step(struct imu *imu, int64_t now_us, struct imu_batch *batch);

/* Full scale of the readings, for plausibility: m/s^2 and rad/s; 0 before identified. */
double imu_acc_full_scale_m_s2(const struct imu *imu);
double imu_gyr_full_scale_rad_s(const struct imu *imu);

#endif
