/*
 * The prescription: which exercises, in which order, how long and how often, and
 * the programme of sessions that follows from it.
 *
 * A dose comes from the prescription or, where that is silent, from the leaflet
 * that the exercise was taken from (stretch/exercise.h). Where neither gives one
 * it is blank and stays blank: a person must fill it in, the program never does.
 *
 * One table says what each key is called, where it may stand and what it may be;
 * reading, checking, showing and the canonical text all come from it.
 */
#ifndef STRETCH_PRESCRIPTION_H
#define STRETCH_PRESCRIPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stretch/exercise.h"
#include "stretch/setting.h"

#define PRESCRIPTION_ITEMS_MAX 16
#define PRESCRIPTION_STEPS_MAX (PRESCRIPTION_ITEMS_MAX * SIDE_COUNT)
#define PRESCRIPTION_LIST_MAX 3
#define PRESCRIPTION_BLANK (-1)  /* of whole numbers and choices; numbers: NAN */
#define PRESCRIPTION_FILE (-1)   /* in place of an item: the file as a whole */
#define PRESCRIPTION_ANY_SLOT (-1)

/* When in the day. */
enum slot { SLOT_MORNING, SLOT_MIDDAY, SLOT_EVENING, SLOT_COUNT };

/* What comes first: both legs of one item, or all items on one leg. */
enum item_order { ORDER_ITEM, ORDER_SIDE, ORDER_COUNT };

extern const char *const slot_names[SLOT_COUNT];
extern const char *const item_order_names[ORDER_COUNT];

/* Names in the order they were written; count 0 is blank. */
struct prescription_list {
	int32_t count;
	int32_t at[PRESCRIPTION_LIST_MAX];
};

struct prescription_item {
	int32_t exercise;      /* enum exercise_id */
	uint32_t written;      /* a bit for each key that the file says */
	uint32_t from_leaflet; /* a bit for each key that the leaflet gave */
	struct prescription_list sides, slots; /* no slot: at any time */
	int32_t other_leg;     /* enum other_leg */
	int32_t reps;          /* holds, or repetitions when counted, a side */
	int32_t per_day, per_week; /* one of the two */
	double hold_s, rest_s;
	double target_lo_deg, cap_deg; /* NAN: from calm raises */
	double breath_s;       /* tick of an exhale; NAN: none */
};

struct prescription {
	char wearer[SETTING_LABEL_MAX];
	int32_t order;           /* enum item_order */
	int32_t warm_up;         /* 1: the wearer is asked for a warm-up */
	int32_t sore_today;      /* 1: a rest day of a sore wearer counts as kept */
	int32_t sensors;         /* 1, 2; blank: what is worn */
	double break_every_min;  /* of sitting; NAN: no reminder */
	uint32_t written;
	struct prescription_item common; /* what the file says for all items */
	int32_t count;
	struct prescription_item items[PRESCRIPTION_ITEMS_MAX];
};

enum prescription_type {
	PRESCRIPTION_NUMBER, /* double */
	PRESCRIPTION_WHOLE,  /* int32_t */
	PRESCRIPTION_YES_NO, /* int32_t */
	PRESCRIPTION_CHOICE, /* int32_t, index of a name */
	PRESCRIPTION_LIST,   /* struct prescription_list, indices of names */
	PRESCRIPTION_LABEL   /* char[SETTING_LABEL_MAX] */
};

/* Where a key may stand. In both: the file's holds for items that have none. */
enum prescription_scope { SCOPE_FILE = 1, SCOPE_ITEM = 2, SCOPE_BOTH = 3 };

/* The order of the table, and of a printed prescription. */
enum prescription_key_id {
	KEY_WEARER,
	KEY_ORDER,
	KEY_SENSORS,
	KEY_WARM_UP,
	KEY_SORE_TODAY,
	KEY_BREAK_EVERY_MIN,
	KEY_SIDES,
	KEY_OTHER_LEG,
	KEY_HOLD_S,
	KEY_REPS,
	KEY_REST_S,
	KEY_PER_DAY,
	KEY_PER_WEEK,
	KEY_SLOTS,
	KEY_TARGET_LO_DEG,
	KEY_CAP_DEG,
	KEY_BREATH_S,
	KEY_COUNT
};

struct prescription_key {
	const char *key;
	enum prescription_scope scope;
	enum prescription_type type;
	bool optional;       /* blank is an answer, not a question */
	double min, max;     /* numbers, both allowed */
	double number;       /* default; NAN or PRESCRIPTION_BLANK: none */
	const char *const *names;
	size_t name_count;
	const char *unit;    /* "" when there is none */
	const char *help;    /* a phrase, at most 60 characters */
	size_t offset, size; /* in struct prescription or, of items, in an item */
};

