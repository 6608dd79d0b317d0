/*
 * Helpers for tests of the judging core: a close comparison, a rig that feeds a
 * scripted angle to hold_step, and a runner that plays a simulated wearer through
 * a whole session.
 */
#ifndef STRETCH_SUPPORT_JUDGE_H
#define STRETCH_SUPPORT_JUDGE_H

#include "stretch/session.h"
#include "stretch/wearer.h"

/* Fails when value is not within `within` of expected (NAN: never close). */
#define assert_close(value, expected, within) \
	judge_close((value), (expected), (within), #value, __FILE__, __LINE__)

void judge_close(double value, double expected, double within, const char *what,
	const char *file, int line);

#define RIG_RATE_HZ 100
#define RIG_DT_S (1.0 / RIG_RATE_HZ)
#define RIG_ENDS_MAX 32 /* later ones are not kept */
#define RIG_CHANGES_MAX 64

/* How one attempt ended. */
struct rig_end {
	enum hold_result result;
	enum hold_reason reason;
	double at_s, counted_s;
	uint32_t flags;
};

struct rig_change {
	enum hold_phase phase;
	enum hold_event event;
	double at_s;
};

/*
 * hold_step with a script. Time starts at 0 and advances by 1/rate_hz a sample;
 * the sample's time stands in t_s after each step.
 */
struct hold_rig {
	struct settings settings;
	struct hold_plan plan;
	struct hold_state state;
	struct hold_output out;
	double rate_hz;
	int64_t index;         /* of the next sample */
	double lead_s;         /* time that passed without samples */
	int64_t last_us;
	double t_s, angle_deg; /* of the last sample */
	struct hold_input extra; /* joins the next sample, then is cleared */
	uint32_t bad;          /* of every sample until changed */
	bool unaligned;        /* setup is not done */
	double thigh_rise_deg; /* as the input wants it */

	/* what came out */
	struct rig_end ends[RIG_ENDS_MAX];
	int32_t ended, begun, rows;
	struct rig_change changes[RIG_CHANGES_MAX];
	int32_t changed;
	double credited_s;       /* sum of all credits */
	double credit_from_s, credit_to_s; /* earliest start, latest end */
	double credit_last_from_s;         /* start of the latest credit */
	double credit_gap_s;     /* longest time between two credits */
	int32_t fixes;           /* samples with fix */
	uint32_t flags;          /* all flags of outputs */
	/* called after each step; NULL: nothing */
	void (*seen)(struct hold_rig *rig);
	void *context;
};

/* Lying raise, band 56..85 deg, 30 s prescribed, 3 holds, rest 10 s; in READY. */
void rig_init(struct hold_rig *rig);

void rig_step(struct hold_rig *rig, double angle_deg);
void rig_stay(struct hold_rig *rig, double seconds, double angle_deg);
/* Minimum-jerk move from the last angle. */
void rig_move(struct hold_rig *rig, double seconds, double angle_deg);
/* Even speed from the last angle. */
void rig_ramp(struct hold_rig *rig, double seconds, double angle_deg);
void rig_wave(struct hold_rig *rig, double seconds, double centre_deg,
	double amplitude_deg, double frequency_hz);
/* Time without samples; the next sample carries FLAG_GAP. */
void rig_skip(struct hold_rig *rig, double seconds);
/* Samples at the last angle that carry these bad-data flags. */
void rig_bad(struct hold_rig *rig, double seconds, uint32_t flags);
/* Flat for 3 s, then up to angle_deg in 4 s: calm to 87 deg. Returns when it crossed 56 deg. */
double rig_raise(struct hold_rig *rig, double angle_deg);
/* Down to 2 deg in 3 s. */
void rig_lower(struct hold_rig *rig);

/* A fresh rig, raised to that angle and counting for that long. */
void rig_count(struct hold_rig *rig, double angle_deg, double seconds);
void rig_assert_phase(const struct hold_rig *rig, enum hold_phase phase);
/* The nth attempt, from 0, ended like that. */
void rig_assert_end(const struct hold_rig *rig, int32_t n, enum hold_result result,
	enum hold_reason reason);

/* Time of the first change to that phase after from_s; NAN: none. */
double rig_when(const struct hold_rig *rig, enum hold_phase phase, double from_s);

#define JUDGE_HOLDS_MAX 32

/* A simulated wearer and the session that judges him. */
struct judge_run {
	struct wearer_param param;
	struct session_inputs inputs;
	/* made by judge_start */
	struct wearer_state wearer;
	struct session_state state;
	struct session_output out; /* of the last sample */
	struct sample sample;
	struct truth truth;
	struct hold_row holds[JUDGE_HOLDS_MAX];
	int32_t hold_count;
	int64_t samples;
};

/* Wearer by default and inputs that fit him: one sensor, no alignment given. */
void judge_init(struct judge_run *run, enum exercise_id exercise, int32_t sensors);
/* Both begin; call it after the last change of param and inputs. */
void judge_start(struct judge_run *run);
/* Next sample through the session; false at the end, of the session or of the
 * samples (session_finish included). */
bool judge_step(struct judge_run *run);
/* The rest of the samples. */
void judge_all(struct judge_run *run);

#endif
