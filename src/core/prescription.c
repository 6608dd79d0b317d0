/* Values of a prescription: in, out, and from where they come. */
#include "stretch/prescription.h"

#include <math.h>
#include <string.h>

enum prescription_key_id prescription_key_find(const char *name)
{
	int id = 0;

	while (id < KEY_COUNT && strcmp(prescription_keys[id].key, name) != 0)
		id++;
	return (enum prescription_key_id)id;
}

static uint32_t bit_of(enum prescription_key_id id)
{
	return UINT32_C(1) << id;
}

static size_t place_of(int32_t item, enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (key->scope == SCOPE_FILE)
		return key->offset;
	if (item < 0)
		return offsetof(struct prescription, common) + key->offset;
	return offsetof(struct prescription, items) +
		(size_t)item * sizeof(struct prescription_item) + key->offset;
}

static char *value_of(struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	return (char *)p + place_of(item, id);
}

static const char *value_read(const struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	return (const char *)p + place_of(item, id);
}

/* Whole numbers and choices keep NAN as PRESCRIPTION_BLANK. */
static void set_number(struct prescription *p, int32_t item,
	enum prescription_key_id id, double value)
{
	const struct prescription_key *key = &prescription_keys[id];
	int32_t whole = isnan(value) ? PRESCRIPTION_BLANK : (int32_t)value;

	if (key->type == PRESCRIPTION_NUMBER)
		memcpy(value_of(p, item, id), &value, sizeof(value));
	else
		memcpy(value_of(p, item, id), &whole, sizeof(whole));
}

static void set_default(struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (key->type == PRESCRIPTION_LIST || key->type == PRESCRIPTION_LABEL)
		memset(value_of(p, item, id), 0, key->size);
	else
		set_number(p, item, id, key->number);
}

static void mark_written(struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (key->scope == SCOPE_FILE)
		p->written |= bit_of(id);
	else if (item < 0)
		p->common.written |= bit_of(id);
	else
		p->items[item].written |= bit_of(id);
}

void prescription_init(struct prescription *p)
{
	memset(p, 0, sizeof(*p));
	p->common.exercise = EX_COUNT;
	for (int id = 0; id < KEY_COUNT; id++)
		set_default(p, PRESCRIPTION_FILE, (enum prescription_key_id)id);
}

int32_t prescription_add(struct prescription *p, enum exercise_id exercise)
{
	int32_t item = p->count;

	if (item == PRESCRIPTION_ITEMS_MAX)
		return -1;
	p->count++;
	memset(&p->items[item], 0, sizeof(p->items[item]));
	p->items[item].exercise = (int32_t)exercise;
	for (int id = 0; id < KEY_COUNT; id++) {
		if (prescription_keys[id].scope != SCOPE_FILE)
			set_default(p, item, (enum prescription_key_id)id);
	}
	return item;
}

int prescription_put_number(struct prescription *p, int32_t item,
	enum prescription_key_id id, double value)
{
	const struct prescription_key *key = &prescription_keys[id];
	double min = key->min, max = key->max;

	if (key->type == PRESCRIPTION_CHOICE)
		max = (double)key->name_count - 1.0;
	else if (key->type == PRESCRIPTION_YES_NO)
		max = 1.0;
	else if (key->type == PRESCRIPTION_LIST || key->type == PRESCRIPTION_LABEL)
		return -1;
	if (!isnan(value)) {
		if (!(value >= min && value <= max))
			return -1;
		if (key->type != PRESCRIPTION_NUMBER && floor(value) < value)
			return -1;
	}
	set_number(p, item, id, value);
	mark_written(p, item, id);
	return 0;
}

int prescription_put_list(struct prescription *p, int32_t item,
	enum prescription_key_id id, const struct prescription_list *list)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (key->type != PRESCRIPTION_LIST || list->count < 0 ||
		list->count > PRESCRIPTION_LIST_MAX)
		return -1;
	for (int32_t i = 0; i < list->count; i++) {
		if (list->at[i] < 0 || (size_t)list->at[i] >= key->name_count)
			return -1;
		for (int32_t j = 0; j < i; j++) {
			if (list->at[j] == list->at[i])
				return -1;
		}
	}
	memcpy(value_of(p, item, id), list, sizeof(*list));
	mark_written(p, item, id);
	return 0;
}

