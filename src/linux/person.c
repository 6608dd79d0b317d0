/* A wearer's share and curve between sessions; see person.h. */
#include "linux/person.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "linux/store_parts.h"

#define PERSON_VERSION 1
#define SHARE_SPREAD_MIN 0.06 /* half of the range, at the least */

int person_days_between(const char *from, const char *to)
{
	struct tm a = { 0 }, b = { 0 };
	const char *end_a = strptime(from, "%Y-%m-%d", &a);
	const char *end_b = strptime(to, "%Y-%m-%d", &b);

	if (end_a == NULL || *end_a != '\0' || end_b == NULL || *end_b != '\0')
		return -1;
	return (int)((timegm(&b) - timegm(&a)) / 86400);
}

static bool young(const char *date, const char *today)
{
	int days = person_days_between(date, today);

	return days >= 0 && days <= PERSON_DAYS;
}

/* Index of that share, or -1. */
static int32_t find_share(const struct person *person, int32_t exercise, int32_t side,
	int32_t other_leg)
{
	for (int32_t i = 0; i < person->share_count; i++) {
		const struct person_share *s = &person->shares[i];

		if (s->exercise == exercise && s->side == side &&
			s->other_leg == other_leg)
			return i;
	}
	return -1;
}

void person_apply(const struct person *person, const char *today,
	struct session_inputs *in)
{
	const struct settings *set = &in->settings;
	const struct person_curve *curve = &person->curves[set->side][set->other_leg];
	int32_t found = find_share(person, set->exercise, set->side, set->other_leg);
	const struct person_share *share = found < 0 ? NULL : &person->shares[found];
	double sum = 0.0, square = 0.0;

	if (curve->curve.valid && young(curve->date, today)) {
		in->have_curve = true;
		in->curve = curve->curve;
	}
	if (share == NULL || share->count < 2 || !young(share->date, today))
		return;
	for (int32_t i = 0; i < share->count; i++)
		sum += share->values[i];
	in->share = sum / share->count;
	for (int32_t i = 0; i < share->count; i++)
		square += (share->values[i] - in->share) * (share->values[i] - in->share);
	in->share_spread = 2.0 * sqrt(square / (share->count - 1));
	if (in->share_spread < SHARE_SPREAD_MIN)
		in->share_spread = SHARE_SPREAD_MIN;
	in->have_share = true;
}

void person_learn_share(struct person *person, const char *today,
	const struct hold_row *row)
{
	int32_t found = find_share(person, row->exercise, row->side, row->other_leg);
	struct person_share *s;

	if (person_days_between(today, today) != 0 || !isfinite(row->pelvis_share) ||
		row->pelvis_method != METHOD_MEASURED || row->result != RESULT_DONE)
		return;
	if (found < 0) {
		if (person->share_count == PERSON_SHARES_MAX)
			return;
		s = &person->shares[person->share_count++];
		memset(s, 0, sizeof *s);
		s->exercise = row->exercise;
		s->side = row->side;
		s->other_leg = row->other_leg;
	} else {
		s = &person->shares[found];
		if (!young(s->date, today))
			s->count = 0; /* what was before is too old to be mixed in */
	}
	if (s->count == PERSON_VALUES_MAX)
		memmove(s->values, s->values + 1,
			(size_t)--s->count * sizeof s->values[0]);
	s->values[s->count++] = row->pelvis_share;
	snprintf(s->date, sizeof s->date, "%s", today);
}

void person_learn_curve(struct person *person, const char *today,
	const struct session_inputs *in, const struct pelvis_curve *curve)
{
	struct person_curve *kept =
		&person->curves[in->settings.side][in->settings.other_leg];

	if (person_days_between(today, today) != 0 || !curve->valid || in->have_curve)
		return;
	kept->curve = *curve;
	snprintf(kept->date, sizeof kept->date, "%s", today);
}

/* ---- file ---- */

int person_path(char path[PATH_MAX], const char *state_dir, const char *wearer)
{
	int length = snprintf(path, PATH_MAX, "%s/%s/person.json", state_dir, wearer);

	return length < 0 || length >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static json_t *share_to_json(const struct person_share *s)
{
	json_t *values = json_array();

	for (int32_t i = 0; i < s->count; i++)
		json_array_append_new(values, json_real(s->values[i]));
	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "exercise", exercise_names[s->exercise],
		"side", side_names[s->side], "other_leg", other_leg_names[s->other_leg],
		"date", s->date, "values", values);
}

static json_t *curves_to_json(const struct person *person)
{
	json_t *list = json_array();

	for (int side = 0; side < SIDE_COUNT; side++) {
		for (int other = 0; other < OTHER_COUNT; other++) {
			const struct person_curve *c = &person->curves[side][other];

			if (!c->curve.valid)
				continue;
			json_array_append_new(list, json_pack(
				"{s:s,s:s,s:s,s:f,s:f,s:f,s:f,s:f}",
				"side", side_names[side],
				"other_leg", other_leg_names[other], "date", c->date,
				"a_deg", c->curve.a, "b", c->curve.b,
				"c_per_deg", c->curve.c, "top_deg", c->curve.top_deg,
				"residual_deg", c->curve.residual_deg));
		}
	}
	return list;
}

