/*
 * The hold's table of states and events, and the names of both. Order matters
 * only among the rows of one state: the first event that is true leads on.
 */
#include "stretch/hold.h"

const char *const hold_phase_names[HOLD_PHASE_COUNT] = {
	[HOLD_IDLE] = "idle",
	[HOLD_NEED_REFERENCE] = "need_reference",
	[HOLD_READY] = "ready",
	[HOLD_ENTERING] = "entering",
	[HOLD_COUNTING] = "counting",
	[HOLD_PAUSED] = "paused",
	[HOLD_DONE] = "done",
	[HOLD_SHORT] = "short",
	[HOLD_OVER] = "over",
	[HOLD_STOPPED] = "stopped",
	[HOLD_REST] = "rest",
	[HOLD_RESTRAP] = "restrap",
	[HOLD_CLOSING] = "closing",
	[HOLD_FAULT] = "fault",
};

const char *const hold_event_names[HOLD_EV_COUNT] = {
	[HOLD_EV_PRESS] = "press or stop",
	[HOLD_EV_BEGIN] = "timed: press, start or still after movement",
	[HOLD_EV_NEXT] = "next",
	[HOLD_EV_REFERENCE] = "long press",
	[HOLD_EV_WAKE] = "movement or press",
	[HOLD_EV_DATA_LOST] = "no good data for 2 s",
	[HOLD_EV_DATA_BACK] = "good data again",
	[HOLD_EV_LONG_GAP] = "gap over 10 s",
	[HOLD_EV_SETUP_DONE] = "straps, band and reference known",
	[HOLD_EV_ENTRY] = "flat before, then one rise",
	[HOLD_EV_ENTRY_LOST] = "a small lift only",
	[HOLD_EV_ENTRY_LATE] = "no counted second in time",
	[HOLD_EV_COUNTABLE] = "in band, not dropped, still, data good",
	[HOLD_EV_NOT_COUNTABLE] = "left band or stillness, dropped, or bad data",
	[HOLD_EV_PAUSE_OVER] = "away for over 2 s",
	[HOLD_EV_LEG_DOWN] = "leg down",
	[HOLD_EV_REACHED] = "prescribed second",
	[HOLD_EV_PAST_CAP] = "cap + 5 deg for 2 s",
	[HOLD_EV_TOO_LONG] = "longest hold",
	[HOLD_EV_SHOWN] = "shown for 2 s",
	[HOLD_EV_REST_MORE] = "rested and flat, holds left",
	[HOLD_EV_REST_LAST] = "flat, no hold left",
	[HOLD_EV_READY_LATE] = "a minute without a new entry",
	[HOLD_EV_CLOSED] = "lay still",
	[HOLD_EV_CLOSING_LATE] = "30 s",
	[HOLD_EV_OTHER_LEG] = "lay still or 30 s, other leg next",
	[HOLD_EV_REP_BEGUN] = "counted: a repetition begins",
	[HOLD_EV_REP_DONE] = "counted: repetition done",
	[HOLD_EV_REP_LAST] = "counted: last repetition done",
	[HOLD_EV_REP_GONE] = "counted: no repetition any more",
	[HOLD_EV_STRAPPED] = "sensor moved, or press",
	[HOLD_EV_IDLE_LATE] = "10 min without an entry",
};

const char *const hold_result_names[RESULT_COUNT] = {
	[RESULT_DONE] = "done",
	[RESULT_SHORT] = "short",
	[RESULT_OVER] = "over",
	[RESULT_STOPPED] = "stopped",
};

const char *const hold_reason_names[REASON_COUNT] = {
	[REASON_NEARLY] = "nearly",
	[REASON_BELOW_BAND] = "below_band",
	[REASON_NOT_STILL] = "not_still",
	[REASON_BOUNCE] = "bounce",
	[REASON_LEFT_BAND] = "left_band",
	[REASON_DROPPED] = "dropped",
	[REASON_LEG_DOWN] = "leg_down",
	[REASON_PAST_CAP] = "past_cap",
	[REASON_TOO_LONG] = "too_long",
	[REASON_SENSOR] = "sensor",
	[REASON_BUTTON] = "button",
	[REASON_PAIN] = "pain",
	[REASON_FATIGUE] = "fatigue",
	[REASON_OTHER] = "other",
	[REASON_END] = "end",
};

