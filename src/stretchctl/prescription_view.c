/* A prescription as tables; see prescription_view.h. */
#include "stretchctl/prescription_view.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "linux/table.h"
#include "stretch/fmt.h"

#define CELL_MAX 64

/* The value, "*" behind it when the leaflet gave it, "?" when it must be filled. */
static void say_value(const struct prescription *p, int32_t item,
	enum prescription_key_id id, char cell[CELL_MAX])
{
	if (prescription_blank(p, item, id)) {
		snprintf(cell, CELL_MAX, "%s",
			prescription_needed(p, item, id) ? "?" : "");
		return;
	}
	prescription_value(p, item, id, cell, CELL_MAX - 1);
	if ((p->items[item].from_leaflet >> id & 1u) != 0)
		strcat(cell, "*");
}

static void say_times(const struct prescription *p, int32_t item, char cell[CELL_MAX])
{
	const struct prescription_item *of = &p->items[item];
	const char *leaflet = (of->from_leaflet >> KEY_PER_DAY & 1u) != 0 ? "*" : "";

	if (of->per_week > 0)
		snprintf(cell, CELL_MAX, "%d a week", (int)of->per_week);
	else if (of->per_day > 0)
		snprintf(cell, CELL_MAX, "%d a day%s", (int)of->per_day, leaflet);
	else
		snprintf(cell, CELL_MAX, "?");
}

static void say_band(const struct prescription *p, const struct prescription_step *step,
	char cell[CELL_MAX])
{
	const struct exercise *exercise = &exercises[step->exercise];
	double low = isnan(step->target_lo_deg) ? exercise->band_low_deg :
		step->target_lo_deg;
	double high = isnan(step->cap_deg) ? exercise->band_high_deg : step->cap_deg;

	if (exercise->judging == JUDGE_TIMED ||
		(exercise->judging == JUDGE_LEAN && p->sensors == 1))
		snprintf(cell, CELL_MAX, "timed");
	else if (exercise->judging == JUDGE_COUNTED)
		snprintf(cell, CELL_MAX, "counted");
	else if (isnan(low) && isnan(high))
		snprintf(cell, CELL_MAX, "calm raises");
	else if (isnan(low))
		snprintf(cell, CELL_MAX, "to %.10g", high);
	else if (isnan(high))
		snprintf(cell, CELL_MAX, "from %.10g", low);
	else
		snprintf(cell, CELL_MAX, "%.10g to %.10g", low, high);
}

static int print_items(const struct prescription *p, FILE *out)
{
	static const char *const titles[] = { "item", "exercise", "legs", "hold s",
		"reps",
		"rest s", "times", "when" };
	static const enum prescription_key_id keys[] = { KEY_SIDES, KEY_HOLD_S, KEY_REPS,
		KEY_REST_S, KEY_COUNT, KEY_SLOTS };
	struct table *table = table_open(titles, sizeof titles / sizeof titles[0]);
	int error = table == NULL ? -ENOMEM : 0;

	for (int32_t i = 0; i < p->count && error == 0; i++) {
		char cells[8][CELL_MAX];
		const char *row[8];

		snprintf(cells[0], CELL_MAX, "%d", (int)i + 1);
		snprintf(cells[1], CELL_MAX, "%s", exercise_names[p->items[i].exercise]);
		for (size_t c = 0; c < sizeof keys / sizeof keys[0]; c++) {
			if (keys[c] == KEY_COUNT)
				say_times(p, i, cells[2 + c]);
			else
				say_value(p, i, keys[c], cells[2 + c]);
		}
		for (size_t c = 0; c < 8; c++)
			row[c] = cells[c];
		error = table_add(table, row);
	}
	if (error == 0)
		error = table_print(table, out, table_width(out));
	table_close(table);
	return error;
}

