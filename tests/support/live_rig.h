/*
 * The daemon's loop on emulated chips with a virtual clock: a simulated wearer moves
 * the chips through their physical back door, loop_run drains them, judges and writes
 * a session folder, exactly as stretchd does. A session takes a second or so.
 */
#ifndef STRETCH_TESTS_LIVE_RIG_H
#define STRETCH_TESTS_LIVE_RIG_H

#include "emul_bus.h"
#include "linux/loop.h"
#include "linux/run.h"
#include "stretch/wearer.h"

#define LIVE_HOLDS 4
#define LIVE_LAGS 4096
#define LIVE_EVENTS 32

struct live_rig;

struct live_motion {
	const struct live_rig *rig;
	enum site site;
};

struct live_rig {
	/* to be changed between live_init and live_run */
	struct wearer_param param;
	enum emul_kind kind[SITE_COUNT];
	uint8_t address[SITE_COUNT];
	enum chip_rate rate;
	double rate_error[SITE_COUNT]; /* of the chips' clocks */
	double us_per_byte;
	double late_us; /* each wake-up comes up to so much late */
	/* What happens in the world at the wearer's time; may be NULL. */
	void (*world)(struct live_rig *rig, double t_s);
	/* Looks at the session behind each sample; may be NULL. */
	void (*watch)(struct live_rig *rig, const struct sample *sample);

	struct wearer_state wearer;
	struct live_motion motion[SITE_COUNT];
	struct emul chip[SITE_COUNT];
	struct emul_bus bus;
	struct sensors sensors;
	struct source source;
	struct loop loop;
	struct run run;
	struct random random;
	double start_s; /* wearer's time 0 on the chips' clock */
	double rest_s;  /* the clock runs on behind the wearer's end */

	struct hold_row hold[LIVE_HOLDS];
	int holds;
	double square[LIVE_HOLDS]; /* of the thigh's error in hold i, deg^2, and how many */
	double errors[LIVE_HOLDS];
	int64_t lag_us[LIVE_LAGS]; /* from the sample that changed the LED's id */
	int lags;
	struct event event[LIVE_EVENTS];
	double event_s[LIVE_EVENTS];
	int events;
	uint64_t absent[SITE_COUNT], samples;
	int64_t begun_us; /* of the virtual clock when the loop began */
};

/* A lying-towel wearer with that many sensors: chips, rates, straps at defaults. */
void live_init(struct live_rig *rig, int sensors, uint64_t seed);

/* Builds everything, runs the session to its end; state_dir NULL: writes nothing. */
void live_run(struct live_rig *rig, const char *state_dir);

/* The same in parts: between them the loop has not begun, or the session not ended. */
void live_begin(struct live_rig *rig, const char *state_dir);
int live_loop(struct live_rig *rig);
void live_end(struct live_rig *rig);

/* The wearer's time of a moment on the chips' clock. */
double live_time_s(const struct live_rig *rig, int64_t now_us);

/* Latency of that rank, 0 to 1, milliseconds. */
double live_lag_ms(struct live_rig *rig, double rank);

#endif
