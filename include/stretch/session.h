/*
 * One session, sample by sample: the one function that daemon, replay, tests and
 * fuzzer share. State in, sample in, verdict out; time comes with the sample.
 *
 * Everything that judging needs beside the samples stands in session_inputs, so
 * that a recording and its inputs give the same rows on any machine.
 */
#ifndef STRETCH_SESSION_H
#define STRETCH_SESSION_H

#include "stretch/calib.h"
#include "stretch/cue.h"
#include "stretch/gyr_zero.h"
#include "stretch/hold_stats.h"
#include "stretch/orient.h"
#include "stretch/setup.h"
#include "stretch/timebase.h"
#include "stretch/tremor.h"

#define ROW_PERIOD_US 40000 /* samples.csv */

struct session_inputs {
	char name[ROW_SESSION_MAX]; /* of the session folder */
	struct settings settings;
	enum session_mode mode;
	struct calib calib[SITE_COUNT];
	bool have_alignment;
	struct alignment align[SITE_COUNT];
	bool have_curve;
	struct pelvis_curve curve;
	bool have_share;       /* personal pelvic share, else the exercise's */
	double share, share_spread; /* mean and half of the range */
	int64_t reference_from_us, reference_to_us; /* -1: found by itself */
	bool smoothed; /* orientation comes from outside, from the whole recording */
	bool armed; /* begin with need_reference; else idle until movement */
	/* of a programme; its sessions begin at t = 0 */
	bool restrap;   /* begin with restrap: the sensor comes from the other leg */
	bool other_leg_next; /* end with restrap */
	bool continued; /* same strapping as before: the reference pose may be the
	                 * one that the wearer already lies in */
};

/* Counters of the session, one name each (health_names). */
enum health {
	HEALTH_SAMPLES,
	HEALTH_BACKWARDS, /* rows dropped because time did not advance */
	HEALTH_GAPS,
	HEALTH_ABSENT_THIGH,
	HEALTH_ABSENT_PELVIS,
	HEALTH_FROZEN,
	HEALTH_SATURATED,
	HEALTH_ORIENT_RESTARTS,
	HEALTH_COUNT
};

extern const char *const health_names[HEALTH_COUNT];

/* What is followed for each sensor. */
struct session_sensor {
	struct gyr_zero zero;
	struct orient_state orient;
	struct tremor_state tremor;
	int64_t last_us;      /* of its last reading; INT64_MIN: none yet */
	struct imu_reading last; /* calibrated; for the freeze check */
	struct vec3 up;
	int32_t repeats;      /* equal readings in a row */
	int64_t repeat_us;    /* when they began */
	struct segment_angle angle; /* absolute */
	double tilt_deg;      /* since the reference; NAN: not known */
};

struct session_state {
	struct timebase time;
	struct session_sensor sensor[SITE_COUNT];
	struct still_state still;
	struct setup_plan setup_plan;
	struct setup_state setup;
	struct hold_plan plan;
	struct hold_state hold;
	struct hold_stats stats;
	struct pelvis_state pelvis;
	struct feedback_state feedback;
	int64_t t_us, next_row_us;
	bool stats_open;      /* a hold is being described */
	int64_t gap_us;       /* latest gap ended then; INT64_MIN: none */
	double drift_deg; /* zero in the rest after the last hold; NAN: not seen */
	bool slipped;     /* a drift above slip_flag_deg was seen in this session */
	/* closing check, degrees; NAN: not done */
	double slip_deg, slip_roll_deg;
	struct cue_state cue;
	bool other_leg;   /* asked to rise, and this thigh has not moved */
	uint32_t fix_flags; /* what there was to mend, when there was anything last */
	bool storage_fault; /* between fault:storage and recovered:storage */
	uint32_t health[HEALTH_COUNT];
	bool finished;
	bool idled;       /* it ended because nobody began a hold any more */
};

struct session_output {
	struct judged_row judged; /* of this sample, always filled */
	bool judged_due;          /* belongs into samples.csv */
	struct hold_row hold;
	bool hold_due;            /* belongs into holds.csv */
	bool begun;               /* an entry: the session folder is due */
	bool changed;             /* state or LED changed at this sample */
	bool finished;            /* the session is over at this sample */
	enum setup_step setup;
	double band_low_deg, band_high_deg, counted_s, prescribed_s;
	struct lamp lamp;
};

/*
 * Checks the inputs and begins. Returns NULL, or in plain words what is missing
 * (a refused exercise, a dose that neither source nor prescription gives).
 */
const char *session_init(struct session_state *state, const struct session_inputs *in);

/* Calm raises that such a session asks for before its first hold. */
int32_t session_raises(const struct session_inputs *inputs);

void session_step(struct session_state *state, const struct session_inputs *inputs,
	const struct sample *sample, struct session_output *output);

/*
 * The same with the up direction of each sensor given (unit, sensor frame; NAN: not
 * known), as smooth_run finds it in a finished recording. For inputs->smoothed.
 */
void session_step_smoothed(struct session_state *state,
	const struct session_inputs *inputs, const struct sample *sample,
	const struct vec3 up[SITE_COUNT], struct session_output *output);

/* The samples have ended. A row of an open hold comes out once. */
void session_finish(struct session_state *state, const struct session_inputs *inputs,
	struct session_output *output);

/* Plain words for the wearer: what to do now. */
const char *session_advice(const struct session_state *state);

#endif
