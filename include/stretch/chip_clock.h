/*
 * The clock inside a sensor, learned against the monotonic clock.
 *
 * A chip's output rate is "typical": a few percent off, and it moves with
 * temperature. All that is known of it are pairs: at that time, so many samples
 * had come. The last of them came between one period ago and just now, plus
 * whatever delayed the reading. A loop of second order follows phase and period.
 *
 * Its time constant grows with the time since the start, from a quarter of a
 * second to 100 s: quick at first, exact later. It shrinks again when the phase
 * stays outside what one period can explain, that is, when the chip's clock is
 * drifting faster than the loop follows.
 *
 * The time of a pair is taken before the count: a count that came late makes
 * samples look early. So of two pairs the one that puts them later is right, and a
 * pair that puts them much earlier is not believed, unless it is the fifth in a row.
 * At the start and behind a gap two pairs are needed before a time is given.
 *
 * Reading at a fixed beat of the sample period leaves the
 * phase uncertain by half a period: see chip_clock_dither_us.
 */
#ifndef STRETCH_CHIP_CLOCK_H
#define STRETCH_CHIP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct chip_clock {
	double nominal_us; /* period by the data sheet */
	double period_us;  /* as learned */
	double last_us;    /* when the newest sample came, as learned */
	double age_s;      /* of the lock; the time constant follows it */
	double mean_us;    /* error of the phase, averaged over a second */
	double first_us;   /* error of the first pair behind a gap */
	int64_t arrived;   /* samples seen in the chip since the start */
	int64_t taken;     /* samples given a time */
	int64_t seen_us;   /* last pair */
	int64_t out_us;    /* last time given out */
	int32_t strays;    /* pairs in a row not believed; < 0: they are early */
	int32_t pairs;     /* since the start or the gap, up to what is enough */
	uint32_t resyncs;  /* times the phase was set anew */
	bool anchored;     /* there is a phase */
	bool lost;         /* it is known modulo one period only */
};

void chip_clock_init(struct chip_clock *clock, double rate_hz);

/* A pair: at now_us, `waiting` samples wait that no time was asked for yet. */
void chip_clock_observe(struct chip_clock *clock, int32_t waiting, int64_t now_us);

/*
 * The same with the very time of the newest sample, waiting or taken already: an edge
 * of the chip's data-ready pin. Without the half period of doubt the loop follows at
 * 1 s, drift and all.
 */
void chip_clock_observe_edge(
	struct chip_clock *clock, int32_t waiting, int64_t now_us, int64_t edge_us);

/* Counts what has come and learns nothing; only while the clock is sure. */
void chip_clock_count(struct chip_clock *clock, int32_t waiting, int64_t now_us);

/*
 * Samples were lost, how many is not known; those waiting are gone too. The
 * period is kept, and the phase modulo one period, unless the chip was reset.
 */
void chip_clock_gap(struct chip_clock *clock, bool chip_reset);

/* Are times known well enough to be given out? */
bool chip_clock_sure(const struct chip_clock *clock);

/*
 * When to take the second pair, behind the first one: one and a half periods later,
 * where the phase is another one for certain.
 */
int64_t chip_clock_second_us(const struct chip_clock *clock);

/*
 * Time of the next waiting sample, microseconds on the clock of now_us. Each is
 * later than the one before by at least half a period. Asks after chip_clock_observe.
 */
int64_t chip_clock_take(struct chip_clock *clock);

/* Samples a second, as learned. */
double chip_clock_rate_hz(const struct chip_clock *clock);

/*
 * What to take off the n-th waiting time between two readings, 0 to one period,
 * spread evenly over n, so that readings do not keep step with the samples.
 */
int64_t chip_clock_dither_us(const struct chip_clock *clock, uint32_t n);

#endif
