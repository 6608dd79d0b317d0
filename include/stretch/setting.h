/*
 * Every setting of stretchd: one struct with the values, one table that says
 * what each is called, what it may be and what it is for.
 *
 * The reader of the settings file, the command line, --check, --print-config and
 * the manual all come from the table; nothing is listed twice. Numbers of the
 * hold rule are defaults that a settings file may change.
 *
 * "Blank" is a value of its own: a number that the wearer's prescription or the
 * exercise must give (NAN here), a count of 0, a text of "".
 */
#ifndef STRETCH_SETTING_H
#define STRETCH_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stretch/exercise.h"

#define SETTING_LABEL_MAX 33  /* bytes with the closing NUL */
#define SETTING_LINE_MAX 65
#define SETTING_PATH_MAX 256
#define SETTING_CONTROL "/run/stretchd/control" /* default of control */

/* When in the day a programme is done; the slots follow on SLOT_GIVEN. */
enum slot_choice { SLOT_BY_CLOCK, SLOT_EVERY, SLOT_GIVEN, SLOT_CHOICE_COUNT = 5 };

extern const char *const slot_choice_names[SLOT_CHOICE_COUNT];

enum led_mode { LED_NONE, LED_THREE, LED_RGB, LED_TERMINAL, LED_MODE_COUNT };

extern const char *const led_mode_names[LED_MODE_COUNT];

/* Where the pelvis sensor sits. */
enum pelvis_site { PELVIS_FRONT, PELVIS_SACRUM, PELVIS_SITE_COUNT };

extern const char *const pelvis_site_names[PELVIS_SITE_COUNT];

/* Addresses of sensors: auto, then 0x68, 0x69, 0x6a, 0x6b. Rates: enum chip_rate. */
#define ADDRESS_CHOICES 5
#define RATE_CHOICES 2

extern const char *const address_names[ADDRESS_CHOICES];
extern const char *const rate_names[RATE_CHOICES];

/* Members of type int32_t are whole numbers, choices and yes/no (1, 0). */
struct settings {
	/* session: who does what, and the prescribed dose */
	char wearer[SETTING_LABEL_MAX];
	char prescription[SETTING_PATH_MAX]; /* "": the one exercise below */
	int32_t slot;      /* enum slot_choice */
	int32_t exercise;  /* enum exercise_id */
	int32_t side;      /* enum side */
	int32_t other_leg; /* enum other_leg */
	double hold_s;     /* NAN: as the exercise says */
	int32_t reps;      /* 0: as the exercise says */
	double target_lo_deg, cap_deg; /* NAN: from the exercise or calm raises */
	double rest_s;
	double breath_s;   /* NAN: no tick */
	double idle_min;   /* without an entry, then dark */
	double closing_s;  /* lying still at the end, for the slip check */
	double pain_press_s; /* a second press this soon after the first: pain */

	/* hold: when a second counts */
	double still_range_deg, still_window_s, still_cutoff_hz;
	double bounce_half_swing_deg, bounce_window_s, bounce_still_s;
	double drop_deg;
	double pause_max_s;
	double entry_flat_deg, entry_rise_deg, entry_time_s;
	double fast_entry_deg_s;
	double over_cap_deg, over_cap_s;
	double hold_max_s, hold_max_factor;
	double nearly_fraction;
	double stale_ms;
	double gap_factor, gap_min_ms, gap_reference_s;
	double fault_pause_s;
	double reference_still_s, reference_within_deg, reference_moved_s;
	double slip_flag_deg, slip_untrusted_deg;
	double plane_medium_deg, plane_low_deg;
	double raise_min_deg, band_low_fraction, band_above_deg, band_top_deg;
	double doorway_low_deg, doorway_high_deg, doorway_fall_deg;
	double doorway_fall_max_deg_s, doorway_push_deg;
	double seated_rise_deg;
	double other_leg_s;

	/* pelvis: quiet, doubtful or moving */
	double pelvis_excess_deg, pelvis_growth_deg, pelvis_mean_s, pelvis_range_deg;
	double pelvis_rise_deg, pelvis_rise_window_s, pelvis_rise_after_s;
	double pelvis_roll_deg;
	double pelvis_tremor_deg_s, pelvis_tremor_s;
	double pelvis_jump_deg, pelvis_jump_s;

	/* sensor: where the readings come from */
	char sensor[SETTING_PATH_MAX];
	int32_t pelvis; /* 1: a second sensor on the pelvis */
	int32_t pelvis_site; /* enum pelvis_site */
	char data_ready_thigh[SETTING_LINE_MAX], data_ready_pelvis[SETTING_LINE_MAX];
	char pelvis_bus[SETTING_PATH_MAX];      /* of i2c:; "": the thigh's */
	int32_t thigh_address, pelvis_address; /* of i2c:; index of address_names */
	int32_t rate_hz;                       /* of i2c:; index of rate_names */
	double speed;   /* of simulate: and replay:, times real time */
	int32_t seed;   /* of simulate: */
	/* calibration files, "": none */
	char calibration_thigh[SETTING_PATH_MAX];
	char calibration_pelvis[SETTING_PATH_MAX];
	char alignment[SETTING_PATH_MAX]; /* "": learned in every session */
	double alignment_max_min;

