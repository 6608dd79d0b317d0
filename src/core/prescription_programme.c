/* From a prescription to sessions in order, their settings and their time. */
#include "stretch/prescription.h"

#include <math.h>
#include <string.h>

/* Hours of the local clock at which the slots begin; the night is the evening's. */
#define MORNING_HOUR 4
#define MIDDAY_HOUR 11
#define EVENING_HOUR 16

enum slot prescription_slot(int hour)
{
	if (hour < MORNING_HOUR || hour >= EVENING_HOUR)
		return SLOT_EVENING;
	return hour < MIDDAY_HOUR ? SLOT_MORNING : SLOT_MIDDAY;
}

static bool has(const struct prescription_list *list, int32_t value)
{
	for (int32_t i = 0; i < list->count; i++) {
		if (list->at[i] == value)
			return true;
	}
	return false;
}

static bool in_slot(const struct prescription_item *item, int32_t slot)
{
	return slot == PRESCRIPTION_ANY_SLOT || item->slots.count == 0 ||
		has(&item->slots, slot);
}

struct programme {
	const struct prescription *p;
	struct prescription_step *steps;
	int32_t count;
};

static void add_step(struct programme *programme, int32_t index, int32_t side)
{
	const struct prescription_item *item = &programme->p->items[index];
	struct prescription_step *step = &programme->steps[programme->count];

	*step = (struct prescription_step){
		.item = index,
		.exercise = item->exercise,
		.side = side,
		.other_leg = item->other_leg,
		.reps = item->reps,
		.hold_s = item->hold_s,
		.rest_s = item->rest_s,
		.target_lo_deg = item->target_lo_deg,
		.cap_deg = item->cap_deg,
		.breath_s = item->breath_s,
		.restrap = programme->count > 0 && step[-1].side != side,
	};
	programme->count++;
}

static void by_item(struct programme *programme, int32_t slot)
{
	const struct prescription *p = programme->p;

	for (int32_t i = 0; i < p->count; i++) {
		for (int32_t s = 0; in_slot(&p->items[i], slot) &&
			s < p->items[i].sides.count; s++)
			add_step(programme, i, p->items[i].sides.at[s]);
	}
}

static void one_side(struct programme *programme, int32_t slot, int32_t side)
{
	const struct prescription *p = programme->p;

	for (int32_t i = 0; i < p->count; i++) {
		if (in_slot(&p->items[i], slot) && has(&p->items[i].sides, side))
			add_step(programme, i, side);
	}
}

/* The file's order of sides; a side that only an item names comes last. */
static void by_side(struct programme *programme, int32_t slot)
{
	const struct prescription_list *sides = &programme->p->common.sides;

	for (int32_t s = 0; s < sides->count; s++)
		one_side(programme, slot, sides->at[s]);
	for (int32_t side = 0; side < SIDE_COUNT; side++) {
		if (!has(sides, side))
			one_side(programme, slot, side);
	}
}

int32_t prescription_expand(const struct prescription *p, int32_t slot,
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX])
{
	struct programme programme = { .p = p, .steps = steps };

	if (p->order == ORDER_SIDE)
		by_side(&programme, slot);
	else
		by_item(&programme, slot);
	return programme.count;
}

static bool put(struct settings *settings, const char *key, double value)
{
	return setting_put_number(settings, setting_find(key), value) == 0;
}

int prescription_apply(const struct prescription *p,
	const struct prescription_step *step, struct settings *settings)
{
	struct settings changed = *settings;
	bool counted = exercises[step->exercise].judging == JUDGE_COUNTED;

	if (isnan(step->hold_s) && !counted)
		return -1;
	if (setting_put_text(&changed, setting_find("wearer"), p->wearer) != NULL ||
		step->reps < 1 || !put(&changed, "exercise", step->exercise) ||
		!put(&changed, "side", step->side) ||
		!put(&changed, "other_leg", step->other_leg) ||
		!put(&changed, "hold_s", step->hold_s) ||
		!put(&changed, "reps", step->reps) ||
		!put(&changed, "rest_s", step->rest_s) ||
		!put(&changed, "breath_s", step->breath_s) ||
		!put(&changed, "target_lo_deg", step->target_lo_deg) ||
		!put(&changed, "cap_deg", step->cap_deg))
		return -1;
	if (p->sensors != PRESCRIPTION_BLANK && !put(&changed, "pelvis", p->sensors - 1))
		return -1;
	*settings = changed;
	return 0;
}

static double given_or(double given, double otherwise)
{
	return isnan(given) ? otherwise : given;
}

void prescription_from_settings(struct prescription *p, const struct settings *settings)
{
	const struct exercise *exercise = &exercises[settings->exercise];
	struct prescription_item *item;
	int reps = settings->reps > 0 ? settings->reps : exercise->reps;

	prescription_init(p);
	memcpy(p->wearer, settings->wearer, sizeof(p->wearer));
	p->sensors = settings->pelvis + 1;
	item = &p->items[prescription_add(p, (enum exercise_id)settings->exercise)];
	item->sides = (struct prescription_list){ .count = 1, .at = { settings->side } };
	p->common.sides = item->sides;
	item->other_leg = settings->other_leg;
	item->hold_s = given_or(settings->hold_s, exercise->hold_s);
	item->reps = reps > 0 ? reps : PRESCRIPTION_BLANK;
	item->rest_s = settings->rest_s;
	item->breath_s = settings->breath_s;
	item->target_lo_deg = settings->target_lo_deg;
	item->cap_deg = settings->cap_deg;
}

double prescription_item_stretch_s(const struct prescription_item *item)
{
	if (item->reps < 1 || item->sides.count == 0)
		return NAN;
	return item->sides.count * item->reps * item->hold_s;
}

double prescription_item_total_s(const struct prescription_item *item)
{
	return prescription_item_stretch_s(item) +
		item->sides.count * (item->reps - 1) * item->rest_s;
}

struct prescription_time prescription_time(const struct prescription *p)
{
	struct prescription_time time = { 0 };

	for (int32_t i = 0; i < p->count; i++) {
		const struct prescription_item *item = &p->items[i];
		double stretch_s = prescription_item_stretch_s(item);
		double total_s = prescription_item_total_s(item);

		if (isnan(total_s) || (item->per_day < 1 && item->per_week < 1)) {
			time.open = true;
			continue;
		}
		if (item->per_day > 0) {
			time.stretch_day_s += item->per_day * stretch_s;
			time.total_day_s += item->per_day * total_s;
		} else {
			time.stretch_week_s += item->per_week * stretch_s;
			time.total_week_s += item->per_week * total_s;
		}
	}
	return time;
}