extern const struct prescription_key prescription_keys[KEY_COUNT];

/* The key of that name, or KEY_COUNT. */
enum prescription_key_id prescription_key_find(const char *name);

/* Nothing written, no item, whole-file keys at their defaults. */
void prescription_init(struct prescription *p);

/* One item more; its index, or -1 when there are too many. */
int32_t prescription_add(struct prescription *p, enum exercise_id exercise);

/*
 * Store a value and remember that it was written. item: an index, or
 * PRESCRIPTION_FILE. Numbers: NAN leaves the key blank; 0, or -1 when the value
 * is out of range or not whole. Label: NULL, or what is wrong with it ("": blank).
 */
int prescription_put_number(struct prescription *p, int32_t item,
	enum prescription_key_id id, double value);
int prescription_put_list(struct prescription *p, int32_t item,
	enum prescription_key_id id, const struct prescription_list *list);
const char *prescription_put_label(struct prescription *p, const char *label);

/* Value of a key that is neither list nor label; NAN when blank. */
double prescription_number(const struct prescription *p, int32_t item,
	enum prescription_key_id id);
const struct prescription_list *prescription_list(const struct prescription *p,
	int32_t item, enum prescription_key_id id);
bool prescription_blank(const struct prescription *p, int32_t item,
	enum prescription_key_id id);

/*
 * Gives every item its values: its own, else the file's, else the leaflet's, else
 * the table's default. A key written blank stays blank. Once, after reading.
 */
void prescription_complete(struct prescription *p);

/* True when a prescription cannot be done without this key; item as above. */
bool prescription_needed(const struct prescription *p, int32_t item,
	enum prescription_key_id id);

/* True when this item has no use for a hold time of its own (it is counted). */
bool prescription_counted(const struct prescription_item *item);

/* True when both legs work at once, so that one session does for both. */
bool prescription_both_legs(enum exercise_id exercise);

/* Called for each finding; key KEY_COUNT: the item or file as a whole. */
typedef void (*prescription_found)(void *context, int32_t item,
	enum prescription_key_id key, const char *wrong, const char *advice);

/*
 * After prescription_complete: what is wrong together, what is blank and must be
 * filled in, and what is right but worth a second look. Each returns how many.
 */
int prescription_conflicts(const struct prescription *p, prescription_found found,
	void *context);
int prescription_blanks(const struct prescription *p, prescription_found found,
	void *context);
int prescription_notes(const struct prescription *p, prescription_found found,
	void *context);

/* The time of day of an hour (0..23) of the local clock. */
enum slot prescription_slot(int hour);

/* One session of the programme. */
struct prescription_step {
	int32_t item, exercise, side, other_leg, reps;
	double hold_s, rest_s, target_lo_deg, cap_deg, breath_s;
	bool restrap; /* the sensor moves to the other leg before it */
};

/*
 * The programme in order: items times sides. slot: only items of that time of day
 * and those of any time, or PRESCRIPTION_ANY_SLOT for all. Returns how many.
 */
int32_t prescription_expand(const struct prescription *p, int32_t slot,
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX]);

/*
 * Puts one step into the settings (wearer, exercise, side, other leg, dose, band,
 * rest, sensors). 0, or -1 with *settings unchanged when the settings do not take
 * a value or a needed one is blank.
 */
int prescription_apply(const struct prescription *p,
	const struct prescription_step *step, struct settings *settings);

/*
 * The one session of the settings as a prescription, for a wearer without one:
 * what is accepted is then this. per_day is blank.
 */
void prescription_from_settings(struct prescription *p,
	const struct settings *settings);

/* Seconds that are asked for; setting up and strapping are not in them. */
struct prescription_time {
	double stretch_day_s, total_day_s;   /* total: with the rests between holds */
	double stretch_week_s, total_week_s; /* of items per week, in a week */
	bool open; /* an item has no hold time or another blank, and is left out */
};

struct prescription_time prescription_time(const struct prescription *p);
/* The same of one item, one time on all its sides; NAN when blank. */
double prescription_item_stretch_s(const struct prescription_item *item);
double prescription_item_total_s(const struct prescription_item *item);

/* What must be read before a prescription is accepted, line by line. */
extern const char *const prescription_safety[];
extern const size_t prescription_safety_count;

#endif
