/*
 * A prescription as a whole: what is wrong together, what is blank, what is worth
 * a second look. Each rule is one function that knows its two or three keys.
 */
#include "stretch/prescription.h"

#include <math.h>

#define DAY_MAX_S 14400.0 /* four hours of one item: a slip of the pen */

struct finder {
	prescription_found found;
	void *context;
	int32_t item;
	int count;
};

static void report(struct finder *finder, enum prescription_key_id key, const char *wrong,
	const char *advice)
{
	finder->found(finder->context, finder->item, key, wrong, advice);
	finder->count++;
}

/* ---- wrong together --------------------------------------------------------- */

static void check_times(struct finder *finder, const struct prescription_item *item)
{
	if (item->per_day > 0 && item->per_week > 0)
		report(finder, KEY_PER_WEEK, "times a day and times a week are both "
			"given",
			"keep one of per_day and per_week");
	else if (item->per_week > 0 && item->slots.count > 1)
		report(finder, KEY_SLOTS, "more than one time of day, but done by the "
			"week",
			"write one of morning, midday, evening, or none");
	else if (item->per_day > 0 && item->slots.count > 0 &&
		item->per_day != item->slots.count)
		report(finder, KEY_SLOTS, "there are not as many times of day as per_day",
			"write one for each of per_day, or none");
	if (item->per_day > 0 &&
		prescription_item_total_s(item) * item->per_day > DAY_MAX_S)
		report(finder, KEY_REPS, "this one item takes more than 4 hours a day",
			"write fewer or shorter holds");
}

static bool lean_untold(const struct prescription *p,
	const struct prescription_item *item)
{
	return exercises[item->exercise].judging == JUDGE_LEAN && p->sensors == 1;
}

static void check_band(struct finder *finder, const struct prescription *p,
	const struct prescription_item *item)
{
	enum prescription_key_id edge =
		isnan(item->target_lo_deg) ? KEY_CAP_DEG : KEY_TARGET_LO_DEG;
	enum judging judging = exercises[item->exercise].judging;
	enum band_wrong wrong;
	struct settings usual;

	if (isnan(item->target_lo_deg) && isnan(item->cap_deg))
		return;
	if (judging == JUDGE_TIMED || judging == JUDGE_COUNTED) {
		report(finder, edge, "no angle is judged in this exercise",
			"take target_lo_deg and cap_deg out");
		return;
	}
	if (lean_untold(p, item)) {
		report(finder, edge, "one sensor on the thigh measures no angle here",
			"take it out, or write sensors = 2");
		return;
	}
	settings_default(&usual);
	usual.exercise = item->exercise;
	wrong = setting_band_wrong(&usual, item->target_lo_deg, item->cap_deg);
	if (wrong != BAND_RIGHT)
		report(finder, wrong == BAND_TARGET_HIGH ? KEY_TARGET_LO_DEG : KEY_CAP_DEG,
			setting_band_words[wrong].wrong, setting_band_words[wrong].advice);
}

static bool lists_meet(const struct prescription_list *a,
	const struct prescription_list *b)
{
	for (int32_t i = 0; i < a->count; i++) {
		for (int32_t j = 0; j < b->count; j++) {
			if (a->at[i] == b->at[j])
				return true;
		}
	}
	return false;
}

/* The same work at the same time in two items: which dose would be meant? */
static bool same_work(const struct prescription_item *a,
	const struct prescription_item *b)
{
	return a->exercise == b->exercise && a->other_leg == b->other_leg &&
		lists_meet(&a->sides, &b->sides) &&
		(a->slots.count == 0 || b->slots.count == 0 ||
			lists_meet(&a->slots, &b->slots));
}

static void check_twice(struct finder *finder, const struct prescription *p,
	int32_t item)
{
	for (int32_t i = 0; i < item; i++) {
		if (!same_work(&p->items[i], &p->items[item]))
			continue;
		report(finder, KEY_COUNT, "an earlier item has the same exercise, leg "
			"and "
			"time of day", "put both into one item, or give them different "
			"slots");
		return;
	}
}

int prescription_conflicts(const struct prescription *p, prescription_found found,
	void *context)
{
	struct finder finder = { .found = found, .context = context,
		.item = PRESCRIPTION_FILE };

	if (p->count == 0)
		report(&finder, KEY_COUNT, "there is no exercise in it",
			"write item lying-towel { and a } below");
	for (int32_t i = 0; i < p->count; i++) {
		const struct exercise *exercise = &exercises[p->items[i].exercise];

		finder.item = i;
		if (exercise->judging == JUDGE_REFUSED)
			report(&finder, KEY_COUNT, exercise->blind_spot,
				"write another exercise");
		check_times(&finder, &p->items[i]);
		check_band(&finder, p, &p->items[i]);
		check_twice(&finder, p, i);
	}
	return finder.count;
}