static int print_programme(const struct prescription *p, FILE *out)
{
	static const char *const titles[] = { "session", "exercise", "leg", "other leg",
		"band deg", "leaflet", "before it" };
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	int32_t count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps);
	struct table *table = table_open(titles, sizeof titles / sizeof titles[0]);
	int error = table == NULL ? -ENOMEM : 0;

	for (int32_t i = 0; i < count && error == 0; i++) {
		const struct prescription_step *s = &steps[i];
		char number[CELL_MAX], band[CELL_MAX];
		bool on_floor = exercises[s->exercise].start_pose != POSE_STANDING;
		const char *other = s->other_leg < 0 ?
			"?" : other_leg_names[s->other_leg];
		const char *row[] = { number, exercise_names[s->exercise],
			side_names[s->side], on_floor ? other : "",
			band, exercises[s->exercise].source,
			s->restrap ? "move the sensor" : "" };

		snprintf(number, sizeof number, "%d", (int)i + 1);
		say_band(p, s, band);
		error = table_add(table, row);
	}
	if (error == 0)
		error = table_print(table, out, table_width(out));
	table_close(table);
	return error;
}

static void print_minutes(const char *when, double stretch_s, double total_s, FILE *out)
{
	char stretch[FMT_NUMBER_MAX], total[FMT_NUMBER_MAX];

	fmt_fixed(stretch, stretch_s / 60.0, 1);
	fmt_fixed(total, total_s / 60.0, 1);
	fprintf(out, "%s: %s min of stretch, %s min with the "
		"rests.\n", when, stretch, total);
}

static void print_times(const struct prescription *p, FILE *out)
{
	struct prescription_time time = prescription_time(p);

	if (time.stretch_day_s <= 0.0 && time.stretch_week_s <= 0.0) {
		fputs("How long it takes is not known: what is counted, or has a ?, says no "
			"time.\n", out);
		return;
	}
	if (time.stretch_day_s > 0.0)
		print_minutes("A day", time.stretch_day_s, time.total_day_s, out);
	if (time.stretch_week_s > 0.0)
		print_minutes(time.stretch_day_s > 0.0 ? "A week, on top" : "A week",
			time.stretch_week_s, time.total_week_s, out);
	if (time.open)
		fputs("What is counted, or has a ?, is not in these times.\n", out);
	fputs("Strapping on, lying still and the first raises come on top.\n", out);
}

static void print_asked(const struct prescription *p, FILE *out)
{
	if (!isnan(p->break_every_min))
		fprintf(out, "After %.10g min of sitting: get up, walk or stretch a "
			"bit.\n",
			p->break_every_min);
	if (p->warm_up == 1)
		fputs("A warm-up is asked for before the stretches.\n", out);
	if (p->sore_today == 1)
		fputs("Sore today: rest; the day counts as kept.\n", out);
	if (p->sensors > 0)
		fprintf(out, "Sensors: %s.\n", p->sensors == 2 ? "thigh and pelvis" :
			"thigh alone");
	for (int32_t i = 0; i < p->count; i++)
		if (!isnan(p->items[i].breath_s))
			fprintf(out, "Item %d: a tick to breathe out every %.10g s.\n",
				(int)i + 1, p->items[i].breath_s);
}

static bool any_leaflet(const struct prescription *p)
{
	for (int32_t i = 0; i < p->count; i++)
		if (p->items[i].from_leaflet != 0)
			return true;
	return false;
}

int prescription_view_print(const struct prescription *p, FILE *out)
{
	int error = print_items(p, out);

	if (any_leaflet(p))
		fputs("* not in the file: the leaflet's own dose\n", out);
	fputc('\n', out);
	if (error == 0)
		error = print_programme(p, out);
	fputc('\n', out);
	print_times(p, out);
	print_asked(p, out);
	return error;
}

void prescription_view_safety(FILE *out)
{
	for (size_t i = 0; i < prescription_safety_count; i++)
		fprintf(out, "%s\n", prescription_safety[i]);
}