#define GOES(from_, event_, to_) \
	{ HOLD_##from_, HOLD_EV_##event_, HOLD_##to_, RESULT_NONE, REASON_NONE }
#define ENDS(from_, event_, to_, result_, reason_) \
	{ HOLD_##from_, HOLD_EV_##event_, HOLD_##to_, RESULT_##result_, \
		REASON_##reason_ }

const struct hold_rule hold_rules[] = {
	GOES(IDLE, WAKE, NEED_REFERENCE),

	GOES(NEED_REFERENCE, SETUP_DONE, READY),
	GOES(NEED_REFERENCE, DATA_LOST, FAULT),
	GOES(NEED_REFERENCE, NEXT, CLOSING),
	GOES(NEED_REFERENCE, IDLE_LATE, IDLE),

	GOES(READY, LONG_GAP, NEED_REFERENCE),
	GOES(READY, REFERENCE, NEED_REFERENCE),
	GOES(READY, DATA_LOST, FAULT),
	GOES(READY, NEXT, CLOSING),
	GOES(READY, REST_LAST, CLOSING),
	GOES(READY, BEGIN, ENTERING),
	GOES(READY, ENTRY, ENTERING),
	GOES(READY, REP_BEGUN, COUNTING),
	GOES(READY, READY_LATE, CLOSING),
	GOES(READY, IDLE_LATE, IDLE),

	ENDS(ENTERING, PRESS, STOPPED, STOPPED, NONE),
	ENDS(ENTERING, LONG_GAP, NEED_REFERENCE, SHORT, SENSOR),
	ENDS(ENTERING, DATA_LOST, SHORT, SHORT, SENSOR),
	GOES(ENTERING, ENTRY_LOST, READY),
	ENDS(ENTERING, LEG_DOWN, SHORT, SHORT, NONE),
	ENDS(ENTERING, PAST_CAP, OVER, OVER, PAST_CAP),
	GOES(ENTERING, COUNTABLE, COUNTING),
	ENDS(ENTERING, ENTRY_LATE, SHORT, SHORT, NONE),

	ENDS(COUNTING, PRESS, STOPPED, STOPPED, NONE),
	ENDS(COUNTING, LONG_GAP, NEED_REFERENCE, SHORT, SENSOR),
	ENDS(COUNTING, REP_LAST, DONE, DONE, NONE),
	ENDS(COUNTING, REP_DONE, READY, DONE, NONE),
	ENDS(COUNTING, REP_GONE, OVER, OVER, PAST_CAP),
	ENDS(COUNTING, LEG_DOWN, SHORT, SHORT, LEG_DOWN),
	ENDS(COUNTING, TOO_LONG, OVER, OVER, TOO_LONG),
	ENDS(COUNTING, REACHED, DONE, DONE, NONE),
	GOES(COUNTING, NOT_COUNTABLE, PAUSED),

	ENDS(PAUSED, PRESS, STOPPED, STOPPED, NONE),
	ENDS(PAUSED, LONG_GAP, NEED_REFERENCE, SHORT, SENSOR),
	ENDS(PAUSED, DATA_LOST, SHORT, SHORT, SENSOR),
	ENDS(PAUSED, LEG_DOWN, SHORT, SHORT, LEG_DOWN),
	ENDS(PAUSED, PAST_CAP, OVER, OVER, PAST_CAP),
	ENDS(PAUSED, TOO_LONG, OVER, OVER, TOO_LONG),
	GOES(PAUSED, COUNTABLE, COUNTING),
	ENDS(PAUSED, PAUSE_OVER, SHORT, SHORT, NONE),

	/* The prescribed time is reached; the hold runs on to its real end. */
	GOES(DONE, PRESS, REST),
	GOES(DONE, LONG_GAP, NEED_REFERENCE),
	GOES(DONE, LEG_DOWN, REST),
	ENDS(DONE, PAST_CAP, OVER, OVER, PAST_CAP),
	ENDS(DONE, TOO_LONG, OVER, OVER, TOO_LONG),
	GOES(DONE, PAUSE_OVER, REST),

	GOES(SHORT, LONG_GAP, NEED_REFERENCE),
	GOES(SHORT, SHOWN, REST),
	GOES(OVER, LONG_GAP, NEED_REFERENCE),
	GOES(OVER, SHOWN, REST),
	GOES(STOPPED, LONG_GAP, NEED_REFERENCE),
	GOES(STOPPED, SHOWN, REST),

	GOES(REST, LONG_GAP, NEED_REFERENCE),
	GOES(REST, DATA_LOST, FAULT),
	GOES(REST, NEXT, CLOSING),
	GOES(REST, REST_LAST, CLOSING),
	GOES(REST, REST_MORE, READY),
	GOES(REST, IDLE_LATE, IDLE),

	GOES(CLOSING, OTHER_LEG, RESTRAP),
	GOES(CLOSING, CLOSED, IDLE),
	GOES(CLOSING, CLOSING_LATE, IDLE),

	/* Between two sides of a programme: the strap moves to the other leg. One
	 * session ends on the way in, the other leg's begins here. */
	GOES(RESTRAP, STRAPPED, NEED_REFERENCE),
	GOES(RESTRAP, IDLE_LATE, IDLE),

	/* Setup that is still valid leads from need_reference to ready at once. */
	GOES(FAULT, LONG_GAP, NEED_REFERENCE),
	GOES(FAULT, DATA_BACK, NEED_REFERENCE),
	GOES(FAULT, IDLE_LATE, IDLE),
};

const size_t hold_rule_count = sizeof hold_rules / sizeof hold_rules[0];
