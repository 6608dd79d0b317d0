/*
 * The wire between driver and emulated chips, with a script of faults.
 *
 * Each transfer takes as long as it does on a real bus and moves the virtual
 * clock. Transfers are numbered from 0 on; a fault begins at the n-th one and
 * lasts for a number of transfers or for a time.
 */
#ifndef STRETCH_TESTS_EMUL_BUS_H
#define STRETCH_TESTS_EMUL_BUS_H

#include "emul.h"
#include "stretch/bus.h"

enum emul_fault_kind {
	EMUL_FAULT_NONE,
	EMUL_FAULT_NACK,     /* -ENXIO, nothing happens in the chip */
	EMUL_FAULT_REMOTEIO, /* -EREMOTEIO, likewise */
	EMUL_FAULT_AGAIN,    /* -EAGAIN half-way: half the bytes were moved */
	EMUL_FAULT_TIMEOUT,  /* -ETIMEDOUT after everything was moved */
	EMUL_FAULT_IO,       /* -EIO half-way */
	EMUL_FAULT_FLIP,     /* one bit of what is read or written is wrong */
	EMUL_FAULT_ZEROS,    /* reads give zeros; writes do not arrive */
	EMUL_FAULT_ONES,     /* reads give ones; writes do not arrive */
	EMUL_FAULT_FROZEN,   /* the chip's samples repeat */
	EMUL_FAULT_MISALIGN, /* bytes vanish from the FIFO, before a step */
	EMUL_FAULT_STALL,    /* the host stops before the transfer, once */
	EMUL_FAULT_BROWNOUT, /* the chip loses power for a moment, once */
	EMUL_FAULT_UNPLUG,   /* not acknowledged, and power-cycled at the end */
	EMUL_FAULT_COUNT
};

extern const char *const emul_fault_names[EMUL_FAULT_COUNT];

struct emul_fault {
	enum emul_fault_kind kind;
	uint64_t first;     /* transfer it begins with */
	uint64_t transfers; /* it lasts that many; 0: for_us counts */
	int64_t for_us;     /* it lasts that long; of a stall: its length */
	unsigned amount;    /* bit number of a flip; bytes or words of a misalign */
};

#define EMUL_BUS_CHIPS 4

struct emul_bus {
	struct emul *chip[EMUL_BUS_CHIPS];
	int64_t now_us;         /* the virtual clock, shared by all */
	double us_per_byte;     /* 9 clocks; 90 at 100 kHz, 0: no time passes */
	double us_per_transfer; /* overhead of the adapter */
	uint64_t transfers;
	int64_t passed_us; /* end of the last transfer */
	struct emul_fault fault;
	bool begun, ended;
	struct emul *victim;      /* chip of the first transfer it hit */
	int64_t begin_us, end_us; /* when the fault began and was over */
	uint64_t injected;        /* transfers that it hit */
};

void emul_bus_init(struct emul_bus *bus);
void emul_bus_add(struct emul_bus *bus, struct emul *chip);

/* The driver's door. */
struct bus emul_bus_door(struct emul_bus *bus);

/* Lets time pass, up to now_us, for the clock and all chips. */
void emul_bus_advance(struct emul_bus *bus, int64_t now_us);

#endif