json_t *person_json(const struct person *person)
{
	json_t *shares = json_array();

	for (int32_t i = 0; i < person->share_count; i++)
		json_array_append_new(shares, share_to_json(&person->shares[i]));
	return json_pack("{s:i,s:o,s:o}", "person_version", PERSON_VERSION, "shares",
		shares, "curves", curves_to_json(person));
}

int person_save(const char *state_dir, const char *wearer, const struct person *person,
	struct problem *problem)
{
	char path[PATH_MAX];
	json_t *root = person_json(person);
	int error = person_path(path, state_dir, wearer);

	if (root == NULL)
		error = -ENOMEM;
	if (error == 0)
		error = store_put_json(path, root);
	json_decref(root);
	return error != 0 ? problem_errno(problem, path, "write", error) : 0;
}

static int index_of(const json_t *object, const char *key, const char *const *names,
	size_t count)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? name_lookup(names, count, text) : -1;
}

static bool read_date(const json_t *object, char date[PERSON_DATE_MAX])
{
	const char *text = json_string_value(json_object_get(object, "date"));

	if (text == NULL || person_days_between(text, text) != 0)
		return false;
	snprintf(date, PERSON_DATE_MAX, "%.10s", text);
	return true;
}

static bool read_share(const json_t *object, struct person_share *s)
{
	const json_t *values = json_object_get(object, "values");
	size_t n = json_array_size(values);

	memset(s, 0, sizeof *s);
	s->exercise = index_of(object, "exercise", exercise_names, EX_COUNT);
	s->side = index_of(object, "side", side_names, SIDE_COUNT);
	s->other_leg = index_of(object, "other_leg", other_leg_names, OTHER_COUNT);
	if (s->exercise < 0 || s->side < 0 || s->other_leg < 0 || n == 0 ||
		n > PERSON_VALUES_MAX || !read_date(object, s->date))
		return false;
	for (size_t i = 0; i < n; i++) {
		double value = json_number_value(json_array_get(values, i));

		if (!(value > -1.0 && value < 1.0))
			return false;
		s->values[s->count++] = value;
	}
	return true;
}

static bool read_curve(const json_t *object, struct person *person)
{
	static const char *const keys[] = { "a_deg", "b", "c_per_deg", "top_deg",
		"residual_deg" };
	int side = index_of(object, "side", side_names, SIDE_COUNT);
	int other = index_of(object, "other_leg", other_leg_names, OTHER_COUNT);
	struct person_curve c = { .curve.valid = true };
	double *const into[] = { &c.curve.a, &c.curve.b, &c.curve.c, &c.curve.top_deg,
		&c.curve.residual_deg };

	if (side < 0 || other < 0 || !read_date(object, c.date))
		return false;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const json_t *value = json_object_get(object, keys[i]);

		if (!json_is_number(value) || fabs(json_number_value(value)) > 180.0)
			return false;
		*into[i] = json_number_value(value);
	}
	person->curves[side][other] = c;
	return true;
}

static bool read_person(const json_t *root, struct person *person)
{
	const json_t *shares = json_object_get(root, "shares");
	const json_t *curves = json_object_get(root, "curves");
	const json_t *item;
	size_t i;

	if (json_integer_value(json_object_get(root, "person_version")) != PERSON_VERSION ||
		!json_is_array(shares) || !json_is_array(curves) ||
		json_array_size(shares) > PERSON_SHARES_MAX)
		return false;
	json_array_foreach(shares, i, item)
		if (!read_share(item, &person->shares[person->share_count++]))
			return false;
	json_array_foreach(curves, i, item)
		if (!read_curve(item, person))
			return false;
	return true;
}

int person_load(const char *state_dir, const char *wearer, struct person *person,
	struct problem *problem)
{
	char path[PATH_MAX];
	json_error_t where;
	json_t *root;
	FILE *file;
	bool good;
	int error = person_path(path, state_dir, wearer);

	memset(person, 0, sizeof *person);
	if (error != 0)
		return problem_errno(problem, wearer, "name", error);
	file = fopen(path, "re");
	if (file == NULL)
		return errno == ENOENT ? 0 : problem_errno(problem, path, "read", -errno);
	root = json_loadf(file, JSON_REJECT_DUPLICATES, &where);
	fclose(file);
	good = root != NULL && read_person(root, person);
	json_decref(root);
	if (good)
		return 0;
	memset(person, 0, sizeof *person);
	problem_set(problem, "%s:%d: not a person file. what it knew is learned anew; "
		"the file is replaced at the next session", path,
		root == NULL ? where.line : 1);
	return -EBADMSG;
}
