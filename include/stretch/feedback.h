/*
 * What lamps and buzzer say: nine patterns in one table, readable in one colour
 * and by ear, and the choice of one from the course of the hold.
 *
 * Pure: the id follows from the outputs of the hold so far, and the lamps follow
 * from the id and the time since it began.
 */
#ifndef STRETCH_FEEDBACK_H
#define STRETCH_FEEDBACK_H

#include "stretch/hold.h"
#include "stretch/lamp.h"
#include "stretch/pelvis.h"

enum led_id {
	LED_OFF,
	LED_WAIT,
	LED_GO,
	LED_MOVE,
	LED_COUNT,
	LED_PAUSE,
	LED_FIX,
	LED_DONE,
	LED_SHORT,
	LED_FAULT,
	LED_ID_COUNT
};

enum led_colour { COLOUR_NONE, COLOUR_RED, COLOUR_AMBER, COLOUR_GREEN };

#define PULSES_MAX 3

/* A pattern: `pulses` pulses of on_ms, off_ms between them, then dark until
 * period_ms; period 0 means once. on_ms 0 with period 0 is steady light. */
struct led_pattern {
	const char *name;
	enum led_colour colour;
	int32_t pulses, on_ms, off_ms, period_ms;
	int32_t least_ms;   /* stays this long while a hold goes on; 0: as it comes */
	bool inverted;      /* lit but for the pulses */
	/* sound: beeps at the start of the pattern; ticks repeat with the period */
	int32_t beeps, beep_ms, beep_gap_ms;
	bool tick;          /* a short tick every period instead of beeps */
	const char *meaning; /* when it shows, for the manual */
};

extern const struct led_pattern led_patterns[LED_ID_COUNT];
extern const char *const led_names[LED_ID_COUNT]; /* the same names, for columns */

struct feedback_state {
	enum led_id id;
	int64_t since_us;
	int64_t wanted_us;     /* last moment with a reason for id, not only hysteresis */
	int32_t blinks;        /* of `wait`: 1, restrap 2, closing 3 */
	int64_t count_end_us;  /* counting was left then; INT64_MIN: not leaving */
	int64_t tick_us;       /* last soft tick of a count; INT64_MIN: none */
	bool set_done;         /* the last hold of the set: `done` twice */
	int32_t ticked;        /* soft ticks given: bit 0 start, 1 half, 2.. last */
	int32_t breaths;       /* ticks to breathe out given in this hold */
};

struct feedback_input {
	int64_t t_us;
	const struct hold_output *hold;
	double counted_s, prescribed_s; /* NAN: a repetition, its start is told */
	bool storage_fault;    /* something cannot be written */
	bool set_done;
	enum pelvis_verdict pelvis;
	bool doubtful_data;    /* confidence none or low where it was better */
};

void feedback_init(struct feedback_state *state, int64_t t_us);

/* The id for this sample; it is kept in state with the time it began. */
enum led_id feedback_step(struct feedback_state *state,
	const struct settings *settings, const struct feedback_input *input);

/* Lamps and buzzer at a moment; quiet drops the sound. */
struct lamp feedback_lamp(const struct feedback_state *state, int64_t t_us, bool quiet);

#endif