/* ---- blank ------------------------------------------------------------------ */

/* Keys of which the leaflet was asked first. */
static const char *silent_leaflet(enum prescription_key_id key)
{
	if (key == KEY_HOLD_S)
		return "the leaflet gives no hold time";
	if (key == KEY_REPS)
		return "the leaflet gives no number of repetitions";
	if (key == KEY_PER_DAY)
		return "the leaflet does not say how often";
	return "it is not given";
}

static const char *how_to_fill(enum prescription_key_id key)
{
	if (key == KEY_HOLD_S)
		return "write hold_s = and the seconds that you prescribe";
	if (key == KEY_REPS)
		return "write reps = and how many a side";
	if (key == KEY_PER_DAY)
		return "write per_day = or per_week = and how often";
	if (key == KEY_WEARER)
		return "write wearer = and a label such as anna-1";
	return "write a value behind the =, or take the line out for the usual one";
}

bool prescription_needed(const struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];
	const struct prescription_item *of = &p->items[item < 0 ? 0 : item];

	if (key->optional || (item < 0) != (key->scope == SCOPE_FILE))
		return false;
	if (item >= 0 && exercises[of->exercise].judging == JUDGE_REFUSED)
		return false;
	if (id == KEY_HOLD_S)
		return !prescription_counted(of);
	if (id == KEY_PER_DAY)
		return of->per_week == PRESCRIPTION_BLANK;
	return true;
}

/* How often is one question with two keys: told at the one that was written. */
static enum prescription_key_id asked_key(enum prescription_key_id key, uint32_t said)
{
	bool weekly = (said >> KEY_PER_WEEK & 1u) != 0 && (said >> KEY_PER_DAY & 1u) == 0;

	return key == KEY_PER_DAY && weekly ? KEY_PER_WEEK : key;
}

int prescription_blanks(const struct prescription *p, prescription_found found,
	void *context)
{
	struct finder finder = { .found = found, .context = context };

	for (finder.item = PRESCRIPTION_FILE; finder.item < p->count; finder.item++) {
		uint32_t said = finder.item < 0 ? p->written :
			p->items[finder.item].written;

		for (int i = 0; i < KEY_COUNT; i++) {
			enum prescription_key_id id = (enum prescription_key_id)i;
			enum prescription_key_id key = asked_key(id, said);

			if (prescription_needed(p, finder.item, id) &&
				prescription_blank(p, finder.item, id))
				report(&finder, key, (said >> key & 1u) != 0 ?
					"it is left blank" : silent_leaflet(key),
					how_to_fill(id));
		}
	}
	return finder.count;
}

/* ---- worth a second look ----------------------------------------------------- */

static void note_item(struct finder *finder, const struct prescription *p,
	const struct prescription_item *item)
{
	const struct exercise *exercise = &exercises[item->exercise];

	if (item->hold_s < exercise->hold_low_s)
		report(finder, KEY_HOLD_S, "shorter than the leaflet says",
			"that is your choice");
	if (item->hold_s > exercise->hold_high_s)
		report(finder, KEY_HOLD_S, "longer than the leaflet says",
			"that is your choice");
	if (item->sides.count > 1 &&
		prescription_both_legs((enum exercise_id)item->exercise))
		report(finder, KEY_SIDES, "both legs work at once here, and it will be "
			"done twice", "one side is enough");
	if (exercise->judging == JUDGE_LEAN && p->sensors != 2)
		report(finder, KEY_COUNT, "with the thigh sensor alone this is timed, "
			"and no "
			"angle is measured", "a second sensor on the pelvis measures it");
}

static int32_t strap_moves(const struct prescription *p)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	int32_t count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps), moves = 0;

	for (int32_t i = 0; i < count; i++)
		moves += steps[i].restrap;
	return moves;
}

int prescription_notes(const struct prescription *p, prescription_found found,
	void *context)
{
	struct finder finder = { .found = found, .context = context,
		.item = PRESCRIPTION_FILE };

	if (p->order == ORDER_ITEM && strap_moves(p) > 1)
		report(&finder, KEY_ORDER, "the sensor moves to the other leg more than "
			"once", "order = side does all items on one leg first");
	for (int32_t i = 0; i < p->count; i++) {
		finder.item = i;
		note_item(&finder, p, &p->items[i]);
	}
	return finder.count;
}