void prescription_view_accepted(int state, const struct accepted *accepted, FILE *out)
{
	if (state < 0)
		fputs("accepted: not known\n", out);
	else if (state != ACCEPTED_YES)
		fprintf(out, "accepted: no, %s\n", accepted_advice[state]);
	else
		fprintf(out, "accepted: by %s on %s%s\n", accepted->by, accepted->on,
			strcmp(accepted->clock_source, "none") == 0 ?
			" (the clock was not set: date not certain)" : "");
}

/* ---- for programs ---- */

static json_t *number_json(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *names_json(const struct prescription_list *list, const char *const *names)
{
	json_t *array = json_array();

	for (int32_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(names[list->at[i]]));
	return array;
}

static json_t *value_json(const struct prescription *p, int32_t item,
	enum prescription_key_id id)
{
	const struct prescription_key *key = &prescription_keys[id];
	double number;

	if (key->type == PRESCRIPTION_LABEL)
		return p->wearer[0] ? json_string(p->wearer) : json_null();
	if (key->type == PRESCRIPTION_LIST)
		return names_json(prescription_list(p, item, id), key->names);
	number = prescription_number(p, item, id);
	if (isnan(number))
		return json_null();
	if (key->type == PRESCRIPTION_YES_NO)
		return json_boolean(number > 0.0);
	if (key->type == PRESCRIPTION_CHOICE)
		return json_string(key->names[(int)number]);
	if (key->type == PRESCRIPTION_WHOLE)
		return json_integer((json_int_t)number);
	return json_real(number);
}

static json_t *item_json(const struct prescription *p, int32_t item)
{
	const struct prescription_item *of = &p->items[item];
	json_t *leaflet = json_array();
	json_t *object = json_pack("{s:s, s:s}", "exercise", exercise_names[of->exercise],
		"source", exercises[of->exercise].source);

	for (int id = 0; id < KEY_COUNT; id++) {
		const char *key = prescription_keys[id].key;

		if (prescription_keys[id].scope == SCOPE_FILE)
			continue;
		json_object_set_new(object, key,
			value_json(p, item, (enum prescription_key_id)id));
		if ((of->from_leaflet >> id & 1u) != 0)
			json_array_append_new(leaflet, json_string(key));
	}
	json_object_set_new(object, "from_leaflet", leaflet);
	json_object_set_new(object, "stretch_s",
		number_json(prescription_item_stretch_s(of)));
	return object;
}

static json_t *programme_json(const struct prescription *p)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	int32_t count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps);
	json_t *array = json_array();

	for (int32_t i = 0; i < count; i++)
		json_array_append_new(array, json_pack("{s:i, s:s, s:s, s:b}",
			"item", (int)steps[i].item + 1,
			"exercise", exercise_names[steps[i].exercise],
			"side", side_names[steps[i].side],
			"move_sensor_before", (int)steps[i].restrap));
	return array;
}

json_t *prescription_view_json(const struct prescription *p)
{
	struct prescription_time time = prescription_time(p);
	json_t *root = json_object(), *items = json_array();

	for (int id = 0; id < KEY_COUNT; id++)
		if (prescription_keys[id].scope == SCOPE_FILE)
			json_object_set_new(root, prescription_keys[id].key,
				value_json(p, PRESCRIPTION_FILE,
					(enum prescription_key_id)id));
	for (int32_t i = 0; i < p->count; i++)
		json_array_append_new(items, item_json(p, i));
	json_object_set_new(root, "items", items);
	json_object_set_new(root, "programme", programme_json(p));
	json_object_set_new(root, "stretch_s_a_day", json_real(time.stretch_day_s));
	json_object_set_new(root, "total_s_a_day", json_real(time.total_day_s));
	json_object_set_new(root, "stretch_s_a_week_on_top",
		json_real(time.stretch_week_s));
	json_object_set_new(root, "total_s_a_week_on_top", json_real(time.total_week_s));
	json_object_set_new(root, "times_complete", json_boolean(!time.open));
	return root;
}