	/* leds: lines, "" is not wired */
	int32_t led_mode; /* enum led_mode */
	char led_red_line[SETTING_LINE_MAX];
	char led_amber_line[SETTING_LINE_MAX];
	char led_green_line[SETTING_LINE_MAX];
	char buzzer_line[SETTING_LINE_MAX];
	char button_line[SETTING_LINE_MAX];
	int32_t active_low, buzzer_active_low, button_active_low;
	int32_t quiet;
	double led_leave_s;

	/* store: where sessions are kept */
	char state_dir[SETTING_PATH_MAX];
	int32_t volatile_store; /* key "volatile" */

	/* service: how others talk to the daemon */
	char control[SETTING_PATH_MAX]; /* socket; "": none */
};

enum setting_type {
	SETTING_NUMBER, /* double; NAN is blank where the default is */
	SETTING_INT,    /* int32_t */
	SETTING_BOOL,   /* int32_t, "yes" or "no" */
	SETTING_CHOICE, /* int32_t, index of a name */
	SETTING_LABEL,  /* char[]: [A-Za-z0-9][A-Za-z0-9 _.-]{0,31} */
	SETTING_SENSOR, /* char[]: simulate:NAME, replay:FILE, i2c:BUS */
	SETTING_LINE,   /* char[]: LINE-NAME or CHIP-LABEL:OFFSET, or "" */
	SETTING_FOLDER, /* char[]: absolute path */
	SETTING_FILE,   /* char[]: path, or "" */
	SETTING_TYPE_COUNT
};

enum setting_section {
	SECTION_SESSION,
	SECTION_HOLD,
	SECTION_PELVIS,
	SECTION_SENSOR,
	SECTION_LEDS,
	SECTION_STORE,
	SECTION_SERVICE,
	SECTION_COUNT
};

extern const char *const setting_section_names[SECTION_COUNT];
extern const char *const setting_section_help[SECTION_COUNT];

struct setting {
	const char *key; /* unique over all sections */
	enum setting_section section;
	enum setting_type type;
	double min, max;     /* numbers, both allowed */
	double number;       /* default of numbers, yes/no and choices */
	const char *text;    /* default of texts */
	const char *const *names; /* choices */
	size_t name_count;
	const char *unit;    /* "" when there is none */
	const char *help;    /* a phrase, at most 60 characters */
	size_t offset, size; /* in struct settings */
};

extern const struct setting setting_table[];
extern const size_t setting_count;

/* Every setting at its default. */
void settings_default(struct settings *settings);

/* The entry of that key, or NULL. */
const struct setting *setting_find(const char *key);

/* Name of a choice's value, or NULL outside the table. */
const char *setting_choice_name(const struct setting *setting, int index);

/* Value of a setting that is no text. */
double setting_number(const struct settings *settings,
	const struct setting *setting);

/* Value of a text. */
const char *setting_text(const struct settings *settings,
	const struct setting *setting);

/* True when the value is blank (NAN or ""). */
bool setting_blank(const struct settings *settings, const struct setting *setting);

/*
 * Store a value that is no text: 0, or -1 when it is out of range, not whole
 * where it must be, or blank where it may not be. The value is then unchanged.
 */
int setting_put_number(struct settings *settings, const struct setting *setting,
	double value);

/* Store a text; returns NULL, or what is wrong with it. */
const char *setting_put_text(struct settings *settings,
	const struct setting *setting, const char *text);

/* What is wrong with a wearer's label or a line's name; NULL when it is right. */
const char *setting_label_wrong(const char *text);
const char *setting_line_wrong(const char *text);

/* What is wrong with the two edges of a band, of which either may be NAN: not given. */
enum band_wrong {
	BAND_RIGHT,
	BAND_UPSIDE_DOWN, /* both are given */
	BAND_CAP_LOW,     /* the exercise itself begins higher */
	BAND_TARGET_HIGH  /* the cap that the exercise or the raises give is not above it */
};

struct band_words {
	const char *wrong, *advice;
};

/* Of the exercise of these settings; the words go to cap_deg, the last's to the other. */
enum band_wrong setting_band_wrong(const struct settings *settings, double target_lo_deg,
	double cap_deg);
extern const struct band_words setting_band_words[];

/*
 * Settings that are wrong together (a cap below its band, LEDs without lines).
 * Calls found for each: the key, what is wrong, what to write instead. Returns
 * how many.
 */
int settings_conflicts(const struct settings *settings,
	void (*found)(void *context, const char *key, const char *wrong,
		const char *advice),
	void *context);

#endif
