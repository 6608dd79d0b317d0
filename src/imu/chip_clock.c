/*
 * The loop of chip_clock.h: critically damped, two corrections a pair. With w =
 * interval / time constant: phase += (1 - (1-w)^2) * error, and the period gets
 * w^2 * error, shared among the samples of the interval.
 */
#include "stretch/chip_clock.h"

#include <math.h>
#include <string.h>

#define TAU_PER_AGE 0.25
#define TAU_MIN_S 0.25
#define TAU_MAX_S 100.0
#define TAU_EDGE_S 1.0
#define AGE_RESET_S 2.0 /* after a reset of the chip: phase new, period known */
#define W_MAX 0.3
#define DT_MAX_S 0.2       /* one pair weighs no more, however long the wait was */
#define DEVIATION_MAX 0.12 /* 5 % off, and 5 % of drift on top */
#define STRAY_PERIODS 1.5  /* error that one pair is not believed with */
#define STRAYS_LATER 2     /* in a row that put the samples later: believed */
#define STRAYS_EARLIER 5
#define PAIRS_SURE 2
#define MEAN_S 1.0
#define DRIFT_PERIODS 1.05 /* mean error that no phase of the readings explains */
#define AGE_SHRINK 0.93
#define AGE_MAX_S (2.0 * TAU_MAX_S / TAU_PER_AGE)
#define GOLDEN 0.6180339887498949

void chip_clock_init(struct chip_clock *clock, double rate_hz)
{
	memset(clock, 0, sizeof *clock);
	clock->nominal_us = 1e6 / rate_hz;
	clock->period_us = clock->nominal_us;
	clock->out_us = INT64_MIN;
}

double chip_clock_rate_hz(const struct chip_clock *clock)
{
	return 1e6 / clock->period_us;
}

int64_t chip_clock_dither_us(const struct chip_clock *clock, uint32_t n)
{
	double part = GOLDEN * (double)n;

	return (int64_t)((part - floor(part)) * clock->period_us);
}

bool chip_clock_sure(const struct chip_clock *clock)
{
	return clock->pairs >= PAIRS_SURE;
}

void chip_clock_gap(struct chip_clock *clock, bool chip_reset)
{
	clock->arrived = clock->taken;
	clock->strays = 0;
	clock->pairs = 0;
	clock->mean_us = 0.0;
	if (chip_reset) {
		clock->anchored = false;
		clock->lost = false;
		clock->age_s = fmin(clock->age_s, AGE_RESET_S);
	} else {
		clock->lost = clock->anchored;
	}
}

int64_t chip_clock_second_us(const struct chip_clock *clock)
{
	return (int64_t)(1.5 * clock->period_us);
}

/* Where the pair would put the newest sample, less where the clock puts it. */
static double error_of(const struct chip_clock *clock, int64_t now_us)
{
	return (double)now_us - 0.5 * clock->period_us - clock->last_us;
}

/*
 * The first two pairs. A new phase is the middle of what the first one leaves open.
 * A known one is moved by whole periods: as many as both pairs say on average, for
 * one alone may be half a period off. Where they disagree the first count was late,
 * and the second, which puts the samples later, is right.
 */
static void settle(struct chip_clock *clock, int64_t now_us)
{
	double error_us = error_of(clock, now_us);

	clock->pairs++;
	if (clock->pairs == 1 && clock->lost) {
		clock->first_us = error_us;
		return;
	}
	if (clock->lost) {
		double both_us = 0.5 * (clock->first_us + error_us);

		if (error_us - clock->first_us > STRAY_PERIODS * clock->period_us)
			both_us = error_us;
		clock->last_us += rint(both_us / clock->period_us) * clock->period_us;
		clock->lost = false;
	} else if (clock->pairs == 1 || error_us > clock->period_us) {
		clock->last_us += error_us;
	}
	clock->anchored = true;
}

