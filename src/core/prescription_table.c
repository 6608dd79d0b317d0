/*
 * The keys of a prescription. Ranges keep out what cannot be meant; those of the
 * dose lie inside the settings' own, so that every step can be applied.
 */
#include "stretch/prescription.h"

#include <math.h>

const char *const slot_names[SLOT_COUNT] = {
	[SLOT_MORNING] = "morning",
	[SLOT_MIDDAY] = "midday",
	[SLOT_EVENING] = "evening",
};

const char *const item_order_names[ORDER_COUNT] = {
	[ORDER_ITEM] = "item",
	[ORDER_SIDE] = "side",
};

#define IN_FILE(member) .offset = offsetof(struct prescription, member), \
	.size = sizeof(((struct prescription *)0)->member)
#define IN_ITEM(member) .offset = offsetof(struct prescription_item, member), \
	.size = sizeof(((struct prescription_item *)0)->member)

#define ANY(where, what, name, says) \
	.key = (name), .scope = SCOPE_##where, .type = PRESCRIPTION_##what, \
	.help = (says)
#define KEY(where, what, name, says) ANY(where, what, name, says), .unit = ""
#define WHOLE(where, name, low, high, says) \
	KEY(where, WHOLE, name, says), .min = (low), .max = (high), \
	.number = PRESCRIPTION_BLANK
#define NUMBER(where, name, low, high, value, of, says) \
	ANY(where, NUMBER, name, says), .min = (low), .max = (high), \
	.number = (double)(value), .unit = (of)
#define NAMES(list, count) .names = (list), .name_count = (count)

const struct prescription_key prescription_keys[KEY_COUNT] = {
	[KEY_WEARER] = { KEY(FILE, LABEL, "wearer",
		"label of who stretches; no name is needed"), IN_FILE(wearer) },
	[KEY_ORDER] = { KEY(FILE, CHOICE, "order",
		"item: both legs, then the next; side: all on one leg"),
		.number = ORDER_ITEM, NAMES(item_order_names, ORDER_COUNT),
		IN_FILE(order) },
	[KEY_SENSORS] = { WHOLE(FILE, "sensors", 1, 2,
		"1: thigh, 2: thigh and pelvis; blank: as worn"), .optional = true,
		IN_FILE(sensors) },
	[KEY_WARM_UP] = { KEY(FILE, YES_NO, "warm_up",
		"ask whether the wearer is warmed up"), .number = 1, IN_FILE(warm_up) },
	[KEY_SORE_TODAY] = { KEY(FILE, YES_NO, "sore_today",
		"a rest day because of soreness counts as kept"), .number = 1,
		IN_FILE(sore_today) },
	[KEY_BREAK_EVERY_MIN] = { NUMBER(FILE, "break_every_min", 10, 240, NAN, "min",
		"remind to get up from sitting; blank: never"), .optional = true,
		IN_FILE(break_every_min) },
	[KEY_SIDES] = { KEY(BOTH, LIST, "sides",
		"legs in the order they are stretched"), NAMES(side_names, SIDE_COUNT),
		IN_ITEM(sides) },
	[KEY_OTHER_LEG] = { KEY(BOTH, CHOICE, "other_leg",
		"how the leg that stays down lies"), .number = OTHER_BENT,
		NAMES(other_leg_names, OTHER_COUNT), IN_ITEM(other_leg) },
	[KEY_HOLD_S] = { NUMBER(ITEM, "hold_s", 3, 120, NAN, "s",
		"seconds of one hold"), IN_ITEM(hold_s) },
	[KEY_REPS] = { WHOLE(ITEM, "reps", 1, 50,
		"holds or repetitions a side"), IN_ITEM(reps) },
	[KEY_REST_S] = { NUMBER(BOTH, "rest_s", 0, 600, 10, "s",
		"shortest rest between holds"), IN_ITEM(rest_s) },
	[KEY_PER_DAY] = { WHOLE(ITEM, "per_day", 1, 12,
		"times a day; or write per_week"), IN_ITEM(per_day) },
	[KEY_PER_WEEK] = { WHOLE(ITEM, "per_week", 1, 14,
		"times a week, in place of per_day"), .optional = true,
		IN_ITEM(per_week) },
	[KEY_SLOTS] = { KEY(BOTH, LIST, "slots", "times of day; blank: at any time"),
		.optional = true, NAMES(slot_names, SLOT_COUNT), IN_ITEM(slots) },
	[KEY_TARGET_LO_DEG] = { NUMBER(ITEM, "target_lo_deg", 3, 140, NAN, "deg",
		"band from here up; blank: from calm raises"), .optional = true,
		IN_ITEM(target_lo_deg) },
	[KEY_CAP_DEG] = { NUMBER(ITEM, "cap_deg", 15, 150, NAN, "deg",
		"never above this; blank: from calm raises"), .optional = true,
		IN_ITEM(cap_deg) },
	[KEY_BREATH_S] = { NUMBER(BOTH, "breath_s", 2, 20, NAN, "s",
		"a tick to breathe out every; blank: none"), .optional = true,
		IN_ITEM(breath_s) },
};

_Static_assert((int)KEY_COUNT <= 32, "a mask has no bit for the last key");

const char *const prescription_safety[] = {
	"stretchd measures angles and times. It does not diagnose and promises no",
	"relief; it is not a medical device. It cannot feel what you feel.",
	"",
	"Ask your clinician before you begin if any of these is true for you:",
	"  - recent surgery of hip, hamstring or back, or a hip that must not be moved",
	"    in some ways (hip precautions)",
	"  - pain from a disc or a nerve",
	"  - a blood clot, now or lately",
	"  - osteoporosis, if bending forward is among your exercises",
	"  - pregnancy",
	"",
	"Stop at once, and tell your clinician, if you feel pain below the knee,",
	"tingling or numbness. Any press of the button ends a hold. A stretch may pull",
	"a little; it must not hurt. After a standing bend come up slowly.",
};

const size_t prescription_safety_count =
	sizeof(prescription_safety) / sizeof(prescription_safety[0]);
