/*
 * The hold: one pure state machine, from lying ready to the row in holds.csv.
 *
 * Every sample the predicates of hold_event.c turn into a set of events; the first
 * row of hold_rules that fits state and event leads on. The table is the whole
 * machine: the README's figure and the tests are made from it.
 *
 * Durations are sums of sample intervals on the learned clock, never a count of
 * samples times a nominal rate.
 */
#ifndef STRETCH_HOLD_H
#define STRETCH_HOLD_H

#include "stretch/count.h"
#include "stretch/flags.h"
#include "stretch/steady.h"

enum hold_phase {
	HOLD_IDLE,
	HOLD_NEED_REFERENCE,
	HOLD_READY,
	HOLD_ENTERING,
	HOLD_COUNTING,
	HOLD_PAUSED,
	HOLD_DONE,
	HOLD_SHORT,
	HOLD_OVER,
	HOLD_STOPPED,
	HOLD_REST,
	HOLD_RESTRAP,
	HOLD_CLOSING,
	HOLD_FAULT,
	HOLD_PHASE_COUNT
};

/* In order of what a rule may depend on; see hold_event.c for each predicate. */
enum hold_event {
	HOLD_EV_PRESS,        /* the button, or a stop by name */
	HOLD_EV_BEGIN,        /* timed exercises: press, start, or still after movement */
	HOLD_EV_NEXT,         /* leave this exercise */
	HOLD_EV_REFERENCE,    /* long press: take the reference again */
	HOLD_EV_WAKE,         /* movement or button after the lamps went dark */
	HOLD_EV_DATA_LOST,    /* no good data for fault_pause_s */
	HOLD_EV_DATA_BACK,
	HOLD_EV_LONG_GAP,     /* a gap that makes the reference doubtful */
	HOLD_EV_SETUP_DONE,   /* alignment, band and reference are there */
	HOLD_EV_ENTRY,        /* flat before, then one rise */
	HOLD_EV_ENTRY_LOST,   /* a small lift, down again: no attempt */
	HOLD_EV_ENTRY_LATE,   /* too long without a counted second */
	HOLD_EV_COUNTABLE,    /* in band, not dropped, still, data good, no bounce */
	HOLD_EV_NOT_COUNTABLE,
	HOLD_EV_PAUSE_OVER,   /* away for longer than pause_max_s */
	HOLD_EV_LEG_DOWN,
	HOLD_EV_REACHED,      /* the prescribed second */
	HOLD_EV_PAST_CAP,     /* over_cap_deg above the cap for over_cap_s */
	HOLD_EV_TOO_LONG,     /* hold_max_s */
	HOLD_EV_SHOWN,        /* the result has been on the lamps long enough */
	HOLD_EV_REST_MORE,    /* rested, leg was flat, holds are left */
	HOLD_EV_REST_LAST,    /* the leg was flat, no hold is left */
	HOLD_EV_READY_LATE,   /* tried before, but no entry for a minute */
	HOLD_EV_CLOSED,       /* lay still: the slip check is done */
	HOLD_EV_CLOSING_LATE,
	HOLD_EV_OTHER_LEG,    /* closed either way, and the other leg is next */
	HOLD_EV_REP_BEGUN,    /* counted exercises: a repetition begins */
	HOLD_EV_REP_DONE,
	HOLD_EV_REP_LAST,     /* the same, and it was the last one */
	HOLD_EV_REP_GONE,     /* it became something else */
	HOLD_EV_STRAPPED,     /* restrap shown and the sensor moved, or a press */
	HOLD_EV_IDLE_LATE,    /* idle_min without an entry */
	HOLD_EV_COUNT
};

enum hold_result {
	RESULT_NONE,
	RESULT_DONE,
	RESULT_SHORT,
	RESULT_OVER,
	RESULT_STOPPED,
	RESULT_COUNT
};

enum hold_reason {
	REASON_NONE,
	REASON_NEARLY,      /* 80 % and more of the prescribed time */
	REASON_BELOW_BAND,  /* never reached the band */
	REASON_NOT_STILL,
	REASON_BOUNCE,
	REASON_LEFT_BAND,
	REASON_DROPPED,     /* in the band, but drop_deg below where it was held */
	REASON_LEG_DOWN,
	REASON_PAST_CAP,
	REASON_TOO_LONG,
	REASON_SENSOR,
	REASON_BUTTON,
	REASON_PAIN,
	REASON_FATIGUE,
	REASON_OTHER,
	REASON_END,         /* the recording or the session ended */
	REASON_COUNT
};

extern const char *const hold_phase_names[HOLD_PHASE_COUNT];
extern const char *const hold_event_names[HOLD_EV_COUNT];
extern const char *const hold_result_names[RESULT_COUNT];
extern const char *const hold_reason_names[REASON_COUNT];

struct hold_rule {
	enum hold_phase from;
	enum hold_event event;
	enum hold_phase to;
	enum hold_result result; /* RESULT_NONE: the hold goes on, or there is none */
	enum hold_reason reason; /* REASON_NONE: as the pause or the stop says */
};

