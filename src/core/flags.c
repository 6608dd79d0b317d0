/* Names of the flags, as they stand in the files. */
#include "stretch/flags.h"

const char *const flag_names[FLAG_COUNT] = {
	[FLAG_STALE] = "stale",
	[FLAG_GAP] = "gap",
	[FLAG_FROZEN] = "frozen",
	[FLAG_SATURATED] = "saturated",
	[FLAG_ABSENT] = "absent",
	[FLAG_STARTED_IN_BAND] = "started_in_band",
	[FLAG_FAST_ENTRY] = "fast_entry",
	[FLAG_BOUNCE] = "bounce",
	[FLAG_PAST_CAP] = "past_cap",
	[FLAG_KNEE_UP] = "knee_up",
	[FLAG_PUSH_UP] = "push_up",
	[FLAG_OUT_OF_PLANE] = "out_of_plane",
	[FLAG_PELVIS_MOVING] = "pelvis_moving",
	[FLAG_PELVIS_DOUBTFUL] = "pelvis_doubtful",
	[FLAG_OTHER_LEG] = "other_leg",
	[FLAG_UNCALIBRATED] = "uncalibrated",
	[FLAG_PAIN] = "pain",
	[FLAG_SLIP] = "slip",
};