const char *prescription_put_label(struct prescription *p, const char *label)
{
	const char *wrong = label[0] == '\0' ? NULL : setting_label_wrong(label);

	if (wrong != NULL)
		return wrong;
	memset(p->wearer, 0, sizeof(p->wearer));
	memcpy(p->wearer, label, strlen(label));
	mark_written(p, PRESCRIPTION_FILE, KEY_WEARER);
	return NULL;
}

double prescription_number(const struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];
	int32_t whole;
	double value;

	if (key->type == PRESCRIPTION_NUMBER) {
		memcpy(&value, value_read(p, item, id), sizeof(value));
		return value;
	}
	memcpy(&whole, value_read(p, item, id), sizeof(whole));
	return whole == PRESCRIPTION_BLANK ? (double)NAN : whole;
}

const struct prescription_list *prescription_list(const struct prescription *p,
	int32_t item, enum prescription_key_id id)
{
	const struct prescription_item *of = item < 0 ? &p->common : &p->items[item];

	return id == KEY_SLOTS ? &of->slots : &of->sides;
}

bool prescription_blank(const struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];

	if (key->type == PRESCRIPTION_LABEL)
		return p->wearer[0] == '\0';
	if (key->type == PRESCRIPTION_LIST)
		return prescription_list(p, item, id)->count == 0;
	return isnan(prescription_number(p, item, id));
}

bool prescription_both_legs(enum exercise_id exercise)
{
	switch (exercise) {
	case EX_STANDING_BEND:
	case EX_STANDING_WIDE:
	case EX_TOE_TOUCH:
	case EX_DEADLIFT:
	case EX_BRIDGE:
		return true;
	default:
		return false;
	}
}

bool prescription_counted(const struct prescription_item *item)
{
	return exercises[item->exercise].judging == JUDGE_COUNTED;
}

static bool written(const struct prescription_item *item, enum prescription_key_id id)
{
	return (item->written & bit_of(id)) != 0;
}

static void take_leaflet(struct prescription *p, int32_t item,
	enum prescription_key_id id, double value)
{
	if ((p->items[item].written & bit_of(id)) != 0 || isnan(value))
		return;
	set_number(p, item, id, value);
	p->items[item].from_leaflet |= bit_of(id);
}

static double or_blank(int number)
{
	return number > 0 ? number : (double)NAN;
}

/* What the item's leaflet says. Times a week in the file replace times a day. */
static void complete_dose(struct prescription *p, int32_t item)
{
	const struct prescription_item *of = &p->items[item];
	const struct exercise *exercise = &exercises[of->exercise];

	take_leaflet(p, item, KEY_HOLD_S, exercise->hold_s);
	take_leaflet(p, item, KEY_REPS, or_blank(exercise->reps));
	if (!written(of, KEY_PER_WEEK))
		take_leaflet(p, item, KEY_PER_DAY, or_blank(exercise->per_day));
}

static void complete_item(struct prescription *p, int32_t item)
{
	struct prescription_item *of = &p->items[item];

	for (int i = 0; i < KEY_COUNT; i++) {
		const struct prescription_key *key = &prescription_keys[i];
		enum prescription_key_id id = (enum prescription_key_id)i;

		if (key->scope == SCOPE_BOTH && !written(of, id))
			memcpy(value_of(p, item, id),
				value_read(p, PRESCRIPTION_FILE, id), key->size);
	}
	if (!written(of, KEY_SIDES) && of->sides.count > 1 &&
		prescription_both_legs((enum exercise_id)of->exercise))
		of->sides = (struct prescription_list){ .count = 1,
			.at = { of->sides.at[0] } };
	complete_dose(p, item);
}

void prescription_complete(struct prescription *p)
{
	const struct prescription_list both = { .count = 2,
		.at = { SIDE_LEFT, SIDE_RIGHT } };

	if (!written(&p->common, KEY_SIDES))
		p->common.sides = both;
	for (int32_t i = 0; i < p->count; i++)
		complete_item(p, i);
	if (p->common.sides.count == 0)
		p->common.sides = both; /* now only the order of sides is left of it */
}