extern const struct hold_rule hold_rules[];
extern const size_t hold_rule_count;

/* What this session asks for, from exercise, prescription and calm raises. */
struct hold_plan {
	enum judging judging;
	bool timed;            /* begun by button or start; no angle is judged */
	double band_low_deg, band_high_deg; /* of the signal; NAN: timed, or not known */
	double flat_deg;       /* at most: the leg lies flat, or the start pose */
	double down_deg;       /* below: the hold has ended */
	double rep_deg;        /* counted: the least that is a repetition */
	bool pauses;           /* timed: still after movement begins by itself */
	double rise_deg;       /* one rise of this much is an entry */
	double entry_time_s;   /* from the rise to the first counted second */
	double prescribed_s;
	double hold_max_s;
	int32_t reps;
	double rest_s;
	bool other_leg_next;   /* of the programme: the sensor moves after this */
};

struct hold_input {
	int64_t t_us;
	int64_t dt_us;         /* since the sample before */
	double signal_deg;     /* the judged angle; last known while not stale */
	double thigh_rise_deg; /* how far the thigh has left its place; NAN: unknown */
	uint32_t bad_data;     /* FLAGS_BAD_DATA bits: not credited */
	bool setup_done;
	bool moved;            /* the wearer is moving (wakes from idle) */
	bool closed;           /* slip check finished */
	bool press, begin, next, reference;
	enum hold_reason stop; /* a stop by name; REASON_NONE: none */
};

struct hold_state {
	enum hold_phase phase;
	int64_t since_us;      /* of this phase */
	bool moved;            /* the wearer moved in this phase */
	struct steady_state steady;
	struct count_state count;
	enum count_event counted; /* of this sample */
	bool unsettled;        /* left stillness since the last hold */
	int64_t active_us;     /* last entry, waking or arming: for the idle limit */
	int64_t good_us;       /* last sample with good data */
	int64_t good_before_us; /* the one before that */
	int64_t bad_since_us;  /* INT64_MIN: data are good */
	uint32_t bad_kind;     /* what was bad last */

	bool flat_seen;        /* still and flat since the last hold */
	double flat_deg;       /* where it lay; the reference or above */
	int64_t low_us;        /* last moment within 3 deg of there */
	bool warned_in_band;   /* in the band without an entry */

	/* the current hold */
	int32_t index;         /* 1 for the first attempt of the session */
	int32_t reps_done;     /* attempts that need no repeat */
	int64_t entry_us, ok_since_us, counted_until_us, count_start_us;
	int64_t cap_since_us;  /* INT64_MIN: below the limit */
	int64_t paused_us;
	double counted_s, run_s, longest_s;
	double entry_rate_deg_s;
	double top_deg;        /* doorway: highest 1 s mean */
	double settled_deg, plateau_deg; /* slow angle once let down, its lowest */
	bool falling;          /* doorway: let down far enough */
	bool reached_band;
	double level_deg;      /* where it is held: a slow mean since it counts */
	bool dropped;          /* in the band, but drop_deg below that */
	double entry_peak_deg;
	int32_t drops;
	enum hold_result result;
	enum hold_reason reason, pause_reason, stop_reason;
	int64_t stopped_us;    /* for the second press; INT64_MIN: none */
	int64_t end_us;        /* of the last hold; INT64_MIN: none yet */
	int32_t late_pain;     /* index of the last hold that was said to hurt after its
	                        * row was written; 0: none */
	bool press_ends;       /* the button ends such holds, but this one was over */
	bool row_open;         /* its row is not final: a press may still mean pain */
	uint32_t flags;        /* of the hold so far */
};

struct hold_output {
	enum hold_phase phase;
	bool changed;          /* the phase changed at this sample */
	enum hold_event event; /* that changed it; HOLD_EV_COUNT: none */
	bool in_band, counting; /* counting: this interval was credited */
	double credit_s;       /* seconds credited at this sample */
	int64_t credit_from_us; /* where they begin */
	bool fix;              /* tell the wearer to mend something */
	uint32_t flags;        /* of this sample */
	bool hold_begun;       /* an entry: the session folder is due */
	bool hold_ended;       /* result and reason stand (a pain press may follow) */
	bool row_due;          /* the hold's row is final: write it */
};

/* Begins in HOLD_IDLE (dark, waiting for the wearer), HOLD_NEED_REFERENCE, or
 * HOLD_RESTRAP (the sensor comes from the other leg). */
void hold_init(struct hold_state *state, enum hold_phase phase, int64_t t_us);

void hold_step(struct hold_state *state, const struct hold_plan *plan,
	const struct settings *settings, const struct hold_input *input,
	struct hold_output *output);

/* The recording or the session ends: closes an open hold as "end". */
void hold_finish(struct hold_state *state, int64_t t_us, struct hold_output *output);

#endif
