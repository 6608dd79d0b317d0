/*
 * The table of settings. The ranges only keep out what cannot be meant: a still
 * window of a minute, a cap of 400 degrees. README.md says where the defaults of
 * the hold rule come from.
 */
#include "stretch/setting.h"

#include <math.h>

#define ANY_LINE "LINE-NAME or CHIP-LABEL:OFFSET, \"\" when not wired"

const char *const led_mode_names[LED_MODE_COUNT] = {
	[LED_NONE] = "none",
	[LED_THREE] = "three",
	[LED_RGB] = "rgb",
	[LED_TERMINAL] = "terminal",
};

const char *const pelvis_site_names[PELVIS_SITE_COUNT] = {
	[PELVIS_FRONT] = "front",
	[PELVIS_SACRUM] = "sacrum",
};

const char *const address_names[ADDRESS_CHOICES] = { "auto", "0x68", "0x69", "0x6a",
	"0x6b" };

const char *const rate_names[RATE_CHOICES] = { "100", "200" };

const char *const slot_choice_names[SLOT_CHOICE_COUNT] = {
	[SLOT_BY_CLOCK] = "auto",
	[SLOT_EVERY] = "any",
	[SLOT_GIVEN] = "morning",
	[SLOT_GIVEN + 1] = "midday",
	[SLOT_GIVEN + 2] = "evening",
};

const char *const setting_section_names[SECTION_COUNT] = {
	[SECTION_SESSION] = "session",
	[SECTION_HOLD] = "hold",
	[SECTION_PELVIS] = "pelvis",
	[SECTION_SENSOR] = "sensor",
	[SECTION_LEDS] = "leds",
	[SECTION_STORE] = "store",
	[SECTION_SERVICE] = "service",
};

const char *const setting_section_help[SECTION_COUNT] = {
	[SECTION_SESSION] = "who stretches what, and the prescribed dose",
	[SECTION_HOLD] = "when a second of a hold counts",
	[SECTION_PELVIS] = "when the pelvis, or the leg, is called moving",
	[SECTION_SENSOR] = "where the readings come from",
	[SECTION_LEDS] = "LEDs, buzzer and button",
	[SECTION_STORE] = "where sessions are kept",
	[SECTION_SERVICE] = "how other programs talk to the daemon",
};

#define AT(member) .offset = offsetof(struct settings, member), \
	.size = sizeof(((struct settings *)0)->member)
#define NUMBER(group, member, low, high, value, of, says) \
	{ .key = #member, .section = SECTION_##group, .type = SETTING_NUMBER, \
	  .min = (low), .max = (high), .number = (double)(value), .unit = (of), \
	  .help = (says), AT(member) }
#define WHOLE(group, member, low, high, value, says) \
	{ .key = #member, .section = SECTION_##group, .type = SETTING_INT, \
	  .min = (low), .max = (high), .number = (value), .unit = "", \
	  .help = (says), AT(member) }
#define YES_NO(group, word, member, value, says) \
	{ .key = (word), .section = SECTION_##group, .type = SETTING_BOOL, \
	  .min = 0, .max = 1, .number = (value), .unit = "", .help = (says), \
	  AT(member) }
#define CHOICE(group, member, list, count, value, says) \
	{ .key = #member, .section = SECTION_##group, .type = SETTING_CHOICE, \
	  .min = 0, .max = (count) - 1, .number = (value), .names = (list), \
	  .name_count = (count), .unit = "", .help = (says), AT(member) }
#define TEXT(group, member, kind, value, says) \
	{ .key = #member, .section = SECTION_##group, .type = SETTING_##kind, \
	  .text = (value), .unit = "", .help = (says), AT(member) }