static void correct(struct chip_clock *clock, double error_us, double dt_s, double max_s)
{
	double tau_s = fmin(fmax(clock->age_s * TAU_PER_AGE, TAU_MIN_S), max_s);
	double w = fmin(fmin(dt_s, DT_MAX_S) / tau_s, W_MAX);
	double samples = fmax(dt_s * 1e6 / clock->period_us, 1.0);
	double low = clock->nominal_us * (1.0 - DEVIATION_MAX);
	double high = clock->nominal_us * (1.0 + DEVIATION_MAX);

	clock->last_us += w * (2.0 - w) * error_us;
	clock->period_us += w * w * error_us / samples;
	clock->period_us = fmin(fmax(clock->period_us, low), high);
	clock->mean_us += (error_us - clock->mean_us) * fmin(dt_s / MEAN_S, 1.0);
	clock->age_s = fmin(clock->age_s + dt_s, AGE_MAX_S);
	if (fabs(clock->mean_us) > DRIFT_PERIODS * clock->period_us)
		clock->age_s = fmax(clock->age_s * AGE_SHRINK, 1.0);
}

/* Is the pair beyond what a period explains? Sets the phase anew when it stays so. */
static bool stray(struct chip_clock *clock, double error_us)
{
	if (fabs(error_us) <= STRAY_PERIODS * clock->period_us) {
		clock->strays = 0;
		return false;
	}
	if (error_us > 0.0)
		clock->strays = clock->strays < 0 ? 1 : clock->strays + 1;
	else
		clock->strays = clock->strays > 0 ? -1 : clock->strays - 1;
	if (clock->strays >= STRAYS_LATER || clock->strays <= -STRAYS_EARLIER) {
		clock->last_us += error_us;
		clock->age_s = fmin(clock->age_s, AGE_RESET_S);
		clock->strays = 0;
		clock->resyncs++;
	}
	return true;
}

/* Puts down what has come. The time since the last pair; negative: no pair. */
static double arrive(struct chip_clock *clock, int32_t waiting, int64_t now_us)
{
	double dt_s = (double)(now_us - clock->seen_us) * 1e-6;
	int64_t fresh = clock->taken + waiting - clock->arrived;

	/* Before the first sample behind a gap there is nothing to tell a phase by. */
	if (fresh < 0 || (clock->pairs == 0 && fresh == 0))
		return -1.0;
	if (clock->pairs > 0 && dt_s <= 0.0)
		return -1.0;
	clock->seen_us = now_us;
	clock->arrived += fresh;
	clock->last_us += (double)fresh * clock->period_us;
	return dt_s;
}

void chip_clock_observe(struct chip_clock *clock, int32_t waiting, int64_t now_us)
{
	double dt_s = arrive(clock, waiting, now_us);

	if (dt_s < 0.0)
		return;
	if (!chip_clock_sure(clock)) {
		settle(clock, now_us);
		return;
	}
	if (!stray(clock, error_of(clock, now_us)))
		correct(clock, error_of(clock, now_us), dt_s, TAU_MAX_S);
}

void chip_clock_observe_edge(
	struct chip_clock *clock, int32_t waiting, int64_t now_us, int64_t edge_us)
{
	double dt_s = arrive(clock, waiting, now_us);
	double error_us = (double)edge_us - clock->last_us;

	if (dt_s < 0.0)
		return;
	if (!chip_clock_sure(clock)) {
		clock->last_us = (double)edge_us;
		clock->anchored = true;
		clock->lost = false;
		clock->pairs = PAIRS_SURE;
		return;
	}
	if (!stray(clock, error_us))
		correct(clock, error_us, dt_s, TAU_EDGE_S);
}

void chip_clock_count(struct chip_clock *clock, int32_t waiting, int64_t now_us)
{
	(void)arrive(clock, waiting, now_us);
}

int64_t chip_clock_take(struct chip_clock *clock)
{
	double newer = (double)(clock->arrived - 1 - clock->taken);
	int64_t t_us = llrint(clock->last_us - newer * clock->period_us);
	int64_t half_us = (int64_t)(0.5 * clock->period_us);

	if (clock->out_us != INT64_MIN && t_us < clock->out_us + half_us)
		t_us = clock->out_us + half_us;
	clock->out_us = t_us;
	clock->taken++;
	return t_us;
}
