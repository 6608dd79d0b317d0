/*
 * Flags that a judged sample or a hold carries, one bit each, and their names in
 * the files. A flag says what was seen; it is no verdict.
 */
#ifndef STRETCH_FLAGS_H
#define STRETCH_FLAGS_H

#include <stdint.h>

enum flag {
	FLAG_STALE,          /* no reading for longer than stale_ms */
	FLAG_GAP,            /* an interval far above the usual one */
	FLAG_FROZEN,         /* the very same reading again and again */
	FLAG_SATURATED,      /* at the chip's full scale */
	FLAG_ABSENT,         /* a needed sensor gave nothing in this row */
	FLAG_STARTED_IN_BAND, /* in the band without having been flat */
	FLAG_FAST_ENTRY,
	FLAG_BOUNCE,
	FLAG_PAST_CAP,
	FLAG_KNEE_UP,        /* the thigh left its place in a seated hold */
	FLAG_PUSH_UP,        /* doorway: pushed up instead of let down */
	FLAG_OUT_OF_PLANE,   /* leg far out to the side */
	FLAG_PELVIS_MOVING,
	FLAG_PELVIS_DOUBTFUL,
	FLAG_OTHER_LEG,      /* asked to raise, but this thigh did not move */
	FLAG_UNCALIBRATED,
	FLAG_PAIN,
	FLAG_SLIP,           /* at rest, zero had moved by more than slip_flag_deg */
	FLAG_COUNT
};

#define FLAG_BIT(flag) (UINT32_C(1) << (flag))

/* Data that must not be credited. */
#define FLAGS_BAD_DATA \
	(FLAG_BIT(FLAG_STALE) | FLAG_BIT(FLAG_GAP) | FLAG_BIT(FLAG_FROZEN) | \
		FLAG_BIT(FLAG_SATURATED) | FLAG_BIT(FLAG_ABSENT))

/* What the wearer is shown to mend while a hold goes on. */
#define FLAGS_FIX \
	(FLAG_BIT(FLAG_FAST_ENTRY) | FLAG_BIT(FLAG_BOUNCE) | FLAG_BIT(FLAG_PAST_CAP) | \
		FLAG_BIT(FLAG_KNEE_UP) | FLAG_BIT(FLAG_PUSH_UP) | \
		FLAG_BIT(FLAG_OUT_OF_PLANE) | FLAG_BIT(FLAG_PELVIS_MOVING))

extern const char *const flag_names[FLAG_COUNT];

#endif