const struct setting setting_table[] = {
	TEXT(SESSION, wearer, LABEL, "wearer",
		"label of who stretches; no name is needed"),
	TEXT(SESSION, prescription, FILE, "",
		"file with the programme; \"\": the exercise below"),
	CHOICE(SESSION, slot, slot_choice_names, SLOT_CHOICE_COUNT, SLOT_BY_CLOCK,
		"of the programme: items of this time of day; any: all"),
	CHOICE(SESSION, exercise, exercise_names, EX_COUNT, EX_LYING_TOWEL,
		"what is done"),
	CHOICE(SESSION, side, side_names, SIDE_COUNT, SIDE_LEFT,
		"leg that is stretched; no sensor can tell"),
	CHOICE(SESSION, other_leg, other_leg_names, OTHER_COUNT, OTHER_BENT,
		"how the leg that stays down lies"),
	NUMBER(SESSION, hold_s, 3, 600, NAN, "s",
		"a hold is done after; blank: the exercise's"),
	WHOLE(SESSION, reps, 0, 50, 0, "holds a side; 0: the exercise's"),
	NUMBER(SESSION, target_lo_deg, 1, 140, NAN, "deg",
		"lower edge of the band; blank: from calm raises"),
	NUMBER(SESSION, cap_deg, 2, 150, NAN, "deg",
		"upper edge of the band; blank: from calm raises"),
	NUMBER(SESSION, rest_s, 0, 600, 10, "s", "shortest rest between holds"),
	NUMBER(SESSION, breath_s, 2, 20, NAN, "s",
		"a tick to breathe out every; blank: none"),
	NUMBER(SESSION, idle_min, 1, 240, 10, "min",
		"dark after this long without an entry"),
	NUMBER(SESSION, closing_s, 5, 300, 30, "s",
		"time to lie still for the slip check at the end"),
	NUMBER(SESSION, pain_press_s, 1, 30, 5, "s",
		"a second press within this time means pain"),

	NUMBER(HOLD, still_range_deg, 0.5, 30, 6, "deg",
		"still: the angle stays within"),
	NUMBER(HOLD, still_window_s, 0.2, 10, 1.5, "s", "still: over the last"),
	NUMBER(HOLD, still_cutoff_hz, 0.1, 10, 1, "Hz",
		"low-pass of the angle that is judged for stillness"),
	NUMBER(HOLD, bounce_half_swing_deg, 1, 45, 9, "deg",
		"bounce: three swings of at least"),
	NUMBER(HOLD, bounce_window_s, 0.5, 20, 3, "s", "bounce: within"),
	NUMBER(HOLD, bounce_still_s, 0, 20, 2, "s",
		"no count after a bounce until still for"),
	NUMBER(HOLD, drop_deg, 1, 90, 7, "deg",
		"no count this far below where the leg was held"),
	NUMBER(HOLD, pause_max_s, 0.1, 20, 2, "s",
		"out of band or not still: longer ends the hold"),
	NUMBER(HOLD, entry_flat_deg, 0, 60, 20, "deg",
		"entry: the thigh was still at or below"),
	NUMBER(HOLD, entry_rise_deg, 1, 60, 15, "deg", "entry: one rise of at least"),
	NUMBER(HOLD, entry_time_s, 1, 120, 20, "s", "entry: in the band within"),
	NUMBER(HOLD, fast_entry_deg_s, 5, 500, 40, "deg/s",
		"entry: faster than this is flagged"),
	NUMBER(HOLD, over_cap_deg, 0, 45, 5, "deg",
		"a hold ends above the cap by more than"),
	NUMBER(HOLD, over_cap_s, 0.1, 20, 2, "s", "above the cap for"),
	NUMBER(HOLD, hold_max_s, 3, 1200, 120, "s", "longest hold, counted or not"),
	NUMBER(HOLD, hold_max_factor, 1, 10, 2, "",
		"longest hold, times the prescribed time"),
	NUMBER(HOLD, nearly_fraction, 0.1, 1, 0.8, "",
		"a short hold is \"nearly\" from this part of the time"),
	NUMBER(HOLD, stale_ms, 10, 2000, 100, "ms",
		"no count when the newest sample is older"),
	NUMBER(HOLD, gap_factor, 1.5, 20, 3, "",
		"gap: longer than this many usual steps"),
	NUMBER(HOLD, gap_min_ms, 5, 2000, 80, "ms", "gap: and longer than"),
	NUMBER(HOLD, gap_reference_s, 0.5, 600, 10, "s",
		"a longer gap asks for the reference again"),
	NUMBER(HOLD, fault_pause_s, 0.1, 60, 2, "s",
		"sensor trouble: longer ends the hold"),
	NUMBER(HOLD, reference_still_s, 0.5, 30, 3, "s",
		"reference pose: still for"),
	NUMBER(HOLD, reference_within_deg, 1, 60, 25, "deg",
		"reference pose: within this of the aligned pose"),
	NUMBER(HOLD, reference_moved_s, 5, 600, 60, "s",
		"reference pose: movement within the last"),
	NUMBER(HOLD, slip_flag_deg, 0.5, 30, 3, "deg",
		"strap slip at the end: flagged above"),
	NUMBER(HOLD, slip_untrusted_deg, 0.5, 45, 6, "deg",
		"strap slip at the end: angles not trusted above"),
	NUMBER(HOLD, plane_medium_deg, 1, 60, 12, "deg",
		"out of plane: confidence at most medium above"),
	NUMBER(HOLD, plane_low_deg, 1, 80, 20, "deg",
		"out of plane: confidence low above"),
	NUMBER(HOLD, raise_min_deg, 5, 60, 15, "deg",
		"calm raises: the best one is at least"),
	NUMBER(HOLD, band_low_fraction, 0.3, 1, 0.8, "",
		"band from calm raises: lower edge, times the best"),
	NUMBER(HOLD, band_above_deg, 1, 45, 15, "deg",
		"band from calm raises: cap above the best by"),
	NUMBER(HOLD, band_top_deg, 20, 150, 90, "deg",
		"band from calm raises: cap at most"),
	NUMBER(HOLD, doorway_low_deg, 20, 140, 55, "deg",
		"doorway: arrive at or above"),
	NUMBER(HOLD, doorway_high_deg, 30, 150, 105, "deg",
		"doorway: arrive at or below"),
	NUMBER(HOLD, doorway_fall_deg, 1, 45, 8, "deg",
		"doorway: settle below the highest second by"),
	NUMBER(HOLD, doorway_fall_max_deg_s, 1, 200, 20, "deg/s",
		"doorway: settle no faster than"),
	NUMBER(HOLD, doorway_push_deg, 0.5, 30, 3, "deg",
		"doorway: a push up by more pauses the count"),
	NUMBER(HOLD, seated_rise_deg, 1, 45, 5, "deg",
		"seated: the thigh stays down within"),
	NUMBER(HOLD, other_leg_s, 10, 600, 60, "s",
		"no movement for this long after the cue: other leg?"),

	NUMBER(PELVIS, pelvis_excess_deg, 0.5, 30, 5, "deg",
		"moving: above the pelvis baseline by more than"),
	NUMBER(PELVIS, pelvis_growth_deg, 0.5, 30, 3, "deg",
		"moving: growth of that within the hold"),
	NUMBER(PELVIS, pelvis_mean_s, 0.2, 10, 2, "s", "mean over"),
	NUMBER(PELVIS, pelvis_range_deg, 1, 45, 10, "deg",
		"the baseline holds this far beyond the calm raises"),
	NUMBER(PELVIS, pelvis_rise_deg, 0.5, 30, 3, "deg",
		"one sensor, doubtful: slow rise of more than"),
	NUMBER(PELVIS, pelvis_rise_window_s, 2, 60, 10, "s",
		"one sensor: slow rise within"),
	NUMBER(PELVIS, pelvis_rise_after_s, 0, 120, 15, "s",
		"one sensor: slow rise judged after second"),
	NUMBER(PELVIS, pelvis_roll_deg, 1, 45, 8, "deg",
		"one sensor, doubtful: roll of more than"),
	NUMBER(PELVIS, pelvis_tremor_deg_s, 1, 100, 8, "deg/s",
		"one sensor, doubtful: tremor (RMS) above"),
	NUMBER(PELVIS, pelvis_tremor_s, 0.5, 30, 3, "s", "one sensor: tremor for"),
	NUMBER(PELVIS, pelvis_jump_deg, 1, 45, 6, "deg",
		"one sensor, moving: jump or drop of more than"),
	NUMBER(PELVIS, pelvis_jump_s, 0.1, 10, 1, "s", "one sensor: jump within"),

	TEXT(SENSOR, sensor, SENSOR, "i2c:auto",
		"simulate:EXERCISE, replay:FILE or i2c:BUS"),
	YES_NO(SENSOR, "pelvis", pelvis, 0, "a second sensor is on the pelvis"),
	CHOICE(SENSOR, pelvis_site, pelvis_site_names, PELVIS_SITE_COUNT, PELVIS_FRONT,
		"front of the belt, or sacrum; seated, front is less sure"),
	TEXT(SENSOR, pelvis_bus, FILE, "",
		"of i2c:, the pelvis sensor's bus; \"\": the thigh's"),
	CHOICE(SENSOR, thigh_address, address_names, ADDRESS_CHOICES, 0,
		"of i2c:; auto: the first one that answers"),
	CHOICE(SENSOR, pelvis_address, address_names, ADDRESS_CHOICES, 0,
		"of i2c:; auto: the next one that answers"),
	TEXT(SENSOR, data_ready_thigh, LINE, "",
		"of i2c:, line on the chip's INT pin; \"\": none is needed"),
	TEXT(SENSOR, data_ready_pelvis, LINE, "", "the same, of the pelvis sensor"),
	CHOICE(SENSOR, rate_hz, rate_names, RATE_CHOICES, 0,
		"of i2c:, about so many readings a second"),
	NUMBER(SENSOR, speed, 0.1, 1000, 1, "",
		"of simulate: and replay:, times real time"),
	WHOLE(SENSOR, seed, 0, 2147483647, 1, "of simulate:, start of its chance"),
	TEXT(SENSOR, calibration_thigh, FILE, "",
		"file of stretchctl calibrate; \"\": uncalibrated"),
	TEXT(SENSOR, calibration_pelvis, FILE, "", "the same, for the pelvis sensor"),
	TEXT(SENSOR, alignment, FILE, "",
		"of calibrate --alignment; \"\": learned by itself"),
	NUMBER(SENSOR, alignment_max_min, 1, 720, 60, "min",
		"alignment: an older one is not used"),

	CHOICE(LEDS, led_mode, led_mode_names, LED_MODE_COUNT, LED_NONE,
		"three LEDs, one RGB LED, drawn, or none"),
	TEXT(LEDS, led_red_line, LINE, "", ANY_LINE),
	TEXT(LEDS, led_amber_line, LINE, "", "the same; only with three LEDs"),
	TEXT(LEDS, led_green_line, LINE, "", ANY_LINE),
	TEXT(LEDS, buzzer_line, LINE, "", ANY_LINE),
	TEXT(LEDS, button_line, LINE, "", ANY_LINE),
	YES_NO(LEDS, "active_low", active_low, 0, "an LED is lit by a low line"),
	YES_NO(LEDS, "buzzer_active_low", buzzer_active_low, 0,
		"the buzzer sounds on a low line"),
	YES_NO(LEDS, "button_active_low", button_active_low, 1,
		"the button pulls its line to ground"),
	YES_NO(LEDS, "quiet", quiet, 0, "the buzzer stays silent"),
	NUMBER(LEDS, led_leave_s, 0, 2, 0.3, "s",
		"green stays steady this long into a pause"),

	TEXT(STORE, state_dir, FOLDER, "/var/lib/stretchd",
		"sessions, calibration, prescriptions"),
	YES_NO(STORE, "volatile", volatile_store, 0,
		"the folder may be lost when the power goes"),

	TEXT(SERVICE, control, FILE, SETTING_CONTROL,
		"socket for stretchctl, rights 0660; \"\": none"),
};

const size_t setting_count = sizeof(setting_table) / sizeof(setting_table[0]);
